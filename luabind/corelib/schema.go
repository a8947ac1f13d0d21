package corelib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// dialectArgs takes the arguments that are one database's: sqlite_autoincrement,
// postgresql_using. Others are unknown.
func dialectArgs(a *bind.Args, keywords []bind.Keyword) map[string]any {
	var out map[string]any
	for _, k := range keywords {
		prefix, _, ok := strings.Cut(k.Name, "_")
		if !ok || !slices.Contains([]string{"sqlite", "postgresql", "mysql", "mariadb", "oracle", "mssql"}, prefix) {
			bind.Fail(exc.TypeError, "Additional arguments should be named <dialectname>_<argument>, got '%s'%s", k.Name, bind.Suggest(k.Name, a.Parameters()))
		}
		if out == nil {
			out = map[string]any{}
		}
		out[k.Name] = schemaValue(a.Call, k.Value)
	}
	return out
}

// schemaValue is an option of one database: plain, or expressions among it.
func schemaValue(c *bind.Call, v lua.LValue) any {
	x := Value(c, v)
	if o, ok := x.(types.Object); ok {
		m := map[string]any{}
		for k, item := range o.All() {
			m[k] = resolve(item)
		}
		return m
	}
	return x
}

func info(a *bind.Args) map[string]any {
	if !a.Has("info") {
		return nil
	}
	m := map[string]any{}
	if o, ok := a.Any("info").(types.Object); ok {
		for k, v := range o.All() {
			m[k] = v
		}
	}
	return m
}

// constraintOptions reads what all constraints take.
func constraintOptions(a *bind.Args) core.ConstraintOptions {
	o := core.ConstraintOptions{Name: a.String("name"), Initially: a.String("initially"), Deferrable: a.OptBool("deferrable"), Info: info(a)}
	if _, ok := bind.Unwrap[*convName](a.Lua("name")); ok {
		o.Conv = true
	}
	quoteFrom(a, "name", &o.Quote)
	if a.Accepts("comment") {
		o.Comment = a.String("comment")
	}
	o.DialectArgs = dialectArgs(a, a.Keywords())
	return o
}

// names reads columns of a constraint: names, columns, or expressions.
func columnRefs(a *bind.Args, vs []lua.LValue) []any {
	var out []any
	for _, v := range vs {
		if s, ok := v.(lua.LString); ok {
			out = append(out, string(s))
			continue
		}
		x := Value(a.Call, v)
		if t, ok := x.(*core.Text); ok {
			out = append(out, t)
			continue
		}
		e, ok := x.(core.Expr)
		if !ok {
			bind.Fail(exc.ArgumentError, "Column expression or string expected, got %s", Describe(a.Call, x))
		}
		if col, ok := core.Plain(e).(*core.Column); ok {
			out = append(out, col)
			continue
		}
		out = append(out, e)
	}
	return out
}

var metadataClass = bind.Define[*core.MetaData]("MetaData", "A catalogue of tables.").
	Constructor("MetaData(schema=nil, quote_schema=nil, naming_convention{}=nil, info{}=nil)", "Make an empty catalogue.", "metadata = MetaData()", func(a *bind.Args) (any, error) {
		m := core.NewMetaData()
		m.Schema = a.String("schema")
		m.Info = info(a)
		if a.Has("naming_convention") {
			m.NamingConvention = map[string]any{}
			o, _ := a.Any("naming_convention").(types.Object)
			for k, v := range o.All() {
				if cb, ok := v.(*bind.Callback); ok {
					m.NamingConvention[k] = core.ConventionToken(func(item any, table *core.Table) (string, error) {
						v, err := cb.Call1(item, table)
						text, _ := v.(string)
						return text, err
					})
					continue
				}
				m.NamingConvention[k] = v
			}
		}
		return m, nil
	}).
	Property("tables", "Its tables by name.", func(m *core.MetaData) any { return &tableMap{m} }).
	Property("sorted_tables", "Its tables, each after those it refers to.", func(m *core.MetaData) any {
		t, _ := m.Sorted()
		return t
	}).
	Property("schema", "The schema of tables that name none.", func(m *core.MetaData) any { return orNilText(m.Schema) }).
	Property("info", "Anything you keep with it.", func(m *core.MetaData) any {
		if m.Info == nil {
			m.Info = map[string]any{}
		}
		return m.Info
	}).
	Property("naming_convention", "How constraints without names are named.", func(m *core.MetaData) any { return m.NamingConvention }).
	Method("clear()", "Forget all tables.", "metadata:clear()", func(m *core.MetaData, a *bind.Args) (any, error) { m.Clear(); return nil, nil }).
	Method("remove(table)", "Forget a table.", "metadata:remove(users)", func(m *core.MetaData, a *bind.Args) (any, error) {
		m.Remove(bind.Get[*core.Table](a, "table"))
		return nil, nil
	}).
	Method("contains(name)", "Whether it has a table of that name.", `metadata:contains("users")`, func(m *core.MetaData, a *bind.Args) (any, error) {
		if t, ok := a.Any("name").(*core.Table); ok {
			found, ok := m.Table(t.FullName())
			return ok && found == t, nil
		}
		_, ok := m.Table(a.String("name"))
		return ok, nil
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(*bind.Call, any) (string, error) { return "MetaData()", nil }
	})

