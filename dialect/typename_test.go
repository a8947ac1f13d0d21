package dialect_test

import (
	"errors"
	"strings"
	"testing"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/dialect/mysql"
	"alchemysh/dialect/postgresql"
	"alchemysh/dialect/sqlite"
)

// TestTypeNames has the answers of SQLAlchemy 2.0's type compilers; "-" is a
// CompileError.
func TestTypeNames(t *testing.T) {
	at := types.Lookup
	with := func(c *types.Class, named map[string]any, args ...any) types.Type {
		typ, err := c.New(args, named)
		if err != nil {
			t.Fatal(err)
		}
		return typ
	}
	variant, err := types.WithVariant(&types.String{Length: 50}, types.TEXT.Plain(), "postgresql")
	if err == nil {
		variant, err = types.WithVariant(variant, with(at("mysql", "VARCHAR"), map[string]any{"charset": "latin1"}, 50), "mysql")
	}
	if err != nil {
		t.Fatal(err)
	}
	lower := types.NewDecorator(&types.Decoration{Name: "Lower"}, &types.String{Length: 20}, "")
	point := types.NewDecorator(&types.Decoration{Name: "Point", ColSpec: func(*types.Decorator) (string, error) { return "POINT", nil }}, nil, "")
	all := []typing{sqlite.New(), postgresql.New(), mysql.New("mysql"), mysql.New("mariadb")}
	for _, c := range []struct {
		t                        types.Type
		sqlite, postgres, my, ma string
	}{
		{&types.Integer{}, "INTEGER", "INTEGER", "INTEGER", ""},
		{types.BigInteger.Plain(), "BIGINT", "BIGINT", "BIGINT", ""},
		{types.SmallInteger.Plain(), "SMALLINT", "SMALLINT", "SMALLINT", ""},
		{&types.String{}, "VARCHAR", "VARCHAR", "-", "-"},
		{&types.String{Length: 9, Collation: "de"}, `VARCHAR(9) COLLATE "de"`, `VARCHAR(9) COLLATE "de"`, "VARCHAR(9) COLLATE de", ""},
		{types.UnicodeText.Plain(), "TEXT", "TEXT", "TEXT", ""},
		{types.NCHAR.Must(4), "NCHAR(4)", "NCHAR(4)", "NATIONAL CHAR(4)", ""},
		{types.NVARCHAR.Must(4), "NVARCHAR(4)", "NVARCHAR(4)", "NATIONAL VARCHAR(4)", ""},
		{&types.Float{Precision: 53}, "FLOAT", "FLOAT(53)", "FLOAT(53)", ""},
		{types.Double.Plain(), "DOUBLE", "DOUBLE PRECISION", "DOUBLE", ""},
		{types.DOUBLEPRECISION.Plain(), "DOUBLE PRECISION", "DOUBLE PRECISION", "DOUBLE PRECISION", ""},
		{&types.Numeric{Precision: 7}, "NUMERIC(7)", "NUMERIC(7)", "NUMERIC(7)", ""},
		{&types.DateTimeType{Timezone: true}, "DATETIME", "TIMESTAMP WITH TIME ZONE", "DATETIME", ""},
		{types.TIMESTAMP.Plain(), "TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP", ""},
		{&types.TimeType{Timezone: true}, "TIME", "TIME WITH TIME ZONE", "TIME", ""},
		{&types.IntervalType{}, "DATETIME", "INTERVAL", "DATETIME", ""},
		{&types.IntervalType{SecondPrecision: new(3)}, "DATETIME", "INTERVAL (3)", "DATETIME", ""},
		{&types.IntervalType{NotNative: true}, "DATETIME", "TIMESTAMP WITHOUT TIME ZONE", "DATETIME", ""},
		{&types.Boolean{}, "BOOLEAN", "BOOLEAN", "BOOL", ""},
		{&types.LargeBinary{Length: 100}, "BLOB", "BYTEA", "BLOB(100)", ""},
		{types.BLOB.Plain(), "BLOB", "BLOB", "BLOB", ""},
		{types.BINARY.Must(4), "BINARY(4)", "BINARY(4)", "BINARY(4)", ""},
		{&types.PickleType{}, "BLOB", "BYTEA", "BLOB", ""},
		{&types.JSON{}, "JSON", "JSON", "JSON", ""},
		{&types.Uuid{}, "CHAR(32)", "UUID", "CHAR(32)", ""},
		{&types.Uuid{NotNative: true}, "CHAR(32)", "CHAR(32)", "CHAR(32)", ""},
		{types.UUID.Plain(), "UUID", "UUID", "UUID", ""},
		{&types.Enum{Enums: []string{"s", "it's"}, TypeName: "Order"}, "VARCHAR(4)", `"Order"`, "ENUM('s','it''s')", ""},
		{&types.Enum{Enums: []string{"s"}, TypeName: "e", Schema: "x"}, "VARCHAR(1)", `x.e`, "ENUM('s')", ""},
		{&types.Enum{Enums: []string{"s"}}, "VARCHAR(1)", "-", "ENUM('s')", ""},
		{&types.Enum{Enums: []string{"s"}, NotNative: true, Length: 10}, "VARCHAR(10)", "VARCHAR(10)", "VARCHAR(10)", ""},
		{&types.ARRAY{Item: &types.String{Length: 5, Collation: "de"}, Dimensions: new(2)}, "-", `VARCHAR(5)[][] COLLATE "de"`, "-", "-"},
		{at("postgresql", "JSONB").Plain(), "-", "JSONB", "-", "-"},
		{at("postgresql", "HSTORE").Plain(), "-", "HSTORE", "-", "-"},
		{at("postgresql", "TSTZMULTIRANGE").Plain(), "-", "TSTZMULTIRANGE", "-", "-"},
		{with(at("postgresql", "TIMESTAMP"), map[string]any{"precision": 0}), "TIMESTAMP", "TIMESTAMP(0) WITHOUT TIME ZONE", "TIMESTAMP", ""},
		{with(at("postgresql", "INTERVAL"), map[string]any{"fields": "DAY TO SECOND", "precision": 3}), "-", "INTERVAL DAY TO SECOND (3)", "-", "-"},
		{with(at("postgresql", "BIT"), map[string]any{"varying": true}), "-", "BIT VARYING", "BIT", ""},
		{with(at("postgresql", "DOMAIN"), nil, "us_zip", &types.String{}), "-", "us_zip", "-", "-"},
		{at("postgresql", "BYTEA").Plain(), "-", "BYTEA", "-", "-"},
		{at("postgresql", "CITEXT").Plain(), "-", "CITEXT", "-", "-"},
		{with(at("postgresql", "ENUM"), map[string]any{"name": "e"}, "s"), "VARCHAR(1)", "e", "ENUM('s')", ""},
		{at("sqlite", "DATETIME").Plain(), "DATETIME", "TIMESTAMP WITHOUT TIME ZONE", "DATETIME", ""},
		{at("mysql", "TINYINT").Must(1), "-", "-", "TINYINT(1)", ""},
		{with(at("mysql", "INTEGER"), map[string]any{"unsigned": true, "zerofill": true}, 10), "INTEGER", "INTEGER", "INTEGER(10) UNSIGNED ZEROFILL", ""},
		{at("mysql", "DOUBLE").Must(10, 3), "DOUBLE", "DOUBLE", "DOUBLE(10, 3)", ""},
		{with(at("mysql", "LONGTEXT"), map[string]any{"charset": "utf8mb4", "collation": "utf8mb4_bin"}), "-", "-", "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", ""},
		{with(at("mysql", "VARCHAR"), map[string]any{"binary": true}, 5), "VARCHAR(5)", "VARCHAR(5)", "VARCHAR(5) BINARY", ""},
		{with(at("mysql", "CHAR"), map[string]any{"national": true}, 5), "CHAR(5)", "CHAR(5)", "NATIONAL CHAR(5)", ""},
		{at("mysql", "SET").Must("x", "y"), "-", "-", "SET('x','y')", ""},
		{with(at("mysql", "TIMESTAMP"), map[string]any{"fsp": 3}), "TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP(3)", ""},
		{with(at("sqlite", "DATE"), map[string]any{"storage_format": "%(year)04d%(month)02d%(day)02d"}), "DATE_CHAR", "DATE", "DATE", ""},
		{variant, "VARCHAR(50)", "TEXT", "VARCHAR(50) CHARACTER SET latin1", ""},
		{lower, "VARCHAR(20)", "VARCHAR(20)", "VARCHAR(20)", ""},
		{point, "POINT", "POINT", "POINT", ""},
		{&types.NullType{}, "-", "-", "-", "-"},
	} {
		if c.ma == "" {
			c.ma = c.my
		}
		for i, want := range []string{c.sqlite, c.postgres, c.my, c.ma} {
			got, err := all[i].TypeName(c.t)
			if want == "-" {
				if !errors.Is(err, exc.CompileError) {
					t.Errorf("%s on %T: %q %v, want a CompileError", c.t, all[i], got, err)
				}
			} else if err != nil || got != want {
				t.Errorf("%s on %T: %q %v, want %q", c.t, all[i], got, err, want)
			}
		}
	}
}

