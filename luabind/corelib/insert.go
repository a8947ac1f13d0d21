package corelib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

var insertClass = bind.Define[*core.Insert]("Insert", "An INSERT.", Executable.Class).
	Property("table", "The table.", func(s *core.Insert) any { return s.Table }).
	Method("values(*args{}, **kw)", "The values to insert; a list of tables for several rows.", `insert(users):values{name = "ed"}`, func(s *core.Insert, a *bind.Args) (any, error) {
		one, rows, empty := valuesArgs(a, s.Table)
		if (len(rows) > 0 && len(s.Values) > 0) || (len(one) > 0 && len(s.Rows) > 0) {
			return nil, exc.New(exc.InvalidRequestError, "Can't mix single and multiple VALUES formats in one INSERT statement; one style appends to a list while the other replaces values, so the intent is ambiguous.")
		}
		return s.Change(func(s *core.Insert) {
			if s.FromQuery != nil {
				exc.Raise(exc.InvalidRequestError, "This construct already inserts from a SELECT")
			}
			switch {
			case rows != nil:
				s.Rows = append(slices.Clip(s.Rows), rows...)
			case empty:
				s.Empty = len(s.Values) == 0
			default:
				s.Values = core.MergeAssignments(s.Values, one)
			}
		}), nil
	}).
	Method("from_select(names{}, select, include_defaults=true)", "INSERT … SELECT.", `insert(a):from_select({"x"}, select(b.c.x))`, func(s *core.Insert, a *bind.Args) (any, error) {
		if len(s.Values) > 0 || len(s.Rows) > 0 {
			return nil, exc.New(exc.InvalidRequestError, "This construct already inserts value expressions")
		}
		var names []string
		for _, v := range a.List("names") {
			if name, ok := v.(lua.LString); ok {
				names = append(names, string(name))
				continue
			}
			names = append(names, ColumnOf(a.Call, v).Key)
		}
		q := insertedQuery(a)
		return s.Change(func(s *core.Insert) {
			s.FromNames, s.FromQuery, s.NoDefault, s.Inline = names, q, !a.Bool("include_defaults"), true
		}), nil
	}).
	Property("select", "The query of INSERT … SELECT.", func(s *core.Insert) any {
		if s.FromQuery == nil {
			return nil
		}
		return s.FromQuery
	})

// insertedQuery reads the query of from_select(): a FROM object is selected from.
func insertedQuery(a *bind.Args) core.Query {
	if f, ok := Value(a.Call, a.Lua("select")).(core.From); ok {
		return core.NewSelect(f)
	}
	return Query(a.Call, a.Lua("select"))
}
