package dbapi_test

import (
	"context"
	"errors"
	"testing"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/core/exc"
	"alchemysh/dialect"
	"alchemysh/tests/servers"
)

var ctx = context.Background()

func TestCursor(t *testing.T) {
	servers.Each(t, "dbapi", func(t *testing.T, s servers.Server, url string) {
		u, err := engine.ParseURL(url)
		if err != nil {
			t.Fatal(err)
		}
		d, err := dialect.For(u)
		if err != nil {
			t.Fatal(err)
		}
		c, err := dbapi.Connect(ctx, nil, d, u, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		cur := dbapi.NewCursor(c)
		do := func(sql string, p dbapi.Params) {
			t.Helper()
			if err := cur.Execute(ctx, sql, p); err != nil {
				t.Fatal(err)
			}
		}
		mark, named := "?", ":n"
		if s.Dialect != "sqlite" {
			mark, named = "%s", "%(n)s"
		}
		do("CREATE TABLE t (a INTEGER, b VARCHAR(10))", dbapi.Params{})
		if err := c.Commit(ctx); err != nil {
			t.Fatal(err)
		}
		if err := cur.ExecuteMany(ctx, "INSERT INTO t VALUES ("+mark+", "+mark+")", []dbapi.Params{dbapi.Positional(int64(1), "x"), dbapi.Positional(int64(2), nil)}); err != nil {
			t.Fatal(err)
		}
		if cur.RowCount != 2 {
			t.Errorf("rowcount %d", cur.RowCount)
		}
		do("SELECT a, b FROM t WHERE a > "+named+" ORDER BY a", dbapi.Named(map[string]any{"n": int64(0)}))
		if cur.Description[1].Name != "b" {
			t.Errorf("description %v", cur.Description)
		}
		rows, err := cur.FetchAll()
		if err != nil || len(rows) != 2 || rows[0].String() != "(1, 'x')" || rows[1].String() != "(2, nil)" {
			t.Errorf("rows %v, %v", rows, err)
		}
		if err := c.Rollback(ctx); err != nil {
			t.Fatal(err)
		}
		do("SELECT count(*) FROM t", dbapi.Params{})
		if row, _, _ := cur.FetchOne(); row.At(0) != int64(0) {
			t.Errorf("committed by itself: %v", row)
		}
		if err := cur.Execute(ctx, "SELECT * FROM nowhere", dbapi.Params{}); !errors.Is(err, exc.DatabaseError) {
			t.Errorf("got %v", err)
		}
	})
}
