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
	return &exc.Error{Class: f.Class, Message: f.Message, Orig: origin(f, err), Code: f.Code, Detail: f.Detail, ConnectionInvalidated: f.Disconnect}
}

// origin is the DBAPI's own error: the class and the message alone, with the
// driver's error as its cause.
func origin(f *Failure, err error) *exc.Error {
	return &exc.Error{Class: f.Class, Message: f.Message, Code: f.Code, Detail: f.Detail, Orig: err}
}

// failed turns an error that a statement ended in into SQLAlchemy's, tells
// handle_error listeners, and invalidates a connection that was lost. params
// is the text of the parameters.
func (c *Connection) failed(ctx context.Context, err error, sql, params string, x *Execution) error {
	if e := exc.Of(err); e != nil && e == err {
		return c.handled(ctx, &ErrorContext{Statement: sql, Execution: x, Original: err, Error: e, IsDisconnect: e.ConnectionInvalidated})
	}
	f := c.Engine.failure(err)
	if k := c.checkout; k != nil && k.conn != nil {
		if f.RolledBack {
			k.conn.RolledBack = true
			c.killTransaction()
		}
		k.conn.Aborted = k.conn.Aborted || f.Aborted
	}
	e := &exc.Error{Class: f.Class, Message: f.Message, Statement: sql, Params: params, Orig: origin(f, err),
		Code: f.Code, Detail: f.Detail, ConnectionInvalidated: f.Disconnect, HideParams: c.Engine.HideParameters}
	return c.handled(ctx, &ErrorContext{Statement: sql, Execution: x, Original: err, Error: e, IsDisconnect: f.Disconnect, InvalidatePool: true})
}

// handled lets the listeners see the error and acts on a disconnect.
func (c *Connection) handled(ctx context.Context, x *ErrorContext) error {
	x.Connection, x.Engine = c, c.Engine
	var out error = x.Error
	_ = c.eachEvents(func(e *Events) error {
		for _, f := range e.HandleError {
			if replaced := f(x); replaced != nil {
				x.Chained, out = replaced, replaced
			}
		}
		return nil
	})
	if x.IsDisconnect {
		x.Error.ConnectionInvalidated = true
		if k := c.checkout; k != nil && k.conn != nil {
			pool := k.pool
			k.Invalidate(x.Error, false)
			if x.InvalidatePool {
				pool.invalidateAll()
			}
		}
	}
	return out
}

// handleConnectError lets handle_error see that no connection could be made.
func (e *Engine) handleConnectError(x *exc.Error, c *Connection) error {
	ec := &ErrorContext{Engine: e, Connection: c, Original: x.Orig, Error: x, IsDisconnect: x.ConnectionInvalidated}
	var out error = x
	for _, ev := range []*Events{&AllEngines, e.Events} {
		for _, f := range ev.HandleError {
			if replaced := f(ec); replaced != nil {
				ec.Chained, out = replaced, replaced
			}
		}
	}
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
