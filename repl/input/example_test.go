package input_test

import (
	"fmt"
	"strings"

	"alchemysh/repl/input"
)

func ExampleReader() {
	r := input.Reader{
		Syntax: input.SyntaxOf("postgresql"),
		Parse: func(text string) input.Status { // stands for a parser of Lua
			if strings.Contains(text, "=") {
				return input.Complete
			}
			return input.Invalid
		},
	}
	text := "select $$a;b$$; \\dt\nx = 5"
	for {
		item, rest, err := r.Next(text)
		if err != nil || item == nil {
			break
		}
		fmt.Printf("%d %q\n", item.Kind, item.Text)
		text = rest
	}
	_, _, err := r.Next("select (1")
	fmt.Println(err, r.Open("select (1"))
	// Output:
	// 1 "select $$a;b$$"
	// 2 "\\dt"
	// 0 "x = 5"
	// more input is wanted (
}

func ExampleParams() {
	for _, p := range input.Params("select a::text from t where id = :id and n <> ':no'", input.SyntaxOf("postgresql")) {
		fmt.Println(p.Name)
	}
	// Output: id
}
