package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// A script's class may derive from a class of the library: class("MySession",
// Session, {…}). The library's class stands among the bases as a Class of its
// own, which has no body; bind knows how values that Go made are of a script's
// class.

// boundBases are the Classes that stand for the library's, of a state.
type boundBases map[*bind.Class]*Class

type boundBasesKey struct{}

// boundBase is the Class that stands for one of the library's.
func boundBase(s *bind.State, of *bind.Class) *Class {
	all, _ := s.Kept[boundBasesKey{}].(boundBases)
	if all == nil {
		all = boundBases{}
		s.Kept[boundBasesKey{}] = all
	}
	if all[of] == nil {
		all[of] = &Class{Name: of.Name, body: map[string]lua.LValue{}, builtin: true, bound: of}
	}
	return all[of]
}

// boundTo is the library's class that the class derives from; nil for none.
func (c *Class) boundTo() *bind.Class {
	for _, k := range c.mro() {
		if k.bound != nil {
			return k.bound
		}
	}
	return nil
}

// derive makes what bind wants to know of a class that derives from the
// library's.
func (k *Class) derive() {
	k.derived = k.boundTo().Derive(bind.Derivation{
		Name: k.Name, Of: k,
		Look: func(c *bind.Call, self any, name string) (any, bool, error) {
			v, _ := k.lookup(name)
			if v == lua.LNil {
				return nil, k.says(name), nil
			}
			if d := descriptorOf(v); d != nil {
				x, err := d.onObject(c, c.FromGo(c.L, self), name)
				return x, true, err
			}
			return v, true, nil
		},
		SetAttr: func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
			held, _ := k.lookup(name)
			if d := descriptorOf(held); d != nil {
				return true, d.assign(c, c.FromGo(c.L, self), name, v)
			}
			return false, nil
		},
	})
	for name, at := range map[string]*func(*bind.Call, any) (string, error){"__repr__": &k.derived.Repr, "__str__": &k.derived.Str} {
		if v, _ := k.lookup(name); v != lua.LNil {
			*at = func(c *bind.Call, self any) (string, error) { return objectText(c, k, self, name) }
		}
	}
}

// constructDerived makes an object of such a class: by the library's
// constructor, or by an __init__ that calls it.
func constructDerived(c *bind.Call, k *Class, args []lua.LValue) (any, error) {
	if k.boundTo().Derives(collectionClass.Class) {
		return plainCollection(c, k, args)
	}
	init := k.method(c.State, "__init__")
	if init == nil {
		v, err := c.NewOwn(k.derived, args)
		if err == nil {
			k.settleIn(c, v)
		}
		return v, err
	}
	u := c.Conceive(k.derived)
	if err := initObject(c, k, u, args); err != nil {
		return nil, err
	}
	if !bind.Born(u) {
		return nil, exc.New(exc.TypeError, "the __init__ of %s does not call %s.__init__", k.Name, k.boundTo().Name)
	}
	k.settleIn(c, u.Value)
	return u, nil
}

// settleIn has the library call what the class overrides of its hooks.
func (k *Class) settleIn(c *bind.Call, v any) {
	if s, ok := v.(*orm.Session); ok {
		for _, b := range k.mro() {
			s.ClassEvents = append(s.ClassEvents, &b.sessionEvents)
		}
	}
	for _, hook := range overridden {
		if f := k.method(c.State, hook.name); f != nil {
			hook.install(c, v, f)
		}
	}
}

// overridden are the methods that the library itself calls, of classes that
// scripts derive from.
var overridden = []struct {
	name    string
	install func(c *bind.Call, v any, f *bind.Callback)
}{
	{"get_bind", routeBy},
	{"create_row_processor", processRowsBy},
}
