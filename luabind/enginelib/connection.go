package enginelib

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/engine"
	"alchemysh/luabind/bind"
)

// Connection is the class of connections.
var Connection = bind.Define[*engine.Connection]("Connection", "One connection; its first statement begins a transaction.").
	Method("execute(statement, parameters{}=nil, *, execution_options=nil)", "Run a statement, once or with a list of parameters.",
		"conn:execute(select(users))", func(c *engine.Connection, a *bind.Args) (any, error) { return execute(c, a) }).
	Method("scalar(statement, parameters{}=nil, *, execution_options=nil)", "The first column of the first row.",
		"conn:scalar(select(func.count()):select_from(users))", func(c *engine.Connection, a *bind.Args) (any, error) {
			r, err := execute(c, a)
			if err != nil {
				return nil, err
			}
			return r.Scalar()
		}).
	Method("scalars(statement, parameters{}=nil, *, execution_options=nil)", "The first column of the rows.",
		"conn:scalars(select(users.c.name)):all()", func(c *engine.Connection, a *bind.Args) (any, error) {
			r, err := execute(c, a)
			if err != nil {
				return nil, err
			}
			return r.Scalars()
		}).
	Method("exec_driver_sql(statement, parameters{}=nil, *, execution_options=nil)", "Run SQL in the driver's own words.",
		`conn:exec_driver_sql("SELECT ?", {5})`, func(c *engine.Connection, a *bind.Args) (any, error) {
			return c.ExecDriverSQL(a.Context(), a.String("statement"), DriverParams(a.Call, a.Lua("parameters")), Options(a.Call, a.Lua("execution_options")))
		}).
	Method("begin()", "Begin a transaction.", "tx = conn:begin()", func(c *engine.Connection, a *bind.Args) (any, error) { return c.Begin(a.Context()) }).
	Method("begin_nested()", "Begin a savepoint.", "sp = conn:begin_nested()", func(c *engine.Connection, a *bind.Args) (any, error) { return c.BeginNested(a.Context()) }).
	Method("begin_twophase(xid=nil)", "Begin a two-phase transaction.", "tx = conn:begin_twophase()", func(c *engine.Connection, a *bind.Args) (any, error) {
		return c.BeginTwoPhase(a.Context(), a.String("xid"))
	}).
	Method("recover_twophase()", "The ids of prepared transactions.", "conn:recover_twophase()", func(c *engine.Connection, a *bind.Args) (any, error) { return c.RecoverTwoPhase(a.Context()) }).
	Method("commit_prepared(xid, recover=false)", "Commit a prepared transaction.", "conn:commit_prepared(xid)", func(c *engine.Connection, a *bind.Args) (any, error) {
		return nil, c.CommitPrepared(a.Context(), a.String("xid"))
	}).
	Method("rollback_prepared(xid, recover=false)", "Roll a prepared transaction back.", "conn:rollback_prepared(xid)", func(c *engine.Connection, a *bind.Args) (any, error) {
		return nil, c.RollbackPrepared(a.Context(), a.String("xid"))
	}).
	Method("commit()", "Commit the transaction.", "conn:commit()", func(c *engine.Connection, a *bind.Args) (any, error) { return nil, c.Commit(a.Context()) }).
	Method("rollback()", "Roll the transaction back.", "conn:rollback()", func(c *engine.Connection, a *bind.Args) (any, error) { return nil, c.Rollback(a.Context()) }).
	Method("close()", "Close the connection; an open transaction is rolled back.", "conn:close()", func(c *engine.Connection, a *bind.Args) (any, error) { return nil, c.Close(a.Context()) }).
	Method("invalidate(exception=nil)", "Throw the driver's connection away.", "conn:invalidate()", func(c *engine.Connection, a *bind.Args) (any, error) { return nil, c.Invalidate(nil) }).
	Method("detach()", "Take the driver's connection out of the pool.", "conn:detach()", func(c *engine.Connection, a *bind.Args) (any, error) { return nil, c.Detach() }).
	Method("in_transaction()", "Whether a transaction is open.", "conn:in_transaction()", func(c *engine.Connection, a *bind.Args) (any, error) { return c.InTransaction(), nil }).
	Method("in_nested_transaction()", "Whether a savepoint is open.", "conn:in_nested_transaction()", func(c *engine.Connection, a *bind.Args) (any, error) { return c.InNestedTransaction(), nil }).
	Method("get_transaction()", "The current transaction, or nil.", "conn:get_transaction()", func(c *engine.Connection, a *bind.Args) (any, error) { return orNil(c.Transaction()), nil }).
	Method("get_nested_transaction()", "The current savepoint, or nil.", "conn:get_nested_transaction()", func(c *engine.Connection, a *bind.Args) (any, error) { return orNil(c.NestedTransaction()), nil }).
	Method("execution_options(**opt)", "Set execution options on the connection.", `conn:execution_options{isolation_level = "SERIALIZABLE"}`, func(c *engine.Connection, a *bind.Args) (any, error) {
		return c, c.SetOptions(a.Context(), keywords(a))
	}).
	Method("get_execution_options()", "The connection's execution options.", "conn:get_execution_options()", func(c *engine.Connection, a *bind.Args) (any, error) {
		return map[string]any(c.Options()), nil
	}).
	Method("get_isolation_level()", "The isolation level now.", "conn:get_isolation_level()", func(c *engine.Connection, a *bind.Args) (any, error) { return c.IsolationLevel(a.Context()) }).
	Computed("default_isolation_level", "The isolation level of new connections.", func(call *bind.Call, c *engine.Connection) (any, error) {
		return c.DefaultIsolationLevel(call.Context())
	}).
	Property("closed", "Whether the connection is closed.", func(c *engine.Connection) any { return c.Closed() }).
	Property("invalidated", "Whether the connection was lost.", func(c *engine.Connection) any { return c.Invalidated() }).
	Property("engine", "The connection's engine.", func(c *engine.Connection) any { return c.Engine }).
	Property("dialect", "The dialect.", func(c *engine.Connection) any { return c.Engine.Dialect }).
	Computed("connection", "The driver's connection.", func(call *bind.Call, c *engine.Connection) (any, error) { return c.Checkout(call.Context()) }).
	Computed("info", "A table of your own, kept with the driver's connection.", func(call *bind.Call, c *engine.Connection) (any, error) {
		k, err := c.Checkout(call.Context())
		if err != nil {
			return nil, err
		}
		return infoTable(call, k.Conn()), nil
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Exit = func(c *bind.Call, self any, cause error) error {
			err := self.(*engine.Connection).Close(context.WithoutCancel(c.Context()))
			if cause != nil {
				return cause
			}
			return err
		}
	})

