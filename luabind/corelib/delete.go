package corelib

import (
	"slices"

	"alchemysh/core"
	"alchemysh/luabind/bind"
)

var deleteClass = bind.Define[*core.Delete]("Delete", "A DELETE.", Executable.Class).
	Property("table", "The table.", func(s *core.Delete) any { return s.Table }).
	Method("where(*whereclause)", "WHERE, joined by AND.", "delete(users):where(users.c.id == 5)", func(s *core.Delete, a *bind.Args) (any, error) {
		crit := Exprs(a.Call, a.Rest(), WhereRole)
		return s.Change(func(s *core.Delete) { s.Criteria = append(slices.Clip(s.Criteria), crit...) }), nil
	}).
	Method("filter(*criteria)", "WHERE, joined by AND.", "delete(users):filter(users.c.id == 5)", func(s *core.Delete, a *bind.Args) (any, error) {
		crit := Exprs(a.Call, a.Rest(), WhereRole)
		return s.Change(func(s *core.Delete) { s.Criteria = append(slices.Clip(s.Criteria), crit...) }), nil
	}).
	Method("filter_by(**kw)", "WHERE columns equal values.", `delete(users):filter_by{name = "ed"}`, func(s *core.Delete, a *bind.Args) (any, error) {
		crit := filterBy(a, s, func() core.From { return s.Table })
		return s.Change(func(s *core.Delete) { s.Criteria = append(slices.Clip(s.Criteria), crit...) }), nil
	}).
	Method("with_dialect_options(**opt)", "Options of one database: mysql_limit.", "delete(users):with_dialect_options{mysql_limit = 5}", func(s *core.Delete, a *bind.Args) (any, error) {
		n := mysqlLimit(a)
		return s.Change(func(s *core.Delete) { s.Limit = n }), nil
	})
