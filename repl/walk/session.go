package walk

import (
	"context"
	"errors"
	"fmt"
)

// Session is a Lua state on a database: what a walkthrough talks to.
type Session interface {
	// Input runs what was typed at the prompt and gives what a person would
	// see, echo and errors included. The error says that it failed.
	Input(ctx context.Context, text string) (shown string, err error)
	// Script runs a whole file; its name ends in .lua or .sql.
	Script(ctx context.Context, name, text string) (shown string, err error)
	Close() error
}

// Target is the database that a Session is wanted on.
type Target struct {
	DB   string // an entry of db: a dialect, or a URL
	Echo bool
}

// Opener opens a session on a fresh database. Where there is none it gives an
// *UnavailableError.
type Opener func(ctx context.Context, t Target) (Session, error)

// UnavailableError says that a database could not be reached.
type UnavailableError struct {
	Dialect string
	Err     error
}

func (e *UnavailableError) Error() string { return fmt.Sprintf("%s: %v", e.Dialect, e.Err) }
func (e *UnavailableError) Unwrap() error { return e.Err }

// ErrTimeout is the failure of an input that took too long.
var ErrTimeout = errors.New("stopped: it took too long")
