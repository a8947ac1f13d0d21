package dbapilib

import (
	"context"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// psycopg2Module makes the namespace psycopg2.
func psycopg2Module() *bind.Namespace {
	m := module(dbapi.Psycopg2, psycopgConnection.Class, psycopgCursor.Class, bind.Func("connect(dsn=nil, connection_factory=nil, cursor_factory=nil, **options)", "Connect to PostgreSQL.",
		`connection = psycopg2.connect{host = "localhost", dbname = "shop", user = "ann"}`, func(a *bind.Args) (any, error) {
			args := named(a)
			u := &engine.URL{DriverName: "postgresql"}
			if dsn := a.String("dsn"); dsn != "" {
				if given, err := engine.ParseURL(dsn); err == nil {
					u = given
					u.DriverName = "postgresql"
				} else {
					for k, v := range keyValues(dsn) {
						args[k] = v
					}
				}
			}
			c, err := open(a, u, args)
			if err == nil {
				collectNotices(c)
			}
			if err == nil && a.Has("cursor_factory") {
				c.Info[factoryNote] = a.Lua("cursor_factory")
			}
			return c, err
		}))
	dict := &kind{"psycopg2.extras.RealDictCursor", asTable}
	extras := bind.NewNamespace("extras", "What psycopg2 offers beyond PEP 249.", executeValues, executeBatch)
	extras.Set("RealDictCursor", dict)
	extras.Set("DictCursor", &kind{"psycopg2.extras.DictCursor", asTuple}) // a row has its names anyway
	extras.Set("NamedTupleCursor", &kind{"psycopg2.extras.NamedTupleCursor", asTuple})
	extensions := bind.NewNamespace("extensions", "psycopg2's constants.")
	for i, name := range []string{"AUTOCOMMIT", "READ_COMMITTED", "REPEATABLE_READ", "SERIALIZABLE", "READ_UNCOMMITTED"} {
		extensions.Set("ISOLATION_LEVEL_"+name, i)
	}
	for i, name := range []string{"IDLE", "ACTIVE", "INTRANS", "INERROR", "UNKNOWN"} {
		extensions.Set("TRANSACTION_STATUS_"+name, i)
	}
	m.Set("extras", extras)
	m.Set("extensions", extensions)
	m.Set("sql", composing())
	setStates(m)
	return m
}

// noticesNote is where a connection keeps what the server has said beside its
// answers; psycopg2 keeps the last fifty.
const (
	noticesNote = "notices"
	noticesKept = 50
)

func collectNotices(c *engine.DriverConn) {
	d, ok := c.Dialect.(interface {
		Notices(c *engine.DriverConn, tell func(severity, message string))
	})
	if !ok {
		return
	}
	d.Notices(c, func(severity, message string) {
		list, _ := c.Info[noticesNote].([]string)
		list = append(list, severity+":  "+message+"\n")
		c.Info[noticesNote] = list[max(0, len(list)-noticesKept):]
	})
}

// levels are psycopg2's numbers of isolation levels.
var levels = []string{"AUTOCOMMIT", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE", "READ UNCOMMITTED"}

// psycopgLevel is nil for the server's default.
func psycopgLevel(c *engine.DriverConn) any {
	for i, l := range levels {
		if i > 0 && c.Level == l {
			return i
		}
	}
	return nil
}

func setPsycopgLevel(ctx context.Context, c *engine.DriverConn, v any) error {
	level := ""
	switch v := v.(type) {
	case nil:
	case int64:
		if v < 0 || int(v) >= len(levels) {
			return exc.New(exc.ValueError, "isolation_level must be between 1 and 4")
		}
		level = levels[v]
	case string:
		level = strings.ToUpper(strings.ReplaceAll(v, "_", " "))
	}
	known := level == "" || level == "DEFAULT"
	for _, l := range levels {
		known = known || l == level
	}
	if !known {
		return exc.New(exc.ValueError, "bad value for isolation_level: '%v'", v)
	}
	if level == "DEFAULT" {
		level = ""
	}
	if err := c.Dialect.SetIsolation(ctx, c, level); err != nil {
		return dbapi.Error(c.Dialect, err)
	}
	c.Level, c.Autocommit = level, level == "AUTOCOMMIT"
	return nil
}

// psycopgConnection is the class of psycopg2's connections.
var psycopgConnection = bind.Define[*engine.DriverConn]("psycopg2.connection", "A connection to PostgreSQL, as psycopg2 has it.", Connection.Class).
	Method("set_session(isolation_level=nil, readonly=nil, deferrable=nil, autocommit=nil)", "How the transactions to come are run.", `connection:set_session{isolation_level = "SERIALIZABLE", readonly = true}`, func(c *engine.DriverConn, a *bind.Args) (any, error) {
		if c.InTransaction {
			return nil, exc.New(exc.ProgrammingError, "set_session cannot be used inside a transaction")
		}
		if a.Has("isolation_level") {
			if err := setPsycopgLevel(a.Context(), c, a.Any("isolation_level")); err != nil {
				return nil, err
			}
		}
		for _, name := range []string{"readonly", "deferrable"} {
			if a.Has(name) {
				if err := characteristic(a.Context(), c, name, a.Bool(name)); err != nil {
					return nil, err
				}
			}
		}
		if a.Has("autocommit") {
			return nil, setAutocommit(a.Context(), c, a.Bool("autocommit"))
		}
		return nil, nil
	}).
	Method("set_isolation_level(level)", "The isolation level of transactions: a constant of psycopg2.extensions.", "connection:set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		if err := c.Rollback(a.Context()); err != nil {
			return nil, dbapi.Error(c.Dialect, err)
		}
		return nil, setPsycopgLevel(a.Context(), c, a.Any("level"))
	}).
	Method("get_backend_pid()", "The number of the server's process.", "connection:get_backend_pid()", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		v, err := c.Value(a.Context(), "SELECT pg_backend_pid()")
		return v, dbapi.Error(c.Dialect, err)
	}).
	Method("get_transaction_status()", "A TRANSACTION_STATUS constant of psycopg2.extensions.", "connection:get_transaction_status()", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		return transactionStatus(c), nil
	}).
	Method("get_parameter_status(parameter)", "A setting of the server, nil if there is none.", `connection:get_parameter_status("server_encoding")`, func(c *engine.DriverConn, a *bind.Args) (any, error) {
		name := strings.ReplaceAll(a.String("parameter"), "'", "''")
		v, err := c.Value(a.Context(), "SELECT current_setting('"+name+"', true)")
		return v, dbapi.Error(c.Dialect, err)
	}).
	Method("reset()", "Roll back, and set the session to its defaults.", "connection:reset()", func(c *engine.DriverConn, a *bind.Args) (any, error) {
		if err := c.Rollback(a.Context()); err != nil {
			return nil, dbapi.Error(c.Dialect, err)
		}
		return nil, dbapi.Error(c.Dialect, c.Run(a.Context(), "RESET ALL"))
	}).
	Property("closed", "1 if the connection is closed, 0 if it is open.", func(c *engine.DriverConn) any {
		if c.Closed() {
			return 1
		}
		return 0
	}).
	Computed("server_version", "The server's version as a number: 150004.", func(call *bind.Call, c *engine.DriverConn) (any, error) {
		v, err := c.Value(call.Context(), "SELECT current_setting('server_version_num')::int")
		return v, dbapi.Error(c.Dialect, err)
	}).
	Property("notices", "What the server said beside its answers, the last fifty.", func(c *engine.DriverConn) any {
		if list, ok := c.Info[noticesNote].([]string); ok {
			return list
		}
		return []string{}
	}).
	Property("encoding", "The encoding of text on the wire.", func(*engine.DriverConn) any { return "UTF8" }).
	Property("autocommit", "Whether statements commit by themselves.", func(c *engine.DriverConn) any { return c.Autocommit }).
	Setter(func(call *bind.Call, c *engine.DriverConn, v lua.LValue) error {
		return setAutocommit(call.Context(), c, lua.LVAsBool(v))
	}).
	Property("isolation_level", "The number of the session's isolation level, nil for the server's default.", psycopgLevel).
	Setter(func(call *bind.Call, c *engine.DriverConn, v lua.LValue) error {
		return setPsycopgLevel(call.Context(), c, call.ToGo(v))
	}).
	Property("cursor_factory", "What makes the rows of cursors.", func(c *engine.DriverConn) any { return c.Info[factoryNote] }).
	Setter(setFactory).
	Property("readonly", "Whether transactions are read-only; nil: the server's default.", func(c *engine.DriverConn) any { return c.Info["readonly"] }).
	Setter(func(call *bind.Call, c *engine.DriverConn, v lua.LValue) error {
		return characteristic(call.Context(), c, "readonly", call.ToGo(v))
	}).
	Property("deferrable", "Whether transactions are deferrable; nil: the server's default.", func(c *engine.DriverConn) any { return c.Info["deferrable"] }).
	Setter(func(call *bind.Call, c *engine.DriverConn, v lua.LValue) error {
		return characteristic(call.Context(), c, "deferrable", call.ToGo(v))
	})

