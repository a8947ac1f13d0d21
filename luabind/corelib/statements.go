package corelib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
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

// ofStatements refuses options that are of connections.
func ofStatements(o core.Options) error {
	if _, given := o["isolation_level"]; given {
		return exc.New(exc.ArgumentError, "'isolation_level' execution option may only be specified on Connection.execution_options(), or per-engine using the isolation_level argument to create_engine().")
	}
	if _, given := o["compiled_cache"]; given {
		return exc.New(exc.ArgumentError, "'compiled_cache' execution option may only be specified on Connection.execution_options(), not per statement.")
	}
	return nil
}

func optionsOf(a *bind.Args) core.Options {
	o := core.Options{}
	for _, k := range a.Keywords() {
		o[k.Name] = ExecutionOption(a.Call, k.Name, k.Value)
	}
	return o
}

func withOptions(s core.Statement, o core.Options) core.Statement {
	switch s := s.(type) {
	case *core.Select:
		return s.Change(func(s *core.Select) { s.Options = s.Options.With(o) })
	case *core.CompoundSelect:
		return s.Change(func(s *core.CompoundSelect) { s.Options = s.Options.With(o) })
	case *core.TextualSelect:
		n := *s
		n.Options = n.Options.With(o)
		return &n
	case *core.Text:
		n := *s
		n.Options = n.Options.With(o)
		return &n
	case *core.Func:
		n := *s
		n.Options = n.Options.With(o)
		return &n
	case *core.Insert:
		return s.Change(func(s *core.Insert) { s.Options = s.Options.With(o) })
	case *core.Update:
		return s.Change(func(s *core.Update) { s.Options = s.Options.With(o) })
	case *core.Delete:
		return s.Change(func(s *core.Delete) { s.Options = s.Options.With(o) })
	}
	return s
}

func withNotes(s core.Statement, notes []core.Keyed) core.Statement {
	switch s := s.(type) {
	case *core.Select:
		return s.Change(func(s *core.Select) { s.Notes = append(slices.Clip(s.Notes), notes...) })
	case *core.CompoundSelect:
		return s.Change(func(s *core.CompoundSelect) { s.Notes = append(slices.Clip(s.Notes), notes...) })
	case *core.TextualSelect:
		n := *s
		n.Notes = append(slices.Clip(s.Notes), notes...)
		return &n
	case *core.Insert:
		return s.Change(func(s *core.Insert) { s.Notes = append(slices.Clip(s.Notes), notes...) })
	case *core.Update:
		return s.Change(func(s *core.Update) { s.Notes = append(slices.Clip(s.Notes), notes...) })
	case *core.Delete:
		return s.Change(func(s *core.Delete) { s.Notes = append(slices.Clip(s.Notes), notes...) })
	}
	return s
}

// queryClass is what all queries answer to.
func is[T any](v any) bool {
	_, ok := v.(T)
	return ok
}

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

// ordering reads the clauses of ORDER BY; reset says that there was but nil.
func ordering(a *bind.Args, role Role) (by []core.Expr, reset bool) {
	vs := a.Rest()
	if len(vs) == 1 && a.IsNull(vs[0]) {
		return nil, true
	}
	return Orderings(a.Call, vs, role), false
}

func addOrdering(old, by []core.Expr, reset bool) []core.Expr {
	if reset {
		return nil
	}
	return append(slices.Clip(old), by...)
}

// rowCount reads LIMIT and OFFSET; nil takes it away.
func rowCount(a *bind.Args, name string) core.Expr {
	v := Operand(a.Call, a.Lua(name))
	switch v := v.(type) {
	case nil:
		return nil
	case core.Expr:
		return v
	case core.Query:
		return scalarSelect(v)
	case int64:
		return RowCount(v)
	}
	refuse(a.Call, LimitRole, v)
	return nil
}

// RowCount is a number of rows as LIMIT and OFFSET have it.
func RowCount(n int64) core.Expr {
	return &core.Bind{Key: "param", Unique: true, Value: n, Type: integer}
}

