package types

import (
	"strconv"
	"strings"

	"alchemysh/core/exc"
)

// DollarPath spells a subscript of a document as SQLite's and MySQL's JSON
// functions take it: a name, a position or a list of them becomes $."name",
// $[0], $."a"[0].
func DollarPath(v any) (any, error) {
	steps, ok := v.([]any)
	if !ok {
		steps = []any{v}
	}
	var b strings.Builder
	b.WriteByte('$')
	for _, s := range steps {
		switch s := s.(type) {
		case int64:
			b.WriteString("[" + strconv.FormatInt(s, 10) + "]")
		case float64:
			b.WriteString("[" + FormatFloat(s) + "]")
		case string:
			b.WriteString(`."` + s + `"`)
		default:
			return nil, exc.New(exc.ArgumentError, "a JSON path takes names and positions, not %s", Repr(s))
		}
	}
	return b.String(), nil
}
