package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"alchemysh/luabind"
	"alchemysh/repl"
	"alchemysh/repl/database"
	"alchemysh/repl/history"
	"alchemysh/repl/input"
	"alchemysh/repl/terminal"
)

// commandError is the failure of a -c, whose status is always 1.
type commandError struct{ error }

func (e *commandError) Unwrap() error { return e.error }

// connectError is a failure to reach the database of the command line.
type connectError struct{ error }

func (e *connectError) Unwrap() error { return e.error }

// program is one run: the language, the connection and the shell that joins
// them.
type program struct {
	o       *options
	config  *config
	lua     *language
	shell   *repl.Shell
	history *history.History
	out     *terminal.Output
	screen  io.Writer // in place of out, for walkthroughs and lessons
	// echoFile is the file of --echo-to, once it is open.
	echoFile io.Writer
	closers  []io.Closer
	tables   database.LazyTables
	// interactive says that a person will type at a prompt.
	interactive bool
	left        sync.Once
}

func newProgram(ctx context.Context, o *options) (*program, error) {
	p := &program{o: o, config: &config{}, out: terminal.NewOutput(os.Stdout)}
	tty := isTerminal(os.Stdin) && isTerminal(os.Stdout)
	p.interactive = tty && (o.interactive || len(o.jobs) == 0 && o.script == "" && !o.list && !o.ping)
	if !o.noConfig {
		var err error
		if p.config, err = readConfig(configFile()); err != nil {
			return nil, err
		}
	}
	state := luabind.New(luabind.Options{Out: p.out, Args: o.args, Safe: o.safe})
	var err error
	if state.Bind().EchoOut, err = p.echo(""); err != nil { // of engines that Lua makes
		return nil, err
	}
	p.lua = &language{State: state, interruptible: tty || o.timeout > 0}
	if err := p.lua.defineExit(ctx, p.leave); err != nil {
		return nil, err
	}
	settings, err := p.settings()
	if err != nil {
		return nil, err
	}
	c := repl.Config{
		Lua: p.lua, Out: p.out, Err: os.Stderr, Settings: settings,
		Terminal: p.interactive, Watched: isTerminal(os.Stderr), Unseen: !isTerminal(os.Stdout), Color: p.color(), Connect: p.connect,
		ReadOnly: o.readOnly, Sandbox: o.sandbox, Quiet: o.quiet, Safe: o.safe, Timeout: o.timeout,
	}
	if tty {
		c.Width = func() int { w, _ := terminal.Size(); return w }
		c.Height = func() int { _, h := terminal.Size(); return h }
		c.Edit = editText
		c.Secret = askSecret
	}
	if o.log != "" {
		f, err := os.OpenFile(o.log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
		if err != nil {
			return nil, err
		}
		p.closers = append(p.closers, f)
		c.Out = io.MultiWriter(p.out, f)
	}
	if p.interactive {
		h, err := history.Open(historyFile())
		if err != nil {
			fmt.Fprintln(os.Stderr, "history:", err)
		}
		p.history = h
		c.History = h
	}
	c.Follow = p.follow
	c.OpenOther = p.openOther
	if o.target != "" || o.host != "" || o.user != "" || o.port != "" || p.interactive {
		db, err := p.connect(ctx, o.target)
		if err != nil {
			return nil, &connectError{err}
		}
		c.DB = db
	}
	c.Walk = p.walk
	c.Subcommand = p.subcommand
	p.shell = repl.New(c)
	database.WatchStatements(p.lua.Scope(), p.shell.Sent)
	p.lua.defineSQL(func(sql string) (any, error) {
		rows, affected, err := p.shell.Rows(ctx, sql)
		if rows == nil {
			return affected, err
		}
		return database.Result(rows), err
	})
	p.lua.defineCopy(ctx, p.shell)
	for _, v := range o.variables {
		name, value, _ := strings.Cut(v, "=")
		if err := p.shell.SetVariable(name, value); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// settings are those of config.toml, then those of the command line.
func (p *program) settings() (*repl.Settings, error) {
	s := repl.NewSettings()
	if p.interactive {
		s.Expanded = "auto"
		s.RowLimit = 10000
		s.Vars["HINTS"] = "on"
		for name, v := range p.config.Settings {
			if err := s.Pset(name, fmt.Sprint(v)); err != nil {
				return nil, fmt.Errorf("%s: %w", configFile(), err)
			}
		}
	}
	for name, v := range p.config.Variables {
		s.Vars[name] = fmt.Sprint(v)
	}
	o := p.o
	set := func(name, value string) error { return s.Pset(name, value) }
	for _, x := range []struct {
		on          bool
		name, value string
	}{
		{o.unaligned, "format", "unaligned"}, {o.format != "", "format", o.format}, {o.tuples, "tuples_only", "on"},
		{o.expanded, "expanded", "on"}, {o.set.Changed("field-separator"), "fieldsep", o.fieldSep},
		{o.set.Changed("record-separator"), "recordsep", o.recordSep},
		{o.set.Changed("row-limit"), "row_limit", fmt.Sprint(o.rowLimit)},
	} {
		if x.on {
			if err := set(x.name, x.value); err != nil {
				return nil, err
			}
		}
	}
	for _, v := range o.pset {
		name, value, _ := strings.Cut(v, "=")
		if err := set(name, value); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (p *program) color() bool {
	switch p.o.color {
	case "always":
		return true
	case "never":
		return false
	}
	if f := os.Getenv("CLICOLOR_FORCE"); f != "" && f != "0" {
		return true
	}
	if _, no := os.LookupEnv("NO_COLOR"); no || os.Getenv("TERM") == "dumb" {
		return false
	}
	return isTerminal(os.Stdout)
}

// main runs what the command line asks for.
func (p *program) main(ctx context.Context) error {
	o := p.o
	if o.check {
		return p.check()
	}
	if o.ping {
		return p.ping(ctx)
	}
	if o.list {
		return p.shell.Run(ctx, `\l`, repl.Source{})
	}
	if o.output != "" {
		if err := p.shell.Run(ctx, `\o '`+strings.ReplaceAll(o.output, "'", "''")+`'`, repl.Source{}); err != nil {
			return err
		}
	}
	if p.interactive && !o.noConfig {
		if err := p.initialise(ctx); err != nil {
			p.shell.ShowError(err)
		}
	}
	run := func() error { return p.jobs(ctx) }
	if o.single {
		run = func() error { return p.inTransaction(ctx, p.jobs) }
	}
	if err := run(); err != nil {
		if !p.interactive || !o.interactive {
			return err
		}
		p.shell.ShowError(err)
	}
	if p.interactive {
		return p.interact(ctx)
	}
	return nil
}

// jobs runs -c, -f, the script or standard input.
func (p *program) jobs(ctx context.Context) error {
	o := p.o
	for _, j := range o.jobs {
		var err error
		switch j.kind {
		case 'c':
			if err = p.shell.Run(ctx, j.text, repl.Source{Name: "-c"}); err != nil {
				err = &commandError{err}
			}
		case 'e':
			if err = p.shell.Eval(ctx, repl.Chunk{Name: "-e", Text: j.text, Script: true}); err != nil {
				err = &commandError{err}
			}
		case 'f':
			err = p.shell.RunFile(ctx, j.text, o.args)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case o.script != "":
		return p.shell.RunFile(ctx, o.script, o.args)
	case len(o.jobs) == 0 && !p.interactive:
		return p.shell.RunFile(ctx, "-", o.args)
	}
	return nil
}

// inTransaction runs everything in one transaction.
func (p *program) inTransaction(ctx context.Context, run func(context.Context) error) error {
	db, err := p.shell.Database(ctx)
	if err != nil {
		return err
	}
	if err := db.Begin(ctx, "BEGIN"); err != nil {
		return err
	}
	if err := run(ctx); err != nil {
		return errors.Join(err, db.Rollback(context.WithoutCancel(ctx)))
	}
	return db.Commit(ctx)
}

// check compiles the scripts without running them.
func (p *program) check() error {
	texts := p.o.jobs
	if p.o.script != "" {
		texts = append(texts, job{'f', p.o.script})
	}
	for _, j := range texts {
		name, text := "-c", j.text
		if j.kind == 'f' {
			data, err := os.ReadFile(j.text)
			if err != nil {
				return err
			}
			name, text = j.text, string(data)
			if strings.HasSuffix(name, ".sql") {
				continue
			}
		}
		if p.lua.Parse(text) != input.Complete {
			return fmt.Errorf("%s: %w", name, p.lua.Check(text))
		}
	}
	return nil
}

func (p *program) ping(ctx context.Context) error {
	start := time.Now()
	db, err := p.shell.Database(ctx)
	if err != nil {
		return &connectError{err}
	}
	version, err := db.Version(ctx)
	if err != nil {
		return &connectError{err}
	}
	fmt.Fprintf(p.out, "%s: %s, %.1f ms\n", db.URL(), version, float64(time.Since(start).Microseconds())/1000)
	return nil
}

// initialise runs init.lua and the connection's own init.
func (p *program) initialise(ctx context.Context) error {
	file := initFile()
	if exists(file) {
		if err := p.shell.RunFile(ctx, file, nil); err != nil {
			return err
		}
	}
	if c, ok := p.config.Connections[p.o.target]; ok && c.Init != "" {
		return p.shell.Run(ctx, c.Init, repl.Source{Name: "config.toml"})
	}
	return nil
}

// interact is the prompt.
func (p *program) interact(ctx context.Context) error {
	if !p.o.quiet {
		p.banner()
	}
	database.WatchSchema(p.lua.Scope(), p.shell.SchemaChanged)
	t, err := terminal.New(p.shell.EditConfig(), p.out, p.history.Entries)
	if err != nil {
		return err
	}
	p.closers = append(p.closers, t)
	return p.shell.Interact(ctx, t)
}

func (p *program) banner() {
	fmt.Fprintf(p.out, "alchemysh %s\n", version())
	if p.o.target == "" {
		fmt.Fprintln(p.out, "SQLite in memory. New here? alchemysh tutorial teaches, alchemysh demo shows a filled database.")
	} else if db := p.shell.DB; db != nil {
		fmt.Fprintln(p.out, "Connected to "+db.URL()+".")
	}
	fmt.Fprintln(p.out, `Lua and SQL at one prompt; \? lists commands, help() explains, Ctrl-D leaves.`)
}

// leave ends everything in good order, once.
func (p *program) leave() (err error) {
	p.left.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), graceTime)
		defer cancel()
		if p.shell != nil {
			err = p.shell.Leave(ctx)
		}
		for _, c := range p.closers {
			if e := c.Close(); err == nil {
				err = e
			}
		}
	})
	return err
}

// editText opens the person's editor on a text.
func editText(text, suffix string) (string, error) {
	editor := "vi"
	for _, v := range []string{"ALCHEMYSH_EDITOR", "VISUAL", "EDITOR"} {
		if e := os.Getenv(v); e != "" {
			editor = e
			break
		}
	}
	dir, err := os.MkdirTemp("", "alchemysh")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "entry"+suffix)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return "", err
	}
	cmd := exec.Command("/bin/sh", "-c", editor+` "$1"`, "sh", file)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w", editor, err)
	}
	data, err := os.ReadFile(file)
	return string(data), err
}
