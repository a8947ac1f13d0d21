package corelib

import (
	"alchemysh/core"
	"alchemysh/luabind/bind"
)

func compoundWith(keyword string) func(core.Query, *bind.Args) (any, error) {
	return func(q core.Query, a *bind.Args) (any, error) {
		return core.Compound(keyword, append([]core.Query{q}, queries(a, a.Rest())...)...), nil
	}
}

var compoundClass = bind.Define[*core.CompoundSelect]("CompoundSelect", "UNION and the like of several queries.", queryClass.Class).
	Property("selects", "The queries.", func(s *core.CompoundSelect) any { return s.Selects })
