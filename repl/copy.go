package repl

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

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

// copyCommand moves rows between the database and a file or another database.
func copyCommand(ctx context.Context, s *Shell, c call) error {
	source, direction, name, rest, ok := s.splitCopy(c.args)
	if !ok {
		return usageError(`usage: %s`, usageLine(c.command))
	}
	other := call{args: name, s: s}.word(0)
	n, err := s.Copy(ctx, direction, source, other, s.copyOptions(rest))
	if err != nil {
		return err
	}
	if !strings.EqualFold(other, "stdout") && other != "-" || direction == "from" {
		s.remark("COPY %d\n", n)
	}
	return nil
}

// Copy moves rows "to" or "from" a file or another database, as \copy does, and
// gives their number. here is a table, or with "to" a query in parentheses; the
// options are KEY or KEY=VALUE.
func (s *Shell) Copy(ctx context.Context, direction, here, there string, options []string) (int, error) {
	o := transfer.Options{Format: transfer.FormatOf(there), Header: true, OnError: "stop"}
	table := ""
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
		case key == "table":
			_, table, _ = strings.Cut(w, "=")
		default:
			return 0, usageError(`\copy: unknown option %s`, w)
		}
	}
	if o.OnError != "stop" && o.OnError != "skip" {
		return 0, usageError(`\copy: on-error=stop or on-error=skip, not %q`, o.OnError)
	}
	if s.OpenOther != nil {
		if db, ok, err := s.OpenOther(ctx, there); err != nil {
			return 0, err
		} else if ok {
			return s.copyBetween(ctx, direction, here, db, table, o)
		}
	}
	if !slices.Contains([]string{"csv", "tsv", "json", "jsonl"}, o.Format) {
		return 0, usageError(`\copy: csv, tsv, json or jsonl is wanted, not %q`, o.Format)
	}
	if direction == "to" {
		return s.copyTo(ctx, here, there, o)
	}
	return s.copyFrom(ctx, here, there, o)
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
	n, err := s.copyFrom(ctx, s.quote(table), file, transfer.Options{Format: transfer.FormatOf(file), Header: true, OnError: "stop"})
	if err == nil {
		s.remark("COPY %d\n", n)
	}
	return err
}

// quote quotes an identifier as the dialect does.
func (s *Shell) quote(name string) string { return quoteIn(s.DB, name) }

func quoteIn(db Database, name string) string {
	if db != nil && (db.Dialect() == "mysql" || db.Dialect() == "mariadb") {
		return "`" + strings.ReplaceAll(name, "`", "``") + "`"
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// copyTo writes the rows of a table or a query to a file. A file is complete
// or it is not there: it gets its name when all is written.
func (s *Shell) copyTo(ctx context.Context, source, file string, o transfer.Options) (int, error) {
	db, err := s.Database(ctx)
	if err != nil {
		return 0, err
	}
	text, args, err := s.bind(copied(source))
	if err != nil {
		return 0, err
	}
	res, err := db.Query(ctx, text, args)
	if err != nil {
		return 0, err
	}
	defer res.Close()
	render.Spell(res)
	out, temp, err := s.createFile(file)
	if err != nil {
		return 0, err
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
	return n, err
}

// copied is the statement that reads a table, or the query in parentheses.
func copied(source string) string {
	source = strings.TrimSpace(source)
	if strings.HasPrefix(source, "(") && strings.HasSuffix(source, ")") {
		return source[1 : len(source)-1]
	}
	return "SELECT * FROM " + source
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

// copyFrom reads a file into a table.
func (s *Shell) copyFrom(ctx context.Context, table, file string, o transfer.Options) (int, error) {
	db, err := s.Database(ctx)
	if err != nil {
		return 0, err
	}
	if s.ReadOnly {
		return 0, usageError(`--read-only: \copy from is refused`)
	}
	var in io.Reader = os.Stdin
	var total int64
	if !strings.EqualFold(file, "stdin") && file != "-" {
		if err := s.refuseSafe("reading files"); err != nil {
			return 0, err
		}
		f, err := os.Open(expandHome(file))
		if err != nil {
			return 0, err
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
		return 0, fmt.Errorf("%s: %w", file, err)
	}
	l := &loader{s: s, db: db, source: file, rows: reader, onError: o.OnError, typed: strings.HasPrefix(o.Format, "json"), progress: p}
	return l.load(ctx, table)
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
