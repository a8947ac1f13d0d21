package repl

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"alchemysh/repl/render"
)

// showValues shows what a chunk returned: rows as rows, anything else in its
// shown form. A call that gives nil shows nothing, as in Python.
func (s *Shell) showValues(c Chunk, values []any) error {
	if s.Terminal && c.Expr && len(values) == 1 && values[0] == nil {
		defer s.hintName(strings.TrimSpace(c.Text))
	}
	for len(values) > 0 && values[len(values)-1] == nil && (len(values) > 1 || isCall(c.Text)) {
		values = values[:len(values)-1]
	}
	if len(values) == 0 {
		return nil
	}
	if _, rows := values[0].(render.Rows); c.Expr && !rows {
		s.Lua.Set("_", values[0])
	}
	var line []string
	for _, v := range values {
		if rows, ok := v.(render.Rows); ok {
			if len(line) > 0 {
				fmt.Fprintln(s.query, strings.Join(line, "\t"))
				line = nil
			}
			if err := s.showRows(rows, c.Expr); err != nil {
				return err
			}
			continue
		}
		line = append(line, s.Lua.Repr(v))
	}
	if len(line) > 0 {
		return s.emit(strings.Join(line, "\t") + "\n")
	}
	return nil
}

var plainName = regexp.MustCompile(`^[A-Za-z_]\w*$`)

// first is how Python spells the first of a list.
var first = regexp.MustCompile(`^([A-Za-z_]\w*)\[0\]$`)

// hintName offers the nearest names for one that stands for nothing, and the
// first of a list where [0] was asked for.
func (s *Shell) hintName(name string) {
	if m := first.FindStringSubmatch(name); m != nil {
		fmt.Fprintln(s.Err, "Lua counts from 1: "+m[1]+"[1]")
		return
	}
	if !plainName.MatchString(name) {
		return
	}
	if _, defined := s.Lua.Get(name); defined {
		return
	}
	var known []string
	for _, c := range s.Lua.Complete(name[:1], 1) {
		if plainName.MatchString(c.Text) {
			known = append(known, c.Text)
		}
	}
	if h := strings.TrimPrefix(nearest(name, known), "; "); h != "" {
		fmt.Fprintln(s.Err, "There is no variable "+name+": "+h)
	}
}

func isCall(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, ")") || strings.HasSuffix(text, "}")
}

// emit writes a text to the destination of results, made fit for a terminal
// and through the pager when it is long.
func (s *Shell) emit(text string) error {
	if s.Terminal && s.query == s.Out {
		// the tabs are ours, between values, whose own are escaped by now; on a
		// screen two blanks do, which break no value at the edge
		values := strings.Split(text, "\t")
		for i, v := range values {
			values[i] = render.Visible(v, true)
		}
		text = strings.Join(values, "  ")
	}
	w, done := s.destination()
	_, err := io.WriteString(w, text)
	if e := done(); err == nil {
		err = e
	}
	return err
}

// showRows shows rows in the chosen format; keep makes them Lua's _.
func (s *Shell) showRows(rows render.Rows, keep bool) error {
	w, done := s.destination()
	o := s.Settings.render()
	o.Quote, o.Literal = s.quote, s.literal // the dialect's, for INSERT statements
	o.Text = func(v any) (string, bool) {   // objects say themselves what they are
		if render.Plain(v) {
			return "", false
		}
		return s.Lua.Repr(v), true
	}
	format := s.Settings.Format
	if s.once != nil && s.once.format != "" {
		format = s.once.format
	}
	if w == s.Out || s.paged() {
		o.Color = s.Color
		o.Width = s.Width()
	}
	var kept *keeper
	if keep && s.Terminal {
		kept = &keeper{Rows: rows}
		rows = kept
	}
	n, err := render.Write(w, rows, format, o)
	s.rowCount = int64(n)
	if e := done(); err == nil {
		err = e
	}
	if kept != nil && err == nil {
		s.Lua.Set("_", &render.Slice{Head: rows.Columns(), Data: kept.data})
	}
	return err
}

