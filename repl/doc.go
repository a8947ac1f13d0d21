// Package repl is the person's side: it reads what they type, runs it and
// shows what it gives.
//
// A Shell knows neither Lua nor any database: it works with an Evaluator and a
// Database, small interfaces that luabind and core/engine satisfy. What is
// typed is cut into items by package input; each is Lua, SQL or a command from
// the one table that dispatch, \? and completion read. Rows are shown by
// package render, text is edited by package edit on the terminal of package
// terminal.
//
//	sh := repl.New(repl.Config{Lua: lua, DB: db, Out: os.Stdout, Err: os.Stderr})
//	err := sh.Run(ctx, "select 1;", repl.Source{Name: "-c"})
//	os.Exit(repl.Status(err))
package repl
