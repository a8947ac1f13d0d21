package engine

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Row is one row of a result: a tuple whose values have names. It is small and
// copied freely; the values are shared.
type Row struct {
	meta   *Meta
	values []any
}

// NewRow makes a row of one's own.
func NewRow(m *Meta, values []any) Row { return Row{m, values} }

// Valid is false for the zero Row, which stands for no row.
func (r Row) Valid() bool { return r.meta != nil }

// Meta describes the row's columns.
func (r Row) Meta() *Meta { return r.meta }

// Len is the number of columns.
func (r Row) Len() int { return len(r.values) }

// Values are the row's values. The caller must not change the slice.
func (r Row) Values() []any { return r.values }

// List makes a row a list where one is asked for: IN ((1, 2), …).
func (r Row) List() []any { return r.values }

// At is the value of column i, counted from 0.
func (r Row) At(i int) any { return r.values[i] }

// Keys are the names of the columns.
func (r Row) Keys() []string { return r.meta.keys }

// Get is the value of a column by its name; row._mapping["name"].
func (r Row) Get(name string) (any, error) {
	i, err := r.meta.Index(name)
	if err != nil {
		return nil, err
	}
	return r.values[i], nil
}

// Attr is Get with the error that an attribute gives.
func (r Row) Attr(name string) (any, error) {
	v, err := r.Get(name)
	if e := exc.Of(err); e != nil && e.Class == exc.NoSuchColumnError {
		return nil, exc.New(exc.AttributeError, "Could not locate column in row for column '%s'", name)
	}
	return v, err
}

// Of is the value of the column that an expression is.
func (r Row) Of(e core.Expr) (any, error) {
	i, err := r.meta.IndexOf(e)
	if err != nil {
		return nil, err
	}
	return r.values[i], nil
}

// Object is the row as names and values, in order; _asdict().
func (r Row) Object() types.Object {
	var o types.Object
	for i, k := range r.meta.keys {
		o.Set(k, r.values[i])
	}
	return o
}

// Equal compares by value, names aside.
func (r Row) Equal(s Row) bool { return types.Equal(r.values, s.values) }

// Compare orders rows as tuples.
func (r Row) Compare(s Row) (int, bool) { return types.Compare(r.values, s.values) }

// String is the row's repr.
func (r Row) String() string { return TupleRepr(r.values) }

// Index finds the first column with the value, -1 if none.
func (r Row) Index(v any) int {
	return slices.IndexFunc(r.values, func(w any) bool { return types.Equal(v, w) })
}

// Count is the number of columns with the value.
func (r Row) Count(v any) int {
	n := 0
	for _, w := range r.values {
		if types.Equal(v, w) {
			n++
		}
	}
	return n
}

// Mapping is a row seen as names and values; row._mapping.
type Mapping struct{ Row }

// String spells the mapping as a table.
func (m Mapping) String() string { return types.Repr(m.Object()) }
