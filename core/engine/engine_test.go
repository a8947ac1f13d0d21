package engine_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/dialect/sqlite"
)

var ctx = context.Background()

// echoed is an engine on SQLite in memory whose echo is kept.
type echoed struct {
	*engine.Engine
	out bytes.Buffer
	t   *testing.T
}

func memory(t *testing.T, change ...func(*engine.Options)) *echoed {
	t.Helper()
	u, err := engine.ParseURL("sqlite://")
	if err != nil {
		t.Fatal(err)
	}
	e := &echoed{t: t}
	o := engine.DefaultOptions()
	o.EchoTo = &e.out
	for _, f := range change {
		f(&o)
	}
	if e.Engine, err = engine.New(u, sqlite.New(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Dispose() })
	return e
}

var took = regexp.MustCompile(`\[(generated in|cached since|no key) [\d.e+-]+s( ago)?`)

// wants compares what was echoed since the last call.
func (e *echoed) wants(want string) {
	e.t.Helper()
	got := took.ReplaceAllString(e.out.String(), "[$1 <t>s$2")
	e.out.Reset()
	if got != strings.TrimLeft(want, "\n") {
		e.t.Errorf("echo:\n%s\nwant:\n%s", got, strings.TrimLeft(want, "\n"))
	}
}

func (e *echoed) connect() *engine.Connection {
	e.t.Helper()
	c, err := e.Connect(ctx)
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { _ = c.Close(ctx) })
	return c
}

func column(name string, t types.Type, pk bool) *core.Column {
	c := core.NewColumn(name, t)
	c.Schema = core.NewColumnSchema()
	c.Schema.PrimaryKey = pk
	return c
}

// members is a table with rows in a new database.
func members(t *testing.T, change ...func(*engine.Options)) (*echoed, *core.Table) {
	t.Helper()
	e := memory(t, change...)
	tbl := core.NewTable("member", core.NewMetaData(), "", column("id", &types.Integer{}, true), column("name", &types.String{}, false))
	err := e.Begin(ctx, func(c *engine.Connection) error {
		if _, err := c.ExecDriverSQL(ctx, "CREATE TABLE member (id INTEGER PRIMARY KEY, name VARCHAR UNIQUE)", engine.Params{}); err != nil {
			return err
		}
		_, err := c.Execute(ctx, &core.Insert{Table: tbl}, engine.NamedMany([]map[string]any{{"name": "Ada"}, {"name": "Bob"}}))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e, tbl
}

func TestSelect(t *testing.T) {
	e, tbl := members(t)
	e.SetEcho(engine.EchoOn)
	c := e.connect()
	r, err := c.Execute(ctx, core.NewSelect(tbl).OrderBy(tbl.C("id")), engine.Params{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := r.All()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0].String() != "(1, 'Ada')" || rows[1].String() != "(2, 'Bob')" {
		t.Errorf("rows = %v", rows)
	}
	if v, err := rows[1].Of(tbl.C("name")); v != "Bob" || err != nil {
		t.Errorf("by column: %v, %v", v, err)
	}
	if err := c.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	e.wants(`
BEGIN (implicit)
SELECT member.id, member.name 
FROM member ORDER BY member.id
[generated in <t>s] ()
COMMIT
`)
}
