package compile

import (
	"alchemysh/core"
)

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
	c.withClause(toplevel, true)
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
