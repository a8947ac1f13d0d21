package sqlite

import (
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// Failure tells classes apart as Python's sqlite3 does. Its messages are
// SQLite's own, without the driver's additions.
func (*Dialect) Failure(err error) *engine.Failure {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return &engine.Failure{Class: exc.ProgrammingError, Message: err.Error()}
	}
	code := e.Code()
	f := &engine.Failure{Class: exc.OperationalError, Message: message(e), Code: strconv.Itoa(code), Detail: map[string]string{}}
	if name := codeName(code); name != "" {
		f.Detail["sqlite_errorname"] = name
	}
	switch code & 0xff {
	case lib.SQLITE_CONSTRAINT:
		f.Class = exc.IntegrityError
		maps.Copy(f.Detail, violated(f.Message))
	case lib.SQLITE_MISMATCH:
		f.Class = exc.IntegrityError
	case lib.SQLITE_INTERNAL, lib.SQLITE_NOTFOUND:
		f.Class = exc.InternalError
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_FORMAT:
		f.Class = exc.DatabaseError
	case lib.SQLITE_TOOBIG:
		f.Class = exc.DataError
	case lib.SQLITE_MISUSE, lib.SQLITE_RANGE:
		f.Class = exc.InterfaceError
	}
	return f
}

// prefixes are SQLite's texts of its codes, which the driver puts first.
var prefixes = []string{
	"SQL logic error", "constraint failed", "database is locked", "database table is locked", "access permission denied",
	"query aborted", "out of memory", "attempt to write a readonly database", "interrupted", "disk I/O error",
	"database disk image is malformed", "unknown operation", "database or disk is full", "unable to open database file",
	"locking protocol", "database schema has changed", "string or blob too big", "datatype mismatch",
	"bad parameter or other API misuse", "authorization denied", "column index out of range", "file is not a database",
	"abort due to ROLLBACK", "unknown error",
}

// violated reads from the message what was violated: "UNIQUE constraint
// failed: users.name, users.email", "CHECK constraint failed: positive".
func violated(message string) map[string]string {
	kind, what, ok := strings.Cut(message, " constraint failed: ")
	if !ok {
		return nil
	}
	if kind == "CHECK" {
		return map[string]string{"constraint": what}
	}
	if index, ok := strings.CutPrefix(what, "index '"); ok {
		return map[string]string{"constraint": strings.TrimSuffix(index, "'")}
	}
	table, _, _ := strings.Cut(what, ".")
	return map[string]string{"table": table, "column": strings.ReplaceAll(what, table+".", "")}
}

// message is what SQLite says of the error: the driver puts the code's text
// before it and its number after it.
func message(e *sqlite.Error) string {
	s := strings.TrimSuffix(strings.TrimSuffix(e.Error(), " (SQLITE_BUSY)"), fmt.Sprintf(" (%d)", e.Code()))
	for _, prefix := range prefixes {
		if rest, ok := strings.CutPrefix(s, prefix+": "); ok {
			return rest
		}
	}
	return s
}
