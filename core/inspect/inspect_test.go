package inspect_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/ddl"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/tests/servers"
)

var ctx = context.Background()

func column(name string, t types.Type, edit ...func(*core.ColumnSchema)) *core.Column {
	c := core.NewColumn(name, t)
	c.Schema = core.NewColumnSchema()
	for _, e := range edit {
		e(c.Schema)
	}
	return c
}

func key(s *core.ColumnSchema)     { s.PrimaryKey = true }
func notNull(s *core.ColumnSchema) { s.Nullable = false }
func unique(s *core.ColumnSchema)  { s.Unique = true }

func named(n string) core.ConstraintOptions { return core.ConstraintOptions{Name: n} }

// library is the schema of the corpus.
func library() *core.MetaData {
	m := core.NewMetaData()
	core.NewTable("publisher", m, "",
		column("id", &types.Integer{}, key),
		column("name", types.VARCHAR.Must(40), notNull, unique),
		column("city", types.VARCHAR.Must(30), func(s *core.ColumnSchema) { s.ServerDefault = &core.Default{Text: "Paris", HasText: true} }))
	core.NewTable("writer", m, "", column("first", types.VARCHAR.Must(20), key), column("last", types.VARCHAR.Must(20), key), column("born", &types.Integer{}))
	core.NewTable("title", m, "",
		column("id", &types.Integer{}, key),
		column("publisher_id", &types.Integer{}, notNull, func(s *core.ColumnSchema) {
			s.ForeignKeys = []*core.ForeignKey{{Target: "publisher.id", Options: named("fk_title_publisher"), OnDelete: "CASCADE"}}
		}),
		column("w_first", types.VARCHAR.Must(20)), column("w_last", types.VARCHAR.Must(20)),
		column("name", types.VARCHAR.Must(60), notNull),
		column("price", types.NUMERIC.Must(8, 2)),
		column("printed", types.DATE.Plain()),
		&core.ForeignKeyConstraint{ConstraintOptions: named("fk_title_writer"), ColumnSet: core.ColumnSet{Pending: []any{"w_first", "w_last"}}, RefColumns: []any{"writer.first", "writer.last"}},
		&core.UniqueConstraint{ConstraintOptions: named("uq_title_name"), ColumnSet: core.ColumnSet{Pending: []any{"name", "publisher_id"}}},
		&core.CheckConstraint{ConstraintOptions: named("ck_title_price"), X: &core.Text{SQL: "price >= 0"}},
		core.NewIndex("ix_title_printed", false, "printed"))
	return m
}

func begin(t *testing.T, url string, f func(*engine.Connection)) *engine.Engine {
	t.Helper()
	e, err := dialect.CreateEngine(url, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Dispose() })
	if err := e.Begin(ctx, func(c *engine.Connection) error { f(c); return nil }); err != nil {
		t.Fatal(err)
	}
	return e
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// answers spells all that the inspector tells of the library.
func answers(t *testing.T, in *inspect.Inspector) string {
	t.Helper()
	var b strings.Builder
	tables := must[[]string](t)(in.TableNames(ctx, ""))
	slices.Sort(tables) // PostgreSQL has them in the order of its catalogue
	fmt.Fprintln(&b, tables, must[[]string](t)(in.ViewNames(ctx, "")))
	for _, c := range must[[]*inspect.Column](t)(in.Columns(ctx, "title", "")) {
		fmt.Fprintln(&b, c.Name, c.Type, c.Nullable, c.Autoincrement)
	}
	for _, c := range must[[]*inspect.Column](t)(in.Columns(ctx, "publisher", "")) {
		if c.Default != nil {
			fmt.Fprintln(&b, c.Name, *c.Default)
		}
	}
	k := must[*inspect.PrimaryKey](t)(in.PrimaryKey(ctx, "writer", ""))
	fmt.Fprintln(&b, k.Name, k.Columns)
	for _, f := range must[[]*inspect.ForeignKey](t)(in.ForeignKeys(ctx, "title", "")) {
		fmt.Fprintln(&b, f.Name, f.Columns, f.ReferredSchema, f.ReferredTable, f.ReferredColumns, types.Repr(f.Options))
	}
	for _, x := range must[[]*inspect.Index](t)(in.Indexes(ctx, "title", "")) {
		fmt.Fprintln(&b, x.Name, x.Columns, x.Unique, x.DuplicatesConstraint)
	}
	for _, table := range []string{"title", "publisher"} {
		for _, u := range must[[]*inspect.Unique](t)(in.Uniques(ctx, table, "")) {
			fmt.Fprintln(&b, u.Name, u.Columns)
		}
	}
	for _, c := range must[[]*inspect.Check](t)(in.Checks(ctx, "title", "")) {
		fmt.Fprintln(&b, c.Name, c.SQLText)
	}
	return b.String()
}

