package bind

import (
	"maps"
	"reflect"
	"runtime"
	"weak"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
)

// Owner is a Go value that a script's class may be of, although Go made it:
// class("MySession", Session, {…}). In its slot it keeps what the script adds,
// an *Own, nil for a plain one. Whoever copies the Go value copies the slot. A
// value without a slot can be of no such class.
type Owner interface{ Own() *any }

// Own is the class of such a value, and the attributes that were set on it. It
// is not changed: copies of a Go value share it.
type Own struct {
	Class  *Class
	values map[string]lua.LValue
}

// OwnOf is what a script added to a Go value; nil for a plain one.
func OwnOf(v any) *Own {
	switch v := v.(type) {
	case *unborn:
		return v.own
	case Owner:
		if at := v.Own(); at != nil {
			own, _ := (*at).(*Own)
			return own
		}
	}
	return nil
}

// SetOwn makes a Go value one of a derived class.
func SetOwn(v Owner, derived *Class) { setOwn(v, &Own{Class: derived}) }

// unborn is what an object of a derived class holds until its __init__ has
// called that of the bound class, which makes the Go value.
type unborn struct{ own *Own }

var unbornClass = Define[*unborn]("object", "An object whose __init__ has not called its base's.").With(func(c *Class) { c.Identity = true })

func setOwn(v any, own *Own) {
	switch v := v.(type) {
	case *unborn:
		v.own = own
	case Owner:
		*v.Own() = own
	}
}

// Derivation is what a script's class says of values of a bound class.
type Derivation struct {
	Name string
	Of   any // the script's class, as __class__ gives it
	// Look finds a name in the script's classes, SetAttr takes an assignment that
	// is not merely an attribute of the object.
	Look    func(c *Call, self any, name string) (v any, ok bool, err error)
	SetAttr func(c *Call, self any, name string, v lua.LValue) (ok bool, err error)
}

// Derive makes the class of a script's class that derives from c, whose values
// are Owners. What the script says goes before what the bound class has.
func (c *Class) Derive(d Derivation) *Class {
	attr := inherit(c, func(c *Class) func(*Call, any, string) (any, bool, error) { return c.Attr }, given3)
	first := inherit(c, func(c *Class) bool { return c.AttrFirst }, func(b bool) bool { return b })
	n := &Class{
		Name: d.Name, Doc: c.Doc, Bases: []*Class{c}, Slot: c.Slot, Missing: c.Missing,
		typ: c.typ, accept: c.accept, members: map[string]*Member{}, statics: map[string]*Function{},
		AttrFirst: true, Script: d.Of,
	}
	n.Attr = func(call *Call, self any, name string) (any, bool, error) {
		if v, ok := OwnOf(self).values[name]; ok {
			return v, true, nil
		}
		if name == "__class__" {
			return d.Of, true, nil
		}
		if v, ok, err := d.Look(call, self, name); ok || err != nil {
			return v, ok, err
		}
		if _, unready := self.(*unborn); unready {
			return nil, true, exc.New(exc.AttributeError, "'%s' object has no attribute '%s': its __init__ has not called %s.__init__ yet", d.Name, name, c.Name)
		}
		if attr == nil || !first && c.Member(name) != nil {
			return nil, false, nil
		}
		return attr(call, self, name)
	}
	set := inherit(c, func(c *Class) func(*Call, any, string, lua.LValue) (bool, error) { return c.SetAttr },
		func(f func(*Call, any, string, lua.LValue) (bool, error)) bool { return f != nil })
	n.SetAttr = func(call *Call, self any, name string, v lua.LValue) (bool, error) {
		if ok, err := d.SetAttr(call, self, name, v); ok || err != nil {
			return ok, err
		}
		if _, unready := self.(*unborn); !unready && set != nil {
			if ok, err := set(call, self, name, v); ok || err != nil {
				return ok, err
			}
		}
		own := &Own{Class: n, values: maps.Clone(OwnOf(self).values)}
		if own.values == nil {
			own.values = map[string]lua.LValue{}
		}
		own.values[name] = v
		setOwn(self, own)
		return true, nil
	}
	return n
}

// Derivable reports whether class() can derive from the class.
func (c *Class) Derivable() bool { return c.New != nil && c.typ.Implements(reflect.TypeFor[Owner]()) }

// NewOwn makes a value of a derived class with the bound class's constructor.
func (c *Call) NewOwn(derived *Class, args []lua.LValue) (any, error) {
	base := derived.Bases[0]
	v, err := base.New.Apply(c, args)
	if err != nil {
		return nil, err
	}
	setOwn(v, &Own{Class: derived})
	return v, nil
}

// Conceive is the same in two steps: the object that __init__ is called with,
// which calls the bound class's __init__.
func (c *Call) Conceive(derived *Class) *lua.LUserData {
	return &lua.LUserData{Value: &unborn{&Own{Class: derived}}, Metatable: c.meta(derived)}
}

// Born reports whether the object's bound value has been made.
func Born(u *lua.LUserData) bool { _, unready := u.Value.(*unborn); return !unready }

// initBound is the __init__ of a bound class, as a derived one's calls it:
// Session.__init__(self, engine).
func (s *State) initBound(c *Class) *lua.LFunction {
	return s.Main.NewFunction(func(L *lua.LState) int {
		s.protect(L, func(call *Call) error {
			u, ok := L.Get(1).(*lua.LUserData)
			if !ok {
				return exc.New(exc.TypeError, "%s.__init__() takes the object first", c.Name)
			}
			made, ok := u.Value.(*unborn)
			if !ok || !made.own.Class.Derives(c) {
				return exc.New(exc.TypeError, "%s.__init__() is for objects of classes that derive from %s, and once", c.Name, c.Name)
			}
			args := make([]lua.LValue, 0, L.GetTop())
			for i := 2; i <= L.GetTop(); i++ {
				args = append(args, L.Get(i))
			}
			v, err := c.New.Apply(call, args)
			if err != nil {
				return err
			}
			setOwn(v, made.own)
			u.Value = v
			s.adopt(u, v, c)
			return nil
		})
		return 0
	})
}

// adopt makes u the Lua value of v.
func (s *State) adopt(u *lua.LUserData, v any, c *Class) {
	if c.Slot != nil {
		*c.Slot(v) = handle{s, u}
		return
	}
	s.handles.Lock()
	defer s.handles.Unlock()
	s.keep(u, v)
}

// keep notes u as the Lua value of v, as long as it lives.
func (s *State) keep(u *lua.LUserData, v any) {
	w := weak.Make(u)
	s.live[v] = w
	runtime.AddCleanup(u, func(key any) {
		s.handles.Lock()
		defer s.handles.Unlock()
		if now, ok := s.live[key]; ok && now == w {
			delete(s.live, key)
		}
	}, v)
}

// Apply calls the function from Go with the arguments of a call in Lua.
func (f *Function) Apply(c *Call, args []lua.LValue) (v any, err error) {
	a := Args{Call: c, fn: f}
	defer caught(&err)
	a.readList(append(make([]lua.LValue, 0, len(args)), args...))
	return f.call(&a)
}
