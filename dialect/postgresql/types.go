package postgresql

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// TypeName spells a type in DDL and CAST.
func (*Dialect) TypeName(t types.Type) (string, error) { return spell(t) }

func spell(t types.Type) (string, error) {
	return types.Strict(t, "postgresql", "PGTypeCompiler", typeName)
}

func typeName(t types.Type) (string, error) {
	switch t := t.(type) {
	case *types.Float:
		switch t.Name() {
		case "Float", "FLOAT":
			if t.Precision > 0 {
				return fmt.Sprintf("FLOAT(%d)", t.Precision), nil
			}
			return "FLOAT", nil
		case "Double":
			return "DOUBLE PRECISION", nil
		}
	case *types.TimeType:
		return zoned("TIME", t.Precision, t.Timezone), nil
	case *types.DateTimeType:
		if t.Name() != "DATETIME" || types.Namespace(t) == "sqlite" {
			return zoned("TIMESTAMP", t.Precision, t.Timezone), nil
		}
	case *types.IntervalType:
		if !native(t) {
			return zoned("TIMESTAMP", nil, false), nil
		}
		name, precision := "INTERVAL", t.Precision
		if t.SecondPrecision != nil {
			precision = t.SecondPrecision
		}
		if t.Fields != "" {
			name += " " + t.Fields
		}
		if precision != nil {
			name += fmt.Sprintf(" (%d)", *precision)
		}
		return name, nil
	case *types.LargeBinary:
		if t.Name() == "LargeBinary" || t.Name() == "BYTEA" {
			return "BYTEA", nil
		}
	case *types.Uuid:
		if !t.NotNative {
			return "UUID", nil
		}
	case *types.Enum:
		if t.NotNative || types.Namespace(t) == "mysql" {
			return "", nil
		}
		if t.TypeName == "" {
			return "", exc.New(exc.CompileError, "PostgreSQL ENUM type requires a name.")
		}
		return qualified(t.Schema, t.TypeName), nil
	case *types.Domain:
		return qualified(t.Schema, t.TypeName), nil
	case *types.ARRAY:
		if t.Item == nil {
			return "", exc.New(exc.CompileError, "ARRAY needs the type of its items")
		}
		item, err := spell(t.Item)
		if err != nil {
			return "", err
		}
		dimensions := 1
		if t.Dimensions != nil {
			dimensions = *t.Dimensions
		}
		item, collate, collated := strings.Cut(item, " COLLATE")
		item += strings.Repeat("[]", dimensions)
		if collated {
			item += " COLLATE" + collate
		}
		return item, nil
	case *types.JSON:
		if t.Name() == "JSONB" {
			return "JSONB", nil
		}
		return "JSON", nil
	case *types.JSONIndex:
		if t.Name() == "JSONPATH" {
			return "JSONPATH", nil
		}
	case *types.Bit:
		switch {
		case t.Varying && t.Length > 0:
			return fmt.Sprintf("BIT VARYING(%d)", t.Length), nil
		case t.Varying:
			return "BIT VARYING", nil
		case t.Length > 0:
			return fmt.Sprintf("BIT(%d)", t.Length), nil
		}
		return "BIT", nil
	case *types.String:
		if t.Name() == "CITEXT" {
			return "CITEXT", nil
		}
	case *types.RangeType, *types.MultirangeType, *types.Hstore:
		return t.Name(), nil
	case *types.Named:
		if types.Namespace(t) == "postgresql" {
			return t.Name(), nil
		}
	}
	return "", nil
}

func zoned(name string, precision *int, timezone bool) string {
	if precision != nil {
		name += "(" + strconv.Itoa(*precision) + ")"
	}
	if timezone {
		return name + " WITH TIME ZONE"
	}
	return name + " WITHOUT TIME ZONE"
}

// native reports whether an Interval is PostgreSQL's own here.
func native(t *types.IntervalType) bool { return !t.NotNative }

// qualified is the name of a type in its schema, quoted where it must be.
func qualified(schema, name string) string {
	if schema == "" {
		return quoting.Identifier(name)
	}
	return quoting.Identifier(schema) + "." + quoting.Identifier(name)
}

