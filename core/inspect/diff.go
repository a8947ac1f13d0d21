package inspect

import (
	"context"
	"regexp"
	"slices"
	"sort"
	"strings"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/ddl"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Change is one difference between a MetaData and a database: what has to
// happen to the database.
type Change struct {
	// Kind is add_table, remove_table, add_column, remove_column, modify_type,
	// modify_nullable, modify_default, modify_comment, add_index, remove_index,
	// add_constraint or remove_constraint.
	Kind   string
	Table  string
	Schema string
	Column string
	Name   string // of an index or constraint
	Old    any
	New    any
	// SQL are the statements of that database that make the change. They are
	// never executed by themselves. A comment says where there are none.
	SQL []string
}

// Record gives the change as a table.
func (c *Change) Record() types.Object {
	o := types.NewObject("kind", c.Kind, "table", c.Table, "schema", orNil(c.Schema))
	for _, f := range []struct {
		name string
		v    any
	}{{"column", orNil(c.Column)}, {"name", orNil(c.Name)}, {"old", c.Old}, {"new", c.New}} {
		if f.v != nil {
			o.Set(f.name, f.v)
		}
	}
	o.Set("sql", strings.Join(c.SQL, ";\n"))
	return o
}

// TypeComparer is a dialect that knows which types are one and the same to it.
type TypeComparer interface{ SameType(a, b types.Type) bool }

// Diff compares a MetaData with the database.
func (in *Inspector) Diff(ctx context.Context, m *core.MetaData) ([]*Change, error) {
	return connected(ctx, in, func() ([]*Change, error) {
		d := &difference{ctx: ctx, in: in, dialect: in.q.Dialect(), wanted: m, found: core.NewMetaData()}
		return d.all()
	})
}

// difference collects the changes.
type difference struct {
	ctx     context.Context
	in      *Inspector
	dialect compile.Dialect
	wanted  *core.MetaData
	found   *core.MetaData
	changes []*Change
}

func (d *difference) all() (out []*Change, err error) {
	defer exc.Catch(&err)
	schemas := []string{}
	for _, t := range d.wanted.Tables() {
		if !slices.Contains(schemas, t.Schema) {
			schemas = append(schemas, t.Schema)
		}
	}
	if len(schemas) == 0 {
		schemas = append(schemas, "")
	}
	for _, s := range schemas {
		if err := d.in.ReflectAll(d.ctx, d.found, ReflectOptions{Schema: s, Views: true}); err != nil {
			return nil, err
		}
	}
	views := map[string]bool{}
	for _, s := range schemas {
		for _, list := range []func(context.Context, string) ([]string, error){d.in.ViewNames, d.in.MaterializedViewNames} {
			names, err := list(d.ctx, s)
			if err != nil {
				return nil, err
			}
			for _, n := range names {
				views[(&core.Table{Name: n, Schema: s}).FullName()] = true
			}
		}
	}
	sorted, apart, err := ddl.Sort(d.wanted.Tables(), nil)
	if err != nil {
		return nil, err
	}
	for _, o := range sorted {
		t := o.Table
		found, there := d.found.Table(t.FullName())
		switch {
		case !there:
			d.addTable(o)
		case !views[t.FullName()]:
			d.table(found, t)
		}
	}
	for _, fk := range apart {
		if _, there := d.found.Table(fk.Table.FullName()); !there && d.dialect.Features().AlterConstraints {
			d.changes[len(d.changes)-1].SQL = append(d.changes[len(d.changes)-1].SQL, d.sql(&core.AddConstraint{Constraint: fk}))
		}
	}
	d.removeTables(schemas, views)
	return d.changes, nil
}

func (d *difference) add(t *core.Table, c *Change) {
	c.Table, c.Schema = t.Name, t.Schema
	d.changes = append(d.changes, c)
}

func (d *difference) sql(s core.DDLStatement) string {
	out, err := ddl.Compile(d.dialect, s, compile.Options{})
	if err != nil {
		return "-- " + exc.Of(err).Message
	}
	return strings.TrimSpace(out)
}

func (d *difference) addTable(o ddl.Ordered) {
	t := o.Table
	var sql []string
	if t.CreatedBy != nil {
		sql = append(sql, d.sql(t.CreatedBy))
	} else {
		sql = append(sql, d.sql(&core.CreateTable{Table: t, ForeignKeys: o.ForeignKeys, Selected: d.dialect.Features().AlterConstraints}))
	}
	for _, x := range t.Indexes {
		sql = append(sql, d.sql(&core.CreateIndex{Index: x}))
	}
	d.add(t, &Change{Kind: "add_table", SQL: sql})
}

func (d *difference) removeTables(schemas []string, views map[string]bool) {
	var gone []*core.Table
	for _, t := range d.found.Tables() {
		if _, wanted := d.wanted.Table(t.FullName()); !wanted && !views[t.FullName()] && slices.Contains(schemas, t.Schema) {
			gone = append(gone, t)
		}
	}
	sorted, _, err := ddl.Sort(gone, nil)
	if err != nil {
		return
	}
	for i := len(sorted) - 1; i >= 0; i-- {
		d.add(sorted[i].Table, &Change{Kind: "remove_table", SQL: []string{d.sql(&core.DropTable{Table: sorted[i].Table})}})
	}
}

// table compares one table with what was found under its name.
func (d *difference) table(found, wanted *core.Table) {
	byName := map[string]*core.Column{}
	for _, c := range found.Columns().All() {
		byName[string(c.Name)] = c
	}
	for _, c := range wanted.Columns().All() {
		if c.Schema.System {
			continue
		}
		old := byName[string(c.Name)]
		delete(byName, string(c.Name))
		if old == nil {
			sql, err := ddl.AddColumn(d.dialect, c)
			if err != nil {
				sql = "-- " + err.Error()
			}
			d.add(wanted, &Change{Kind: "add_column", Column: string(c.Name), New: c.ExprType(), SQL: []string{sql}})
			continue
		}
		d.column(wanted, old, c)
	}
	for _, c := range found.Columns().All() {
		if byName[string(c.Name)] != nil {
			d.add(wanted, &Change{Kind: "remove_column", Column: string(c.Name), Old: c.ExprType(), SQL: []string{ddl.DropColumn(d.dialect, wanted, string(c.Name))}})
		}
	}
	d.constraints(found, wanted)
	d.indexes(found, wanted)
	if d.dialect.Features().Comments && found.Comment != wanted.Comment {
		var s core.DDLStatement = &core.SetTableComment{Table: wanted}
		if wanted.Comment == "" {
			s = &core.DropTableComment{Table: wanted}
		}
		d.add(wanted, &Change{Kind: "modify_comment", Old: orNil(found.Comment), New: orNil(wanted.Comment), SQL: []string{d.sql(s)}})
	}
}

func (d *difference) column(t *core.Table, old, c *core.Column) {
	change := func(kind string, was, is any, a ddl.Alteration) {
		a.Column = c
		sql, ok, err := ddl.Altering(d.dialect, a)
		switch {
		case err != nil:
			sql = []string{"-- " + err.Error()}
		case !ok:
			sql = []string{"-- " + d.dialect.Name() + " cannot alter a column: make the table anew and copy it"}
		}
		d.add(t, &Change{Kind: kind, Column: string(c.Name), Old: was, New: is, SQL: sql})
	}
	if cmp, ok := d.dialect.(TypeComparer); ok && !cmp.SameType(old.ExprType(), ddl.Carrier(c.ExprType(), d.dialect.Name())) {
		change("modify_type", old.ExprType(), c.ExprType(), ddl.Alteration{Type: true})
	}
	if old.Schema.Nullable != c.Schema.Nullable && !t.IsView {
		change("modify_nullable", old.Schema.Nullable, c.Schema.Nullable, ddl.Alteration{Nullable: true})
	}
	if c.Schema.Computed == nil && c.Schema.Identity == nil && old.Schema.Identity == nil {
		was, is := d.defaultOf(old), d.defaultOf(c)
		serial := t.AutoincrementColumn() == c && strings.HasPrefix(was, "nextval(")
		if normalDefault(was) != normalDefault(is) && !serial {
			change("modify_default", orNil(was), orNil(is), ddl.Alteration{Default: true})
		}
	}
	if d.dialect.Features().Comments && old.Schema.Comment != c.Schema.Comment {
		change("modify_comment", orNil(old.Schema.Comment), orNil(c.Schema.Comment), ddl.Alteration{Comment: true})
	}
}

func (d *difference) defaultOf(c *core.Column) string {
	text, _, err := ddl.DefaultText(d.dialect, c)
	if err != nil {
		return ""
	}
	return text
}

var castSuffix = regexp.MustCompile(`::[a-z_ ]+(\(\d+(, ?\d+)?\))?(\[\])*$`)

// normalDefault is a default without what databases add to it: casts,
// parentheses, quotes around numbers, their own names of the present moment.
func normalDefault(s string) string {
	s = strings.TrimSpace(s)
	for {
		was := s
		s = castSuffix.ReplaceAllString(s, "")
		if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
			s = s[1 : len(s)-1]
		}
		if s == was {
			break
		}
	}
	s = strings.Trim(s, "'")
	switch strings.ToLower(s) {
	case "now()", "current_timestamp", "current_timestamp()":
		return "now()"
	case "true", "1":
		return "1"
	case "false", "0":
		return "0"
	case "null":
		return ""
	}
	return s
}

