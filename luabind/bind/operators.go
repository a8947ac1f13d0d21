package bind

import (
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/script"
)

// ErrDeclined is what Operate returns for operands that are not its business.
var ErrDeclined = errors.New("operation declined")

func operateOf(c *Class) func(*Call, string, lua.LValue, lua.LValue) (any, error) {
	if c == nil {
		return nil
	}
	return inherit(c, func(c *Class) func(*Call, string, lua.LValue, lua.LValue) (any, error) { return c.Operate },
		func(f func(*Call, string, lua.LValue, lua.LValue) (any, error)) bool { return f != nil })
}

func (c *Class) isExpression() bool {
	return c != nil && inherit(c, func(c *Class) bool { return c.Expression }, func(b bool) bool { return b })
}

// operate asks the operands' classes for a op b. An expression is asked
// before a value.
func (c *Call) operate(op string, a, b lua.LValue) (any, error) {
	ca, cb := c.classOf(a), c.classOf(b)
	if cb.isExpression() && !ca.isExpression() {
		ca, cb = cb, ca
	}
	for _, class := range []*Class{ca, cb} {
		if f := operateOf(class); f != nil {
			v, err := f(c, op, a, b)
			if err != ErrDeclined {
				return v, err
			}
		}
	}
	return nil, ErrDeclined
}

// Compare is the hook of a comparison whose value is used.
func (s *State) Compare(L *lua.LState, op script.Op, a, b lua.LValue) lua.LValue {
	var result lua.LValue
	s.protect(L, func(c *Call) error {
		v, err := c.operate(string(op), a, b)
		if err == ErrDeclined {
			result = lua.LBool(s.plainCompare(L, op, a, b))
			return nil
		}
		result = s.FromGo(L, v)
		return err
	})
	return result
}

// Test is the hook of a comparison that is only tested.
func (s *State) Test(L *lua.LState, op script.Op, a, b lua.LValue) bool {
	var result bool
	s.protect(L, func(c *Call) error {
		if s.classOf(a).isExpression() || s.classOf(b).isExpression() {
			switch op {
			case script.Equal:
				result = sameObject(a, b)
			case script.NotEqual:
				result = !sameObject(a, b)
			default:
				return exc.New(exc.TypeError, "Boolean value of this clause is not defined")
			}
			return nil
		}
		v, err := c.operate(string(op), a, b)
		if err == ErrDeclined {
			result = s.plainCompare(L, op, a, b)
			return nil
		}
		if err == nil {
			result = lua.LVAsBool(s.FromGo(L, v))
		}
		return err
	})
	return result
}

// sameObject compares by identity; two Lua values of one Go object are one.
func sameObject(a, b lua.LValue) bool {
	if a == b {
		return true
	}
	ua, ok := a.(*lua.LUserData)
	ub, ok2 := b.(*lua.LUserData)
	if !ok || !ok2 {
		return false
	}
	defer func() { _ = recover() }() // values of uncomparable Go types
	return ua.Value == ub.Value
}

// plainCompare is Lua's comparison, with identity of Go objects.
func (s *State) plainCompare(L *lua.LState, op script.Op, a, b lua.LValue) bool {
	_, ua := a.(*lua.LUserData)
	_, ub := b.(*lua.LUserData)
	if ua || ub {
		switch op {
		case script.Equal:
			return sameObject(a, b)
		case script.NotEqual:
			return !sameObject(a, b)
		}
		Fail(exc.TypeError, "attempt to compare %s with %s", s.KindOf(a), s.KindOf(b))
	}
	return script.PlainCompare(L, op, a, b)
}

// Number is the hook for a number in a .. b: its text as print has it.
func (s *State) Number(n float64) string { return types.FormatFloat(n) }

// Concat is the hook of a .. b .. c: from the left, as Python's + associates.
func (s *State) Concat(L *lua.LState, operands []lua.LValue) lua.LValue {
	joined := operands[0]
	for _, o := range operands[1:] {
		joined = s.concat2(L, joined, o)
	}
	return joined
}

func (s *State) concat2(L *lua.LState, a, b lua.LValue) lua.LValue {
	if lua.LVCanConvToString(a) && lua.LVCanConvToString(b) {
		return lua.LString(s.Str(L, a) + s.Str(L, b))
	}
	if f, ok := L.GetMetaField(a, "__concat").(*lua.LFunction); ok {
		return call2(L, f, a, b)
	}
	if f, ok := L.GetMetaField(b, "__concat").(*lua.LFunction); ok {
		return call2(L, f, a, b)
	}
	bad := a
	if lua.LVCanConvToString(a) {
		bad = b
	}
	L.RaiseError("attempt to concatenate %s", s.KindOf(bad))
	return lua.LNil
}

func call2(L *lua.LState, f *lua.LFunction, a, b lua.LValue) lua.LValue {
	L.Push(f)
	L.Push(a)
	L.Push(b)
	L.Call(2, 1)
	v := L.Get(-1)
	L.Pop(1)
	return v
}

