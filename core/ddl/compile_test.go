package ddl_test

import (
	"errors"
	"strings"
	"testing"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/ddl"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/dialect/mysql"
	"alchemysh/dialect/postgresql"
	"alchemysh/dialect/sqlite"
)

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
func index(s *core.ColumnSchema)   { s.Index = true }
func refers(to string) func(*core.ColumnSchema) {
	return func(s *core.ColumnSchema) { s.ForeignKeys = append(s.ForeignKeys, &core.ForeignKey{Target: to}) }
}
func serverDefault(x core.Expr) func(*core.ColumnSchema) {
	return func(s *core.ColumnSchema) { s.ServerDefault = &core.Default{SQL: x} }
}
func serverText(x string) func(*core.ColumnSchema) {
	return func(s *core.ColumnSchema) { s.ServerDefault = &core.Default{Text: x, HasText: true} }
}

var dialects = map[string]compile.Dialect{
	"default": compile.Default(), "sqlite": sqlite.New(), "postgresql": postgresql.New(), "mysql": mysql.New("mysql"), "mariadb": mysql.New("mariadb"),
}

func spell(t *testing.T, dialect string, s core.DDLStatement) string {
	t.Helper()
	c, err := compile.Compile(dialects[dialect], s, compile.Options{})
	if err != nil {
		t.Fatalf("%s: %v", dialect, err)
	}
	return c.String()
}

func expect(t *testing.T, dialect string, s core.DDLStatement, want string) {
	t.Helper()
	if got := spell(t, dialect, s); got != want {
		t.Errorf("%s:\n got %q\nwant %q", dialect, got, want)
	}
}

func TestCreateTable(t *testing.T) {
	m := core.NewMetaData()
	core.NewTable("p", m, "", column("id", &types.Integer{}, key))
	tab := core.NewTable("t", m, "",
		column("a", types.BigInteger.Plain(), key),
		column("b", &types.String{Length: 9}, notNull, serverText("it's")),
		column("c", &types.Integer{}, refers("p.id"), unique),
		column("d", &types.Integer{}, serverDefault(&core.Text{SQL: "1 + 1"})),
		column("f", &types.Boolean{CreateConstraint: true, ConstraintName: "ok"}, serverDefault(core.True)),
		&core.CheckConstraint{X: &core.Text{SQL: "a > 0"}, ConstraintOptions: core.ConstraintOptions{Name: "positive"}},
	)
	s := &core.CreateTable{Table: tab}
	expect(t, "sqlite", s, "\nCREATE TABLE t (\n\ta BIGINT NOT NULL, \n\tb VARCHAR(9) DEFAULT 'it''s' NOT NULL, \n\tc INTEGER, \n\td INTEGER DEFAULT (1 + 1), \n\tf BOOLEAN DEFAULT 1, \n\tPRIMARY KEY (a), \n\tCONSTRAINT positive CHECK (a > 0), \n\tUNIQUE (c), \n\tFOREIGN KEY(c) REFERENCES p (id), \n\tCONSTRAINT ok CHECK (f IN (0, 1))\n)\n\n")
	expect(t, "postgresql", s, "\nCREATE TABLE t (\n\ta BIGSERIAL NOT NULL, \n\tb VARCHAR(9) DEFAULT 'it''s' NOT NULL, \n\tc INTEGER, \n\td INTEGER DEFAULT 1 + 1, \n\tf BOOLEAN DEFAULT true, \n\tPRIMARY KEY (a), \n\tCONSTRAINT positive CHECK (a > 0), \n\tUNIQUE (c), \n\tFOREIGN KEY(c) REFERENCES p (id)\n)\n\n")
	expect(t, "mysql", s, "\nCREATE TABLE t (\n\ta BIGINT NOT NULL AUTO_INCREMENT, \n\tb VARCHAR(9) NOT NULL DEFAULT 'it''s', \n\tc INTEGER, \n\td INTEGER DEFAULT 1 + 1, \n\tf BOOL DEFAULT true, \n\tPRIMARY KEY (a), \n\tCONSTRAINT positive CHECK (a > 0), \n\tUNIQUE (c), \n\tFOREIGN KEY(c) REFERENCES p (id), \n\tCONSTRAINT ok CHECK (f IN (0, 1))\n)\n\n")
}

