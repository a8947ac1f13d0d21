package database

import (
	"bytes"
	"io"
	"strings"

	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/repl/render"
)

// result streams the rows of a statement.
type result struct {
	db       *Database
	cur      *engine.Cursor
	sql      string
	columns  []render.Column
	convert  []types.Convert
	spelt    []bool // nil: only the values are wanted
	row      []any
	affected int64
	end      func() error // after the rows, nil: nothing
}

func newResult(d *Database, cur *engine.Cursor, sql string) (*result, error) {
	r := &result{db: d, cur: cur, sql: sql, affected: -1}
	kinds := cur.Types()
	for i, n := range cur.Names() {
		kind := ""
		if i < len(kinds) {
			kind = kinds[i]
		}
		r.columns = append(r.columns, render.Column{Name: n, Type: kind})
		r.convert = append(r.convert, d.conn.Engine.Dialect.Natural(kind))
	}
	r.row = make([]any, len(r.columns))
	if len(r.columns) == 0 { // it runs when it is read
		if _, err := cur.Next(); err != nil {
			_ = cur.Close() // the first error counts
			return nil, d.failed(err, sql, nil)
		}
		if n, ok := cur.Affected(); ok {
			r.affected = n
		}
	}
	return r, nil
}

// Columns head the rows.
func (r *result) Columns() []render.Column { return r.columns }

// Affected is the number of rows changed.
func (r *result) Affected() int64 { return r.affected }

// Next gives the next row.
func (r *result) Next() ([]any, error) {
	if r.cur == nil {
		return nil, io.EOF
	}
	row, err := r.cur.Next()
	if err != nil {
		return nil, r.db.failed(err, r.sql, nil)
	}
	if row == nil {
		return nil, io.EOF
	}
	for i, v := range row {
		var out any = v
		if v != nil && r.convert[i] != nil {
			text, ok := "", false
			if r.spelt != nil && r.spelt[i] {
				text, ok = textOf(v)
			}
			if kind := r.columns[i].Type; ok {
				out = render.Spelt{Text: text, JSON: kind == "JSON" || kind == "JSONB", Number: kind == "NUMERIC" || kind == "DECIMAL", Convert: r.convert[i]}
			} else if out, err = r.convert[i](v); err != nil {
				return nil, err
			}
		}
		if b, ok := out.([]byte); ok {
			if out = bytes.Clone(b); b == nil { // modernc.org/sqlite's empty BLOB
				out = []byte{}
			}
		}
		r.row[i] = out
	}
	return r.row, nil
}

// Spell has the rows keep the server's own text of JSON, arrays, intervals,
// ranges and exact numbers, which has more than their values here: months,
// bounds, NULL of JSON. Nor need it be read to be written.
func (r *result) Spell() {
	r.spelt = make([]bool, len(r.columns))
	for i, c := range r.columns {
		switch r.db.Dialect() {
		case "postgresql":
			r.spelt[i] = c.Type == "JSON" || c.Type == "JSONB" || c.Type == "INTERVAL" || c.Type == "NUMERIC" || strings.HasPrefix(c.Type, "_") || strings.HasSuffix(c.Type, "RANGE")
		case "mysql", "mariadb":
			r.spelt[i] = c.Type == "TIME" || c.Type == "DECIMAL"
		}
	}
}

func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	}
	return "", false
}

// Close ends the reading.
func (r *result) Close() error {
	if r.cur == nil {
		return nil
	}
	err := r.cur.Close()
	r.cur = nil
	if r.end != nil {
		if e := r.end(); err == nil {
			err = e
		}
	}
	return err
}
