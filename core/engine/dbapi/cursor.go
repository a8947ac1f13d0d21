package dbapi

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Connect opens a connection to the URL's database, past any engine, for a
// program of the scope; scope may be nil.
func Connect(ctx context.Context, scope *engine.Scope, d engine.Dialect, u *engine.URL, args map[string]any) (*engine.DriverConn, error) {
	c, err := scope.Open(ctx, d, u, args)
	return c, Error(d, err)
}

// Error is a driver's error in PEP 249's classes.
func Error(d engine.Dialect, err error) error {
	if err == nil {
		return nil
	}
	if e := exc.Of(err); e != nil {
		return e
	}
	return d.Failure(err).Origin(err)
}

// Params are the parameters of one execution: by position, or by name.
type Params struct {
	Names  []string
	Values []any
}

// Positional are parameters by position.
func Positional(values ...any) Params { return Params{Values: values} }

// Named are parameters by name.
func Named(set map[string]any) Params {
	var p Params
	for k := range set {
		p.Names = append(p.Names, k)
	}
	slices.Sort(p.Names)
	p.Values = make([]any, len(p.Names))
	for i, k := range p.Names {
		p.Values[i] = set[k]
	}
	return p
}

// Column is what a cursor knows of a column of its rows.
type Column struct {
	Name string
	// Type is the driver's name of the type, "" where it tells none.
	Type string
}

// Cursor executes statements and holds the rows of the last one.
type Cursor struct {
	Conn *engine.DriverConn
	// ArraySize is how many rows FetchMany gives by itself.
	ArraySize   int
	Description []Column // nil: the statement has no rows
	RowCount    int64    // -1: not known
	LastRowID   any

	// Query is the statement that was executed last, as it was given.
	Query string
	// Factory makes of a row what the cursor's user wants to see; nil: the row.
	// It is an opaque value to this package.
	Factory any

	resultSet
	further []resultSet // of a statement that has several
	next    int         // the row that the next fetch gives
	closed  bool
}

// resultSet are the rows of one result.
type resultSet struct {
	meta    *engine.Meta
	convert []types.Convert
	rows    [][]driver.Value // as the driver gave them
	columns []Column         // nil: it has no rows
}

// NewCursor makes a cursor.
func NewCursor(c *engine.DriverConn) *Cursor { return &Cursor{Conn: c, ArraySize: 1, RowCount: -1} }

func (c *Cursor) usable() error {
	switch {
	case c.Conn.Closed():
		return exc.New(exc.ProgrammingError, "Cannot operate on a closed database.")
	case c.closed:
		return exc.New(exc.ProgrammingError, "Cannot operate on a closed cursor.")
	}
	return nil
}

func (c *Cursor) wire(sql string, p Params) (string, []any, error) {
	if f, ok := c.Conn.Dialect.(engine.FormChecker); ok && p.Values == nil {
		if err := f.CheckForm(sql, nil, 0); err != nil {
			return "", nil, err
		}
	}
	return engine.DriverForm(c.Conn.Dialect, sql, p.Names, p.Values)
}

// Execute runs a statement. Its rows, if it has any, are read at once.
func (c *Cursor) Execute(ctx context.Context, sql string, p Params) error {
	if err := c.usable(); err != nil {
		return err
	}
	c.begin(sql)
	wire, args, err := c.wire(sql, p)
	if err != nil {
		return err
	}
	if !engine.ReturnsRows(wire) {
		r, err := c.Conn.Exec(ctx, wire, args)
		if err != nil {
			return c.failed(err)
		}
		c.done(r, engine.FirstWord(wire))
		return nil
	}
	return c.failed(c.query(ctx, wire, args))
}

// failed notes that PostgreSQL gives up a transaction in which something fails.
func (c *Cursor) failed(err error) error {
	if err != nil && c.Conn.InTransaction && c.Conn.Dialect.Name() == "postgresql" {
		c.Conn.Aborted = true
	}
	return Error(c.Conn.Dialect, err)
}

// begin forgets the last statement.
func (c *Cursor) begin(sql string) {
	c.Description, c.rows, c.further, c.next, c.RowCount, c.Query = nil, nil, nil, 0, -1, sql
}

