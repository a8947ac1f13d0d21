package types

import (
	"strings"
	"testing"
)

func TestReprAndDDL(t *testing.T) {
	no := map[string]any{}
	for _, c := range []struct {
		class string
		args  []any
		named map[string]any
		repr  string
		ddl   string
	}{
		{"Integer", nil, no, "Integer()", "INTEGER"},
		{"BigInteger", nil, no, "BigInteger()", "BIGINT"},
		{"String", nil, no, "String()", "VARCHAR"},
		{"String", []any{50}, no, "String(length=50)", "VARCHAR(50)"},
		{"String", nil, map[string]any{"length": float64(50)}, "String(length=50)", "VARCHAR(50)"},
		{"String", []any{50}, map[string]any{"collation": "utf8_bin"}, "String(length=50, collation='utf8_bin')", `VARCHAR(50) COLLATE "utf8_bin"`},
		{"UnicodeText", nil, no, "UnicodeText()", "TEXT"},
		{"VARCHAR", []any{30}, no, "VARCHAR(length=30)", "VARCHAR(30)"},
		{"Numeric", []any{8, 2}, no, "Numeric(precision=8, scale=2)", "NUMERIC(8, 2)"},
		{"Numeric", []any{8, 0}, no, "Numeric(precision=8, scale=0)", "NUMERIC(8, 0)"},
		{"Numeric", []any{10, 2}, map[string]any{"asdecimal": false}, "Numeric(precision=10, scale=2, asdecimal=false)", "NUMERIC(10, 2)"},
		{"DECIMAL", []any{5}, no, "DECIMAL(precision=5)", "DECIMAL(5)"},
		{"Float", []any{53}, no, "Float(precision=53)", "FLOAT"},
		{"Double", nil, no, "Double()", "DOUBLE"},
		{"DateTime", nil, map[string]any{"timezone": true}, "DateTime(timezone=true)", "DATETIME"},
		{"Date", nil, no, "Date()", "DATE"},
		{"Interval", nil, no, "Interval()", "DATETIME"},
		{"Boolean", nil, no, "Boolean()", "BOOLEAN"},
		{"LargeBinary", []any{100}, no, "LargeBinary(length=100)", "BLOB"},
		{"PickleType", nil, no, "PickleType()", "BLOB"},
		{"JSON", nil, no, "JSON()", "JSON"},
		{"Uuid", nil, no, "Uuid()", "CHAR(32)"},
		{"Uuid", nil, map[string]any{"as_uuid": false}, "Uuid(as_uuid=false)", "CHAR(32)"},
		{"UUID", nil, no, "UUID()", "UUID"},
		{"Enum", []any{"a", "long"}, map[string]any{"name": "x"}, "Enum('a', 'long', name='x')", "VARCHAR(4)"},
		{"Enum", []any{"a"}, map[string]any{"native_enum": false, "length": 10}, "Enum('a', native_enum=false, length=10)", "VARCHAR(10)"},
		{"NullType", nil, no, "NullType()", "NULL"},
		{"ARRAY", []any{&Integer{}}, map[string]any{"dimensions": 2}, "ARRAY(Integer(), dimensions=2)", "ARRAY"},
		{"postgresql.JSONB", nil, no, "JSONB(astext_type=Text())", "JSONB"},
		{"postgresql.TIMESTAMP", nil, map[string]any{"precision": 3}, "TIMESTAMP(precision=3)", "TIMESTAMP"},
		{"postgresql.ENUM", []any{"s", "m"}, map[string]any{"name": "e"}, "ENUM('s', 'm', name='e')", "VARCHAR(1)"},
		{"postgresql.BIT", []any{8}, map[string]any{"varying": true}, "BIT(length=8, varying=true)", "BIT"},
		{"postgresql.INTEGER", nil, no, "INTEGER()", "INTEGER"},
		{"mysql.INTEGER", []any{10}, map[string]any{"unsigned": true}, "INTEGER(display_width=10, unsigned=true)", "INTEGER"},
		{"mysql.DECIMAL", []any{10, 2}, no, "DECIMAL(precision=10, scale=2)", "DECIMAL(10, 2)"},
		{"mysql.DOUBLE", nil, no, "DOUBLE(asdecimal=true)", "DOUBLE"},
		{"mysql.VARCHAR", []any{10}, map[string]any{"charset": "latin1"}, "VARCHAR(charset='latin1', length=10)", "VARCHAR(10)"},
		{"mysql.SET", []any{"x", "y"}, no, "SET('x', 'y')", "SET"},
		{"mysql.YEAR", nil, no, "YEAR()", "YEAR"},
	} {
		namespace, name, ok := strings.Cut(c.class, ".")
		if !ok {
			namespace, name = "", c.class
		}
		typ, err := Lookup(namespace, name).New(c.args, c.named)
		if err != nil {
			t.Errorf("%s: %v", c.class, err)
			continue
		}
		if got := typ.String(); got != c.repr {
			t.Errorf("repr %s, want %s", got, c.repr)
		}
		if got, err := DDL(typ); got != c.ddl || err != nil {
			t.Errorf("DDL of %s: %s %v, want %s", c.repr, got, err, c.ddl)
		}
	}
}

