package compile_test

import (
	"testing"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/types"
)

// TestAmbiguousTables: a table gets an alias beside one of its name in a schema.
func TestAmbiguousTables(t *testing.T) {
	metadata := core.NewMetaData()
	integer := &types.Integer{}
	plain := core.NewTable("t", metadata, "", core.NewColumn("id", integer))
	other := core.NewTable("t", metadata, "s", core.NewColumn("id", integer))
	on := core.Eq(plain.C("id"), other.C("id"))
	for _, c := range []struct {
		query core.Node
		want  string
	}{
		{core.NewSelect(plain, other), "SELECT t_1.id, s.t.id AS id_1 \nFROM t AS t_1, s.t"},
		{core.NewSelect(plain).SelectFrom(core.NewJoin(plain, other, on, false, false)), "SELECT t_1.id \nFROM t AS t_1 JOIN s.t ON t_1.id = s.t.id"},
		{core.NewSelect(plain), "SELECT t.id \nFROM t"},
		{core.NewSelect(other), "SELECT s.t.id \nFROM s.t"},
	} {
		got, err := compile.Compile(compile.Default(), c.query, compile.Options{})
		if err != nil || got.String() != c.want {
			t.Errorf("%q %v, want %q", got.String(), err, c.want)
		}
	}
}
