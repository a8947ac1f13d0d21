// Command alchemysh is the shell: SQLAlchemy, spoken in Lua, to a real
// database.
//
//	alchemysh [OPTIONS] [URL | FILE.db | NAME] [script.lua | script.sql] [args…]
//
// This package holds flags and wiring only: luabind is the language, repl the
// person's side, repl/database the connection.
package main
