package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

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
	tables, err := p.shell.DB.Catalog().Relations(ctx, "", repl.TableKind, repl.ViewKind, repl.MatViewKind)
	if err != nil {
		return fail(err)
	}
	var described []*repl.Description
	for _, t := range tables {
		d, err := p.shell.DB.Catalog().Describe(ctx, t.Schema, t.Name)
		if err != nil {
			return fail(err)
		}
		described = append(described, d)
	}
	if err := stubTables(os.Stdout, described); err != nil {
		return fail(err)
	}
	return 0
}

// stubTables writes the types of a database's tables: metadata.tables.NAME, and
// t.NAME as --reflect defines it.
func stubTables(w io.Writer, tables []*repl.Description) error {
	var b strings.Builder
	for _, t := range tables {
		name := typeOf(t.Name)
		fmt.Fprintf(&b, "\n---@class %s.c: sa.ColumnCollection\n", name)
		for _, c := range t.Columns {
			what := c.Type
			if !c.Nullable {
				what += " not null"
			}
			if c.Comment != "" {
				what += ": " + c.Comment
			}
			fmt.Fprintf(&b, "---@field [%q] sa.Column %s\n", c.Name, strings.Join(strings.Fields(what), " "))
		}
		fmt.Fprintf(&b, "\n---@class %s: sa.Table\n---@field c %s.c\n---@field columns %s.c\n", name, name, name)
	}
	b.WriteString("\n---The tables of the database.\n---@class db: sa.FacadeDict\n")
	for _, t := range tables {
		fmt.Fprintf(&b, "---@field [%q] %s\n", t.Name, typeOf(t.Name))
	}
	b.WriteString(`
---@class db.metadata: sa.MetaData
---@field tables db

---@type db.metadata
metadata = nil

---With --reflect.
---@type db
t = nil

---@type sa.Engine
engine = nil

---@type sa.Connection
conn = nil

---@type sa.Session
session = nil

---@type sa.Inspector
inspector = nil
`)
	_, err := io.WriteString(w, b.String())
	return err
}

// typeOf is the name of a table's type; what cannot stand in one becomes _.
func typeOf(table string) string {
	return "db." + strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 {
			return r
		}
		return '_'
	}, table)
}
