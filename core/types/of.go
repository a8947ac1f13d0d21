package types

import "github.com/google/uuid"

// Of is the type of a bare value, for a literal that no column gives one to.
func Of(v any) Type {
	switch v := v.(type) {
	case bool:
		return &Boolean{}
	case int:
		return Of(int64(v))
	case int64:
		if v > 1<<31-1 || v < -1<<31 {
			return BigInteger.Plain()
		}
		return &Integer{}
	case uint64:
		return BigInteger.Plain()
	case float64:
		return &Float{}
	case Decimal:
		return &Numeric{}
	case string:
		for i := range len(v) {
			if v[i] >= 0x80 {
				return Unicode.Plain()
			}
		}
		return &String{}
	case []byte:
		return &LargeBinary{}
	case Date:
		return &DateType{}
	case Time:
		return &TimeType{Timezone: v.Offset.Known}
	case DateTime:
		return &DateTimeType{Timezone: v.Offset.Known}
	case Interval:
		return &IntervalType{}
	case uuid.UUID:
		return &Uuid{}
	}
	return &NullType{}
}
