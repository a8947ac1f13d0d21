package compile_test

import (
	"testing"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/types"
)

// TestTypeExpressions has the SQL that a type puts around its parameters and,
// where rows are read, around its columns.
func TestTypeExpressions(t *testing.T) {
	call := func(name string) func(*types.Decorator, any) (any, error) {
		return func(_ *types.Decorator, x any) (any, error) { return core.NewFunc(nil, name, nil, x), nil }
	}
	up := types.NewDecorator(&types.Decoration{Name: "Up", BindExpression: call("upper"), ColumnExpression: call("lower")}, &types.String{}, "")
	tbl := core.NewTable("t", core.NewMetaData(), "", core.NewColumn("x", up))
	x := tbl.C("x")
	for _, c := range []struct {
		what string
		s    core.Node
		want string
	}{
		{"insert", (&core.Insert{Table: tbl}).Change(func(s *core.Insert) { s.Values = []core.Assignment{core.Assign(nil, "x", "a")} }), "INSERT INTO t (x) VALUES (upper(:x))"},
		{"select", core.NewSelect(x).Where(core.Compare(core.EqOp, x, "q")), "SELECT lower(t.x) AS x \nFROM t \nWHERE t.x = upper(:x_1)"},
		{"label", core.NewSelect(core.NewLabel(x, "y")), "SELECT lower(t.x) AS y \nFROM t"},
		{"an order by it", core.NewSelect(x).OrderBy(x), "SELECT lower(t.x) AS x \nFROM t ORDER BY t.x"},
	} {
		compiled, err := compile.Compile(compile.Default(), c.s, compile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := compiled.String(); got != c.want {
			t.Errorf("%s:\n%s\nwant:\n%s", c.what, got, c.want)
		}
	}
}