func TestColumnErrorsNameTheColumn(t *testing.T) {
	tab := core.NewTable("t", core.NewMetaData(), "", column("a", &types.String{}))
	_, err := compile.Compile(dialects["mysql"], &core.CreateTable{Table: tab}, compile.Options{})
	if !errors.Is(err, exc.CompileError) || exc.Of(err).Message != "(in table 't', column 'a'): VARCHAR requires a length on dialect mysql" {
		t.Error(err)
	}
}

func TestIndexes(t *testing.T) {
	tab := core.NewTable("some_table", core.NewMetaData(), "s", column("a", &types.Integer{}, index), column("B c", &types.String{Length: 5}))
	created := &core.CreateIndex{Index: tab.Indexes[0]}
	expect(t, "postgresql", created, "CREATE INDEX ix_s_some_table_a ON s.some_table (a)")
	expect(t, "sqlite", created, "CREATE INDEX s.ix_s_some_table_a ON some_table (a)")
	expect(t, "mysql", &core.DropIndex{Index: tab.Indexes[0]}, "\nDROP INDEX ix_s_some_table_a ON s.some_table")

	x := core.NewIndex("Odd", true, tab.C("B c"), &core.Func{Name: "lower", Args: []core.Expr{tab.C("B c")}, Type: &types.String{}})
	x.DialectArgs = map[string]any{
		"postgresql_using": "GIN", "postgresql_where": core.Expr(core.Gt(tab.C("a"), int64(5))), "postgresql_include": []any{"a"},
		"mysql_length": map[string]any{"B c": int64(3)},
	}
	expect(t, "postgresql", &core.CreateIndex{Index: x}, `CREATE UNIQUE INDEX "Odd" ON s.some_table USING gin ("B c", lower("B c")) INCLUDE (a) WHERE a > 5`)
	expect(t, "mysql", &core.CreateIndex{Index: x}, "CREATE UNIQUE INDEX `Odd` ON s.some_table (`B c`(3), (lower(`B c`)))")
}

func TestNamingConvention(t *testing.T) {
	m := core.NewMetaData()
	m.NamingConvention = map[string]any{
		"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s",
		"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s_%(mark)s", "pk": "pk_%(table_name)s",
		"mark": core.ConventionToken(func(any, *core.Table) (string, error) { return "x", nil }),
	}
	core.NewTable("p", m, "", column("id", &types.Integer{}, key))
	tab := core.NewTable("c", m, "", column("id", &types.Integer{}, key), column("pid", &types.Integer{}, refers("p.id")),
		&core.UniqueConstraint{ColumnSet: core.ColumnSet{Pending: []any{"id", "pid"}}},
		&core.CheckConstraint{X: &core.Text{SQL: "id > 5"}, ConstraintOptions: core.ConstraintOptions{Name: "big"}})
	expect(t, "default", &core.CreateTable{Table: tab}, "\nCREATE TABLE c (\n\tid INTEGER NOT NULL, \n\tpid INTEGER, \n\tCONSTRAINT pk_c PRIMARY KEY (id), \n\tCONSTRAINT uq_c_id_pid UNIQUE (id, pid), \n\tCONSTRAINT ck_c_big CHECK (id > 5), \n\tCONSTRAINT fk_c_pid_p_x FOREIGN KEY(pid) REFERENCES p (id)\n)\n\n")
}

func TestLongNames(t *testing.T) {
	m := core.NewMetaData()
	m.NamingConvention = map[string]any{"uq": "uq_%(table_name)s_%(column_0_N_name)s"}
	tab := core.NewTable("a_rather_long_table_name_for_a_test", m, "", column("first_quite_long_column", &types.Integer{}), column("second_quite_long_column", &types.Integer{}),
		&core.UniqueConstraint{ColumnSet: core.ColumnSet{Pending: []any{"first_quite_long_column", "second_quite_long_column"}}})
	for dialect, want := range map[string]string{
		"postgresql": "uq_a_rather_long_table_name_for_a_test_first_quite_long_bfa3",
		"mysql":      "uq_a_rather_long_table_name_for_a_test_first_quite_long__bfa3",
	} {
		if sql := spell(t, dialect, &core.CreateTable{Table: tab}); !strings.Contains(sql, "CONSTRAINT "+want+" UNIQUE") {
			t.Errorf("%s: %s", dialect, sql)
		}
	}
	own := core.NewTable("o", core.NewMetaData(), "", column("a", &types.Integer{}))
	_, err := compile.Compile(dialects["postgresql"], &core.CreateIndex{Index: core.NewIndex(strings.Repeat("x", 70), false, own.C("a"))}, compile.Options{})
	if !errors.Is(err, exc.IdentifierError) {
		t.Error(err)
	}
}

