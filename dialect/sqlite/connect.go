package sqlite

import (
	"context"
	"database/sql/driver"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// DriverName is the driver that SQLAlchemy would use.
func (d *Dialect) DriverName() string {
	if d.driver != "" {
		return d.driver
	}
	return "pysqlite"
}

// UseDriver notes the driver that the URL names.
func (d *Dialect) UseDriver(name string) { d.driver = name }

// connector opens connections to one file, or to memory.
type connector struct {
	dsn string
	drv sqlite.Driver
}

func (c *connector) Connect(context.Context) (driver.Conn, error) { return c.drv.Open(c.dsn) }
func (c *connector) Driver() driver.Driver                        { return &c.drv }

// checkURL refuses a URL that names a server.
func checkURL(u *engine.URL) error {
	given := func(s *string) bool { return s != nil && *s != "" }
	if given(u.Username) || given(u.Host) || given(u.Password) || u.Port != nil && *u.Port != 0 {
		return exc.New(exc.ArgumentError, "Invalid SQLite URL: %s\nValid SQLite URL forms are:\n sqlite:///:memory: (or, sqlite://)\n sqlite:///relative/path/to/file.db\n sqlite:////absolute/path/to/file.db", u)
	}
	return nil
}

// pragmas are connect_args and options of the URL that set a PRAGMA.
var pragmas = map[string]bool{"busy_timeout": true, "foreign_keys": true, "journal_mode": true, "synchronous": true, "query_only": true, "cache_size": true}

// Connector is what opens the URL's file. Options of the URL are those of
// Python's sqlite3.connect; mode, cache and the like need uri=true, as there.
func (*Dialect) Connector(u *engine.URL, args map[string]any) (driver.Connector, error) {
	if err := checkURL(u); err != nil {
		return nil, err
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
	c := &connector{dsn: name + sep + query}
	if err := registerFunctions(&c.drv); err != nil {
		return nil, err
	}
	return c, nil
}

// ConnectArguments are those of Python's sqlite3.
func (d *Dialect) ConnectArguments(u *engine.URL) (*engine.ConnectArguments, error) {
	if err := checkURL(u); err != nil {
		return nil, err
	}
	named := map[string]any{}
	rest := map[string]bool{}
	for k := range u.Query {
		v, _ := u.Option(k)
		switch k {
		case "uri", "check_same_thread":
			named[k] = truth(v)
		case "timeout":
			if f, err := strconv.ParseFloat(v, 64); err == nil {
				named[k] = f
			}
		case "detect_types", "cached_statements":
			if n, err := strconv.ParseInt(v, 10, 64); err == nil {
				named[k] = n
			}
		case "isolation_level":
			named[k] = v
		default:
			rest[k] = true
		}
	}
	name := ""
	if u.Database != nil {
		name = *u.Database
	}
	if named["uri"] == true {
		sep := "?"
		for _, k := range slices.Sorted(maps.Keys(rest)) {
			v, _ := u.Option(k)
			name += sep + k + "=" + v
			sep = "&"
		}
	} else if name == "" {
		name = ":memory:"
	} else if name != ":memory:" {
		if abs, err := filepath.Abs(name); err == nil {
			name = abs
		}
	}
	if _, given := named["check_same_thread"]; !given {
		named["check_same_thread"] = d.DefaultPool(u) == engine.SingletonPool
	}
	return &engine.ConnectArguments{Positional: []any{name}, Named: named}, nil
}

func truth(s string) bool {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "y", "t", "1":
		return true
	}
	return false
}

// InMemory reports whether the URL is of a new database in memory. Nothing
// else than its plain names counts: a "file:" may say several things at once.
func (*Dialect) InMemory(u *engine.URL, args map[string]any) bool {
	return u.Database == nil || *u.Database == "" || *u.Database == ":memory:"
}

// SameDatabase compares paths.
func (*Dialect) SameDatabase(a, b *engine.URL) bool {
	path := func(u *engine.URL) string {
		if u.Database == nil {
			return ""
		}
		abs, err := filepath.Abs(*u.Database)
		if err != nil {
			return ""
		}
		return abs
	}
	return path(a) != "" && path(a) == path(b) && !strings.HasPrefix(*b.Database, "file:")
}

// Confine keeps SQL from naming files: ATTACH, and VACUUM INTO, which attaches
// too. A name that is computed comes here empty, as that of the file does which
// a plain VACUUM attaches: both are refused.
func (*Dialect) Confine(_ context.Context, c *engine.DriverConn) error {
	r, ok := c.Raw.(sqlite.AuthorizerRegisterer)
	if !ok {
		return exc.New(exc.NotSupportedError, "safe mode: the SQLite driver cannot be confined")
	}
	return r.RegisterAuthorizer(func(action sqlite.AuthorizerActionCode, name, _, _, _ string) sqlite.AuthorizerReturnCode {
		switch {
		case action == sqlite.AuthAttach && name != ":memory:",
			action == sqlite.AuthPragma && (name == "temp_store_directory" || name == "data_store_directory"):
			return sqlite.AuthorizerDeny
		}
		return sqlite.AuthorizerOK
	})
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

// LibraryVersion is that of the SQLite inside this program.
const LibraryVersion = lib.SQLITE_VERSION

// Version is that of the SQLite inside this program.
func (*Dialect) Version() []int {
	n := lib.SQLITE_VERSION_NUMBER
	return []int{n / 1000000, n / 1000 % 1000, n % 1000}
}

// DefaultIsolation is SERIALIZABLE: there is one writer.
func (*Dialect) DefaultIsolation() string { return "SERIALIZABLE" }

// IsolationLevels are SQLite's two, and none.
func (*Dialect) IsolationLevels() []string {
	return []string{"READ UNCOMMITTED", "SERIALIZABLE", "AUTOCOMMIT"}
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
