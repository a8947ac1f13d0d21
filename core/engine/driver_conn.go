package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"

	"alchemysh/core/exc"
)

// preparedPerConn is how many prepared statements a connection keeps.
const preparedPerConn = 128

// DriverConn is one connection of the database's driver, with the statements
// it has prepared. It knows no transactions but the driver's own: whoever uses
// it begins and ends them by SQL.
type DriverConn struct {
	Raw     driver.Conn
	Dialect Dialect
	// Autocommit: nothing is begun before a statement.
	Autocommit bool
	// Level is the isolation level that was set, "" for the default.
	Level string
	// InTransaction: a transaction may be open.
	InTransaction bool
	// Aborted and RolledBack are what the last failure said of the transaction.
	Aborted, RolledBack bool
	// Notes are for the dialect: the server's id of the connection.
	Notes map[string]any
	// Info is the connection record's dictionary, for people's own use.
	Info map[string]any

	// BeginWith is what stands after BEGIN: READ ONLY.
	BeginWith string

	characterized map[string]bool // execution options that were set on it

	prepared *lru.LRU[string, *preparedStmt]
	args     []driver.NamedValue
	closed   bool

	schema   *atomic.Int64 // the engine's count of changes of the schema
	seen     int64         // the count when prepared was last valid
	reshaped bool          // the open transaction has changed the schema
}

type preparedStmt struct {
	stmt driver.Stmt
	busy bool // its rows are being read
	gone bool // evicted while busy
}

func (p *preparedStmt) close() {
	if p.busy {
		p.gone = true
		return
	}
	_ = p.stmt.Close()
}

func (p *preparedStmt) release() {
	p.busy = false
	if p.gone {
		_ = p.stmt.Close()
	}
}

// NewDriverConn wraps a driver's connection.
func NewDriverConn(raw driver.Conn, d Dialect) *DriverConn {
	c := &DriverConn{Raw: raw, Dialect: d, Notes: map[string]any{}, Info: map[string]any{}, schema: new(atomic.Int64)}
	c.prepared, _ = lru.NewLRU(preparedPerConn, func(_ string, p *preparedStmt) { p.close() })
	return c
}

// Close closes the connection. What is open in it is rolled back.
func (c *DriverConn) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	c.prepared.Purge()
	return c.Raw.Close()
}

// String names the connection in the echo of the pool.
func (c *DriverConn) String() string {
	module := ""
	if c.Dialect.Name() == "sqlite" {
		module = "sqlite3."
	}
	return fmt.Sprintf("<%sConnection object at %p>", module, c)
}

// Closed reports whether Close was called.
func (c *DriverConn) Closed() bool { return c.closed }

// noteSchema keeps prepared statements from outliving the tables they were
// prepared for: the server has fixed the types of their parameters and results.
// A change counts when it is made and again when it is committed or undone,
// which is when other connections see it.
func (c *DriverConn) noteSchema(sql string) {
	switch firstWord(sql) {
	case "CREATE", "ALTER", "DROP", "RENAME":
		c.reshaped = true
		c.schema.Add(1)
	}
}

func (c *DriverConn) prepare(ctx context.Context, sql string) (*preparedStmt, error) {
	if n := c.schema.Load(); n != c.seen {
		c.prepared.Purge()
		c.seen = n
	}
	if p, ok := c.prepared.Get(sql); ok && !p.busy {
		return p, nil
	}
	var stmt driver.Stmt
	var err error
	if pc, ok := c.Raw.(driver.ConnPrepareContext); ok {
		stmt, err = pc.PrepareContext(ctx, sql)
	} else {
		stmt, err = c.Raw.Prepare(sql)
	}
	if err != nil {
		return nil, err
	}
	p := &preparedStmt{stmt: stmt}
	if c.prepared.Contains(sql) {
		p.gone = true // a second of its kind: closed after use
	} else {
		c.prepared.Add(sql, p)
	}
	return p, nil
}

// ForgetPrepared drops all prepared statements, when the schema has changed.
func (c *DriverConn) ForgetPrepared() { c.prepared.Purge() }

// named puts values into the argument list that every execution shares.
func (c *DriverConn) named(values []any) ([]driver.NamedValue, error) {
	if cap(c.args) < len(values) {
		c.args = make([]driver.NamedValue, len(values))
	}
	args := c.args[:len(values)]
	for i, v := range values {
		dv, err := driverValue(v)
		if err != nil {
			return nil, err
		}
		args[i] = driver.NamedValue{Ordinal: i + 1, Value: dv}
	}
	return args, nil
}

// NamedArg is an argument for a placeholder with a name, where the driver has them.
type NamedArg struct {
	Name  string
	Value any
}

