package orm

import (
	"alchemysh/core"
	"alchemysh/core/engine"
)

// ownQuery is a query of the ORM's own, such as that of a lazy load: planned
// once for a relationship or class, and executed with the values of each object.
type ownQuery struct {
	plan     *loadPlan
	settings loadSettings
	source   *core.Select
	served   []*core.Bind   // the parameters of source that the values take the places of
	columns  []*core.Column // of a lazy load: whose values these are
}

// loadSettings are what a translation depends on beside the statement.
type loadSettings struct {
	legacy    bool
	nested    bool // inside another statement: no eager loading
	returning bool // of a DML statement

	outer   *optionNode // options of the object that a lazy load is for
	base    []*Mapper   // the path on which the query that this one serves stands
	noEager map[*Relationship]bool
	mark    string // tells loads apart that are the same SQL
	only    map[string]bool
	done    map[string]bool // relationships that the query which this one completes has seen to
	refresh bool            // rows refresh one object that is known
	fresh   bool            // a reload that counts as a first load
}

// plannable reports whether what the options say is the same each time.
func (n *optionNode) plannable() bool { return n == nil || n.tree == nil || !n.tree.varies }

// planned finds the query that build makes, or has it made; keep says whether
// it may be kept.
func (r *Registry) planned(k planKey, keep bool, build func() *ownQuery) *ownQuery {
	if !keep || r.fresh {
		return build()
	}
	k.mapping = mappings.Load()
	if q, ok := r.plans.Get(k); ok {
		return q
	}
	q := build()
	if q.plan = q.planNow(); q.plan.prepared.Cacheable() && q.plan.traces(q.served) {
		r.plans.Add(k, q)
	}
	return q
}

func (q *ownQuery) planNow() *loadPlan {
	t := &translator{loadSettings: q.settings, src: q.source}
	return newLoadPlan(t.run(), mapperIn(q.source), q.served)
}

// values are the parameters of an execution.
func (q *ownQuery) values(vals ...any) []*core.Bind {
	out := make([]*core.Bind, len(vals))
	for n, v := range vals {
		b := *q.served[n]
		b.Value = v
		out[n] = &b
	}
	return out
}

// with is the query's source with values in it.
func (q *ownQuery) with(values []*core.Bind) *core.Select {
	return core.WithBinds(q.source, q.served, values)
}

// watched reports whether anybody looks at the session's queries: then each is
// a statement with its values.
func (s *Session) watched() bool {
	return s.Sharding != nil || s.Route != nil || s.listens("do_orm_execute")
}

// load runs a query of the ORM's own and calls f with the elements of each row.
func (s *Session) load(ctx *loadContext, q *ownQuery, values []*core.Bind, f func(row []any)) {
	if s.watched() {
		stmt := s.announce(ctx, q.with(values))
		t := &translator{loadSettings: q.settings, src: stmt}
		p := newLoadPlan(t.run(), mapperIn(stmt), nil)
		if ctx.source == nil {
			ctx.source = stmt
		}
		run := func() { s.eachRow(p, nil, stmt, ctx, f) }
		if s.Sharding != nil {
			s.Sharding.each(s, stmt, ctx, run)
		} else {
			run()
		}
		return
	}
	if q.plan == nil {
		q.plan = q.planNow()
	}
	if ctx.source == nil {
		ctx.source, ctx.served, ctx.values = q.source, q.served, values
	}
	s.eachRow(q.plan, values, q.source, ctx, f)
}

// loadInstances runs a query of one class and gives its objects, each once.
func (s *Session) loadInstances(ctx *loadContext, q *ownQuery, values []*core.Bind) []*Instance {
	var out []*Instance
	seen := map[*Instance]bool{}
	s.load(ctx, q, values, func(row []any) {
		if x, ok := row[0].(*Instance); ok && !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	})
	return out
}

// eachRow runs a planned query and calls f with the elements of each row.
func (s *Session) eachRow(p *loadPlan, values []*core.Bind, q *core.Select, ctx *loadContext, f func(row []any)) {
	from := ctx.lazyFrom
	if s.shard != "" { // which is where this goes, wherever the object is from
		from = nil
	}
	conn := s.connection(s.bind(p.lead, q, from))
	cursor := must(conn.ExecutePrepared(s.ctx(), p.prepared, p.binds(values), q.Options, engine.Params{}, ctx.options))
	rows := must(cursor.All())
	for _, r := range rows {
		row := r.Values()
		out := make([]any, len(p.elements))
		for n, e := range p.elements {
			out[n] = e.value(ctx, row)
		}
		f(out)
	}
	ctx.finish()
}

// announce tells listeners of do_orm_execute of a load of the ORM's own. They
// may change the query.
func (s *Session) announce(ctx *loadContext, q *core.Select) *core.Select {
	listeners := s.listeners("do_orm_execute")
	if len(listeners) == 0 {
		return q
	}
	st := s.executeState(q, engine.Params{}, nil)
	st.Column, st.Relation, st.Path = ctx.refreshing != nil, len(ctx.path) > 1, ctx.path
	if st.Path == nil {
		st.Path = []any{}
	}
	if ctx.lazy {
		st.Lazy = ctx.lazyFrom
	}
	for _, l := range listeners {
		l.call([]any{st})
	}
	ctx.options = st.Local
	if changed, ok := st.Statement.(*core.Select); ok {
		return changed
	}
	return q
}
