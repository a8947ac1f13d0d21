package enginelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/engine"
	"alchemysh/luabind/bind"
)

// ExecutionContext is what listeners know as the context: one execution, from
// the first event to the last. Lua may keep names of its own in it.
var ExecutionContext = bind.Define[*engine.Execution]("ExecutionContext", "One execution of a statement.").
	Property("statement", "The SQL.", func(x *engine.Execution) any { return emptyNil(x.SQL) }).
	Property("unicode_statement", "The SQL.", func(x *engine.Execution) any { return emptyNil(x.SQL) }).
	Property("compiled", "The compiled statement; nil for SQL of the driver's own.", func(x *engine.Execution) any {
		if x.Compiled == nil {
			return nil
		}
		return x.Compiled
	}).
	Property("invoked_statement", "The statement as it was given.", func(x *engine.Execution) any { return x.Statement }).
	Property("executemany", "Whether there are several sets of parameters.", func(x *engine.Execution) any { return x.Many }).
	Property("isinsert", "Whether it is an INSERT.", func(x *engine.Execution) any { return x.Kind() == compile.InsertKind }).
	Property("isupdate", "Whether it is an UPDATE.", func(x *engine.Execution) any { return x.Kind() == compile.UpdateKind }).
	Property("isdelete", "Whether it is a DELETE.", func(x *engine.Execution) any { return x.Kind() == compile.DeleteKind }).
	Property("isddl", "Whether it is DDL.", func(x *engine.Execution) any { return x.Kind() == compile.DDLKind }).
	Property("is_text", "Whether it is text().", func(x *engine.Execution) any { return x.Compiled != nil && x.Compiled.PlainText }).
	Property("execution_options", "The options it runs with.", func(x *engine.Execution) any { return map[string]any(x.Options) }).
	Property("connection", "The connection.", func(x *engine.Execution) any { return x.Conn }).
	Property("root_connection", "The connection.", func(x *engine.Execution) any { return x.Conn }).
	Property("engine", "The engine.", func(x *engine.Execution) any { return x.Conn.Engine }).
	Property("dialect", "The dialect.", func(x *engine.Execution) any { return x.Conn.Engine.Dialect }).
	Property("rowcount", "The number of rows changed, -1 if it is not known.", func(x *engine.Execution) any { return x.Rowcount() }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
			v, ok := self.(*engine.Execution).Info[name]
			return v, ok, nil
		}
		c.SetAttr = func(_ *bind.Call, self any, name string, v lua.LValue) (bool, error) {
			x := self.(*engine.Execution)
			if x.Info == nil {
				x.Info = map[string]any{}
			}
			x.Info[name] = v
			return true, nil
		}
	})

// resetState is the class of what "reset" listeners are told.
var resetState = bind.Define[engine.ResetState]("PoolResetState", "How a connection comes back to the pool.").
	Property("transaction_was_reset", "Whether its transaction was open, and has been ended.", func(s engine.ResetState) any { return s.Ended }).
	Property("terminate_only", "Whether it will not be used again.", func(s engine.ResetState) any { return s.Terminated }).
	Property("asyncio_safe", "True: there is no event loop to wait for.", func(engine.ResetState) any { return true })

// ErrorContext is what handle_error listeners see.
var ErrorContext = bind.Define[*engine.ErrorContext]("ExceptionContext", "An error of the database and what it happened to.").
	Property("connection", "The connection.", func(x *engine.ErrorContext) any {
		if x.Connection == nil {
			return nil
		}
		return x.Connection
	}).
	Property("engine", "The engine.", func(x *engine.ErrorContext) any {
		if x.Engine == nil {
			return nil
		}
		return x.Engine
	}).
	Property("dialect", "The dialect.", func(x *engine.ErrorContext) any { return x.Dialect }).
	Property("statement", "The SQL.", func(x *engine.ErrorContext) any { return emptyNil(x.Statement) }).
	Property("parameters", "The parameters.", func(x *engine.ErrorContext) any {
		switch {
		case x.Cursor != nil:
			return cursorParams(x.Cursor)
		case x.Execution == nil:
			return nil
		}
		p := x.Execution.Params()
		if p.Len() == 0 {
			return engine.NewRow(engine.NewMeta(nil), nil)
		}
		sets := make([]any, p.Len())
		for i := range sets {
			sets[i] = p.Set(i)
		}
		return sets
	}).
	Property("cursor", "The cursor.", func(x *engine.ErrorContext) any {
		if x.Cursor == nil || x.Connection == nil || x.Connection.Invalidated() {
			return nil
		}
		return cursorOf(x.Connection, x.Cursor)
	}).
	Property("original_exception", "The driver's error.", func(x *engine.ErrorContext) any { return original(x) }).
	Property("sqlalchemy_exception", "The error that will be raised.", func(x *engine.ErrorContext) any { return x.Error }).
	Property("chained_exception", "What an earlier listener put in its place.", func(x *engine.ErrorContext) any { return x.Chained }).
	Setter(func(c *bind.Call, x *engine.ErrorContext, v lua.LValue) error {
		x.Chained, _ = c.ToGo(v).(error)
		return nil
	}).
	Property("is_disconnect", "Whether the connection is lost.", func(x *engine.ErrorContext) any { return x.IsDisconnect }).
	Setter(func(_ *bind.Call, x *engine.ErrorContext, v lua.LValue) error {
		x.IsDisconnect = lua.LVAsBool(v)
		return nil
	}).
	Property("is_pre_ping", "Whether it happened in a ping of the pool.", func(x *engine.ErrorContext) any { return x.IsPrePing }).
	Property("invalidate_pool_on_disconnect", "Whether a lost connection empties the pool.", func(x *engine.ErrorContext) any { return x.InvalidatePool }).
	Setter(func(_ *bind.Call, x *engine.ErrorContext, v lua.LValue) error {
		x.InvalidatePool = lua.LVAsBool(v)
		return nil
	}).
	Property("execution_context", "The execution.", func(x *engine.ErrorContext) any {
		if x.Execution == nil {
			return nil
		}
		return x.Execution
	}).
	With(func(c *bind.Class) { c.Identity = true })

func emptyNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func original(x *engine.ErrorContext) any {
	if x.Error != nil && x.Error.Orig != nil {
		return x.Error.Orig
	}
	return x.Original
}

// DefaultContext is what functions that compute defaults are given.
var DefaultContext = bind.Define[core.DefaultContext]("DefaultExecutionContext", "The execution that a default is computed for.").
	Method("get_current_parameters(isolate_multiinsert_groups=true)", "The row's values by column.", "ctx:get_current_parameters()",
		func(x core.DefaultContext, a *bind.Args) (any, error) {
			all, ok := x.(engine.DefaultContext)
			if ok && !a.Bool("isolate_multiinsert_groups") {
				return all.Parameters(), nil
			}
			return x.CurrentParameters(), nil
		}).
	Property("current_parameters", "The row's values by column.", func(x core.DefaultContext) any {
		return x.CurrentParameters()
	})
