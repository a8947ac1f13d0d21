package orm

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// Query is the older way to select objects: a select that knows its session,
// names columns after their tables, and gives every object once.
type Query struct {
	session *Session
	sel     *core.Select
	params  map[string]any
	options core.Options
	noEager bool
	lenient bool      // enable_assertions(false)
	styled  bool      // the label style was asked for
	from    core.Node // from_statement
	own     any       // the binding layer's
}

// QueryCondition is what must hold for a method of Query to be called.
type QueryCondition uint8

// The conditions.
const (
	NoStatement QueryCondition = 1 << iota // no from_statement()
	NoLimit                                // neither limit() nor offset()
	NoCriterion                            // nothing that restricts, joins or orders
)

// Check refuses a method whose condition does not hold, as InvalidRequestError.
func (q *Query) Check(method string, c QueryCondition) error {
	s := q.sel
	switch {
	case q.lenient:
	case c&NoStatement != 0 && q.from != nil:
		return exc.New(exc.InvalidRequestError, "Query.%s() being called on a Query with an existing full statement - can't apply criterion.", method)
	case c&NoLimit != 0 && (s.LimitExpr != nil || s.OffsetExpr != nil):
		return exc.New(exc.InvalidRequestError, "Query.%s() being called on a Query which already has LIMIT or OFFSET applied.  Call %s() before limit() or offset() are applied.", method, method)
	case c&NoCriterion != 0 && (q.from != nil || len(s.Criteria) > 0 || len(s.FromObjects) > 0 || len(s.Joins) > 0 || s.LimitExpr != nil || s.OffsetExpr != nil ||
		len(s.Grouping) > 0 || len(s.Ordering) > 0 || s.IsDistinct):
		return exc.New(exc.InvalidRequestError, "Query.%s() being called on a Query with existing criterion. ", method)
	}
	return nil
}

// EnableAssertions turns Check on or off.
func (q *Query) EnableAssertions(on bool) *Query { n := *q; n.lenient = !on; return &n }

// NewQuery is session.query(…).
func NewQuery(s *Session, entities ...core.Node) *Query {
	return &Query{session: s, sel: &core.Select{Raw: entities, LabelStyle: core.LabelTablename}}
}

// Own is the slot for what a binding layer adds: a class of its own. What is made
// of the query has it too.
func (q *Query) Own() *any { return &q.own }

// Session is the query's session; nil if none.
func (q *Query) Session() *Session { return q.session }

// WithSession is the query in another session.
func (q *Query) WithSession(s *Session) *Query { n := *q; n.session = s; return &n }

// Select is the query as a select, in the query's own label style.
func (q *Query) Select() *core.Select { return q.sel }

// Change is the query with its select changed.
func (q *Query) Change(f func(s *core.Select) *core.Select) *Query {
	n := *q
	n.sel = f(q.sel)
	return &n
}

// Params gives values to parameters of the query.
func (q *Query) Params(p map[string]any) *Query {
	n := *q
	n.params = map[string]any{}
	for k, v := range q.params {
		n.params[k] = v
	}
	for k, v := range p {
		n.params[k] = v
	}
	return &n
}

// ExecutionOptions lays options over the query's.
func (q *Query) ExecutionOptions(o core.Options) *Query {
	n := *q
	n.options = q.options.With(o)
	return &n
}

// Options are the query's execution options.
func (q *Query) Options() core.Options { return q.options }

// Autoflush turns autoflush off for the query.
func (q *Query) Autoflush(on bool) *Query {
	return q.ExecutionOptions(core.Options{"autoflush": on})
}

// FromStatement takes the rows from another statement.
func (q *Query) FromStatement(s core.Node) *Query { n := *q; n.from = s; return &n }

// EnableEagerloads turns joined loading on or off.
func (q *Query) EnableEagerloads(on bool) *Query { n := *q; n.noEager = !on; return &n }

// Statement is the query as a select of today's style: its columns bear plain names.
func (q *Query) Statement() (s core.Statement, err error) {
	defer catch(&err)
	if q.from != nil {
		if st, ok := q.from.(core.Statement); ok {
			return st, nil
		}
	}
	return q.bound(q.unlabelled()), nil
}

// unlabelled is the query's select in the style of select(), unless a style was
// asked for.
func (q *Query) unlabelled() *core.Select {
	if q.styled {
		return q.sel
	}
	return q.sel.Change(func(n *core.Select) { n.LabelStyle = core.LabelDisambiguate })
}

// Styled is the query with its label style as one that was asked for: it holds
// where the query is nested, too.
func (q *Query) Styled() *Query {
	n := *q
	n.styled = true
	return &n
}

