package types

import (
	"math"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"alchemysh/core/exc"
)

// Decimal is an exact decimal number: immutable, with the scale it was written
// with, so that 10.50 stays 10.50. The zero value is 0. Two Decimals compare
// with Cmp, never with ==.
type Decimal struct{ d *apd.Decimal }

// divisionDigits is the precision of quotients that do not end, Python's.
const divisionDigits = 28

var decimalZero = new(apd.Decimal)

func (x Decimal) apd() *apd.Decimal {
	if x.d == nil {
		return decimalZero
	}
	return x.d
}

// ParseDecimal reads a number as Python's Decimal does: digits, a point, an
// exponent, surrounding blanks, underscores between digits, "Infinity", "NaN".
func ParseDecimal(s string) (Decimal, error) {
	clean := strings.ReplaceAll(strings.TrimSpace(s), "_", "")
	d, _, err := apd.NewFromString(clean)
	if err != nil || clean == "" {
		return Decimal{}, exc.New(exc.ValueError, "not a decimal: %s", Quote(s))
	}
	return Decimal{d}, nil
}

// MustDecimal is ParseDecimal for literals in Go source.
func MustDecimal(s string) Decimal {
	d, err := ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

// DecimalFromInt returns i, exactly.
func DecimalFromInt(i int64) Decimal { return Decimal{apd.New(i, 0)} }

// DecimalFromFloat returns the decimal that f prints as, which is what a
// person means who writes 5.25, not the binary fraction behind it.
func DecimalFromFloat(f float64) Decimal {
	switch {
	case math.IsNaN(f):
		return MustDecimal("NaN")
	case math.IsInf(f, 0):
		return MustDecimal(strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64), "+"))
	case f == math.Trunc(f) && math.Abs(f) < 1<<63:
		return DecimalFromInt(int64(f))
	}
	return MustDecimal(strconv.FormatFloat(f, 'g', -1, 64))
}

// DecimalOf turns any number, or the text of one, into a Decimal.
func DecimalOf(v any) (Decimal, bool) {
	switch v := v.(type) {
	case Decimal:
		return v, true
	case int64:
		return DecimalFromInt(v), true
	case int:
		return DecimalFromInt(int64(v)), true
	case uint64:
		return MustDecimal(strconv.FormatUint(v, 10)), true
	case float64:
		return DecimalFromFloat(v), true
	case float32: // MySQL's FLOAT
		return DecimalFromFloat(shortest(v)), true
	case string:
		d, err := ParseDecimal(v)
		return d, err == nil
	case []byte:
		d, err := ParseDecimal(string(v))
		return d, err == nil
	}
	return Decimal{}, false
}

// exactly runs an operation of apd with as many digits as the result can need.
func exactly(digits int64, op func(*apd.Context, *apd.Decimal) (apd.Condition, error)) (Decimal, error) {
	if digits > 100_000 {
		return Decimal{}, exc.New(exc.ValueError, "decimal result of more than 100000 digits")
	}
	c := apd.BaseContext.WithPrecision(uint32(max(digits, 1)))
	c.Rounding = apd.RoundHalfEven
	c.Traps = apd.InvalidOperation | apd.DivisionByZero | apd.DivisionUndefined | apd.Overflow | apd.SystemOverflow
	r := new(apd.Decimal)
	if _, err := op(c, r); err != nil {
		return Decimal{}, exc.New(exc.ValueError, "decimal: %s", err.Error())
	}
	return Decimal{r}, nil
}

// span is the number of digits between the highest and the lowest place used.
func span(x, y *apd.Decimal) int64 {
	top := max(x.NumDigits()+int64(x.Exponent), y.NumDigits()+int64(y.Exponent))
	return top - int64(min(x.Exponent, y.Exponent)) + 2
}

// Add returns x + y, exactly.
func (x Decimal) Add(y Decimal) (Decimal, error) {
	a, b := x.apd(), y.apd()
	return exactly(span(a, b), func(c *apd.Context, r *apd.Decimal) (apd.Condition, error) { return c.Add(r, a, b) })
}

// Sub returns x - y, exactly.
func (x Decimal) Sub(y Decimal) (Decimal, error) {
	a, b := x.apd(), y.apd()
	return exactly(span(a, b), func(c *apd.Context, r *apd.Decimal) (apd.Condition, error) { return c.Sub(r, a, b) })
}

// Mul returns x * y, exactly.
func (x Decimal) Mul(y Decimal) (Decimal, error) {
	a, b := x.apd(), y.apd()
	return exactly(a.NumDigits()+b.NumDigits(), func(c *apd.Context, r *apd.Decimal) (apd.Condition, error) { return c.Mul(r, a, b) })
}

