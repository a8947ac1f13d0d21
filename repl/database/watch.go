package database

import (
	"strings"

	"alchemysh/core/engine"
)

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
