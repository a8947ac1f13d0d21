package repl

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"alchemysh/repl/render"
)

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
