package sqlite

import (
	"context"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"alchemysh/core/ddl"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
)

// SQLite's catalogue is the SQL text of each CREATE and a family of PRAGMAs,
// all of them about one table. Constraint names, CHECKs and deferrability are
// only in the text.

// pragma asks of a table, in main and then in temp unless a schema is named.
func (d *Dialect) pragma(ctx context.Context, q ddl.Querier, what, table, schema string) ([][]any, error) {
	places := []string{"main", "temp"}
	if schema != "" {
		places = []string{quoting.Force(schema)}
	}
	for _, place := range places {
		_, rows, err := q.DriverRows(ctx, "PRAGMA "+place+"."+what+"("+quoting.Force(table)+")")
		if err != nil || len(rows) > 0 {
			return rows, err
		}
	}
	return nil, nil
}

func master(schema string) string {
	if schema == "" {
		return "sqlite_master"
	}
	return quoting.Force(schema) + ".sqlite_master"
}

// list is the answer to a question about names, remembered: every kind of
// thing of a schema begins with it.
func (d *Dialect) list(ctx context.Context, q ddl.Querier, sql string) ([]string, error) {
	if known := inspect.Known[[]string](ctx, "names", sql, ""); known != nil {
		return *known, nil
	}
	_, rows, err := q.DriverRows(ctx, sql)
	names, err := inspect.FirstColumn(rows, err)
	if err == nil {
		inspect.Learn(ctx, "names", sql, "", names)
	}
	return names, err
}

// HasTable finds tables and views.
func (d *Dialect) HasTable(ctx context.Context, q ddl.Querier, name, schema string) (bool, error) {
	if schema != "" {
		there, err := d.HasSchema(ctx, q, schema)
		if err != nil || !there {
			return false, err
		}
	}
	rows, err := d.pragma(ctx, q, "table_info", name, schema)
	return len(rows) > 0, err
}

// HasIndex looks through the table's indexes.
func (d *Dialect) HasIndex(ctx context.Context, q ddl.Querier, table, index, schema string) (bool, error) {
	rows, err := d.pragma(ctx, q, "index_list", table, schema)
	return slices.ContainsFunc(rows, func(r []any) bool { return inspect.String(r[1]) == index }), err
}

// HasSequence is false: there are none.
func (*Dialect) HasSequence(context.Context, ddl.Querier, string, string) (bool, error) {
	return false, nil
}

// HasType is false: there are none.
func (*Dialect) HasType(context.Context, ddl.Querier, string, string) (bool, error) {
	return false, nil
}

// HasSchema finds attached databases.
func (d *Dialect) HasSchema(ctx context.Context, q ddl.Querier, name string) (bool, error) {
	all, err := d.SchemaNames(ctx, q)
	return slices.Contains(all, name), err
}

// DefaultSchema is main.
func (*Dialect) DefaultSchema(context.Context, ddl.Querier) (string, error) { return "main", nil }

// SchemaNames are the attached databases but temp.
func (*Dialect) SchemaNames(ctx context.Context, q ddl.Querier) ([]string, error) {
	_, rows, err := q.DriverRows(ctx, "PRAGMA database_list")
	var out []string
	for _, r := range rows {
		if name := inspect.String(r[1]); name != "temp" {
			out = append(out, name)
		}
	}
	return out, err
}

