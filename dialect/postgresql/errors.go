package postgresql

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/lib/pq"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// classes are psycopg2's exceptions by the first two letters of SQLSTATE.
var classes = map[string]*exc.Class{
	"0A": exc.NotSupportedError,
	"08": exc.OperationalError,
	"20": exc.ProgrammingError, "21": exc.ProgrammingError,
	"22": exc.DataError,
	"23": exc.IntegrityError,
	"24": exc.InternalError, "25": exc.InternalError,
	"26": exc.OperationalError, "27": exc.OperationalError, "28": exc.OperationalError,
	"2B": exc.InternalError, "2D": exc.InternalError, "2F": exc.InternalError,
	"34": exc.OperationalError,
	"38": exc.InternalError, "39": exc.InternalError, "3B": exc.InternalError,
	"3D": exc.ProgrammingError, "3F": exc.ProgrammingError,
	"40": exc.OperationalError,
	"42": exc.ProgrammingError, "44": exc.ProgrammingError,
	"53": exc.OperationalError, "54": exc.OperationalError, "55": exc.OperationalError,
	"57": exc.OperationalError, "58": exc.OperationalError,
	"F0": exc.InternalError,
	"HV": exc.OperationalError,
	"P0": exc.InternalError,
	"XX": exc.InternalError,
}

// Failure reads SQLSTATE and what the server adds to it.
func (*Dialect) Failure(err error) *engine.Failure {
	var e *pq.Error
	if !errors.As(err, &e) {
		if lost(err) {
			return &engine.Failure{Class: exc.OperationalError, Message: "server closed the connection unexpectedly", Disconnect: true}
		}
		message := strings.TrimPrefix(err.Error(), "pq: ")
		if strings.HasPrefix(message, "got ") && strings.Contains(message, "parameters but") {
			return &engine.Failure{Class: exc.ProgrammingError, Message: message}
		}
		return &engine.Failure{Class: exc.OperationalError, Message: message}
	}
	code := string(e.Code)
	f := &engine.Failure{Class: exc.DatabaseError, Message: e.Message, Code: code, Aborted: true, Detail: map[string]string{}}
	if len(code) >= 2 && classes[code[:2]] != nil {
		f.Class = classes[code[:2]]
	}
	for k, v := range map[string]string{"detail": e.Detail, "hint": e.Hint, "position": e.Position, "schema": e.Schema,
		"table": e.Table, "column": e.Column, "constraint": e.Constraint, "type": e.DataTypeName, "severity": e.Severity} {
		if v != "" {
			f.Detail[k] = v
		}
	}
	f.Own = States()[code].Class
	text := e.Message + "\n"
	if e.Detail != "" {
		text += "DETAIL:  " + e.Detail + "\n"
	}
	f.Args = []any{text}
	switch {
	case code == "57P01", code == "57P02", code == "57P03", strings.HasPrefix(code, "08"):
		f.Disconnect = true
	}
	return f
}

// lost reports whether the error is the connection's end.
func lost(err error) bool {
	var n net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.As(err, &n) && !strings.Contains(err.Error(), "dial ") ||
		strings.Contains(err.Error(), "broken pipe") || strings.Contains(err.Error(), "connection reset")
}
