package corelib

import (
	"alchemysh/core"
)

// reduceColumns drops columns that the criteria or foreign keys say are equal
// to one before them.
func reduceColumns(s *core.Select, onlySynonyms bool) *core.Select {
	equal := map[[2]*core.Column]bool{}
	var conditions []core.Expr
	conditions = append(conditions, s.Criteria...)
	for _, j := range s.Joins {
		if j.On != nil {
			conditions = append(conditions, j.On)
		}
	}
	for _, e := range conditions {
		core.Walk(e, func(n core.Node) bool {
			if b, ok := n.(*core.Binary); ok && b.Op == core.EqOp {
				l, okl := core.Plain(b.Left).(*core.Column)
				r, okr := core.Plain(b.Right).(*core.Column)
				if okl && okr && (!onlySynonyms || l.Name == r.Name) {
					equal[[2]*core.Column{l, r}], equal[[2]*core.Column{r, l}] = true, true
				}
			}
			return true
		})
	}
	var kept []core.Node
	var cols []*core.Column
	for _, e := range s.Selected() {
		c, ok := core.Plain(e).(*core.Column)
		if ok {
			repeats := false
			for _, k := range cols {
				for _, fk := range c.ForeignKeys() {
					if target, err := fk.Resolve(); err == nil && target == k && (!onlySynonyms || k.Name == c.Name) {
						repeats = true
					}
				}
				repeats = repeats || equal[[2]*core.Column{k, c}]
			}
			if repeats {
				continue
			}
			cols = append(cols, c)
		}
		kept = append(kept, e)
	}
	return s.WithOnlyColumns(kept...)
}
