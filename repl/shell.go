package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"alchemysh/repl/input"
	"alchemysh/repl/render"
)

// Config says what a Shell works with.
type Config struct {
	Lua Evaluator
	DB  Database // nil: not connected
	// Connect opens the database that \c names: a URL, a file or the name of
	// a connection.
	Connect func(ctx context.Context, target string) (Database, error)
	// OpenOther opens what \copy names, when that is a database: a URL, a file
	// that is one, a connection's name.
	OpenOther func(ctx context.Context, target string) (db Database, ok bool, err error)
	// Follow gives the connection that SQL is to run on now: the one given, or
	// another, because Lua's conn or engine has become another. Without one yet
	// it is called with nil.
	Follow func(ctx context.Context, now Database) (Database, error)

	Out, Err io.Writer
	Settings *Settings
	// Terminal says that a person sits in front of Out: pager, colour and
	// questions are allowed.
	Terminal bool
	// Watched says that a person sees Err, and Unseen that nobody sees Out: long
	// work shows a bar, and long scripts do where their results are not in its way.
	Watched, Unseen bool
	Color           bool
	Width           func() int // of the screen, in cells
	Height          func() int
	// Subcommand runs a word of the command line, tutorial or demo, from \tutorial.
	Subcommand func(ctx context.Context, name string, args []string) error
	// Walk runs a walkthrough, a script whose name ends in .md.
	Walk func(ctx context.Context, name, text string) error
	// Secret asks the person for something that is not to be seen.
	Secret func(question string) (string, error)
	// Edit opens the person's editor on a text.
	Edit     func(text, suffix string) (string, error)
	ReadOnly bool
	Sandbox  bool // nothing stays: the prompt says so, and leaving does not ask
	// Quiet leaves out command tags and other remarks.
	Quiet   bool
	Safe    bool
	Timeout time.Duration
	History History
}

// History is where entries are kept.
type History interface {
	Add(text string) error
	Entries() []string
}

// Shell reads items, runs them and shows what they give. It has one Lua state
// and one connection.
type Shell struct {
	Config

	reader    input.Reader
	query     io.Writer // where results go: Out, or \o's file
	closer    io.Closer // of query
	last      string    // the last SQL, for \g and \e
	held      string    // a statement that goes on at the next prompt
	lastErr   error
	failed    bool   // the last statement
	rowCount  int64  // of the last statement: rows shown or changed
	source    string // the file that runs, "" at the prompt
	once      *once  // \once: the destination of the next result only
	depth     int    // of \i
	catalog   *catalogCache
	busy      chan struct{} // closed when an abandoned chunk ends
	recording *recording
	lessons   lessons
	typed     string // the entry that runs, without its semicolon

	branches      []branch // of \if, the innermost last
	branchesBelow int      // those that were open when the file that runs began
}

// once is a destination for one result.
type once struct {
	w      io.Writer
	close  func() error
	format string
}

// New makes a shell.
func New(c Config) *Shell {
	s := &Shell{Config: c}
	if s.Settings == nil {
		s.Settings = NewSettings()
	}
	if s.Width == nil {
		s.Width = func() int { return 0 }
	}
	if s.Height == nil {
		s.Height = func() int { return 0 }
	}
	s.query = s.Out
	s.reader = input.Reader{
		Parse:    c.Lua.Parse,
		Variable: func(name string) bool { _, ok := s.Lua.Get(name); return ok },
		Dotted:   func(name string) bool { return commandTable["."+name] != nil },
	}
	s.connected()
	return s
}

// connected adjusts the shell to its database.
func (s *Shell) connected() {
	s.reader.Syntax = input.SyntaxOf("")
	if s.DB != nil {
		s.reader.Syntax = input.SyntaxOf(s.DB.Dialect())
	}
	s.catalog = newCatalogCache(s)
}

// Whole says whether text is whole items only: Enter runs it.
func (s *Shell) Whole(text string) bool {
	r := s.reader
	if s.habit(text) != text {
		return true
	}
	if s.skipping() {
		text = skipped(text)
	}
	for {
		item, rest, err := r.Next(text)
		if err != nil {
			return false
		}
		if item == nil {
			return true
		}
		text = rest
	}
}

