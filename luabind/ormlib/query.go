package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/enginelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// query is SQLAlchemy's Query: a select with a session, built step by step.
// It is a value: every method gives a changed copy.
type query struct {
	s       *orm.Session
	sel     *core.Select
	params  map[string]any
	from    core.From // of select_entity_from and unions: what rows come from
	lastTo  *orm.Entity
}

// Clause is the query as a part of another statement.
func (q *query) Clause() core.Node { return q.sel }

func newQuery(s *orm.Session, a *bind.Args, entities []lua.LValue) *query {
	sel := core.NewSelect(corelib.Nodes(a.Call, entities)...)
	sel.LabelStyle = core.LabelTablename
	return &query{s: s, sel: sel}
}

// change is the query with another select.
func (q *query) change(sel *core.Select) *query {
	n := *q
	n.sel = sel
	return &n
}

// edit is the query with its select changed.
func (q *query) edit(f func(*core.Select)) *query { return q.change(q.sel.Change(f)) }

// via calls a method of select with the arguments of the call.
func via(name string) func(*query, *bind.Args) (any, error) {
	return func(q *query, a *bind.Args) (any, error) {
		m := corelib.SelectClass.Member(name)
		t := a.L.NewTable()
		for i, v := range a.Positional() {
			t.RawSetInt(i+1, v)
		}
		for i, v := range a.Rest() {
			t.RawSetInt(len(a.Positional())+i+1, v)
		}
		for k, v := range a.Named() {
			t.RawSetString(k, v)
		}
		for _, k := range a.Keywords() {
			t.RawSetString(k.Name, k.Value)
		}
		r, err := m.Method.CallOn(a.Call, a.FromGo(a.L, q.sel), t)
		if err != nil {
			return nil, err
		}
		if sel, ok := r.(*core.Select); ok {
			return q.change(sel), nil
		}
		return r, nil
	}
}

// run executes the query.
func (q *query) run(c *bind.Call) (*engine.Result, error) {
	p := engine.Params{}
	if len(q.params) > 0 {
		p = engine.Named(q.params)
	}
	return prepare(q.s, c).Execute(q.sel, orm.ExecuteArgs{Params: p, Legacy: true})
}

// single reports whether rows of the query are single objects or values that
// Query gives as themselves: one mapped class.
func (q *query) single() bool {
	if len(q.sel.Raw) != 1 {
		return false
	}
	if orm.EntityOf(q.sel.Raw[0]) != nil {
		return true
	}
	b := orm.BundleOf(q.sel.Raw[0])
	return b != nil && b.Single
}

// items runs the query and gives its objects or rows.
func (q *query) items(c *bind.Call) ([]any, error) {
	r, err := q.run(c)
	if err != nil {
		return nil, err
	}
	if q.single() {
		s, err := r.Scalars()
		if err != nil {
			return nil, err
		}
		return s.All()
	}
	rows, err := r.All()
	if err != nil {
		return nil, err
	}
	out := make([]any, len(rows))
	for i, row := range rows {
		out[i] = row
	}
	return out, nil
}

// first is the first object or row, nil without any.
func (q *query) first(c *bind.Call) (any, error) {
	n := q
	if core.FromObjects != nil && orm.FromStatementOf(q.sel) == nil {
		n = q.change(q.sel.Limit(corelib.RowCount(1)))
	}
	items, err := n.items(c)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	return items[0], nil
}

func (q *query) one(c *bind.Call, optional bool) (any, error) {
	items, err := q.items(c)
	switch {
	case err != nil:
		return nil, err
	case len(items) > 1 && optional:
		return nil, exc.New(exc.MultipleResultsFound, "Multiple rows were found when one or none was required")
	case len(items) > 1:
		return nil, exc.New(exc.MultipleResultsFound, "Multiple rows were found when exactly one was required")
	case len(items) == 0 && !optional:
		return nil, exc.New(exc.NoResultFound, "No row was found when one was required")
	case len(items) == 0:
		return nil, nil
	}
	return items[0], nil
}

// nested is the query inside another: a subquery's rows have plain names.
func (q *query) nested(tableLabels bool) (core.Query, error) {
	sel := q.sel.Change(func(s *core.Select) {
		s.LabelStyle = core.LabelDisambiguate
		if tableLabels {
			s.LabelStyle = core.LabelTablename
		}
	})
	return orm.PlainQuery(sel)
}

