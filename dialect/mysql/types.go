package mysql

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// TypeName spells a type in DDL.
func (d *Dialect) TypeName(t types.Type) (string, error) {
	return types.Strict(t, d.variant(t), "MySQLTypeCompiler", func(t types.Type) (string, error) {
		if u, ok := t.(*types.Uuid); ok && !u.NotNative && d.nativeUUID() {
			return "UUID", nil
		}
		return typeName(t)
	})
}

// variant is the name under which a type's variant for this database stands:
// MariaDB takes MySQL's where it has none of its own.
func (d *Dialect) variant(t types.Type) string {
	if d.name == "mariadb" && types.Variant(t, "mariadb") == t {
		return "mysql"
	}
	return d.name
}

// nativeUUID reports whether the server has a UUID type: MariaDB 10.7, asked
// for as MariaDB.
func (d *Dialect) nativeUUID() bool {
	v := d.ServerVersion
	return d.name == "mariadb" && (v[0] > 10 || v[0] == 10 && v[1] >= 7)
}

func typeName(t types.Type) (string, error) {
	name := strings.ToUpper(t.Name())
	switch t := t.(type) {
	case *types.Integer:
		switch name {
		case "SMALLINTEGER":
			name = "SMALLINT"
		case "BIGINTEGER":
			name = "BIGINT"
		}
		return extended(sized(name, t.DisplayWidth), t.Unsigned, t.Zerofill), nil
	case *types.Boolean:
		return "BOOL", nil
	case *types.Numeric:
		if t.Precision > 0 && t.Scale != nil {
			name = fmt.Sprintf("%s(%d, %d)", name, t.Precision, *t.Scale)
		} else {
			name = sized(name, t.Precision)
		}
		return extended(name, t.Unsigned, t.Zerofill), nil
	case *types.Float:
		switch {
		case name == "DOUBLE_PRECISION":
			return "DOUBLE PRECISION", nil
		case t.Precision > 0 && t.Scale != nil:
			name = fmt.Sprintf("%s(%d, %d)", name, t.Precision, *t.Scale)
		case name == "FLOAT":
			name = sized(name, t.Precision)
		}
		return extended(name, t.Unsigned, t.Zerofill), nil
	case *types.String:
		return stringName(name, t)
	case *types.TimeType:
		return sized("TIME", t.FSP), nil
	case *types.DateTimeType:
		if name == "TIMESTAMP" {
			return sized("TIMESTAMP", t.FSP), nil
		}
		return sized("DATETIME", t.FSP), nil
	case *types.LargeBinary:
		switch name {
		case "LARGEBINARY", "BLOB":
			return sized("BLOB", t.Length), nil
		case "VARBINARY":
			if t.Length == 0 {
				return "", exc.New(exc.CompileError, "VARBINARY requires a length on dialect mysql")
			}
		case "BYTEA":
			return "", nil
		}
		return sized(name, t.Length), nil
	case *types.Enum:
		if t.NotNative {
			return "", nil
		}
		return decorated(&types.String{Charset: t.Charset, Collation: t.Collation, ASCII: t.ASCII, Binary: t.Binary, Unicode: t.Unicode, National: t.National}, "ENUM"+valueList(t.Enums)), nil
	case *types.Set:
		return decorated(&types.String{Charset: t.Charset, Collation: t.Collation, ASCII: t.ASCII, Binary: t.Binary, Unicode: t.Unicode, National: t.National}, "SET"+valueList(t.Values)), nil
	case *types.JSON:
		if t.Name() == "JSON" {
			return "JSON", nil
		}
	case *types.Bit:
		return sized("BIT", t.Length), nil
	case *types.Named:
		if types.Namespace(t) == "mysql" {
			return sized(name, t.DisplayWidth), nil
		}
	}
	return "", nil
}

