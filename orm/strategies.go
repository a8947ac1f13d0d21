package orm

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// strategy is how an attribute loads when it is asked for.
type strategy interface {
	// loadNow gives the value, NoValue if there is nothing to load, noResult
	// if loading is not allowed now. A value is in memory afterwards.
	loadNow(i *Instance, a *attribute, p passive) any
}

func (r *Relationship) strategy(lazy string) strategy {
	if r.strategies == nil {
		r.parent.ready()
	}
	if s := r.strategies[lazy]; s != nil {
		return s
	}
	s := strategyFor(lazy, &relFill{rel: r})
	if r.strategies != nil {
		r.strategies[lazy] = s
	}
	return s
}

func strategyFor(lazy string, f *relFill) strategy {
	switch lazy {
	case "raise":
		if f.spec != nil && f.spec.sqlOnly {
			return &lazyStrategy{rel: f.rel, raiseOnSQL: true}
		}
		return &lazyStrategy{rel: f.rel, raise: true}
	case "raise_on_sql":
		return &lazyStrategy{rel: f.rel, raiseOnSQL: true}
	case "noload":
		return noLoad{}
	}
	return &lazyStrategy{rel: f.rel}
}

// deferStrategy loads a column that an option deferred.
type deferStrategy struct{}

func (deferStrategy) loadNow(i *Instance, a *attribute, p passive) any {
	if i.key == nil {
		return NoValue
	}
	return a.loadColumns(i, p)
}

// raiseStrategy refuses to load a column.
type raiseStrategy struct{}

func (raiseStrategy) loadNow(i *Instance, a *attribute, p passive) any {
	if i.key == nil {
		return NoValue
	}
	fail(exc.InvalidRequestError, "'%s.%s' is not available due to raiseload=true", a.mapper.Name, a.key)
	return nil
}

// noLoad says that there is nothing.
type noLoad struct{}

func (noLoad) loadNow(i *Instance, a *attribute, p passive) any { return NoValue }

// lazyStrategy asks the database, or refuses to: always, or when that takes SQL.
type lazyStrategy struct {
	rel               *Relationship
	raise, raiseOnSQL bool
}

func (s *lazyStrategy) refuse(why string) {
	fail(exc.InvalidRequestError, "'%s' is not available due to lazy='%s'", &s.rel.property, why)
}

// lazyClause is the condition that finds the related rows of one object.
type lazyClause struct {
	get     bool // by the target's primary key
	sources []*core.Column
}

func (r *Relationship) lazy() *lazyClause {
	if r.lazyClause == nil && r.join != nil {
		r.lazyClause = r.newLazyClause()
	}
	return r.lazyClause
}

// newLazyClause finds out whether the target's key is all that is compared.
func (r *Relationship) newLazyClause() *lazyClause {
	l := &lazyClause{}
	if r.join.secondary != nil || r.entity.alias != nil {
		return l
	}
	pairs, ok := equalities(r.join.primary)
	if !ok || len(pairs) != len(r.target.primaryKey) {
		return l
	}
	for _, pk := range r.target.primaryKey {
		found := false
		for _, p := range pairs {
			local, remote := p[0], p[1]
			if remote == pk || slices.Contains(r.target.equivalent[pk], remote) {
				l.sources = append(l.sources, local)
				found = true
				break
			}
		}
		if !found {
			return &lazyClause{}
		}
	}
	l.get = true
	return l
}

// equalities are the pairs (local, remote) of a condition that is nothing but
// equalities of columns joined by AND.
func equalities(e core.Expr) (pairs [][2]*core.Column, ok bool) {
	items := []core.Expr{e}
	if l, isList := e.(*core.BoolList); isList && l.Op == core.AndOp {
		items = l.Items
	}
	for _, x := range items {
		b, isBinary := x.(*core.Binary)
		if !isBinary || b.Op != core.EqOp {
			return nil, false
		}
		lr, lc := columnOf(b.Left)
		rr, rc := columnOf(b.Right)
		if lr == nil || rr == nil || lc == nil || rc == nil || lr.remote == rr.remote {
			return nil, false
		}
		if lr.remote {
			lc, rc = rc, lc
		}
		pairs = append(pairs, [2]*core.Column{lc, rc})
	}
	return pairs, true
}

