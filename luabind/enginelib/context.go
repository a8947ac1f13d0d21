package enginelib

import (
	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// CursorExecution is what listeners know as the cursor.
var CursorExecution = bind.Define[*engine.CursorExecution]("cursor", "One statement on its way to the driver.").
	Property("statement", "Its SQL.", func(x *engine.CursorExecution) any { return x.SQL }).
	With(func(c *bind.Class) { c.Identity = true })

// ErrorContext is what handle_error listeners see.
var ErrorContext = bind.Define[*engine.ErrorContext]("ExceptionContext", "An error of the database and what it happened to.").
	Property("connection", "The connection.", func(x *engine.ErrorContext) any { return x.Connection }).
	Property("engine", "The engine.", func(x *engine.ErrorContext) any { return x.Engine }).
	Property("statement", "The SQL.", func(x *engine.ErrorContext) any { return emptyNil(x.Statement) }).
	Property("original_exception", "The driver's error.", func(x *engine.ErrorContext) any { return original(x) }).
	Property("sqlalchemy_exception", "The error that will be raised.", func(x *engine.ErrorContext) any { return x.Error }).
	Property("chained_exception", "What an earlier listener put in its place.", func(x *engine.ErrorContext) any { return x.Chained }).
	Property("is_disconnect", "Whether the connection is lost.", func(x *engine.ErrorContext) any { return x.IsDisconnect }).
	Property("is_pre_ping", "Whether it happened in a ping of the pool.", func(x *engine.ErrorContext) any { return x.IsPrePing }).
	Property("invalidate_pool_on_disconnect", "Whether a lost connection empties the pool.", func(x *engine.ErrorContext) any { return x.InvalidatePool }).
	Property("execution_context", "The execution.", func(x *engine.ErrorContext) any { return x.Execution })

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
			var o types.Object
			for k, v := range x.CurrentParameters() {
				o.Set(k, v)
			}
			return o, nil
		}).
	Property("current_parameters", "The row's values by column.", func(x core.DefaultContext) any {
		return x.CurrentParameters()
	})