// bound is v as the driver gets it.
func bound(impl types.Impl, v any) (any, error) {
	if impl.Bind == nil {
		return v, nil
	}
	return impl.Bind(v)
}

// TestRefusals has values that cannot be bound exactly, and the messages.
func TestRefusals(t *testing.T) {
	lite, pg, my := sqlite.New(), postgresql.New(), mysql.New("mysql")
	size := &types.Enum{Enums: []string{"small", "large"}, TypeName: "size_e"}
	for _, c := range []struct {
		d    typing
		t    types.Type
		v    any
		want string
	}{
		{lite, &types.Boolean{}, "yes", "TypeError: Not a boolean value: 'yes'"},
		{lite, &types.Boolean{}, int64(2), "ValueError: Value 2 is not nil, true, or false"},
		{pg, &types.Boolean{}, int64(2), "ValueError: Value 2 is not nil, true, or false"},
		{lite, &types.DateType{}, int64(5), "SQLite Date type only accepts Python date objects as input."},
		{lite, &types.DateTimeType{}, "tomorrow", "SQLite DateTime type only accepts Python datetime and date objects as input."},
		{lite, &types.TimeType{}, "25:00", "SQLite Time type only accepts Python time objects as input."},
		{lite, &types.DateType{}, types.Date{Infinity: 1}, "SQLite cannot store infinity"},
		{lite, &types.DateType{}, types.Date{Year: 10000, Month: 1, Day: 1}, "year 10000 is out of range"},
		{lite, &types.Numeric{}, types.MustDecimal("12345678901234567890.5"), "SQLite cannot store decimal('12345678901234567890.5') exactly"},
		{lite, &types.Numeric{Precision: 38, Scale: new(10)}, types.MustDecimal("1234567890123.0123456789"), "SQLite cannot store"},
		{lite, &types.Numeric{}, "abc", "could not convert string to float: 'abc'"},
		{lite, &types.Integer{}, uint64(1 << 63), "9223372036854775808 is too large"},
		{lite, size, "huge", "'huge' is not among the defined enum values. Enum name: size_e. Possible values: small, large"},
		{pg, size, int64(1), "1 is not among the defined enum values"},
		{my, size, "huge", "'huge' is not among"},
		{lite, &types.LargeBinary{}, int64(1), "a bytes-like object is required"},
		{lite, &types.JSON{}, types.MustDecimal("1.5"), "Object of type Decimal is not JSON serializable"},
		{pg, &types.Uuid{}, "no", "badly formed hexadecimal UUID string: 'no'"},
		{lite, &types.Uuid{}, "no", "badly formed hexadecimal UUID string: 'no'"},
		{pg, types.Lookup("postgresql", "HSTORE").Plain(), types.NewObject("a", int64(1)), "1 in position 'a' is not a string."},
		{pg, &types.ARRAY{Item: &types.Integer{}}, int64(1), "ARRAY takes a list"},
		{pg, types.Lookup("postgresql", "INT4RANGE").Plain(), int64(1), "expected a Range"},
		{my, types.Lookup("mysql", "SET").Must("x"), []any{"y"}, "'y' is not among the defined set values"},
	} {
		got, err := bound(c.d.Impl(c.t), c.v)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s on %T bound %s as %s: %v", c.t, c.d, types.Repr(c.v), types.Repr(got), err)
		}
	}
}

