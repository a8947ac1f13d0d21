package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// proxied is a collection of the attributes of related objects.
type proxied struct {
	p     *proxy
	owner *orm.Instance
}

// of is the collection as it is now: a commit may have it loaded anew.
func (l *proxied) of() *orm.Collection {
	v := bind.Must(l.owner.Get(l.p.target))
	return v.(*orm.Collection)
}

// replace makes v the values. Lists are made anew; of sets and keyed collections
// what stays keeps its object.
func (l *proxied) replace(c *bind.Call, col *orm.Collection, v lua.LValue) error {
	switch col.Kind() {
	case orm.KeyedCollection:
		t, ok := v.(*lua.LTable)
		if !ok {
			return exc.New(exc.TypeError, "a keyed collection takes a table of keys with values")
		}
		gone := col.Keys()
		for k, x := range script.Fields(t) {
			key := c.ToGo(k)
			gone = slices.DeleteFunc(gone, func(old any) bool { return types.Equal(old, key) })
			if err := l.setKey(c, key, x); err != nil {
				return err
			}
		}
		for _, key := range gone {
			if err := col.Remove(col.Get(key)); err != nil {
				return err
			}
		}
		return nil
	case orm.SetCollection:
		have, wanted := l.values(c), c.ListOf(v)
		among := func(list []lua.LValue, v lua.LValue) bool {
			return slices.ContainsFunc(list, func(x lua.LValue) bool { return c.L.Equal(x, v) })
		}
		for _, w := range wanted {
			if !among(l.values(c), w) {
				if err := l.append(c, w); err != nil {
					return err
				}
			}
		}
		for _, h := range have {
			if !among(wanted, h) {
				if _, err := col.Pop(l.indexOf(c, h)); err != nil {
					return err
				}
			}
		}
		return nil
	}
	wanted := c.ListOf(v)
	if err := col.Clear(); err != nil {
		return err
	}
	for _, w := range wanted {
		if err := l.append(c, w); err != nil {
			return err
		}
	}
	return nil
}

func (l *proxied) value(c *bind.Call, i *orm.Instance) lua.LValue {
	return c.L.GetField(c.FromGo(c.L, i), l.p.attr)
}

func (l *proxied) values(c *bind.Call) []lua.LValue {
	items := l.of().Items()
	out := make([]lua.LValue, len(items))
	for n, i := range items {
		out[n] = l.value(c, i)
	}
	return out
}

func (l *proxied) append(c *bind.Call, v lua.LValue) error {
	i, err := l.p.create(c, l.owner, v)
	if err != nil {
		return err
	}
	return l.of().Append(i)
}

func (l *proxied) setKey(c *bind.Call, key any, v lua.LValue) error {
	if v == lua.LNil { // del notes["a"], as Lua spells it
		if have := l.of().Get(key); have != nil {
			return l.of().Remove(have)
		}
		return exc.New(exc.KeyError, "%s", c.ReprGo(key))
	}
	if have := l.of().Get(key); have != nil {
		c.L.SetTable(c.FromGo(c.L, have), lua.LString(l.p.attr), v)
		return nil
	}
	i, err := l.p.create(c, l.owner, c.FromGo(c.L, key), v)
	if err != nil {
		return err
	}
	return l.of().SetKey(key, i)
}

func (l *proxied) indexOf(c *bind.Call, v lua.LValue) int {
	return slices.IndexFunc(l.values(c), func(x lua.LValue) bool { return c.L.Equal(x, v) })
}

