package corelib

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/compile"
	_ "alchemysh/core/ddl" // so that DDL statements compile
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/dialect/mysql"
	"alchemysh/dialect/postgresql"
	"alchemysh/dialect/sqlite"
	"alchemysh/luabind/bind"
)

// DialectHolder is something that has a dialect: an engine, a connection, a session.
type DialectHolder interface{ SQLDialect() compile.Dialect }

func defaultDialect() compile.Dialect { return compile.Default() }

// dialectOf makes the dialect of a name; nil for an unknown one.
func dialectOf(name string) any {
	switch name {
	case "sqlite":
		return sqlite.New()
	case "postgresql":
		return postgresql.New()
	case "mysql", "mariadb":
		return mysql.New(name)
	}
	return nil
}

func asDialect(v any) compile.Dialect {
	switch v := v.(type) {
	case compile.Dialect:
		return v
	case DialectHolder:
		return v.SQLDialect()
	}
	return nil
}

// dialectArg reads a dialect: one that was made, or an engine's.
func dialectArg(a *bind.Args, name string) compile.Dialect {
	if !a.Has(name) {
		return defaultDialect()
	}
	v := a.Any(name)
	if d := asDialect(v); d != nil {
		return d
	}
	bind.Fail(exc.ArgumentError, "%s(): expected a dialect or an engine, got %s", a.Name(), a.Repr(a.L, a.Lua(name)))
	return nil
}

// ownDialect is the dialect in which a statement prints: that of the database
// whose construct is in it.
func ownDialect(n core.Node) compile.Dialect {
	var d compile.Dialect
	if s, ok := n.(*core.Insert); ok && s.Upsert != nil {
		d = asDialect(dialectOf(s.Upsert.Kind))
	}
	if d == nil {
		if kind := ddlDialect(n); kind != "" {
			d = asDialect(dialectOf(kind))
		}
	}
	if d == nil {
		return defaultDialect()
	}
	return d
}

// ddlDialect names the database whose own DDL a statement is.
func ddlDialect(n core.Node) string {
	switch n.(type) {
	case *core.CreateType, *core.DropType:
		return "postgresql"
	}
	return ""
}

func stringify(n core.Node) (string, error) {
	n, err := written(n)
	if err != nil {
		return "", err
	}
	if c, ok := n.(*core.Column); ok && c.Schema != nil { // a table's column is shown by its names, never quoted
		if t, ok := c.Table.(*core.Table); ok {
			return t.Name + "." + string(c.Name), nil
		}
		if c.Table == nil {
			return string(c.Name), nil
		}
	}
	c, err := compile.Compile(ownDialect(n), n, compile.Options{})
	if err != nil {
		return "", err
	}
	return c.String(), nil
}

func compileNode(n core.Node, a *bind.Args) (any, error) {
	n, err := written(n)
	if err != nil {
		return nil, err
	}
	d := ownDialect(n)
	for _, name := range []string{"dialect", "bind"} {
		if a.Has(name) {
			d = dialectArg(a, name)
		}
	}
	o := compile.Options{Executemany: a.Bool("for_executemany")}
	if kw, ok := a.Any("compile_kwargs").(types.Object); ok {
		for name, v := range kw.All() {
			truth, _ := v.(bool)
			switch name {
			case "literal_binds":
				o.LiteralBinds = truth
			case "render_postcompile":
				o.RenderPostcompile = truth
			}
		}
	}
	if a.Has("column_keys") {
		o.ColumnKeys, o.HasColumnKeys = a.Strings("column_keys"), true
	}
	if a.Has("schema_translate_map") {
		o.SchemaTranslate = compile.TranslateMap(ExecutionOption(a.Call, "schema_translate_map", a.Lua("schema_translate_map")), d)
	}
	c, err := compile.Compile(d, n, o)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// compiledClass is the class of compiled statements.
var compiledClass = bind.Define[*compile.Compiled]("Compiled", "A statement as SQL for one database.").
	Property("string", "The SQL.", func(c *compile.Compiled) any { return c.String() }).
	Property("params", "The values of the parameters by name.", func(c *compile.Compiled) any { return paramsOf(c) }).
	Property("positiontup", "The names of the parameters in order, where they go by position.", func(c *compile.Compiled) any {
		if names := c.PositionTuple(); names != nil {
			return names
		}
		return nil
	}).
	Property("statement", "The statement.", func(c *compile.Compiled) any { return c.Statement }).
	Property("dialect", "The dialect.", func(c *compile.Compiled) any { return c.Dialect }).
	Property("bind_names", "The names of the parameters.", func(c *compile.Compiled) any {
		names, _ := c.Defaults()
		return names
	}).
	Property("isinsert", "Whether it is an INSERT.", func(c *compile.Compiled) any { return c.Kind == compile.InsertKind }).
	Property("isupdate", "Whether it is an UPDATE.", func(c *compile.Compiled) any { return c.Kind == compile.UpdateKind }).
	Property("isdelete", "Whether it is a DELETE.", func(c *compile.Compiled) any { return c.Kind == compile.DeleteKind }).
	Property("isddl", "Whether it changes the schema.", func(c *compile.Compiled) any { return c.Kind == compile.DDLKind }).
	Method("construct_params(params{!}=nil, *, _check=true)", "The values of the parameters, with others laid over them.", "compiled:construct_params{id = 5}", func(c *compile.Compiled, a *bind.Args) (any, error) {
		o := paramsOf(c)
		if over, ok := a.Any("params").(types.Object); ok {
			for name, v := range over.All() {
				if _, known := o.Get(name); known {
					o.Set(name, v)
				}
			}
		}
		if a.Bool("_check") {
			for _, p := range c.Params {
				if v, _ := o.Get(p.Name); p.Bind.Required && v == nil {
					return nil, exc.New(exc.InvalidRequestError, "A value is required for bind parameter %s", types.Quote(p.Name))
				}
			}
		}
		return o, nil
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Str = func(_ *bind.Call, self any) (string, error) { return self.(*compile.Compiled).String(), nil }
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return fmt.Sprintf("<Compiled %s>", self.(*compile.Compiled).Dialect.Name()), nil
		}
	})

