package types

import "alchemysh/core/exc"

// AsGeneric is the database-independent type nearest to one of a database's
// own: as_generic(). A type that has none is a NotImplementedError.
func AsGeneric(t Type) (Type, error) {
	name := t.Name()
	switch t := t.(type) {
	case *Integer:
		switch name {
		case "BIGINT", "BigInteger":
			return BigInteger.plain, nil
		case "SMALLINT", "SmallInteger":
			return SmallInteger.plain, nil
		}
		return &Integer{}, nil
	case *String:
		g := &String{Length: t.Length, Collation: t.Collation}
		switch name {
		case "TEXT", "CLOB", "Text", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "CITEXT":
			g.Class = Text
		case "NVARCHAR", "NCHAR", "Unicode":
			g.Class = Unicode
		case "UnicodeText":
			g.Class = UnicodeText
		}
		return g, nil
	case *Boolean:
		return &Boolean{}, nil
	case *Numeric:
		return &Numeric{Precision: t.Precision, Scale: t.Scale, DecimalReturnScale: t.DecimalReturnScale, AsFloat: t.AsFloat}, nil
	case *Float:
		g := &Float{Precision: t.Precision, AsDecimal: t.AsDecimal, DecimalReturnScale: t.DecimalReturnScale}
		if name == "DOUBLE" || name == "DOUBLE_PRECISION" || name == "Double" {
			g.Class = Double
		}
		return g, nil
	case *DateType:
		return &DateType{}, nil
	case *TimeType:
		return &TimeType{Timezone: t.Timezone}, nil
	case *DateTimeType:
		return &DateTimeType{Timezone: t.Timezone}, nil
	case *IntervalType:
		g := &IntervalType{NotNative: t.NotNative, SecondPrecision: t.SecondPrecision, DayPrecision: t.DayPrecision}
		if t.Precision != nil {
			g.SecondPrecision = t.Precision
		}
		return g, nil
	case *LargeBinary:
		return &LargeBinary{Length: t.Length}, nil
	case *Enum:
		g := *t
		g.Class, g.Variants = nil, nil
		g.Charset, g.Collation, g.ASCII, g.Binary, g.Unicode, g.National = "", "", false, false, false, false
		return &g, nil
	case *JSON:
		return &JSON{NoneAsNull: t.NoneAsNull}, nil
	case *Uuid:
		return &Uuid{AsText: t.AsText}, nil
	case *ARRAY:
		item, err := AsGeneric(t.Item)
		return &ARRAY{Item: item, AsTuple: t.AsTuple, Dimensions: t.Dimensions, ZeroIndexes: t.ZeroIndexes}, err
	case *Domain:
		return AsGeneric(t.DataType)
	case *NullType, *PickleType, *TupleType, *TableValueType, *Decorator:
		return t, nil
	}
	return nil, exc.New(exc.NotImplementedError, "Default TypeEngine.as_generic() heuristic method was unsuccessful for %s. A custom as_generic() method must be implemented for this type class.", t.Name())
}