// count is SELECT count(*) FROM (the query).
func (q *query) count(c *bind.Call) (any, error) {
	inner, err := q.nested(true)
	if err != nil {
		return nil, err
	}
	n := core.NewSelect(core.NewFunc(nil, "count", nil, core.NewLiteralColumn("*"))).SelectFrom(core.NewSubquery(inner, ""))
	r, err := prepare(q.s, c).Execute(n.Change(func(s *core.Select) { s.Options = s.Options.With(core.Options{"autoflush_for_query": true}) }), orm.ExecuteArgs{Mapper: q.mapper()})
	if err != nil {
		return nil, err
	}
	return r.Scalar()
}

// mapper is that of the query's first class.
func (q *query) mapper() *orm.Mapper {
	for _, n := range q.sel.Raw {
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

// target is what filter_by speaks of: the last joined class, else the first.
func (q *query) target() *orm.Entity {
	for i := len(q.sel.Joins) - 1; i >= 0; i-- {
		j := q.sel.Joins[i]
		if e := orm.EntityOf(j.Target); e != nil {
			return e
		}
		if a := attribute(j.Target); a != nil && a.Relationship() != nil {
			if a.OfType != nil {
				return a.OfType
			}
			return a.Relationship().Target().Entity()
		}
		return nil
	}
	for _, f := range q.sel.FromObjects {
		if e := orm.EntityOf(f); e != nil {
			return e
		}
	}
	for _, n := range q.sel.Raw {
		if e := entityIn(n); e != nil {
			return e
		}
	}
	return nil
}

// filterBy makes criteria of names: attributes of a class.
func filterBy(a *bind.Args, e *orm.Entity) ([]core.Expr, error) {
	var out []core.Expr
	view := entityOrClass(e).lua(a.Call)
	for _, k := range a.Keywords() {
		if !e.Has(k.Name) {
			names := []string{}
			if c := classOf(e.Mapper); c != nil {
				names = c.attributeNames()
			}
			return nil, exc.New(exc.InvalidRequestError, "Entity namespace for \"%s\" has no property \"%s\"%s", core.Describe(e.From()), k.Name, bind.Suggest(k.Name, names))
		}
		r := a.Compare(a.L, script.Equal, a.L.GetField(view, k.Name), k.Value)
		out = append(out, corelib.Expr(a.Call, r, corelib.WhereRole))
	}
	return out, nil
}

// updateValues reads the values of query:update().
func updateValues(a *bind.Args, u *core.Update) {
	t, ok := a.Lua("values").(*lua.LTable)
	if !ok {
		bind.Fail(exc.ArgumentError, "update() takes a table of values")
	}
	u.Values = corelib.Assignments(a, u.Table, t)
}

func synchronize(a *bind.Args) core.Options {
	o := core.Options{}
	if a.Has("synchronize_session") {
		o["synchronize_session"] = a.Any("synchronize_session")
	}
	return o
}

// restated is the union of the query with others, as something to select from.
func restated(keyword string) func(*query, *bind.Args) (any, error) {
	return func(q *query, a *bind.Args) (any, error) {
		first, err := q.nested(true)
		if err != nil {
			return nil, err
		}
		parts := []core.Query{first}
		for _, v := range a.Rest() {
			o, ok := bind.Unwrap[*query](v)
			if !ok {
				return nil, exc.New(exc.ArgumentError, "%s() takes queries", a.Name())
			}
			n, err := o.nested(true)
			if err != nil {
				return nil, err
			}
			parts = append(parts, n)
		}
		return q.over(core.NewSubquery(core.Compound(keyword, parts...), ""))
	}
}

// over is the query's entities, taken from another FROM object.
func (q *query) over(f core.From) (any, error) {
	sel := core.NewSelect(q.sel.Raw...)
	sel.LabelStyle = core.LabelTablename
	sel.Notes = append(slices.Clone(q.sel.Notes), orm.SelectFrom(f))
	n := q.change(sel)
	n.from = f
	return n, nil
}

var queryClass = bind.Define[*query]("Query", "A query of classes and columns, 1.x's style.").
	Method("all()", "All its objects or rows.", "session:query(User):all()", func(q *query, a *bind.Args) (any, error) { return q.items(a.Call) }).
	Method("first()", "The first, or nil.", "session:query(User):first()", func(q *query, a *bind.Args) (any, error) { return q.first(a.Call) }).
	Method("one()", "The only one; an error if there are none or several.", "session:query(User):one()", func(q *query, a *bind.Args) (any, error) { return q.one(a.Call, false) }).
	Method("one_or_none()", "The only one, or nil; an error if there are several.", "session:query(User):one_or_none()", func(q *query, a *bind.Args) (any, error) { return q.one(a.Call, true) }).
	Method("scalar()", "The first value of the only row, or nil.", "session:query(func.count(User.id)):scalar()", func(q *query, a *bind.Args) (any, error) {
		v, err := q.one(a.Call, true)
		if err != nil || v == nil {
			return nil, err
		}
		if r, ok := v.(engine.Row); ok {
			return r.At(0), nil
		}
		return v, nil
	}).
	Method("count()", "How many rows.", "session:query(User):count()", func(q *query, a *bind.Args) (any, error) { return q.count(a.Call) }).
	Method("get(ident{!})", "The object of a primary key, or nil.", "session:query(User):get(5)", func(q *query, a *bind.Args) (any, error) {
		m := q.mapper()
		if m == nil {
			return nil, exc.New(exc.InvalidRequestError, "get() can only be used against a single mapped class.")
		}
		i, err := prepare(q.s, a.Call).Get(m.Entity(), identOf(a, a.Lua("ident")), orm.GetOptions{Options: q.sel.Notes})
		if i == nil {
			return nil, err
		}
		return i, err
	}).
	Method("filter(*criterion)", "WHERE, joined by AND.", "session:query(User):filter(User.id > 5)", via("where")).
	Method("where(*criterion)", "WHERE, joined by AND.", "session:query(User):where(User.id > 5)", via("where")).
	Method("filter_by(**kw)", "WHERE attributes equal values.", `session:query(User):filter_by{name = "ed"}`, func(q *query, a *bind.Args) (any, error) {
		e := q.target()
		if e == nil {
			return via("filter_by")(q, a)
		}
		crit, err := filterBy(a, e)
		if err != nil {
			return nil, err
		}
		return q.change(q.sel.Where(crit...)), nil
	}).
	Method("having(*having)", "HAVING.", "q:having(func.count() > 2)", via("having")).
	Method("order_by(*clauses)", "ORDER BY; nil takes it away.", "q:order_by(User.name)", func(q *query, a *bind.Args) (any, error) {
		if len(a.Rest()) == 1 && a.Rest()[0] == lua.LFalse {
			return q.edit(func(s *core.Select) { s.Ordering = nil }), nil
		}
		return via("order_by")(q, a)
	}).
	Method("group_by(*clauses)", "GROUP BY; nil takes it away.", "q:group_by(User.city)", via("group_by")).
	Method("distinct(*expr)", "SELECT DISTINCT.", "q:distinct()", via("distinct")).
	Method("limit(limit)", "At most so many rows.", "q:limit(10)", via("limit")).
	Method("offset(offset)", "Skip so many rows.", "q:offset(10)", via("offset")).
	Method("slice(start, stop)", "Rows from start to before stop, counted from 0.", "q:slice(2, 5)", func(q *query, a *bind.Args) (any, error) {
		return q.slice(a.OptInt("start"), a.OptInt("stop")), nil
	}).
	Method("join(target, *props, onclause=nil, isouter=false, full=false)", "JOIN.", "q:join(User.addresses)", joinQuery(false)).
	Method("outerjoin(target, *props, onclause=nil, full=false)", "LEFT OUTER JOIN.", "q:outerjoin(User.addresses)", joinQuery(true)).
	Method("select_from(*from_obj)", "Name FROM objects.", "q:select_from(User)", via("select_from")).
	Method("correlate(*fromclauses)", "What an enclosing query supplies.", "q:correlate(User)", via("correlate")).
	Method("with_hint(selectable, text, dialect_name=\"*\")", "A hint on a table.", "q:with_hint(User, \"…\")", via("with_hint")).
	Method("with_statement_hint(text, dialect_name=\"*\")", "A hint on the statement.", "q:with_statement_hint(\"…\")", via("with_statement_hint")).
	Method("prefix_with(*prefixes, dialect=\"*\")", "Text after SELECT.", "q:prefix_with(\"…\")", via("prefix_with")).
	Method("suffix_with(*suffixes, dialect=\"*\")", "Text at the end.", "q:suffix_with(\"…\")", via("suffix_with")).
	Method("with_for_update(nowait=false, read=false, of{}=nil, skip_locked=false, key_share=false)", "Lock the rows.", "q:with_for_update()", via("with_for_update")).
	Method("options(*options)", "Options of loading.", "q:options(joinedload(User.addresses))", via("options")).
	Method("execution_options(**kwargs)", "Options of the execution.", "q:execution_options{yield_per = 100}", via("execution_options")).
	Method("get_execution_options()", "Its execution options.", "q:get_execution_options()", via("get_execution_options")).
	Method("add_columns(*columns)", "Select further columns.", "q:add_columns(User.name)", via("add_columns")).
	Method("add_column(column)", "Select a further column.", "q:add_column(User.name)", via("column")).
	Method("add_entity(entity, alias=nil)", "Select a further class.", "q:add_entity(Address)", func(q *query, a *bind.Args) (any, error) {
		return q.change(q.sel.AddColumns(corelib.Node(a.Call, a.Lua("entity")))), nil
	}).
	Method("with_entities(*entities)", "Select these instead.", "q:with_entities(User.id)", func(q *query, a *bind.Args) (any, error) {
		return q.change(q.sel.WithOnlyColumns(corelib.Nodes(a.Call, a.Rest())...)), nil
	}).
	Method("from_statement(statement)", "Take the objects from another statement's rows.", `q:from_statement(text("SELECT * FROM users"))`, func(q *query, a *bind.Args) (any, error) {
		return q.change(orm.FromStatement(q.sel, corelib.Statement(a.Call, a.Lua("statement")))), nil
	}).
	Method("params(values{!}=nil, **kw)", "Values of its parameters.", "q:params{id = 5}", func(q *query, a *bind.Args) (any, error) {
		n := *q
		n.params = map[string]any{}
		for k, v := range q.params {
			n.params[k] = v
		}
		if o, ok := a.Any("values").(types.Object); ok {
			for k, v := range o.All() {
				n.params[k] = v
			}
		}
		for _, k := range a.Keywords() {
			n.params[k.Name] = a.ToGo(k.Value)
		}
		return &n, nil
	}).
	Method("populate_existing()", "Overwrite objects that are in memory.", "q:populate_existing()", func(q *query, a *bind.Args) (any, error) {
		return q.edit(func(s *core.Select) { s.Options = s.Options.With(core.Options{"populate_existing": true}) }), nil
	}).
	Method("autoflush(setting)", "Whether it flushes first.", "q:autoflush(false)", func(q *query, a *bind.Args) (any, error) {
		return q.edit(func(s *core.Select) { s.Options = s.Options.With(core.Options{"autoflush": a.Bool("setting")}) }), nil
	}).
	Method("enable_eagerloads(value)", "Whether related objects are loaded with it.", "q:enable_eagerloads(false)", func(q *query, a *bind.Args) (any, error) {
		return q.edit(func(s *core.Select) { s.Options = s.Options.With(core.Options{"enable_eagerloads": a.Bool("value")}) }), nil
	}).
	Method("enable_assertions(value)", "Whether misuse is an error.", "q:enable_assertions(false)", func(q *query, a *bind.Args) (any, error) { return q, nil }).
	Method("yield_per(count)", "Fetch so many rows at a time.", "q:yield_per(100)", func(q *query, a *bind.Args) (any, error) {
		return q.edit(func(s *core.Select) { s.Options = s.Options.With(core.Options{"yield_per": int64(a.Int("count"))}) }), nil
	}).
	Method("with_session(session)", "The same in another session.", "q:with_session(session)", func(q *query, a *bind.Args) (any, error) {
		n := *q
		n.s = bind.Get[*orm.Session](a, "session")
		return &n, nil
	}).
	Method("with_parent(instance, property=nil, from_entity=nil)", "Objects related to one.", "q:with_parent(user)", func(q *query, a *bind.Args) (any, error) {
		i := instanceOf(a, "instance")
		var attr core.Node
		switch p := a.Any("property").(type) {
		case nil:
			m := q.mapper()
			for _, r := range i.Mapper().Relationships() {
				if r.Target() == m {
					attr = bind.Must(i.Mapper().Entity().Expr(r.Key()))
				}
			}
			if attr == nil {
				return nil, exc.New(exc.InvalidRequestError, "Could not locate a property which relates instances of class '%s' to instances of class '%s'", i.Mapper().Name, m.Name)
			}
		case string:
			attr = bind.Must(i.Mapper().Entity().Expr(p))
		default:
			attr = attrNode(a, a.Lua("property"))
		}
		e, err := orm.WithParent(i, attr, nil)
		if err != nil {
			return nil, err
		}
		return q.change(q.sel.Where(e)), nil
	}).
	Method("reset_joinpoint()", "1.x: filter_by speaks of the first class again.", "q:reset_joinpoint()", func(q *query, a *bind.Args) (any, error) { return q, nil }).
	Method("exists()", "EXISTS of it.", "session:query(q:exists()):scalar()", func(q *query, a *bind.Args) (any, error) {
		sel := q.sel.WithOnlyColumns(core.NewLiteralColumn("1"))
		var froms []core.From
		if len(q.sel.FromObjects) == 0 {
			for _, n := range q.sel.Raw {
				if e := entityIn(n); e != nil && !slices.ContainsFunc(froms, func(f core.From) bool { return orm.EntityOf(f) == e }) {
					froms = append(froms, e.Node())
				}
			}
		}
		sel = sel.SelectFrom(froms...)
		inner, err := orm.PlainQuery(sel.Change(func(s *core.Select) { s.LabelStyle = core.LabelDisambiguate }))
		if err != nil {
			return nil, err
		}
		return &core.Exists{Query: inner}, nil
	}).
	Method("subquery(name=nil, with_labels=false, reduce_columns=false)", "It as something to select from.", "q:subquery()", func(q *query, a *bind.Args) (any, error) {
		inner, err := q.nested(a.Bool("with_labels"))
		if err != nil {
			return nil, err
		}
		return core.NewSubquery(inner, a.String("name")), nil
	}).
	Method("cte(name=nil, recursive=false, nesting=false)", "It in a WITH clause.", `q:cte("c")`, func(q *query, a *bind.Args) (any, error) {
		inner, err := q.nested(false)
		if err != nil {
			return nil, err
		}
		return core.NewCTE(inner, a.String("name"), a.Bool("recursive"), a.Bool("nesting")), nil
	}).
	Method("scalar_subquery()", "It in the place of one value.", "q:scalar_subquery()", func(q *query, a *bind.Args) (any, error) {
		inner, err := q.nested(false)
		if err != nil {
			return nil, err
		}
		return core.NewScalarSelect(inner), nil
	}).
	Alias("as_scalar", "scalar_subquery").
	Method("label(name)", "It in the place of one value, with a name.", `q:label("n")`, func(q *query, a *bind.Args) (any, error) {
		inner, err := q.nested(false)
		if err != nil {
			return nil, err
		}
		return core.NewLabel(core.NewScalarSelect(inner), a.String("name")), nil
	}).
	Method("union(*q)", "UNION with other queries.", "q1:union(q2)", restated("UNION")).
	Method("union_all(*q)", "UNION ALL with other queries.", "q1:union_all(q2)", restated("UNION ALL")).
	Method("intersect(*q)", "INTERSECT with other queries.", "q1:intersect(q2)", restated("INTERSECT")).
	Method("intersect_all(*q)", "INTERSECT ALL with other queries.", "q1:intersect_all(q2)", restated("INTERSECT ALL")).
	Method("except_(*q)", "EXCEPT other queries.", "q1:except_(q2)", restated("EXCEPT")).
	Method("except_all(*q)", "EXCEPT ALL other queries.", "q1:except_all(q2)", restated("EXCEPT ALL")).
	Method("update(values{!}, synchronize_session=\"auto\", update_args{}=nil)", "UPDATE the rows that it finds.", `q:filter(User.id > 5):update({name = "x"})`, func(q *query, a *bind.Args) (any, error) {
		m := q.mapper()
		if m == nil {
			return nil, exc.New(exc.InvalidRequestError, "update() needs a mapped class")
		}
		u := &core.Update{Table: m.Entity().Node(), Criteria: q.sel.Criteria}
		u.Notes = q.sel.Notes
		updateValues(a, u)
		r, err := prepare(q.s, a.Call).Execute(u, orm.ExecuteArgs{Params: engine.Named(q.params), Options: q.sel.Options.With(synchronize(a))})
		if err != nil {
			return nil, err
		}
		return r.Rowcount(), nil
	}).
	Method("delete(synchronize_session=\"auto\")", "DELETE the rows that it finds.", "q:filter(User.id > 5):delete()", func(q *query, a *bind.Args) (any, error) {
		m := q.mapper()
		if m == nil {
			return nil, exc.New(exc.InvalidRequestError, "delete() needs a mapped class")
		}
		d := &core.Delete{Table: m.Entity().Node(), Criteria: q.sel.Criteria}
		d.Notes = q.sel.Notes
		r, err := prepare(q.s, a.Call).Execute(d, orm.ExecuteArgs{Params: engine.Named(q.params), Options: q.sel.Options.With(synchronize(a))})
		if err != nil {
			return nil, err
		}
		return r.Rowcount(), nil
	}).
	Method("compile(bind=nil, dialect=nil, *, compile_kwargs{}=nil)", "Its SQL.", "q:compile()", via("compile")).
	Property("statement", "The select.", func(q *query) any {
		return q.sel.Change(func(s *core.Select) { s.LabelStyle = core.LabelDisambiguate })
	}).
	Property("selectable", "The select.", func(q *query) any { return q.sel }).
	Property("session", "Its session.", func(q *query) any { return q.s }).
	Property("whereclause", "Its criteria.", func(q *query) any {
		if len(q.sel.Criteria) == 0 {
			return nil
		}
		return core.And(q.sel.Criteria...)
	}).
	Property("column_descriptions", "What its columns are.", func(q *query) any { return descriptions(q.sel) }).
	With(func(class *bind.Class) {
		class.Loud = true
		class.Iterate = func(c *bind.Call, self any) (func() (any, bool, error), error) {
			items, err := self.(*query).items(c)
			if err != nil {
				return nil, err
			}
			return each(items), nil
		}
		class.Str = func(c *bind.Call, self any) (string, error) {
			return c.Str(c.L, c.FromGo(c.L, self.(*query).sel)), nil
		}
		class.Repr = class.Str
		class.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			n, ok := key.(lua.LNumber)
			if !ok || n < 1 {
				return nil, exc.New(exc.TypeError, "a query's rows have positions, counted from 1; use slice(start, stop) for several")
			}
			from, to := int(n)-1, int(n)
			items, err := self.(*query).slice(&from, &to).items(c)
			if err != nil || len(items) == 0 {
				return nil, err
			}
			return items[0], nil
		}
	})

// slice restricts the rows, within a restriction that is there.
func (q *query) slice(start, stop *int) *query {
	return q.edit(func(s *core.Select) {
		limit, offset := corelib.SliceOf(start, stop)
		s.LimitExpr, s.OffsetExpr, s.FetchClause = limit, offset, nil
	})
}

// joinQuery is Query.join: along relationships, or to a class with a condition.
func joinQuery(outer bool) func(*query, *bind.Args) (any, error) {
	return func(q *query, a *bind.Args) (any, error) {
		isOuter := outer || a.Accepts("isouter") && a.Bool("isouter")
		step := func(q *query, v lua.LValue, on core.Expr) *query {
			t, ok := corelib.Value(a.Call, v).(core.Node)
			if !ok {
				bind.Fail(exc.ArgumentError, "Join target, typically a FROM expression, or ORM relationship attribute expected, got %s.", a.Repr(a.L, v))
			}
			if sel, ok := t.(core.Query); ok {
				t = core.NewSubquery(bind.Must(orm.PlainQuery(sel)), "")
			}
			return q.change(q.sel.Join(core.JoinStep{Target: t, On: on, Outer: isOuter, Full: a.Bool("full")}))
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

var _ = enginelib.Params
