package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/repl"
	"alchemysh/repl/render"
)

// Catalog is what the database knows about itself.
func (d *Database) Catalog() repl.Catalog {
	switch d.Dialect() {
	case "sqlite":
		return sqliteCatalog{d}
	case "postgresql":
		return postgresqlCatalog{d}
	}
	return mysqlCatalog{d}
}

// rows are all rows of a query of the catalog.
func (d *Database) rows(ctx context.Context, sql string, args ...any) ([][]any, error) {
	t, err := d.table(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return t.Data, nil
}

// table is rows with their head. Where the connection is in use by others it is
// asked on one of its own.
func (d *Database) table(ctx context.Context, sql string, args ...any) (out *render.Slice, err error) {
	var conn *engine.DriverConn
	if d.Dialect() == "sqlite" || d.conn.InTransaction() { // its own connection would not see what it did
		if conn, err = d.driver(ctx); err != nil {
			return nil, err
		}
	} else {
		k, err := d.conn.Engine.RawConnection(ctx)
		if err != nil {
			return nil, err
		}
		defer k.Close(false)
		conn = k.Conn()
	}
	auto := conn.Autocommit
	conn.Autocommit = true
	defer func() { conn.Autocommit = auto }()
	cur, err := conn.Query(ctx, sql, args)
	if err != nil {
		err = d.failed(err, sql, args)
		if e := exc.Of(err); e != nil { // nobody has typed it
			e.Statement, e.Params = "", ""
			delete(e.Detail, "position")
		}
		return nil, err
	}
	r, err := newResult(d, cur, sql)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := r.Close(); err == nil {
			err = e
		}
	}()
	out = &render.Slice{Head: r.Columns()}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out.Data = append(out.Data, slices.Clone(row))
	}
}

// str is a value as text, NULL as "".
func str(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []byte:
		return string(v)
	}
	return types.Str(v)
}

// number is a value as a number, -1 when it is none.
func number(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case uint64:
		return int64(v)
	case types.Decimal, string, []byte:
		var n int64
		if _, err := fmt.Sscan(str(v), &n); err == nil {
			return n
		}
	}
	return -1
}

func truth(v any) bool {
	s := strings.ToLower(str(v))
	return s == "1" || s == "true" || s == "t" || s == "yes"
}

// list parts a text at commas that the query put between names.
func list(v any) []string {
	s := str(v)
	if s == "" {
		return nil
	}
	return strings.Split(s, "\x1f")
}

func wants(kinds []string, kind string) bool { return len(kinds) == 0 || slices.Contains(kinds, kind) }

// columnsOf makes the map of Columns from rows of table and column.
func columnsOf(rows [][]any) map[string][]string {
	out := map[string][]string{}
	for _, r := range rows {
		t := str(r[0])
		out[t] = append(out[t], str(r[1]))
	}
	return out
}
