package mysql

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// classes are PyMySQL's exceptions by the server's number.
var classes = map[uint16]*exc.Class{}

func init() {
	for class, numbers := range map[*exc.Class][]uint16{
		exc.ProgrammingError:  {1007, 1064, 1102, 1103, 1110, 1111, 1112, 1113, 1146, 1149, 1179},
		exc.DataError:         {1171, 1230, 1263, 1264, 1265, 1366, 1367, 1406, 1441},
		exc.IntegrityError:    {1048, 1062, 1215, 1216, 1217, 1451, 1452},
		exc.NotSupportedError: {1196, 1235, 1286, 1289},
	} {
		for _, n := range numbers {
			classes[n] = class
		}
	}
}

// Numbers that mean more than their class.
const (
	lockWaitTimeout = 1205
	deadlock        = 1213
)

// Failure reads the server's number.
func (*Dialect) Failure(err error) *engine.Failure {
	var e *mysql.MySQLError
	if !errors.As(err, &e) {
		if lost(err) {
			return &engine.Failure{Class: exc.OperationalError, Message: "Lost connection to MySQL server during query", Code: "2013", Disconnect: true}
		}
		message := strings.TrimPrefix(err.Error(), "mysql: ")
		if strings.Contains(message, "dial ") {
			message = "Can't connect to MySQL server (" + message + ")"
		}
		return &engine.Failure{Class: exc.OperationalError, Message: message}
	}
	f := &engine.Failure{Class: exc.OperationalError, Message: e.Message, Code: strconv.Itoa(int(e.Number)), Detail: map[string]string{}}
	f.Args = []any{int64(e.Number), e.Message}
	if e.SQLState != [5]byte{} {
		f.Detail["sqlstate"] = string(e.SQLState[:])
	}
	if c := classes[e.Number]; c != nil {
		f.Class = c
	} else if e.Number < 1000 {
		f.Class = exc.InternalError
	}
	switch e.Number {
	case deadlock:
		// The server has rolled everything back; PyMySQL would go on, and
		// commit what came after as if it were the whole.
		f.RolledBack = true
	case lockWaitTimeout: // only the statement is undone
	case 1053, 1152, 1927, 2006, 2013, 2014, 2045, 2055, 4031:
		f.Disconnect = true
	}
	if m := keyName.FindStringSubmatch(e.Message); m != nil && e.Number == 1062 {
		f.Detail["constraint"] = m[1]
	}
	if m := constraintName.FindStringSubmatch(e.Message); m != nil {
		f.Detail["constraint"] = m[1]
	}
	return f
}

var (
	keyName        = regexp.MustCompile(`for key '([^']*)'`)
	constraintName = regexp.MustCompile("CONSTRAINT `([^`]*)`")
)

// lost reports whether the error is the connection's end.
func lost(err error) bool {
	var n net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.As(err, &n) && !strings.Contains(err.Error(), "dial ")
}
