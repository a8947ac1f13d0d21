package transfer

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"alchemysh/core/types"
)

var (
	integerForm   = regexp.MustCompile(`^-?(0|[1-9]\d{0,17})$`)
	numberForm    = regexp.MustCompile(`^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$`)
	dateForm      = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	timestampForm = regexp.MustCompile(`^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?$`)
)

// Infer names the kind of each column by the first rows: integer, number (which
// a binary fraction of 64 bits holds), decimal (which it would round), boolean,
// date, timestamp, text. A number with a leading zero is text: it is a code, and
// would lose the zero.
func (r *Reader) Infer(columns int) ([]string, error) {
	kinds := make([]string, columns)
	for _, w := range r.peek() {
		if w.err != nil {
			break
		}
		for i := range kinds {
			var v any
			if w.named != nil {
				if i < len(r.columns) {
					v = w.named[r.columns[i]]
				}
			} else if i < len(w.values) {
				v = w.values[i]
			}
			kinds[i] = merge(kinds[i], kind(v))
		}
	}
	for i, k := range kinds {
		if k == "" {
			kinds[i] = "text"
		}
	}
	return kinds, nil
}

func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		return "boolean"
	case int64, uint64:
		return "integer"
	case float64:
		return "number"
	case types.Decimal:
		return numberKind(v.String())
	case string:
		switch {
		case integerForm.MatchString(v):
			return "integer"
		case numberForm.MatchString(v):
			return numberKind(v)
		case v == "true" || v == "false":
			return "boolean"
		case dateForm.MatchString(v):
			return "date"
		case timestampForm.MatchString(v):
			return "timestamp"
		}
	}
	return "text"
}

// numberKind is number or decimal, for the text of a number.
func numberKind(text string) string {
	if _, err := exactFloat(text); err != nil {
		return "decimal"
	}
	return "number"
}

// exactFloat is the float64 that is written as the text is, but for zeros and
// exponents.
func exactFloat(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return f, err
	}
	given, err := types.ParseDecimal(text)
	if err != nil {
		return f, err
	}
	held, err := types.ParseDecimal(strconv.FormatFloat(f, 'g', -1, 64))
	if err == nil && held.Cmp(given) != 0 {
		err = errDigits
	}
	return f, err
}

var errDigits = errors.New("more digits than a float holds")

// merge is the kind that holds values of both.
func merge(a, b string) string {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	case numeric[a] > 0 && numeric[b] > 0:
		if numeric[a] > numeric[b] {
			return a
		}
		return b
	case a == "date" && b == "timestamp" || a == "timestamp" && b == "date":
		return "timestamp"
	}
	return "text"
}

// numeric are the kinds of numbers, from the narrowest.
var numeric = map[string]int{"integer": 1, "number": 2, "decimal": 3}

// Target is the columns that rows go to.
type Target struct {
	Columns []string
	Types   []string // of the database
	// Typed says that the values come from JSON: a text among them is one, for a
	// column of JSON too.
	Typed bool
	// Exact refuses a number that a column of binary fractions would round.
	Exact bool
}

