package postgresql

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"alchemysh/core/ddl"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
)

// One query for each kind of thing, for all relations of a scope at once.

// where is the condition that a relation c, in namespace n, is in the scope,
// and its parameters.
func where(s inspect.Scope) (string, []string) {
	var conditions []string
	var params []string
	if s.Schema != "" {
		conditions = append(conditions, "n.nspname = :schema")
		params = append(params, "schema", s.Schema)
	} else {
		conditions = append(conditions, "pg_catalog.pg_table_is_visible(c.oid)", "n.nspname != 'pg_catalog'")
	}
	switch s.Lifetime {
	case inspect.Lasting:
		conditions = append(conditions, "c.relpersistence != 't'")
	case inspect.Temporary:
		conditions = append(conditions, "c.relpersistence = 't'")
	}
	conditions = append(conditions, "c.relkind IN ("+relkinds(s.Kinds)+")")
	switch {
	case len(s.Names) == 1:
		conditions = append(conditions, "c.relname = :name")
		params = append(params, "name", s.Names[0])
	case len(s.Names) > 1:
		quoted := make([]string, len(s.Names))
		for i, n := range s.Names {
			quoted[i] = types.QuoteLiteral(n)
		}
		conditions = append(conditions, "c.relname IN ("+strings.ReplaceAll(strings.Join(quoted, ", "), ":", `\:`)+")")
	}
	return strings.Join(conditions, " AND "), params
}

func relkinds(k inspect.Kind) string {
	if k == 0 {
		k = inspect.AnyKind
	}
	var out []string
	if k&inspect.Tables != 0 {
		out = append(out, "'r', 'p', 'f'")
	}
	if k&inspect.Views != 0 {
		out = append(out, "'v'")
	}
	if k&inspect.MaterializedViews != 0 {
		out = append(out, "'m'")
	}
	return strings.Join(out, ", ")
}

const relations = " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "

// scan asks about the relations of a scope: columns before, further tables
// after them.
func scan(ctx context.Context, q ddl.Querier, s inspect.Scope, columns, joins, further, order string) ([][]any, error) {
	cond, params := where(s)
	sql := "SELECT c.relname, " + columns + relations + joins + " WHERE " + cond + further + " ORDER BY c.relname" + order
	return inspect.Ask(ctx, q, sql, params...)
}

// list reads a JSON array of strings; null is "".
func listOf(v any) []string {
	var out []*string
	if err := json.Unmarshal([]byte(inspect.String(v)), &out); err != nil {
		return nil
	}
	names := make([]string, len(out))
	for i, s := range out {
		if s != nil {
			names[i] = *s
		}
	}
	return names
}

// DefaultSchema is the first schema of the search path.
func (d *Dialect) DefaultSchema(ctx context.Context, q ddl.Querier) (string, error) {
	if d.ServerVersion != 0 { // asked at the first connection
		return d.features.DefaultSchema, nil
	}
	rows, err := inspect.Ask(ctx, q, "select current_schema()")
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return inspect.String(rows[0][0]), nil
}

func typeSchema(schema string) (string, []string) {
	switch schema {
	case "*":
		return "", nil
	case "":
		return " AND pg_catalog.pg_type_is_visible(t.oid) AND n.nspname != 'pg_catalog'", nil
	}
	return " AND n.nspname = :schema", []string{"schema", schema}
}

// Enums are the enumerations.
func (d *Dialect) Enums(ctx context.Context, q ddl.Querier, schema string) ([]*inspect.Enum, error) {
	cond, params := typeSchema(schema)
	rows, err := inspect.Ask(ctx, q, "SELECT t.typname::text, n.nspname::text, pg_catalog.pg_type_is_visible(t.oid), "+
		"coalesce((SELECT json_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid), '[]')::text "+
		"FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e'"+cond+" ORDER BY n.nspname, t.typname", params...)
	var out []*inspect.Enum
	for _, r := range rows {
		out = append(out, &inspect.Enum{Name: inspect.String(r[0]), Schema: inspect.String(r[1]), Visible: inspect.Bool(r[2]), Labels: listOf(r[3])})
	}
	return out, err
}

var domainCheck = regexp.MustCompile(`(?s)^CHECK *\((.*)\)( NOT VALID)?$`)