func execute(c *engine.Connection, a *bind.Args) (*engine.Result, error) {
	if sql, ok := a.Lua("statement").(lua.LString); ok && c.Engine.Legacy { // 1.x takes strings
		if p, ok := positional(a); ok {
			return c.ExecDriverSQL(a.Context(), string(sql), p)
		}
		return c.Execute(a.Context(), &core.Text{SQL: string(sql)}, Params(a.Call, a.Lua("parameters")))
	}
	if compiled, ok := bind.Unwrap[*compile.Compiled](a.Lua("statement")); ok {
		return c.ExecuteCompiled(a.Context(), compiled, Params(a.Call, a.Lua("parameters")), Options(a.Call, a.Lua("execution_options")))
	}
	stmt, err := statement(a.Call, a.Lua("statement"))
	if err != nil {
		return nil, err
	}
	return c.Execute(a.Context(), stmt, Params(a.Call, a.Lua("parameters")), Options(a.Call, a.Lua("execution_options")))
}

func orNil(t *engine.Transaction) any {
	if t == nil {
		return nil
	}
	return t
}

// Transaction is the class of transactions and savepoints.
var Transaction = bind.Define[*engine.Transaction]("Transaction", "A transaction or savepoint of a connection.").
	Method("commit()", "Commit it, or release the savepoint.", "tx:commit()", func(t *engine.Transaction, a *bind.Args) (any, error) { return nil, t.Commit(a.Context()) }).
	Method("rollback()", "Undo it, or go back to the savepoint.", "tx:rollback()", func(t *engine.Transaction, a *bind.Args) (any, error) { return nil, t.Rollback(a.Context()) }).
	Method("close()", "Undo it unless it is over.", "tx:close()", func(t *engine.Transaction, a *bind.Args) (any, error) { return nil, t.Close(a.Context()) }).
	Method("prepare()", "Make a two-phase transaction ready to commit.", "tx:prepare()", func(t *engine.Transaction, a *bind.Args) (any, error) { return nil, t.Prepare(a.Context()) }).
	Property("is_active", "Whether it is neither over nor broken.", func(t *engine.Transaction) any { return t.Active() }).
	Property("is_valid", "Whether it can still do something.", func(t *engine.Transaction) any { return t.Valid() }).
	Property("connection", "The transaction's connection.", func(t *engine.Transaction) any { return t.Connection() }).
	Property("xid", "The id of a two-phase transaction.", func(t *engine.Transaction) any { return t.XID }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Enter = func(_ *bind.Call, self any) (any, error) { self.(*engine.Transaction).Enter(); return self, nil }
		c.Exit = func(c *bind.Call, self any, cause error) error {
			return self.(*engine.Transaction).Exit(context.WithoutCancel(c.Context()), cause)
		}
	})