// RelationNames are the names of tables or views.
func (d *Dialect) RelationNames(ctx context.Context, q ddl.Querier, s inspect.Scope) ([]string, error) {
	var out []string
	ask := func(kind, from, condition string) error {
		names, err := d.list(ctx, q, "SELECT name FROM "+from+" WHERE type='"+kind+"'"+condition+" ORDER BY name")
		out = append(out, names...)
		return err
	}
	const own = " AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
	kinds := []struct {
		kind     inspect.Kind
		word     string
		restrict string
	}{{inspect.Tables, "table", own}, {inspect.Views, "view", ""}}
	for _, temporary := range []bool{false, true} {
		if temporary && s.Lifetime == inspect.Lasting || !temporary && s.Lifetime == inspect.Temporary {
			continue
		}
		for _, k := range kinds {
			from, restrict := master(s.Schema), k.restrict
			if temporary {
				from, restrict = "sqlite_temp_master", own
			}
			if s.Kinds&k.kind != 0 {
				if err := ask(k.word, from, restrict); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}

func (d *Dialect) relations(ctx context.Context, q ddl.Querier, s inspect.Scope) ([]string, error) {
	if len(s.Names) > 0 && (s.Kinds == 0 || s.Kinds == inspect.AnyKind && s.Lifetime == inspect.AnyLifetime) {
		return s.Names, nil // be they there or not
	}
	names, err := d.RelationNames(ctx, q, s)
	if err != nil || len(s.Names) == 0 {
		return names, err
	}
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !slices.Contains(s.Names, n) }), nil
}

// sql is the text of a table's or view's CREATE.
func (d *Dialect) sql(ctx context.Context, q ddl.Querier, name, schema, kinds string) (string, error) {
	from := " (SELECT * FROM sqlite_master UNION ALL   SELECT * FROM sqlite_temp_master)"
	if schema != "" && kinds == tableOrView {
		// SQLAlchemy tries this first, which fails: there is one sqlite_temp_master.
		s := quoting.Force(schema)
		both := " (SELECT * FROM " + s + ".sqlite_master UNION ALL   SELECT * FROM " + s + ".sqlite_temp_master)"
		if _, rows, err := q.DriverRows(ctx, "SELECT sql FROM "+both+" WHERE name = ? AND type "+kinds, name); err == nil && len(rows) > 0 {
			return inspect.String(rows[0][0]), nil
		}
	}
	if schema != "" {
		from = master(schema)
	}
	_, rows, err := q.DriverRows(ctx, "SELECT sql FROM "+from+" WHERE name = ? AND type "+kinds, name)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return inspect.String(rows[0][0]), nil
}

const tableOrView = "in ('table', 'view')"

// ViewDefinition is the whole CREATE VIEW.
func (d *Dialect) ViewDefinition(ctx context.Context, q ddl.Querier, view, schema string) (string, bool, error) {
	sql, err := d.sql(ctx, q, view, schema, "= 'view'")
	return sql, sql != "", err
}

var generatedWords = regexp.MustCompile(`(?i)\s*(generated|always)\s*`)

// Columns reads PRAGMA table_xinfo.
func (d *Dialect) Columns(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Column], error) {
	names, err := d.relations(ctx, q, s)
	if err != nil {
		return nil, err
	}
	out := &inspect.Of[[]*inspect.Column]{}
	for _, table := range names {
		rows, err := d.pragma(ctx, q, "table_xinfo", table, s.Schema)
		if err != nil {
			return nil, err
		}
		var columns []*inspect.Column
		sql := ""
		for _, r := range rows {
			hidden := inspect.Int(r[6])
			if hidden == 1 {
				continue
			}
			c := (&inspect.Column{Name: inspect.String(r[1]), Nullable: inspect.Int(r[3]) == 0, PrimaryKey: int(inspect.Int(r[5]))}).WithKey()
			spelt := inspect.String(r[2])
			if r[4] != nil {
				def := inspect.String(r[4])
				c.Default = &def
			}
			if hidden != 0 {
				if sql == "" {
					if sql, err = d.sql(ctx, q, table, s.Schema, tableOrView); err != nil {
						return nil, err
					}
				}
				spelt = strings.TrimSpace(generatedWords.ReplaceAllString(spelt, ""))
				c.Computed = &inspect.Computed{SQLText: computedText(sql, c.Name), Persisted: hidden == 3}
			}
			c.Type = reflectedType(strings.ToUpper(spelt))
			columns = append(columns, c)
		}
		if len(columns) > 0 {
			out.Set(table, columns)
			inspect.Learn(ctx, "columns", table, s.Schema, columns)
		}
	}
	return out, nil
}

