package database

import (
	"io"

	"alchemysh/core/engine"
	"alchemysh/repl/render"
)

// RowsOf gives the rows of a result of the library, to be shown as rows; ok is
// false for any other value, and for a result without rows.
func RowsOf(v any) (rows render.Rows, ok bool) {
	switch r := v.(type) {
	case *engine.Result:
		if !r.ReturnsRows() || r.Closed() {
			return nil, false
		}
		return &fetched[engine.Row]{head(r.Keys()), r.FetchOne, engine.Row.Values}, true
	case *engine.MappingResult:
		if !r.ReturnsRows() || r.Closed() {
			return nil, false
		}
		return &fetched[engine.Mapping]{head(r.Keys()), r.FetchOne, func(m engine.Mapping) []any { return m.Values() }}, true
	case *engine.ScalarResult:
		if !r.ReturnsRows() || r.Closed() {
			return nil, false
		}
		return &fetched[any]{head(r.Keys()), r.FetchOne, func(v any) []any { return []any{v} }}, true
	}
	return nil, false
}

// Result makes rows that have been read a result again, for the variable _.
func Result(s *render.Slice) any {
	names := make([]string, len(s.Head))
	for i, c := range s.Head {
		names[i] = c.Name
	}
	meta := engine.NewMeta(names)
	out := make([]any, len(s.Data))
	for i, r := range s.Data {
		out[i] = engine.NewRow(meta, r)
	}
	return out
}

func head(keys []string, err error) []render.Column {
	cols := make([]render.Column, len(keys))
	for i, k := range keys {
		cols[i].Name = k
	}
	if err != nil { // a result without names shows its rows all the same
		return nil
	}
	return cols
}

// fetched reads rows one by one.
type fetched[T any] struct {
	columns []render.Column
	fetch   func() (T, bool, error)
	values  func(T) []any
}

func (f *fetched[T]) Columns() []render.Column { return f.columns }

func (f *fetched[T]) Next() ([]any, error) {
	row, ok, err := f.fetch()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, io.EOF
	}
	return f.values(row), nil
}
