package inspect

import (
	"context"
	"errors"
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// ReflectOptions vary reflection.
type ReflectOptions struct {
	// Include names the only columns to reflect, Exclude those to leave out.
	Include, Exclude []string
	// Unresolved leaves tables that foreign keys refer to unreflected.
	Unresolved bool
	// Only narrows Reflect of a MetaData: names, or a function.
	Only    []string
	OnlyIf  func(name string) (bool, error)
	HasOnly bool
	Views   bool
	Schema  string
	Extend  bool // extend_existing
	// Keep leaves the columns of a table that is there as they are: autoload_replace = false.
	Keep bool
}

// ColumnReflected is a listener of "column_reflect", on a Table or a MetaData.
// It may change the record: its name, its key, its type …
type ColumnReflected func(in *Inspector, t *core.Table, info *types.Object) error

// Table gives the table of that name in m, reflected if it is not there yet.
func (in *Inspector) Table(ctx context.Context, m *core.MetaData, name, schema string, o ReflectOptions) (*core.Table, error) {
	if t, ok := m.Table(fullName(name, schema)); ok {
		return t, nil
	}
	t := core.NewTable(name, m, schema)
	if err := in.Reflect(ctx, t, o); err != nil {
		m.Remove(t)
		return nil, err
	}
	return t, completed(t)
}

// completed tells the table's listeners that it is made.
func completed(t *core.Table) (err error) {
	defer exc.Catch(&err)
	t.Complete()
	return nil
}

// Reflect fills a table with what the database has under its name. Columns that
// it has already give way in their place; add overriding ones afterwards.
func (in *Inspector) Reflect(ctx context.Context, t *core.Table, o ReflectOptions) error {
	return in.Within(ctx, func() error {
		r := &reflection{ctx: ctx, in: in, t: t, o: o, byName: map[string]*core.Column{}}
		return r.table()
	})
}

// reflection fills one table.
type reflection struct {
	ctx    context.Context
	in     *Inspector
	t      *core.Table
	o      ReflectOptions
	found  found
	byName map[string]*core.Column // by the database's name, whatever a listener made of it
}

func (r *reflection) table() (err error) {
	defer exc.Catch(&err)
	if err := r.read(); err != nil {
		return err
	}
	for _, step := range []func() error{r.columns, r.primaryKey, r.foreignKeys, r.indexes, r.uniques, r.checks, r.comment, r.options} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// read asks for all that there is to know, in SQLAlchemy's order, before any
// listener hears of it; the inspector remembers the answers.
func (r *reflection) read() error {
	name, schema := r.t.Name, r.t.Schema
	if _, err := r.in.Columns(r.ctx, name, schema); err != nil {
		if e := exc.Of(err); e != nil && e.Class == exc.NoSuchTableError {
			e.Message = name // of no dialect's spelling, and without the schema
		}
		return err
	}
	f := &r.found
	questions := []func() (err error){
		func() (err error) { f.key, err = r.in.PrimaryKey(r.ctx, name, schema); return err },
		func() (err error) { f.foreignKeys, err = r.in.ForeignKeys(r.ctx, name, schema); return err },
		func() (err error) { f.indexes, err = r.in.Indexes(r.ctx, name, schema); return err },
		func() (err error) { f.uniques, err = r.in.Uniques(r.ctx, name, schema); return err },
	}
	if _, ok := r.in.reader.(CommentReader); ok {
		questions = append(questions, func() (err error) { f.comment, err = r.in.Comment(r.ctx, name, schema); return err })
	}
	questions = append(questions, func() (err error) { f.checks, err = r.in.Checks(r.ctx, name, schema); return err })
	for _, ask := range questions {
		if err := ask(); err != nil && !isAbsent(err) {
			return err
		}
	}
	return nil
}

// found is what the catalogue says of a table, but for its columns and options.
type found struct {
	key         *PrimaryKey
	foreignKeys []*ForeignKey
	indexes     []*Index
	uniques     []*Unique
	checks      []*Check
	comment     *string
}

// isAbsent: the columns were there, but the catalogue has the table under another
// spelling of its name, as SQLite may; what it does not tell is left out.
func isAbsent(err error) bool { return errors.Is(err, exc.NoSuchTableError) }

func (r *reflection) left(name string) bool {
	return len(r.o.Include) > 0 && !slices.Contains(r.o.Include, name) || slices.Contains(r.o.Exclude, name)
}

func (r *reflection) columns() error {
	list, err := r.in.Columns(r.ctx, r.t.Name, r.t.Schema)
	if err != nil {
		return err
	}
	for _, c := range list {
		info := c.Record()
		if err := r.tell(&info); err != nil {
			return err
		}
		name, _ := info.Get("name")
		if n, ok := name.(string); ok && !r.left(n) {
			col := columnOf(n, info)
			r.byName[c.Name] = col
			r.t.ReplaceColumn(col)
		}
	}
	return nil
}

// tell lets the listeners of column_reflect change the record.
func (r *reflection) tell(info *types.Object) error {
	for _, target := range []any{r.t.MetaData, r.t} {
		for _, f := range core.ListenersOf("column_reflect", target) {
			var err error
			switch f := f.(type) {
			case ColumnReflected:
				err = f(r.in, r.t, info)
			case func(*Inspector, *core.Table, *types.Object) error:
				err = f(r.in, r.t, info)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// columnOf makes a column of a record.
func columnOf(name string, info types.Object) *core.Column {
	get := func(key string) any { v, _ := info.Get(key); return v }
	c := core.NewColumn(name, nil)
	c.Schema = core.NewColumnSchema()
	if t, ok := get("type").(types.Type); ok {
		c.Type = t
	}
	if key, ok := get("key").(string); ok {
		c.Key = key
	}
	s := c.Schema
	if nullable, ok := get("nullable").(bool); ok {
		s.Nullable, s.NullableGiven = nullable, true
	}
	if comment, ok := get("comment").(string); ok {
		s.Comment, s.HasComment = comment, true
	}
	switch auto := get("autoincrement").(type) {
	case bool:
		s.Autoincrement = core.AutoincrementOff
		if auto {
			s.Autoincrement = core.AutoincrementOn
		}
	}
	switch d := get("default").(type) {
	case string:
		s.ServerDefault = &core.Default{SQL: &core.Text{SQL: strings.ReplaceAll(d, ":", `\:`)}, Reflected: true}
	case core.Expr:
		s.ServerDefault = &core.Default{SQL: d, Reflected: true}
	case *core.Default:
		s.ServerDefault = d
	}
	if computed, ok := get("computed").(types.Object); ok {
		text, _ := computed.Get("sqltext")
		x := &core.Computed{X: &core.Text{SQL: strings.ReplaceAll(String(text), ":", `\:`)}}
		if p, ok := computed.Get("persisted"); ok {
			if stored, ok := p.(bool); ok {
				x.Persisted = &stored
			}
		}
		s.Computed = x
	}
	if identity, ok := get("identity").(types.Object); ok {
		s.Identity = identityOf(identity)
	}
	return c
}

func identityOf(o types.Object) *core.Identity {
	number := func(key string) *int64 {
		v, ok := o.Get(key)
		if n, is := v.(int64); ok && is {
			return &n
		}
		return nil
	}
	x := &core.Identity{}
	always, _ := o.Get("always")
	x.Always = Bool(always)
	x.Start, x.Increment, x.MinValue, x.MaxValue, x.Cache = number("start"), number("increment"), number("minvalue"), number("maxvalue"), number("cache")
	if cycle, ok := o.Get("cycle"); ok {
		c := Bool(cycle)
		x.Cycle = &c
	}
	return x
}

func (r *reflection) primaryKey() error {
	k := r.found.key
	if k == nil {
		return nil
	}
	cols := slices.DeleteFunc(slices.Clone(r.t.PK.Cols), func(c *core.Column) bool { return !slices.Contains(r.o.Exclude, string(c.Name)) })
	for _, n := range k.Columns {
		if c := r.byName[n]; c != nil && !slices.Contains(r.o.Exclude, n) {
			cols = append(cols, c)
			c.Schema.PrimaryKey = true
		}
	}
	r.t.PK.Cols = cols
	r.t.PK.Name = k.Name
	r.t.PK.DialectArgs = arguments(k.Options)
	return nil
}

// arguments are a record's dialect_options as the arguments of a construct;
// empty ones are left out.
func arguments(o types.Object) map[string]any {
	if o.Len() == 0 {
		return nil
	}
	args := map[string]any{}
	for name, v := range o.All() {
		if list, ok := v.([]any); ok && len(list) == 0 {
			continue
		}
		args[name] = v
	}
	return args
}

// resolved are the columns of those names; false if any is left out.
func (r *reflection) resolved(names []string) ([]*core.Column, bool) {
	cols := make([]*core.Column, len(names))
	for i, n := range names {
		c := r.byName[n]
		if c == nil {
			return nil, false
		}
		cols[i] = c
	}
	return cols, true
}

func pending(cols []*core.Column) core.ColumnSet {
	var s core.ColumnSet
	for _, c := range cols {
		s.Pending = append(s.Pending, c)
	}
	return s
}

func (r *reflection) foreignKeys() error {
	for _, k := range r.found.foreignKeys {
		cols, ok := r.resolved(k.Columns)
		if !ok {
			continue
		}
		referred := k.ReferredTable
		if k.ReferredSchema != "" {
			referred = k.ReferredSchema + "." + referred
		}
		fk := &core.ForeignKeyConstraint{ColumnSet: pending(cols), LinkToName: true}
		fk.Name = k.Name
		for _, n := range k.ReferredColumns {
			fk.RefColumns = append(fk.RefColumns, referred+"."+n)
		}
		if k.Comment != nil {
			fk.Comment = *k.Comment
		}
		foreignKeyOptions(fk, k.Options)
		r.t.Append(fk)
		if r.o.Unresolved {
			continue
		}
		if _, err := r.in.Table(r.ctx, r.t.MetaData, k.ReferredTable, k.ReferredSchema, ReflectOptions{}); err != nil {
			if e := exc.Of(err); e == nil || !e.Class.Derives(exc.NoSuchTableError) {
				return err
			}
			if r.in.Warn != nil {
				r.in.Warn("Could not reflect the table " + referred + " that a foreign key of " + r.t.FullName() + " refers to")
			}
		}
	}
	return nil
}

func foreignKeyOptions(fk *core.ForeignKeyConstraint, o types.Object) {
	for name, v := range o.All() {
		switch name {
		case "ondelete":
			fk.OnDelete = String(v)
		case "onupdate":
			fk.OnUpdate = String(v)
		case "initially":
			fk.Initially = String(v)
		case "match":
			fk.Match = String(v)
		case "deferrable":
			d := Bool(v)
			fk.Deferrable = &d
		}
	}
}

func (r *reflection) indexes() error {
next:
	for _, x := range r.found.indexes {
		if x.DuplicatesConstraint != "" {
			continue
		}
		var items []any
		for i, n := range x.Columns {
			var e core.Expr
			if n == "" {
				if i >= len(x.Expressions) {
					continue next
				}
				e = &core.Text{SQL: strings.ReplaceAll(x.Expressions[i], ":", `\:`)}
			} else if c := r.byName[n]; c != nil {
				e = c
			} else {
				continue next
			}
			key := n
			if key == "" {
				key = x.Expressions[i]
			}
			if words, ok := x.Sorting.Get(key); ok {
				e = sorted(e, words)
			}
			items = append(items, e)
		}
		index := &core.Index{Name: x.Name, Unique: x.Unique, Pending: items, DialectArgs: arguments(x.Options)}
		r.t.Append(index)
	}
	return nil
}

func sorted(e core.Expr, words any) core.Expr {
	list, _ := words.([]any)
	for _, w := range list {
		var op *core.Operator
		switch w {
		case "desc":
			op = core.DescOp
		case "asc":
			op = core.AscOp
		case "nulls_first":
			op = core.NullsFirstOp
		case "nulls_last":
			op = core.NullsLastOp
		default:
			continue
		}
		e = &core.Unary{Op: op, Postfix: true, X: e, Type: e.ExprType(), Wraps: true}
	}
	return e
}

func (r *reflection) uniques() error {
	for _, k := range r.found.uniques {
		cols, ok := r.resolved(k.Columns)
		if !ok || k.DuplicatesIndex != "" {
			continue
		}
		u := &core.UniqueConstraint{ColumnSet: pending(cols)}
		u.Name, u.DialectArgs = k.Name, arguments(k.Options)
		if k.Comment != nil {
			u.Comment = *k.Comment
		}
		r.t.Append(u)
	}
	return nil
}

func (r *reflection) checks() error {
	for _, k := range r.found.checks {
		check := &core.CheckConstraint{X: &core.Text{SQL: strings.ReplaceAll(k.SQLText, ":", `\:`)}}
		check.Name, check.DialectArgs = k.Name, arguments(k.Options)
		if k.Comment != nil {
			check.Comment = *k.Comment
		}
		r.t.Append(check)
	}
	return nil
}

func (r *reflection) comment() error {
	if text := r.found.comment; text != nil {
		r.t.Comment, r.t.HasComment = *text, true
	}
	return nil
}

func (r *reflection) options() error {
	if _, ok := r.in.reader.(OptionReader); !ok {
		return nil
	}
	o, err := r.in.TableOptions(r.ctx, r.t.Name, r.t.Schema)
	if err != nil {
		return err
	}
	for name, v := range o.All() {
		if strings.HasSuffix(name, "_comment") {
			continue // the comment has been told already
		}
		if r.t.DialectArgs == nil {
			r.t.DialectArgs = map[string]any{}
		}
		r.t.DialectArgs[name] = v
	}
	return nil
}

// ReflectAll puts into m all tables of a schema that are not there yet, and
// those that their foreign keys refer to. Each kind of thing is read for all of
// them at once.
func (in *Inspector) ReflectAll(ctx context.Context, m *core.MetaData, o ReflectOptions) error {
	return in.Within(ctx, func() error {
		wanted, err := in.wanted(ctx, o)
		if err != nil {
			return err
		}
		kinds := Tables
		if o.Views {
			kinds = AnyKind
		}
		before := map[*core.Table]bool{} // not those that a foreign key brings along
		for _, t := range m.Tables() {
			before[t] = true
		}
		var load []string
		for _, name := range wanted {
			if _, there := m.Table(fullName(name, o.Schema)); !there || o.Extend {
				load = append(load, name)
			}
		}
		scope := Scope{Schema: o.Schema, Kinds: kinds, Lifetime: AnyLifetime}
		if available, err := in.TableNames(ctx, o.Schema); err != nil {
			return err
		} else if len(load) < len(available) && len(load) <= manyNames {
			scope.Names = load
		}
		if err := in.readAll(ctx, scope); err != nil {
			return err
		}
		for _, name := range wanted {
			if t, there := m.Table(fullName(name, o.Schema)); there {
				if o.Extend && before[t] {
					own := ReflectOptions{Unresolved: o.Unresolved}
					if o.Keep {
						for _, c := range t.Columns().All() {
							own.Exclude = append(own.Exclude, string(c.Name))
						}
					}
					if err := in.Reflect(ctx, t, own); err != nil {
						return err
					}
				}
				continue
			}
			if _, err := in.Table(ctx, m, name, o.Schema, ReflectOptions{Unresolved: o.Unresolved}); err != nil {
				if e := exc.Of(err); e != nil && e.Class.Derives(exc.UnreflectableTableError) {
					if in.Warn != nil {
						in.Warn("Skipping table " + name + ": " + e.Message)
					}
					continue
				}
				return err
			}
		}
		if !o.Views {
			return nil
		}
		return in.markViews(ctx, m, o.Schema)
	})
}

// manyNames is how many tables may be asked for by name; of more, the whole
// schema is read.
const manyNames = 100

func fullName(name, schema string) string {
	if schema != "" {
		return schema + "." + name
	}
	return name
}

// markViews tells views from tables, so that they are dropped as views, and
// before the tables: what each of them reads, no catalogue tells alike.
func (in *Inspector) markViews(ctx context.Context, m *core.MetaData, schema string) error {
	names, err := in.ViewNames(ctx, schema)
	if err != nil {
		return err
	}
	var tables, views []*core.Table
	for _, t := range m.Tables() {
		if t.Schema == schema && slices.Contains(names, t.Name) {
			t.IsView = true
			views = append(views, t)
		} else {
			tables = append(tables, t)
		}
	}
	for _, v := range views {
		if len(v.ExtraDependencies) == 0 {
			v.ExtraDependencies = tables
		}
	}
	return nil
}

// wanted are the names that Only leaves.
func (in *Inspector) wanted(ctx context.Context, o ReflectOptions) ([]string, error) {
	names, err := in.TableNames(ctx, o.Schema)
	if err != nil {
		return nil, err
	}
	names = slices.Clone(names)
	if o.Views {
		for _, more := range []func(context.Context, string) ([]string, error){in.ViewNames, in.MaterializedViewNames} {
			list, err := more(ctx, o.Schema)
			if err != nil {
				return nil, err
			}
			names = append(names, list...)
		}
	}
	switch {
	case o.OnlyIf != nil:
		var kept []string
		for _, n := range names {
			ok, err := o.OnlyIf(n)
			if err != nil {
				return nil, err
			}
			if ok {
				kept = append(kept, n)
			}
		}
		return kept, nil
	case o.HasOnly:
		var missing []string
		for _, n := range o.Only {
			if !slices.Contains(names, n) {
				missing = append(missing, n)
			}
		}
		if len(missing) > 0 {
			schema := ""
			if o.Schema != "" {
				schema = " schema '" + o.Schema + "'"
			}
			return nil, exc.New(exc.InvalidRequestError, "Could not reflect: requested table(s) not available in %s%s: (%s)", in.bound, schema, strings.Join(missing, ", "))
		}
		return o.Only, nil
	}
	return names, nil
}

// readAll reads every kind of thing of a scope into the cache.
func (in *Inspector) readAll(ctx context.Context, s Scope) error {
	for _, read := range []func() error{
		func() error { _, err := in.MultiColumns(ctx, s); return err },
		func() error { _, err := in.MultiPrimaryKeys(ctx, s); return err },
		func() error { _, err := in.MultiForeignKeys(ctx, s); return err },
		func() error { _, err := in.MultiIndexes(ctx, s); return err },
		func() error { _, err := in.MultiUniques(ctx, s); return err },
		func() error { _, err := in.MultiChecks(ctx, s); return err },
		func() error {
			if _, ok := in.reader.(CommentReader); !ok {
				return nil
			}
			_, err := in.MultiComments(ctx, s)
			return err
		},
		func() error { _, err := in.MultiTableOptions(ctx, s); return err },
	} {
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}
