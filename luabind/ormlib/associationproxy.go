package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// remove takes the object at the far end away, or all of a collection.
func (p *proxy) remove(c *bind.Call, self lua.LValue, name string) error {
	i, held, err := p.held(self, name)
	if err != nil {
		return err
	}
	if _, many := held.(*orm.Collection); many || held == nil {
		return i.Delete(p.target)
	}
	if err := c.DelAttr(c.FromGo(c.L, held), lua.LString(p.attr)); err != nil {
		return err
	}
	return i.Delete(p.target)
}

// held finds the object that has the proxy, and what its relationship holds.
func (p *proxy) held(self lua.LValue, name string) (*orm.Instance, any, error) {
	i, ok := bind.Unwrap[*orm.Instance](self)
	if !ok {
		return nil, nil, exc.New(exc.InvalidRequestError, "association proxy %s needs a mapped object", name)
	}
	v, err := i.Get(p.target)
	return i, v, err
}

// proxy is association_proxy(target, attr).
type proxy struct {
	target, attr string
	creator      *bind.Callback
	// cascade: a nil that is assigned takes the object between away; createOnNil:
	// it makes one.
	cascade, createOnNil bool
	field                *fieldOptions // of a dataclass
}

var proxyFunc = bind.Func("association_proxy(target_collection, attr, *, creator=nil, getset_factory=nil, proxy_factory=nil, proxy_bulk_set=nil, info{}=nil, cascade_scalar_deletes=false, create_on_none_assignment=false, "+fieldParams+")",
	"An attribute of related objects as if it were the object's own.", `keywords = association_proxy("kw", "keyword")`, func(a *bind.Args) (any, error) {
		return &proxy{target: a.String("target_collection"), attr: a.String("attr"), creator: a.Function("creator"), cascade: a.Bool("cascade_scalar_deletes"), createOnNil: a.Bool("create_on_none_assignment"), field: readFieldOptions(a)}, nil
	})

var proxyDescriptorClass = bind.Define[*proxy]("association_proxy", "An attribute of related objects as if it were the object's own.").
	Property("target_collection", "The name of the relationship.", func(p *proxy) any { return p.target }).
	Property("value_attr", "The name of the attribute at the far end.", func(p *proxy) any { return p.attr }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) { return self.(*proxy).String(), nil }
	})

func (p *proxy) onObject(c *bind.Call, self lua.LValue, name string) (any, error) {
	if i, ok := bind.Unwrap[*orm.Instance](self); ok {
		if f, ok := i.Fields.(*fields); ok && f.proxied[p] != nil {
			return f.proxied[p], nil
		}
	}
	i, v, err := p.held(self, name)
	if err != nil {
		return nil, err
	}
	if _, ok := v.(*orm.Collection); ok {
		f := fieldsOfInstance(c.State, i)
		if f.proxied == nil {
			f.proxied = map[*proxy]*proxied{}
		}
		f.proxied[p] = &proxied{p, i}
		return f.proxied[p], nil
	}
	if v == nil {
		return nil, nil
	}
	return c.L.GetField(c.FromGo(c.L, v), p.attr), nil
}

func (p *proxy) assign(c *bind.Call, self lua.LValue, name string, v lua.LValue) error {
	i, held, err := p.held(self, name)
	if err != nil {
		return err
	}
	if col, ok := held.(*orm.Collection); ok {
		return (&proxied{p, i}).replace(c, col, v)
	}
	if held == nil {
		if v == lua.LNil && !p.createOnNil {
			return nil
		}
		made, err := p.create(c, i, v)
		if err != nil {
			return err
		}
		return i.Set(p.target, made)
	}
	c.L.SetTable(c.FromGo(c.L, held), lua.LString(p.attr), v)
	if v == lua.LNil && p.cascade {
		return i.Set(p.target, nil)
	}
	return nil
}

// create makes the object between: by creator, or by the class's constructor.
func (p *proxy) create(c *bind.Call, owner *orm.Instance, args ...lua.LValue) (*orm.Instance, error) {
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a
	}
	if p.creator != nil {
		v, err := p.creator.Call1(values...)
		if err != nil {
			return nil, err
		}
		i, ok := v.(*orm.Instance)
		if !ok {
			return nil, exc.New(exc.TypeError, "the creator of an association proxy must give an object")
		}
		return i, nil
	}
	rel, ok := owner.Mapper().Property(p.target).(*orm.Relationship)
	if !ok {
		return nil, exc.New(exc.InvalidRequestError, "association proxy: %s is no relationship", p.target)
	}
	k := classOf(rel.Target())
	last := args[len(args)-1]
	if k.method(c.State, "__init__") == nil { // declarative's constructor takes names
		t := c.L.NewTable()
		t.RawSetString(p.attr, last)
		v, err := construct(c, k, []lua.LValue{t})
		if err != nil {
			return nil, err
		}
		i, _ := bind.Unwrap[*orm.Instance](v.(lua.LValue))
		return i, nil
	}
	v, err := construct(c, k, args)
	if err != nil {
		return nil, err
	}
	i, _ := bind.Unwrap[*orm.Instance](v.(lua.LValue))
	return i, nil
}

// onClass is the proxy in SQL: comparisons go along the relationship.
func (p *proxy) onClass(c *bind.Call, v view, name string) (any, error) {
	return &proxyAttr{p, v}, nil
}
