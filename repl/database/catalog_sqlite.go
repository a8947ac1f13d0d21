package database

import (
	"context"
	"os"
	"regexp"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/repl"
)

type sqliteCatalog struct{ *Database }

func (c sqliteCatalog) Concurrent() bool { return false }

func (c sqliteCatalog) DefaultSchema(context.Context) (string, error) { return "main", nil }

func (c sqliteCatalog) Databases(ctx context.Context) ([]repl.Relation, error) {
	rows, err := c.rows(ctx, "SELECT name, file FROM pragma_database_list ORDER BY seq")
	var out []repl.Relation
	for _, r := range rows {
		d := repl.Relation{Name: str(r[0]), Comment: str(r[1]), Size: -1}
		if info, err := os.Stat(d.Comment); err == nil {
			d.Size = info.Size()
		}
		out = append(out, d)
	}
	return out, err
}

func (c sqliteCatalog) Schemas(ctx context.Context) ([]string, error) {
	rows, err := c.rows(ctx, "SELECT name FROM pragma_database_list ORDER BY seq")
	var out []string
	for _, r := range rows {
		out = append(out, str(r[0]))
	}
	return out, err
}

func (c sqliteCatalog) master(schema string) string {
	if schema == "" {
		return "sqlite_master"
	}
	return quote(schema) + ".sqlite_master"
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (c sqliteCatalog) Relations(ctx context.Context, schema string, kinds ...string) ([]repl.Relation, error) {
	rows, err := c.rows(ctx, "SELECT type, name, tbl_name FROM "+c.master(schema)+
		" WHERE type IN ('table', 'view', 'index') AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name")
	var out []repl.Relation
	for _, r := range rows {
		rel := repl.Relation{Schema: schema, Kind: str(r[0]), Name: str(r[1]), Size: -1}
		if rel.Kind == repl.IndexKind {
			rel.Table = str(r[2])
		}
		if wants(kinds, rel.Kind) {
			out = append(out, rel)
		}
	}
	return out, err
}

// Sizes reads the pages that each table and index has.
func (c sqliteCatalog) Sizes(ctx context.Context, schema, name string) (map[string]int64, error) {
	if schema == "" {
		schema = "main"
	}
	rows, err := c.rows(ctx, "SELECT name, pgsize FROM dbstat(?, 1) WHERE ? IN ('', name)", schema, name)
	sizes := map[string]int64{}
	for _, r := range rows {
		sizes[str(r[0])] = number(r[1])
	}
	return sizes, err
}

func (c sqliteCatalog) Columns(ctx context.Context) (map[string][]string, error) {
	rows, err := c.rows(ctx, "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type IN ('table', 'view') ORDER BY m.name, p.cid")
	return columnsOf(rows), err
}

var (
	checkForm     = regexp.MustCompile(`(?is)(?:constraint\s+("[^"]+"|\w+)\s+)?\bcheck\s*\(`)
	autoincrement = regexp.MustCompile(`(?i)\bautoincrement\b`)
)

func (c sqliteCatalog) Describe(ctx context.Context, schema, name string) (*repl.Description, error) {
	found, err := c.rows(ctx, "SELECT type, sql, tbl_name FROM "+c.master(schema)+" WHERE name = ? AND type <> 'trigger'", name)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, exc.New(exc.NoSuchTableError, "%s", name)
	}
	d := &repl.Description{Relation: repl.Relation{Schema: schema, Name: name, Kind: str(found[0][0]), Size: -1}}
	sql := str(found[0][1])
	d.Create = sql + ";\n"
	switch d.Kind {
	case repl.ViewKind:
		d.Definition = sql
	case repl.IndexKind:
		d.Table = str(found[0][2])
		rows, err := c.rows(ctx, "SELECT coalesce(name, '<expression>') FROM pragma_index_info(?) ORDER BY seqno", name)
		for _, r := range rows {
			d.Columns = append(d.Columns, repl.ColumnInfo{Name: str(r[0]), Nullable: true})
		}
		d.Comment = sql
		return d, err
	}
	in := any(schema)
	if schema == "" {
		in = "main"
	}
	columns, err := c.rows(ctx, `SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?, ?) WHERE hidden <> 1 ORDER BY cid`, name, in)
	if err != nil {
		return nil, err
	}
	keys := map[int64]string{}
	for _, r := range columns {
		col := repl.ColumnInfo{Name: str(r[0]), Type: str(r[1]), Nullable: !truth(r[2]), Default: str(r[3])}
		if n := number(r[4]); n > 0 {
			keys[n] = col.Name
		}
		switch number(r[5]) {
		case 2:
			col.Extra = "generated always"
		case 3:
			col.Extra = "generated always stored"
		}
		d.Columns = append(d.Columns, col)
	}
	for n := int64(1); n <= int64(len(keys)); n++ {
		d.PrimaryKey.Columns = append(d.PrimaryKey.Columns, keys[n])
	}
	if len(keys) == 1 && autoincrement.MatchString(sql) {
		for i := range d.Columns {
			if d.Columns[i].Name == keys[1] {
				d.Columns[i].Extra = "autoincrement"
			}
		}
	}
	if d.ForeignKeys, err = c.references(ctx, name, in); err != nil {
		return nil, err
	}
	if err := c.indexes(ctx, d, in); err != nil {
		return nil, err
	}
	if d.Kind == repl.TableKind {
		tables, err := c.rows(ctx, "SELECT DISTINCT m.name FROM "+c.master(schema)+" m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f.\"table\") = lower(?) ORDER BY 1", name)
		if err != nil {
			return nil, err
		}
		for _, t := range tables {
			refs, err := c.references(ctx, str(t[0]), in)
			if err != nil {
				return nil, err
			}
			for _, f := range refs {
				if strings.EqualFold(f.ToTable, name) {
					d.ReferencedBy = append(d.ReferencedBy, f)
				}
			}
		}
		d.Checks = checks(sql)
	}
	triggers, err := c.rows(ctx, "SELECT name, sql FROM "+c.master(schema)+" WHERE type = 'trigger' AND tbl_name = ? ORDER BY name", name)
	if err != nil {
		return nil, err
	}
	for _, t := range triggers {
		d.Triggers = append(d.Triggers, repl.Check{Name: str(t[0]), Text: str(t[1])})
		d.Create += str(t[1]) + ";\n"
	}
	return d, nil
}

