package dbapilib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

// Cursor is what the modules' cursors have in common.
var Cursor = bind.Define[*dbapi.Cursor]("DBAPICursor", "Executes SQL in the driver's own style and holds the rows.").
	Method("execute(sql, parameters{}=nil)", "Execute SQL. sqlite3 gives the cursor, pymysql the number of rows.", `cursor:execute("SELECT ?", {5})`, func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		sql, err := statementOf(a, c.Conn)
		if err == nil {
			err = c.Execute(a.Context(), sql, parameters(a.Call, a.Lua("parameters")))
		}
		return executed(c), err
	}).
	Method("executemany(sql, parameters{})", "Execute SQL once for each set of parameters.", `cursor:executemany("INSERT INTO t (a) VALUES (?)", {{1}, {2}})`, func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		sql, err := statementOf(a, c.Conn)
		if err == nil {
			err = c.ExecuteMany(a.Context(), sql, manyParameters(a.Call, a.Lua("parameters")))
		}
		return executed(c), err
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
		return made(a.Call, c, row)
	}).
	Method("fetchmany(size=nil)", "A list of further rows.", "cursor:fetchmany(10)", func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		n := -1
		if a.Has("size") {
			n = a.Int("size")
		}
		rows, err := c.FetchMany(n)
		return madeAll(a.Call, c, rows, err)
	}).
	Method("fetchall()", "All further rows.", "cursor:fetchall()", func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		rows, err := c.FetchAll()
		return madeAll(a.Call, c, rows, err)
	}).
	Method("close()", "Close the cursor.", "cursor:close()", func(c *dbapi.Cursor, a *bind.Args) (any, error) { c.Close(); return nil, nil }).
	Method("setinputsizes(sizes)", "Does nothing, as PEP 249 allows.", "cursor:setinputsizes({10})", func(c *dbapi.Cursor, a *bind.Args) (any, error) { return nil, nil }).
	Method("setoutputsize(size, column=nil)", "Does nothing, as PEP 249 allows.", "cursor:setoutputsize(100)", func(c *dbapi.Cursor, a *bind.Args) (any, error) { return nil, nil }).
	Property("description", "A tuple for each column of the rows: its name first; nil without rows.", description).
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
		cl.Iterate = func(call *bind.Call, self any) (func() (any, bool, error), error) {
			c := self.(*dbapi.Cursor)
			return func() (any, bool, error) {
				row, ok, err := c.FetchOne()
				if err != nil || !ok {
					return nil, false, err
				}
				v, err := made(call, c, row)
				return v, err == nil, err
			}, nil
		}
		cl.Exit = func(_ *bind.Call, self any, cause error) error {
			self.(*dbapi.Cursor).Close()
			return cause
		}
	})

var sqliteCursor = bind.Define[*dbapi.Cursor]("sqlite3.Cursor", "A cursor of Python's sqlite3.", Cursor.Class).
	Method("executescript(sql)", "Execute several statements, after committing what is open.", `cursor:executescript("CREATE TABLE a (x); CREATE TABLE b (y)")`, func(c *dbapi.Cursor, a *bind.Args) (any, error) {
		return c, c.ExecuteScript(a.Context(), a.String("sql"))
	}).
	Property("row_factory", "What makes the rows: sqlite3.Row, or a function of cursor and row; nil for tuples.", func(c *dbapi.Cursor) any { return c.Factory }).
	Setter(func(_ *bind.Call, c *dbapi.Cursor, v lua.LValue) error {
		c.Factory = factoryOf(v)
		return nil
	})

var psycopgCursor = scrolling(bind.Define[*dbapi.Cursor]("psycopg2.cursor", "A cursor of psycopg2.", Cursor.Class)).
	Property("query", "The statement that was executed last.", func(c *dbapi.Cursor) any { return textOrNil(c.Query) }).
	Property("statusmessage", "The server's tag of the last statement: INSERT 0 1.", func(c *dbapi.Cursor) any { return textOrNil(c.StatusMessage()) })

var pymysqlCursor = scrolling(bind.Define[*dbapi.Cursor]("pymysql.Cursor", "A cursor of pymysql.", Cursor.Class)).
	Method("nextset()", "Go on to the next result of a statement that has several, such as CALL; nil if there is none.", "cursor:nextset()", func(c *dbapi.Cursor, _ *bind.Args) (any, error) {
		if c.NextSet() {
			return true, nil
		}
		return nil, nil
	})

