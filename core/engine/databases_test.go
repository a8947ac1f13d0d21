package engine_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/tests/servers"
)

// onEach runs f on every database, with a table of two members.
func onEach(t *testing.T, f func(t *testing.T, s servers.Server, e *echoed, tbl *core.Table)) {
	servers.Each(t, "engine", func(t *testing.T, s servers.Server, url string) {
		e := &echoed{t: t}
		o := engine.DefaultOptions()
		o.EchoTo = &e.out
		var err error
		if e.Engine, err = dialect.CreateEngine(url, o); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.Dispose() })
		tbl := core.NewTable("member", core.NewMetaData(), "", column("id", &types.Integer{}, true), column("name", types.VARCHAR.Must(20), false))
		err = e.Begin(ctx, func(c *engine.Connection) error {
			key := map[string]string{"sqlite": "INTEGER PRIMARY KEY", "postgresql": "SERIAL PRIMARY KEY", "mysql": "INTEGER PRIMARY KEY AUTO_INCREMENT"}[s.Dialect]
			if _, err := c.ExecDriverSQL(ctx, "CREATE TABLE member (id "+key+", name VARCHAR(20) UNIQUE)", engine.Params{}); err != nil {
				return err
			}
			_, err := c.Execute(ctx, &core.Insert{Table: tbl}, engine.NamedMany([]map[string]any{{"name": "Ada"}, {"name": "Bob"}}))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		f(t, s, e, tbl)
	})
}

func (e *echoed) count(tbl *core.Table) int64 {
	e.t.Helper()
	c := e.connect()
	defer c.Close(ctx)
	v, err := c.Scalar(ctx, &core.Text{SQL: "SELECT count(*) FROM member"}, engine.Params{})
	if err != nil {
		e.t.Fatal(err)
	}
	return v.(int64)
}

func (e *echoed) insert(c *engine.Connection, tbl *core.Table, name string) *engine.Result {
	e.t.Helper()
	r, err := c.Execute(ctx, &core.Insert{Table: tbl}, engine.Named(map[string]any{"name": name}))
	if err != nil {
		e.t.Fatal(err)
	}
	return r
}

func TestTransactions(t *testing.T) {
	onEach(t, func(t *testing.T, s servers.Server, e *echoed, tbl *core.Table) {
		c := e.connect()
		r := e.insert(c, tbl, "Cyd")
		key, err := r.InsertedPrimaryKey()
		if err != nil || key.String() != "(3,)" {
			t.Errorf("inserted_primary_key = %v, %v", key, err)
		}
		if err := c.Rollback(ctx); err != nil {
			t.Fatal(err)
		}
		if n := e.count(tbl); n != 2 {
			t.Errorf("after rollback: %d", n)
		}
		e.insert(c, tbl, "Dan")
		sp, err := c.BeginNested(ctx)
		if err != nil {
			t.Fatal(err)
		}
		e.insert(c, tbl, "Eve")
		if err := sp.Rollback(ctx); err != nil {
			t.Fatal(err)
		}
		if err := c.Commit(ctx); err != nil {
			t.Fatal(err)
		}
		if n := e.count(tbl); n != 3 {
			t.Errorf("after savepoint and commit: %d", n)
		}
		if got := e.Pool().CheckedOut(); got != 1 {
			t.Errorf("%d connections checked out", got)
		}
	})
}

