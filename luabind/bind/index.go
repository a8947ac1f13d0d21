package bind

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
)

// indexer is __index of a class: members, then what Attr or Item find.
func (s *State) indexer(c *Class) *lua.LFunction {
	type entry struct {
		method *lua.LFunction
		member *Member
	}
	members := map[string]entry{}
	for _, n := range c.Names() {
		m := c.Member(n)
		e := entry{member: m}
		if m.Method != nil {
			e.method = s.Function(m.Method)
		}
		members[n] = e
	}
	attr := inherit(c, func(c *Class) func(*Call, any, string) (any, bool, error) { return c.Attr }, given3)
	first := inherit(c, func(c *Class) bool { return c.AttrFirst }, func(b bool) bool { return b })
	item := inherit(c, func(c *Class) func(*Call, any, lua.LValue) (any, error) { return c.Item }, func(f func(*Call, any, lua.LValue) (any, error)) bool { return f != nil })
	return s.Main.NewFunction(func(L *lua.LState) int {
		self := L.Get(1).(*lua.LUserData).Value
		key := L.Get(2)
		name, isName := key.(lua.LString)
		if isName && !(first && attr != nil) {
			if e, ok := members[string(name)]; ok && e.method != nil {
				L.Push(e.method)
				return 1
			}
		}
		var v any
		s.protect(L, func(call *Call) error {
			if !isName {
				if item == nil {
					return exc.New(exc.TypeError, "a %s cannot be indexed with %s", c.Name, s.KindOf(key))
				}
				var err error
				v, err = item(call, self, key)
				return err
			}
			if first && attr != nil {
				got, ok, err := attr(call, self, string(name))
				if ok || err != nil {
					v = got
					return err
				}
			}
			if e, ok := members[string(name)]; ok {
				if e.method != nil {
					v = e.method
					return nil
				}
				var err error
				v, err = e.member.get(call, self)
				return err
			}
			if !first && attr != nil {
				got, ok, err := attr(call, self, string(name))
				if ok || err != nil {
					v = got
					return err
				}
			}
			if name == "__class__" {
				v = c
				return nil
			}
			return s.noAttribute(c, self, string(name))
		})
		L.Push(s.FromGo(L, v))
		return 1
	})
}

func given3(f func(*Call, any, string) (any, bool, error)) bool { return f != nil }

// noAttribute is the error of a name that a value does not have.
func (s *State) noAttribute(c *Class, self any, name string) error {
	what := inherit(c, func(c *Class) string { return c.What }, func(w string) bool { return w != "" })
	if what == "" {
		what = "attribute"
	}
	path := c.Name
	if f := inherit(c, func(c *Class) func(any) string { return c.Path }, func(f func(any) string) bool { return f != nil }); f != nil {
		path = f(self)
	}
	known := s.NamesOf(c, self)
	if what == "column" { // a column was meant, not a method of the collection
		if f := inherit(c, attrNames, givenNames); f != nil {
			known = append(f(self), known...)
		}
	}
	suggestion := c.formerly(name)
	if suggestion == "" {
		suggestion = Suggest(name, known)
	}
	if c.Missing != nil {
		return c.Missing(name, suggestion)
	}
	return exc.New(exc.AttributeError, "%s.%s: no such %s%s", path, name, what, suggestion)
}

func attrNames(c *Class) func(any) []string { return c.AttrNames }
func givenNames(f func(any) []string) bool  { return f != nil }

