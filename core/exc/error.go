package exc

import (
	"errors"
	"fmt"
	"strings"
)

// Error is one failure: its class, its message and, when a statement was
// being executed, the SQL and the parameters.
type Error struct {
	Class   *Class
	Message string
	// Notes say how it came about; each is printed before the message.
	Notes []string

	Statement string // the SQL, "" when no statement was involved
	Params    string // the parameters as the echo spells them
	// HideParams: the engine's hide_parameters keeps them out of the text.
	HideParams bool
	Orig       error  // the driver's error or the callback's value, if any
	Code       string // SQLSTATE, or the driver's own number, "" when unknown
	Args       []any  // what the DBAPI made its error with, where that is not the message alone

	// ConnectionInvalidated says that the connection was lost with this error.
	ConnectionInvalidated bool
	// Detail holds what the server adds: "constraint", "table", "column",
	// "position", "hint", "detail", "schema".
	Detail map[string]string
}

// New returns an error of the class with a formatted message.
func New(class *Class, format string, args ...any) *Error {
	if len(args) == 0 {
		return &Error{Class: class, Message: format}
	}
	return &Error{Class: class, Message: fmt.Sprintf(format, args...)}
}

// Wrap returns an error of the class whose cause is err.
func Wrap(class *Class, err error) *Error {
	return &Error{Class: class, Message: err.Error(), Orig: err}
}

// Error prints the class, the message, the SQL and the parameters, each on
// its own line, as lua-api.md section 7 shows it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Class.Name)
	b.WriteString(": ")
	for _, n := range e.Notes {
		b.WriteString("(" + n + ")\n")
	}
	b.WriteString(e.Message)
	if e.Statement != "" {
		b.WriteString("\n[SQL: ")
		b.WriteString(e.Statement)
		b.WriteString("]")
		switch {
		case e.Params == "" || e.Params == "()" || e.Params == "{}":
		case e.HideParams:
			b.WriteString("\n[SQL parameters hidden due to hide_parameters=true]")
		default:
			b.WriteString("\n[parameters: ")
			b.WriteString(e.Params)
			b.WriteString("]")
		}
	}
	return b.String()
}

// Driver reports whether it is the DBAPI's own error, not SQLAlchemy's around it.
func (e *Error) Driver() bool {
	return e.Class.Derives(DBAPIError) && e.Orig != nil && Of(e.Orig) == nil
}

// Unwrap gives the driver's error.
func (e *Error) Unwrap() error { return e.Orig }

// Is reports whether the error's class is target or derives from it, so that
// errors.Is(err, exc.DBAPIError) works as `except DBAPIError` does.
func (e *Error) Is(target error) bool {
	c, ok := target.(*Class)
	return ok && e.Class.Derives(c)
}

// Of returns the *Error inside err, or nil.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
