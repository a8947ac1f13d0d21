package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// factoryOf is the comparator_factory of a mapped attribute; nil without one.
func factoryOf(x *core.Annotated) *Class {
	a := attribute(x)
	if a == nil || a.Prop == nil {
		return nil
	}
	switch p := a.Prop.(type) {
	case *orm.ColumnProperty:
		return noted(p.Note).compares
	case *orm.Relationship:
		return noted(p.Note).compares
	case *orm.Composite:
		return noted(p.Note).compares
	}
	return nil
}

// comparatorFor is the comparator of an attribute, which the functions of the
// class get as self.
func comparatorFor(c *bind.Call, k *Class, x *core.Annotated) *object {
	o := newObject(k)
	o.values["expression"] = c.FromGo(c.L, x)
	if a := attribute(x); a.Prop != nil {
		o.values["prop"] = c.FromGo(c.L, a.Prop)
		o.values["property"] = o.values["prop"]
	}
	return o
}

// operateByFactory computes op for an attribute whose comparator has a function
// for it; ok is false for others.
func operateByFactory(c *bind.Call, op string, a, b lua.LValue) (v any, ok bool, err error) {
	x, left := bind.Unwrap[*core.Annotated](a)
	other := b
	if left && factoryOf(x) == nil {
		left = false
	}
	if !left {
		if x, ok = bind.Unwrap[*core.Annotated](b); !ok || factoryOf(x) == nil {
			return nil, false, nil
		}
		other = a
		if o := comparisons[op]; o != nil && o.Mirror() != nil {
			for name, m := range comparisons {
				if m == o.Mirror() {
					op = name
					break
				}
			}
		}
	}
	k := factoryOf(x)
	if c.Kept[comparingKey{k}] != nil {
		return nil, false, nil
	}
	self := comparatorFor(c, k, x)
	args := []any{self, other}
	f := k.ownFunction(c, specialMethods[op])
	if f == nil {
		if f = k.ownFunction(c, "operate"); f == nil {
			return nil, false, nil
		}
		args = []any{self, operatorFunction(c, op), other}
	}
	defer comparing(c, k)()
	r, err := f.Call(args...)
	if err != nil || len(r) == 0 {
		return nil, true, err
	}
	return r[0], true, nil
}

// comparing notes that a comparator's function runs, for which the attribute
// itself is compared as any other. What it gives ends that.
func comparing(c *bind.Call, k *Class) func() {
	c.Kept[comparingKey{k}] = true
	return func() { delete(c.Kept, comparingKey{k}) }
}

type comparingKey struct{ k *Class }

// ownFunction finds a function that a script's class or its bases say, not the
// library's.
func (c *Class) ownFunction(call *bind.Call, name string) *bind.Callback {
	v, of := c.lookup(name)
	if v == lua.LNil || of.compares != nil || of.builtin {
		return nil
	}
	f, _ := call.CallbackOf(v)
	return f
}

// comparedAttrClass is the class of attributes with a comparator of one's own:
// what that has comes first.
var comparedAttrClass = bind.Define[*core.Annotated]("InstrumentedAttribute", "A mapped attribute with a comparator of one's own.", attrClass.Class).With(func(class *bind.Class) {
	class.AttrFirst = true
	class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
		x := self.(*core.Annotated)
		k := factoryOf(x)
		if f := k.ownFunction(c, name); f != nil {
			return c.L.NewFunction(func(L *lua.LState) int {
				o := comparatorFor(&bind.Call{State: c.State, L: L}, k, x)
				n := L.GetTop()
				L.Push(f.Value())
				L.Push(c.FromGo(L, o))
				for i := 2; i <= n; i++ {
					L.Push(L.Get(i))
				}
				L.Call(n, lua.MultRet)
				return L.GetTop() - n
			}), true, nil
		}
		if m := attrClass.Member(name); m != nil {
			return nil, false, nil
		}
		return attrClass.Attr(c, self, name)
	}
})
