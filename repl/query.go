package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"alchemysh/repl/input"
	"alchemysh/repl/render"
)

// Query runs SQL, its :name parameters bound from Lua's variables, and shows
// the rows.
func (s *Shell) Query(ctx context.Context, sql string) error {
	return s.query1(ctx, sql, nil)
}

// Rows runs SQL and gives its rows; nil for a statement without rows, then
// affected is how many it changed.
func (s *Shell) Rows(ctx context.Context, sql string) (rows *render.Slice, affected int64, err error) {
	err = s.query1(ctx, strings.TrimRight(sql, "; \t\r\n"), func(r Result) error {
		affected = r.Affected()
		if len(r.Columns()) == 0 {
			return nil
		}
		rows = &render.Slice{Head: r.Columns()}
		for {
			v, err := r.Next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			rows.Data = append(rows.Data, slices.Clone(v))
		}
	})
	return rows, affected, err
}

// query1 runs SQL; show, when it is not nil, takes the result instead of the
// screen.
func (s *Shell) query1(ctx context.Context, sql string, show func(Result) error) error {
	if _, err := s.Database(ctx); err != nil {
		return err
	}
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	start := time.Now()
	s.rowCount = 0
	err := s.run(ctx, sql, show)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) { // in the words of whichever database
		err = ctx.Err()
	}
	s.failed = err != nil
	s.remember(err)
	s.timing(start)
	return err
}

func (s *Shell) run(ctx context.Context, sql string, show func(Result) error) error {
	verb := input.Verb(sql, s.reader.Syntax)
	if handled, err := s.transaction(ctx, sql, verb); handled {
		return err
	}
	if s.ReadOnly && writes(verb) {
		return usageError("--read-only: %s is refused", strings.ToUpper(verb))
	}
	text, args, err := s.bind(sql)
	if err != nil {
		return err
	}
	res, err := s.DB.Query(ctx, text, args)
	if err != nil {
		return err
	}
	defer res.Close()
	switch {
	case show != nil:
		err = show(res)
	case len(res.Columns()) > 0:
		render.Spell(res)
		err = s.showRows(res, true)
	default:
		s.rowCount = max(0, res.Affected())
		s.showTag(verb, sql, res.Affected())
	}
	if definesSchema[verb] {
		s.catalog.refresh()
	}
	return err
}

// transaction runs the statements that change the transaction through the
// connection, so that it knows its own state.
func (s *Shell) transaction(ctx context.Context, sql, verb string) (bool, error) {
	words := strings.Fields(strings.ToLower(sql))
	simple := len(words) == 1 || len(words) == 2 && (words[1] == "transaction" || words[1] == "work")
	var err error
	if ends := verb == "commit" || verb == "end" || verb == "rollback" || verb == "abort"; ends && simple && s.DB.State() == Idle {
		fmt.Fprintln(s.Err, "WARNING:  there is no transaction in progress")
	}
	switch {
	case simple && s.DB.State() == InTx && (verb == "begin" || verb == "start"):
		fmt.Fprintln(s.Err, "WARNING:  there is already a transaction in progress")
	case verb == "begin", verb == "start" && len(words) > 1 && words[1] == "transaction":
		err = s.DB.Begin(ctx, sql)
	case verb == "commit" && simple, verb == "end" && simple:
		err = s.DB.Commit(ctx)
	case (verb == "rollback" || verb == "abort") && simple:
		err = s.DB.Rollback(ctx)
	default:
		return false, nil
	}
	if err == nil {
		s.remark("%s\n", strings.ToUpper(verb))
	}
	return true, err
}

// writes says that a statement that begins with the verb changes something.
func writes(verb string) bool {
	switch verb {
	case "select", "with", "values", "table", "show", "explain", "describe", "desc", "pragma", "set", "use",
		"savepoint", "release", "rollback", "fetch", "declare", "close", "help", "analyze":
		return false
	}
	return true
}

// definesSchema are the verbs after which the catalog is read anew.
var definesSchema = map[string]bool{"create": true, "drop": true, "alter": true, "rename": true,
	"attach": true, "detach": true, "use": true, "set": true, "import": true}

// bind replaces the :name parameters by the driver's and gives their values.
func (s *Shell) bind(sql string) (string, []any, error) {
	params := input.Params(sql, s.reader.Syntax)
	if len(params) == 0 {
		return sql, nil, nil
	}
	var b strings.Builder
	var args []any
	at := 0
	for _, p := range params {
		v, ok := s.Lua.Get(p.Name)
		if !ok {
			var t string
			if t, ok = s.variable(p.Name); ok {
				v = t
			}
		}
		if !ok {
			return "", nil, usageError("no value for the parameter :%s; give it one in Lua, %s = …", p.Name, p.Name)
		}
		b.WriteString(sql[at:p.Start])
		if at = p.End; p.Identifier {
			b.WriteString(s.quote(render.Text(v)))
			continue
		}
		args = append(args, v)
		b.WriteString(s.DB.Placeholder(len(args)))
	}
	b.WriteString(sql[at:])
	return b.String(), args, nil
}