// TestEchoed has what Bind gives, which is what the echo shows.
func TestEchoed(t *testing.T) {
	lite, pg, my := sqlite.New(), postgresql.New(), mysql.New("mysql")
	dt, _ := types.ParseDateTime("2024-01-02 03:04:00")
	item := types.NewObject("k", "x", "n", []any{int64(10), int64(20)})
	for _, c := range []struct {
		d    typing
		t    types.Type
		v    any
		want string
	}{
		{lite, &types.Boolean{}, true, "1"},
		{my, &types.Boolean{}, false, "0"},
		{pg, &types.Boolean{}, true, "true"},
		{lite, &types.DateTimeType{}, dt, "'2024-01-02 03:04:00.000000'"},
		{lite, &types.DateTimeType{}, "2024-01-02", "'2024-01-02 00:00:00.000000'"},
		{lite, &types.DateTimeType{}, dt.Date, "'2024-01-02 00:00:00.000000'"},
		{pg, &types.DateTimeType{}, dt, "datetime(2024, 1, 2, 3, 4)"},
		{lite, &types.DateType{}, dt, "'2024-01-02'"},
		{lite, &types.TimeType{}, types.Time{Hour: 5, Minute: 6}, "'05:06:00.000000'"},
		{lite, types.Lookup("sqlite", "DATETIME").Plain(), dt, "'2024-01-02 03:04:00.000000'"},
		{lite, &types.IntervalType{}, types.NewInterval(1, 1, 0), "'1970-01-02 00:00:01.000000'"},
		{my, &types.IntervalType{}, types.NewInterval(1, 1, 0), "datetime(1970, 1, 2, 0, 0, 1)"},
		{pg, &types.IntervalType{}, types.NewInterval(1, 1, 0), "interval{days = 1, seconds = 1}"},
		{lite, &types.Numeric{Precision: 10, Scale: new(2)}, types.MustDecimal("10.50"), "10.5"},
		{lite, &types.Numeric{Precision: 10, Scale: new(2)}, types.MustDecimal("0.3333333333333333333333333333"), "0.3333333333333333"},
		{pg, &types.Numeric{}, types.MustDecimal("10.50"), "decimal('10.50')"},
		{pg, &types.Numeric{}, 5.25, "5.25"},
		{lite, &types.Uuid{}, "12345678-1234-5678-1234-567812345678", "'12345678123456781234567812345678'"},
		{lite, &types.JSON{}, item, `'{"k": "x", "n": [10, 20]}'`},
		{lite, &types.JSON{}, nil, "'null'"},
		{lite, &types.JSON{NoneAsNull: true}, types.JSONNull, "'null'"},
		{pg, &types.ARRAY{Item: &types.Integer{}}, []any{int64(1), nil}, "{1, null}"},
		{pg, types.Lookup("postgresql", "HSTORE").Plain(), types.NewObject("a", "1"), "{a = '1'}"},
		{lite, &types.JSONIndex{}, []any{"n", int64(0)}, `'$."n"[0]'`},
		{my, types.JSONIntIndex.Plain(), int64(1), `'$[1]'`},
		{pg, types.JSONPath.Plain(), []any{"n", int64(0)}, `'{n, 0}'`},
		{lite, &types.Integer{}, 3.0, "3"},
	} {
		got, err := bound(c.d.Impl(c.t), c.v)
		if err != nil || types.Repr(got) != c.want {
			t.Errorf("%s on %T bound %s as %s %v, want %s", c.t, c.d, types.Repr(c.v), types.Repr(got), err, c.want)
		}
	}
	if c := pg.Impl(&types.ARRAY{Item: &types.Integer{}}).BindCast; c != "::INTEGER[]" {
		t.Error(c)
	}
	if c := pg.Impl(types.Lookup("postgresql", "JSONB").Plain()).BindCast; c != "::JSONB" {
		t.Error(c)
	}
}

