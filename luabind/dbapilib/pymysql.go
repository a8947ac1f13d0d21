package dbapilib

import (
	"strings"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/luabind/bind"
)

// pymysqlModule makes the namespace pymysql.
func pymysqlModule() *bind.Namespace {
	m := module(dbapi.PyMySQL, pymysqlConnection.Class, pymysqlCursor.Class, bind.Func("connect(*, cursorclass=nil, autocommit=false, charset=nil, **options)", "Connect to MySQL or MariaDB.",
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

// pymysqlConnection is the class of pymysql's connections.
var pymysqlConnection = bind.Define[*engine.DriverConn]("pymysql.Connection", "A connection to MySQL or MariaDB, as pymysql has it.", Connection.Class).
	Method("begin()", "Begin a transaction.", "connection:begin()", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		if err := c.Run(a.Context(), "BEGIN"); err != nil {
			return nil, dbapi.Error(c.Dialect, err)
		}
		c.InTransaction = true
		return nil, nil
	}).
	Method("autocommit(value)", "Whether statements commit by themselves.", "connection:autocommit(true)", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		return nil, setAutocommit(a.Context(), c, a.Bool("value"))
	}).
	Method("get_autocommit()", "Whether statements commit by themselves.", "connection:get_autocommit()", func(c *engine.DriverConn, a *bind.Args) (any, error) { return c.Autocommit, nil }).
	Method("ping(reconnect=true)", "Whether the server still answers: an error if not.", "connection:ping()", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		return nil, dbapi.Error(c.Dialect, c.Run(a.Context(), "DO 1"))
	}).
	Method("select_db(db)", "Change to another database.", `connection:select_db("test")`, func(c *engine.DriverConn, a *bind.Args) (any, error) {
		return nil, dbapi.Error(c.Dialect, c.Run(a.Context(), "USE `"+strings.ReplaceAll(a.String("db"), "`", "``")+"`"))
	}).
	Method("insert_id()", "The id of the row that was inserted last.", "connection:insert_id()", asking("SELECT last_insert_id()")).
	Method("thread_id()", "The server's number of the connection.", "connection:thread_id()", asking("SELECT connection_id()")).
	Method("get_server_info()", "The server's version.", "connection:get_server_info()", asking("SELECT version()")).
	Method("escape(obj{})", "A value as a literal.", `connection:escape("it's")`, func(c *engine.DriverConn, a *bind.Args) (any, error) {
		return engine.Mogrify(c.Dialect, "%s", nil, []any{a.Any("obj")})
	}).
	Property("open", "Whether the connection is open.", func(c *engine.DriverConn) any { return !c.Closed() })

// asking makes a method of a question.
func asking(sql string) func(*engine.DriverConn, *bind.Args) (any, error) {
	return func(c *engine.DriverConn, a *bind.Args) (any, error) {
		v, err := c.Value(a.Context(), sql)
		return v, dbapi.Error(c.Dialect, err)
	}
}