// Slice reads slice(start, stop) into LIMIT and OFFSET.
func Slice(a *bind.Args, start, stop string) (limit, offset core.Expr) {
	from, to := a.OptInt(start), a.OptInt(stop)
	switch {
	case from != nil && to != nil:
		limit = RowCount(int64(max(*to-*from, 0)))
		if *from != 0 {
			offset = RowCount(int64(*from))
		}
	case from == nil && to != nil:
		limit = RowCount(int64(*to))
	case from != nil:
		offset = RowCount(int64(*from))
	}
	return limit, offset
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

func compoundWith(keyword string) func(core.Query, *bind.Args) (any, error) {
	return func(q core.Query, a *bind.Args) (any, error) {
		return core.Compound(keyword, append([]core.Query{q}, queries(a, a.Rest())...)...), nil
	}
}

var compoundClass = bind.Define[*core.CompoundSelect]("CompoundSelect", "UNION and the like of several queries.", queryClass.Class).
	Property("selects", "The queries.", func(s *core.CompoundSelect) any { return s.Selects })

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

// NoProperty is the error of a name that filter_by() does not find. Its message
// is SQLAlchemy's; the nearest name is a hint beside it.
func NoProperty(of, name string, known []string) error {
	e := exc.New(exc.InvalidRequestError, "Entity namespace for \"%s\" has no property \"%s\"", of, name)
	if s := bind.Suggest(name, known); s != "" {
		e.Detail = map[string]string{"hint": strings.TrimPrefix(s, "; ")}
	}
	return e
}

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
		var out []core.From
		for _, n := range s.Raw {
			if f, ok := n.(core.From); ok {
				out = append(out, f)
				continue
			}
			out = append(out, core.FromObjects(n)...)
		}
		return core.NormalizeFroms(out)
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
			var keep []core.From
			for _, raw := range s.Raw {
				if f, ok := raw.(core.From); ok {
					keep = append(keep, f)
					continue
				}
				keep = append(keep, core.FromObjects(raw)...)
			}
			n = n.SelectFrom(core.NormalizeFroms(keep)...)
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

// assignments reads the values of INSERT and UPDATE from a table of names or
// columns.
func assignments(a *bind.Args, table core.From, t *lua.LTable) []core.Assignment {
	var out []core.Assignment
	n := script.Len(t)
	if n > 0 { // by position
		cols := table.Columns().All()
		if n > len(cols) {
			bind.Fail(exc.ArgumentError, "values(): %d values for %d columns", n, len(cols))
		}
		for i := 1; i <= n; i++ {
			out = append(out, core.Assign(cols[i-1], cols[i-1].Key, assigned(a, t.RawGetInt(i))))
		}
	}
	for k, v := range script.Fields(t) {
		out = append(out, assigns(a, table, k, v)...)
	}
	return out
}

// assigns is what one name or attribute with its value sets.
func assigns(a *bind.Args, table core.From, k, v lua.LValue) []core.Assignment {
	if Above.Assign != nil {
		if pairs, ok := Above.Assign(a.Call, table, k, v); ok {
			var out []core.Assignment
			for _, p := range pairs {
				out = append(out, assignment(a, p[0], p[1]))
			}
			return out
		}
	}
	return []core.Assignment{assignment(a, k, v)}
}

func assignment(a *bind.Args, k, v lua.LValue) core.Assignment {
	if name, ok := k.(lua.LString); ok {
		return core.Assign(nil, string(name), assigned(a, v))
	}
	e := Expr(a.Call, k, ElementRole)
	key := ""
	if c, ok := core.Plain(e).(*core.Column); ok {
		key = c.Key
	}
	return core.Assign(e, key, assigned(a, v))
}

// assigned is a value of INSERT or UPDATE: an expression, or one to bind.
func assigned(a *bind.Args, v lua.LValue) any {
	switch x := Value(a.Call, v).(type) {
	case core.Query:
		return scalarSelect(x)
	case *core.Alias:
		if s, ok := aliasAsValue(x); ok {
			return s
		}
		return x
	default:
		return x
	}
}

// valuesArgs reads values(…): one table of values, several for several rows,
// or a list of such tables.
func valuesArgs(a *bind.Args, table core.From) (one []core.Assignment, rows [][]core.Assignment, empty bool) {
	tables := a.Rest()
	if len(tables) == 1 {
		if t, ok := bind.IsList(tables[0]); ok {
			if script.Len(t) == 0 {
				return nil, nil, true
			}
			if isRowList(t) {
				tables = a.ListOf(t)
				for _, r := range tables {
					rows = append(rows, row(a, table, r))
				}
				return nil, rows, false
			}
		}
	}
	if len(tables) > 1 {
		bind.Fail(exc.ArgumentError, "Only a single dictionary/tuple or list of dictionaries/tuples is accepted positionally.")
	}
	if len(tables) == 1 && len(a.Keywords()) > 0 {
		bind.Fail(exc.ArgumentError, "Can't pass positional and kwargs to values() simultaneously")
	}
	for _, v := range tables {
		one = core.MergeAssignments(one, row(a, table, v))
	}
	for _, k := range a.Keywords() {
		one = core.MergeAssignments(one, assigns(a, table, lua.LString(k.Name), k.Value))
	}
	return one, nil, len(one) == 0
}

// isRowList reports whether a list is one of rows: tables all.
func isRowList(t *lua.LTable) bool {
	for i := 1; i <= script.Len(t); i++ {
		switch t.RawGetInt(i).(type) {
		case *lua.LTable:
		default:
			return false
		}
	}
	return true
}

func row(a *bind.Args, table core.From, v lua.LValue) []core.Assignment {
	t, ok := v.(*lua.LTable)
	if !ok {
		if m, isMapping := mappingOf(a, v); isMapping {
			return m
		}
		bind.Fail(exc.ArgumentError, "values() takes tables of values, got %s", a.KindOf(v))
	}
	return assignments(a, table, t)
}

// mappingOf reads a row or mapping as values by name.
func mappingOf(a *bind.Args, v lua.LValue) ([]core.Assignment, bool) {
	o, ok := a.ToGo(v).(interface{ Object() types.Object })
	if !ok {
		return nil, false
	}
	var out []core.Assignment
	for name, value := range o.Object().All() {
		out = append(out, core.Assign(nil, name, value))
	}
	return out, true
}

// returning reads returning(…).
func returning(a *bind.Args, d *core.DMLOptions) {
	if d.ReturnDefaults {
		bind.Fail(exc.InvalidRequestError, "return_defaults() is already configured on this statement")
	}
	d.ReturningList = append(slices.Clip(d.ReturningList), Nodes(a.Call, a.Rest())...)
	if a.Accepts("sort_by_parameter_order") {
		d.SortByParameterOrder = a.Bool("sort_by_parameter_order")
	}
}

// sortsInsert refuses sort_by_parameter_order for what is no INSERT.
func sortsInsert(s any, a *bind.Args) {
	if _, insert := s.(*core.Insert); !insert && a.Bool("sort_by_parameter_order") {
		bind.Fail(exc.ArgumentError, "The 'sort_by_parameter_order' argument to %s() only applies to INSERT statements", a.Name())
	}
}

func tableOf(s any) core.From {
	switch s := s.(type) {
	case *core.Insert:
		return s.Table
	case *core.Update:
		return s.Table
	case *core.Delete:
		return s.Table
	}
	return nil
}

// dmlOptions adds to a class what the three statements share.
func dmlOptions[T core.Statement](d bind.Def[T], change func(T, func(*core.DMLOptions)) T) {
	d.Method("returning(*cols, sort_by_parameter_order=false)", "RETURNING columns of the rows.", "stmt:returning(users.c.id)", func(s T, a *bind.Args) (any, error) {
		sortsInsert(s, a)
		return change(s, func(o *core.DMLOptions) { returning(a, o) }), nil
	}).
		Method("return_defaults(*cols, supplemental_cols=nil, sort_by_parameter_order=false)", "Fetch what the database generated.", "stmt:return_defaults()", func(s T, a *bind.Args) (any, error) {
			sortsInsert(s, a)
			return change(s, func(o *core.DMLOptions) {
				o.ReturnDefaults = true
				o.DefaultColumns = append(slices.Clip(o.DefaultColumns), Exprs(a.Call, a.Rest(), ElementRole)...)
				o.SortByParameterOrder = a.Bool("sort_by_parameter_order")
			}), nil
		}).
		Method("prefix_with(*prefixes, dialect=\"*\")", "Text after the keyword.", `stmt:prefix_with("IGNORE", {dialect = "mysql"})`, func(s T, a *bind.Args) (any, error) {
			p := prefixesOf(a)
			return change(s, func(o *core.DMLOptions) { o.Prefixes = append(slices.Clip(o.Prefixes), p...) }), nil
		}).
		Method("with_hint(text, selectable=nil, dialect_name=\"*\")", "A hint on the table.", `stmt:with_hint("WITH (ROWLOCK)", {dialect_name = "mssql"})`, func(s T, a *bind.Args) (any, error) {
			h := core.Hint{On: tableOf(s), Text: a.String("text"), Dialect: a.String("dialect_name")}
			if a.Has("selectable") {
				h.On = From(a.Call, a.Lua("selectable"), FromRole)
			}
			return change(s, func(o *core.DMLOptions) { o.Hints = append(slices.Clip(o.Hints), h) }), nil
		}).
		Method("add_cte(*ctes, nest_here=false)", "Write WITH clauses although nothing refers to them.", "stmt:add_cte(c)", func(s T, a *bind.Args) (any, error) {
			cs := ctesOf(a)
			return change(s, func(o *core.DMLOptions) { o.CTEs = append(slices.Clip(o.CTEs), cs...) }), nil
		}).
		Method("cte(name=nil, recursive=false, nesting=false)", "The statement with RETURNING in a WITH clause.", `stmt:returning(t.c.id):cte("new")`, func(s T, a *bind.Args) (any, error) {
			return makeCTE(a, s), nil
		}).
		Method("inline()", "Compute defaults in the statement, fetch nothing.", "stmt:inline()", func(s T, a *bind.Args) (any, error) {
			return change(s, func(o *core.DMLOptions) { o.Inline = true }), nil
		}).
		Property("entity_description", "What is written to: its name, class and table.", func(s T) any {
			t := tableOf(s)
			if Above.Entity != nil {
				if d := Above.Entity(t); d != nil {
					return d
				}
			}
			name, _ := core.FromName(t)
			return types.NewObject("name", string(name), "table", t)
		}).
		Property("returning_column_descriptions", "What RETURNING gives.", func(s T) any {
			var out []any
			if r, ok := any(s).(core.Returner); ok {
				for _, e := range r.Returned() {
					out = append(out, types.NewObject("name", nameOf(e), "type", e.ExprType(), "expr", e))
				}
			}
			return out
		})
}

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

// pairsOf reads {column, value} pairs, or one list of them.
func pairsOf(a *bind.Args, vs []lua.LValue) []core.Assignment {
	if len(vs) == 1 {
		if t, ok := bind.IsList(vs[0]); ok && isRowList(t) {
			vs = a.ListOf(t)
		}
	}
	var out []core.Assignment
	for _, v := range vs {
		items := a.ListOf(v)
		if len(items) != 2 {
			bind.Fail(exc.ArgumentError, "%s() takes pairs: {column, value}", a.Name())
		}
		out = append(out, assignment(a, items[0], items[1]))
	}
	return out
}

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

// target reads the table of INSERT, UPDATE and DELETE.
func target(a *bind.Args, name string) core.From {
	x := Value(a.Call, a.Lua(name))
	if f, ok := x.(core.From); ok {
		return f
	}
	refuse(a.Call, DMLTableRole, x)
	return nil
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

// Assignments reads a table of values of a statement that writes.
func Assignments(a *bind.Args, table core.From, t *lua.LTable) []core.Assignment {
	return assignments(a, table, t)
}
