package core

import (
	"slices"

	"alchemysh/core/types"
)

// Prefix is text after a keyword (prefix_with) or at the end of a statement
// (suffix_with), for one dialect or for all ("*").
type Prefix struct {
	X       Expr
	Dialect string
}

func prefixes(v visitor, ps *[]Prefix) {
	list(v, ps, func(p *Prefix) { v.expr(&p.X); v.text(p.Dialect) })
}

// Hint is an optimizer hint on a FROM object (with_hint), or, with On nil, on
// the statement.
type Hint struct {
	On      From
	Text    string
	Dialect string
}

func hints(v visitor, hs *[]Hint) {
	list(v, hs, func(h *Hint) { v.from(&h.On); v.text(h.Text, h.Dialect) })
}

// AddedCTE is a CTE that add_cte() puts into the WITH clause though nothing
// need refer to it; NestHere puts it into that of the very query it is added to.
type AddedCTE struct {
	CTE      *CTE
	NestHere bool
}

// JoinStep is one .join() of a select: Left is nil where it is inferred.
type JoinStep struct {
	Target      Node // a From, or what the layer above joins along
	Left        From
	On          Expr
	Outer, Full bool
	// Beside is what was selected when the join was made, where
	// with_only_columns() has replaced it since: its left side is looked for there.
	Beside []Node
}

// ForUpdate is the locking clause of a select.
type ForUpdate struct {
	Read, NoWait, SkipLocked, KeyShare bool
	Of                                 []Node // columns or FROM objects
}

// Fetch is FETCH FIRST n ROWS.
type Fetch struct {
	Count    Expr
	WithTies bool
	Percent  bool
	// DialectOptions, as of 2.1.
}

// Select is a SELECT. It is a value: every method returns a changed copy.
type Select struct {
	Raw         []Node // columns and FROM objects, as given to select()
	FromObjects []From // select_from()
	Joins       []JoinStep
	Criteria    []Expr // WHERE, joined by AND
	Grouping    []Expr
	HavingList  []Expr
	Ordering    []Expr
	IsDistinct  bool
	DistinctOn  []Expr
	LimitExpr   Expr
	OffsetExpr  Expr
	FetchClause *Fetch
	Lock        *ForUpdate
	LabelStyle  LabelStyle
	Prefixes    []Prefix
	Suffixes    []Prefix
	Hints       []Hint
	CTEs        []AddedCTE

	// Correlation: the FROM objects that an enclosing query supplies.
	CorrelateTo     []From
	CorrelateExcept []From
	ExceptGiven     bool
	NoAutoCorrelate bool

	// Notes of the layer above: ORM loader options.
	Notes   []Keyed
	Options Options

	froms *selectFroms
}

// NewSelect is select(…): columns, or FROM objects that stand for all theirs.
func NewSelect(columns ...Node) *Select { return &Select{Raw: columns} }

// ExecutionOptions are those set on the statement.
func (s *Select) ExecutionOptions() Options { return s.Options }

func (s *Select) fields(v visitor) {
	v.nodes(&s.Raw)
	v.froms(&s.FromObjects)
	list(v, &s.Joins, func(j *JoinStep) {
		v.node(&j.Target)
		v.from(&j.Left)
		v.expr(&j.On)
		v.flag(j.Outer, j.Full)
		v.nodes(&j.Beside)
	})
	v.exprs(&s.Criteria)
	v.exprs(&s.Grouping)
	v.exprs(&s.HavingList)
	v.exprs(&s.Ordering)
	v.flag(s.IsDistinct, s.NoAutoCorrelate, s.ExceptGiven)
	v.exprs(&s.DistinctOn)
	v.expr(&s.LimitExpr)
	v.expr(&s.OffsetExpr)
	if s.FetchClause != nil {
		v.flag(s.FetchClause.WithTies, s.FetchClause.Percent)
		v.expr(&s.FetchClause.Count)
	} else {
		v.number(0)
	}
	if s.Lock != nil {
		v.flag(s.Lock.Read, s.Lock.NoWait, s.Lock.SkipLocked, s.Lock.KeyShare)
		v.nodes(&s.Lock.Of)
	} else {
		v.number(0)
	}
	v.number(int64(s.LabelStyle))
	prefixes(v, &s.Prefixes)
	prefixes(v, &s.Suffixes)
	hints(v, &s.Hints)
	ctes(v, &s.CTEs)
	v.froms(&s.CorrelateTo)
	v.froms(&s.CorrelateExcept)
	list(v, &s.Notes, func(k *Keyed) { v.opaque(*k) })
}

