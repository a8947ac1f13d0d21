package mysql

import (
	"context"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"alchemysh/core/ddl"
	"alchemysh/core/exc"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
)

// SQLAlchemy parses SHOW CREATE TABLE, table by table. information_schema tells
// the same of all tables at once; what it words differently is put back here.

// database is the schema, or the connection's own database.
func (d *Dialect) database(ctx context.Context, q ddl.Querier, schema string) (string, error) {
	if schema != "" {
		return schema, nil
	}
	return d.DefaultSchema(ctx, q)
}

// DefaultSchema is the connection's database.
func (d *Dialect) DefaultSchema(ctx context.Context, q ddl.Querier) (string, error) {
	if d.features.DefaultSchema != "" {
		return d.features.DefaultSchema, nil
	}
	names, err := inspect.FirstColumn(inspect.Ask(ctx, q, "SELECT DATABASE()"))
	if err != nil || len(names) == 0 {
		return "", err
	}
	return names[0], nil
}

// HasTable asks for a description and takes the error for a no.
func (d *Dialect) HasTable(ctx context.Context, q ddl.Querier, name, schema string) (bool, error) {
	db, err := d.database(ctx, q, schema)
	if err != nil {
		return false, err
	}
	_, rows, err := q.DriverRows(ctx, "DESCRIBE "+d.quoting.Force(db)+"."+d.quoting.Force(name))
	if e := exc.Of(err); e != nil {
		switch e.Code {
		case "1146", "1049", "1051", "42S02":
			return false, nil
		}
	}
	return len(rows) > 0, err
}

// HasIndex looks through the table's indexes.
func (d *Dialect) HasIndex(ctx context.Context, q ddl.Querier, table, index, schema string) (bool, error) {
	all, err := d.Indexes(ctx, q, inspect.Scope{Schema: schema, Names: []string{table}})
	list, _ := all.Get(table)
	return slices.ContainsFunc(list, func(x *inspect.Index) bool { return x.Name == index }), err
}

// MariaDB has sequences as a kind of table.
const sequences = "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE='SEQUENCE'"

// HasSequence finds a sequence of MariaDB.
func (d *Dialect) HasSequence(ctx context.Context, q ddl.Querier, name, schema string) (bool, error) {
	if !d.features.Sequences {
		return false, nil
	}
	db, err := d.database(ctx, q, schema)
	if err != nil {
		return false, err
	}
	rows, err := inspect.Ask(ctx, q, sequences+" and TABLE_NAME=:name AND TABLE_SCHEMA=:schema_name", "name", name, "schema_name", db)
	return len(rows) > 0, err
}

// HasType is false: there are none.
func (*Dialect) HasType(context.Context, ddl.Querier, string, string) (bool, error) {
	return false, nil
}

// HasSchema finds a database.
func (d *Dialect) HasSchema(ctx context.Context, q ddl.Querier, name string) (bool, error) {
	all, err := d.SchemaNames(ctx, q)
	return slices.Contains(all, name), err
}

// SchemaNames are the databases.
func (*Dialect) SchemaNames(ctx context.Context, q ddl.Querier) ([]string, error) {
	_, rows, err := q.DriverRows(ctx, "SHOW schemas")
	return inspect.FirstColumn(rows, err)
}

// NoSuchTable quotes the name, as SQLAlchemy does here.
func (d *Dialect) NoSuchTable(name, schema string) error {
	name = d.quoting.Force(name)
	if schema != "" {
		name = d.quoting.Force(schema) + "." + name
	}
	return exc.New(exc.NoSuchTableError, "%s", name)
}

// rows asks information_schema about the relations of a scope. table names the
// column with the relation's name.
func (d *Dialect) rows(ctx context.Context, q ddl.Querier, s inspect.Scope, sql, schemaColumn, table, order string) ([][]any, error) {
	db, err := d.database(ctx, q, s.Schema)
	if err != nil {
		return nil, err
	}
	params := []string{"db", db}
	sql += " WHERE " + schemaColumn + " = :db"
	switch {
	case len(s.Names) == 1:
		sql += " AND " + table + " = :name"
		params = append(params, "name", s.Names[0])
	case len(s.Names) > 1:
		quoted := make([]string, len(s.Names))
		for i, n := range s.Names {
			params = append(params, "name_"+strconv.Itoa(i), n)
			quoted[i] = ":name_" + strconv.Itoa(i)
		}
		sql += " AND " + table + " IN (" + strings.Join(quoted, ", ") + ")"
	}
	return inspect.Ask(ctx, q, sql+order, params...)
}

