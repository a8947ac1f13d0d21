package engine

import (
	"database/sql/driver"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Events are the listeners of an engine or a connection, by SQLAlchemy's names
// of the events. A listener that returns an error stops what it was told of.
type Events struct {
	// BeforeExecute may give another statement and parameters.
	BeforeExecute Hook[beforeExecute]
	AfterExecute  Hook[afterExecute]
	// BeforeCursorExecute may change the SQL and the parameters in place.
	BeforeCursorExecute Hook[cursorExecute]
	AfterCursorExecute  Hook[cursorExecute]
	EngineConnect       Hook[func(c *Connection) error]
	EngineDisposed      Hook[func(e *Engine) error]
	SetConnectionOption Hook[func(c *Connection, o core.Options) error]
	SetEngineOption     Hook[func(e *Engine, o core.Options) error]

	Begin             Hook[func(c *Connection) error]
	Commit            Hook[func(c *Connection) error]
	Rollback          Hook[func(c *Connection) error]
	Savepoint         Hook[func(c *Connection, name string) error]
	RollbackSavepoint Hook[func(c *Connection, name string) error]
	ReleaseSavepoint  Hook[func(c *Connection, name string) error]
	BeginTwoPhase     Hook[func(c *Connection, xid string) error]
	PrepareTwoPhase   Hook[func(c *Connection, xid string) error]
	CommitTwoPhase    Hook[func(c *Connection, xid string, prepared bool) error]
	RollbackTwoPhase  Hook[func(c *Connection, xid string, prepared bool) error]
}

type (
	beforeExecute = func(c *Connection, stmt any, params Params, o core.Options) (any, Params, error)
	afterExecute  = func(c *Connection, stmt any, params Params, o core.Options, r *Result) error
	cursorExecute = func(c *Connection, x *CursorExecution) error
)

// DialectEvents are the listeners of an engine's dialect: they may do what it
// would do.
type DialectEvents struct {
	// HandleError may put another error in the place of the one that happened:
	// instead is what the next listener sees chained, raised ends the telling.
	HandleError Hook[func(x *ErrorContext) (instead, raised error)]
	// DoConnect may change the arguments of the connection that is to be made,
	// or make it.
	DoConnect Hook[func(d Dialect, r *Record, a *ConnectArguments) (*DriverConn, error)]
	// DoExecute and its kin may execute a statement in the driver's place:
	// done says so, and CursorExecution.Outcome what came of it.
	DoExecute         Hook[DoExecute]
	DoExecuteMany     Hook[DoExecute]
	DoExecuteNoParams Hook[DoExecute]
}

// DoExecute may execute a statement in the driver's place.
type DoExecute func(c *Connection, x *CursorExecution) (done bool, err error)

// ConnectArguments are those of a DBAPI's connect(): by position, and by name.
type ConnectArguments struct {
	Positional []any
	Named      map[string]any
}

// Outcome is what came of a statement that a listener has executed.
type Outcome struct {
	Names, Types []string // of the columns; nil: no rows
	Rows         [][]driver.Value
	RowCount     int64
	LastRowID    int64
	HasLastRowID bool
}

// ResetState is how a connection comes back to the pool.
type ResetState struct {
	// Ended: its transaction was open, and closing it has ended it.
	Ended bool
	// Terminated: the connection will not be used again.
	Terminated bool
}

// PoolEvents are the listeners of a pool.
type PoolEvents struct {
	Connect        Hook[func(c *DriverConn, r *Record) error]
	FirstConnect   Hook[func(c *DriverConn, r *Record) error]
	Checkout       Hook[func(c *DriverConn, r *Record, k *Checkout) error]
	Checkin        Hook[func(c *DriverConn, r *Record)]
	Reset          Hook[func(c *DriverConn, r *Record, state ResetState)]
	Invalidate     Hook[func(c *DriverConn, r *Record, cause error)]
	SoftInvalidate Hook[func(c *DriverConn, r *Record, cause error)]
	Close          Hook[func(c *DriverConn, r *Record)]
	Detach         Hook[func(c *DriverConn, r *Record)]
	CloseDetached  Hook[func(c *DriverConn)]
}

// CursorExecution is one statement on its way to the driver.
type CursorExecution struct {
	SQL string // as SQLAlchemy shows it
	// Sets are the parameters, converted, in the order of their places.
	Sets [][]any
	// Names are the parameters' names, for styles that show them.
	Names []string
	Many  bool
	// Execution is the whole of which it is a part.
	Execution *Execution
	// NoParams: the DBAPI is given no parameters at all.
	NoParams bool
	// Outcome is what a DoExecute listener leaves that has executed it.
	Outcome *Outcome
	// Info is for listeners: what before puts there, after finds.
	Info map[string]any

	changed bool
}

// Change replaces the SQL and the parameters.
func (x *CursorExecution) Change(sql string, sets [][]any) {
	x.SQL, x.Sets, x.changed = sql, sets, true
}

// ErrorContext is what handle_error listeners see.
type ErrorContext struct {
	Connection *Connection
	Engine     *Engine
	Dialect    Dialect
	Statement  string
	Execution  *Execution
	Cursor     *CursorExecution // nil: no statement was under way
	Original   error
	Error      *exc.Error
	// Chained is what an earlier listener put in place of Error.
	Chained      error
	IsDisconnect bool
	// InvalidatePool: a disconnect makes the pool drop its other connections.
	InvalidatePool bool
	IsPrePing      bool
}

// scopes are the events that concern the connection: those of the program, of
// its engine and what that was made from, its own.
func (c *Connection) scopes(f func(*Events) error) error {
	if err := f(&c.Engine.scope.Events); err != nil {
		return err
	}
	if err := c.Engine.eachEvents(f); err != nil {
		return err
	}
	return f(&c.Events)
}

func (e *Engine) eachEvents(f func(*Events) error) error {
	if e.parent != nil {
		if err := e.parent.eachEvents(f); err != nil {
			return err
		}
	}
	return f(e.Events)
}

// each calls call with the listeners of one event, until one of them fails.
func each[F any](c *Connection, which func(*Events) *Hook[F], call func(F) error) error {
	return c.scopes(func(e *Events) error {
		for _, f := range which(e).list {
			if err := call(*f); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell calls the listeners that take nothing but the connection.
func (c *Connection) tell(which func(*Events) *Hook[func(*Connection) error]) error {
	return each(c, which, func(f func(*Connection) error) error { return f(c) })
}

func (c *Connection) tellName(name string, which func(*Events) *Hook[func(*Connection, string) error]) error {
	return each(c, which, func(f func(*Connection, string) error) error { return f(c, name) })
}

func (c *Connection) tellPrepared(xid string, prepared bool, which func(*Events) *Hook[func(*Connection, string, bool) error]) error {
	return each(c, which, func(f func(*Connection, string, bool) error) error { return f(c, xid, prepared) })
}
