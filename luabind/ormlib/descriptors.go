package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// descriptor is a field of a class that answers for itself: a hybrid, an
// association proxy.
type descriptor interface {
	onObject(c *bind.Call, self lua.LValue, name string) (any, error)
	onClass(c *bind.Call, v view, name string) (any, error)
	assign(c *bind.Call, self lua.LValue, name string, v lua.LValue) error
}

func descriptorOf(v lua.LValue) descriptor {
	if u, ok := v.(*lua.LUserData); ok {
		d, _ := u.Value.(descriptor)
		return d
	}
	return nil
}

// lookupDescriptor is what an entity's name space answers for names that are no
// mapped attributes.
func lookupDescriptor(s *bind.State, k *Class, e *orm.Entity, name string) (core.Expr, bool, error) {
	v, _ := k.lookup(name)
	d := descriptorOf(v)
	if d == nil {
		return nil, false, nil
	}
	c := &bind.Call{State: s, L: s.Main}
	x, err := d.onClass(c, entityOrClass(e), name)
	if err != nil {
		return nil, true, err
	}
	switch x := x.(type) {
	case core.Expr:
		return x, true, nil
	case lua.LValue:
		expr, ok := corelib.Value(c, x).(core.Expr)
		return expr, ok, nil
	case interface{ Clause() core.Node }:
		expr, ok := x.Clause().(core.Expr)
		return expr, ok, nil
	}
	return nil, false, nil
}

func entityOrClass(e *orm.Entity) view {
	if k := classOf(e.Mapper); k != nil && k.mapper != nil && k.mapper.Entity() == e {
		return classView{k}
	}
	return entityView{e}
}

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

// deleter is a descriptor that del obj.name reaches.
type deleter interface {
	remove(c *bind.Call, self lua.LValue, name string) error
}

func (h *hybrid) remove(c *bind.Call, self lua.LValue, name string) error {
	if h.del == nil {
		return exc.New(exc.AttributeError, "can't delete attribute")
	}
	_, err := h.del.Call(self)
	return err
}

// remove takes the object at the far end away, or all of a collection.
func (p *proxy) remove(c *bind.Call, self lua.LValue, name string) error {
	i, ok := bind.Unwrap[*orm.Instance](self)
	if !ok {
		return exc.New(exc.InvalidRequestError, "association proxy %s needs a mapped object", name)
	}
	held, err := i.Get(p.target)
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

// proxy is association_proxy(target, attr).
type proxy struct {
	target, attr string
	creator      *bind.Callback
	// cascade: a nil that is assigned takes the object between away; createOnNil:
	// it makes one.
	cascade, createOnNil bool
}

var proxyFunc = bind.Func("association_proxy(target_collection, attr, *, creator=nil, getset_factory=nil, proxy_factory=nil, proxy_bulk_set=nil, info{}=nil, cascade_scalar_deletes=false, create_on_none_assignment=false, init=nil, repr=nil, default{!}=nil, default_factory=nil, compare=nil, hash=nil, kw_only=nil)",
	"An attribute of related objects as if it were the object's own.", `keywords = association_proxy("kw", "keyword")`, func(a *bind.Args) (any, error) {
		return &proxy{target: a.String("target_collection"), attr: a.String("attr"), creator: a.Function("creator"), cascade: a.Bool("cascade_scalar_deletes"), createOnNil: a.Bool("create_on_none_assignment")}, nil
	})

var proxyDescriptorClass = bind.Define[*proxy]("association_proxy", "An attribute of related objects as if it were the object's own.").
	Property("target_collection", "The name of the relationship.", func(p *proxy) any { return p.target }).
	Property("value_attr", "The name of the attribute at the far end.", func(p *proxy) any { return p.attr }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) { return self.(*proxy).String(), nil }
	})

func (p *proxy) onObject(c *bind.Call, self lua.LValue, name string) (any, error) {
	i, ok := bind.Unwrap[*orm.Instance](self)
	if !ok {
		return nil, exc.New(exc.InvalidRequestError, "association proxy %s needs a mapped object", name)
	}
	v, err := i.Get(p.target)
	if err != nil {
		return nil, err
	}
	if col, ok := v.(*orm.Collection); ok {
		return &proxied{p, i, col}, nil
	}
	if v == nil {
		return nil, nil
	}
	return c.L.GetField(c.FromGo(c.L, v), p.attr), nil
}