// constraints compares all but CHECKs: databases rewrite their text.
func (d *difference) constraints(found, wanted *core.Table) {
	signatures := func(t *core.Table) map[string]core.Constraint {
		out := map[string]core.Constraint{}
		for _, k := range t.Constraints {
			if s := d.signature(t, k); s != "" {
				out[s] = k
			}
		}
		return out
	}
	was, is := signatures(found), signatures(wanted)
	uniqueIndexes := map[string]bool{}
	for _, x := range found.Indexes {
		if x.Unique {
			uniqueIndexes["unique "+strings.Join(indexColumns(x), ",")] = true
		}
	}
	for _, s := range sortedNames(was) {
		if is[s] == nil {
			k := was[s]
			d.add(wanted, &Change{Kind: "remove_constraint", Name: nameOf(k), Old: s, SQL: []string{d.alter(k, true)}})
		}
	}
	for _, s := range sortedNames(is) {
		if was[s] == nil && !uniqueIndexes[s] {
			k := is[s]
			d.add(wanted, &Change{Kind: "add_constraint", Name: nameOf(k), New: s, SQL: []string{d.alter(k, false)}})
		}
	}
}

func (d *difference) alter(k core.Constraint, drop bool) string {
	if !d.dialect.Features().AlterConstraints {
		return "-- " + d.dialect.Name() + " cannot alter constraints: make the table anew and copy it"
	}
	if drop {
		return d.sql(&core.DropConstraint{Constraint: k})
	}
	return d.sql(&core.AddConstraint{Constraint: k})
}

