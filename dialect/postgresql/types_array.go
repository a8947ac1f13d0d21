package postgresql

import (
	"database/sql/driver"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Array is a list on its way to the driver: shown as a list, sent as
// PostgreSQL's text {1,NULL,"a b"}.
type Array struct{ Items []any }

// Repr shows the list.
func (a Array) Repr() string { return types.Repr(a.Items) }

// Value is PostgreSQL's text of the array.
func (a Array) Value() (driver.Value, error) {
	var b strings.Builder
	if err := appendArray(&b, a.Items); err != nil {
		return nil, err
	}
	return b.String(), nil
}

func appendArray(b *strings.Builder, items []any) error {
	b.WriteByte('{')
	for i, v := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		switch v := v.(type) {
		case nil:
			b.WriteString("NULL")
		case []any:
			if err := appendArray(b, v); err != nil {
				return err
			}
		case Array:
			if err := appendArray(b, v.Items); err != nil {
				return err
			}
		case bool, int64, int, uint64, float64:
			b.WriteString(types.Repr(v))
		case []byte:
			b.WriteString(`"\\x`)
			const hex = "0123456789abcdef"
			for _, c := range v {
				b.WriteByte(hex[c>>4])
				b.WriteByte(hex[c&15])
			}
			b.WriteByte('"')
		default:
			text := types.Str(v)
			if valuer, ok := v.(driver.Valuer); ok {
				sent, err := valuer.Value()
				if err != nil {
					return err
				}
				text = types.Str(sent)
			}
			b.WriteString(`"` + arrayEscapes.Replace(text) + `"`)
		}
	}
	b.WriteByte('}')
	return nil
}

var arrayEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// bindArray plans an ARRAY: each item as its own type says, the whole cast to
// the array's type.
func bindArray(t *types.ARRAY, impl *types.Impl) {
	if t.Item == nil {
		return
	}
	item := types.Resolve(t.Item, "postgresql", typed)
	if name, err := spell(t); err == nil {
		impl.BindCast = "::" + name
	}
	impl.Bind = func(v any) (any, error) {
		list, ok := v.([]any)
		if !ok {
			if s, text := v.(string); text {
				return s, nil // PostgreSQL's own text of an array
			}
			return nil, exc.New(exc.TypeError, "ARRAY takes a list, not %s", types.Repr(v))
		}
		items, err := eachItem(list, item.Bind, item.HandlesNull)
		return Array{items}, err
	}
	impl.Result = readArray(item.Result)
	if item.Literal != nil {
		impl.Literal = func(v any) (string, error) {
			list, ok := v.([]any)
			if !ok {
				return "", exc.New(exc.TypeError, "ARRAY takes a list, not %s", types.Repr(v))
			}
			return arrayLiteral(list, item.Literal)
		}
	}
}

func eachItem(list []any, convert types.Convert, nulls bool) ([]any, error) {
	out := make([]any, len(list))
	for i, v := range list {
		var err error
		if nested, ok := v.([]any); ok {
			out[i], err = eachItem(nested, convert, nulls)
		} else if convert == nil || v == nil && !nulls {
			out[i] = v
		} else {
			out[i], err = convert(v)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// arrayLiteral is ARRAY[1, 2].
func arrayLiteral(list []any, item func(any) (string, error)) (string, error) {
	parts := make([]string, len(list))
	for i, v := range list {
		var err error
		switch v := v.(type) {
		case nil:
			parts[i] = "NULL"
		case []any:
			parts[i], err = arrayLiteral(v, item)
		default:
			parts[i], err = item(v)
		}
		if err != nil {
			return "", err
		}
	}
	return "ARRAY[" + strings.Join(parts, ", ") + "]", nil
}

// readArray reads PostgreSQL's text of an array, each item through item.
func readArray(item types.Convert) types.Convert {
	return func(v any) (any, error) {
		var text string
		switch v := v.(type) {
		case []any:
			return v, nil
		case string:
			text = v
		case []byte:
			text = string(v)
		default:
			return nil, exc.New(exc.ValueError, "not an array: %s", types.Repr(v))
		}
		rest := text
		if strings.HasPrefix(rest, "[") { // the bounds of an array that does not start at 1
			_, rest, _ = strings.Cut(rest, "=")
		}
		r := &arrayReader{text: rest, item: item}
		list, err := r.list()
		if err == nil && r.at != len(r.text) {
			err = r.broken()
		}
		return list, err
	}
}

type arrayReader struct {
	text string
	at   int
	item types.Convert
}

func (r *arrayReader) broken() error {
	return exc.New(exc.ValueError, "not an array: %s", types.Quote(r.text))
}

func (r *arrayReader) list() ([]any, error) {
	if r.at >= len(r.text) || r.text[r.at] != '{' {
		return nil, r.broken()
	}
	r.at++
	list := []any{}
	for {
		if r.at >= len(r.text) {
			return nil, r.broken()
		}
		switch c := r.text[r.at]; c {
		case '}':
			r.at++
			return list, nil
		case ',':
			r.at++
			continue
		case '{':
			nested, err := r.list()
			if err != nil {
				return nil, err
			}
			list = append(list, nested)
			continue
		}
		text, quoted, err := r.element()
		if err != nil {
			return nil, err
		}
		var v any = text
		switch {
		case !quoted && strings.EqualFold(text, "NULL"):
			v = nil
		case r.item != nil:
			if v, err = r.item(text); err != nil {
				return nil, err
			}
		}
		list = append(list, v)
	}
}

func (r *arrayReader) element() (text string, quoted bool, err error) {
	if r.text[r.at] != '"' {
		start := r.at
		for r.at < len(r.text) && r.text[r.at] != ',' && r.text[r.at] != '}' {
			r.at++
		}
		return r.text[start:r.at], false, nil
	}
	var b strings.Builder
	for r.at++; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; c {
		case '"':
			r.at++
			return b.String(), true, nil
		case '\\':
			if r.at++; r.at < len(r.text) {
				b.WriteByte(r.text[r.at])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", false, r.broken()
}