// driverValue makes a value one that drivers take.
func driverValue(v any) (driver.Value, error) {
	switch v := v.(type) {
	case nil, int64, float64, bool, string, []byte, time.Time, uint64:
		return v, nil
	case int:
		return int64(v), nil
	case driver.Valuer:
		return v.Value()
	}
	return v, nil
}

// begin opens the transaction in which sql runs, if none is open.
func (c *DriverConn) begin(ctx context.Context, sql string) error {
	if c.InTransaction || c.Autocommit {
		return nil
	}
	begin := c.Dialect.Begins(sql)
	if begin == "" {
		return nil
	}
	if begin != beganByDriver {
		if err := c.Run(ctx, begin+c.BeginWith); err != nil {
			return err
		}
	}
	c.InTransaction = true
	return nil
}

// beganByDriver is what Begins says where the server begins by itself.
const beganByDriver = " "

// BeganByServer is for dialects whose server begins transactions by itself.
func BeganByServer() string { return beganByDriver }

// Run executes a statement without parameters and without preparing it, and
// begins nothing before.
func (c *DriverConn) Run(ctx context.Context, sql string) error {
	_, err := c.runResult(ctx, sql)
	return err
}

func (c *DriverConn) runResult(ctx context.Context, sql string) (driver.Result, error) {
	c.noteSchema(sql)
	ctx, stop := c.Dialect.Watch(ctx, c)
	defer stop()
	if e, ok := c.Raw.(driver.ExecerContext); ok && !c.Dialect.PreparesAll() {
		r, err := e.ExecContext(ctx, sql, nil)
		if !errors.Is(err, driver.ErrSkip) {
			return r, err
		}
	}
	p, err := c.prepare(ctx, sql)
	if err != nil {
		return nil, err
	}
	return execStmt(ctx, p.stmt, nil)
}

// Value is the first value that a query gives, outside of any transaction.
func (c *DriverConn) Value(ctx context.Context, sql string) (any, error) {
	cur, err := c.query(ctx, sql, nil)
	if err != nil {
		return nil, err
	}
	defer cur.Close()
	row, err := cur.Next()
	if err != nil || len(row) == 0 {
		return nil, err
	}
	if b, ok := row[0].([]byte); ok {
		return string(b), nil
	}
	return row[0], nil
}

// Exec runs a statement that returns no rows.
func (c *DriverConn) Exec(ctx context.Context, sql string, values []any) (driver.Result, error) {
	if err := c.begin(ctx, sql); err != nil {
		return nil, err
	}
	sql, values = c.inline(sql, values)
	if len(values) == 0 {
		return c.runResult(ctx, sql)
	}
	c.noteSchema(sql)
	ctx, stop := c.Dialect.Watch(ctx, c)
	defer stop()
	args, err := c.named(values)
	if err != nil {
		return nil, err
	}
	p, err := c.prepare(ctx, sql)
	if err != nil {
		return nil, err
	}
	p.busy = true
	r, err := execStmt(ctx, p.stmt, args)
	p.release()
	return r, err
}

func execStmt(ctx context.Context, s driver.Stmt, args []driver.NamedValue) (driver.Result, error) {
	if e, ok := s.(driver.StmtExecContext); ok {
		return e.ExecContext(ctx, args)
	}
	//lint:ignore SA1019 a driver without contexts has only this
	return s.Exec(plainValues(args))
}

func plainValues(args []driver.NamedValue) []driver.Value {
	out := make([]driver.Value, len(args))
	for i, a := range args {
		out[i] = a.Value
	}
	return out
}

// Cursor reads the rows of one statement.
type Cursor struct {
	rows  driver.Rows
	stmt  *preparedStmt
	stop  func()
	dest  []driver.Value
	names []string
	types []string
	done  bool
}

// Query runs a statement that returns rows. The cursor must be closed.
func (c *DriverConn) Query(ctx context.Context, sql string, values []any) (*Cursor, error) {
	if err := c.begin(ctx, sql); err != nil {
		return nil, err
	}
	sql, values = c.inline(sql, values)
	c.noteSchema(sql)
	return c.query(ctx, sql, values)
}

// Inliner is a Dialect whose driver has no parameters for some values, which
// it writes into the SQL instead.
type Inliner interface {
	Inline(sql string, values []any) (string, []any)
}

func (c *DriverConn) inline(sql string, values []any) (string, []any) {
	if d, ok := c.Dialect.(Inliner); ok {
		return d.Inline(sql, values)
	}
	return sql, values
}

