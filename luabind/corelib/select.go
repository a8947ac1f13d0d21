package corelib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

var selectClass = bind.Define[*core.Select]("Select", "A SELECT.", queryClass.Class).
	Property("froms", "Its FROM list.", func(s *core.Select) any { return s.Froms() }).
	Method("get_final_froms()", "Its FROM list.", "query:get_final_froms()", func(s *core.Select, a *bind.Args) (any, error) { return s.Froms(), nil }).
	Property("whereclause", "Its criteria.", func(s *core.Select) any {
		if len(s.Criteria) == 0 {
			return nil
		}
		return core.And(s.Criteria...)
	}).
	Property("columns_clause_froms", "The FROM objects of its columns.", func(s *core.Select) any {
		return columnsClauseFroms(s)
	}).
	Property("column_descriptions", "What its columns are.", func(s *core.Select) any {
		if Above.Describe != nil && Plain(s) != s {
			return Above.Describe(s)
		}
		var out []any
		for _, n := range core.NameColumns(s.Selected(), s.LabelStyle, false) {
			out = append(out, types.NewObject("name", n.Key, "type", n.X.ExprType(), "expr", core.Plain(n.X)))
		}
		return out
	}).
	Method("where(*whereclause)", "WHERE, joined by AND.", "select(users):where(users.c.id == 5)", func(s *core.Select, a *bind.Args) (any, error) {
		return s.Where(Exprs(a.Call, a.Rest(), WhereRole)...), nil
	}).
	Method("filter(*criteria)", "WHERE, joined by AND.", "select(users):filter(users.c.id == 5)", func(s *core.Select, a *bind.Args) (any, error) {
		return s.Where(Exprs(a.Call, a.Rest(), WhereRole)...), nil
	}).
	Method("filter_by(**kw)", "WHERE columns equal values.", `select(users):filter_by{name = "ed"}`, func(s *core.Select, a *bind.Args) (any, error) {
		return s.Where(filterBy(a, s, func() core.From { return filterTarget(s) })...), nil
	}).
	Method("having(*having)", "HAVING, joined by AND.", "query:having(func.count() > 2)", func(s *core.Select, a *bind.Args) (any, error) {
		return s.Having(Exprs(a.Call, a.Rest(), WhereRole)...), nil
	}).
	Method("select_from(*froms)", "Name FROM objects.", "select(func.count()):select_from(users)", func(s *core.Select, a *bind.Args) (any, error) {
		return s.SelectFrom(froms(a)...), nil
	}).
	Method("join(target, onclause=nil, *, isouter=false, full=false)", "JOIN; without ON, by the foreign keys.", "select(users):join(addresses)", selectJoin(false)).
	Method("outerjoin(target, onclause=nil, *, full=false)", "LEFT OUTER JOIN.", "select(users):outerjoin(addresses)", selectJoin(true)).
	Method("join_from(from_, target, onclause=nil, *, isouter=false, full=false)", "JOIN with its left side named.", "select(func.count()):join_from(users, addresses)", selectJoin(false)).
	Method("outerjoin_from(from_, target, onclause=nil, *, full=false)", "LEFT OUTER JOIN with its left side named.", "select(func.count()):outerjoin_from(users, addresses)", selectJoin(true)).
	Method("distinct(*expr)", "SELECT DISTINCT; with arguments PostgreSQL's DISTINCT ON.", "select(users.c.city):distinct()", func(s *core.Select, a *bind.Args) (any, error) {
		return s.Distinct(Orderings(a.Call, a.Rest(), OrderRole)...), nil
	}).
	Method("correlate(*froms)", "What an enclosing query supplies; nil: nothing.", "query:correlate(users)", func(s *core.Select, a *bind.Args) (any, error) {
		return correlate(a, s), nil
	}).
	Method("correlate_except(*froms)", "All but these are supplied by an enclosing query.", "query:correlate_except(users)", func(s *core.Select, a *bind.Args) (any, error) {
		if correlatesNothing(a) {
			return s.CorrelateExceptOf(), nil
		}
		return s.CorrelateExceptOf(froms(a)...), nil
	}).
	Method("add_columns(*columns)", "Select further columns.", "query:add_columns(users.c.name)", func(s *core.Select, a *bind.Args) (any, error) {
		return s.AddColumns(Nodes(a.Call, a.Rest())...), nil
	}).
	Method("column(column)", "Select a further column.", "query:column(users.c.name)", func(s *core.Select, a *bind.Args) (any, error) {
		return s.AddColumns(Node(a.Call, a.Lua("column"))), nil
	}).
	Method("with_only_columns(*columns, maintain_column_froms=false)", "Select these columns instead.", "query:with_only_columns(func.count())", func(s *core.Select, a *bind.Args) (any, error) {
		n := s
		if a.Bool("maintain_column_froms") {
			n = n.SelectFrom(columnsClauseFroms(s)...)
		}
		return n.WithOnlyColumns(Nodes(a.Call, a.Rest())...), nil
	}).
	Method("reduce_columns(only_synonyms=true)", "Without columns that equal others by the criteria or foreign keys.", "query:reduce_columns()", func(s *core.Select, a *bind.Args) (any, error) {
		return reduceColumns(s, a.Bool("only_synonyms")), nil
	}).
	Method("prefix_with(*prefixes, dialect=\"*\")", "Text after SELECT.", `query:prefix_with("SQL_NO_CACHE", {dialect = "mysql"})`, func(s *core.Select, a *bind.Args) (any, error) {
		p := prefixesOf(a)
		return s.Change(func(s *core.Select) { s.Prefixes = append(slices.Clip(s.Prefixes), p...) }), nil
	}).
	Method("suffix_with(*suffixes, dialect=\"*\")", "Text at the end.", `query:suffix_with("/* tail */")`, func(s *core.Select, a *bind.Args) (any, error) {
		p := prefixesOf(a)
		return s.Change(func(s *core.Select) { s.Suffixes = append(slices.Clip(s.Suffixes), p...) }), nil
	}).
	Method("with_hint(selectable, text, dialect_name=\"*\")", "A hint on a table.", `query:with_hint(users, "USE INDEX (ix)", "mysql")`, func(s *core.Select, a *bind.Args) (any, error) {
		h := core.Hint{On: From(a.Call, a.Lua("selectable"), FromRole), Text: a.String("text"), Dialect: a.String("dialect_name")}
		return s.Change(func(s *core.Select) { s.Hints = append(slices.Clip(s.Hints), h) }), nil
	}).
	Method("with_statement_hint(text, dialect_name=\"*\")", "A hint on the statement.", `query:with_statement_hint("OPTION FAST")`, func(s *core.Select, a *bind.Args) (any, error) {
		h := core.Hint{Text: a.String("text"), Dialect: a.String("dialect_name")}
		return s.Change(func(s *core.Select) { s.Hints = append(slices.Clip(s.Hints), h) }), nil
	})

