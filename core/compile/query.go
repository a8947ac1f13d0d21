package compile

import (
	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// queryPlace is where a query stands.
type queryPlace struct {
	asfrom   bool // in FROM
	lateral  bool
	compound int  // its number in a compound, -1 for none
	insert   bool // INSERT … SELECT
}

// nested writes a query inside an expression.
func (c *Compiler) nested(q core.Query) {
	c.within(func(x *context) { *x = x.below() }, func() {
		c.query(q, queryPlace{compound: -1})
	})
}

// Node writes any node where an expression stands: a query in parentheses, a
// FROM object as in FROM.
func (c *Compiler) Node(n core.Node) {
	switch n := n.(type) {
	case core.Expr:
		c.Expr(n)
	case core.Query:
		c.query(n, queryPlace{compound: -1})
	case core.From:
		c.from(n)
	default:
		exc.Raise(exc.UnsupportedCompilation, "Compiler can't render element of type %T", n)
	}
}

// DialectName is the name of the dialect, for custom constructs.
func (c *Compiler) DialectName() string { return c.d.Name() }

func (c *Compiler) query(q core.Query, p queryPlace) {
	defer func(old queryPlace) { c.at = old }(c.at)
	c.at = p
	if c.ruled(q) {
		return
	}
	switch q := q.(type) {
	case *core.Select:
		c.selectStatement(q, p)
	case *core.CompoundSelect:
		c.compound(q, p)
	case *core.TextualSelect:
		c.textualSelect(q, p)
	}
}

func (c *Compiler) top() *frame {
	if len(c.stack) == 0 {
		return &frame{}
	}
	return c.stack[len(c.stack)-1]
}

func (c *Compiler) push(f *frame) { c.stack = append(c.stack, f) }
func (c *Compiler) pop()          { c.stack = c.stack[:len(c.stack)-1] }

func (c *Compiler) selectStatement(s *core.Select, p queryPlace) {
	toplevel := len(c.stack) == 0
	entry := c.top()
	result := toplevel || entry.compoundResult || entry.nestedResult
	if p.compound > 0 {
		result = false
	}
	froms := c.enter(s, entry, p)
	text := c.capture(func() {
		c.cx = c.cx.below()
		c.selectBody(s, froms, p, result)
	})
	embedded := p.compound >= 0 || p.insert
	if c.ctes.any() && (!embedded || toplevel) {
		level := 0
		if !toplevel {
			level = len(c.stack)
		}
		c.withClause(level, false)
	}
	c.emit(text)
	if len(s.Suffixes) > 0 {
		c.Write(" ")
		c.prefixList(s.Suffixes)
	}
	c.pop()
}

// enter finds the FROM list of a select where it stands and pushes its frame.
func (c *Compiler) enter(s *core.Select, entry *frame, p queryPlace) []core.From {
	switch {
	case p.compound == 0:
		entry.columns = len(s.Selected())
	case p.compound > 0:
		if n := len(s.Selected()); n != entry.columns {
			c.Raise("All selectables passed to CompoundSelect must have identical numbers of columns; select #1 has %d columns, select #%d has %d", entry.columns, p.compound+1, n)
		}
	}
	var froms []core.From
	if p.asfrom && !p.lateral {
		froms = c.displayFroms(s, subtract(entry.correlate, entry.asfrom), nil)
	} else {
		froms = c.displayFroms(s, entry.correlate, entry.asfrom)
	}
	var own []core.From
	for _, f := range froms {
		own = append(own, core.FromObjects(f)...)
	}
	all := append(append([]core.From(nil), own...), entry.correlate...)
	c.push(&frame{correlate: all, asfrom: own, query: s})
	return froms
}

func contains(list []core.From, f core.From) bool {
	for _, x := range list {
		if x == f {
			return true
		}
	}
	return false
}

func subtract(a, b []core.From) []core.From {
	var out []core.From
	for _, f := range a {
		if !contains(b, f) {
			out = append(out, f)
		}
	}
	return out
}

func keep(froms []core.From, drop func(core.From) bool) []core.From {
	out := make([]core.From, 0, len(froms))
	for _, f := range froms {
		if !drop(f) {
			out = append(out, f)
		}
	}
	return out
}

// displayFroms is the FROM list after correlation: what an enclosing query
// supplies is left out.
func (c *Compiler) displayFroms(s *core.Select, explicit, implicit []core.From) []core.From {
	all := s.Froms()
	froms := all
	if len(s.CorrelateTo) > 0 {
		to := plainFroms(s.CorrelateTo)
		froms = keep(froms, func(f core.From) bool { return contains(explicit, f) && contains(to, f) })
	}
	if s.ExceptGiven {
		except := plainFroms(s.CorrelateExcept)
		froms = keep(froms, func(f core.From) bool { return contains(explicit, f) && !contains(except, f) })
	}
	if !s.NoAutoCorrelate && len(implicit) > 0 && len(froms) > 1 {
		froms = keep(froms, func(f core.From) bool { return contains(implicit, f) })
		if len(froms) == 0 {
			exc.Raise(exc.InvalidRequestError, "Select statement '<sqlalchemy.sql.selectable.Select object at %p>' returned no FROM clauses due to auto-correlation; specify correlate(<tables>) to control correlation manually.", s)
		}
	}
	return froms
}

func plainFroms(fs []core.From) []core.From {
	out := make([]core.From, len(fs))
	for i, f := range fs {
		out[i] = core.PlainFrom(f)
	}
	return out
}

func (c *Compiler) selectBody(s *core.Select, froms []core.From, p queryPlace, result bool) {
	c.Write("SELECT")
	if len(s.Raw) > 0 || s.IsDistinct || len(s.Prefixes) > 0 {
		c.Write(" ")
	}
	for _, h := range s.Hints {
		if h.On == nil && h.Dialect == "prefix" {
			c.Write(h.Text, " ")
		}
	}
	c.added(s.CTEs)
	c.prefixList(s.Prefixes)
	c.d.Distinct(c, s)
	for i, n := range core.NameColumns(s.Selected(), s.LabelStyle, true) {
		if i > 0 {
			c.Write(", ")
		}
		c.selectColumn(n, result, p.asfrom)
	}
	if len(froms) > 0 {
		c.Write(" \nFROM ")
		for i, f := range froms {
			if i > 0 {
				c.Write(", ")
			}
			c.hinted(f, s.Hints)
		}
	} else {
		c.Write(c.d.DefaultFrom(s))
	}
	c.conditions(" \nWHERE ", s.Criteria)
	c.groupBy(s.Grouping)
	c.conditions(" \nHAVING ", s.HavingList)
	c.orderBy(s.Ordering)
	c.shareParameters(s)
	c.limit(Limits{s.LimitExpr, s.OffsetExpr, s.FetchClause})
	if s.Lock != nil {
		c.d.Lock(c, s.Lock)
	}
	for _, h := range s.Hints {
		if h.On == nil && (h.Dialect == "*" || h.Dialect == c.d.Name()) {
			c.Write(" ", h.Text)
		}
	}
}

func (c *Compiler) groupBy(by []core.Expr) {
	if len(by) > 0 {
		c.Write(" GROUP BY ")
		c.List(by)
	}
}

func (c *Compiler) orderBy(by []core.Expr) {
	if len(by) > 0 {
		c.Write(" ORDER BY ")
		c.List(by)
	}
}

func (c *Compiler) limit(l Limits) {
	if l.Limit != nil || l.Offset != nil || l.Fetch != nil {
		c.d.Limit(c, l)
	}
}

// hinted writes a FROM object with the hints that are for it.
func (c *Compiler) hinted(f core.From, hints []core.Hint) {
	outer := c.ctes.hints
	c.ctes.hints = hints
	c.from(f)
	c.ctes.hints = outer
}

// prefixList writes prefix_with() or suffix_with() texts, a blank after each.
func (c *Compiler) prefixList(ps []core.Prefix) {
	for _, p := range ps {
		if p.Dialect == "" || p.Dialect == "*" || p.Dialect == c.d.Name() {
			c.Expr(p.X)
			c.Write(" ")
		}
	}
}

// selectColumn writes one column of a SELECT or of RETURNING with the name
// that it must have.
func (c *Compiler) selectColumn(n core.Named, result, asfrom bool) {
	e := core.Plain(n.X)
	var targets []core.Expr
	if n.X != e {
		targets = append(targets, n.X)
	}
	c.within(func(x *context) {
		x.columns, x.inLabel, x.result, x.targets = true, false, result, targets
		x.names = nil
	}, func() {
		if result {
			if x := c.columnExpression(e); x != nil {
				c.selectWrapped(n, e, x, targets)
				return
			}
		}
		if l, ok := e.(*core.Label); ok {
			c.Expr(l)
			return
		}
		if n.Required != "" {
			c.required(e, n, result)
			return
		}
		if _, tuple := e.(*core.Tuple); tuple && result {
			c.Raise("Most backends don't support SELECTing from a tuple() object.")
		}
		if !c.mustLabel(e, asfrom) {
			c.Expr(e)
			return
		}
		fallback := n.Fallback
		if fallback == "" {
			fallback = core.AnonName(e)
		}
		name := c.ident("colident", fallback)
		if result {
			c.addResult(string(fallback), name, e.ExprType(), append([]core.Expr{e}, targets...), []string{n.Key})
		}
		c.as(func() { c.Expr(e) }, name, quotingOf(e))
	})
}

// required writes a column with a label that tells it from another.
func (c *Compiler) required(e core.Expr, n core.Named, result bool) {
	name := c.ident("colident", n.Required)
	if result {
		c.addResult(string(n.Required), name, e.ExprType(), append([]core.Expr{e}, c.cx.targets...), []string{n.Key, string(core.QualifiedName(e))})
	}
	c.as(func() { c.Expr(e) }, name, quotingOf(e))
}

// selectWrapped writes a column inside its type's expression, under the name
// that the column would have.
func (c *Compiler) selectWrapped(n core.Named, e, x core.Expr, targets []core.Expr) {
	own := n.Required
	if own == "" {
		own = core.OwnName(e)
	}
	if own == "" {
		own = n.Fallback
	}
	if own == "" {
		own = core.AnonName(e)
	}
	name := c.ident("colident", own)
	c.addResult(string(own), name, e.ExprType(), append([]core.Expr{e}, targets...), []string{n.Key})
	c.as(func() { c.Expr(x) }, name, quotingOf(e))
}

func quotingOf(e core.Expr) core.Quoting {
	if col, ok := e.(*core.Column); ok {
		return col.Quote
	}
	return core.QuoteAsNeeded
}

// mustLabel reports whether a column without a label of its own needs one.
func (c *Compiler) mustLabel(e core.Expr, asfrom bool) bool {
	switch x := e.(type) {
	case *core.Column:
		return asfrom && !x.Literal && x.Table != nil
	case *core.Text:
		return false
	case *core.Unary:
		return unnamed(x.X) || asfrom
	case *core.AsBool:
		return !c.f.NativeBoolean || unnamed(x.X) || asfrom
	case *core.TableValued, *core.FuncColumn:
		return false
	case *core.Custom:
		return !x.Column
	}
	return true
}

func unnamed(e core.Expr) bool {
	switch x := core.Plain(e).(type) {
	case *core.Column, *core.Label, *core.FuncColumn, *core.TableValued:
		return core.OwnName(x) == ""
	}
	return true
}

func (c *Compiler) compound(s *core.CompoundSelect, p queryPlace) {
	toplevel := len(c.stack) == 0
	entry := c.top()
	needResult := toplevel || p.compound <= 0 && entry.compoundResult
	if p.compound == 0 {
		entry.columns = len(s.Selected())
	}
	c.push(&frame{correlate: entry.correlate, asfrom: entry.asfrom, query: s, compoundResult: needResult})
	text := c.capture(func() {
		c.added(s.CTEs)
		for i, q := range s.Selects {
			if i > 0 {
				c.Write(" ", s.Keyword, " ")
			}
			c.member(q, queryPlace{asfrom: p.asfrom, compound: i})
		}
		c.within(func(x *context) { *x = context{literal: x.literal, bare: true} }, func() {
			c.groupBy(s.Grouping)
			c.orderBy(s.Ordering)
			c.limit(Limits{s.LimitExpr, s.OffsetExpr, s.FetchClause})
		})
	})
	if c.ctes.any() {
		level := 0
		if !toplevel {
			level = len(c.stack)
		}
		c.withClause(level, true)
	}
	c.emit(text)
	c.pop()
}

// member writes one query of a compound, in parentheses where its own ORDER BY
// or LIMIT, or being a compound itself, asks for them.
func (c *Compiler) member(q core.Query, p queryPlace) {
	grouped := true
	if s, ok := q.(*core.Select); ok {
		grouped = s.LimitExpr != nil || s.OffsetExpr != nil || s.FetchClause != nil || len(s.Ordering) > 0
	}
	if _, ok := q.(*core.TextualSelect); ok {
		grouped = false
	}
	if !grouped {
		c.query(q, p)
		return
	}
	if w, ok := c.d.(MemberWrapper); ok {
		before, after := w.WrapMember()
		c.Write(before)
		c.query(q, p)
		c.Write(after)
		return
	}
	c.Write("(")
	c.query(q, p)
	c.Write(")")
}

// MemberWrapper is a dialect that has no parentheses around a member of a
// compound select, and writes something else in their place.
type MemberWrapper interface{ WrapMember() (before, after string) }

func (c *Compiler) textualSelect(s *core.TextualSelect, p queryPlace) {
	toplevel := len(c.stack) == 0
	entry := c.top()
	c.push(&frame{query: s})
	c.added(s.CTEs)
	if toplevel || p.compound == 0 && entry.compoundResult || entry.nestedResult {
		c.textual = s.Positional
		c.loose = !s.Positional && len(s.Cols) > 0
		for _, col := range s.Cols {
			c.capture(func() {
				c.within(func(x *context) { x.columns, x.result = true, true }, func() {
					n := core.Named{X: col}
					if _, ok := core.Plain(col).(*core.Column); ok {
						c.Expr(core.Plain(col))
						return
					}
					c.selectColumn(n, true, false)
				})
			})
		}
	}
	text := c.capture(func() {
		c.within(func(x *context) { x.result = false }, func() { c.Expr(s.Text) })
	})
	if c.ctes.any() {
		level := 0
		if !toplevel {
			level = len(c.stack)
		}
		c.withClause(level, false)
	}
	c.emit(text)
	c.pop()
}

// labelResolver finds what a name in ORDER BY, GROUP BY or DISTINCT stands for.
type labelResolver struct {
	all, froms, columns map[string]core.Expr
}

func (c *Compiler) resolver(f *frame) *labelResolver {
	if f.resolve != nil {
		return f.resolve
	}
	r := &labelResolver{all: map[string]core.Expr{}, froms: map[string]core.Expr{}, columns: map[string]core.Expr{}}
	f.resolve = r
	switch q := f.query.(type) {
	case *core.Select:
		for _, e := range q.Selected() {
			e = core.Plain(e)
			if !resolvable(e) {
				continue
			}
			key := string(core.QualifiedName(e))
			if key == "" {
				if col, ok := e.(*core.Column); ok {
					key = col.Key
				}
			}
			if key != "" {
				r.all[key], r.columns[key] = e, e
			}
		}
		for _, f := range q.Froms() {
			for _, col := range f.Columns().All() {
				r.froms[col.Key] = col
			}
		}
		for k, e := range r.froms {
			if _, ok := r.all[k]; !ok {
				r.all[k] = e
			}
		}
		// the plain names of selected columns too
		for _, e := range q.Selected() {
			if col, ok := core.Plain(e).(*core.Column); ok {
				if _, taken := r.all[col.Key]; !taken {
					r.all[col.Key] = col
				}
			}
		}
	case *core.CompoundSelect:
		sub := core.NewSubquery(q, "")
		for _, col := range sub.Columns().All() {
			bare := &core.Column{Name: col.Name, Key: col.Key, Type: col.Type, Quote: col.Quote}
			r.all[col.Key], r.froms[col.Key], r.columns[col.Key] = bare, bare, bare
		}
	case *core.Update, *core.Delete, *core.Insert:
	}
	return r
}

func resolvable(e core.Expr) bool {
	switch e.(type) {
	case *core.Text:
		return false
	}
	return true
}

func (c *Compiler) labelRef(x *core.LabelRef) {
	if x.X != nil {
		if len(c.stack) > 0 && c.f.OrderByLabel {
			r := c.resolver(c.top())
			dict := r.columns
			if c.cx.columns {
				dict = r.froms
			}
			if l := orderLabel(x.X); l != nil {
				name := string(l.Name)
				if to, ok := dict[name]; ok && core.SharesLineage(l, to) {
					c.within(func(cx *context) { cx.labelAs = l }, func() { c.Expr(x.X) })
					return
				}
			}
		}
		c.Expr(x.X)
		return
	}
	if len(c.stack) == 0 {
		c.Write(x.Text)
		return
	}
	r := c.resolver(c.top())
	dict := r.all
	if c.cx.columns {
		dict = r.froms
	}
	to, ok := dict[x.Text]
	if !ok {
		c.Raise("Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT etc. Textual SQL expression %s should be explicitly declared as text(%s)", types.Quote(x.Text), types.Quote(x.Text))
	}
	c.within(func(cx *context) { cx.labelAs = to }, func() { c.Expr(to) })
}

// orderLabel is the label that an ordering is by, under DESC and the like.
func orderLabel(e core.Expr) *core.Label {
	switch x := core.Plain(e).(type) {
	case *core.Label:
		return x
	case *core.Unary:
		if x.Postfix {
			return orderLabel(x.X)
		}
	}
	return nil
}
