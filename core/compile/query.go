package compile

import (
	"alchemysh/core"
)

// queryPlace is where a query stands.
type queryPlace struct {
	asfrom   bool // in FROM
	lateral  bool
	compound int  // its number in a compound, -1 for none
	insert   bool // INSERT … SELECT
}

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

func (c *Compiler) pop() { c.stack = c.stack[:len(c.stack)-1] }