// TestStorageFormats has SQLite's own ways to store moments.
func TestStorageFormats(t *testing.T) {
	lite := sqlite.New()
	dt, _ := types.ParseDateTime("2024-02-09 03:04:05.000678")
	for _, c := range []struct {
		class string
		named map[string]any
		v     any
		text  string
	}{
		{"DATETIME", map[string]any{"truncate_microseconds": true}, types.DateTime{Date: dt.Date, Time: types.Time{Hour: 3}}, "2024-02-09 03:00:00"},
		{"DATETIME", map[string]any{"storage_format": "%(year)04d/%(month)02d/%(day)02d %(hour)02d:%(minute)02d:%(second)02d %(microsecond)d 100%%", "regexp": `(\d+)/(\d+)/(\d+) (\d+):(\d+):(\d+) (\d+)`}, dt, "2024/02/09 03:04:05 678 100%"},
		{"DATE", map[string]any{"storage_format": "%(month)02d/%(day)02d/%(year)04d", "regexp": `(?P<month>\d+)/(?P<day>\d+)/(?P<year>\d+)`}, dt.Date, "02/09/2024"},
		{"TIME", map[string]any{"storage_format": "%(hour)2dh%(minute)02d", "regexp": `\s*(\d+)h(\d+)`}, types.Time{Hour: 3, Minute: 4}, " 3h04"},
	} {
		typ, err := types.Lookup("sqlite", c.class).New(nil, c.named)
		if err != nil {
			t.Fatal(err)
		}
		impl := lite.Impl(typ)
		text, err := impl.Bind(c.v)
		if err != nil || text != c.text {
			t.Errorf("%s: %s %v, want %s", typ, types.Repr(text), err, c.text)
			continue
		}
		if back, err := impl.Result(text); err != nil || back != c.v {
			t.Errorf("%s: %s came back as %s %v", typ, types.Repr(c.v), types.Repr(back), err)
		}
	}
	broken, _ := types.Lookup("sqlite", "DATE").New(nil, map[string]any{"regexp": "("})
	if _, err := lite.Impl(broken).Bind(dt); err == nil {
		t.Error("a regexp that is none was accepted")
	}
}