// computedText finds the expression of a generated column in CREATE TABLE.
func computedText(sql, column string) string {
	find := regexp.MustCompile(`(?is)["\x60\[]?` + regexp.QuoteMeta(column) + `["\x60\]]?\s[^,]*?\bAS\s*\(`)
	at := find.FindStringIndex(sql)
	if at == nil {
		return ""
	}
	return balanced(sql[at[1]:])
}

// balanced is the text up to the parenthesis that closes it.
func balanced(s string) string {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '\'' || b == '"' || b == '`':
			quote = b
		case b == '(':
			depth++
		case b == ')':
			if depth == 0 {
				return s[:i]
			}
			depth--
		}
	}
	return s
}

var (
	typeText  = regexp.MustCompile(`^([\w ]+)(\(.*?\))?`)
	typeSizes = regexp.MustCompile(`\d+`)
)

// The types that SQLAlchemy knows by name here.
var typesByName = map[string]*types.Class{
	"BIGINT": types.BIGINT, "BLOB": types.BLOB, "BOOL": types.BOOLEAN, "BOOLEAN": types.BOOLEAN, "CHAR": types.CHAR,
	"DATE": types.DATE, "DATE_CHAR": types.DATE, "DATETIME": types.DATETIME, "DATETIME_CHAR": types.DATETIME,
	"DOUBLE": types.DOUBLE, "DOUBLE_PRECISION": types.DOUBLEPRECISION, "DECIMAL": types.DECIMAL, "FLOAT": types.FLOAT,
	"INT": types.INTEGER, "INTEGER": types.INTEGER, "JSON": types.Lookup("sqlite", "JSON"), "NUMERIC": types.NUMERIC, "REAL": types.REAL,
	"SMALLINT": types.SMALLINT, "TEXT": types.TEXT, "TIME": types.TIME, "TIME_CHAR": types.TIME, "TIMESTAMP": types.TIMESTAMP,
	"VARCHAR": types.VARCHAR, "NVARCHAR": types.NVARCHAR, "_TEXT": types.TEXT,
}

// reflectedType is a declared type by its name, or by SQLite's rules of affinity.
func reflectedType(declared string) types.Type {
	m := typeText.FindStringSubmatch(declared)
	name, sizes := "", ""
	if m != nil {
		name, sizes = m[1], m[2]
	}
	class, known := typesByName[name]
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(name, p) })
	}
	switch {
	case known:
	case has("INT"):
		class = types.INTEGER
	case has("CHAR", "CLOB", "TEXT"):
		class = types.TEXT
	case has("BLOB") || name == "":
		return &types.NullType{}
	case has("REAL", "FLOA", "DOUB"):
		class = types.REAL
	default:
		class = types.NUMERIC
	}
	var args []any
	for _, n := range typeSizes.FindAllString(sizes, -1) {
		size, _ := strconv.ParseInt(n, 10, 64)
		args = append(args, size)
	}
	t, err := class.New(args, nil)
	if err != nil {
		return class.Plain()
	}
	return t
}

var keyName = regexp.MustCompile(`(?i)CONSTRAINT +(?:"(.+?)"|(\w+)) +PRIMARY +KEY`)

// PrimaryKeys takes the columns from table_xinfo and the name from the text.
func (d *Dialect) PrimaryKeys(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[*inspect.PrimaryKey], error) {
	names, err := d.relations(ctx, q, s)
	if err != nil {
		return nil, err
	}
	return inspect.Each(names, func(table string) (*inspect.PrimaryKey, error) {
		sql, err := d.sql(ctx, q, table, s.Schema, tableOrView)
		if err != nil {
			return nil, err
		}
		if sql == "" && !strings.HasPrefix(table, "sqlite_") {
			return nil, inspect.NoSuchTable(table, s.Schema)
		}
		rows, err := d.keyColumns(ctx, q, table, s.Schema)
		if err != nil {
			return nil, err
		}
		k := &inspect.PrimaryKey{Columns: rows}
		if m := keyName.FindStringSubmatch(sql); m != nil && len(rows) > 0 {
			k.Name = m[1] + m[2]
		}
		return k, nil
	})
}