// Convert makes values of texts for the columns' types. What a type cannot hold
// is an error that names the column and the value.
func (t *Target) Convert(row []any) ([]any, error) {
	kinds, columns := t.Types, t.Columns
	out := make([]any, len(row))
	for i, v := range row {
		out[i] = v
		if kind := strings.ToUpper(kinds[i]); v != nil && t.Typed && (kind == "JSON" || kind == "JSONB") {
			text, err := encodeJSON(v)
			if err != nil {
				return nil, fmt.Errorf("column %s: %w", columns[i], err)
			}
			out[i] = text
			continue
		}
		array := strings.HasSuffix(kinds[i], "[]")
		switch x := v.(type) {
		case Document:
			out[i] = string(x)
			if list := x.list(); array && list != nil {
				out[i] = arrayLiteral(list)
			}
		case bool:
			if integerKind(strings.ToUpper(kinds[i])) {
				out[i] = map[bool]int64{true: 1}[x]
			}
		case int64:
			if strings.HasPrefix(strings.ToUpper(kinds[i]), "BOOL") && (x == 0 || x == 1) {
				out[i] = x == 1
			}
		case types.Decimal:
			if floatKind(strings.ToUpper(kinds[i])) {
				f, err := t.float(x.String())
				if err != nil {
					return nil, fmt.Errorf("column %s: %s: %w", columns[i], x, err)
				}
				out[i] = f
			}
		case string:
			if array {
				if list := Document(x).list(); list != nil {
					out[i] = arrayLiteral(list)
				}
				continue
			}
			c, err := t.convert(x, strings.ToUpper(kinds[i]))
			if errors.Is(err, errDigits) {
				return nil, fmt.Errorf("column %s: %s: %w", columns[i], x, err)
			}
			if err != nil {
				return nil, fmt.Errorf("column %s: %q is no %s", columns[i], x, strings.ToLower(kinds[i]))
			}
			out[i] = c
		}
	}
	return out, nil
}

// encodeJSON is JSON text again, with numbers as they were written.
func encodeJSON(v any) (string, error) {
	switch v := v.(type) {
	case types.Decimal:
		return v.String(), nil
	case Document:
		return string(v), nil
	}
	return types.EncodeJSON(v)
}

// integerKind says that a type holds integers. On SQLite it is any that has INT in
// its name.
func integerKind(kind string) bool {
	return strings.Contains(kind, "INT") && !strings.Contains(kind, "INTERVAL") && !strings.Contains(kind, "POINT") && !strings.Contains(kind, "RANGE") ||
		kind == "SERIAL" || kind == "BIGSERIAL"
}

// floatKind says that a type holds binary fractions.
func floatKind(kind string) bool {
	return strings.HasPrefix(kind, "REAL") || strings.HasPrefix(kind, "DOUBLE") || strings.HasPrefix(kind, "FLOAT")
}

// float is the number of a text.
func (t *Target) float(text string) (float64, error) {
	if t.Exact {
		return exactFloat(text)
	}
	return strconv.ParseFloat(text, 64)
}

func (t *Target) convert(text, kind string) (any, error) {
	switch {
	case integerKind(kind):
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil && strings.Contains(kind, "UNSIGNED") {
			return strconv.ParseUint(strings.TrimSpace(text), 10, 64)
		}
		return n, err
	case floatKind(kind):
		return t.float(strings.TrimSpace(text))
	case strings.HasPrefix(kind, "BOOL"):
		switch strings.ToLower(text) {
		case "t", "true", "1", "yes", "on", "y":
			return true, nil
		case "f", "false", "0", "no", "off", "n":
			return false, nil
		}
		return nil, strconv.ErrSyntax
	case strings.Contains(kind, "BLOB"), strings.Contains(kind, "BINARY"), kind == "BYTEA":
		if digits, ok := strings.CutPrefix(text, `\x`); ok {
			if b, err := hex.DecodeString(digits); err == nil {
				return b, nil // \x alone is no bytes, not NULL
			}
		}
		return []byte(text), nil
	case strings.HasPrefix(kind, "BIT"), strings.HasPrefix(kind, "GEOMETRY"): // MySQL's are bytes
		if digits, ok := strings.CutPrefix(text, `\x`); ok {
			return hex.DecodeString(digits)
		}
	}
	return text, nil
}

// arrayLiteral spells a list as PostgreSQL reads arrays: {1,"a b",NULL}.
func arrayLiteral(list []any) string {
	parts := make([]string, len(list))
	for i, v := range list {
		switch v := v.(type) {
		case nil:
			parts[i] = "NULL"
		case []any:
			parts[i] = arrayLiteral(v)
		case string:
			parts[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
		case json.Number:
			parts[i] = v.String()
		default:
			parts[i] = types.Str(v)
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}
