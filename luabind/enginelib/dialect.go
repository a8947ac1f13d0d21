package enginelib

import (
	"alchemysh/core/engine"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
)

// Dialect is the class of dialects that can be connected to.
var Dialect = bind.Define[engine.Dialect]("Dialect", "A database's dialect.", corelib.Dialect).
	Method("create_connect_args(url)", "What connect() of the DBAPI would be given: a list of arguments, and a table of those with names.",
		`dialect:create_connect_args(make_url("sqlite:///shop.db"))`, func(d engine.Dialect, a *bind.Args) (any, error) {
			u, err := urlOf(a.Any("url"))
			if err != nil {
				return nil, err
			}
			args, err := d.ConnectArguments(u)
			if err != nil {
				return nil, err
			}
			positional := args.Positional
			if positional == nil {
				positional = []any{}
			}
			return engine.NewRow(engine.NewMeta(nil), []any{positional, args.Named}), nil
		}).
	Method("get_isolation_level_values(connection)", "The names of the isolation levels.", "dialect:get_isolation_level_values(conn)", func(d engine.Dialect, a *bind.Args) (any, error) {
		return d.IsolationLevels(), nil
	}).
	Method("get_isolation_level(dbapi_connection)", "The isolation level of a connection of the driver.", "engine.dialect:get_isolation_level(conn.connection.dbapi_connection)", func(d engine.Dialect, a *bind.Args) (any, error) {
		c, err := DriverConn(a.Any("dbapi_connection"))
		if err != nil {
			return nil, err
		}
		return d.Isolation(a.Context(), c)
	}).
	Method("set_isolation_level(dbapi_connection, level)", "Set the isolation level of a connection of the driver.", `engine.dialect:set_isolation_level(conn.connection.dbapi_connection, "SERIALIZABLE")`, func(d engine.Dialect, a *bind.Args) (any, error) {
		c, err := DriverConn(a.Any("dbapi_connection"))
		if err != nil {
			return nil, err
		}
		return nil, engine.SetIsolation(a.Context(), d, c, a.String("level"))
	}).
	Method("reset_isolation_level(dbapi_connection)", "Bring a connection of the driver back to the default level.", "engine.dialect:reset_isolation_level(conn.connection.dbapi_connection)", func(d engine.Dialect, a *bind.Args) (any, error) {
		c, err := DriverConn(a.Any("dbapi_connection"))
		if err != nil {
			return nil, err
		}
		return nil, engine.SetIsolation(a.Context(), d, c, "")
	}).
	Method("has_table(connection, table_name, schema=nil)", "Whether there is a table.", `engine.dialect:has_table(conn, "users")`, func(d engine.Dialect, a *bind.Args) (any, error) {
		in, err := inspect.Inspect(a.Context(), a.Any("connection"))
		if err != nil {
			return nil, err
		}
		return in.HasTable(a.Context(), a.String("table_name"), a.String("schema"))
	}).
	Method("has_schema(connection, schema_name)", "Whether there is a schema.", `engine.dialect:has_schema(conn, "main")`, func(d engine.Dialect, a *bind.Args) (any, error) {
		in, err := inspect.Inspect(a.Context(), a.Any("connection"))
		if err != nil {
			return nil, err
		}
		return in.HasSchema(a.Context(), a.String("schema_name"))
	}).
	Property("is_async", "False: its driver is not asynchronous.", func(engine.Dialect) any { return false }).
	Property("requires_name_normalize", "False: names are case sensitive as they are.", func(engine.Dialect) any { return false }).
	Property("driver", "Its driver's name in SQLAlchemy.", func(d engine.Dialect) any { return d.DriverName() }).
	Property("default_schema_name", "The schema of names without one.", func(d engine.Dialect) any { return emptyNil(d.Features().DefaultSchema) }).
	Property("server_version_info", "The server's version, as numbers; nil before the first connection.", func(d engine.Dialect) any {
		version := d.Version()
		if version == nil {
			return nil
		}
		numbers := make([]any, len(version))
		for i, n := range version {
			numbers[i] = n
		}
		return engine.NewRow(engine.NewMeta(nil), numbers)
	}).
	Property("default_isolation_level", "The level of connections that none was set for.", func(d engine.Dialect) any { return d.DefaultIsolation() }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return "<" + types.Str(self.(engine.Dialect).Name()) + " dialect>", nil
		}
	})