// Domains are the domains.
func (d *Dialect) Domains(ctx context.Context, q ddl.Querier, schema string) ([]*inspect.Domain, error) {
	cond, params := typeSchema(schema)
	rows, err := inspect.Ask(ctx, q, "SELECT t.typname::text, n.nspname::text, pg_catalog.pg_type_is_visible(t.oid), pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault, co.collname::text, "+
		"coalesce((SELECT json_agg(json_build_array(k.conname, pg_catalog.pg_get_constraintdef(k.oid, true)) ORDER BY k.oid) FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '[]')::text "+
		"FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_collation co ON co.oid = t.typcollation AND co.collname != 'default' WHERE t.typtype = 'd'"+cond+" ORDER BY n.nspname, t.typname", params...)
	var out []*inspect.Domain
	for _, r := range rows {
		dom := &inspect.Domain{Name: inspect.String(r[0]), Schema: inspect.String(r[1]), Visible: inspect.Bool(r[2]), TypeText: inspect.String(r[3]), Nullable: !inspect.Bool(r[4]), Default: inspect.Maybe(r[5]), Collation: inspect.String(r[6])}
		var checks [][2]string
		if err := json.Unmarshal([]byte(inspect.String(r[7])), &checks); err != nil {
			return nil, err
		}
		for _, k := range checks {
			check := k[1]
			if m := domainCheck.FindStringSubmatch(check); m != nil {
				check = m[1]
			}
			dom.Constraints = append(dom.Constraints, inspect.Check{Name: k[0], SQLText: check})
		}
		out = append(out, dom)
	}
	return out, err
}

var sequenceDefault = regexp.MustCompile(`(nextval\(')([^']+)('.*$)`)

// Columns reads pg_attribute, and the types of their own making beforehand.
func (d *Dialect) Columns(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Column], error) {
	rows, err := scan(ctx, q, s,
		"a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.pg_get_expr(def.adbin, def.adrelid), a.attnotnull, "+
			"pg_catalog.col_description(c.oid, a.attnum), a.attgenerated::text, "+
			"CASE WHEN a.attidentity != '' THEN json_build_object('always', a.attidentity = 'a', 'start', sq.seqstart, 'increment', sq.seqincrement, 'minvalue', sq.seqmin, 'maxvalue', sq.seqmax, 'cache', sq.seqcache, 'cycle', sq.seqcycle)::text END, "+
			"co.collname::text, ty.typtype::text",
		"LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "+
			"LEFT JOIN pg_catalog.pg_attrdef def ON def.adrelid = c.oid AND def.adnum = a.attnum "+
			"LEFT JOIN pg_catalog.pg_type ty ON ty.oid = a.atttypid "+
			"LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation != ty.typcollation AND co.collname != 'default' "+
			"LEFT JOIN pg_catalog.pg_depend dep ON dep.refclassid = 'pg_catalog.pg_class'\\:\\:regclass AND dep.refobjid = c.oid AND dep.refobjsubid = a.attnum AND dep.deptype = 'i' AND dep.classid = 'pg_catalog.pg_class'\\:\\:regclass AND a.attidentity != '' "+
			"LEFT JOIN pg_catalog.pg_sequence sq ON sq.seqrelid = dep.objid ", "", ", a.attnum")
	if err != nil {
		return nil, err
	}
	own := &ownTypes{ctx: ctx, q: q, d: d}
	out := &inspect.Of[[]*inspect.Column]{}
	for _, r := range rows {
		table := inspect.String(r[0])
		columns, _ := out.Get(table)
		if r[1] == nil { // a table without columns
			out.Set(table, columns)
			continue
		}
		c := (&inspect.Column{Name: inspect.String(r[1]), Nullable: !inspect.Bool(r[4]), Default: inspect.Maybe(r[3]), Comment: inspect.Maybe(r[5])}).WithComment()
		if c.Type, err = own.reflect(inspect.String(r[2]), inspect.String(r[8]), "column '"+c.Name+"'"); err != nil {
			return nil, err
		}
		if dom, ok := c.Type.(*types.Domain); ok { // a domain brings its own
			c.Nullable = c.Nullable && !dom.NotNull
			if text, given := dom.DefaultText.(string); given && c.Default == nil {
				c.Default = &text
			}
		}
		if g := inspect.String(r[6]); g != "" && c.Default != nil {
			c.Computed = &inspect.Computed{SQLText: *c.Default, Persisted: g == "s"}
			c.Default = nil
		}
		if r[7] != nil {
			c.Identity = identity(inspect.String(r[7]))
		}
		auto := c.Identity != nil
		if c.Default != nil {
			if m := sequenceDefault.FindStringSubmatch(*c.Default); m != nil {
				auto = auto || c.Type.Affinity() == types.IntegerAffinity
				if s.Schema != "" && !strings.Contains(m[2], ".") {
					def := m[1] + `"` + s.Schema + `".` + m[2] + m[3]
					c.Default = &def
				}
			}
		}
		c.Autoincrement = auto
		out.Set(table, append(columns, c))
	}
	return out, nil
}

