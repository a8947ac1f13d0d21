// Package engine stands between a statement and its rows: URLs, the pool,
// connections and transactions, the one execution path, results, events, echo.
// Its manners are SQLAlchemy's 2.0.
//
//	e, err := dialect.CreateEngine("sqlite:///shop.db", engine.DefaultOptions())
//	err = e.Begin(ctx, func(c *engine.Connection) error {
//		r, err := c.Execute(ctx, core.NewSelect(users), engine.Params{})
//		…
//	})
//
// # The way of a statement
//
// Connection.Execute (execute.go) asks the cache for the statement by its
// structure, or compiles it; lays the values out (Params); computes defaults
// (defaults.go); begins a transaction if there is none; tells the listeners and
// the echo; and hands SQL and arguments to the driver. Many sets of parameters
// go row by row or in batches (many.go), rows come back through conversions
// that are planned once per statement (meta.go) into a few large slices
// (buffer.go) or, streamed, one by one (stream.go).
//
// # Drivers
//
// A Dialect speaks to a database/sql driver directly: a DriverConn holds one of
// its connections with the statements it has prepared. Transactions are plain
// SQL, begun when the first statement needs them, as the DBAPI does it; that is
// cheaper than sql.Tx and is what AUTOCOMMIT, savepoints and two-phase commit
// need anyway.
//
// # Listeners and limits of a program
//
// Events, DialectEvents and PoolEvents hold the listeners of an engine (Hook:
// Listen gives what takes the listener away again). A Scope joins the engines
// of one program: it has listeners to all of them, and when it is confined they
// open no databases but those that were admitted.
//
// # What is guaranteed
//
// A transaction that the server has rolled back by itself refuses everything
// but Rollback. A connection that is lost during COMMIT gives CommitUnknownError,
// and RunTransaction never repeats that. Ending the context of a call stops the
// statement on the server; the connection stays usable.
package engine