func (d *Dialect) keyColumns(ctx context.Context, q ddl.Querier, table, schema string) ([]string, error) {
	var columns []*inspect.Column
	if known := inspect.Known[[]*inspect.Column](ctx, "columns", table, schema); known != nil {
		columns = *known
	} else {
		all, err := d.Columns(ctx, q, inspect.Scope{Schema: schema, Names: []string{table}})
		if err != nil {
			return nil, err
		}
		columns, _ = all.Get(table)
	}
	columns = slices.Clone(columns)
	sort.SliceStable(columns, func(i, j int) bool { return columns[i].PrimaryKey < columns[j].PrimaryKey })
	var out []string
	for _, c := range columns {
		if c.PrimaryKey > 0 {
			out = append(out, c.Name)
		}
	}
	return out, nil
}

var (
	foreignKeyText = regexp.MustCompile(`(?i)(?:CONSTRAINT +(?:"(.+?)"|(\w+)) +)?FOREIGN +KEY *\( *(.+?) *\) +REFERENCES +(?:"(.+?)"|([a-z0-9_]+)) *\( *((?:(?:"[^"]+"|[a-z0-9_]+) *(?:, *)?)+)\) *((?:ON +(?:DELETE|UPDATE) +(?:SET +NULL|SET +DEFAULT|CASCADE|RESTRICT|NO +ACTION) *)*)((?:NOT +)?DEFERRABLE)?(?: +INITIALLY +(DEFERRED|IMMEDIATE))?`)
	columnText     = regexp.MustCompile(`(?i)"(.+?)"|([a-z0-9_]+)`)
	actionText     = regexp.MustCompile(`(?i)ON +(DELETE|UPDATE) +(SET +NULL|SET +DEFAULT|CASCADE|RESTRICT|NO +ACTION)`)
)

func columnsIn(s string) []string {
	var out []string
	for _, m := range columnText.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1]+m[2])
	}
	return out
}

func signature(own []string, table string, referred []string) string {
	return strings.Join(own, "\x00") + "\x01" + table + "\x01" + strings.Join(referred, "\x00")
}

// ForeignKeys takes the keys from the PRAGMA, and their names and options from
// the text.
func (d *Dialect) ForeignKeys(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.ForeignKey], error) {
	names, err := d.relations(ctx, q, s)
	if err != nil {
		return nil, err
	}
	return inspect.Each(names, func(table string) ([]*inspect.ForeignKey, error) { return d.foreignKeys(ctx, q, table, s.Schema) })
}

