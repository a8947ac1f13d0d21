package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"alchemysh/repl/transfer"
)

// rowSource is where rows to load come from: a file, another database.
type rowSource interface {
	// Columns names the columns, nil when the source does not.
	Columns() []string
	// Infer names the kind of each column: integer, number, boolean, date,
	// timestamp, text.
	Infer(columns int) ([]string, error)
	// Next gives the next row, in the order of columns, and its line.
	Next(columns []string) ([]any, int, error)
}

// loader puts rows into a table, all of them or none; a table that does not
// exist is made.
type loader struct {
	s        *Shell
	db       Database
	source   string // for messages
	rows     rowSource
	onError  string // stop, skip
	typed    bool   // the values are JSON's
	progress *progress
	// create makes the table; nil: by the kinds that the source infers.
	create func(ctx context.Context, table string) error

	table      string // quoted where it must be
	columns    []string
	types      []string // of the columns
	exact      bool     // the types are our choice: they may round nothing
	n, skipped int
}

// load loads all rows and gives their number.
func (l *loader) load(ctx context.Context, table string) (int, error) {
	table, columns := splitColumns(table)
	l.table, l.columns = table, columns
	relation, exists, err := lookUp(ctx, l.db, table)
	if err != nil {
		return 0, err
	}
	if len(l.columns) == 0 {
		l.columns = l.rows.Columns()
	}
	if !exists && len(l.columns) == 0 {
		return 0, usageError("%s: the file names no columns and there is no table %s", l.source, table)
	}
	if exists {
		if err := l.match(relation); err != nil {
			return 0, err
		}
	}
	own := l.db.State() == Idle
	if own {
		if err := l.db.Begin(ctx, "BEGIN"); err != nil {
			return 0, err
		}
	}
	err = l.all(ctx, exists)
	if own && err != nil {
		err = errors.Join(err, l.db.Rollback(context.WithoutCancel(ctx)))
	} else if own {
		err = l.db.Commit(ctx)
	}
	if err != nil {
		return 0, err
	}
	l.progress.done()
	if l.skipped > 0 {
		fmt.Fprintf(l.s.Err, "%d rows were skipped\n", l.skipped)
	}
	return l.n, nil
}

// match finds the types of the columns in the table.
func (l *loader) match(relation *Description) error {
	known := map[string]string{}
	var order []string
	for _, c := range relation.Columns {
		known[strings.ToLower(c.Name)] = c.Type
		order = append(order, c.Name)
	}
	if len(l.columns) == 0 {
		l.columns = order
	}
	l.types = make([]string, len(l.columns))
	for i, c := range l.columns {
		t, ok := known[strings.ToLower(c)]
		if !ok {
			return usageError("%s: table %s has no column %q%s", l.source, l.table, c, nearest(c, order))
		}
		l.types[i] = t
	}
	return nil
}

// batch is how many rows one INSERT carries.
const batch = 100

