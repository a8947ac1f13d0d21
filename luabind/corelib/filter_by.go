package corelib

import (
	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// filterByColumns makes criteria of keyword arguments: columns of what was named last.
func filterByColumns(a *bind.Args, from core.From) []core.Expr {
	var out []core.Expr
	for _, k := range a.Keywords() {
		col, ok := from.Columns().Get(k.Name)
		if !ok {
			bind.Check(NoProperty(core.Describe(from), k.Name, from.Columns().Keys()))
		}
		out = append(out, core.Eq(col, Operand(a.Call, k.Value)))
	}
	return out
}

// filterTarget is what filter_by() of a select speaks of: the last join's
// target, else the first FROM object.
func filterTarget(s *core.Select) core.From {
	if n := len(s.Joins); n > 0 {
		if f, ok := s.Joins[n-1].Target.(core.From); ok {
			return f
		}
	}
	if len(s.FromObjects) > 0 {
		f := s.FromObjects[0]
		for {
			j, ok := f.(*core.Join)
			if !ok {
				return f
			}
			f = j.Right
		}
	}
	for _, n := range s.Raw {
		switch n := n.(type) {
		case core.From:
			return n
		case core.Expr:
			for _, f := range core.FromObjects(n) {
				return f
			}
		}
	}
	bind.Fail(exc.InvalidRequestError, "filter_by(): the statement selects from nothing")
	return nil
}
