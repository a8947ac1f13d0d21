package ormlib

import (
	"strings"

	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/enginelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

func newQuery(s *orm.Session, a *bind.Args, entities []lua.LValue) *orm.Query {
	return orm.NewQuery(s, corelib.Nodes(a.Call, entities)...)
}

// edit is the query with its select changed.
func edit(q *orm.Query, f func(*core.Select)) *orm.Query {
	return q.Change(func(s *core.Select) *core.Select { return s.Change(f) })
}

// addCriteria adds to WHERE.
func addCriteria(list []core.Expr) func(*core.Select) {
	return func(s *core.Select) { s.Criteria = append(slices.Clip(s.Criteria), list...) }
}

// via calls a method of select with the arguments of the call.
func via(name string) func(*orm.Query, *bind.Args) (any, error) {
	return func(q *orm.Query, a *bind.Args) (any, error) {
		m := corelib.SelectClass.Member(name)
		t := a.L.NewTable()
		at := 0
		for _, list := range [][]lua.LValue{a.Positional(), a.Rest()} {
			for _, v := range list {
				at++
				t.RawSetInt(at, v)
			}
		}
		for k, v := range a.Named() {
			t.RawSetString(k, v)
		}
		for _, k := range a.Keywords() {
			t.RawSetString(k.Name, k.Value)
		}
		r, err := m.Method.CallOn(a.Call, a.FromGo(a.L, q.Select()), t)
		if err != nil {
			return nil, err
		}
		if sel, ok := r.(*core.Select); ok {
			return q.Change(func(*core.Select) *core.Select { return sel }), nil
		}
		return r, nil
	}
}

// checked is a method that a query refuses where its condition does not hold.
func checked(name string, c orm.QueryCondition, f func(*orm.Query, *bind.Args) (any, error)) func(*orm.Query, *bind.Args) (any, error) {
	return func(q *orm.Query, a *bind.Args) (any, error) {
		if err := q.Check(name, c); err != nil {
			return nil, err
		}
		return f(q, a)
	}
}

// restricts is the condition of methods that restrict rows: before limit().
const restricts = orm.NoStatement | orm.NoLimit

// ready prepares the query's session for the call.
func ready(q *orm.Query, c *bind.Call) *orm.Query {
	if s := q.Session(); s != nil {
		prepare(s, c)
	}
	return q
}

// optional is v, or nil if there is none.
func optional(v any, ok bool, err error) (any, error) {
	if !ok || err != nil {
		return nil, err
	}
	return v, nil
}

// mapperOf is the mapper of the query's first class.
func mapperOf(q *orm.Query) *orm.Mapper {
	for _, n := range q.Select().Raw {
		if e := entityIn(n); e != nil {
			return e.Mapper
		}
	}
	return nil
}

// entityIn is the class that an element of a query is of.
func entityIn(n core.Node) *orm.Entity {
	if e := orm.EntityOf(n); e != nil {
		return e
	}
	if a := attribute(n); a != nil {
		return a.Entity
	}
	return nil
}

// filterBy makes criteria of names: attributes of a class.
func filterBy(a *bind.Args, e *orm.Entity) []core.Expr {
	var out []core.Expr
	view := entityOrClass(e).lua(a.Call)
	for _, k := range a.Keywords() {
		if !e.Has(k.Name) {
			names := []string{}
			if c := classOf(e.Mapper); c != nil {
				names = c.attributeNames()
			}
			failure := exc.New(exc.InvalidRequestError, "Entity namespace for \"%s\" has no property \"%s\"", core.Describe(e.From()), k.Name)
			if s := bind.Suggest(k.Name, names); s != "" { // beside SQLAlchemy's message, not in it
				failure.Detail = map[string]string{"hint": strings.TrimPrefix(s, "; ")}
			}
			check(failure)
		}
		r := bind.Must(a.Compare(a.L, script.Equal, a.L.GetField(view, k.Name), k.Value), nil)
		out = append(out, corelib.Expr(a.Call, r, corelib.WhereRole))
	}
	return out
}

// filterByOf is filter_by() of core's statements.
func filterByOf(a *bind.Args, s core.Statement) ([]core.Expr, bool) {
	var e *orm.Entity
	switch s := s.(type) {
	case *core.Select:
		e, _ = orm.FilterEntity(s)
	case *core.Update:
		e = orm.EntityOf(s.Table)
	case *core.Delete:
		e = orm.EntityOf(s.Table)
	}
	if e == nil {
		return nil, false
	}
	return filterBy(a, e), true
}

func synchronize(a *bind.Args) core.Options {
	o := core.Options{}
	if a.Has("synchronize_session") {
		o["synchronize_session"] = a.Any("synchronize_session")
	}
	return o
}

// compound is union() and its kin.
func compound(keyword string) func(*orm.Query, *bind.Args) (any, error) {
	return func(q *orm.Query, a *bind.Args) (any, error) {
		var others []*orm.Query
		for _, v := range a.Rest() {
			o, ok := bind.Unwrap[*orm.Query](v)
			if !ok {
				return nil, exc.New(exc.ArgumentError, "%s() takes queries", a.Name())
			}
			others = append(others, o)
		}
		return q.Compound(keyword, others...)
	}
}

// inner is the query as a select inside another statement.
func inner(q *orm.Query, a *bind.Args) (core.Query, error) {
	s, err := q.Statement()
	if err != nil {
		return nil, err
	}
	if a.Accepts("with_labels") && a.Bool("with_labels") {
		s = q.Select()
	}
	n, ok := s.(core.Query)
	if !ok {
		return nil, exc.New(exc.InvalidRequestError, "this query is of a statement that cannot be nested")
	}
	return orm.PlainQuery(n)
}

var queryClass = bind.Define[*orm.Query]("Query", "A query of classes and columns, 1.x's style.").
	Constructor("Query(entities{!}, session=nil)", "A query of a class, or of a list of classes and columns.", "Query(User, session)", func(a *bind.Args) (any, error) {
		entities := []lua.LValue{a.Lua("entities")}
		if t, ok := entities[0].(*lua.LTable); ok {
			entities = a.ListOf(t)
		}
		s := bind.Get[*orm.Session](a, "session")
		if s != nil {
			prepare(s, a.Call)
		}
		return newQuery(s, a, entities), nil
	}).
	Method("all()", "All its objects or rows.", "session:query(User):all()", func(q *orm.Query, a *bind.Args) (any, error) { return ready(q, a.Call).List() }).
	Alias("fetch", "all").
	Method("first()", "The first, or nil.", "session:query(User):first()", func(q *orm.Query, a *bind.Args) (any, error) { return optional(ready(q, a.Call).First()) }).
	Method("one()", "The only one; an error if there are none or several.", "session:query(User):one()", func(q *orm.Query, a *bind.Args) (any, error) { return ready(q, a.Call).One() }).
	Method("one_or_none()", "The only one, or nil; an error if there are several.", "session:query(User):one_or_none()", func(q *orm.Query, a *bind.Args) (any, error) { return optional(ready(q, a.Call).OneOrNone()) }).
	Method("scalar()", "The first value of the only row, or nil.", "session:query(func.count(User.id)):scalar()", func(q *orm.Query, a *bind.Args) (any, error) {
		return ready(q, a.Call).Scalar()
	}).
	Method("count()", "How many rows.", "session:query(User):count()", func(q *orm.Query, a *bind.Args) (any, error) { return ready(q, a.Call).Count() }).
	Method("get(ident{!})", "The object of a primary key, or nil.", "session:query(User):get(5)", func(q *orm.Query, a *bind.Args) (any, error) {
		i, err := ready(q, a.Call).Get(identOf(a, a.Lua("ident")))
		if i == nil {
			return nil, err
		}
		return i, err
	}).
	Method("filter(*criterion)", "WHERE, joined by AND.", "session:query(User):filter(User.id > 5)", checked("filter", restricts, via("where"))).
	Method("where(*criterion)", "WHERE, joined by AND.", "session:query(User):where(User.id > 5)", checked("filter", restricts, via("where"))).
	Method("filter_by(**kw)", "WHERE attributes equal values.", `session:query(User):filter_by{name = "ed"}`, checked("filter", restricts, via("filter_by"))).
	Method("having(*having)", "Keeps the groups for which all of these hold (HAVING).", "q:having(func.count() > 2)", checked("having", restricts, via("having"))).
	Method("order_by(*clauses)", "ORDER BY; nil takes it away.", "q:order_by(User.name)", checked("order_by", restricts, func(q *orm.Query, a *bind.Args) (any, error) {
		if len(a.Rest()) == 1 && a.Rest()[0] == lua.LFalse {
			return edit(q, func(s *core.Select) { s.Ordering = nil }), nil
		}
		return via("order_by")(q, a)
	})).
	Method("group_by(*clauses)", "GROUP BY; nil takes it away.", "q:group_by(User.city)", checked("group_by", restricts, via("group_by"))).
	Method("distinct(*expr)", "SELECT DISTINCT.", "q:distinct()", checked("distinct", orm.NoStatement, via("distinct"))).
	Method("limit(limit)", "At most so many rows.", "q:limit(10)", checked("limit", orm.NoStatement, via("limit"))).
	Method("offset(offset)", "Skip so many rows.", "q:offset(10)", checked("offset", orm.NoStatement, via("offset"))).
	Method("slice(start, stop)", "Rows from start to before stop, counted from 0.", "q:slice(2, 5)", checked("slice", orm.NoStatement, via("slice"))).
	Method("join(target, *props, onclause=nil, isouter=false, full=false)", "Joins a class, a table or along a relationship (JOIN).", "q:join(User.addresses)", checked("join", restricts, joinQuery(false))).
	Method("outerjoin(target, *props, onclause=nil, full=false)", "LEFT OUTER JOIN.", "q:outerjoin(User.addresses)", checked("join", restricts, joinQuery(true))).
	Method("select_from(*from_obj)", "Name FROM objects.", "q:select_from(User)", checked("select_from", orm.NoCriterion, via("select_from"))).
	Method("correlate(*fromclauses)", "What an enclosing query supplies.", "q:correlate(User)", via("correlate")).
	Method("with_hint(selectable, text, dialect_name=\"*\")", "A hint on a table.", `q:with_hint(User, "USE INDEX (ix_name)", "mysql")`, via("with_hint")).
	Method("with_statement_hint(text, dialect_name=\"*\")", "A hint on the statement.", `q:with_statement_hint("/* hint */")`, via("with_statement_hint")).
	Method("prefix_with(*prefixes, dialect=\"*\")", "Text after SELECT.", `q:prefix_with("DISTINCT")`, via("prefix_with")).
	Method("suffix_with(*suffixes, dialect=\"*\")", "Text at the end.", `q:suffix_with("/* tail */")`, via("suffix_with")).
	Method("with_for_update(nowait=false, read=false, of{}=nil, skip_locked=false, key_share=false)", "Lock the rows.", "q:with_for_update()", via("with_for_update")).
	Method("options(*options)", "Options of loading.", "q:options(joinedload(User.addresses))", via("options")).
	Method("execution_options(**kwargs)", "Options of the execution.", "q:execution_options{yield_per = 100}", func(q *orm.Query, a *bind.Args) (any, error) {
		return q.ExecutionOptions(enginelib.Options(a.Call, keywordTable(a))), nil
	}).
	Method("get_execution_options()", "Its execution options.", "q:get_execution_options()", func(q *orm.Query, a *bind.Args) (any, error) { return map[string]any(q.Options()), nil }).
	Method("add_columns(*columns)", "Select further columns.", "q:add_columns(User.name)", via("add_columns")).
	Method("add_column(column)", "Select a further column.", "q:add_column(User.name)", via("column")).
	Method("add_entity(entity, alias=nil)", "Select a further class.", "q:add_entity(Address)", func(q *orm.Query, a *bind.Args) (any, error) {
		n := corelib.Node(a.Call, a.Lua("entity"))
		return q.Change(func(s *core.Select) *core.Select { return s.AddColumns(n) }), nil
	}).
	Method("values(*columns)", "The rows of these columns.", "q:values(User.name)", func(q *orm.Query, a *bind.Args) (any, error) {
		if len(a.Rest()) == 0 {
			return []any{}, nil
		}
		n := corelib.Nodes(a.Call, a.Rest())
		return ready(edit(q, func(s *core.Select) { s.Raw = n }), a.Call).List()
	}).
	Method("with_entities(*entities)", "Select these instead.", "q:with_entities(User.id)", func(q *orm.Query, a *bind.Args) (any, error) {
		n := corelib.Nodes(a.Call, a.Rest())
		return edit(q, func(s *core.Select) { s.Raw = n }), nil
	}).
	Method("from_statement(statement)", "Take the objects from another statement's rows.", `q:from_statement(text("SELECT * FROM users"))`, checked("from_statement", orm.NoCriterion, func(q *orm.Query, a *bind.Args) (any, error) {
		return q.FromStatement(corelib.Statement(a.Call, a.Lua("statement"))), nil
	})).
	Method("params(values{!}=nil, **kw)", "Values of its parameters.", "q:params{id = 5}", func(q *orm.Query, a *bind.Args) (any, error) {
		p := map[string]any{}
		if o, ok := a.Any("values").(types.Object); ok {
			for k, v := range o.All() {
				p[k] = v
			}
		}
		for _, k := range a.Keywords() {
			p[k.Name] = a.ToGo(k.Value)
		}
		return q.Params(p), nil
	}).
	Method("populate_existing()", "Overwrite objects that are in memory.", "q:populate_existing()", func(q *orm.Query, a *bind.Args) (any, error) {
		return q.ExecutionOptions(core.Options{"populate_existing": true}), nil
	}).
	Method("autoflush(setting)", "Whether it flushes first.", "q:autoflush(false)", func(q *orm.Query, a *bind.Args) (any, error) {
		return q.Autoflush(a.Bool("setting")), nil
	}).
	Method("enable_eagerloads(value)", "Whether related objects are loaded with it.", "q:enable_eagerloads(false)", func(q *orm.Query, a *bind.Args) (any, error) {
		return q.EnableEagerloads(a.Bool("value")), nil
	}).
	Method("enable_assertions(value)", "Whether misuse is an error.", "q:enable_assertions(false)", func(q *orm.Query, a *bind.Args) (any, error) {
		return q.EnableAssertions(a.Bool("value")), nil
	}).
	Method("set_label_style(style)", "How its columns are named.", "q:set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)", func(q *orm.Query, a *bind.Args) (any, error) {
		v, err := via("set_label_style")(q, a)
		if err != nil {
			return nil, err
		}
		return v.(*orm.Query).Styled(), nil
	}).
	Method("yield_per(count)", "Fetch so many rows at a time.", "q:yield_per(100)", func(q *orm.Query, a *bind.Args) (any, error) {
		return q.ExecutionOptions(core.Options{"yield_per": int64(a.Int("count"))}), nil
	}).
	Method("with_session(session)", "The same in another session.", "q:with_session(session)", func(q *orm.Query, a *bind.Args) (any, error) {
		return q.WithSession(bind.Get[*orm.Session](a, "session")), nil
	}).
	Method("with_parent(instance, property=nil, from_entity=nil)", "Objects related to one.", "q:with_parent(user)", func(q *orm.Query, a *bind.Args) (any, error) {
		i := instanceOf(a, "instance")
		var attr core.Node
		switch a.Any("property").(type) {
		case nil:
			m := mapperOf(q)
			for _, r := range i.Mapper().Relationships() {
				if r.Target() == m {
					attr = bind.Must(i.Mapper().Entity().Expr(r.Key()))
				}
			}
			if attr == nil {
				return nil, exc.New(exc.InvalidRequestError, "Could not locate a property which relates instances of class '%s' to instances of class '%s'", i.Mapper().Name, m.Name)
			}
		case string:
			return nil, exc.New(exc.ArgumentError, "with_parent() accepts class-bound mapped attributes, not strings")
		default:
			attr = attrNode(a, a.Lua("property"))
		}
		e, err := orm.WithParent(i, attr, nil)
		if err != nil {
			return nil, err
		}
		return edit(q, addCriteria([]core.Expr{e})), nil
	}).
	Method("reset_joinpoint()", "1.x: filter_by speaks of the first class again.", "q:reset_joinpoint()", func(q *orm.Query, a *bind.Args) (any, error) { return q, nil }).
	Method("exists()", "EXISTS of it.", "session:query(q:exists()):scalar()", func(q *orm.Query, a *bind.Args) (any, error) { return q.Exists() }).
	Method("subquery(name=nil, with_labels=false, reduce_columns=false)", "It as something to select from.", "q:subquery()", func(q *orm.Query, a *bind.Args) (any, error) {
		s, err := inner(q, a)
		if err != nil {
			return nil, err
		}
		return core.NewSubquery(s, a.String("name")), nil
	}).
	Method("cte(name=nil, recursive=false, nesting=false)", "It in a WITH clause.", `q:cte("c")`, func(q *orm.Query, a *bind.Args) (any, error) {
		s, err := inner(q, a)
		if err != nil {
			return nil, err
		}
		return core.NewCTE(s, a.String("name"), a.Bool("recursive"), a.Bool("nesting")), nil
	}).
	Method("scalar_subquery()", "It in the place of one value.", "q:scalar_subquery()", func(q *orm.Query, a *bind.Args) (any, error) {
		s, err := inner(q, a)
		if err != nil {
			return nil, err
		}
		return core.NewScalarSelect(s), nil
	}).
	Alias("as_scalar", "scalar_subquery").
	Method("label(name)", "It in the place of one value, with a name.", `q:label("n")`, func(q *orm.Query, a *bind.Args) (any, error) {
		s, err := inner(q, a)
		if err != nil {
			return nil, err
		}
		return core.NewLabel(core.NewScalarSelect(s), a.String("name")), nil
	}).
	Method("union(*q)", "UNION with other queries.", "q1:union(q2)", compound("UNION")).
	Method("union_all(*q)", "UNION ALL with other queries.", "q1:union_all(q2)", compound("UNION ALL")).
	Method("intersect(*q)", "INTERSECT with other queries.", "q1:intersect(q2)", compound("INTERSECT")).
	Method("intersect_all(*q)", "INTERSECT ALL with other queries.", "q1:intersect_all(q2)", compound("INTERSECT ALL")).
	Method("except_(*q)", "EXCEPT other queries.", "q1:except_(q2)", compound("EXCEPT")).
	Method("except_all(*q)", "EXCEPT ALL other queries.", "q1:except_all(q2)", compound("EXCEPT ALL")).
	Method("update(values{!}, synchronize_session=\"auto\", update_args{}=nil)", "UPDATE the rows that it finds.", `q:filter(User.id > 5):update({name = "x"})`, func(q *orm.Query, a *bind.Args) (any, error) {
		m := mapperOf(q)
		t, ok := a.Lua("values").(*lua.LTable)
		if m == nil || !ok {
			return nil, exc.New(exc.ArgumentError, "update() takes a table of values, on a query of a mapped class")
		}
		o := synchronize(a)
		if values, named := t.RawGetString("values").(*lua.LTable); named && !(m.Property("values") != nil) { // update{values = {…}, …}
			if s := t.RawGetString("synchronize_session"); s != lua.LNil {
				o["synchronize_session"] = a.ToGo(s)
			}
			t = values
		}
		return ready(q, a.Call).Update(corelib.Assignments(a, m.Entity().Node(), t), o)
	}).
	Method("delete(synchronize_session=\"auto\")", "DELETE the rows that it finds.", "q:filter(User.id > 5):delete()", func(q *orm.Query, a *bind.Args) (any, error) {
		return ready(q, a.Call).Delete(synchronize(a))
	}).
	Method("compile(bind=nil, dialect=nil, *, compile_kwargs{}=nil)", "Its SQL.", "q:compile()", func(q *orm.Query, a *bind.Args) (any, error) {
		return via("compile")(q.Change(func(*core.Select) *core.Select { return q.Labelled() }), a)
	}).
	Computed("statement", "The select.", func(_ *bind.Call, q *orm.Query) (any, error) { return q.Statement() }).
	Property("selectable", "The select.", func(q *orm.Query) any { return q.Labelled() }).
	Property("session", "Its session.", func(q *orm.Query) any { return q.Session() }).
	Property("whereclause", "Its criteria.", func(q *orm.Query) any {
		if len(q.Select().Criteria) == 0 {
			return nil
		}
		return core.And(q.Select().Criteria...)
	}).
	Property("column_descriptions", "What its columns are.", func(q *orm.Query) any { return descriptions(q.Select()) }).
	With(func(class *bind.Class) {
		class.Loud = true
		class.Iterate = func(c *bind.Call, self any) (func() (any, bool, error), error) {
			return ready(self.(*orm.Query), c).Each()
		}
		class.Str = func(c *bind.Call, self any) (string, error) {
			return queryText(c, self.(*orm.Query))
		}
		class.Repr = class.Str
		class.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			n, ok := key.(lua.LNumber)
			if !ok || n < 1 {
				return nil, exc.New(exc.TypeError, "a query's rows have positions, counted from 1; use slice(start, stop) for several")
			}
			q := edit(self.(*orm.Query), func(s *core.Select) {
				s.LimitExpr, s.OffsetExpr, s.FetchClause = corelib.RowCount(1), nil, nil
				if n > 1 {
					s.OffsetExpr = corelib.RowCount(int64(n) - 1)
				}
			})
			items, err := ready(q, c).List()
			if err != nil || len(items) == 0 {
				return nil, err
			}
			return items[0], nil
		}
	})

