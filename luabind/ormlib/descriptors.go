package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
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

// deleter is a descriptor that del obj.name reaches.
type deleter interface {
	remove(c *bind.Call, self lua.LValue, name string) error
}

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