func (s *lazyStrategy) loadNow(i *Instance, a *attribute, p passive) any {
	r := s.rel
	if i.key == nil && !((r.LoadOnPending || i.loadPending) && i.session != nil) {
		return NoValue
	}
	node := i.options.child(r.key)
	extra := node != nil && len(node.and) > 0
	useGet := r.useGet() && !extra
	if p&sqlOK == 0 && !useGet || p&nonPersistentOK == 0 && i.key == nil {
		return noResult
	}
	// whoever only looks into the identity map for the history is not refused
	if s.raise && p&noRaise == 0 && (!useGet || p&relatedOK != 0) {
		s.refuse("raise")
	}
	sess := i.session
	if sess == nil {
		if p&noRaise != 0 {
			return noResult
		}
		fail(exc.DetachedInstanceError, "Parent instance %s is not bound to a Session; lazy load operation of attribute '%s' cannot proceed", i, a.key)
	}
	// keep makes what was found the attribute's value, unless only history asks.
	keep := func(v any) any {
		if p&historyOnly == 0 {
			i.setLoaded(a, v)
		}
		return v
	}
	// meanwhile is a value that came while the keys were read.
	meanwhile := func() (any, bool) {
		v := i.at(a.slot)
		return v, v != NoValue && p&historyOnly == 0
	}
	if useGet {
		var ident []any
		for _, c := range r.lazyClause.sources {
			v := valueOf(i, c, p)
			if v == noResult {
				return noResult
			}
			if v == NoValue {
				if p&initOK == 0 {
					return NoValue
				}
				v = nil
			}
			ident = append(ident, v)
		}
		if allNil(ident) {
			return keep(nil)
		}
		if v, ok := meanwhile(); ok {
			return v
		}
		x, found := sess.identityLookup(r.target, ident, i.key, p, "lazy "+r.property.String())
		switch found {
		case foundObject:
			return keep(x)
		case foundOtherClass:
			return keep(nil)
		case foundExpired:
			return noResult
		}
		if p&sqlOK == 0 || p&relatedOK == 0 {
			return noResult
		}
		if s.raiseOnSQL && p&noRaise == 0 {
			s.refuse("raise_on_sql")
		}
		if (i.key == nil || p&noAutoflush != 0) && sess.noFlush == 0 {
			defer sess.SuspendAutoflush()()
		}
		sess.noteLazy(r, i)
		x = sess.loadByKey(r.target, ident, node, nil, i, r, false, "lazy "+r.property.String())
		if v, ok := meanwhile(); ok {
			return v
		}
		if x == nil {
			return keep(nil)
		}
		return keep(x)
	}
	null := false
	q := r.lazyQuery(node)
	values := make([]any, len(q.columns))
	for n, c := range q.columns {
		v := valueOf(i, c, p)
		if v == NoValue || v == noResult {
			v = nil
		}
		null = null || v == nil
		values[n] = v
	}
	if v, ok := meanwhile(); ok {
		return v
	}
	if null && i.key == nil {
		return NoValue
	}
	if s.raiseOnSQL && p&noRaise == 0 {
		s.refuse("raise_on_sql")
	}
	if i.key != nil && p&noAutoflush == 0 {
		sess.autoflush()
	}
	sess.noteLazy(r, i)
	list := sess.loadRelated(r, q, i, values)
	if r.UseList {
		return i.loadCollection(a, list)
	}
	if len(list) == 0 {
		return keep(nil)
	}
	if len(list) > 1 {
		r.parent.Registry.warn("Multiple rows returned with uselist=false for lazily-loaded attribute '%s' ", &r.property)
	}
	return keep(list[0])
}

func (s *Session) noteLazy(r *Relationship, i *Instance) {
	if s.LazyLoad != nil {
		s.LazyLoad(r, i)
	}
}

func allNil(vs []any) bool {
	for _, v := range vs {
		if v != nil {
			return false
		}
	}
	return true
}

// valueOf is the value of a mapped column.
func valueOf(i *Instance, c *core.Column, p passive) any {
	prop := i.mapper.colProps[c]
	if prop == nil {
		fail(exc.UnmappedColumnError, "No column %s is configured on mapper %s...", qualified(c), i.mapper)
	}
	a := i.attr(prop.key)
	if p&againstCommitted != 0 {
		if was, changed := i.wasCommitted(a.slot); changed {
			if was == NoValue {
				return nil
			}
			return was
		}
	}
	return a.get(i, p&^(initOK|historyOnly)|callablesOK)
}

