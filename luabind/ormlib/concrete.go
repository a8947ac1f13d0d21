package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// concreteKind tells the two bases of concrete classes, and what is neither.
type concreteKind uint8

const (
	notConcrete      concreteKind = iota
	concreteBase                  // has a table of its own
	abstractConcrete              // has none: it is the UNION of the others
)

// concreteKind is that of a class which names one of the two as its own base.
func (c *Class) concreteKind() concreteKind {
	for _, b := range c.Bases {
		if b.kind != notConcrete {
			return b.kind
		}
	}
	return notConcrete
}

func (c *Class) discriminatorName() string {
	if v, _ := c.lookup("_concrete_discriminator_name"); v != lua.LNil {
		return lua.LVAsString(v)
	}
	return "type"
}

func (c *Class) checkConcrete() {
	if c.concreteKind() == abstractConcrete {
		bind.Fail(exc.UnmappedClassError, "Class %s is a subclass of AbstractConcreteBase and has a mapping pending until all subclasses are defined. Call the sqlalchemy.orm.configure_mappers() function after all subclasses have been defined to complete the mapping of this class.", c.Name)
	}
}

// mapOverUnion maps an AbstractConcreteBase to the UNION of its subclasses'
// tables, when mappers are configured.
func (k *Class) mapOverUnion(c *bind.Call) error {
	r := k.registryOf()
	defer k.startScan()()
	decls, err := k.declarations(c)
	if err != nil {
		return err
	}
	r.Registry.BeforeConfigured = append(r.Registry.BeforeConfigured, func() error {
		if k.mapper != nil {
			return nil
		}
		subs := concreteSubclasses(r.Registry, k)
		if len(subs) == 0 {
			return nil
		}
		union, on, err := unionOf(subs, k.discriminatorName())
		if err != nil {
			return err
		}
		def := orm.Definition{Name: k.Name, Class: k, Local: union, PolymorphicOn: on, PolymorphicAbstract: true}
		var own []declared
		for _, d := range decls {
			if p, ok := propertyOf(c, k, d.name, d.v); ok {
				if columnIn(p) == nil {
					def.Properties = append(def.Properties, orm.Named{Key: d.name, Value: p})
				}
				continue
			}
			own = append(own, d)
		}
		if err := k.mapTo(c, r, def, own); err != nil {
			return err
		}
		for _, m := range subs {
			if m.Inherits == nil {
				orm.JoinConcrete(k.mapper, m)
			}
		}
		return nil
	})
	return nil
}

// loadOverUnion makes queries of a ConcreteBase select from the UNION of its
// table and those of its subclasses.
func (k *Class) loadOverUnion() {
	r := k.registryOf()
	done := false
	r.Registry.BeforeConfigured = append(r.Registry.BeforeConfigured, func() error {
		if done || k.mapper.WithPolymorphic != nil {
			return nil
		}
		done = true
		union, on, err := unionOf(k.mapper.SelfAndDescendants(), k.discriminatorName())
		if err != nil {
			return err
		}
		return k.mapper.LoadFrom(union, on)
	})
}

// concreteSubclasses are the mapped classes that derive from k, in the order in
// which SQLAlchemy comes by them: the last defined first, each before its own.
func concreteSubclasses(r *orm.Registry, k *Class) []*orm.Mapper {
	direct := func(of *Class) (out []*Class) {
		for _, m := range r.Mappers() {
			if c := classOf(m); c != nil && slices.Contains(c.Bases, of) {
				out = append(out, c)
			}
		}
		return out
	}
	var out []*orm.Mapper
	for stack := direct(k); len(stack) > 0; {
		c := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], direct(c)...)
		out = append(out, c.mapper)
	}
	return out
}

func unionOf(ms []*orm.Mapper, discriminator string) (core.From, core.Expr, error) {
	ids, tables := make([]any, len(ms)), make([]core.From, len(ms))
	for n, m := range ms {
		ids[n], tables[n] = m.PolymorphicIdentity, core.PlainFrom(m.Local)
	}
	return orm.UnionOf(ids, tables, discriminator, "pjoin")
}

var polymorphicUnionFunc = bind.Func(`polymorphic_union(table_map{!}, typecolname=nil, aliasname="p_union", cast_nulls=true)`, "The UNION ALL of the tables of concrete classes.",
	`pjoin = polymorphic_union({manager = managers, engineer = engineers}, "type", "pjoin")`, func(a *bind.Args) (any, error) {
		t, ok := a.Lua("table_map").(*lua.LTable)
		if !ok {
			return nil, exc.New(exc.TypeError, "polymorphic_union(): expected tables by identity")
		}
		var ids []any
		var tables []core.From
		for key, v := range script.Fields(t) {
			ids = append(ids, a.ToGo(key))
			tables = append(tables, corelib.From(a.Call, v, corelib.FromRole))
		}
		name := a.String("typecolname")
		if name == "" {
			clear(ids)
		}
		f, _, err := orm.UnionOf(ids, tables, name, types.Str(a.Any("aliasname")))
		return f, err
	})
