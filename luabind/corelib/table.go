package corelib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// TableItem lets a layer above put its own kinds of values into Table(…), such
// as ORM columns.
type TableItem interface{ SchemaItem() core.SchemaItem }

func schemaItems(a *bind.Args, vs []lua.LValue) []core.SchemaItem {
	var out []core.SchemaItem
	for _, v := range vs {
		if _, ok := bind.IsList(v); ok {
			out = append(out, schemaItems(a, a.ListOf(v))...)
			continue
		}
		switch x := resolve(a.ToGo(v)).(type) {
		case TableItem:
			out = append(out, x.SchemaItem())
		case core.SchemaItem:
			if c, ok := x.(*core.Column); ok && c.Schema == nil { // column(): a name, not a part of a schema
				bind.Fail(exc.ArgumentError, "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got %s", columnRepr(a.Call, c))
			}
			out = append(out, x)
		case nil:
		default:
			bind.Fail(exc.ArgumentError, "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got %s", Describe(a.Call, x))
		}
	}
	return out
}

// Autoload reflects a table's columns; the engine library sets it.
var autoloaders []func(a *bind.Args, t *core.Table, with lua.LValue) error

// OnAutoload says how Table(…, {autoload_with = engine}) reads the database.
func OnAutoload(f func(a *bind.Args, t *core.Table, with lua.LValue) error) {
	autoloaders = append(autoloaders, f)
}

const tableSignature = `Table(name, metadata, *args, schema=nil, quote=nil, quote_schema=nil, autoload_with=nil, autoload_replace=true, autoload=nil, extend_existing=false, keep_existing=false, must_exist=false, implicit_returning=true, include_columns{}=nil, resolve_fks=true, prefixes{}=nil, info{}=nil, comment=nil, listeners{}=nil, **kw)`

func makeTable(a *bind.Args) (any, error) {
	m := bind.Get[*core.MetaData](a, "metadata")
	if a.Bool("keep_existing") && a.Bool("extend_existing") {
		return nil, exc.New(exc.ArgumentError, "keep_existing and extend_existing are mutually exclusive.")
	}
	if m == nil {
		return nil, exc.New(exc.TypeError, "Table() missing a required argument: 'metadata'")
	}
	name, schema := a.String("name"), a.String("schema")
	if !a.Given("schema") {
		schema = m.Schema
	}
	full := name
	if schema != "" {
		full = schema + "." + name
	}
	items := schemaItems(a, a.Rest())
	old, exists := m.Table(full)
	switch {
	case exists && a.Bool("keep_existing"):
		return old, nil
	case exists && !a.Bool("extend_existing") && len(items) == 0:
		return old, nil
	case exists && a.Bool("extend_existing"):
		if s := a.String("schema"); s != "" && s != old.Schema {
			return nil, exc.New(exc.ArgumentError, "Can't change schema of existing table from '%s' to '%s'", old.Schema, s)
		}
		if a.Has("quote") || a.Has("quote_schema") {
			return nil, exc.New(exc.ArgumentError, "Can't redefine 'quote' or 'quote_schema' arguments")
		}
		tableOptions(a, old)
		if a.Has("include_columns") {
			keep := a.Strings("include_columns")
			for _, c := range slices.Clone(old.Columns().All()) {
				if !slices.Contains(keep, string(c.Name)) {
					old.RemoveColumn(c)
				}
			}
		}
		if err := reflectInto(a, old); err != nil {
			return nil, err
		}
		replaceItems(old, items)
		return old, nil
	case !exists && a.Bool("must_exist"):
		return nil, exc.New(exc.InvalidRequestError, "Table '%s' not defined", full)
	}
	if a.Has("autoload_with") {
		t := core.NewTable(name, m, schema)
		tableOptions(a, t)
		if err := listeners(a, t); err != nil {
			return nil, err
		}
		if err := reflectInto(a, t); err != nil {
			m.Remove(t)
			return nil, err
		}
		replaceItems(t, items) // what is written replaces what is reflected
		t.Complete()
		return t, nil
	}
	t := core.NewTable(name, m, schema)
	tableOptions(a, t)
	if err := listeners(a, t); err != nil {
		return nil, err
	}
	if err := fill(t, items, a.Bool("extend_existing") || a.Bool("keep_existing")); err != nil {
		m.Remove(t) // a table that is half made is none
		return nil, err
	}
	t.Complete()
	return t, nil
}

