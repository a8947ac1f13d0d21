package types

import (
	"strings"

	"github.com/google/uuid"

	"alchemysh/core/exc"
)

// A pickle is JSON text in which a value that JSON lacks stands as an object
// of one field, {"$decimal": "1.50"}; fields that begin with $ are written
// with one more.
var unpickle = map[string]func(string) (any, error){
	"$decimal":  func(s string) (any, error) { return ParseDecimal(s) },
	"$date":     func(s string) (any, error) { return ParseDate(s) },
	"$time":     func(s string) (any, error) { return ParseTime(s) },
	"$datetime": func(s string) (any, error) { return ParseDateTime(s) },
	"$interval": func(s string) (any, error) { return ParseInterval(s) },
	"$uuid":     func(s string) (any, error) { return ReadUUID(s) },
	"$bytes":    func(s string) (any, error) { return latin1Bytes(s), nil },
}

// bindPickle stores any value of the shell but functions and objects.
func bindPickle(v any) (any, error) {
	plain, err := pickled(v, 0)
	if err != nil {
		return nil, err
	}
	s, err := EncodeJSON(plain)
	return []byte(s), err
}

func pickled(v any, depth int) (any, error) {
	if depth > deepest {
		return nil, exc.New(exc.ValueError, "Circular reference detected")
	}
	switch v := v.(type) {
	case Decimal, Date, Time, DateTime, Interval, uuid.UUID:
		return NewObject("$"+KindOf(v), Str(v)), nil
	case []byte:
		runes := make([]rune, len(v))
		for i, c := range v {
			runes[i] = rune(c)
		}
		return NewObject("$bytes", string(runes)), nil
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			var err error
			if out[i], err = pickled(e, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case Object:
		out := Object{bare: v.bare}
		for name, e := range v.All() {
			e, err := pickled(e, depth+1)
			if err != nil {
				return nil, err
			}
			if strings.HasPrefix(name, "$") {
				name = "$" + name
			}
			out.Set(name, e)
		}
		return out, nil
	}
	return v, nil
}

func latin1Bytes(s string) []byte {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		out = append(out, byte(r))
	}
	return out
}

// resultPickle reads what bindPickle stored.
func resultPickle(v any) (any, error) {
	doc, err := ReadJSON(v)
	if err != nil {
		return nil, err
	}
	return unpickled(doc)
}

func unpickled(v any) (any, error) {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			var err error
			if v[i], err = unpickled(e); err != nil {
				return nil, err
			}
		}
	case Object:
		if v.Len() == 1 {
			name := v.Names()[0]
			if text, ok := v.values[name].(string); ok && unpickle[name] != nil {
				return unpickle[name](text)
			}
		}
		var out Object
		for name, e := range v.All() {
			e, err := unpickled(e)
			if err != nil {
				return nil, err
			}
			out.Set(strings.TrimPrefix(name, "$"), e)
		}
		return out, nil
	}
	return v, nil
}
