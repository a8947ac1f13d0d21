package bind

import (
	"cmp"
	"math"
	"math/big"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Integer is an integer that a Lua number does not hold exactly: int64 in Lua.
// Arithmetic on it is exact; a result that a Lua number holds is one again.
type Integer struct{ v any } // int64, or uint64 above

// Go is the integer as the rest of the program has it.
func (i Integer) Go() any { return i.v }

// IntegerFromUint holds an unsigned integer.
func IntegerFromUint(u uint64) Integer {
	if u <= math.MaxInt64 {
		return Integer{int64(u)}
	}
	return Integer{u}
}

// ParseInteger reads decimal digits.
func ParseInteger(text string) (any, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	if u, err := strconv.ParseUint(text, 10, 64); err == nil {
		return u, nil
	}
	return nil, exc.New(exc.ValueError, "not a 64-bit integer: %s", types.Quote(text))
}

func (i Integer) big() *big.Int {
	if u, ok := i.v.(uint64); ok {
		return new(big.Int).SetUint64(u)
	}
	return big.NewInt(i.v.(int64))
}

// bigOf reads an operand: an Integer, or a Lua number without fraction.
func bigOf(v lua.LValue) (*big.Int, bool) {
	if i, ok := Unwrap[Integer](v); ok {
		return i.big(), true
	}
	if n, ok := v.(lua.LNumber); ok {
		if f := float64(n); f == math.Trunc(f) && !math.IsInf(f, 0) {
			b, _ := big.NewFloat(f).Int(nil)
			return b, true
		}
	}
	return nil, false
}

// fromBig gives a result back, refusing what no database integer holds.
func fromBig(b *big.Int) (any, error) {
	if b.IsInt64() {
		return Integer{b.Int64()}.shrink(), nil
	}
	if b.IsUint64() {
		return Integer{b.Uint64()}, nil
	}
	return nil, exc.New(exc.ValueError, "integer overflow: %s does not fit 64 bits", b)
}

// shrink leaves an exact Lua number where it can.
func (i Integer) shrink() any {
	if n, ok := i.v.(int64); ok && n <= exactLimit && n >= -exactLimit {
		return n
	}
	return i
}

func (i Integer) String() string { return i.big().String() }

func operateInteger(c *Call, op string, a, b lua.LValue) (any, error) {
	if op == "neg" {
		x, _ := bigOf(a)
		return fromBig(x.Neg(x))
	}
	x, ok1 := bigOf(a)
	y, ok2 := bigOf(b)
	if !ok1 || !ok2 {
		fx, okx := floatOf(a)
		fy, oky := floatOf(b)
		switch {
		case op == "..":
			return c.Str(c.L, a) + c.Str(c.L, b), nil
		case !okx || !oky:
			return nil, ErrDeclined
		}
		return operateFloat(op, fx, fy)
	}
	switch op {
	case "+":
		return fromBig(x.Add(x, y))
	case "-":
		return fromBig(x.Sub(x, y))
	case "*":
		return fromBig(x.Mul(x, y))
	case "%":
		if y.Sign() == 0 {
			return nil, exc.New(exc.ValueError, "integer modulo by zero")
		}
		m := new(big.Int).Mod(x, y) // Lua's sign follows the divisor
		if y.Sign() < 0 && m.Sign() != 0 {
			m.Add(m, y)
		}
		return fromBig(m)
	case "/":
		if y.Sign() != 0 {
			q, r := new(big.Int).QuoRem(x, y, new(big.Int))
			if r.Sign() == 0 {
				return fromBig(q)
			}
		}
		fx, _ := new(big.Float).SetInt(x).Float64()
		fy, _ := new(big.Float).SetInt(y).Float64()
		return fx / fy, nil
	case "^":
		if y.Sign() >= 0 && y.IsInt64() && y.Int64() < 1000 {
			return fromBig(x.Exp(x, y, nil))
		}
	case "..":
		return c.Str(c.L, a) + c.Str(c.L, b), nil
	case "==", "~=", "<", "<=", ">", ">=":
		return compared(op, x.Cmp(y)), nil
	}
	return nil, ErrDeclined
}

// compared reads a three-way result as an operator does.
func compared(op string, order int) bool {
	switch op {
	case "==":
		return order == 0
	case "~=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func floatOf(v lua.LValue) (float64, bool) {
	if i, ok := Unwrap[Integer](v); ok {
		f, _ := new(big.Float).SetInt(i.big()).Float64()
		return f, true
	}
	n, ok := v.(lua.LNumber)
	return float64(n), ok
}

func operateFloat(op string, x, y float64) (any, error) {
	switch op {
	case "+":
		return x + y, nil
	case "-":
		return x - y, nil
	case "*":
		return x * y, nil
	case "/":
		return x / y, nil
	case "%":
		return x - math.Floor(x/y)*y, nil
	case "^":
		return math.Pow(x, y), nil
	case "==", "~=", "<", "<=", ">", ">=":
		return compared(op, cmp.Compare(x, y)), nil
	}
	return nil, ErrDeclined
}

// integerClass is int64 in Lua.
var integerClass = Define[Integer]("int64", "An integer beyond 2^53, exact.").
	Constructor("int64(value)", "Make an exact integer of its digits.", `int64("9007199254740993")`, func(a *Args) (any, error) {
		switch v := a.Any("value").(type) {
		case string:
			n, err := ParseInteger(v)
			if err != nil {
				return nil, err
			}
			if i, ok := n.(int64); ok {
				return Integer{i}, nil
			}
			return IntegerFromUint(n.(uint64)), nil
		case int64:
			return Integer{v}, nil
		case uint64:
			return Integer{v}, nil
		default:
			Fail(exc.ValueError, "int64(): not an integer: %s", a.ReprGo(v))
		}
		return nil, nil
	}).
	Method("tonumber()", "The nearest Lua number.", "n:tonumber()", func(i Integer, a *Args) (any, error) {
		f, _ := new(big.Float).SetInt(i.big()).Float64()
		return f, nil
	}).
	With(func(c *Class) {
		c.Value = true
		c.Repr = func(_ *Call, self any) (string, error) { return self.(Integer).String(), nil }
		c.Operate = operateInteger
	})

// IntegerClass is the global int64.
var IntegerClass = integerClass.Class
