package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/luabind/bind"
)

// Above is what a layer above core adds, in which mapped classes stand for
// tables. A function that is nil changes nothing.
var Above struct {
	// Resolve gives what a value stands for in a statement, or the value.
	Resolve func(v any) any
	// Plain replaces what only the layer above knows by what core knows.
	Plain func(n core.Node) (core.Node, error)
	// Written is Plain for what is compiled by itself, with all that executing it
	// would add.
	Written func(n core.Node) (core.Node, error)
	// FilterBy is the criteria of filter_by() for a statement; ok is false for
	// one that knows no classes.
	FilterBy func(a *bind.Args, s core.Statement) (criteria []core.Expr, ok bool)
	// Assign is what setting an attribute of a class to a value sets in its table,
	// where that is not the attribute itself; ok is false where it is.
	Assign func(c *bind.Call, table core.From, key, value lua.LValue) (pairs [][2]lua.LValue, ok bool)
	// Entity is the entity_description of a class; nil for a table.
	Entity func(f core.From) any
	// Describe is the column_descriptions of a select.
	Describe func(s *core.Select) any
}

// Plain is the statement or expression as core knows it.
func Plain[N core.Node](n N) N {
	if Above.Plain == nil {
		return n
	}
	p, ok := bind.Must(Above.Plain(n)).(N)
	if !ok {
		return n
	}
	return p
}

// written is the statement or expression as it is compiled by itself.
func written(n core.Node) (core.Node, error) {
	if Above.Written == nil {
		return n, nil
	}
	return Above.Written(n)
}

func subquery(q core.Query, name string) *core.Alias { return core.NewSubquery(Plain(q), name) }

func scalarSelect(q core.Query) *core.ScalarSelect { return core.NewScalarSelect(Plain(q)) }

// filterBy is the criteria of filter_by() for a statement.
func filterBy(a *bind.Args, s core.Statement, target func() core.From) []core.Expr {
	if Above.FilterBy != nil {
		if crit, ok := Above.FilterBy(a, s); ok {
			return crit
		}
	}
	return filterByColumns(a, target())
}
