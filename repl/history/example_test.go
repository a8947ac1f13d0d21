package history_test

import (
	"fmt"

	"alchemysh/repl/history"
)

func Example() {
	h, err := history.Open("") // in memory
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{"select 1;", "select 1;", "alter user ed password 'secret';", "x = 1"} {
		if err := h.Add(text); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Printf("%q\n", h.Entries())
	// Output: ["select 1;" "x = 1"]
}
