package compile

import (
	"alchemysh/core"
	"alchemysh/core/exc"
)

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
