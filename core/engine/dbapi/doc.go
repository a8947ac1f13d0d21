// Package dbapi is the layer below the engine, as Python's PEP 249 has it:
// connections of a driver with cursors, in the database's own parameter style.
// Nothing is committed by itself.
//
//	c, err := dbapi.Connect(ctx, sqlite.New(), u, nil)
//	cur := dbapi.NewCursor(c)
//	err = cur.Execute(ctx, "INSERT INTO t VALUES (?)", dbapi.Positional(5))
//	err = c.Commit(ctx)
//
// The connection is the engine's own DriverConn, so that what
// engine.raw_connection() gives and what a module's connect() gives are alike.
package dbapi
