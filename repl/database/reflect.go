package database

import (
	"context"
	"strings"

	"alchemysh/core"
	"alchemysh/core/inspect"
	"alchemysh/repl"
)

// Reflect puts a table of the database, NAME or SCHEMA.NAME, with those that it
// refers to into a MetaData. It is nil, and known are the names there are, when
// there is no such table.
func (d *Database) Reflect(ctx context.Context, m *core.MetaData, name string) (t *core.Table, known []string, err error) {
	schema, plain, qualified := strings.Cut(name, ".")
	if !qualified {
		schema, plain = "", name
	}
	all, err := d.Catalog().Relations(ctx, schema, repl.TableKind, repl.ViewKind, repl.MatViewKind)
	if err != nil {
		return nil, nil, err
	}
	found := false
	for _, r := range all {
		known = append(known, r.Name)
		found = found || r.Name == plain
	}
	if !found {
		return nil, known, nil
	}
	in, err := inspect.Inspect(ctx, d.bind())
	if err != nil {
		return nil, nil, err
	}
	t, err = in.Table(ctx, m, plain, schema, inspect.ReflectOptions{})
	return t, known, err
}

// bind is what to inspect: the connection while it is in a transaction, for
// what that made is seen by no other.
func (d *Database) bind() any {
	if d.conn.InTransaction() {
		return d.conn
	}
	return d.conn.Engine
}
