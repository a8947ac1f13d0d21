package database

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/repl"
	"alchemysh/repl/input"
)

// Database is a connection as the shell sees it.
type Database struct {
	conn *engine.Connection
	lost bool
	// Notice tells the person of something.
	Notice func(text string)
	// borrowed: the connection is Lua's own, which Close leaves alone.
	borrowed bool
	// begun: the person began the transaction by SQL or a command.
	begun bool
}

// Follow gives the shell's connection when Lua's variables conn and engine are
// these: now, if it is theirs; else one on conn, while that is open and of that
// engine; else a new one on engine. Uncommitted changes are never left.
func Follow(ctx context.Context, now *Database, conn, eng any, s Settings) (*Database, error) {
	e, _ := eng.(*engine.Engine)
	c, ok := conn.(*engine.Connection)
	theirs := ok && !c.Closed() && (e == nil || c.Engine == e)
	switch {
	case now != nil && theirs && now.conn == c:
		return now, nil
	case now != nil && now.Uncommitted(ctx):
		return now, nil
	case theirs:
		return &Database{conn: c, borrowed: true}, nil
	case e == nil, now != nil && now.conn.Engine == e && !now.conn.Closed():
		return now, nil
	}
	return Connect(ctx, e, s)
}

// Dialect is SQLAlchemy's name of the dialect.
func (d *Database) Dialect() string { return d.conn.Engine.Name() }

// Name is what the prompt shows: the database's name.
func (d *Database) Name() string {
	u := d.conn.Engine.URL
	if u.Database == nil || *u.Database == "" || *u.Database == ":memory:" {
		return "memory"
	}
	if d.Dialect() == "sqlite" {
		return filepath.Base(*u.Database)
	}
	return *u.Database
}

// URL is the URL without its password.
func (d *Database) URL() string { return d.conn.Engine.URL.Render(true) }

// Version describes the server.
func (d *Database) Version(ctx context.Context) (string, error) {
	sql, name := "SELECT version()", ""
	if d.Dialect() == "sqlite" {
		sql, name = "SELECT sqlite_version()", "SQLite "
	}
	v, err := d.scalar(ctx, sql)
	if err != nil {
		return "", err
	}
	text := types.Str(v)
	if short, _, ok := strings.Cut(text, " on "); ok {
		text = short
	}
	if name == "" && d.Dialect() != "postgresql" && !strings.Contains(strings.ToLower(text), "maria") {
		name = "MySQL "
	}
	return name + text, nil
}

// Placeholder is the driver's n-th parameter.
func (d *Database) Placeholder(n int) string {
	if d.Dialect() == "postgresql" {
		return fmt.Sprintf("$%d", n)
	}
	return "?"
}

// driver is the connection of the driver below.
func (d *Database) driver(ctx context.Context) (*engine.DriverConn, error) {
	k, err := d.conn.Checkout(ctx)
	if err != nil {
		return nil, err
	}
	return k.Conn(), nil
}

// Query runs a statement.
func (d *Database) Query(ctx context.Context, sql string, args []any) (repl.Result, error) {
	conn, err := d.driver(ctx)
	if err != nil {
		return nil, err
	}
	auto := conn.Autocommit
	conn.Autocommit = auto || !d.conn.InTransaction()
	defer func() { conn.Autocommit = auto }()
	d.lost = false
	r, err := d.query(ctx, conn, sql, args)
	if err != nil && d.repeatable(ctx, err, sql) {
		if conn, err = d.reconnect(ctx, err); err != nil {
			return nil, err
		}
		auto = conn.Autocommit
		conn.Autocommit = true
		r, err = d.query(ctx, conn, sql, args)
	}
	if err != nil {
		return nil, d.failed(err, sql, args)
	}
	if conn.Autocommit && !auto && conn.Dialect.Begins(sql) == engine.BeganByServer() {
		// The server has begun a transaction by itself: end it with the statement.
		end := func() error { return conn.Run(context.WithoutCancel(ctx), "COMMIT") }
		if r.cur != nil {
			r.end = end
		} else if err := end(); err != nil {
			return nil, d.failed(err, sql, args)
		}
	}
	return r, nil
}

func (d *Database) query(ctx context.Context, conn *engine.DriverConn, sql string, args []any) (*result, error) {
	if !givesRows(sql, d.Dialect()) {
		r, err := conn.Exec(ctx, sql, args)
		if err != nil {
			return nil, err
		}
		n, err := r.RowsAffected()
		if err != nil {
			n = -1 // the driver does not say
		}
		return &result{affected: n}, nil
	}
	cur, err := conn.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return newResult(d, cur, sql)
}

// repeatable says that a statement whose connection was lost may be run again:
// it reads, and there was no transaction.
func (d *Database) repeatable(ctx context.Context, err error, sql string) bool {
	if ctx.Err() != nil || exc.Of(err) != nil || d.conn.InTransaction() || !d.conn.Engine.Dialect.Failure(err).Disconnect {
		return false
	}
	switch input.Verb(sql, input.SyntaxOf(d.Dialect())) {
	case "select", "values", "show", "explain", "describe", "desc", "table":
		return true
	}
	return false
}

