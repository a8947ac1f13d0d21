package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// proxyAttr is an association proxy in SQL: User.keywords. Its far end is a
// column, objects, or another proxy.
type proxyAttr struct {
	p *proxy
	v view
}

// near is the relationship that the proxy goes along.
func (p *proxyAttr) near() *orm.Attr {
	e := p.v.entity()
	if e == nil {
		bind.Fail(exc.InvalidRequestError, "This association proxy has no mapped owning class; can't locate a mapped property")
	}
	check(e.Mapper.Registry.Configure())
	if _, ok := e.Mapper.Property(p.p.target).(*orm.Relationship); !ok {
		bind.Fail(exc.InvalidRequestError, "Mapper '%s' has no property '%s'.  If this property was indicated from other mappers or configure events, ensure registry.configure() has been called.", e.Mapper, p.p.target)
	}
	return relationshipOf(bind.Must(e.Expr(p.p.target)))
}

// targetAttr is the relationship in SQL.
func (p *proxyAttr) targetAttr() core.Expr {
	p.near()
	return bind.Must(p.v.entity().Expr(p.p.target))
}

// target is the class between, scalar whether there is one object of it.
func (p *proxyAttr) target() *Class { return classOf(p.near().Relationship().Target()) }

func (p *proxyAttr) scalar() bool { return !p.near().Relationship().UseList }

// far is the attribute at the far end: exactly one is set.
func (p *proxyAttr) far(c *bind.Call) (inner *proxyAttr, object *orm.Attr, column lua.LValue) {
	v := c.L.GetField(c.FromGo(c.L, p.target()), p.p.attr)
	if x, ok := bind.Unwrap[*proxyAttr](v); ok {
		return x, nil, v
	}
	if x, ok := bind.Unwrap[*core.Annotated](v); ok {
		if r := relationshipOf(x); r != nil {
			check(r.Entity.Mapper.Registry.Configure())
			return nil, r, v
		}
	}
	return nil, nil, v
}

// exists is a condition that some object between meets.
func (p *proxyAttr) exists(crit core.Expr, by []orm.Named) (core.Expr, error) {
	near := p.near()
	if near.Relationship().UseList {
		return near.Any(crit, by)
	}
	return near.Has(crit, by)
}

// meets is any() and has() without asking which is meant.
func (p *proxyAttr) meets(c *bind.Call, crit core.Expr, by []orm.Named, has bool) (core.Expr, error) {
	inner, object, _ := p.far(c)
	var err error
	switch {
	case inner != nil:
		crit, err = inner.meets(c, crit, by, false)
	case object != nil && object.Relationship().UseList:
		crit, err = object.Any(crit, by)
	case object != nil:
		crit, err = object.Has(crit, by)
	case len(by) > 0:
		err = exc.New(exc.ArgumentError, "Can't apply keyword arguments to column-targeted association proxy; use ==")
	case has && crit != nil:
		err = exc.New(exc.ArgumentError, "Non-empty has() not allowed for column-targeted association proxy; use ==")
	}
	if err != nil {
		return nil, err
	}
	return p.exists(crit, nil)
}

func (p *proxyAttr) members(a *bind.Args, has bool) (any, error) {
	crit, by := criterion(a)
	if inner, object, _ := p.far(a.Call); inner == nil {
		one := p.scalar() && (object == nil || !object.Relationship().UseList)
		if !has && one {
			return nil, exc.New(exc.InvalidRequestError, "'any()' not implemented for scalar attributes. Use has().")
		}
		if has && (!p.scalar() || object != nil && object.Relationship().UseList) {
			return nil, exc.New(exc.InvalidRequestError, "'has()' not implemented for collections. Use any().")
		}
	}
	return p.meets(a.Call, crit, by, has)
}

// contains is SQL for a collection that has a value, or for a text that
// contains another.
func (p *proxyAttr) contains(c *bind.Call, v lua.LValue, args *lua.LTable) (any, error) {
	inner, object, column := p.far(c)
	value := comparedValue(c, v)
	switch {
	case inner != nil:
		x, err := any(nil), error(nil)
		if inner.scalar() {
			x, err = inner.compare(c, "==", v)
		} else {
			x, err = inner.contains(c, v, args)
		}
		if err != nil {
			return nil, err
		}
		return p.exists(x.(core.Expr), nil)
	case object == nil:
		return p.operate(c, column, func(far lua.LValue) (any, error) {
			return corelib.Operators.Class.Member("contains").Method.CallOn(c, far, args)
		})
	case p.scalar() && object.Relationship().UseList:
		crit, err := object.Contains(value)
		if err != nil {
			return nil, err
		}
		return p.near().Has(crit, nil)
	case p.scalar():
		return nil, exc.New(exc.InvalidRequestError, "contains() doesn't apply to a scalar object endpoint; use ==")
	default:
		crit, err := operateAttr(c, "==", column, v)
		if err != nil {
			return nil, err
		}
		return p.exists(crit.(core.Expr), nil)
	}
}