// Run reads all items of text and runs them in order. It stops at the first
// error unless ON_ERROR_STOP is off; then errors are shown and the rest is run.
func (s *Shell) Run(ctx context.Context, text string, o Source) (err error) {
	if !o.Prompt { // what a file opens with \if it closes
		open, below := len(s.branches), s.branchesBelow
		s.branchesBelow = open
		defer func() {
			if len(s.branches) > open && err == nil {
				err = usageError(`%s ends inside \if: \endif is missing`, o.Name)
			}
			s.branches, s.branchesBelow = s.branches[:open], below
		}()
	}
	r := s.reader
	r.SQLOnly, r.Whole = o.SQLOnly, true
	r.Loose = !s.Settings.on("ON_ERROR_STOP") && !o.Prompt
	line := 0
	bar := &progress{}
	if s.Unseen && !o.Prompt {
		bar = s.progress("bytes", int64(len(text)))
		defer bar.done()
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.skipping() {
			rest := skipped(text)
			line += strings.Count(text[:len(text)-len(rest)], "\n")
			text = rest
		}
		item, rest, err := r.Next(text)
		if err != nil {
			return err
		}
		if item == nil {
			return nil
		}
		at := line + item.Line
		if item.Held { // the command that follows decides
			var command *input.Item
			before := rest
			if command, rest, err = r.Next(rest); err != nil {
				return err
			}
			err = s.command(ctx, command.Text, item.Text)
			if !s.takes(command.Text) { // the statement goes on after it
				if o.Prompt && strings.TrimSpace(rest) == "" {
					s.held = item.Text
					return err
				}
				rest = text[:len(text)-len(before)] + "\n" + rest
			}
		} else {
			err = s.item(ctx, item, o, at)
		}
		line += strings.Count(text, "\n") - strings.Count(rest, "\n")
		if err != nil {
			err = located(err, o, at)
			if s.stops(err, o) {
				return err
			}
			s.ShowError(err)
		}
		bar.add(int64(len(text) - len(rest)))
		text = rest
		r.Syntax = s.reader.Syntax // \c may have changed it
	}
}

// Source says where text comes from.
type Source struct {
	Name    string // of the file, for errors
	SQLOnly bool
	Prompt  bool // typed at the prompt
	Args    []string
}

// stops says whether an error ends the script.
func (s *Shell) stops(err error, o Source) bool {
	var exit *Exit
	return errors.As(err, &exit) || errors.Is(err, ErrInterrupted) || errors.Is(err, context.Canceled) ||
		o.Prompt || s.Settings.on("ON_ERROR_STOP")
}

// at adds the place of a script to an error.
type at struct {
	error
	place string
}

func (a *at) Location() string { return a.place }
func (a *at) Unwrap() error    { return a.error }

func located(err error, o Source, line int) error {
	var l Located
	var exit *Exit
	if o.Name == "" || o.Name == "-c" || o.Prompt || errors.As(err, &l) || errors.As(err, &exit) {
		return err
	}
	return &at{err, fmt.Sprintf("%s:%d", o.Name, line+1)}
}

// item runs one item.
func (s *Shell) item(ctx context.Context, item *input.Item, o Source, line int) error {
	switch item.Kind {
	case input.Command:
		return s.command(ctx, item.Text, "")
	case input.SQL:
		s.last = item.Text
		return s.Query(ctx, item.Text)
	}
	text := item.Text
	advice := ""
	if o.Name == "" && s.Lua.Parse(text) == input.Invalid {
		advice = s.meant(text)
	}
	if line > 0 { // errors speak of the lines of the file
		text = strings.Repeat("\n", line) + text
	}
	err := s.Eval(ctx, Chunk{Name: o.Name, Text: text, Expr: item.Expr, Args: o.Args})
	if err != nil && advice != "" {
		return &advised{err, advice}
	}
	return err
}

