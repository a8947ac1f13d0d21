package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/repl/input"
)

// Sandbox is a server's database in which nothing stays: all connections of
// its engine are one connection of the server, in one transaction that ends
// with ROLLBACK. What begins, commits and rolls back inside it are savepoints.
//
// MySQL commits by itself when a schema is changed; such statements are
// refused there. Sequences go on counting: databases do not roll them back.
type Sandbox struct {
	connector driver.Connector
	mysql     bool

	mu     sync.Mutex
	raw    driver.Conn
	open   []*sandboxConn // those with a transaction, the outermost first
	number int
}

// NewSandbox makes an engine (a *engine.Engine) like the one given, in a
// sandbox that is to be closed at the end.
func NewSandbox(e any, s Settings) (any, *Sandbox, error) {
	eng := e.(*engine.Engine)
	connector, err := eng.Dialect.Connector(eng.URL, nil)
	if err != nil {
		return nil, nil, err
	}
	b := &Sandbox{connector: connector, mysql: eng.Name() != "postgresql"}
	o := Options(s)
	o.Creator = func(ctx context.Context) (*engine.DriverConn, error) {
		raw, err := b.connect(ctx)
		if err != nil {
			return nil, dbapi.Error(eng.Dialect, err)
		}
		c := engine.NewDriverConn(raw, eng.Dialect)
		return c, dbapi.Error(eng.Dialect, eng.Dialect.Setup(ctx, c))
	}
	inside, err := engine.New(eng.URL, eng.Dialect, o)
	return inside, b, err
}

// Close rolls everything back.
func (b *Sandbox) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.raw == nil {
		return nil
	}
	err := b.run(context.Background(), "ROLLBACK")
	err = errors.Join(err, b.raw.Close())
	b.raw = nil
	return err
}

// connect gives one more user of the one connection.
func (b *Sandbox) connect(ctx context.Context) (driver.Conn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if v, ok := b.raw.(driver.Validator); ok && !v.IsValid() { // lost, and all that was in it
		_ = b.raw.Close()
		b.raw, b.open = nil, nil
	}
	if b.raw == nil {
		raw, err := b.connector.Connect(ctx)
		if err != nil {
			return nil, err
		}
		b.raw = raw
		if err := b.run(ctx, "START TRANSACTION"); err != nil {
			b.raw = nil
			return nil, errors.Join(err, raw.Close())
		}
	}
	return &sandboxConn{box: b}, nil
}

// run executes a statement of the sandbox's own.
func (b *Sandbox) run(ctx context.Context, sql string) error {
	_, err := b.raw.(driver.ExecerContext).ExecContext(ctx, sql, nil)
	return err
}

// sandboxConn is a connection as its user sees it.
type sandboxConn struct {
	box       *Sandbox
	savepoint string // of its transaction, "" when it has none
}

// Unwrap is the driver's connection below.
func (c *sandboxConn) Unwrap() driver.Conn { return c.box.raw }

// errSandbox refuses what the sandbox cannot take back.
type errSandbox string

func (e errSandbox) Error() string {
	return fmt.Sprintf("--sandbox: %s cannot be rolled back, so it is refused", string(e))
}

// commitsItself are the first words of the statements before which MySQL
// commits.
var commitsItself = strings.Fields("alter analyze cache change check create drop flush grant install lock optimize rename repair reset revoke stop truncate uninstall unlock xa")

// control does what a statement that begins or ends a transaction means here;
// done is false for any other.
func (c *sandboxConn) control(ctx context.Context, sql string) (done bool, err error) {
	b := c.box
	words := strings.Fields(strings.ToLower(strings.TrimRight(sql, "; \t\r\n")))
	if len(words) == 0 {
		return false, nil
	}
	second := ""
	if len(words) > 1 {
		second = words[1]
	}
	switch first := words[0]; {
	case first == "begin", first == "start" && second == "transaction":
		return true, c.begin(ctx)
	case (first == "commit" || first == "end") && second != "prepared":
		return true, c.commit(ctx)
	case (first == "rollback" || first == "abort") && second != "to" && second != "prepared" && !slices.Contains(words, "to"):
		return true, c.rollback(ctx)
	case first == "prepare" && second == "transaction", second == "prepared":
		return true, errSandbox(strings.ToUpper(first + " " + second))
	case b.mysql && first == "set" && strings.HasPrefix(second, "autocommit"):
		return true, nil
	case b.mysql && first == "create" && second == "temporary", b.mysql && first == "drop" && second == "temporary":
	case b.mysql && slices.Contains(commitsItself, input.Verb(sql, input.SyntaxOf("mysql"))):
		return true, errSandbox(strings.ToUpper(input.Verb(sql, input.SyntaxOf("mysql"))))
	}
	return false, nil
}