func TestWrongArguments(t *testing.T) {
	for _, c := range []struct {
		class string
		args  []any
		named map[string]any
		want  string
	}{
		{"String", []any{"x"}, nil, "length takes a number"},
		{"String", nil, map[string]any{"lenth": 5}, `unknown argument "lenth"; did you mean length?`},
		{"Integer", []any{5}, nil, "too many arguments"},
		{"String", []any{5}, map[string]any{"length": 5}, "given twice"},
		{"ARRAY", nil, nil, `missing argument "item_type"`},
		{"ARRAY", []any{5}, nil, "expected a type"},
		{"Enum", []any{"longer"}, map[string]any{"native_enum": false, "length": 3}, "3 < 6"},
	} {
		_, err := Lookup("", c.class).New(c.args, c.named)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s(%v, %v): %v, want %s", c.class, c.args, c.named, err, c.want)
		}
	}
}

func TestAttributes(t *testing.T) {
	typ := Lookup("", "Numeric").Must(8, 2)
	for name, want := range map[string]any{"precision": int64(8), "scale": int64(2), "asdecimal": true, "decimal_return_scale": nil} {
		if got, ok := Attr(typ, name); !ok || got != want {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	if _, ok := Attr(typ, "length"); ok {
		t.Error("Numeric has a length")
	}
	if got, _ := Attr(&Enum{Enums: []string{"a", "bcd"}}, "length"); got != int64(3) {
		t.Errorf("Enum length %v", got)
	}
	if got, _ := Attr(&Uuid{AsText: true}, "as_uuid"); got != false {
		t.Errorf("as_uuid = %v", got)
	}
}

func TestVariants(t *testing.T) {
	base := Lookup("", "String").Must(50)
	typ, err := WithVariant(base, TEXT.Plain(), "postgresql", "sqlite")
	if err != nil {
		t.Fatal(err)
	}
	if got := Variant(typ, "postgresql").Name(); got != "TEXT" {
		t.Error(got)
	}
	if got := Variant(typ, "mysql"); got != typ {
		t.Error(got)
	}
	if typ.String() != base.String() || typ.Key() == base.Key() {
		t.Error(typ.String(), typ.Key())
	}
	if _, err := WithVariant(typ, TEXT.Plain(), "sqlite"); err == nil {
		t.Error("a second variant for sqlite was accepted")
	}
	if len(variantsOf(base)) != 0 {
		t.Error("the original changed")
	}
}

func TestEvaluatesNone(t *testing.T) {
	for _, c := range []struct {
		t    Type
		want bool
	}{
		{&JSON{}, true},
		{&JSON{NoneAsNull: true}, false},
		{&String{}, false},
		{NewDecorator(&Decoration{Name: "D"}, &JSON{}, ""), true},
	} {
		if got := EvaluatesNone(c.t); got != c.want {
			t.Errorf("%s: %v", c.t, got)
		}
	}
}
