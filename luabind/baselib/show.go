package baselib

import (
	"io"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

func printValues(s *bind.State, L *lua.LState) int {
	n := L.GetTop()
	line := make([]byte, 0, 80)
	for i := 1; i <= n; i++ {
		if i > 1 {
			line = append(line, '\t')
		}
		line = append(line, s.Str(L, L.Get(i))...)
	}
	line = append(line, '\n')
	if _, err := s.Out.Write(line); err != nil && err != io.ErrShortWrite {
		L.RaiseError("%s", err.Error())
	}
	return 0
}

var reprFunc = bind.Func("repr(value{!})", "The shown form of a value.", `repr("it's")`, func(a *bind.Args) (any, error) {
	return a.Repr(a.L, a.Lua("value")), nil
})

var lenFunc = bind.Func("len(value{!})", "How many items something has.", "len(user.addresses)", func(a *bind.Args) (any, error) {
	return a.Len(a.L, a.Lua("value")), nil
})

// unpack gives the items of a list or the columns of a row; a table keeps
// Lua's own positions.
func unpack(s *bind.State, plain *lua.LFunction, L *lua.LState) int {
	if t, ok := L.Get(1).(*lua.LTable); ok {
		if L.GetTop() == 1 {
			n := script.Len(t)
			for i := 1; i <= n; i++ {
				v := t.RawGetInt(i)
				if v == s.Null() {
					v = lua.LNil
				}
				L.Push(v)
			}
			return n
		}
		top := L.GetTop()
		L.Push(plain)
		for i := 1; i <= top; i++ {
			L.Push(L.Get(i))
		}
		L.Call(top, lua.MultRet)
		return L.GetTop() - top
	}
	c := &bind.Call{State: s, L: L}
	parts, ok := c.Unpack(L.Get(1))
	if !ok {
		L.RaiseError("cannot unpack %s", s.KindOf(L.Get(1)))
	}
	for _, p := range parts {
		v := s.FromGo(L, p)
		if v == s.Null() {
			v = lua.LNil
		}
		L.Push(v)
	}
	return len(parts)
}

// tonumber reads the values that Lua has no type for, too.
func tonumber(s *bind.State, plain *lua.LFunction, L *lua.LState) int {
	if u, ok := L.Get(1).(*lua.LUserData); ok {
		switch v := u.Value.(type) {
		case interface{ Float64() float64 }:
			L.Push(lua.LNumber(v.Float64()))
			return 1
		case bind.Integer:
			L.Push(s.FromGo(L, v))
			return 1
		}
	}
	top := L.GetTop()
	L.Push(plain)
	for i := 1; i <= top; i++ {
		L.Push(L.Get(i))
	}
	L.Call(top, 1)
	return 1
}

// pairs goes over a table as Lua does, over anything with keys by its keys and
// values.
func pairs(s *bind.State, plain *lua.LFunction, L *lua.LState) int {
	v := L.Get(1)
	if _, ok := v.(*lua.LUserData); !ok {
		L.Push(plain)
		L.Push(v)
		L.Call(1, 3)
		return 3
	}
	keys, ok := L.GetField(v, "keys").(*lua.LFunction)
	if !ok {
		L.RaiseError("cannot go over the pairs of %s", s.KindOf(v))
	}
	L.Push(keys)
	L.Push(v)
	L.Call(1, 1)
	names := L.Get(-1)
	L.Pop(1)
	c := &bind.Call{State: s, L: L}
	list := c.ListOf(names)
	i := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if i >= len(list) {
			return 0
		}
		k := list[i]
		i++
		L.Push(k)
		L.Push(L.GetTable(v, k))
		return 2
	}))
	return 1
}

var listFunc = bind.Func("list(values{}=nil)", "The items of anything iterable, in a table; without any an empty one.", "list(result)", func(a *bind.Args) (any, error) {
	if !a.Has("values") {
		return []any{}, nil
	}
	return a.ListOf(a.Lua("values")), nil
})

