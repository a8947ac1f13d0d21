package tests

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/types"
	"alchemysh/dialect/mysql"
	"alchemysh/dialect/postgresql"
	"alchemysh/dialect/sqlite"
	"alchemysh/tests/servers"
)

// tree is an expression and the same thing with every operand in parentheses.
type tree struct {
	expr core.Expr
	full string
}

// grower makes random expressions over the columns a, b, c (integers) and s
// (text).
type grower struct {
	r     *rand.Rand
	table *core.Table
	// concat is x || y as the database has it.
	concat func(x, y string) string
}

func (g *grower) pick(n int) int { return g.r.IntN(n) }

func (g *grower) number(depth int) tree {
	if depth == 0 || g.pick(5) == 0 {
		if g.pick(3) == 0 {
			n := int64(g.pick(7))
			return tree{core.Literal(n, nil), fmt.Sprint(n)}
		}
		name := []string{"a", "b", "c"}[g.pick(3)]
		return tree{g.table.C(name), "t." + name}
	}
	if g.pick(8) == 0 {
		x := g.number(depth - 1)
		return tree{core.Neg(x.expr), "(-(" + x.full + "))"}
	}
	if g.pick(8) == 0 {
		i, x, y := g.boolean(depth-1), g.number(depth-1), g.number(depth-1)
		return tree{core.NewCase(nil, [][2]any{{i.expr, x.expr}}, y.expr, true), "(CASE WHEN (" + i.full + ") THEN (" + x.full + ") ELSE (" + y.full + ") END)"}
	}
	ops := []struct {
		op     *core.Operator
		symbol string
	}{{core.AddOp, "+"}, {core.SubOp, "-"}, {core.MulOp, "*"}, {core.ModOp, "%"}, {core.BitAndOp, "&"}, {core.BitOrOp, "|"}, {core.LeftShiftOp, "<<"}, {core.RightShift, ">>"}}
	o := ops[g.pick(len(ops))]
	x, y := g.number(depth-1), g.number(depth-1)
	return tree{core.Operate(o.op, x.expr, y.expr), "((" + x.full + ") " + o.symbol + " (" + y.full + "))"}
}

func (g *grower) text(depth int) tree {
	if depth == 0 || g.pick(3) == 0 {
		if g.pick(2) == 0 {
			return tree{core.Literal("x%_y", nil), "'x%_y'"}
		}
		return tree{g.table.C("s"), "t.s"}
	}
	x, y := g.text(depth-1), g.text(depth-1)
	return tree{core.Concat(x.expr, y.expr), g.concat(x.full, y.full)}
}

func (g *grower) boolean(depth int) tree {
	if depth == 0 {
		return tree{core.Gt(g.table.C("a"), g.table.C("b")), "(t.a > t.b)"}
	}
	switch g.pick(8) {
	case 0:
		x, y := g.boolean(depth-1), g.boolean(depth-1)
		return tree{core.And(x.expr, y.expr), "((" + x.full + ") AND (" + y.full + "))"}
	case 1:
		x, y := g.boolean(depth-1), g.boolean(depth-1)
		return tree{core.Or(x.expr, y.expr), "((" + x.full + ") OR (" + y.full + "))"}
	case 2:
		x := g.boolean(depth - 1)
		return tree{core.Not(x.expr), "(NOT (" + x.full + "))"}
	case 3:
		x := g.number(depth - 1)
		return tree{core.Eq(x.expr, nil), "((" + x.full + ") IS NULL)"}
	case 4:
		x, y, z := g.number(depth-1), g.number(depth-1), g.number(depth-1)
		return tree{core.Between(x.expr, y.expr, z.expr, false), "((" + x.full + ") BETWEEN (" + y.full + ") AND (" + z.full + "))"}
	case 5:
		x, y := g.text(depth-1), g.text(depth-1)
		return tree{core.Pattern(core.LikeOp, x.expr, y.expr, nil), "((" + x.full + ") LIKE (" + y.full + "))"}
	case 6:
		x, y := g.number(depth-1), g.number(depth-1)
		return tree{core.In(x.expr, []any{y.expr, int64(3)}, g.pick(2) == 0), ""}.withIn(x, y)
	}
	ops := []struct {
		op     *core.Operator
		symbol string
	}{{core.EqOp, "="}, {core.NeOp, "!="}, {core.LtOp, "<"}, {core.LeOp, "<="}, {core.GtOp, ">"}, {core.GeOp, ">="}}
	o := ops[g.pick(len(ops))]
	x, y := g.number(depth-1), g.number(depth-1)
	return tree{core.Compare(o.op, x.expr, y.expr), "((" + x.full + ") " + o.symbol + " (" + y.full + "))"}
}

