package engine

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"alchemysh/core/exc"
)

// TransactionKind tells transactions apart.
type TransactionKind uint8

// The kinds of transaction.
const (
	RootTransaction TransactionKind = iota
	NestedTransaction
	TwoPhaseTransaction
	// MarkerTransaction is begin() inside a transaction, as 1.x allows: its
	// commit does nothing, its rollback undoes the whole.
	MarkerTransaction
)

// Transaction is a transaction of a connection: the root one, a savepoint
// within it, or one that two-phase commit coordinates.
type Transaction struct {
	Kind TransactionKind
	// XID is the id of a two-phase transaction, or the name of a savepoint.
	XID string

	conn     *Connection
	active   bool
	dead     bool // the server has rolled it back by itself
	prepared bool
	previous *Transaction // the savepoint around this one
	outer    *Transaction // the Within around this one's
	subject  *Connection  // the connection, while inside Within
	marks    *Transaction // of a marker: the transaction that it is inside of
}

// Connection is where the transaction is.
func (t *Transaction) Connection() *Connection { return t.conn }

// Active reports whether the transaction is neither over nor broken.
func (t *Transaction) Active() bool { return t.active }

// Valid reports whether the transaction can still do something.
func (t *Transaction) Valid() bool { return t.active && !t.conn.Invalidated() }

// attached reports whether the connection still knows the transaction.
func (t *Transaction) attached() bool {
	switch t.Kind {
	case NestedTransaction:
		return t.conn.nested == t
	case MarkerTransaction:
		return t.marks.attached()
	}
	return t.conn.transaction == t
}

const alreadyBegun = "This connection has already initialized a SQLAlchemy Transaction() object via begin() or autobegin; can't call begin() here unless rollback() or commit() is called first."

// Begin begins a transaction.
func (c *Connection) Begin(ctx context.Context) (*Transaction, error) {
	if c.transaction != nil && c.Engine.Legacy {
		return c.mark()
	}
	if c.transaction != nil {
		return nil, exc.New(exc.InvalidRequestError, alreadyBegun)
	}
	return c.beginRoot(ctx)
}

// mark begins a transaction inside another one, in name only.
func (c *Connection) mark() (*Transaction, error) {
	if !c.transaction.active {
		return nil, exc.New(exc.InvalidRequestError, "the current transaction on this connection is inactive.  Please issue a rollback first.")
	}
	inside := c.transaction
	if c.nested != nil {
		inside = c.nested
	}
	return &Transaction{Kind: MarkerTransaction, conn: c, active: true, marks: inside}, nil
}

// endMarker ends a marker; with rollback, the transaction around it is undone
// and left for its owner to end.
func (t *Transaction) endMarker(ctx context.Context, rollback bool) error {
	if !t.active {
		return nil
	}
	t.active = false
	if !rollback || !t.marks.active {
		return nil
	}
	if t.marks.Kind == NestedTransaction {
		return t.marks.Rollback(ctx)
	}
	err := t.marks.rollbackRoot(ctx)
	t.marks.active = false
	return err
}

// autobegin begins a transaction before a statement that has none.
func (c *Connection) autobegin(ctx context.Context) error {
	if !c.mayBegin || c.transaction != nil {
		return nil
	}
	_, err := c.beginRoot(ctx)
	return err
}

// saysAutocommit reports whether the options say that the driver commits by
// itself, which is what is echoed. A connection that has replaced a lost one may
// in fact not: SQLAlchemy does not set options on it again.
func (c *Connection) saysAutocommit() bool {
	if level, given := c.options["isolation_level"].(string); given {
		return normalLevel(level) == autocommitLevel
	}
	return normalLevel(c.Engine.level) == autocommitLevel
}

func (c *Connection) beginRoot(ctx context.Context) (*Transaction, error) {
	if err := c.checkContext(); err != nil {
		return nil, err
	}
	if c.saysAutocommit() {
		c.log("BEGIN (implicit; DBAPI should not BEGIN due to autocommit mode)")
	} else {
		c.log("BEGIN (implicit)")
	}
	if _, err := c.driver(ctx); err != nil {
		return nil, err
	}
	t := &Transaction{conn: c, active: true}
	c.transaction = t
	c.mayBegin = false
	err := c.tell(func(e *Events) *Hook[func(*Connection) error] { return &e.Begin })
	c.mayBegin = true
	if err != nil {
		c.transaction = nil
		return nil, err
	}
	return t, nil
}

