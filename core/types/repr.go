package types

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Repr spells any value as a person would write it: strings quoted, lists
// {1, 2}, objects {a = 1} sorted by name, nil, decimal('1.50').
func Repr(v any) string {
	if v == nil {
		return "nil"
	}
	var b strings.Builder
	appendRepr(&b, v, 0)
	return b.String()
}

// Str spells a value as Python's str would: a string is itself, a decimal its
// digits, a moment 2024-01-02 03:04:05, a type its SQL name; anything else is
// its Repr.
func Str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case Decimal:
		return v.String()
	case DateTime:
		return v.String()
	case Date:
		return v.String()
	case Time:
		return v.String()
	case Interval:
		return v.String()
	case uuid.UUID:
		return v.String()
	case Type:
		if sql, err := DDL(v); err == nil {
			return sql
		}
	}
	return Repr(v)
}

// appendRepr writes nil as null: it is reached for nil only inside containers.
func appendRepr(b *strings.Builder, v any, depth int) {
	if depth > deepest {
		b.WriteString("...")
		return
	}
	switch v := v.(type) {
	case nil, jsonNull:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case int:
		b.WriteString(strconv.Itoa(v))
	case uint64:
		b.WriteString(strconv.FormatUint(v, 10))
	case float64:
		b.WriteString(FormatFloat(v))
	case string:
		b.WriteString(Quote(v))
	case []byte:
		b.WriteString(QuoteBytes(v))
	case Decimal:
		b.WriteString("decimal('" + v.String() + "')")
	case uuid.UUID:
		b.WriteString("uuid('" + v.String() + "')")
	case []any:
		b.WriteByte('{')
		for i, e := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			appendRepr(b, e, depth+1)
		}
		b.WriteByte('}')
	case Multirange:
		b.WriteByte('{')
		for i, r := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(r.Repr())
		}
		b.WriteByte('}')
	case Object:
		appendFields(b, v.values, depth)
	case map[string]any:
		appendFields(b, v, depth)
	case interface{ Repr() string }: // the moments, Range, and values of other packages
		b.WriteString(v.Repr())
	case fmt.Stringer:
		b.WriteString(v.String())
	default:
		fmt.Fprintf(b, "%v", v)
	}
}

func appendFields(b *strings.Builder, fields map[string]any, depth int) {
	b.WriteByte('{')
	for i, n := range sortedNames(fields) {
		if i > 0 {
			b.WriteString(", ")
		}
		if isIdentifier(n) {
			b.WriteString(n)
		} else {
			b.WriteString("[" + Quote(n) + "]")
		}
		b.WriteString(" = ")
		appendRepr(b, fields[n], depth+1)
	}
	b.WriteByte('}')
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func isIdentifier(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && !luaWords[s]
}

var luaWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("and break do else elseif end false for function goto if in local nil not or repeat return then true until while") {
		m[w] = true
	}
	return m
}()

// FormatFloat is the shortest text that reads back the same, with an exponent
// where Python's repr has one: from 1e+16 on and below 0.0001. A whole number has
// no point.
func FormatFloat(f float64) string {
	switch size := math.Abs(f); {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64), "+"))
	case size != 0 && size < 1e-4, size >= 1e16:
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// Quote quotes a string as Python's repr does: single quotes, or double ones
// where only those spare a backslash. A string that is no UTF-8 is one of
// bytes: b'\xff'.
func Quote(s string) string {
	if !utf8.ValidString(s) {
		return QuoteBytes([]byte(s))
	}
	quote := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	b := make([]byte, 0, len(s)+2)
	b = append(b, quote)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == rune(quote) || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case unicode.IsPrint(r):
			b = append(b, s[i:i+n]...)
		case r < 0x100:
			b = fmt.Appendf(b, `\x%02x`, r)
		case r < 0x10000:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = fmt.Appendf(b, `\U%08x`, r)
		}
		i += n
	}
	return string(append(b, quote))
}

// QuoteBytes spells bytes as Python does: b'\x00abc'.
func QuoteBytes(s []byte) string {
	quote := byte('\'')
	if strings.Contains(string(s), "'") && !strings.Contains(string(s), `"`) {
		quote = '"'
	}
	b := append(make([]byte, 0, len(s)+3), 'b', quote)
	for _, c := range s {
		switch {
		case c == quote || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c >= ' ' && c < 0x7f:
			b = append(b, c)
		default:
			b = fmt.Appendf(b, `\x%02x`, c)
		}
	}
	return string(append(b, quote))
}

// KindOf names a value's kind for messages: "string", "datetime", "table".
func KindOf(v any) string {
	switch v.(type) {
	case nil:
		return "nil"
	case bool:
		return "boolean"
	case int, int64, uint64, float64:
		return "number"
	case string:
		return "string"
	case []byte:
		return "bytes"
	case Decimal:
		return "decimal"
	case Date:
		return "date"
	case Time:
		return "time"
	case DateTime:
		return "datetime"
	case Interval:
		return "interval"
	case uuid.UUID:
		return "uuid"
	case []any:
		return "list"
	case Object, map[string]any:
		return "table"
	case Range:
		return "Range"
	case Multirange:
		return "MultiRange"
	}
	return fmt.Sprintf("%T", v)
}