// NamesOf lists every name that a value answers to.
func (s *State) NamesOf(c *Class, self any) []string {
	names := c.Names()
	if f := inherit(c, attrNames, givenNames); f != nil {
		for _, n := range f(self) {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

// assigner is __newindex of a class.
func (s *State) assigner(c *Class) *lua.LFunction {
	set := inherit(c, func(c *Class) func(*Call, any, string, lua.LValue) (bool, error) { return c.SetAttr },
		func(f func(*Call, any, string, lua.LValue) (bool, error)) bool { return f != nil })
	setItem := inherit(c, func(c *Class) func(*Call, any, lua.LValue, lua.LValue) error { return c.SetItem },
		func(f func(*Call, any, lua.LValue, lua.LValue) error) bool { return f != nil })
	return s.Main.NewFunction(func(L *lua.LState) int {
		self := L.Get(1).(*lua.LUserData).Value
		key, v := L.Get(2), L.Get(3)
		s.protect(L, func(call *Call) error {
			name, isName := key.(lua.LString)
			if !isName {
				if setItem == nil {
					return exc.New(exc.TypeError, "a %s takes no assignment to an index", c.Name)
				}
				return setItem(call, self, key, v)
			}
			if m := c.Member(string(name)); m != nil && m.set != nil {
				return m.set(call, self, v)
			}
			if set != nil {
				ok, err := set(call, self, string(name), v)
				if ok || err != nil {
					return err
				}
			}
			if m := c.Member(string(name)); m != nil {
				return exc.New(exc.AttributeError, "%s.%s cannot be assigned", c.Name, name)
			}
			return s.noAttribute(c, self, string(name))
		})
		return 0
	})
}

// classClass is the class of class objects themselves: Table, MetaData.
var classClass = Define[*Class]("class", "A class: call it to make a value.").With(func(c *Class) {
	c.Identity = true
	c.Repr = func(_ *Call, self any) (string, error) { return "<class '" + self.(*Class).Name + "'>", nil }
	c.Attr = func(call *Call, self any, name string) (any, bool, error) { return call.AttrOf(self.(*Class), name) }
	c.AttrNames = func(self any) []string {
		var names []string
		for n := range self.(*Class).statics {
			names = append(names, n)
		}
		slices.Sort(names)
		return names
	}
	c.Path = func(self any) string { return self.(*Class).Name }
})

// AttrOf reads an attribute of a class itself: a function of it, a method that is
// to be called with its object, as a derived class does.
func (call *Call) AttrOf(of *Class, name string) (any, bool, error) {
	switch name {
	case "__name__":
		return of.Name, true, nil
	case "__doc__":
		return of.Doc, true, nil
	}
	for k := of; k != nil; {
		if f := k.statics[name]; f != nil {
			return f, true, nil
		}
		if len(k.Bases) == 0 {
			break
		}
		k = k.Bases[0]
	}
	if f := inherit(of, func(c *Class) func(*Call, string) (any, bool) { return c.ClassAttr }, func(f func(*Call, string) (any, bool)) bool { return f != nil }); f != nil {
		if v, ok := f(call, name); ok {
			return v, true, nil
		}
	}
	if m := of.Member(name); m != nil && m.Method != nil {
		return m.Method, true, nil
	}
	if name == "__init__" && of.Derivable() {
		return call.initBound(of), true, nil
	}
	return nil, false, nil
}

// namespaceClass is the class of namespaces.
var namespaceClass = Define[*Namespace]("namespace", "A bag of names, each reached with a dot.").With(func(c *Class) {
	c.Identity = true
	c.Attr = func(call *Call, self any, name string) (any, bool, error) {
		n := self.(*Namespace)
		if v, ok := n.names[name]; ok {
			return v, true, nil
		}
		if n.Attr != nil {
			v, err := n.Attr(call, name)
			return v, v != nil, err
		}
		return nil, false, nil
	}
	c.AttrNames = func(self any) []string { return self.(*Namespace).order }
	c.SetAttr = func(call *Call, self any, name string, v lua.LValue) (bool, error) {
		self.(*Namespace).Set(name, v)
		return true, nil
	}
	c.Path = func(self any) string { return self.(*Namespace).Name }
	c.What = "name"
	c.Repr = func(_ *Call, self any) (string, error) { return "<namespace " + self.(*Namespace).Name + ">", nil }
})

// Null is the value of the global null: NULL where Lua would drop nil. Called,
// it is SQLAlchemy's null().
type Null struct{}

var nullClass = Define[Null]("null", "NULL, where Lua would drop nil: in a list or a table. null() is the SQL expression.").With(func(c *Class) {
	c.Repr = func(*Call, any) (string, error) { return "null", nil }
})

// NullCall sets what null() gives; the expression library defines it.
func (s *State) NullCall(f *Function) { nullCalls.Store(s, f) }
