package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// accessor is property(f): an attribute of objects that functions answer for.
type accessor struct{ get, set, del *bind.Callback }

func (p *accessor) onObject(c *bind.Call, self lua.LValue, name string) (any, error) {
	if p.get == nil {
		return nil, exc.New(exc.AttributeError, "property '%s' of '%s' object has no getter", name, nameOfClass(self))
	}
	r, err := p.get.Call(self)
	if err != nil || len(r) == 0 {
		return nil, err
	}
	return r[0], nil
}

func (p *accessor) onClass(*bind.Call, view, string) (any, error) { return p, nil }

func (p *accessor) assign(_ *bind.Call, self lua.LValue, name string, v lua.LValue) error {
	if p.set == nil {
		return exc.New(exc.AttributeError, "property '%s' of '%s' object has no setter", name, nameOfClass(self))
	}
	_, err := p.set.Call(self, v)
	return err
}

func (p *accessor) remove(_ *bind.Call, self lua.LValue, name string) error {
	if p.del == nil {
		return exc.New(exc.AttributeError, "property '%s' of '%s' object has no deleter", name, nameOfClass(self))
	}
	_, err := p.del.Call(self)
	return err
}

func nameOfClass(v lua.LValue) string {
	if k := classOfValue(v); k != nil {
		return k.Name
	}
	return "object"
}

// with is the property with one function more.
func (p *accessor) with(change func(*accessor)) (any, error) {
	n := *p
	change(&n)
	return &n, nil
}

var accessorClass = bind.Define[*accessor]("property", "An attribute of objects that functions answer for.").
	Constructor("property(fget=nil, fset=nil, fdel=nil, doc=nil)", "An attribute of objects that functions answer for, in mapped classes and plain ones.",
		`shout = property(function(self) return self.name:upper() end)`, func(a *bind.Args) (any, error) {
			return &accessor{a.Function("fget"), a.Function("fset"), a.Function("fdel")}, nil
		}).
	Method("getter(fget)", "What reading gives.", "property():getter(f)", func(p *accessor, a *bind.Args) (any, error) {
		return p.with(func(n *accessor) { n.get = a.Function("fget") })
	}).
	Method("setter(fset)", "What assignment does.", "property(f):setter(function(self, value) self.name = value end)", func(p *accessor, a *bind.Args) (any, error) {
		return p.with(func(n *accessor) { n.set = a.Function("fset") })
	}).
	Method("deleter(fdel)", "What deletion does.", "property(f):deleter(g)", func(p *accessor, a *bind.Args) (any, error) {
		return p.with(func(n *accessor) { n.del = a.Function("fdel") })
	}).
	With(func(c *bind.Class) { c.Identity = true })

// bound is classmethod(f) or staticmethod(f): called with a colon or a dot, on
// the class or on an object, f gets the class first, or only its arguments.
type bound struct {
	f     *bind.Callback
	class bool
}

func (b *bound) function(c *bind.Call, self lua.LValue, k *Class) any {
	of := c.FromGo(c.L, k)
	return c.L.NewFunction(func(L *lua.LState) int {
		first := 1
		if v := L.Get(1); v == self || v == of || classOfValue(v) != nil && classOfValue(v).derives(k) && sameObject(v, self) {
			first = 2
		}
		base := L.GetTop()
		L.Push(b.f.Value())
		n := 0
		if b.class {
			L.Push(of)
			n++
		}
		for i := first; i <= base; i++ {
			L.Push(L.Get(i))
			n++
		}
		L.Call(n, lua.MultRet)
		return L.GetTop() - base
	})
}

func sameObject(a, b lua.LValue) bool {
	x, okx := a.(*lua.LUserData)
	y, oky := b.(*lua.LUserData)
	return okx && oky && x.Value == y.Value
}

func (b *bound) onObject(c *bind.Call, self lua.LValue, name string) (any, error) {
	return b.function(c, self, classOfValue(self)), nil
}

func (b *bound) onClass(c *bind.Call, v view, name string) (any, error) {
	self := v.lua(c)
	k, ok := bind.Unwrap[*Class](self)
	if !ok {
		k = classOf(v.entity().Mapper)
	}
	return b.function(c, self, k), nil
}

func (b *bound) assign(_ *bind.Call, self lua.LValue, name string, _ lua.LValue) error {
	return exc.New(exc.AttributeError, "the method '%s' of '%s' cannot be assigned", name, nameOfClass(self))
}

var boundClass = bind.Define[*bound]("classmethod", "A method of the class.").With(func(c *bind.Class) { c.Identity = true })

var classMethod = bind.Func("classmethod(fn)", "A method that gets the class first, called on the class or on an object.", `by_name = classmethod(function(cls, name) return select(cls):filter_by{name = name} end)`, func(a *bind.Args) (any, error) {
	return &bound{a.Function("fn"), true}, nil
})

var staticMethod = bind.Func("staticmethod(fn)", "A function in a class that gets neither class nor object.", `clean = staticmethod(function(text) return text:lower() end)`, func(a *bind.Args) (any, error) {
	return &bound{a.Function("fn"), false}, nil
})
