package engine_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/tests/servers"
)

// TestDeadlock lets two transactions run into each other, on servers that
// notice: one is rolled back, run again, and both changes are there.
func TestDeadlock(t *testing.T) {
	onEach(t, func(t *testing.T, s servers.Server, e *echoed, tbl *core.Table) {
		if s.Dialect == "sqlite" {
			t.Skip("SQLite has one writer")
		}
		limited, cancel := context.WithTimeout(ctx, 30*time.Second) // whatever happens, it ends
		defer cancel()
		var both sync.WaitGroup
		both.Add(2)
		met := make(chan struct{})
		go func() { both.Wait(); close(met) }()
		attempts := make([]int, 2)
		run := func(i int, first, second string) error {
			return engine.RunTransaction(limited, e.Engine, engine.Retry{MaxRetries: 5}, func(c *engine.Connection) error {
				attempts[i]++
				_, err := c.Execute(limited, &core.Text{SQL: "UPDATE member SET name = concat(name, 'x') WHERE id = " + first}, engine.Params{})
				if attempts[i] == 1 { // meet once
					both.Done()
					select {
					case <-met:
					case <-limited.Done():
					}
				}
				if err != nil {
					return err
				}
				_, err = c.Execute(limited, &core.Text{SQL: "UPDATE member SET name = concat(name, 'x') WHERE id = " + second}, engine.Params{})
				return err
			})
		}
		errs := make(chan error, 2)
		go func() { errs <- run(0, "1", "2") }()
		go func() { errs <- run(1, "2", "1") }()
		for range 2 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if attempts[0]+attempts[1] < 3 {
			t.Errorf("attempts %v: no deadlock", attempts)
		}
		c := e.connect()
		r, err := c.Scalars(ctx, &core.Text{SQL: "SELECT name FROM member ORDER BY id"}, engine.Params{})
		if err != nil {
			t.Fatal(err)
		}
		if names, err := r.All(); err != nil || names[0] != "Adaxx" || names[1] != "Bobxx" {
			t.Errorf("names %v, %v", names, err)
		}
	})
}

// TestDeadTransaction: after MySQL's deadlock the transaction refuses
// everything but ROLLBACK.
func TestDeadTransaction(t *testing.T) {
	onEach(t, func(t *testing.T, s servers.Server, e *echoed, tbl *core.Table) {
		if s.Dialect != "mysql" {
			t.Skip("MySQL's trap")
		}
		update := func(c *engine.Connection, id string) error {
			_, err := c.Execute(ctx, &core.Text{SQL: "UPDATE member SET name = concat(name, 'x') WHERE id = " + id}, engine.Params{})
			return err
		}
		a, b := e.connect(), e.connect()
		for _, err := range []error{update(a, "1"), update(b, "2")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		errA := make(chan error, 1)
		go func() { errA <- update(a, "2") }()
		time.Sleep(100 * time.Millisecond)
		err := update(b, "1")
		dead := b
		if aerr := <-errA; aerr != nil {
			err, dead = aerr, a
		}
		if x := exc.Of(err); x == nil || x.Code != "1213" {
			t.Fatalf("no deadlock: %v", err)
		}
		if _, err := dead.Execute(ctx, &core.Text{SQL: "SELECT 1"}, engine.Params{}); !errors.Is(err, exc.PendingRollbackError) {
			t.Errorf("a dead transaction took a statement: %v", err)
		}
		if err := dead.Commit(ctx); err == nil {
			t.Error("a dead transaction was committed")
		}
		if err := dead.Rollback(ctx); err != nil {
			t.Error(err)
		}
		if err := update(dead, "99"); err != nil {
			t.Error(err)
		}
	})
}