func TestErrorsOfTheDatabase(t *testing.T) {
	onEach(t, func(t *testing.T, s servers.Server, e *echoed, tbl *core.Table) {
		c := e.connect()
		_, err := c.Execute(ctx, &core.Insert{Table: tbl}, engine.Named(map[string]any{"name": "Ada"}))
		x := exc.Of(err)
		if x == nil || x.Class != exc.IntegrityError || !strings.HasPrefix(x.Statement, "INSERT INTO member") || !strings.Contains(x.Params, "Ada") {
			t.Fatalf("got %v", err)
		}
		own := map[string]string{"sqlite": "IntegrityError", "postgresql": "UniqueViolation", "mysql": "IntegrityError"}
		if orig := exc.Of(x.Orig); orig == nil || orig.Class.Name != own[s.Dialect] || !orig.Class.Derives(exc.IntegrityError) || orig.Statement != "" {
			t.Errorf("orig = %#v", x.Orig)
		}
		if s.Dialect != "sqlite" && x.Detail["constraint"] == "" {
			t.Errorf("no constraint in %v", x.Detail)
		}
		_ = c.Rollback(ctx)
		if _, err := c.Execute(ctx, &core.Text{SQL: "SELECT * FROM nowhere"}, engine.Params{}); !errors.Is(err, exc.DBAPIError) {
			t.Errorf("got %v", err)
		}
		_, err = c.Execute(ctx, &core.Text{SQL: "SELECT 1"}, engine.Params{})
		if s.Dialect == "postgresql" {
			if x := exc.Of(err); x == nil || x.Class != exc.InternalError {
				t.Errorf("an aborted transaction went on: %v", err)
			}
			if err := c.Commit(ctx); err == nil {
				t.Error("an aborted transaction was committed")
			}
		} else if err != nil {
			t.Error(err)
		}
		if err := c.Rollback(ctx); err != nil {
			t.Error(err)
		}
		if _, err := c.Execute(ctx, &core.Text{SQL: "SELECT 1"}, engine.Params{}); err != nil {
			t.Error(err)
		}
	})
}

func TestCancel(t *testing.T) {
	long := map[string]string{
		"sqlite":     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
		"postgresql": "SELECT pg_sleep(20)",
		"mysql":      "SELECT SLEEP(20)",
	}
	onEach(t, func(t *testing.T, s servers.Server, e *echoed, tbl *core.Table) {
		c := e.connect()
		e.insert(c, tbl, "Cyd")
		limited, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		begun := time.Now()
		r, err := c.Execute(limited, &core.Text{SQL: long[s.Dialect]}, engine.Params{})
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("cancelled after %v", took)
		}
		if s.Dialect == "mysql" && err == nil { // SLEEP says 1 when it is interrupted
			if v, _ := r.Scalar(); v != int64(1) {
				t.Errorf("SLEEP = %v", v)
			}
		} else if err == nil {
			t.Error("not cancelled")
		}
		if s.Dialect == "postgresql" {
			if err := c.Rollback(ctx); err != nil {
				t.Error(err)
			}
		}
		if v, err := c.Scalar(ctx, &core.Text{SQL: "SELECT 5"}, engine.Params{}); err != nil || v != int64(5) {
			t.Errorf("unusable after cancelling: %v, %v", v, err)
		}
	})
}