var told = map[string]string{
	"sqlite": `[publisher title writer] [cheap]
id INTEGER() false <nil>
publisher_id INTEGER() false <nil>
w_first VARCHAR(length=20) true <nil>
w_last VARCHAR(length=20) true <nil>
name VARCHAR(length=60) false <nil>
price NUMERIC(precision=8, scale=2) true <nil>
printed DATE() true <nil>
city 'Paris'
 [first last]
fk_title_writer [w_first w_last]  writer [first last] {}
fk_title_publisher [publisher_id]  publisher [id] {ondelete = 'CASCADE'}
ix_title_printed [printed] false 
uq_title_name [name publisher_id]
 [name]
ck_title_price price >= 0
`,
	"postgresql": `[publisher title writer] [cheap]
id INTEGER() false true
publisher_id INTEGER() false false
w_first VARCHAR(length=20) true false
w_last VARCHAR(length=20) true false
name VARCHAR(length=60) false false
price NUMERIC(precision=8, scale=2) true false
printed DATE() true false
id nextval('publisher_id_seq'::regclass)
city 'Paris'::character varying
writer_pkey [first last]
fk_title_publisher [publisher_id]  publisher [id] {ondelete = 'CASCADE'}
fk_title_writer [w_first w_last]  writer [first last] {}
ix_title_printed [printed] false 
uq_title_name [name publisher_id] true uq_title_name
uq_title_name [name publisher_id]
publisher_name_key [name]
ck_title_price price >= 0::numeric
`,
	"mysql": `[publisher title writer] [cheap]
id INTEGER(display_width=11) false true
publisher_id INTEGER(display_width=11) false false
w_first VARCHAR(length=20) true <nil>
w_last VARCHAR(length=20) true <nil>
name VARCHAR(length=60) false <nil>
price DECIMAL(precision=8, scale=2) true <nil>
printed DATE() true <nil>
city 'Paris'
 [first last]
fk_title_publisher [publisher_id]  publisher [id] {ondelete = 'CASCADE'}
fk_title_writer [w_first w_last]  writer [first last] {}
fk_title_publisher [publisher_id] false 
fk_title_writer [w_first w_last] false 
ix_title_printed [printed] false 
uq_title_name [name publisher_id] true 
uq_title_name [name publisher_id]
name [name]
ck_title_price ` + "`price` >= 0\n",
}

func TestInspect(t *testing.T) {
	servers.Each(t, "inspect", func(t *testing.T, s servers.Server, url string) {
		e := begin(t, url, func(c *engine.Connection) {
			if err := ddl.CreateAll(ctx, c, library(), ddl.Options{Checkfirst: true}); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Execute(ctx, &core.Text{SQL: "CREATE VIEW cheap AS SELECT id, name FROM title WHERE price < 10"}, engine.Params{}); err != nil {
				t.Fatal(err)
			}
		})
		one := must[*inspect.Inspector](t)(inspect.Inspect(ctx, e))
		if got := answers(t, one); got != told[s.Dialect] {
			t.Errorf("got\n%s\nwant\n%s", got, told[s.Dialect])
		}
		// The same answers out of one reading of everything.
		m := core.NewMetaData()
		whole := must[*inspect.Inspector](t)(inspect.Inspect(ctx, e))
		if err := whole.ReflectAll(ctx, m, inspect.ReflectOptions{Views: true}); err != nil {
			t.Fatal(err)
		}
		if got := answers(t, whole); got != told[s.Dialect] {
			t.Errorf("read together: got\n%s\nwant\n%s", got, told[s.Dialect])
		}
		if len(m.Tables()) != 4 {
			t.Error(m.TableNames())
		}
		if cheap, _ := m.Table("cheap"); !cheap.IsView {
			t.Error("a view that is no view")
		}
		title, _ := m.Table("title")
		if len(title.ForeignKeyConstraints()) != 2 || len(title.PK.Cols) != 1 {
			t.Error(title.Constraints)
		}
		_, err := one.Columns(ctx, "nothing", "")
		if !errors.Is(err, exc.NoSuchTableError) {
			t.Error(err)
		}
		order := must[[]inspect.SortedTable](t)(one.SortedTables(ctx, ""))
		if len(order) != 4 || order[2].Name != "title" || order[3].Name != "" {
			t.Error(order)
		}
		recreate(t, e, m)
	})
}

