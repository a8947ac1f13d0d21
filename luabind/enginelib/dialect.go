package enginelib

import (
	"alchemysh/core/engine"
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
	Property("driver", "Its driver's name in SQLAlchemy.", func(d engine.Dialect) any { return d.DriverName() }).
	Property("default_schema_name", "The schema of names without one.", func(d engine.Dialect) any { return emptyNil(d.Features().DefaultSchema) }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return "<" + types.Str(self.(engine.Dialect).Name()) + " dialect>", nil
		}
	})