// RelationNames are the names of tables or views.
func (d *Dialect) RelationNames(ctx context.Context, q ddl.Querier, s inspect.Scope) ([]string, error) {
	if s.Lifetime == inspect.Temporary {
		return nil, nil
	}
	db, err := d.database(ctx, q, s.Schema)
	if err != nil {
		return nil, err
	}
	_, rows, err := q.DriverRows(ctx, "SHOW FULL TABLES FROM "+d.quoting.Force(db))
	var out []string
	for _, r := range rows {
		kind := inspect.String(r[1])
		if s.Kinds&inspect.Tables != 0 && (kind == "BASE TABLE" || kind == "SYSTEM VERSIONED") ||
			s.Kinds&inspect.Views != 0 && (kind == "VIEW" || kind == "SYSTEM VIEW") {
			out = append(out, inspect.String(r[0]))
		}
	}
	return out, err
}

// only keeps what the scope's kinds ask for, when it names no relation.
func (d *Dialect) only(ctx context.Context, q ddl.Querier, s inspect.Scope) (func(string) bool, error) {
	if len(s.Names) > 0 || s.Kinds == 0 {
		return func(string) bool { return true }, nil
	}
	names, err := d.RelationNames(ctx, q, s)
	set := map[string]bool{}
	for _, n := range names {
		set[n] = true
	}
	return func(n string) bool { return set[n] }, err
}

// ViewDefinition is the whole CREATE VIEW.
func (d *Dialect) ViewDefinition(ctx context.Context, q ddl.Querier, view, schema string) (string, bool, error) {
	db, err := d.database(ctx, q, schema)
	if err != nil {
		return "", false, err
	}
	_, rows, err := q.DriverRows(ctx, "SHOW CREATE TABLE "+d.quoting.Force(db)+"."+d.quoting.Force(view))
	if e := exc.Of(err); e != nil && (e.Code == "1146" || e.Code == "42S02") {
		return "", false, nil
	}
	if err != nil || len(rows) == 0 {
		return "", false, err
	}
	return inspect.String(rows[0][1]), true, nil
}

// SequenceNames are MariaDB's sequences.
func (d *Dialect) SequenceNames(ctx context.Context, q ddl.Querier, schema string) ([]string, error) {
	if !d.features.Sequences {
		return nil, nil
	}
	db, err := d.database(ctx, q, schema)
	if err != nil {
		return nil, err
	}
	return inspect.FirstColumn(inspect.Ask(ctx, q, sequences+" and TABLE_SCHEMA=:schema_name", "schema_name", db))
}

// Columns reads information_schema.columns.
func (d *Dialect) Columns(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Column], error) {
	keep, err := d.only(ctx, q, s)
	if err != nil {
		return nil, err
	}
	// Two questions: MariaDB would open every table again for each row of a join.
	tables, err := d.rows(ctx, q, s, "SELECT table_name, table_collation FROM information_schema.tables", "table_schema", "table_name", "")
	if err != nil {
		return nil, err
	}
	collations := map[string]any{}
	for _, r := range tables {
		collations[inspect.String(r[0])] = r[1]
	}
	rows, err := d.rows(ctx, q, s, "SELECT table_name, column_name, column_type, is_nullable, column_default, extra, column_comment, character_set_name, collation_name, generation_expression FROM information_schema.columns",
		"table_schema", "table_name", " ORDER BY table_name, ordinal_position")
	if err != nil {
		return nil, err
	}
	out := &inspect.Of[[]*inspect.Column]{}
	for _, r := range rows {
		table := inspect.String(r[0])
		if !keep(table) {
			continue
		}
		list, _ := out.Get(table)
		out.Set(table, append(list, d.column(ctx, append(r[:10:10], collations[table]))))
	}
	return out, nil
}

