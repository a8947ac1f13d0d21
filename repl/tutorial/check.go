package tutorial

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strings"

	"alchemysh/repl/walk"
)

// Check is the body of a check fence: what must be true after the task. It
// looks at effects, so that every way to reach them counts.
type Check struct {
	// Defines are names that must have a value.
	Defines []string `yaml:"defines"`
	// Holds are expressions that must be true, each with what to say if not.
	Holds []Condition `yaml:"holds"`
	// Shows are expressions and their shown forms.
	Shows []Condition `yaml:"shows"`
	// SQL are statements and the SQL that they must be, blanks, case and the
	// spelling of parameters apart.
	SQL []Condition `yaml:"sql"`
	// Rows are queries and the rows that they must give, as they are shown.
	Rows []Condition `yaml:"rows"`
	// Tables are tables that must be there, with their columns.
	Tables map[string][]string `yaml:"tables"`
	// Sent is SQL that must have been sent, in this order, other between.
	Sent []string `yaml:"sent"`
	// Statements limits how many statements were sent.
	Statements *Count `yaml:"statements"`
	// Output must match what the last input showed.
	Output string `yaml:"output"`
	// Error must match the error of the last input.
	Error string `yaml:"error"`

	Hints []string `yaml:"hints"`
	Wrong []Wrong  `yaml:"wrong"`
	// Right are other answers, which must be accepted too.
	Right []string `yaml:"right"`
	// Remarks are answers that do what was asked for but miss a point: they
	// are accepted, and the hint is told.
	Remarks []Wrong `yaml:"remarks"`

	output, error *regexp.Regexp
}

// Condition is one thing that must be.
type Condition struct {
	Of   string `yaml:"of"`   // an expression, or a query
	Is   string `yaml:"is"`   // what it must be
	On   string `yaml:"on"`   // rows: conn, session, or engine (the default)
	Else string `yaml:"else"` // what to tell the learner otherwise
}

// Count limits a number.
type Count struct {
	Min  int    `yaml:"min"`
	Max  *int   `yaml:"max"`
	Like string `yaml:"like"` // count only the statements that match
	Else string `yaml:"else"`
	like *regexp.Regexp
}

// Wrong is a wrong answer that people give.
type Wrong struct {
	// Try is one such answer; it must be refused.
	Try string `yaml:"try"`
	// Match recognises them by what was typed, Output by what it showed.
	Match  string `yaml:"match"`
	Output string `yaml:"output"`
	Hint   string `yaml:"hint"`

	match, output *regexp.Regexp
}

// compile checks a check when a lesson is read.
func (c *Check) compile(k Kind) (err error) {
	compile := func(what, text string) (re *regexp.Regexp) {
		if text != "" && err == nil {
			if re, err = regexp.Compile(text); err != nil {
				err = fmt.Errorf("%s: %w", what, err)
			}
		}
		return re
	}
	c.output, c.error = compile("output", c.Output), compile("error", c.Error)
	for what, list := range map[string][]Wrong{"wrong": c.Wrong, "remarks": c.Remarks} {
		for i := range list {
			w := &list[i]
			w.match, w.output = compile(what+": match", w.Match), compile(what+": output", w.Output)
			if strings.TrimSpace(w.Try) == "" && err == nil {
				err = fmt.Errorf("%s: an example is wanted in try", what)
			}
		}
	}
	for _, w := range c.Remarks {
		if err == nil && (w.Hint == "" || w.Match == "" && w.Output == "") {
			err = errors.New("remarks: a match or an output, and a hint, are wanted")
		}
	}
	if n := c.Statements; n != nil {
		n.like = compile("statements: like", n.Like)
	}
	if err != nil || k == Predict {
		return err
	}
	if len(c.Defines)+len(c.Holds)+len(c.Shows)+len(c.SQL)+len(c.Rows)+len(c.Tables)+len(c.Sent) == 0 &&
		c.Statements == nil && c.Output == "" && c.Error == "" {
		return errors.New("the check checks nothing")
	}
	if len(c.Hints) == 0 {
		return errors.New("hints are wanted: up to three, from a nudge to nearly the answer")
	}
	if len(c.Wrong) == 0 {
		return errors.New("at least one wrong answer is wanted, under wrong: try")
	}
	return nil
}