var sorted = bind.Func("sorted(values{}, *, key=nil, reverse=false)", "The items in order, in a new table.", "sorted(names)", func(a *bind.Args) (any, error) {
	items := a.List("values")
	t := a.L.CreateTable(len(items), 0)
	for i, v := range items {
		t.RawSetInt(i+1, v)
	}
	key := a.Function("key")
	value := func(v lua.LValue) lua.LValue {
		if key == nil {
			return v
		}
		r, err := key.Call(v)
		bind.Check(err)
		if len(r) == 0 {
			return lua.LNil
		}
		return r[0]
	}
	reverse := a.Bool("reverse")
	less := a.L.NewFunction(func(L *lua.LState) int {
		x, y := value(L.Get(1)), value(L.Get(2))
		if reverse {
			x, y = y, x
		}
		result := lua.LFalse
		if xs, ok := x.(lua.LString); ok {
			if ys, ok := y.(lua.LString); ok {
				L.Push(lua.LBool(xs < ys))
				return 1
			}
		}
		if a.Test(L, script.Less, x, y) {
			result = lua.LTrue
		}
		L.Push(result)
		return 1
	})
	a.L.Push(a.L.GetField(a.L.GetGlobal("table"), "sort"))
	a.L.Push(t)
	a.L.Push(less)
	a.L.Call(2, 0)
	return t, nil
})

var isinstance = bind.Func("isinstance(value{!}, cls{})", "Whether a value is of a class, or of one of several.", "isinstance(err, IntegrityError)", func(a *bind.Args) (any, error) {
	classes := []lua.LValue{a.Lua("cls")}
	if _, ok := bind.IsList(a.Lua("cls")); ok {
		classes = a.List("cls")
	}
	for _, cls := range classes {
		if a.IsInstance(a.Lua("value"), cls) {
			return true, nil
		}
	}
	return false, nil
})

// attribute reads value.name; ok is false when there is no such attribute.
func attribute(a *bind.Args) (v lua.LValue, ok bool) {
	value, name := a.Lua("value"), a.Lua("name")
	get := a.L.NewFunction(func(L *lua.LState) int {
		L.Push(L.GetTable(value, name))
		return 1
	})
	c, _ := a.CallbackOf(get)
	r, err := c.Call()
	if err != nil {
		if e := exc.Of(err); e != nil && e.Class.Derives(exc.AttributeError) {
			return lua.LNil, false
		}
		bind.Check(err)
	}
	return r[0], true
}

var hasattr = bind.Func("hasattr(value{!}, name)", "Whether a value has an attribute.", `hasattr(user, "name")`, func(a *bind.Args) (any, error) {
	v, ok := attribute(a)
	if _, table := a.Lua("value").(*lua.LTable); table {
		ok = v != lua.LNil
	}
	return ok, nil
})

var getattr = bind.Func("getattr(value{!}, name, default{!}=nil)", "The attribute of that name, or a default.", `getattr(user, "name")`, func(a *bind.Args) (any, error) {
	v, ok := attribute(a)
	if !ok {
		if a.Given("default") {
			return a.Lua("default"), nil
		}
		return a.L.GetTable(a.Lua("value"), a.Lua("name")), nil
	}
	return v, nil
})

var setattr = bind.Func("setattr(object{!}, name, value{!})", "Assign to the attribute of that name.", `setattr(user, "name", "ed")`, func(a *bind.Args) (any, error) {
	a.L.SetTable(a.Lua("object"), a.Lua("name"), a.Lua("value"))
	return nil, nil
})

var delattr = bind.Func("delattr(object{!}, name{!})", "What del object.name is in Python; with a position, del object[i].", `delattr(user, "name")`, func(a *bind.Args) (any, error) {
	return nil, a.DelAttr(a.Lua("object"), a.Lua("name"))
})

// ipairs numbers the items of a row or of another list; a table keeps Lua's own.
func ipairs(s *bind.State, plain *lua.LFunction, L *lua.LState) int {
	v := L.Get(1)
	if _, ok := v.(*lua.LUserData); !ok {
		L.Push(plain)
		L.Push(v)
		L.Call(1, 3)
		return 3
	}
	c := &bind.Call{State: s, L: L}
	var items []lua.LValue
	if parts, ok := c.Unpack(v); ok {
		for _, p := range parts {
			items = append(items, s.FromGo(L, p))
		}
	} else {
		items = c.ListOf(v)
	}
	i := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if i >= len(items) {
			return 0
		}
		i++
		L.Push(lua.LNumber(i))
		L.Push(items[i-1])
		return 2
	}))
	return 1
}