func (d *Dialect) column(ctx context.Context, r []any) *inspect.Column {
	extra := strings.ToLower(inspect.String(r[5]))
	comment := inspect.String(r[6])
	c := (&inspect.Column{Name: inspect.String(r[1]), Nullable: inspect.Bool(r[3])}).WithComment()
	if comment != "" {
		c.Comment = &comment
	}
	charset, collation := inspect.String(r[7]), inspect.String(r[8])
	if collation == inspect.String(r[10]) || r[10] == nil { // the table's own is not said again
		charset, collation = "", ""
	}
	c.Type = reflectedType(ctx, inspect.String(r[2]), charset, collation, c.Name)
	c.Default = d.defaultText(r[4], extra)
	if expression := inspect.String(r[9]); expression != "" {
		c.Computed = &inspect.Computed{SQLText: "(" + expression + ")", Persisted: strings.Contains(extra, "stored") || strings.Contains(extra, "persistent")}
		c.Default = nil
	}
	switch {
	case strings.Contains(extra, "auto_increment"):
		c.Autoincrement = true
	case c.Type.Affinity() == types.IntegerAffinity:
		c.Autoincrement = false
	}
	return c
}

var updateClause = regexp.MustCompile(`on update \S+`)

// defaultText is the default as CREATE TABLE says it.
func (d *Dialect) defaultText(v any, extra string) *string {
	if v == nil {
		return nil
	}
	text := inspect.String(v)
	if d.MariaDB {
		if text == "NULL" {
			return nil
		}
	} else if !strings.Contains(extra, "default_generated") && !strings.HasPrefix(strings.ToUpper(text), "CURRENT_TIMESTAMP") {
		text = types.QuoteLiteral(text) // MySQL takes the quotes off
	}
	if m := updateClause.FindString(extra); m != "" {
		text += " ON UPDATE " + strings.TrimPrefix(m, "on update ")
	}
	return &text
}

var (
	typeText  = regexp.MustCompile(`^(\w+)(?:\((.*)\))?(.*)$`)
	labelText = regexp.MustCompile(`'((?:[^']|'')*)'`)
)

// reflectedType makes a type of information_schema's column_type.
func reflectedType(ctx context.Context, spelt, charset, collation, column string) types.Type {
	m := typeText.FindStringSubmatch(spelt)
	if m == nil {
		return &types.NullType{}
	}
	name, args := strings.ToUpper(m[1]), m[2]
	words := strings.ToLower(m[3])
	switch name {
	case "INT":
		name = "INTEGER"
	case "BOOL":
		name = "TINYINT"
	case "FIXED", "DEC":
		name = "DECIMAL"
	}
	class := types.Lookup("mysql", name)
	if class == nil || name == "INET" {
		inspect.Warn(ctx, "Did not recognize type '"+m[1]+"' of column '"+column+"'")
		return &types.NullType{}
	}
	var given []any
	named := map[string]any{}
	switch name {
	case "ENUM", "SET":
		for _, l := range labelText.FindAllStringSubmatch(args, -1) {
			given = append(given, strings.ReplaceAll(l[1], "''", "'"))
		}
	case "DATETIME", "TIMESTAMP", "TIME":
		if n, err := strconv.ParseInt(args, 10, 64); err == nil && n > 0 {
			named["fsp"] = n
		}
	default:
		for _, a := range strings.Split(args, ",") {
			if n, err := strconv.ParseInt(strings.TrimSpace(a), 10, 64); err == nil {
				given = append(given, n)
			}
		}
	}
	for _, w := range []string{"unsigned", "zerofill"} {
		if strings.Contains(words, w) {
			named[w] = true
		}
	}
	if charset != "" {
		named["charset"] = charset
	}
	if collation != "" {
		named["collation"] = collation
	}
	t, err := class.New(given, named)
	if err != nil {
		if t, err = class.New(given, nil); err != nil {
			return class.Plain()
		}
	}
	return t
}