// advised is an error with what may have been meant.
type advised struct {
	error
	advice string
}

func (a *advised) Error() string { return a.error.Error() + a.advice }
func (a *advised) Unwrap() error { return a.error }

// elsewhere are the words that other shells begin a line with.
var elsewhere = map[string]string{
	"source": `\i FILE runs a file`, "status": `\conninfo tells of the connection`, "tee": `\o FILE sends results to a file`,
	"clear": `\! clear clears the screen`, "connect": `\c NAME connects`, "delimiter": "DELIMITER stands on a line of its own",
}

// meant offers a verb of SQL, or a command, for text that is no Lua: its first
// word is misspelt or another shell's.
func (s *Shell) meant(text string) string {
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	lower := strings.ToLower(word)
	if there := elsewhere[lower]; there != "" {
		return "; " + there
	}
	if _, known := s.Lua.Get(word); known || len(word) < 3 || strings.TrimSpace(rest) == "" || strings.ContainsAny(word, "([{.:=,\"'") {
		return ""
	}
	var verbs []string
	for v := range input.Verbs {
		if v[0]|0x20 == lower[0] || len(v) > 4 {
			verbs = append(verbs, v)
		}
	}
	slices.Sort(verbs)
	return nearest(lower, verbs)
}

// RunFile runs a file: Lua, SQL, or items as at the prompt, by its name and
// its text. The name "-" is standard input.
func (s *Shell) RunFile(ctx context.Context, name string, args []string) error {
	var data []byte
	var err error
	if name == "-" {
		data, err = io.ReadAll(os.Stdin)
		name = "stdin"
	} else {
		data, err = os.ReadFile(name)
	}
	if err != nil {
		return err
	}
	return s.RunText(ctx, name, string(data), args)
}

// RunText runs the text of a file.
func (s *Shell) RunText(ctx context.Context, name, text string, args []string) error {
	text = strings.TrimPrefix(text, "\ufeff")
	defer func(old string) { s.source = old }(s.source)
	s.source = name
	if strings.HasSuffix(name, ".md") && s.Walk != nil {
		return s.Walk(ctx, name, text)
	}
	lua := strings.HasSuffix(name, ".lua")
	if !lua && !strings.HasSuffix(name, ".sql") {
		lua = s.isLua(text)
	}
	if lua {
		if rest, ok := strings.CutPrefix(text, "#!"); ok { // keep the lines' numbers
			text = "--" + rest
		}
		return s.Eval(ctx, Chunk{Name: name, Text: text, Args: args, Script: true})
	}
	return s.Run(ctx, text, Source{Name: name, SQLOnly: strings.HasSuffix(name, ".sql"), Args: args})
}

// isLua says that a whole text is one Lua chunk and does not begin as SQL.
func (s *Shell) isLua(text string) bool {
	r := s.reader
	r.Whole = true
	item, rest, err := r.Next(text)
	return err == nil && item != nil && item.Kind == input.Lua && strings.TrimSpace(rest) == "" && !item.Expr &&
		s.Lua.Parse(item.Text) == input.Complete
}

// Eval runs Lua and shows the values it gives.
func (s *Shell) Eval(ctx context.Context, c Chunk) error {
	if s.busy != nil {
		select {
		case <-s.busy:
			s.busy = nil
		default:
			return usageError("the chunk abandoned before still runs; SQL and commands work meanwhile")
		}
	}
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	start := time.Now()
	hint := s.watchLessons()
	values, err := s.eval(ctx, c)
	if err == nil && !c.Script {
		err = s.showValues(c, values)
	}
	hint()
	s.remember(err)
	s.timing(start)
	return err
}

// abandonAfter is how long a chunk may go on after it was cancelled before
// the prompt comes back without it.
const abandonAfter = 3 * time.Second

