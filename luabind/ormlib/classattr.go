package ormlib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// Table is SQLAlchemy's __table__.
func (c *Class) tableNode() any {
	if c.table != nil {
		return c.table
	}
	if m := c.mapped(); m != nil {
		if m.Local != nil {
			return core.PlainFrom(m.Local)
		}
	}
	return nil
}

var classClass = bind.Define[*Class]("type", "A class made with class().").
	Property("__name__", "Its name.", func(c *Class) any { return c.Name }).
	Property("__table__", "The table that it is mapped to.", func(c *Class) any { return c.tableNode() }).
	Computed("__mapper__", "Its mapper.", func(_ *bind.Call, c *Class) (any, error) {
		if c.mapper == nil {
			return nil, exc.New(exc.AttributeError, "type object '%s' has no attribute '__mapper__'", c.Name)
		}
		return c.mapper, nil
	}).
	Property("metadata", "The catalogue of its tables.", func(c *Class) any {
		if r := c.registryOf(); r != nil {
			return r.Registry.MetaData
		}
		return nil
	}).
	Property("registry", "The registry of its family.", func(c *Class) any {
		if r := c.registryOf(); r != nil {
			return r
		}
		return nil
	}).
	Property("__bases__", "Its bases.", func(c *Class) any { return c.Bases }).
	With(func(class *bind.Class) {
		class.Identity = true
		class.Call = bind.Func("class(*args{!})", "Make an object of the class.", `User{name = "ed"}`, func(a *bind.Args) (any, error) {
			return construct(a.Call, bind.SelfOf[*Class](a), a.Rest())
		})
		class.Attr = classAttr
		class.AttrNames = func(self any) []string { return self.(*Class).attributeNames() }
		class.SetAttr = setClassAttr
		class.Path = func(self any) string { return self.(*Class).Name }
		class.Repr = func(_ *bind.Call, self any) (string, error) { return "<class '" + self.(*Class).Name + "'>", nil }
	})

func (c *Class) registryOf() *registry {
	for _, k := range c.mro() {
		if k.registry != nil {
			return k.registry
		}
	}
	return nil
}

// attributeNames are what the class and its objects answer to.
func (c *Class) attributeNames() []string {
	var names []string
	if m := c.mapped(); m != nil {
		for _, p := range m.Properties() {
			names = append(names, p.Key())
		}
	}
	for _, k := range c.mro() {
		for _, n := range k.names {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

// classAttr reads User.name: a mapped attribute as SQL, a hybrid's expression,
// a method, a plain value.
func classAttr(c *bind.Call, self any, name string) (any, bool, error) {
	k := self.(*Class)
	if k.alias != nil {
		return entityAttr(c, k.alias, name)
	}
	if m := k.mapper; m != nil {
		// What is mapped is there at once: naming Address.id in the definition
		// of a relationship must not configure what is still half-defined.
		// Only a name nobody knows may be a backref that configuring makes.
		if v, _ := k.lookup(name); m.Property(name) == nil && v == lua.LNil && !strings.HasPrefix(name, "__") {
			check(m.Registry.Configure())
		}
		if m.Property(name) != nil {
			x, err := m.Entity().Expr(name)
			return x, true, err
		}
	}
	if a := k.automapping(); a != nil && k.mapper == nil {
		if x, ok := a.attr(k, name); ok {
			return x, true, nil
		}
	}
	if name == "__tablename__" {
		if v, _ := k.lookup(name); v != lua.LNil {
			x, err := k.field(c, name, v)
			return x, true, err
		}
		if k.table != nil {
			return k.table.Name, true, nil
		}
	}
	v, _ := k.lookup(name)
	if v == lua.LNil {
		if bound := k.boundTo(); bound != nil {
			return c.AttrOf(bound, name)
		}
		if name == "__init__" {
			return c.Function(baseInit), true, nil
		}
		return nil, k.says(name), nil
	}
	if d := descriptorOf(v); d != nil {
		x, err := d.onClass(c, classView{k}, name)
		return x, true, err
	}
	x, err := k.field(c, name, v)
	return x, true, err
}

// setClassAttr is User.x = …: a new mapped attribute, or a plain value.
func setClassAttr(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
	k := self.(*Class)
	if k.alias != nil {
		return false, nil
	}
	if m := k.mapper; m != nil {
		if p, ok := propertyOf(c, k, name, v); ok {
			if err := m.AddProperty(name, p); err != nil {
				return true, err
			}
			finishProperty(c, k, name, v)
			return true, nil
		}
	}
	k.set(name, v)
	if k.mapper != nil {
		finishProperty(c, k, name, v)
	}
	return true, nil
}

// view is what hybrids see of a class: the class, or an alias of it.
type view interface {
	entity() *orm.Entity
	lua(c *bind.Call) lua.LValue
}

type classView struct{ k *Class }

func (v classView) entity() *orm.Entity {
	if v.k.mapper == nil {
		return nil
	}
	return v.k.mapper.Entity()
}

func (v classView) lua(c *bind.Call) lua.LValue { return c.FromGo(c.L, v.k) }

type entityView struct{ e *orm.Entity }

func (v entityView) entity() *orm.Entity { return v.e }

func (v entityView) lua(c *bind.Call) lua.LValue { return c.FromGo(c.L, v.e) }
