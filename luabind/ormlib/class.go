package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/enginelib"
	"alchemysh/orm"
)

// Class is a class that a script made with class(): mapped, or a base, a
// mixin, a plain class.
type Class struct {
	Name     string
	Bases    []*Class
	registry *registry // of a declarative base and what derives from it
	// imperative: mapped by map_imperatively(), so that its subclasses are plain
	// classes until they are mapped too.
	imperative bool
	mapper     *orm.Mapper // nil: not mapped
	abstract   bool        // a declarative base, or __abstract__

	// body is what the class says, in the order of the source: methods, plain
	// values, and for mixins what its subclasses map.
	names []string
	body  map[string]lua.LValue

	table   *core.Table
	pending []*enginelib.Listening // listeners that wait for subclasses
	alias   *orm.Entity            // what aliased() made of it
	auto    *automapping           // of automap_base()
	kind    concreteKind           // of ConcreteBase and AbstractConcreteBase
	scan    *scan                  // while it is being mapped

	compares  *comparatorRoot // of Comparator and PropComparator
	builtin   bool            // the library's own: object, MutableComposite
	composite bool            // MutableComposite
	declares  bool            // DeclarativeBase
	reflects  bool            // DeferredReflection
	waits     bool            // declared, but mapped only by prepare()

	bound   *bind.Class // stands for a class of the library
	derived *bind.Class // what values are of, of a class that derives from one

	sessionEvents orm.Events // of all sessions of the class

	dataclass   *dataclassArgs // what MappedAsDataclass hands on to subclasses
	isDataclass bool
	fields      []*dcField
}

// mro lists c and its bases, nearest first, each once.
func (c *Class) mro() []*Class {
	out := []*Class{c}
	for i := 0; i < len(out); i++ {
		for _, b := range out[i].Bases {
			if !slices.Contains(out, b) {
				out = append(out, b)
			}
		}
	}
	return out
}

// lookup finds a name in the class or its bases.
func (c *Class) lookup(name string) (lua.LValue, *Class) {
	for _, k := range c.mro() {
		if v, ok := k.body[name]; ok {
			return v, k
		}
	}
	return lua.LNil, nil
}

// says reports whether the class or a base has a field of that name, nil ones
// included.
func (c *Class) says(name string) bool {
	return slices.ContainsFunc(c.mro(), func(k *Class) bool { _, ok := k.body[name]; return ok })
}

// hasClass reports whether a field of the class is that class.
func (c *Class) hasClass(k *Class) bool {
	for _, b := range c.mro() {
		for _, v := range b.body {
			if x, ok := bind.Unwrap[*Class](v); ok && x == k {
				return true
			}
		}
	}
	return false
}

// set gives the class a name of its own.
func (c *Class) set(name string, v lua.LValue) {
	if _, known := c.body[name]; !known {
		c.names = append(c.names, name)
	}
	c.body[name] = v
}

// method finds a function of the class; nil without one.
func (c *Class) method(s *bind.State, name string) *bind.Callback {
	v, _ := c.lookup(name)
	if v == lua.LNil {
		return nil
	}
	f, _ := s.CallbackOf(v)
	return f
}

// derives reports whether c is base or has it among its bases.
func (c *Class) derives(base *Class) bool { return slices.Contains(c.mro(), base) }

// mapperOf is the mapper of c, or of its nearest mapped base; nil if none.
func (c *Class) mapped() *orm.Mapper {
	for _, k := range c.mro() {
		if k.mapper != nil {
			return k.mapper
		}
	}
	return nil
}

// isDeclared reports whether the class is mapped, or will be by prepare().
func (c *Class) isDeclared() bool { return c.mapper != nil || c.waits }

// Clause is what the class stands for in a statement.
func (c *Class) Clause() core.Node {
	if c.mapper == nil {
		c.checkPrepared()
		c.checkConcrete()
		bind.Fail(exc.ArgumentError, "Column expression, FROM clause, or other columns clause element expected, got <class '%s'>.", c.Name)
	}
	check(c.mapper.Registry.Configure())
	return c.mapper.Entity().Node()
}

func check(err error) { bind.Check(err) }

// classOf is the class of a mapper.
func classOf(m *orm.Mapper) *Class {
	c, _ := m.Class.(*Class)
	return c
}
