package enginelib

import (
	"context"
	"errors"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/core/exc"
	"alchemysh/dialect"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

// driverOf is the driver's connection inside a value: itself, or one that was
// checked out of a pool.
func driverOf(v any) (*engine.DriverConn, error) {
	switch v := v.(type) {
	case *engine.DriverConn:
		return v, nil
	case *engine.Checkout:
		if c := v.Conn(); c != nil {
			return c, nil
		}
	}
	return nil, exc.New(exc.InterfaceError, "This connection is closed")
}

// connectionMethods adds PEP 249's methods of connections to a class.
func connectionMethods[T any](d bind.Def[T], closer func(T)) bind.Def[T] {
	run := func(c T, a *bind.Args, f func(*dbapi.Cursor) error) (any, error) {
		conn, err := driverOf(c)
		if err != nil {
			return nil, err
		}
		cur := dbapi.NewCursor(conn)
		return cur, f(cur)
	}
	return d.
		Method("cursor(name=nil, **kw)", "A cursor: it executes SQL and holds the rows.", "cursor = connection:cursor()", func(c T, a *bind.Args) (any, error) {
			conn, err := driverOf(c)
			if err != nil {
				return nil, err
			}
			if conn.Closed() {
				return nil, exc.New(exc.ProgrammingError, "Cannot operate on a closed database.")
			}
			return dbapi.NewCursor(conn), nil
		}).
		Method("commit()", "Commit the transaction.", "connection:commit()", func(c T, a *bind.Args) (any, error) {
			conn, err := driverOf(c)
			if err != nil {
				return nil, err
			}
			return nil, dbapi.Error(conn.Dialect, conn.Commit(a.Context()))
		}).
		Method("rollback()", "Roll the transaction back.", "connection:rollback()", func(c T, a *bind.Args) (any, error) {
			conn, err := driverOf(c)
			if err != nil {
				return nil, err
			}
			return nil, dbapi.Error(conn.Dialect, conn.Rollback(a.Context()))
		}).
		Method("execute(sql, parameters{}=nil)", "Execute SQL with a cursor of its own, as sqlite3 allows.", `connection:execute("SELECT 1")`, func(c T, a *bind.Args) (any, error) {
			return run(c, a, func(cur *dbapi.Cursor) error {
				return cur.Execute(a.Context(), a.String("sql"), cursorArguments(a.Call, a.Lua("parameters")))
			})
		}).
		Method("executemany(sql, parameters{})", "Execute SQL for each set of parameters.", `connection:executemany("INSERT INTO t VALUES (?)", {{1}, {2}})`, func(c T, a *bind.Args) (any, error) {
			return run(c, a, func(cur *dbapi.Cursor) error {
				return cur.ExecuteMany(a.Context(), a.String("sql"), manyArguments(a))
			})
		}).
		Method("executescript(sql)", "Execute several statements.", `connection:executescript("CREATE TABLE a (x); CREATE TABLE b (y)")`, func(c T, a *bind.Args) (any, error) {
			return run(c, a, func(cur *dbapi.Cursor) error { return cur.ExecuteScript(a.Context(), a.String("sql")) })
		}).
		Method("close()", "Close the connection; what was not committed is lost.", "connection:close()", func(c T, a *bind.Args) (any, error) {
			closer(c)
			return nil, nil
		}).
		Computed("in_transaction", "Whether a transaction is open.", func(_ *bind.Call, c T) (any, error) {
			conn, err := driverOf(c)
			if err != nil {
				return nil, err
			}
			return conn.InTransaction, nil
		}).
		Computed("autocommit", "Whether statements commit by themselves.", func(_ *bind.Call, c T) (any, error) {
			conn, err := driverOf(c)
			if err != nil {
				return nil, err
			}
			return conn.Autocommit, nil
		}).
		Setter(func(call *bind.Call, c T, v lua.LValue) error {
			conn, err := driverOf(c)
			if err != nil {
				return err
			}
			level := ""
			if lua.LVAsBool(v) {
				level = "AUTOCOMMIT"
			}
			if err := conn.Dialect.SetIsolation(call.Context(), conn, level); err != nil {
				return dbapi.Error(conn.Dialect, err)
			}
			conn.Autocommit, conn.Level = level != "", level
			return nil
		}).
		With(func(cl *bind.Class) {
			cl.Identity = true
			cl.Exit = func(call *bind.Call, self any, cause error) error {
				conn, err := driverOf(self)
				if err != nil {
					return err
				}
				ctx := context.WithoutCancel(call.Context())
				if cause != nil {
					_ = conn.Rollback(ctx)
					return cause
				}
				return dbapi.Error(conn.Dialect, conn.Commit(ctx))
			}
		})
}

// DBAPIConnection is the class of connections of a driver.
var DBAPIConnection = connectionMethods(bind.Define[*engine.DriverConn]("Connection", "A connection of the driver: cursors, commit, rollback; nothing commits by itself."),
	func(c *engine.DriverConn) { _ = c.Close() })

// What was checked out of a pool is such a connection too; closing it gives it
// back.
var _ = connectionMethods(Checkout, func(k *engine.Checkout) { k.Close(false) })

// DBAPICursor is the class of their cursors.
var DBAPICursor = bind.Define[*dbapi.Cursor]("Cursor", "Executes SQL in the driver's own style and holds the rows.").
	Method("execute(sql, parameters{}=nil)", "Execute SQL.", `cursor:execute("SELECT ?", {5})`, func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		return c, c.Execute(a.Context(), a.String("sql"), cursorArguments(a.Call, a.Lua("parameters")))
	}).
	Method("executemany(sql, parameters{})", "Execute SQL once for each set of parameters.", `cursor:executemany("INSERT INTO t VALUES (?)", {{1}, {2}})`, func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		return c, c.ExecuteMany(a.Context(), a.String("sql"), manyArguments(a))
	}).
	Method("executescript(sql)", "Execute several statements.", `cursor:executescript("CREATE TABLE a (x); CREATE TABLE b (y)")`, func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		return c, c.ExecuteScript(a.Context(), a.String("sql"))
	}).
	Method("callproc(name, parameters{}=nil)", "Call a stored procedure.", `cursor:callproc("refresh", {1})`, func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		values, _ := a.Any("parameters").([]any)
		return c.CallProc(a.Context(), a.String("name"), values)
	}).
	Method("fetchone()", "The next row, or nil.", "cursor:fetchone()", func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		row, ok, err := c.FetchOne()
		if err != nil || !ok {
			return nil, err
		}
		return row, nil
	}).
	Method("fetchmany(size=nil)", "A list of further rows.", "cursor:fetchmany(10)", func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		n := -1
		if a.Has("size") {
			n = a.Int("size")
		}
		return tuples(c.FetchMany(n))
	}).
	Method("fetchall()", "All further rows.", "cursor:fetchall()", func(c *dbapi.Cursor, a *bind.Args) (any, error) { return tuples(c.FetchAll()) }).
	Method("close()", "Close the cursor.", "cursor:close()", func(c *dbapi.Cursor, a *bind.Args) (any, error) { c.Close(); return nil, nil }).
	Method("setinputsizes(sizes)", "Does nothing, as PEP 249 allows.", "cursor:setinputsizes({10})", func(c *dbapi.Cursor, a *bind.Args) (any, error) { return nil, nil }).
	Method("setoutputsize(size, column=nil)", "Does nothing, as PEP 249 allows.", "cursor:setoutputsize(100)", func(c *dbapi.Cursor, a *bind.Args) (any, error) { return nil, nil }).
	Method("mogrify(sql, parameters{}=nil)", "The SQL as the driver takes it.", `cursor:mogrify("SELECT %s", {5})`, func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		p := cursorArguments(a.Call, a.Lua("parameters"))
		sql, _, err := engine.DriverForm(c.Conn.Dialect, a.String("sql"), p.Names, p.Values)
		return sql, err
	}).
	Property("description", "A tuple for each column of the rows: its name first; nil without rows.", func(c *dbapi.Cursor) any {
		if c.Description == nil {
			return nil
		}
		meta := engine.NewMeta([]string{"name", "type_code", "display_size", "internal_size", "precision", "scale", "null_ok"})
		out := make([]any, len(c.Description))
		for i, d := range c.Description {
			var kind any
			if d.Type != "" && c.Conn.Dialect.Name() != "sqlite" {
				kind = d.Type
			}
			out[i] = engine.NewRow(meta, []any{d.Name, kind, nil, nil, nil, nil, nil})
		}
		if c.Conn.Dialect.Name() == "sqlite" { // a tuple there, a list with the others
			return engine.NewRow(engine.NewMeta(nil), out)
		}
		return out
	}).
	Property("rowcount", "The number of rows that the last statement changed or gave, -1 if it is not known.", func(c *dbapi.Cursor) any { return c.RowCount }).
	Property("lastrowid", "The id of the row that was inserted last.", func(c *dbapi.Cursor) any { return c.LastRowID }).
	Property("connection", "The cursor's connection.", func(c *dbapi.Cursor) any { return c.Conn }).
	Property("closed", "Whether the cursor is closed.", func(c *dbapi.Cursor) any { return c.Closed() }).
	Property("arraysize", "How many rows fetchmany() gives by itself.", func(c *dbapi.Cursor) any { return c.ArraySize }).
	Setter(func(call *bind.Call, c *dbapi.Cursor, v lua.LValue) error {
		n, ok := call.ToGo(v).(int64)
		if !ok || n < 1 {
			return exc.New(exc.ValueError, "arraysize must be a number of rows")
		}
		c.ArraySize = int(n)
		return nil
	}).
	With(func(cl *bind.Class) {
		cl.Identity = true
		cl.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			c := self.(*dbapi.Cursor)
			return func() (any, bool, error) {
				row, ok, err := c.FetchOne()
				return row, ok, err
			}, nil
		}
		cl.Exit = func(_ *bind.Call, self any, cause error) error {
			self.(*dbapi.Cursor).Close()
			return cause
		}
	})