// Session is what a lesson talks to: the shell, with eyes.
type Session interface {
	walk.Session
	// Value gives the shown form of an expression. Nothing that happens
	// meanwhile is shown.
	Value(ctx context.Context, expr string) (string, error)
	// Sent gives the statements sent since it was called last, those of Value
	// apart.
	Sent() []string
	// Mute switches off what goes to the learner's screen.
	Mute(on bool)
	// Whole says that Enter would run the text.
	Whole(text string) bool
}

// attempt is what the learner did at a step.
type attempt struct {
	inputs []string
	shown  string // by the last input
	err    error  // of the last input
	sent   []string
}

// problem says what is wrong with an attempt, "" when nothing is.
func (c *Check) problem(ctx context.Context, s Session, a *attempt) string {
	say := func(given, otherwise string, args ...any) string {
		if given != "" {
			return given
		}
		return fmt.Sprintf(otherwise, args...)
	}
	if c.error != nil {
		if a.err == nil || !c.error.MatchString(a.shown+"\n"+a.err.Error()) {
			return "the database should refuse this one"
		}
	} else if a.err != nil {
		return "that ended in an error"
	}
	for _, name := range c.Defines {
		if v, err := s.Value(ctx, name); err != nil || v == "nil" {
			return fmt.Sprintf("there is no %s yet", name)
		}
	}
	for _, h := range c.Holds {
		if v, err := s.Value(ctx, "("+h.Of+") and true or false"); err != nil || v != "true" {
			return say(h.Else, "%s is not true yet", h.Of)
		}
	}
	for _, h := range c.Shows {
		v, err := s.Value(ctx, h.Of)
		if err != nil {
			return say(h.Else, "%s cannot be shown: %v", h.Of, firstLine(err.Error()))
		}
		if strings.TrimSpace(v) != strings.TrimSpace(h.Is) {
			return say(h.Else, "%s is %s, not %s", h.Of, v, h.Is)
		}
	}
	for _, h := range c.SQL {
		v, err := s.Value(ctx, "tostring("+h.Of+")")
		if err != nil {
			return say(h.Else, "%s has no SQL: %v", h.Of, firstLine(err.Error()))
		}
		if normalise(unquoteShown(v)) != normalise(h.Is) {
			return say(h.Else, "the SQL of %s is not yet what is asked for", h.Of)
		}
	}
	for _, h := range c.Rows {
		v, err := s.Value(ctx, rowsOf(h))
		if err != nil {
			return say(h.Else, "%s: %v", h.Of, firstLine(err.Error()))
		}
		if strings.Join(strings.Fields(v), " ") != strings.Join(strings.Fields(h.Is), " ") {
			return say(h.Else, "%s gives %s, not %s", h.Of, v, h.Is)
		}
	}
	var tables []string
	for t := range c.Tables {
		tables = append(tables, t)
	}
	sort.Strings(tables)
	for _, t := range tables {
		for _, column := range append([]string{"1"}, c.Tables[t]...) {
			if _, err := s.Value(ctx, rowsOf(Condition{Of: "SELECT " + column + " FROM " + t + " WHERE 1 = 0"})); err != nil {
				if column == "1" {
					return fmt.Sprintf("there is no table %s yet", t)
				}
				return fmt.Sprintf("the table %s has no column %s", t, column)
			}
		}
	}
	rest := a.sent
	for _, want := range c.Sent {
		for len(rest) > 0 && normalise(rest[0]) != normalise(want) {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return "this was not sent: " + strings.Join(strings.Fields(want), " ")
		}
		rest = rest[1:]
	}
	if n := c.Statements; n != nil {
		count := 0
		for _, q := range a.sent {
			if n.like == nil || n.like.MatchString(q) {
				count++
			}
		}
		if n.Max != nil && count > *n.Max {
			return say(n.Else, "%d statements were sent, %d would do", count, *n.Max)
		}
		if count < n.Min {
			return say(n.Else, "%d statements were sent, %d are wanted", count, n.Min)
		}
	}
	if c.output != nil && !c.output.MatchString(a.shown) {
		return "what is shown is not yet what is asked for"
	}
	return ""
}

