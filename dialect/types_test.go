package dialect_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/tests/servers"
)

var update = flag.Bool("update", false, "write docs/types.md")

// typing is what these tests ask of a dialect.
type typing interface {
	TypeName(types.Type) (string, error)
	Impl(types.Type) types.Impl
}

var ctx = context.Background()

// server is a database to send values through.
type server struct {
	name string
	conn *engine.Connection
}

// databases opens a database of this test's own on each server that is there.
func databases(t *testing.T) []*server {
	var list []*server
	for _, kind := range []servers.Server{servers.SQLite, servers.PostgreSQL, servers.MySQL} {
		address := "sqlite://"
		if kind != servers.SQLite {
			t.Run("find "+kind.Dialect, func(sub *testing.T) { kind.Require(sub) })
			if _, err := kind.Find(); err != nil {
				continue
			}
			address = kind.Empty(t, "types")
		}
		e, err := dialect.CreateEngine(address, engine.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.Dispose() })
		c, err := e.Connect(ctx)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close(ctx) })
		s := &server{kind.Dialect, c}
		list = append(list, s)
		if kind == servers.PostgreSQL {
			for _, q := range []string{"CREATE EXTENSION hstore", "CREATE EXTENSION citext", "CREATE TYPE size_e AS ENUM ('small', 'it''s')", "SET timezone = 'America/New_York'"} {
				if err := s.exec(q); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return list
}

// exec runs a statement and commits; one that fails is undone.
func (s *server) exec(q string) error {
	_, err := s.conn.ExecDriverSQL(ctx, q, engine.Params{})
	return s.end(err)
}

func (s *server) end(err error) error {
	if err != nil {
		_ = s.conn.Rollback(ctx)
		return err
	}
	return s.conn.Commit(ctx)
}

// send stores v in the table's column, as a parameter or as a literal.
func (s *server) send(t *core.Table, v any, literal bool) error {
	if !literal {
		_, err := s.conn.Execute(ctx, &core.Insert{Table: t}, engine.Named(map[string]any{"v": v}))
		return s.end(err)
	}
	text := "NULL"
	if v != nil {
		var err error
		if text, err = s.conn.Dialect().Impl(t.C("v").Type).Literal(v); err != nil {
			return err
		}
	}
	return s.exec("INSERT INTO t (v) VALUES (" + text + ")")
}

// fetch reads the one value back, as the type reads it and as a statement
// without types does: from a plain query and from a prepared one, for which
// drivers use another protocol.
func (s *server) fetch(t *core.Table) (typed, untyped any, err error) {
	v := t.C("v")
	typed, err = s.conn.Scalar(ctx, core.NewSelect(v), engine.Params{})
	if err != nil {
		return nil, nil, s.end(err)
	}
	one := core.Literal(int64(1), &types.Integer{})
	again, err := s.conn.Scalar(ctx, core.NewSelect(v).Where(core.Compare(core.EqOp, one, one)), engine.Params{})
	if err == nil && !types.Equal(typed, again) {
		err = fmt.Errorf("%s by a prepared query", types.Repr(again))
	}
	if err != nil {
		return typed, nil, s.end(err)
	}
	r, err := s.conn.ExecDriverSQL(ctx, "SELECT v FROM t", engine.Params{})
	if err != nil {
		return typed, nil, s.end(err)
	}
	untyped, err = r.Scalar()
	return typed, untyped, s.end(err)
}

// trip is a type and values that must come back as they went.
type trip struct {
	class  string
	args   []any
	named  map[string]any
	values []any
	on     string         // databases, "" for all
	gives  map[string]any // by database: what comes back instead of the first value
	plain  bool           // without literals: SQLAlchemy's have no type
}

func trips() []trip {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	dec := types.MustDecimal
	moment := func(s string) types.DateTime {
		dt, err := types.ParseDateTime(s)
		if err != nil {
			panic(err)
		}
		return dt
	}
	day := func(s string) types.Date { return moment(s).Date }
	clock := func(s string) types.Time {
		tm, err := types.ParseTime(s)
		if err != nil {
			panic(err)
		}
		return tm
	}
	wide := "12345678901234567890123456789012345678"
	texts := []any{"", "it's", `a\b "x" 50% :a ?`, "häß €", "😀 two\nlines\ttab", "'; DROP TABLE t; --"}
	id := uuid.MustParse("12345678-1234-5678-1234-56781234567f")
	document := types.NewObject("b", []any{}, "a", types.NewObject(), "n", nil, "l", []any{int64(1), nil, types.NewObject("x", []any{true, 2.5})}, "ü", "😀")
	integer := func(kind string, low, high int64) trip {
		return trip{class: kind, values: []any{int64(0), int64(-1), low, high}}
	}
	return []trip{
		integer("Integer", -1<<31, 1<<31-1),
		integer("SmallInteger", -1<<15, 1<<15-1),
		integer("BigInteger", -1<<63, 1<<63-1),
		{class: "mysql.BIGINT", named: map[string]any{"unsigned": true}, values: []any{uint64(1<<64 - 1), int64(0)}, on: "mysql"},
		{class: "mysql.TINYINT", values: []any{int64(-128), int64(127)}, on: "mysql"},
		{class: "mysql.MEDIUMINT", values: []any{int64(1<<23 - 1)}, on: "mysql"},
		{class: "mysql.YEAR", values: []any{int64(2024)}, on: "mysql"},
		{class: "Boolean", values: []any{true, false}},
		{class: "Double", values: []any{0.1, -1.5, 1e300, 3.0, 1.0 / 3}},
		{class: "Float", values: []any{2.5, -0.125}},
		{class: "Numeric", args: []any{10, 2}, values: []any{dec("10.50"), dec("-0.01"), dec("99999999.99"), dec("0.00")}},
		{class: "Numeric", args: []any{38, 0}, values: []any{dec(wide)}, on: "postgresql mysql"},
		{class: "Numeric", args: []any{38, 10}, values: []any{dec("1234567890123456789012345678.0123456789")}, on: "postgresql mysql"},
		{class: "Numeric", args: []any{18, 4}, values: []any{dec("12345678901.2345")}},
		{class: "Numeric", args: []any{10, 2}, named: map[string]any{"asdecimal": false}, values: []any{7.5}},
		{class: "String", args: []any{60}, values: texts},
		{class: "Text", values: texts},
		{class: "Unicode", args: []any{60}, values: texts},
		{class: "CHAR", args: []any{5}, values: []any{"abcde"}},
		{class: "mysql.LONGTEXT", values: texts, on: "mysql"},
		{class: "postgresql.CITEXT", values: texts, on: "postgresql"},
		{class: "LargeBinary", values: []any{every, []byte{}, []byte("\x00\x01abc\xff")}},
		{class: "VARBINARY", args: []any{300}, values: []any{every}, on: "mysql sqlite"},
		{class: "mysql.LONGBLOB", values: []any{every}, on: "mysql"},
		{class: "postgresql.BYTEA", values: []any{every}, on: "postgresql"},
		{class: "Date", values: []any{day("2024-02-29"), day("0001-01-01"), day("9999-12-31"), day("1969-12-31")}},
		{class: "Date", values: []any{day("infinity"), day("-infinity"), day("0044-03-15 BC")}, on: "postgresql"},
		{class: "Time", values: []any{clock("13:05:07"), clock("00:00:00"), clock("23:59:59")}},
		{class: "Time", values: []any{clock("13:05:07.123456"), clock("00:00:00.000001")}, on: "sqlite postgresql"},
		{class: "Time", values: []any{clock("24:00:00")}, on: "postgresql"},
		{class: "mysql.TIME", named: map[string]any{"fsp": 6}, values: []any{clock("13:05:07.123456"), types.NewInterval(0, -3600, 0), types.NewInterval(2, 3600, 5)}, on: "mysql"},
		{class: "Time", named: map[string]any{"timezone": true}, values: []any{clock("13:05:07.5+02:00"), clock("13:05:07Z"), clock("01:02:03-05:30")}, on: "postgresql"},
		{class: "DateTime", values: []any{moment("2024-02-29 13:05:07"), moment("1900-01-01 00:00:00"), moment("9999-12-31 23:59:59"), moment("2024-03-10 02:30:00")}},
		{class: "DateTime", values: []any{moment("2024-02-29 13:05:07.123456"), moment("0001-01-01 00:00:00.000001")}, on: "sqlite postgresql"},
		{class: "DateTime", values: []any{moment("infinity"), moment("-infinity"), moment("0044-03-15 12:00:00 BC")}, on: "postgresql"},
		{class: "mysql.DATETIME", named: map[string]any{"fsp": 6}, values: []any{moment("2024-02-29 13:05:07.123456")}, on: "mysql"},
		{class: "DateTime", named: map[string]any{"timezone": true}, values: []any{moment("2024-02-29 13:05:07.123456+02:00"), moment("2024-07-01 00:00:00Z"), moment("infinity")}, on: "postgresql"},
		{class: "Interval", values: []any{types.NewInterval(2, 3, 0), types.NewInterval(-400, 0, 0), types.Interval{}}},
		{class: "Interval", values: []any{types.NewInterval(0, -1, 5)}, on: "sqlite postgresql"},
		{class: "postgresql.INTERVAL", values: []any{types.NewInterval(100000, 86399, 999999), types.NewInterval(0, 0, -1)}, on: "postgresql"},
		{class: "Enum", args: []any{"small", "it's"}, named: map[string]any{"name": "size_e"}, values: []any{"small", "it's"}},
		{class: "Enum", args: []any{"small", "it's"}, named: map[string]any{"native_enum": false}, values: []any{"it's"}},
		{class: "mysql.SET", args: []any{"x", "y", "z"}, values: []any{[]any{"x", "z"}, []any{}}, on: "mysql"},
		{class: "JSON", values: []any{document, []any{}, types.NewObject(), "text", int64(5), 2.5, true, []any{[]any{}, nil}, int64(9007199254740993)}},
		{class: "postgresql.JSONB", values: []any{document, []any{}, types.NewObject(), "text", int64(5), nil}, on: "postgresql"},
		{class: "PickleType", values: []any{types.NewObject("a", []any{int64(1), "x"}), "text"}},
		{class: "Uuid", values: []any{id, uuid.UUID{}}},
		{class: "Uuid", named: map[string]any{"as_uuid": false}, values: []any{id.String()}},
		{class: "UUID", values: []any{id}, on: "postgresql"},
		{class: "ARRAY", args: []any{&types.Integer{}}, values: []any{[]any{int64(1), nil, int64(-3)}, []any{}}, on: "postgresql"},
		{class: "ARRAY", args: []any{&types.Integer{}, false, 2}, values: []any{[]any{[]any{int64(1), int64(2)}, []any{int64(3), nil}}}, on: "postgresql"},
		{class: "ARRAY", args: []any{&types.String{}}, values: []any{[]any{"", nil, "NULL", `a "b" \ {c},`, "😀"}}, on: "postgresql"},
		{class: "ARRAY", args: []any{&types.Numeric{}}, values: []any{[]any{dec(wide + ".5"), nil}}, on: "postgresql"},
		{class: "ARRAY", args: []any{&types.DateTimeType{}}, plain: true, values: []any{[]any{moment("2024-02-29 13:05:07.123456")}}, on: "postgresql"},
		{class: "ARRAY", args: []any{&types.Boolean{}}, values: []any{[]any{true, nil, false}}, on: "postgresql"},
		{class: "ARRAY", args: []any{&types.LargeBinary{}}, values: []any{[]any{every, []byte{}}}, on: "postgresql"},
		{class: "ARRAY", args: []any{&types.Uuid{}}, plain: true, values: []any{[]any{id}}, on: "postgresql"},
		{class: "postgresql.HSTORE", values: []any{types.NewObject("a", "1", "b", nil, `q"=>\`, "", "", "x"), types.NewObject()}, on: "postgresql"},
		{class: "postgresql.INT4RANGE", values: []any{types.Range{Lower: int64(1), Upper: int64(5)}, types.Range{Empty: true}, types.Range{Lower: int64(3)}}, on: "postgresql"},
		{class: "postgresql.INT8RANGE", values: []any{types.Range{Upper: int64(1 << 62)}}, on: "postgresql", gives: map[string]any{"postgresql": types.Range{Upper: int64(1 << 62), Bounds: "()"}}},
		{class: "postgresql.NUMRANGE", values: []any{types.Range{Lower: dec("1.5"), Upper: dec(wide), Bounds: "(]"}}, on: "postgresql"},
		{class: "postgresql.DATERANGE", values: []any{types.Range{Lower: day("2024-02-29"), Upper: day("2024-03-01")}}, on: "postgresql"},
		{class: "postgresql.TSRANGE", values: []any{types.Range{Lower: moment("2024-02-29 13:05:07.5"), Upper: moment("infinity")}}, on: "postgresql"},
		{class: "postgresql.TSTZRANGE", values: []any{types.Range{Lower: moment("2024-02-29 13:05:07+02:00"), Upper: nil}}, on: "postgresql", gives: map[string]any{"postgresql": types.Range{Lower: moment("2024-02-29 11:05:07Z"), Bounds: "[)"}}},
		{class: "postgresql.INT4MULTIRANGE", values: []any{types.Multirange{{Lower: int64(1), Upper: int64(3)}, {Lower: int64(5), Upper: int64(8)}}, types.Multirange{}}, on: "postgresql"},
		{class: "postgresql.BIT", args: []any{4}, values: []any{"0101"}, on: "postgresql"},
		{class: "postgresql.BIT", args: []any{70}, named: map[string]any{"varying": true}, values: []any{"", "10101"}, on: "postgresql"},
		{class: "mysql.BIT", args: []any{64}, values: []any{int64(5), uint64(1<<64 - 1)}, on: "mysql"},
		{class: "postgresql.INET", values: []any{"192.168.0.1", "::1"}, on: "postgresql"},
		{class: "postgresql.CIDR", values: []any{"10.0.0.0/8"}, on: "postgresql"},
		{class: "postgresql.MACADDR", values: []any{"08:00:2b:01:02:03"}, on: "postgresql"},
		{class: "postgresql.MONEY", values: []any{"$1,234.50"}, on: "postgresql"},
		{class: "postgresql.OID", values: []any{int64(4294967295)}, on: "postgresql"},
		{class: "postgresql.REGCLASS", values: []any{"pg_class"}, on: "postgresql"},
		{class: "postgresql.TSVECTOR", values: []any{"'cat':2 'fat':1"}, on: "postgresql"},
		{class: "postgresql.TSQUERY", values: []any{"'fat' & 'cat'"}, on: "postgresql"},
	}
}

func TestRoundTrips(t *testing.T) {
	var rows []string
	all := databases(t)
	for _, c := range trips() {
		namespace, name, ok := strings.Cut(c.class, ".")
		if !ok {
			namespace, name = "", c.class
		}
		typ, err := types.Lookup(namespace, name).New(c.args, c.named)
		if err != nil {
			t.Fatal(c.class, err)
		}
		row := "| " + c.class + strings.TrimPrefix(typ.String(), name) + " |"
		for _, s := range all {
			if c.on != "" && !strings.Contains(c.on, s.name) {
				row += " |"
				continue
			}
			ddl, err := s.conn.Dialect().TypeName(typ)
			if err != nil {
				t.Errorf("%s on %s: %v", typ, s.name, err)
				continue
			}
			t.Run(s.name+"/"+typ.String(), func(t *testing.T) { s.roundTrip(t, typ, ddl, c) })
			row += fmt.Sprintf(" %s: %d values |", strings.ReplaceAll(ddl, "|", `\|`), len(c.values)+1)
		}
		rows = append(rows, row)
	}
	page := typesPage(rows)
	if *update {
		if err := os.WriteFile("../docs/types.md", []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if len(all) == 3 {
		have, _ := os.ReadFile("../docs/types.md")
		if string(have) != page {
			t.Error("docs/types.md is not what this test proves: run go test ./dialect -run RoundTrips -update")
		}
	}
}

func (s *server) roundTrip(t *testing.T, typ types.Type, ddl string, c trip) {
	table := core.NewTable("t", core.NewMetaData(), "", core.NewColumn("v", typ))
	scale, _ := types.Attr(typ, "scale")
	for _, literal := range []bool{false, true} {
		if literal && (c.plain || s.conn.Dialect().Impl(typ).Literal == nil) {
			continue
		}
		for i, v := range append(c.values[:len(c.values):len(c.values)], nil) {
			if literal && !literalIsFaithful(v) {
				continue
			}
			for _, q := range []string{"DROP TABLE IF EXISTS t", "CREATE TABLE t (v " + ddl + " NULL)"} {
				if err := s.exec(q); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.send(table, v, literal); err != nil {
				t.Errorf("%s (literal %v): %v", types.Repr(v), literal, err)
				continue
			}
			want := v
			if w, ok := c.gives[s.name]; ok && i == 0 {
				want = w
			}
			got, untyped, err := s.fetch(table)
			if err != nil || !types.Equal(got, want) || types.KindOf(got) != types.KindOf(want) {
				t.Errorf("%s (literal %v) came back as %s, %s untyped: %v", types.Repr(want), literal, types.Repr(got), types.Repr(untyped), err)
			}
			if d, ok := got.(types.Decimal); ok && scale != nil && int64(d.Scale()) != scale {
				t.Errorf("%s came back with another scale: %s", types.Repr(want), types.Repr(d))
			}
		}
	}
}

// literalIsFaithful leaves out bytes, whose literal is text in SQLAlchemy, too.
func literalIsFaithful(v any) bool {
	switch v := v.(type) {
	case []byte:
		return false
	case []any:
		if len(v) == 0 {
			return false // ARRAY[] has no type
		}
		for _, e := range v {
			if !literalIsFaithful(e) {
				return false
			}
		}
	}
	return true
}

func typesPage(rows []string) string {
	return `# Types

What each column type is on each database, and that its values come back as they went: proved by
` + "`go test ./dialect -run RoundTrips`" + `, which writes this table (` + "`-update`" + `). The number counts values stored as a parameter
and, where the type has literals, as a literal too; NULL is one of them. The edge values are in dialect/types_test.go:
2^63-1, decimals of 38 digits, microseconds, time zones, leap days, infinity and BC dates, empty strings, every byte,
4-byte UTF-8, nested JSON with empty arrays and objects, arrays with NULLs.

| type | SQLite | PostgreSQL | MariaDB |
|---|---|---|---|
` + strings.Join(rows, "\n") + `

Where a database cannot keep a value exactly:

- SQLite has no decimals: a Numeric is stored as an integer or a REAL. A value that a REAL does not hold to the column's
  scale is refused with a ValueError before it is sent.
- SQLite and MySQL store a DateTime in UTC without its offset, as SQLAlchemy does there. Another offset, which SQLAlchemy
  would drop, is refused with a ValueError before it is sent.
- MySQL's DATETIME and TIME keep whole seconds unless the type says otherwise (` + "`mysql.DATETIME{fsp = 6}`" + `).
- MySQL's TIME also holds lengths of time; one outside the day comes back as an interval.
`
}