// OnListeners says how a listener of Table(…, {listeners = …}) is registered;
// the engine library sets it.
func OnListeners(f func(a *bind.Args, t *core.Table, event string, fn lua.LValue) error) { listen = f }

var listen func(a *bind.Args, t *core.Table, event string, fn lua.LValue) error

// listeners registers listeners={{"column_reflect", f}, …}.
func listeners(a *bind.Args, t *core.Table) error {
	if !a.Has("listeners") {
		return nil
	}
	for _, v := range a.List("listeners") {
		pair := a.ListOf(v)
		if len(pair) != 2 {
			return exc.New(exc.ArgumentError, "Table(): listeners must be pairs of an event's name and a function")
		}
		if err := listen(a, t, lua.LVAsString(pair[0]), pair[1]); err != nil {
			return err
		}
	}
	return nil
}

// fill gives a new table its items.
func fill(t *core.Table, items []core.SchemaItem, replace bool) (err error) {
	defer exc.Catch(&err)
	if replace {
		replaceItems(t, items)
	} else {
		t.Append(items...)
	}
	return nil
}

func replaceItems(t *core.Table, items []core.SchemaItem) {
	for _, i := range items {
		if c, ok := i.(*core.Column); ok {
			t.ReplaceColumn(c)
			continue
		}
		t.Append(i)
	}
}

func reflectInto(a *bind.Args, t *core.Table) error {
	if !a.Has("autoload_with") {
		return nil
	}
	for _, f := range autoloaders {
		if err := f(a, t, a.Lua("autoload_with")); err != nil {
			return err
		}
	}
	return nil
}

func tableOptions(a *bind.Args, t *core.Table) {
	quoteFrom(a, "name", &t.Quote)
	if b := a.OptBool("quote"); b != nil {
		t.Quote = quoting(*b)
	}
	quoteFrom(a, "schema", &t.SchemaQuote)
	if b := a.OptBool("quote_schema"); b != nil {
		t.SchemaQuote = quoting(*b)
	}
	if a.Has("comment") {
		t.Comment, t.HasComment = a.String("comment"), true
	}
	if a.Has("prefixes") {
		t.Prefixes = a.Strings("prefixes")
	}
	if a.Has("info") {
		t.Info = info(a)
	}
	t.ImplicitReturning = a.Bool("implicit_returning")
	for k, v := range dialectArgs(a, a.Keywords()) {
		if t.DialectArgs == nil {
			t.DialectArgs = map[string]any{}
		}
		t.DialectArgs[k] = v
	}
}

func quoting(b bool) core.Quoting {
	if b {
		return core.QuoteAlways
	}
	return core.QuoteNever
}

