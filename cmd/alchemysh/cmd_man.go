package main

import (
	"fmt"
	"strings"

	"alchemysh/repl"
)

func init() {
	subcommands["man"] = subcommand{"the man page: alchemysh man | man -l -", func([]string) int {
		return show(manPage())
	}}
}

// roff escapes text for a man page.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "’", `\(cq`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}

// manPage is made from the tables of options, subcommands and commands.
func manPage() string {
	var b strings.Builder
	item := func(head, text string) { fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(head), roff(text)) }
	b.WriteString(`.TH ALCHEMYSH 1
.SH NAME
alchemysh \- SQLAlchemy, spoken in Lua, to a real database
.SH SYNOPSIS
.B alchemysh
[OPTIONS] [URL | FILE.db | NAME] [script.lua | script.sql | walk.md] [args...]
.SH DESCRIPTION
A shell in which Lua, SQL and commands are typed at one prompt, on SQLite, PostgreSQL and MySQL or MariaDB.
Without a database it is SQLite in memory; without a script, and at a terminal, it is a prompt.
.SH SUBCOMMANDS
`)
	for _, n := range words() {
		item("alchemysh "+n, subcommands[n].usage)
	}
	b.WriteString(".SH OPTIONS\n")
	for _, f := range flags() {
		head := "--" + f.Name
		if f.Shorthand != "" {
			head = "-" + f.Shorthand + ", " + head
		}
		item(head, f.Usage)
	}
	b.WriteString(".SH COMMANDS\n")
	for _, c := range repl.Commands() {
		item(c.Usage, c.Help)
	}
	b.WriteString(".SH EXIT STATUS\n")
	for _, s := range []struct{ status, text string }{
		{"0", "all went well"}, {"1", "usage, an error of Lua, or a failed -c"}, {"2", "no connection"},
		{"3", "the database refused a statement of a script"}, {"130", "interrupted"}, {"143", "terminated"},
	} {
		item(s.status, s.text)
	}
	b.WriteString(".SH FILES\n")
	item("$XDG_CONFIG_HOME/alchemysh/config.toml", "settings, variables and named connections")
	item("$XDG_CONFIG_HOME/alchemysh/init.lua", "run before the first prompt")
	item("$XDG_STATE_HOME/alchemysh/history.jsonl", "what was typed, for its owner alone")
	return b.String()
}