// operate is a condition on the column at the far end.
func (p *proxyAttr) operate(c *bind.Call, far lua.LValue, f func(far lua.LValue) (any, error)) (any, error) {
	v, err := f(far)
	if err != nil {
		return nil, err
	}
	crit, ok := v.(core.Expr)
	if !ok {
		crit = corelib.Expr(c, c.FromGo(c.L, v), corelib.WhereRole)
	}
	return p.exists(crit, nil)
}

// compare is == and its kin. Nothing at all counts as NULL.
func (p *proxyAttr) compare(c *bind.Call, op string, v lua.LValue) (any, error) {
	_, object, column := p.far(c)
	var e any
	var err error
	switch {
	case object != nil && (op == "==" || op == "~="):
		var crit any
		if crit, err = operateAttr(c, op, column, v); err != nil {
			return nil, err
		}
		e, err = p.near().Has(crit.(core.Expr), nil)
	default:
		e, err = p.operate(c, column, func(far lua.LValue) (any, error) { return c.Compare(c.L, script.Op(op), far, v), nil })
	}
	if err != nil || op != "==" {
		return e, err
	}
	if x := comparedValue(c, v); x != nil && x != core.Node(core.NULL) {
		return e, nil
	}
	none, _, err := orm.Compare(core.EqOp, p.targetAttr(), nil)
	if err != nil {
		return nil, err
	}
	return core.Or(e.(core.Expr), none), nil
}

var proxyAttrClass = bind.Define[*proxyAttr]("AssociationProxyInstance", "An association proxy of a class, in SQL.").
	Method("any(*criterion, **kw)", "Some related object meets the criteria.", `User.keywords:any(Address.email == "ed@example.com")`, func(p *proxyAttr, a *bind.Args) (any, error) { return p.members(a, false) }).
	Method("has(*criterion, **kw)", "The related object meets the criteria.", `Address.owner:has()`, func(p *proxyAttr, a *bind.Args) (any, error) { return p.members(a, true) }).
	Method("contains(value{!}, *, escape=nil, autoescape=false)", "The collection has a value.", `User.keywords:contains("x")`, func(p *proxyAttr, a *bind.Args) (any, error) {
		args := a.L.NewTable()
		args.Append(a.Lua("value"))
		for _, n := range []string{"escape", "autoescape"} {
			if a.Given(n) {
				args.RawSetString(n, a.Lua(n))
			}
		}
		return p.contains(a.Call, a.Lua("value"), args)
	}).
	Computed("local_attr", "The relationship that it goes along.", func(_ *bind.Call, p *proxyAttr) (any, error) {
		return p.targetAttr(), nil
	}).
	Computed("remote_attr", "The attribute at the far end.", func(c *bind.Call, p *proxyAttr) (any, error) {
		_, _, far := p.far(c)
		return far, nil
	}).
	Computed("attr", "Both attributes.", func(c *bind.Call, p *proxyAttr) (any, error) {
		_, _, far := p.far(c)
		return pairOf(p.targetAttr(), far), nil
	}).
	Property("scalar", "Whether there is one object between.", func(p *proxyAttr) any { return p.scalar() }).
	Property("target_class", "The class between.", func(p *proxyAttr) any { return p.target() }).
	Property("owning_class", "The class that has it.", func(p *proxyAttr) any {
		if e := p.v.entity(); e != nil {
			return classOf(e.Mapper)
		}
		return nil
	}).
	Property("target_collection", "The name of the relationship.", func(p *proxyAttr) any { return p.p.target }).
	Property("value_attr", "The name of the attribute at the far end.", func(p *proxyAttr) any { return p.p.attr }).
	Property("parent", "The association_proxy().", func(p *proxyAttr) any { return p.p }).
	With(func(class *bind.Class) {
		class.Expression = true
		class.Operate = func(c *bind.Call, op string, x, y lua.LValue) (any, error) {
			p, ok := bind.Unwrap[*proxyAttr](x)
			if !ok || comparisons[op] == nil {
				return nil, bind.ErrDeclined
			}
			return p.compare(c, op, y)
		}
		class.Repr = func(c *bind.Call, self any) (string, error) {
			p := self.(*proxyAttr)
			kind := "Column"
			if inner, object, _ := p.far(c); inner != nil || object != nil {
				kind = "Object"
			}
			return kind + "AssociationProxyInstance(" + p.p.String() + ")", nil
		}
		// Any other operator: User.keywords:like("x%") and its kin.
		class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
			p := self.(*proxyAttr)
			m := corelib.Operators.Class.Member(name)
			if m == nil || m.Method == nil {
				return nil, false, nil
			}
			return c.L.NewFunction(func(L *lua.LState) int {
				args := L.NewTable()
				for i := 2; i <= L.GetTop(); i++ {
					args.RawSetInt(i-1, L.Get(i))
				}
				call := &bind.Call{State: c.State, L: L}
				_, _, far := p.far(call)
				v, err := p.operate(call, far, func(far lua.LValue) (any, error) { return m.Method.CallOn(call, far, args) })
				if err != nil {
					c.Raise(L, err)
				}
				L.Push(c.FromGo(L, v))
				return 1
			}), true, nil
		}
	})

// String is the proxy as Python's repr shows it.
func (p *proxy) String() string { return "AssociationProxy('" + p.target + "', '" + p.attr + "')" }