// BeginNested begins a savepoint, and a transaction around it if there is none.
func (c *Connection) BeginNested(ctx context.Context) (*Transaction, error) {
	if err := c.autobegin(ctx); err != nil {
		return nil, err
	}
	if err := c.checkContext(); err != nil {
		return nil, err
	}
	// The name is made after the listeners were told, as SQLAlchemy has it.
	if err := c.tellName("", func(e *Events) *Hook[func(*Connection, string) error] { return &e.Savepoint }); err != nil {
		return nil, err
	}
	c.savepoints++
	name := fmt.Sprintf("sa_savepoint_%d", c.savepoints)
	if err := c.command(ctx, "SAVEPOINT "+name); err != nil {
		return nil, err
	}
	t := &Transaction{Kind: NestedTransaction, XID: name, conn: c, active: true, previous: c.nested}
	c.nested = t
	return t, nil
}

// BeginTwoPhase begins a transaction that Prepare can make ready to commit. An
// empty id is replaced by a random one.
func (c *Connection) BeginTwoPhase(ctx context.Context, xid string) (*Transaction, error) {
	if c.transaction != nil {
		return nil, exc.New(exc.InvalidRequestError, "Cannot start a two phase transaction when a transaction is already in progress.")
	}
	two := c.Engine.Dialect.TwoPhase()
	if two == nil {
		return nil, exc.New(exc.NotImplementedError, "two-phase transactions are not supported by '%s'", c.Engine.Dialect.Name())
	}
	if xid == "" {
		var b [16]byte
		_, _ = rand.Read(b[:])
		xid = "_sa_" + hex.EncodeToString(b[:])
	}
	conn, err := c.driver(ctx)
	if err != nil {
		return nil, err
	}
	c.log("BEGIN TWOPHASE (implicit)")
	if err := c.tellName(xid, func(e *Events) *Hook[func(*Connection, string) error] { return &e.BeginTwoPhase }); err != nil {
		return nil, err
	}
	t := &Transaction{Kind: TwoPhaseTransaction, XID: xid, conn: c, active: true}
	c.transaction = t
	if err := two.Begin(conn, c.runner(ctx), xid); err != nil {
		t.active, c.transaction = false, nil
		return nil, err
	}
	return t, nil
}

// runner runs statements of two-phase transactions.
func (c *Connection) runner(ctx context.Context) Run {
	return Run{
		Call: func(sql string) error {
			conn, err := c.driver(ctx)
			if err == nil {
				_, err = conn.Exec(ctx, sql, nil)
			}
			if err != nil {
				return c.failed(ctx, err, nil)
			}
			return nil
		},
		Text: func(sql, xid, literal string) error { return c.literalCommand(ctx, sql, "xid", xid, literal) },
	}
}

// Prepare makes a two-phase transaction ready to commit, come what may.
func (t *Transaction) Prepare(ctx context.Context) error {
	if !t.active {
		return exc.New(exc.InvalidRequestError, "This transaction is inactive")
	}
	c := t.conn
	if t.XID == "" || c.Engine.Dialect.TwoPhase() == nil {
		return exc.New(exc.InvalidRequestError, "prepare() is for a transaction that begin_twophase() began")
	}
	if err := c.tellName(t.XID, func(e *Events) *Hook[func(*Connection, string) error] { return &e.PrepareTwoPhase }); err != nil {
		return err
	}
	conn, err := c.driver(ctx)
	if err != nil {
		return err
	}
	if err := c.Engine.Dialect.TwoPhase().Prepare(conn, c.runner(ctx), t.XID); err != nil {
		return err
	}
	t.prepared = true
	return nil
}

// Commit commits the transaction, or releases the savepoint.
func (t *Transaction) Commit(ctx context.Context) error {
	c := t.conn
	if t.Kind == MarkerTransaction {
		if !t.active {
			return exc.New(exc.InvalidRequestError, "This transaction is inactive")
		}
		if !t.marks.active {
			return c.invalidTransaction()
		}
		return t.endMarker(ctx, false)
	}
	if t.Kind == NestedTransaction {
		if !t.active {
			if c.nested == t {
				return c.invalidTransaction()
			}
			return exc.New(exc.InvalidRequestError, "This nested transaction is inactive")
		}
		err := c.releaseSavepoint(ctx, t.XID)
		t.active = false
		if err == nil {
			t.leaveNested()
		}
		return err
	}
	if !t.active {
		if c.transaction == t {
			return c.invalidTransaction()
		}
		return exc.New(exc.InvalidRequestError, "This transaction is inactive")
	}
	err := t.commitRoot(ctx)
	if c.nested != nil {
		c.nested.cancel()
	}
	t.active = false
	if err == nil {
		c.transaction = nil
	}
	return err
}

