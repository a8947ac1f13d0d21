package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/orm"
)

// hybrid is hybrid_property(f).
type hybrid struct {
	get, set, del, expr, update, compare *bind.Callback
}

func (h *hybrid) onObject(c *bind.Call, self lua.LValue, name string) (any, error) {
	r, err := h.get.Call(self)
	if err != nil || len(r) == 0 {
		return nil, err
	}
	return r[0], nil
}

func (h *hybrid) onClass(c *bind.Call, v view, name string) (any, error) {
	f := h.expr
	if f == nil {
		f = h.get
	}
	if h.compare != nil && h.expr == nil {
		r, err := h.compare.Call(v.lua(c))
		if err != nil || len(r) == 0 {
			return nil, err
		}
		if o, ok := bind.Unwrap[*object](r[0]); ok {
			o.proxyKey = name
		}
		return r[0], nil
	}
	r, err := f.Call(v.lua(c))
	if err != nil || len(r) == 0 {
		return nil, err
	}
	x := corelib.Value(c, r[0])
	e, ok := x.(core.Expr)
	if !ok {
		if q, isQuery := x.(core.Query); isQuery {
			e = core.NewScalarSelect(q)
		} else {
			return r[0], nil
		}
	}
	if orm.AttrOf(e) != nil && e.(*core.Annotated).ProxyKey == name {
		return e, nil
	}
	return underName(e, name), nil
}

func (h *hybrid) assign(c *bind.Call, self lua.LValue, name string, v lua.LValue) error {
	if h.set == nil {
		return exc.New(exc.AttributeError, "can't set attribute")
	}
	_, err := h.set.Call(self, v)
	return err
}

// assignHybrid is what UPDATE and INSERT set where they are told to set a
// hybrid: what its update_expression says, else the column that it is.
func assignHybrid(c *bind.Call, table core.From, key, value lua.LValue) ([][2]lua.LValue, bool) {
	e := orm.EntityOf(table)
	if e == nil {
		return nil, false
	}
	k := classOf(e.Mapper)
	name, named := key.(lua.LString)
	if !named {
		x, _ := bind.Unwrap[*core.Annotated](key)
		if o, ok := bind.Unwrap[*object](key); ok {
			name = lua.LString(o.proxyKey)
		} else if x != nil {
			name = lua.LString(x.ProxyKey)
		}
	}
	if k == nil || name == "" || e.Mapper.Property(string(name)) != nil {
		return nil, false
	}
	v, _ := k.lookup(string(name))
	h, ok := bind.Unwrap[*hybrid](v)
	if !ok {
		return nil, false
	}
	if h.update == nil {
		if !named {
			return nil, false
		}
		x, err := h.onClass(c, entityOrClass(e), string(name))
		check(err)
		return [][2]lua.LValue{{c.FromGo(c.L, x), value}}, true
	}
	r, err := h.update.Call(entityOrClass(e).lua(c), value)
	check(err)
	pairs := [][2]lua.LValue{}
	if len(r) > 0 {
		for _, p := range c.ListOf(r[0]) {
			pair := c.ListOf(p)
			if len(pair) != 2 {
				bind.Fail(exc.ArgumentError, "update_expression of %s must give a list of pairs of column and value", string(name))
			}
			pairs = append(pairs, [2]lua.LValue{pair[0], pair[1]})
		}
	}
	return pairs, true
}

func (h *hybrid) remove(c *bind.Call, self lua.LValue, name string) error {
	if h.del == nil {
		return exc.New(exc.AttributeError, "can't delete attribute")
	}
	_, err := h.del.Call(self)
	return err
}

// with is the hybrid with one part more.
func (h *hybrid) with(change func(*hybrid)) (any, error) {
	n := *h
	change(&n)
	return &n, nil
}

var hybridClass = bind.Define[*hybrid]("hybrid_property", "An attribute that works on objects and in SQL.").
	Method("setter(fset)", "What assignment does.", "hybrid_property(f):setter(function(self, value) self.name = value end)", func(h *hybrid, a *bind.Args) (any, error) {
		return h.with(func(n *hybrid) { n.set = a.Function("fset") })
	}).
	Method("deleter(fdel)", "What deletion does.", "hybrid_property(f):deleter(g)", func(h *hybrid, a *bind.Args) (any, error) {
		return h.with(func(n *hybrid) { n.del = a.Function("fdel") })
	}).
	Method("expression(expr)", "What it is in SQL.", "hybrid_property(f):expression(function(cls) return func.lower(cls.name) end)", func(h *hybrid, a *bind.Args) (any, error) {
		return h.with(func(n *hybrid) { n.expr = a.Function("expr") })
	}).
	Method("inplace_expression(expr)", "What it is in SQL.", "hybrid_property(f):inplace_expression(g)", func(h *hybrid, a *bind.Args) (any, error) {
		return h.with(func(n *hybrid) { n.expr = a.Function("expr") })
	}).
	Method("comparator(comparator)", "What compares it in SQL.", "hybrid_property(f):comparator(g)", func(h *hybrid, a *bind.Args) (any, error) {
		return h.with(func(n *hybrid) { n.compare = a.Function("comparator") })
	}).
	Method("getter(fget)", "What reading gives.", "hybrid_property(f):getter(g)", func(h *hybrid, a *bind.Args) (any, error) {
		return h.with(func(n *hybrid) { n.get = a.Function("fget") })
	}).
	Method("update_expression(meth)", "What UPDATE sets for it.", "hybrid_property(f):update_expression(g)", func(h *hybrid, a *bind.Args) (any, error) {
		return h.with(func(n *hybrid) { n.update = a.Function("meth") })
	}).
	With(func(c *bind.Class) { c.Identity = true })

var hybridFunc = bind.Func("hybrid_property(fget, fset=nil, fdel=nil, expr=nil, custom_comparator=nil, update_expr=nil)", "An attribute that works on objects and in SQL.",
	"area = hybrid_property(function(self) return self.w * self.h end)", func(a *bind.Args) (any, error) {
		return &hybrid{get: a.Function("fget"), set: a.Function("fset"), del: a.Function("fdel"), expr: a.Function("expr"), compare: a.Function("custom_comparator"), update: a.Function("update_expr")}, nil
	})

// hybridMethod is hybrid_method(f): obj:m(x) and Class:m(x).
type hybridMethod struct{ f, expr *bind.Callback }

func (h *hybridMethod) onObject(c *bind.Call, self lua.LValue, name string) (any, error) {
	return h.f.Value(), nil
}

func (h *hybridMethod) onClass(c *bind.Call, v view, name string) (any, error) {
	if h.expr != nil {
		return h.expr.Value(), nil
	}
	return h.f.Value(), nil
}

func (h *hybridMethod) assign(*bind.Call, lua.LValue, string, lua.LValue) error {
	return exc.New(exc.AttributeError, "a hybrid method cannot be assigned")
}

var hybridMethodClass = bind.Define[*hybridMethod]("hybrid_method", "A method that works on objects and in SQL.").
	Method("expression(expr)", "What it is in SQL.", "hybrid_method(f):expression(g)", func(h *hybridMethod, a *bind.Args) (any, error) {
		return &hybridMethod{h.f, a.Function("expr")}, nil
	}).
	With(func(c *bind.Class) { c.Identity = true })

var hybridMethodFunc = bind.Func("hybrid_method(func, expr=nil)", "A method that works on objects and in SQL.",
	"wider = hybrid_method(function(self, n) return self.w > n end)", func(a *bind.Args) (any, error) {
		return &hybridMethod{a.Function("func"), a.Function("expr")}, nil
	})