func identity(options string) *inspect.Identity {
	var o struct {
		Always, Cycle                               bool
		Start, Increment, MinValue, MaxValue, Cache int64
	}
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		return nil
	}
	return &inspect.Identity{Always: o.Always, Start: o.Start, Increment: o.Increment, MinValue: o.MinValue, MaxValue: o.MaxValue, CacheLen: o.Cache, Cycle: o.Cycle}
}

// keyColumns are the names of a constraint's columns, in its order.
const keyColumns = "(SELECT json_agg(a.attname::text ORDER BY o.ord) FROM unnest(%s) WITH ORDINALITY AS o(num, ord) JOIN pg_catalog.pg_attribute a ON a.attrelid = %s AND a.attnum = o.num)::text"

func keysOf(numbers, relation string) string {
	return strings.ReplaceAll(strings.Replace(strings.Replace(keyColumns, "%s", numbers, 1), "%s", relation, 1), "::", `\:\:`)
}

const constraintComment = "(SELECT des.description FROM pg_catalog.pg_description des WHERE des.objoid = k.oid AND des.classoid = 'pg_catalog.pg_constraint'\\:\\:regclass)"

// included are the columns that a constraint's index merely includes.
const included = "(SELECT json_agg(a.attname\\:\\:text ORDER BY a.attnum) FROM pg_catalog.pg_index ix JOIN pg_catalog.pg_attribute a ON a.attrelid = ix.indexrelid AND a.attnum > ix.indnkeyatts WHERE ix.indexrelid = k.conindid)\\:\\:text"

// PrimaryKeys reads pg_constraint.
func (d *Dialect) PrimaryKeys(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[*inspect.PrimaryKey], error) {
	rows, err := scan(ctx, q, s, "k.conname::text, "+keysOf("k.conkey", "c.oid")+", "+constraintComment+", "+included,
		"LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'", "", "")
	out := &inspect.Of[*inspect.PrimaryKey]{}
	for _, r := range rows {
		k := &inspect.PrimaryKey{Name: inspect.String(r[1]), Columns: listOf(r[2]), Comment: inspect.Maybe(r[3])}
		if r[1] != nil {
			k.ShowComment()
			k.Options.Set("postgresql_include", inspect.Strings(listOf(r[4])))
		}
		out.Set(inspect.String(r[0]), k)
	}
	return out, err
}

// Uniques reads pg_constraint.
func (d *Dialect) Uniques(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Unique], error) {
	distinct := "false"
	if d.ServerVersion >= 150000 {
		distinct = "(SELECT ix.indnullsnotdistinct FROM pg_catalog.pg_index ix WHERE ix.indexrelid = k.conindid)"
	}
	rows, err := scan(ctx, q, s, "k.conname::text, "+keysOf("k.conkey", "c.oid")+", "+constraintComment+", "+included+", "+distinct,
		"LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'u'", "", ", k.conname")
	out := &inspect.Of[[]*inspect.Unique]{}
	for _, r := range rows {
		list, _ := out.Get(inspect.String(r[0]))
		if r[1] != nil {
			k := &inspect.Unique{Name: inspect.String(r[1]), Columns: listOf(r[2]), Comment: inspect.Maybe(r[3])}
			k.ShowComment()
			k.Options.Set("postgresql_include", inspect.Strings(listOf(r[4])))
			k.Options.Set("postgresql_nulls_not_distinct", inspect.Bool(r[5]))
			list = append(list, k)
		}
		out.Set(inspect.String(r[0]), list)
	}
	return out, err
}

