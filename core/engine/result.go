package engine

import (
	"iter"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// source gives the rows of a result one after the other; nil at the end. A
// slice that it gave must stay as it is.
type source interface {
	next() ([]any, error)
	close() error
}

// cursorState is what a result and the views on it share.
type cursorState struct {
	src       source
	returns   bool // it has rows at all
	exhausted bool // soft closed: nothing is left
	closed    bool // hard closed: asking is an error
	finished  func()
	logRow    func([]any)
	yieldPer  int
	// mustBeUnique is the message of the error that reading without Unique gives.
	mustBeUnique string
}

func (s *cursorState) ready() error {
	switch {
	case !s.returns:
		return exc.New(exc.ResourceClosedError, "This result object does not return rows. It has been closed automatically.")
	case s.closed:
		return exc.New(exc.ResourceClosedError, "This result object is closed.")
	}
	return nil
}

func (s *cursorState) next() ([]any, error) {
	if s.exhausted {
		return nil, nil
	}
	row, err := s.src.next()
	if row == nil || err != nil {
		if cerr := s.softClose(); err == nil {
			err = cerr
		}
		return nil, err
	}
	if s.logRow != nil {
		s.logRow(row)
	}
	return row, nil
}

func (s *cursorState) softClose() error {
	if s.exhausted {
		return nil
	}
	s.exhausted = true
	var err error
	if s.src != nil {
		err = s.src.close()
	}
	if s.finished != nil {
		s.finished()
	}
	return err
}

func (s *cursorState) hardClose() error {
	s.closed = true
	return s.softClose()
}

// view is a way to look at the rows of a result: as rows, as the values of one
// column, as mappings. Views of one result share its position.
type view[T any] struct {
	state *cursorState
	meta  *Meta
	at    []int // columns picked; nil: all
	wrap  func(v *view[T], row []any) T

	unique   bool
	strategy func(T) any
	seen     map[any]struct{}
}

// values are the picked columns of a row.
func (v *view[T]) values(row []any) []any {
	if v.at == nil {
		return row
	}
	out := make([]any, len(v.at))
	for i, j := range v.at {
		out[i] = row[j]
	}
	return out
}

// fetch gives the next row, past those that unique() drops.
func (v *view[T]) fetch() (item T, ok bool, err error) {
	if v.state.mustBeUnique != "" && !v.unique {
		return item, false, exc.New(exc.InvalidRequestError, "%s", v.state.mustBeUnique)
	}
	for {
		row, err := v.state.next()
		if row == nil || err != nil {
			return item, false, err
		}
		row = v.values(row)
		item = v.wrap(v, row)
		if !v.unique || v.isNew(item, row) {
			return item, true, nil
		}
	}
}

// isNew notes the row and reports whether it is the first of its kind.
func (v *view[T]) isNew(item T, row []any) bool {
	k := v.uniqueKey(item, row)
	if _, dup := v.seen[k]; dup {
		return false
	}
	v.seen[k] = struct{}{}
	return true
}

func (v *view[T]) uniqueKey(item T, row []any) any {
	if v.strategy != nil {
		return identity(v.strategy(item))
	}
	if len(row) == 1 {
		return v.columnKey(0, row[0])
	}
	key := make([]any, len(row))
	for i, x := range row {
		key[i] = v.columnKey(i, x)
	}
	return tupleKey(key)
}

func (v *view[T]) columnKey(i int, x any) any {
	if v.meta.Uniques != nil && v.meta.Uniques[i] != nil {
		x = v.meta.Uniques[i](x)
	}
	return identity(x)
}

// identity is a comparable value that equal values share; things that are no
// values are themselves.
func identity(x any) any {
	switch x := x.(type) {
	case nil, bool, string, int64:
		return x
	case Row:
		return types.HashKey(x.values)
	case float64, uint64, int, types.Decimal, types.Date, types.Time, types.DateTime, types.Interval, []byte, []any, types.Object, map[string]any, types.Range, types.Multirange:
		return hashed(types.HashKey(x))
	}
	return x
}

// hashed tells hash texts from strings that happen to be the same.
type hashed string

// tupleKey folds the keys of several columns into one.
func tupleKey(key []any) any {
	switch len(key) {
	case 2:
		return [2]any{key[0], key[1]}
	case 3:
		return [3]any{key[0], key[1], key[2]}
	}
	var rest any
	for i := len(key) - 1; i >= 0; i-- {
		rest = [2]any{key[i], rest}
	}
	return rest
}

// Meta describes the rows.
func (v *view[T]) Meta() *Meta { return v.meta }

// Keys are the names of the columns.
func (v *view[T]) Keys() ([]string, error) {
	if !v.state.returns {
		return nil, v.state.ready()
	}
	return v.meta.keys, nil
}

// FetchOne gives the next row; ok is false when there is none.
func (v *view[T]) FetchOne() (item T, ok bool, err error) {
	if err := v.state.ready(); err != nil {
		return item, false, err
	}
	return v.fetch()
}

// FetchMany gives up to n further rows; n < 1 leaves the number to the result.
func (v *view[T]) FetchMany(n int) ([]T, error) {
	if err := v.state.ready(); err != nil {
		return nil, err
	}
	if n < 1 {
		n = max(v.state.yieldPer, 1)
	}
	var out []T
	for len(out) < n {
		item, ok, err := v.fetch()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		out = append(out, item)
	}
	return out, nil
}

// All gives all further rows and closes the result.
func (v *view[T]) All() ([]T, error) {
	if err := v.state.ready(); err != nil {
		return nil, err
	}
	var out []T
	if b, ok := v.state.src.(*buffer); ok && !v.state.exhausted && !v.unique {
		out = make([]T, 0, b.left())
	}
	for {
		item, ok, err := v.fetch()
		if err != nil {
			return nil, err
		}
		if !ok {
			return out, nil
		}
		out = append(out, item)
	}
}

// FetchAll is All.
func (v *view[T]) FetchAll() ([]T, error) { return v.All() }

// Each iterates over the further rows.
func (v *view[T]) Each() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			item, ok, err := v.FetchOne()
			if err != nil {
				yield(item, err)
				return
			}
			if !ok || !yield(item, nil) {
				return
			}
		}
	}
}

