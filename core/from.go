package core

import "alchemysh/core/types"

// Join is Left JOIN Right ON On.
type Join struct {
	Left, Right From
	On          Expr
	Outer, Full bool
	cols        *Columns
}

func (j *Join) fields(v visitor) {
	v.from(&j.Left)
	v.from(&j.Right)
	v.expr(&j.On)
	v.flag(j.Outer, j.Full)
}

// Columns are those of both sides, keyed table_column.
func (j *Join) Columns() *Columns {
	if j.cols == nil {
		cols := &Columns{}
		for _, side := range []From{j.Left, j.Right} {
			for _, c := range side.Columns().All() {
				cols.add(string(qualifiedKey(c)), c, false)
			}
		}
		j.cols = cols
	}
	return j.cols
}

// AliasKind tells what an Alias is of.
type AliasKind uint8

// The kinds of alias.
const (
	PlainAlias      AliasKind = iota // of a table, a join, another alias
	SubqueryAlias                    // of a query
	LateralAlias                     // of a query or function, with LATERAL
	SampleAlias                      // of a table, with TABLESAMPLE
	TableValueAlias                  // of a table-valued function
	FunctionFrom                     // a function by itself, without a name
)

// Alias is something that rows come from under another name.
type Alias struct {
	identity
	Kind AliasKind
	Of   Node // a From, a Query, or the Func of a table-valued alias
	Name Name
	// Anonymous: no name was given.
	Anonymous bool
	Quote     Quoting

	// Of a TABLESAMPLE.
	Sampling Expr
	Seed     Expr

	// Of a table-valued function.
	Lateral      bool
	RenderNames  bool // AS name(col, …)
	RenderTypes  bool // AS name(col type, …)
	Joins        bool // joins_implicitly
	ValueColumns []*Column

	cols *Columns
}

// ID tells aliases apart.
func (a *Alias) ID() uint64 { return a.id() }

func (a *Alias) fields(v visitor) {
	v.self(a)
	v.number(int64(a.Kind))
	v.node(&a.Of)
	v.name(a.Name)
	v.number(int64(a.Quote))
	v.expr(&a.Sampling)
	v.expr(&a.Seed)
	v.flag(a.Lateral, a.RenderNames, a.RenderTypes, a.Joins)
	for _, c := range a.ValueColumns {
		v.name(c.Name)
		v.typ(c.Type)
	}
}

// Columns stand for the columns of what is aliased.
func (a *Alias) Columns() *Columns {
	if a.cols == nil {
		if a.Kind == TableValueAlias {
			cols := &Columns{}
			for _, c := range a.ValueColumns {
				p := *c
				p.identity = identity{}
				p.Table = a
				cols.add(p.Key, &p, false)
			}
			a.cols = cols
		} else {
			a.cols = proxies(a, a.Of)
		}
	}
	return a.cols
}

// CTE is a query, or a DML statement with RETURNING, in a WITH clause.
type CTE struct {
	identity
	Of        Node // a Query, a DML statement with RETURNING, VALUES
	Name      Name
	Anonymous bool
	Quote     Quoting
	Recursive bool
	Nesting   bool
	Restates  *CTE // the same CTE before union() was called on it
	AliasOf   *CTE // AS another name
	Prefixes  []Prefix
	Suffixes  []Prefix
	cols      *Columns
}

// ID tells CTEs apart.
func (c *CTE) ID() uint64 { return c.id() }

func (c *CTE) fields(v visitor) {
	v.self(c)
	v.node(&c.Of)
	v.name(c.Name)
	v.flag(c.Recursive, c.Nesting)
	v.number(int64(c.Quote))
	if c.AliasOf != nil {
		f := From(c.AliasOf)
		v.from(&f)
		if n, ok := f.(*CTE); ok && n != c.AliasOf {
			c.AliasOf = n
		}
	}
	if c.Restates != nil {
		f := From(c.Restates)
		v.from(&f)
		if n, ok := f.(*CTE); ok && n != c.Restates {
			c.Restates = n
		}
	}
	prefixes(v, &c.Prefixes)
	prefixes(v, &c.Suffixes)
}

// Columns stand for the query's.
func (c *CTE) Columns() *Columns {
	if c.cols == nil {
		if c.AliasOf != nil {
			c.cols = proxies(c, c.AliasOf)
		} else {
			c.cols = proxies(c, c.Of)
		}
	}
	return c.cols
}

