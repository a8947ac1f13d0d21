package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"alchemysh/luabind"
	"alchemysh/luabind/bind"
	"alchemysh/repl"
	"alchemysh/repl/walk"
)

// walkSession is the shell as walkthroughs and lessons talk to it: what it
// shows is kept.
type walkSession struct {
	*repl.Shell
	program *program
	shown   *bytes.Buffer
	closers []func() error
	// name is the fresh database's; what is shown has walkDatabase instead, so
	// that it is the same every time.
	name string
}

const walkDatabase = "alchemysh_walk"

// walkWidth is how wide the screen of a walkthrough is.
const walkWidth = 80

// errNoExit is what os.exit gives inside a walkthrough.
var errNoExit = errors.New("os.exit would end the program; here it only ends the chunk")

// newWalkSession makes a Lua state on the database of a URL. What it shows
// goes to live too, when that is not nil.
func newWalkSession(ctx context.Context, url string, echo, safe bool, live io.Writer) (*walkSession, error) {
	s := &walkSession{shown: new(bytes.Buffer)}
	out := io.Writer(s.shown)
	if live != nil {
		out = io.MultiWriter(s.shown, live)
	}
	o := &options{target: url, neverPassword: true, noConfig: true, quiet: true, safe: safe, echo: "off", echoTo: "stdout"}
	if echo {
		o.echo = "on"
	}
	p := &program{o: o, config: &config{}, screen: out}
	p.lua = &language{State: luabind.New(luabind.Options{Out: out, Safe: safe}), interruptible: true}
	s.program = p
	p.lua.Bind().SetGlobal("__exit", bind.Func("exit(status=0)", "Leave.", `os.exit()`, func(*bind.Args) (any, error) {
		return nil, errNoExit
	}))
	start := "if os and os.exit then os.exit = __exit end __exit = nil math.randomseed(1)"
	if _, err := p.lua.State.Eval(ctx, luabind.Chunk{Name: "start", Text: start, Script: true}); err != nil {
		return nil, err
	}
	settings := repl.NewSettings()
	settings.Pager = "off"
	c := repl.Config{Lua: p.lua, Out: out, Err: out, Settings: settings, Connect: p.connect, Safe: safe,
		Width: func() int { return walkWidth }, Height: func() int { return 24 }}
	db, err := p.connect(ctx, url)
	if err != nil {
		p.lua.Close()
		return nil, err
	}
	c.DB = db
	p.shell = repl.New(c)
	s.Shell = p.shell
	p.lua.Set("url", url)
	s.shown.Reset() // what connecting echoed
	return s, nil
}

// Input runs what was typed.
func (s *walkSession) Input(ctx context.Context, text string) (string, error) {
	return s.take(s.Run(ctx, text, repl.Source{Prompt: true}))
}

// Script runs a file.
func (s *walkSession) Script(ctx context.Context, name, text string) (string, error) {
	return s.take(s.RunText(ctx, name, text, nil))
}

// take gives what was shown since the last time, the error included.
func (s *walkSession) take(err error) (string, error) {
	var exit *repl.Exit
	if errors.As(err, &exit) {
		err = errNoExit
	}
	s.ShowError(err)
	text := s.shown.String()
	s.shown.Reset()
	if s.name != "" {
		text = strings.ReplaceAll(text, s.name, walkDatabase)
	}
	return text, err
}

// Close ends the session and removes its database.
func (s *walkSession) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), graceTime)
	defer cancel()
	var err error
	if s.Shell != nil {
		err = s.Leave(ctx)
	}
	// An engine of the learner's holds connections that would keep the database.
	_, _ = s.program.lua.State.Eval(ctx, luabind.Chunk{Name: "end", Text: "pcall(function() engine:dispose() end)", Script: true})
	s.program.lua.Close()
	for _, f := range s.closers {
		err = errors.Join(err, f())
	}
	return err
}

// walkServers says where the servers are on which fresh databases are made.
type walkServers map[string]string

// newWalkServers takes the URLs given, then those of the environment that the
// tests read, then the standard ones.
func newWalkServers(given []string) (walkServers, error) {
	w := walkServers{
		"postgresql": "postgresql://postgres@127.0.0.1:5432/postgres",
		"mysql":      "mysql://root@127.0.0.1:3306/",
	}
	for d, variable := range map[string]string{"postgresql": "ALCHEMYSH_TEST_POSTGRESQL_URL", "mysql": "ALCHEMYSH_TEST_MYSQL_URL"} {
		if u := os.Getenv(variable); u != "" {
			w[d] = u
		}
	}
	for _, u := range given {
		d := walk.DialectOf(u)
		if d == "" || d == "sqlite" || !strings.Contains(u, "://") {
			return nil, fmt.Errorf("--server %s: the URL of a PostgreSQL, MySQL or MariaDB server is wanted", u)
		}
		w[d] = u
	}
	return w, nil
}

