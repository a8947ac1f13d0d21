package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/orm"
)

// bundleClass is Bundle: columns that stand in a row as one.
var bundleClass = bind.Define[*core.Annotated]("Bundle", "Columns that stand in a row as one.", attrClass.Class).
	Constructor("Bundle(name, *exprs, single_entity=false)", "Columns that stand in a row as one.", `Bundle("who", User.id, User.name)`, func(a *bind.Args) (any, error) {
		return orm.NewBundle(a.String("name"), a.Bool("single_entity"), corelib.Exprs(a.Call, a.Rest(), corelib.ElementRole)...), nil
	}).
	Property("name", "Its name.", func(x *core.Annotated) any { return orm.BundleOf(x).Name }).
	Property("exprs", "What it is of.", func(x *core.Annotated) any { return orm.BundleOf(x).Exprs }).
	Property("single_entity", "Whether a row of nothing else is its value.", func(x *core.Annotated) any { return orm.BundleOf(x).Single }).
	Computed("c", "Its columns by name.", bundleColumns).
	Computed("columns", "Its columns by name.", bundleColumns).
	Method("create_row_processor(query, procs{}, labels{})", "What makes the bundle's value of a row; a class that derives from Bundle has its own.", `class("DictBundle", Bundle, {create_row_processor = function(self, query, procs, labels) return function(row) return procs[1](row) end end})`, func(x *core.Annotated, a *bind.Args) (any, error) {
		procs := a.List("procs")
		return a.L.NewFunction(func(L *lua.LState) int {
			row := L.Get(1)
			t := L.NewTable()
			for _, p := range procs {
				L.Push(p)
				L.Push(row)
				L.Call(1, 1)
				v := L.Get(-1)
				L.Pop(1)
				if v == lua.LNil {
					v = a.Null()
				}
				t.Append(v)
			}
			L.Push(t)
			return 1
		}), nil
	})

func init() {
	attrClass.Variant = func(v any) *bind.Class {
		x := v.(*core.Annotated)
		if orm.BundleOf(x) != nil {
			return bundleClass.Class
		}
		if factoryOf(x) != nil {
			return comparedAttrClass.Class
		}
		return nil
	}
}

func bundleColumns(c *bind.Call, x *core.Annotated) (any, error) {
	t := c.L.NewTable()
	for _, e := range orm.BundleOf(x).Exprs {
		v := c.FromGo(c.L, e)
		if s, ok := c.L.GetField(v, "key").(lua.LString); ok {
			t.RawSetString(string(s), v)
		}
	}
	return t, nil
}

// processRowsBy has a script's create_row_processor make the values of a bundle.
func processRowsBy(c *bind.Call, v any, f *bind.Callback) {
	x, ok := v.(*core.Annotated)
	if !ok {
		return
	}
	b := orm.BundleOf(x)
	s := c.State
	b.Process = func(labels []string, procs []func(row any) (any, error)) (func(row any) (any, error), error) {
		list := make([]any, len(procs))
		for i, p := range procs {
			list[i] = s.Main.NewFunction(func(L *lua.LState) int {
				var row any
				if u, ok := L.Get(1).(*lua.LUserData); ok {
					row = u.Value
				}
				v, err := p(row)
				if err != nil {
					s.Raise(L, err)
				}
				L.Push(s.FromGo(L, v))
				return 1
			})
		}
		made, err := f.Call1(x, nil, list, labels)
		if err != nil {
			return nil, err
		}
		proc, ok := made.(*bind.Callback)
		if !ok {
			return nil, exc.New(exc.TypeError, "create_row_processor() of a Bundle must give a function of a row")
		}
		return func(row any) (any, error) { return proc.Call1(&lua.LUserData{Value: row, Metatable: lua.LNil}) }, nil
	}
}
