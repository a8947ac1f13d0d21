// Command alchemysh is a shell that speaks SQLAlchemy.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"alchemysh/luabind"
	"alchemysh/luabind/bind"
)

func main() {
	s := luabind.New(luabind.Options{Args: os.Args[1:]})
	defer s.Close()
	for i := 1; i+1 < len(os.Args); i += 2 {
		if os.Args[i] != "-c" {
			fmt.Fprintln(os.Stderr, "usage: alchemysh -c CHUNK …")
			os.Exit(1)
		}
		if _, err := s.Eval(context.Background(), luabind.Chunk{Name: "-c", Text: os.Args[i+1]}); err != nil {
			var r *bind.Raised
			if errors.As(err, &r) {
				fmt.Fprint(os.Stderr, r.Where, ": ")
			}
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
