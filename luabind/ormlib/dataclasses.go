package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// dataclassOf is the dataclass of an object, or a dataclass itself.
func dataclassOf(v lua.LValue) *Class {
	k := classOfValue(v)
	if k == nil {
		k, _ = bind.Unwrap[*Class](v)
	}
	for ; k != nil; k = k.Bases[0] {
		if k.isDataclass {
			return k
		}
		if len(k.Bases) == 0 {
			break
		}
	}
	return nil
}

// fieldsOf are the attributes of a dataclass that an argument names.
func fieldsOf(a *bind.Args, name string) []*dcField {
	k := dataclassOf(a.Lua(name))
	if k == nil {
		bind.Fail(exc.TypeError, "%s() should be called on dataclass instances", a.Name())
	}
	var out []*dcField
	for _, f := range k.fields {
		if !f.initVar {
			out = append(out, f)
		}
	}
	return out
}

// plainValue takes dataclasses within lists and tables apart.
func plainValue(c *bind.Call, v lua.LValue, apart func(lua.LValue) lua.LValue) lua.LValue {
	if t, ok := v.(*lua.LTable); ok {
		n := c.L.NewTable()
		t.ForEach(func(key, x lua.LValue) { n.RawSet(key, plainValue(c, x, apart)) })
		return n
	}
	if dataclassOf(v) != nil && classOfValue(v) != nil {
		return apart(v)
	}
	if _, ok := bind.Unwrap[*orm.Collection](v); ok {
		n := c.L.NewTable()
		for _, x := range c.ListOf(v) {
			n.Append(plainValue(c, x, apart))
		}
		return n
	}
	return v
}

func asTable(c *bind.Call, v lua.LValue, list bool) lua.LValue {
	n := c.L.NewTable()
	for _, f := range dataclassOf(v).fields {
		if f.initVar {
			continue
		}
		x := plainValue(c, c.L.GetField(v, f.name), func(v lua.LValue) lua.LValue { return asTable(c, v, list) })
		if x == lua.LNil {
			x = c.Null()
		}
		if list {
			n.Append(x)
		} else {
			n.RawSetString(f.name, x)
		}
	}
	return n
}

var dataclassFunc = bind.Func("dataclass(cls=nil, *, "+dataclassParams+", frozen=nil, slots=nil)", "Make a class of one's own a dataclass: its fields are what field() says and its plain values, in order.",
	`Point = dataclass(class("Point", nil, {x = field(), y = 0}))`, func(a *bind.Args) (any, error) {
		args := readDataclassArgs(a)
		if a.Has("cls") {
			return plainDataclass(a.Call, bind.Get[*Class](a, "cls"), args)
		}
		return classDecorator(a, "dataclass", func(c *bind.Call, k *Class) (any, error) { return plainDataclass(c, k, args) }), nil
	})

var mappedAsDataclassFunc = bind.Func("mapped_as_dataclass(registry, *, "+dataclassParams+")", "A decorator that maps a class without a base and makes it a dataclass.", `mapped_as_dataclass(reg)(User)`, func(a *bind.Args) (any, error) {
	r := bind.Get[*registry](a, "registry")
	args := readDataclassArgs(a)
	return classDecorator(a, "mapped_as_dataclass", func(c *bind.Call, k *Class) (any, error) { return mapAsDataclass(c, r, k, args) }), nil
})

// installDataclasses defines what Python has in its module dataclasses.
func installDataclasses(s *bind.State) {
	s.Global(mappedAsDataclassFunc, dataclassFunc, fieldFunc, initVarFunc, bind.NewNamespace("dataclasses", "Classes that are made of their fields.",
		dataclassFunc, fieldFunc, initVarFunc,
		bind.Func("asdict(obj)", "The fields of an object, in a table.", "dataclasses.asdict(point)", func(a *bind.Args) (any, error) {
			fieldsOf(a, "obj")
			return asTable(a.Call, a.Lua("obj"), false), nil
		}),
		bind.Func("astuple(obj)", "The values of an object's fields, in a list.", "dataclasses.astuple(point)", func(a *bind.Args) (any, error) {
			fieldsOf(a, "obj")
			return asTable(a.Call, a.Lua("obj"), true), nil
		}),
		bind.Func("fields(class_or_instance)", "The names of the fields.", "dataclasses.fields(Point)", func(a *bind.Args) (any, error) {
			out := []any{}
			for _, f := range fieldsOf(a, "class_or_instance") {
				n := &named{}
				n.add("name", f.name)
				n.add("init", f.init)
				n.add("repr", f.repr)
				out = append(out, n)
			}
			return out, nil
		}),
		bind.Func("is_dataclass(obj)", "Whether it is a dataclass, or an object of one.", "dataclasses.is_dataclass(point)", func(a *bind.Args) (any, error) {
			return dataclassOf(a.Lua("obj")) != nil, nil
		}),
		bind.Func("replace(obj, **changes)", "Another object with some fields changed.", "dataclasses.replace(point, {x = 2})", func(a *bind.Args) (any, error) {
			t := a.L.NewTable()
			for _, f := range fieldsOf(a, "obj") {
				if f.init {
					t.RawSetString(f.name, a.L.GetField(a.Lua("obj"), f.name))
				}
			}
			for _, w := range a.Keywords() {
				t.RawSetString(w.Name, w.Value)
			}
			return construct(a.Call, classOfValue(a.Lua("obj")), []lua.LValue{t})
		}),
	))
}
