package servers

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	_ "github.com/lib/pq" // the driver "postgres" of openAdmin
)

// Server is one kind of database that tests run on.
type Server struct {
	Dialect  string // "sqlite", "postgresql" or "mysql", as the corpus spells it
	variable string // names the URL of a server in the environment
	standard string // the URL tried when the variable is not set
}

// The three databases that everything works the same on.
var (
	SQLite     = Server{Dialect: "sqlite"}
	PostgreSQL = Server{"postgresql", "ALCHEMYSH_TEST_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432/postgres"}
	MySQL      = Server{"mysql", "ALCHEMYSH_TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/"}
)

// Each runs f as a subtest on every database, with the URL of an empty one.
func Each(t *testing.T, name string, f func(t *testing.T, s Server, url string)) {
	t.Helper()
	for _, s := range []Server{SQLite, PostgreSQL, MySQL} {
		t.Run(s.Dialect, func(t *testing.T) { f(t, s, s.Empty(t, name)) })
	}
}

// Empty makes the database alchemysh_<name> anew and returns its URL. The
// test is skipped where there is no server; afterwards the database is dropped.
func (s Server) Empty(t testing.TB, name string) string {
	t.Helper()
	if s.Dialect == "sqlite" {
		return "sqlite:///" + filepath.Join(t.TempDir(), name+".db")
	}
	admin := s.Require(t)
	name = "alchemysh_" + name
	u, err := admin.Recreate(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin.Drop(name); err != nil {
			t.Error(err)
		}
	})
	return u
}

// Require returns the connection of an administrator, or skips the test.
func (s Server) Require(t testing.TB) *Admin {
	t.Helper()
	admin, err := s.Find()
	if err != nil {
		if os.Getenv(s.variable) != "" {
			t.Fatalf("%s: %v", s.variable, err)
		}
		t.Skipf("no %s server, its cases are not run: %v (set %s)", s.Dialect, err, s.variable)
	}
	return admin
}

var (
	mu    sync.Mutex
	found = map[string]*Admin{}
)

// Find looks for the server once per process.
func (s Server) Find() (*Admin, error) {
	mu.Lock()
	defer mu.Unlock()
	if a := found[s.Dialect]; a != nil {
		return a, a.missing
	}
	a := &Admin{server: s}
	found[s.Dialect] = a
	text := os.Getenv(s.variable)
	if text == "" {
		text = s.standard
	}
	a.url, a.missing = url.Parse(text)
	if a.missing != nil {
		return a, a.missing
	}
	a.url.Scheme = s.Dialect // a driver's name, postgresql+psycopg2, says nothing here
	if a.db, a.missing = openAdmin(a.url); a.missing != nil {
		return a, a.missing
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	a.missing = a.db.PingContext(ctx)
	return a, a.missing
}

func openAdmin(u *url.URL) (*sql.DB, error) {
	password, _ := u.User.Password()
	if u.Scheme == "mysql" {
		c := mysql.NewConfig()
		c.User, c.Passwd, c.Net, c.Addr = u.User.Username(), password, "tcp", u.Host
		return sql.Open("mysql", c.FormatDSN())
	}
	dsn := *u
	q := dsn.Query()
	if !q.Has("sslmode") {
		q.Set("sslmode", "disable")
	}
	q.Set("connect_timeout", "3")
	dsn.RawQuery = q.Encode()
	return sql.Open("postgres", dsn.String())
}

// Admin is a connection to a server that may create and drop databases.
type Admin struct {
	server  Server
	url     *url.URL
	db      *sql.DB
	missing error
}

// Recreate drops the database of that name, creates it empty and returns its
// URL.
func (a *Admin) Recreate(name string) (string, error) {
	if err := a.Drop(name); err != nil {
		return "", err
	}
	if _, err := a.db.Exec("CREATE DATABASE " + a.quote(name)); err != nil {
		return "", fmt.Errorf("%s: CREATE DATABASE %s: %w", a.server.Dialect, name, err)
	}
	return a.URL(name), nil
}

// Drop drops a database, disconnecting whoever still uses it.
func (a *Admin) Drop(name string) error {
	statement := "DROP DATABASE IF EXISTS " + a.quote(name)
	if a.server.Dialect == "postgresql" {
		statement += " WITH (FORCE)"
	}
	if _, err := a.db.Exec(statement); err != nil {
		return fmt.Errorf("%s: %s: %w", a.server.Dialect, statement, err)
	}
	return nil
}

// URL is what create_engine takes to reach a database of this server.
func (a *Admin) URL(name string) string {
	u := *a.url
	u.Path = "/" + name
	return u.String()
}

// DB is the administrator's connection pool itself.
func (a *Admin) DB() *sql.DB { return a.db }

// Lock holds a lock of that name on the server until the returned function is
// called, so that two test processes do not share one database by accident.
func (a *Admin) Lock(name string) (unlock func(), err error) {
	ctx := context.Background()
	conn, err := a.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	take := "SELECT GET_LOCK('" + name + "', 600)"
	if a.server.Dialect == "postgresql" {
		take = "SELECT pg_advisory_lock(hashtext('" + name + "'))"
	}
	if _, err := conn.ExecContext(ctx, take); err != nil {
		conn.Close()
		return nil, err
	}
	// Closing the session gives the lock back, whatever happened in between.
	return func() {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		conn.Close()
	}, nil
}

func (a *Admin) quote(name string) string {
	q := `"`
	if a.server.Dialect == "mysql" {
		q = "`"
	}
	return q + strings.ReplaceAll(name, q, q+q) + q
}