// keeper remembers the first rows that pass through it.
type keeper struct {
	render.Rows
	data [][]any
}

// keptRows is how many rows of a result the prompt's _ holds.
const keptRows = 10000

func (k *keeper) Next() ([]any, error) {
	v, err := k.Rows.Next()
	if err == nil && len(k.data) < keptRows {
		row := make([]any, len(v))
		for i := range v {
			row[i] = render.Value(v[i])
		}
		k.data = append(k.data, row)
	}
	return v, err
}

// showTag says what a statement without rows did.
func (s *Shell) showTag(verb, sql string, affected int64) {
	tag := strings.ToUpper(verb)
	switch verb {
	case "insert", "update", "delete", "merge", "replace", "with", "copy", "load":
		if affected >= 0 {
			tag += fmt.Sprintf(" %d", affected)
		}
	case "create", "drop", "alter":
		for _, w := range strings.Fields(strings.ToUpper(sql))[1:] {
			switch w {
			case "OR", "REPLACE", "TEMP", "TEMPORARY", "UNIQUE", "VIRTUAL", "MATERIALIZED", "UNLOGGED", "GLOBAL", "LOCAL":
				continue
			}
			tag += " " + w
			break
		}
	}
	s.remark("%s\n", tag)
}

// paged says that results may go through the pager.
func (s *Shell) paged() bool {
	return s.Terminal && s.query == s.Out && s.once == nil && s.Settings.Pager != "off" && pagerCommand() != ""
}

// destination is where the next result goes, and what to do when it is whole.
func (s *Shell) destination() (io.Writer, func() error) {
	if o := s.once; o != nil {
		return o.w, func() error { s.once = nil; return o.close() }
	}
	if !s.paged() {
		return s.query, func() error { return nil }
	}
	p := &pager{shell: s}
	return p, p.done
}

// pager holds output back until it is too long for the screen; then it goes
// through the person's pager.
type pager struct {
	shell *Shell
	held  bytes.Buffer
	in    io.WriteCloser
	cmd   *exec.Cmd
	tried bool
}

func pagerCommand() string {
	for _, v := range []string{"ALCHEMYSH_PAGER", "PAGER"} {
		if p, ok := os.LookupEnv(v); ok {
			return strings.TrimSpace(p)
		}
	}
	if _, err := exec.LookPath("less"); err != nil {
		return ""
	}
	return "less -SRXF"
}

func (p *pager) Write(b []byte) (int, error) {
	if p.in != nil {
		if _, err := p.in.Write(b); err != nil {
			return len(b), nil // the person quit the pager: the rest is not wanted
		}
		return len(b), nil
	}
	p.held.Write(b)
	if !p.tried && (p.shell.Settings.Pager == "always" || p.tooLong()) {
		p.tried = true
		p.start()
	}
	return len(b), nil
}

func (p *pager) tooLong() bool {
	h, w := p.shell.Height(), p.shell.Width()
	if h <= 0 {
		return false
	}
	if bytes.Count(p.held.Bytes(), []byte("\n")) >= h {
		return true
	}
	for line := range bytes.SplitSeq(p.held.Bytes(), []byte("\n")) {
		if w > 0 && len(line) > w && render.Width(string(line)) > w {
			return p.shell.Settings.Expanded != "auto"
		}
	}
	return false
}

func (p *pager) start() {
	cmd := exec.Command("/bin/sh", "-c", pagerCommand())
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return
	}
	p.cmd, p.in = cmd, in
	_, _ = p.in.Write(p.held.Bytes()) // a pager that was quit wants no more
	p.held.Reset()
}

func (p *pager) done() error {
	if p.in != nil {
		p.in.Close()
		_ = p.cmd.Wait() // its status says nothing about the result
		return nil
	}
	_, err := p.shell.Out.Write(p.held.Bytes())
	return err
}
