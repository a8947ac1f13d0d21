package enginelib

import (
	"context"
	"io"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
)

// EchoTo, when the shell has set it, is where the echo of engines goes.
type stateOut struct{ s *bind.State }

// echoWriter sends the echo where print writes, so that both come in order.
func echoWriter(s *bind.State) io.Writer { return stateOut{s} }

func (w stateOut) Write(p []byte) (int, error) {
	if w.s.EchoOut != nil {
		return w.s.EchoOut.Write(p)
	}
	return w.s.Out.Write(p)
}

// Engine is the class of engines.
var Engine = bind.Define[*engine.Engine]("Engine", "Where connections to one database come from.").
	Method("connect()", "A connection; it must be closed.", "conn = engine:connect()", func(e *engine.Engine, a *bind.Args) (any, error) {
		return e.Connect(a.Context())
	}).
	Method("begin()", "A connection with a transaction, for with().", "with(engine:begin(), function(conn) conn:execute(stmt) end)", func(e *engine.Engine, a *bind.Args) (any, error) {
		return &engineBegin{engine: e}, nil
	}).
	Method("execute(statement, parameters{}=nil, *multi, execution_options=nil)", "Run a statement on a connection of its own and commit it (1.x style).",
		`engine:execute("SELECT :id", {id = 3})`, func(e *engine.Engine, a *bind.Args) (any, error) {
			return connectionless(e, a)
		}).
	Method("scalar(statement, parameters{}=nil)", "The first value of a statement, on a connection of its own.", `engine:scalar("SELECT 1")`, func(e *engine.Engine, a *bind.Args) (any, error) {
		r, err := connectionless(e, a)
		if err != nil {
			return nil, err
		}
		return r.Scalar()
	}).
	Method("raw_connection()", "A connection of the driver, from the pool.", "engine:raw_connection()", func(e *engine.Engine, a *bind.Args) (any, error) {
		return e.RawConnection(a.Context())
	}).
	Method("dispose(close=true)", "Close the pool's connections.", "engine:dispose()", func(e *engine.Engine, a *bind.Args) (any, error) {
		return nil, e.Dispose()
	}).
	Method("execution_options(**opt)", "The engine with further execution options.", `engine:execution_options{isolation_level = "AUTOCOMMIT"}`, func(e *engine.Engine, a *bind.Args) (any, error) {
		return e.WithOptions(keywords(a))
	}).
	Method("update_execution_options(**opt)", "Change the engine's execution options.", `engine:update_execution_options{stream_results = true}`, func(e *engine.Engine, a *bind.Args) (any, error) {
		return nil, e.SetOptions(keywords(a))
	}).
	Method("get_execution_options()", "The engine's execution options.", "engine:get_execution_options()", func(e *engine.Engine, a *bind.Args) (any, error) {
		return map[string]any(e.Options), nil
	}).
	Method("clear_compiled_cache()", "Forget compiled statements.", "engine:clear_compiled_cache()", func(e *engine.Engine, a *bind.Args) (any, error) {
		e.ClearCache()
		return nil, nil
	}).
	Property("url", "The engine's URL.", func(e *engine.Engine) any { return e.URL }).
	Property("name", "The dialect's name.", func(e *engine.Engine) any { return e.Name() }).
	Property("driver", "The driver's name.", func(e *engine.Engine) any { return e.Dialect.DriverName() }).
	Property("dialect", "The dialect.", func(e *engine.Engine) any { return e.Dialect }).
	Property("pool", "The pool of connections.", func(e *engine.Engine) any { return e.Pool() }).
	Property("engine", "The engine.", func(e *engine.Engine) any { return e }).
	Property("logging_name", "The name in the log.", func(e *engine.Engine) any { return emptyNil(e.LoggingName) }).
	Property("hide_parameters", "Whether parameters are kept out of echo and errors.", func(e *engine.Engine) any { return e.HideParameters }).
	Setter(func(c *bind.Call, e *engine.Engine, v lua.LValue) error {
		e.HideParameters = lua.LVAsBool(v)
		return nil
	}).
	Property("echo", "Whether SQL is shown: false, true or \"debug\".", func(e *engine.Engine) any { return echoValue(e.Echo()) }).
	Setter(func(c *bind.Call, e *engine.Engine, v lua.LValue) error { e.SetEcho(echoOf(c.ToGo(v))); return nil }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) { return self.(*engine.Engine).String(), nil }
		c.Str = c.Repr
	})

