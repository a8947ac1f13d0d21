package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// routeBy has a script's get_bind say where the statements of its session go. It
// is called as SQLAlchemy calls it, with names: mapper, clause.
func routeBy(c *bind.Call, v any, f *bind.Callback) {
	s, ok := v.(*orm.Session)
	if !ok {
		return
	}
	state := c.State
	s.Route = func(m *orm.Mapper, clause core.Node, _ *orm.Instance) (orm.Bind, error) {
		named := state.Main.NewTable()
		if m != nil {
			named.RawSetString("mapper", state.FromGo(state.Main, m))
		}
		if clause != nil {
			named.RawSetString("clause", state.FromGo(state.Main, clause))
		}
		args := []any{s}
		for _, a := range byName(f, named, []string{"mapper", "clause"}) {
			args = append(args, a)
		}
		to, err := f.Call1(args...)
		if err != nil {
			return nil, err
		}
		var b orm.Bind
		err = bind.Try(func() { b = bindOf(to) })
		return b, err
	}
}

// byName gives a function of a script arguments that go by name: to the
// parameters of these names, what is not named so in the order given, and the
// whole table to a parameter after them.
func byName(f *bind.Callback, named *lua.LTable, order []string) []lua.LValue {
	params := parametersOf(f)
	out := make([]lua.LValue, 0, len(params))
	for i, p := range params[min(1, len(params)):] {
		v := named.RawGetString(p)
		if v == lua.LNil && i < len(order) && !slices.Contains(order, p) && !slices.Contains(params, order[i]) {
			v = named.RawGetString(order[i])
			if p == "kw" || p == "kwargs" || p == "kwarg" {
				v = named
			}
		} else if v == lua.LNil && (p == "kw" || p == "kwargs" || p == "kwarg") {
			v = named
		}
		out = append(out, v)
	}
	return out
}
