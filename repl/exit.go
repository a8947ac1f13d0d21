package repl

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/repl/render"
)

// The exit statuses of shell.md.
const (
	StatusError       = 1
	StatusConnect     = 2
	StatusRefused     = 3
	StatusInterrupted = 130
	StatusTerminated  = 143
)

// Exit asks the shell to end with a status: \q 3, os.exit(3).
type Exit struct{ Status int }

func (e *Exit) Error() string { return fmt.Sprintf("exit status %d", e.Status) }

// UsageError is a mistake in a command of the shell.
type UsageError struct{ Message string }

func (e *UsageError) Error() string { return e.Message }

func usageError(format string, args ...any) error {
	return &UsageError{fmt.Sprintf(format, args...)}
}

// ErrInterrupted says that the person pressed Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

// Status is the exit status of a script that ended with err.
func Status(err error) int {
	var exit *Exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.Status
	case errors.Is(err, ErrInterrupted), errors.Is(err, context.Canceled):
		return StatusInterrupted
	case errors.Is(err, exc.DBAPIError):
		return StatusRefused
	}
	return StatusError
}

// Located is an error that knows where in the source it happened.
type Located interface {
	error
	Location() string // file:line, "" when unknown
}

// Traced is an error with a stack that \errverbose shows.
type Traced interface {
	error
	Traceback() string
}

// Describe is the text of an error for a person: class, message, SQL,
// parameters, what the server adds, a caret where it names a position, and the
// place in the source.
func Describe(err error) string {
	var b strings.Builder
	var usage *UsageError
	if e := exc.Of(err); e != nil {
		if text := err.Error(); strings.Contains(text, e.Error()) { // with what was said around it
			b.WriteString(text)
		} else {
			b.WriteString(e.Error())
		}
		if e.Statement != "" && e.Detail["position"] != "" {
			if c := caret(e.Statement, e.Detail["position"]); c != "" {
				b.WriteString("\n" + c)
			}
		}
		for _, k := range []string{"detail", "hint"} {
			if d := e.Detail[k]; d != "" {
				fmt.Fprintf(&b, "\n%s: %s", strings.ToUpper(k[:1])+k[1:], d)
			}
		}
	} else if errors.As(err, &usage) {
		b.WriteString(usage.Message)
	} else {
		b.WriteString(err.Error())
	}
	var at Located
	if errors.As(err, &at) {
		if l := at.Location(); l != "" && !strings.Contains(b.String(), l) {
			b.WriteString("\n  at " + l)
		}
	}
	return b.String()
}

// describe is Describe without the SQL that the person has just typed.
func (s *Shell) describe(err error) string {
	text := Describe(err)
	if e := exc.Of(err); e != nil && s.Terminal && s.typed != "" && e.Statement == s.typed {
		text = strings.Replace(text, "\n[SQL: "+e.Statement+"]", "", 1)
	}
	return text
}

// caret shows the line of the SQL that position (in characters, from 1) is in,
// with a caret below it.
func caret(sql, position string) string {
	var pos int
	if _, err := fmt.Sscan(position, &pos); err != nil || pos < 1 {
		return ""
	}
	runes := []rune(sql)
	if pos > len(runes)+1 {
		return ""
	}
	start, line := 0, 1
	for i := 0; i < pos-1 && i < len(runes); i++ {
		if runes[i] == '\n' {
			start, line = i+1, line+1
		}
	}
	end := start // of the line
	for end < len(runes) && runes[end] != '\n' {
		end++
	}
	head := fmt.Sprintf("LINE %d: ", line)
	before, after := excerpt(runes[start:min(pos-1, end)]), excerpt(runes[min(pos-1, end):end])
	if len(before)+len(after) > caretWidth { // what is around the place, as psql shows it
		if len(after) > caretWidth/2 {
			after = append(after[:caretWidth/2:caretWidth/2], []rune("...")...)
		}
		if n := caretWidth - len(after); len(before) > n {
			before = append([]rune("..."), before[len(before)-n:]...)
		}
	}
	return head + string(before) + string(after) + "\n" + strings.Repeat(" ", len(head)+render.Width(string(before))) + "^"
}

// caretWidth bounds the characters of SQL above a caret, so that the line fits
// a screen.
const caretWidth = 60

// excerpt is SQL as a line of its own shows it.
func excerpt(text []rune) []rune {
	return []rune(render.Visible(strings.ReplaceAll(string(text), "\t", " "), false))
}