// Iterate is the hook of a loop over something that is no Lua iterator.
func (s *State) Iterate(L *lua.LState, v lua.LValue, names int) script.Step {
	var next func() (any, bool, error)
	s.protect(L, func(c *Call) error {
		if t, ok := v.(*lua.LTable); ok {
			i := 0
			next = func() (any, bool, error) {
				if i++; i > script.Len(t) {
					return nil, false, nil
				}
				return t.RawGetInt(i), true, nil
			}
			return nil
		}
		if next = c.iterator(v); next == nil {
			return exc.New(exc.TypeError, "cannot iterate over %s", s.KindOf(v))
		}
		return nil
	})
	return func(L *lua.LState) (n int) {
		s.protect(L, func(c *Call) error {
			item, ok, err := next()
			if err != nil || !ok {
				n = -1
				return err
			}
			if names > 1 {
				parts, ok := c.unpack(item)
				if !ok {
					return exc.New(exc.TypeError, "cannot unpack %s into %d names", s.KindOf(s.FromGo(L, item)), names)
				}
				if len(parts) < names { // Python's "not enough values"; more are ignored as Lua does
					return exc.New(exc.ValueError, "not enough values to unpack (expected %d, got %d)", names, len(parts))
				}
				for _, p := range parts[:names] {
					L.Push(s.loopValue(L, p))
				}
				n = names
				return nil
			}
			L.Push(s.loopValue(L, item))
			n = 1
			return nil
		})
		return n
	}
}

// loopValue is what a loop's variable receives: NULL is nil there.
func (s *State) loopValue(L *lua.LState, v any) lua.LValue {
	lv := s.FromGo(L, v)
	if lv == s.null {
		return lua.LNil
	}
	return lv
}

// Int64 is the hook of an integer literal that a float cannot hold.
func (s *State) Int64(L *lua.LState, literal string) lua.LValue {
	n, err := ParseInteger(literal)
	if err != nil {
		L.RaiseError("%s", err.Error())
	}
	return s.FromGo(L, n)
}

// arithmetic is Lua's name of each operator for its error message.
var arithmetic = map[string]string{
	"__add": "+", "__sub": "-", "__mul": "*", "__div": "/", "__mod": "%", "__pow": "^",
}

// metamethods are shared by all classes: Lua compares with __eq and __lt only
// when both operands have the same function.
func (s *State) metamethods() map[string]*lua.LFunction {
	mm := map[string]*lua.LFunction{}
	for event, op := range arithmetic {
		mm[event] = s.Main.NewFunction(func(L *lua.LState) int {
			return s.arith(L, op, L.Get(1), L.Get(2), "attempt to perform arithmetic on %s and %s")
		})
	}
	mm["__concat"] = s.Main.NewFunction(func(L *lua.LState) int {
		return s.arith(L, "..", L.Get(1), L.Get(2), "attempt to concatenate %s and %s")
	})
	mm["__unm"] = s.Main.NewFunction(func(L *lua.LState) int {
		return s.arith(L, "neg", L.Get(1), lua.LNil, "attempt to negate %s%.0s")
	})
	for event, op := range map[string]script.Op{"__eq": script.Equal, "__lt": script.Less, "__le": script.LessEqual} {
		mm[event] = s.Main.NewFunction(func(L *lua.LState) int {
			L.Push(lua.LBool(s.Test(L, op, L.Get(1), L.Get(2))))
			return 1
		})
	}
	mm["__tostring"] = s.Main.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString(s.Str(L, L.Get(1))))
		return 1
	})
	mm["__len"] = s.Main.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LNumber(s.Len(L, L.Get(1))))
		return 1
	})
	mm["__call"] = s.Main.NewFunction(s.callValue)
	return mm
}

func (s *State) arith(L *lua.LState, op string, a, b lua.LValue, message string) int {
	s.protect(L, func(c *Call) error {
		v, err := c.operate(op, a, b)
		if err == ErrDeclined {
			return exc.New(exc.TypeError, message, s.KindOf(a), s.KindOf(b))
		}
		if err == nil {
			L.Push(s.FromGo(L, v))
		}
		return err
	})
	return 1
}

// Len is the length of anything that has one.
func (s *State) Len(L *lua.LState, v lua.LValue) (n int) {
	switch v := v.(type) {
	case lua.LString:
		return len(v)
	case *lua.LTable:
		return v.Len()
	}
	s.protect(L, func(c *Call) error {
		if class := s.classOf(v); class != nil {
			if f := inherit(class, func(c *Class) func(*Call, any) (int, error) { return c.Len }, func(f func(*Call, any) (int, error)) bool { return f != nil }); f != nil {
				var err error
				n, err = f(c, v.(*lua.LUserData).Value)
				return err
			}
		}
		return exc.New(exc.TypeError, "attempt to get length of %s", s.KindOf(v))
	})
	return n
}

// callValue is __call: a class makes a value, a namespace and a value do what
// their Call says.
func (s *State) callValue(L *lua.LState) int {
	u := L.Get(1).(*lua.LUserData)
	var f *Function
	switch v := u.Value.(type) {
	case *Class:
		f = v.New
		if f == nil {
			s.protect(L, func(*Call) error {
				return exc.New(exc.TypeError, "%s is not made by calling it", v.Name)
			})
		}
	case Null:
		if g, ok := nullCalls.Load(s); ok {
			f = g.(*Function)
		}
	default:
		if class := s.classOf(u); class != nil {
			f = inherit(class, func(c *Class) *Function { return c.Call }, func(f *Function) bool { return f != nil })
		}
	}
	if f == nil {
		s.protect(L, func(*Call) error {
			return exc.New(exc.TypeError, "%s cannot be called", strings.TrimPrefix(fmt.Sprint(s.KindOf(u)), ""))
		})
	}
	before := s.running
	s.running = L
	defer s.leave(L, before)
	a := Args{Call: &Call{s, L}, fn: f, self: u.Value, selfLua: u}
	a.read(2)
	v, err := f.call(&a)
	if err != nil {
		panic(failure{err})
	}
	return s.push(L, v)
}

// SelfOf is the receiver of a Call function, as a T.
func SelfOf[T any](a *Args) T { return a.self.(T) }