func stringName(name string, t *types.String) (string, error) {
	switch name {
	case "STRING", "UNICODE", "VARCHAR":
		if t.Length == 0 {
			return "", exc.New(exc.CompileError, "VARCHAR requires a length on dialect mysql")
		}
		return decorated(t, sized("VARCHAR", t.Length)), nil
	case "NVARCHAR":
		if t.Length == 0 {
			return "", exc.New(exc.CompileError, "NVARCHAR requires a length on dialect mysql")
		}
		return decorated(national(t), sized("VARCHAR", t.Length)), nil
	case "NCHAR":
		return decorated(national(t), sized("CHAR", t.Length)), nil
	case "TEXT", "UNICODETEXT":
		return decorated(t, sized("TEXT", t.Length)), nil
	case "CITEXT":
		return "", nil
	case "CLOB":
		return "CLOB", nil
	}
	return decorated(t, sized(name, t.Length)), nil
}

func national(t *types.String) *types.String {
	c := *t
	c.National = true
	return &c
}

// decorated adds the character set and the collation of a type of text.
func decorated(t *types.String, name string) string {
	var charset, collation string
	switch {
	case t.Charset != "":
		charset = " CHARACTER SET " + t.Charset
	case t.ASCII:
		charset = " ASCII"
	case t.Unicode:
		charset = " UNICODE"
	}
	switch {
	case t.Collation != "":
		collation = " COLLATE " + t.Collation
	case t.Binary:
		collation = " BINARY"
	}
	if t.National {
		return "NATIONAL " + name + collation
	}
	return name + charset + collation
}

func sized(name string, n int) string {
	if n == 0 {
		return name
	}
	return fmt.Sprintf("%s(%d)", name, n)
}

func extended(name string, unsigned, zerofill bool) string {
	if unsigned {
		name += " UNSIGNED"
	}
	if zerofill {
		name += " ZEROFILL"
	}
	return name
}

// valueList is ('a','b').
func valueList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = types.QuoteLiteral(v)
	}
	return "(" + strings.Join(quoted, ",") + ")"
}

// CastName is the type's name inside CAST, which knows only a few; ok is false
// for a type to which MySQL cannot cast, whose CAST SQLAlchemy leaves out.
func (d *Dialect) CastName(t types.Type) (name string, ok bool, err error) {
	t = types.Variant(t, d.variant(t))
	switch t := t.(type) {
	case *types.Decorator:
		under, err := t.On(d.name)
		if err != nil {
			return "", false, err
		}
		return d.CastName(under)
	case *types.Integer:
		if t.Unsigned {
			return "UNSIGNED INTEGER", true, nil
		}
		return "SIGNED INTEGER", true, nil
	case *types.DateTimeType:
		return sized("DATETIME", t.FSP), true, nil
	case *types.IntervalType:
		return "DATETIME", true, nil
	case *types.DateType:
		return "DATE", true, nil
	case *types.TimeType, *types.JSON:
		name, err = typeName(t)
		return name, err == nil, err
	case *types.String:
		return decorated(&types.String{Charset: t.Charset, Collation: t.Collation, ASCII: t.ASCII, Binary: t.Binary, Unicode: t.Unicode}, sized("CHAR", t.Length)), true, nil
	case *types.Uuid:
		return "CHAR(32)", true, nil
	case *types.Enum:
		if t.NotNative {
			return sized("CHAR", t.VarcharLength()), true, nil
		}
		return "CHAR", true, nil
	case *types.Set:
		return "CHAR", true, nil
	case *types.LargeBinary, *types.PickleType:
		return "BINARY", true, nil
	case *types.Numeric:
		plain := &types.Numeric{Precision: t.Precision, Scale: t.Scale}
		name, err = typeName(plain)
		return strings.Replace(name, "NUMERIC", "DECIMAL", 1), err == nil, err
	}
	return "", false, nil
}

// Impl plans how a type's values travel: booleans as 0 and 1, identifiers as
// hex digits, moments without their zone, as PyMySQL sends them.
func (d *Dialect) Impl(t types.Type) types.Impl {
	return types.Resolve(t, d.variant(t), func(t types.Type) types.Impl {
		if u, ok := t.(*types.Uuid); ok && !u.NotNative && d.nativeUUID() {
			impl := types.Plain(t)
			impl.Bind = func(v any) (any, error) { return types.AsUUID(v) }
			return impl
		}
		return plain(t)
	})
}

