package engine

import (
	"context"
	"errors"

	"alchemysh/core/exc"
)

// failure explains an error of the driver, or of the context that ended it.
func (e *Engine) failure(err error) *Failure {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &Failure{Class: exc.OperationalError, Message: "canceling statement due to statement timeout"}
	case errors.Is(err, context.Canceled):
		return &Failure{Class: exc.OperationalError, Message: "canceling statement due to user request"}
	}
	return e.Dialect.Failure(err)
}

// driverError is an error of the driver that happened outside any statement.
func (e *Engine) driverError(err error) error {
	if x := exc.Of(err); x != nil {
		return x
	}
	f := e.failure(err)
	return &exc.Error{Class: f.Class, Message: f.Message, Orig: f.Origin(err), Code: f.Code, Detail: f.Detail, ConnectionInvalidated: f.Disconnect}
}

// failed turns an error that a statement ended in into SQLAlchemy's, tells
// handle_error listeners, and invalidates a connection that was lost. cx is nil
// where no statement was under way.
func (c *Connection) failed(ctx context.Context, err error, cx *CursorExecution) error {
	var sql, params string
	var x *Execution
	if cx != nil {
		sql, params, x = cx.SQL, cx.text(), cx.Execution
	}
	if e := exc.Of(err); e != nil && e == err && (cx == nil || e.Statement != "" || !e.Class.Derives(exc.DBAPIError)) {
		return c.handled(ctx, &ErrorContext{Statement: sql, Execution: x, Cursor: cx, Original: err, Error: e, IsDisconnect: e.ConnectionInvalidated})
	}
	f := c.Engine.failure(err)
	if k := c.checkout; k != nil && k.conn != nil {
		if f.RolledBack {
			k.conn.RolledBack = true
			c.killTransaction()
		}
		k.conn.Aborted = k.conn.Aborted || f.Aborted
	}
	e := &exc.Error{Class: f.Class, Message: f.Message, Statement: sql, Params: params, Orig: f.Origin(err),
		Code: f.Code, Detail: f.Detail, ConnectionInvalidated: f.Disconnect, HideParams: c.Engine.HideParameters}
	return c.handled(ctx, &ErrorContext{Statement: sql, Execution: x, Cursor: cx, Original: err, Error: e, IsDisconnect: f.Disconnect})
}

// handled lets the listeners see the error and acts on a disconnect.
func (c *Connection) handled(ctx context.Context, x *ErrorContext) error {
	x.Connection, x.InvalidatePool = c, true
	out := c.Engine.handle(x)
	if !x.IsDisconnect && c.transaction == nil && !c.Engine.Legacy {
		// It failed before anything began; SQLAlchemy rolls back all the same.
		_ = c.rollback(ctx)
	}
	switch k := c.checkout; {
	case !x.IsDisconnect || k == nil || k.conn == nil:
	case x.InvalidatePool:
		c.Disconnected(x.Error)
	default:
		k.Invalidate(x.Error, false)
	}
	return out
}

// handleConnectError lets handle_error see that no connection could be made.
func (e *Engine) handleConnectError(x *exc.Error, c *Connection) error {
	return e.handle(&ErrorContext{Connection: c, Original: x.Orig, Error: x, IsDisconnect: x.ConnectionInvalidated, InvalidatePool: true})
}

// pingFailed decides whether a ping has found a connection lost.
func (e *Engine) pingFailed(err error) (lost bool, _ error) {
	x := exc.Of(e.driverError(err))
	c := &ErrorContext{Original: err, Error: x, IsDisconnect: x.ConnectionInvalidated, InvalidatePool: true, IsPrePing: true}
	out := e.handle(c)
	return c.IsDisconnect, out
}

// handle lets the listeners of the dialect see an error, and gives what they
// put in its place.
func (e *Engine) handle(x *ErrorContext) error {
	x.Engine, x.Dialect = e, e.Dialect
	if x.IsPrePing {
		x.Engine = nil // as SQLAlchemy: the pool asks, not the engine
	}
	var out error = x.Error
	for _, f := range heard(&e.scope.Dialect.HandleError, &e.DialectEvents.HandleError) {
		instead, raised := f(x)
		if raised != nil {
			out = raised
			break
		}
		if instead != nil {
			x.Chained, out = instead, instead
		}
	}
	x.Error.ConnectionInvalidated = x.IsDisconnect
	return out
}

// statementError is an error from before the driver was asked: a parameter
// without a value, a value that its type refuses.
func statementError(err error, sql, params string, hide bool) error {
	e := exc.Of(err)
	if e == nil {
		e = exc.Wrap(exc.Exception, err)
	}
	if e.Class.Derives(exc.StatementError) && e.Statement != "" {
		return e
	}
	return &exc.Error{Class: exc.StatementError, Message: e.Message, Statement: sql, Params: params, Orig: e, HideParams: hide}
}
