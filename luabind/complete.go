package luabind

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/luabind/bind"
)

// Candidate is one way to go on: Text replaces the bytes from Start to the
// cursor.
type Candidate struct {
	Text  string
	Start int
	Usage string // shown beside it: its signature, or what it is
}

// keywords of Lua, as candidates where a statement may begin.
var keywords = strings.Fields("and break do else elseif end false for function if in local nil not or repeat return then true until while")

// Complete proposes how to go on at byte pos of line. It reads tables and
// class tables only: it never runs code and never asks a database.
func (s *State) Complete(line string, pos int) []Candidate {
	pos = min(max(pos, 0), len(line))
	start := pos
	for start > 0 && isNameByte(line[start-1]) {
		start--
	}
	prefix := line[start:pos]
	var found []Candidate
	add := func(name, usage string) {
		if strings.HasPrefix(name, prefix) && (strings.HasPrefix(prefix, "_") || !strings.HasPrefix(name, "_")) {
			found = append(found, Candidate{name, start, usage})
		}
	}
	if start > 0 && (line[start-1] == '.' || line[start-1] == ':') {
		k := s.before(line[:start-1])
		s.members(k, line[start-1] == ':', add)
	} else {
		for _, f := range s.callParameters(line[:start]) {
			add(f+" = ", "keyword argument")
		}
		if prefix == "" && len(found) == 0 {
			return nil
		}
		s.L.G.Global.ForEach(func(k, v lua.LValue) {
			if name, ok := k.(lua.LString); ok {
				add(string(name), s.usage(v))
			}
		})
		s.bind.Door.Locals().ForEach(func(k, v lua.LValue) { add(k.String(), s.usage(v)) })
		for _, k := range keywords {
			add(k, "")
		}
	}
	slices.SortFunc(found, func(a, b Candidate) int { return strings.Compare(a.Text, b.Text) })
	return slices.CompactFunc(found, func(a, b Candidate) bool { return a.Text == b.Text })
}

func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// lookup follows a path of names without running code.
func (s *State) lookup(path []string) lua.LValue {
	if len(path) == 0 {
		return lua.LNil
	}
	v := s.global(path[0])
	for _, name := range path[1:] {
		switch held := v.(type) {
		case *lua.LTable:
			v = held.RawGetString(name)
		case *lua.LUserData:
			v = s.bind.Peek(held, name)
		default:
			return lua.LNil
		}
	}
	return v
}

// members proposes what a value answers to; after a colon only its methods.
func (s *State) members(k known, methods bool, add func(name, usage string)) {
	if k.class != nil {
		for _, m := range s.bind.MembersOfClass(k.class) {
			if m.Method == methods {
				add(m.Name, m.Usage)
			}
		}
		return
	}
	switch held := k.value.(type) {
	case *lua.LTable:
		held.ForEach(func(k, v lua.LValue) {
			if name, ok := k.(lua.LString); ok {
				if _, fn := v.(*lua.LFunction); fn || !methods {
					add(string(name), s.usage(v))
				}
			}
		})
	case lua.LString:
		if t, ok := s.L.GetGlobal("string").(*lua.LTable); ok && methods {
			s.members(known{value: t}, true, add)
		}
	case *lua.LUserData:
		for _, m := range s.bind.MembersOf(held) {
			if m.Method == methods || m.Dotted && !methods {
				add(m.Name, m.Usage)
			}
		}
	}
}

func (s *State) usage(v lua.LValue) string {
	switch v := v.(type) {
	case *lua.LFunction:
		if f, ok := s.bind.Described(v); ok {
			return f.Usage
		}
		return "function"
	case *lua.LUserData:
		if c, ok := v.Value.(*bind.Class); ok && c.New != nil {
			return c.New.Usage
		}
		return strings.TrimPrefix(strings.TrimPrefix(s.bind.KindOf(v), "a "), "an ")
	}
	return v.Type().String()
}

// callParameters finds the parameters of the call whose table is open at the
// end of the text: Column("id", Integer, {pri…
func (s *State) callParameters(text string) []string {
	depth := 0
	i := len(text) - 1
	for ; i >= 0; i-- {
		switch text[i] {
		case ')', '}', ']':
			depth++
		case '(', '[':
			depth--
		case '{':
			if depth == 0 {
				return s.parametersOf(text[:i])
			}
			depth--
		}
		if depth < 0 {
			return nil
		}
	}
	return nil
}

func (s *State) parametersOf(text string) []string {
	text = strings.TrimRight(text, " \t\n")
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ')', '}', ']':
			depth++
		case '{', '[':
			depth--
		case '(':
			if depth == 0 {
				text, depth = text[:i], -1
			} else {
				depth--
			}
		}
		if depth < 0 {
			break
		}
	}
	k := s.before(text)
	if k.value == lua.LNil && k.of != nil { // a method of what a call gives
		if m := k.of.Member(k.name); m != nil && m.Method != nil {
			return s.bind.ParametersOf(s.bind.Function(m.Method))
		}
	}
	return s.bind.ParametersOf(k.value)
}
