package bind

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
)

// EnterContext enters a context manager for with(). exit leaves it; it sees
// the error of the body and gives one of its own, or nil.
func (c *Call) EnterContext(v lua.LValue) (entered any, exit func(error) error, err error) {
	class := c.classOf(v)
	var enter func(*Call, any) (any, error)
	var leave func(*Call, any, error) error
	if class != nil {
		enter = inherit(class, func(c *Class) func(*Call, any) (any, error) { return c.Enter }, func(f func(*Call, any) (any, error)) bool { return f != nil })
		leave = inherit(class, func(c *Class) func(*Call, any, error) error { return c.Exit }, func(f func(*Call, any, error) error) bool { return f != nil })
	}
	if leave == nil {
		return nil, nil, exc.New(exc.TypeError, "with(): %s is no context manager", c.KindOf(v))
	}
	self := v.(*lua.LUserData).Value
	entered = v
	if enter != nil {
		if entered, err = enter(c, self); err != nil {
			return nil, nil, err
		}
	}
	return entered, func(body error) error { return leave(c, self, body) }, nil
}

// MakeClass makes a class: by the first maker whose kind of base it is.
func (c *Call) MakeClass(d *ClassStatement) (any, error) {
	for i := len(c.makers) - 1; i >= 0; i-- {
		v, ok, err := c.makers[i](c, d)
		if ok || err != nil {
			return v, err
		}
	}
	if len(d.Bases) == 0 {
		return nil, exc.New(exc.TypeError, "class(): %s needs a base", d.Name)
	}
	return nil, exc.New(exc.TypeError, "class(): %s cannot be the base of %s", c.KindOf(d.Bases[0]), d.Name)
}

// AddInstanceTest teaches isinstance() a kind of class object. It answers
// whether v is an instance; ok is false for a class that is not its business.
func (s *State) AddInstanceTest(f func(v, class any) (is, ok bool)) {
	s.instances = append(s.instances, f)
}

// IsInstance reports whether v is of the class.
func (c *Call) IsInstance(v, class lua.LValue) bool {
	var held any = v
	if u, ok := v.(*lua.LUserData); ok {
		held = u.Value
	}
	cls, ok := class.(*lua.LUserData)
	if !ok {
		Fail(exc.TypeError, "isinstance() needs a class, not %s", c.KindOf(class))
	}
	switch cls := cls.Value.(type) {
	case *Class:
		of := c.classOf(v)
		return cls.accept(held) || of != nil && of.Derives(cls)
	case *exc.Class:
		r, ok := held.(*Raised)
		return ok && r.Err.Class.Derives(cls)
	}
	for _, f := range c.instances {
		if is, ok := f(held, cls.Value); ok {
			return is
		}
	}
	Fail(exc.TypeError, "isinstance() needs a class, not %s", c.KindOf(class))
	return false
}

// DelAttr is del object.name, or del object[key].
func (c *Call) DelAttr(v, key lua.LValue) error {
	if u, ok := v.(*lua.LUserData); ok {
		if cls := c.classOf(v); cls != nil {
			del := inherit(cls, func(c *Class) func(*Call, any, lua.LValue) (bool, error) { return c.DelAttr },
				func(f func(*Call, any, lua.LValue) (bool, error)) bool { return f != nil })
			if del != nil {
				if ok, err := del(c, u.Value, key); ok || err != nil {
					return err
				}
			}
		}
		return exc.New(exc.AttributeError, "the attributes of %s cannot be deleted", c.KindOf(v))
	}
	if t, ok := v.(*lua.LTable); ok {
		t.RawSet(key, lua.LNil)
		return nil
	}
	return exc.New(exc.TypeError, "%s has no attributes", c.KindOf(v))
}
