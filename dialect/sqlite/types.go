package sqlite

import (
	"math"
	"time"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// TypeName spells a type in DDL and CAST.
func (*Dialect) TypeName(t types.Type) (string, error) {
	return types.Strict(t, "sqlite", "SQLiteTypeCompiler", func(t types.Type) (string, error) {
		switch t := t.(type) {
		case *types.JSON:
			if types.Namespace(t) != "postgresql" || t.Name() == "JSON" {
				return "JSON", nil
			}
		case *types.DateType:
			return textAffinity("DATE", newMoments(t.StorageFormat, t.Regexp, dateFormat)), nil
		case *types.TimeType:
			return textAffinity("TIME", newMoments(t.StorageFormat, t.Regexp, timeFormat)), nil
		case *types.DateTimeType:
			if t.Name() != "TIMESTAMP" {
				return textAffinity("DATETIME", newMoments(t.StorageFormat, t.Regexp, dateTimeFormat)), nil
			}
		}
		return "", nil
	})
}

// textAffinity marks a column whose storage format is only digits as text, or
// SQLite would make numbers of them.
func textAffinity(name string, m *moments) string {
	for _, r := range m.write(types.DateTime{Date: types.Date{Year: 1, Month: 1, Day: 1}}) {
		if r < '0' || r > '9' {
			return name
		}
	}
	return name + "_CHAR"
}

// Impl plans how a type's values are stored: SQLite has numbers, text and
// blobs, so moments are text, booleans 0 and 1, identifiers hex digits.
func (*Dialect) Impl(t types.Type) types.Impl { return types.Resolve(t, "sqlite", plain) }

func plain(t types.Type) types.Impl {
	impl := types.Plain(t)
	switch t := t.(type) {
	case *types.Boolean:
		impl.Bind, impl.Literal = bindBoolean, booleanLiteral
	case *types.Integer:
		impl.Bind, impl.Result = bindInteger(impl.Bind), nil
	case *types.String:
		impl.Result = nil // SQLite's values have types of their own
	case *types.Numeric:
		impl.Bind = bindNumber(t.Scale)
		switch {
		case t.AsFloat:
			impl.Result = readNumber
		case t.Scale != nil:
			impl.Result = types.FloatToDecimal(*t.Scale)
		default:
			impl.Result = readDecimal
		}
	case *types.Float:
		impl.Bind = bindFloat
		if !t.AsDecimal {
			impl.Result = readNumber
		}
	case *types.DateType:
		m := newMoments(t.StorageFormat, t.Regexp, dateFormat)
		impl.Bind, impl.Literal = m.bind(asDate), m.literal(asDate)
		impl.Result = m.result(types.ReadDate, func(dt types.DateTime) any { return dt.Date })
	case *types.TimeType:
		format := timeFormat
		if t.TruncateMicroseconds {
			format = timeFormatSeconds
		}
		m := newMoments(t.StorageFormat, t.Regexp, format)
		impl.Bind, impl.Literal = m.bind(asTime), m.literal(asTime)
		impl.Result = m.result(types.ReadTime, func(dt types.DateTime) any { return dt.Time })
	case *types.DateTimeType:
		format := dateTimeFormat
		if t.TruncateMicroseconds {
			format = dateTimeFormatSeconds
		}
		m := newMoments(t.StorageFormat, t.Regexp, format)
		impl.Bind, impl.Literal = m.bind(asDateTime), m.literal(asDateTime)
		impl.Result = m.result(types.ReadDateTime, func(dt types.DateTime) any { return dt })
	case *types.IntervalType:
		epoch, m := impl.Bind, newMoments("", "", dateTimeFormat)
		impl.Bind = func(v any) (any, error) {
			dt, err := epoch(v)
			if err != nil {
				return nil, err
			}
			return m.write(dt.(types.DateTime)), nil
		}
		impl.Literal = quoted(impl.Bind)
	case *types.JSONIndex:
		impl.Bind, impl.Literal = types.DollarPath, quoted(types.DollarPath)
	}
	return impl
}

// quoted makes a literal of what is bound.
func quoted(bind types.Convert) func(any) (string, error) {
	return func(v any) (string, error) {
		s, err := bind(v)
		if err != nil {
			return "", err
		}
		return types.QuoteLiteral(s.(string)), nil
	}
}

func bindBoolean(v any) (any, error) {
	b, err := types.AsBoolean(v)
	if err != nil {
		return nil, err
	}
	if b.(bool) {
		return int64(1), nil
	}
	return int64(0), nil
}

func booleanLiteral(v any) (string, error) {
	b, err := bindBoolean(v)
	return types.Repr(b), err
}

// bindInteger refuses integers that SQLite would round.
func bindInteger(whole types.Convert) types.Convert {
	return func(v any) (any, error) {
		v, err := whole(v)
		if u, ok := v.(uint64); ok && u > math.MaxInt64 {
			return nil, exc.New(exc.ValueError, "%d is too large for SQLite's INTEGER", u)
		}
		return v, err
	}
}

// exactDigits is how many decimal digits SQLite keeps when it turns text into
// a REAL, as every column of NUMERIC affinity does.
const exactDigits = 15

// decimalOf reads what a numeric column takes besides numbers: decimals and
// their text. ok is false for numbers, which are bound as they are.
func decimalOf(v any) (d types.Decimal, ok bool, err error) {
	switch v := v.(type) {
	case types.Decimal:
		return v, true, nil
	case string:
		if d, err = types.ParseDecimal(v); err != nil {
			err = exc.New(exc.ValueError, "could not convert string to float: %s", types.Quote(v))
		}
		return d, true, err
	}
	return d, false, nil
}

// bindNumber stores decimals as SQLite's own numbers. One that neither an
// integer nor a REAL holds exactly, to the column's scale, is refused: SQLite
// would round it to 15 digits.
func bindNumber(scale *int) types.Convert {
	return func(v any) (any, error) {
		d, ok, err := decimalOf(v)
		if !ok || err != nil {
			return v, err
		}
		if i, ok := d.Int64(); ok && (i > 1<<53 || i < -1<<53) {
			return i, nil
		}
		kept := d
		if scale != nil {
			if kept, err = d.Quantize(int32(*scale)); err != nil {
				return nil, err
			}
		}
		if !types.DecimalFromFloat(kept.Float64()).Equal(kept) {
			return nil, exc.New(exc.ValueError, "SQLite cannot store %s exactly: it keeps %d digits", types.Repr(d), exactDigits)
		}
		return d.Float64(), nil
	}
}

// bindFloat stores the nearest float, which is what a Float column is for.
func bindFloat(v any) (any, error) {
	d, ok, err := decimalOf(v)
	if !ok || err != nil {
		return v, err
	}
	return d.Float64(), nil
}

// readDecimal gives decimals of a column without a scale SQLAlchemy's 10
// places, and more to a number short enough to have been written with more.
func readDecimal(v any) (any, error) {
	if f, ok := v.(float64); ok {
		if d := types.DecimalFromFloat(f); d.Scale() > 10 && d.Digits() <= exactDigits {
			return d, nil
		}
	}
	return types.FloatToDecimal(10)(v)
}

// readNumber leaves SQLite's integers and floats as they are.
func readNumber(v any) (any, error) {
	switch v.(type) {
	case int64, float64:
		return v, nil
	}
	return types.ReadFloat(v)
}

// Natural reads a column declared as the named type for which the statement
// gives no type. modernc.org/sqlite makes a time.Time of text in columns
// declared DATE, DATETIME or TIMESTAMP, unless KeepText was told of the rows;
// here it is text again. nil: as it is.
func (*Dialect) Natural(declared string) types.Convert {
	switch declared {
	case "DATE", "DATETIME", "TIMESTAMP":
		return func(v any) (any, error) {
			t, ok := v.(time.Time)
			if !ok {
				return v, nil
			}
			dt := types.DateTimeOf(t)
			if declared == "DATE" && dt.Time == (types.Time{}) {
				return dt.Date.ISO(), nil
			}
			return newMoments("", "", dateTimeFormat).write(dt), nil
		}
	}
	return nil
}
