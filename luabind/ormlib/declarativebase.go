package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

// newBase makes a declarative base.
func newBase(a *bind.Args, r *registry) *Class {
	name := a.String("name")
	k := &Class{Name: name, registry: r, abstract: true, body: map[string]lua.LValue{}}
	if a.Accepts("cls") {
		if cls := bind.Get[*Class](a, "cls"); cls != nil {
			k.Bases = []*Class{cls}
		}
	}
	return k
}

var declarativeBase = bind.Func("declarative_base(metadata=nil, mapper=nil, cls=nil, name=\"Base\", constructor=nil, class_registry{}=nil, type_annotation_map{}=nil)",
	"The base of a family of mapped classes.", "Base = declarative_base()", func(a *bind.Args) (any, error) {
		return newBase(a, newRegistry(a.State, bind.Get[*core.MetaData](a, "metadata"))), nil
	})

// declarativeRoot is DeclarativeBase, the base of a base in 2.0's style.
type declarativeRoot struct{ name string }

var declarativeRootClass = bind.Define[*declarativeRoot]("DeclarativeBase", "The base of a declarative base: class(\"Base\", DeclarativeBase, {}).").With(func(c *bind.Class) {
	c.Identity = true
	c.Repr = func(_ *bind.Call, self any) (string, error) {
		return "<class '" + self.(*declarativeRoot).name + "'>", nil
	}
})

// makeClass is class(name, bases, body) for declarative and plain classes.
func makeClass(c *bind.Call, name string, bases []lua.LValue, body *lua.LTable) (any, bool, error) {
	k := &Class{Name: name, body: map[string]lua.LValue{}}
	root := false
	for _, b := range bases {
		switch x := c.ToGo(b).(type) {
		case *Class:
			k.Bases = append(k.Bases, x)
		case *declarativeRoot:
			root = root || x.name != "MappedAsDataclass"
		default:
			return nil, false, nil
		}
	}
	for key, v := range script.Fields(body) {
		n, ok := key.(lua.LString)
		if !ok {
			return nil, true, exc.New(exc.TypeError, "class(): the fields of a body need names")
		}
		k.set(string(n), v)
	}
	if root {
		var m *core.MetaData
		if v, _ := k.lookup("metadata"); v != lua.LNil {
			m, _ = c.ToGo(v).(*core.MetaData)
		}
		if v, _ := k.lookup("registry"); v != lua.LNil {
			k.registry, _ = c.ToGo(v).(*registry)
		}
		if k.registry == nil {
			k.registry = newRegistry(c.State, m)
		}
		k.abstract = true
		return k, true, nil
	}
	if !k.declarative() {
		return k, true, nil // a mixin, or a plain class
	}
	if v, ok := k.body["__abstract__"]; ok && lua.LVAsBool(v) {
		k.abstract = true
		return k, true, nil
	}
	kind := k.concreteKind()
	if kind == abstractConcrete {
		k.abstract = true
		return k, true, k.mapOverUnion(c)
	}
	if err := declare(c, k); err != nil {
		return k, true, err
	}
	if kind == concreteBase {
		k.loadOverUnion()
	}
	return k, true, nil
}

// declarative reports whether a class is mapped by being written: one of its
// bases is a declarative base or was mapped so.
func (c *Class) declarative() bool {
	return slices.ContainsFunc(c.mro(), func(k *Class) bool { return k.registry != nil && !k.imperative })
}
