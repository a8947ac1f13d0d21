package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"alchemysh/repl/input"
	"alchemysh/repl/render"
)

// statement is the SQL that a command of the buffer works on: the one it
// follows, its argument, or the last one.
func (s *Shell) statement(c call) (string, error) {
	sql := c.sql
	if sql == "" {
		sql = s.last
	}
	if sql == "" {
		return "", usageError("%s: there is no statement yet", c.name)
	}
	s.last = sql
	return sql, nil
}

func goCommand(ctx context.Context, s *Shell, c call) error {
	sql, err := s.statement(c)
	if err != nil {
		return err
	}
	if c.command.name == `\gx` {
		old := s.Settings.Expanded
		s.Settings.Expanded = "on"
		defer func() { s.Settings.Expanded = old }()
	}
	if c.args != "" {
		if err := s.sendOnce(c.args, ""); err != nil {
			return err
		}
	}
	err = s.Query(ctx, sql)
	if s.once != nil { // nothing was shown: still close what was opened
		err = errors.Join(err, s.once.close())
		s.once = nil
	}
	return err
}

// collect runs a statement and gives all its rows.
func (s *Shell) collect(ctx context.Context, sql string, args ...any) ([]render.Column, [][]any, error) {
	db, err := s.Database(ctx)
	if err != nil {
		return nil, nil, err
	}
	if len(args) == 0 {
		if sql, args, err = s.bind(sql); err != nil {
			return nil, nil, err
		}
	}
	res, err := db.Query(ctx, sql, args)
	if err != nil {
		return nil, nil, err
	}
	defer res.Close()
	var rows [][]any
	for {
		v, err := res.Next()
		if errors.Is(err, io.EOF) {
			return res.Columns(), rows, nil
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, slices.Clone(v))
	}
}

func gset(ctx context.Context, s *Shell, c call) error {
	sql, err := s.statement(c)
	if err != nil {
		return err
	}
	cols, rows, err := s.collect(ctx, sql)
	if err != nil {
		s.remember(err)
		return err
	}
	if len(rows) != 1 {
		return usageError(`\gset: one row is wanted, the statement gives %d`, len(rows))
	}
	for i, col := range cols {
		s.Lua.Set(c.word(0)+col.Name, rows[0][i])
	}
	return nil
}

func gexec(ctx context.Context, s *Shell, c call) error {
	sql, err := s.statement(c)
	if err != nil {
		return err
	}
	_, rows, err := s.collect(ctx, sql)
	if err != nil {
		s.remember(err)
		return err
	}
	for _, r := range rows {
		for _, v := range r {
			if v == nil {
				continue
			}
			text := render.Text(v)
			s.remark("%s\n", render.Visible(text, true))
			if err := s.Query(ctx, text); err != nil {
				return err
			}
		}
	}
	return nil
}

func watch(ctx context.Context, s *Shell, c call) error {
	sql, err := s.statement(c)
	if err != nil {
		return err
	}
	every, times := 2.0, 0
	for _, w := range c.words() {
		key, value, named := strings.Cut(w, "=")
		switch {
		case named && (key == "c" || key == "count"):
			times, err = strconv.Atoi(value)
		case named && (key == "i" || key == "interval"):
			every, err = strconv.ParseFloat(value, 64)
		default:
			every, err = strconv.ParseFloat(w, 64)
		}
		if err != nil || every < 0 || times < 0 {
			return usageError(`\watch: seconds are wanted, and c=TIMES, not %q`, w)
		}
	}
	pager := s.Settings.Pager
	s.Settings.Pager = "off"
	defer func() { s.Settings.Pager = pager }()
	for n := 1; ; n++ {
		s.remark("%s (every %gs)\n\n", time.Now().Format("Mon Jan _2 15:04:05 2006"), every)
		if err := s.Query(ctx, sql); err != nil {
			if s.Terminal && ctx.Err() != nil { // Ctrl-C is how it ends
				fmt.Fprintln(s.Err)
				return errShown
			}
			return err
		}
		if n == times {
			return nil
		}
		s.remark("\n")
		select {
		case <-ctx.Done():
			if s.Terminal {
				fmt.Fprintln(s.Err)
				return errShown
			}
			return ErrInterrupted
		case <-time.After(time.Duration(every * float64(time.Second))):
		}
	}
}

// crosstab shows a result of three columns as a table of the first by the
// second.
func crosstab(ctx context.Context, s *Shell, c call) error {
	sql, err := s.statement(c)
	if err != nil {
		return err
	}
	cols, rows, err := s.collect(ctx, sql)
	if err != nil {
		s.remember(err)
		return err
	}
	at := []int{0, 1, 2}
	for i, w := range c.words() {
		n, err := strconv.Atoi(w)
		if err != nil {
			n = 1 + slices.IndexFunc(cols, func(c render.Column) bool { return c.Name == w })
		}
		if i > 2 || n < 1 || n > len(cols) {
			return usageError(`\crosstabview: %s is no column of the result`, w)
		}
		at[i] = n - 1
	}
	if len(cols) < 3 {
		return usageError(`\crosstabview: the statement must give at least three columns`)
	}
	const null = "\x00"
	key := func(v any) string {
		if v == nil {
			return null
		}
		return render.Text(v)
	}
	out := &render.Slice{Head: []render.Column{{Name: cols[at[0]].Name}}}
	columns, lines := map[string]int{}, map[string]int{}
	for _, r := range rows {
		k := key(r[at[1]])
		if _, ok := columns[k]; !ok {
			columns[k] = len(out.Head)
			name := k
			if k == null {
				name = s.Settings.Null
			}
			out.Head = append(out.Head, render.Column{Name: name})
		}
	}
	for _, r := range rows {
		k := key(r[at[0]])
		n, ok := lines[k]
		if !ok {
			n = len(out.Data)
			lines[k] = n
			out.Data = append(out.Data, make([]any, len(out.Head)))
			for i := range out.Data[n] {
				out.Data[n][i] = ""
			}
			out.Data[n][0] = r[at[0]]
		}
		cell := &out.Data[n][columns[key(r[at[1]])]]
		if *cell != "" {
			return usageError(`\crosstabview: several values for row %s, column %s`, k, key(r[at[1]]))
		}
		*cell = r[at[2]]
	}
	return s.showRows(out, false)
}

