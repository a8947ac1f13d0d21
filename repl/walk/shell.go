package walk

import (
	"bytes"
	"context"
	"errors"
	"strconv"

	"alchemysh/repl"
)

// Shell is the shell as a Session. Its Out and Err, and the Lua state's, must
// be the one buffer given.
type Shell struct {
	*repl.Shell
	shown *bytes.Buffer
	close func() error
}

// NewShell wraps a shell whose output goes to shown.
func NewShell(sh *repl.Shell, shown *bytes.Buffer, close func() error) *Shell {
	return &Shell{sh, shown, close}
}

// Input runs what was typed.
func (s *Shell) Input(ctx context.Context, text string) (string, error) {
	err := s.Run(ctx, text, repl.Source{Prompt: true})
	return s.take(err)
}

// Script runs a file.
func (s *Shell) Script(ctx context.Context, name, text string) (string, error) {
	err := s.RunText(ctx, name, text, nil)
	return s.take(err)
}

// take gives what was shown since the last time, the error included.
func (s *Shell) take(err error) (string, error) {
	var exit *repl.Exit
	if errors.As(err, &exit) {
		s.shown.WriteString("(the program asked to leave with status " + strconv.Itoa(exit.Status) + ")\n")
	}
	s.ShowError(err)
	text := s.shown.String()
	s.shown.Reset()
	return text, err
}

// Close ends the session; what is not committed is rolled back.
func (s *Shell) Close() error { return s.close() }
