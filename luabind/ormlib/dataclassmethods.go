package ormlib

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// dataclassMethods are what a dataclass gets of its fields. What the class's own
// body says stays.
func (k *Class) dataclassMethods(c *bind.Call, args *dataclassArgs) {
	method := func(wanted *bool, otherwise bool, f *bind.Function) {
		if wanted != nil && !*wanted || wanted == nil && !otherwise {
			return
		}
		if _, own := k.body[f.Name]; !own {
			k.set(f.Name, c.Function(f))
		}
	}
	method(args.init, true, bind.Func("__init__(self, *args{!})", "Set the fields.", k.Name+"(…)", func(a *bind.Args) (any, error) {
		return nil, k.initFields(a.Call, a.Lua("self"), a.Rest())
	}))
	method(args.repr, true, bind.Func("__repr__(self)", "The class with its fields.", "repr(object)", func(a *bind.Args) (any, error) {
		return k.reprFields(a.Call, a.Lua("self")), nil
	}))
	method(args.eq, true, bind.Func("__eq__(self, other{!})", "Whether another object of the class has the same fields.", "a == b", func(a *bind.Args) (any, error) {
		x, y := a.Lua("self"), a.Lua("other")
		if of := classOfValue(x); of == nil || of != classOfValue(y) {
			return false, nil
		}
		for _, f := range k.fields {
			if f.compare && !f.initVar && !equalValues(a.Call, a.L.GetField(x, f.name), a.L.GetField(y, f.name)) {
				return false, nil
			}
		}
		return true, nil
	}))
	for _, op := range []struct {
		name string
		is   func(less, equal bool) bool
	}{
		{"__lt__", func(less, _ bool) bool { return less }},
		{"__le__", func(less, equal bool) bool { return less || equal }},
		{"__gt__", func(less, equal bool) bool { return !less && !equal }},
		{"__ge__", func(less, _ bool) bool { return !less }},
	} {
		method(args.order, false, bind.Func(op.name+"(self, other{!})", "The order of the fields.", "a < b", func(a *bind.Args) (any, error) {
			x, y := a.Lua("self"), a.Lua("other")
			if of := classOfValue(x); of == nil || of != classOfValue(y) {
				return nil, exc.New(exc.TypeError, "'<' not supported between instances of '%s' and '%s'", nameOfClass(x), nameOfClass(y))
			}
			return op.is(k.orderFields(a.Call, x, y)), nil
		}))
	}
}

// equalValues compares as Python does: lists and tables by what is in them.
func equalValues(c *bind.Call, a, b lua.LValue) bool {
	if x, ok := mapped(a).(*orm.Collection); ok {
		y, ok := mapped(b).(*orm.Collection)
		if !ok || x.Len() != y.Len() || x.Kind() != y.Kind() {
			return false
		}
		for n, i := range x.Items() {
			if x.Kind() == orm.ListCollection && i != y.At(n) || !y.Contains(i) {
				return false
			}
		}
		return true
	}
	if _, ok := a.(*lua.LTable); ok {
		return types.Equal(c.ToGo(a), c.ToGo(b))
	}
	if k := classOfValue(a); k != nil && k.method(c.State, "__eq__") != nil {
		r, err := k.method(c.State, "__eq__").Call(a, b)
		check(err)
		return len(r) > 0 && lua.LVAsBool(r[0])
	}
	return c.L.Equal(a, b)
}

// orderFields compares two objects field by field.
func (k *Class) orderFields(c *bind.Call, x, y lua.LValue) (less, equal bool) {
	for _, f := range k.fields {
		if !f.compare || f.initVar {
			continue
		}
		a, b := c.L.GetField(x, f.name), c.L.GetField(y, f.name)
		if !equalValues(c, a, b) {
			return c.L.LessThan(a, b), false
		}
	}
	return false, true
}

// initFields is the constructor of a dataclass.
func (k *Class) initFields(c *bind.Call, self lua.LValue, args []lua.LValue) error {
	given, err := k.arguments(c, args)
	if err != nil {
		return err
	}
	var post []any
	for _, f := range k.fields {
		v, ok := given[f.name]
		if !ok {
			if !f.optional() {
				continue
			}
			if v, err = f.initial(); err != nil {
				return err
			}
		}
		if f.initVar {
			post = append(post, v)
			continue
		}
		c.L.SetField(self, f.name, v)
	}
	if f := k.method(c.State, "__post_init__"); f != nil {
		_, err = f.Call(append([]any{self}, post...)...)
	}
	return err
}

