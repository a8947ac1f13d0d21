package dialect_test

import (
	"fmt"
	"strings"
	"testing"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/types"
)

// TestPlaceholders runs what a driver that writes literals has no difficulty
// with, and a server that is sent placeholders has: equal expressions of one
// query must have the same ones, and some places take none.
func TestPlaceholders(t *testing.T) {
	all := databases(t)
	table := core.NewTable("grouped", core.NewMetaData(), "", core.NewColumn("a", &types.Integer{}), core.NewColumn("s", &types.String{Length: 10}))
	a, s := table.C("a"), table.C("s")
	plus := func(n int64) core.Expr { return core.Operate(core.AddOp, a, n) }
	or := func(v string) core.Expr { return core.NewFunc(nil, "coalesce", nil, s, v) }
	size := func(last string) core.Expr {
		return core.NewCase(nil, [][2]any{{core.In(a, []any{int64(1), int64(2)}, false), "small"}}, last, true)
	}
	count := core.NewFunc(nil, "count", &types.Integer{}, a)
	before, current := int64(-1), int64(0)
	window := &core.Over{X: core.NewFunc(nil, "max", &types.Integer{}, a), OrderBy: []core.Expr{a}, Frame: core.Frame{Unit: "ROWS", Start: &before, End: &current}}
	window.StartBind = core.Literal(int64(1), &types.Integer{})
	for _, c := range []struct {
		what string
		s    *core.Select
		want string
		on   string
	}{
		{"arithmetic", core.NewSelect(plus(1), count).GroupBy(plus(1)).OrderBy(plus(1)), "(2, 2) (3, 1) (8, 1)", ""},
		{"other values", core.NewSelect(core.NewFunc(nil, "max", nil, plus(5)), count).GroupBy(plus(1)).OrderBy(plus(1)), "(6, 2) (7, 1) (12, 1)", ""},
		{"a function", core.NewSelect(or("none"), count).GroupBy(or("none")).OrderBy(core.Desc(or("none"))), "('y', 2) ('x', 1) ('none', 1)", ""},
		{"a part of a column", core.NewSelect(core.Operate(core.MulOp, plus(1), int64(10))).GroupBy(plus(1)).OrderBy(plus(1)), "(20,) (30,) (80,)", ""},
		{"CASE and IN", core.NewSelect(size("big"), count).GroupBy(size("big")).OrderBy(size("big")), "('big', 1) ('small', 3)", ""},
		{"DISTINCT", core.NewSelect(or("none")).Distinct().OrderBy(or("none")), "('none',) ('x',) ('y',)", ""},
		{"DISTINCT ON", core.NewSelect(a).Distinct(or("none")).OrderBy(or("none"), a), "(7,) (1,) (1,)", "postgresql"},
		{"HAVING", core.NewSelect(plus(1), count).GroupBy(plus(1)).Having(core.Gt(plus(1), int64(2))).OrderBy(plus(1)), "(3, 1) (8, 1)", "sqlite postgresql"},
		{"a window's frame", core.NewSelect(window).OrderBy(a, s), "(1,) (1,) (2,) (7,)", ""},
		{"a separator", core.NewSelect(core.NewFunc(nil, "aggregate_strings", nil, s, `';\`)), `("x';\\y';\\y",)`, ""},
	} {
		for _, on := range all {
			if c.on != "" && !strings.Contains(c.on, on.name) {
				continue
			}
			t.Run(c.what+"/"+on.name, func(t *testing.T) {
				_ = on.exec("DROP TABLE IF EXISTS grouped")
				for _, q := range []string{"CREATE TABLE grouped (a INTEGER, s VARCHAR(10))", "INSERT INTO grouped VALUES (1, 'x'), (1, 'y'), (2, 'y'), (7, NULL)"} {
					if err := on.exec(q); err != nil {
						t.Fatal(err)
					}
				}
				r, err := on.conn.Execute(ctx, c.s, engine.Params{})
				if err != nil {
					t.Fatal(err)
				}
				rows, err := r.All()
				if err = on.end(err); err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, row := range rows {
					got = append(got, fmt.Sprint(row))
				}
				if g := strings.Join(got, " "); g != c.want {
					t.Errorf("%s\nwant %s", g, c.want)
				}
			})
		}
	}
}