// bound puts the query's parameters into the statement.
func (q *Query) bound(s *core.Select) *core.Select {
	if len(q.params) == 0 {
		return s
	}
	return core.Replace(s, func(n core.Node) core.Node {
		switch n := n.(type) {
		case *core.Bind:
			if v, ok := q.params[n.Key]; ok && !n.Unique {
				b := *n
				b.Value, b.Required = v, false
				return &b
			}
		}
		return nil
	})
}

// Labelled is the query as it is executed.
func (q *Query) Labelled() *core.Select {
	s := q.sel
	if q.from != nil {
		s = FromStatement(s, q.from)
	}
	return s
}

func (q *Query) execute() *engine.Result {
	if q.session == nil {
		fail(exc.UnboundExecutionError, "This Query has no Session")
	}
	q = q.told("before_compile")
	a := ExecuteArgs{Legacy: true, Options: q.options}
	if len(q.params) > 0 {
		a.Params = engine.Named(q.params)
	}
	s := q.Labelled()
	if q.noEager {
		s = s.Change(func(n *core.Select) {
			n.Notes = append(slices.Clip(n.Notes), (&Load{}).StrategyAll("select", false))
		})
	}
	return q.session.execute(s, a)
}

// IsSingleEntity reports whether the rows are objects of one class, or one
// bundle that stands for its row.
func (q *Query) IsSingleEntity() bool {
	if len(q.sel.Raw) != 1 {
		return false
	}
	if b := BundleOf(q.sel.Raw[0]); b != nil {
		return b.Single
	}
	return EntityOf(q.sel.Raw[0]) != nil
}

func (q *Query) hasEntities() bool {
	return slices.ContainsFunc(q.sel.Raw, func(n core.Node) bool { return EntityOf(n) != nil })
}

// Execute runs the query: rows, each object once.
func (q *Query) Execute() (r *engine.Result, err error) {
	defer catch(&err)
	r = q.execute()
	if q.hasEntities() && intOption(q.options.With(q.sel.Options), "yield_per") == 0 {
		r = r.Unique(nil)
	}
	return r, nil
}

// List runs the query and gives its items: objects, or rows.
func (q *Query) List() (out []any, err error) {
	defer catch(&err)
	r := must(q.Execute())
	rows := must(r.All())
	out = make([]any, len(rows))
	for n, row := range rows {
		out[n] = q.item(row)
	}
	return out, nil
}

func (q *Query) item(row engine.Row) any {
	if q.IsSingleEntity() {
		return row.At(0)
	}
	return row
}

// Each runs the query and gives its items one after the other.
func (q *Query) Each() (next func() (any, bool, error), err error) {
	defer catch(&err)
	r := must(q.Execute())
	return func() (any, bool, error) {
		row, ok, err := r.FetchOne()
		if err != nil || !ok {
			return nil, false, err
		}
		return q.item(row), true, nil
	}, nil
}

// First is the first item; ok is false if there is none.
func (q *Query) First() (v any, ok bool, err error) {
	defer catch(&err)
	n := q
	if q.from == nil {
		n = q.Change(func(s *core.Select) *core.Select { return limited(s, 1) })
	}
	list := must(n.List())
	if len(list) == 0 {
		return nil, false, nil
	}
	return list[0], true, nil
}

func limited(s *core.Select, n int64) *core.Select {
	return s.Limit(core.Literal(n, nil))
}

// One is the only item.
func (q *Query) One() (v any, err error) {
	defer catch(&err)
	v, ok := q.oneOrNone()
	if !ok {
		fail(exc.NoResultFound, "No row was found when one was required")
	}
	return v, nil
}

// OneOrNone is the only item; ok is false if there is none.
func (q *Query) OneOrNone() (v any, ok bool, err error) {
	defer catch(&err)
	v, ok = q.oneOrNone()
	return v, ok, nil
}

func (q *Query) oneOrNone() (any, bool) {
	list := must(q.List())
	switch len(list) {
	case 0:
		return nil, false
	case 1:
		return list[0], true
	}
	fail(exc.MultipleResultsFound, "Multiple rows were found when exactly one was required")
	return nil, false
}

// Scalar is the first element of the only row; nil if there is none.
func (q *Query) Scalar() (v any, err error) {
	defer catch(&err)
	x, ok := q.oneOrNone()
	if !ok {
		return nil, nil
	}
	if row, ok := x.(engine.Row); ok {
		return row.At(0), nil
	}
	return x, nil
}

