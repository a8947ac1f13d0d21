package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// holder is a mapped object that has a composite value as an attribute.
type holder struct {
	i   *orm.Instance
	key string
}

// heldBy notes an object whose attribute the value is, if its changes matter.
func (o *object) heldBy(i *orm.Instance, key string) {
	if !o.class.watched() {
		return
	}
	for _, p := range o.parents {
		if p.i == i && p.key == key {
			return
		}
	}
	o.parents = append(o.parents, holder{i, key})
}

// watched reports whether the class derives from MutableComposite.
func (c *Class) watched() bool {
	for _, k := range c.mro() {
		if k.composite {
			return true
		}
	}
	return false
}

// changed writes the parts of the value to the columns of the objects that have
// it.
func (o *object) changed() error {
	for _, p := range o.parents {
		prop, ok := p.i.Mapper().Property(p.key).(*orm.Composite)
		if !ok {
			continue
		}
		if p.i.HeldComposite(p.key) != any(o) {
			continue
		}
		values, err := prop.Values(o)
		if err != nil {
			return err
		}
		for n, key := range prop.Keys() {
			if n < len(values) {
				if err := p.i.Set(key, values[n]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// ownSetAttr is the __setattr__ that a script's class has; nil without one.
func (c *Class) ownSetAttr(call *bind.Call) *bind.Callback {
	v, of := c.lookup("__setattr__")
	if v == lua.LNil || of.builtin {
		return nil
	}
	f, _ := call.CallbackOf(v)
	return f
}

// installMutables defines Mutable and its kinds, MutableComposite, and object,
// the base of all classes, whose __setattr__ a class's own calls.
func installMutables(s *bind.State) {
	s.AddClassMaker(makeMutableClass)
	for _, name := range []string{"Mutable", "MutableDict", "MutableList", "MutableSet"} {
		s.SetGlobal(name, &mutableKind{name: name})
	}
	setattr := s.Function(bind.Func("__setattr__(self, name, value{!})", "Set an attribute, whatever the class's own __setattr__ does.", "object.__setattr__(self, name, value)", func(a *bind.Args) (any, error) {
		switch x := a.Any("self").(type) {
		case *object:
			return nil, x.set(a.Call, a.String("name"), a.Lua("value"))
		case *orm.Instance:
			_, err := setMapped(a.Call, x, a.String("name"), a.Lua("value"))
			return nil, err
		}
		return nil, exc.New(exc.TypeError, "__setattr__() takes an object of a class")
	}))
	root := &Class{Name: "object", body: map[string]lua.LValue{}, builtin: true}
	root.set("__setattr__", setattr)
	s.SetGlobal("object", root)
	composite := &Class{Name: "MutableComposite", body: map[string]lua.LValue{}, builtin: true, composite: true}
	composite.set("__setattr__", setattr)
	composite.set("changed", s.Function(bind.Func("changed(self)", "Write the value's parts to the objects that have it.", "self:changed()", func(a *bind.Args) (any, error) {
		o := bind.Get[*object](a, "self")
		if o == nil {
			return nil, exc.New(exc.TypeError, "changed() takes a composite value")
		}
		return nil, o.changed()
	})))
	s.SetGlobal("MutableComposite", composite)
}
