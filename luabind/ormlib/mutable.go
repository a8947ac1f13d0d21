package ormlib

import (
	"slices"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/orm"
)

// mutableTypes are the types that MutableDict:as_mutable(…) marked.
var mutableTypes sync.Map

// mutableKind is MutableDict, MutableList or MutableSet.
type mutableKind struct{ name string }

var mutableKindClass = bind.Define[*mutableKind]("Mutable", "A kind of value whose changes in place are noticed.").
	Method("as_mutable(sqltype)", "The type, its values watched for changes in place.", "Column(MutableDict:as_mutable(JSON))", func(_ *mutableKind, a *bind.Args) (any, error) {
		t := corelib.TypeOf(a.Call, a.Lua("sqltype"))
		mutableTypes.Store(t, true)
		return t, nil
	}).
	With(func(c *bind.Class) { c.Identity = true })

func isMutable(p *orm.ColumnProperty) bool {
	c := p.Column()
	if c == nil || c.Type == nil {
		return false
	}
	_, marked := mutableTypes.Load(c.Type)
	return marked
}

// mutable is the value of such an attribute: every change sets the attribute.
type mutable struct {
	i    *orm.Instance
	name string
}

func (m *mutable) value() any {
	v, err := m.i.Get(m.name)
	check(err)
	return v
}

// object is the value as names with values.
func (m *mutable) object() types.Object {
	o, _ := m.value().(types.Object)
	var n types.Object
	for k, v := range o.All() {
		n.Set(k, v)
	}
	return n
}

// list is the value as a list; ok is false for another.
func (m *mutable) list() ([]any, bool) {
	l, ok := m.value().([]any)
	return slices.Clone(l), ok
}

func (m *mutable) set(v any) error { return m.i.Set(m.name, v) }

// put gives a key a value; nil takes it away.
func (m *mutable) put(key string, v any) error {
	o := m.object()
	if v != nil {
		o.Set(key, v)
		return m.set(o)
	}
	var n types.Object
	for k, x := range o.All() {
		if k != key {
			n.Set(k, x)
		}
	}
	return m.set(n)
}

var mutableClass = bind.Define[*mutable]("MutableValue", "A value whose changes in place are written at the next flush.").
	Method("get(key, default{!}=nil)", "The value of a key.", `doc.data:get("a")`, func(m *mutable, a *bind.Args) (any, error) {
		if v, ok := m.object().Get(a.String("key")); ok {
			return v, nil
		}
		return a.Lua("default"), nil
	}).
	Method("update(values{!})", "Set several keys.", `doc.data:update({a = 1})`, func(m *mutable, a *bind.Args) (any, error) {
		o := m.object()
		if v, ok := a.Any("values").(types.Object); ok {
			for k, x := range v.All() {
				o.Set(k, x)
			}
		}
		return nil, m.set(o)
	}).
	Method("pop(key{!}=nil)", "Take a value out.", `doc.data:pop("a")`, func(m *mutable, a *bind.Args) (any, error) {
		if l, ok := m.list(); ok {
			n := len(l)
			if a.Has("key") {
				n = a.Int("key")
			}
			if n < 1 || n > len(l) {
				return nil, exc.New(exc.IndexError, "pop from a position that is not there")
			}
			v := l[n-1]
			return v, m.set(slices.Delete(l, n-1, n))
		}
		v, _ := m.object().Get(a.String("key"))
		return v, m.put(a.String("key"), nil)
	}).
	Method("append(value{!})", "Add to a list.", `doc.tags:append("x")`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		return nil, m.set(append(l, a.Any("value")))
	}).
	Method("extend(values{!})", "Add several to a list.", `doc.tags:extend({"x", "y"})`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		for _, v := range a.List("values") {
			l = append(l, a.ToGo(v))
		}
		return nil, m.set(l)
	}).
	Method("remove(value{!})", "Take a value out of a list.", `doc.tags:remove("x")`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		for n, v := range l {
			if types.Repr(v) == types.Repr(a.Any("value")) {
				return nil, m.set(slices.Delete(l, n, n+1))
			}
		}
		return nil, exc.New(exc.ValueError, "value not in list")
	}).
	Method("clear()", "Take all out.", "doc.data:clear()", func(m *mutable, a *bind.Args) (any, error) {
		if _, ok := m.list(); ok {
			return nil, m.set([]any{})
		}
		return nil, m.set(types.Object{})
	}).
	With(func(class *bind.Class) {
		class.AttrFirst = true
		class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
			v, ok := self.(*mutable).object().Get(name)
			if !ok && class.Member(name) == nil {
				return lua.LNil, true, nil
			}
			return v, ok, nil
		}
		class.SetAttr = func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
			return true, self.(*mutable).put(name, c.ToGo(v))
		}
		class.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			if l, ok := self.(*mutable).list(); ok {
				if n, ok := key.(lua.LNumber); ok && int(n) >= 1 && int(n) <= len(l) {
					return l[int(n)-1], nil
				}
				return nil, nil
			}
			v, _ := self.(*mutable).object().Get(key.String())
			return v, nil
		}
		class.SetItem = func(c *bind.Call, self any, key, v lua.LValue) error {
			m := self.(*mutable)
			l, ok := m.list()
			if !ok {
				return m.put(key.String(), c.ToGo(v))
			}
			n, _ := key.(lua.LNumber)
			switch at := int(n) - 1; {
			case at >= 0 && at < len(l):
				l[at] = c.ToGo(v)
			case at == len(l):
				l = append(l, c.ToGo(v))
			default:
				return exc.New(exc.IndexError, "list assignment index out of range")
			}
			return m.set(l)
		}
		class.Len = func(_ *bind.Call, self any) (int, error) {
			if l, ok := self.(*mutable).list(); ok {
				return len(l), nil
			}
			return self.(*mutable).object().Len(), nil
		}
		class.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			if l, ok := self.(*mutable).list(); ok {
				return each(l), nil
			}
			return each(self.(*mutable).object().Names()), nil
		}
		class.Repr = func(c *bind.Call, self any) (string, error) { return c.ReprGo(self.(*mutable).value()), nil }
	})