func orNilText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// tableMap is metadata.tables.
type tableMap struct{ m *core.MetaData }

var tableMapClass = bind.Define[*tableMap]("FacadeDict", "Tables by name.").
	Method("keys()", "The names.", "metadata.tables:keys()", func(t *tableMap, a *bind.Args) (any, error) { return t.m.TableNames(), nil }).
	Method("values()", "The tables.", "metadata.tables:values()", func(t *tableMap, a *bind.Args) (any, error) { return t.m.Tables(), nil }).
	Method("items()", "Pairs of name and table.", "metadata.tables:items()", func(t *tableMap, a *bind.Args) (any, error) {
		var out []any
		for _, x := range t.m.Tables() {
			out = append(out, []any{x.FullName(), x})
		}
		return out, nil
	}).
	Method("get(key, default{}=nil)", "The table of that name, or a default.", `metadata.tables:get("users")`, func(t *tableMap, a *bind.Args) (any, error) {
		if x, ok := t.m.Table(a.String("key")); ok {
			return x, nil
		}
		return a.Lua("default"), nil
	}).
	With(func(c *bind.Class) {
		c.AttrFirst = true
		c.What = "table"
		c.Path = func(any) string { return "metadata.tables" }
		c.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
			m := self.(*tableMap).m
			t, ok := m.Table(name)
			if ok || m.Missing == nil || c.Peeking() {
				return t, ok, nil
			}
			t, err := m.Missing(c.Context(), name)
			return t, t != nil, err
		}
		c.AttrNames = func(self any) []string { return self.(*tableMap).m.TableNames() }
		c.Len = func(_ *bind.Call, self any) (int, error) { return len(self.(*tableMap).m.Tables()), nil }
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			return iterate(self.(*tableMap).m.TableNames()), nil
		}
		c.Repr = func(c *bind.Call, self any) (string, error) {
			text := "FacadeDict({"
			for i, t := range self.(*tableMap).m.Tables() {
				if i > 0 {
					text += ", "
				}
				text += types.Quote(t.FullName()) + ": " + c.ReprGo(t)
			}
			return text + "})", nil
		}
	})

func iterate[T any](items []T) func() (any, bool, error) {
	i := 0
	return func() (any, bool, error) {
		if i >= len(items) {
			return nil, false, nil
		}
		i++
		return items[i-1], true, nil
	}
}

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
	case exists && !a.Bool("extend_existing") && len(items) == 0 && !a.Has("autoload_with"):
		return old, nil
	case exists && a.Bool("extend_existing"):
		for _, i := range items {
			if c, ok := i.(*core.Column); ok {
				old.ReplaceColumn(c)
				continue
			}
			old.Append(i)
		}
		tableOptions(a, old)
		return old, reflectInto(a, old)
	case !exists && a.Bool("must_exist"):
		return nil, exc.New(exc.InvalidRequestError, "Table '%s' not defined", full)
	}
	if a.Has("autoload_with") {
		t := core.NewTable(name, m, schema)
		tableOptions(a, t)
		if err := reflectInto(a, t); err != nil {
			m.Remove(t)
			return nil, err
		}
		for _, i := range items { // what is written replaces what is reflected
			if c, ok := i.(*core.Column); ok {
				t.ReplaceColumn(c)
				continue
			}
			t.Append(i)
		}
		return t, nil
	}
	t := core.NewTable(name, m, schema, items...)
	tableOptions(a, t)
	return t, nil
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

