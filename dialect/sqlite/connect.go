package sqlite

import (
	"context"
	"database/sql/driver"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"modernc.org/sqlite"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// DriverName is the driver that SQLAlchemy would use.
func (*Dialect) DriverName() string { return "pysqlite" }

// connector opens connections to one file, or to memory.
type connector struct {
	dsn string
	drv sqlite.Driver
}

func (c *connector) Connect(context.Context) (driver.Conn, error) { return c.drv.Open(c.dsn) }
func (c *connector) Driver() driver.Driver                        { return &c.drv }

// pragmas are connect_args and options of the URL that set a PRAGMA.
var pragmas = map[string]bool{"busy_timeout": true, "foreign_keys": true, "journal_mode": true, "synchronous": true, "query_only": true, "cache_size": true}

// Connector is what opens the URL's file. Options of the URL are those of
// Python's sqlite3.connect; mode, cache and the like need uri=true, as there.
func (*Dialect) Connector(u *engine.URL, args map[string]any) (driver.Connector, error) {
	if u.Username != nil || u.Host != nil || u.Password != nil || u.Port != nil {
		return nil, exc.New(exc.ArgumentError, "Invalid SQLite URL: %s\nValid SQLite URL forms are sqlite:///:memory: or sqlite:////absolute/path/to/file.db", u)
	}
	name := ":memory:"
	if u.Database != nil && *u.Database != "" {
		name = *u.Database
	}
	settings := url.Values{"_pragma": {"busy_timeout(5000)"}}
	native := url.Values{}
	uri := strings.HasPrefix(name, "file:")
	option := func(k, v string) {
		switch {
		case k == "uri":
			uri = uri || v == "true" || v == "1"
		case k == "timeout":
			settings.Set("_pragma", "busy_timeout("+milliseconds(v)+")")
		case pragmas[k]:
			settings.Add("_pragma", k+"("+v+")")
		case k == "check_same_thread", k == "isolation_level", k == "detect_types", k == "cached_statements":
		default:
			native.Set(k, v)
		}
	}
	for k := range u.Query {
		v, _ := u.Option(k)
		option(k, v)
	}
	for k, v := range args {
		option(k, types.Str(v))
	}
	if !isMemory(name) && !uri {
		if abs, err := filepath.Abs(name); err == nil {
			name = abs
		}
		// A file: URI keeps "?" and "#" in names apart from options.
		name = "file:" + (&url.URL{Path: name}).EscapedPath()
	}
	sep := "?"
	if strings.Contains(name, "?") {
		sep = "&"
	}
	query := settings.Encode()
	if uri && len(native) > 0 {
		query = native.Encode() + "&" + query
	}
	return &connector{dsn: name + sep + query}, nil
}

// milliseconds turns a number of seconds into the PRAGMA's unit.
func milliseconds(seconds string) string {
	f, err := strconv.ParseFloat(seconds, 64)
	if err != nil {
		return "5000"
	}
	return strconv.Itoa(int(f * 1000))
}

func isMemory(name string) bool {
	return name == ":memory:" || strings.HasPrefix(name, "file::memory:") || strings.Contains(name, "mode=memory")
}

// DefaultPool keeps one connection for a database in memory, since another
// connection would be another database.
func (*Dialect) DefaultPool(u *engine.URL) engine.PoolKind {
	name := ""
	if u.Database != nil {
		name = *u.Database
	}
	mode, _ := u.Option("mode")
	if name == "" || isMemory(name) || mode == "memory" {
		return engine.SingletonPool
	}
	return engine.QueuePool
}

// Setup has nothing to do: the DSN says it all.
func (*Dialect) Setup(context.Context, *engine.DriverConn) error { return nil }

// Initialize has nothing to ask: the SQLite inside this program is known.
func (*Dialect) Initialize(context.Context, *engine.DriverConn, func(string) ([]any, error)) error {
	return nil
}

// PreparesAll: an unprepared statement is prepared anyway, each time.
func (*Dialect) PreparesAll() bool { return true }

// Begins is Python's sqlite3: a transaction begins before the first change of
// rows, and not before a SELECT or DDL. Unlike there it begins before a
// SAVEPOINT too: releasing an outermost savepoint would commit.
func (*Dialect) Begins(sql string) string {
	switch engine.FirstWord(sql) {
	case "INSERT", "UPDATE", "DELETE", "REPLACE", "SAVEPOINT":
		return "BEGIN"
	case "BEGIN":
		return engine.BeganByServer()
	}
	return ""
}

// IsolationLevels are SQLite's two, and none.
func (*Dialect) IsolationLevels() []string {
	return []string{"SERIALIZABLE", "READ UNCOMMITTED", "AUTOCOMMIT"}
}

// SetIsolation turns dirty reads between shared-cache connections on or off.
func (*Dialect) SetIsolation(ctx context.Context, c *engine.DriverConn, level string) error {
	switch level {
	case "READ UNCOMMITTED":
		return c.Run(ctx, "PRAGMA read_uncommitted = 1")
	case "SERIALIZABLE", "":
		if c.Level == "READ UNCOMMITTED" || level != "" {
			return c.Run(ctx, "PRAGMA read_uncommitted = 0")
		}
	}
	return nil
}

// Isolation asks for the level.
func (*Dialect) Isolation(ctx context.Context, c *engine.DriverConn) (string, error) {
	v, err := c.Value(ctx, "PRAGMA read_uncommitted")
	if err != nil {
		return "", err
	}
	if v == int64(1) {
		return "READ UNCOMMITTED", nil
	}
	return "SERIALIZABLE", nil
}

// TwoPhase is nil: SQLite has none.
func (*Dialect) TwoPhase() *engine.TwoPhase { return nil }

// Ping reads the schema's version, which touches the file.
func (*Dialect) Ping(ctx context.Context, c *engine.DriverConn) error {
	_, err := c.Value(ctx, "PRAGMA schema_version")
	return err
}

// Watch leaves it to the driver, which interrupts the statement and keeps the
// connection.
func (*Dialect) Watch(ctx context.Context, _ *engine.DriverConn) (context.Context, func()) {
	return ctx, func() {}
}

// Adjust keeps text as it is stored.
func (*Dialect) Adjust(rows driver.Rows) { KeepText(rows) }

// Stream is nil: the driver reads rows one by one.
func (*Dialect) Stream() *engine.StreamSQL { return nil }

// MergesInserts is false: a prepared statement is as fast row by row.
func (*Dialect) MergesInserts() bool { return false }

// RowsAffectedOfSelect is false: Python's sqlite3 says -1.
func (*Dialect) RowsAffectedOfSelect() bool { return false }