// Values is VALUES (…), (…) as a table.
type Values struct {
	identity
	ColumnArgs []*Column
	Name       Name
	Named      bool
	Anonymous  bool
	Rows       [][]Expr
	Literal    bool // literal_binds
	Lateral    bool
	cols       *Columns
}

// ID tells VALUES apart.
func (s *Values) ID() uint64 { return s.id() }

func (s *Values) fields(v visitor) {
	v.self(s)
	v.name(s.Name)
	v.flag(s.Named, s.Literal, s.Lateral)
	for _, c := range s.ColumnArgs {
		v.name(c.Name)
		v.typ(c.Type)
	}
	list(v, &s.Rows, func(r *[]Expr) { v.exprs(r) })
	if len(s.Rows) > 0 {
		v.uncached() // nor has SQLAlchemy a key for rows
	}
}

// Columns are those that were given.
func (s *Values) Columns() *Columns {
	if s.cols == nil {
		cols := &Columns{}
		for _, c := range s.ColumnArgs {
			if PlainFrom(orFrom(c.Table)) != From(s) {
				p := *c
				p.identity = identity{}
				p.Table = s
				p.Proxies = []Expr{c}
				c = &p
			}
			cols.add(c.Key, c, false)
		}
		s.cols = cols
	}
	return s.cols
}

func orFrom(f From) From {
	if f == nil {
		return &Values{}
	}
	return f
}

// adopt makes columns that belong to no table, or to the VALUES that s was made
// from, its own, as SQLAlchemy does: after values(a, b) a is a column of it.
func (s *Values) adopt(from *Values) {
	for _, c := range s.ColumnArgs {
		if c.Table == nil || from != nil && c.Table == From(from) {
			c.Table = s
		}
	}
}

// AnnotatedFrom carries a note of a layer above on a FROM object: a mapped
// class in select(User). Core looks through it.
type AnnotatedFrom struct {
	From
	Note Keyed
}

func (a *AnnotatedFrom) fields(v visitor) { v.from(&a.From); v.opaque(a.Note) }

// PlainFrom looks through annotations.
func PlainFrom(f From) From {
	for {
		a, ok := f.(*AnnotatedFrom)
		if !ok {
			return f
		}
		f = a.From
	}
}

// FromName is the name under which columns of f are qualified; ok is false for
// joins and other things without one.
func FromName(f From) (name Name, ok bool) {
	switch f := PlainFrom(f).(type) {
	case *Table:
		return Name(f.Name), true
	case *Alias:
		return f.Name, f.Kind != FunctionFrom
	case *CTE:
		return f.Name, true
	case *Values:
		return f.Name, f.Named
	}
	return "", false
}

// FromQuoting is how the name of f wants to be quoted.
func FromQuoting(f From) Quoting {
	switch f := PlainFrom(f).(type) {
	case *Table:
		return f.Quote
	case *Alias:
		return f.Quote
	case *CTE:
		return f.Quote
	}
	return QuoteAsNeeded
}

// IsDerivedFrom reports whether f is other, or is made of it.
func IsDerivedFrom(f, other From) bool {
	other = PlainFrom(other)
	found := PlainFrom(f) == other
	Walk(f, func(n Node) bool {
		if x, ok := n.(From); ok && PlainFrom(x) == other {
			found = true
		}
		return !found
	})
	return found
}

// NewAlias is f.alias(name): under another name, which is anonymous when "".
func NewAlias(f From, name string) From {
	switch f := f.(type) {
	case *CTE:
		return f.Alias(name)
	case *AnnotatedFrom:
		return &AnnotatedFrom{NewAlias(f.From, name), f.Note}
	}
	switch f := f.(type) {
	case *Values:
		return f.renamed(name)
	case *Alias:
		if f.Kind == TableValueAlias { // AS name(col, …) stays with it
			n := *f
			n.identity, n.cols, n.Of, n.Anonymous, n.Lateral = identity{}, nil, f, false, false
			n.setName(name, f)
			return &n
		}
	}
	a := &Alias{Kind: PlainAlias, Of: f}
	a.setName(name, f)
	return a
}

// Derived is a table-valued alias anew, under a name or none, with the names of
// its columns written after it, and their types: render_derived().
func (a *Alias) Derived(name string, types bool) *Alias {
	n := *a
	n.identity, n.cols, n.Anonymous, n.RenderNames, n.RenderTypes = identity{}, nil, false, true, types
	n.setName(name, nil)
	return &n
}

