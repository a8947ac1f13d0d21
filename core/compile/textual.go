package compile

import (
	"alchemysh/core"
)

func (c *Compiler) textualSelect(s *core.TextualSelect, p queryPlace) {
	toplevel := len(c.stack) == 0
	entry := c.top()
	c.push(&frame{query: s})
	c.added(s.CTEs)
	if toplevel || p.compound == 0 && entry.compoundResult || entry.nestedResult {
		switch {
		case s.Positional:
			c.matching = MatchText
		case len(s.Cols) > 0:
			c.matching = MatchName
		}
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
	c.withClause(toplevel, false)
	c.emit(text)
	c.pop()
}