func (c sqliteCatalog) references(ctx context.Context, table string, schema any) ([]repl.Reference, error) {
	rows, err := c.rows(ctx, `SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?, ?) ORDER BY id, seq`, table, schema)
	if err != nil {
		return nil, err
	}
	var out []repl.Reference
	last := int64(-1)
	for _, r := range rows {
		if id := number(r[0]); id != last {
			last = id
			f := repl.Reference{Table: table, ToTable: str(r[1])}
			for _, o := range []struct{ verb, action string }{{"ON UPDATE", str(r[4])}, {"ON DELETE", str(r[5])}} {
				if o.action != "" && o.action != "NO ACTION" {
					f.Options = strings.TrimSpace(f.Options + " " + o.verb + " " + o.action)
				}
			}
			out = append(out, f)
		}
		f := &out[len(out)-1]
		f.Columns = append(f.Columns, str(r[2]))
		if to := str(r[3]); to != "" {
			f.ToColumns = append(f.ToColumns, to)
		}
	}
	return out, nil
}

var wherePart = regexp.MustCompile(`(?is)\)\s*where\s+(.*)$`)

func (c sqliteCatalog) indexes(ctx context.Context, d *repl.Description, schema any) error {
	rows, err := c.rows(ctx, `SELECT l.name, l."unique", l.origin, (SELECT sql FROM `+c.master(d.Schema)+` m WHERE m.name = l.name),
		(SELECT group_concat(coalesce(i.name, '<expression>'), char(31)) FROM pragma_index_info(l.name, ?2) i)
		FROM pragma_index_list(?1, ?2) l ORDER BY l.name`, d.Name, schema)
	for _, r := range rows {
		columns := list(r[4])
		switch str(r[2]) {
		case "u":
			d.Uniques = append(d.Uniques, repl.Key{Columns: columns})
		case "c":
			d.Create += str(r[3]) + ";\n"
			x := repl.Index{Name: str(r[0]), Unique: truth(r[1]), Columns: columns}
			if m := wherePart.FindStringSubmatch(str(r[3])); m != nil {
				x.Where = strings.TrimSpace(m[1])
			}
			d.Indexes = append(d.Indexes, x)
		}
	}
	return err
}

// checks reads the CHECK constraints out of a CREATE TABLE.
func checks(sql string) []repl.Check {
	var out []repl.Check
	for _, m := range checkForm.FindAllStringSubmatchIndex(sql, -1) {
		depth, end := 1, len(sql)
		var quoted byte
		for i := m[1]; i < len(sql); i++ {
			switch ch := sql[i]; {
			case quoted != 0:
				if ch == quoted {
					quoted = 0
				}
			case ch == '\'' || ch == '"':
				quoted = ch
			case ch == '(':
				depth++
			case ch == ')':
				depth--
			}
			if depth == 0 {
				end = i
				break
			}
		}
		k := repl.Check{Text: strings.TrimSpace(sql[m[1]:end])}
		if m[2] >= 0 {
			k.Name = strings.Trim(sql[m[2]:m[3]], `"`)
		}
		out = append(out, k)
	}
	return out
}
