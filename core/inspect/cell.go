package inspect

import (
	"context"
	"strconv"

	"alchemysh/core"
	"alchemysh/core/ddl"
	"alchemysh/core/types"
)

// Drivers give the cells of catalogue rows as text, bytes or numbers, as it
// happens. These read them all.

// String is a cell as text; NULL is "".
func String(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		return string(v)
	}
	return types.Str(v)
}

// Maybe is a cell as text; NULL is nil.
func Maybe(v any) *string {
	if v == nil {
		return nil
	}
	s := String(v)
	return &s
}

// Int is a cell as a number; 0 if it is none.
func Int(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	case bool:
		if v {
			return 1
		}
		return 0
	}
	n, _ := strconv.ParseInt(String(v), 10, 64)
	return n
}

// Bool is a cell as a truth value.
func Bool(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case int64:
		return v != 0
	}
	switch String(v) {
	case "t", "true", "YES", "1":
		return true
	}
	return false
}

// FirstColumn is the first cell of each row, as text.
func FirstColumn(rows [][]any, err error) ([]string, error) {
	out := make([]string, 0, len(rows))
	for _, r := range rows {
		out = append(out, String(r[0]))
	}
	return out, err
}

// Ask runs SQL with :name parameters, given as name, value, name, value.
func Ask(ctx context.Context, q ddl.Querier, sql string, params ...string) ([][]any, error) {
	t := &core.Text{SQL: sql}
	for i := 0; i+1 < len(params); i += 2 {
		t.Binds = append(t.Binds, &core.Bind{Key: params[i], Value: params[i+1], Type: &types.String{}})
	}
	return q.Rows(ctx, t, nil)
}

// Strings is a list of texts as values.
func Strings(list []string) []any { return texts(list) }