// queryText is the query as SQL, of the database of its session.
func queryText(c *bind.Call, q *orm.Query) (string, error) {
	sel := q.Labelled()
	if s := q.Session(); s != nil {
		var m *orm.Mapper
		if m = mapperOf(q); m != nil {
			check(m.Registry.Configure())
		}
		if b, err := s.GetBind(m, nil); err == nil {
			shown, err := orm.Written(sel)
			if err != nil {
				return "", err
			}
			return corelib.Text(shown, b)
		}
	}
	return c.Str(c.L, c.FromGo(c.L, sel)), nil
}

// keywordTable is the keywords of a call as a table.
func keywordTable(a *bind.Args) lua.LValue {
	t := a.L.NewTable()
	for _, k := range a.Keywords() {
		t.RawSetString(k.Name, k.Value)
	}
	return t
}

// joinQuery is Query.join: along relationships, or to a class with a condition.
func joinQuery(outer bool) func(*orm.Query, *bind.Args) (any, error) {
	return func(q *orm.Query, a *bind.Args) (any, error) {
		isOuter := outer || a.Accepts("isouter") && a.Bool("isouter")
		step := func(q *orm.Query, v lua.LValue, on core.Expr) *orm.Query {
			t, ok := corelib.Value(a.Call, v).(core.Node)
			if !ok {
				bind.Fail(exc.ArgumentError, "Join target, typically a FROM expression, or ORM relationship attribute expected, got %s.", a.Repr(a.L, v))
			}
			if sel, ok := t.(core.Query); ok {
				t = core.NewSubquery(bind.Must(orm.PlainQuery(sel)), "")
			}
			return q.Change(func(s *core.Select) *core.Select {
				return s.Join(core.JoinStep{Target: t, On: on, Outer: isOuter, Full: a.Bool("full")})
			})
		}
		rest := a.Rest()
		if a.Has("onclause") {
			return step(q, a.Lua("target"), corelib.Expr(a.Call, a.Lua("onclause"), corelib.OnRole)), nil
		}
		if len(rest) == 1 {
			if x, ok := corelib.Value(a.Call, rest[0]).(core.Expr); ok {
				first, _ := corelib.Value(a.Call, a.Lua("target")).(core.Node)
				if relationshipOf(first) == nil || relationshipOf(x) == nil {
					return step(q, a.Lua("target"), x), nil
				}
			}
			if rest[0] == lua.LNil {
				rest = nil
			}
		}
		q = step(q, a.Lua("target"), nil)
		for _, v := range rest {
			q = step(q, v, nil)
		}
		return q, nil
	}
}