func (l *loader) all(ctx context.Context, exists bool) error {
	if !exists {
		if err := l.makeTable(ctx); err != nil {
			return err
		}
	}
	quoted := make([]string, len(l.columns))
	for i, c := range l.columns {
		quoted[i] = quoteIn(l.db, c)
	}
	head := "INSERT INTO " + l.table + " (" + strings.Join(quoted, ", ") + ") VALUES "
	target := transfer.Target{Columns: l.columns, Types: l.types, Typed: l.typed, Exact: l.exact}
	var rows [][]any
	var lines []int
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		k, err := l.insert(ctx, head, rows, lines)
		l.n += k
		l.skipped += len(rows) - k
		rows, lines = rows[:0], lines[:0]
		return err
	}
	for {
		row, line, err := l.rows.Next(l.columns)
		if errors.Is(err, io.EOF) {
			return flush()
		}
		if err == nil {
			row, err = target.Convert(row)
		}
		if err != nil {
			err = fmt.Errorf("%s:%d: %w", l.source, line, err)
			if l.onError == "stop" {
				return errors.Join(flush(), err)
			}
			fmt.Fprintln(l.s.Err, err)
			l.skipped++
			continue
		}
		rows, lines = append(rows, row), append(lines, line)
		if len(rows) == batch || len(rows)*len(l.columns) > 900 {
			if err := flush(); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// makeTable makes the table that is not there.
func (l *loader) makeTable(ctx context.Context) error {
	l.s.catalog.refresh()
	if l.create != nil {
		if err := l.create(ctx, l.table); err != nil {
			return err
		}
		relation, exists, err := lookUp(ctx, l.db, l.table)
		if err == nil && !exists {
			err = usageError("%s: the table %s could not be made", l.source, l.table)
		}
		if err != nil {
			return err
		}
		return l.match(relation)
	}
	l.exact = true
	inferred, err := l.rows.Infer(len(l.columns))
	if err != nil {
		return err
	}
	l.types = make([]string, len(l.columns))
	var defs []string
	for i, c := range l.columns {
		l.types[i] = columnType(inferred[i], l.db.Dialect())
		defs = append(defs, quoteIn(l.db, c)+" "+l.types[i])
	}
	return execOn(ctx, l.db, "CREATE TABLE "+l.table+" ("+strings.Join(defs, ", ")+")")
}

// insert inserts rows in one statement; when it is refused, one by one inside
// savepoints, to say which row it was.
func (l *loader) insert(ctx context.Context, head string, rows [][]any, lines []int) (int, error) {
	const savepoint = "alchemysh_copy"
	insert := func(rows [][]any) error {
		var b strings.Builder
		b.WriteString(head)
		var args []any
		for i, r := range rows {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteByte('(')
			for j, v := range r {
				if j > 0 {
					b.WriteString(", ")
				}
				args = append(args, v)
				b.WriteString(l.db.Placeholder(len(args)))
			}
			b.WriteByte(')')
		}
		r, err := l.db.Query(ctx, b.String(), args)
		if err != nil {
			return err
		}
		return r.Close()
	}
	ended := false // the transaction, by itself: the disk is full
	guarded := func(rows [][]any) error {
		if err := execOn(ctx, l.db, "SAVEPOINT "+savepoint); err != nil {
			return err
		}
		if err := insert(rows); err != nil {
			ended = execOn(ctx, l.db, "ROLLBACK TO SAVEPOINT "+savepoint) != nil
			return err
		}
		return execOn(ctx, l.db, "RELEASE SAVEPOINT "+savepoint)
	}
	if err := guarded(rows); err == nil {
		return len(rows), nil
	} else if ctx.Err() != nil || ended {
		return 0, err
	}
	n := 0
	for i := range rows {
		if err := guarded(rows[i : i+1]); err != nil {
			err = fmt.Errorf("%s:%d: %w", l.source, lines[i], err)
			if l.onError == "stop" || ended {
				return n, err
			}
			first, _, _ := strings.Cut(err.Error(), "\n")
			fmt.Fprintln(l.s.Err, first)
			continue
		}
		n++
	}
	return n, nil
}

// exec runs a statement for the shell's own purposes.
func (s *Shell) exec(ctx context.Context, sql string) error { return execOn(ctx, s.DB, sql) }

func execOn(ctx context.Context, db Database, sql string) error {
	r, err := db.Query(ctx, sql, nil)
	if err != nil {
		return err
	}
	return r.Close()
}

// splitColumns parts TABLE(a, b) into the table and the columns.
func splitColumns(text string) (string, []string) {
	i := strings.IndexByte(text, '(')
	if i < 0 || !strings.HasSuffix(text, ")") {
		return strings.TrimSpace(text), nil
	}
	var columns []string
	for c := range strings.SplitSeq(text[i+1:len(text)-1], ",") {
		columns = append(columns, strings.Trim(strings.TrimSpace(c), "\"`"))
	}
	return strings.TrimSpace(text[:i]), columns
}

// lookUp describes a table as a person names it.
func lookUp(ctx context.Context, db Database, table string) (*Description, bool, error) {
	schema, name, ok := strings.Cut(table, ".")
	if !ok {
		schema, name = "", table
	}
	unquote := func(n string) string { return strings.Trim(n, "\"`") }
	schema, name = unquote(schema), unquote(name)
	all, err := db.Catalog().Relations(ctx, schema, TableKind, ViewKind)
	if err != nil {
		return nil, false, err
	}
	for _, r := range all {
		if r.Name == name || strings.EqualFold(r.Name, name) {
			d, err := db.Catalog().Describe(ctx, r.Schema, r.Name)
			return d, err == nil, err
		}
	}
	return nil, false, nil
}

// columnType is a database's type for a kind of value found in a file.
func columnType(kind, dialect string) string {
	switch kind {
	case "integer":
		if dialect == "sqlite" {
			return "INTEGER"
		}
		return "BIGINT"
	case "number":
		if dialect == "postgresql" {
			return "NUMERIC"
		}
		if dialect == "sqlite" {
			return "REAL"
		}
		return "DOUBLE"
	case "decimal":
		if dialect == "postgresql" {
			return "NUMERIC"
		}
		return "TEXT" // SQLite has no exact decimals, MySQL's have a fixed number of places
	case "boolean":
		return "BOOLEAN"
	case "date":
		return "DATE"
	case "timestamp":
		if dialect == "mysql" || dialect == "mariadb" {
			return "DATETIME(6)"
		}
		return "TIMESTAMP"
	}
	return "TEXT"
}
