package types

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"alchemysh/core/exc"
)

// EncodeJSON writes a value as Python's json.dumps does: ", " and ": " between,
// everything beyond ASCII escaped.
func EncodeJSON(v any) (string, error) {
	var b strings.Builder
	if err := appendJSON(&b, v, 0); err != nil {
		return "", err
	}
	return b.String(), nil
}

// deepest bounds nesting, so that a value that contains itself is an error.
const deepest = 1000

func appendJSON(b *strings.Builder, v any, depth int) error {
	if depth > deepest {
		return exc.New(exc.ValueError, "Circular reference detected")
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
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return exc.New(exc.ValueError, "Out of range float values are not JSON compliant: %s", FormatFloat(v))
		}
		b.WriteString(FormatFloat(v))
	case Decimal:
		if !v.IsFinite() || v.Scale() != 0 {
			return exc.New(exc.TypeError, "Object of type Decimal is not JSON serializable: %s", Repr(v))
		}
		b.WriteString(v.Text())
	case string:
		appendJSONString(b, v)
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			if err := appendJSON(b, e, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case Object:
		if v.bare && v.Len() == 0 {
			b.WriteString("[]")
			return nil
		}
		b.WriteByte('{')
		for i, n := range v.names {
			if i > 0 {
				b.WriteString(", ")
			}
			appendJSONString(b, n)
			b.WriteString(": ")
			if err := appendJSON(b, v.values[n], depth+1); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	case map[string]any:
		var o Object
		for _, n := range sortedNames(v) {
			o.Set(n, v[n])
		}
		return appendJSON(b, o, depth)
	default:
		return exc.New(exc.TypeError, "Object of type %s is not JSON serializable: %s", KindOf(v), Repr(v))
	}
	return nil
}

func appendJSONString(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r >= ' ' && r < 0x7f:
			b.WriteByte(byte(r))
		case r < 0x10000:
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(b, `\u%04x\u%04x`, hi, lo)
		}
	}
	b.WriteByte('"')
}

// DecodeJSON reads JSON text: objects keep their order, integers are exact,
// null is nil.
func DecodeJSON(text string) (any, error) {
	if !utf8.ValidString(text) {
		return nil, exc.New(exc.ValueError, "JSON text is not UTF-8: %s", Repr([]byte(text)))
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	v, err := decodeJSON(dec, 0)
	if err == nil {
		if _, more := dec.Token(); more != io.EOF {
			err = fmt.Errorf("data after the value")
		}
	}
	if err != nil {
		return nil, exc.New(exc.ValueError, "not JSON: %s: %s", err.Error(), Quote(shorten(text)))
	}
	return v, nil
}

func shorten(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "..."
	}
	return s
}

// deepestRead bounds nesting as encoding/json does, whose tokens know no bound: a
// stack that overflows ends the process.
const deepestRead = 10000

func decodeJSON(dec *json.Decoder, depth int) (any, error) {
	if depth > deepestRead {
		return nil, errors.New("nested too deeply")
	}
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch tok := tok.(type) {
	case json.Delim:
		if tok == '[' {
			list := []any{}
			for dec.More() {
				v, err := decodeJSON(dec, depth+1)
				if err != nil {
					return nil, err
				}
				list = append(list, v)
			}
			_, err := dec.Token()
			return list, err
		}
		var o Object
		for dec.More() {
			name, err := dec.Token()
			if err != nil {
				return nil, err
			}
			v, err := decodeJSON(dec, depth+1)
			if err != nil {
				return nil, err
			}
			o.Set(name.(string), v)
		}
		_, err := dec.Token()
		return o, err
	case json.Number:
		return jsonNumber(string(tok))
	}
	return tok, nil
}

func jsonNumber(s string) (any, error) {
	if !strings.ContainsAny(s, ".eE") {
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return i, nil
		}
		if u, err := strconv.ParseUint(s, 10, 64); err == nil {
			return u, nil
		}
		return ParseDecimal(s)
	}
	return strconv.ParseFloat(s, 64)
}
