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

// Connection is the class of connections of a driver.
var Connection = members(bind.Define[*engine.DriverConn]("Connection", "A connection of the driver: cursors, commit, rollback; nothing commits by itself."),
	func(c *engine.DriverConn) { _ = c.Close() })

// What was checked out of a pool is such a connection too; closing it gives it
// back.
var _ = members(enginelib.Checkout, func(k *engine.Checkout) { k.Close(false) })

// use finds the driver's connection in self.
func use[T, R any](f func(*engine.DriverConn, *bind.Args) (R, error)) func(T, *bind.Args) (any, error) {
	return func(self T, a *bind.Args) (any, error) {
		conn, err := enginelib.DriverConn(self)
		if err != nil {
			return nil, err
		}
		return f(conn, a)
	}
}

// get is use for a property.
func get[T any](f func(*bind.Call, *engine.DriverConn) (any, error)) func(*bind.Call, T) (any, error) {
	return func(call *bind.Call, self T) (any, error) {
		conn, err := enginelib.DriverConn(self)
		if err != nil {
			return nil, err
		}
		return f(call, conn)
	}
}

// set is use for an assignment.
func set[T any](f func(*bind.Call, *engine.DriverConn, lua.LValue) error) func(*bind.Call, T, lua.LValue) error {
	return func(call *bind.Call, self T, v lua.LValue) error {
		conn, err := enginelib.DriverConn(self)
		if err != nil {
			return err
		}
		return f(call, conn, v)
	}
}

// members adds what connections have to a class.
func members[T any](d bind.Def[T], closer func(T)) bind.Def[T] {
	d = d.
		Method("cursor(cursor_factory=nil, *, name=nil, scrollable=nil, withhold=false)", "A cursor: it executes SQL and holds the rows. cursor_factory says what rows are: DictCursor.", "cursor = connection:cursor()",
			use[T](func(c *engine.DriverConn, a *bind.Args) (*dbapi.Cursor, error) {
				if c.Closed() {
					return nil, closedError(c)
				}
				cur := newCursor(c)
				if a.Has("cursor_factory") {
					cur.Factory = a.Lua("cursor_factory")
				}
				return cur, nil
			})).
		Method("commit()", "Commit the transaction.", "connection:commit()", use[T](func(c *engine.DriverConn, a *bind.Args) (any, error) {
			if c.Closed() {
				return nil, closedError(c)
			}
			return nil, dbapi.Error(c.Dialect, c.Commit(a.Context()))
		})).
		Method("rollback()", "Roll the transaction back.", "connection:rollback()", use[T](func(c *engine.DriverConn, a *bind.Args) (any, error) {
			if c.Closed() {
				return nil, closedError(c)
			}
			return nil, dbapi.Error(c.Dialect, c.Rollback(a.Context()))
		})).
		Method("close()", "Close the connection; what was not committed is lost.", "connection:close()", func(self T, a *bind.Args) (any, error) {
			closer(self)
			return nil, nil
		}).
		Computed("autocommit", "Whether statements commit by themselves. pymysql's connections have a method of that name: connection:autocommit(true).",
			get[T](func(_ *bind.Call, c *engine.DriverConn) (any, error) {
				if c.Dialect.Name() == "mysql" {
					return autocommitMethod, nil
				}
				return c.Autocommit, nil
			})).
		Setter(set[T](func(call *bind.Call, c *engine.DriverConn, v lua.LValue) error {
			return setAutocommit(call.Context(), c, lua.LVAsBool(v))
		}))
	sqliteMembers(d)
	psycopgMembers(d)
	pymysqlMembers(d)
	return d.With(func(cl *bind.Class) {
		cl.Identity = true
		cl.Exit = func(call *bind.Call, self any, cause error) error {
			conn, err := enginelib.DriverConn(self)
			if err != nil {
				return err
			}
			return leave(call, conn, cause)
		}
	})
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

var autocommitMethod = bind.Func("autocommit(connection, value)", "Whether statements commit by themselves.", "connection:autocommit(true)", func(a *bind.Args) (any, error) {
	conn, err := enginelib.DriverConn(a.Any("connection"))
	if err != nil {
		return nil, err
	}
	return nil, setAutocommit(a.Context(), conn, a.Bool("value"))
})

// only refuses a name of another module's connections, as if it were not there.
func only(dialect, name string, c *engine.DriverConn) error {
	if c.Dialect.Name() == dialect {
		return nil
	}
	return exc.New(exc.AttributeError, "'%s' object has no attribute '%s'", pythonClass(c), name)
}

func pythonClass(c *engine.DriverConn) string {
	switch c.Dialect.Name() {
	case "postgresql":
		return "psycopg2.extensions.connection"
	case "mysql":
		return "Connection"
	}
	return "sqlite3.Connection"
}

// of guards a method of one module.
func of[T any](dialect, name string, f func(*engine.DriverConn, *bind.Args) (any, error)) func(T, *bind.Args) (any, error) {
	return use[T](func(c *engine.DriverConn, a *bind.Args) (any, error) {
		if err := only(dialect, name, c); err != nil {
			return nil, err
		}
		return f(c, a)
	})
}

// having guards a property of one module.
func having[T any](dialect, name string, f func(*bind.Call, *engine.DriverConn) (any, error)) func(*bind.Call, T) (any, error) {
	return get[T](func(call *bind.Call, c *engine.DriverConn) (any, error) {
		if err := only(dialect, name, c); err != nil {
			return nil, err
		}
		return f(call, c)
	})
}

// named are the keyword arguments of a connect().
func named(a *bind.Args) map[string]any {
	args := map[string]any{}
	for _, k := range a.Keywords() {
		args[k.Name] = a.ToGo(k.Value)
	}
	return args
}
