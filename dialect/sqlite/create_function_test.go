package sqlite_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/dialect/sqlite"
)

type joined struct{ parts []string }

func (j *joined) Step(args []driver.Value) error {
	if args[0] == nil {
		return errors.New("no NULLs please")
	}
	j.parts = append(j.parts, fmt.Sprint(args[0]))
	return nil
}

func (j *joined) Final() (driver.Value, error) { return strings.Join(j.parts, "+"), nil }

func TestFunctions(t *testing.T) {
	d := sqlite.New()
	u, err := engine.ParseURL("sqlite://")
	if err != nil {
		t.Fatal(err)
	}
	c, err := dbapi.Connect(context.Background(), nil, d, u, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	maker := engine.FunctionMaker(d)
	must(maker.CreateFunction(c, "same", -1, true, func(args []driver.Value) (driver.Value, error) { return args[0], nil }))
	must(maker.CreateFunction(c, "kinds", -1, false, func(args []driver.Value) (driver.Value, error) {
		var out []string
		for _, a := range args {
			out = append(out, fmt.Sprintf("%T", a))
		}
		return strings.Join(out, " "), nil
	}))
	must(maker.CreateFunction(c, "broken", 0, false, func([]driver.Value) (driver.Value, error) { return nil, errors.New("out of order") }))
	must(maker.CreateAggregate(c, "joined", 1, func() (engine.Aggregate, error) { return &joined{}, nil }))
	must(maker.CreateCollation(c, "backwards", func(a, b string) int { return strings.Compare(b, a) }))

	for _, tt := range []struct {
		sql  string
		want any
	}{
		{"SELECT same(9223372036854775807)", int64(9223372036854775807)},
		{"SELECT same(1.5)", 1.5},
		{"SELECT 'abc' REGEXP 'B|c'", int64(1)},
		{"SELECT 'abc' REGEXP '^b'", int64(0)},
		{"SELECT 'abcabc' REGEXP '^(?P<x>abc)\\1$'", int64(1)},
		{"SELECT NULL REGEXP 'b'", nil},
		{"SELECT 'abc' REGEXP '('", errors.New("REGEXP: error parsing")},
		{"SELECT floor(-2.5)", int64(-3)},
		{"SELECT floor(7)", int64(7)},
		{"SELECT same(NULL)", nil},
		{"SELECT same('grüß')", "grüß"},
		{"SELECT same('')", ""},
		{"SELECT hex(same('a' || char(0) || 'b'))", "610062"},
		{"SELECT hex(same(x'00ff'))", "00FF"},
		{"SELECT typeof(same(x''))", "blob"},
		{"SELECT kinds(1, 1.0, 'a', x'00', NULL)", "int64 float64 string []uint8 <nil>"},
		{"SELECT broken()", errors.New("out of order")},
		{"SELECT joined(x) FROM (SELECT 1 AS x UNION ALL SELECT 2)", "1+2"},
		{"SELECT joined(x) FROM (SELECT 1 AS x) WHERE x > 1", ""},
		{"SELECT joined(NULL)", errors.New("no NULLs please")},
		{"SELECT group_concat(j, ';') FROM (SELECT joined(x) AS j FROM (SELECT 1 AS x, 1 AS g UNION ALL SELECT 2, 1 UNION ALL SELECT 3, 2) GROUP BY g)", "1+2;3"},
		{"SELECT group_concat(x, '') FROM (SELECT x FROM (SELECT 'a' AS x UNION SELECT 'c' UNION SELECT 'b') ORDER BY x COLLATE backwards)", "cba"},
	} {
		cur := dbapi.NewCursor(c)
		err := cur.Execute(context.Background(), tt.sql, dbapi.Params{})
		if want, failing := tt.want.(error); failing {
			if err == nil || !strings.Contains(err.Error(), want.Error()) {
				t.Errorf("%s: got error %v, want %v", tt.sql, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.sql, err)
			continue
		}
		row, _, err := cur.FetchOne()
		if err != nil || !reflect.DeepEqual(row.At(0), tt.want) {
			t.Errorf("%s: got %#v, %v, want %#v", tt.sql, row.At(0), err, tt.want)
		}
	}

	must(maker.CreateFunction(c, "same", -1, true, nil))
	if err := dbapi.NewCursor(c).Execute(context.Background(), "SELECT same(1)", dbapi.Params{}); err == nil {
		t.Error("a removed function still answers")
	}
}