// transactionStatus is libpq's: idle, in a transaction, in a failed one, unknown.
func transactionStatus(c *engine.DriverConn) int {
	switch {
	case c.Closed():
		return 4
	case c.Aborted:
		return 3
	case c.InTransaction:
		return 2
	}
	return 0
}

// characteristic sets how the transactions to come begin.
func characteristic(ctx context.Context, c *engine.DriverConn, name string, v any) error {
	d, ok := c.Dialect.(interface {
		Characteristics() map[string]func(context.Context, *engine.DriverConn, any) error
	})
	if !ok {
		return exc.New(exc.NotSupportedError, "%s: not supported", name)
	}
	if err := d.Characteristics()["postgresql_"+name](ctx, c, v); err != nil {
		return dbapi.Error(c.Dialect, err)
	}
	c.Info[name] = v
	return nil
}

// executeValues is psycopg2.extras.execute_values: many rows in one INSERT.
var executeValues = bind.Func("execute_values(cur, sql, argslist{}, template=nil, page_size=100, fetch=false)", "Run a statement whose single %s stands for many rows.",
	`psycopg2.extras.execute_values(cursor, "INSERT INTO t (a, b) VALUES %s", {{1, "x"}, {2, "y"}})`, func(a *bind.Args) (any, error) {
		cur := bind.Get[*dbapi.Cursor](a, "cur")
		before, after, ok := strings.Cut(a.String("sql"), "%s")
		if !ok || strings.Contains(after, "%s") {
			return nil, exc.New(exc.ValueError, "the query must contain exactly one %%s placeholder")
		}
		var fetched []engine.Row
		sets := manyParameters(a.Call, a.Lua("argslist"))
		for page := max(1, a.Int("page_size")); len(sets) > 0; {
			n := min(page, len(sets))
			var marks []string
			var values []any
			for _, p := range sets[:n] {
				mark := a.String("template")
				if mark == "" {
					mark = "(" + strings.TrimSuffix(strings.Repeat("%s,", len(p.Values)), ",") + ")"
				}
				if p.Names != nil { // the template's names become positions
					var err error
					if mark, p.Values, err = positions(mark, p); err != nil {
						return nil, err
					}
				}
				marks, values = append(marks, mark), append(values, p.Values...)
			}
			if err := cur.Execute(a.Context(), before+strings.Join(marks, ",")+after, dbapi.Positional(values...)); err != nil {
				return nil, err
			}
			if a.Bool("fetch") {
				rows, err := cur.FetchAll()
				if err != nil {
					return nil, err
				}
				fetched = append(fetched, rows...)
			}
			sets = sets[n:]
		}
		if a.Bool("fetch") {
			return madeAll(a.Call, cur, fetched, nil)
		}
		return nil, nil
	})