// done notes what the driver says of a statement without rows.
func (c *Cursor) done(r driver.Result, verb string) {
	switch verb {
	case "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "COPY":
		if n, err := r.RowsAffected(); err == nil {
			c.RowCount = n
		}
	}
	// Python's sqlite3 tells the connection's last row id after anything.
	if verb == "INSERT" || verb == "REPLACE" || c.Conn.Dialect.Name() == "sqlite" {
		if id, err := r.LastInsertId(); err == nil {
			c.LastRowID = id
		}
	}
}

func (c *Cursor) query(ctx context.Context, wire string, args []any) error {
	cur, err := c.Conn.Query(ctx, wire, args)
	if err != nil {
		return err
	}
	defer cur.Close()
	if len(cur.Names()) == 0 {
		_, err := cur.Next()
		return err
	}
	var sets []resultSet
	for more := true; more; more = cur.NextSet() {
		set, err := c.set(cur)
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	if engine.FirstWord(wire) == "CALL" && c.Conn.Dialect.Name() == "mysql" {
		sets = append(sets, resultSet{}) // what the CALL itself comes to
	}
	c.use(sets[0])
	c.further = sets[1:]
	if c.Conn.Dialect.RowsAffectedOfSelect() || engine.FirstWord(wire) != "SELECT" && engine.FirstWord(wire) != "PRAGMA" && engine.FirstWord(wire) != "WITH" {
		c.RowCount = int64(len(c.rows))
	}
	return cur.Close()
}

// set reads the rows of one result.
func (c *Cursor) set(cur *engine.Cursor) (resultSet, error) {
	names, kinds := cur.Names(), cur.Types()
	set := resultSet{meta: engine.NewMeta(names), columns: make([]Column, len(names)), convert: make([]types.Convert, len(names))}
	for i, n := range names {
		set.columns[i] = Column{n, kinds[i]}
		set.convert[i] = c.Conn.Dialect.Natural(kinds[i])
	}
	for {
		row, err := cur.Next()
		if err != nil || row == nil {
			return set, err
		}
		out := slices.Clone(row)
		for i, v := range out {
			if b, ok := v.([]byte); ok {
				out[i] = slices.Clone(b)
			}
		}
		set.rows = append(set.rows, out)
	}
}

// use makes a result the one that is fetched from.
func (c *Cursor) use(set resultSet) {
	c.resultSet, c.Description, c.next = set, set.columns, 0
}

// NextSet goes on to the next result of a statement that has several, such as
// CALL; false: there is none.
func (c *Cursor) NextSet() bool {
	if len(c.further) == 0 {
		return false
	}
	c.use(c.further[0])
	c.further = c.further[1:]
	c.RowCount = int64(len(c.rows))
	return true
}

// ExecuteMany runs a statement once for each set of parameters.
func (c *Cursor) ExecuteMany(ctx context.Context, sql string, sets []Params) error {
	if err := c.usable(); err != nil {
		return err
	}
	c.begin(sql)
	c.RowCount = 0
	if f, ok := c.Conn.Dialect.(engine.FormChecker); ok {
		if err := f.CheckMany(sql); err != nil {
			return err
		}
	}
	for _, p := range sets {
		wire, args, err := c.wire(sql, p)
		if err != nil {
			return err
		}
		r, err := c.Conn.Exec(ctx, wire, args)
		if err != nil {
			return Error(c.Conn.Dialect, err)
		}
		if n, err := r.RowsAffected(); err == nil {
			c.RowCount += n
		}
	}
	return nil
}

// ExecuteScript runs several statements, after committing what is open, as
// Python's sqlite3 does.
func (c *Cursor) ExecuteScript(ctx context.Context, script string) error {
	if err := c.usable(); err != nil {
		return err
	}
	if err := c.Conn.Commit(ctx); err != nil {
		return Error(c.Conn.Dialect, err)
	}
	return Error(c.Conn.Dialect, c.Conn.Run(ctx, script))
}

// CallProc calls a stored procedure and gives the parameters back.
func (c *Cursor) CallProc(ctx context.Context, name string, args []any) ([]any, error) {
	marks := ""
	for i := range args {
		if i > 0 {
			marks += ", "
		}
		marks += "%s"
	}
	verb := "CALL "
	switch c.Conn.Dialect.Name() {
	case "sqlite":
		return nil, exc.New(exc.NotSupportedError, "SQLite has no stored procedures")
	case "postgresql":
		verb = "SELECT * FROM "
	}
	if args == nil {
		args = []any{}
	}
	return args, c.Execute(ctx, verb+name+"("+marks+")", Positional(args...))
}

// rowsWanted refuses to fetch where there can be no rows.
func (c *Cursor) rowsWanted() error {
	if err := c.usable(); err != nil {
		return err
	}
	if c.Description == nil && c.Conn.Dialect.Name() == "postgresql" {
		return exc.New(exc.ProgrammingError, "no results to fetch")
	}
	return nil
}

// FetchOne gives the next row; ok is false when there is none.
func (c *Cursor) FetchOne() (row engine.Row, ok bool, err error) {
	if err := c.rowsWanted(); err != nil {
		return engine.Row{}, false, err
	}
	if c.next >= len(c.rows) {
		return engine.Row{}, false, nil
	}
	row, err = c.row(c.rows[c.next])
	c.next++
	return row, err == nil, err
}

// row gives the driver's values as the DBAPI does.
func (c *Cursor) row(values []driver.Value) (engine.Row, error) {
	out := make([]any, len(values))
	for i, v := range values {
		if f := c.convert[i]; f != nil && v != nil {
			w, err := f(v)
			if err != nil {
				return engine.Row{}, Error(c.Conn.Dialect, err)
			}
			v = w
		}
		out[i] = v
	}
	return engine.NewRow(c.meta, out), nil
}

// Outcome is what the cursor's last statement came to, for a listener that has
// executed a statement of the engine's with it.
func (c *Cursor) Outcome() *engine.Outcome {
	o := &engine.Outcome{Rows: c.rows[c.next:], RowCount: c.RowCount}
	for _, d := range c.Description {
		o.Names, o.Types = append(o.Names, d.Name), append(o.Types, d.Type)
	}
	o.LastRowID, o.HasLastRowID = c.LastRowID.(int64)
	c.rows = nil
	return o
}

// FetchMany gives up to n further rows; ArraySize of them for n < 0.
func (c *Cursor) FetchMany(n int) ([]engine.Row, error) {
	if err := c.rowsWanted(); err != nil {
		return nil, err
	}
	if n < 0 {
		n = c.ArraySize
	}
	n = min(n, len(c.rows)-c.next)
	out := make([]engine.Row, n)
	for i := range out {
		var err error
		if out[i], err = c.row(c.rows[c.next+i]); err != nil {
			return nil, err
		}
	}
	c.next += n
	return out, nil
}

// FetchAll gives all further rows.
func (c *Cursor) FetchAll() ([]engine.Row, error) { return c.FetchMany(1 << 60) }

// RowNumber is how many rows have been fetched.
func (c *Cursor) RowNumber() int { return c.next }

// Scroll moves to another row: by so many, or to that one counted from 0.
func (c *Cursor) Scroll(n int, absolute bool) error {
	if err := c.rowsWanted(); err != nil {
		return err
	}
	if !absolute {
		n += c.next
	}
	if n < 0 || n > len(c.rows) {
		return exc.New(exc.ProgrammingError, "scroll destination out of bounds")
	}
	c.next = n
	return nil
}

// StatusMessage is PostgreSQL's tag of the last statement, "" before the first.
func (c *Cursor) StatusMessage() string {
	words := strings.Fields(strings.ToUpper(c.Query))
	if len(words) == 0 {
		return ""
	}
	switch verb := engine.FirstWord(c.Query); verb {
	case "INSERT":
		return fmt.Sprintf("INSERT 0 %d", c.RowCount)
	case "SELECT", "UPDATE", "DELETE", "MERGE", "COPY":
		return fmt.Sprintf("%s %d", verb, c.RowCount)
	case "WITH", "VALUES", "TABLE":
		return fmt.Sprintf("SELECT %d", c.RowCount)
	case "CREATE", "ALTER", "DROP":
		for _, w := range words[1:] {
			switch w {
			case "TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL", "UNIQUE", "OR", "REPLACE", "RECURSIVE":
				continue
			case "MATERIALIZED":
				w = "MATERIALIZED VIEW"
			}
			return verb + " " + w
		}
		return verb
	default:
		return verb
	}
}

// Close ends the use of the cursor.
func (c *Cursor) Close() { c.closed, c.rows = true, nil }

// Closed reports whether Close was called.
func (c *Cursor) Closed() bool { return c.closed }
