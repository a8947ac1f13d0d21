package types

import (
	"bytes"
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Compare orders two values of one kind: numbers with numbers of any sort,
// text with text, moments with moments, lists element by element. It reports
// false for values that have no order between them.
func Compare(a, b any) (int, bool) {
	if isNumber(a) && isNumber(b) {
		return compareNumbers(a, b), true
	}
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return strings.Compare(a, b), true
		}
	case []byte:
		if b, ok := b.([]byte); ok {
			return bytes.Compare(a, b), true
		}
	case bool:
		if b, ok := b.(bool); ok {
			return cmp.Compare(bit(a), bit(b)), true
		}
	case Date:
		if b, ok := b.(Date); ok {
			return a.Compare(b), true
		}
	case Time:
		if b, ok := b.(Time); ok {
			return a.Compare(b), a.Offset.Known == b.Offset.Known
		}
	case DateTime:
		if b, ok := b.(DateTime); ok {
			return a.Compare(b), a.Offset.Known == b.Offset.Known
		}
	case Interval:
		if b, ok := b.(Interval); ok {
			return a.Compare(b), true
		}
	case uuid.UUID:
		if b, ok := b.(uuid.UUID); ok {
			return bytes.Compare(a[:], b[:]), true
		}
	case []any:
		b, ok := b.([]any)
		if !ok {
			return 0, false
		}
		for i := range min(len(a), len(b)) {
			if c, ok := Compare(a[i], b[i]); c != 0 || !ok {
				return c, ok
			}
		}
		return cmp.Compare(len(a), len(b)), true
	}
	return 0, false
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func isNumber(v any) bool {
	switch v.(type) {
	case int64, int, uint64, float64, Decimal:
		return true
	}
	return false
}

func compareNumbers(a, b any) int {
	if x, ok := a.(int64); ok {
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, y)
		}
	}
	if x, ok := a.(float64); ok {
		if y, ok := b.(float64); ok {
			return cmp.Compare(x, y)
		}
	}
	x, _ := DecimalOf(a)
	y, _ := DecimalOf(b)
	return x.Cmp(y)
}

// Equal compares by value: 1, 1.0 and decimal 1.00 are equal, moments in
// different zones are equal when they are the same moment, lists and objects
// when their elements are.
func Equal(a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case jsonNull:
		return b == any(JSONNull)
	case float64:
		if math.IsNaN(x) {
			return false
		}
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		return equalFields(x, b)
	case Object:
		return equalFields(x.values, b)
	case Range:
		y, ok := b.(Range)
		return ok && x.Equal(y)
	case Multirange:
		y, ok := b.(Multirange)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i], y[i]) {
				return false
			}
		}
		return true
	}
	if c, ok := Compare(a, b); ok {
		return c == 0
	}
	switch a.(type) {
	case string, []byte, bool, int64, int, uint64, float64, Decimal, Date, Time, DateTime, Interval, uuid.UUID:
		return false
	}
	return a == b // pointers and handles of other packages
}

func equalFields(x map[string]any, b any) bool {
	var y map[string]any
	switch b := b.(type) {
	case Object:
		y = b.values
	case map[string]any:
		y = b
	default:
		return false
	}
	if len(x) != len(y) {
		return false
	}
	for n, v := range x {
		w, ok := y[n]
		if !ok || !Equal(v, w) {
			return false
		}
	}
	return true
}

// HashKey is a text that equal values share and different ones do not, for
// maps keyed by values: identity maps, unique(), group keys.
func HashKey(v any) string {
	switch v := v.(type) {
	case nil:
		return "n"
	case bool:
		return "b" + strconv.FormatBool(v)
	case int64:
		return "#" + strconv.FormatInt(v, 10)
	case int:
		return "#" + strconv.Itoa(v)
	case uint64:
		return "#" + strconv.FormatUint(v, 10)
	case string:
		return "s" + v
	case []byte:
		return "y" + string(v)
	case float64, Decimal:
		d, _ := DecimalOf(v)
		if d.IsZero() {
			return "#0"
		}
		r := d.Reduced()
		if r.Scale() > 400 || !r.IsFinite() || r.d.Exponent > 400 {
			return "#" + r.String()
		}
		return "#" + r.Text()
	case Date:
		return "d" + v.String()
	case Time:
		if v.Offset.Known {
			return "T" + strconv.FormatInt(v.seconds()-int64(v.Offset.Seconds), 10) + "." + strconv.Itoa(v.Microsecond)
		}
		return "t" + v.String()
	case DateTime:
		if v.Offset.Known {
			return "M" + v.In(UTC).String()
		}
		return "m" + v.String()
	case uuid.UUID:
		return "u" + v.String()
	case []any:
		var b strings.Builder
		b.WriteByte('[')
		for _, e := range v {
			k := HashKey(e)
			b.WriteString(strconv.Itoa(len(k)) + ":" + k)
		}
		return b.String()
	case Range:
		return "r" + v.key()
	}
	return KindOf(v) + Repr(v)
}
