package types

import (
	"strings"

	"alchemysh/core/exc"
)

// Range is a span of values: numbers, dates or moments. A nil bound is
// unbounded. The zero value of Bounds means "[)".
type Range struct {
	Lower, Upper any
	Bounds       string // "[)", "[]", "(]" or "()"
	Empty        bool
}

// NewRange checks the bounds.
func NewRange(lower, upper any, bounds string) (Range, error) {
	switch bounds {
	case "":
		bounds = "[)"
	case "[)", "[]", "(]", "()":
	default:
		return Range{}, exc.New(exc.ValueError, "bounds must be one of '[)', '[]', '(]', '()', not %s", Quote(bounds))
	}
	return Range{Lower: lower, Upper: upper, Bounds: bounds}, nil
}

func (r Range) bounds() string {
	if r.Bounds == "" {
		return "[)"
	}
	return r.Bounds
}

// LowerInc reports whether the lower bound belongs to the range.
func (r Range) LowerInc() bool { return !r.Empty && r.Lower != nil && r.bounds()[0] == '[' }

// UpperInc reports whether the upper bound belongs to the range.
func (r Range) UpperInc() bool { return !r.Empty && r.Upper != nil && r.bounds()[1] == ']' }

// Contains reports whether v lies in the range.
func (r Range) Contains(v any) bool {
	if r.Empty {
		return false
	}
	if r.Lower != nil {
		if c, ok := Compare(r.Lower, v); !ok || c > 0 || c == 0 && !r.LowerInc() {
			return false
		}
	}
	if r.Upper != nil {
		if c, ok := Compare(v, r.Upper); !ok || c > 0 || c == 0 && !r.UpperInc() {
			return false
		}
	}
	return true
}

// String is PostgreSQL's text of the range: [1,5).
func (r Range) String() string {
	if r.Empty {
		return "empty"
	}
	b := r.bounds()
	return b[:1] + rangeBound(r.Lower) + "," + rangeBound(r.Upper) + b[1:]
}

// rangeBound quotes a bound that has PostgreSQL's punctuation in it.
func rangeBound(v any) string {
	if v == nil {
		return ""
	}
	text := Str(v)
	if d, ok := v.(Decimal); ok {
		text = d.Text()
	}
	if text == "" || strings.ContainsAny(text, "()[],\\\" \t\n") {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	return text
}

// Repr is Range(lower=1, upper=5, bounds='[)', empty=false), as SQLAlchemy's.
func (r Range) Repr() string {
	empty := "false"
	if r.Empty {
		empty = "true"
	}
	return "Range(lower=" + Repr(r.Lower) + ", upper=" + Repr(r.Upper) + ", bounds=" + Quote(r.bounds()) + ", empty=" + empty + ")"
}

// Multirange is a list of ranges.
type Multirange []Range

// String is PostgreSQL's text: {[1,3),[5,8)}.
func (m Multirange) String() string {
	parts := make([]string, len(m))
	for i, r := range m {
		parts[i] = r.String()
	}
	return "{" + strings.Join(parts, ",") + "}"
}