func (p *proxy) assign(c *bind.Call, self lua.LValue, name string, v lua.LValue) error {
	i, ok := bind.Unwrap[*orm.Instance](self)
	if !ok {
		return exc.New(exc.InvalidRequestError, "association proxy %s needs a mapped object", name)
	}
	held, err := i.Get(p.target)
	if err != nil {
		return err
	}
	if col, ok := held.(*orm.Collection); ok {
		list := &proxied{p, i, col}
		if col.Kind() == orm.KeyedCollection {
			if t, ok := v.(*lua.LTable); ok {
				if err := col.Clear(); err != nil {
					return err
				}
				for k, x := t.Next(lua.LNil); k != lua.LNil; k, x = t.Next(k) {
					if err := list.setKey(c, c.ToGo(k), x); err != nil {
						return err
					}
				}
				return nil
			}
		}
		wanted := c.ListOf(v)
		have := list.values(c)
		for n := len(have) - 1; n >= 0; n-- { // what stays keeps its object
			if !slices.ContainsFunc(wanted, func(w lua.LValue) bool { return c.L.Equal(w, have[n]) }) {
				if _, err := col.Pop(n); err != nil {
					return err
				}
			}
		}
		for _, w := range wanted {
			if !slices.ContainsFunc(list.values(c), func(h lua.LValue) bool { return c.L.Equal(w, h) }) {
				if err := list.append(c, w); err != nil {
					return err
				}
			}
		}
		return nil
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

// proxied is a collection of the attributes of related objects.
type proxied struct {
	p     *proxy
	owner *orm.Instance
	of    *orm.Collection
}

func (l *proxied) value(c *bind.Call, i *orm.Instance) lua.LValue {
	return c.L.GetField(c.FromGo(c.L, i), l.p.attr)
}

func (l *proxied) values(c *bind.Call) []lua.LValue {
	items := l.of.Items()
	out := make([]lua.LValue, len(items))
	for n, i := range items {
		out[n] = l.value(c, i)
	}
	return out
}

func (l *proxied) append(c *bind.Call, v lua.LValue) error {
	i, err := l.p.create(c, l.owner, v)
	if err != nil {
		return err
	}
	return l.of.Append(i)
}

func (l *proxied) setKey(c *bind.Call, key any, v lua.LValue) error {
	if v == lua.LNil { // del notes["a"], as Lua spells it
		if have := l.of.Get(key); have != nil {
			return l.of.Remove(have)
		}
		return exc.New(exc.KeyError, "%s", c.ReprGo(key))
	}
	if have := l.of.Get(key); have != nil {
		c.L.SetTable(c.FromGo(c.L, have), lua.LString(l.p.attr), v)
		return nil
	}
	i, err := l.p.create(c, l.owner, c.FromGo(c.L, key), v)
	if err != nil {
		return err
	}
	return l.of.SetKey(key, i)
}

func (l *proxied) indexOf(c *bind.Call, v lua.LValue) int {
	return slices.IndexFunc(l.values(c), func(x lua.LValue) bool { return c.L.Equal(x, v) })
}

var proxiedClass = bind.Define[*proxied]("_AssociationList", "Attributes of related objects, as a collection.").
	Method("append(value{!})", "Add one.", `user.keywords:append("x")`, func(l *proxied, a *bind.Args) (any, error) { return nil, l.append(a.Call, a.Lua("value")) }).
	Method("add(value{!})", "Add one.", `user.keywords:add("x")`, func(l *proxied, a *bind.Args) (any, error) {
		if l.indexOf(a.Call, a.Lua("value")) >= 0 {
			return nil, nil
		}
		return nil, l.append(a.Call, a.Lua("value"))
	}).
	Method("extend(values{!})", "Add several.", `user.keywords:extend({"x", "y"})`, func(l *proxied, a *bind.Args) (any, error) {
		for _, v := range a.List("values") {
			if err := l.append(a.Call, v); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}).
	Method("remove(value{!})", "Take one out.", `user.keywords:remove("x")`, func(l *proxied, a *bind.Args) (any, error) {
		n := l.indexOf(a.Call, a.Lua("value"))
		if n < 0 {
			return nil, exc.New(exc.ValueError, "value not in list")
		}
		_, err := l.of.Pop(n)
		return nil, err
	}).
	Method("clear()", "Take all out.", "user.keywords:clear()", func(l *proxied, a *bind.Args) (any, error) { return nil, l.of.Clear() }).
	Method("contains(value{!})", "Whether one is there.", `user.keywords:contains("x")`, func(l *proxied, a *bind.Args) (any, error) {
		return l.indexOf(a.Call, a.Lua("value")) >= 0, nil
	}).
	Method("update(values{!})", "Add what is not there: values, or keys with values.", `user.notes:update({a = "x"})`, func(l *proxied, a *bind.Args) (any, error) {
		if l.of.Kind() == orm.KeyedCollection {
			t, ok := a.Lua("values").(*lua.LTable)
			if !ok {
				return nil, exc.New(exc.TypeError, "update() takes a table of keys with values")
			}
			for k, v := range script.Fields(t) {
				if err := l.setKey(a.Call, a.ToGo(k), v); err != nil {
					return nil, err
				}
			}
			return nil, nil
		}
		for _, v := range a.List("values") {
			if l.indexOf(a.Call, v) < 0 {
				if err := l.append(a.Call, v); err != nil {
					return nil, err
				}
			}
		}
		return nil, nil
	}).
	Method("insert(index, value{!})", "Add one at a position, counted from 1.", `user.keywords:insert(1, "x")`, func(l *proxied, a *bind.Args) (any, error) {
		i, err := l.p.create(a.Call, l.owner, a.Lua("value"))
		if err != nil {
			return nil, err
		}
		return nil, l.of.Insert(max(a.Int("index")-1, 0), i)
	}).
	Method("pop(key{!}=nil, default{!}=nil)", "Take out the last one, or the one at a position or key.", "user.keywords:pop()", func(l *proxied, a *bind.Args) (any, error) {
		if l.of.Kind() == orm.KeyedCollection {
			i := l.of.Get(a.Any("key"))
			if i == nil {
				if a.Given("default") {
					return a.Lua("default"), nil
				}
				return nil, exc.New(exc.KeyError, "%s", a.Repr(a.L, a.Lua("key")))
			}
			v := l.value(a.Call, i)
			return v, l.of.Remove(i)
		}
		n := l.of.Len()
		if a.Has("key") {
			n = a.Int("key")
		}
		i, err := l.of.Pop(n - 1)
		if err != nil {
			return nil, err
		}
		return l.value(a.Call, i), nil
	}).
	Method("discard(value{!})", "Take one out if it is there.", `user.keywords:discard("x")`, func(l *proxied, a *bind.Args) (any, error) {
		if n := l.indexOf(a.Call, a.Lua("value")); n >= 0 {
			_, err := l.of.Pop(n)
			return nil, err
		}
		return nil, nil
	}).
	Method("count(value{!})", "How often one is there.", `user.keywords:count("x")`, func(l *proxied, a *bind.Args) (any, error) {
		n := 0
		for _, v := range l.values(a.Call) {
			if a.L.Equal(v, a.Lua("value")) {
				n++
			}
		}
		return n, nil
	}).
	Method("index(value{!})", "The position of one, counted from 1.", `user.keywords:index("x")`, func(l *proxied, a *bind.Args) (any, error) {
		n := l.indexOf(a.Call, a.Lua("value"))
		if n < 0 {
			return nil, exc.New(exc.ValueError, "%s is not in list", a.Repr(a.L, a.Lua("value")))
		}
		return n + 1, nil
	}).
	Method("get(key{!}, default{!}=nil)", "The value of a key.", `user.notes:get("a")`, func(l *proxied, a *bind.Args) (any, error) {
		if i := l.of.Get(a.Any("key")); i != nil {
			return l.value(a.Call, i), nil
		}
		return a.Lua("default"), nil
	}).
	Method("setdefault(key{!}, default{!}=nil)", "The value of a key, set to the default where it has none.", `user.notes:setdefault("a", "x")`, func(l *proxied, a *bind.Args) (any, error) {
		if i := l.of.Get(a.Any("key")); i != nil {
			return l.value(a.Call, i), nil
		}
		return a.Lua("default"), l.setKey(a.Call, a.Any("key"), a.Lua("default"))
	}).
	Method("items()", "The keys with their values.", "user.notes:items()", func(l *proxied, a *bind.Args) (any, error) {
		out := []any{}
		for _, k := range l.of.Keys() {
			out = append(out, pairOf(k, a.ToGo(l.value(a.Call, l.of.Get(k)))))
		}
		return out, nil
	}).
	Method("copy()", "The values, in a list of their own.", "user.keywords:copy()", func(l *proxied, a *bind.Args) (any, error) { return l.values(a.Call), nil }).
	Method("keys()", "The keys of a keyed collection.", "user.notes:keys()", func(l *proxied, a *bind.Args) (any, error) { return l.of.Keys(), nil }).
	Method("values()", "The values.", "user.notes:values()", func(l *proxied, a *bind.Args) (any, error) { return l.values(a.Call), nil }).
	With(func(class *bind.Class) {
		class.Len = func(_ *bind.Call, self any) (int, error) { return self.(*proxied).of.Len(), nil }
		class.Iterate = func(c *bind.Call, self any) (func() (any, bool, error), error) {
			l := self.(*proxied)
			if l.of.Kind() == orm.KeyedCollection {
				return each(l.of.Keys()), nil
			}
			n := -1
			return func() (any, bool, error) {
				n++
				i := l.of.At(n)
				if i == nil {
					return nil, false, nil
				}
				return l.value(c, i), true, nil
			}, nil
		}
		class.AttrFirst = true
		class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
			l := self.(*proxied)
			if l.of.Kind() != orm.KeyedCollection {
				return nil, false, nil
			}
			if i := l.of.Get(name); i != nil {
				return l.value(c, i), true, nil
			}
			return nil, false, nil
		}
		class.SetAttr = func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
			l := self.(*proxied)
			if l.of.Kind() != orm.KeyedCollection {
				return false, nil
			}
			return true, l.setKey(c, name, v)
		}
		class.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			l := self.(*proxied)
			if l.of.Kind() == orm.KeyedCollection {
				if i := l.of.Get(c.ToGo(key)); i != nil {
					return l.value(c, i), nil
				}
				return nil, nil
			}
			n, _ := key.(lua.LNumber)
			if i := l.of.At(int(n) - 1); i != nil {
				return l.value(c, i), nil
			}
			return nil, nil
		}
		class.SetItem = func(c *bind.Call, self any, key, v lua.LValue) error {
			l := self.(*proxied)
			if l.of.Kind() == orm.KeyedCollection {
				return l.setKey(c, c.ToGo(key), v)
			}
			n, _ := key.(lua.LNumber)
			if i := l.of.At(int(n) - 1); i != nil {
				c.L.SetTable(c.FromGo(c.L, i), lua.LString(l.p.attr), v)
				return nil
			}
			return exc.New(exc.IndexError, "list assignment index out of range")
		}
		class.Repr = func(c *bind.Call, self any) (string, error) {
			l := self.(*proxied)
			if l.of.Kind() == orm.KeyedCollection {
				t := c.L.NewTable()
				for _, k := range l.of.Keys() {
					t.RawSet(c.FromGo(c.L, k), l.value(c, l.of.Get(k)))
				}
				return c.Repr(c.L, t), nil
			}
			t := c.FromGo(c.L, l.values(c))
			return c.Repr(c.L, t), nil
		}
	})

func each[T any](items []T) func() (any, bool, error) {
	n := 0
	return func() (any, bool, error) {
		if n >= len(items) {
			return nil, false, nil
		}
		n++
		return items[n-1], true, nil
	}
}
