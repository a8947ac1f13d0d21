package repl

import (
	"context"
	"errors"
	"strings"

	"alchemysh/repl/input"
	"alchemysh/repl/tolua"
)

// TableWriter is what an Evaluator may add: a table of the database as the code
// that defines it.
type TableWriter interface {
	TableCode(ctx context.Context, table string) (string, error)
}

// toLua writes a SELECT, or a table, as the calls that make it.
func toLua(ctx context.Context, s *Shell, c call) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	sql := c.args
	if sql == "" {
		if sql, err = s.statement(c); err != nil {
			return err
		}
	}
	if w, ok := s.Lua.(TableWriter); ok && !strings.ContainsAny(strings.TrimSpace(sql), " \t\n(") {
		code, err := w.TableCode(ctx, strings.Trim(strings.TrimSpace(sql), "\"`;"))
		if err != nil {
			return err
		}
		return s.emit(strings.TrimSpace(code) + "\n")
	}
	columns, err := db.Catalog().Columns(ctx)
	if err != nil {
		return err
	}
	code, err := tolua.Select(sql, tolua.Options{Syntax: input.SyntaxOf(db.Dialect()), Columns: columns, Taken: func(name string) bool {
		_, taken := s.Lua.Get(name)
		return taken
	}})
	var unknown *tolua.Error
	if errors.As(err, &unknown) {
		return usageError(`\tolua %s`, unknown)
	}
	if err != nil {
		return err
	}
	return s.emit(code)
}