var tableClass = bind.Define[*core.Table]("Table", "A table of a MetaData.", FromClause.Class).
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
	Property("dialect_kwargs", "Options of single databases.", func(t *core.Table) any { return t.DialectArgs }).
	Property("kwargs", "Options of single databases.", func(t *core.Table) any { return t.DialectArgs }).
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
		} else {
			t.Append(c)
		}
		return nil, nil
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

func tableRepr(c *bind.Call, t *core.Table) string {
	parts := []string{types.Quote(t.Name), "MetaData()"}
	for _, col := range t.Columns().All() {
		parts = append(parts, columnRepr(c, col))
	}
	schema := "nil"
	if t.Schema != "" {
		schema = types.Quote(t.Schema)
	}
	if t.Lightweight {
		parts = parts[:1]
		for _, col := range t.Columns().All() {
			parts = append(parts, columnRepr(c, col))
		}
		return "TableClause(" + strings.Join(parts, ", ") + ")"
	}
	return "Table(" + strings.Join(append(parts, "schema="+schema), ", ") + ")"
}

func columnRepr(c *bind.Call, col *core.Column) string {
	var anon core.AnonNames
	name := anon.Resolve(col.Name)
	if col.Schema == nil {
		return "<sqlalchemy.sql.elements.ColumnClause; " + name + ">"
	}
	s := col.Schema
	parts := []string{types.Quote(name), col.ExprType().String()}
	for _, fk := range s.ForeignKeys {
		parts = append(parts, foreignKeyRepr(fk))
	}
	for _, k := range s.Constraints {
		parts = append(parts, c.ReprGo(k))
	}
	if t, ok := col.Table.(*core.Table); ok {
		parts = append(parts, "table=<"+t.Name+">")
	} else if s != nil && col.Table == nil {
		parts = append(parts, "table=nil")
	}
	if col.Key != "" && col.Key != name {
		parts = append(parts, "key="+types.Quote(col.Key))
	}
	if s.PrimaryKey {
		parts = append(parts, "primary_key=true")
	}
	if !s.Nullable {
		parts = append(parts, "nullable=false")
	}
	if s.OnUpdate != nil {
		parts = append(parts, "onupdate="+defaultRepr(c, s.OnUpdate))
	}
	if s.Default != nil {
		parts = append(parts, "default="+defaultRepr(c, s.Default))
	}
	if s.ServerDefault != nil {
		parts = append(parts, "server_default="+serverDefaultRepr(c, s.ServerDefault))
	}
	if s.HasComment {
		parts = append(parts, "comment="+types.Quote(s.Comment))
	}
	return "Column(" + strings.Join(parts, ", ") + ")"
}

func defaultRepr(c *bind.Call, d *core.Default) string {
	switch {
	case d.Sequence != nil:
		return "Sequence(" + types.Quote(d.Sequence.Name) + ")"
	case d.Func != nil:
		return "CallableColumnDefault(" + c.ReprGo(d.Arg) + ")"
	case d.SQL != nil:
		return "ColumnElementColumnDefault(" + c.ReprGo(d.SQL) + ")"
	}
	return "ScalarElementColumnDefault(" + c.ReprGo(d.Value) + ")"
}

func serverDefaultRepr(c *bind.Call, d *core.Default) string {
	switch {
	case d.Fetched && d.SQL == nil && !d.HasText:
		return "FetchedValue()"
	case d.HasText:
		return "DefaultClause(" + types.Quote(d.Text) + ", for_update=false)"
	}
	return "DefaultClause(" + c.ReprGo(d.SQL) + ", for_update=false)"
}

func foreignKeyRepr(fk *core.ForeignKey) string { return "ForeignKey(" + types.Quote(fk.Spec()) + ")" }

