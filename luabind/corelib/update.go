package corelib

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

var updateClass = bind.Define[*core.Update]("Update", "An UPDATE.", Executable.Class).
	Property("table", "The table.", func(s *core.Update) any { return s.Table }).
	Method("values(*args{}, **kw)", "The values to set.", `update(users):values{name = "ed"}`, func(s *core.Update, a *bind.Args) (any, error) {
		one, rows, empty := valuesArgs(a, s.Table)
		if rows != nil {
			return nil, exc.New(exc.InvalidRequestError, "UPDATE construct does not support multiple parameter sets.")
		}
		if s.Ordered {
			return nil, exc.New(exc.InvalidRequestError, "This statement already has ordered values present")
		}
		return s.Change(func(s *core.Update) {
			s.Values = core.MergeAssignments(s.Values, one)
			s.Empty = empty && len(s.Values) == 0
		}), nil
	}).
	Method("ordered_values(*args{})", "The values to set, in this order.", `update(users):ordered_values({"name", "ed"}, {"age", 5})`, func(s *core.Update, a *bind.Args) (any, error) {
		switch {
		case s.Ordered:
			return nil, exc.New(exc.ArgumentError, "This statement already has ordered values present")
		case len(s.Values) > 0:
			return nil, exc.New(exc.ArgumentError, "This statement already has values present")
		}
		pairs := pairsOf(a, a.Rest())
		return s.Change(func(s *core.Update) { s.Values, s.Ordered = pairs, true }), nil
	}).
	Method("where(*whereclause)", "WHERE, joined by AND.", "update(users):where(users.c.id == 5)", func(s *core.Update, a *bind.Args) (any, error) {
		crit := Exprs(a.Call, a.Rest(), WhereRole)
		return s.Change(func(s *core.Update) { s.Criteria = append(slices.Clip(s.Criteria), crit...) }), nil
	}).
	Method("filter(*criteria)", "WHERE, joined by AND.", "update(users):filter(users.c.id == 5)", func(s *core.Update, a *bind.Args) (any, error) {
		crit := Exprs(a.Call, a.Rest(), WhereRole)
		return s.Change(func(s *core.Update) { s.Criteria = append(slices.Clip(s.Criteria), crit...) }), nil
	}).
	Method("filter_by(**kw)", "WHERE columns equal values.", `update(users):filter_by{name = "ed"}`, func(s *core.Update, a *bind.Args) (any, error) {
		crit := filterBy(a, s, func() core.From { return s.Table })
		return s.Change(func(s *core.Update) { s.Criteria = append(slices.Clip(s.Criteria), crit...) }), nil
	}).
	Method("with_dialect_options(**opt)", "Options of one database: mysql_limit.", "update(users):with_dialect_options{mysql_limit = 5}", func(s *core.Update, a *bind.Args) (any, error) {
		n := mysqlLimit(a)
		return s.Change(func(s *core.Update) { s.Limit = n }), nil
	})

func mysqlLimit(a *bind.Args) core.Expr {
	for _, k := range a.Keywords() {
		if k.Name == "mysql_limit" || k.Name == "mariadb_limit" {
			x := Operand(a.Call, k.Value)
			if n, ok := x.(int64); ok {
				return RowCount(n)
			}
			if e, ok := x.(core.Expr); ok {
				return e
			}
		}
	}
	return nil
}
