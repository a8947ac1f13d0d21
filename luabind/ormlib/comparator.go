package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
)

// comparatorRoot marks Comparator and PropComparator, the classes whose
// subclasses say what the operators of an attribute are in SQL.
type comparatorRoot struct{ state *bind.State }

// comparator is that of the class's base; nil for a class that compares nothing.
func (c *Class) comparator() *comparatorRoot {
	for _, k := range c.mro() {
		if k.compares != nil {
			return k.compares
		}
	}
	return nil
}

// compared is what an object of a comparator class is in SQL: what its
// __clause_element__ gives. ok is false for another object.
func (o *object) compared() (x any, ok bool) {
	root := o.class.comparator()
	if root == nil {
		return nil, false
	}
	c := &bind.Call{State: root.state, L: root.state.Main}
	r, err := o.class.method(c.State, "__clause_element__").Call(o)
	check(err)
	if len(r) == 0 {
		return nil, false
	}
	x = corelib.Value(c, r[0])
	if e, isExpr := x.(core.Expr); isExpr && o.proxyKey != "" {
		return underName(e, o.proxyKey), true
	}
	return x, true
}

// underName is an expression under the name of the attribute that gives it.
func underName(e core.Expr, name string) core.Expr {
	var note core.Keyed
	if a, ok := e.(*core.Annotated); ok {
		if a.ProxyKey == name {
			return e
		}
		note, e = a.Note, a.X
	}
	return &core.Annotated{X: e, Note: note, ProxyKey: name}
}

// operateCompared computes op for an object of a comparator class: by its
// operate(), else as its expression does.
func operateCompared(c *bind.Call, op string, a, b lua.LValue) (any, error) {
	o, left := bind.Unwrap[*object](a)
	if !left || o.class.comparator() == nil {
		o, _ = bind.Unwrap[*object](b)
	}
	if o == nil || o.class.comparator() == nil {
		return nil, bind.ErrDeclined
	}
	if f := o.class.method(c.State, "operate"); f != nil && left {
		r, err := f.Call(a, operatorFunction(c, op), b)
		if err != nil || len(r) == 0 {
			return nil, err
		}
		return r[0], nil
	}
	plain := func(v lua.LValue) lua.LValue {
		if o, ok := bind.Unwrap[*object](v); ok {
			if x, ok := o.compared(); ok {
				return c.FromGo(c.L, x)
			}
		}
		return v
	}
	return operateAttr(c, op, plain(a), plain(b))
}

// operatorFunction is an operator as operate() gets it: a function of two values.
func operatorFunction(c *bind.Call, op string) *lua.LFunction {
	return c.L.NewFunction(func(L *lua.LState) int {
		v, err := operateAttr(&bind.Call{State: c.State, L: L}, op, L.Get(1), L.Get(2))
		if err != nil {
			c.Raise(L, err)
		}
		L.Push(c.FromGo(L, v))
		return 1
	})
}

// comparedAttr answers for what the class of a comparator does not: the
// operators of its expression, such as like() and in_().
func comparedAttr(c *bind.Call, o *object, name string) (any, bool, error) {
	if name == "__clause_element__" || name == "expression" {
		return nil, false, nil
	}
	operate := o.class.method(c.State, "operate")
	m := corelib.Operators.Class.Member(name)
	if m != nil && m.Method != nil && operate != nil {
		return c.L.NewFunction(func(L *lua.LState) int {
			op := c.L.NewFunction(func(L *lua.LState) int {
				x := corelib.Value(&bind.Call{State: c.State, L: L}, L.Get(1))
				args := []lua.LValue{c.FromGo(L, x)}
				for i := 2; i <= L.GetTop(); i++ {
					args = append(args, L.Get(i))
				}
				L.Push(L.GetField(args[0], name))
				for _, v := range args {
					L.Push(v)
				}
				L.Call(len(args), 1)
				return 1
			})
			r, err := operate.Call(L.Get(1), op, L.Get(2))
			if err != nil {
				c.Raise(L, err)
			}
			if len(r) == 0 {
				return 0
			}
			L.Push(r[0])
			return 1
		}), true, nil
	}
	x, ok := o.compared()
	if !ok {
		return nil, false, nil
	}
	held := c.FromGo(c.L, x)
	v := c.L.GetField(held, name)
	if f, ok := v.(*lua.LFunction); ok { // the expression's own method
		return c.L.NewFunction(func(L *lua.LState) int {
			n := L.GetTop()
			L.Push(f)
			L.Push(held)
			for i := 2; i <= n; i++ {
				L.Push(L.Get(i))
			}
			L.Call(n, lua.MultRet)
			return L.GetTop() - n
		}), true, nil
	}
	return v, v != lua.LNil, nil
}

// propComparatorKey keeps PropComparator, which is ColumnProperty.Comparator and
// its kin too.
type propComparatorKey struct{}

// comparatorOfProperties has ColumnProperty.Comparator and its kin be
// PropComparator.
func comparatorOfProperties(c *bind.Call, name string) (any, bool) {
	if name != "Comparator" {
		return nil, false
	}
	return c.Kept[propComparatorKey{}], true
}

func init() {
	for _, c := range []*bind.Class{columnPropertyClass.Class, relationshipClass.Class, compositeClass.Class} {
		c.ClassAttr = comparatorOfProperties
	}
}

// installComparators defines Comparator and PropComparator.
func installComparators(s *bind.State) {
	s.Register(queryPropertyClass.Class)
	for _, name := range []string{"Comparator", "PropComparator"} {
		k := &Class{Name: name, body: map[string]lua.LValue{}, compares: &comparatorRoot{s}}
		k.set("__init__", s.Function(bind.Func("__init__(self, expression{!}, *args{!})", "Keep what is compared.", "Comparator.__init__(self, expression)", func(a *bind.Args) (any, error) {
			o := bind.Get[*object](a, "self")
			if o == nil {
				return nil, exc.New(exc.TypeError, "Comparator.__init__() takes the comparator first")
			}
			o.values["expression"] = a.Lua("expression")
			return nil, nil
		})))
		k.set("__clause_element__", s.Function(bind.Func("__clause_element__(self)", "What is compared, in SQL.", "comparator:__clause_element__()", func(a *bind.Args) (any, error) {
			o := bind.Get[*object](a, "self")
			if o == nil {
				return nil, exc.New(exc.TypeError, "__clause_element__() takes the comparator")
			}
			return o.values["expression"], nil
		})))
		s.SetGlobal(name, k)
		if name == "PropComparator" {
			s.Kept[propComparatorKey{}] = k
		}
	}
}