const columnSignature = `Column(name=nil, type_=nil, *args, key=nil, primary_key=false, nullable=nil, default{!}=nil, insert_default{!}=nil, onupdate{!}=nil, server_default{!}=nil, server_onupdate{!}=nil, autoincrement="auto", index=nil, unique=nil, quote=nil, system=false, comment=nil, doc=nil, info{}=nil, sort_order=0, init=nil, repr=nil, **kw)`

// MakeColumn is Column(…): the ORM's mapped_column() reads the same arguments.
func MakeColumn(a *bind.Args) (*core.Column, error) {
	c := core.NewColumn("", nil)
	c.Schema = core.NewColumnSchema()
	s := c.Schema
	var items []lua.LValue
	name, typ := a.Lua("name"), a.Lua("type_")
	items = append(items, a.Rest()...)
	// Column("id", ForeignKey(…)), Column(Integer), Column(ForeignKey(…)).
	if _, text := name.(lua.LString); !text && name != lua.LNil {
		if _, quoted := bind.Unwrap[*quotedName](name); !quoted {
			if isType(name) {
				if typ != lua.LNil {
					items = append([]lua.LValue{typ}, items...)
				}
				typ = name
			} else {
				if typ != lua.LNil {
					items = append([]lua.LValue{name, typ}, items...)
				} else {
					items = append([]lua.LValue{name}, items...)
				}
				typ = lua.LNil
			}
			name = lua.LNil
		}
	}
	if typ != lua.LNil && !isType(typ) {
		items = append([]lua.LValue{typ}, items...)
		typ = lua.LNil
	}
	if typ == lua.LNil { // the type may stand among the rest: Column("x", ForeignKey(…), Integer)
		for i, v := range items {
			if isType(v) {
				typ = v
				items = slices.Delete(slices.Clone(items), i, i+1)
				break
			}
		}
	}
	if name != lua.LNil {
		text, _ := a.ToGo(name).(string)
		if q, ok := bind.Unwrap[*quotedName](name); ok {
			text, c.Quote = q.text, q.quote
		}
		c.Name, c.Key = core.Name(text), text
	}
	if t := TypeOf(a.Call, typ); t != nil {
		c.Type = t
	} else {
		s.TypePending = true
	}
	if a.Has("key") {
		c.Key = a.String("key")
	}
	if b := a.OptBool("quote"); b != nil {
		c.Quote = quoting(*b)
	}
	s.PrimaryKey = a.Bool("primary_key")
	s.Nullable = !s.PrimaryKey
	if b := a.OptBool("nullable"); b != nil {
		s.Nullable, s.NullableGiven = *b, true
	}
	s.Unique, s.Index, s.System = a.Bool("unique"), a.Bool("index"), a.Bool("system")
	switch v := a.Any("autoincrement").(type) {
	case bool:
		s.Autoincrement = core.AutoincrementOff
		if v {
			s.Autoincrement = core.AutoincrementOn
		}
	case string:
		switch v {
		case "auto":
		case "ignore_fk":
			s.Autoincrement = core.AutoincrementIgnoreFK
		default:
			return nil, exc.New(exc.ArgumentError, "Column(): autoincrement must be true, false, \"auto\" or \"ignore_fk\"")
		}
	}
	if a.Has("comment") {
		s.Comment, s.HasComment = a.String("comment"), true
	}
	s.Doc = a.String("doc")
	s.Info = info(a)
	s.DialectArgs = dialectArgs(a, a.Keywords())
	if a.Given("insert_default") {
		s.Default = columnDefault(a, a.Lua("insert_default"), false)
	} else if a.Given("default") {
		s.Default = columnDefault(a, a.Lua("default"), false)
	}
	if a.Given("onupdate") {
		s.OnUpdate = columnDefault(a, a.Lua("onupdate"), true)
	}
	if a.Has("server_default") {
		placeServerDefault(s, serverDefault(a, a.Lua("server_default")), false)
	}
	if a.Has("server_onupdate") {
		placeServerDefault(s, serverDefault(a, a.Lua("server_onupdate")), true)
	}
	for _, v := range items {
		switch x := a.ToGo(v).(type) {
		case *core.ForeignKey:
			s.ForeignKeys = append(s.ForeignKeys, x)
		case *core.CheckConstraint:
			s.Constraints = append(s.Constraints, x)
		case *core.Sequence:
			s.Default = &core.Default{Sequence: x, Arg: x}
			x.Column = c
		case *core.Identity:
			s.Identity = x
			x.Column = c
			if !s.NullableGiven {
				s.Nullable = false
			}
		case *core.Computed:
			s.Computed = x
		case *serverDefaultArg:
			placeServerDefault(s, x.d, x.forUpdate)
		case *core.Default:
			if x.OnUpdate {
				s.OnUpdate = x
			} else {
				s.Default = x
			}
		case core.Constraint:
			s.Constraints = append(s.Constraints, x)
		case nil:
		case string:
			return nil, exc.New(exc.ArgumentError, "May not pass name positionally and as a keyword: %s", types.Quote(x))
		default:
			return nil, exc.New(exc.ArgumentError, "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got %s", Describe(a.Call, x))
		}
	}
	if s.TypePending && len(s.ForeignKeys) == 0 {
		s.TypePending = false
	}
	return c, nil
}