func (t tree) withIn(x, y tree) tree {
	word := "IN"
	if t.expr.(*core.Binary).Op == core.NotInOp {
		word = "NOT IN"
	}
	t.full = "((" + x.full + ") " + word + " ((" + y.full + "), 3))"
	return t
}

// TestParenthesesKeepTheMeaning: what the compiler prints with few parentheses
// must mean what the tree means, on each database by its own rules of
// precedence.
func TestParenthesesKeepTheMeaning(t *testing.T) {
	for _, c := range []struct {
		on      servers.Server
		dialect compile.Dialect
		rounds  uint64
	}{
		{servers.SQLite, sqlite.New(), 3000},
		{servers.PostgreSQL, postgresql.New(), 1500},
		{servers.MySQL, mysql.New("mariadb"), 1500},
	} {
		t.Run(c.on.Dialect, func(t *testing.T) { parentheses(t, c.on, c.dialect, c.rounds) })
	}
}

func parentheses(t *testing.T, on servers.Server, d compile.Dialect, rounds uint64) {
	db := session(t, on)
	concat := func(x, y string) string { return "((" + x + ") || (" + y + "))" }
	if on == servers.MySQL {
		concat = func(x, y string) string { return "concat(" + x + ", " + y + ")" }
	}
	for _, q := range []string{
		"CREATE TEMPORARY TABLE t (a INTEGER, b INTEGER, c INTEGER, s VARCHAR(10))",
		"INSERT INTO t VALUES (1, 2, 3, 'x'), (7, -4, 0, 'x%_y'), (NULL, 5, -1, NULL), (0, 0, 9, '')",
	} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	table := core.NewTable("t", core.NewMetaData(), "", core.NewColumn("a", &types.Integer{}), core.NewColumn("b", &types.Integer{}),
		core.NewColumn("c", &types.Integer{}), core.NewColumn("s", &types.String{}))
	answered := 0
	for seed := range rounds {
		g := &grower{r: rand.New(rand.NewPCG(seed, 1)), table: table, concat: concat}
		want := g.boolean(4)
		if seed%2 == 0 {
			want = g.number(4)
		}
		stmt := core.NewSelect(core.NewLabel(want.expr, "x")).SelectFrom(table)
		text, err := compile.Inline(d, stmt, compile.Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		got, gotErr := column(t, db, text)
		full, fullErr := column(t, db, "SELECT "+want.full+" AS x FROM t")
		if tooLarge(gotErr) || tooLarge(fullErr) {
			continue // a + b + c may be so where a + (b + c) is not
		}
		if (gotErr == nil) != (fullErr == nil) || got != full {
			t.Fatalf("seed %d: %s\ngives %s (%v)\n%s\ngives %s (%v)", seed, text, got, gotErr, want.full, full, fullErr)
		}
		if fullErr == nil {
			answered++
		}
	}
	if answered < int(rounds)/2 {
		t.Errorf("only %d of %d expressions have a value", answered, rounds)
	}
}

func tooLarge(err error) bool { return err != nil && strings.Contains(err.Error(), "out of range") }

// session is one connection of a database, where temporary tables may be made.
func session(t testing.TB, on servers.Server) *sql.Conn {
	t.Helper()
	pool, err := sql.Open("sqlite", ":memory:")
	if on != servers.SQLite {
		pool = on.Require(t).DB()
	}
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the server forgets what the session had made
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		_ = conn.Close()
	})
	if on == servers.MySQL {
		on.Empty(t, "parentheses")
		if _, err := conn.ExecContext(t.Context(), "USE alchemysh_parentheses"); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

func column(t *testing.T, db *sql.Conn, query string) (string, error) {
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			return "", err
		}
		if b, ok := v.([]byte); ok {
			v = string(b)
		}
		out = append(out, fmt.Sprint(v))
	}
	return strings.Join(out, ","), rows.Err()
}
