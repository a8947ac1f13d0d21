package corelib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

var queryClass = bind.Define[core.Query]("SelectBase", "A query: SELECT, UNION, or text() with columns.", Executable.Class).
	Property("selected_columns", "The columns of its rows.", func(q core.Query) any { return selected(Plain(q)) }).
	Property("exported_columns", "The columns of its rows.", func(q core.Query) any { return selected(Plain(q)) }).
	Property("inner_columns", "The columns of its rows.", func(q core.Query) any { return q.Selected() }).
	Property("c", "The columns of a subquery of it; call subquery() yourself.", func(q core.Query) any { return columnsOf(subquery(q, "")) }).
	Method("subquery(name=nil)", "The query as something to select from.", `query:subquery("s")`, func(q core.Query, a *bind.Args) (any, error) {
		return named(a, "name", subquery(q, a.String("name"))), nil
	}).
	Method("alias(name=nil, flat=false)", "The query as something to select from.", `query:alias("s")`, func(q core.Query, a *bind.Args) (any, error) {
		return named(a, "name", subquery(q, a.String("name"))), nil
	}).
	Method("scalar_subquery()", "The query in the place of one value.", "query:scalar_subquery()", func(q core.Query, a *bind.Args) (any, error) {
		return scalarSelect(q), nil
	}).
	Alias("as_scalar", "scalar_subquery").
	Method("label(name=nil)", "The query in the place of one value, with a name.", `query:label("n")`, func(q core.Query, a *bind.Args) (any, error) {
		return core.NewLabel(scalarSelect(q), a.String("name")), nil
	}).
	Method("exists()", "EXISTS of it.", "query:exists()", func(q core.Query, a *bind.Args) (any, error) { return core.NewExists(Plain(q)), nil }).
	Method("cte(name=nil, recursive=false, nesting=false)", "The query in a WITH clause.", `query:cte("c")`, func(q core.Query, a *bind.Args) (any, error) {
		return makeCTE(a, q), nil
	}).
	Method("lateral(name=nil)", "The query as a FROM object that may refer to those before it.", `query:lateral("top")`, func(q core.Query, a *bind.Args) (any, error) {
		return named(a, "name", lateral(a, q)), nil
	}).
	Method("union(*other)", "UNION with others.", "q1:union(q2)", compoundWith("UNION")).
	Method("union_all(*other)", "UNION ALL with others.", "q1:union_all(q2)", compoundWith("UNION ALL")).
	Method("intersect(*other)", "INTERSECT with others.", "q1:intersect(q2)", compoundWith("INTERSECT")).
	Method("intersect_all(*other)", "INTERSECT ALL with others.", "q1:intersect_all(q2)", compoundWith("INTERSECT ALL")).
	Method("except_(*other)", "EXCEPT others.", "q1:except_(q2)", compoundWith("EXCEPT")).
	Method("except_all(*other)", "EXCEPT ALL others.", "q1:except_all(q2)", compoundWith("EXCEPT ALL")).
	Method("order_by(*clauses)", "ORDER BY; nil takes it away.", "query:order_by(users.c.name:desc())", func(q core.Query, a *bind.Args) (any, error) {
		by, reset := ordering(a, OrderRole)
		return changeQuery(q, func(s *core.Select) { s.Ordering = addOrdering(s.Ordering, by, reset) },
			func(s *core.CompoundSelect) { s.Ordering = addOrdering(s.Ordering, by, reset) })
	}).
	Method("group_by(*clauses)", "GROUP BY; nil takes it away.", "query:group_by(users.c.city)", func(q core.Query, a *bind.Args) (any, error) {
		by, reset := ordering(a, GroupRole)
		return changeQuery(q, func(s *core.Select) { s.Grouping = addOrdering(s.Grouping, by, reset) },
			func(s *core.CompoundSelect) { s.Grouping = addOrdering(s.Grouping, by, reset) })
	}).
	Method("limit(limit)", "At most so many rows; nil takes it away.", "query:limit(10)", func(q core.Query, a *bind.Args) (any, error) {
		n := rowCount(a, "limit")
		return changeQuery(q, func(s *core.Select) { s.LimitExpr, s.FetchClause = n, nil }, func(s *core.CompoundSelect) { s.LimitExpr, s.FetchClause = n, nil })
	}).
	Method("offset(offset)", "Skip so many rows; nil takes it away.", "query:offset(10)", func(q core.Query, a *bind.Args) (any, error) {
		n := rowCount(a, "offset")
		return changeQuery(q, func(s *core.Select) { s.OffsetExpr = n }, func(s *core.CompoundSelect) { s.OffsetExpr = n })
	}).
	Method("slice(start, stop)", "Rows from start to before stop, counted from 0.", "query:slice(5, 8)", func(q core.Query, a *bind.Args) (any, error) {
		limit, offset := Slice(a, "start", "stop")
		set := func(l, o *core.Expr) {
			*l, *o = limit, offset
		}
		return changeQuery(q, func(s *core.Select) { set(&s.LimitExpr, &s.OffsetExpr); s.FetchClause = nil },
			func(s *core.CompoundSelect) { set(&s.LimitExpr, &s.OffsetExpr); s.FetchClause = nil })
	}).
	Method("fetch(count, with_ties=false, percent=false)", "FETCH FIRST so many rows.", "query:fetch(5, {with_ties = true})", func(q core.Query, a *bind.Args) (any, error) {
		n := rowCount(a, "count")
		f := &core.Fetch{Count: n, WithTies: a.Bool("with_ties"), Percent: a.Bool("percent")}
		if n == nil {
			f = nil
		}
		return changeQuery(q, func(s *core.Select) { s.FetchClause, s.LimitExpr = f, nil }, func(s *core.CompoundSelect) { s.FetchClause, s.LimitExpr = f, nil })
	}).
	Method("with_for_update(nowait=false, read=false, of{}=nil, skip_locked=false, key_share=false)", "Lock the rows: FOR UPDATE.", "query:with_for_update{nowait = true}", func(q core.Query, a *bind.Args) (any, error) {
		l := &core.ForUpdate{NoWait: a.Bool("nowait"), Read: a.Bool("read"), SkipLocked: a.Bool("skip_locked"), KeyShare: a.Bool("key_share")}
		if a.Has("of") {
			if _, list := bind.IsList(a.Lua("of")); list {
				l.Of = Nodes(a.Call, a.List("of"))
			} else {
				l.Of = Nodes(a.Call, []lua.LValue{a.Lua("of")})
			}
		}
		return changeQuery(q, func(s *core.Select) { s.Lock = l }, func(s *core.CompoundSelect) { s.Lock = l })
	}).
	Method("add_cte(*ctes, nest_here=false)", "Write WITH clauses although nothing refers to them.", "query:add_cte(c)", func(q core.Query, a *bind.Args) (any, error) {
		cs := ctesOf(a)
		if t, ok := q.(*core.TextualSelect); ok {
			n := *t
			n.CTEs = append(slices.Clip(n.CTEs), cs...)
			return &n, nil
		}
		return changeQuery(q, func(s *core.Select) { s.CTEs = append(slices.Clip(s.CTEs), cs...) }, func(s *core.CompoundSelect) { s.CTEs = append(slices.Clip(s.CTEs), cs...) })
	}).
	Method("set_label_style(style)", "How its columns are named.", "query:set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)", func(q core.Query, a *bind.Args) (any, error) {
		style := labelStyle(a.String("style"))
		return changeQuery(q, func(s *core.Select) { s.LabelStyle = style }, func(s *core.CompoundSelect) { s.LabelStyle = style })
	}).
	Method("get_label_style()", "How its columns are named.", "query:get_label_style()", func(q core.Query, a *bind.Args) (any, error) {
		style := core.LabelDisambiguate
		switch s := q.(type) {
		case *core.Select:
			style = s.LabelStyle
		case *core.CompoundSelect:
			style = s.LabelStyle
		}
		return labelStyleNames[style], nil
	}).
	Method("apply_labels()", "Name its columns table_column.", "query:apply_labels()", func(q core.Query, a *bind.Args) (any, error) {
		return changeQuery(q, func(s *core.Select) { s.LabelStyle = core.LabelTablename }, func(s *core.CompoundSelect) { s.LabelStyle = core.LabelTablename })
	}).
	Alias("with_labels", "apply_labels")