// Partitions iterates over lists of up to n rows; n < 1 leaves the number to
// the result.
func (v *view[T]) Partitions(n int) iter.Seq2[[]T, error] {
	if n < 1 && v.state.yieldPer < 1 {
		n = 1 << 30
	}
	return func(yield func([]T, error) bool) {
		for {
			part, err := v.FetchMany(n)
			if err != nil {
				yield(nil, err)
				return
			}
			if len(part) == 0 || !yield(part, nil) {
				return
			}
		}
	}
}

// only is first(), one() and their kin: it closes the result.
func (v *view[T]) only(needOne, onlyOne, scalar bool) (item T, ok bool, err error) {
	if err := v.state.ready(); err != nil {
		return item, false, err
	}
	exhausted := v.state.exhausted
	item, ok, err = v.fetch()
	if err != nil {
		return item, false, err
	}
	if !ok {
		if !exhausted { // a result that was read to its end stays open for asking
			_ = v.state.hardClose()
		}
		if needOne {
			return item, false, exc.New(exc.NoResultFound, "No row was found when one was required")
		}
		return item, false, nil
	}
	if onlyOne {
		_, more, err := v.fetch()
		if err != nil {
			return item, false, err
		}
		if more {
			_ = v.state.hardClose()
			if needOne {
				return item, false, exc.New(exc.MultipleResultsFound, "Multiple rows were found when exactly one was required")
			}
			return item, false, exc.New(exc.MultipleResultsFound, "Multiple rows were found when one or none was required")
		}
	}
	_ = v.state.hardClose()
	return item, true, nil
}

// First gives the first row and closes the result.
func (v *view[T]) First() (item T, ok bool, err error) { return v.only(false, false, false) }

// One gives the only row; none, or several, are an error.
func (v *view[T]) One() (T, error) {
	item, _, err := v.only(true, true, false)
	return item, err
}

// OneOrNone gives the only row if there is one; several are an error.
func (v *view[T]) OneOrNone() (item T, ok bool, err error) { return v.only(false, true, false) }

// Close closes the result.
func (v *view[T]) Close() error { return v.state.hardClose() }

// Closed reports whether the result was closed.
func (v *view[T]) Closed() bool { return v.state.closed }