func tuples(rows []engine.Row, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	out := make([]any, len(rows))
	for i, r := range rows {
		out[i] = r
	}
	return out, nil
}

// cursorArguments reads the parameters of one execution: a list, or a table of
// names. An empty table is an empty list.
func cursorArguments(c *bind.Call, v lua.LValue) dbapi.Params {
	if c.IsNull(v) {
		return dbapi.Params{}
	}
	if row, ok := bind.Unwrap[engine.Row](v); ok {
		return dbapi.Positional(row.Values()...)
	}
	t, ok := v.(*lua.LTable)
	if !ok {
		bind.Fail(exc.ProgrammingError, "parameters are of unsupported type: a list or a table of names is wanted, not %s", c.KindOf(v))
	}
	if script.HasFields(t) && script.Len(t) == 0 {
		return dbapi.Named(set(c, t))
	}
	p := dbapi.Positional(make([]any, script.Len(t))...)
	for i := range p.Values {
		p.Values[i] = c.ToGo(t.RawGetInt(i + 1))
	}
	return p
}

func manyArguments(a *bind.Args) []dbapi.Params {
	var sets []dbapi.Params
	for _, item := range a.List("parameters") {
		sets = append(sets, cursorArguments(a.Call, item))
	}
	return sets
}

// module makes the namespace of a DBAPI module.
func module(m dbapi.Module, connect *bind.Function) *bind.Namespace {
	n := bind.NewNamespace(m.Name, "The DBAPI module "+m.Name+", as PEP 249 has it.", connect)
	n.Set("paramstyle", m.ParamStyle)
	n.Set("apilevel", dbapi.APILevel)
	n.Set("threadsafety", m.ThreadSafety)
	n.Set("version", m.Version)
	n.Set("__name__", m.Name)
	n.Set("Connection", DBAPIConnection.Class)
	n.Set("Cursor", DBAPICursor.Class)
	n.Set("Warning", exc.SAWarning)
	n.Set("Error", exc.DBAPIError)
	for _, c := range []*exc.Class{exc.InterfaceError, exc.DatabaseError, exc.DataError, exc.OperationalError, exc.IntegrityError, exc.InternalError, exc.ProgrammingError, exc.NotSupportedError} {
		n.Set(c.Name, c)
	}
	return n
}