func (c *sandboxConn) begin(ctx context.Context) error {
	if c.savepoint != "" {
		return nil
	}
	c.box.number++
	name := fmt.Sprintf("alchemysh_sandbox_%d", c.box.number)
	if err := c.box.run(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	c.savepoint = name
	c.box.open = append(c.box.open, c)
	return nil
}

// commit releases the savepoint, unless another's transaction has begun since:
// that one's would go with it.
func (c *sandboxConn) commit(ctx context.Context) error {
	b := c.box
	i := slices.Index(b.open, c)
	name := c.savepoint
	c.savepoint = ""
	if i < 0 {
		return nil
	}
	b.open = slices.Delete(b.open, i, i+1)
	if i < len(b.open) {
		return nil
	}
	err := b.run(ctx, "RELEASE SAVEPOINT "+name)
	if err != nil { // a failed transaction: COMMIT rolls it back
		err = errors.Join(b.run(ctx, "ROLLBACK TO SAVEPOINT "+name), b.run(ctx, "RELEASE SAVEPOINT "+name))
	}
	return err
}

// rollback goes back to the savepoint; transactions begun since go with it.
func (c *sandboxConn) rollback(ctx context.Context) error {
	b := c.box
	i := slices.Index(b.open, c)
	name := c.savepoint
	c.savepoint = ""
	if i < 0 {
		return nil
	}
	for _, later := range b.open[i:] {
		later.savepoint = ""
	}
	b.open = b.open[:i]
	return errors.Join(b.run(ctx, "ROLLBACK TO SAVEPOINT "+name), b.run(ctx, "RELEASE SAVEPOINT "+name))
}

// do runs work, which a failure leaves as if it had not begun.
func (c *sandboxConn) do(ctx context.Context, work func() error) error {
	b := c.box
	if b.mysql && c.savepoint == "" { // its server begins transactions by itself
		if err := c.begin(ctx); err != nil {
			return err
		}
	}
	if b.mysql || c.savepoint != "" {
		return work()
	}
	const name = "alchemysh_sandbox"
	if err := b.run(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	err := work()
	if err != nil {
		if e := b.run(context.WithoutCancel(ctx), "ROLLBACK TO SAVEPOINT "+name); e != nil {
			return errors.Join(err, e)
		}
	}
	if e := b.run(context.WithoutCancel(ctx), "RELEASE SAVEPOINT "+name); err == nil {
		err = e
	}
	return err
}

// ExecContext runs a statement without rows.
func (c *sandboxConn) ExecContext(ctx context.Context, sql string, args []driver.NamedValue) (r driver.Result, err error) {
	c.box.mu.Lock()
	defer c.box.mu.Unlock()
	if done, err := c.control(ctx, sql); done {
		return driver.RowsAffected(0), err
	}
	err = c.do(ctx, func() (err error) {
		r, err = c.box.raw.(driver.ExecerContext).ExecContext(ctx, sql, args)
		return err
	})
	return r, err
}

// QueryContext runs a statement with rows, and reads them all: the connection
// has other users.
func (c *sandboxConn) QueryContext(ctx context.Context, sql string, args []driver.NamedValue) (rows driver.Rows, err error) {
	c.box.mu.Lock()
	defer c.box.mu.Unlock()
	if done, err := c.control(ctx, sql); done {
		return &sandboxRows{}, err
	}
	err = c.do(ctx, func() error {
		r, err := c.box.raw.(driver.QueryerContext).QueryContext(ctx, sql, args)
		if err != nil {
			return err
		}
		rows, err = readAll(r)
		return err
	})
	return rows, err
}

// PrepareContext prepares a statement.
func (c *sandboxConn) PrepareContext(ctx context.Context, sql string) (driver.Stmt, error) {
	c.box.mu.Lock()
	defer c.box.mu.Unlock()
	if done, err := c.control(ctx, sql); done {
		return &sandboxStmt{conn: c}, err
	}
	var stmt driver.Stmt
	err := c.do(ctx, func() (err error) {
		stmt, err = c.box.raw.(driver.ConnPrepareContext).PrepareContext(ctx, sql)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &sandboxStmt{c, stmt}, nil
}

// Prepare is PrepareContext.
func (c *sandboxConn) Prepare(sql string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), sql)
}

// Begin is not used: the engine begins by SQL.
func (c *sandboxConn) Begin() (driver.Tx, error) { return nil, driver.ErrSkip }

// Ping asks the server.
func (c *sandboxConn) Ping(ctx context.Context) error {
	c.box.mu.Lock()
	defer c.box.mu.Unlock()
	return c.box.run(ctx, "SELECT 1")
}

// IsValid says whether the connection can be used.
func (c *sandboxConn) IsValid() bool {
	v, ok := c.Unwrap().(driver.Validator)
	return !ok || v.IsValid()
}

// Close leaves the one connection to the others.
func (c *sandboxConn) Close() error {
	c.box.mu.Lock()
	defer c.box.mu.Unlock()
	if c.box.raw == nil {
		return nil
	}
	return c.rollback(context.Background())
}

// sandboxStmt is a prepared statement; without one of the driver's it does
// nothing.
type sandboxStmt struct {
	conn *sandboxConn
	stmt driver.Stmt
}

func (s *sandboxStmt) Close() error {
	if s.stmt == nil {
		return nil
	}
	s.conn.box.mu.Lock()
	defer s.conn.box.mu.Unlock()
	return s.stmt.Close()
}

func (s *sandboxStmt) NumInput() int {
	if s.stmt == nil {
		return 0
	}
	return s.stmt.NumInput()
}

func (s *sandboxStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (r driver.Result, err error) {
	if s.stmt == nil {
		return driver.RowsAffected(0), nil
	}
	s.conn.box.mu.Lock()
	defer s.conn.box.mu.Unlock()
	err = s.conn.do(ctx, func() (err error) {
		r, err = s.stmt.(driver.StmtExecContext).ExecContext(ctx, args)
		return err
	})
	return r, err
}

func (s *sandboxStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (rows driver.Rows, err error) {
	if s.stmt == nil {
		return &sandboxRows{}, nil
	}
	s.conn.box.mu.Lock()
	defer s.conn.box.mu.Unlock()
	err = s.conn.do(ctx, func() error {
		r, err := s.stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
		if err != nil {
			return err
		}
		rows, err = readAll(r)
		return err
	})
	return rows, err
}

func (s *sandboxStmt) Exec(args []driver.Value) (driver.Result, error) {
	return s.ExecContext(context.Background(), named(args))
}

func (s *sandboxStmt) Query(args []driver.Value) (driver.Rows, error) {
	return s.QueryContext(context.Background(), named(args))
}

func named(args []driver.Value) []driver.NamedValue {
	out := make([]driver.NamedValue, len(args))
	for i, v := range args {
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return out
}

// sandboxRows are rows that were read.
type sandboxRows struct {
	names, types []string
	data         [][]driver.Value
}

func readAll(r driver.Rows) (driver.Rows, error) {
	out := &sandboxRows{names: slices.Clone(r.Columns())}
	if t, ok := r.(driver.RowsColumnTypeDatabaseTypeName); ok {
		for i := range out.names {
			out.types = append(out.types, t.ColumnTypeDatabaseTypeName(i))
		}
	}
	for {
		row := make([]driver.Value, len(out.names))
		err := r.Next(row)
		if errors.Is(err, io.EOF) {
			return out, r.Close()
		}
		if err != nil {
			_ = r.Close() // the first error counts
			return nil, err
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok {
				row[i] = slices.Clone(b)
			}
		}
		out.data = append(out.data, row)
	}
}

func (r *sandboxRows) Columns() []string { return r.names }
func (r *sandboxRows) Close() error      { return nil }

func (r *sandboxRows) ColumnTypeDatabaseTypeName(i int) string {
	if i < len(r.types) {
		return r.types[i]
	}
	return ""
}

func (r *sandboxRows) Next(dest []driver.Value) error {
	if len(r.data) == 0 {
		return io.EOF
	}
	copy(dest, r.data[0])
	r.data = r.data[1:]
	return nil
}
