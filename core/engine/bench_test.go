package engine_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"testing"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/tests/servers"
)

// benched runs f with an engine and with plain database/sql on the same empty
// database, so that their times can be compared.
func benched(b *testing.B, f func(b *testing.B, s servers.Server, e *engine.Engine, plain *sql.DB, tbl *core.Table)) {
	for _, s := range []servers.Server{servers.SQLite, servers.PostgreSQL, servers.MySQL} {
		b.Run(s.Dialect, func(b *testing.B) {
			url := s.Empty(b, "engine_bench")
			o := engine.DefaultOptions()
			o.EchoTo = io.Discard
			e, err := dialect.CreateEngine(url, o)
			if err != nil {
				b.Fatal(err)
			}
			defer e.Dispose()
			plain := openPlain(b, s, url)
			defer plain.Close()
			tbl := core.NewTable("item", core.NewMetaData(), "", column("id", &types.Integer{}, true),
				column("name", types.VARCHAR.Must(40), false), column("stock", &types.Integer{}, false))
			if err := e.Begin(ctx, func(c *engine.Connection) error {
				_, err := c.ExecDriverSQL(ctx, "CREATE TABLE item (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40), stock INTEGER)", engine.Params{})
				return err
			}); err != nil {
				b.Fatal(err)
			}
			f(b, s, e, plain, tbl)
		})
	}
}

func openPlain(b *testing.B, s servers.Server, url string) *sql.DB {
	u, err := engine.ParseURL(url)
	if err != nil {
		b.Fatal(err)
	}
	d, err := dialect.For(u)
	if err != nil {
		b.Fatal(err)
	}
	connector, err := d.Connector(u, nil)
	if err != nil {
		b.Fatal(err)
	}
	return sql.OpenDB(connector)
}

func itemRows(n int) [][]any {
	rows := make([][]any, n)
	for i := range rows {
		rows[i] = []any{int64(i + 1), fmt.Sprintf("item %d", i), int64(i % 100)}
	}
	return rows
}

func fill(b *testing.B, e *engine.Engine, tbl *core.Table, n int) {
	if err := e.Begin(ctx, func(c *engine.Connection) error {
		_, err := c.Execute(ctx, &core.Insert{Table: tbl}, engine.Rows([]string{"id", "name", "stock"}, itemRows(n)))
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkSelectByKey(b *testing.B) {
	benched(b, func(b *testing.B, s servers.Server, e *engine.Engine, plain *sql.DB, tbl *core.Table) {
		fill(b, e, tbl, 1000)
		b.Run("plain", func(b *testing.B) {
			c, err := plain.Conn(ctx)
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			stmt, err := c.PrepareContext(ctx, "SELECT id, name, stock FROM item WHERE id = "+mark(s))
			if err != nil {
				b.Fatal(err)
			}
			defer stmt.Close()
			for i := 0; b.Loop(); i++ {
				var id, stock int64
				var name string
				if err := stmt.QueryRowContext(ctx, int64(i%1000+1)).Scan(&id, &name, &stock); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("engine", func(b *testing.B) {
			c, err := e.Connect(ctx)
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close(ctx)
			stmt := core.NewSelect(tbl).Where(core.Eq(tbl.C("id"), &core.Bind{Key: "i", Required: true, Type: &types.Integer{}}))
			for i := 0; b.Loop(); i++ {
				r, err := c.Execute(ctx, stmt, engine.Named(map[string]any{"i": int64(i%1000 + 1)}))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := r.One(); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

func mark(s servers.Server) string {
	if s.Dialect == "postgresql" {
		return "$1"
	}
	return "?"
}

func BenchmarkFetch(b *testing.B) {
	benched(b, func(b *testing.B, s servers.Server, e *engine.Engine, plain *sql.DB, tbl *core.Table) {
		const rows = 100_000
		fill(b, e, tbl, rows)
		b.Run("plain", func(b *testing.B) {
			for b.Loop() {
				rs, err := plain.QueryContext(ctx, "SELECT id, name, stock FROM item")
				if err != nil {
					b.Fatal(err)
				}
				type item struct {
					id, stock int64
					name      string
				}
				var list []item
				for rs.Next() {
					var it item
					if err := rs.Scan(&it.id, &it.name, &it.stock); err != nil {
						b.Fatal(err)
					}
					list = append(list, it)
				}
				if len(list) != rows {
					b.Fatal(len(list))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
		})
		b.Run("engine", func(b *testing.B) {
			c, err := e.Connect(ctx)
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close(ctx)
			for b.Loop() {
				r, err := c.Execute(ctx, core.NewSelect(tbl), engine.Params{})
				if err != nil {
					b.Fatal(err)
				}
				list, err := r.All()
				if err != nil || len(list) != rows {
					b.Fatal(len(list), err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
		})
	})
}

func BenchmarkExecutemany(b *testing.B) {
	benched(b, func(b *testing.B, s servers.Server, e *engine.Engine, plain *sql.DB, tbl *core.Table) {
		const n = 20_000
		rows := itemRows(n)
		b.Run("plain", func(b *testing.B) {
			for b.Loop() {
				tx, err := plain.BeginTx(ctx, nil)
				if err != nil {
					b.Fatal(err)
				}
				text := "INSERT INTO item (id, name, stock) VALUES (?, ?, ?)"
				if s.Dialect == "postgresql" {
					text = "INSERT INTO item (id, name, stock) VALUES ($1, $2, $3)"
				}
				stmt, err := tx.PrepareContext(ctx, text)
				if err != nil {
					b.Fatal(err)
				}
				for _, r := range rows {
					if _, err := stmt.ExecContext(ctx, r...); err != nil {
						b.Fatal(err)
					}
				}
				_ = tx.Rollback()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
		})
		b.Run("engine", func(b *testing.B) {
			c, err := e.Connect(ctx)
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close(ctx)
			for b.Loop() {
				if _, err := c.Execute(ctx, &core.Insert{Table: tbl}, engine.Rows([]string{"id", "name", "stock"}, rows)); err != nil {
					b.Fatal(err)
				}
				if err := c.Rollback(ctx); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
		})
	})
}

func BenchmarkTransaction(b *testing.B) {
	benched(b, func(b *testing.B, s servers.Server, e *engine.Engine, plain *sql.DB, tbl *core.Table) {
		fill(b, e, tbl, 1)
		const update = "UPDATE item SET stock = stock WHERE id = 0"
		b.Run("plain", func(b *testing.B) {
			for b.Loop() {
				tx, err := plain.BeginTx(context.Background(), nil)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := tx.Exec(update); err != nil {
					b.Fatal(err)
				}
				if err := tx.Commit(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("engine", func(b *testing.B) {
			for b.Loop() {
				if err := e.Begin(ctx, func(c *engine.Connection) error {
					_, err := c.ExecDriverSQL(ctx, update, engine.Params{})
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}
