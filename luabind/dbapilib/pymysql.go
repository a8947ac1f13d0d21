package dbapilib

import (
	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/luabind/bind"
)

// pymysqlModule makes the namespace pymysql.
func pymysqlModule() *bind.Namespace {
	m := module(dbapi.PyMySQL, bind.Func("connect(*, cursorclass=nil, autocommit=false, charset=nil, **options)", "Connect to MySQL or MariaDB.",
		`connection = pymysql.connect{host = "localhost", user = "ann", database = "shop"}`, func(a *bind.Args) (any, error) {
			args := named(a)
			if a.Has("charset") {
				args["charset"] = a.String("charset")
			}
			c, err := open(a, &engine.URL{DriverName: "mysql"}, args)
			if err != nil {
				return nil, err
			}
			if a.Has("cursorclass") {
				c.Info[factoryNote] = a.Lua("cursorclass")
			}
			if a.Bool("autocommit") {
				return c, setAutocommit(a.Context(), c, true)
			}
			return c, nil
		}))
	cursors := bind.NewNamespace("cursors", "What pymysql makes of rows.")
	for _, name := range []string{"Cursor", "SSCursor"} {
		cursors.Set(name, &kind{"pymysql.cursors." + name, asTuple})
	}
	for _, name := range []string{"DictCursor", "SSDictCursor"} {
		cursors.Set(name, &kind{"pymysql.cursors." + name, asTable})
	}
	m.Set("cursors", cursors)
	m.Set("err", setErrors(bind.NewNamespace("err", "pymysql's classes of errors.")))
	return m
}

// pymysqlMembers adds what pymysql's connections have.
func pymysqlMembers[T any](d bind.Def[T]) {
	const my = "mysql"
	value := func(name, sql string) func(T, *bind.Args) (any, error) {
		return of[T](my, name, func(c *engine.DriverConn, a *bind.Args) (any, error) {
			v, err := c.Value(a.Context(), sql)
			return v, dbapi.Error(c.Dialect, err)
		})
	}
	run := func(name, sql string) func(T, *bind.Args) (any, error) {
		return of[T](my, name, func(c *engine.DriverConn, a *bind.Args) (any, error) {
			return nil, dbapi.Error(c.Dialect, c.Run(a.Context(), sql))
		})
	}
	d.
		Method("begin()", "Begin a transaction.", "connection:begin()", of[T](my, "begin", func(c *engine.DriverConn, a *bind.Args) (any, error) {
			if err := c.Run(a.Context(), "BEGIN"); err != nil {
				return nil, dbapi.Error(c.Dialect, err)
			}
			c.InTransaction = true
			return nil, nil
		})).
		Method("ping(reconnect=true)", "Whether the server still answers: an error if not.", "connection:ping()", run("ping", "DO 1")).
		Method("select_db(db)", "Change to another database.", `connection:select_db("test")`, of[T](my, "select_db", func(c *engine.DriverConn, a *bind.Args) (any, error) {
			return nil, dbapi.Error(c.Dialect, c.Run(a.Context(), "USE "+backticks(a.String("db"))))
		})).
		Method("insert_id()", "The id of the row that was inserted last.", "connection:insert_id()", value("insert_id", "SELECT last_insert_id()")).
		Method("thread_id()", "The server's number of the connection.", "connection:thread_id()", value("thread_id", "SELECT connection_id()")).
		Method("get_server_info()", "The server's version.", "connection:get_server_info()", value("get_server_info", "SELECT version()")).
		Method("get_autocommit()", "Whether statements commit by themselves.", "connection:get_autocommit()", of[T](my, "get_autocommit", func(c *engine.DriverConn, a *bind.Args) (any, error) { return c.Autocommit, nil })).
		Method("escape(obj{})", "A value as a literal.", `connection:escape("it's")`, of[T](my, "escape", func(c *engine.DriverConn, a *bind.Args) (any, error) {
			return engine.Mogrify(c.Dialect, "%s", nil, []any{a.Any("obj")})
		})).
		Computed("open", "Whether the connection is open.", having[T](my, "open", func(_ *bind.Call, c *engine.DriverConn) (any, error) { return !c.Closed(), nil }))
}

func backticks(name string) string {
	out := "`"
	for _, r := range name {
		if r == '`' {
			out += "`"
		}
		out += string(r)
	}
	return out + "`"
}
