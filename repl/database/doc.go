// Package database is the shell's connection: raw SQL runs on the same
// connection as the Lua variable conn, so that both see one transaction.
//
//	db, err := database.Connect(ctx, eng, database.Settings{}) // eng is a *engine.Engine
//	res, err := db.Query(ctx, "select 1", nil)
//
// Outside a transaction a statement commits by itself, as in psql; inside one,
// begun by \begin or by conn, it takes part in it. Rows stream: a million of
// them go through in constant memory.
//
// The catalog asks the database for its own texts (format_type,
// pg_get_constraintdef, SHOW CREATE …), which is what a person wants to read;
// reflection, which makes objects of the same things, is core/inspect's.
package database
