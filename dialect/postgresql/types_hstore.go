package postgresql

import (
	"database/sql/driver"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Hstore is a table of texts on its way to the driver: shown as a table, sent
// as PostgreSQL's text "a"=>"1", "b"=>NULL.
type Hstore struct{ Object types.Object }

// Repr shows the table.
func (h Hstore) Repr() string { return types.Repr(h.Object) }

// Value is PostgreSQL's text of the hstore.
func (h Hstore) Value() (driver.Value, error) { return h.String(), nil }

func (h Hstore) String() string {
	var parts []string
	quote := func(s string) string { return `"` + arrayEscapes.Replace(s) + `"` }
	for name, v := range h.Object.All() {
		if s, ok := v.(string); ok {
			parts = append(parts, quote(name)+"=>"+quote(s))
		} else {
			parts = append(parts, quote(name)+"=>NULL")
		}
	}
	return strings.Join(parts, ", ")
}

func bindHstore(v any) (any, error) {
	o, ok := v.(types.Object)
	if list, empty := v.([]any); empty && len(list) == 0 {
		o, ok = types.Object{}, true // an empty Lua table
	}
	if !ok {
		if s, text := v.(string); text {
			return s, nil
		}
		return nil, exc.New(exc.TypeError, "HSTORE takes a table of texts, not %s", types.Repr(v))
	}
	for name, value := range o.All() {
		switch value.(type) {
		case nil, string:
		default:
			return nil, exc.New(exc.ValueError, "%s in position %s is not a string.", types.Repr(value), types.Quote(name))
		}
	}
	return Hstore{o}, nil
}

func hstoreLiteral(v any) (string, error) {
	h, err := bindHstore(v)
	if err != nil {
		return "", err
	}
	if s, ok := h.(string); ok {
		return types.QuoteLiteral(s), nil
	}
	return types.QuoteLiteral(h.(Hstore).String()), nil
}

// readHstore reads PostgreSQL's text of an hstore.
func readHstore(v any) (any, error) {
	text, _ := types.ReadText(v)
	s, ok := text.(string)
	if !ok {
		return v, nil
	}
	var o types.Object
	r := &arrayReader{text: s}
	for r.at < len(s) {
		if s[r.at] == ',' || s[r.at] == ' ' {
			r.at++
			continue
		}
		name, _, err := r.element()
		if err != nil || !strings.HasPrefix(s[r.at:], "=>") {
			return nil, exc.New(exc.ValueError, "not an hstore: %s", types.Quote(s))
		}
		if r.at += 2; r.at >= len(s) {
			return nil, exc.New(exc.ValueError, "not an hstore: %s", types.Quote(s))
		}
		value, quoted, err := r.element()
		if err != nil {
			return nil, err
		}
		if !quoted && strings.EqualFold(value, "NULL") {
			o.Set(name, nil)
		} else {
			o.Set(name, value)
		}
	}
	return o, nil
}
