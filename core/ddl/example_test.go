package ddl_test

import (
	"fmt"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/types"
	"alchemysh/dialect/mysql"
	"alchemysh/dialect/postgresql"
)

// A schema is written once; each database says it in its own way.
func Example() {
	m := core.NewMetaData()
	users := core.NewTable("user", m, "",
		column("id", &types.Integer{}, key),
		column("name", &types.String{Length: 50}, notNull, index))
	for _, d := range []compile.Dialect{postgresql.New(), mysql.New("mysql")} {
		for _, s := range []core.DDLStatement{&core.CreateTable{Table: users}, &core.CreateIndex{Index: users.Indexes[0]}} {
			c, err := compile.Compile(d, s, compile.Options{})
			if err != nil {
				fmt.Println(err)
				continue
			}
			fmt.Printf("%q\n", c.String())
		}
	}
	// Output:
	// "\nCREATE TABLE \"user\" (\n\tid SERIAL NOT NULL, \n\tname VARCHAR(50) NOT NULL, \n\tPRIMARY KEY (id)\n)\n\n"
	// "CREATE INDEX ix_user_name ON \"user\" (name)"
	// "\nCREATE TABLE user (\n\tid INTEGER NOT NULL AUTO_INCREMENT, \n\tname VARCHAR(50) NOT NULL, \n\tPRIMARY KEY (id)\n)\n\n"
	// "CREATE INDEX ix_user_name ON user (name)"
}
