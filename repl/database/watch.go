package database

import (
	"strings"

	"alchemysh/core/engine"
)

// WatchStatements calls sent with every statement that an engine of a program
// sends; many says that it has a list of parameters.
func WatchStatements(scope *engine.Scope, sent func(sql string, many bool)) {
	scope.Events.AfterCursorExecute.Listen(func(_ *engine.Connection, x *engine.CursorExecution) error {
		sent(x.SQL, x.Many)
		return nil
	})
}

// WatchSchema calls changed after every statement of any engine of a program
// that changes a schema: create_all() as well as a CREATE TABLE that is typed.
func WatchSchema(scope *engine.Scope, changed func()) {
	scope.Events.AfterCursorExecute.Listen(func(_ *engine.Connection, x *engine.CursorExecution) error {
		sql := strings.TrimSpace(x.SQL)
		word, _, _ := strings.Cut(sql[:min(len(sql), 10)], " ")
		switch strings.ToUpper(word) {
		case "CREATE", "DROP", "ALTER":
			changed()
		}
		return nil
	})
}
