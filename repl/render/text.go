package render

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/rivo/uniseg"

	"alchemysh/core/types"
)

// Text is the plain text of a value that is not NULL: what a data format
// writes, unaltered.
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case uint64:
		return strconv.FormatUint(v, 10)
	case float64:
		return Float(v)
	case []byte:
		return `\x` + hex.EncodeToString(v)
	case fmt.Stringer:
		return v.String()
	case []any, types.Object:
		if text, err := types.EncodeJSON(v); err == nil {
			return text
		}
	case int, int32, float32:
		return fmt.Sprint(v)
	}
	return types.Str(v)
}

// Plain says that a value is one of a column's, which Text can spell.
func Plain(v any) bool {
	switch v.(type) {
	case nil, string, bool, int64, uint64, int, float64, []byte, []any, types.Object, types.Decimal, types.Date, types.Time,
		types.DateTime, types.Interval, types.Range, types.Multirange, uuid.UUID, Spelt:
		return true
	}
	return types.JSONNull == v
}

// Float is the shortest text that reads back as f, without an exponent where
// a person would not write one.
func Float(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-5 || a >= 1e17) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// numeric says that a value is aligned to the right.
func numeric(v any) bool {
	switch v := v.(type) {
	case Spelt:
		return v.Number
	case int64, uint64, int, int32, float64, float32, types.Decimal:
		return true
	}
	return false
}

// Visible makes text fit for a terminal: control characters, escape sequences,
// marks that reorder text and bytes that are not UTF-8 are spelt out. Newlines
// stay when keepNewlines says so.
func Visible(s string, keepNewlines bool) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] >= 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
			n = 1
		case r == '\n' && keepNewlines:
			b.WriteByte('\n')
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0:
			fmt.Fprintf(&b, `\x%02x`, r)
		case hidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// hidden says that a rune does something to the text around it that cannot be
// seen: reorders it, breaks the line.
func hidden(r rune) bool {
	switch {
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f,
		r == 0x2028, r == 0x2029, r == 0xfeff, r == 0x061c:
		return true
	}
	return !unicode.IsGraphic(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Co, r) && r < 0xe000
}

// Width counts the terminal cells of text.
func Width(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return uniseg.StringWidth(s)
		}
	}
	return len(s)
}

// Cut shortens text to a number of cells, the last being an ellipsis.
func Cut(s string, cells int) string {
	if Width(s) <= cells {
		return s
	}
	var b strings.Builder
	used := 0
	g := uniseg.NewGraphemes(s)
	for g.Next() {
		if used+g.Width() > cells-1 {
			break
		}
		used += g.Width()
		b.WriteString(g.Str())
	}
	return b.String() + "…"
}

// pad fills text up to a number of cells.
func pad(s string, cells int, right bool) string {
	gap := cells - Width(s)
	if gap <= 0 {
		return s
	}
	if right {
		return strings.Repeat(" ", gap) + s
	}
	return s + strings.Repeat(" ", gap)
}