func nameOf(k core.Constraint) string {
	n, err := core.NameOf(k)
	if err != nil {
		return ""
	}
	return n.Name
}

func (d *difference) signature(t *core.Table, k core.Constraint) string {
	if !ddl.Included(d.dialect, t, k) {
		return ""
	}
	columns := func(cols []*core.Column) string {
		names := make([]string, len(cols))
		for i, c := range cols {
			names[i] = string(c.Name)
		}
		return strings.Join(names, ",")
	}
	switch k := k.(type) {
	case *core.PrimaryKeyConstraint:
		if len(k.Cols) > 0 {
			return "primary key " + columns(k.Cols)
		}
	case *core.UniqueConstraint:
		return "unique " + columns(k.Cols)
	case *core.ForeignKeyConstraint:
		var to []string
		referred := ""
		for _, e := range k.Elements {
			table, col := e.TargetName()
			referred = table
			if c, err := e.Resolve(); err == nil {
				col = string(c.Name)
				if rt, ok := c.Table.(*core.Table); ok {
					referred = rt.FullName()
				}
			}
			to = append(to, col)
		}
		s := "foreign key " + columns(k.Cols) + " to " + referred + "(" + strings.Join(to, ",") + ")"
		if a := action(k.OnDelete, d.dialect.Name()); a != "" {
			s += " on delete " + a
		}
		if a := action(k.OnUpdate, d.dialect.Name()); a != "" {
			s += " on update " + a
		}
		return s
	}
	return ""
}

// action is a foreign key's action; the one that a database takes by itself is "".
func action(s, dialect string) string {
	s = strings.ToLower(s)
	if s == "no action" || s == "restrict" && dialect != "postgresql" && dialect != "sqlite" {
		return ""
	}
	return s
}

func indexColumns(x *core.Index) []string {
	var out []string
	for _, e := range x.Exprs {
		if u, ok := e.(*core.Unary); ok && u.Postfix {
			e = u.X
		}
		if c, ok := core.Plain(e).(*core.Column); ok {
			out = append(out, string(c.Name))
		} else {
			out = append(out, "")
		}
	}
	return out
}

func (d *difference) indexes(found, wanted *core.Table) {
	name := func(x *core.Index) string {
		n, err := core.IndexName(x)
		if err != nil {
			return ""
		}
		return n.Name
	}
	implied := map[string]bool{} // MySQL makes an index for each foreign key and unique constraint
	for _, k := range wanted.Constraints {
		implied[nameOf(k)] = true
		switch k := k.(type) {
		case *core.UniqueConstraint:
			implied["unique "+strings.Join(columnNames(k.Cols), ",")] = true
		case *core.ForeignKeyConstraint:
			implied["foreign "+strings.Join(columnNames(k.Cols), ",")] = true
		}
	}
	was, is := map[string]*core.Index{}, map[string]*core.Index{}
	for _, x := range found.Indexes {
		was[name(x)] = x
	}
	for _, x := range wanted.Indexes {
		is[name(x)] = x
	}
	same := func(a, b *core.Index) bool {
		return a.Unique == b.Unique && slices.Equal(indexColumns(a), indexColumns(b))
	}
	for _, n := range sortedNames(was) {
		x := was[n]
		if is[n] != nil && same(x, is[n]) {
			continue
		}
		if is[n] == nil {
			columns := strings.Join(indexColumns(x), ",")
			if implied[n] || x.Unique && implied["unique "+columns] || d.dialect.Name() != "postgresql" && implied["foreign "+columns] {
				continue
			}
		}
		d.add(wanted, &Change{Kind: "remove_index", Name: n, SQL: []string{d.sql(&core.DropIndex{Index: x})}})
	}
	for _, n := range sortedNames(is) {
		if was[n] == nil || !same(was[n], is[n]) {
			d.add(wanted, &Change{Kind: "add_index", Name: n, SQL: []string{d.sql(&core.CreateIndex{Index: is[n]})}})
		}
	}
}

func columnNames(cols []*core.Column) []string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = string(c.Name)
	}
	return out
}

func sortedNames[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