// scrolling adds what the two servers' cursors have.
func scrolling(d bind.Def[*dbapi.Cursor]) bind.Def[*dbapi.Cursor] {
	return d.
		Method("scroll(value, mode=\"relative\")", "Move to another row: by so many, or with \"absolute\" to that one counted from 0.", `cursor:scroll(-1)`, func(c *dbapi.Cursor, a *bind.Args) (any, error) {
			return nil, c.Scroll(a.Int("value"), a.String("mode") == "absolute")
		}).
		Method("mogrify(sql, parameters{}=nil)", "The SQL with the values in it.", `cursor:mogrify("SELECT %s", {5})`, func(c *dbapi.Cursor, a *bind.Args) (any, error) {
			sql, err := statementOf(a, c.Conn)
			if err != nil {
				return nil, err
			}
			p := parameters(a.Call, a.Lua("parameters"))
			return engine.Mogrify(c.Conn.Dialect, sql, p.Names, p.Values)
		}).
		Property("rownumber", "How many rows have been fetched.", func(c *dbapi.Cursor) any { return c.RowNumber() })
}

// executed is what execute() gives, which PEP 249 leaves open.
func executed(c *dbapi.Cursor) any {
	switch c.Conn.Dialect.Name() {
	case "sqlite":
		return c
	case "mysql":
		return c.RowCount
	}
	return nil
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// description is PEP 249's: seven facts of each column, of which drivers know
// the first two. sqlite3 has it as a tuple, the others as a list.
func description(c *dbapi.Cursor) any {
	if c.Description == nil {
		return nil
	}
	lite := c.Conn.Dialect.Name() == "sqlite"
	meta := engine.NewMeta([]string{"name", "type_code", "display_size", "internal_size", "precision", "scale", "null_ok"})
	out := make([]any, len(c.Description))
	for i, d := range c.Description {
		var kind any
		if d.Type != "" && !lite {
			kind = d.Type
		}
		out[i] = engine.NewRow(meta, []any{d.Name, kind, nil, nil, nil, nil, nil})
	}
	if lite {
		return engine.NewRow(engine.NewMeta(nil), out)
	}
	return out
}

// parameters reads the parameters of one execution: a list, or a table of
// names. An empty table is an empty list.
func parameters(c *bind.Call, v lua.LValue) dbapi.Params {
	if c.IsNull(v) {
		return dbapi.Params{}
	}
	if row, ok := bind.Unwrap[engine.Row](v); ok {
		return dbapi.Positional(row.Values()...)
	}
	if row, ok := bind.Unwrap[*plainRow](v); ok {
		return dbapi.Positional(row.row.Values()...)
	}
	t, ok := v.(*lua.LTable)
	if !ok {
		bind.Fail(exc.ProgrammingError, "parameters are of unsupported type: a list or a table of names is wanted, not %s", c.KindOf(v))
	}
	if script.HasFields(t) && script.Len(t) == 0 {
		names := map[string]any{}
		for k, v := range script.Fields(t) {
			names[lua.LVAsString(k)] = c.ToGo(v)
		}
		return dbapi.Named(names)
	}
	p := dbapi.Positional(make([]any, script.Len(t))...)
	for i := range p.Values {
		p.Values[i] = c.ToGo(t.RawGetInt(i + 1))
	}
	return p
}

// manyParameters reads a list of them, or what gives them one by one: a
// function, as an iterator in Lua is one.
func manyParameters(c *bind.Call, v lua.LValue) []dbapi.Params {
	var sets []dbapi.Params
	if f, ok := c.CallbackOf(v); ok {
		for {
			out, err := f.Call()
			bind.Check(err)
			if len(out) == 0 || out[0] == lua.LNil {
				return sets
			}
			sets = append(sets, parameters(c, out[0]))
		}
	}
	for _, item := range c.ListOf(v) {
		sets = append(sets, parameters(c, item))
	}
	return sets
}

// statementOf is the SQL of a call: text, or psycopg2's composed SQL.
func statementOf(a *bind.Args, c *engine.DriverConn) (string, error) {
	if p, ok := a.Any("sql").(piece); ok {
		return p.sql(c.Dialect)
	}
	return a.String("sql"), nil
}