func (t *Transaction) commitRoot(ctx context.Context) error {
	c := t.conn
	if t.Kind == TwoPhaseTransaction {
		if err := c.tellPrepared(t.XID, t.prepared, func(e *Events) *Hook[func(*Connection, string, bool) error] { return &e.CommitTwoPhase }); err != nil {
			return err
		}
		conn, err := c.driver(ctx)
		if err != nil {
			return err
		}
		return c.Engine.Dialect.TwoPhase().Commit(conn, c.runner(ctx), t.XID, t.prepared)
	}
	if err := c.tell(func(e *Events) *Hook[func(*Connection) error] { return &e.Commit }); err != nil {
		return err
	}
	if c.saysAutocommit() {
		c.log("COMMIT using DBAPI connection.commit(), has no effect due to autocommit mode")
	} else {
		c.log("COMMIT")
	}
	if !c.connected() { // the attempt is shown, as SQLAlchemy does
		_, err := c.driver(ctx)
		return err
	}
	conn := c.checkout.conn
	if conn.Autocommit {
		return nil
	}
	if conn.Aborted {
		return exc.New(exc.InternalError, "current transaction is aborted, commands ignored until end of transaction block")
	}
	if err := conn.Commit(context.WithoutCancel(ctx)); err != nil {
		return c.failed(ctx, err, nil)
	}
	return nil
}

// Rollback undoes the transaction, or goes back to the savepoint.
func (t *Transaction) Rollback(ctx context.Context) error { return t.end(ctx, true) }

// Close is Rollback, but does nothing to a transaction that is over.
func (t *Transaction) Close(ctx context.Context) error { return t.end(ctx, false) }

func (t *Transaction) end(ctx context.Context, rollback bool) (err error) {
	c := t.conn
	if t.Kind == MarkerTransaction {
		return t.endMarker(ctx, true)
	}
	if t.Kind == NestedTransaction {
		if t.active && c.transaction != nil && c.transaction.active {
			err = c.rollbackSavepoint(ctx, t.XID)
		}
		t.active = false
		t.leaveNested()
		return err
	}
	switch {
	case t.active, t.dead && c.transaction == t && c.connected():
		err = t.rollbackRoot(ctx)
	case c.transaction == t && c.connected() && c.checkout.conn.InTransaction:
		// Its commit has failed. SQLAlchemy leaves it open until the connection
		// goes back to the pool; whoever goes on working here must not find it.
		if err = c.checkout.conn.Rollback(context.WithoutCancel(ctx)); err != nil {
			err = c.failed(ctx, err, nil)
		}
	}
	if c.nested != nil {
		c.nested.cancel()
	}
	t.active = false
	if c.transaction == t {
		c.transaction = nil
	}
	return err
}

func (t *Transaction) rollbackRoot(ctx context.Context) error {
	c := t.conn
	if t.Kind == TwoPhaseTransaction {
		if err := c.tellPrepared(t.XID, t.prepared, func(e *Events) *Hook[func(*Connection, string, bool) error] { return &e.RollbackTwoPhase }); err != nil {
			return err
		}
		if !c.connected() {
			return nil
		}
		return c.Engine.Dialect.TwoPhase().Rollback(c.checkout.conn, c.runner(ctx), t.XID, t.prepared)
	}
	return c.rollback(ctx)
}

// rollback undoes what the driver has open, with its event and its echo.
func (c *Connection) rollback(ctx context.Context) error {
	if err := c.tell(func(e *Events) *Hook[func(*Connection) error] { return &e.Rollback }); err != nil {
		return err
	}
	if !c.connected() {
		return nil
	}
	conn := c.checkout.conn
	switch auto := c.saysAutocommit(); {
	case auto && c.Engine.config.SkipAutocommitRollback:
		c.log("ROLLBACK will be skipped by skip_autocommit_rollback")
		if conn.Autocommit {
			return nil
		}
	case auto:
		c.log("ROLLBACK using DBAPI connection.rollback(); set skip_autocommit_rollback to prevent fully")
	default:
		c.log("ROLLBACK")
	}
	if err := conn.Rollback(context.WithoutCancel(ctx)); err != nil {
		return c.failed(ctx, err, nil)
	}
	return nil
}

// leaveNested makes the savepoint around this one the current one.
func (t *Transaction) leaveNested() {
	if t.conn.nested == t {
		t.conn.nested = t.previous
	}
}