func selectJoin(outer bool) func(*core.Select, *bind.Args) (any, error) {
	return func(s *core.Select, a *bind.Args) (any, error) {
		j := core.JoinStep{Outer: outer, Full: a.Bool("full")}
		if !outer {
			j.Outer = a.Bool("isouter")
		}
		if a.Accepts("from_") {
			j.Left = From(a.Call, a.Lua("from_"), FromRole)
		}
		target := Value(a.Call, a.Lua("target"))
		switch t := target.(type) {
		case core.From:
			j.Target = t
		case core.Query:
			j.Target = subquery(t, "")
		case *core.Func:
			j.Target = tableValuedOf(t)
		case core.Node:
			j.Target = t // what a layer above joins along
		default:
			refuse(a.Call, JoinRole, target)
		}
		if a.Has("onclause") {
			j.On = Expr(a.Call, a.Lua("onclause"), OnRole)
		}
		return s.Join(j), nil
	}
}

// selectFunc is select(…): columns, or one list of them; select(n, …) with a
// number or "#" first is Lua's own.
var selectFunc = bind.Func("select(*columns)", "SELECT columns, or all of a table.", "select(users.c.id, users.c.name):where(users.c.id > 5)", func(a *bind.Args) (any, error) {
	return core.NewSelect(Nodes(a.Call, a.Rest())...), nil
})

func installSelect(s *bind.State) {
	L := s.Main
	ofLua := L.GetGlobal("select").(*lua.LFunction)
	L.SetGlobal("select", s.Describe(L.NewFunction(func(L *lua.LState) int {
		_, number := L.Get(1).(lua.LNumber)
		if !number && L.Get(1) != lua.LString("#") {
			return s.Invoke(L, selectFunc)
		}
		top := L.GetTop()
		L.Push(ofLua)
		for i := 1; i <= top; i++ {
			L.Push(L.Get(i))
		}
		L.Call(top, lua.MultRet)
		return L.GetTop() - top
	}), selectFunc))
}

// SelectClass is the class of selects, for those that wrap one.
var SelectClass = selectClass.Class

// columnsClauseFroms is the FROM objects of the columns as they were given.
func columnsClauseFroms(s *core.Select) []core.From {
	var froms []core.From
	for _, n := range s.Raw {
		if f, ok := n.(core.From); ok {
			froms = append(froms, f)
			continue
		}
		froms = append(froms, core.FromObjects(n)...)
	}
	return core.NormalizeFroms(froms)
}