func (c *DriverConn) query(ctx context.Context, sql string, values []any) (*Cursor, error) {
	ctx, stop := c.Dialect.Watch(ctx, c)
	cur, err := c.open(ctx, sql, values)
	if err != nil {
		stop()
		return nil, err
	}
	cur.stop = stop
	return cur, nil
}

func (c *DriverConn) open(ctx context.Context, sql string, values []any) (*Cursor, error) {
	if len(values) == 0 && !c.Dialect.PreparesAll() {
		if q, ok := c.Raw.(driver.QueryerContext); ok {
			rows, err := q.QueryContext(ctx, sql, nil)
			if err == nil {
				return c.cursor(rows, nil), nil
			}
			if !errors.Is(err, driver.ErrSkip) {
				return nil, err
			}
		}
	}
	args, err := c.named(values)
	if err != nil {
		return nil, err
	}
	p, err := c.prepare(ctx, sql)
	if err != nil {
		return nil, err
	}
	p.busy = true
	var rows driver.Rows
	if q, ok := p.stmt.(driver.StmtQueryContext); ok {
		rows, err = q.QueryContext(ctx, args)
	} else {
		//lint:ignore SA1019 a driver without contexts has only this
		rows, err = p.stmt.Query(plainValues(args))
	}
	if err != nil {
		p.release()
		return nil, err
	}
	return c.cursor(rows, p), nil
}

func (c *DriverConn) cursor(rows driver.Rows, p *preparedStmt) *Cursor {
	c.Dialect.Adjust(rows)
	names := rows.Columns()
	return &Cursor{rows: rows, stmt: p, names: names, dest: make([]driver.Value, len(names))}
}

// Names are the columns' names.
func (cur *Cursor) Names() []string { return cur.names }

// Types are the driver's names for the columns' types.
func (cur *Cursor) Types() []string {
	if cur.types == nil {
		cur.types = make([]string, len(cur.names))
		if t, ok := cur.rows.(driver.RowsColumnTypeDatabaseTypeName); ok {
			for i := range cur.types {
				cur.types[i] = t.ColumnTypeDatabaseTypeName(i)
			}
		}
	}
	return cur.types
}

// Next reads a row into a slice that the next call reuses; nil at the end.
func (cur *Cursor) Next() ([]driver.Value, error) {
	if cur.done {
		return nil, nil
	}
	switch err := cur.rows.Next(cur.dest); {
	case err == nil:
		return cur.dest, nil
	case errors.Is(err, io.EOF):
		cur.done = true
		return nil, nil
	default:
		cur.done = true
		return nil, err
	}
}

// NextSet moves to the next result of a statement that has several.
func (cur *Cursor) NextSet() bool {
	s, ok := cur.rows.(driver.RowsNextResultSet)
	if !ok || !s.HasNextResultSet() || s.NextResultSet() != nil {
		return false
	}
	cur.names, cur.types, cur.done = cur.rows.Columns(), nil, false
	cur.dest = make([]driver.Value, len(cur.names))
	return true
}

// Affected is the number of rows changed, for drivers that tell it of a query.
func (cur *Cursor) Affected() (int64, bool) {
	if r, ok := cur.rows.(interface{ Result() driver.Result }); ok {
		if n, err := r.Result().RowsAffected(); err == nil {
			return n, true
		}
	}
	return 0, false
}

// Close ends the reading.
func (cur *Cursor) Close() error {
	if cur.rows == nil {
		return nil
	}
	err := cur.rows.Close()
	if cur.stmt != nil {
		cur.stmt.release()
	}
	if cur.stop != nil {
		cur.stop()
	}
	cur.rows, cur.done = nil, true
	return err
}

// Commit ends the driver's transaction, if one is open. An error of the
// connection leaves it unknown whether the server has committed.
func (c *DriverConn) Commit(ctx context.Context) error {
	if !c.InTransaction {
		return nil
	}
	err := c.Run(ctx, "COMMIT")
	if err == nil {
		c.ended()
		return nil
	}
	if c.Dialect.Failure(err).Disconnect {
		return &exc.Error{Class: exc.CommitUnknownError, Orig: err, ConnectionInvalidated: true,
			Message: "the connection was lost during COMMIT; it is unknown whether the transaction was committed: " + c.Dialect.Failure(err).Message}
	}
	return err
}

// Rollback undoes the driver's transaction, if one is open.
func (c *DriverConn) Rollback(ctx context.Context) error {
	if !c.InTransaction {
		return nil
	}
	err := c.Run(ctx, "ROLLBACK")
	if err == nil {
		c.ended()
	}
	return err
}

func (c *DriverConn) ended() {
	c.InTransaction, c.Aborted, c.RolledBack = false, false, false
	if c.reshaped {
		c.reshaped = false
		c.schema.Add(1)
	}
}
