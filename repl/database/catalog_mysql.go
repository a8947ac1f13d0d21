package database

import (
	"context"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/repl"
)

type mysqlCatalog struct{ *Database }

func (c mysqlCatalog) Concurrent() bool { return true }

func (c mysqlCatalog) DefaultSchema(ctx context.Context) (string, error) {
	v, err := c.scalar(ctx, "SELECT database()")
	return str(v), err
}

func (c mysqlCatalog) Databases(ctx context.Context) ([]repl.Relation, error) {
	rows, err := c.rows(ctx, `SELECT s.schema_name, (SELECT sum(t.data_length + t.index_length) FROM information_schema.tables t WHERE t.table_schema = s.schema_name)
		FROM information_schema.schemata s ORDER BY 1`)
	var out []repl.Relation
	for _, r := range rows {
		out = append(out, repl.Relation{Name: str(r[0]), Size: number(r[1])})
	}
	return out, err
}

func (c mysqlCatalog) Schemas(ctx context.Context) ([]string, error) {
	rows, err := c.rows(ctx, "SELECT schema_name FROM information_schema.schemata ORDER BY 1")
	var out []string
	for _, r := range rows {
		out = append(out, str(r[0]))
	}
	return out, err
}

// in gives the schema as SQL and its parameter.
func (c mysqlCatalog) in(schema string) (string, []any) {
	if schema == "" {
		return "database()", nil
	}
	return "?", []any{schema}
}

func (c mysqlCatalog) Relations(ctx context.Context, schema string, kinds ...string) ([]repl.Relation, error) {
	in, args := c.in(schema)
	rows, err := c.rows(ctx, `SELECT table_name, CASE WHEN table_type LIKE '%VIEW' THEN 'view' WHEN table_type = 'SEQUENCE' THEN 'sequence' ELSE 'table' END,
		CASE WHEN table_type LIKE '%VIEW' THEN '' ELSE table_comment END, data_length + index_length
		FROM information_schema.tables WHERE table_schema = `+in+` ORDER BY 1`, args...)
	if err != nil {
		return nil, err
	}
	var out []repl.Relation
	for _, r := range rows {
		rel := repl.Relation{Schema: schema, Name: str(r[0]), Kind: str(r[1]), Comment: str(r[2]), Size: number(r[3])}
		if wants(kinds, rel.Kind) {
			out = append(out, rel)
		}
	}
	if !wants(kinds, repl.IndexKind) {
		return out, nil
	}
	rows, err = c.rows(ctx, `SELECT DISTINCT index_name, table_name FROM information_schema.statistics WHERE table_schema = `+in+` ORDER BY 2, 1`, args...)
	for _, r := range rows {
		out = append(out, repl.Relation{Schema: schema, Name: str(r[0]), Kind: repl.IndexKind, Table: str(r[1]), Size: -1})
	}
	return out, err
}

func (c mysqlCatalog) Columns(ctx context.Context) (map[string][]string, error) {
	rows, err := c.rows(ctx, "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = database() ORDER BY 1, ordinal_position")
	return columnsOf(rows), err
}

