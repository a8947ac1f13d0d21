package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sort"

	"alchemysh/luabind"
	"alchemysh/repl"
)

func init() {
	subcommands["stubs"] = subcommand{"LuaCATS definitions for editors, of the API and of a database", stubs}
}

// stubs writes the definitions of the API and, with a database, of its tables.
func stubs(args []string) int {
	fail := func(err error) int {
		fmt.Fprintln(os.Stderr, "alchemysh stubs:", repl.Describe(err))
		return repl.StatusError
	}
	o, err := parse(args)
	if err != nil {
		return fail(err)
	}
	if o.help {
		fmt.Println("Usage: alchemysh stubs [OPTIONS] [URL | FILE.db] > alchemysh.lua")
		return 0
	}
	if o.target == "" {
		state := luabind.New(luabind.Options{})
		defer state.Close()
		if err := state.Stubs(os.Stdout); err != nil {
			return fail(err)
		}
		return 0
	}
	ctx := context.Background()
	p, err := newProgram(ctx, o)
	if err != nil {
		fail(err)
		return repl.StatusConnect
	}
	defer func() { _ = p.leave() }() // nothing is open
	if err := p.lua.Stubs(os.Stdout); err != nil {
		return fail(err)
	}
	columns, err := p.shell.DB.Catalog().Columns(ctx)
	if err != nil {
		return fail(err)
	}
	if err := stubTables(os.Stdout, columns); err != nil {
		return fail(err)
	}
	return 0
}

// stubTables writes the types of a database's tables: t.NAME.c.COLUMN, as
// --reflect defines them.
func stubTables(w io.Writer, columns map[string][]string) error {
	var tables []string
	for t := range columns {
		tables = append(tables, t)
	}
	sort.Strings(tables)
	text := ""
	for _, t := range tables {
		text += fmt.Sprintf("\n---@class db.%s.c\n", t)
		for _, c := range columns[t] {
			text += fmt.Sprintf("---@field [%q] sa.Column\n", c)
		}
		text += fmt.Sprintf("\n---@class db.%s: sa.Table\n---@field c db.%s.c\n", t, t)
	}
	text += "\n---The tables of the database, with --reflect.\n---@class db\n"
	for _, t := range tables {
		text += fmt.Sprintf("---@field [%q] db.%s\n", t, t)
	}
	_, err := io.WriteString(w, text+"t = {}\n")
	return err
}
