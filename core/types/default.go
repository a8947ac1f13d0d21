package types

import (
	"math"
	"strconv"

	"alchemysh/core/exc"
)

// Default is how a type is handled where no database has its own idea: the
// plan that dialects start from. Values go to the driver as they are wherever
// a driver can take them.
func Default(t Type) Impl { return Resolve(t, "default", Plain) }

// Plain is the default plan of a type that is neither variant nor decorator.
func Plain(t Type) Impl {
	impl := Impl{Type: t}
	switch t := t.(type) {
	case *Integer:
		impl.Bind, impl.Result, impl.Literal = bindInteger, ReadInteger, integerLiteral
	case *Float:
		impl.Result, impl.Literal = ReadFloat, numberLiteral
		if t.AsDecimal {
			impl.Result = FloatToDecimal(ReturnScale(t.DecimalReturnScale, t.Scale))
		}
	case *Numeric:
		impl.Result, impl.Literal = ReadDecimal, numberLiteral
		if t.AsFloat {
			impl.Result = ReadFloat
		}
	case *String:
		impl.Bind, impl.Result, impl.Literal = bindText, ReadText, textLiteral
	case *Boolean:
		impl.Bind, impl.Result, impl.Literal = AsBoolean, ReadBoolean, booleanLiteral
	case *DateType:
		impl.Result, impl.Literal = ReadDate, dateLiteral
	case *TimeType:
		impl.Result, impl.Literal = ReadTime, timeLiteral
	case *DateTimeType:
		impl.Result, impl.Literal = ReadDateTime, momentLiteral
	case *IntervalType:
		impl.Bind, impl.Result = bindEpoch, resultEpoch
		impl.Literal = func(v any) (string, error) {
			dt, err := bindEpoch(v)
			if err != nil {
				return "", err
			}
			return textLiteral(dt)
		}
	case *LargeBinary:
		impl.Bind, impl.Result, impl.Literal = BindBytes, ReadBytes, textLiteral
	case *PickleType:
		impl.Bind, impl.Result = bindPickle, resultPickle
	case *Enum:
		impl.Bind, impl.Result, impl.Literal = t.bind, t.result, t.literal
	case *JSON:
		impl.Bind, impl.Result, impl.Literal, impl.HandlesNull = t.bind, ReadJSON, jsonLiteral, !t.NoneAsNull
	case *JSONIndex:
		impl.Literal = indexLiteral
	case *Uuid:
		impl.Bind, impl.Result, impl.Literal = bindHexUUID, t.result, uuidLiteral
	case *RangeType, *MultirangeType:
		impl.Literal = textLiteral
	case *Named, *Hstore, *Domain, *Set, *Bit:
		impl.Result, impl.Literal = ReadText, textLiteral
	}
	return impl
}

// bindInteger makes the whole numbers of Lua whole for the driver too.
func bindInteger(v any) (any, error) {
	if f, ok := v.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1<<63 {
		return int64(f), nil
	}
	return v, nil
}

func bindText(v any) (any, error) {
	if b, ok := v.([]byte); ok {
		return string(b), nil
	}
	return v, nil
}

// BindBytes takes bytes, or a string of bytes.
func BindBytes(v any) (any, error) {
	switch v := v.(type) {
	case []byte:
		return v, nil
	case string:
		return []byte(v), nil
	}
	return nil, exc.New(exc.TypeError, "a bytes-like object is required, not %s", Repr(v))
}

func bindEpoch(v any) (any, error) {
	switch v := v.(type) {
	case Interval:
		return IntervalToDateTime(v), nil
	case string:
		i, err := ParseInterval(v)
		if err != nil {
			return nil, err
		}
		return IntervalToDateTime(i), nil
	}
	return nil, exc.New(exc.TypeError, "Interval type only accepts interval values, not %s", Repr(v))
}

func resultEpoch(v any) (any, error) {
	dt, err := ReadDateTime(v)
	if err != nil {
		return nil, err
	}
	return DateTimeToInterval(dt.(DateTime)), nil
}

func (t *JSON) bind(v any) (any, error) {
	if v == nil && t.NoneAsNull {
		return nil, nil
	}
	return EncodeJSON(v)
}

func bindHexUUID(v any) (any, error) {
	u, err := AsUUID(v)
	if err != nil {
		return nil, err
	}
	return HexUUID(u), nil
}

func (t *Uuid) result(v any) (any, error) {
	u, err := ReadUUID(v)
	if err != nil || !t.AsText {
		return u, err
	}
	return Str(u), nil
}

// ReturnScale is the number of places of decimals made from floats: the first
// of the scales that is given, else SQLAlchemy's 10.
func ReturnScale(scales ...*int) int {
	for _, s := range scales {
		if s != nil {
			return *s
		}
	}
	return 10
}

// FloatToDecimal reads floats as decimals with that many places.
func FloatToDecimal(places int) Convert {
	return func(v any) (any, error) {
		if f, ok := v.(float64); ok {
			return ParseDecimal(strconv.FormatFloat(f, 'f', places, 64))
		}
		d, ok := DecimalOf(v)
		if !ok {
			return nil, unreadable(v, "a decimal")
		}
		return d.Quantize(int32(places))
	}
}
