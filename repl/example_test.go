package repl_test

import (
	"context"
	"fmt"
	"os"

	"alchemysh/dialect"
	"alchemysh/repl"
	"alchemysh/repl/database"
)

func Example() {
	ctx := context.Background()
	engine, err := dialect.CreateEngine("sqlite://", database.Options(database.Settings{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	db, err := database.Connect(ctx, engine, database.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	sh := repl.New(repl.Config{Lua: &calculator{}, DB: db, Out: os.Stdout, Err: os.Stdout})
	err = sh.Run(ctx, "x = 2\n\\pset format csv\nselect :x + 40 as answer;\nselect * from nowhere;", repl.Source{Name: "-c"})
	fmt.Println(repl.Describe(err), repl.Status(err))
	if err := sh.Leave(ctx); err != nil {
		fmt.Println(err)
	}
	// Output:
	// answer
	// 42
	// OperationalError: no such table: nowhere
	// [SQL: select * from nowhere] 3
}
