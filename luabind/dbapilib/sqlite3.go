package dbapilib

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/core/exc"
	"alchemysh/dialect/sqlite"
	"alchemysh/luabind/bind"
)

// sqlite3Module makes the namespace sqlite3.
func sqlite3Module() *bind.Namespace {
	m := module(dbapi.SQLite3, sqliteConnection.Class, sqliteCursor.Class, bind.Func(`connect(database, timeout=5.0, detect_types=0, isolation_level="", check_same_thread=true, factory=nil, cached_statements=128, uri=false, *, autocommit=nil)`,
		"Open a SQLite database: a file, or \":memory:\".", `connection = sqlite3.connect(":memory:")`, func(a *bind.Args) (any, error) {
			name := a.String("database")
			u := &engine.URL{DriverName: "sqlite", Database: &name}
			args := map[string]any{"timeout": a.Float("timeout")}
			if a.Bool("uri") {
				args["uri"] = "true"
			}
			c, err := open(a, u, args)
			if err != nil {
				return nil, err
			}
			if a.Given("isolation_level") {
				err = setSQLiteLevel(c, a.Lua("isolation_level"))
			}
			c.Autocommit = c.Autocommit || a.Bool("autocommit")
			return c, err
		}))
	m.Set("Row", sqliteRow.Class)
	m.Set("sqlite_version", sqlite.LibraryVersion)
	m.Set("PARSE_DECLTYPES", 1)
	m.Set("PARSE_COLNAMES", 2)
	m.Add(bind.Func("complete_statement(sql)", "Whether the text ends a statement: with a semicolon outside of quotes.", `sqlite3.complete_statement("SELECT 1;")`, func(a *bind.Args) (any, error) {
		return completeStatement(a.String("sql")), nil
	}))
	return m
}

// sqliteConnection is the class of sqlite3's connections.
var sqliteConnection = bind.Define[*engine.DriverConn]("sqlite3.Connection", "A connection to a SQLite database, as Python's sqlite3 has it.", Connection.Class).
	Method("execute(sql, parameters{}=nil)", "Execute SQL with a cursor of its own.", `connection:execute("SELECT 1")`, func(c *engine.DriverConn, a *bind.Args) (any, error) {
		cur := newCursor(c)
		return cur, cur.Execute(a.Context(), a.String("sql"), parameters(a.Call, a.Lua("parameters")))
	}).
	Method("executemany(sql, parameters{})", "Execute SQL for each set of parameters.", `connection:executemany("INSERT INTO t (a) VALUES (?)", {{1}, {2}})`, func(c *engine.DriverConn, a *bind.Args) (any, error) {
		cur := newCursor(c)
		return cur, cur.ExecuteMany(a.Context(), a.String("sql"), manyParameters(a.Call, a.Lua("parameters")))
	}).
	Method("executescript(sql)", "Execute several statements, after committing what is open.", `connection:executescript("CREATE TABLE a (x); CREATE TABLE b (y)")`, func(c *engine.DriverConn, a *bind.Args) (any, error) {
		cur := newCursor(c)
		return cur, cur.ExecuteScript(a.Context(), a.String("sql"))
	}).
	Method("create_function(name, narg, func, *, deterministic=false)", "Define a SQL function in Lua; narg is the number of its arguments, -1 for any. nil removes it.", `connection:create_function("half", 1, function(x) return x / 2 end)`, createFunction).
	Method("create_aggregate(name, n_arg, aggregate_class)", "Define an aggregate function: a class with step(self, …) and finalize(self). nil removes it.", `connection:create_aggregate("longest", 1, class("Longest", nil, {step = function(self, s) end, finalize = function(self) return 0 end}))`, createAggregate).
	Method("create_collation(name, callable)", "Define an order of text: a function of two strings that gives a number below, at or above 0. nil removes it.", `connection:create_collation("backwards", function(a, b) return a < b and 1 or a > b and -1 or 0 end)`, createCollation).
	Method("iterdump()", "The statements that would make the database again, one by one.", `for sql in connection:iterdump() do print(sql) end`, func(c *engine.DriverConn, a *bind.Args) (any, error) { return dump(a.Context(), c) }).
	Method("interrupt()", "End what runs on the connection: nothing can, while Lua runs.", "connection:interrupt()", func(*engine.DriverConn, *bind.Args) (any, error) { return nil, nil }).
	Property("in_transaction", "Whether a transaction is open.", func(c *engine.DriverConn) any { return c.InTransaction }).
	Computed("total_changes", "How many rows have been inserted, changed or deleted since the connection was opened.", func(call *bind.Call, c *engine.DriverConn) (any, error) {
		v, err := c.Value(call.Context(), "SELECT total_changes()")
		return v, dbapi.Error(c.Dialect, err)
	}).
	Property("autocommit", "Whether statements commit by themselves.", func(c *engine.DriverConn) any { return c.Autocommit }).
	Setter(func(call *bind.Call, c *engine.DriverConn, v lua.LValue) error {
		return setAutocommit(call.Context(), c, lua.LVAsBool(v))
	}).
	Property("isolation_level", "How transactions begin: \"\", \"DEFERRED\", \"IMMEDIATE\" or \"EXCLUSIVE\"; nil: statements commit by themselves.", func(c *engine.DriverConn) any {
		if c.Autocommit {
			return nil
		}
		how, _ := c.Notes[beginNote].(string)
		return how
	}).
	Setter(func(_ *bind.Call, c *engine.DriverConn, v lua.LValue) error { return setSQLiteLevel(c, v) }).
	Property("row_factory", "What makes the rows of cursors: sqlite3.Row, or a function of cursor and row; nil for tuples.", func(c *engine.DriverConn) any { return c.Info[factoryNote] }).
	Setter(setFactory)

