package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"alchemysh/repl/input"
	"alchemysh/repl/render"
	"alchemysh/repl/transfer"
)

var copyForm = regexp.MustCompile(`(?is)^\s*(to|from)\s+('(?:[^']|'')*'|\S+)\s*(.*)$`)

// splitCopy parts SOURCE to|from FILE OPTIONS. A source may be a query in
// parentheses.
func (s *Shell) splitCopy(text string) (source, direction, file, options string, ok bool) {
	end := input.ParenEnd(text, s.reader.Syntax)
	if end == 0 {
		m := regexp.MustCompile(`(?i)\s(to|from)\s`).FindStringIndex(text)
		if m == nil {
			return
		}
		end = m[0]
	}
	m := copyForm.FindStringSubmatch(text[end:])
	if m == nil {
		return
	}
	return text[:end], strings.ToLower(m[1]), m[2], m[3], true
}

// copyCommand moves rows between the database and a file.
func copyCommand(ctx context.Context, s *Shell, c call) error {
	source, direction, name, rest, ok := s.splitCopy(c.args)
	if !ok {
		return usageError(`usage: %s`, usageLine(c.command))
	}
	options := s.copyOptions(rest)
	file := call{args: name, s: s}.word(0)
	o := transfer.Options{Format: transfer.FormatOf(file), Header: true, OnError: "stop"}
	for _, w := range options {
		key, value, _ := strings.Cut(strings.ToLower(w), "=")
		switch {
		case key == "with" || key == "(" || key == ")":
		case render.Canonical(key) != "" && value == "":
			o.Format = render.Canonical(key)
		case key == "format":
			o.Format = render.Canonical(value)
		case key == "header":
			o.Header = value == "" || value == "on" || value == "true"
		case key == "noheader":
			o.Header = false
		case key == "delimiter" || key == "sep":
			_, o.Separator, _ = strings.Cut(w, "=")
		case key == "null":
			_, o.Null, _ = strings.Cut(w, "=")
			o.NullSet = true
		case key == "on-error" || key == "on_error":
			o.OnError = value
		default:
			return usageError(`\copy: unknown option %s`, w)
		}
	}
	if !slices.Contains([]string{"csv", "tsv", "json", "jsonl"}, o.Format) {
		return usageError(`\copy: csv, tsv, json or jsonl is wanted, not %q`, o.Format)
	}
	if o.OnError != "stop" && o.OnError != "skip" {
		return usageError(`\copy: on-error=stop or on-error=skip, not %q`, o.OnError)
	}
	if direction == "to" {
		return s.copyTo(ctx, source, file, o)
	}
	return s.copyFrom(ctx, source, file, o)
}

// copyOptions reads the options of \copy: KEY=VALUE, or psql's WITH (FORMAT csv,
// HEADER, DELIMITER ';').
func (s *Shell) copyOptions(text string) []string {
	quoted := false
	words := call{s: s, args: strings.Map(func(r rune) rune {
		switch {
		case r == '\'':
			quoted = !quoted
		case !quoted && strings.ContainsRune("(),", r) && !strings.Contains(text, "="): // =, may be a separator
			return ' '
		}
		return r
	}, text)}.words()
	var out []string
	for i := 0; i < len(words); i++ {
		switch w := strings.ToLower(words[i]); w {
		case "format", "delimiter", "null", "on_error":
			if i+1 < len(words) {
				i++
				w += "=" + words[i]
			}
			out = append(out, w)
		case "header":
			if i+1 < len(words) && slices.Contains([]string{"on", "off", "true", "false"}, strings.ToLower(words[i+1])) {
				i++
				w += "=" + strings.ToLower(words[i])
			}
			out = append(out, w)
		default:
			out = append(out, words[i])
		}
	}
	return out
}

func importCommand(ctx context.Context, s *Shell, c call) error {
	file, table := c.word(0), c.word(1)
	if file == "" || table == "" {
		return usageError("usage: %s", usageLine(c.command))
	}
	return s.copyFrom(ctx, s.quote(table), file, transfer.Options{Format: transfer.FormatOf(file), Header: true, OnError: "stop"})
}

