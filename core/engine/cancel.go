package engine

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"
)

// Canceller stops what a connection is doing through a second connection, for
// servers whose drivers, given the context, would give the connection up and
// with it the transaction. A nil Canceller stops nothing.
type Canceller struct {
	// Connector opens the second connection, unless the first has noted one
	// that leads to its very server.
	Connector driver.Connector
	// Number is the SQL that asks a connection for its number on the server;
	// Stop, with that number for %v, is the SQL that stops its statement.
	Number, Stop string
}

// Noter is a Connector that knows something to keep with the connections that
// it opens.
type Noter interface {
	ConnectNoting(ctx context.Context) (driver.Conn, map[string]any, error)
}

// Names of notes that a Canceller reads.
const (
	noteNumber = "number"
	// NoteServer is a driver.Connector to the server that the connection is to.
	NoteServer = "server"
)

// cancelTimeout is how long it may take to tell the server to stop.
const cancelTimeout = 5 * time.Second

// Watch is what a Dialect's Watch does for such servers.
func (k *Canceller) Watch(ctx context.Context, c *DriverConn) (context.Context, func()) {
	if ctx.Done() == nil || k == nil {
		return ctx, func() {}
	}
	server := context.WithoutCancel(ctx)
	number, known := c.Notes[noteNumber]
	if !known {
		if c.Aborted { // it answers no questions
			return ctx, func() {}
		}
		var err error
		if number, err = rawValue(server, c.Raw, k.Number); err != nil {
			return ctx, func() {}
		}
		c.Notes[noteNumber] = number
	}
	connector := k.Connector
	if same, ok := c.Notes[NoteServer].(driver.Connector); ok {
		connector = same
	}
	finished := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-finished:
			return
		case <-ctx.Done():
		}
		other, stop := context.WithTimeout(context.Background(), cancelTimeout)
		defer stop()
		raw, err := connector.Connect(other)
		if err != nil {
			return
		}
		defer raw.Close()
		_, _ = raw.(driver.ExecerContext).ExecContext(other, fmt.Sprintf(k.Stop, number), nil)
	}()
	return server, func() { close(finished); <-stopped }
}

// rawValue asks a driver's connection, past the engine's own watching.
func rawValue(ctx context.Context, raw driver.Conn, sql string) (any, error) {
	rows, err := raw.(driver.QueryerContext).QueryContext(ctx, sql, nil)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	dest := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(dest); err != nil {
		return nil, err
	}
	if b, ok := dest[0].([]byte); ok {
		return string(b), nil
	}
	return dest[0], nil
}