var tableClass = bind.Define[*core.Table]("Table", "A table of a MetaData.", FromClause.Class, schemaItemClass.Class).
	Constructor(tableSignature, "Define a table.", `users = Table("users", metadata, Column("id", Integer, {primary_key = true}))`, makeTable).
	Property("name", "Its name.", func(t *core.Table) any { return t.Name }).
	Property("schema", "Its schema.", func(t *core.Table) any { return orNilText(t.Schema) }).
	Property("fullname", "Its name with its schema.", func(t *core.Table) any { return t.FullName() }).
	Property("key", "Its name with its schema.", func(t *core.Table) any { return t.FullName() }).
	Property("metadata", "Its catalogue.", func(t *core.Table) any {
		if t.MetaData == nil {
			return nil
		}
		return t.MetaData
	}).
	Property("primary_key", "Its primary key.", func(t *core.Table) any { return t.PK }).
	Property("constraints", "Its constraints.", func(t *core.Table) any { return t.Constraints }).
	Property("indexes", "Its indexes.", func(t *core.Table) any { return t.Indexes }).
	Property("foreign_keys", "The foreign keys of its columns.", func(t *core.Table) any { return t.ForeignKeys() }).
	Property("foreign_key_constraints", "Its foreign key constraints.", func(t *core.Table) any { return t.ForeignKeyConstraints() }).
	Property("autoincrement_column", "The column that numbers itself.", func(t *core.Table) any {
		if c := t.AutoincrementColumn(); c != nil {
			return c
		}
		return nil
	}).
	Property("comment", "Its comment.", func(t *core.Table) any {
		if !t.HasComment {
			return nil
		}
		return t.Comment
	}).
	Setter(func(c *bind.Call, t *core.Table, v lua.LValue) error {
		text, ok := c.ToGo(v).(string)
		t.Comment, t.HasComment = text, ok
		return nil
	}).
	Property("info", "Anything you keep with it.", func(t *core.Table) any {
		if t.Info == nil {
			t.Info = map[string]any{}
		}
		return t.Info
	}).
	Property("dialect_kwargs", "Options of single databases.", func(t *core.Table) any { return dialectKwargs(t.DialectArgs) }).
	Property("kwargs", "Options of single databases.", func(t *core.Table) any { return dialectKwargs(t.DialectArgs) }).
	Property("dialect_options", "Options of single databases, by database.", func(t *core.Table) any { return dialectOptions(t.DialectArgs) }).
	Property("implicit_returning", "Whether an INSERT may use RETURNING.", func(t *core.Table) any { return t.ImplicitReturning }).
	Property("_prefixes", "What stands between CREATE and TABLE.", func(t *core.Table) any { return t.Prefixes }).
	Property("_autoincrement_column", "The column that numbers itself.", func(t *core.Table) any { return pointer(t.AutoincrementColumn()) }).
	Method("insert()", "INSERT into it.", `users:insert():values{name = "ed"}`, func(t *core.Table, a *bind.Args) (any, error) { return &core.Insert{Table: t}, nil }).
	Method("update(whereclause=nil, values{}=nil)", "UPDATE it.", `users:update():values{name = "ed"}`, func(t *core.Table, a *bind.Args) (any, error) {
		u := &core.Update{Table: t}
		if a.Has("whereclause") {
			u.Criteria = []core.Expr{Expr(a.Call, a.Lua("whereclause"), WhereRole)}
		}
		return u, nil
	}).
	Method("delete(whereclause=nil)", "DELETE from it.", "users:delete():where(users.c.id == 5)", func(t *core.Table, a *bind.Args) (any, error) {
		d := &core.Delete{Table: t}
		if a.Has("whereclause") {
			d.Criteria = []core.Expr{Expr(a.Call, a.Lua("whereclause"), WhereRole)}
		}
		return d, nil
	}).
	Method("append_column(column, replace_existing=false)", "Add a column.", `users:append_column(Column("age", Integer))`, func(t *core.Table, a *bind.Args) (any, error) {
		c := ColumnOf(a.Call, a.Lua("column"))
		if a.Bool("replace_existing") {
			t.ReplaceColumn(c)
			return nil, nil
		}
		err := fill(t, []core.SchemaItem{c}, false)
		if e := exc.Of(err); e != nil && e.Class == exc.DuplicateColumnError {
			return nil, exc.New(e.Class, "%s Specify replace_existing=true to Table.append_column() to replace an existing column.", e.Message)
		}
		return nil, err
	}).
	Method("append_constraint(constraint)", "Add a constraint.", `users:append_constraint(UniqueConstraint("name"))`, func(t *core.Table, a *bind.Args) (any, error) {
		t.Append(bind.Get[core.SchemaItem](a, "constraint"))
		return nil, nil
	}).
	Method("add_is_dependent_on(table)", "Sort it after another table.", "a:add_is_dependent_on(b)", func(t *core.Table, a *bind.Args) (any, error) {
		t.ExtraDependencies = append(t.ExtraDependencies, bind.Get[*core.Table](a, "table"))
		return nil, nil
	}).
	Method("to_metadata(metadata, *, schema=nil, name=nil, referred_schema_fn=nil)", "A copy in another catalogue.", "users:to_metadata(other)", func(t *core.Table, a *bind.Args) (any, error) {
		return copyTable(a, t)
	}).
	Alias("tometadata", "to_metadata").
	With(func(c *bind.Class) {
		c.Repr = func(c *bind.Call, self any) (string, error) { return tableRepr(c, self.(*core.Table)), nil }
		c.Str = func(c *bind.Call, self any) (string, error) { return self.(*core.Table).FullName(), nil }
	})

// NewTable is Table(…) with its arguments in one table: {name, metadata, …,
// key = value}.
func NewTable(c *bind.Call, args *lua.LTable) (*core.Table, error) {
	v, err := tableClass.New.CallWith(c, args)
	if err != nil {
		return nil, err
	}
	t, _ := v.(*core.Table)
	return t, nil
}