// cancel ends a savepoint whose transaction is over.
func (t *Transaction) cancel() {
	t.active = false
	t.leaveNested()
	if t.previous != nil {
		t.previous.cancel()
	}
}

func (c *Connection) releaseSavepoint(ctx context.Context, name string) error {
	if err := c.tellName(name, func(e *Events) *Hook[func(*Connection, string) error] { return &e.ReleaseSavepoint }); err != nil {
		return err
	}
	return c.command(ctx, "RELEASE SAVEPOINT "+name)
}

func (c *Connection) rollbackSavepoint(ctx context.Context, name string) error {
	if err := c.tellName(name, func(e *Events) *Hook[func(*Connection, string) error] { return &e.RollbackSavepoint }); err != nil {
		return err
	}
	if !c.connected() {
		return nil
	}
	if err := c.command(ctx, "ROLLBACK TO SAVEPOINT "+name); err != nil {
		return err
	}
	c.checkout.conn.Aborted = false
	return nil
}

// killTransaction marks the transaction as over, because the server has
// rolled it back: it refuses everything but Rollback.
func (c *Connection) killTransaction() {
	if c.transaction != nil && c.transaction.Kind == RootTransaction {
		c.transaction.active, c.transaction.dead = false, true
	}
}

// Enter makes the connection refuse statements outside the transaction until
// Exit: what Python's with statement does.
func (t *Transaction) Enter() {
	t.outer, t.subject = t.conn.context, t.conn
	t.conn.context = t
}

// Exit commits the transaction if cause is nil and rolls it back if it is not.
// It returns cause, or what went wrong.
func (t *Transaction) Exit(ctx context.Context, cause error) error {
	elsewhere := t.subject == nil || t.subject.context != t
	defer func() {
		if !elsewhere {
			t.subject.context = t.outer
		}
		t.subject, t.outer = nil, nil
	}()
	if cause == nil && t.active {
		err := t.Commit(ctx)
		if err != nil {
			_ = t.Rollback(ctx)
		}
		return err
	}
	var err error
	switch {
	case t.active:
		err = t.Rollback(ctx)
	case t.attached():
		err = t.Close(ctx)
	}
	if err != nil {
		return err
	}
	return cause
}

// Within runs f in the transaction, then commits, or rolls back if f fails or panics.
func (t *Transaction) Within(ctx context.Context, f func() error) (err error) {
	t.Enter()
	done := false
	defer func() {
		if !done {
			_ = t.Exit(ctx, exc.New(exc.RuntimeError, "panic"))
		}
	}()
	err = f()
	done = true
	return t.Exit(ctx, err)
}

// RecoverTwoPhase lists the ids of prepared transactions.
func (c *Connection) RecoverTwoPhase(ctx context.Context) ([]string, error) {
	two := c.Engine.Dialect.TwoPhase()
	if two == nil {
		return nil, exc.New(exc.NotImplementedError, "two-phase transactions are not supported by '%s'", c.Engine.Dialect.Name())
	}
	r, err := c.ExecDriverSQL(ctx, two.Recover, Params{})
	if err != nil {
		return nil, err
	}
	rows, err := r.All()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, row := range rows {
		if s, ok := row.values[two.RecoverColumn].(string); ok {
			out = append(out, s)
		}
	}
	return out, nil
}

// CommitPrepared commits a prepared transaction by its id.
func (c *Connection) CommitPrepared(ctx context.Context, xid string) error {
	return c.finishPrepared(ctx, xid, func(two *TwoPhase) finishing { return two.Commit })
}

// RollbackPrepared rolls a prepared transaction back by its id.
func (c *Connection) RollbackPrepared(ctx context.Context, xid string) error {
	return c.finishPrepared(ctx, xid, func(two *TwoPhase) finishing { return two.Rollback })
}

// finishing commits or rolls back a two-phase transaction.
type finishing = func(*DriverConn, Run, string, bool) error

func (c *Connection) finishPrepared(ctx context.Context, xid string, how func(*TwoPhase) finishing) error {
	two := c.Engine.Dialect.TwoPhase()
	if two == nil {
		return exc.New(exc.NotImplementedError, "The '%s' dialect has no two-phase transactions", c.Engine.Dialect.Name())
	}
	conn, err := c.driver(ctx)
	if err != nil {
		return err
	}
	if err := conn.Rollback(ctx); err != nil { // of whatever listed the ids
		return c.failed(ctx, err, nil)
	}
	return how(two)(conn, c.runner(ctx), xid, true)
}
