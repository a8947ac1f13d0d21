package tolua_test

import (
	"fmt"
	"testing"

	"alchemysh/repl/input"
	"alchemysh/repl/tolua"
)

func ExampleSelect() {
	code, err := tolua.Select("select name, count(*) as n from users u where u.age >= 18 and name like 'a%' group by name order by n desc limit 3",
		tolua.Options{Columns: map[string][]string{"users": {"id", "name", "age"}}})
	if err != nil {
		panic(err)
	}
	fmt.Print(code)
	// Output:
	// u = metadata.tables.users:alias("u")
	//
	// select(u.c.name, func.count():label("n"))
	//   :where(u.c.age >= 18, u.c.name:like("a%"))
	//   :group_by(u.c.name)
	//   :order_by(literal_column("n"):desc())
	//   :limit(3)
}

// FuzzSelect: whatever the text, there is code or an error that says why not.
func FuzzSelect(f *testing.F) {
	for _, seed := range []string{"select 1", "select a.b from c as a join d using (e)", "with x as (select 1) select * from x", "select case when 1", "select (((", "select a in (", "select 'x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		code, err := tolua.Select(sql, tolua.Options{Syntax: input.SyntaxOf("postgresql"), Columns: map[string][]string{"c": {"b", "e"}}})
		if (code == "") == (err == nil) {
			t.Errorf("%q: %q %v", sql, code, err)
		}
	})
}