func (c mysqlCatalog) Describe(ctx context.Context, schema, name string) (*repl.Description, error) {
	in, args := c.in(schema)
	with := func(more ...any) []any { return append(append([]any(nil), args...), more...) }
	found, err := c.rows(ctx, `SELECT table_name, table_type, table_comment, data_length + index_length FROM information_schema.tables
		WHERE table_schema = `+in+` AND table_name = ?`, with(name)...)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, exc.New(exc.NoSuchTableError, "%s", name)
	}
	d := &repl.Description{Relation: repl.Relation{Schema: schema, Name: str(found[0][0]), Kind: repl.TableKind, Comment: str(found[0][2]), Size: number(found[0][3])}}
	if strings.Contains(str(found[0][1]), "VIEW") {
		d.Kind, d.Comment = repl.ViewKind, ""
		def, err := c.scalar(ctx, "SELECT view_definition FROM information_schema.views WHERE table_schema = "+in+" AND table_name = ?", with(name)...)
		if err != nil {
			return nil, err
		}
		d.Definition = str(def)
	}
	columns, err := c.rows(ctx, `SELECT column_name, column_type, is_nullable, column_default, extra, column_comment, generation_expression
		FROM information_schema.columns WHERE table_schema = `+in+` AND table_name = ? ORDER BY ordinal_position`, with(name)...)
	if err != nil {
		return nil, err
	}
	for _, r := range columns {
		col := repl.ColumnInfo{Name: str(r[0]), Type: str(r[1]), Nullable: truth(r[2]), Default: str(r[3]), Extra: str(r[4]), Comment: str(r[5])}
		if col.Default == "NULL" {
			col.Default = ""
		}
		if g := str(r[6]); g != "" {
			col.Extra = "AS (" + g + ") " + strings.TrimSuffix(strings.ToUpper(col.Extra), " GENERATED")
		}
		d.Columns = append(d.Columns, col)
	}
	indexes, err := c.rows(ctx, `SELECT index_name, min(non_unique), min(index_type), group_concat(coalesce(column_name, '<expression>') ORDER BY seq_in_index SEPARATOR '\x1f')
		FROM information_schema.statistics WHERE table_schema = `+in+` AND table_name = ? GROUP BY index_name ORDER BY index_name`, with(name)...)
	if err != nil {
		return nil, err
	}
	for _, r := range indexes {
		x := repl.Index{Name: str(r[0]), Unique: number(r[1]) == 0, Method: strings.ToLower(str(r[2])), Columns: list(r[3])}
		if x.Name == "PRIMARY" {
			d.PrimaryKey = repl.Key{Name: "PRIMARY", Columns: x.Columns}
			continue
		}
		d.Indexes = append(d.Indexes, x)
	}
	references, err := c.rows(ctx, `SELECT k.constraint_name, k.table_schema, k.table_name, k.referenced_table_schema, k.referenced_table_name,
		group_concat(k.column_name ORDER BY k.ordinal_position SEPARATOR '\x1f'), group_concat(k.referenced_column_name ORDER BY k.ordinal_position SEPARATOR '\x1f'),
		min(r.update_rule), min(r.delete_rule)
		FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
		ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
		WHERE k.referenced_table_name IS NOT NULL AND (k.table_schema = `+in+` AND k.table_name = ? OR k.referenced_table_schema = `+in+` AND k.referenced_table_name = ?)
		GROUP BY 1, 2, 3, 4, 5 ORDER BY 1`, append(with(name), with(name)...)...)
	if err != nil {
		return nil, err
	}
	for _, r := range references {
		f := repl.Reference{Name: str(r[0]), Table: str(r[2]), ToTable: str(r[4]), Columns: list(r[5]), ToColumns: list(r[6])}
		if str(r[1]) != str(r[3]) {
			f.Schema, f.ToSchema = str(r[1]), str(r[3])
		}
		for _, o := range []struct{ verb, action string }{{"ON UPDATE", str(r[7])}, {"ON DELETE", str(r[8])}} {
			if o.action != "" && o.action != "NO ACTION" && o.action != "RESTRICT" {
				f.Options = strings.TrimSpace(f.Options + " " + o.verb + " " + o.action)
			}
		}
		if strings.EqualFold(f.Table, d.Name) {
			d.ForeignKeys = append(d.ForeignKeys, f)
		}
		if strings.EqualFold(f.ToTable, d.Name) {
			d.ReferencedBy = append(d.ReferencedBy, f)
		}
	}
	if err := c.checks(ctx, d, in, with(name)); err != nil {
		return nil, err
	}
	show := "SHOW CREATE " + strings.ToUpper(d.Kind) + " "
	if schema != "" {
		show += backtick(schema) + "."
	}
	if rows, err := c.rows(ctx, show+backtick(d.Name)); err == nil && len(rows) == 1 && len(rows[0]) > 1 {
		d.Create = str(rows[0][1]) + ";\n" // without the right to see it, it is put together from the columns
	}
	triggers, err := c.rows(ctx, `SELECT trigger_name, action_timing, event_manipulation, action_statement FROM information_schema.triggers
		WHERE event_object_schema = `+in+` AND event_object_table = ? ORDER BY 1`, with(name)...)
	if err != nil {
		return nil, err
	}
	for _, r := range triggers {
		d.Triggers = append(d.Triggers, repl.Check{Name: str(r[0]), Text: str(r[1]) + " " + str(r[2]) + " " + str(r[3])})
	}
	return d, nil
}

// checks reads CHECK constraints, which MySQL and MariaDB keep differently.
func (c mysqlCatalog) checks(ctx context.Context, d *repl.Description, in string, args []any) error {
	sql := `SELECT c.constraint_name, c.check_clause FROM information_schema.check_constraints c WHERE c.constraint_schema = ` + in + ` AND c.table_name = ? ORDER BY 1`
	version, err := c.Version(ctx)
	if err != nil {
		return err
	}
	if !strings.Contains(strings.ToLower(version), "maria") {
		sql = `SELECT c.constraint_name, c.check_clause FROM information_schema.check_constraints c
			JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name)
			WHERE c.constraint_schema = ` + in + ` AND t.table_name = ? ORDER BY 1`
	}
	rows, err := c.rows(ctx, sql, args...)
	for _, r := range rows {
		d.Checks = append(d.Checks, repl.Check{Name: str(r[0]), Text: str(r[1])})
	}
	return err
}

func backtick(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
