package engine

import (
	"context"
	"database/sql/driver"

	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Dialect is a database that can be connected to: how it writes SQL
// (compile.Dialect), and how its driver is spoken to. A Dialect belongs to one
// engine; Initialize may change its answers to what the server can do.
type Dialect interface {
	compile.Dialect

	// DriverName is the driver SQLAlchemy would use: "pysqlite". UseDriver says
	// that a URL has named another; there is but the one of Go.
	DriverName() string
	UseDriver(name string)
	// Connector is what opens connections to the URL's database. args are
	// create_engine's connect_args.
	Connector(u *URL, args map[string]any) (driver.Connector, error)
	// ConnectArguments are what the URL comes to as arguments of the DBAPI's
	// connect(). A Connector of them alone leads to the same database.
	ConnectArguments(u *URL) (*ConnectArguments, error)
	// DefaultPool is the kind of pool that suits the URL.
	DefaultPool(u *URL) PoolKind
	// Setup prepares a new connection, before anybody sees it.
	Setup(ctx context.Context, c *DriverConn) error
	// Initialize asks the server about itself, once, at the first connection.
	// What it asks through ask is echoed.
	Initialize(ctx context.Context, c *DriverConn, ask func(sql string) ([]any, error)) error

	// Version is the server's, as Initialize found it; nil before.
	Version() []int

	// Failure explains an error of the driver. It is never nil.
	Failure(err error) *Failure
	// Natural converts values of a column that the statement gives no type,
	// by the name that the driver has for its type; nil: as they come.
	Natural(databaseType string) types.Convert

	// PreparesAll: statements without parameters gain from being prepared too.
	PreparesAll() bool
	// Begins reports the SQL to run before a statement, outside a
	// transaction, so that it runs in one; "" if it needs none.
	Begins(sql string) string
	// IsolationLevels are the names of the levels, AUTOCOMMIT among them.
	IsolationLevels() []string
	// DefaultIsolation is the level of a connection that none was set for.
	DefaultIsolation() string
	// SetIsolation brings the connection to a level; "" is the default.
	SetIsolation(ctx context.Context, c *DriverConn, level string) error
	// Isolation is the connection's level.
	Isolation(ctx context.Context, c *DriverConn) (string, error)
	// TwoPhase has the statements of two-phase transactions, nil if the
	// database has none.
	TwoPhase() *TwoPhase
	// Ping finds out whether the connection is alive.
	Ping(ctx context.Context, c *DriverConn) error
	// Watch stops what the connection is doing when ctx ends, without losing
	// the connection where that can be. It gives the context for the driver,
	// and what ends the watch.
	Watch(ctx context.Context, c *DriverConn) (context.Context, func())
	// Adjust may change how the driver reads rows that were just opened.
	Adjust(rows driver.Rows)
	// Stream makes a SELECT fetch its rows from a cursor of the server; nil
	// where the driver streams by itself.
	Stream() *StreamSQL
	// MergesInserts: many rows of an INSERT go out as one statement of many
	// rows, though the echo shows them one by one.
	MergesInserts() bool
	// RowsAffectedOfSelect: the driver counts the rows of a SELECT.
	RowsAffectedOfSelect() bool
}

// Failure is an error of the database in SQLAlchemy's terms.
type Failure struct {
	Class   *exc.Class
	Message string
	// Own is the DBAPI's own class where it is more exact than PEP 249's.
	Own *exc.Class
	// Args are what the DBAPI makes its error with; nil: the message alone.
	Args   []any
	Code   string
	Detail map[string]string
	// Disconnect: the connection is gone.
	Disconnect bool
	// RolledBack: the server has rolled the transaction back.
	RolledBack bool
	// Aborted: the server refuses everything until ROLLBACK.
	Aborted bool
}

// Origin is the DBAPI's own error: without a statement, with the driver's error
// as its cause.
func (f *Failure) Origin(err error) *exc.Error {
	class := f.Own
	if class == nil {
		class = f.Class
	}
	return &exc.Error{Class: class, Message: f.Message, Args: f.Args, Code: f.Code, Detail: f.Detail, Orig: err}
}

// Run executes the statements of two-phase transactions.
type Run struct {
	// Call is what SQLAlchemy does by a call of the DBAPI, unseen by listeners
	// and echo.
	Call func(sql string) error
	// Text is what SQLAlchemy does by text() with the parameter :xid; literal is
	// that with the value in its place, for servers that take no parameter there.
	Text func(sql, xid, literal string) error
}

// TwoPhase are the steps of two-phase transactions on one database.
type TwoPhase struct {
	Begin    func(c *DriverConn, run Run, xid string) error
	Prepare  func(c *DriverConn, run Run, xid string) error
	Commit   func(c *DriverConn, run Run, xid string, prepared bool) error
	Rollback func(c *DriverConn, run Run, xid string, prepared bool) error
	// Recover lists the ids of transactions that are prepared, in column
	// RecoverColumn of its rows.
	Recover       string
	RecoverColumn int
}

// StreamSQL are the statements of a server-side cursor; %s is the statement,
// its name, or the number of rows.
type StreamSQL struct {
	Declare, Fetch, Close string
}
