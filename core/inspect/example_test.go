package inspect_test

import (
	"context"
	"fmt"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/inspect"
	"alchemysh/dialect"
)

func Example() {
	ctx := context.Background()
	e, err := dialect.CreateEngine("sqlite://", engine.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = e.Begin(ctx, func(c *engine.Connection) error {
		if _, err := c.ExecDriverSQL(ctx, "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL)", engine.Params{}); err != nil {
			return err
		}
		in, err := inspect.New(c)
		if err != nil {
			return err
		}
		columns, err := in.Columns(ctx, "users", "")
		if err != nil {
			return err
		}
		for _, column := range columns {
			fmt.Println(column.Name, column.Type, column.Nullable)
		}
		m := core.NewMetaData()
		if err := in.ReflectAll(ctx, m, inspect.ReflectOptions{}); err != nil {
			return err
		}
		fmt.Println(m.TableNames())
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// id INTEGER() true
	// name VARCHAR(length=50) false
	// [users]
}
