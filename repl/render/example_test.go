package render_test

import (
	"fmt"
	"os"

	"alchemysh/repl/render"
)

func ExampleWrite() {
	rows := func() render.Rows {
		return render.Of([]string{"id", "name"}, []any{int64(1), "Łódź"}, []any{int64(20), nil})
	}
	for _, format := range []string{"table", "csv", "jsonl"} {
		if _, err := render.Write(os.Stdout, rows(), format, render.Options{Null: "NULL", Border: 1}); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	//  id | name
	// ----+------
	//   1 | Łódź
	//  20 | NULL
	// (2 rows)
	// id,name
	// 1,Łódź
	// 20,
	// {"id":1,"name":"Łódź"}
	// {"id":20,"name":null}
}

func ExampleVisible() {
	fmt.Println(render.Visible("\x1b[31mred\a", false))
	// Output: \x1b[31mred\x07
}
