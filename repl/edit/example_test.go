package edit_test

import (
	"fmt"
	"strings"

	"alchemysh/repl/edit"
)

func Example() {
	m := edit.New(edit.Config{
		Whole:         func(text string) bool { return strings.HasSuffix(text, ";") },
		Continuations: func(text string) []string { return []string{"-> "} },
	})
	m.Resize(20, 10)
	m.Start("db=> ")
	for _, r := range "select 1" {
		m.Press(edit.Key(r))
	}
	m.Press(edit.Enter) // not whole: another line
	m.Press(';')
	for _, row := range m.View().Rows {
		fmt.Println(row.Width)
	}
	if m.Press(edit.Enter) == edit.Submit {
		fmt.Printf("%q\n", m.Text())
	}
	// Output:
	// 20
	// 4
	// "select 1\n;"
}