// ReturnsRows reports whether the statement has rows, be they none.
func (v *view[T]) ReturnsRows() bool { return v.state.returns }

func (v *view[T]) setUnique(strategy func(T) any) {
	v.unique, v.strategy, v.seen = true, strategy, map[any]struct{}{}
}

// Result is what an execution gives: its rows, and what is known of the
// statement.
type Result struct {
	view[Row]
	exec     *Execution
	rowcount int64
}

func rowOf(v *view[Row], row []any) Row { return Row{v.meta, row} }

func newResult(m *Meta, src source, x *Execution) *Result {
	return &Result{view: view[Row]{state: &cursorState{src: src, returns: src != nil, exhausted: src == nil}, meta: m, wrap: rowOf}, exec: x, rowcount: -1}
}

// NewResult makes a result of rows that next gives until it gives nil. close
// may be nil.
func NewResult(m *Meta, next func() ([]any, error), close func() error) *Result {
	return newResult(m, funcSource{next, close}, nil)
}

// NewBufferedResult makes a result of rows that are there.
func NewBufferedResult(m *Meta, rows [][]any) *Result {
	return newResult(m, &listSource{rows: rows}, nil)
}

type funcSource struct {
	f func() ([]any, error)
	c func() error
}

func (s funcSource) next() ([]any, error) { return s.f() }
func (s funcSource) close() error {
	if s.c == nil {
		return nil
	}
	return s.c()
}

type listSource struct{ rows [][]any }

func (s *listSource) next() ([]any, error) {
	if len(s.rows) == 0 {
		return nil, nil
	}
	row := s.rows[0]
	s.rows = s.rows[1:]
	return row, nil
}
func (s *listSource) close() error { s.rows = nil; return nil }

// Execution is how the result came about; nil for one that was made by hand.
func (r *Result) Execution() *Execution { return r.exec }

// RequireUnique refuses to give rows before Unique was called: they repeat.
func (r *Result) RequireUnique(message string) { r.state.mustBeUnique = message }

// MustBeUnique reports whether RequireUnique was called.
func (r *Result) MustBeUnique() bool { return r.state.mustBeUnique != "" }

// Unique drops rows that were there before: equal ones, or those for which
// strategy gives an equal value.
func (r *Result) Unique(strategy func(Row) any) *Result {
	r.setUnique(strategy)
	return r
}

// YieldPer makes iteration fetch n rows at a time.
func (r *Result) YieldPer(n int) *Result {
	r.state.yieldPer = n
	return r
}

// Columns picks columns, by position (from 0), name or expression.
func (r *Result) Columns(which ...any) (*Result, error) {
	at, err := r.positions(which)
	if err != nil {
		return nil, err
	}
	r.at, r.meta = r.through(at), r.meta.pick(at)
	return r, nil
}

// through are positions in the source of positions in the view.
func (v *view[T]) through(at []int) []int {
	if v.at == nil {
		return at
	}
	out := make([]int, len(at))
	for i, j := range at {
		out[i] = v.at[j]
	}
	return out
}

func (r *Result) positions(which []any) ([]int, error) {
	if err := r.describable(); err != nil {
		return nil, err
	}
	at := make([]int, len(which))
	for i, w := range which {
		var err error
		switch w := w.(type) {
		case int:
			if w < 0 || w >= len(r.meta.keys) {
				return nil, exc.New(exc.IndexError, "tuple index out of range")
			}
			at[i] = w
		case string:
			at[i], err = r.meta.Index(w)
		case core.Expr:
			at[i], err = r.meta.IndexOf(w)
		default:
			err = exc.New(exc.NoSuchColumnError, "Could not locate column in row for column '%s'", types.Repr(w))
		}
		if err != nil {
			return nil, err
		}
	}
	return at, nil
}

// describable refuses to speak of columns where there are no rows.
func (r *Result) describable() error {
	if !r.state.returns {
		return r.state.ready()
	}
	return nil
}