func (d *Dialect) foreignKeys(ctx context.Context, q ddl.Querier, table, schema string) ([]*inspect.ForeignKey, error) {
	rows, err := d.pragma(ctx, q, "foreign_key_list", table, schema)
	if err != nil {
		return nil, err
	}
	var order []int64
	byID := map[int64]*inspect.ForeignKey{}
	for _, r := range rows {
		id := inspect.Int(r[0])
		k := byID[id]
		if k == nil {
			k = &inspect.ForeignKey{ReferredSchema: schema, ReferredTable: inspect.String(r[2])}
			if r[4] == nil { // no column was named: the other's primary key
				if k.ReferredColumns, err = d.keyColumns(ctx, q, k.ReferredTable, schema); err != nil {
					return nil, err
				}
			}
			for name, at := range map[string]int{"onupdate": 5, "ondelete": 6} {
				if action := inspect.String(r[at]); action != "" && action != "NO ACTION" {
					k.Options.Set(name, action)
				}
			}
			byID[id] = k
			order = append(order, id)
		}
		k.Columns = append(k.Columns, inspect.String(r[3]))
		if r[4] != nil {
			k.ReferredColumns = append(k.ReferredColumns, inspect.String(r[4]))
		}
	}
	sql, err := d.sql(ctx, q, table, schema, tableOrView)
	if err != nil {
		return nil, err
	}
	if sql == "" {
		if strings.HasPrefix(table, "sqlite_") {
			return nil, nil
		}
		return nil, inspect.NoSuchTable(table, schema)
	}
	bySignature := map[string]*inspect.ForeignKey{}
	for _, id := range order {
		k := byID[id]
		bySignature[signature(k.Columns, k.ReferredTable, k.ReferredColumns)] = k
	}
	var out []*inspect.ForeignKey
	named := map[*inspect.ForeignKey]bool{}
	for _, m := range foreignKeyText.FindAllStringSubmatch(sql, -1) {
		k := bySignature[signature(columnsIn(m[3]), m[4]+m[5], columnsIn(m[6]))]
		if k == nil || named[k] {
			continue
		}
		named[k] = true
		k.Name = m[1] + m[2]
		k.Options = types.Object{}
		for _, a := range actionText.FindAllStringSubmatch(m[7], -1) {
			if action := strings.ToUpper(strings.Join(strings.Fields(a[2]), " ")); action != "NO ACTION" {
				k.Options.Set("on"+strings.ToLower(a[1]), action)
			}
		}
		if m[8] != "" {
			k.Options.Set("deferrable", !strings.HasPrefix(strings.ToUpper(m[8]), "NOT"))
		}
		if m[9] != "" {
			k.Options.Set("initially", strings.ToUpper(m[9]))
		}
		out = append(out, k)
	}
	for _, id := range order {
		if k := byID[id]; !named[k] {
			out = append(out, k)
		}
	}
	// The text lists them as they were written; unnamed ones of columns come last.
	return out, nil
}

var partial = regexp.MustCompile(`(?is)\)\s+where\s+(.+)`)

// Indexes reads index_list and index_info. Those of constraints are left out.
func (d *Dialect) Indexes(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Index], error) {
	names, err := d.relations(ctx, q, s)
	if err != nil {
		return nil, err
	}
	return inspect.Each(names, func(table string) ([]*inspect.Index, error) {
		return d.indexes(ctx, q, table, s.Schema, false)
	})
}

// indexes are those of a table, the automatic ones of its constraints too if
// they are asked for. Without any it looks whether there is such a table.
func (d *Dialect) indexes(ctx context.Context, q ddl.Querier, table, schema string, automatic bool) ([]*inspect.Index, error) {
	rows, err := d.pragma(ctx, q, "index_list", table, schema)
	if err != nil {
		return nil, err
	}
	var list []*inspect.Index
	for _, r := range rows {
		name := inspect.String(r[1])
		if !automatic && strings.HasPrefix(name, "sqlite_autoindex") {
			continue
		}
		x := &inspect.Index{Name: name, Unique: inspect.Int(r[2]) != 0, NumericUnique: true}
		if len(r) > 4 && inspect.Int(r[4]) != 0 {
			_, sql, err := q.DriverRows(ctx, "SELECT sql FROM "+master(schema)+" WHERE name = ? AND type = 'index'", name)
			if err != nil {
				return nil, err
			}
			if len(sql) > 0 {
				if m := partial.FindStringSubmatch(inspect.String(sql[0][0])); m != nil {
					x.Options.Set("sqlite_where", m[1])
				}
			}
		}
		list = append(list, x)
	}
	var out []*inspect.Index
next:
	for _, x := range list {
		rows, err := d.pragma(ctx, q, "index_info", x.Name, schema)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r[2] == nil {
				inspect.Warn(ctx, "Skipped unsupported reflection of expression-based index "+x.Name)
				continue next
			}
			x.Columns = append(x.Columns, inspect.String(r[2]))
		}
		out = append(out, x)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	if len(out) == 0 {
		there, err := d.HasTable(ctx, q, table, schema)
		if err == nil && !there {
			err = inspect.NoSuchTable(table, schema)
		}
		return nil, err
	}
	return out, nil
}

