package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

// construct makes an object: User{name = "ed"}, or User("ed") with an __init__.
func construct(c *bind.Call, k *Class, args []lua.LValue) (any, error) {
	if k.alias != nil {
		return nil, exc.New(exc.TypeError, "an alias of %s makes no objects", k.Name)
	}
	// Customer:Address{…} calls a class that is a field of another, with a colon
	// as every call on a value has one.
	if len(args) > 1 {
		if of, ok := bind.Unwrap[*Class](args[0]); ok && of.hasClass(k) {
			args = args[1:]
		}
	}
	if k.derived != nil {
		return constructDerived(c, k, args)
	}
	m := k.mapper
	if m == nil {
		k.checkPrepared()
		if k.mapped() != nil && k.abstract {
			return nil, exc.New(exc.TypeError, "%s is abstract", k.Name)
		}
		o := newObject(k)
		return o, initObject(c, k, c.FromGo(c.L, o), args)
	}
	check(m.Registry.Configure())
	i := m.New()
	args, err := fireInit(c, m, i, args)
	if err != nil {
		return nil, err
	}
	i.Initialize()
	lv := c.FromGo(c.L, i)
	if err := initObject(c, k, lv, args); err != nil {
		return nil, err
	}
	return lv, nil
}

// initObject runs __init__, or the default constructor.
func initObject(c *bind.Call, k *Class, self lua.LValue, args []lua.LValue) error {
	if init := k.method(c.State, "__init__"); init != nil {
		values := []any{self}
		for _, a := range byParameter(init, args) {
			values = append(values, a)
		}
		_, err := init.Call(values...)
		return err
	}
	return defaultInit(c, k, self, args)
}

// byParameter puts a trailing table of keyword arguments into the places of the
// parameters of that name, as Python does: Point{x = 1, y = 2} for an __init__
// of self, x and y. Another table is an argument like any.
func byParameter(init *bind.Callback, args []lua.LValue) []lua.LValue {
	fn, ok := init.Value().(*lua.LFunction)
	if !ok || fn.Proto == nil || len(args) == 0 {
		return args
	}
	t, ok := args[len(args)-1].(*lua.LTable)
	if !ok || t.Metatable != lua.LNil || script.Len(t) > 0 || !script.HasFields(t) {
		return args
	}
	places := map[string]int{}
	for i, name := range parametersOf(init) {
		if i > 0 {
			places[name] = i - 1
		}
	}
	out := slices.Clone(args[:len(args)-1])
	for key, v := range script.Fields(t) {
		name, ok := key.(lua.LString)
		at, known := places[string(name)]
		if !ok || !known || at < len(args)-1 {
			return args
		}
		for len(out) <= at {
			out = append(out, lua.LNil)
		}
		out[at] = v
	}
	return out
}

// parametersOf are the names of the parameters of a script's function.
func parametersOf(f *bind.Callback) []string {
	fn, ok := f.Value().(*lua.LFunction)
	if !ok || fn.Proto == nil {
		return nil
	}
	var names []string
	for i, l := range fn.Proto.DbgLocals {
		if i < int(fn.Proto.NumParameters) {
			names = append(names, l.Name)
		}
	}
	return names
}

// defaultInit is declarative's constructor: keyword arguments set attributes.
func defaultInit(c *bind.Call, k *Class, self lua.LValue, args []lua.LValue) error {
	if len(args) == 0 {
		return nil
	}
	t, ok := args[0].(*lua.LTable)
	if !ok || len(args) > 1 || script.Len(t) > 0 {
		return exc.New(exc.TypeError, "%s() takes named values: %s{name = …}", k.Name, k.Name)
	}
	known := k.attributeNames()
	for key, v := range script.Fields(t) {
		name, ok := key.(lua.LString)
		if !ok {
			return exc.New(exc.TypeError, "%s(): attributes need names", k.Name)
		}
		if !slices.Contains(known, string(name)) {
			return exc.New(exc.TypeError, "'%s' is an invalid keyword argument for %s%s", string(name), k.Name, bind.Suggest(string(name), known))
		}
		c.L.SetTable(self, name, v)
	}
	return nil
}

// baseInit is the constructor that a class's own __init__ calls, of a base that
// has none: Base.__init__(self, {name = …}).
var baseInit = bind.Func("__init__(self, *args{!})", "Set attributes by name, as the constructor does that classes have without their own.", `Base.__init__(self, {name = "ed"})`, func(a *bind.Args) (any, error) {
	self := a.Lua("self")
	k := classOfValue(self)
	if k == nil {
		return nil, exc.New(exc.TypeError, "__init__() takes the object first")
	}
	return nil, defaultInit(a.Call, k, self, a.Rest())
})
