package engine_test

import (
	"context"
	"fmt"
	"os"
	"regexp"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/dialect"
)

// timeless writes the echo without its times and the blanks before newlines.
type timeless struct{}

func (timeless) Write(p []byte) (int, error) {
	return os.Stdout.Write(regexp.MustCompile(`(in|since) [\d.e+-]+s| (\n)`).ReplaceAll(p, []byte("$1$2")))
}

func Example() {
	ctx := context.Background()
	o := engine.DefaultOptions()
	o.Echo, o.EchoTo = engine.EchoOn, timeless{}
	e, err := dialect.CreateEngine("sqlite://", o)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Dispose()

	users := core.NewTable("users", core.NewMetaData(), "", column("id", &types.Integer{}, true), column("name", &types.String{}, false))
	err = e.Begin(ctx, func(c *engine.Connection) error {
		if _, err := c.ExecDriverSQL(ctx, "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)", engine.Params{}); err != nil {
			return err
		}
		r, err := c.Execute(ctx, &core.Insert{Table: users}, engine.Named(map[string]any{"name": "ed"}))
		if err != nil {
			return err
		}
		key, err := r.InsertedPrimaryKey()
		if err != nil {
			return err
		}
		fmt.Println("key", key)
		r, err = c.Execute(ctx, core.NewSelect(users).Where(core.Eq(users.C("id"), int64(1))), engine.Params{})
		if err != nil {
			return err
		}
		for row, err := range r.Each() {
			if err != nil {
				return err
			}
			name, _ := row.Of(users.C("name"))
			fmt.Println(row, name)
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// BEGIN (implicit)
	// CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)
	// [raw sql] ()
	// INSERT INTO users (name) VALUES (?)
	// [generated in] ('ed',)
	// key (1,)
	// SELECT users.id, users.name
	// FROM users
	// WHERE users.id = ?
	// [generated in] (1,)
	// (1, 'ed') ed
	// COMMIT
}
