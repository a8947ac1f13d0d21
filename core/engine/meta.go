package engine

import (
	"bytes"
	"database/sql/driver"
	"slices"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Meta describes the rows of a result: their columns and by what they can be
// asked for. Results of one statement share it.
type Meta struct {
	keys    []string
	index   map[string]int // ambiguous for names that several columns have
	targets [][]core.Expr
	byExpr  map[core.Expr]int
	// invoked are the columns as the statement of this execution has them, where
	// the SQL was compiled for an equal one.
	invoked func() []core.Expr
	// Uniques make the values of each column comparable for unique(); nil:
	// values compare by value. For the layers above.
	Uniques []func(any) any
}

const ambiguous = -1

// NewMeta describes rows with these keys.
func NewMeta(keys []string) *Meta {
	m := &Meta{keys: keys, index: make(map[string]int, len(keys))}
	for i, k := range keys {
		m.name(k, i)
	}
	return m
}

// WithTargets lets columns be asked for by expressions.
func (m *Meta) WithTargets(targets [][]core.Expr) *Meta {
	m.targets = targets
	return m
}

func (m *Meta) name(k string, i int) {
	if j, dup := m.index[k]; dup && j != i {
		m.index[k] = ambiguous
		return
	}
	m.index[k] = i
}

// alsoNamed adds a further name, unless a column has it.
func (m *Meta) alsoNamed(k string, i int) {
	if _, taken := m.index[k]; !taken && k != "" {
		m.index[k] = i
	}
}

// metaOf describes the rows of a compiled statement.
func metaOf(columns []compile.ResultColumn) *Meta {
	keys := make([]string, len(columns))
	targets := make([][]core.Expr, len(columns))
	for i, c := range columns {
		keys[i], targets[i] = c.Name, c.Targets
	}
	m := NewMeta(keys).WithTargets(targets)
	for i, c := range columns {
		m.alsoNamed(c.Key, i)
	}
	return m
}

// Keys are the names of the columns.
func (m *Meta) Keys() []string { return m.keys }

// Index finds a column by its name.
func (m *Meta) Index(name string) (int, error) {
	i, ok := m.index[name]
	switch {
	case !ok:
		return 0, exc.New(exc.NoSuchColumnError, "Could not locate column in row for column '%s'", name)
	case i == ambiguous:
		return 0, exc.New(exc.InvalidRequestError, "Ambiguous column name '%s' in result set column descriptions", name)
	}
	return i, nil
}

// Has reports whether a column has the name, or several have.
func (m *Meta) Has(name string) bool { _, ok := m.index[name]; return ok }

// IndexOf finds the column that an expression is, or stands for.
func (m *Meta) IndexOf(e core.Expr) (int, error) {
	e = core.Plain(e)
	if m.byExpr == nil {
		m.byExpr = map[core.Expr]int{}
		for i, ts := range m.targets {
			for _, t := range ts {
				t = core.Plain(t)
				if j, dup := m.byExpr[t]; dup && j != i {
					m.byExpr[t] = ambiguous
				} else {
					m.byExpr[t] = i
				}
			}
		}
	}
	if i, ok := m.byExpr[e]; ok {
		if i == ambiguous {
			return 0, exc.New(exc.InvalidRequestError, "Ambiguous column name '%s' in result set column descriptions", describe(e))
		}
		return i, nil
	}
	if m.invoked != nil {
		if columns := m.invoked(); len(columns) == len(m.keys) {
			for i, t := range columns {
				if core.Plain(t) == e {
					return i, nil
				}
			}
		}
	}
	switch x := e.(type) {
	case *core.Column:
		if i, ok := m.index[string(x.Name)]; ok && i >= 0 && (x.Table == nil || m.targets == nil) && x.Schema == nil {
			return i, nil
		}
	case *core.Label:
		if i, ok := m.index[string(x.Name)]; ok && i >= 0 {
			return i, nil
		}
	case *core.Text:
		if i, ok := m.index[x.SQL]; ok && i >= 0 {
			return i, nil
		}
	}
	return 0, exc.New(exc.NoSuchColumnError, "Could not locate column in row for column '%s'", describe(e))
}

func describe(e core.Expr) string {
	switch e := e.(type) {
	case *core.Column:
		if e.Table != nil {
			if n, ok := core.FromName(e.Table); ok {
				return string(n) + "." + string(e.Name)
			}
		}
		return string(e.Name)
	case *core.Label:
		return string(e.Name)
	}
	return "expression"
}

// describes is the description of rows for this execution.
func (x *Execution) describes(m *Meta) *Meta {
	if x.cache != cachedHit {
		return m
	}
	n := &Meta{keys: m.keys, index: m.index, targets: m.targets, Uniques: m.Uniques}
	switch s := x.Statement.(type) {
	case core.Query:
		n.invoked = s.Selected
	case interface{ Returned() []core.Expr }:
		n.invoked = s.Returned
	}
	return n
}

// pick is the description of some of the columns, in another order.
func (m *Meta) pick(at []int) *Meta {
	keys := make([]string, len(at))
	var targets [][]core.Expr
	for i, j := range at {
		keys[i] = m.keys[j]
	}
	if m.targets != nil {
		targets = make([][]core.Expr, len(at))
		for i, j := range at {
			targets[i] = m.targets[j]
		}
	}
	n := NewMeta(keys).WithTargets(targets)
	for name, j := range m.index {
		if i := slices.Index(at, j); i >= 0 {
			n.alsoNamed(name, i)
		}
	}
	if m.invoked != nil {
		n.invoked = func() []core.Expr {
			all := m.invoked()
			if len(all) != len(m.keys) {
				return nil
			}
			out := make([]core.Expr, len(at))
			for i, j := range at {
				out[i] = all[j]
			}
			return out
		}
	}
	if m.Uniques != nil {
		n.Uniques = make([]func(any) any, len(at))
		for i, j := range at {
			n.Uniques[i] = m.Uniques[j]
		}
	}
	return n
}

// resultPlan is how the rows of a statement are read: what they are called and
// how each column's values are converted. It is made once per statement.
type resultPlan struct {
	meta    *Meta
	convert []types.Convert
	nulls   []bool // the conversion wants to see nil too
	// natural are the database's types of the columns when some of them are
	// read by these, having none of the statement's; else nil.
	natural []string
	// byName: the columns were found by the cursor's names, which another
	// execution may have otherwise ("SELECT *").
	byName bool
}

// suits reports whether the plan, made for an earlier execution, is good for
// the rows of this one.
func (p *resultPlan) suits(cur *Cursor) bool {
	return !p.byName && len(p.convert) == len(cur.Names()) && (p.natural == nil || slices.Equal(p.natural, cur.Types()))
}

// newPlan plans the rows of a cursor.
func newPlan(d Dialect, columns []compile.ResultColumn, matching compile.Matching, names, databaseTypes []string) *resultPlan {
	n := len(names)
	matched := make([]*compile.ResultColumn, n)
	byName, cursorNames := matching.Of(len(columns), n)
	switch {
	case columns == nil:
	case byName:
		of := map[string]*compile.ResultColumn{}
		for i := range columns {
			of[columns[i].Name] = &columns[i]
		}
		for i, name := range names {
			matched[i] = of[name]
		}
	default:
		for i := range min(n, len(columns)) {
			matched[i] = &columns[i]
		}
	}
	p := &resultPlan{convert: make([]types.Convert, n), nulls: make([]bool, n), byName: byName}
	described := make([]compile.ResultColumn, n)
	for i, c := range matched {
		if c == nil {
			described[i].Name = names[i]
		} else {
			described[i] = *c
			if cursorNames { // the cursor names them; what they were called finds them too
				described[i].Names = append(slices.Clone(described[i].Names), c.Name)
				described[i].Name = names[i]
			}
		}
		var impl types.Impl
		if c != nil && c.Type != nil {
			impl = compile.ImplOf(d, c.Type)
		}
		p.convert[i], p.nulls[i] = impl.Result, impl.HandlesNull && impl.Result != nil
		if impl.Result == nil || impl.OnNatural {
			databaseType := ""
			if i < len(databaseTypes) {
				databaseType = databaseTypes[i]
			}
			p.convert[i] = after(d.Natural(databaseType), impl.Result)
			p.natural = databaseTypes
		}
	}
	p.meta = metaOf(described)
	if columns == nil { // SQL as text: of two columns of one name the last is meant
		for i, name := range names {
			p.meta.index[name] = i
		}
	}
	for i, c := range described {
		for _, name := range c.Names {
			p.meta.alsoNamed(name, i)
		}
	}
	return p
}

// after is first, then second, which alone sees nil; either may be nil.
func after(first, second types.Convert) types.Convert {
	if first == nil || second == nil {
		if second == nil {
			return first
		}
		return second
	}
	return func(v any) (any, error) {
		if v != nil {
			var err error
			if v, err = first(v); err != nil {
				return nil, err
			}
		}
		return second(v)
	}
}

// read converts a row of the driver's into out.
func (p *resultPlan) read(row []driver.Value, out []any) error {
	for i, v := range row {
		if v == nil && !p.nulls[i] {
			out[i] = nil
			continue
		}
		if f := p.convert[i]; f != nil {
			w, err := f(v)
			if err != nil {
				return err
			}
			v = w
		}
		out[i] = ownValue(v)
	}
	return nil
}

// ownValue is a driver's value that the driver will not change under us.
func ownValue(v any) any {
	if b, ok := v.([]byte); ok {
		return bytes.Clone(b)
	}
	return v
}