// Get finds an object by its primary key.
func (q *Query) Get(ident any) (i *Instance, err error) {
	defer catch(&err)
	if len(q.sel.Criteria) > 0 {
		fail(exc.InvalidRequestError, "Query.get() being called on a Query with existing criterion. ")
	}
	e := EntityOf(q.sel.Raw[0])
	if e == nil {
		fail(exc.InvalidRequestError, "get() can only be used against a single mapped class.")
	}
	pe, _ := q.options["populate_existing"].(bool)
	return q.session.Get(e, ident, GetOptions{Options: q.sel.Notes, PopulateExisting: pe, ForUpdate: q.sel.Lock})
}

// Count is the number of rows.
func (q *Query) Count() (n int64, err error) {
	defer catch(&err)
	q = q.told("before_compile")
	sub := q.subquery("")
	count := core.NewFunc(nil, "count", nil, literalColumn("*"))
	s := &core.Select{Raw: []core.Node{count}, FromObjects: []core.From{sub}, LabelStyle: core.LabelTablename}
	q.session.autoflush()
	a := ExecuteArgs{Options: q.options, Mapper: mapperIn(q.sel)}
	if len(q.params) > 0 {
		a.Params = engine.Named(q.params)
	}
	r := q.session.core(s, a)
	v := must(r.Scalar())
	n, _ = v.(int64)
	return n, nil
}

// Subquery is the query as something to select from.
func (q *Query) Subquery(name string) (f *core.Alias, err error) {
	defer catch(&err)
	s := q.bound(q.unlabelled())
	return core.NewSubquery(translateNested(s), name), nil
}

// subquery keeps the query's own labels.
func (q *Query) subquery(name string) *core.Alias {
	return core.NewSubquery(translateNested(q.bound(q.sel)), name)
}

// Exists is EXISTS over the query.
func (q *Query) Exists() (e core.Expr, err error) {
	defer catch(&err)
	s := q.sel
	inner := s.Change(func(n *core.Select) {
		n.Raw = []core.Node{literalColumn("1")}
		if len(n.FromObjects) == 0 && len(n.Joins) == 0 {
			for _, r := range s.Raw {
				if e := EntityOf(r); e != nil {
					n.FromObjects = append(n.FromObjects, e.Node())
					continue
				}
				core.Walk(r, func(x core.Node) bool { // the classes whose attributes it uses
					if _, nested := x.(core.Query); nested {
						return false
					}
					if x, ok := x.(*core.Annotated); ok && AttrOf(x) != nil {
						n.FromObjects = append(n.FromObjects, AttrOf(x).Entity.Node())
						return false
					}
					return true
				})
			}
		} else if len(n.FromObjects) == 0 {
			for _, r := range s.Raw {
				if e := EntityOf(r); e != nil {
					n.FromObjects = []core.From{e.Node()}
					break
				}
			}
		}
	})
	return core.NewExists(translateNested(q.bound(inner))), nil
}

// Compound is union() and its kin: the rows of several queries as one.
func (q *Query) Compound(keyword string, others ...*Query) (n *Query, err error) {
	defer catch(&err)
	list := []core.Query{translateNested(q.bound(q.sel))}
	for _, o := range others {
		list = append(list, translateNested(o.bound(o.sel)))
	}
	c := core.Compound(keyword, list...)
	alias := core.NewSubquery(c, "")
	r := *q
	r.sel = &core.Select{Raw: q.sel.Raw, LabelStyle: core.LabelTablename}
	for _, note := range q.sel.Notes {
		if _, is := note.(*fromSelf); !is {
			r.sel.Notes = append(r.sel.Notes, note)
		}
	}
	r.sel.Notes = append(r.sel.Notes, &fromSelf{alias: alias, serial: attrSerial.Add(1)})
	return &r, nil
}

// GlobalQueryEvents are the listeners on `Query`: before_compile,
// before_compile_update, before_compile_delete. They get the query, the latter
// two the [BulkContext] too, and give the query to go on with.
var GlobalQueryEvents Events

func (q *Query) told(event string, more ...any) *Query {
	for _, l := range GlobalQueryEvents[event] {
		if v, ok := l.call(append([]any{q}, more...)); ok {
			if n, ok := v.(*Query); ok && n != nil {
				q = n
			}
		}
	}
	return q
}

// BulkContext is an UPDATE or DELETE of a query: what listeners of
// after_bulk_update and after_bulk_delete see of it.
type BulkContext struct {
	Session *Session
	Query   *Query
	Mapper  *Mapper
	Values  []core.Assignment
	Result  *engine.Result
}

func (q *Query) bulk(event string, values []core.Assignment, o core.Options, statement func(q *Query, c *BulkContext) core.Node) int64 {
	q.refuse(event)
	c := &BulkContext{Session: q.session, Mapper: q.soleEntity().Mapper, Values: values}
	q = q.told("before_compile_"+event, c)
	c.Query = q
	a := ExecuteArgs{Options: q.options.With(o)}
	if len(q.params) > 0 {
		a.Params = engine.Named(q.params)
	}
	c.Result = q.session.execute(statement(q, c), a)
	q.session.fire("after_bulk_"+event, c)
	return c.Result.Rowcount()
}

