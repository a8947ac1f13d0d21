package engine

import (
	"maps"
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/types"
)

// Params are the parameters of an execution: none, one set, or many. Sets are
// given by name, or as rows whose columns are Keys.
type Params struct {
	Keys []string
	Sets []map[string]any
	Rows [][]any
	// Many: a list was given. One of a single set is executed as one set.
	Many bool

	binds []*core.Bind // the statement's own, in the order of its cache key
}

// Named is one set of parameters by name.
func Named(set map[string]any) Params { return Params{Sets: []map[string]any{set}} }

// NamedMany is a list of sets. Every set must have the names of the first.
func NamedMany(sets []map[string]any) Params { return Params{Sets: sets, Many: true} }

// Rows is a list of sets, each a row of values for the names in keys.
func Rows(keys []string, rows [][]any) Params { return Params{Keys: keys, Rows: rows, Many: true} }

// Positional is one set for ExecDriverSQL, by position.
func Positional(values ...any) Params { return Params{Rows: [][]any{values}} }

// PositionalMany is a list of sets for ExecDriverSQL.
func PositionalMany(rows [][]any) Params { return Params{Rows: rows, Many: true} }

// Len is the number of sets.
func (p Params) Len() int { return max(len(p.Sets), len(p.Rows)) }

// keys are the names in the first set, sorted: they decide the columns of an
// INSERT.
func (p Params) keys() []string {
	switch {
	case len(p.Sets) > 0:
		return slices.Sorted(maps.Keys(p.Sets[0]))
	case len(p.Rows) > 0:
		return slices.Sorted(slices.Values(p.Keys))
	}
	return nil
}

// Set is the i-th set by name.
func (p Params) Set(i int) map[string]any {
	if i < len(p.Sets) {
		return p.Sets[i]
	}
	if i >= len(p.Rows) {
		return nil
	}
	m := make(map[string]any, len(p.Keys))
	for j, k := range p.Keys {
		if j < len(p.Rows[i]) {
			m[k] = p.Rows[i][j]
		}
	}
	return m
}

// text is how the sets are shown in the error of a statement that did not
// come to be executed.
func (p Params) text() string {
	if p.Len() == 0 {
		return "()"
	}
	var list []any
	for i := range p.Len() {
		list = append(list, p.Set(i))
	}
	r := &paramsRepr{}
	return "[" + r.elided(len(list), func(i int) string { return types.Repr(list[i]) }) + "]"
}

// Layout of shown parameters, SQLAlchemy's: as many sets, parameters of a set
// and characters of a value as are shown whole.
const (
	shownSets   = 10
	shownParams = 100
	shownChars  = 300
)

// paramsRepr spells parameters as the echo and the errors show them.
type paramsRepr struct {
	names []string // nil: a tuple
	dict  bool
	whole bool // nothing is left out
}

// elided joins the sets, with a note in place of the middle of many.
func (r *paramsRepr) elided(n int, set func(int) string) string {
	var b strings.Builder
	join := func(from, to int) {
		for i := from; i < to; i++ {
			if i > from {
				b.WriteString(", ")
			}
			b.WriteString(set(i))
		}
	}
	if n <= shownSets || r.whole {
		join(0, n)
		return b.String()
	}
	join(0, shownSets-2)
	b.WriteString("  ... displaying 10 of " + types.Repr(int64(n)) + " total bound parameter sets ...  ")
	join(n-2, n)
	return b.String()
}

// many spells a list of sets.
func (r *paramsRepr) many(sets [][]any) string {
	return "[" + r.elided(len(sets), func(i int) string { return r.one(sets[i]) }) + "]"
}

// one spells one set.
func (r *paramsRepr) one(values []any) string {
	open, end := "(", ")"
	if r.dict {
		open, end = "{", "}"
	}
	item := func(i int) string {
		s := types.Repr(values[i])
		if !r.whole {
			s = shorten(s)
		}
		if r.dict {
			return types.Quote(r.names[i]) + ": " + s
		}
		return s
	}
	var b strings.Builder
	b.WriteString(open)
	join := func(from, to int) {
		for i := from; i < to; i++ {
			if i > from {
				b.WriteString(", ")
			}
			b.WriteString(item(i))
		}
	}
	n := len(values)
	if n > shownParams && !r.whole {
		join(0, shownParams/2)
		b.WriteString(" ... " + types.Repr(int64(n-shownParams)) + " parameters truncated ... ")
		join(n-shownParams/2, n)
	} else {
		join(0, n)
		if n == 1 && !r.dict {
			b.WriteString(",")
		}
	}
	b.WriteString(end)
	return b.String()
}

// shorten leaves the middle out of a long text.
func shorten(s string) string {
	if len(s) <= shownChars {
		return s
	}
	r := []rune(s)
	if len(r) <= shownChars {
		return s
	}
	half := shownChars / 2
	return string(r[:half]) + " ... (" + types.Repr(int64(len(r)-shownChars)) + " characters truncated) ... " + string(r[len(r)-half:])
}

// shortenStatement leaves the middle out of the long text of a batch.
func shortenStatement(s string) string {
	const whole, left, right = 500, 250, 100
	r := []rune(s)
	if len(r) <= whole {
		return s
	}
	return string(r[:left]) + " ... " + types.Repr(int64(len(r)-left-right)) + " characters truncated ... " + string(r[len(r)-right:])
}

// TupleRepr spells values as a tuple: (1, 'a'), (1,).
func TupleRepr(values []any) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(types.Repr(v))
	}
	if len(values) == 1 {
		b.WriteByte(',')
	}
	b.WriteByte(')')
	return b.String()
}
