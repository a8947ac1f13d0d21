package types

import (
	"database/sql/driver"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/google/uuid"

	"alchemysh/core/exc"
)

// The values of this package go to a driver as text: drivers know neither
// decimals nor moments without a zone, and every database reads these spellings.

// Value makes Decimal a driver.Valuer.
func (x Decimal) Value() (driver.Value, error) { return x.Text(), nil }

// Value makes Date a driver.Valuer.
func (d Date) Value() (driver.Value, error) { return d.ISO(), nil }

// Value makes Time a driver.Valuer.
func (t Time) Value() (driver.Value, error) { return t.ISO(), nil }

// Value makes DateTime a driver.Valuer.
func (dt DateTime) Value() (driver.Value, error) { return dt.String(), nil }

// Value makes Interval a driver.Valuer.
func (i Interval) Value() (driver.Value, error) {
	return fmt.Sprintf("%d days %d.%06d seconds", i.Days, i.Seconds, i.Microseconds), nil
}

// Value makes Range a driver.Valuer.
func (r Range) Value() (driver.Value, error) { return r.String(), nil }

// Value makes Multirange a driver.Valuer.
func (m Multirange) Value() (driver.Value, error) { return m.String(), nil }

// unreadable is the error of a stored value that is not what its type says.
func unreadable(v any, as string) error {
	return exc.New(exc.ValueError, "Couldn't read %s as %s", Repr(v), as)
}

// text gives the text of a driver's value that came as text or bytes.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	}
	return "", false
}

// ReadInteger turns what a driver gives into an int64, or a uint64 above.
func ReadInteger(v any) (any, error) {
	switch v := v.(type) {
	case int64:
		return v, nil
	case uint64:
		if v <= math.MaxInt64 {
			return int64(v), nil
		}
		return v, nil
	case bool:
		return int64(bit(v)), nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<63 {
			return int64(v), nil
		}
		return v, nil // SQLite keeps a REAL in an INTEGER column
	}
	if s, ok := text(v); ok {
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return i, nil
		}
		if u, err := strconv.ParseUint(s, 10, 64); err == nil {
			return u, nil
		}
		if d, err := ParseDecimal(s); err == nil {
			if i, ok := d.Int64(); ok {
				return i, nil
			}
			return d, nil
		}
		return s, nil // SQLite keeps any text in an INTEGER column
	}
	return v, nil
}

// ReadFloat turns what a driver gives into a float64.
func ReadFloat(v any) (any, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case float32:
		return shortest(v), nil
	case int64:
		return float64(v), nil
	case uint64:
		return float64(v), nil
	case Decimal:
		return v.Float64(), nil
	}
	if s, ok := text(v); ok {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return f, nil
		}
	}
	return nil, unreadable(v, "a float")
}

// shortest is the float64 that is written like a float32.
func shortest(v float32) float64 {
	f, _ := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
	return f
}

// ReadDecimal turns what a driver gives into a Decimal.
func ReadDecimal(v any) (any, error) {
	if d, ok := DecimalOf(v); ok {
		return d, nil
	}
	return nil, unreadable(v, "a decimal")
}

// ReadBoolean turns what a driver gives into a bool.
func ReadBoolean(v any) (any, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case int64:
		return v != 0, nil
	case uint64:
		return v != 0, nil
	case float64:
		return v != 0, nil
	}
	if s, ok := text(v); ok {
		switch s {
		case "1", "t", "true", "\x01":
			return true, nil
		case "0", "f", "false", "\x00":
			return false, nil
		}
	}
	return nil, unreadable(v, "a boolean")
}

// ReadText turns what a driver gives into a string.
func ReadText(v any) (any, error) {
	switch v := v.(type) {
	case []byte:
		return string(v), nil
	case time.Time:
		return DateTimeOf(v).String(), nil
	}
	return v, nil
}

// ReadBytes turns what a driver gives into bytes of our own: a driver may use
// its buffer again for the next row.
func ReadBytes(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return []byte(v), nil
	case []byte:
		return append([]byte{}, v...), nil
	}
	return v, nil
}

// ReadDate turns what a driver gives into a Date.
func ReadDate(v any) (any, error) {
	switch v := v.(type) {
	case Date:
		return v, nil
	case DateTime:
		return v.Date, nil
	case time.Time:
		return DateTimeOf(v).Date, nil
	}
	if s, ok := text(v); ok {
		if dt, err := ParseDateTime(s); err == nil {
			return dt.Date, nil
		}
	}
	return nil, exc.New(exc.ValueError, "Invalid isoformat string: %s", reprText(v))
}

// ReadTime turns what a driver gives into a Time.
func ReadTime(v any) (any, error) {
	switch v := v.(type) {
	case Time:
		return v, nil
	case DateTime:
		return v.Time, nil
	case time.Time:
		return DateTimeOf(v).Time, nil
	}
	if s, ok := text(v); ok {
		if t, err := ParseTime(s); err == nil {
			return t, nil
		}
		if dt, err := ParseDateTime(s); err == nil {
			return dt.Time, nil
		}
	}
	return nil, exc.New(exc.ValueError, "Invalid isoformat string: %s", reprText(v))
}

// ReadDateTime turns what a driver gives into a DateTime.
func ReadDateTime(v any) (any, error) {
	switch v := v.(type) {
	case DateTime:
		return v, nil
	case Date:
		return DateTime{Date: v}, nil
	case time.Time:
		return DateTimeOf(v), nil
	}
	if s, ok := text(v); ok {
		if dt, err := ParseDateTime(s); err == nil {
			return dt, nil
		}
	}
	return nil, exc.New(exc.ValueError, "Invalid isoformat string: %s", reprText(v))
}

func reprText(v any) string {
	if s, ok := text(v); ok {
		return Quote(s)
	}
	return Repr(v)
}

// ReadInterval turns what a driver gives into an Interval.
func ReadInterval(v any) (any, error) {
	if i, ok := v.(Interval); ok {
		return i, nil
	}
	if s, ok := text(v); ok {
		return ParseInterval(s)
	}
	return nil, unreadable(v, "an interval")
}

// ReadUUID turns what a driver gives into a uuid.UUID.
func ReadUUID(v any) (any, error) {
	if u, ok := v.(uuid.UUID); ok {
		return u, nil
	}
	if s, ok := text(v); ok {
		if u, err := uuid.Parse(s); err == nil {
			return u, nil
		}
	}
	return nil, exc.New(exc.ValueError, "badly formed hexadecimal UUID string: %s", reprText(v))
}

// ReadJSON turns JSON text into a value.
func ReadJSON(v any) (any, error) {
	if s, ok := text(v); ok {
		return DecodeJSON(s)
	}
	return v, nil // SQLite gives a bare number for a JSON scalar
}

// epoch is the moment from which intervals count where there is no type for them.
var epoch = DateTime{Date: Date{Year: 1970, Month: 1, Day: 1}}

// IntervalToDateTime is how databases without intervals store one.
func IntervalToDateTime(i Interval) DateTime { return epoch.Add(i) }

// DateTimeToInterval reads such a one back.
func DateTimeToInterval(dt DateTime) Interval { return dt.Sub(epoch) }