// recreate drops everything and makes it again out of what was reflected.
func recreate(t *testing.T, e *engine.Engine, m *core.MetaData) {
	t.Helper()
	dropped := m
	before := core.NewMetaData()
	in := must[*inspect.Inspector](t)(inspect.Inspect(ctx, e))
	if err := in.ReflectAll(ctx, before, inspect.ReflectOptions{}); err != nil {
		t.Fatal(err)
	}
	err := e.Begin(ctx, func(c *engine.Connection) error {
		if err := ddl.DropAll(ctx, c, dropped, ddl.Options{Checkfirst: true}); err != nil {
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	in.ClearCache()
	if left := must[[]string](t)(in.TableNames(ctx, "")); len(left) != 0 {
		t.Error("left after drop_all:", left)
	}
	for _, tab := range before.Tables() { // a sequence of SERIAL is gone with its table
		for _, c := range tab.Columns().All() {
			if d := c.Schema.ServerDefault; d != nil && strings.Contains(d.SQL.(*core.Text).SQL, "nextval") {
				c.Schema.ServerDefault = nil
			}
		}
	}
	if err := e.Begin(ctx, func(c *engine.Connection) error {
		return ddl.CreateAll(ctx, c, before, ddl.Options{Checkfirst: true})
	}); err != nil {
		t.Fatal(err)
	}
	after := core.NewMetaData()
	in.ClearCache()
	if err := in.ReflectAll(ctx, after, inspect.ReflectOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, tab := range before.Tables() {
		again, ok := after.Table(tab.FullName())
		if !ok {
			t.Error("not made again:", tab.Name)
			continue
		}
		a, b := spelt(t, e, tab), spelt(t, e, again)
		if !strings.Contains(a, "SERIAL") && a != b {
			t.Errorf("before %s\nafter %s", a, b)
		}
	}
}

func spelt(t *testing.T, e *engine.Engine, tab *core.Table) string {
	t.Helper()
	return must[*compile.Compiled](t)(compile.Compile(e.Dialect, &core.CreateTable{Table: tab}, compile.Options{})).String()
}

func TestEchoOfCreateAll(t *testing.T) {
	var out bytes.Buffer
	e, err := dialect.CreateEngine("sqlite://", engine.Options{Echo: engine.EchoOn, EchoTo: &out})
	if err != nil {
		t.Fatal(err)
	}
	m := core.NewMetaData()
	core.NewTable("a", m, "", column("id", &types.Integer{}, key))
	if err := inspect.Using(ctx, e, true, func(c *engine.Connection) error {
		return ddl.CreateAll(ctx, c, m, ddl.Options{Checkfirst: true})
	}); err != nil {
		t.Fatal(err)
	}
	want := "BEGIN (implicit)\nPRAGMA main.table_info(\"a\")\n[raw sql] ()\nPRAGMA temp.table_info(\"a\")\n[raw sql] ()\n\nCREATE TABLE a (\n\tid INTEGER NOT NULL, \n\tPRIMARY KEY (id)\n)\n\n\n[no key"
	if !strings.HasPrefix(out.String(), want) {
		t.Errorf("%q", out.String())
	}
}

func TestDiffFindsNothingInWhatItMade(t *testing.T) {
	servers.Each(t, "inspect_diff", func(t *testing.T, s servers.Server, url string) {
		m := everything(s.Dialect)
		e := begin(t, url, func(c *engine.Connection) {
			if err := ddl.CreateAll(ctx, c, m, ddl.Options{Checkfirst: true}); err != nil {
				t.Fatal(err)
			}
		})
		in := must[*inspect.Inspector](t)(inspect.Inspect(ctx, e))
		for _, c := range must[[]*inspect.Change](t)(in.Diff(ctx, m)) {
			t.Errorf("%s %s.%s %s: %v -> %v\n%s", c.Kind, c.Table, c.Column, c.Name, c.Old, c.New, strings.Join(c.SQL, "\n"))
		}
	})
}

// everything has a column of each generic type and constraints of each kind.
func everything(dialect string) *core.MetaData {
	m := library()
	cols := []core.SchemaItem{column("id", &types.Integer{}, key)}
	for i, typ := range []types.Type{
		types.BigInteger.Plain(), types.SmallInteger.Plain(), &types.Numeric{Precision: 10, Scale: new2(2)}, &types.Numeric{Precision: 7}, &types.Float{}, types.Double.Plain(),
		&types.String{Length: 30}, types.Text.Plain(), &types.Boolean{}, &types.DateType{}, &types.DateTimeType{}, &types.TimeType{}, &types.LargeBinary{},
		&types.JSON{}, &types.Uuid{}, &types.Enum{Enums: []string{"a", "b"}, TypeName: "letters"}, &types.IntervalType{},
	} {
		cols = append(cols, column(fmt.Sprintf("c%02d", i), typ))
	}
	def := func(text string) func(*core.ColumnSchema) {
		return func(s *core.ColumnSchema) { s.ServerDefault = &core.Default{Text: text, HasText: true} }
	}
	cols = append(cols,
		column("d1", &types.Integer{}, def("5"), notNull),
		column("d2", &types.String{Length: 9}, def("it's")),
		column("d3", &types.DateTimeType{}, func(s *core.ColumnSchema) {
			s.ServerDefault = &core.Default{SQL: &core.Func{Name: "now", Type: &types.DateTimeType{}}}
		}),
		column("d4", &types.Boolean{}, func(s *core.ColumnSchema) { s.ServerDefault = &core.Default{SQL: core.True} }),
		core.NewIndex("ix_desc", false, "c00", "c01"),
		core.NewIndex("ix_unique", true, "c06"))
	core.NewTable("kinds", m, "", cols...)
	core.NewTable("Odd name", m, "",
		column("Order", &types.Integer{}, key), column("été", &types.String{Length: 5}, unique),
		column("self", &types.Integer{}, func(s *core.ColumnSchema) {
			s.ForeignKeys = []*core.ForeignKey{{Target: "Odd name.Order", OnUpdate: "CASCADE"}}
		}))
	if dialect != "sqlite" {
		tab, _ := m.Table("kinds")
		tab.Comment, tab.HasComment = "all the kinds", true
		tab.C("c00").Schema.Comment, tab.C("c00").Schema.HasComment = "it's big", true
	}
	return m
}

func new2(n int) *int { return &n }

func TestDiffFindsChanges(t *testing.T) {
	servers.Each(t, "inspect_changes", func(t *testing.T, s servers.Server, url string) {
		e := begin(t, url, func(c *engine.Connection) {
			if err := ddl.CreateAll(ctx, c, library(), ddl.Options{}); err != nil {
				t.Fatal(err)
			}
		})
		m := library()
		title, _ := m.Table("title")
		m.Remove(title)
		publisher, _ := m.Table("publisher")
		publisher.C("name").Type = &types.String{Length: 80}
		publisher.C("city").Schema.Nullable = false
		publisher.C("city").Schema.ServerDefault = &core.Default{Text: "Rome", HasText: true}
		publisher.Append(column("founded", &types.DateType{}), core.NewIndex("ix_city", false, "city"))
		core.NewTable("later", m, "", column("id", &types.Integer{}, key))
		in := must[*inspect.Inspector](t)(inspect.Inspect(ctx, e))
		changes := must[[]*inspect.Change](t)(in.Diff(ctx, m))
		var kinds []string
		for _, c := range changes {
			kinds = append(kinds, c.Kind)
		}
		want := "add_table modify_type modify_nullable modify_default add_column add_index remove_table"
		got := strings.Join(kinds, " ")
		if got != want && got != "modify_type modify_nullable modify_default add_column add_index add_table remove_table" {
			t.Errorf("%v", kinds)
		}
		if s.Dialect == "sqlite" {
			return
		}
		// What it proposes does what it says.
		if err := e.Begin(ctx, func(c *engine.Connection) error {
			for _, change := range changes {
				for _, sql := range change.SQL {
					if _, err := c.ExecDriverSQL(ctx, sql, engine.Params{}); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		in.ClearCache()
		for _, c := range must[[]*inspect.Change](t)(in.Diff(ctx, m)) {
			t.Errorf("left: %s %s.%s %s: %v -> %v", c.Kind, c.Table, c.Column, c.Name, c.Old, c.New)
		}
	})
}

// TestNearest: the error of a table that is not there knows the nearest names,
// and asking for them is not echoed.
func TestNearest(t *testing.T) {
	var echo bytes.Buffer
	o := engine.DefaultOptions()
	o.EchoTo = &echo
	e, err := dialect.CreateEngine("sqlite://", o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.ExecDriverSQL(ctx, "CREATE TABLE users (id INTEGER)", engine.Params{}); err != nil {
		t.Fatal(err)
	}
	e.SetEcho(engine.EchoOn)
	in, err := inspect.Inspect(ctx, e)
	if err != nil {
		t.Fatal(err)
	}
	_, err = in.Columns(ctx, "user", "")
	x := exc.Of(err)
	if x == nil || x.Class != exc.NoSuchTableError || x.Message != "user" || x.Detail["hint"] != "did you mean users?" {
		t.Errorf("%v, %v", err, x)
	}
	if strings.Contains(echo.String(), "SELECT name FROM") {
		t.Errorf("the echo shows who looked for the nearest names:\n%s", echo.String())
	}
}
