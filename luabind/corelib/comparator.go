package corelib

import (
	"sync/atomic"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// comparatorClass is a comparator_factory: class("C", Integer.Comparator, {…}),
// whose functions are the operators and methods of the columns of a type.
// Without a body it is the base that all types have.
type comparatorClass struct {
	name string
	body *lua.LTable
	base *comparatorClass
}

// plainComparator is Integer.Comparator and its kin: no type has operators
// here that another would not have, so there is one.
var plainComparator = &comparatorClass{name: "Comparator"}

var comparatorClassClass = bind.Define[*comparatorClass]("Comparator", "The operators of a type: class(\"C\", Integer.Comparator, {…}) for a type's comparator_factory.").With(func(c *bind.Class) {
	c.Identity = true
	c.Repr = func(_ *bind.Call, self any) (string, error) {
		return "<class '" + self.(*comparatorClass).name + "'>", nil
	}
})

// comparators says that there is a comparator at all: without one no operator
// has to look for it.
var comparators atomic.Bool

// makeComparatorClass is class("C", Integer.Comparator, {…}).
func makeComparatorClass(_ *bind.Call, s *bind.ClassStatement) (any, bool, error) {
	for _, b := range s.Bases {
		if base, ok := bind.Unwrap[*comparatorClass](b); ok {
			comparators.Store(true)
			return &comparatorClass{name: s.Name, body: s.Body, base: base}, true, nil
		}
	}
	return nil, false, nil
}

// function finds one of the operators or methods.
func (k *comparatorClass) function(name string) lua.LValue {
	for ; k != nil; k = k.base {
		if k.body == nil {
			continue
		}
		if v := k.body.RawGetString(name); v != lua.LNil {
			return v
		}
	}
	return lua.LNil
}

// comparatorOf is the comparator of an expression's type, nil for the plain one.
func comparatorOf(v any) *comparatorClass {
	e, ok := v.(core.Expr)
	if !ok {
		return nil
	}
	d, ok := e.ExprType().(*types.Decorator)
	if !ok {
		return nil
	}
	k, _ := d.Comparator.(*comparatorClass)
	return k
}

// comparatorSelf is the object that a comparator's functions get as self: its
// expr and type, and all that the expression answers to.
func comparatorSelf(c *bind.Call, k *comparatorClass, e core.Expr) *lua.LTable {
	L := c.L
	self, mt := L.NewTable(), L.NewTable()
	expr := c.FromGo(L, e)
	self.RawSetString("expr", expr)
	self.RawSetString("type", c.FromGo(L, e.ExprType()))
	mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		name := L.CheckString(2)
		if v := k.function(name); v != lua.LNil {
			L.Push(v)
			return 1
		}
		v := L.GetField(expr, name)
		method, ok := v.(*lua.LFunction)
		if !ok {
			L.Push(v)
			return 1
		}
		L.Push(L.NewFunction(func(L *lua.LState) int { // the expression's own method
			args := []lua.LValue{expr}
			for i := 2; i <= L.GetTop(); i++ {
				args = append(args, L.Get(i))
			}
			top := L.GetTop()
			L.Push(method)
			for _, a := range args {
				L.Push(a)
			}
			L.Call(len(args), lua.MultRet)
			return L.GetTop() - top
		}))
		return 1
	}))
	L.SetMetatable(self, mt)
	return self
}

// pythonOperators are the names by which a comparator defines Lua's operators:
// on the left side, and on the right.
var pythonOperators = map[string][2]string{
	"==": {"__eq__", "__eq__"}, "~=": {"__ne__", "__ne__"}, "<": {"__lt__", "__gt__"}, "<=": {"__le__", "__ge__"}, ">": {"__gt__", "__lt__"}, ">=": {"__ge__", "__le__"},
	"+": {"__add__", "__radd__"}, "-": {"__sub__", "__rsub__"}, "*": {"__mul__", "__rmul__"}, "/": {"__truediv__", "__rtruediv__"}, "%": {"__mod__", "__rmod__"},
	"..": {"concat", ""}, "neg": {"__neg__", ""},
}

// compareBy computes a op b by the comparator of one of their types; ok is
// false where neither has a function for it.
func compareBy(c *bind.Call, op string, a, b lua.LValue) (v any, ok bool, err error) {
	if !comparators.Load() {
		return nil, false, nil
	}
	names := pythonOperators[op]
	call := func(side lua.LValue, name string, other lua.LValue) (any, bool, error) {
		e, _ := Value(c, side).(core.Expr)
		k := comparatorOf(e)
		if k == nil || name == "" {
			return nil, false, nil
		}
		f, ok := c.CallbackOf(k.function(name))
		if !ok {
			return nil, false, nil
		}
		args := []any{comparatorSelf(c, k, e)}
		if op != "neg" {
			args = append(args, other)
		}
		r, err := f.Call(args...)
		if err != nil || len(r) == 0 {
			return nil, true, err
		}
		return resolve(c.ToGo(r[0])), true, nil
	}
	if v, ok, err = call(a, names[0], b); ok || err != nil {
		return v, ok, err
	}
	return call(b, names[1], a)
}

// comparatorAttr answers x.name by what the comparator of x's type defines: a
// method, with the comparator as its self, or a value.
func comparatorAttr(c *bind.Call, v any, name string) (any, bool, error) {
	if !comparators.Load() {
		return nil, false, nil
	}
	e, ok := resolve(v).(core.Expr)
	if !ok {
		return nil, false, nil
	}
	k := comparatorOf(e)
	if k == nil {
		return nil, false, nil
	}
	found := k.function(name)
	f, ok := found.(*lua.LFunction)
	if !ok {
		return found, found != lua.LNil, nil
	}
	self := comparatorSelf(c, k, e)
	return c.L.NewFunction(func(L *lua.LState) int {
		top := L.GetTop()
		L.Push(f)
		L.Push(self)
		for i := 2; i <= top; i++ {
			L.Push(L.Get(i))
		}
		L.Call(max(top, 1), lua.MultRet)
		return L.GetTop() - top
	}), true, nil
}
