package database

import (
	"context"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/inspect"
	"alchemysh/repl"
)

// LazyTables makes a MetaData that reflects a table when it is asked for by
// name, no sooner: a big schema costs nothing before.
type LazyTables struct {
	// Current is the database that is connected now.
	Current func(ctx context.Context) (*Database, error)
	// Suggest words the nearest of the known names.
	Suggest func(name string, known []string) string

	metadata  *core.MetaData
	reflected []*core.Table
}

// Connected tells of another database: the tables of the one before are
// forgotten, what a person defined stays. held is the *core.MetaData that stands
// under the name now, nil for none; the result is the one that is to.
func (l *LazyTables) Connected(held any) any {
	m, ok := held.(*core.MetaData)
	switch {
	case held != nil && !ok:
		return held
	case m == nil:
		m = core.NewMetaData()
	}
	for _, t := range l.reflected {
		l.metadata.Remove(t)
	}
	l.metadata, l.reflected = m, nil
	m.Missing = func(ctx context.Context, name string) (*core.Table, error) {
		before := len(m.Tables())
		t, err := l.find(ctx, name)
		l.reflected = append(l.reflected, m.Tables()[before:]...)
		return t, err
	}
	return m
}

// find reflects NAME or SCHEMA.NAME, with the tables that it refers to.
func (l *LazyTables) find(ctx context.Context, name string) (*core.Table, error) {
	db, err := l.Current(ctx)
	if err != nil {
		return nil, err
	}
	schema, plain, qualified := strings.Cut(name, ".")
	if !qualified {
		schema, plain = "", name
	}
	all, err := db.Catalog().Relations(ctx, schema, repl.TableKind, repl.ViewKind, repl.MatViewKind)
	if err != nil {
		return nil, err
	}
	known := l.metadata.TableNames()
	for _, r := range all {
		if r.Name == plain {
			in, err := inspect.Inspect(ctx, db.bind())
			if err != nil {
				return nil, err
			}
			return in.Table(ctx, l.metadata, plain, schema, inspect.ReflectOptions{})
		}
		known = append(known, r.Name)
	}
	return nil, exc.New(exc.AttributeError, "metadata.tables.%s: no such table%s", name, l.Suggest(name, known))
}

// bind is what to inspect: the connection while it is in a transaction, for
// what that made is seen by no other.
func (d *Database) bind() any {
	if d.conn.InTransaction() {
		return d.conn
	}
	return d.conn.Engine
}