func plain(t types.Type) types.Impl {
	impl := typed(t)
	switch t.(type) {
	case *types.Integer, *types.String, *types.DateType, *types.DateTimeType, *types.Named:
		impl.Result = nil // Natural reads it, by the column's own type, like PyMySQL
	}
	return impl
}

// typed is plain with a Result for every type, for items of arrays.
func typed(t types.Type) types.Impl {
	impl := types.Plain(t)
	switch t := t.(type) {
	case *types.Boolean:
		impl.Bind, impl.Literal = bindBoolean, booleanLiteral
	case *types.Numeric:
		if !t.AsFloat {
			impl.Result = readNumeric
		}
	case *types.DateTimeType:
		impl.Bind = bindDateTime
		literal := impl.Literal
		impl.Literal = func(v any) (string, error) {
			v, err := bindDateTime(v)
			if err != nil {
				return "", err
			}
			return literal(v)
		}
	case *types.TimeType:
		impl.Bind, impl.Result, impl.Literal = bindTime, readTime, timeLiteral
	case *types.Bit:
		impl.Result, impl.Literal = readBit, bitLiteral
	case *types.Set:
		impl.Bind, impl.Result, impl.Literal = bindSet(t), readSet(t), setLiteral(t)
	case *types.JSONIndex:
		impl.Bind, impl.Literal = types.DollarPath, func(v any) (string, error) {
			s, err := types.DollarPath(v)
			return types.QuoteLiteral(types.Str(s)), err
		}
	}
	switch t.(type) {
	case *types.String, *types.Enum, *types.JSON, *types.JSONIndex, *types.Set:
		impl.Literal = backslashed(impl.Literal)
	}
	return impl
}