var actions = map[string]string{"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}

// ForeignKeys reads pg_constraint.
func (d *Dialect) ForeignKeys(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.ForeignKey], error) {
	rows, err := scan(ctx, q, s, "k.conname::text, "+keysOf("k.conkey", "c.oid")+", rn.nspname::text, rc.relname::text, "+keysOf("k.confkey", "k.confrelid")+", "+
		"k.confupdtype::text, k.confdeltype::text, k.condeferrable, k.condeferred, k.confmatchtype::text, pg_catalog.pg_table_is_visible(k.confrelid), "+constraintComment+", pg_catalog.pg_get_constraintdef(k.oid)",
		"LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' LEFT JOIN pg_catalog.pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace ", "", ", k.conname")
	out := &inspect.Of[[]*inspect.ForeignKey]{}
	for _, r := range rows {
		list, _ := out.Get(inspect.String(r[0]))
		if r[1] != nil {
			k := &inspect.ForeignKey{Name: inspect.String(r[1]), Columns: listOf(r[2]), ReferredTable: inspect.String(r[4]), ReferredColumns: listOf(r[5]), Comment: inspect.Maybe(r[12])}
			k.ShowComment()
			visible, schema := inspect.Bool(r[11]), inspect.String(r[3])
			if !visible || s.Schema != "" && s.Schema == schema {
				k.ReferredSchema = schema
			}
			foreignKeyOptions(k, r)
			list = append(list, k)
		}
		out.Set(inspect.String(r[0]), list)
	}
	return out, err
}

// ON DELETE SET NULL can name columns.
var someColumns = regexp.MustCompile(`ON DELETE (SET (?:NULL|DEFAULT) \([^)]*\))`)

func foreignKeyOptions(k *inspect.ForeignKey, r []any) {
	if a, ok := actions[inspect.String(r[6])]; ok {
		k.Options.Set("onupdate", a)
	}
	if a, ok := actions[inspect.String(r[7])]; ok {
		if m := someColumns.FindStringSubmatch(inspect.String(r[13])); m != nil {
			a = m[1]
		}
		k.Options.Set("ondelete", a)
	}
	if inspect.Bool(r[9]) {
		k.Options.Set("initially", "DEFERRED")
	}
	if inspect.Bool(r[8]) {
		k.Options.Set("deferrable", true)
	}
	if inspect.String(r[10]) == "f" {
		k.Options.Set("match", "FULL")
	}
}

var (
	checkText  = regexp.MustCompile(`(?s)^CHECK *\((.+)\)( NO INHERIT)?( NOT VALID)?$`)
	parenthese = regexp.MustCompile(`(?s)^[\s\n]*\((.+)\)[\s\n]*$`)
)

// Checks reads pg_constraint.
func (d *Dialect) Checks(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Check], error) {
	rows, err := scan(ctx, q, s, "k.conname::text, pg_catalog.pg_get_constraintdef(k.oid, true), "+constraintComment,
		"LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'c'", "", ", k.conname")
	out := &inspect.Of[[]*inspect.Check]{}
	for _, r := range rows {
		list, _ := out.Get(inspect.String(r[0]))
		if r[1] != nil {
			k := &inspect.Check{Name: inspect.String(r[1]), Comment: inspect.Maybe(r[3])}
			k.ShowComment()
			if m := checkText.FindStringSubmatch(inspect.String(r[2])); m != nil {
				k.SQLText = m[1]
				if inner := parenthese.FindStringSubmatch(m[1]); inner != nil && enclosed(m[1]) {
					k.SQLText = inner[1]
				}
				if m[2] != "" {
					k.Options.Set("no_inherit", true)
				}
				if m[3] != "" {
					k.Options.Set("not_valid", true)
				}
			}
			list = append(list, k)
		}
		out.Set(inspect.String(r[0]), list)
	}
	return out, err
}

// enclosed reports whether the first parenthesis closes at the end.
func enclosed(s string) bool {
	s = strings.TrimSpace(s)
	depth := 0
	for i, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i == len(s)-1
			}
		}
	}
	return false
}

// Comments are the comments on tables.
func (d *Dialect) Comments(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[*string], error) {
	rows, err := scan(ctx, q, s, "pg_catalog.obj_description(c.oid, 'pg_class')", "", "", "")
	out := &inspect.Of[*string]{}
	for _, r := range rows {
		out.Set(inspect.String(r[0]), inspect.Maybe(r[1]))
	}
	return out, err
}