var freshNumber atomic.Int64

// fresh makes an empty database as an entry of db: asks for, and says how to
// remove it. A URL that names a database is that database; a SQLite file is
// copied, so that a walkthrough changes only the copy.
func (w walkServers) fresh(ctx context.Context, db, dir string) (url string, remove func() error, err error) {
	none := func() error { return nil }
	dialect := walk.DialectOf(db)
	if dialect == "sqlite" {
		file, named := strings.CutPrefix(db, "sqlite:///")
		if !named || file == "" || strings.HasPrefix(file, ":memory:") {
			return "sqlite://", none, nil
		}
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		return copySQLite(file)
	}
	server := w[dialect]
	if strings.Contains(db, "://") {
		if i := strings.LastIndex(db, "/"); i > strings.Index(db, "://")+2 && i+1 < len(db) && db[i+1] != '?' {
			return db, none, nil
		}
		server = db
	}
	name := fmt.Sprintf(walkDatabase+"_%d_%d", os.Getpid(), freshNumber.Add(1))
	if err := administer(ctx, server, "CREATE DATABASE "+name); err != nil {
		return "", nil, &walk.UnavailableError{Dialect: dialect, Err: errors.New(walkFirstLine(err))}
	}
	return databaseURL(server, name), func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		sql := "DROP DATABASE IF EXISTS " + name
		if dialect == "postgresql" {
			sql += " WITH (FORCE)"
		} else if err := administer(ctx, server, killConnections, name); err != nil {
			return err
		}
		return administer(ctx, server, sql)
	}, nil
}

func walkFirstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// databaseURL names another database of a server.
func databaseURL(server, name string) string {
	rest, query, asked := strings.Cut(server, "?")
	scheme, place, _ := strings.Cut(rest, "://")
	host, _, _ := strings.Cut(place, "/")
	u := scheme + "://" + host + "/" + name
	if asked {
		u += "?" + query
	}
	return u
}

// killConnections ends the connections to a MySQL database: a learner's open
// transaction would hold the DROP up for ever.
const killConnections = `SELECT concat('KILL ', id) FROM information_schema.processlist WHERE db = '%s'`

// administer runs one statement on a server, outside a transaction. With a
// name it is a query for statements to run on that database.
func administer(ctx context.Context, server, sql string, name ...string) error {
	state := luabind.New(luabind.Options{Out: io.Discard})
	defer state.Close()
	state.Set("__url", server)
	state.Set("__many", len(name) > 0)
	if len(name) > 0 {
		sql = fmt.Sprintf(sql, name[0])
	}
	state.Set("__sql", sql)
	_, err := state.Eval(ctx, luabind.Chunk{Name: "server", Script: true, Text: `
		local engine = create_engine(__url, {isolation_level = "AUTOCOMMIT"})
		local ok, e = pcall(function()
			local conn = engine:connect()
			local ok, e = pcall(function()
				local result = conn:exec_driver_sql(__sql)
				if __many then
					for _, row in ipairs(result:all()) do pcall(function() conn:exec_driver_sql(row[1]) end) end
				end
			end)
			conn:close()
			if not ok then error(e, 0) end
		end)
		engine:dispose()
		if not ok then error(e, 0) end`})
	return err
}

func copySQLite(file string) (string, func() error, error) {
	dir, err := os.MkdirTemp("", "alchemysh-walk")
	if err != nil {
		return "", nil, err
	}
	to := filepath.Join(dir, filepath.Base(file))
	data, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	} else if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return "sqlite:///" + to, func() error { return os.RemoveAll(dir) }, nil
}

// opener opens sessions on fresh databases; dir is where the relative names of
// the walkthrough's database files begin.
func (w walkServers) opener(dir string, safe bool, live io.Writer) walk.Opener {
	return func(ctx context.Context, t walk.Target) (walk.Session, error) {
		url, remove, err := w.fresh(ctx, t.DB, dir)
		if err != nil {
			return nil, err
		}
		s, err := newWalkSession(ctx, url, t.Echo, safe, live)
		if err != nil {
			err = errors.Join(&walk.UnavailableError{Dialect: walk.DialectOf(t.DB), Err: errors.New(walkFirstLine(err))}, remove())
			return nil, err
		}
		s.closers = append(s.closers, remove)
		if i := strings.Index(url, walkDatabase); i >= 0 {
			s.name, _, _ = strings.Cut(url[i:], "?")
		}
		return s, nil
	}
}
