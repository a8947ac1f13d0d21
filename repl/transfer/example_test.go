package transfer_test

import (
	"fmt"
	"strings"

	"alchemysh/repl/transfer"
)

func ExampleReader() {
	file := strings.NewReader("code,n\n007,1\n,\"\"\n")
	r, err := transfer.NewReader(file, transfer.Options{Format: "csv", Header: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	kinds, _ := r.Infer(2) // the file is short and has been read
	fmt.Println(r.Columns(), kinds)
	for {
		row, line, err := r.Next(r.Columns())
		if err != nil {
			break
		}
		fmt.Printf("%d %q\n", line, row)
	}
	// Output:
	// [code n] [text text]
	// 2 ["007" "1"]
	// 3 [<nil> ""]
}
