package core_test

import (
	"fmt"

	"alchemysh/core"
	"alchemysh/core/types"
)

// A statement derived twice shares nothing that could change.
func ExampleSelect() {
	users := core.NewTable("users", core.NewMetaData(), "", core.NewColumn("id", &types.Integer{}))
	all := core.NewSelect(users)
	first := all.Where(core.Eq(users.C("id"), 1))
	second := all.Where(core.Eq(users.C("id"), 2))
	fmt.Println(len(all.Criteria), len(first.Criteria), len(second.Criteria))

	// Both have the same structure, so they compile to the same SQL …
	a, binds, _ := core.Key(first)
	b, _, _ := core.Key(second)
	fmt.Println(a == b, binds[0].Value)
	// Output:
	// 0 1 1
	// true 1
}