func explain(ctx context.Context, s *Shell, c call) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	sql := c.args
	if sql == "" {
		if sql, err = s.statement(c); err != nil {
			return err
		}
	}
	sql = strings.TrimRight(sql, "; ")
	if c.plus && writes(input.Verb(sql, s.reader.Syntax)) && s.ReadOnly {
		return usageError(`--read-only: \explain+ runs the statement`)
	}
	plan, err := explainPlan(ctx, s, db.Dialect(), sql, c.plus)
	if err != nil {
		s.remember(err)
		return err
	}
	return s.emit(plan)
}

// try runs a statement inside a savepoint, says what it did, and keeps it only
// when the person says so.
func try(ctx context.Context, s *Shell, c call) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	sql := strings.TrimRight(c.args, "; ")
	if sql == "" {
		if sql, err = s.statement(c); err != nil {
			return err
		}
	}
	own := db.State() == Idle
	if own {
		if err := db.Begin(ctx, "BEGIN"); err != nil {
			return err
		}
	}
	exec := func(sql string) error {
		r, err := db.Query(ctx, sql, nil)
		if err != nil {
			return err
		}
		return r.Close()
	}
	undo := func() error {
		if own {
			return db.Rollback(ctx)
		}
		return errors.Join(exec("ROLLBACK TO SAVEPOINT alchemysh_try"), exec("RELEASE SAVEPOINT alchemysh_try"))
	}
	keep := func() error {
		if own {
			return db.Commit(ctx)
		}
		return exec("RELEASE SAVEPOINT alchemysh_try")
	}
	if !own {
		if err := exec("SAVEPOINT alchemysh_try"); err != nil {
			return err
		}
	}
	if err := s.Query(ctx, sql); err != nil {
		return errors.Join(err, undo())
	}
	if s.Terminal && s.confirm("Keep it? [y/N] ") {
		return keep()
	}
	if err := undo(); err != nil {
		return err
	}
	s.remark("Rolled back.\n")
	return nil
}

// confirm asks a question at the terminal; anything but yes is no.
func (s *Shell) confirm(question string) bool {
	a := strings.ToLower(strings.TrimSpace(s.ask(question)))
	return a == "y" || a == "yes"
}

// ask reads a line that the person types.
func (s *Shell) ask(question string) string {
	fmt.Fprint(s.Err, question)
	var answer []byte
	b := make([]byte, 1)
	for {
		n, err := os.Stdin.Read(b)
		if n == 0 || err != nil || b[0] == '\n' {
			return string(answer)
		}
		answer = append(answer, b[0])
	}
}

func editCommand(ctx context.Context, s *Shell, c call) error {
	if err := s.refuseSafe(c.name); err != nil {
		return err
	}
	if s.Edit == nil {
		return usageError("%s: there is no terminal to edit on", c.name)
	}
	if file := c.word(0); file != "" {
		name := expandHome(file)
		data, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		text, err := s.Edit(string(data), ".sql")
		if err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			return err
		}
		return s.Run(ctx, text, Source{Prompt: true})
	}
	text := c.sql
	if text == "" {
		if text = s.last; text == "" && s.History != nil {
			if h := s.History.Entries(); len(h) > 1 {
				text = h[len(h)-2] // the last is \e itself
			}
		}
	}
	text, err := s.Edit(text, ".sql")
	if err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if s.History != nil {
		if err := s.History.Add(strings.TrimSpace(text)); err != nil {
			return err
		}
	}
	fmt.Fprintln(s.Out, render.Visible(strings.TrimSpace(text), true))
	return s.Run(ctx, text, Source{Prompt: true})
}

// gdesc names the columns of a statement's result and their types.
func gdesc(ctx context.Context, s *Shell, c call) error {
	sql, err := s.statement(c)
	if err != nil {
		return err
	}
	if verb := input.Verb(sql, s.reader.Syntax); writes(verb) {
		return usageError(`\gdesc: %s gives no rows`, strings.ToUpper(verb))
	}
	cols, _, err := s.collect(ctx, "SELECT * FROM ("+strings.TrimRight(sql, "; ")+") AS described WHERE 1 = 0")
	if err != nil {
		s.remember(err)
		return err
	}
	out := render.Of([]string{"Column", "Type"})
	for _, col := range cols {
		out.Data = append(out.Data, []any{col.Name, strings.ToLower(col.Type)})
	}
	return s.showRows(out, false)
}

func writeLast(_ context.Context, s *Shell, c call) error {
	sql, err := s.statement(c)
	if err != nil {
		return err
	}
	if c.word(0) == "" {
		return usageError("usage: %s", usageLine(c.command))
	}
	w, done, err := s.open(c.word(0))
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, sql+";\n")
	return errors.Join(err, done())
}

func resetLast(_ context.Context, s *Shell, _ call) error {
	s.last = ""
	s.remark("The last statement is forgotten.\n")
	return nil
}

func printLast(_ context.Context, s *Shell, c call) error {
	sql, err := s.statement(c)
	if err != nil {
		return err
	}
	return s.emit(sql + "\n")
}