// eval runs a chunk; one that does not stop when it is cancelled is left
// behind: a Go function that Lua called cannot be stopped from outside.
func (s *Shell) eval(ctx context.Context, c Chunk) ([]any, error) {
	type answer struct {
		values []any
		err    error
	}
	if !s.Terminal {
		return s.Lua.Eval(ctx, c)
	}
	done := make(chan answer, 1)
	busy := make(chan struct{})
	go func() {
		defer close(busy)
		v, err := s.Lua.Eval(ctx, c)
		done <- answer{v, err}
	}()
	select {
	case a := <-done:
		return a.values, a.err
	case <-ctx.Done():
	}
	select {
	case a := <-done:
		return a.values, a.err
	case <-time.After(abandonAfter):
		s.busy = busy
		return nil, usageError("the chunk does not stop (it is inside one long call): abandoned")
	}
}

func (s *Shell) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.Timeout > 0 {
		return context.WithTimeout(ctx, s.Timeout)
	}
	return ctx, func() {}
}

func (s *Shell) timing(start time.Time) {
	if s.Settings.Timing {
		fmt.Fprintf(s.Err, "Time: %s\n", duration(time.Since(start)))
	}
}

// duration prints a time as psql does, with the longer form from a second on.
func duration(d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	text := fmt.Sprintf("%.3f ms", ms)
	if d >= time.Second {
		text += " (" + d.Round(time.Millisecond).String() + ")"
	}
	return text
}

// Query runs SQL, its :name parameters bound from Lua's variables, and shows
// the rows.
func (s *Shell) Query(ctx context.Context, sql string) error {
	return s.query1(ctx, sql, nil)
}

// Rows runs SQL and gives its rows; nil for a statement without rows, then
// affected is how many it changed.
func (s *Shell) Rows(ctx context.Context, sql string) (rows *render.Slice, affected int64, err error) {
	err = s.query1(ctx, strings.TrimRight(sql, "; \t\r\n"), func(r Result) error {
		affected = r.Affected()
		if len(r.Columns()) == 0 {
			return nil
		}
		rows = &render.Slice{Head: r.Columns()}
		for {
			v, err := r.Next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			rows.Data = append(rows.Data, slices.Clone(v))
		}
	})
	return rows, affected, err
}

// query1 runs SQL; show, when it is not nil, takes the result instead of the
// screen.
func (s *Shell) query1(ctx context.Context, sql string, show func(Result) error) error {
	if _, err := s.Database(ctx); err != nil {
		return err
	}
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	start := time.Now()
	s.rowCount = 0
	err := s.run(ctx, sql, show)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) { // in the words of whichever database
		err = ctx.Err()
	}
	s.failed = err != nil
	s.remember(err)
	s.timing(start)
	return err
}

func (s *Shell) run(ctx context.Context, sql string, show func(Result) error) error {
	verb := input.Verb(sql, s.reader.Syntax)
	if handled, err := s.transaction(ctx, sql, verb); handled {
		return err
	}
	if s.ReadOnly && writes(verb) {
		return usageError("--read-only: %s is refused", strings.ToUpper(verb))
	}
	text, args, err := s.bind(sql)
	if err != nil {
		return err
	}
	res, err := s.DB.Query(ctx, text, args)
	if err != nil {
		return err
	}
	defer res.Close()
	switch {
	case show != nil:
		err = show(res)
	case len(res.Columns()) > 0:
		render.Spell(res)
		err = s.showRows(res, true)
	default:
		s.rowCount = max(0, res.Affected())
		s.showTag(verb, sql, res.Affected())
	}
	if definesSchema[verb] {
		s.catalog.refresh()
	}
	return err
}

