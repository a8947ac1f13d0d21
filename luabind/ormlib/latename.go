package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// eval evaluates the text of a relationship argument: a Lua expression over
// the registry's classes, its tables and the globals.
func (r *registry) eval(m *orm.Mapper, text string) (any, error) {
	s := r.state
	L := s.Main
	env := L.NewTable()
	mt := L.NewTable()
	mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		name := L.CheckString(2)
		if ks := r.classes[name]; len(ks) > 0 {
			L.Push(s.FromGo(L, ks[len(ks)-1]))
			return 1
		}
		if t, ok := r.Registry.MetaData.Table(name); ok {
			L.Push(s.FromGo(L, t))
			return 1
		}
		L.Push(L.G.Global.RawGetString(name))
		return 1
	}))
	L.SetMetatable(env, mt)
	fn, err := s.Door.Load("return "+text, `"`+text+`"`, script.File)
	if err != nil {
		return nil, exc.New(exc.InvalidRequestError, "When initializing mapper %s, expression %s failed to read: %s", m, types.Quote(text), err.Error())
	}
	fn.Env = env
	cb, _ := s.CallbackOf(fn)
	results, err := cb.Call()
	if err != nil {
		return nil, exc.New(exc.InvalidRequestError, "When initializing mapper %s, expression %s failed to locate a name (%s). If this is a class name, consider adding this relationship() to the %s class after both dependent classes have been defined.", m, types.Quote(text), err.Error(), m.Name)
	}
	call := &bind.Call{State: s, L: L}
	if len(results) == 0 || results[0] == lua.LNil {
		return nil, exc.New(exc.InvalidRequestError, "When initializing mapper %s, expression %s failed to locate a name (%s). If this is a class name, consider adding this relationship() to the %s class after both dependent classes have been defined.", m, types.Quote(text), types.Quote(text), m.Name)
	}
	return late(call, results[0]), nil
}

// late is what a relationship's argument means: a mapper, an entity, a FROM
// object, an expression, or a list of these.
func late(c *bind.Call, v lua.LValue) any {
	if list, ok := bind.IsList(v); ok {
		items := c.ListOf(list)
		out := make([]any, len(items))
		for i, x := range items {
			out[i] = late(c, x)
		}
		return out
	}
	switch x := c.ToGo(v).(type) {
	case *Class:
		if x.alias != nil {
			return x.alias
		}
		if x.mapper != nil {
			return x.mapper
		}
		return x
	case *orm.Entity, *orm.Mapper, string, bool:
		return x
	case core.Query:
		return core.NewSubquery(x, "")
	default:
		return corelib.Value(c, v)
	}
}
