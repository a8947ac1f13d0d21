package types

import (
	"errors"
	"testing"

	"alchemysh/core/exc"
)

func TestAsGeneric(t *testing.T) {
	for _, c := range []struct {
		t    Type
		want string
	}{
		{Lookup("mysql", "INTEGER").Must(11), "Integer()"},
		{Lookup("mysql", "TINYINT").Must(1), "Integer()"},
		{BIGINT.Plain(), "BigInteger()"},
		{Lookup("mysql", "VARCHAR").Must(30), "String(length=30)"},
		{Lookup("mysql", "LONGTEXT").Plain(), "Text()"},
		{DECIMAL.Must(10, 2), "Numeric(precision=10, scale=2)"},
		{DOUBLEPRECISION.Plain(), "Double()"},
		{Lookup("postgresql", "TIMESTAMP").Must(true, 3), "DateTime(timezone=true)"},
		{Lookup("postgresql", "INTERVAL").Must(3), "Interval()"},
		{Lookup("postgresql", "BYTEA").Plain(), "LargeBinary()"},
		{Lookup("postgresql", "JSONB").Plain(), "JSON()"},
		{Lookup("postgresql", "ENUM").Must("a", "b"), "Enum('a', 'b')"},
		{UUID.Plain(), "Uuid()"},
		{&ARRAY{Item: BIGINT.Plain()}, "ARRAY(BigInteger())"},
	} {
		if got, err := AsGeneric(c.t); err != nil || got.String() != c.want {
			t.Errorf("%s: %v %v, want %s", c.t, got, err, c.want)
		}
	}
	if _, err := AsGeneric(Lookup("postgresql", "INET").Plain()); !errors.Is(err, exc.NotImplementedError) {
		t.Error(err)
	}
}

func TestPickles(t *testing.T) {
	impl := Default(&PickleType{})
	dt, _ := ParseDateTime("2024-01-02 03:04:05+02:00")
	for _, v := range []any{
		NewObject("a", []any{int64(1), "x", nil}), "text", 2.5, true, []any{},
		MustDecimal("1.50"), dt, dt.Date, Time{Hour: 3}, NewInterval(0, -1, 5), []byte("\x00\xff'"),
		NewObject("$decimal", "1"), NewObject("$date", "x", "$$", []any{MustDecimal("2")}), []any{dt, []byte{}},
	} {
		stored, err := impl.Bind(v)
		if err != nil {
			t.Errorf("%s: %v", Repr(v), err)
			continue
		}
		back, err := impl.Result(stored)
		if err != nil || !Equal(back, v) || KindOf(back) != KindOf(v) {
			t.Errorf("%s came back as %s %v", Repr(v), Repr(back), err)
		}
	}
}
