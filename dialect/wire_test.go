package dialect_test

import (
	"strings"
	"testing"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/types"
)

// TestParametersOnTheWire runs expressions of nothing but parameters, to which
// drivers that interpolate literals, as psycopg2 and PyMySQL do, give a type by
// the way they write them.
func TestParametersOnTheWire(t *testing.T) {
	all := databases(t)
	lit := func(v any) core.Expr { return core.Literal(v, types.Of(v)) }
	op := func(o *core.Operator, a, b any) core.Expr { return core.Operate(o, lit(a), b) }
	dt, _ := types.ParseDateTime("2024-02-29 13:05:07.5")
	date := types.Date{Year: 2024, Month: 2, Day: 29}
	dec := types.MustDecimal
	call := func(name string, args ...any) core.Expr { return core.NewFunc(nil, name, nil, args...) }
	for _, c := range []struct {
		what string
		e    core.Expr
		want string
		on   string
	}{
		{"int", lit(int64(5)), "5", ""},
		{"big int", lit(int64(1 << 40)), "1099511627776", ""},
		{"float", lit(2.5), "2.5", ""},
		{"text", lit("a"), "'a'", ""},
		{"bool", lit(true), "true", ""},
		{"decimal", lit(dec("1.50")), "decimal('1.50')", "postgresql mysql"},
		{"datetime", lit(dt), types.Repr(dt), "sqlite postgresql"},
		{"date", lit(date), types.Repr(date), "sqlite postgresql"},
		{"date, which is text", lit(date), "'2024-02-29'", "mysql"},
		{"time", lit(dt.Time), types.Repr(dt.Time), ""},
		{"interval", lit(types.NewInterval(1, 5, 0)), "interval{days = 1, seconds = 5}", ""},
		{"int + int", op(core.AddOp, int64(1), int64(2)), "3", ""},
		{"int / int", op(core.DivOp, int64(7), int64(2)), "decimal('3.5000000000000000')", "postgresql"},
		{"int % int", op(core.ModOp, int64(7), int64(2)), "1", ""},
		{"decimal * decimal", op(core.MulOp, dec("0.1"), dec("3")), "decimal('0.3')", "postgresql mysql"},
		{"-decimal * int", op(core.MulOp, dec("-0.10"), int64(3)), "decimal('-0.30')", "postgresql mysql"},
		{"float + int", op(core.AddOp, 2.5, int64(1)), "3.5", ""},
		{"text || text", op(core.ConcatOp, "a", "b"), "'ab'", ""},
		{"datetime - interval", op(core.SubOp, dt, types.NewInterval(1, 0, 0)), "datetime(2024, 2, 28, 13, 5, 7, 500000)", "postgresql"},
		{"datetime - datetime", op(core.SubOp, dt, dt), "interval{}", "postgresql"},
		{"date + int", op(core.AddOp, date, int64(1)), "date(2024, 3, 1)", "postgresql"},
		{"int = int", core.Compare(core.EqOp, lit(int64(1)), lit(int64(1))), "true", ""},
		{"text = text", core.Compare(core.EqOp, lit("a"), lit("b")), "false", ""},
		{"round", call("round", dec("2.567"), int64(2)), "decimal('2.57')", "postgresql mysql"},
		{"substr", call("substr", "abc", int64(2)), "'bc'", ""},
		{"lower", call("lower", "ABC"), "'abc'", ""},
		{"coalesce", call("coalesce", nil, "x"), "'x'", ""},
		{"concat", call("concat", "a", "b"), "'ab'", "postgresql mysql"},
		{"now", call("now"), "", "postgresql mysql"},
		{"date_trunc", call("date_trunc", "month", dt), "datetime(2024, 2, 1, 0, 0)", "postgresql"},
		{"to_char", call("to_char", dt, "YYYY"), "'2024'", "postgresql"},
		{"array_length", call("array_length", core.Literal([]any{int64(4), int64(5)}, &types.ARRAY{Item: &types.Integer{}}), int64(1)), "2", "postgresql"},
		{"jsonb -> text", core.Item(core.Literal(types.NewObject("a", []any{int64(1), "x"}), types.Lookup("postgresql", "JSONB").Plain()), "a"), "{1, 'x'}", "postgresql"},
		{"jsonb -> int", core.Item(core.Literal([]any{int64(1), "x"}, types.Lookup("postgresql", "JSONB").Plain()), int64(1)), "'x'", "postgresql"},
		{"jsonb #> path", core.Item(core.Literal([]any{int64(1), types.NewObject("x", 2.5)}, types.Lookup("postgresql", "JSONB").Plain()), []any{int64(1), "x"}), "2.5", "postgresql"},
		{"concat_ws", call("concat_ws", ",", "a", int64(1), nil), "'a,1'", "postgresql"},
		{"format", call("format", "%s-%s", "a", true), "'a-t'", "postgresql"},
		{"extract", &core.Extract{Field: "year", X: lit(dt)}, "decimal('2024')", "postgresql"},
		{"sum of big integers", core.NewFunc(nil, "sum", types.BigInteger.Plain(), core.Literal(int64(1<<40), types.BigInteger.Plain())), "decimal('1099511627776')", "postgresql mysql"},
		{"numeric + float", op(core.AddOp, dec("1.5"), core.Literal(2.5, &types.Float{})), "4", ""},
		{"now with its zone", core.NewFunc(nil, "now", &types.DateTimeType{}), "", "postgresql mysql"},
		{"cast", &core.Cast{X: lit("15"), Type: &types.Integer{}}, "15", ""},
		{"untyped int", core.Literal(int64(5), &types.NullType{}), "5", ""},
		{"untyped big int", core.Literal(int64(1<<40), &types.NullType{}), "1099511627776", ""},
		{"untyped float", core.Literal(2.5, &types.NullType{}), "decimal('2.5')", "postgresql"},
		{"untyped bool", core.Literal(true, &types.NullType{}), "true", "postgresql"},
		{"untyped date", core.Literal(date, &types.NullType{}), "date(2024, 2, 29)", "postgresql"},
		{"untyped text", core.Literal("x", &types.NullType{}), "'x'", ""},
		{"untyped list", core.Literal([]any{int64(1), nil}, &types.NullType{}), "{1, null}", "postgresql"},
		{"untyped texts", core.Literal([]any{"a,", "b"}, &types.NullType{}), "{'a,', 'b'}", "postgresql"},
		{"an Integer of 64 bits", core.Literal(int64(1<<40), &types.Integer{}), "1099511627776", ""},
		{"a pattern", core.Compare(core.RegexpMatchOp, lit("abc"), lit("^a.c$")), "true", ""},
		{"not a pattern", core.Compare(core.NotRegexpMatchOp, lit("abc"), lit("^b")), "true", ""},
		{"floor", call("floor", -2.5), "-3", "sqlite"},
		{"json_build_object", call("json_build_object", "a", int64(1)), "{a = 1}", "postgresql"},
	} {
		for _, s := range all {
			if c.on != "" && !strings.Contains(c.on, s.name) {
				continue
			}
			got, err := s.conn.Scalar(ctx, core.NewSelect(c.e), engine.Params{})
			if err = s.end(err); err != nil || c.want != "" && types.Repr(got) != c.want {
				t.Errorf("%s on %s: %s %v, want %s", c.what, s.name, types.Repr(got), err, c.want)
			}
		}
	}
}
