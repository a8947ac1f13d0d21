package diagram_test

import (
	"fmt"

	"alchemysh/core"
	"alchemysh/core/diagram"
	"alchemysh/core/types"
)

func ExampleDraw() {
	column := func(name string, t types.Type, edit func(*core.ColumnSchema)) *core.Column {
		c := core.NewColumn(name, t)
		c.Schema = core.NewColumnSchema()
		edit(c.Schema)
		return c
	}
	m := core.NewMetaData()
	core.NewTable("users", m, "",
		column("id", &types.Integer{}, func(s *core.ColumnSchema) { s.PrimaryKey = true }),
		column("name", &types.String{Length: 50}, func(s *core.ColumnSchema) { s.Nullable = false }))
	core.NewTable("addresses", m, "",
		column("id", &types.Integer{}, func(s *core.ColumnSchema) { s.PrimaryKey = true }),
		column("user_id", &types.Integer{}, func(s *core.ColumnSchema) { s.ForeignKeys = []*core.ForeignKey{{Target: "users.id"}} }))
	for _, format := range []string{"mermaid", "text"} {
		drawn, err := diagram.Draw(m, format)
		if err != nil {
			fmt.Println(err)
		}
		fmt.Print(drawn)
	}
	// Output:
	// erDiagram
	//     users {
	//         Integer id PK
	//         String name
	//     }
	//     addresses {
	//         Integer id PK
	//         Integer user_id FK
	//     }
	//     users |o--o{ addresses : "user_id"
	// users
	//   id    Integer not null PK
	//   name  String(50) not null
	//
	// addresses
	//   id       Integer not null PK
	//   user_id  Integer FK
	//   user_id -> users
}
