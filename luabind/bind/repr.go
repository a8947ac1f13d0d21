package bind

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/types"
	"alchemysh/luabind/script"
)

// Repr is the shown form of a value.
func (s *State) Repr(L *lua.LState, v lua.LValue) string {
	var b strings.Builder
	s.appendRepr(L, &b, v, false, 0)
	return b.String()
}

// ReprGo is the shown form of a Go value. Bytes are shown as bytes, although
// Lua has only strings for them.
func (s *State) ReprGo(v any) string {
	if b, ok := v.([]byte); ok {
		return types.QuoteBytes(b)
	}
	return s.Repr(s.running, s.FromGo(s.running, v))
}

// Str is what tostring and print give.
func (s *State) Str(L *lua.LState, v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return types.FormatFloat(float64(v))
	case *lua.LUserData:
		if class := s.classOf(v); class != nil {
			if f := inherit(class, strHook, givenText); f != nil {
				return s.text(L, f, v.Value)
			}
			if f := inherit(class, reprHook, givenText); f != nil {
				return s.text(L, f, v.Value)
			}
			if text, ok := anonymous(class, v.Value); ok {
				return text
			}
		}
		return types.Str(v.Value)
	case *lua.LTable:
		if f, ok := L.GetMetaField(v, "__tostring").(*lua.LFunction); ok {
			L.Push(f)
			L.Push(v)
			L.Call(1, 1)
			text := L.Get(-1)
			L.Pop(1)
			return text.String()
		}
		return s.Repr(L, v)
	}
	return v.String()
}

func strHook(c *Class) func(*Call, any) (string, error)  { return c.Str }
func reprHook(c *Class) func(*Call, any) (string, error) { return c.Repr }
func givenText(f func(*Call, any) (string, error)) bool  { return f != nil }

func (s *State) text(L *lua.LState, f func(*Call, any) (string, error), self any) (text string) {
	s.protect(L, func(c *Call) error {
		var err error
		text, err = f(c, self)
		return err
	})
	return text
}

func quoteText(s string) string { return types.Quote(s) }

func (s *State) appendRepr(L *lua.LState, b *strings.Builder, v lua.LValue, inTable bool, depth int) {
	switch v := v.(type) {
	case *lua.LNilType:
		if inTable {
			b.WriteString("null")
		} else {
			b.WriteString("nil")
		}
	case lua.LString:
		b.WriteString(types.Quote(string(v)))
	case lua.LNumber:
		b.WriteString(types.FormatFloat(float64(v)))
	case *lua.LTable:
		s.appendTable(L, b, v, depth)
	case *lua.LUserData:
		if class := s.classOf(v); class != nil {
			if f := inherit(class, reprHook, givenText); f != nil {
				b.WriteString(s.text(L, f, v.Value))
				return
			}
			if text, ok := anonymous(class, v.Value); ok {
				b.WriteString(text)
				return
			}
		}
		b.WriteString(types.Repr(v.Value))
	default:
		b.WriteString(v.String())
	}
}

// anonymous is the shown form of an object that says nothing of itself, as
// Python's: <Connection object at 0x7f…>.
func anonymous(class *Class, v any) (string, bool) {
	if _, says := v.(fmt.Stringer); says || reflect.ValueOf(v).Kind() != reflect.Pointer {
		return "", false
	}
	return fmt.Sprintf("<%s object at %p>", class.Name, v), true
}

func (s *State) appendTable(L *lua.LState, b *strings.Builder, t *lua.LTable, depth int) {
	if f, ok := L.GetMetaField(t, "__tostring").(*lua.LFunction); ok {
		L.Push(f)
		L.Push(t)
		L.Call(1, 1)
		b.WriteString(L.Get(-1).String())
		L.Pop(1)
		return
	}
	if depth > 40 {
		b.WriteString("{...}")
		return
	}
	b.WriteByte('{')
	first := true
	comma := func() {
		if !first {
			b.WriteString(", ")
		}
		first = false
	}
	for i := 1; i <= script.Len(t); i++ {
		comma()
		s.appendRepr(L, b, t.RawGetInt(i), true, depth+1)
	}
	type field struct {
		key   lua.LValue
		shown string
	}
	var fields []field
	for k := range script.Fields(t) {
		shown := ""
		if name, ok := k.(lua.LString); ok && isIdentifier(string(name)) {
			shown = string(name)
		} else {
			shown = "[" + s.Repr(L, k) + "]"
		}
		fields = append(fields, field{k, shown})
	}
	slices.SortStableFunc(fields, func(x, y field) int { return strings.Compare(sortKey(x.key, x.shown), sortKey(y.key, y.shown)) })
	for _, f := range fields {
		comma()
		b.WriteString(f.shown)
		b.WriteString(" = ")
		s.appendRepr(L, b, t.RawGet(f.key), true, depth+1)
	}
	b.WriteByte('}')
}

func sortKey(k lua.LValue, shown string) string {
	if name, ok := k.(lua.LString); ok {
		return string(name)
	}
	return shown
}

// isIdentifier reports whether a name can stand as a field without brackets.
func isIdentifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && !luaWords[s]
}

var luaWords = map[string]bool{
	"and": true, "break": true, "do": true, "else": true, "elseif": true, "end": true, "false": true, "for": true,
	"function": true, "goto": true, "if": true, "in": true, "local": true, "nil": true, "not": true, "or": true,
	"repeat": true, "return": true, "then": true, "true": true, "until": true, "while": true,
}