func placeServerDefault(s *core.ColumnSchema, d any, onUpdate bool) {
	switch d := d.(type) {
	case *core.Default:
		if onUpdate {
			s.ServerOnUpd = d
		} else {
			s.ServerDefault = d
		}
	case *core.Identity:
		s.Identity = d
	case *core.Computed:
		s.Computed = d
	}
}

// columnDefault reads default= and onupdate=: a value, a function, an
// expression or a sequence.
func columnDefault(a *bind.Args, v lua.LValue, onUpdate bool) *core.Default {
	d := &core.Default{OnUpdate: onUpdate, Arg: a.ToGo(v)}
	switch x := v.(type) {
	case *lua.LNilType:
		return nil
	case *lua.LFunction:
		cb, _ := a.CallbackOf(x)
		d.Func = func(ctx core.DefaultContext) (any, error) {
			var args []any
			if !x.IsG { // datetime.utcnow and the like want no context
				args = []any{ctx}
			}
			r, err := cb.Call(args...)
			if err != nil || len(r) == 0 {
				return nil, err
			}
			return Value(a.Call, r[0]), nil
		}
		return d
	}
	switch x := Value(a.Call, v).(type) {
	case *core.Default:
		return x
	case *core.Sequence:
		d.Sequence = x
	case core.Expr:
		d.SQL = x
	case core.Query:
		d.SQL = scalarSelect(x)
	case *bind.Class: // default = uuid4, dict, list …: a class is called
		cb, ok := a.CallbackOf(v)
		if ok {
			d.Func = func(core.DefaultContext) (any, error) { return cb.Call1() }
		}
	default:
		d.Value, d.HasValue = x, true
	}
	return d
}

// serverDefault reads server_default=.
func serverDefault(a *bind.Args, v lua.LValue) any {
	switch x := Value(a.Call, v).(type) {
	case string:
		return &core.Default{Text: x, HasText: true, Arg: x}
	case bool:
		if x { // FetchedValue's older spelling
			return &core.Default{Fetched: true}
		}
		return nil
	case *serverDefaultArg:
		return x.d
	case *core.Identity, *core.Computed, *core.Default:
		return x
	case core.Expr:
		return &core.Default{SQL: x, Arg: x}
	case *core.Sequence:
		return &core.Default{SQL: &core.NextValue{Sequence: x}, Arg: x}
	default:
		bind.Fail(exc.ArgumentError, "Argument 'arg' is expected to be one of type 'string', 'ClauseElement' or 'TextClause', got %s", Describe(a.Call, x))
	}
	return nil
}

// serverDefaultArg is FetchedValue() or DefaultClause(…).
type serverDefaultArg struct {
	d         *core.Default
	forUpdate bool
}

var defaultClass = bind.Define[*serverDefaultArg]("FetchedValue", "A default that the database makes.").
	Constructor("FetchedValue(for_update=false)", "A default that the database makes, by a trigger perhaps.", `Column("at", DateTime, {server_default = FetchedValue()})`, func(a *bind.Args) (any, error) {
		return &serverDefaultArg{&core.Default{Fetched: true}, a.Bool("for_update")}, nil
	}).
	Property("arg", "What it is made of.", func(d *serverDefaultArg) any { return d.d.Arg })

