package engine

import (
	"context"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Connection is one connection of an engine, in SQLAlchemy's 2.0 manner: its
// first statement begins a transaction, which lasts until Commit, Rollback or
// Close. It is not for several goroutines at once.
type Connection struct {
	Engine  *Engine
	Events  Events
	options core.Options

	checkout    *Checkout
	transaction *Transaction
	nested      *Transaction
	context     *Transaction // the innermost Within
	savepoints  int
	mayBegin    bool
	reconnects  bool
	echo        Echo
	token       string
	capture     func(line string)
}

// Options are the connection's execution options.
func (c *Connection) Options() core.Options { return c.options }

// Closed reports whether Close was called.
func (c *Connection) Closed() bool { return c.checkout == nil && !c.reconnects }

// Invalidated reports whether the connection was lost, and is to be replaced.
func (c *Connection) Invalidated() bool {
	if c.checkout == nil {
		return c.reconnects
	}
	return !c.checkout.Valid()
}

// connected reports whether there is a connection of the driver to work with.
func (c *Connection) connected() bool { return c.checkout != nil && c.checkout.Valid() }

// Checkout is the pool's side of the connection.
func (c *Connection) Checkout(ctx context.Context) (*Checkout, error) {
	if _, err := c.driver(ctx); err != nil {
		return nil, err
	}
	return c.checkout, nil
}

// driver is the driver's connection; a lost one is replaced.
func (c *Connection) driver(ctx context.Context) (*DriverConn, error) {
	if c.connected() {
		return c.checkout.conn, nil
	}
	if c.Closed() {
		return nil, exc.New(exc.ResourceClosedError, "This Connection is closed")
	}
	if c.transaction != nil {
		return nil, c.invalidTransaction()
	}
	k, err := c.Engine.checkout(ctx, c)
	if err != nil {
		return nil, err
	}
	c.checkout = k
	return k.conn, nil
}

func (c *Connection) invalidTransaction() error {
	kind := ""
	if c.nested != nil {
		kind = "savepoint "
	}
	if c.Engine.Legacy && !c.Invalidated() {
		return exc.New(exc.PendingRollbackError, "This connection is on an inactive %stransaction.  Please rollback() fully before proceeding.", kind)
	}
	return exc.New(exc.PendingRollbackError, "Can't reconnect until invalid %stransaction is rolled back.  Please rollback() fully before proceeding", kind)
}

// SetOptions lays execution options over the connection's own.
func (c *Connection) SetOptions(ctx context.Context, o core.Options) error {
	o = core.Options{}.With(o) // listeners may change it
	if err := each(c, func(e *Events) *Hook[func(*Connection, core.Options) error] { return &e.SetConnectionOption },
		func(f func(*Connection, core.Options) error) error { return f(c, o) }); err != nil {
		return err
	}
	c.options = c.options.With(o) // even if it is refused below
	c.loggingToken(o)
	if err := c.refuseInTransaction(o); err != nil {
		return err
	}
	if c.Engine.concernsConnection(o) {
		conn, err := c.driver(ctx)
		if err != nil {
			return err
		}
		if err := c.Engine.characterize(ctx, conn, o); err != nil {
			return c.Engine.driverError(err)
		}
	}
	return nil
}

func (c *Connection) loggingToken(o core.Options) {
	if t, ok := o["logging_token"].(string); ok && t != "" {
		c.token = "[" + t + "] "
	}
}

// InTransaction reports whether a transaction is open.
func (c *Connection) InTransaction() bool { return c.transaction != nil && c.transaction.active }

// InNestedTransaction reports whether a savepoint is open.
func (c *Connection) InNestedTransaction() bool { return c.nested != nil && c.nested.active }

// Transaction is the current one, begun by Begin or by a statement; nil if none.
func (c *Connection) Transaction() *Transaction { return c.transaction }

// NestedTransaction is the innermost savepoint, nil if none.
func (c *Connection) NestedTransaction() *Transaction { return c.nested }

// Commit commits the current transaction, if there is one.
func (c *Connection) Commit(ctx context.Context) error {
	if c.transaction == nil {
		return nil
	}
	return c.transaction.Commit(ctx)
}

// Rollback rolls the current transaction back, if there is one.
func (c *Connection) Rollback(ctx context.Context) error {
	if c.transaction == nil {
		return nil
	}
	return c.transaction.Rollback(ctx)
}

// Close gives the connection back to the pool. An open transaction is rolled back.
func (c *Connection) Close(ctx context.Context) error {
	var err error
	ended := false
	if c.transaction != nil {
		err = c.transaction.Close(ctx)
		ended = err == nil
	}
	if k := c.checkout; k != nil {
		c.checkout = nil
		if c.Engine.Legacy && !ended && k.conn != nil && c.transaction == nil {
			ended = false
		}
		k.Close(ended)
	}
	c.reconnects = false
	return err
}

// Invalidate throws the driver's connection away. The next use makes another,
// once an open transaction was rolled back.
func (c *Connection) Invalidate(cause error) error {
	if c.Invalidated() {
		return nil
	}
	if c.Closed() {
		return exc.New(exc.ResourceClosedError, "This Connection is closed")
	}
	c.checkout.Invalidate(cause, false)
	c.checkout = nil
	return nil
}

// Disconnected notes that the connection has gone away: the pool's idle ones,
// made before, will have gone with it and are replaced when they are next asked for.
func (c *Connection) Disconnected(cause error) {
	if k := c.checkout; k != nil && k.conn != nil {
		k.Invalidate(cause, false)
		k.pool.invalidateAll()
	}
}

// Detach takes the driver's connection out of the pool: Close will close it.
func (c *Connection) Detach() error {
	if c.Closed() {
		return exc.New(exc.ResourceClosedError, "This Connection is closed")
	}
	if c.checkout == nil || !c.checkout.Valid() {
		return exc.New(exc.InvalidRequestError, "Can't detach an invalidated Connection")
	}
	c.checkout.Detach()
	return nil
}

// usable refuses what may not run now: after an error that ended the
// transaction, or inside a Within whose transaction is over.
func (c *Connection) usable() error {
	if c.transaction != nil && !c.transaction.active || c.nested != nil && !c.nested.active {
		return c.invalidTransaction()
	}
	return c.checkContext()
}

func (c *Connection) checkContext() error {
	if c.context != nil && !c.context.active {
		return exc.New(exc.InvalidRequestError, "Can't operate on closed transaction inside context manager.  Please complete the context manager before emitting further commands.")
	}
	return nil
}

// echoes reports whether the connection shows as much: it must have been asked
// to when it was made, and its engine must be now.
func (c *Connection) echoes(level Echo) bool {
	if c.capture != nil {
		return level <= EchoOn
	}
	return c.echo >= level && c.Engine.Echo() >= level
}

// Capture gives each line of the connection's echo to a function in place of
// showing it, whatever the echo is set to; nil ends that.
func (c *Connection) Capture(f func(line string)) { c.capture = f }

// SetEcho changes how much the connection shows, which is otherwise what its
// engine showed when it was made.
func (c *Connection) SetEcho(level Echo) { c.echo = level }

// log shows a line if the connection echoes.
func (c *Connection) log(line string) {
	if c.capture != nil {
		c.capture(line)
		return
	}
	if c.echoes(EchoOn) {
		c.Engine.write(c.token + line)
	}
}