func paramsOf(c *compile.Compiled) types.Object {
	var o types.Object
	names, values := c.Defaults()
	for i, n := range names {
		o.Set(n, values[i])
	}
	return o
}

// Dialect is dialectClass, for packages that know more of dialects.
var Dialect = dialectClass.Class

// dialectClass is the class of dialects.
var dialectClass = bind.Define[compile.Dialect]("Dialect", "A database's dialect.").
	Property("name", "Its name.", func(d compile.Dialect) any { return d.Name() }).
	Property("driver", "Its driver's name in SQLAlchemy.", func(d compile.Dialect) any {
		return map[string]string{"sqlite": "pysqlite", "postgresql": "psycopg2", "mysql": "pymysql", "mariadb": "pymysql"}[d.Name()]
	}).
	Property("paramstyle", "How parameters are written.", func(d compile.Dialect) any {
		return map[compile.ParamStyle]string{compile.QMark: "qmark", compile.PyFormat: "pyformat", compile.Format: "format", compile.Named: "named"}[d.Features().Style]
	}).
	Property("max_identifier_length", "The longest name.", func(d compile.Dialect) any { return d.Features().MaxIdentifier }).
	Property("identifier_preparer", "What quotes names.", func(d compile.Dialect) any { return &preparer{d} }).
	With(func(c *bind.Class) {
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return "<" + self.(compile.Dialect).Name() + " dialect>", nil
		}
	})

// preparer is dialect.identifier_preparer.
type preparer struct{ d compile.Dialect }

var preparerClass = bind.Define[*preparer]("IdentifierPreparer", "What quotes names.").
	Method("quote(ident)", "The name, quoted where needed.", `preparer:quote("Name")`, func(p *preparer, a *bind.Args) (any, error) {
		return p.d.Quoting().Identifier(a.String("ident")), nil
	}).
	Method("quote_identifier(value)", "The name, quoted.", `preparer:quote_identifier("Name")`, func(p *preparer, a *bind.Args) (any, error) {
		return p.d.Quoting().Force(a.String("value")), nil
	}).
	Method("format_table(table)", "A table's name with its schema.", "preparer:format_table(users)", func(p *preparer, a *bind.Args) (any, error) {
		t := get[*core.Table](a, "table")
		name := p.d.Quoting().Identifier(t.Name)
		if t.Schema != "" {
			name = p.d.Quoting().Identifier(t.Schema) + "." + name
		}
		return name, nil
	})

// visitName is SQLAlchemy's name of a kind of node.
func visitName(n core.Node) string {
	switch x := n.(type) {
	case *core.Column:
		return "column"
	case *core.Bind:
		return "bindparam"
	case *core.Binary:
		return "binary"
	case *core.Unary:
		return "unary"
	case *core.BoolList, *core.ExprList:
		return "clauselist"
	case *core.Func:
		return "function"
	case *core.Text:
		return "textclause"
	case *core.CompoundSelect:
		return "compound_select"
	case *core.ScalarSelect:
		return "grouping"
	case *core.Alias:
		if x.Kind == core.SubqueryAlias {
			return "subquery"
		}
		return "alias"
	}
	name := strings.ToLower(fmt.Sprintf("%T", n))
	return name[strings.LastIndexByte(name, '.')+1:]
}

// withParams is params() and unique_params().
func withParams(unique bool) func(core.Node, *bind.Args) (any, error) {
	return func(n core.Node, a *bind.Args) (any, error) {
		given := map[string]lua.LValue{}
		if t, ok := a.Lua("values").(*lua.LTable); ok {
			for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
				given[a.Str(a.L, k)] = v
			}
		}
		for _, k := range a.Keywords() {
			given[k.Name] = k.Value
		}
		return core.Replace(n, func(x core.Node) core.Node {
			b, ok := x.(*core.Bind)
			if !ok {
				return nil
			}
			v, found := given[b.Key]
			if !found {
				return nil
			}
			c := *b
			c.Value, c.Required, c.Callable = Value(a.Call, v), false, nil
			if unique {
				c.Unique = true
			}
			if c.Type == nil || c.Type.Affinity() == types.Unknown {
				c.Type = types.Of(c.Value)
			}
			return &c
		}), nil
	}
}

// Text is a statement as SQL for what a session or statement is bound to.
func Text(n core.Node, bound any) (string, error) {
	d := asDialect(bound)
	if d == nil {
		return stringify(n)
	}
	n, err := written(n)
	if err != nil {
		return "", err
	}
	c, err := compile.Compile(d, n, compile.Options{})
	if err != nil {
		return "", err
	}
	return c.String(), nil
}