// Indexes reads pg_index; those of primary keys and exclusion constraints are left out.
func (d *Dialect) Indexes(ctx context.Context, q ddl.Querier, s inspect.Scope) (*inspect.Of[[]*inspect.Index], error) {
	distinct := "false"
	if d.ServerVersion >= 150000 {
		distinct = "i.indnullsnotdistinct"
	}
	item := func(what string) string {
		return "(SELECT json_agg(" + what + " ORDER BY o.ord) FROM unnest(i.indkey\\:\\:int2[]) WITH ORDINALITY AS o(num, ord) LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = o.num)\\:\\:text"
	}
	rows, err := scan(ctx, q, s, "ic.relname::text, i.indisunique, i.indnkeyatts, "+
		item("a.attname::text")+", "+item("pg_catalog.pg_get_indexdef(i.indexrelid, o.ord::int, true)")+", "+
		item("CASE WHEN o.ord <= i.indnkeyatts THEN i.indoption[(o.ord - 1)::int]::text END")+", "+
		"pg_catalog.pg_get_expr(i.indpred, i.indrelid), am.amname::text, array_to_json(ic.reloptions)::text, "+
		"(SELECT k.conname::text FROM pg_catalog.pg_constraint k WHERE k.conindid = ic.oid AND k.conrelid = c.oid AND k.contype = 'u' LIMIT 1), "+distinct+", "+
		"(SELECT json_agg(CASE WHEN oc.opcdefault THEN NULL ELSE oc.opcname::text END ORDER BY o.ord) FROM unnest(i.indclass\\:\\:oid[]) WITH ORDINALITY AS o(cls, ord) JOIN pg_catalog.pg_opclass oc ON oc.oid = o.cls)\\:\\:text",
		"LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND NOT i.indisprimary AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint x WHERE x.conindid = i.indexrelid AND x.contype = 'x') "+
			"LEFT JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid LEFT JOIN pg_catalog.pg_am am ON am.oid = ic.relam", "", ", ic.relname")
	out := &inspect.Of[[]*inspect.Index]{}
	for _, r := range rows {
		list, _ := out.Get(inspect.String(r[0]))
		if r[1] != nil {
			list = append(list, indexOf(r))
		}
		out.Set(inspect.String(r[0]), list)
	}
	return out, err
}

func indexOf(r []any) *inspect.Index {
	x := (&inspect.Index{Name: inspect.String(r[1]), Unique: inspect.Bool(r[2])}).WithInclude()
	keys := int(inspect.Int(r[3]))
	names, items, sorting, classes := listOf(r[4]), listOf(r[5]), listOf(r[6]), listOf(r[12])
	expression := false
	for i, n := range names {
		if i >= keys {
			x.Include = append(x.Include, n)
			continue
		}
		x.Columns = append(x.Columns, n)
		expression = expression || n == ""
	}
	if expression {
		x.Expressions = items[:min(keys, len(items))]
	}
	for i := range x.Columns {
		name := x.Columns[i]
		if name == "" && i < len(x.Expressions) {
			name = x.Expressions[i]
		}
		if words := sortingWords(sorting, i); len(words) > 0 {
			x.Sorting.Set(name, words)
		}
	}
	x.Options.Set("postgresql_include", inspect.Strings(x.Include))
	ops := types.Object{}
	for i, n := range x.Columns {
		if i < len(classes) && classes[i] != "" && n != "" {
			ops.Set(n, classes[i])
		}
	}
	if ops.Len() > 0 {
		x.Options.Set("postgresql_ops", ops)
	}
	if r[7] != nil {
		x.Options.Set("postgresql_where", inspect.String(r[7]))
	}
	if method := inspect.String(r[8]); method != "btree" {
		x.Options.Set("postgresql_using", method)
	}
	if options := listOf(r[9]); len(options) > 0 {
		with := types.Object{}
		for _, o := range options {
			name, value, _ := strings.Cut(o, "=")
			with.Set(name, value)
		}
		x.Options.Set("postgresql_with", with)
	}
	x.DuplicatesConstraint = inspect.String(r[10])
	if inspect.Bool(r[11]) {
		x.Options.Set("postgresql_nulls_not_distinct", true)
	}
	return x
}

// sortingWords are those of one item that differ from ASC NULLS LAST.
func sortingWords(sorting []string, i int) []any {
	if i >= len(sorting) {
		return nil
	}
	var words []any
	switch sorting[i] {
	case "1":
		words = append(words, "desc", "nulls_last")
	case "2":
		words = append(words, "nulls_first")
	case "3":
		words = append(words, "desc")
	}
	return words
}