// Impl plans how a type's values travel. BindCast is what SQLAlchemy renders.
// WireCast says on the wire what psycopg2 says by writing a literal: that a
// parameter is a number, a date, a uuid; text stays of unknown type, as a
// quoted literal is, so that the server infers it from where it stands.
func (d *Dialect) Impl(t types.Type) types.Impl {
	impl := resolve(t)
	if d.standardStrings || impl.Literal == nil {
		return impl
	}
	// Until a server has said that backslashes are plain characters there, a
	// literal doubles them, as SQLAlchemy's does.
	switch t.(type) {
	case *types.String, *types.Enum, *types.JSON:
		plain := impl.Literal
		impl.Literal = func(v any) (string, error) {
			s, err := plain(v)
			return strings.ReplaceAll(s, `\`, `\\`), err
		}
	}
	return impl
}

func resolve(t types.Type) types.Impl { return types.Resolve(t, "postgresql", plain) }

func plain(t types.Type) types.Impl {
	impl := typed(t)
	switch t := t.(type) {
	case *types.Integer, *types.String, *types.Boolean, *types.DateType, *types.DateTimeType, *types.TimeType, *types.JSON:
		impl.Result = nil // Natural reads it, by the column's own type, like psycopg2
	case *types.IntervalType:
		if native(t) {
			impl.Result = nil
		}
	}
	return impl
}

// typed is plain with a Result for every type, for items of arrays.
func typed(t types.Type) types.Impl {
	impl := types.Plain(t)
	switch t := t.(type) {
	case *types.Integer:
		impl.Bind = bindInteger(impl.Bind)
		impl.WireCast = "::INTEGER"
		if t.Name() == "BigInteger" || t.Name() == "BIGINT" {
			impl.WireCast = "::BIGINT"
		} else {
			impl.WireCastOf = integerCast
		}
	case *types.Numeric:
		impl.WireCast = "::NUMERIC"
		if !t.AsFloat {
			impl.Result = readNumeric(types.ReturnScale(t.DecimalReturnScale, t.Scale))
		}
	case *types.Float:
		impl.WireCast = "::NUMERIC" // what the literal of a float is
		impl.Bind = bindFloat
	case *types.Boolean:
		impl.WireCast = "::BOOLEAN"
	case *types.DateType:
		impl.WireCast = "::DATE"
	case *types.TimeType:
		impl.WireCast = "::" + zoned("TIME", nil, t.Timezone)
	case *types.DateTimeType:
		impl.WireCast = "::" + zoned("TIMESTAMP", nil, t.Timezone)
		if !t.Timezone {
			impl.WireCastOf = momentCast(impl.WireCast)
		}
	case *types.IntervalType:
		if native(t) {
			impl.Bind, impl.Result, impl.Literal = nil, types.ReadInterval, intervalLiteral
			impl.WireCast = "::INTERVAL"
		} else {
			impl.WireCast = "::" + zoned("TIMESTAMP", nil, false)
		}
	case *types.LargeBinary:
		impl.Result, impl.WireCast = readBytes, "::BYTEA"
	case *types.PickleType:
		impl.WireCast = "::BYTEA"
	case *types.Uuid:
		if !t.NotNative {
			impl.Bind, impl.Literal = bindUUID, uuidLiteral
			impl.BindCast = "::UUID"
		}
	case *types.JSON:
		impl.BindCast = "::" + cmpName(t.Name() == "JSONB", "JSONB", "JSON")
	case *types.JSONIndex:
		bindIndex(t, &impl)
	case *types.ARRAY:
		bindArray(t, &impl)
	case *types.RangeType:
		impl.Bind, impl.BindCast = bindRange, "::"+t.Name()
		impl.Result = readRange(boundOf(t.Name()))
	case *types.MultirangeType:
		impl.Bind, impl.BindCast = bindMultirange, "::"+t.Name()
		impl.Result = readMultirange(boundOf(t.Name()))
		impl.Literal = func(v any) (string, error) {
			m, err := bindMultirange(v)
			if err != nil {
				return "", err
			}
			return types.QuoteLiteral(rangeText(m)), nil
		}
	case *types.Hstore:
		impl.Bind, impl.Result, impl.Literal = bindHstore, readHstore, hstoreLiteral
		impl.WireCast = "::HSTORE"
	case *types.Domain:
		if t.DataType != nil {
			under := resolve(t.DataType)
			under.Type, under.WireCast = t, ""
			return under
		}
	case *types.Named:
		if t.Name() == "OID" {
			impl.Result, impl.WireCast = types.ReadInteger, "::OID"
		}
	case *types.NullType:
		impl.Bind, impl.WireCastOf = bindUnknown, castOf
	}
	return impl
}

// momentCast has a moment with an offset turned into the session's local time,
// as psycopg2's literal is: a cast to TIMESTAMP alone would drop the offset.
func momentCast(plain string) func(any) string {
	return func(v any) string {
		if dt, ok := v.(types.DateTime); ok && dt.Offset.Known {
			return "::" + zoned("TIMESTAMP", nil, true)
		}
		return plain
	}
}

// integerCast is the smallest type that holds the number, as that of a literal.
func integerCast(v any) string {
	switch v := v.(type) {
	case int64:
		if v != int64(int32(v)) {
			return "::BIGINT"
		}
	case uint64, types.Decimal:
		return "::NUMERIC"
	}
	return "::INTEGER"
}

// castOf is the type of the literal that psycopg2 would write for a value; text
// and NULL are of unknown type there too.
func castOf(v any) string {
	switch v := v.(type) {
	case int64, uint64:
		return integerCast(v)
	case float64, types.Decimal:
		return "::NUMERIC"
	case bool:
		return "::BOOLEAN"
	case types.Date:
		return "::DATE"
	case types.DateTime:
		return "::" + zoned("TIMESTAMP", nil, v.Offset.Known)
	case types.Time:
		return "::" + zoned("TIME", nil, v.Offset.Known)
	case types.Interval:
		return "::INTERVAL"
	case uuid.UUID:
		return "::UUID"
	case []byte:
		return "::BYTEA"
	case []any:
		if len(v) > 0 {
			if item := castOf(v[0]); item != "" {
				return item + "[]"
			}
			if _, ok := v[0].(string); ok {
				return "::TEXT[]"
			}
		}
	}
	return ""
}

func cmpName(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// bindInteger sends integers above int64 as lib/pq can take them.
func bindInteger(whole types.Convert) types.Convert {
	return func(v any) (any, error) {
		if u, ok := v.(uint64); ok {
			d, _ := types.DecimalOf(u)
			return d, nil
		}
		return whole(v)
	}
}

// bindFloat sends the floats PostgreSQL spells its own way.
func bindFloat(v any) (any, error) {
	if f, ok := v.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
		return types.DecimalFromFloat(f), nil
	}
	return v, nil
}

// readNumeric reads what an expression of type Numeric turned out to be: a
// numeric is a decimal, a double one with the type's places, an integer itself.
func readNumeric(places int) types.Convert {
	fromFloat := types.FloatToDecimal(places)
	return func(v any) (any, error) {
		switch v.(type) {
		case int64:
			return v, nil
		case float64:
			return fromFloat(v)
		}
		return types.ReadDecimal(v)
	}
}

func bindUUID(v any) (any, error) {
	switch v := v.(type) {
	case uuid.UUID:
		return v, nil
	case string:
		if _, err := types.AsUUID(v); err != nil {
			return nil, err
		}
		return v, nil
	}
	return types.AsUUID(v)
}

func uuidLiteral(v any) (string, error) {
	u, err := types.AsUUID(v)
	return types.QuoteLiteral(u.String()), err
}

// intervalLiteral is make_interval(secs=>3.0), with the days apart where a
// double could not hold all digits.
func intervalLiteral(v any) (string, error) {
	read, err := types.ReadInterval(v)
	if err != nil {
		return "", err
	}
	i, days := read.(types.Interval), ""
	if i.Days > 1e4 || i.Days < -1e4 {
		days, i.Days = fmt.Sprintf("days=>%d, ", i.Days), 0
	}
	secs := strconv.FormatFloat(i.TotalSeconds(), 'f', -1, 64)
	if !strings.Contains(secs, ".") {
		secs += ".0"
	}
	return "make_interval(" + days + "secs=>" + secs + ")", nil
}

// bindUnknown is for parameters that nothing gives a type: lists are arrays.
func bindUnknown(v any) (any, error) {
	if list, ok := v.([]any); ok {
		return Array{list}, nil
	}
	return v, nil
}

// bindIndex spells a subscript of a JSON document: a name, a position, or a
// path as an array of text.
func bindIndex(t *types.JSONIndex, impl *types.Impl) {
	switch t.Name() {
	case "JSONStrIndexType":
		impl.WireCast = "::TEXT"
	case "JSONIntIndexType":
		impl.WireCast = "::INTEGER"
	case "JSONPATH":
		impl.WireCast = "::JSONPATH"
	case "JSONPathType":
		impl.Bind, impl.WireCast = bindPath, "::TEXT[]"
	}
	impl.Literal = func(v any) (string, error) {
		if impl.Bind != nil {
			var err error
			if v, err = impl.Bind(v); err != nil {
				return "", err
			}
		}
		if s, ok := v.(string); ok {
			return types.QuoteLiteral(s), nil
		}
		return types.Repr(v), nil
	}
}

func bindPath(v any) (any, error) {
	steps, ok := v.([]any)
	if !ok {
		return v, nil
	}
	parts := make([]string, len(steps))
	for i, s := range steps {
		parts[i] = types.Str(s)
	}
	return "{" + strings.Join(parts, ", ") + "}", nil
}

// readAware reads a timestamp with time zone.
func readAware(v any) (any, error) {
	if t, ok := v.(time.Time); ok {
		return types.DateTimeWithOffset(t), nil
	}
	return types.ReadDateTime(v)
}

// readTime reads a time of day; lib/pq makes a time.Time of it, with 24:00 on
// the second day.
func readTime(timezone bool) types.Convert {
	return func(v any) (any, error) {
		t, ok := v.(time.Time)
		if !ok {
			return types.ReadTime(v)
		}
		tm := types.DateTimeOf(t).Time
		if t.Day() == 2 {
			tm.Hour = 24
		}
		if timezone {
			_, seconds := t.Zone()
			tm.Offset = types.Offset{Known: true, Seconds: seconds}
		}
		return tm, nil
	}
}

// Natural reads a column of the named type of the database for which the
// statement gives no type, as psycopg2 does. nil: as it is.
func (d *Dialect) Natural(name string) types.Convert {
	if item, ok := strings.CutPrefix(name, "_"); ok {
		return readArray(d.itemValue(item))
	}
	if bound, ok := strings.CutSuffix(name, "MULTIRANGE"); ok {
		return readMultirange(boundOf(bound))
	}
	if strings.HasSuffix(name, "RANGE") {
		return readRange(boundOf(name))
	}
	switch name {
	case "INT2", "INT4", "INT8", "FLOAT8", "BOOL", "TEXT", "VARCHAR", "BPCHAR":
		return nil
	case "BYTEA":
		return readBytes
	case "FLOAT4":
		return types.ReadFloat
	case "NUMERIC":
		return types.ReadDecimal
	case "DATE":
		return types.ReadDate
	case "TIMESTAMP":
		return types.ReadDateTime
	case "TIMESTAMPTZ":
		return readAware
	case "TIME":
		return readTime(false)
	case "TIMETZ":
		return readTime(true)
	case "INTERVAL":
		return types.ReadInterval
	case "JSON", "JSONB":
		return types.ReadJSON
	case "UUID":
		return types.ReadUUID
	case "OID", "XID", "CID":
		return types.ReadInteger
	}
	return types.ReadText // enums, names, addresses: lib/pq gives their bytes
}

// itemValue reads an item of an array, which comes as text whatever it is.
func (d *Dialect) itemValue(name string) types.Convert {
	switch name {
	case "INT2", "INT4", "INT8":
		return types.ReadInteger
	case "FLOAT8":
		return types.ReadFloat
	case "BOOL":
		return types.ReadBoolean
	}
	return d.Natural(name)
}

// readBytes reads a bytea, decoded by lib/pq, or as text inside an array.
func readBytes(v any) (any, error) {
	if s, ok := v.(string); ok { // an item of an array
		if digits, ok := strings.CutPrefix(s, `\x`); ok {
			out := make([]byte, 0, len(digits)/2)
			for i := 0; i+1 < len(digits); i += 2 {
				n, err := strconv.ParseUint(digits[i:i+2], 16, 8)
				if err != nil {
					return nil, exc.New(exc.ValueError, "not a bytea: %s", types.Quote(s))
				}
				out = append(out, byte(n))
			}
			return out, nil
		}
	}
	return types.ReadBytes(v)
}