var proxiedClass = bind.Define[*proxied]("_AssociationList", "Attributes of related objects, as a collection.").
	Method("append(value{!})", "Add one.", `user.keywords:append("x")`, func(l *proxied, a *bind.Args) (any, error) { return nil, l.append(a.Call, a.Lua("value")) }).
	Method("add(value{!})", "Add one.", `user.keywords:add("x")`, func(l *proxied, a *bind.Args) (any, error) {
		if l.indexOf(a.Call, a.Lua("value")) >= 0 {
			return nil, nil
		}
		return nil, l.append(a.Call, a.Lua("value"))
	}).
	Method("extend(values{!})", "Add several.", `user.keywords:extend({"x", "y"})`, func(l *proxied, a *bind.Args) (any, error) {
		for _, v := range a.List("values") {
			if err := l.append(a.Call, v); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}).
	Method("remove(value{!})", "Take one out.", `user.keywords:remove("x")`, func(l *proxied, a *bind.Args) (any, error) {
		n := l.indexOf(a.Call, a.Lua("value"))
		if n < 0 {
			return nil, exc.New(exc.ValueError, "value not in list")
		}
		_, err := l.of().Pop(n)
		return nil, err
	}).
	Method("clear()", "Take all out.", "user.keywords:clear()", func(l *proxied, a *bind.Args) (any, error) { return nil, l.of().Clear() }).
	Method("contains(value{!})", "Whether one is there.", `user.keywords:contains("x")`, func(l *proxied, a *bind.Args) (any, error) {
		return l.indexOf(a.Call, a.Lua("value")) >= 0, nil
	}).
	Method("update(values{!})", "Add what is not there: values, or keys with values.", `user.notes:update({a = "x"})`, func(l *proxied, a *bind.Args) (any, error) {
		if l.of().Kind() == orm.KeyedCollection {
			t, ok := a.Lua("values").(*lua.LTable)
			if !ok {
				return nil, exc.New(exc.TypeError, "update() takes a table of keys with values")
			}
			for k, v := range script.Fields(t) {
				if err := l.setKey(a.Call, a.ToGo(k), v); err != nil {
					return nil, err
				}
			}
			return nil, nil
		}
		for _, v := range a.List("values") {
			if l.indexOf(a.Call, v) < 0 {
				if err := l.append(a.Call, v); err != nil {
					return nil, err
				}
			}
		}
		return nil, nil
	}).
	Method("insert(index, value{!})", "Add one at a position, counted from 1.", `user.keywords:insert(1, "x")`, func(l *proxied, a *bind.Args) (any, error) {
		i, err := l.p.create(a.Call, l.owner, a.Lua("value"))
		if err != nil {
			return nil, err
		}
		return nil, l.of().Insert(max(a.Int("index")-1, 0), i)
	}).
	Method("pop(key{!}=nil, default{!}=nil)", "Take out the last one, or the one at a position or key.", "user.keywords:pop()", func(l *proxied, a *bind.Args) (any, error) {
		if l.of().Kind() == orm.KeyedCollection {
			i := l.of().Get(a.Any("key"))
			if i == nil {
				if a.Given("default") {
					return a.Lua("default"), nil
				}
				return nil, exc.New(exc.KeyError, "%s", a.Repr(a.L, a.Lua("key")))
			}
			v := l.value(a.Call, i)
			return v, l.of().Remove(i)
		}
		n := l.of().Len()
		if a.Has("key") {
			n = a.Int("key")
		}
		i, err := l.of().Pop(n - 1)
		if err != nil {
			return nil, err
		}
		return l.value(a.Call, i), nil
	}).
	Method("discard(value{!})", "Take one out if it is there.", `user.keywords:discard("x")`, func(l *proxied, a *bind.Args) (any, error) {
		if n := l.indexOf(a.Call, a.Lua("value")); n >= 0 {
			_, err := l.of().Pop(n)
			return nil, err
		}
		return nil, nil
	}).
	Method("count(value{!})", "How often one is there.", `user.keywords:count("x")`, func(l *proxied, a *bind.Args) (any, error) {
		n := 0
		for _, v := range l.values(a.Call) {
			if a.L.Equal(v, a.Lua("value")) {
				n++
			}
		}
		return n, nil
	}).
	Method("index(value{!})", "The position of one, counted from 1.", `user.keywords:index("x")`, func(l *proxied, a *bind.Args) (any, error) {
		n := l.indexOf(a.Call, a.Lua("value"))
		if n < 0 {
			return nil, exc.New(exc.ValueError, "%s is not in list", a.Repr(a.L, a.Lua("value")))
		}
		return n + 1, nil
	}).
	Method("get(key{!}, default{!}=nil)", "The value of a key.", `user.notes:get("a")`, func(l *proxied, a *bind.Args) (any, error) {
		if i := l.of().Get(a.Any("key")); i != nil {
			return l.value(a.Call, i), nil
		}
		return a.Lua("default"), nil
	}).
	Method("setdefault(key{!}, default{!}=nil)", "The value of a key, set to the default where it has none.", `user.notes:setdefault("a", "x")`, func(l *proxied, a *bind.Args) (any, error) {
		if i := l.of().Get(a.Any("key")); i != nil {
			return l.value(a.Call, i), nil
		}
		return a.Lua("default"), l.setKey(a.Call, a.Any("key"), a.Lua("default"))
	}).
	Method("items()", "The keys with their values.", "user.notes:items()", func(l *proxied, a *bind.Args) (any, error) {
		out := []any{}
		for _, k := range l.of().Keys() {
			out = append(out, pairOf(k, a.ToGo(l.value(a.Call, l.of().Get(k)))))
		}
		return out, nil
	}).
	Method("copy()", "The values, in a list of their own.", "user.keywords:copy()", func(l *proxied, a *bind.Args) (any, error) { return l.values(a.Call), nil }).
	Method("keys()", "The keys of a keyed collection.", "user.notes:keys()", func(l *proxied, a *bind.Args) (any, error) { return l.of().Keys(), nil }).
	Method("values()", "The values.", "user.notes:values()", func(l *proxied, a *bind.Args) (any, error) { return l.values(a.Call), nil }).
	With(func(class *bind.Class) {
		class.Len = func(_ *bind.Call, self any) (int, error) { return self.(*proxied).of().Len(), nil }
		class.Iterate = func(c *bind.Call, self any) (func() (any, bool, error), error) {
			l := self.(*proxied)
			if l.of().Kind() == orm.KeyedCollection {
				return each(l.of().Keys()), nil
			}
			n := -1
			return func() (any, bool, error) {
				n++
				i := l.of().At(n)
				if i == nil {
					return nil, false, nil
				}
				return l.value(c, i), true, nil
			}, nil
		}
		class.AttrFirst = true
		class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
			l := self.(*proxied)
			if l.of().Kind() != orm.KeyedCollection {
				return nil, false, nil
			}
			if i := l.of().Get(name); i != nil {
				return l.value(c, i), true, nil
			}
			return nil, false, nil
		}
		class.SetAttr = func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
			l := self.(*proxied)
			if l.of().Kind() != orm.KeyedCollection {
				return false, nil
			}
			return true, l.setKey(c, name, v)
		}
		class.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			l := self.(*proxied)
			if l.of().Kind() == orm.KeyedCollection {
				if i := l.of().Get(c.ToGo(key)); i != nil {
					return l.value(c, i), nil
				}
				return nil, nil
			}
			n, _ := key.(lua.LNumber)
			if i := l.of().At(int(n) - 1); i != nil {
				return l.value(c, i), nil
			}
			return nil, nil
		}
		class.SetItem = func(c *bind.Call, self any, key, v lua.LValue) error {
			l := self.(*proxied)
			if l.of().Kind() == orm.KeyedCollection {
				return l.setKey(c, c.ToGo(key), v)
			}
			n, _ := key.(lua.LNumber)
			if i := l.of().At(int(n) - 1); i != nil {
				c.L.SetTable(c.FromGo(c.L, i), lua.LString(l.p.attr), v)
				return nil
			}
			return exc.New(exc.IndexError, "list assignment index out of range")
		}
		class.Repr = func(c *bind.Call, self any) (string, error) {
			l := self.(*proxied)
			if l.of().Kind() == orm.KeyedCollection {
				t := c.L.NewTable()
				for _, k := range l.of().Keys() {
					t.RawSet(c.FromGo(c.L, k), l.value(c, l.of().Get(k)))
				}
				return c.Repr(c.L, t), nil
			}
			t := c.FromGo(c.L, l.values(c))
			return c.Repr(c.L, t), nil
		}
	})