// columnDefaultClass is what column.default is.
var columnDefaultClass = bind.Define[*core.Default]("ColumnDefault", "The default of a column.").
	Property("arg", "The value, function, expression or text.", func(d *core.Default) any {
		switch {
		case d.SQL != nil:
			return d.SQL
		case d.HasText:
			return d.Text
		case d.Sequence != nil:
			return d.Sequence
		}
		return d.Arg
	}).
	Property("is_scalar", "Whether it is a plain value.", func(d *core.Default) any { return d.HasValue }).
	Property("is_callable", "Whether it is a function.", func(d *core.Default) any { return d.Func != nil }).
	Property("is_clause_element", "Whether it is an expression.", func(d *core.Default) any { return d.SQL != nil }).
	Property("is_sequence", "Whether it is a sequence.", func(d *core.Default) any { return d.Sequence != nil }).
	Property("for_update", "Whether it is for UPDATE.", func(d *core.Default) any { return d.OnUpdate }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(c *bind.Call, self any) (string, error) {
			d := self.(*core.Default)
			if d.HasText || d.Fetched {
				return serverDefaultRepr(c, d), nil
			}
			return defaultRepr(c, d), nil
		}
	})

func schemaOf(c *core.Column) *core.ColumnSchema {
	if c.Schema != nil {
		return c.Schema
	}
	if b := c.Base(); b.Schema != nil {
		return b.Schema
	}
	return &core.ColumnSchema{Nullable: true}
}

func pointer[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}

var columnClass = bind.Define[*core.Column]("Column", "A column.", ColumnElement.Class).
	Constructor(columnSignature, "Define a column.", `Column("id", Integer, {primary_key = true})`, func(a *bind.Args) (any, error) { return MakeColumn(a) }).
	Property("name", "Its name.", func(c *core.Column) any {
		var anon core.AnonNames
		if c.Name == "" {
			return nil
		}
		return anon.Resolve(c.Name)
	}).
	Property("key", "The name by which its collection has it.", func(c *core.Column) any { return orNilText(c.Key) }).
	Property("table", "Its table.", func(c *core.Column) any {
		if c.Table == nil {
			return nil
		}
		return c.Table
	}).
	Property("nullable", "Whether it may be NULL.", func(c *core.Column) any { return schemaOf(c).Nullable }).
	Property("primary_key", "Whether it is part of the primary key.", func(c *core.Column) any { return c.PrimaryKey() }).
	Property("unique", "Whether it was made unique.", func(c *core.Column) any { return boolOrNil(schemaOf(c).Unique) }).
	Property("index", "Whether it was given an index.", func(c *core.Column) any { return boolOrNil(schemaOf(c).Index) }).
	Property("system", "Whether the database itself makes it.", func(c *core.Column) any { return schemaOf(c).System }).
	Property("autoincrement", "Whether it numbers itself.", func(c *core.Column) any {
		switch schemaOf(c).Autoincrement {
		case core.AutoincrementOn:
			return true
		case core.AutoincrementOff:
			return false
		case core.AutoincrementIgnoreFK:
			return "ignore_fk"
		}
		return "auto"
	}).
	Property("default", "Its default.", func(c *core.Column) any { return pointer(schemaOf(c).Default) }).
	Property("onupdate", "Its value at UPDATE.", func(c *core.Column) any { return pointer(schemaOf(c).OnUpdate) }).
	Property("server_default", "The default that the database makes.", func(c *core.Column) any {
		s := schemaOf(c)
		switch {
		case s.ServerDefault != nil:
			return s.ServerDefault
		case s.Identity != nil:
			return s.Identity
		case s.Computed != nil:
			return s.Computed
		}
		return nil
	}).
	Property("server_onupdate", "The value that the database makes at UPDATE.", func(c *core.Column) any { return pointer(schemaOf(c).ServerOnUpd) }).
	Property("identity", "Its GENERATED AS IDENTITY.", func(c *core.Column) any { return pointer(schemaOf(c).Identity) }).
	Property("computed", "Its GENERATED ALWAYS AS.", func(c *core.Column) any { return pointer(schemaOf(c).Computed) }).
	Property("foreign_keys", "Its foreign keys.", func(c *core.Column) any { return c.ForeignKeys() }).
	Property("constraints", "The constraints written with it.", func(c *core.Column) any { return schemaOf(c).Constraints }).
	Property("base_columns", "The columns that it finally stands for.", func(c *core.Column) any { return []any{c.Base()} }).
	Property("comment", "Its comment.", func(c *core.Column) any {
		if s := schemaOf(c); s.HasComment {
			return s.Comment
		}
		return nil
	}).
	Property("doc", "Its documentation.", func(c *core.Column) any { return orNilText(schemaOf(c).Doc) }).
	Property("info", "Anything you keep with it.", func(c *core.Column) any {
		s := schemaOf(c)
		if s.Info == nil {
			s.Info = map[string]any{}
		}
		return s.Info
	}).
	Method("references(column)", "Whether a foreign key of it refers to a column.", "a.c.user_id:references(users.c.id)", func(c *core.Column, a *bind.Args) (any, error) {
		other := ColumnOf(a.Call, a.Lua("column"))
		for _, fk := range c.ForeignKeys() {
			target, err := fk.Resolve()
			if err != nil {
				return nil, err
			}
			if target == other {
				return true, nil
			}
		}
		return false, nil
	}).
	Method("copy()", "A copy that is in no table.", "c:copy()", func(c *core.Column, a *bind.Args) (any, error) { return CopyColumn(c), nil }).
	Alias("_copy", "copy").
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(c *bind.Call, self any) (string, error) { return columnRepr(c, self.(*core.Column)), nil }
		c.Path = func(self any) string {
			c := self.(*core.Column)
			if c.Table != nil {
				if n, ok := core.FromName(c.Table); ok && !n.IsAnonymous() {
					return string(n) + ".c." + string(c.Name)
				}
			}
			return string(c.Name)
		}
	})

