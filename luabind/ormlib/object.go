package ormlib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// object is an object of a class that is not mapped.
type object struct {
	class  *Class
	values map[string]lua.LValue
	order  []string
	slot   any

	proxyKey string   // of a comparator: the attribute that gave it
	parents  []holder // of a MutableComposite: what has it as an attribute
}

// set is the assignment itself, without a __setattr__ of the class.
func (o *object) set(c *bind.Call, name string, v lua.LValue) error {
	if held, _ := o.class.lookup(name); held != lua.LNil {
		if d := descriptorOf(held); d != nil {
			return d.assign(c, c.FromGo(c.L, o), name, v)
		}
	}
	if _, known := o.values[name]; !known {
		o.order = append(o.order, name)
	}
	o.values[name] = v
	return nil
}

func newObject(k *Class) *object { return &object{class: k, values: map[string]lua.LValue{}} }

var objectClass = bind.Define[*object]("object", "An object of a class made with class().").With(func(class *bind.Class) {
	class.Slot = func(self any) *any { return &self.(*object).slot }
	class.AttrFirst = true
	class.Path = func(self any) string { return self.(*object).class.Name }
	class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
		o := self.(*object)
		if v, ok := o.values[name]; ok {
			return v, true, nil
		}
		if name == "__class__" {
			return o.class, true, nil
		}
		v, _ := o.class.lookup(name)
		if v == lua.LNil {
			if o.class.comparator() != nil {
				if x, ok, err := comparedAttr(c, o, name); ok || err != nil {
					return x, true, err
				}
			}
			return lua.LNil, o.class.known(name), nil
		}
		if d := descriptorOf(v); d != nil {
			x, err := d.onObject(c, c.FromGo(c.L, o), name)
			return x, true, err
		}
		return v, true, nil
	}
	class.AttrNames = func(self any) []string { return self.(*object).class.attributeNames() }
	class.SetAttr = func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
		o := self.(*object)
		if f := o.class.ownSetAttr(c); f != nil {
			_, err := f.Call(o, name, v)
			return true, err
		}
		return true, o.set(c, name, v)
	}
	class.DelAttr = func(c *bind.Call, self any, key lua.LValue) (bool, error) {
		o, name := self.(*object), lua.LVAsString(key)
		if v, _ := o.class.lookup(name); v != lua.LNil {
			if d, ok := descriptorOf(v).(deleter); ok {
				return true, d.remove(c, c.FromGo(c.L, o), name)
			}
		}
		if _, known := o.values[name]; !known {
			return true, exc.New(exc.AttributeError, "'%s' object has no attribute '%s'", o.class.Name, name)
		}
		delete(o.values, name)
		o.order = slices.DeleteFunc(o.order, func(n string) bool { return n == name })
		return true, nil
	}
	class.Operate = func(c *bind.Call, op string, a, b lua.LValue) (any, error) {
		return operateObjects(c, op, a, b)
	}
	class.Repr = func(c *bind.Call, self any) (string, error) {
		return objectText(c, self.(*object).class, self, "__repr__")
	}
	class.Str = func(c *bind.Call, self any) (string, error) {
		k := self.(*object).class
		if k.method(c.State, "__str__") != nil {
			return objectText(c, k, self, "__str__")
		}
		return objectText(c, k, self, "__repr__")
	}
	class.Value = true
})

// known reports whether a plain object may be asked for a name that it does
// not have yet: Python raises, Lua programs test for nil.
func (c *Class) known(name string) bool { return !strings.HasPrefix(name, "__") }

// specialMethods are the functions of a class that operators call.
var specialMethods = map[string]string{
	"==": "__eq__", "~=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__",
	"+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "%": "__mod__", "..": "__concat__", "neg": "__neg__",
}

func operateObjects(c *bind.Call, op string, a, b lua.LValue) (any, error) {
	k := classOfValue(a)
	if k == nil {
		return operateCompared(c, op, a, b)
	}
	if f := k.method(c.State, specialMethods[op]); f != nil {
		r, err := f.Call(a, b)
		if err != nil || len(r) == 0 {
			return nil, err
		}
		return r[0], nil
	}
	if op == "~=" {
		if f := k.method(c.State, "__eq__"); f != nil {
			r, err := f.Call(a, b)
			if err != nil || len(r) == 0 {
				return true, err
			}
			if e, ok := bind.Unwrap[core.Expr](r[0]); ok {
				return core.Not(e), nil
			}
			return !lua.LVAsBool(r[0]), nil
		}
	}
	return operateCompared(c, op, a, b)
}

// classOfValue is the class of an object; nil for other values.
func classOfValue(v lua.LValue) *Class {
	u, ok := v.(*lua.LUserData)
	if !ok {
		return nil
	}
	switch x := u.Value.(type) {
	case *object:
		return x.class
	case *orm.Instance:
		return classOf(x.Mapper())
	}
	if own := bind.OwnOf(u.Value); own != nil {
		k, _ := own.Class.Script.(*Class)
		return k
	}
	return nil
}

// objectText runs __repr__ or __str__ of a class; without one it is Python's
// <User object at 0x…>.
func objectText(c *bind.Call, k *Class, self any, name string) (string, error) {
	if k != nil {
		if f := k.method(c.State, name); f != nil {
			r, err := f.Call(self)
			if err != nil || len(r) == 0 {
				return "", err
			}
			return c.Str(c.L, r[0]), nil
		}
	}
	switch x := self.(type) {
	case *orm.Instance:
		return x.String(), nil
	case *object:
		return "<" + x.class.Name + " object>", nil
	}
	return types.Repr(self), nil
}
