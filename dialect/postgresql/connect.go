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
	"time"

	"github.com/lib/pq"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// DriverName is the driver that SQLAlchemy would use.
func (*Dialect) DriverName() string { return "psycopg2" }

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
	hosts, ports := []string{}, []string{}
	for k, values := range u.Query {
		switch k {
		case "host": // several hosts: ?host=a:1&host=b:2
			for _, v := range values {
				for _, one := range strings.Split(v, ",") {
					host, port, _ := strings.Cut(one, ":")
					hosts, ports = append(hosts, host), append(ports, port)
				}
			}
		case "port":
			ports = strings.Split(values[len(values)-1], ",")
		default:
			option[k] = values[len(values)-1]
		}
	}
	if len(hosts) > 0 {
		option["host"] = strings.Join(hosts, ",")
		if strings.Trim(strings.Join(ports, ""), ",") != "" {
			option["port"] = strings.Join(ports, ",")
		}
	}
	for k, v := range args {
		if k == "database" {
			k = "dbname"
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
	c, err := pq.NewConnector(b.String())
	if err != nil {
		return nil, exc.New(exc.ProgrammingError, "invalid dsn: %s", strings.TrimPrefix(err.Error(), "pq: "))
	}
	d.connector = c
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
		return run(verb + " PREPARED " + quoted(xid))
	}
	return &engine.TwoPhase{
		Begin: func(*engine.DriverConn, engine.Run, string) error { return nil },
		Prepare: func(_ *engine.DriverConn, run engine.Run, xid string) error {
			return run("PREPARE TRANSACTION " + quoted(xid))
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

// cancelTimeout is how long it may take to tell the server to stop.
const cancelTimeout = 5 * time.Second

// Watch cancels the statement through a second connection: lib/pq, given the
// context, would give the connection up too, and with it the transaction.
func (d *Dialect) Watch(ctx context.Context, c *engine.DriverConn) (context.Context, func()) {
	if ctx.Done() == nil || d.connector == nil {
		return ctx, func() {}
	}
	server := context.WithoutCancel(ctx)
	pid, known := c.Notes["pid"]
	if !known {
		if c.Aborted {
			return ctx, func() {}
		}
		var err error
		if pid, err = value(server, c, "SELECT pg_backend_pid()"); err != nil {
			return ctx, func() {}
		}
		c.Notes["pid"] = pid
	}
	finished := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-finished:
			return
		case <-ctx.Done():
		}
		other, stop := context.WithTimeout(context.Background(), cancelTimeout)
		defer stop()
		raw, err := d.connector.Connect(other)
		if err != nil {
			return
		}
		defer raw.Close()
		_, _ = raw.(driver.ExecerContext).ExecContext(other, fmt.Sprintf("SELECT pg_cancel_backend(%v)", pid), nil)
	}()
	return server, func() { close(finished); <-stopped }
}

// value asks the raw connection, past the engine's own watching.
func value(ctx context.Context, c *engine.DriverConn, sql string) (any, error) {
	rows, err := c.Raw.(driver.QueryerContext).QueryContext(ctx, sql, nil)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	dest := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(dest); err != nil {
		return nil, err
	}
	return dest[0], nil
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