func TestByHand(t *testing.T) {
	tab := core.NewTable("T x", core.NewMetaData(), "s", column("a", &types.Integer{}))
	d := &core.DDL{SQL: "ALTER %(table)s IN %(schema)s OR %(fullname)s LIKE '50%%' %(mine)s", Target: tab, Context: map[string]any{"mine": "!"}}
	expect(t, "sqlite", d, `ALTER "T x" IN s OR s."T x" LIKE '50%' !`)
	expect(t, "postgresql", d, `ALTER "T x" IN s OR s."T x" LIKE '50%%' !`)
}

func TestComments(t *testing.T) {
	c := column("a", &types.Integer{})
	c.Schema.Comment, c.Schema.HasComment = "the a's", true
	tab := core.NewTable("t", core.NewMetaData(), "", c)
	tab.Comment, tab.HasComment = "a table", true
	expect(t, "postgresql", &core.SetTableComment{Table: tab}, "COMMENT ON TABLE t IS 'a table'")
	expect(t, "postgresql", &core.DropColumnComment{Column: c}, "COMMENT ON COLUMN t.a IS NULL")
	expect(t, "mysql", &core.CreateTable{Table: tab}, "\nCREATE TABLE t (\n\ta INTEGER COMMENT 'the a''s'\n)COMMENT='a table'\n\n")
	expect(t, "mysql", &core.SetColumnComment{Column: c}, "ALTER TABLE t CHANGE a a INTEGER COMMENT 'the a''s'")
}

func TestViews(t *testing.T) {
	tab := core.NewTable("t", core.NewMetaData(), "", column("a", &types.Integer{}))
	q := core.NewSelect(tab.C("a")).Change(func(s *core.Select) { s.Criteria = []core.Expr{core.Gt(tab.C("a"), int64(3))} })
	v := core.NewLightweightTable("v", "")
	expect(t, "sqlite", &core.CreateView{Table: v, Query: q, OrReplace: true}, "CREATE OR REPLACE VIEW v AS SELECT t.a \nFROM t \nWHERE t.a > 3")
	expect(t, "postgresql", &core.DropView{Table: v, Materialized: true, IfExists: true}, "\nDROP MATERIALIZED VIEW IF EXISTS v")
	expect(t, "default", &core.CreateTableAs{Table: v, Query: q, Temporary: true}, "CREATE TEMPORARY TABLE v AS SELECT t.a \nFROM t \nWHERE t.a > 3")
}

func TestSortBreaksCycles(t *testing.T) {
	m := core.NewMetaData()
	x := core.NewTable("x", m, "", column("id", &types.Integer{}, key), column("yid", &types.Integer{}, refers("y.id")))
	y := core.NewTable("y", m, "", column("id", &types.Integer{}, key), column("xid", &types.Integer{}, refers("x.id")))
	z := core.NewTable("z", m, "", column("id", &types.Integer{}, key), column("xid", &types.Integer{}, refers("x.id")))
	sorted, apart, err := ddl.Sort([]*core.Table{z, x, y}, nil)
	if err != nil || len(apart) != 2 || sorted[0].Table != x || sorted[1].Table != y || sorted[2].Table != z || len(sorted[2].ForeignKeys) != 1 {
		t.Error(sorted, apart, err)
	}
	_, _, err = ddl.Sort([]*core.Table{x, y}, func(*core.ForeignKeyConstraint) bool { return true })
	var cycle *ddl.CycleError
	if !errors.As(err, &cycle) || len(cycle.Tables) != 2 || !errors.Is(err, exc.CircularDependencyError) {
		t.Error(err)
	}
}
