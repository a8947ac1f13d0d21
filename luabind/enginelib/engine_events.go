package enginelib

import (
	"context"
	"strings"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// engineEvents are those of engines, connections and pools, or of all engines
// (the class Engine) and all pools.
func engineEvents(c *bind.Call, l *Listening) (bool, error) {
	var ev *engine.Events
	var pool *engine.PoolEvents
	var dialect *engine.DialectEvents
	scope := Scope(c.State)
	switch t := l.Target.(type) {
	case *engine.Engine:
		ev, pool, dialect = t.Events, &t.Pool().Events, t.DialectEvents
	case *engine.Connection:
		if l.Name == "handle_error" {
			return false, exc.New(exc.InvalidRequestError, "The handle_error() event hook as of SQLAlchemy 2.0 is established on the Dialect, and may only be applied to the Engine as a whole or to a specific Dialect as a whole, not on a per-Connection basis.")
		}
		ev = &t.Events
	case *engine.Pool:
		pool = &t.Events
	case engine.PoolKind:
		pool = scope.PoolOf(t)
	case *bind.Class:
		switch t {
		case Engine.Class:
			ev, pool, dialect = &scope.Events, &scope.Pool, &scope.Dialect
		case Pool.Class:
			pool = &scope.Pool
		default:
			return false, nil
		}
	default:
		return false, nil
	}
	known := strings.Fields(eventArguments[l.Name])
	l.Arguments = known
	switch {
	case known == nil:
	case ev != nil && connectionEvent(ev, l):
		if l.Retval && l.Name != "before_execute" && l.Name != "before_cursor_execute" {
			l.remove()
			return false, exc.New(exc.ArgumentError, "Only the 'before_execute', 'before_cursor_execute' and 'handle_error' engine event listeners accept the 'retval=True' argument.")
		}
		return true, nil
	case pool != nil && poolEvent(pool, l), dialect != nil && dialectEvent(dialect, l):
		return true, nil
	}
	return false, NoSuchEvent(l.Name, c.ReprGo(l.Target))
}

// eventArguments are what listeners are given, by SQLAlchemy's names.
var eventArguments = map[string]string{
	"before_execute":                   "conn clauseelement multiparams params execution_options",
	"after_execute":                    "conn clauseelement multiparams params execution_options result",
	"before_cursor_execute":            "conn cursor statement parameters context executemany",
	"after_cursor_execute":             "conn cursor statement parameters context executemany",
	"engine_connect":                   "conn",
	"engine_disposed":                  "engine",
	"set_connection_execution_options": "conn opts",
	"set_engine_execution_options":     "engine opts",
	"begin":                            "conn",
	"commit":                           "conn",
	"rollback":                         "conn",
	"savepoint":                        "conn name",
	"rollback_savepoint":               "conn name context",
	"release_savepoint":                "conn name context",
	"begin_twophase":                   "conn xid",
	"prepare_twophase":                 "conn xid",
	"commit_twophase":                  "conn xid is_prepared",
	"rollback_twophase":                "conn xid is_prepared",

	"handle_error":         "exception_context",
	"do_connect":           "dialect conn_rec cargs cparams",
	"do_execute":           "cursor statement parameters context",
	"do_executemany":       "cursor statement parameters context",
	"do_execute_no_params": "cursor statement context",
	"do_setinputsizes":     "inputsizes cursor statement parameters context",

	"connect":         "dbapi_connection connection_record",
	"first_connect":   "dbapi_connection connection_record",
	"checkout":        "dbapi_connection connection_record connection_proxy",
	"checkin":         "dbapi_connection connection_record",
	"reset":           "dbapi_connection connection_record reset_state",
	"invalidate":      "dbapi_connection connection_record exception",
	"soft_invalidate": "dbapi_connection connection_record exception",
	"close":           "dbapi_connection connection_record",
	"detach":          "dbapi_connection connection_record",
	"close_detached":  "dbapi_connection",
}

// put adds a listener. Those of connections and dialects come in the order of
// their listening: there SQLAlchemy ignores insert = true.
func put[F any](hook *engine.Hook[F], l *Listening, f F) {
	l.removers = append(l.removers, hook.Listen(f))
}

// putPool adds a listener of a pool at the end, or at the beginning.
func putPool[F any](hook *engine.Hook[F], l *Listening, f F) {
	if l.Insert {
		l.removers = append(l.removers, hook.ListenFirst(f))
		return
	}
	put(hook, l, f)
}

// changeable calls a listener with options that it may change.
func changeable(l *Listening, o core.Options, args ...any) error {
	t := l.state.FromGo(l.state.Main, map[string]any(o))
	if err := l.Tell(append(args, t)...); err != nil {
		return err
	}
	if now, ok := l.state.ToGo(t).(types.Object); ok {
		clear(o)
		for k, v := range now.All() {
			o[k] = v
		}
	}
	return nil
}

// tuple is what a listener gave back: several values, or a list of so many, as
// Python's tuple is one value.
func tuple(out []any, n int) []any {
	if len(out) == 1 {
		switch v := out[0].(type) {
		case []any:
			if len(v) == n {
				return v
			}
		case engine.Row:
			if len(v.Values()) == n {
				return v.Values()
			}
		}
	}
	return out
}

func connectionEvent(ev *engine.Events, l *Listening) bool {
	plain := func(list *engine.Hook[func(*engine.Connection) error]) {
		put(list, l, func(c *engine.Connection) error { return l.Tell(c) })
	}
	named := func(list *engine.Hook[func(*engine.Connection, string) error]) {
		put(list, l, func(c *engine.Connection, name string) error { return l.Tell(c, emptyNil(name), nil) })
	}
	prepared := func(list *engine.Hook[func(*engine.Connection, string, bool) error]) {
		put(list, l, func(c *engine.Connection, xid string, is bool) error { return l.Tell(c, xid, is) })
	}
	switch l.Name {
	case "before_execute":
		put(&ev.BeforeExecute, l, func(c *engine.Connection, stmt any, p engine.Params, o core.Options) (any, engine.Params, error) {
			many, one := shown(p)
			out, err := l.Call(c, stmt, many, one, map[string]any(o))
			if err == nil && l.Retval {
				out = tuple(out, 3)
				if len(out) < 3 {
					return nil, p, exc.New(exc.ValueError, "not enough values to unpack (expected 3, got %d)", len(out))
				}
				p, err = distilled(out[1], out[2])
				stmt = out[0]
			}
			return stmt, p, err
		})
	case "after_execute":
		put(&ev.AfterExecute, l, func(c *engine.Connection, stmt any, p engine.Params, o core.Options, r *engine.Result) error {
			many, one := shown(p)
			return l.Tell(c, stmt, many, one, map[string]any(o), r)
		})
	case "before_cursor_execute":
		put(&ev.BeforeCursorExecute, l, func(c *engine.Connection, x *engine.CursorExecution) error {
			out, err := l.Call(c, cursorOf(c, x), x.SQL, cursorParams(x), x.Execution, x.Many)
			if err != nil || !l.Retval || len(out) == 0 {
				return err
			}
			out = tuple(out, 2)
			sql, _ := out[0].(string)
			sets := x.Sets
			if len(out) > 1 {
				sets = setsOf(out[1], x.Many, sets)
			}
			if sql != "" {
				x.Change(sql, sets)
			}
			return nil
		})
	case "after_cursor_execute":
		put(&ev.AfterCursorExecute, l, func(c *engine.Connection, x *engine.CursorExecution) error {
			return l.Tell(c, cursorOf(c, x), x.SQL, cursorParams(x), x.Execution, x.Many)
		})
	case "engine_connect":
		plain(&ev.EngineConnect)
	case "begin":
		plain(&ev.Begin)
	case "commit":
		plain(&ev.Commit)
	case "rollback":
		plain(&ev.Rollback)
	case "savepoint":
		named(&ev.Savepoint)
	case "rollback_savepoint":
		named(&ev.RollbackSavepoint)
	case "release_savepoint":
		named(&ev.ReleaseSavepoint)
	case "begin_twophase":
		named(&ev.BeginTwoPhase)
	case "prepare_twophase":
		named(&ev.PrepareTwoPhase)
	case "commit_twophase":
		prepared(&ev.CommitTwoPhase)
	case "rollback_twophase":
		prepared(&ev.RollbackTwoPhase)
	case "engine_disposed":
		put(&ev.EngineDisposed, l, func(e *engine.Engine) error { return l.Tell(e) })
	case "set_connection_execution_options":
		put(&ev.SetConnectionOption, l, func(c *engine.Connection, o core.Options) error { return changeable(l, o, c) })
	case "set_engine_execution_options":
		put(&ev.SetEngineOption, l, func(e *engine.Engine, o core.Options) error { return changeable(l, o, e) })
	default:
		return false
	}
	return true
}

func poolEvent(ev *engine.PoolEvents, l *Listening) bool {
	ignore := func(args ...any) { _ = l.Tell(args...) }
	switch l.Name {
	case "connect":
		putPool(&ev.Connect, l, func(c *engine.DriverConn, r *engine.Record) error { return l.Tell(c, r) })
	case "first_connect":
		putPool(&ev.FirstConnect, l, func(c *engine.DriverConn, r *engine.Record) error { return l.Tell(c, r) })
	case "checkout":
		putPool(&ev.Checkout, l, func(c *engine.DriverConn, r *engine.Record, k *engine.Checkout) error { return l.Tell(c, r, k) })
	case "checkin":
		putPool(&ev.Checkin, l, func(c *engine.DriverConn, r *engine.Record) { ignore(c, r) })
	case "reset":
		putPool(&ev.Reset, l, func(c *engine.DriverConn, r *engine.Record, state engine.ResetState) { ignore(c, r, state) })
	case "invalidate":
		putPool(&ev.Invalidate, l, func(c *engine.DriverConn, r *engine.Record, cause error) { ignore(c, r, cause) })
	case "soft_invalidate":
		putPool(&ev.SoftInvalidate, l, func(c *engine.DriverConn, r *engine.Record, cause error) { ignore(c, r, cause) })
	case "close":
		putPool(&ev.Close, l, func(c *engine.DriverConn, r *engine.Record) { ignore(c, r) })
	case "detach":
		putPool(&ev.Detach, l, func(c *engine.DriverConn, r *engine.Record) { ignore(c, r) })
	case "close_detached":
		putPool(&ev.CloseDetached, l, func(c *engine.DriverConn) { ignore(c) })
	default:
		return false
	}
	return true
}

// dialectEvent are the events of dialects.
func dialectEvent(ev *engine.DialectEvents, l *Listening) bool {
	do := func(hook *engine.Hook[engine.DoExecute], withParameters bool) {
		put(hook, l, func(c *engine.Connection, x *engine.CursorExecution) (bool, error) {
			cursor := cursorOf(c, x)
			args := []any{cursor, x.SQL, x.Execution}
			if withParameters {
				args = []any{cursor, x.SQL, cursorParams(x), x.Execution}
			}
			out, err := l.Call(args...)
			if err != nil || len(out) == 0 || out[0] != true {
				return false, err
			}
			x.Outcome = cursor.Outcome()
			return true, nil
		})
	}
	switch l.Name {
	case "handle_error":
		put(&ev.HandleError, l, func(x *engine.ErrorContext) (instead, raised error) {
			out, err := l.Call(x)
			if err != nil || len(out) == 0 {
				return nil, err
			}
			instead, _ = out[0].(error)
			return instead, nil
		})
	case "do_connect":
		put(&ev.DoConnect, l, func(d engine.Dialect, r *engine.Record, a *engine.ConnectArguments) (*engine.DriverConn, error) {
			s := l.state
			positional, named := s.FromGo(s.Main, a.Positional), s.FromGo(s.Main, a.Named)
			out, err := l.Call(d, r, positional, named)
			if err != nil {
				return nil, err
			}
			a.Positional, _ = s.ToGo(positional).([]any)
			a.Named = map[string]any{}
			if o, ok := s.ToGo(named).(types.Object); ok {
				for k, v := range o.All() {
					a.Named[k] = v
				}
			}
			if len(out) == 0 || out[0] == nil {
				return nil, nil
			}
			return DriverConn(out[0])
		})
	case "do_execute":
		do(&ev.DoExecute, true)
	case "do_executemany":
		do(&ev.DoExecuteMany, true)
	case "do_execute_no_params":
		do(&ev.DoExecuteNoParams, false)
	case "do_setinputsizes": // of drivers that none of these databases has
	default:
		return false
	}
	return true
}

// cursorOf is the cursor that listeners see beside a statement.
func cursorOf(c *engine.Connection, x *engine.CursorExecution) *dbapi.Cursor {
	if cur, ok := x.Info["cursor"].(*dbapi.Cursor); ok {
		return cur
	}
	k, err := c.Checkout(context.Background())
	if err != nil {
		bind.Must[any](nil, err)
	}
	cur := dbapi.NewCursor(k.Conn())
	if x.Info == nil {
		x.Info = map[string]any{}
	}
	x.Info["cursor"] = cur
	return cur
}

// shown gives the parameters as listeners see them: a list of many sets, and
// the one set.
func shown(p engine.Params) (many any, one map[string]any) {
	one = map[string]any{}
	switch p.Len() {
	case 0:
		return engine.NewRow(engine.NewMeta(nil), nil), one
	case 1:
		return []any{}, p.Set(0)
	}
	sets := make([]any, p.Len())
	for i := range sets {
		sets[i] = p.Set(i)
	}
	return sets, one
}

// distilled reads parameters that a listener gave back.
func distilled(many, one any) (engine.Params, error) {
	set := func(v any) map[string]any {
		out := map[string]any{}
		if o, ok := v.(types.Object); ok {
			for k, x := range o.All() {
				out[k] = x
			}
		}
		return out
	}
	var p engine.Params
	if list, ok := many.([]any); ok && len(list) > 0 {
		sets := make([]map[string]any, len(list))
		for i, v := range list {
			sets[i] = set(v)
		}
		p = engine.NamedMany(sets)
	}
	if m := set(one); len(m) > 0 {
		if p.Len() > 0 {
			return p, exc.New(exc.InvalidRequestError, "Event handler can't return non-empty multiparams and params at the same time")
		}
		p = engine.Named(m)
	}
	return p, nil
}

// cursorParams are the parameters of a cursor execution: a tuple or a table of
// names, or a list of them.
func cursorParams(x *engine.CursorExecution) any {
	one := func(set []any) any {
		if x.Names != nil {
			m := map[string]any{}
			for i, n := range x.Names {
				if i < len(set) {
					m[n] = set[i]
				}
			}
			return m
		}
		return engine.NewRow(engine.NewMeta(nil), set)
	}
	if !x.Many {
		if len(x.Sets) == 0 {
			return one(nil)
		}
		return one(x.Sets[0])
	}
	list := make([]any, len(x.Sets))
	for i, set := range x.Sets {
		list[i] = one(set)
	}
	return list
}

// setsOf reads what a listener gave back as parameters.
func setsOf(v any, many bool, old [][]any) [][]any {
	row := func(v any) []any {
		switch v := v.(type) {
		case engine.Row:
			return v.Values()
		case []any:
			return v
		}
		return nil
	}
	if !many {
		if r := row(v); r != nil {
			return [][]any{r}
		}
		return old
	}
	list, ok := v.([]any)
	if !ok {
		return old
	}
	var out [][]any
	for _, item := range list {
		out = append(out, row(item))
	}
	return out
}