// open connects, for a module's connect().
func open(a *bind.Args, u *engine.URL, args map[string]any) (any, error) {
	d, err := dialect.For(u)
	if err != nil {
		return nil, err
	}
	c, err := dbapi.Connect(a.Context(), Scope(a.State), d, u, args)
	if err != nil {
		return nil, plainError(err)
	}
	return c, nil
}

// plainError leaves out what is above a DBAPI.
func plainError(err error) error {
	var e *exc.Error
	if errors.As(err, &e) && e.Class == exc.ArgumentError {
		return exc.New(exc.OperationalError, "%s", e.Message)
	}
	return err
}

// installDBAPI defines sqlite3, psycopg2 and pymysql.
func installDBAPI(s *bind.State) {
	s.Register(DBAPIConnection.Class, DBAPICursor.Class, Record.Class)
	lite := module(dbapi.SQLite3, bind.Func(`connect(database, timeout=5.0, detect_types=0, isolation_level="", check_same_thread=true, cached_statements=128, uri=false, *, autocommit=nil)`,
		"Open a SQLite database: a file, or \":memory:\".", `connection = sqlite3.connect(":memory:")`, func(a *bind.Args) (any, error) {
			name := a.String("database")
			u := &engine.URL{DriverName: "sqlite", Database: &name}
			args := map[string]any{"timeout": a.Float("timeout")}
			if a.Bool("uri") {
				args["uri"] = "true"
			}
			v, err := open(a, u, args)
			if err == nil && (a.Given("isolation_level") && !a.Has("isolation_level") || a.Bool("autocommit")) {
				v.(*engine.DriverConn).Autocommit = true
			}
			return v, err
		}))
	lite.Set("sqlite_version", "3.51")
	pg := module(dbapi.Psycopg2, bind.Func("connect(dsn=nil, **options)", "Connect to PostgreSQL.",
		`connection = psycopg2.connect{host = "localhost", dbname = "shop", user = "ann"}`, func(a *bind.Args) (any, error) {
			args := named(a)
			if dsn := a.String("dsn"); dsn != "" {
				if u, err := engine.ParseURL(dsn); err == nil {
					u.DriverName = "postgresql"
					return open(a, u, args)
				}
				for k, v := range keyValues(dsn) {
					args[k] = v
				}
			}
			return open(a, &engine.URL{DriverName: "postgresql"}, args)
		}))
	my := module(dbapi.PyMySQL, bind.Func("connect(**options)", "Connect to MySQL or MariaDB.",
		`connection = pymysql.connect{host = "localhost", user = "ann", database = "shop"}`, func(a *bind.Args) (any, error) {
			args := named(a)
			delete(args, "cursorclass")
			auto := args["autocommit"] == true
			delete(args, "autocommit")
			v, err := open(a, &engine.URL{DriverName: "mysql"}, args)
			if err == nil && auto {
				c := v.(*engine.DriverConn)
				if err := c.Dialect.SetIsolation(a.Context(), c, "AUTOCOMMIT"); err != nil {
					return nil, err
				}
				c.Autocommit = true
			}
			return v, err
		}))
	s.Global(lite, pg, my)
}