func boolOrNil(b bool) any {
	if !b {
		return nil
	}
	return true
}

// CopyColumn is a column like c that is in no table: for mixins and to_metadata.
func CopyColumn(c *core.Column) *core.Column {
	n := &core.Column{Name: c.Name, Key: c.Key, Type: c.Type, Quote: c.Quote, Literal: c.Literal}
	if c.Schema == nil {
		return n
	}
	s := *c.Schema
	s.ForeignKeys = nil
	for _, fk := range c.Schema.ForeignKeys {
		if fk.Constraint != nil && !fk.Constraint.Inline {
			continue
		}
		s.ForeignKeys = append(s.ForeignKeys, &core.ForeignKey{Target: fk.Target, Options: fk.Options, OnDelete: fk.OnDelete, OnUpdate: fk.OnUpdate,
			Match: fk.Match, UseAlter: fk.UseAlter, LinkToName: fk.LinkToName})
	}
	s.Constraints = nil
	for _, k := range c.Schema.Constraints {
		if ck, ok := k.(*core.CheckConstraint); ok {
			s.Constraints = append(s.Constraints, &core.CheckConstraint{ConstraintOptions: ck.ConstraintOptions, X: ck.X})
		}
	}
	n.Schema = &s
	return n
}

// copyTable is to_metadata().
func copyTable(a *bind.Args, t *core.Table) (any, error) {
	m := bind.Get[*core.MetaData](a, "metadata")
	name, schema := t.Name, t.Schema
	if a.Has("name") {
		name = a.String("name")
	}
	if a.Given("schema") {
		schema = a.String("schema")
	} else if t.MetaData != nil && schema == t.MetaData.Schema && m.Schema != "" {
		schema = m.Schema
	}
	full := name
	if schema != "" {
		full = schema + "." + name
	}
	if old, ok := m.Table(full); ok {
		return old, nil
	}
	var items []core.SchemaItem
	for _, c := range t.Columns().All() {
		n := CopyColumn(c)
		n.Schema.Unique = c.Schema.Unique
		for _, fk := range n.Schema.ForeignKeys {
			fk.Target = movedTarget(fk.Spec(), t.Schema, schema)
		}
		items = append(items, n)
	}
	for _, k := range t.Constraints {
		switch k := k.(type) {
		case *core.UniqueConstraint:
			if !k.FromColumn {
				items = append(items, &core.UniqueConstraint{ConstraintOptions: k.ConstraintOptions, ColumnSet: core.ColumnSet{Pending: keysOf(k.Cols)}})
			}
		case *core.CheckConstraint:
			if k.OfColumn == nil && !k.OfType {
				items = append(items, &core.CheckConstraint{ConstraintOptions: k.ConstraintOptions, X: k.X})
			}
		case *core.PrimaryKeyConstraint:
			if !k.Implicit {
				items = append(items, &core.PrimaryKeyConstraint{ConstraintOptions: k.ConstraintOptions, ColumnSet: core.ColumnSet{Pending: keysOf(k.Cols)}})
			}
		case *core.ForeignKeyConstraint:
			if !k.Inline {
				n := &core.ForeignKeyConstraint{ConstraintOptions: k.ConstraintOptions, ColumnSet: core.ColumnSet{Pending: keysOf(k.Cols)},
					OnDelete: k.OnDelete, OnUpdate: k.OnUpdate, Match: k.Match, UseAlter: k.UseAlter, LinkToName: k.LinkToName}
				for _, e := range k.Elements {
					n.RefColumns = append(n.RefColumns, movedTarget(e.Spec(), t.Schema, schema))
				}
				items = append(items, n)
			}
		}
	}
	n := core.NewTable(name, m, schema, items...)
	n.Quote, n.Comment, n.HasComment, n.Prefixes, n.Info, n.DialectArgs = t.Quote, t.Comment, t.HasComment, t.Prefixes, t.Info, t.DialectArgs
	for _, ix := range t.Indexes {
		if ix.FromColumn {
			continue
		}
		var pending []any
		for _, e := range ix.Exprs {
			if c, ok := e.(*core.Column); ok {
				pending = append(pending, c.Key)
			}
		}
		n.Append(&core.Index{Name: ix.Name, Unique: ix.Unique, Pending: pending, DialectArgs: ix.DialectArgs, Quote: ix.Quote})
	}
	return n, nil
}