// descriptions is column_descriptions.
func descriptions(s *core.Select) any {
	var out []any
	for _, n := range s.Raw {
		var o types.Object
		switch {
		case orm.EntityOf(n) != nil:
			e := orm.EntityOf(n)
			k := classOf(e.Mapper)
			o.Set("name", e.Name())
			o.Set("type", k)
			o.Set("aliased", e.IsAlias())
			o.Set("expr", k)
			o.Set("entity", k)
			if e.IsAlias() {
				o.Set("expr", e)
				o.Set("entity", e)
			}
		default:
			if x, ok := n.(core.Expr); ok {
				var name any
				if a := attribute(x); a != nil {
					name = a.Key
					o.Set("entity", classOf(a.Entity.Mapper))
				} else if l, ok := core.Plain(x).(*core.Label); ok {
					name = string(l.Name)
				}
				o.Set("name", name)
				o.Set("type", x.ExprType())
				o.Set("aliased", false)
				o.Set("expr", x)
			}
		}
		out = append(out, o)
	}
	return out
}

func init() {
	bind.Def[*core.Select]{Class: corelib.SelectClass}.
		Method("from_statement(statement)", "Take the objects from another statement's rows.", `select(User):from_statement(text("SELECT * FROM users"))`, func(s *core.Select, a *bind.Args) (any, error) {
			return orm.FromStatement(s, corelib.Statement(a.Call, a.Lua("statement"))), nil
		})
	corelib.Above.Describe = descriptions
	corelib.Above.Entity = func(f core.From) any {
		e := orm.EntityOf(f)
		if e == nil {
			return nil
		}
		k := classOf(e.Mapper)
		return types.NewObject("name", e.Mapper.Name, "type", k, "expr", k, "entity", k, "table", e.Mapper.Table())
	}
}
