package compile

import (
	"alchemysh/core"
)

// crudTable writes the table of INSERT, UPDATE or DELETE with its hints.
func (c *Compiler) crudTable(f core.From, hints []core.Hint) {
	old := c.ctes.hints
	c.ctes.hints = hints
	c.from(f)
	c.ctes.hints = old
}

// furtherFroms are the FROM objects that the criteria and values of an UPDATE
// or DELETE need beside what is written to, and the further sides of a join
// that is written to.
func furtherFroms(target core.From, criteria []core.Expr, values []core.Assignment, given []core.From) []core.From {
	tables := tablesOf(target)
	seen := map[core.From]bool{tables[0]: true}
	var out []core.From
	add := func(fs []core.From) {
		for _, f := range fs {
			if !seen[f] {
				seen[f] = true
				out = append(out, f)
			}
		}
	}
	for _, e := range criteria {
		add(core.FromObjects(e))
	}
	for _, a := range values {
		if x, ok := a.Value.(core.Expr); ok {
			add(core.FromObjects(x))
		}
	}
	add(given)
	return append(out, tables[1:]...)
}

// tablesOf are the sides of a join, or f itself.
func tablesOf(f core.From) []core.From {
	f = core.PlainFrom(f)
	if j, ok := f.(*core.Join); ok {
		return append(tablesOf(j.Left), tablesOf(j.Right)...)
	}
	return []core.From{f}
}