func named(a *bind.Args) map[string]any {
	args := map[string]any{}
	for _, k := range a.Keywords() {
		args[k.Name] = a.ToGo(k.Value)
	}
	return args
}

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

// infoTable is the dictionary that lives as long as a driver's connection.
func infoTable(c *bind.Call, conn *engine.DriverConn) lua.LValue {
	if t, ok := conn.Info["table"].(*lua.LTable); ok {
		return t
	}
	t := c.L.NewTable()
	conn.Info["table"] = t
	return t
}

// recordInfo is the dictionary that lives as long as a place of the pool.
func recordInfo(c *bind.Call, r *engine.Record) lua.LValue {
	t, ok := r.RecordInfo["table"].(*lua.LTable)
	if !ok {
		t = c.L.NewTable()
		if r.RecordInfo == nil {
			r.RecordInfo = map[string]any{}
		}
		r.RecordInfo["table"] = t
	}
	return t
}

// Record is the class of the pool's records, as listeners see them.
var Record = bind.Define[*engine.Record]("_ConnectionRecord", "The pool's place for one connection.").
	Property("dbapi_connection", "The driver's connection.", func(r *engine.Record) any { return r.Conn }).
	Property("driver_connection", "The driver's connection.", func(r *engine.Record) any { return r.Conn }).
	Computed("info", "A table of your own, as long as the connection lives.", func(c *bind.Call, r *engine.Record) (any, error) {
		if r.Conn == nil {
			return c.L.NewTable(), nil
		}
		return infoTable(c, r.Conn), nil
	}).
	Computed("record_info", "A table of your own, as long as the record lives.", func(c *bind.Call, r *engine.Record) (any, error) {
		return recordInfo(c, r), nil
	}).
	With(func(c *bind.Class) { c.Identity = true })

var _ = Checkout.
	Property("dbapi_connection", "The driver's connection.", func(k *engine.Checkout) any { return k.Conn() }).
	Property("driver_connection", "The driver's connection.", func(k *engine.Checkout) any { return k.Conn() }).
	Computed("record_info", "A table of your own, as long as its place in the pool; nil for one that the pool has forgotten.", func(c *bind.Call, k *engine.Checkout) (any, error) {
		if k.Detached {
			return nil, nil
		}
		return recordInfo(c, k.Record), nil
	}).
	Computed("info", "A table of your own, as long as the connection lives.", func(c *bind.Call, k *engine.Checkout) (any, error) {
		conn, err := driverOf(k)
		if err != nil {
			return nil, err
		}
		return infoTable(c, conn), nil
	})
