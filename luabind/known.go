package luabind

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/luabind/bind"
)

// known is what completion knows of an expression without running it: its
// value, or only the class of what it will give.
type known struct {
	value lua.LValue
	class *bind.Class
	// of and name say which function a value is: of a class, or a global.
	of     *bind.Class
	name   string
	method bool
}

// before finds the expression that ends a text, users.c or select(users), and
// says what is known of it.
func (s *State) before(text string) known {
	start, ok := chainStart(text)
	if !ok {
		return known{value: lua.LNil}
	}
	return s.follow(text[start:])
}

// chainStart gives where the names, calls and indexes begin that end a text.
func chainStart(text string) (int, bool) {
	i := len(text)
	for {
		i = len(strings.TrimRight(text[:i], " \t\r\n"))
		for i > 0 && strings.IndexByte(")}]\"'", text[i-1]) >= 0 { // f(x){…}"…"
			open, ok := openOf(text, i)
			if !ok {
				return 0, false
			}
			i = open
		}
		end := i
		for i > 0 && isNameByte(text[i-1]) {
			i--
		}
		if i == end {
			return i, false
		}
		before := strings.TrimRight(text[:i], " \t\r\n")
		if before == "" || before[len(before)-1] != '.' && before[len(before)-1] != ':' || strings.HasSuffix(before, "..") {
			return i, true
		}
		i = len(before) - 1
	}
}

// openOf finds the beginning of what is closed before end: a bracket's partner,
// a quote's.
func openOf(text string, end int) (int, bool) {
	depth := 0
	for i := end - 1; i >= 0; i-- {
		switch c := text[i]; c {
		case ')', '}', ']':
			depth++
		case '(', '{', '[':
			if depth--; depth == 0 {
				return i, true
			}
		case '"', '\'':
			open := strings.LastIndexByte(text[:i], c)
			for open > 0 && text[open-1] == '\\' {
				open = strings.LastIndexByte(text[:open], c)
			}
			if open < 0 {
				return 0, false
			}
			i = open
			if depth == 0 {
				return i, true
			}
		}
	}
	return 0, false
}

// follow reads a chain from its first name on.
func (s *State) follow(chain string) known {
	n := 0
	for n < len(chain) && isNameByte(chain[n]) {
		n++
	}
	k := known{value: s.global(chain[:n]), name: chain[:n]}
	for rest := strings.TrimLeft(chain[n:], " \t\r\n"); rest != ""; rest = strings.TrimLeft(rest, " \t\r\n") {
		switch rest[0] {
		case '.', ':':
			method := rest[0] == ':'
			rest = strings.TrimLeft(rest[1:], " \t\r\n")
			n := 0
			for n < len(rest) && isNameByte(rest[n]) {
				n++
			}
			k = s.member(k, rest[:n], method)
			rest = rest[n:]
		case '(', '{', '"', '\'':
			end := closeOf(rest)
			if end == 0 {
				return known{value: lua.LNil}
			}
			k = s.called(k)
			rest = rest[end:]
		default:
			return known{value: lua.LNil}
		}
	}
	return k
}

// closeOf gives where what opens a text ends, 0 when it does not.
func closeOf(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '(', '{', '[':
			depth++
		case ')', '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'':
			for i++; i < len(text) && text[i] != c; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return min(i+1, len(text))
			}
		}
	}
	return 0
}

// member is an attribute or a method of what is known.
func (s *State) member(k known, name string, method bool) known {
	out := known{value: lua.LNil, of: k.class, name: name, method: method}
	switch held := k.value.(type) {
	case *lua.LTable:
		out.value = held.RawGetString(name)
		return out
	case *lua.LUserData:
		out.value = s.bind.Peek(held, name)
		out.of = s.bind.ClassFor(held.Value)
		if _, static := held.Value.(*bind.Namespace); static {
			out.of = nil
		}
	}
	if out.value == lua.LNil && out.of != nil && !method {
		if r := resultOf(out.of, name, false); r != "" {
			out.class = s.classNamed(r)
		}
	}
	return out
}

// called is what a call gives.
func (s *State) called(k known) known {
	out := known{value: lua.LNil}
	if u, ok := k.value.(*lua.LUserData); ok {
		if c, ok := u.Value.(*bind.Class); ok {
			out.class = c
			return out
		}
	}
	if r := resultOf(k.of, k.name, k.method); r != "" {
		out.class = s.classNamed(r)
	}
	return out
}
