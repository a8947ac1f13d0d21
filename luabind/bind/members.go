package bind

import (
	lua "github.com/yuin/gopher-lua"
)

// MemberInfo is what completion shows of one name of a value.
type MemberInfo struct {
	Name   string
	Usage  string
	Method bool // takes a colon
	Dotted bool // takes a dot although it is a function: of a class or namespace
}

// MembersOf lists the names that a value answers to, without running code of
// its own beyond listing them.
func (s *State) MembersOf(u *lua.LUserData) []MemberInfo {
	c := s.classOf(u)
	if c == nil {
		return nil
	}
	var out []MemberInfo
	switch held := u.Value.(type) {
	case *Namespace:
		for _, n := range held.order {
			info := MemberInfo{Name: n, Dotted: true}
			switch m := held.names[n].(type) {
			case *Function:
				info.Usage = m.Usage
			case *Class:
				info.Usage = m.Name
				if m.New != nil {
					info.Usage = m.New.Usage
				}
			}
			out = append(out, info)
		}
		return out
	case *Class:
		for n, f := range held.statics {
			out = append(out, MemberInfo{Name: n, Usage: f.Usage, Dotted: true})
		}
		return out
	}
	for _, n := range s.NamesOf(c, u.Value) {
		info := MemberInfo{Name: n}
		if m := c.Member(n); m != nil {
			info.Usage = m.Doc
			if m.Method != nil {
				info.Method, info.Usage = true, m.Method.Usage
			}
		} else if what := inherit(c, func(c *Class) string { return c.What }, func(w string) bool { return w != "" }); what != "" {
			info.Usage = what
		}
		out = append(out, info)
	}
	return out
}

// MembersOfClass lists the names that values of a class answer to.
func (s *State) MembersOfClass(c *Class) []MemberInfo {
	var out []MemberInfo
	for _, n := range c.Names() {
		m := c.Member(n)
		info := MemberInfo{Name: n, Usage: m.Doc}
		if m.Method != nil {
			info.Method, info.Usage = true, m.Method.Usage
		}
		out = append(out, info)
	}
	return out
}

// Peek reads an attribute for completion: a member, or what Attr finds of a
// value whose reading runs no code and asks no database. nil otherwise.
func (s *State) Peek(u *lua.LUserData, name string) (v lua.LValue) {
	v = lua.LNil
	c := s.classOf(u)
	if c == nil {
		return v
	}
	defer func() {
		if recover() != nil {
			v = lua.LNil
		}
	}()
	call := &Call{s, s.Main}
	s.peeking = true
	defer func() { s.peeking = false }()
	if m := c.Member(name); m != nil {
		if m.Method != nil {
			return s.Function(m.Method)
		}
		if c.Loud {
			return v
		}
		if got, err := m.get(call, u.Value); err == nil {
			return s.FromGo(s.Main, got)
		}
		return v
	}
	if c.Loud {
		return v
	}
	if attr := inherit(c, func(c *Class) func(*Call, any, string) (any, bool, error) { return c.Attr }, given3); attr != nil {
		if got, ok, err := attr(call, u.Value, name); ok && err == nil {
			return s.FromGo(s.Main, got)
		}
	}
	return v
}

// Peeking says that an attribute is only looked at, for completion: nothing is
// to be run or asked for it.
func (s *State) Peeking() bool { return s.peeking }

// ParametersOf lists the names that a function or class takes as keywords.
func (s *State) ParametersOf(v lua.LValue) []string {
	switch v := v.(type) {
	case *lua.LFunction:
		if f, ok := s.Described(v); ok {
			return f.names()
		}
	case *lua.LUserData:
		if c, ok := v.Value.(*Class); ok && c.New != nil {
			return c.New.names()
		}
	}
	return nil
}