// statistic is one column of one index.
const statistics = "SELECT table_name, index_name, non_unique, column_name, sub_part, index_type, collation FROM information_schema.statistics"

// keys reads all indexes: table → name → rows, in order.
func (d *Dialect) keys(ctx context.Context, q ddl.Querier, s inspect.Scope, condition string, each func(table, index string, rows [][]any)) error {
	rows, err := d.rows(ctx, q, s, statistics, condition+"table_schema", "table_name", " ORDER BY table_name, index_name, seq_in_index")
	for i := 0; i < len(rows); {
		j := i
		for j < len(rows) && inspect.String(rows[j][0]) == inspect.String(rows[i][0]) && inspect.String(rows[j][1]) == inspect.String(rows[i][1]) {
			j++
		}
		each(inspect.String(rows[i][0]), inspect.String(rows[i][1]), rows[i:j])
		i = j
	}
	return err
}

func columnsOf(rows [][]any) []string {
	var out []string
	for _, r := range rows {
		out = append(out, inspect.String(r[3]))
	}
	return out
}

// PrimaryKeys are the indexes named PRIMARY.
func (d *Dialect) PrimaryKeys(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[*inspect.PrimaryKey], error) {
	out := &inspect.Of[*inspect.PrimaryKey]{}
	err := d.keys(ctx, q, s, "index_name = 'PRIMARY' AND ", func(table, _ string, rows [][]any) {
		out.Set(table, &inspect.PrimaryKey{Columns: columnsOf(rows)})
	})
	return out, err
}

// Indexes are the others, those of unique constraints among them.
func (d *Dialect) Indexes(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Index], error) {
	out := &inspect.Of[[]*inspect.Index]{}
	err := d.keys(ctx, q, s, "index_name != 'PRIMARY' AND ", func(table, name string, rows [][]any) {
		x := &inspect.Index{Name: name, Columns: columnsOf(rows), Unique: inspect.Int(rows[0][2]) == 0, BareOptions: true}
		if x.Unique {
			x.Kind = "UNIQUE"
		}
		lengths := types.Object{}
		for _, r := range rows {
			if r[4] != nil {
				lengths.Set(inspect.String(r[3]), inspect.Int(r[4]))
			}
			if inspect.String(r[6]) == "D" {
				x.Sorting.Set(inspect.String(r[3]), []any{"desc"})
			}
		}
		switch kind := inspect.String(rows[0][5]); kind {
		case "FULLTEXT", "SPATIAL":
			x.Kind = kind
			x.Options.Set(d.name+"_prefix", kind)
		default:
			if lengths.Len() > 0 {
				x.Options.Set(d.name+"_length", lengths)
			}
		}
		list, _ := out.Get(table)
		out.Set(table, append(list, x))
	})
	for _, n := range out.Names() {
		list, _ := out.Get(n)
		sort.SliceStable(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	}
	return out, err
}

// Uniques are the unique indexes: MySQL knows no difference.
func (d *Dialect) Uniques(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Unique], error) {
	out := &inspect.Of[[]*inspect.Unique]{}
	err := d.keys(ctx, q, s, "non_unique = 0 AND index_name != 'PRIMARY' AND ", func(table, name string, rows [][]any) {
		list, _ := out.Get(table)
		out.Set(table, append(list, &inspect.Unique{Name: name, Columns: columnsOf(rows), DuplicatesIndex: name}))
	})
	return out, err
}