var labelStyleNames = map[core.LabelStyle]string{
	core.LabelDisambiguate: "LABEL_STYLE_DISAMBIGUATE_ONLY",
	core.LabelNone:         "LABEL_STYLE_NONE",
	core.LabelTablename:    "LABEL_STYLE_TABLENAME_PLUS_COL",
}

func labelStyle(name string) core.LabelStyle {
	for style, n := range labelStyleNames {
		if n == name {
			return style
		}
	}
	bind.Fail(exc.ArgumentError, "unknown label style: %s", types.Quote(name))
	return 0
}

func changeQuery(q core.Query, onSelect func(*core.Select), onCompound func(*core.CompoundSelect)) (any, error) {
	switch q := q.(type) {
	case *core.Select:
		return q.Change(onSelect), nil
	case *core.CompoundSelect:
		return q.Change(onCompound), nil
	}
	return nil, exc.New(exc.InvalidRequestError, "text() with columns takes no further clauses: select from its subquery()")
}

func ctesOf(a *bind.Args) []core.AddedCTE {
	var out []core.AddedCTE
	for _, v := range a.Rest() {
		c, ok := Value(a.Call, v).(*core.CTE)
		if !ok {
			bind.Fail(exc.ArgumentError, "add_cte() takes CTEs, got %s", Describe(a.Call, a.ToGo(v)))
		}
		out = append(out, core.AddedCTE{CTE: c, NestHere: a.Bool("nest_here")})
	}
	return out
}

var textualClass = bind.Define[*core.TextualSelect]("TextualSelect", "text() whose columns are known.", queryClass.Class).
	Method("bindparams(*binds, **values)", "Values and types for its parameters.", `t:bindparams{id = 5}`, func(s *core.TextualSelect, a *bind.Args) (any, error) {
		n := *s
		m := textClass.Class.Member("bindparams")
		changed, err := m.Method.Invoke(a, s.Text)
		if err != nil {
			return nil, err
		}
		n.Text = changed.(*core.Text)
		return &n, nil
	})
