package engine

import (
	"alchemysh/core"
	"alchemysh/core/exc"
)

// Events are the listeners of an engine or a connection, by SQLAlchemy's names
// of the events. Append to them; a listener that returns an error stops what
// it was told of.
type Events struct {
	// BeforeExecute may give another statement and parameters.
	BeforeExecute []func(c *Connection, stmt any, params Params, o core.Options) (any, Params, error)
	AfterExecute  []func(c *Connection, stmt any, params Params, o core.Options, r *Result) error
	// BeforeCursorExecute may change the SQL and the parameters in place.
	BeforeCursorExecute []func(c *Connection, x *CursorExecution) error
	AfterCursorExecute  []func(c *Connection, x *CursorExecution) error
	// HandleError may put another error in the place of the one that happened.
	HandleError []func(x *ErrorContext) error

	EngineConnect       []func(c *Connection) error
	EngineDisposed      []func(e *Engine) error
	SetConnectionOption []func(c *Connection, o core.Options) error
	SetEngineOption     []func(e *Engine, o core.Options) error

	Begin             []func(c *Connection) error
	Commit            []func(c *Connection) error
	Rollback          []func(c *Connection) error
	Savepoint         []func(c *Connection, name string) error
	RollbackSavepoint []func(c *Connection, name string) error
	ReleaseSavepoint  []func(c *Connection, name string) error
	BeginTwoPhase     []func(c *Connection, xid string) error
	PrepareTwoPhase   []func(c *Connection, xid string) error
	CommitTwoPhase    []func(c *Connection, xid string, prepared bool) error
	RollbackTwoPhase  []func(c *Connection, xid string, prepared bool) error
}

// AllEngines are listeners to every engine: event.listen(Engine, …).
var AllEngines Events

// PoolEvents are the listeners of a pool.
type PoolEvents struct {
	Connect        []func(c *DriverConn, r *Record) error
	FirstConnect   []func(c *DriverConn, r *Record) error
	Checkout       []func(c *DriverConn, r *Record, k *Checkout) error
	Checkin        []func(c *DriverConn, r *Record)
	Reset          []func(c *DriverConn, r *Record, ended bool)
	Invalidate     []func(c *DriverConn, r *Record, cause error)
	SoftInvalidate []func(c *DriverConn, r *Record, cause error)
	Close          []func(c *DriverConn, r *Record)
	Detach         []func(c *DriverConn, r *Record)
	CloseDetached  []func(c *DriverConn)
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
	Statement  string
	Execution  *Execution
	Original   error
	Error      *exc.Error
	// Chained is what an earlier listener put in place of Error.
	Chained      error
	IsDisconnect bool
	// InvalidatePool: a disconnect makes the pool drop its other connections.
	InvalidatePool bool
	IsPrePing      bool
}

// eachEvents calls f for the listeners that concern the connection: those of
// all engines, of its engine, its own.
func (c *Connection) eachEvents(f func(*Events) error) error {
	if err := f(&AllEngines); err != nil {
		return err
	}
	if err := f(c.Engine.Events); err != nil {
		return err
	}
	return f(&c.Events)
}

// tell calls the listeners that take nothing but the connection.
func (c *Connection) tell(which func(*Events) []func(*Connection) error) error {
	return c.eachEvents(func(e *Events) error {
		for _, f := range which(e) {
			if err := f(c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Connection) tellName(name string, which func(*Events) []func(*Connection, string) error) error {
	return c.eachEvents(func(e *Events) error {
		for _, f := range which(e) {
			if err := f(c, name); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Connection) tellPrepared(xid string, prepared bool, which func(*Events) []func(*Connection, string, bool) error) error {
	return c.eachEvents(func(e *Events) error {
		for _, f := range which(e) {
			if err := f(c, xid, prepared); err != nil {
				return err
			}
		}
		return nil
	})
}
