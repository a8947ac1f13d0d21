package compile_test

import (
	"fmt"
	"strings"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/types"
)

func Example() {
	users := core.NewTable("users", core.NewMetaData(), "",
		core.NewColumn("id", &types.Integer{}),
		core.NewColumn("name", &types.String{Length: 50}))
	stmt := core.NewSelect(users.C("name")).Where(core.Gt(users.C("id"), 5)).OrderBy(users.C("name"))

	compiled, err := compile.Compile(compile.Default(), stmt, compile.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.ReplaceAll(compiled.String(), " \n", "\n"))
	names, values := compiled.Defaults()
	fmt.Println(names, values)
	// Output:
	// SELECT users.name
	// FROM users
	// WHERE users.id > :id_1 ORDER BY users.name
	// [id_1] [5]
}