// beginNote is where a connection keeps how its transactions begin.
const beginNote = "sqlite3.isolation_level"

func setSQLiteLevel(c *engine.DriverConn, v lua.LValue) error {
	if v == lua.LNil {
		c.Autocommit = true
		return nil
	}
	how := strings.ToUpper(lua.LVAsString(v))
	switch how {
	case "", "DEFERRED", "IMMEDIATE", "EXCLUSIVE":
	default:
		return exc.New(exc.ValueError, "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'")
	}
	c.Autocommit, c.Notes[beginNote], c.BeginWith = false, how, ""
	if how != "" {
		c.BeginWith = " " + how
	}
	return nil
}

// raised is what SQLite tells of an error in a function of one's own; why is
// the error itself.
func raised(what string, why error) error {
	return fmt.Errorf("user-defined %s raised exception: %w", what, why)
}

func createFunction(c *engine.DriverConn, a *bind.Args) (any, error) {
	maker := c.Dialect.(engine.FunctionMaker)
	if !a.Has("func") {
		return nil, maker.CreateFunction(c, a.String("name"), a.Int("narg"), false, nil)
	}
	f := a.Function("func")
	return nil, maker.CreateFunction(c, a.String("name"), a.Int("narg"), a.Bool("deterministic"), func(args []driver.Value) (driver.Value, error) {
		v, err := f.Call1(plain(args)...)
		if err != nil {
			return nil, raised("function", err)
		}
		return v, nil
	})
}

func plain(args []driver.Value) []any {
	out := make([]any, len(args))
	for i, v := range args {
		out[i] = v
	}
	return out
}

// aggregate is an object of the class that create_aggregate was given.
type aggregate struct {
	call   *bind.Call
	object lua.LValue
}

func (g *aggregate) method(name string, args ...any) (any, error) {
	f, ok := g.call.CallbackOf(g.call.L.GetField(g.object, name))
	if !ok {
		return nil, exc.New(exc.OperationalError, "user-defined aggregate's '%s' method not defined", name)
	}
	v, err := f.Call1(append([]any{g.object}, args...)...)
	if err != nil {
		return nil, raised("aggregate's '"+name+"' method", err)
	}
	return v, nil
}