func TestStreaming(t *testing.T) {
	onEach(t, func(t *testing.T, s servers.Server, e *echoed, tbl *core.Table) {
		c := e.connect()
		rows := make([][]any, 2500)
		for i := range rows {
			rows[i] = []any{"n" + types.Repr(int64(i))}
		}
		r, err := c.Execute(ctx, &core.Insert{Table: tbl}, engine.Rows([]string{"name"}, rows))
		if err != nil {
			t.Fatal(err)
		}
		if r.Rowcount() != 2500 {
			t.Errorf("rowcount = %d", r.Rowcount())
		}
		for _, o := range []core.Options{{"stream_results": true}, {"yield_per": int64(100)}, {}} {
			r, err := c.Execute(ctx, core.NewSelect(tbl), engine.Params{}, o)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, err := range r.Each() {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != 2502 {
				t.Errorf("%v: %d rows", o, n)
			}
		}
		r, err = c.Execute(ctx, core.NewSelect(tbl), engine.Params{}, core.Options{"stream_results": true})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.First(); err != nil {
			t.Error(err)
		}
		if v, err := c.Scalar(ctx, &core.Text{SQL: "SELECT :x"}, engine.Named(map[string]any{"x": int64(4)})); err != nil || v != int64(4) {
			t.Errorf("after an abandoned stream: %#v, %v", v, err)
		}
	})
}

func TestTwoPhase(t *testing.T) {
	onEach(t, func(t *testing.T, s servers.Server, e *echoed, tbl *core.Table) {
		c := e.connect()
		if s.Dialect == "sqlite" {
			if _, err := c.BeginTwoPhase(ctx, ""); err == nil {
				t.Error("SQLite has two-phase transactions now?")
			}
			return
		}
		for _, commit := range []bool{true, false} {
			tx, err := c.BeginTwoPhase(ctx, "alchemysh_engine_test")
			if err != nil {
				t.Fatal(err)
			}
			e.insert(c, tbl, "Two")
			if err := tx.Prepare(ctx); err != nil {
				if strings.Contains(err.Error(), "prepared transactions are disabled") {
					_ = tx.Rollback(ctx)
					t.Skip("the server has no prepared transactions")
				}
				t.Fatal(err)
			}
			if commit {
				err = tx.Commit(ctx)
			} else {
				err = tx.Rollback(ctx)
			}
			if err != nil {
				t.Fatal(err)
			}
			if n := e.count(tbl); n != 3 && commit || n != 2 && !commit {
				t.Errorf("commit %v: %d", commit, n)
			}
			if commit {
				if _, err := c.Execute(ctx, &core.Text{SQL: "DELETE FROM member WHERE name = 'Two'"}, engine.Params{}); err != nil {
					t.Fatal(err)
				}
				if err := c.Commit(ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestIsolation(t *testing.T) {
	onEach(t, func(t *testing.T, s servers.Server, e *echoed, tbl *core.Table) {
		c := e.connect()
		if err := c.SetOptions(ctx, core.Options{"isolation_level": "SERIALIZABLE"}); err != nil {
			t.Fatal(err)
		}
		if level, err := c.IsolationLevel(ctx); level != "SERIALIZABLE" || err != nil {
			t.Errorf("level = %q, %v", level, err)
		}
		e.insert(c, tbl, "Cyd")
		if err := c.SetOptions(ctx, core.Options{"isolation_level": "AUTOCOMMIT"}); err == nil {
			t.Error("level changed in a transaction")
		}
		_ = c.Rollback(ctx)
		if err := c.SetOptions(ctx, core.Options{"isolation_level": "AUTOCOMMIT"}); err != nil {
			t.Fatal(err)
		}
		e.insert(c, tbl, "Dan")
		_ = c.Close(ctx)
		if n := e.count(tbl); n != 3 {
			t.Errorf("after AUTOCOMMIT: %d", n)
		}
		d := e.connect()
		if level, err := d.IsolationLevel(ctx); level == "AUTOCOMMIT" || err != nil {
			t.Errorf("the pool kept the level: %q, %v", level, err)
		}
		e.insert(d, tbl, "Eve")
		_ = d.Close(ctx)
		if n := e.count(tbl); n != 3 {
			t.Errorf("not rolled back after AUTOCOMMIT: %d", n)
		}
	})
}

// TestReturning checks the order of rows of a batch.
func TestReturning(t *testing.T) {
	onEach(t, func(t *testing.T, s servers.Server, e *echoed, tbl *core.Table) {
		c := e.connect()
		ins := &core.Insert{Table: tbl}
		ins.ReturningList = []core.Node{tbl.C("name"), tbl.C("id")}
		ins.SortByParameterOrder = true
		r, err := c.Execute(ctx, ins, engine.Rows([]string{"name"}, [][]any{{"Z"}, {"D"}, {"M"}}))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := r.All()
		if err != nil {
			t.Fatal(err)
		}
		var names bytes.Buffer
		for _, row := range rows {
			names.WriteString(row.At(0).(string))
		}
		if names.String() != "ZDM" {
			t.Errorf("order %s", names.String())
		}
	})
}
