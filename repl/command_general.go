package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strconv"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/repl/render"
)

func quitCommand(_ context.Context, s *Shell, c call) error {
	status := 0
	if w := c.word(0); w != "" {
		var err error
		if status, err = strconv.Atoi(w); err != nil || status < 0 || status > 255 {
			return usageError(`%s: a status from 0 to 255 is wanted, not %q`, c.name, w)
		}
	}
	return &Exit{Status: status}
}

func listCommands(_ context.Context, s *Shell, c call) error {
	if w := c.word(0); w != "" {
		for _, prefix := range []string{"", `\`, "."} {
			if k := commandTable[prefix+w]; k != nil {
				text := usageLine(k) + "\n  " + k.help + "\n"
				if len(k.aliases) > 0 {
					text += "  also: " + strings.Join(k.aliases, " ") + "\n"
				}
				return s.emit(text)
			}
		}
		return usageError(`\?: no command %s%s`, w, nearest(w, commandNames()))
	}
	var b strings.Builder
	for _, g := range []string{generalGroup, bufferGroup, infoGroup, formatGroup, ioGroup, txGroup, varGroup, ifGroup} {
		fmt.Fprintf(&b, "%s\n", g)
		for _, k := range commands {
			if k.group == g {
				line := "  " + usageLine(k)
				if len(line) > 31 {
					fmt.Fprintf(&b, "%s\n%32s", line, "")
				} else {
					fmt.Fprintf(&b, "%-32s", line)
				}
				b.WriteString(wrapped(k.help, 80-32, "\n"+strings.Repeat(" ", 32)) + "\n")
			}
		}
		b.WriteByte('\n')
	}
	b.WriteString(`Anything else is Lua or SQL: select(users) is Lua, select 1; is SQL.
help() starts help on the Lua API, help(x) explains x, \h SELECT shows SQL.
`)
	return s.emit(b.String())
}

// wrapped breaks text between words so that no line is longer than width.
func wrapped(text string, width int, broken string) string {
	var b strings.Builder
	used := 0
	for i, w := range strings.Fields(text) {
		n := render.Width(w)
		switch {
		case i == 0:
		case used+1+n > width:
			b.WriteString(broken)
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(w)
		used += n
	}
	return b.String()
}

func usageLine(k *command) string {
	name := k.name
	if k.plus {
		name += "[+]"
	}
	return strings.TrimSpace(name + " " + k.args)
}

func luaHelp(_ context.Context, s *Shell, c call) error {
	text, ok := s.Lua.Help(c.args)
	if !ok {
		if c.args == "" {
			return listCommands(context.Background(), s, c)
		}
		return usageError("no help on %s", c.args)
	}
	return s.emit(strings.TrimRight(text, "\n") + "\n")
}

func errverbose(_ context.Context, s *Shell, _ call) error {
	if s.lastErr == nil {
		return s.emit("There is no error to tell of.\n")
	}
	var b strings.Builder
	b.WriteString(Describe(s.lastErr) + "\n")
	if e := exc.Of(s.lastErr); e != nil {
		if e.Code != "" {
			fmt.Fprintf(&b, "code: %s\n", e.Code)
		}
		var keys []string
		for k := range e.Detail {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			fmt.Fprintf(&b, "%s: %s\n", k, e.Detail[k])
		}
		if e.Orig != nil {
			fmt.Fprintf(&b, "caused by: %v\n", e.Orig)
		}
	}
	var t Traced
	if errors.As(s.lastErr, &t) {
		if trace := t.Traceback(); trace != "" {
			b.WriteString(strings.TrimRight(trace, "\n") + "\n")
		}
	}
	return s.emit(b.String())
}

func (s *Shell) refuseSafe(what string) error {
	if s.Safe {
		return usageError("--safe: %s is refused", what)
	}
	return nil
}

func osCommand(ctx context.Context, s *Shell, c call) error {
	if err := s.refuseSafe(c.name); err != nil {
		return err
	}
	shell := os.Getenv("SHELL")
	if shell == "" {
		shell = "/bin/sh"
	}
	cmd := exec.CommandContext(ctx, shell)
	if c.args != "" {
		cmd = exec.CommandContext(ctx, "/bin/sh", "-c", c.args)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, s.Out, s.Err
	err := cmd.Run()
	var status *exec.ExitError
	if errors.As(err, &status) {
		s.Settings.Vars["SHELL_EXIT_CODE"] = strconv.Itoa(status.ExitCode())
		return nil
	}
	if err == nil {
		s.Settings.Vars["SHELL_EXIT_CODE"] = "0"
	}
	return err
}

func changeDirectory(_ context.Context, s *Shell, c call) error {
	if err := s.refuseSafe(c.name); err != nil {
		return err
	}
	dir := c.word(0)
	if dir == "" {
		dir = os.Getenv("HOME")
	}
	return os.Chdir(expandHome(dir))
}

func expandHome(path string) string {
	if path == "~" || strings.HasPrefix(path, "~/") {
		return os.Getenv("HOME") + path[1:]
	}
	return path
}

func showHistory(_ context.Context, s *Shell, c call) error {
	if s.History == nil {
		return usageError("there is no history here")
	}
	text := strings.Join(s.History.Entries(), "\n")
	if text != "" {
		text += "\n"
	}
	if file := c.word(0); file != "" {
		if err := s.refuseSafe(c.name); err != nil {
			return err
		}
		return os.WriteFile(expandHome(file), []byte(text), 0o600)
	}
	return s.emit(text)
}

func connect(ctx context.Context, s *Shell, c call) error {
	target := c.args // psql's DBNAME USER HOST PORT are words of one target
	if len(c.words()) == 1 {
		target = c.word(0)
	}
	if target == "" {
		return conninfo(ctx, s, c)
	}
	if s.Connect == nil {
		return usageError("%s: there is nothing to connect with here", c.name)
	}
	db, err := s.Connect(ctx, target)
	if err != nil {
		return err
	}
	if s.DB != nil {
		if err := s.DB.Close(); err != nil {
			s.ShowError(err)
		}
	}
	s.DB = db
	s.connected()
	return conninfo(ctx, s, c)
}

func conninfo(ctx context.Context, s *Shell, _ call) error {
	if s.DB == nil {
		s.remark("Not connected.\n")
		return nil
	}
	version, err := s.DB.Version(ctx)
	if err != nil {
		return err
	}
	s.remark("Connected to %s (%s).\n", render.Visible(s.DB.URL(), false), version)
	return nil
}

func setVariable(_ context.Context, s *Shell, c call) error {
	w := c.words()
	switch len(w) {
	case 0:
		var names []string
		for n := range s.Settings.Vars {
			names = append(names, n)
		}
		sort.Strings(names)
		var b strings.Builder
		for _, n := range names {
			fmt.Fprintf(&b, "%s = '%s'\n", n, s.Settings.Vars[n])
		}
		return s.emit(b.String())
	case 1:
		s.Settings.Vars[w[0]] = ""
		return nil
	}
	return s.SetVariable(w[0], strings.Join(w[1:], ""))
}

// switches are the variables that are on or off.
var switches = map[string]bool{"ON_ERROR_STOP": true, "QUIET": true, "HINTS": true}

// SetVariable sets a variable of \set.
func (s *Shell) SetVariable(name, value string) error {
	if switches[name] {
		on, err := boolean(name, value)
		if err != nil {
			return err
		}
		value = onOff(on)
		if name == "QUIET" {
			s.Quiet = on
		}
	}
	s.Settings.Vars[name] = value
	return nil
}

// promptVariable asks for a value.
func promptVariable(_ context.Context, s *Shell, c call) error {
	w := c.words()
	if len(w) == 0 || len(w) > 2 {
		return usageError("usage: %s", usageLine(c.command))
	}
	question := ""
	if len(w) == 2 {
		question = w[0]
	}
	return s.SetVariable(w[len(w)-1], s.ask(render.Visible(question, false)))
}

func getenv(_ context.Context, s *Shell, c call) error {
	if err := s.refuseSafe(c.name); err != nil {
		return err
	}
	w := c.words()
	if len(w) != 2 {
		return usageError("usage: %s", usageLine(c.command))
	}
	if v, ok := os.LookupEnv(w[1]); ok {
		return s.SetVariable(w[0], v)
	}
	return nil
}

func setenv(_ context.Context, s *Shell, c call) error {
	if err := s.refuseSafe(c.name); err != nil {
		return err
	}
	w := c.words()
	switch len(w) {
	case 1:
		return os.Unsetenv(w[0])
	case 2:
		return os.Setenv(w[0], w[1])
	}
	return usageError("usage: %s", usageLine(c.command))
}

func unsetVariable(_ context.Context, s *Shell, c call) error {
	if c.word(0) == "" {
		return usageError(`\unset: the name of a variable is wanted`)
	}
	for _, n := range c.words() {
		delete(s.Settings.Vars, n)
	}
	return nil
}