// backslashed doubles the backslashes of a literal, which escape here.
func backslashed(literal func(any) (string, error)) func(any) (string, error) {
	return func(v any) (string, error) {
		s, err := literal(v)
		return strings.ReplaceAll(s, `\`, `\\`), err
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
	b, err := types.AsBoolean(v)
	if err != nil {
		return "", err
	}
	return types.Repr(b), nil
}

// readNumeric reads what an expression of type Numeric turned out to be: a
// DECIMAL is a decimal, an integer or a DOUBLE itself.
func readNumeric(v any) (any, error) {
	switch v.(type) {
	case int64, float64:
		return v, nil
	case float32:
		return types.ReadFloat(v)
	}
	return types.ReadDecimal(v)
}

func bindDateTime(v any) (any, error) {
	if dt, ok := v.(types.DateTime); ok {
		if dt.Offset.Seconds != 0 {
			return nil, types.OffsetLost("MySQL", v)
		}
		dt.Offset = types.Offset{}
		return dt, nil
	}
	return v, nil
}

// readMoment leaves MySQL's zero dates, which are no dates, as text.
func readMoment(read types.Convert) types.Convert {
	return func(v any) (any, error) {
		if text, _ := types.ReadText(v); text != nil {
			if s, ok := text.(string); ok && strings.HasPrefix(s, "0000-00-00") {
				return s, nil
			}
		}
		return read(v)
	}
}

// bindTime sends times of day, and the intervals that MySQL's TIME also holds.
func bindTime(v any) (any, error) {
	switch v := v.(type) {
	case types.Time:
		if v.Offset.Seconds != 0 {
			return nil, types.OffsetLost("MySQL", v)
		}
		v.Offset = types.Offset{}
		return v, nil
	case types.Interval:
		return clock(v), nil
	}
	return v, nil
}

func timeLiteral(v any) (string, error) {
	v, err := bindTime(v)
	if err != nil {
		return "", err
	}
	return types.QuoteLiteral(types.Str(v)), nil
}

// clock spells an interval as MySQL's TIME: [-]HH:MM:SS.ffffff.
func clock(i types.Interval) string {
	sign := ""
	if i.Days < 0 {
		sign, i = "-", i.Neg()
	}
	hours := i.Days*24 + i.Seconds/3600
	text := fmt.Sprintf("%s%02d:%02d:%02d", sign, hours, i.Seconds/60%60, i.Seconds%60)
	if i.Microseconds != 0 {
		text += fmt.Sprintf(".%06d", i.Microseconds)
	}
	return text
}

// readTime reads a time of day; a TIME outside the day comes as an interval.
func readTime(v any) (any, error) {
	if _, ok := v.(types.Time); ok {
		return v, nil
	}
	i, err := types.ReadInterval(v)
	if err != nil {
		return types.ReadTime(v)
	}
	in := i.(types.Interval)
	if in.Days != 0 {
		return in, nil
	}
	return types.NewTime(int(in.Seconds/3600), int(in.Seconds/60%60), int(in.Seconds%60), int(in.Microseconds))
}

// readBit reads the bytes of a BIT as a number.
func readBit(v any) (any, error) {
	b, ok := v.([]byte)
	if !ok || len(b) > 8 {
		return v, nil
	}
	var n uint64
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	if n > math.MaxInt64 {
		return n, nil
	}
	return int64(n), nil
}

func bitLiteral(v any) (string, error) {
	n, err := types.ReadInteger(v)
	return types.Repr(n), err
}

// bindSet sends a list of members as MySQL's text, those of the type only.
func bindSet(t *types.Set) types.Convert {
	return func(v any) (any, error) {
		var members []string
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				s, ok := e.(string)
				if !ok {
					return nil, exc.New(exc.TypeError, "SET takes a list of strings, not %s", types.Repr(v))
				}
				members = append(members, s)
			}
		case string:
			if v != "" {
				members = strings.Split(v, ",")
			}
		case types.Object:
			if v.Len() > 0 {
				return nil, exc.New(exc.TypeError, "SET takes a list of strings, not %s", types.Repr(v))
			}
		case int64, uint64:
			return v, nil
		default:
			return nil, exc.New(exc.TypeError, "SET takes a list of strings, not %s", types.Repr(v))
		}
		for _, m := range members {
			if !slices.Contains(t.Values, m) {
				return nil, exc.New(exc.LookupError, "%s is not among the defined set values. Possible values: %s", types.Quote(m), strings.Join(t.Values, ", "))
			}
		}
		return strings.Join(members, ","), nil
	}
}

// readSet gives the members in the order of the type, then those it lacks.
func readSet(t *types.Set) types.Convert {
	return func(v any) (any, error) {
		text, _ := types.ReadText(v)
		s, ok := text.(string)
		if !ok {
			return v, nil
		}
		list := []any{}
		if s == "" {
			return list, nil
		}
		members := strings.Split(s, ",")
		for _, m := range t.Values {
			if slices.Contains(members, m) {
				list = append(list, m)
			}
		}
		for _, m := range members {
			if !slices.Contains(t.Values, m) {
				list = append(list, m)
			}
		}
		return list, nil
	}
}

func setLiteral(t *types.Set) func(any) (string, error) {
	bind := bindSet(t)
	return func(v any) (string, error) {
		s, err := bind(v)
		if err != nil {
			return "", err
		}
		if text, ok := s.(string); ok {
			return types.QuoteLiteral(text), nil
		}
		return types.Repr(s), nil
	}
}

// Inline is what the engine sends instead of a statement with these values.
func (*Dialect) Inline(sql string, values []any) (string, []any) { return Inline(sql, values) }

// Natural reads a column of the named type of the database for which the
// statement gives no type, as PyMySQL does. nil: as it is.
func (*Dialect) Natural(name string) types.Convert {
	switch name {
	case "DECIMAL":
		return types.ReadDecimal
	case "DATE":
		return readMoment(types.ReadDate)
	case "DATETIME", "TIMESTAMP":
		return readMoment(types.ReadDateTime)
	case "TIME":
		return types.ReadInterval
	case "FLOAT":
		return types.ReadFloat
	case "UNSIGNED BIGINT":
		return types.ReadInteger
	case "CHAR", "VARCHAR", "TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "ENUM", "SET", "JSON":
		return types.ReadText
	case "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB", "BINARY", "VARBINARY", "BIT", "GEOMETRY", "VECTOR":
		return types.ReadBytes
	}
	return nil
}
