package postgresql

import (
	"context"
	"database/sql/driver"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lib/pq"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// DriverName is the driver that SQLAlchemy would use.
func (d *Dialect) DriverName() string {
	if d.driver != "" {
		return d.driver
	}
	return "psycopg2"
}

// UseDriver notes the driver that the URL names.
func (d *Dialect) UseDriver(name string) { d.driver = name }

// Connector is what opens connections to the URL's database. Options of the
// URL and connect_args are libpq's; what neither says comes from the PG*
// variables, the service file and the password file.
func (d *Dialect) Connector(u *engine.URL, args map[string]any) (driver.Connector, error) {
	option := map[string]string{}
	set := func(k string, v *string) {
		if v != nil && *v != "" {
			option[k] = *v
		}
	}
	set("user", u.Username)
	set("password", u.Password)
	set("host", u.Host)
	set("dbname", u.Database)
	if u.Port != nil {
		option["port"] = strconv.Itoa(*u.Port)
	}
	for k, values := range u.Query {
		option[k] = values[len(values)-1]
	}
	hosts, ports, err := splitHosts(u)
	if err != nil {
		return nil, err
	}
	if hosts != nil {
		option["host"] = strings.Join(hosts, ",")
		delete(option, "port")
		if strings.Join(ports, "") != "" {
			for i := range ports {
				if ports[i] == "" { // the driver takes no empty one
					ports[i] = "5432"
				}
			}
			option["port"] = strings.Join(ports, ",")
		} else if u.Port != nil {
			option["port"] = strconv.Itoa(*u.Port)
		}
	}
	for k, v := range args {
		switch k {
		case "database":
			k = "dbname"
		case "connection_factory", "cursor_factory", "dsn": // psycopg2's own
			continue
		}
		option[k] = types.Str(v)
	}
	if option["host"] == "" && os.Getenv("PGHOST") == "" && option["service"] == "" && os.Getenv("PGSERVICE") == "" {
		option["host"] = localHost()
	}
	if option["sslmode"] == "" && os.Getenv("PGSSLMODE") == "" {
		option["sslmode"] = "prefer" // libpq's default, not lib/pq's
	}
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(option)) {
		fmt.Fprintf(&b, "%s='%s' ", k, strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(option[k]))
	}
	c := &connector{dsn: b.String()}
	if _, err := pq.NewConnector(c.dsn); err != nil {
		return nil, exc.New(exc.ProgrammingError, "invalid dsn: %s", strings.TrimPrefix(err.Error(), "pq: "))
	}
	d.cancel = &engine.Canceller{Connector: c, Number: "SELECT pg_backend_pid()", Stop: "SELECT pg_cancel_backend(%v)"}
	return c, nil
}

// localHost is where a server on this machine listens if no host was given:
// the socket's folder, as libpq has it, if there is one.
func localHost() string {
	const sockets = "/var/run/postgresql"
	if _, err := os.Stat(sockets); err == nil {
		return sockets
	}
	return "localhost"
}

// WireCast follows a parameter of raw SQL on the wire: the type that the literal
// would have which psycopg2 writes in its place.
func (*Dialect) WireCast(v any) string { return castOf(v) }

// DefaultPool keeps connections.
func (*Dialect) DefaultPool(*engine.URL) engine.PoolKind { return engine.QueuePool }

// Setup has nothing to do.
func (*Dialect) Setup(context.Context, *engine.DriverConn) error { return nil }

var version = regexp.MustCompile(`^(?:PostgreSQL|EnterpriseDB)[^\d]*(\d+)(?:\.(\d+))?`)

// Initialize asks for the version and the default schema, as SQLAlchemy does.
func (d *Dialect) Initialize(_ context.Context, _ *engine.DriverConn, ask func(string) ([]any, error)) error {
	row, err := ask("select pg_catalog.version()")
	if err != nil {
		return err
	}
	if m := version.FindStringSubmatch(types.Str(row[0])); m != nil {
		major, _ := strconv.Atoi(m[1])
		minor, _ := strconv.Atoi(m[2])
		d.ServerVersion = major*10000 + minor
	}
	if row, err = ask("select current_schema()"); err != nil {
		return err
	}
	if s, ok := row[0].(string); ok {
		d.features.DefaultSchema = s
	}
	if row, err = ask("show standard_conforming_strings"); err == nil {
		d.standardStrings = types.Str(row[0]) == "on"
	}
	return err
}

// PreparesAll is false: a statement without parameters takes one round trip.
func (*Dialect) PreparesAll() bool { return false }

// Begins is BEGIN before anything.
func (*Dialect) Begins(string) string { return "BEGIN" }