func ctes(v visitor, cs *[]AddedCTE) {
	list(v, cs, func(c *AddedCTE) {
		if c.CTE == nil {
			return
		}
		f := From(c.CTE)
		v.from(&f)
		if n, ok := f.(*CTE); ok && n != c.CTE {
			c.CTE = n
		}
		v.flag(c.NestHere)
	})
}

// copy is a shallow copy whose computed FROM list is forgotten.
func (s *Select) copy() *Select {
	n := *s
	n.froms = nil
	return &n
}

// Change returns a copy that edit has changed; slices must be appended to with
// slices.Clip, as the methods here do.
func (s *Select) Change(edit func(*Select)) *Select {
	n := s.copy()
	edit(n)
	return n
}

func extend[T any](old []T, more ...T) []T { return append(slices.Clip(old), more...) }

// Where adds criteria, joined by AND.
func (s *Select) Where(criteria ...Expr) *Select {
	return s.Change(func(s *Select) { s.Criteria = extend(s.Criteria, criteria...) })
}

// Having adds criteria on groups.
func (s *Select) Having(criteria ...Expr) *Select {
	return s.Change(func(s *Select) { s.HavingList = extend(s.HavingList, criteria...) })
}

// OrderBy adds orderings.
func (s *Select) OrderBy(by ...Expr) *Select {
	return s.Change(func(s *Select) { s.Ordering = extend(s.Ordering, by...) })
}

// GroupBy adds groupings.
func (s *Select) GroupBy(by ...Expr) *Select {
	return s.Change(func(s *Select) { s.Grouping = extend(s.Grouping, by...) })
}

// SelectFrom adds FROM objects.
func (s *Select) SelectFrom(froms ...From) *Select {
	return s.Change(func(s *Select) { s.FromObjects = extend(s.FromObjects, froms...) })
}

// AddColumns adds columns.
func (s *Select) AddColumns(columns ...Node) *Select {
	return s.Change(func(s *Select) { s.Raw = extend(s.Raw, columns...) })
}

// WithOnlyColumns replaces the columns.
func (s *Select) WithOnlyColumns(columns ...Node) *Select {
	return s.Change(func(s *Select) {
		for i, j := range s.Joins {
			if i == 0 {
				s.Joins = slices.Clone(s.Joins)
			}
			if j.Beside == nil {
				s.Joins[i].Beside = s.Raw
			}
		}
		s.Raw = columns
	})
}

// Join adds a join; a nil left is inferred, and so is a nil on.
func (s *Select) Join(j JoinStep) *Select {
	return s.Change(func(s *Select) { s.Joins = extend(s.Joins, j) })
}

// Distinct makes it SELECT DISTINCT, or DISTINCT ON the expressions.
func (s *Select) Distinct(on ...Expr) *Select {
	return s.Change(func(s *Select) { s.IsDistinct = true; s.DistinctOn = extend(s.DistinctOn, on...) })
}

// Limit sets LIMIT; nil takes it away. A FETCH is replaced.
func (s *Select) Limit(n Expr) *Select {
	return s.Change(func(s *Select) { s.LimitExpr, s.FetchClause = n, nil })
}

// Offset sets OFFSET; nil takes it away.
func (s *Select) Offset(n Expr) *Select {
	return s.Change(func(s *Select) { s.OffsetExpr = n })
}

// Correlate names the FROM objects that an enclosing query supplies; with
// none, it supplies nothing.
func (s *Select) Correlate(froms ...From) *Select {
	return s.Change(func(s *Select) {
		s.NoAutoCorrelate = true
		if len(froms) == 0 {
			s.CorrelateTo = nil
		} else {
			s.CorrelateTo = extend(s.CorrelateTo, froms...)
		}
	})
}

// CorrelateExceptOf correlates everything but the given FROM objects.
func (s *Select) CorrelateExceptOf(froms ...From) *Select {
	return s.Change(func(s *Select) {
		s.NoAutoCorrelate, s.ExceptGiven = true, true
		s.CorrelateExcept = extend(s.CorrelateExcept, froms...)
	})
}

// Selected are the columns, FROM objects spread out to theirs.
func (s *Select) Selected() []Expr { return Spread(s.Raw) }