// transaction runs the statements that change the transaction through the
// connection, so that it knows its own state.
func (s *Shell) transaction(ctx context.Context, sql, verb string) (bool, error) {
	words := strings.Fields(strings.ToLower(sql))
	simple := len(words) == 1 || len(words) == 2 && (words[1] == "transaction" || words[1] == "work")
	var err error
	if ends := verb == "commit" || verb == "end" || verb == "rollback" || verb == "abort"; ends && simple && s.DB.State() == Idle {
		fmt.Fprintln(s.Err, "WARNING:  there is no transaction in progress")
	}
	switch {
	case simple && s.DB.State() == InTx && (verb == "begin" || verb == "start"):
		fmt.Fprintln(s.Err, "WARNING:  there is already a transaction in progress")
	case verb == "begin", verb == "start" && len(words) > 1 && words[1] == "transaction":
		err = s.DB.Begin(ctx, sql)
	case verb == "commit" && simple, verb == "end" && simple:
		err = s.DB.Commit(ctx)
	case (verb == "rollback" || verb == "abort") && simple:
		err = s.DB.Rollback(ctx)
	default:
		return false, nil
	}
	if err == nil {
		s.remark("%s\n", strings.ToUpper(verb))
	}
	return true, err
}

// writes says that a statement that begins with the verb changes something.
func writes(verb string) bool {
	switch verb {
	case "select", "with", "values", "table", "show", "explain", "describe", "desc", "pragma", "set", "use",
		"savepoint", "release", "rollback", "fetch", "declare", "close", "help", "analyze":
		return false
	}
	return true
}

// definesSchema are the verbs after which the catalog is read anew.
var definesSchema = map[string]bool{"create": true, "drop": true, "alter": true, "rename": true,
	"attach": true, "detach": true, "use": true, "set": true, "import": true}

// bind replaces the :name parameters by the driver's and gives their values.
func (s *Shell) bind(sql string) (string, []any, error) {
	params := input.Params(sql, s.reader.Syntax)
	if len(params) == 0 {
		return sql, nil, nil
	}
	var b strings.Builder
	var args []any
	at := 0
	for _, p := range params {
		v, ok := s.Lua.Get(p.Name)
		if !ok {
			var t string
			if t, ok = s.variable(p.Name); ok {
				v = t
			}
		}
		if !ok {
			return "", nil, usageError("no value for the parameter :%s; give it one in Lua, %s = …", p.Name, p.Name)
		}
		b.WriteString(sql[at:p.Start])
		if at = p.End; p.Identifier {
			b.WriteString(s.quote(render.Text(v)))
			continue
		}
		args = append(args, v)
		b.WriteString(s.DB.Placeholder(len(args)))
	}
	b.WriteString(sql[at:])
	return b.String(), args, nil
}

// remember keeps an error for \errverbose and _err.
func (s *Shell) remember(err error) {
	if err == nil {
		return
	}
	var exit *Exit
	if errors.As(err, &exit) {
		return
	}
	s.lastErr = err
	s.Lua.Set("_err", err)
}

// ShowError tells the person of an error.
func (s *Shell) ShowError(err error) {
	var exit *Exit
	switch {
	case err == nil, errors.As(err, &exit), errors.Is(err, errShown):
		return
	case errors.Is(err, context.DeadlineExceeded):
		fmt.Fprintf(s.Err, "timeout: cancelled after %s\n", s.Timeout)
		return
	case errors.Is(err, context.Canceled), errors.Is(err, ErrInterrupted):
		if s.Terminal { // after the terminal's own ^C
			fmt.Fprintln(s.Err)
		}
		fmt.Fprintln(s.Err, "cancelled")
		return
	}
	text := render.Visible(strings.ReplaceAll(s.describe(err), "\t", "    "), true)
	if h := strings.TrimPrefix(s.hint(err), "; "); h != "" {
		text += "\n" + strings.ToUpper(h[:1]) + h[1:]
	}
	if s.Color {
		first, rest, more := strings.Cut(text, "\n")
		if class, message, ok := strings.Cut(first, ": "); ok && !strings.Contains(class, " ") {
			first = "\x1b[1;31m" + class + ":\x1b[0m " + message
		}
		text = first
		if more {
			text += "\n" + rest
		}
	}
	fmt.Fprintln(s.Err, text)
}

// remark writes a line that is no result: on the screen only.
func (s *Shell) remark(format string, args ...any) {
	if !s.Quiet && !render.IsData(s.Settings.Format) {
		fmt.Fprintf(s.query, format, args...)
	}
}