// ForeignKeys reads key_column_usage and referential_constraints.
func (d *Dialect) ForeignKeys(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.ForeignKey], error) {
	db, err := d.database(ctx, q, s.Schema)
	if err != nil {
		return nil, err
	}
	// Two questions here too: the server would read one of them again for each row of the other.
	actions, err := d.rows(ctx, q, s, "SELECT table_name, constraint_name, update_rule, delete_rule FROM information_schema.referential_constraints", "constraint_schema", "table_name", "")
	if err != nil {
		return nil, err
	}
	rules := map[[2]string][]any{}
	for _, r := range actions {
		rules[[2]string{inspect.String(r[0]), inspect.String(r[1])}] = r[2:]
	}
	rows, err := d.rows(ctx, q, s, "SELECT table_name, constraint_name, column_name, referenced_table_schema, referenced_table_name, referenced_column_name FROM information_schema.key_column_usage",
		"referenced_table_name IS NOT NULL AND table_schema", "table_name", " ORDER BY table_name, constraint_name, ordinal_position")
	out := &inspect.Of[[]*inspect.ForeignKey]{}
	var last *inspect.ForeignKey
	lastTable := ""
	for _, r := range rows {
		table, name := inspect.String(r[0]), inspect.String(r[1])
		if last == nil || lastTable != table || last.Name != name {
			last, lastTable = &inspect.ForeignKey{Name: name, ReferredTable: inspect.String(r[4]), ReferredSchema: s.Schema}, table
			if other := inspect.String(r[3]); other != db {
				last.ReferredSchema = other
			}
			for i, rule := range rules[[2]string{table, name}] {
				if rule := inspect.String(rule); rule != "NO ACTION" && rule != "RESTRICT" {
					last.Options.Set([]string{"onupdate", "ondelete"}[i], rule)
				}
			}
			list, _ := out.Get(table)
			out.Set(table, append(list, last))
		}
		last.Columns = append(last.Columns, inspect.String(r[2]))
		last.ReferredColumns = append(last.ReferredColumns, inspect.String(r[5]))
	}
	return out, err
}

// Checks reads information_schema.check_constraints, where the server has it.
func (d *Dialect) Checks(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Check], error) {
	sql := "SELECT k.table_name, k.constraint_name, k.check_clause FROM information_schema.check_constraints k"
	condition := "k.level = 'Table' AND k.constraint_schema"
	table := "k.table_name"
	if !d.MariaDB {
		sql = "SELECT t.table_name, k.constraint_name, k.check_clause FROM information_schema.check_constraints k JOIN information_schema.table_constraints t ON t.constraint_schema = k.constraint_schema AND t.constraint_name = k.constraint_name"
		condition, table = "k.constraint_schema", "t.table_name"
	}
	rows, err := d.rows(ctx, q, s, sql, condition, table, " ORDER BY 1, 2")
	out := &inspect.Of[[]*inspect.Check]{}
	for _, r := range rows {
		list, _ := out.Get(inspect.String(r[0]))
		out.Set(inspect.String(r[0]), append(list, &inspect.Check{Name: inspect.String(r[1]), SQLText: inspect.String(r[2])}))
	}
	return out, err
}

// Comments are the comments on tables.
func (d *Dialect) Comments(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[*string], error) {
	rows, err := d.rows(ctx, q, s, "SELECT table_name, table_comment FROM information_schema.tables", "table_type NOT IN ('VIEW', 'SEQUENCE') AND table_schema", "table_name", " ORDER BY table_name")
	out := &inspect.Of[*string]{}
	for _, r := range rows {
		text := inspect.Maybe(r[1])
		if text != nil && *text == "" {
			text = nil
		}
		out.Set(inspect.String(r[0]), text)
	}
	return out, err
}

// TableOptions are the engine, the character set and the collation.
func (d *Dialect) TableOptions(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[types.Object], error) {
	rows, err := d.rows(ctx, q, s, "SELECT table_name, engine, table_collation, table_comment FROM information_schema.tables", "table_type NOT IN ('VIEW', 'SEQUENCE') AND table_schema", "table_name", " ORDER BY table_name")
	out := &inspect.Of[types.Object]{}
	for _, r := range rows {
		o := types.Object{}
		if engine := inspect.String(r[1]); engine != "" {
			o.Set(d.name+"_engine", engine)
		}
		if collation := inspect.String(r[2]); collation != "" {
			charset, _, _ := strings.Cut(collation, "_")
			o.Set(d.name+"_default charset", charset)
			o.Set(d.name+"_collate", collation)
		}
		if comment := inspect.String(r[3]); comment != "" {
			o.Set(d.name+"_comment", comment)
		}
		out.Set(inspect.String(r[0]), o)
	}
	return out, err
}