// Spread turns a column list into expressions: a FROM object gives all its columns.
func Spread(raw []Node) []Expr {
	out := make([]Expr, 0, len(raw))
	for _, n := range raw {
		switch n := n.(type) {
		case From:
			for _, c := range n.Columns().All() {
				if c.Schema == nil || !c.Schema.Omit {
					out = append(out, c)
				}
			}
		case *TableValued:
			out = append(out, n)
		case *ExprList:
			if n.Sep == CommaOp && !n.Group {
				out = append(out, n.Items...)
				continue
			}
			out = append(out, n)
		case Expr:
			out = append(out, n)
		}
	}
	return out
}

// ScalarType is the type of the query as one value.
func ScalarType(q Query) types.Type {
	if cols := q.Selected(); len(cols) > 0 {
		return cols[0].ExprType()
	}
	return nullType
}

// NewScalarSelect is q.scalar_subquery().
func NewScalarSelect(q Query) *ScalarSelect {
	return &ScalarSelect{Query: unlabelled(q), Type: ScalarType(q)}
}

// unlabelled is q without labels that tell its columns apart: nobody asks for
// them by name.
func unlabelled(q Query) Query {
	switch q := q.(type) {
	case *Select:
		if q.LabelStyle != LabelNone {
			n := q.copy()
			n.LabelStyle = LabelNone
			return n
		}
	case *CompoundSelect:
		n := *q
		n.Selects = slices.Clone(q.Selects)
		n.Selects[0] = unlabelled(q.Selects[0])
		return &n
	}
	return q
}

// CompoundSelect is UNION and the like of several queries.
type CompoundSelect struct {
	Keyword     string // "UNION", "UNION ALL", "EXCEPT" …
	Selects     []Query
	Grouping    []Expr
	Ordering    []Expr
	LimitExpr   Expr
	OffsetExpr  Expr
	FetchClause *Fetch
	Lock        *ForUpdate
	LabelStyle  LabelStyle
	CTEs        []AddedCTE
	Notes       []Keyed
	Options     Options
}

// Compound is union(…) and its kin, by keyword.
func Compound(keyword string, selects ...Query) *CompoundSelect {
	return &CompoundSelect{Keyword: keyword, Selects: selects}
}

// ExecutionOptions are those set on the statement.
func (s *CompoundSelect) ExecutionOptions() Options { return s.Options }

// Change returns a copy that edit has changed.
func (s *CompoundSelect) Change(edit func(*CompoundSelect)) *CompoundSelect {
	n := *s
	edit(&n)
	return &n
}

func (s *CompoundSelect) first() Query {
	if c, ok := s.Selects[0].(*CompoundSelect); ok {
		return c.first()
	}
	return s.Selects[0]
}

// Selected are the columns of the first query.
func (s *CompoundSelect) Selected() []Expr { return s.Selects[0].Selected() }

func (s *CompoundSelect) fields(v visitor) {
	v.text(s.Keyword)
	list(v, &s.Selects, func(q *Query) { query(v, q) })
	v.exprs(&s.Grouping)
	v.exprs(&s.Ordering)
	v.expr(&s.LimitExpr)
	v.expr(&s.OffsetExpr)
	if s.FetchClause != nil {
		v.flag(s.FetchClause.WithTies, s.FetchClause.Percent)
		v.expr(&s.FetchClause.Count)
	} else {
		v.number(0)
	}
	if s.Lock != nil {
		v.flag(s.Lock.Read, s.Lock.NoWait, s.Lock.SkipLocked, s.Lock.KeyShare)
		v.nodes(&s.Lock.Of)
	} else {
		v.number(0)
	}
	v.number(int64(s.LabelStyle))
	ctes(v, &s.CTEs)
	list(v, &s.Notes, func(k *Keyed) { v.opaque(*k) })
}

// TextualSelect is text(…).columns(…): SQL by hand whose columns are known.
type TextualSelect struct {
	Text       *Text
	Cols       []Expr
	Positional bool
	CTEs       []AddedCTE
	Notes      []Keyed
	Options    Options
}

// ExecutionOptions are those set on the statement.
func (t *TextualSelect) ExecutionOptions() Options { return t.Options }

// Selected are the columns that were named.
func (t *TextualSelect) Selected() []Expr { return t.Cols }

func (t *TextualSelect) fields(v visitor) {
	e := Expr(t.Text)
	v.expr(&e)
	if n, ok := e.(*Text); ok && n != t.Text {
		t.Text = n
	}
	v.exprs(&t.Cols)
	v.flag(t.Positional)
	ctes(v, &t.CTEs)
	list(v, &t.Notes, func(k *Keyed) { v.opaque(*k) })
}
