package compile

import (
	"alchemysh/core"
)

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
	if !embedded || toplevel {
		c.withClause(toplevel, false)
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
	c.push(&frame{correlate: all, asfrom: own, query: s, schemaNames: schemaNames(own)})
	return froms
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