// Update changes the rows of the query; values are by attribute.
func (q *Query) Update(values []core.Assignment, o core.Options) (n int64, err error) {
	defer catch(&err)
	return q.bulk("update", values, o, func(q *Query, c *BulkContext) core.Node {
		return &core.Update{Table: q.soleEntity().Node(), Values: c.Values, Criteria: q.sel.Criteria, DMLOptions: core.DMLOptions{Notes: q.sel.Notes}}
	}), nil
}

// Delete deletes the rows of the query.
func (q *Query) Delete(o core.Options) (n int64, err error) {
	defer catch(&err)
	return q.bulk("delete", nil, o, func(q *Query, _ *BulkContext) core.Node {
		return &core.Delete{Table: q.soleEntity().Node(), Criteria: q.sel.Criteria, DMLOptions: core.DMLOptions{Notes: q.sel.Notes}}
	}), nil
}

func (q *Query) soleEntity() *Entity {
	if len(q.sel.Raw) > 0 {
		if e := EntityOf(q.sel.Raw[0]); e != nil {
			return e
		}
		if a := AttrOf(q.sel.Raw[0]); a != nil {
			return a.Entity
		}
	}
	fail(exc.InvalidRequestError, "This operation requires only one Table or entity be specified as the target.")
	return nil
}

func (q *Query) refuse(what string) {
	s := q.sel
	bad := ""
	switch {
	case s.LimitExpr != nil:
		bad = "limit()"
	case s.OffsetExpr != nil:
		bad = "offset()"
	case len(s.Ordering) > 0:
		bad = "order_by()"
	case len(s.Grouping) > 0:
		bad = "group_by()"
	case s.IsDistinct:
		bad = "distinct()"
	case len(s.Joins) > 0 || len(s.FromObjects) > 0:
		bad = "join(), outerjoin(), select_from(), or from_self()"
	}
	if bad != "" {
		fail(exc.InvalidRequestError, "Can't call Query.%s() or Query.%s() when %s has been called", "update", "delete", bad)
	}
	_ = what
}

// FilterEntity is the entity that filter_by speaks of: the one joined to last,
// else the first of FROM, else the first of the columns.
func FilterEntity(s *core.Select) (e *Entity, f core.From) {
	for n := len(s.Joins) - 1; n >= 0; n-- {
		j := s.Joins[n]
		if a := AttrOf(j.Target); a != nil && a.Relationship() != nil {
			return a.target(), nil
		}
		if e := EntityOf(j.Target); e != nil {
			return e, nil
		}
		if f, ok := j.Target.(core.From); ok {
			return nil, f
		}
	}
	if len(s.FromObjects) > 0 {
		f := s.FromObjects[0]
		if e := EntityOf(f); e != nil {
			return e, nil
		}
		return nil, f
	}
	for _, r := range s.Raw {
		if e := EntityOf(r); e != nil {
			return e, nil
		}
		if a := AttrOf(r); a != nil {
			return a.Entity, nil
		}
		var found *Entity
		core.Walk(r, func(n core.Node) bool {
			if a := AttrOf(n); a != nil && found == nil {
				found = a.Entity
			}
			return found == nil
		})
		if found != nil {
			return found, nil
		}
	}
	return nil, nil
}

// FilterBy is the criteria of filter_by(name = value, …).
func FilterBy(s *core.Select, by []Named) (out []core.Expr, err error) {
	defer catch(&err)
	e, f := FilterEntity(s)
	for _, n := range by {
		switch {
		case e != nil:
			if !e.Has(n.Key) {
				e.Mapper.ready()
			}
			if !e.Has(n.Key) {
				fail(exc.InvalidRequestError, "Entity namespace for \"%s\" has no property \"%s\"", core.Describe(e.From()), n.Key)
			}
			x := e.expr(n.Key)
			if c, ok, err := Compare(core.EqOp, x, n.Value); ok || err != nil {
				check(err)
				out = append(out, c)
				continue
			}
			out = append(out, core.Eq(x, n.Value))
		case f != nil:
			c, ok := f.Columns().Get(n.Key)
			if !ok {
				fail(exc.InvalidRequestError, "Entity namespace for \"%s\" has no property \"%s\"", core.Describe(f), n.Key)
			}
			out = append(out, core.Eq(c, n.Value))
		default:
			fail(exc.InvalidRequestError, "Entity namespace has no property \"%s\"", n.Key)
		}
	}
	return out, nil
}