// movedTarget follows a reference to a table of the same schema into the new one.
func movedTarget(spec, old, now string) string {
	if old == now {
		return spec
	}
	parts := strings.Split(spec, ".")
	switch {
	case old == "" && len(parts) == 2 && now != "":
		return now + "." + spec
	case old != "" && strings.HasPrefix(spec, old+"."):
		rest := strings.TrimPrefix(spec, old+".")
		if now == "" {
			return rest
		}
		return now + "." + rest
	}
	return spec
}

func keysOf(cols []*core.Column) []any {
	out := make([]any, len(cols))
	for i, c := range cols {
		out[i] = c.Key
	}
	return out
}

func installSchema(s *bind.State) {
	s.Register(tableMapClass.Class, columnDefaultClass.Class)
	s.Global(metadataClass.Class, tableClass.Class, columnClass.Class, primaryKeyClass.Class, uniqueClass.Class, checkClass.Class,
		foreignKeyConstraintClass.Class, foreignKeyClass.Class, indexClass.Class, sequenceClass.Class, identityClass.Class, computedClass.Class, defaultClass.Class)
	s.Global(
		bind.Func("DefaultClause(arg, for_update=false)", "A server default with its text.", `DefaultClause("5")`, func(a *bind.Args) (any, error) {
			d, _ := serverDefault(a, a.Lua("arg")).(*core.Default)
			return &serverDefaultArg{d, a.Bool("for_update")}, nil
		}),
		bind.Func("ColumnDefault(arg{!})", "A default as an object.", `ColumnDefault(5)`, func(a *bind.Args) (any, error) {
			return columnDefault(a, a.Lua("arg"), false), nil
		}),
		bind.Func("sort_tables(tables{})", "Tables, each after those it refers to.", "sort_tables({a, b})", func(a *bind.Args) (any, error) {
			var ts []*core.Table
			for _, v := range a.List("tables") {
				t, ok := Value(a.Call, v).(*core.Table)
				if !ok {
					return nil, exc.New(exc.ArgumentError, "sort_tables() takes tables")
				}
				ts = append(ts, t)
			}
			sorted, _ := core.SortTables(ts)
			return sorted, nil
		}),
	)
	installDDL(s)
}

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
