package dbapilib

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/enginelib"
)

// Connection is what the modules' connections have in common.
var Connection = bind.Define[*engine.DriverConn]("DBAPIConnection", "A connection of the driver: cursors, commit, rollback; nothing commits by itself.").
	Method("cursor(cursor_factory=nil, *, name=nil, scrollable=nil, withhold=false)", "A cursor: it executes SQL and holds the rows. cursor_factory says what rows are: DictCursor.", "cursor = connection:cursor()", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		if c.Closed() {
			return nil, closedError(c)
		}
		cur := newCursor(c)
		if a.Has("cursor_factory") {
			cur.Factory = a.Lua("cursor_factory")
		}
		return cur, nil
	}).
	Method("commit()", "Commit the transaction.", "connection:commit()", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		if c.Closed() {
			return nil, closedError(c)
		}
		return nil, dbapi.Error(c.Dialect, c.Commit(a.Context()))
	}).
	Method("rollback()", "Roll the transaction back.", "connection:rollback()", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		if c.Closed() {
			return nil, closedError(c)
		}
		return nil, dbapi.Error(c.Dialect, c.Rollback(a.Context()))
	}).
	Method("close()", "Close the connection; what was not committed is lost.", "connection:close()", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		_ = c.Close()
		return nil, nil
	}).
	With(func(cl *bind.Class) {
		cl.Identity = true
		cl.Exit = func(call *bind.Call, self any, cause error) error {
			return leave(call, self.(*engine.DriverConn), cause)
		}
	})

// What was checked out of a pool passes on what it does not answer itself, as
// SQLAlchemy's does; closing it gives the connection back.
var _ = enginelib.Checkout.
	Method("close()", "Give the connection back to the pool.", "fairy:close()", func(k *engine.Checkout, a *bind.Args) (any, error) {
		k.Close(false)
		return nil, nil
	}).
	With(func(cl *bind.Class) {
		cl.Attr = func(call *bind.Call, self any, name string) (any, bool, error) {
			conn, err := enginelib.DriverConn(self)
			if err != nil {
				return nil, false, err
			}
			if call.ClassFor(conn).Member(name) == nil {
				return nil, false, nil
			}
			inner := call.FromGo(call.L, conn)
			v := call.L.GetField(inner, name)
			if f, ok := v.(*lua.LFunction); ok {
				return onConnection(call, f, call.FromGo(call.L, self), inner), true, nil
			}
			return v, true, nil
		}
		cl.AttrNames = func(self any) []string {
			if conn, err := enginelib.DriverConn(self); err == nil {
				return Connection.Variant(conn).Names()
			}
			return nil
		}
		cl.SetAttr = func(call *bind.Call, self any, name string, v lua.LValue) (bool, error) {
			conn, err := enginelib.DriverConn(self)
			if err != nil || call.ClassFor(conn).Member(name) == nil {
				return false, err
			}
			call.L.SetField(call.FromGo(call.L, conn), name, v)
			return true, nil
		}
		cl.Exit = func(call *bind.Call, self any, cause error) error {
			conn, err := enginelib.DriverConn(self)
			if err != nil {
				return err
			}
			return leave(call, conn, cause)
		}
	})

// onConnection makes a method of the connection inside one of what holds it.
func onConnection(call *bind.Call, method *lua.LFunction, holder, conn lua.LValue) *lua.LFunction {
	return call.L.NewFunction(func(L *lua.LState) int {
		n := L.GetTop()
		L.Push(method)
		for i := 1; i <= n; i++ {
			v := L.Get(i)
			if i == 1 && v == holder {
				v = conn
			}
			L.Push(v)
		}
		L.Call(n, lua.MultRet)
		return L.GetTop() - n
	})
}

// A connection and a cursor are of the classes of their module.
func init() {
	connections := map[string]*bind.Class{"sqlite": sqliteConnection.Class, "postgresql": psycopgConnection.Class, "mysql": pymysqlConnection.Class}
	cursors := map[string]*bind.Class{"sqlite": sqliteCursor.Class, "postgresql": psycopgCursor.Class, "mysql": pymysqlCursor.Class}
	Connection.Variant = func(v any) *bind.Class {
		if c := v.(*engine.DriverConn); c != nil { // the pool's record of none has nil
			return connections[c.Dialect.Name()]
		}
		return nil
	}
	Cursor.Variant = func(v any) *bind.Class { return cursors[v.(*dbapi.Cursor).Conn.Dialect.Name()] }
}

// leave is the end of with(connection, …): commit or roll back, and with
// pymysql close.
func leave(call *bind.Call, c *engine.DriverConn, cause error) error {
	ctx := context.WithoutCancel(call.Context())
	switch {
	case c.Dialect.Name() == "mysql":
		_ = c.Close()
		return cause
	case cause != nil:
		_ = c.Rollback(ctx)
		return cause
	}
	return dbapi.Error(c.Dialect, c.Commit(ctx))
}

func newCursor(c *engine.DriverConn) *dbapi.Cursor {
	cur := dbapi.NewCursor(c)
	cur.Factory = c.Info[factoryNote]
	return cur
}

// factoryNote is where a connection keeps what its cursors make of rows.
const factoryNote = "row_factory"

func closedError(c *engine.DriverConn) error {
	switch c.Dialect.Name() {
	case "postgresql":
		return exc.New(exc.InterfaceError, "connection already closed")
	case "mysql":
		return exc.New(exc.InterfaceError, "(0, '')")
	}
	return exc.New(exc.ProgrammingError, "Cannot operate on a closed database.")
}

func setAutocommit(ctx context.Context, c *engine.DriverConn, on bool) error {
	level := ""
	if on {
		level = "AUTOCOMMIT"
	}
	if err := c.Dialect.SetIsolation(ctx, c, level); err != nil {
		return dbapi.Error(c.Dialect, err)
	}
	c.Autocommit, c.Level = on, level
	return nil
}

// named are the keyword arguments of a connect(); nil is as good as none.
func named(a *bind.Args) map[string]any {
	args := map[string]any{}
	for _, k := range a.Keywords() {
		if v := a.ToGo(k.Value); v != nil {
			args[k.Name] = v
		}
	}
	return args
}