// positions makes %(name)s of a template %s, and gives the values in order.
func positions(template string, p dbapi.Params) (string, []any, error) {
	var b strings.Builder
	var values []any
	for {
		i := strings.Index(template, "%(")
		if i < 0 {
			return b.String() + template, values, nil
		}
		end := strings.Index(template[i:], ")s")
		if end < 0 {
			return "", nil, exc.New(exc.ValueError, "incomplete format key")
		}
		name := template[i+2 : i+end]
		at := -1
		for j, n := range p.Names {
			if n == name {
				at = j
			}
		}
		if at < 0 {
			return "", nil, exc.New(exc.KeyError, "%s", name)
		}
		b.WriteString(template[:i] + "%s")
		values = append(values, p.Values[at])
		template = template[i+end+2:]
	}
}

// executeBatch is psycopg2.extras.execute_batch.
var executeBatch = bind.Func("execute_batch(cur, sql, argslist{}, page_size=100)", "Run a statement for each set of parameters.",
	`psycopg2.extras.execute_batch(cursor, "UPDATE t SET a = %s WHERE id = %s", {{1, 1}, {2, 2}})`, func(a *bind.Args) (any, error) {
		cur := bind.Get[*dbapi.Cursor](a, "cur")
		return nil, cur.ExecuteMany(a.Context(), a.String("sql"), manyParameters(a.Call, a.Lua("argslist")))
	})

// keyValues reads libpq's "host=localhost dbname='my shop'".
func keyValues(dsn string) map[string]any {
	out := map[string]any{}
	for i := 0; i < len(dsn); {
		for i < len(dsn) && dsn[i] == ' ' {
			i++
		}
		from := i
		for i < len(dsn) && dsn[i] != '=' {
			i++
		}
		key := dsn[from:min(i, len(dsn))]
		i++
		var value []byte
		quoted := i < len(dsn) && dsn[i] == '\''
		if quoted {
			i++
		}
		for i < len(dsn) && (quoted && dsn[i] != '\'' || !quoted && dsn[i] != ' ') {
			if dsn[i] == '\\' && i+1 < len(dsn) {
				i++
			}
			value = append(value, dsn[i])
			i++
		}
		i++
		if key != "" {
			out[key] = string(value)
		}
	}
	return out
}