// TestDecorators has the functions of a TypeDecorator around its type.
func TestDecorators(t *testing.T) {
	seen := ""
	lower := types.NewDecorator(&types.Decoration{
		Name: "Lower",
		ProcessBind: func(_ *types.Decorator, v any, dialect string) (any, error) {
			seen = dialect
			if v == nil {
				return "none", nil
			}
			return strings.ToLower(v.(string)), nil
		},
		ProcessResult: func(_ *types.Decorator, v any, dialect string) (any, error) {
			if v == nil {
				return nil, nil
			}
			return "<" + v.(string) + ">", nil
		},
	}, &types.String{Length: 20}, "")
	impl := sqlite.New().Impl(lower)
	if v, err := impl.Bind("LOUD"); v != "loud" || err != nil || seen != "sqlite" {
		t.Error(v, err, seen)
	}
	if v, err := impl.Bind(nil); v != "none" || err != nil || !impl.HandlesNull {
		t.Error(v, err)
	}
	if v, err := impl.Result("loud"); v != "<loud>" || err != nil || !impl.OnNatural {
		t.Error(v, err)
	}
	if s, err := impl.Literal("IT'S"); s != "'it''s'" || err != nil {
		t.Error(s, err)
	}
	guid := types.NewDecorator(&types.Decoration{
		Name: "GUID",
		DialectImpl: func(_ *types.Decorator, dialect string) (types.Type, error) {
			if dialect == "postgresql" {
				return types.UUID.Plain(), nil
			}
			return types.CHAR.Must(32), nil
		},
	}, types.CHAR.Plain(), "")
	for _, c := range []struct {
		d    typing
		want string
	}{{sqlite.New(), "CHAR(32)"}, {postgresql.New(), "UUID"}} {
		if got, err := c.d.TypeName(guid); got != c.want || err != nil {
			t.Error(got, err)
		}
	}
	if cast := postgresql.New().Impl(guid).BindCast; cast != "::UUID" {
		t.Error(cast)
	}
}