// mistake is the hint for a wrong answer that is known, "" for another.
func (c *Check) mistake(a *attempt) string { return hintOf(c.Wrong, a) }

// remark is what to tell about an answer that was accepted, mostly "".
func (c *Check) remark(a *attempt) string { return hintOf(c.Remarks, a) }

func hintOf(list []Wrong, a *attempt) string {
	text := strings.Join(a.inputs, "\n")
	for _, w := range list {
		if w.match == nil && w.output == nil || w.match != nil && !w.match.MatchString(text) || w.output != nil && !w.output.MatchString(a.shown) {
			continue
		}
		return w.Hint
	}
	return ""
}

// rowsOf is the Lua that runs a query where it disturbs nobody.
func rowsOf(h Condition) string {
	switch h.On {
	case "conn":
		return fmt.Sprintf("conn:exec_driver_sql(%q):all()", h.Of)
	case "session":
		return fmt.Sprintf("session:connection():exec_driver_sql(%q):all()", h.Of)
	}
	return fmt.Sprintf("with(engine:connect(), function(checking) return checking:exec_driver_sql(%q):all() end)", h.Of)
}

// unquoteShown takes the quotes off the shown form of a string.
func unquoteShown(v string) string {
	if len(v) < 2 || v[0] != '\'' && v[0] != '"' || v[len(v)-1] != v[0] {
		return v
	}
	return strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\'`, "'", `\\`, `\`).Replace(v[1 : len(v)-1])
}

var (
	parameters = regexp.MustCompile(`%\([A-Za-z_0-9]+\)s(::[A-Z]+(\([0-9, ]+\))?)?|%s|:[A-Za-z_][A-Za-z_0-9]*|\$[0-9]+|\?`)
	tight      = regexp.MustCompile(`\s*([(),=<>])\s*`)
	innerJoin  = regexp.MustCompile(`\binner\s+join\b`)
	literals   = regexp.MustCompile(`'(?:[^']|'')*'|\b[0-9]+(?:\.[0-9]+)?\b`)
)

// normalise makes statements equal that say the same to a reader: blanks, case
// outside strings, the spelling of parameters and of quotes do not count.
func normalise(sql string) string {
	var b strings.Builder
	for i, piece := range strings.Split(sql, "'") {
		if i > 0 {
			b.WriteByte('\'')
		}
		if i%2 == 0 {
			piece = parameters.ReplaceAllString(piece, "?")
			piece = strings.NewReplacer(`"`, "", "`", "").Replace(strings.ToLower(piece))
			piece = innerJoin.ReplaceAllString(piece, "join")
			piece = tight.ReplaceAllString(piece, "$1")
			blank := func(s string) string { return strings.Join(strings.Fields(s), " ") }
			head, tail := strings.HasPrefix(piece, " ") || strings.HasPrefix(piece, "\n"), strings.HasSuffix(piece, " ") || strings.HasSuffix(piece, "\n")
			piece = blank(piece)
			if head && i > 0 {
				piece = " " + piece
			}
			if tail {
				piece += " "
			}
		}
		b.WriteString(piece)
	}
	return strings.TrimRight(strings.TrimSpace(b.String()), "; \n")
}

// withParameters is a statement with its literals written as parameters.
func withParameters(sql string) string { return literals.ReplaceAllString(sql, "?") }

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