// quote quotes an identifier as the dialect does.
func (s *Shell) quote(name string) string {
	if s.DB != nil && (s.DB.Dialect() == "mysql" || s.DB.Dialect() == "mariadb") {
		return "`" + strings.ReplaceAll(name, "`", "``") + "`"
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// copyTo writes the rows of a table or a query to a file. A file is complete
// or it is not there: it gets its name when all is written.
func (s *Shell) copyTo(ctx context.Context, source, file string, o transfer.Options) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	source = strings.TrimSpace(source)
	sql := "SELECT * FROM " + source
	if strings.HasPrefix(source, "(") && strings.HasSuffix(source, ")") {
		sql = source[1 : len(source)-1]
	}
	text, args, err := s.bind(sql)
	if err != nil {
		return err
	}
	res, err := db.Query(ctx, text, args)
	if err != nil {
		return err
	}
	defer res.Close()
	render.Spell(res)
	out, temp, err := s.createFile(file)
	if err != nil {
		return err
	}
	var w io.Writer = out
	options := s.Settings.render()
	options.TuplesOnly = !o.Header
	options.CSVSep = o.Separator
	options.Text = nil
	p := s.progress("rows", 0)
	n, err := render.Write(w, &counted{Rows: res, progress: p}, o.Format, options)
	p.done()
	if out != s.Out {
		closer := out.(io.Closer)
		if e := closer.Close(); err == nil {
			err = e
		}
		if temp != "" {
			if err == nil {
				err = os.Rename(temp, expandHome(file))
			} else {
				os.Remove(temp)
			}
		}
	}
	if err != nil {
		return err
	}
	if out != s.Out {
		s.remark("COPY %d\n", n)
	}
	return nil
}

// createFile opens the target of an export: stdout, or a file that takes its
// name only when it is whole.
func (s *Shell) createFile(name string) (out io.Writer, temp string, err error) {
	if strings.EqualFold(name, "stdout") || name == "-" {
		return s.Out, "", nil
	}
	if err := s.refuseSafe("writing files"); err != nil {
		return nil, "", err
	}
	name = expandHome(name)
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() { // a pipe, a device
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		return f, "", err
	}
	temp = fmt.Sprintf("%s.%d.part", name, os.Getpid())
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	return f, temp, err
}

// batch is how many rows one INSERT carries.
const batch = 100

// copyFrom reads a file into a table, all rows or none; a table that does not
// exist is made, its types inferred from the first rows.
func (s *Shell) copyFrom(ctx context.Context, table, file string, o transfer.Options) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	if s.ReadOnly {
		return usageError(`--read-only: \copy from is refused`)
	}
	var in io.Reader = os.Stdin
	var total int64
	if !strings.EqualFold(file, "stdin") && file != "-" {
		if err := s.refuseSafe("reading files"); err != nil {
			return err
		}
		f, err := os.Open(expandHome(file))
		if err != nil {
			return err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil {
			total = info.Size()
		}
		in = f
	}
	p := s.progress("bytes", total)
	defer p.done()
	reader, err := transfer.NewReader(bufio.NewReaderSize(&countedReader{in, p}, 1<<16), o)
	if err != nil {
		return err
	}
	table, columns := splitColumns(table)
	relation, exists, err := s.lookUp(ctx, table)
	if err != nil {
		return err
	}
	if len(columns) == 0 {
		columns = reader.Columns()
	}
	kinds := make([]string, len(columns))
	if exists {
		types := map[string]string{}
		var order []string
		for _, c := range relation.Columns {
			types[strings.ToLower(c.Name)] = c.Type
			order = append(order, c.Name)
		}
		if len(columns) == 0 {
			columns = order
			kinds = make([]string, len(columns))
		}
		for i, c := range columns {
			t, ok := types[strings.ToLower(c)]
			if !ok {
				return usageError("%s: table %s has no column %q%s", file, table, c, nearest(c, order))
			}
			kinds[i] = t
		}
	} else if len(columns) == 0 {
		return usageError("%s: the file names no columns and there is no table %s", file, table)
	}
	own := db.State() == Idle
	if own {
		if err := db.Begin(ctx, "BEGIN"); err != nil {
			return err
		}
	}
	finish := func(err error) error {
		if !own {
			return err
		}
		if err != nil {
			return errors.Join(err, db.Rollback(context.WithoutCancel(ctx)))
		}
		return db.Commit(ctx)
	}
	n, skipped := 0, 0
	load := func() error {
		if !exists {
			inferred, err := reader.Infer(len(columns))
			if err != nil {
				return err
			}
			var defs []string
			for i, c := range columns {
				kinds[i] = columnType(inferred[i], db.Dialect())
				defs = append(defs, s.quote(c)+" "+kinds[i])
			}
			if err := s.exec(ctx, "CREATE TABLE "+table+" ("+strings.Join(defs, ", ")+")"); err != nil {
				return err
			}
			s.catalog.refresh()
		}
		quoted := make([]string, len(columns))
		for i, c := range columns {
			quoted[i] = s.quote(c)
		}
		head := "INSERT INTO " + table + " (" + strings.Join(quoted, ", ") + ") VALUES "
		var rows [][]any
		var lines []int
		flush := func() error {
			if len(rows) == 0 {
				return nil
			}
			k, err := s.insertRows(ctx, head, rows, lines, o, file)
			n += k
			skipped += len(rows) - k
			rows, lines = rows[:0], lines[:0]
			return err
		}
		for {
			row, line, err := reader.Next(columns)
			if errors.Is(err, io.EOF) {
				return flush()
			}
			if err == nil {
				row, err = transfer.Convert(row, kinds, columns, strings.HasPrefix(o.Format, "json"))
			}
			if err != nil {
				err = fmt.Errorf("%s:%d: %w", file, line, err)
				if o.OnError == "stop" {
					return errors.Join(flush(), err)
				}
				fmt.Fprintln(s.Err, err)
				skipped++
				continue
			}
			rows, lines = append(rows, row), append(lines, line)
			if len(rows) == batch || len(rows)*len(columns) > 900 {
				if err := flush(); err != nil {
					return err
				}
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	if err := finish(load()); err != nil {
		return err
	}
	p.done()
	if skipped > 0 {
		fmt.Fprintf(s.Err, "%d rows were skipped\n", skipped)
	}
	s.remark("COPY %d\n", n)
	return nil
}

// insertRows inserts rows in one statement; when it is refused, one by one
// inside savepoints, to say which row it was.
func (s *Shell) insertRows(ctx context.Context, head string, rows [][]any, lines []int, o transfer.Options, file string) (int, error) {
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
				b.WriteString(s.DB.Placeholder(len(args)))
			}
			b.WriteByte(')')
		}
		r, err := s.DB.Query(ctx, b.String(), args)
		if err != nil {
			return err
		}
		return r.Close()
	}
	guarded := func(rows [][]any) error {
		if err := s.exec(ctx, "SAVEPOINT "+savepoint); err != nil {
			return err
		}
		if err := insert(rows); err != nil {
			return errors.Join(err, s.exec(ctx, "ROLLBACK TO SAVEPOINT "+savepoint))
		}
		return s.exec(ctx, "RELEASE SAVEPOINT "+savepoint)
	}
	if err := guarded(rows); err == nil {
		return len(rows), nil
	} else if ctx.Err() != nil {
		return 0, err
	}
	n := 0
	for i := range rows {
		if err := guarded(rows[i : i+1]); err != nil {
			err = fmt.Errorf("%s:%d: %w", file, lines[i], err)
			if o.OnError == "stop" {
				return n, err
			}
			first, _, _ := strings.Cut(err.Error(), "\n")
			fmt.Fprintln(s.Err, first)
			continue
		}
		n++
	}
	return n, nil
}

// exec runs a statement for the shell's own purposes.
func (s *Shell) exec(ctx context.Context, sql string) error {
	r, err := s.DB.Query(ctx, sql, nil)
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
func (s *Shell) lookUp(ctx context.Context, table string) (*Description, bool, error) {
	schema, name, ok := strings.Cut(table, ".")
	if !ok {
		schema, name = "", table
	}
	unquote := func(n string) string { return strings.Trim(n, "\"`") }
	schema, name = unquote(schema), unquote(name)
	all, err := s.DB.Catalog().Relations(ctx, schema, TableKind, ViewKind)
	if err != nil {
		return nil, false, err
	}
	for _, r := range all {
		if r.Name == name || strings.EqualFold(r.Name, name) {
			d, err := s.DB.Catalog().Describe(ctx, r.Schema, r.Name)
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

// counted tells a progress bar of the rows that pass.
type counted struct {
	render.Rows
	progress *progress
}

func (c *counted) Next() ([]any, error) {
	v, err := c.Rows.Next()
	if err == nil {
		c.progress.add(1)
	}
	return v, err
}

type countedReader struct {
	io.Reader
	progress *progress
}

func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.progress.add(int64(n))
	return n, err
}

// progress is a bar on the terminal for work that takes longer than a moment.
type progress struct {
	w           io.Writer // nil: nobody watches
	unit        string
	n, total    int64
	start, next time.Time
	shown       bool
}

func (s *Shell) progress(unit string, total int64) *progress {
	p := &progress{unit: unit, total: total, start: time.Now()}
	p.next = p.start.Add(time.Second)
	if s.Terminal {
		p.w = s.Err
	}
	return p
}

func (p *progress) add(n int64) {
	p.n += n
	if p.w == nil || p.n%1024 != 0 && p.unit == "rows" {
		return
	}
	now := time.Now()
	if now.Before(p.next) {
		return
	}
	p.next = now.Add(200 * time.Millisecond)
	p.shown = true
	elapsed := now.Sub(p.start).Seconds()
	rate := float64(p.n) / elapsed
	if p.total > 0 && rate > 0 {
		part := min(1, float64(p.n)/float64(p.total))
		full := int(part * 30)
		left := time.Duration(float64(p.total-p.n) / rate * float64(time.Second)).Round(time.Second)
		fmt.Fprintf(p.w, "\r\x1b[K[%s%s] %3.0f%% %s/s, %s left", strings.Repeat("#", full), strings.Repeat("·", 30-full),
			part*100, size(int64(rate)), left)
		return
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s %s, %.0f/s", strconv.FormatInt(p.n, 10), p.unit, rate)
}

func (p *progress) done() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