// Quo returns x / y: exact where the quotient ends, else to 28 digits or the
// operands' own number of digits, whichever is more.
func (x Decimal) Quo(y Decimal) (Decimal, error) {
	a, b := x.apd(), y.apd()
	if b.IsZero() {
		return Decimal{}, exc.New(exc.ValueError, "decimal: division by zero")
	}
	digits := max(divisionDigits, a.NumDigits(), b.NumDigits())
	q, err := exactly(digits, func(c *apd.Context, r *apd.Decimal) (apd.Condition, error) { return c.Quo(r, a, b) })
	if err != nil || q.d.Form != apd.Finite {
		return q, err
	}
	return q.towards(a.Exponent - b.Exponent), nil
}

// towards drops trailing zeros of the coefficient until the exponent is e, as
// the ideal exponent of Python's division asks.
func (x Decimal) towards(e int32) Decimal {
	d := x.apd()
	if d.Exponent == e {
		return x
	}
	if d.IsZero() {
		return Decimal{apd.New(0, e)}
	}
	r, _ := new(apd.Decimal).Reduce(d)
	if r.Exponent > e {
		if q, err := (Decimal{r}).Quantize(-e); err == nil {
			return q
		}
	}
	return Decimal{r}
}

// Rem returns the remainder of x / y with the sign of x, as Python's Decimal.
func (x Decimal) Rem(y Decimal) (Decimal, error) {
	a, b := x.apd(), y.apd()
	if b.IsZero() {
		return Decimal{}, exc.New(exc.ValueError, "decimal: modulo by zero")
	}
	return exactly(span(a, b)+b.NumDigits(), func(c *apd.Context, r *apd.Decimal) (apd.Condition, error) { return c.Rem(r, a, b) })
}

// Neg returns -x; zero stays positive.
func (x Decimal) Neg() Decimal {
	if x.IsZero() {
		return Decimal{new(apd.Decimal).Abs(x.apd())}
	}
	return Decimal{new(apd.Decimal).Neg(x.apd())}
}

// Abs returns |x|.
func (x Decimal) Abs() Decimal { return Decimal{new(apd.Decimal).Abs(x.apd())} }

// Quantize rounds x half-even to places digits after the point and pads it to
// as many; negative places round before the point.
func (x Decimal) Quantize(places int32) (Decimal, error) {
	d := x.apd()
	if d.Form != apd.Finite {
		return x, nil
	}
	digits := max(d.NumDigits()+int64(d.Exponent)+int64(places), 0) + 2
	return exactly(digits, func(c *apd.Context, r *apd.Decimal) (apd.Condition, error) { return c.Quantize(r, d, -places) })
}

// Cmp is -1, 0 or 1; NaN sorts after everything, as PostgreSQL has it.
func (x Decimal) Cmp(y Decimal) int {
	a, b := x.apd(), y.apd()
	an, bn := a.Form == apd.NaN || a.Form == apd.NaNSignaling, b.Form == apd.NaN || b.Form == apd.NaNSignaling
	switch {
	case an && bn:
		return 0
	case an:
		return 1
	case bn:
		return -1
	}
	return a.Cmp(b)
}

// Equal compares by value: 1.50 equals 1.5.
func (x Decimal) Equal(y Decimal) bool { return x.Cmp(y) == 0 }

// Sign is -1, 0 or 1.
func (x Decimal) Sign() int { return x.apd().Sign() }

// IsZero reports whether x is 0.
func (x Decimal) IsZero() bool { return x.apd().IsZero() }

// IsFinite reports whether x is neither infinite nor NaN.
func (x Decimal) IsFinite() bool { return x.apd().Form == apd.Finite }

// Scale is the number of digits after the point.
func (x Decimal) Scale() int32 { return max(-x.apd().Exponent, 0) }

// Digits is the number of digits of the coefficient.
func (x Decimal) Digits() int { return int(x.apd().NumDigits()) }

// Float64 is the nearest float.
func (x Decimal) Float64() float64 {
	f, _ := strconv.ParseFloat(x.apd().String(), 64)
	return f
}

// Int64 is x as an integer, if it is one that fits.
func (x Decimal) Int64() (int64, bool) {
	i, err := x.apd().Int64()
	return i, err == nil
}

// String is Python's str(Decimal): '10.50', '1E+3', '0E-10', 'Infinity'.
func (x Decimal) String() string {
	d := x.apd()
	if d.Form == apd.Finite && d.IsZero() && d.Exponent < -6 {
		return d.Text('E') // apd writes small zeros out
	}
	return d.String()
}

// Text is x without an exponent, as SQL takes it.
func (x Decimal) Text() string {
	if d := x.apd(); d.Form == apd.Finite {
		return d.Text('f')
	}
	return x.String()
}

// Reduced is x without trailing zeros: equal numbers have equal texts.
func (x Decimal) Reduced() Decimal {
	d := x.apd()
	if d.Form != apd.Finite {
		return x
	}
	r, _ := new(apd.Decimal).Reduce(d)
	return Decimal{r}
}