// reconnect takes a new connection in the place of one that was lost.
func (d *Database) reconnect(ctx context.Context, cause error) (*engine.DriverConn, error) {
	d.conn.Disconnected(cause)
	conn, err := d.driver(ctx)
	if err != nil {
		return nil, err
	}
	if d.Notice != nil {
		d.Notice("the connection was lost and made anew: " + d.conn.Engine.Dialect.Failure(cause).Message)
	}
	return conn, nil
}

// givesRows says whether a statement is asked for rows, by its words.
func givesRows(sql, dialect string) bool {
	syntax := input.SyntaxOf(dialect)
	switch input.Verb(sql, syntax) {
	case "insert", "update", "delete", "replace", "merge":
		return input.HasWord(sql, syntax, "returning")
	case "create", "drop", "alter", "begin", "commit", "rollback", "savepoint", "release", "set", "use", "grant", "revoke",
		"truncate", "vacuum", "start", "rename", "do", "comment", "attach", "detach", "reindex", "lock", "unlock", "load":
		return false
	}
	return true
}

// failed words an error as SQLAlchemy does.
func (d *Database) failed(err error, sql string, args []any) error {
	if exc.Of(err) != nil {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	f := d.conn.Engine.Dialect.Failure(err)
	if f.Disconnect {
		d.lost = true
		d.conn.Disconnected(err) // the next statement connects anew
	}
	if conn, e := d.driver(context.Background()); e == nil {
		conn.Aborted = conn.Aborted || f.Aborted && conn.InTransaction
	}
	e := &exc.Error{Class: f.Class, Message: f.Message, Statement: sql, Code: f.Code, Detail: f.Detail, Orig: err,
		ConnectionInvalidated: f.Disconnect}
	if len(args) > 0 {
		e.Params = engine.TupleRepr(args)
	}
	return e
}

// Begin begins a transaction, at once: SQLAlchemy's own begin waits for the
// first statement, and on SQLite for the first change.
func (d *Database) Begin(ctx context.Context, sql string) error {
	t, err := d.conn.Begin(ctx)
	if err != nil {
		return err
	}
	conn, err := d.driver(ctx)
	if err == nil {
		err = conn.Run(ctx, sql)
	}
	if err != nil {
		_ = t.Rollback(context.WithoutCancel(ctx)) // nothing has begun
		return d.failed(err, sql, nil)
	}
	conn.InTransaction, d.begun = true, true
	return nil
}

// Commit commits it.
func (d *Database) Commit(ctx context.Context) error {
	d.begun = false
	return d.conn.Commit(ctx)
}

// Rollback rolls it back.
func (d *Database) Rollback(ctx context.Context) error {
	d.begun = false
	return d.conn.Rollback(ctx)
}

// Uncommitted says that leaving would lose changes. A transaction that a
// SELECT of conn began has none: what the database says of it counts.
func (d *Database) Uncommitted(ctx context.Context) bool {
	if d.conn.Closed() || d.conn.Invalidated() || !d.conn.InTransaction() {
		return false
	}
	conn, err := d.driver(ctx)
	if err != nil || !conn.InTransaction {
		return false
	}
	if !d.begun && d.Dialect() == "postgresql" && !conn.Aborted {
		v, err := d.scalar(ctx, "SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
		return err != nil || truth(v)
	}
	return true
}

// State tells of the transaction.
func (d *Database) State() repl.TxState {
	switch {
	case d.conn.Closed() || d.conn.Invalidated() || d.lost:
		return repl.Lost
	case d.conn.Transaction() == nil:
		return repl.Idle
	}
	if conn, err := d.driver(context.Background()); err == nil && conn.Aborted || !d.conn.InTransaction() {
		return repl.Failed
	}
	return repl.InTx
}

// SetEcho switches the echo of the engine and of this connection.
func (d *Database) SetEcho(mode string) error {
	d.conn.Engine.SetEcho(echoLevel(mode))
	d.conn.Engine.SetEchoWhole(mode == "full")
	d.conn.SetEcho(echoLevel(mode)) // it is open already
	return nil
}

// Close rolls back what is open and gives the connection back.
func (d *Database) Close() error {
	if d.conn.Closed() || d.borrowed && !d.conn.InTransaction() {
		return nil
	}
	ctx := context.Background()
	return d.conn.Close(ctx)
}

// scalar is the first value of a query.
func (d *Database) scalar(ctx context.Context, sql string, args ...any) (any, error) {
	rows, err := d.rows(ctx, sql, args...)
	if err != nil || len(rows) == 0 || len(rows[0]) == 0 {
		return nil, err
	}
	return rows[0][0], nil
}