func (a *Alias) setName(name string, of From) {
	if name != "" {
		a.Name = Name(name)
		return
	}
	a.Anonymous = true
	base := Name("anon")
	if of != nil {
		if n, ok := FromName(of); ok && !n.IsAnonymous() && n != "" {
			base = n
		}
	}
	a.Name = anonymous(a.id(), base)
}

// NewSubquery is query.subquery(name): a query to select from.
func NewSubquery(q Query, name string) *Alias {
	a := &Alias{Kind: SubqueryAlias, Of: disambiguated(q)}
	a.setName(name, nil)
	return a
}

// NewLateral is q.lateral(name): a query or function that may refer to what
// stands before it.
func NewLateral(of Node, name string) *Alias {
	if q, ok := of.(Query); ok {
		of = disambiguated(q)
	}
	a := &Alias{Kind: LateralAlias, Of: of}
	var f From
	if ff, ok := of.(From); ok {
		f = ff
	}
	a.setName(name, f)
	return a
}

// NewTableSample is tablesample(f, sampling, name, seed).
func NewTableSample(f From, sampling Expr, name string, seed Expr) *Alias {
	a := &Alias{Kind: SampleAlias, Of: f, Sampling: sampling, Seed: seed}
	a.setName(name, f)
	return a
}

// NewFunctionFrom is a function among the FROM objects: FROM f(x).
func NewFunctionFrom(f *Func) *Alias { return &Alias{Kind: FunctionFrom, Of: f} }

// NewCTE is q.cte(name): a query in the WITH clause of what uses it.
func NewCTE(s Node, name string, recursive, nesting bool) *CTE {
	if q, ok := s.(Query); ok {
		s = disambiguated(q)
	}
	c := &CTE{Of: s, Recursive: recursive, Nesting: nesting}
	if name == "" {
		c.Anonymous = true
		base := Name("anon")
		if v, ok := s.(*Values); ok && v.Named {
			base = Name(sanitizeBind(string(v.Name)))
		}
		c.Name = anonymous(c.id(), base)
	} else {
		c.Name = Name(name)
	}
	return c
}

// Alias is the CTE under another name.
func (c *CTE) Alias(name string) *CTE {
	n := &CTE{Of: c.Of, Recursive: c.Recursive, Nesting: c.Nesting, AliasOf: c, Prefixes: c.Prefixes, Suffixes: c.Suffixes}
	if name == "" {
		n.Anonymous = true
		n.Name = anonymous(n.id(), "anon")
	} else {
		n.Name = Name(name)
	}
	return n
}

// Union is the CTE with UNION (or all: UNION ALL) of others: the second half
// of a recursive one.
func (c *CTE) Union(keyword string, others ...Query) *CTE {
	q, ok := c.Of.(Query)
	if !ok {
		return c
	}
	s := Compound(keyword, append([]Query{q}, others...)...)
	return &CTE{Of: s, Name: c.Name, Anonymous: c.Anonymous, Quote: c.Quote, Recursive: c.Recursive,
		Nesting: c.Nesting, Restates: c, Prefixes: c.Prefixes, Suffixes: c.Suffixes}
}

// NewValues is values(columns…, name): a table of literal rows.
func NewValues(columns []*Column, name string, literal bool) *Values {
	s := &Values{ColumnArgs: columns, Literal: literal}
	s.adopt(nil)
	if name != "" {
		s.Name, s.Named = Name(name), true
	} else {
		s.Anonymous = true
		s.Name = anonymous(s.id(), "anon")
	}
	return s
}

// renamed is the VALUES under another name, a numbered one for "".
func (s *Values) renamed(name string) *Values {
	n := *s
	n.identity, n.cols, n.Named, n.Anonymous = identity{}, nil, true, false
	n.adopt(s)
	if n.Name = Name(name); name == "" {
		n.Name = anonymous(n.id(), "anon")
	}
	return &n
}

// WithRows is the VALUES with more rows; each value is an expression or is
// bound with its column's type, or its own where the column has none.
func (s *Values) WithRows(rows [][]any) *Values {
	n := *s
	n.identity, n.cols, n.Rows = identity{s.id()}, nil, append([][]Expr(nil), s.Rows...)
	n.adopt(s)
	for _, row := range rows {
		exprs := make([]Expr, len(row))
		for i, x := range row {
			var t types.Type
			if i < len(s.ColumnArgs) && !isNull(s.ColumnArgs[i].Type) {
				t = s.ColumnArgs[i].Type
			}
			exprs[i] = AsExpr(x, t)
		}
		n.Rows = append(n.Rows, exprs)
	}
	return &n
}
