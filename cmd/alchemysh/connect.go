package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"golang.org/x/term"

	"alchemysh/dialect"
	"alchemysh/luabind"
	"alchemysh/repl"
	"alchemysh/repl/database"
)

// urlOf makes a URL of what a person names: a URL, a file, a connection of
// config.toml, or the parts of -h, -p, -U and -d.
func (p *program) urlOf(target string) (string, error) {
	o := p.o
	if c, ok := p.config.Connections[target]; ok {
		return os.ExpandEnv(c.URL), nil
	}
	switch {
	case target == "env":
		if u := os.Getenv("DATABASE_URL"); u != "" {
			return normalise(u), nil
		}
		return "", fmt.Errorf("-d env: the variable DATABASE_URL is not set")
	case strings.Contains(target, "://"):
		return normalise(target), nil
	case target == o.database && (o.host != "" || o.port != "" || o.user != ""):
		u := url.URL{Scheme: "postgresql", Host: o.host, Path: "/" + target}
		if strings.HasPrefix(o.host, "/") { // the directory of a socket
			u.Host, u.RawQuery = "", url.Values{"host": {o.host}}.Encode()
		}
		if o.port != "" {
			u.Host += ":" + o.port
		}
		if o.user != "" {
			u.User = url.User(o.user)
		}
		return u.String(), nil
	case target == "" || target == ":memory:":
		return "sqlite://", nil
	case isTarget(target) || strings.ContainsAny(target, "/.") || exists(target):
		return "sqlite:///" + target, nil
	}
	known := ""
	for n := range p.config.Connections {
		known += " " + n
	}
	if known == "" {
		known = " none"
	}
	return "", fmt.Errorf("%s: neither a URL nor a database file nor a connection of %s (there:%s)", target, configFile(), known)
}

// normalise accepts the spellings that other programs use.
func normalise(u string) string {
	if rest, ok := strings.CutPrefix(u, "postgres://"); ok {
		return "postgresql://" + rest
	}
	if rest, ok := strings.CutPrefix(u, "sqlite3://"); ok {
		return "sqlite://" + rest
	}
	return u
}

// connect opens a database and gives Lua its variables.
func (p *program) connect(ctx context.Context, target string) (repl.Database, error) {
	u, err := p.urlOf(target)
	if err != nil {
		return nil, err
	}
	echoTo, err := p.echoTo()
	if err != nil {
		return nil, err
	}
	s := database.Settings{Echo: p.o.echo, EchoTo: echoTo, ReadOnly: p.o.readOnly || p.config.Connections[target].ReadOnly}
	if p.o.askPassword && p.shell == nil {
		if u, err = p.withPassword(u); err != nil {
			return nil, err
		}
	}
	db, err := p.open(ctx, u, s)
	if err != nil && !p.o.neverPassword && isTerminal(os.Stdin) && database.NeedsPassword(err) {
		if u, err = p.withPassword(u); err != nil {
			return nil, err
		}
		db, err = p.open(ctx, u, s)
	}
	if err != nil {
		return nil, err
	}
	if p.history != nil {
		p.history.SetDatabase(db.URL())
	}
	return db, p.define(ctx, db)
}

func (p *program) open(ctx context.Context, u string, s database.Settings) (*database.Database, error) {
	e, err := dialect.CreateEngine(u, database.Options(s))
	if err != nil {
		return nil, err
	}
	return database.Connect(ctx, e, s)
}

// withPassword asks for a password, unseen.
func (p *program) withPassword(u string) (string, error) {
	fmt.Fprint(os.Stderr, "Password: ")
	password, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return "", err
	}
	return database.WithPassword(u, string(password))
}

func (p *program) echoTo() (io.Writer, error) {
	switch p.o.echoTo {
	case "stdout":
		return p.out, nil
	case "stderr":
		return os.Stderr, nil
	}
	f, err := os.OpenFile(p.o.echoTo, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	p.closers = append(p.closers, f)
	return f, nil
}

// byDefault makes the connection of a shell that was started without one:
// where Lua has an engine already, that one.
func (p *program) byDefault(ctx context.Context) (repl.Database, error) {
	if e, ok := p.lua.Get("engine"); ok && database.IsEngine(e) {
		return database.Connect(ctx, e, database.Settings{})
	}
	return p.connect(ctx, "")
}

// start defines what stands ready beside engine and conn.
const start = `
if MetaData and not metadata then metadata = MetaData() end
if Session then session = Session(engine) end
`

func (p *program) define(ctx context.Context, db *database.Database) error {
	p.lua.Set("engine", db.Engine())
	p.lua.Set("conn", db.Connection())
	if _, err := p.lua.State.Eval(ctx, luabind.Chunk{Name: "start", Text: start, Script: true}); err != nil {
		return err
	}
	return nil
}