var (
	uniqueText = regexp.MustCompile(`(?i)(?:CONSTRAINT +(?:"(.+?)"|(\w+)) +)?UNIQUE *\((.+?)\)`)
	inlineText = regexp.MustCompile(`(?i)(?:(".+?")|(?:[\[\x60])?([a-z0-9_]+)(?:[\]\x60])?)[\t ]+[a-z0-9_ ]+?(?:\([\d ,]+\))?[\t ]+[a-z0-9_ ']*?UNIQUE`)
)

// Uniques are the automatic indexes that the text calls UNIQUE.
func (d *Dialect) Uniques(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Unique], error) {
	names, err := d.relations(ctx, q, s)
	if err != nil {
		return nil, err
	}
	return inspect.Each(names, func(table string) ([]*inspect.Unique, error) {
		list, err := d.indexes(ctx, q, table, s.Schema, true)
		if err != nil {
			return nil, err
		}
		automatic := map[string]bool{}
		for _, x := range list {
			if strings.HasPrefix(x.Name, "sqlite_autoindex") {
				automatic[strings.Join(x.Columns, "\x00")] = true
			}
		}
		sql, err := d.tableText(ctx, q, table, s.Schema)
		if err != nil {
			return nil, err
		}
		var out []*inspect.Unique
		take := func(name string, columns []string) {
			sig := strings.Join(columns, "\x00")
			if automatic[sig] {
				delete(automatic, sig)
				out = append(out, &inspect.Unique{Name: name, Columns: columns})
			}
		}
		for _, m := range uniqueText.FindAllStringSubmatch(sql, -1) {
			take(m[1]+m[2], columnsIn(m[3]))
		}
		for _, m := range inlineText.FindAllStringSubmatch(sql, -1) {
			take("", columnsIn(m[1]+m[2]))
		}
		return out, nil
	})
}

// tableText is the text of a CREATE, remembered for the questions that follow.
func (d *Dialect) tableText(ctx context.Context, q ddl.Querier, table, schema string) (string, error) {
	if known := inspect.Known[string](ctx, "text", table, schema); known != nil {
		return *known, nil
	}
	sql, err := d.sql(ctx, q, table, schema, tableOrView)
	if err != nil {
		return "", err
	}
	if sql == "" && !strings.HasPrefix(table, "sqlite_") {
		return "", inspect.NoSuchTable(table, schema)
	}
	inspect.Learn(ctx, "text", table, schema, sql)
	return sql, nil
}

var checkText = regexp.MustCompile(`(?i)(?:CONSTRAINT +(?:"(.+?)"|([^\s"]+)) +)?CHECK *\(`)

// Checks are only in the text.
func (d *Dialect) Checks(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Check], error) {
	names, err := d.relations(ctx, q, s)
	if err != nil {
		return nil, err
	}
	return inspect.Each(names, func(table string) ([]*inspect.Check, error) {
		sql, err := d.tableText(ctx, q, table, s.Schema)
		if err != nil {
			return nil, err
		}
		var out []*inspect.Check
		for _, at := range checkText.FindAllStringSubmatchIndex(sql, -1) {
			name := ""
			for _, g := range []int{2, 4} {
				if at[g] >= 0 {
					name = sql[at[g]:at[g+1]]
				}
			}
			out = append(out, &inspect.Check{Name: name, SQLText: strings.TrimSpace(balanced(sql[at[1]:]))})
		}
		sort.SliceStable(out, func(i, j int) bool { return orLast(out[i].Name) < orLast(out[j].Name) })
		return out, nil
	})
}

func orLast(name string) string {
	if name == "" {
		return "~"
	}
	return name
}
