package script

import lua "github.com/yuin/gopher-lua"

// Op is a comparison operator as Lua spells it.
type Op string

// The comparisons.
const (
	Equal        Op = "=="
	NotEqual     Op = "~="
	Less         Op = "<"
	LessEqual    Op = "<="
	Greater      Op = ">"
	GreaterEqual Op = ">="
)

var comparisons = []Op{Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual}

// Hooks is what rewritten code calls when an operand may be more than a plain
// Lua value. Every method may raise a Lua error on L.
type Hooks interface {
	// Compare gives the value of a comparison: a SQL expression or a boolean.
	Compare(L *lua.LState, op Op, a, b lua.LValue) lua.LValue
	// Test decides a comparison that is only tested. It never builds SQL.
	Test(L *lua.LState, op Op, a, b lua.LValue) bool
	// Concat joins a .. b .. c where not all are strings and numbers.
	Concat(L *lua.LState, operands []lua.LValue) lua.LValue
	// Iterate gives the step function of a loop over v that is no Lua function.
	// It fills values with the next item and reports whether there was one.
	// names is the number of the loop's variables.
	Iterate(L *lua.LState, v lua.LValue, names int) Step
	// Number is the text of a number in a chain of a .. b.
	Number(n float64) string
	// Int64 is the value of an integer literal that a float cannot hold.
	Int64(L *lua.LState, literal string) lua.LValue
}

// Step pushes the next item's values on L and returns how many, or -1 at the end.
type Step func(L *lua.LState) int

// isPlain reports whether v is a value on which hooks and Lua agree.
func isPlain(v lua.LValue) bool {
	switch v.(type) {
	case lua.LNumber, lua.LString, lua.LBool, *lua.LNilType, *lua.LTable, *lua.LFunction:
		return true
	}
	return false
}

// PlainCompare is Lua's own comparison, error messages included.
func PlainCompare(L *lua.LState, op Op, a, b lua.LValue) bool {
	if x, ok := a.(lua.LNumber); ok {
		if y, ok := b.(lua.LNumber); ok {
			switch op {
			case Equal:
				return x == y
			case NotEqual:
				return x != y
			case Less:
				return x < y
			case LessEqual:
				return x <= y
			case Greater:
				return x > y
			default:
				return x >= y
			}
		}
	}
	switch op {
	case Equal:
		return L.Equal(a, b)
	case NotEqual:
		return !L.Equal(a, b)
	case Less:
		return L.LessThan(a, b)
	case Greater:
		return L.LessThan(b, a)
	case LessEqual:
		return lessEqual(L, a, b)
	default:
		return lessEqual(L, b, a)
	}
}

// lessEqual tries __le and falls back on not (b < a), as Lua 5.1 does.
func lessEqual(L *lua.LState, a, b lua.LValue) bool {
	if x, ok := a.(lua.LString); ok {
		if y, ok := b.(lua.LString); ok {
			return x <= y
		}
	}
	if x := L.GetMetaField(a, "__le"); x != lua.LNil && a.Type() == b.Type() && x == L.GetMetaField(b, "__le") {
		L.Push(x)
		L.Push(a)
		L.Push(b)
		L.Call(2, 1)
		v := L.Get(-1)
		L.Pop(1)
		return lua.LVAsBool(v)
	}
	return !L.LessThan(b, a)
}