// arguments gives each parameter of the constructor its argument.
func (k *Class) arguments(c *bind.Call, args []lua.LValue) (map[string]lua.LValue, error) {
	var places []*dcField // of what goes by position
	known := map[string]*dcField{}
	for _, f := range k.fields {
		if !f.init {
			continue
		}
		known[f.name] = f
		if !f.kw {
			places = append(places, f)
		}
	}
	args, named := k.splitArguments(args, places, known)
	if len(args) > len(places) {
		plural := "s"
		if len(places) == 0 {
			plural = ""
		}
		return nil, exc.New(exc.TypeError, "__init__() takes %d positional argument%s but %d were given", len(places)+1, plural, len(args)+1)
	}
	given := map[string]lua.LValue{}
	for i, v := range args {
		given[places[i].name] = v
	}
	if named != nil {
		for key, v := range script.Fields(named) {
			name := lua.LVAsString(key)
			if known[name] == nil {
				var names []string
				for _, f := range k.fields {
					if f.init {
						names = append(names, f.name)
					}
				}
				return nil, exc.New(exc.TypeError, "__init__() got an unexpected keyword argument '%s'%s", name, bind.Suggest(name, names))
			}
			if _, twice := given[name]; twice {
				return nil, exc.New(exc.TypeError, "__init__() got multiple values for argument '%s'", name)
			}
			given[name] = v
		}
	}
	for _, byName := range []bool{false, true} {
		var missing []string
		for _, f := range k.fields {
			if _, ok := given[f.name]; f.init && f.kw == byName && !ok && !f.optional() {
				missing = append(missing, types.Quote(f.name))
			}
		}
		if len(missing) > 0 {
			kind := "positional"
			if byName {
				kind = "keyword-only"
			}
			return nil, missingArguments(missing, kind)
		}
	}
	return given, nil
}

// missingArguments is Python's error: 'a', 'b', and 'c'.
func missingArguments(names []string, kind string) error {
	plural, list := "s", ""
	switch n := len(names); n {
	case 1:
		plural, list = "", names[0]
	case 2:
		list = names[0] + " and " + names[1]
	default:
		list = strings.Join(names[:n-1], ", ") + ", and " + names[n-1]
	}
	return exc.New(exc.TypeError, "__init__() missing %d required %s argument%s: %s", len(names), kind, plural, list)
}

// splitArguments tells the table of keyword arguments from the last argument
// that is a table: it has names only, and those of parameters, or its place
// belongs to a field that takes no tables. f{a, b, k = v} is the call itself.
func (k *Class) splitArguments(args []lua.LValue, places []*dcField, known map[string]*dcField) ([]lua.LValue, *lua.LTable) {
	if len(args) == 0 {
		return args, nil
	}
	last := len(args) - 1
	t, ok := args[last].(*lua.LTable)
	if !ok || t.Metatable != lua.LNil {
		return args, nil
	}
	data := last < len(places) && k.takesTables(places[last].name)
	n := script.Len(t)
	if n == 0 && !script.HasFields(t) {
		return args, nil
	}
	if n == 0 {
		for key := range script.Fields(t) {
			if known[lua.LVAsString(key)] == nil && data {
				return args, nil
			}
		}
		return args[:last], t
	}
	if last > 0 || data && !script.HasFields(t) {
		return args, nil
	}
	spread := make([]lua.LValue, n)
	for i := range spread {
		spread[i] = t.RawGetInt(i + 1)
	}
	named := &lua.LTable{Metatable: lua.LNil}
	for key, v := range script.Fields(t) {
		named.RawSet(key, v)
	}
	return spread, named
}

// takesTables reports whether a table may be the value of a field: related
// objects, a document, a list.
func (k *Class) takesTables(name string) bool {
	m := k.mapped()
	if m == nil {
		return false
	}
	switch p := m.Property(name).(type) {
	case *orm.Relationship:
		return true
	case *orm.ColumnProperty:
		if c := p.Column(); c != nil {
			return holdsTables(c.Type)
		}
	case nil: // an association proxy, a field that is not mapped
		return true
	}
	return false
}

// reprFields is Class(a=1, b=…).
func (k *Class) reprFields(c *bind.Call, self lua.LValue) string {
	shown, _ := c.Kept[shownKey{}].(map[any]bool)
	if shown == nil {
		shown = map[any]bool{}
		c.Kept[shownKey{}] = shown
	}
	if shown[mapped(self)] {
		return "..."
	}
	shown[mapped(self)] = true
	defer delete(shown, mapped(self))
	var parts []string
	for _, f := range k.fields {
		if f.repr && !f.initVar {
			parts = append(parts, fmt.Sprintf("%s=%s", f.name, c.Repr(c.L, c.L.GetField(self, f.name))))
		}
	}
	return nameOfClass(self) + "(" + strings.Join(parts, ", ") + ")"
}

// shownKey keeps which objects are just being shown: they may lead back to
// themselves.
type shownKey struct{}
