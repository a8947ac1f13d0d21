package database

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"alchemysh/core/engine"
)

// Settings are what the command line says of a connection.
type Settings struct {
	Echo     string // off, on, full, debug
	EchoTo   io.Writer
	ReadOnly bool
	// Scope is what the engine has in common with those of scripts.
	Scope *engine.Scope
	// Notice hears what the server says beside its answers.
	Notice func(text string)
}

// Admit lets a program that may not open databases open this one.
func (s Settings) Admit(url string) error {
	u, err := engine.ParseURL(url)
	if err == nil {
		s.Scope.Admit(u)
	}
	return err
}

// notifier is a dialect whose server says something beside its answers.
type notifier interface {
	Notices(c *engine.DriverConn, tell func(severity, message string))
}

// Options are the options of an engine.
func Options(s Settings) engine.Options {
	o := engine.DefaultOptions()
	o.EchoTo = s.EchoTo
	o.Echo, o.Scope = echoLevel(s.Echo), s.Scope
	return o
}

func echoLevel(mode string) engine.Echo {
	switch mode {
	case "on", "full":
		return engine.EchoOn
	case "debug":
		return engine.EchoDebug
	}
	return engine.EchoOff
}

// readOnly is how each database is told to refuse changes.
var readOnly = map[string]string{
	"sqlite":     "PRAGMA query_only = ON",
	"postgresql": "SET default_transaction_read_only = on",
	"mysql":      "SET SESSION TRANSACTION READ ONLY",
	"mariadb":    "SET SESSION TRANSACTION READ ONLY",
}

// touch is what shows that a database can be used; opening a file does not
// read it.
var touch = map[string]string{"sqlite": "PRAGMA schema_version"}

// Connect opens the shell's connection on an engine (a *engine.Engine).
func Connect(ctx context.Context, e any, s Settings) (*Database, error) {
	eng := e.(*engine.Engine)
	if s.Echo == "full" {
		eng.SetEchoWhole(true)
	}
	if sql := readOnly[eng.Name()]; s.ReadOnly && sql != "" {
		eng.Pool().Events.Connect.Listen(func(c *engine.DriverConn, _ *engine.Record) error {
			return c.Run(context.Background(), sql)
		})
	}
	if n, ok := eng.Dialect.(notifier); ok && s.Notice != nil {
		eng.Pool().Events.Connect.Listen(func(c *engine.DriverConn, _ *engine.Record) error {
			n.Notices(c, func(severity, message string) { s.Notice(severity + ":  " + message) })
			return nil
		})
	}
	conn, err := eng.Connect(ctx)
	if err != nil {
		return nil, err
	}
	d := &Database{conn: conn, Notice: s.Notice}
	if sql := touch[eng.Name()]; sql != "" {
		if _, err := d.scalar(ctx, sql); err != nil {
			_ = conn.Close(ctx) // the first error counts
			return nil, err
		}
	}
	return d, nil
}

// Other is the URL of another database of the same server, the password with
// it; "" and "-" keep what is. user, host and port may change too.
func (d *Database) Other(name, user, host, port string) (string, error) {
	u := d.conn.Engine.URL.Clone()
	given := func(s string) bool { return s != "" && s != "-" }
	if given(name) {
		u.Database = &name
	}
	if given(user) || given(host) || given(port) {
		u.Password = nil // it was another's
	}
	if given(user) {
		u.Username = &user
	}
	if given(host) {
		u.Host = &host
	}
	if given(port) {
		n, err := strconv.Atoi(port)
		if err != nil {
			return "", fmt.Errorf("%s: a port is a number", port)
		}
		u.Port = &n
	}
	return u.Render(false), nil
}

// Connection is the *engine.Connection below, for the variable conn.
func (d *Database) Connection() any { return d.conn }

// Engine is its *engine.Engine.
func (d *Database) Engine() any { return d.conn.Engine }

// NeedsPassword says that a connection failed because no password was given.
func NeedsPassword(err error) bool {
	text := strings.ToLower(err.Error())
	return strings.Contains(text, "password") && (strings.Contains(text, "authentication failed") || strings.Contains(text, "using password: no") ||
		strings.Contains(text, "no password supplied") || strings.Contains(text, "access denied"))
}

// WithPassword puts a password into a URL.
func WithPassword(url, password string) (string, error) {
	u, err := engine.ParseURL(url)
	if err != nil {
		return "", err
	}
	v := u.Clone()
	v.Password = &password
	return v.Render(false), nil
}
