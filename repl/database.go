package repl

import (
	"context"

	"alchemysh/repl/render"
)

// Database is the shell's connection: raw SQL goes through it.
type Database interface {
	// Dialect is SQLAlchemy's name of the dialect.
	Dialect() string
	// Name is what the prompt shows; URL hides the password.
	Name() string
	URL() string
	// Version describes the server.
	Version(ctx context.Context) (string, error)
	// Placeholder is the driver's n-th parameter, from 1.
	Placeholder(n int) string
	// Query runs one statement. Outside a transaction it commits by itself.
	Query(ctx context.Context, sql string, args []any) (Result, error)
	// Begin begins a transaction by a statement of the dialect, BEGIN or a
	// longer one.
	Begin(ctx context.Context, sql string) error
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
	State() TxState
	// Uncommitted says that leaving would lose changes.
	Uncommitted(ctx context.Context) bool
	Catalog() Catalog
	// SetEcho switches the echo of SQL: "off", "on", "full", "debug".
	SetEcho(mode string) error
	// SetPassword changes a user's password, "" the connection's own. No error
	// and no echo shows it.
	SetPassword(ctx context.Context, user, password string) error
	// User is the connection's user, "" where there are none.
	User(ctx context.Context) (string, error)
	Close() error
}

// Result is what a statement gave.
type Result interface {
	render.Rows
	// Affected is the number of rows changed, -1 when the statement has none.
	Affected() int64
	Close() error
}

// TxState is the state of a connection's transaction.
type TxState uint8

// What the prompt tells of the connection.
const (
	Idle   TxState = iota
	InTx           // *
	Failed         // !
	Lost           // ?
)

// Catalog is what a database knows about itself.
type Catalog interface {
	Databases(ctx context.Context) ([]Relation, error)
	Schemas(ctx context.Context) ([]string, error)
	DefaultSchema(ctx context.Context) (string, error)
	// Relations lists what a schema holds; "" is the default schema.
	Relations(ctx context.Context, schema string, kinds ...string) ([]Relation, error)
	Describe(ctx context.Context, schema, name string) (*Description, error)
	// Columns names the columns of all tables of the default schema.
	Columns(ctx context.Context) (map[string][]string, error)
	// Listing answers "functions", "roles", "types", "privileges" or "extensions"
	// for a schema; "" is the default.
	Listing(ctx context.Context, what, schema string) (title string, rows *render.Slice, err error)
	// Source is the CREATE statement of a "function" or a "view".
	Source(ctx context.Context, kind, name string) ([]string, error)
	// Diagram draws the tables: mermaid, dot or text.
	Diagram(ctx context.Context, format string) (string, error)
	// Concurrent says that the catalog may be asked while the connection is
	// in use: it has connections of its own.
	Concurrent() bool
}

// Measurer is what a Catalog may add whose sizes cost reading what they measure:
// they are asked for where they are shown, and are bytes by name. A name "" means
// all that the schema holds.
type Measurer interface {
	Sizes(ctx context.Context, schema, name string) (map[string]int64, error)
}

// The kinds of Relation.
const (
	TableKind    = "table"
	ViewKind     = "view"
	MatViewKind  = "materialized view"
	IndexKind    = "index"
	SequenceKind = "sequence"
)

// Relation is a named thing in a schema.
type Relation struct {
	Schema, Name, Kind string
	Owner, Comment     string
	Table              string // an index's table
	Size               int64  // bytes, -1 unknown
}

// Description is all about one relation.
type Description struct {
	Relation
	Columns      []ColumnInfo
	PrimaryKey   Key
	ForeignKeys  []Reference
	ReferencedBy []Reference
	Indexes      []Index
	Uniques      []Key
	Checks       []Check
	Triggers     []Check
	Definition   string // a view's SELECT
	Create       string // the statements that make it, where the database keeps them
}

// ColumnInfo describes a column.
type ColumnInfo struct {
	Name, Type string
	Nullable   bool
	Default    string
	Extra      string // identity, autoincrement, computed
	Comment    string
}

// Key is a primary key or a unique constraint.
type Key struct {
	Name    string
	Columns []string
}

// Reference is a foreign key. Table is the referring table.
type Reference struct {
	Name          string
	Schema, Table string
	Columns       []string
	ToSchema      string
	ToTable       string
	ToColumns     []string
	Options       string // ON DELETE CASCADE …
}

// Index describes an index.
type Index struct {
	Name    string
	Unique  bool
	Columns []string
	Method  string
	Where   string
}

// Check is a named text: a check constraint, a trigger.
type Check struct{ Name, Text string }
