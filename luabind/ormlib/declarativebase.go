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

// installBases defines DeclarativeBase, the base of a base in 2.0's style, and
// MappedAsDataclass, the mixin that makes mapped classes dataclasses.
func installBases(s *bind.State) {
	base := &Class{Name: "DeclarativeBase", body: map[string]lua.LValue{}, builtin: true, declares: true}
	s.SetGlobal("DeclarativeBase", base)
	s.SetGlobal("DeclarativeBaseNoMeta", base)
	later := &Class{Name: "DeferredReflection", body: map[string]lua.LValue{}, builtin: true, reflects: true}
	later.set("prepare", s.Function(prepareReflection))
	s.SetGlobal("DeferredReflection", later)
	s.SetGlobal("MappedAsDataclass", &Class{Name: "MappedAsDataclass", body: map[string]lua.LValue{}, builtin: true, dataclass: &dataclassArgs{}})
}

// makeClass is class(name, bases, body) for declarative and plain classes.
func makeClass(c *bind.Call, s *bind.ClassStatement) (any, bool, error) {
	k := &Class{Name: s.Name, body: map[string]lua.LValue{}}
	for _, b := range s.Bases {
		base, ok := bind.Unwrap[*Class](b)
		if bound, library := bind.Unwrap[*bind.Class](b); library && bound.Derivable() {
			base, ok = boundBase(c.State, bound), true
		}
		if !ok {
			return nil, false, nil
		}
		k.Bases = append(k.Bases, base)
	}
	for key, v := range script.Fields(s.Body) {
		n, ok := key.(lua.LString)
		if !ok {
			return nil, true, exc.New(exc.TypeError, "class(): the fields of a body need names")
		}
		k.set(string(n), v)
	}
	if k.boundTo() != nil {
		k.derive()
		return k, true, nil
	}
	if err := k.readTransforms(c, s.Keywords); err != nil {
		return nil, true, err
	}
	if slices.ContainsFunc(k.Bases, func(b *Class) bool { return b.declares }) {
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
		return k, true, k.unmappedDataclass(c)
	}
	if !k.declarative() {
		return k, true, k.unmappedDataclass(c) // a mixin, or a plain class
	}
	if v, ok := k.body["__abstract__"]; ok && lua.LVAsBool(v) {
		k.abstract = true
		return k, true, k.unmappedDataclass(c)
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
