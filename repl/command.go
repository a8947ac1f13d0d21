package repl

import (
	"context"
	"sort"
	"strings"
)

// command is one meta command. The table of them is what dispatch, \? and
// completion read.
type command struct {
	name    string   // with its backslash
	aliases []string // other spellings, sqlite's dotted ones among them
	group   string
	args    string // for the usage line
	help    string
	// complete says what the first argument is: "table", "file", "format",
	// "option", "statement", "command", "variable", "on|off".
	complete string
	plus     bool // \d+ is the same command, with more detail
	run      func(ctx context.Context, s *Shell, c call) error
}

// call is a command as it was typed.
type call struct {
	*command
	name string // as typed
	plus bool
	args string // raw, trimmed
	sql  string // the statement that it follows, "" when it stands alone
	s    *Shell
}

// commandTable finds a command by any of its names.
var commandTable map[string]*command

// commands holds the table in the order of \?.
var commands []*command

func init() {
	commands = allCommands()
	commandTable = map[string]*command{}
	for _, c := range commands {
		for _, n := range append([]string{c.name}, c.aliases...) {
			commandTable[n] = c
		}
	}
}

func commandNames() []string {
	var names []string
	for n := range commandTable {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// command runs the meta command in text; sql is the statement it follows.
func (s *Shell) command(ctx context.Context, text, sql string) error {
	c, err := s.parseCommand(text)
	if err != nil {
		return err
	}
	c.sql = sql
	if sql != "" && conditional[c.command.name] {
		return usageError(`%s: the statement before it wants its semicolon`, c.name)
	}
	return c.run(ctx, s, c)
}

// takes says that the command in text does something with the statement that
// it follows; after the others the statement goes on, as in psql.
func (s *Shell) takes(text string) bool {
	c, err := s.parseCommand(text)
	return err == nil && c.group == bufferGroup && c.command.name != `\p` && c.command.name != `\w`
}

// parseCommand splits a line into the command and its arguments. \! and \? may
// be followed by their argument directly.
func (s *Shell) parseCommand(text string) (call, error) {
	text = strings.TrimSpace(text)
	name, args := text, ""
	for i, r := range text {
		if i > 0 && (r == ' ' || r == '\t' || i == 2 && (text[1] == '!' || text[1] == '?')) {
			name, args = text[:i], text[i:]
			break
		}
	}
	name = strings.TrimRight(name, ";")
	c := call{name: name, args: strings.TrimSpace(args), s: s}
	c.command = commandTable[name]
	if c.command == nil {
		if base, ok := strings.CutSuffix(name, "+"); ok && commandTable[base] != nil && commandTable[base].plus {
			c.command, c.plus = commandTable[base], true
		}
	}
	if c.command == nil {
		return c, usageError(`%s: no such command%s (\? lists them)`, name, nearest(name, commandNames()))
	}
	return c, nil
}

// word is the n-th argument, "" when it is not there.
func (c call) word(n int) string {
	if w := c.words(); n < len(w) {
		return w[n]
	}
	return ""
}

// CommandInfo is what help of other kinds shows of a meta command.
type CommandInfo struct{ Usage, Help string }

// Commands lists the meta commands in the order of \?.
func Commands() []CommandInfo {
	var out []CommandInfo
	for _, c := range commands {
		out = append(out, CommandInfo{usageLine(c), c.help})
	}
	return out
}
