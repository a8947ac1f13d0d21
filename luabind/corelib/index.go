package corelib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

var indexClass = bind.Define[*core.Index]("Index", "An index.", schemaItemClass.Class).
	Constructor("Index(name, *expressions, unique=false, quote=nil, info{}=nil, _table=nil, _column_flag=false, **kw)", "An index of columns or expressions.", `Index("ix_name", users.c.name)`, func(a *bind.Args) (any, error) {
		var items []any
		for _, v := range a.Rest() {
			if s, ok := v.(lua.LString); ok {
				items = append(items, string(s))
				continue
			}
			e, ok := Value(a.Call, v).(core.Expr)
			if !ok {
				bind.Fail(exc.ArgumentError, "String column name or column expression for DDL constraint expected, got %s.", a.Repr(a.L, v))
			}
			items = append(items, e)
		}
		x := core.NewIndex(a.String("name"), a.Bool("unique"), items...)
		if t := bind.Get[*core.Table](a, "_table"); t != nil {
			t.Append(x)
		}
		x.Info = info(a)
		x.DialectArgs = dialectArgs(a, a.Keywords())
		if _, ok := bind.Unwrap[*convName](a.Lua("name")); ok {
			x.Conv = true
		}
		quoteFrom(a, "name", &x.Quote)
		if b := a.OptBool("quote"); b != nil {
			x.Quote = quoting(*b)
		}
		return x, nil
	}).
	Property("name", "Its name, by the naming convention if it was given none.", func(x *core.Index) any {
		n, err := core.IndexName(x)
		if err != nil {
			return orNilText(x.Name)
		}
		return orNilText(n.Name)
	}).
	Setter(func(c *bind.Call, x *core.Index, v lua.LValue) error {
		x.Name, _ = c.ToGo(v).(string)
		return nil
	}).
	Property("table", "Its table.", func(x *core.Index) any { return pointer(x.Table) }).
	Property("unique", "Whether it is unique.", func(x *core.Index) any { return x.Unique }).
	Property("expressions", "What it is of.", func(x *core.Index) any { return x.Exprs }).
	Property("columns", "Its columns.", func(x *core.Index) any { return indexColumns(x) }).
	Property("c", "Its columns.", func(x *core.Index) any { return indexColumns(x) }).
	Property("dialect_kwargs", "Options of single databases.", func(x *core.Index) any { return dialectKwargs(x.DialectArgs) }).
	Property("kwargs", "Options of single databases.", func(x *core.Index) any { return dialectKwargs(x.DialectArgs) }).
	Property("dialect_options", "Options of single databases, by database.", func(x *core.Index) any { return dialectOptions(x.DialectArgs) }).
	Property("info", "Anything you keep with it.", func(x *core.Index) any {
		if x.Info == nil {
			x.Info = map[string]any{}
		}
		return x.Info
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(c *bind.Call, self any) (string, error) {
			x := self.(*core.Index)
			parts := []string{"nil"}
			if x.Name != "" {
				parts[0] = types.Quote(x.Name)
			}
			for _, e := range x.Exprs {
				parts = append(parts, c.ReprGo(e))
			}
			if x.Unique {
				parts = append(parts, "unique=true")
			}
			return "Index(" + strings.Join(parts, ", ") + ")", nil
		}
	})

func indexColumns(x *core.Index) *columns {
	out := &columns{}
	for _, e := range x.Exprs {
		core.Walk(e, func(n core.Node) bool {
			if c, ok := n.(*core.Column); ok {
				out.keys = append(out.keys, c.Key)
				out.exprs = append(out.exprs, c)
			}
			return true
		})
	}
	return out
}
