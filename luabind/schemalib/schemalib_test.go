package schemalib_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"alchemysh/luabind"
	"alchemysh/tests/servers"
)

// run runs Lua and gives what it printed.
func run(t *testing.T, url, source string) string {
	t.Helper()
	var out bytes.Buffer
	s := luabind.New(luabind.Options{Out: &out})
	defer s.Close()
	for _, text := range []string{"URL = [[" + url + "]]", source} {
		if _, err := s.Eval(context.Background(), luabind.Chunk{Name: t.Name(), Text: text}); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
	}
	return out.String()
}

const shop = `
engine = create_engine(URL)
m = MetaData()
Table("customer", m, Column("id", Integer, {primary_key = true}), Column("name", String(30), {nullable = false, unique = true}), Column("class", String(5), {server_default = "it's"}))
Table("order", m,
  Column("id", Integer, {primary_key = true}),
  Column("customer_id", ForeignKey("customer.id", {ondelete = "CASCADE"}), {nullable = false}),
  Column("price", Numeric(8, 2)), Column("at", DateTime, {server_default = func.now()}),
  Column("parent_id", Integer, ForeignKey("order.id")),
  CheckConstraint("price > 0", {name = "positive"}), Index("ix_at", "at", "price"))
Table("line", m, Column("order_id", Integer, ForeignKey("order.id"), {primary_key = true}), Column("no", Integer, {primary_key = true, autoincrement = false}), Column("text", Text))
m:create_all(engine)
`

func TestGeneratedCodeDescribesTheDatabase(t *testing.T) {
	servers.Each(t, "schemalib", func(t *testing.T, s servers.Server, url string) {
		got := run(t, url, shop+`
			assert(load(generate_code(engine)))()
			print(#metadata.tables)
			for c in metadata:diff(engine) do print(c.kind, c.table, c.column, c.name, c.old, c.new) end
			metadata:drop_all(engine)
			metadata:create_all(engine)
			for c in metadata:diff(engine) do print("again", c.kind, c.table, c.column, c.name, c.old, c.new) end
			for c in m:diff(engine) do print("first", c.kind, c.table, c.column, c.name, c.old, c.new) end
		`)
		if got != "3\n" {
			t.Error(got)
		}
	})
}

func TestGeneratedClasses(t *testing.T) {
	code := run(t, "sqlite://", shop+`print(generate_code(engine, {style = "classes"}))`)
	for _, want := range []string{
		`Customer = class("Customer", Base, {`,
		`  order_collection = relationship("Order", {back_populates = "customer"}),`,
		`  customer = relationship("Customer", {back_populates = "order_collection"}),`,
		`  parent = relationship("Order", {back_populates = "order_collection", remote_side = "{Order[\"id\"]}"}),`,
		`  class = Column(VARCHAR(5), {server_default = text("'it''s'")}),`,
	} {
		if !strings.Contains(code, want) {
			t.Errorf("no %s in\n%s", want, code)
		}
	}
}

func TestViews(t *testing.T) {
	servers.Each(t, "schemalib_views", func(t *testing.T, s servers.Server, url string) {
		got := run(t, url, shop+`
			v = CreateView(select(m.tables.customer.c.id, m.tables.customer.c.name:label("who")), "people", {metadata = m})
			m:create_all(engine)
			with(engine:begin(), function(conn)
			  conn:execute(insert(m.tables.customer):values{name = "ed"})
			  print(conn:execute(select(v.table.c.who)):all())
			  conn:execute(select(m.tables.customer.c.name):into("copy"))
			end)
			print(inspect(engine):get_view_names(), inspect(engine):has_table("copy"))
			m:drop_all(engine)
			print(inspect(engine):get_view_names(), inspect(engine):get_table_names())
		`)
		if want := "{('ed',)}\n{'people'}\ttrue\n{}\t{'copy'}\n"; got != want {
			t.Errorf("%q", got)
		}
	})
}