// Scalars is the result seen as the values of one column: the first, or that
// which is given.
func (r *Result) Scalars(column ...any) (*ScalarResult, error) {
	if len(column) == 0 {
		column = []any{0}
	}
	at, err := r.positions(column[:1])
	if err != nil {
		return nil, err
	}
	s := &ScalarResult{view[any]{state: r.state, meta: r.meta.pick(at), at: r.through(at), wrap: func(_ *view[any], row []any) any { return row[0] }}}
	if r.unique {
		var strategy func(any) any
		if f := r.strategy; f != nil {
			meta := s.meta
			strategy = func(v any) any { return f(Row{meta, []any{v}}) }
		}
		s.setUnique(strategy)
	}
	return s, nil
}

// Mappings is the result seen as mappings.
func (r *Result) Mappings() *MappingResult {
	m := &MappingResult{view[Mapping]{state: r.state, meta: r.meta, at: r.at, wrap: func(v *view[Mapping], row []any) Mapping { return Mapping{Row{v.meta, row}} }}}
	if r.unique {
		var strategy func(Mapping) any
		if f := r.strategy; f != nil {
			strategy = func(m Mapping) any { return f(m.Row) }
		}
		m.setUnique(strategy)
	}
	return m
}

// Scalar is the first column of the first row, nil if there is no row; it
// closes the result.
func (r *Result) Scalar() (any, error) { return scalar(r.only(false, false, true)) }

// ScalarOne is the first column of the only row.
func (r *Result) ScalarOne() (any, error) { return scalar(r.only(true, true, true)) }

// ScalarOneOrNone is the first column of the only row, nil if there is none.
func (r *Result) ScalarOneOrNone() (any, error) { return scalar(r.only(false, true, true)) }

func scalar(row Row, ok bool, err error) (any, error) {
	if !ok || err != nil {
		return nil, err
	}
	return row.values[0], nil
}

// Freeze reads all rows into a result that can be replayed.
func (r *Result) Freeze() (*Frozen, error) {
	rows, err := r.All()
	if err != nil {
		return nil, err
	}
	f := &Frozen{Meta: r.meta}
	for _, row := range rows {
		f.Rows = append(f.Rows, row.values)
	}
	return f, nil
}

// Frozen are the rows of a result, kept.
type Frozen struct {
	Meta *Meta
	Rows [][]any
}

// Thaw is a result of the rows.
func (f *Frozen) Thaw() *Result { return NewBufferedResult(f.Meta, f.Rows) }

// Merge is a result with the rows of others after those of r.
func (r *Result) Merge(others ...*Result) *Result {
	all := append([]*Result{r}, others...)
	at := 0
	out := NewResult(r.meta, func() ([]any, error) {
		for at < len(all) {
			row, ok, err := all[at].FetchOne()
			if ok || err != nil {
				return row.values, err
			}
			at++
		}
		return nil, nil
	}, func() error {
		for _, o := range all {
			_ = o.state.softClose()
		}
		return nil
	})
	out.rowcount = 0
	for _, o := range all {
		out.rowcount += max(o.rowcount, 0)
	}
	return out
}

// ScalarResult are the values of one column.
type ScalarResult struct{ view[any] }

// Unique drops values that were there before.
func (s *ScalarResult) Unique(strategy func(any) any) *ScalarResult {
	s.setUnique(strategy)
	return s
}

// YieldPer makes iteration fetch n rows at a time.
func (s *ScalarResult) YieldPer(n int) *ScalarResult { s.state.yieldPer = n; return s }

// MappingResult are rows as mappings.
type MappingResult struct{ view[Mapping] }

// Unique drops rows that were there before.
func (m *MappingResult) Unique(strategy func(Mapping) any) *MappingResult {
	m.setUnique(strategy)
	return m
}

// YieldPer makes iteration fetch n rows at a time.
func (m *MappingResult) YieldPer(n int) *MappingResult { m.state.yieldPer = n; return m }

// Columns picks columns, by position (from 0), name or expression.
func (m *MappingResult) Columns(which ...any) (*MappingResult, error) {
	r := &Result{view: view[Row]{state: m.state, meta: m.meta, at: m.at}}
	at, err := r.positions(which)
	if err != nil {
		return nil, err
	}
	m.at, m.meta = m.through(at), m.meta.pick(at)
	return m, nil
}

// NewDMLResult is the result of a statement without rows that changed n of them.
func NewDMLResult(n int64) *Result {
	r := newResult(NewMeta(nil), nil, nil)
	r.rowcount = n
	return r
}
