package types

import (
	"strings"

	"github.com/google/uuid"

	"alchemysh/core/exc"
)

// QuoteLiteral is SQL's quoting of text: 'it”s'.
func QuoteLiteral(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// textLiteral spells a value of any kind as quoted text.
func textLiteral(v any) (string, error) {
	switch v := v.(type) {
	case []byte:
		return QuoteLiteral(string(v)), nil
	case string:
		return QuoteLiteral(v), nil
	case Range:
		return QuoteLiteral(v.String()), nil
	case Multirange:
		return QuoteLiteral(v.String()), nil
	}
	return QuoteLiteral(Str(v)), nil
}

// unwritable is the error of a value that a type has no literal for.
func unwritable(v any) error {
	return exc.New(exc.TypeError, "no literal of this type is %s", Repr(v))
}

// integerLiteral spells a number without its fraction.
func integerLiteral(v any) (string, error) {
	if b, ok := v.(bool); ok {
		v = int64(bit(b))
	}
	d, ok := DecimalOf(v)
	if !ok || !d.IsFinite() {
		return "", unwritable(v)
	}
	return d.towards(0).Text(), nil
}

// numberLiteral spells a number without quotes.
func numberLiteral(v any) (string, error) {
	switch v := v.(type) {
	case bool:
		return Repr(int64(bit(v))), nil
	case Decimal:
		return v.String(), nil
	case string:
		if _, err := ParseDecimal(v); err == nil {
			return v, nil
		}
	case int64, int, uint64, float64:
		return Repr(v), nil
	}
	return "", unwritable(v)
}

// momentLiteral spells a date, a time or both in quotes. Text stands for the
// moment that it spells.
func momentLiteral(v any) (string, error) {
	switch v.(type) {
	case string, Date, Time, DateTime:
		return QuoteLiteral(Str(v)), nil
	}
	return "", unwritable(v)
}

func booleanLiteral(v any) (string, error) {
	b, err := AsBoolean(v)
	if err != nil {
		return "", err
	}
	return Repr(b), nil
}

// timeLiteral spells a time, or that of a moment.
func timeLiteral(v any) (string, error) {
	if dt, ok := v.(DateTime); ok {
		v = dt.Time
	}
	return momentLiteral(v)
}

func dateLiteral(v any) (string, error) {
	if s, ok := v.(string); ok {
		return QuoteLiteral(s), nil
	}
	d, err := ReadDate(v)
	if err != nil {
		return "", err
	}
	return QuoteLiteral(d.(Date).ISO()), nil
}

func uuidLiteral(v any) (string, error) {
	u, err := AsUUID(v)
	if err != nil {
		return "", err
	}
	return QuoteLiteral(HexUUID(u)), nil
}

func jsonLiteral(v any) (string, error) {
	s, err := EncodeJSON(v)
	return QuoteLiteral(s), err
}

// indexLiteral spells a name or a position in a document.
func indexLiteral(v any) (string, error) {
	switch v.(type) {
	case string:
		return textLiteral(v)
	case int64, float64:
		return integerLiteral(v)
	}
	return "", unwritable(v)
}

// AsBoolean accepts true, false, 1 and 0, as SQLAlchemy's Boolean does.
func AsBoolean(v any) (any, error) {
	switch x := v.(type) {
	case bool:
		return x, nil
	case int64:
		if x == 0 || x == 1 {
			return x == 1, nil
		}
	case float64:
		if x == 0 || x == 1 {
			return x == 1, nil
		}
	}
	if isNumber(v) {
		return nil, exc.New(exc.ValueError, "Value %s is not nil, true, or false", Repr(v))
	}
	return nil, exc.New(exc.TypeError, "Not a boolean value: %s", Repr(v))
}

// AsUUID accepts a uuid or its text.
func AsUUID(v any) (uuid.UUID, error) {
	switch x := v.(type) {
	case uuid.UUID:
		return x, nil
	case string:
		if u, err := uuid.Parse(x); err == nil {
			return u, nil
		}
		return uuid.UUID{}, exc.New(exc.ValueError, "badly formed hexadecimal UUID string: %s", Quote(x))
	}
	return uuid.UUID{}, exc.New(exc.TypeError, "not a uuid: %s", Repr(v))
}

// HexUUID is the 32 digits without hyphens.
func HexUUID(u uuid.UUID) string { return strings.ReplaceAll(u.String(), "-", "") }