func (g *aggregate) Step(args []driver.Value) error {
	_, err := g.method("step", plain(args)...)
	return err
}

func (g *aggregate) Final() (driver.Value, error) {
	v, err := g.method("finalize")
	return v, err
}

func createAggregate(c *engine.DriverConn, a *bind.Args) (any, error) {
	maker := c.Dialect.(engine.FunctionMaker)
	if !a.Has("aggregate_class") {
		return nil, maker.CreateAggregate(c, a.String("name"), a.Int("n_arg"), nil)
	}
	class, call := a.Function("aggregate_class"), a.Call
	return nil, maker.CreateAggregate(c, a.String("name"), a.Int("n_arg"), func() (engine.Aggregate, error) {
		out, err := class.Call()
		if err != nil {
			return nil, raised("aggregate's '__init__' method", err)
		}
		return &aggregate{call, out[0]}, nil
	})
}

func createCollation(c *engine.DriverConn, a *bind.Args) (any, error) {
	maker := c.Dialect.(engine.FunctionMaker)
	if !a.Has("callable") {
		return nil, maker.CreateCollation(c, a.String("name"), nil)
	}
	f := a.Function("callable")
	return nil, maker.CreateCollation(c, a.String("name"), func(x, y string) int {
		v, err := f.Call1(x, y)
		if err != nil { // SQLite cannot be told: Python's takes them for equal
			return 0
		}
		switch n := v.(type) {
		case int64:
			return int(min(max(n, -1), 1))
		case float64:
			return map[bool]int{true: 1, false: -1}[n > 0]
		}
		return 0
	})
}

// dump is Python's iterdump: tables with their rows, then the rest.
func dump(ctx context.Context, c *engine.DriverConn) (any, error) {
	cur := dbapi.NewCursor(c)
	rows := func(sql string) ([]engine.Row, error) {
		if err := cur.Execute(ctx, sql, dbapi.Params{}); err != nil {
			return nil, err
		}
		return cur.FetchAll()
	}
	out := []any{"BEGIN TRANSACTION;"}
	tables, err := rows(`SELECT name, sql FROM sqlite_master WHERE sql NOT NULL AND type == 'table' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	quote := func(name any) string { return `"` + strings.ReplaceAll(name.(string), `"`, `""`) + `"` }
	for _, t := range tables {
		name := t.At(0).(string)
		switch {
		case name == "sqlite_sequence":
			out = append(out, `DELETE FROM "sqlite_sequence";`)
		case name == "sqlite_stat1":
			out = append(out, `ANALYZE "sqlite_master";`)
		case strings.HasPrefix(name, "sqlite_"):
			continue
		default:
			out = append(out, t.At(1).(string)+";")
		}
		columns, err := rows("PRAGMA table_info(" + quote(name) + ")")
		if err != nil {
			return nil, err
		}
		var values []string
		for _, col := range columns {
			values = append(values, "'||quote("+quote(col.At(1))+")||'")
		}
		lines, err := rows("SELECT 'INSERT INTO " + strings.ReplaceAll(quote(name), "'", "''") + " VALUES(" + strings.Join(values, ",") + ")' FROM " + quote(name) + ";")
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			out = append(out, l.At(0).(string)+";")
		}
	}
	rest, err := rows(`SELECT sql FROM sqlite_master WHERE sql NOT NULL AND type IN ('index', 'trigger', 'view')`)
	if err != nil {
		return nil, err
	}
	for _, r := range rest {
		out = append(out, r.At(0).(string)+";")
	}
	return append(out, "COMMIT;"), nil
}

func completeStatement(sql string) bool {
	ends := false
	for i := 0; i < len(sql); i++ {
		switch ch := sql[i]; ch {
		case '\'', '"', '`':
			j := strings.IndexByte(sql[i+1:], ch)
			if j < 0 {
				return false
			}
			i, ends = i+1+j, false
		case ';':
			ends = true
		case ' ', '\t', '\r', '\n':
		default:
			ends = false
		}
	}
	return ends
}