// engineBegin is engine:begin(), until with() enters it.
type engineBegin struct {
	engine *engine.Engine
	conn   *engine.Connection
	tx     *engine.Transaction
}

// EngineBegin is the class of engine:begin().
var EngineBegin = bind.Define[*engineBegin]("Engine.begin", "A transaction on a connection of its own, for with().").With(func(c *bind.Class) {
	c.Enter = func(c *bind.Call, self any) (any, error) {
		b := self.(*engineBegin)
		var err error
		if b.conn, err = b.engine.Connect(c.Context()); err != nil {
			return nil, err
		}
		if b.tx, err = b.conn.Begin(c.Context()); err != nil {
			_ = b.conn.Close(c.Context())
			return nil, err
		}
		b.tx.Enter()
		return b.conn, nil
	}
	c.Exit = func(c *bind.Call, self any, cause error) error {
		b := self.(*engineBegin)
		ctx := context.WithoutCancel(c.Context())
		err := b.tx.Exit(ctx, cause)
		if cerr := b.conn.Close(ctx); err == nil {
			err = cerr
		}
		return err
	}
})

// connectionless is engine:execute(): text is taken as SQL, as in 1.x.
func connectionless(e *engine.Engine, a *bind.Args) (*engine.Result, error) {
	if sql, ok := a.Lua("statement").(lua.LString); ok {
		if p, ok := positional(a); ok {
			return e.ExecDriverSQL(a.Context(), string(sql), p)
		}
	}
	stmt, err := statementOrText(a)
	if err != nil {
		return nil, err
	}
	return e.Execute(a.Context(), stmt, Params(a.Call, a.Lua("parameters")), Options(a.Call, a.Lua("execution_options")))
}

// positional reads what stands after SQL as a string: values, or lists of them,
// for the places of the driver's own style. ok is false for names.
func positional(a *bind.Args) (engine.Params, bool) {
	args := append([]lua.LValue{a.Lua("parameters")}, a.Rest()...)
	if !a.Has("parameters") {
		return engine.Params{}, true
	}
	if t, ok := args[0].(*lua.LTable); ok {
		if _, list := bind.IsList(t); !list {
			return engine.Params{}, false
		}
		if len(args) == 1 {
			return DriverParams(a.Call, t), true
		}
		var rows [][]any
		for _, v := range args {
			row, ok := a.ToGo(v).([]any)
			if !ok {
				return engine.Params{}, false
			}
			rows = append(rows, row)
		}
		return engine.PositionalMany(rows), true
	}
	values := make([]any, len(args))
	for i, v := range args {
		values[i] = a.ToGo(v)
	}
	return engine.Positional(values...), true
}

func statementOrText(a *bind.Args) (core.Node, error) {
	if s, ok := a.Lua("statement").(lua.LString); ok {
		return core.NewText(string(s)), nil
	}
	return statement(a.Call, a.Lua("statement"))
}

// statement reads what execute() takes.
func statement(c *bind.Call, v lua.LValue) (core.Node, error) {
	switch x := corelib.Value(c, v).(type) {
	case core.Statement:
		return corelib.Plain(x), nil
	case *core.Sequence:
		return &core.NextValue{Sequence: x}, nil
	case core.Node:
		if _, isExpr := x.(core.Expr); isExpr {
			return nil, exc.New(exc.ObjectNotExecutableError, "Not an executable object: %s", c.Repr(c.L, v))
		}
	}
	return nil, exc.New(exc.ObjectNotExecutableError, "Not an executable object: %s", c.Repr(c.L, v))
}
