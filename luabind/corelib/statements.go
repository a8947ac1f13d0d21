package corelib

import (
	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// Executable is the class of statements.
var Executable = bind.Define[core.Statement]("Executable", "A statement that can be executed.", ClauseElement.Class).
	Property("is_select", "Whether it is a query.", func(s core.Statement) any { return is[core.Query](s) }).
	Property("is_insert", "Whether it is an INSERT.", func(s core.Statement) any { return is[*core.Insert](s) }).
	Property("is_update", "Whether it is an UPDATE.", func(s core.Statement) any { return is[*core.Update](s) }).
	Property("is_delete", "Whether it is a DELETE.", func(s core.Statement) any { return is[*core.Delete](s) }).
	Property("is_dml", "Whether it is an INSERT, UPDATE or DELETE.", func(s core.Statement) any {
		return is[*core.Insert](s) || is[*core.Update](s) || is[*core.Delete](s)
	}).
	Method("execution_options(**options)", "A copy with options for its execution.", "stmt:execution_options{yield_per = 100}", func(s core.Statement, a *bind.Args) (any, error) {
		o := optionsOf(a)
		if err := ofStatements(o); err != nil {
			return nil, err
		}
		return withOptions(s, o), nil
	}).
	Method("get_execution_options()", "Its options.", "stmt:get_execution_options()", func(s core.Statement, a *bind.Args) (any, error) {
		return map[string]any(s.ExecutionOptions()), nil
	}).
	Method("options(*options)", "A copy with options of the ORM: joinedload() and the like.", "select(User):options(joinedload(User.addresses))", func(s core.Statement, a *bind.Args) (any, error) {
		var notes []core.Keyed
		for _, v := range a.Rest() {
			k, ok := a.ToGo(v).(core.Keyed)
			if !ok {
				return nil, exc.New(exc.ArgumentError, "options() takes ORM options such as joinedload(User.addresses), got %s", a.Repr(a.L, v))
			}
			notes = append(notes, k)
		}
		return withNotes(s, notes), nil
	}).
	With(func(c *bind.Class) {
		c.Str = func(c *bind.Call, self any) (string, error) { return stringify(self.(core.Node)) }
	})

func init() {
	dmlOptions(insertClass, func(s *core.Insert, f func(*core.DMLOptions)) *core.Insert {
		return s.Change(func(s *core.Insert) { f(&s.DMLOptions) })
	})
	dmlOptions(updateClass, func(s *core.Update, f func(*core.DMLOptions)) *core.Update {
		return s.Change(func(s *core.Update) { f(&s.DMLOptions) })
	})
	dmlOptions(deleteClass, func(s *core.Delete, f func(*core.DMLOptions)) *core.Delete {
		return s.Change(func(s *core.Delete) { f(&s.DMLOptions) })
	})
	upserts()
}

func installStatements(s *bind.State) {
	f := bind.Func
	compound := func(name, keyword string) *bind.Function {
		return f(name+"(*selects)", keyword+" of several queries.", name+"(q1, q2)", func(a *bind.Args) (any, error) {
			return core.Compound(keyword, queries(a, a.Rest())...), nil
		})
	}
	s.Global(
		f("insert(table)", "INSERT into a table.", `insert(users):values{name = "ed"}`, func(a *bind.Args) (any, error) {
			return &core.Insert{Table: target(a, "table")}, nil
		}),
		f("update(table)", "UPDATE a table.", `update(users):values{name = "ed"}`, func(a *bind.Args) (any, error) {
			return &core.Update{Table: target(a, "table")}, nil
		}),
		f("delete(table)", "DELETE from a table.", "delete(users):where(users.c.id == 5)", func(a *bind.Args) (any, error) {
			return &core.Delete{Table: target(a, "table")}, nil
		}),
		compound("union", "UNION"), compound("union_all", "UNION ALL"),
		compound("intersect", "INTERSECT"), compound("intersect_all", "INTERSECT ALL"),
		compound("except_", "EXCEPT"), compound("except_all", "EXCEPT ALL"),
	)
	for _, name := range labelStyleNames {
		s.SetGlobal(name, name)
	}
	s.SetGlobal("LABEL_STYLE_DEFAULT", labelStyleNames[core.LabelDisambiguate])
	installSelect(s)
}
