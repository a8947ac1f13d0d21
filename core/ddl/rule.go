package ddl

import (
	"alchemysh/core"
)

// ruled is the text of the rule that compiles() has for a statement.
func (c *Compiler) ruled(s core.DDLStatement) (text string, ok bool) {
	if core.Node(s) == c.plain {
		c.plain = nil
		return "", false
	}
	r := core.RuleOf(s, c.dialect.Name())
	if r == nil {
		return "", false
	}
	return r(s, ruleWriter{c}), true
}

// ruleWriter is what a rule writes the parts of a DDL statement with: values
// are always written out.
type ruleWriter struct{ c *Compiler }

func (w ruleWriter) DialectName() string { return w.c.dialect.Name() }

func (w ruleWriter) Held(n core.Node, _ bool) string {
	switch n := n.(type) {
	case core.DDLStatement:
		return w.c.statement(n)
	case core.Constraint:
		text, _ := w.c.dialect.Constraint(w.c, n)
		return text
	}
	return w.c.SQL(n)
}

func (w ruleWriter) Plain(n core.Node) string {
	s, ok := n.(core.DDLStatement)
	if !ok {
		return w.Held(n, true)
	}
	w.c.plain = n
	return w.c.statement(s)
}
