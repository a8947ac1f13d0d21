package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/term"

	"alchemysh/dialect"
	"alchemysh/luabind"
	"alchemysh/luabind/bind"
	"alchemysh/repl"
	"alchemysh/repl/database"
	"alchemysh/repl/render"
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
	if p.shell != nil && p.shell.DB != nil && p.shell.DB.Dialect() != "sqlite" { // psql's \c DBNAME USER HOST PORT
		words := append(strings.Fields(target), "", "", "", "")
		if db, ok := p.shell.DB.(*database.Database); ok {
			return db.Other(words[0], words[1], words[2], words[3])
		}
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
	scheme, _, _ := strings.Cut(u, ":")
	scheme, _, _ = strings.Cut(scheme, "+")
	echoTo, err := p.echo(scheme)
	if err != nil {
		return nil, err
	}
	s := database.Settings{Echo: p.o.echo, EchoTo: echoTo, Notice: p.notice,
		ReadOnly: p.o.readOnly || p.config.Connections[target].ReadOnly, Scope: p.lua.Scope()}
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

// openOther opens the other database of \copy; ok is false when the target names
// none. Lua's variables stay as they are.
func (p *program) openOther(ctx context.Context, target string) (repl.Database, bool, error) {
	if _, named := p.config.Connections[target]; !named && !isTarget(target) {
		return nil, false, nil
	}
	if p.o.readOnly { // before the file of a database is made by opening it
		return nil, false, errors.New(`--read-only: \copy between databases is refused`)
	}
	u, err := p.urlOf(target)
	if err != nil {
		return nil, false, err
	}
	s := database.Settings{Notice: p.notice, ReadOnly: p.config.Connections[target].ReadOnly, Scope: p.lua.Scope()}
	e, err := dialect.CreateEngine(u, database.Options(s))
	if err != nil {
		return nil, false, err
	}
	db, err := database.Connect(ctx, e, s)
	return db, err == nil, err
}

func (p *program) open(ctx context.Context, u string, s database.Settings) (*database.Database, error) {
	if p.o.sandbox {
		fmt.Fprintln(os.Stderr, "SANDBOX: nothing of what you do on this connection stays.")
		if strings.HasPrefix(u, "sqlite") {
			var err error
			if u, err = p.copyOf(ctx, u, s); err != nil {
				return nil, err
			}
		}
	}
	if p.shell == nil { // the database that the program was called with
		if err := s.Admit(u); err != nil {
			return nil, err
		}
	}
	e, err := dialect.CreateEngine(u, database.Options(s))
	if err != nil {
		return nil, err
	}
	if p.o.sandbox && !strings.HasPrefix(u, "sqlite") {
		inside, box, err := database.NewSandbox(e, s)
		if err != nil {
			return nil, err
		}
		p.closers = append(p.closers, box)
		return database.Connect(ctx, inside, s)
	}
	return database.Connect(ctx, e, s)
}

// withPassword asks for a password, unseen.
func (p *program) withPassword(u string) (string, error) {
	password, err := askSecret("Password: ")
	if err != nil {
		return "", err
	}
	return database.WithPassword(u, password)
}

// askSecret asks for something that the terminal does not show.
func askSecret(question string) (string, error) {
	fmt.Fprint(os.Stderr, question)
	answer, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	return string(answer), err
}

// echo is where engines of a dialect echo SQL, in colour on a screen.
func (p *program) echo(dialect string) (io.Writer, error) {
	switch p.o.echoTo {
	case "stdout":
		switch {
		case p.screen != nil:
			return p.screen, nil
		case p.color():
			return repl.EchoPainter(p.out, dialect), nil
		}
		return p.out, nil
	case "stderr":
		return os.Stderr, nil
	}
	if p.echoFile != nil {
		return p.echoFile, nil
	}
	f, err := os.OpenFile(p.o.echoTo, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	p.closers = append(p.closers, f)
	p.echoFile = f
	return f, nil
}

// follow gives the connection of Lua's variables conn and engine; without any
// it makes the default, SQLite in memory.
func (p *program) follow(ctx context.Context, now repl.Database) (repl.Database, error) {
	current, _ := now.(*database.Database)
	conn, _ := p.lua.Get("conn")
	eng, _ := p.lua.Get("engine")
	db, err := database.Follow(ctx, current, conn, eng, database.Settings{ReadOnly: p.o.readOnly, Notice: p.notice})
	if err != nil {
		return nil, err
	}
	if db == nil {
		return p.connect(ctx, "")
	}
	return db, nil
}

// notice tells the person of something that is no result.
func (p *program) notice(text string) { fmt.Fprintln(os.Stderr, render.Visible(text, true)) }

// ready defines what stands ready beside engine and conn.
const ready = `
if Session then session = Session(engine) end
if inspect then inspector = inspect(engine) end
`

// reflect makes t.NAME a table of the database and classes.NAME its mapped
// class; both are looked up when they are first asked for.
const reflect = `
t = setmetatable({}, {__index = function(tables, name)
  if tostring(name):sub(1, 2) == "__" then return nil end -- asked by whoever looks for a class
  local found = Table(name, metadata, {autoload_with = engine, schema = SCHEMA, keep_existing = true})
  rawset(tables, name, found)
  return found
end})
local prepared
classes = setmetatable({}, {__index = function(classes, name)
  if tostring(name):sub(1, 2) == "__" then return nil end
  if not prepared then
    local base, echo = automap_base(), engine.echo
    engine.echo = false -- the reflection is the shell's, not the person's
    local ok, failure = pcall(function() base:prepare({autoload_with = engine, schema = SCHEMA}) end)
    engine.echo = echo
    if not ok then error(failure, 0) end
    prepared = base
    Base = Base or prepared
  end
  local found = prepared.classes[name]
  rawset(classes, name, found)
  return found
end})
`

// lazily makes the global metadata, whose tables are reflected when they are
// first asked for; one that the person made is left alone.
func (p *program) lazily(db *database.Database) {
	held, defined := p.lua.Get("metadata")
	p.tables.Suggest = bind.Suggest
	p.tables.Current = func(ctx context.Context) (*database.Database, error) {
		if p.shell == nil {
			return db, nil
		}
		now, err := p.shell.Database(ctx) // Lua's engine may have become another
		current, _ := now.(*database.Database)
		return current, err
	}
	if m := p.tables.Connected(held); !defined {
		p.lua.Set("metadata", m)
	}
}

func (p *program) define(ctx context.Context, db *database.Database) error {
	p.lua.Set("engine", db.Engine())
	p.lua.Set("conn", db.Connection())
	p.lazily(db)
	if _, err := p.lua.State.Eval(ctx, luabind.Chunk{Name: "start", Text: ready, Script: true}); err != nil {
		return err
	}
	if p.o.reflect != "" {
		return p.reflect(ctx)
	}
	return nil
}

// reflect gives Lua the tables and classes of the schema asked for.
func (p *program) reflect(ctx context.Context) error {
	name := "nil"
	if schema := p.o.reflect; schema != "*" {
		name = strconv.Quote(schema)
	}
	_, err := p.lua.State.Eval(ctx, luabind.Chunk{Name: "reflect", Text: strings.ReplaceAll(reflect, "SCHEMA", name), Script: true})
	return err
}

// copyOf gives the URL of a copy of a SQLite database, which is thrown away at
// the end.
func (p *program) copyOf(ctx context.Context, u string, s database.Settings) (string, error) {
	_, file, _ := strings.Cut(u, ":///")
	if file == "" || file == ":memory:" {
		return u, nil
	}
	dir, err := os.MkdirTemp("", "alchemysh-sandbox")
	if err != nil {
		return "", err
	}
	p.closers = append(p.closers, removal(dir))
	e, err := dialect.CreateEngine(u, database.Options(database.Settings{}))
	if err != nil {
		return "", err
	}
	db, err := database.Connect(ctx, e, s)
	if err != nil {
		return "", err
	}
	defer db.Close()
	target := filepath.Join(dir, filepath.Base(file))
	r, err := db.Query(ctx, "VACUUM INTO '"+strings.ReplaceAll(target, "'", "''")+"'", nil)
	if err != nil {
		return "", err
	}
	return "sqlite:///" + target, r.Close()
}

// removal removes a directory at the end.
type removal string

func (r removal) Close() error { return os.RemoveAll(string(r)) }
