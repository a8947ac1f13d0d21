package compile_test

import (
	"testing"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/types"
)

func users() (*core.Table, *core.Table) {
	m := core.NewMetaData()
	pk := func(name string) *core.Column {
		c := core.NewColumn(name, &types.Integer{})
		c.Schema = core.NewColumnSchema()
		c.Schema.PrimaryKey, c.Schema.Nullable = true, false
		return c
	}
	col := func(name string, t types.Type) *core.Column {
		c := core.NewColumn(name, t)
		c.Schema = core.NewColumnSchema()
		return c
	}
	u := core.NewTable("users", m, "", pk("id"), col("name", &types.String{}), col("ok", &types.Boolean{}))
	uid := col("user_id", &types.Integer{})
	uid.Schema.ForeignKeys = []*core.ForeignKey{{Target: "users.id"}}
	a := core.NewTable("addresses", m, "", pk("id"), uid, col("email", &types.String{}))
	return u, a
}

func TestStatements(t *testing.T) {
	u, a := users()
	id, name := u.C("id"), u.C("name")
	for _, test := range []struct {
		name string
		node core.Node
		want string
	}{
		{"all columns", core.NewSelect(u), "SELECT users.id, users.name, users.ok \nFROM users"},
		{"where", core.NewSelect(id).Where(core.Eq(name, "x"), core.Gt(id, 5)), "SELECT users.id \nFROM users \nWHERE users.name = :name_1 AND users.id > :id_1"},
		{"same names", core.NewSelect(id, a.C("id")), "SELECT users.id, addresses.id AS id_1 \nFROM users, addresses"},
		{"boolean column", core.NewSelect(id).Where(u.C("ok")), "SELECT users.id \nFROM users \nWHERE users.ok"},
		{"not", core.NewSelect(id).Where(core.Not(core.Or(core.Eq(id, 1), core.Eq(name, nil)))), "SELECT users.id \nFROM users \nWHERE NOT (users.id = :id_1 OR users.name IS NULL)"},
		{"join", core.NewSelect(name).Join(core.JoinStep{Target: a}), "SELECT users.name \nFROM users JOIN addresses ON users.id = addresses.user_id"},
		{"subquery", core.NewSelect(core.NewSubquery(core.NewSelect(core.Add(id, 1)), "")), "SELECT anon_2.anon_1 \nFROM (SELECT users.id + :id_1 AS anon_1 \nFROM users) AS anon_2"},
		{"label", core.NewSelect(core.NewLabel(core.Concat(name, "!"), "n")), "SELECT users.name || :name_1 AS n \nFROM users"},
		{"insert", (&core.Insert{Table: u}).Change(func(s *core.Insert) { s.Values = []core.Assignment{core.Assign(nil, "name", "x")} }), "INSERT INTO users (name) VALUES (:name)"},
		{"insert bare", &core.Insert{Table: u}, "INSERT INTO users (id, name, ok) VALUES (:id, :name, :ok)"},
		{"update", &core.Update{Table: u, Values: []core.Assignment{core.Assign(name, "name", "x")}, Criteria: []core.Expr{core.Eq(id, 1)}}, "UPDATE users SET name=:name WHERE users.id = :id_1"},
		{"delete", &core.Delete{Table: u, Criteria: []core.Expr{core.In(id, []any{1, 2}, true)}}, "DELETE FROM users WHERE (users.id NOT IN (__[POSTCOMPILE_id_1]))"},
		{"cte", func() core.Node {
			c := core.NewCTE(core.NewSelect(id), "c", false, false)
			col, _ := c.Columns().Get("id")
			return core.NewSelect(col)
		}(), "WITH c AS \n(SELECT users.id AS id \nFROM users)\n SELECT c.id \nFROM c"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := compile.Compile(compile.Default(), test.node, compile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
