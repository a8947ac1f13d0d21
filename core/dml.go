package core

import "maps"

// Returner is a statement with RETURNING.
type Returner interface {
	Statement
	Returned() []Expr
}

// Assignment is column = value. A value is an expression, or a plain one to bind.
type Assignment struct {
	// Key names the column by its key when only that was given; Column is nil
	// until the compiler finds it in the table.
	Key    string
	Column Expr // *Column, or another SET target such as data["x"]
	Value  any  // an Expr, or a plain value
	bound  *Bind
}

// Bound is the plain value as a parameter of its own, made once so that the
// cache key and the compiled statement speak of the same one.
func (a *Assignment) Bound() *Bind { return a.bound }

// Insert is INSERT. It is a value: every change returns a copy.
type Insert struct {
	Table     From
	Values    []Assignment
	Rows      [][]Assignment // values() of several rows
	FromQuery Query
	FromNames []string
	NoDefault bool // from_select(include_defaults=false)
	// Empty: values({}) was called: not one parameter for each column.
	Empty bool
	DMLOptions
	// Upsert is what to do when the row is there: a dialect's construct.
	Upsert *Upsert
}

// Update is UPDATE.
type Update struct {
	Table    From
	Values   []Assignment
	Criteria []Expr
	// Ordered keeps the order of Values: ordered_values().
	Ordered bool
	// Empty: values() was called without any: not one parameter for each column.
	Empty bool
	// Extra FROM objects, beyond those the criteria mention.
	Froms []From
	DMLOptions
	// Limit of MySQL's UPDATE … LIMIT, by mysql_limit.
	Limit Expr
}

// Delete is DELETE.
type Delete struct {
	Table    From
	Criteria []Expr
	DMLOptions
	Limit Expr
}

// DMLOptions are what the three statements share.
type DMLOptions struct {
	ReturningList []Node
	// SortByParameterOrder: RETURNING rows come in the order of the parameters.
	SortByParameterOrder bool
	SupplementalPK       bool // return_defaults(supplemental_cols=…)
	ReturnDefaults       bool
	DefaultColumns       []Expr // return_defaults(columns…)
	Inline               bool
	Prefixes             []Prefix
	Hints                []Hint
	CTEs                 []AddedCTE
	PreserveOrder        bool
	Notes                []Keyed
	Options              Options
}

// Upsert is ON CONFLICT or ON DUPLICATE KEY UPDATE.
type Upsert struct {
	Kind           string // "sqlite", "postgresql", "mysql"
	DoNothing      bool
	Constraint     string // ON CONFLICT ON CONSTRAINT
	Target         []Node // index_elements: columns, names as Text, expressions
	TargetWhere    Expr
	Set            []Assignment
	OrderedSet     bool
	Where          Expr
	ExcludedPrefix string
	Excluded       *Alias // stmt.excluded / stmt.inserted
}

// Stated reports whether there is a clause to write: sqlite.insert(t) by itself
// is a plain INSERT.
func (u *Upsert) Stated() bool { return u != nil && (u.DoNothing || len(u.Set) > 0) }

// Clause is the name of the clause, as SQLAlchemy calls its class.
func (u *Upsert) Clause() string {
	switch {
	case u.Kind == "mysql":
		return "OnDuplicateClause"
	case u.DoNothing:
		return "OnConflictDoNothing"
	}
	return "OnConflictDoUpdate"
}

func (d *DMLOptions) options(v visitor) {
	v.nodes(&d.ReturningList)
	v.flag(d.SortByParameterOrder, d.SupplementalPK, d.ReturnDefaults, d.Inline, d.PreserveOrder)
	v.exprs(&d.DefaultColumns)
	prefixes(v, &d.Prefixes)
	hints(v, &d.Hints)
	ctes(v, &d.CTEs)
	list(v, &d.Notes, func(k *Keyed) { v.opaque(*k) })
}

// ExecutionOptions are those set on the statement.
func (d *DMLOptions) ExecutionOptions() Options { return d.Options }

// Returned are the columns of RETURNING.
func (d *DMLOptions) Returned() []Expr { return Spread(d.ReturningList) }

func assignments(v visitor, as *[]Assignment) {
	list(v, as, func(a *Assignment) {
		v.text(a.Key)
		v.expr(&a.Column)
		if x, ok := a.Value.(Expr); ok {
			v.expr(&x)
			a.Value = x
			return
		}
		v.number(7)
		if a.bound != nil {
			v.bind(a.bound)
		}
	})
}

func (s *Insert) fields(v visitor) {
	v.from(&s.Table)
	assignments(v, &s.Values)
	list(v, &s.Rows, func(r *[]Assignment) { assignments(v, r) })
	query(v, &s.FromQuery)
	v.text(s.FromNames...)
	v.flag(s.NoDefault, s.Empty)
	s.DMLOptions.options(v)
	if u := s.Upsert; u == nil {
		v.number(0)
	} else {
		n := *u
		v.uncached() // SQLAlchemy has no key for a dialect's insert() either
		v.text(n.Kind, n.Constraint, n.ExcludedPrefix)
		v.flag(n.DoNothing, n.OrderedSet)
		v.nodes(&n.Target)
		v.expr(&n.TargetWhere)
		assignments(v, &n.Set)
		v.expr(&n.Where)
		if n.Excluded != nil {
			v.self(n.Excluded)
		}
		s.Upsert = &n
	}
}

func (s *Update) fields(v visitor) {
	v.from(&s.Table)
	assignments(v, &s.Values)
	v.exprs(&s.Criteria)
	v.flag(s.Ordered, s.Empty)
	v.froms(&s.Froms)
	s.DMLOptions.options(v)
	v.expr(&s.Limit)
}

func (s *Delete) fields(v visitor) {
	v.from(&s.Table)
	v.exprs(&s.Criteria)
	s.DMLOptions.options(v)
	v.expr(&s.Limit)
}

// Assign makes an assignment of a plain value or expression to a column.
func Assign(column Expr, key string, value any) Assignment {
	a := Assignment{Key: key, Column: column, Value: value}
	if _, ok := value.(Expr); !ok {
		a.bound = &Bind{Value: value, Crud: true}
	}
	return a
}

// MergeAssignments lays new assignments over old ones: a column that is set
// again keeps its place.
func MergeAssignments(old, new []Assignment) []Assignment {
	out := append([]Assignment(nil), old...)
next:
	for _, a := range new {
		for i := range out {
			if out[i].Key == a.Key && sameTarget(out[i].Column, a.Column) {
				out[i] = a
				continue next
			}
		}
		out = append(out, a)
	}
	return out
}

// sameTarget: a column and a name are two targets, as two keys of a Python
// dictionary are; the compiler takes the first.
func sameTarget(a, b Expr) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return Plain(a) == Plain(b)
}

// Change returns a copy that edit has changed.
func (s *Insert) Change(edit func(*Insert)) *Insert { n := *s; edit(&n); return &n }

// Change returns a copy that edit has changed.
func (s *Update) Change(edit func(*Update)) *Update { n := *s; edit(&n); return &n }

// Change returns a copy that edit has changed.
func (s *Delete) Change(edit func(*Delete)) *Delete { n := *s; edit(&n); return &n }

// WithOptions lays options over those that the statement has.
func (d *DMLOptions) WithOptions(over Options) {
	o := maps.Clone(d.Options)
	d.Options = o.With(over)
}