// Version is major and minor.
func (d *Dialect) Version() []int {
	if d.ServerVersion == 0 {
		return nil
	}
	return []int{d.ServerVersion / 10000, d.ServerVersion % 10000}
}

// DefaultIsolation is READ COMMITTED, unless the server is told otherwise.
func (*Dialect) DefaultIsolation() string { return "READ COMMITTED" }

// IsolationLevels are the standard's, and none.
func (*Dialect) IsolationLevels() []string {
	return []string{"AUTOCOMMIT", "READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE"}
}

// SetIsolation sets the level of the session's transactions.
func (*Dialect) SetIsolation(ctx context.Context, c *engine.DriverConn, level string) error {
	switch level {
	case "AUTOCOMMIT":
		return nil
	case "":
		if c.Autocommit {
			return nil
		}
		return c.Run(ctx, "SET default_transaction_isolation TO DEFAULT")
	}
	return c.Run(ctx, "SET default_transaction_isolation TO '"+strings.ToLower(level)+"'")
}

// Characteristics are how transactions begin.
func (*Dialect) Characteristics() map[string]func(context.Context, *engine.DriverConn, any) error {
	mode := func(name, on, off string) func(context.Context, *engine.DriverConn, any) error {
		return func(_ context.Context, c *engine.DriverConn, v any) error {
			switch v {
			case nil:
				delete(c.Notes, name)
			case true:
				c.Notes[name] = on
			case false:
				c.Notes[name] = off
			default:
				return exc.New(exc.ArgumentError, "postgresql_%s must be true or false, not %s", name, types.Repr(v))
			}
			c.BeginWith = ""
			for _, n := range []string{"readonly", "deferrable"} {
				if text, ok := c.Notes[n].(string); ok {
					c.BeginWith += text
				}
			}
			return nil
		}
	}
	return map[string]func(context.Context, *engine.DriverConn, any) error{
		"postgresql_readonly":   mode("readonly", " READ ONLY", " READ WRITE"),
		"postgresql_deferrable": mode("deferrable", " DEFERRABLE", " NOT DEFERRABLE"),
	}
}

// Isolation asks for the level.
func (*Dialect) Isolation(ctx context.Context, c *engine.DriverConn) (string, error) {
	v, err := c.Value(ctx, "show transaction isolation level")
	return strings.ToUpper(types.Str(v)), err
}

// TwoPhase is PREPARE TRANSACTION.
func (*Dialect) TwoPhase() *engine.TwoPhase {
	quoted := func(xid string) string { return "'" + strings.ReplaceAll(xid, "'", "''") + "'" }
	finish := func(c *engine.DriverConn, run engine.Run, verb, xid string) error {
		// It must not run in a transaction, and leaves none open.
		c.InTransaction = false
		auto := c.Autocommit
		c.Autocommit = true
		defer func() { c.Autocommit = auto }()
		return run.Call(verb + " PREPARED " + quoted(xid))
	}
	return &engine.TwoPhase{
		Begin: func(*engine.DriverConn, engine.Run, string) error { return nil },
		Prepare: func(_ *engine.DriverConn, run engine.Run, xid string) error {
			return run.Call("PREPARE TRANSACTION " + quoted(xid))
		},
		Commit: func(c *engine.DriverConn, run engine.Run, xid string, prepared bool) error {
			if prepared {
				return finish(c, run, "COMMIT", xid)
			}
			return c.Commit(context.Background())
		},
		Rollback: func(c *engine.DriverConn, run engine.Run, xid string, prepared bool) error {
			if prepared {
				return finish(c, run, "ROLLBACK", xid)
			}
			return c.Rollback(context.Background())
		},
		Recover: "SELECT gid FROM pg_prepared_xacts",
	}
}

// Ping runs an empty statement.
func (*Dialect) Ping(ctx context.Context, c *engine.DriverConn) error { return c.Run(ctx, "") }

// Watch cancels the statement: lib/pq, given the context, would give the
// connection up too, and with it the transaction.
func (d *Dialect) Watch(ctx context.Context, c *engine.DriverConn) (context.Context, func()) {
	return d.cancel.Watch(ctx, c)
}

// Adjust has nothing to do.
func (*Dialect) Adjust(driver.Rows) {}

// Stream is a cursor of the server: lib/pq would hold the connection while
// rows are read.
func (*Dialect) Stream() *engine.StreamSQL {
	return &engine.StreamSQL{Declare: "DECLARE %s NO SCROLL CURSOR FOR ", Fetch: "FETCH FORWARD %d FROM %s", Close: "CLOSE %s"}
}

// MergesInserts is false: insertmanyvalues does it in sight.
func (*Dialect) MergesInserts() bool { return false }

// RowsAffectedOfSelect is true, as psycopg2 has it.
func (*Dialect) RowsAffectedOfSelect() bool { return true }
