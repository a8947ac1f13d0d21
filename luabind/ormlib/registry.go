package ormlib

import (
	"sync"

	"alchemysh/core"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/orm"
)

// registry is a family of mapped classes, as registry() and
// declarative_base() make one.
type registry struct {
	*orm.Registry
	state   *bind.State
	classes map[string][]*Class
}

func newRegistry(s *bind.State, m *core.MetaData) *registry {
	if m == nil {
		m = core.NewMetaData()
		m.Attaching = corelib.AttachmentsOf(s)
	}
	r := &registry{Registry: orm.NewRegistry(m), state: s, classes: map[string][]*Class{}}
	r.Registry.Eval = r.eval
	known, _ := registries.LoadOrStore(s, &[]*registry{})
	list := known.(*[]*registry)
	*list = append(*list, r)
	return r
}

// registries lists the registries of each state.
var registries sync.Map // *bind.State → *[]*registry

func allRegistries(s *bind.State) []*registry {
	if list, ok := registries.Load(s); ok {
		return *list.(*[]*registry)
	}
	return nil
}

var registryClass = bind.Define[*registry]("registry", "A family of mapped classes.").
	Constructor("registry(metadata=nil, type_annotation_map{}=nil)", "Make a family of mapped classes.", "reg = registry()", func(a *bind.Args) (any, error) {
		return newRegistry(a.State, bind.Get[*core.MetaData](a, "metadata")), nil
	}).
	Property("metadata", "The catalogue of its tables.", func(r *registry) any { return r.Registry.MetaData }).
	Property("mappers", "Its mappers.", func(r *registry) any { return r.Registry.Mappers() }).
	Method("generate_base(name=\"Base\", cls=nil)", "A declarative base of this family.", "Base = reg:generate_base()", func(r *registry, a *bind.Args) (any, error) {
		return newBase(a, r), nil
	}).
	Method("as_declarative_base(**kw)", "Make a class of one's own the declarative base: reg:as_declarative_base()(class).", `Base = reg:as_declarative_base()(class("Base", nil, {}))`, func(r *registry, a *bind.Args) (any, error) {
		return classDecorator(a, "as_declarative_base", func(_ *bind.Call, k *Class) (any, error) { return asBase(r, k), nil }), nil
	}).
	Method("map_declaratively(cls)", "Map a class that says __tablename__ but has no base; the mapper.", "reg:map_declaratively(User)", func(r *registry, a *bind.Args) (any, error) {
		k := bind.Get[*Class](a, "cls")
		k.registry = r
		if err := declare(a.Call, k); err != nil {
			return nil, err
		}
		return k.mapper, nil
	}).
	Method("map_imperatively(class_, local_table=nil, *, properties{}=nil, **kw)", "Map a class that is kept apart from its table.", "reg:map_imperatively(User, users_table)", mapImperatively).
	Method("configure(cascade=false)", "Resolve what mappings left open.", "reg:configure()", func(r *registry, a *bind.Args) (any, error) { return nil, r.Registry.Configure() }).
	Method("dispose(cascade=false)", "Forget all its mappers.", "reg:dispose()", func(r *registry, a *bind.Args) (any, error) { r.Registry.Dispose(); return nil, nil }).
	Method("mapped(cls)", "Map a class that says __tablename__ but has no base.", "reg:mapped(User)", func(r *registry, a *bind.Args) (any, error) {
		k := bind.Get[*Class](a, "cls")
		k.registry = r
		return k, declare(a.Call, k)
	}).
	Method("mapped_as_dataclass(cls=nil, *, "+dataclassParams+")", "Map a class that has no base, and make it a dataclass: of the class, or as a decorator with arguments.", "reg:mapped_as_dataclass(User)", func(r *registry, a *bind.Args) (any, error) {
		return mappedAsDataclass(a, r)
	}).
	With(func(c *bind.Class) { c.Identity = true })