// lazyWhere is the condition with the object's values in the place of its columns.
func (r *Relationship) lazyWhere(bind func(c *core.Column) core.Expr) core.Expr {
	binds := map[*core.Column]core.Expr{}
	ta := r.entity.adapter()
	p := rewrite(r.join.primary, func(c *core.Column, ro *role) core.Expr {
		if ro.remote {
			if r.secondary == nil {
				return ta.column(c)
			}
			return nil
		}
		if !ro.local {
			return ta.column(c)
		}
		if b := binds[c]; b != nil {
			return b
		}
		b := bind(c)
		binds[c] = b
		return b
	})
	s := rewrite(r.join.secondary, func(c *core.Column, ro *role) core.Expr {
		if ro.remote {
			return nil
		}
		return ta.column(c)
	})
	return conjoin(p, s)
}

// lazyQuery is the query that loads the relationship's objects.
func (r *Relationship) lazyQuery(node *optionNode) *ownQuery {
	k := planKey{kind: planLazy, of: r, options: node}
	return r.parent.Registry.planned(k, node.plannable(), func() *ownQuery {
		q := &ownQuery{settings: loadSettings{outer: node, noEager: r.reverseEager(), base: []*Mapper{r.parent}, mark: "lazy " + r.property.String()}}
		where := r.lazyWhere(func(c *core.Column) core.Expr {
			b := &core.Bind{Key: "param", Unique: true, Type: c.ExprType()}
			q.columns, q.served = append(q.columns, c), append(q.served, b)
			return b
		})
		q.source = r.relatedSelect(where, node)
		return q
	})
}

// loadRelated runs the query of a lazy load.
func (s *Session) loadRelated(r *Relationship, q *ownQuery, from *Instance, values []any) []*Instance {
	ctx := newLoadContext(s)
	ctx.lazyFrom, ctx.lazy, ctx.path = from, true, []any{from.mapper, r}
	return s.loadInstances(ctx, q, q.values(values...))
}

// relatedSelect is the query of a lazy load.
func (r *Relationship) relatedSelect(where core.Expr, node *optionNode) *core.Select {
	e := r.entity
	if node != nil && node.ofType != nil {
		e = node.ofType
	}
	q := &core.Select{Raw: []core.Node{e.Node()}, LabelStyle: core.LabelTablename}
	if where != nil {
		q.Criteria = []core.Expr{where}
		if l, ok := where.(*core.BoolList); ok && l.Op == core.AndOp {
			q.Criteria = l.Items
		}
	}
	if r.secondary != nil {
		q.FromObjects = []core.From{e.From(), r.secondary}
	}
	for _, o := range r.orderBy {
		q.Ordering = append(q.Ordering, e.adapter().expr(o))
	}
	if node != nil {
		for _, c := range node.and {
			q.Criteria = append(q.Criteria, e.adapter().expr(stripped(c)))
		}
	}
	return q
}

// reverseEager are the many-to-ones that would only load the object for which
// a collection is loaded.
func (r *Relationship) reverseEager() map[*Relationship]bool {
	var out map[*Relationship]bool
	for _, x := range r.reverse {
		if x.direction == ManyToOne && x.useGet() {
			if out == nil {
				out = map[*Relationship]bool{}
			}
			out[x] = true
		}
	}
	return out
}

// lookup is how a search for an object by its key went.
type lookup uint8

const (
	foundNothing lookup = iota
	foundObject
	foundOtherClass // the key is that of an object of another class
	foundExpired    // it may not be loaded now
)

// identityLookup finds an object by key without SQL, unless it is expired.
// Loading that one is, for the statement cache, a load of the caller's kind: in
// Python the object, known to nobody, would be gone and loaded afresh; so would
// one of another class, which the query then does not find.
func (s *Session) identityLookup(m *Mapper, ident []any, like *Identity, p passive, mark string) (*Instance, lookup) {
	var token any
	if like != nil {
		token = like.Token
	}
	i := s.identities.get(m.NewIdentity(ident, token).id)
	if i == nil && s.Sharding != nil && token != nil {
		for _, t := range s.Sharding.names() {
			if i = s.identities.get(m.NewIdentity(ident, t).id); i != nil {
				break
			}
		}
	}
	if i == nil {
		return nil, foundNothing
	}
	if !i.mapper.IsA(m) {
		if i.expired {
			return nil, foundNothing
		}
		return nil, foundOtherClass
	}
	if i.expired {
		switch {
		case p&sqlOK == 0:
			return nil, foundExpired
		case p&relatedOK == 0:
			return i, foundObject // a flush finds out soon enough
		}
		s.reloading = &mark
		err := attempt(func() { i.loadExpired(p) })
		s.reloading = nil
		if e := exc.Of(err); e != nil && e.Class == exc.ObjectDeletedError {
			s.removeDeleted([]*Instance{i})
			return nil, foundNothing
		}
		check(err)
	}
	return i, foundObject
}
