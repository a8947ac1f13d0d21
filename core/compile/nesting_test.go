package compile_test

import (
	"strings"
	"testing"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// TestNesting: a stack that overflows ends the process, so what is nested without
// end is an error for whatever goes through it.
func TestNesting(t *testing.T) {
	nested := func(levels int) core.Expr {
		var e core.Expr = core.NewColumn("x", &types.Integer{})
		for range levels {
			e = &core.Cast{X: e, Type: &types.Integer{}}
		}
		return e
	}
	leave := func(core.Node) core.Node { return nil }
	for _, through := range []struct {
		name string
		run  func(core.Expr)
	}{
		{"compile", func(e core.Expr) {
			if _, err := compile.Compile(compile.Default(), e, compile.Options{}); err != nil {
				panic(err)
			}
		}},
		{"walk", func(e core.Expr) { core.Walk(e, func(core.Node) bool { return true }) }},
		{"replace", func(e core.Expr) { core.Replace(e, leave) }},
		{"key", func(e core.Expr) { core.Key(e) }},
	} {
		try := func(levels int) (err error) {
			defer exc.Catch(&err)
			through.run(nested(levels))
			return nil
		}
		if err := try(core.DeepestNesting / 2); err != nil {
			t.Errorf("%s: %v", through.name, err)
		}
		if err := try(3 * core.DeepestNesting); err == nil || !strings.Contains(err.Error(), "nested more than") {
			t.Errorf("%s of what is too deep: %v", through.name, err)
		}
	}
}
