package orm

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
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
				return NoValue
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
	where := r.lazyWhere(func(c *core.Column) core.Expr {
		v := valueOf(i, c, p)
		if v == NoValue || v == noResult {
			v = nil
		}
		null = null || v == nil
		return &core.Bind{Key: "param", Unique: true, Value: v, Type: c.ExprType()}
	})
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
	list := sess.loadRelated(r, where, node, i)
	if r.UseList {
		c := newCollection(i, a)
		for _, x := range list {
			c.load(x)
		}
		i.setCollectionLoaded(a, c)
		i.applyPending(a, c)
		return c
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

// loadRelated runs the query of a lazy load.
func (s *Session) loadRelated(r *Relationship, where core.Expr, node *optionNode, from *Instance) []*Instance {
	q := s.relatedSelect(r, where, node)
	ctx := newLoadContext(s)
	ctx.source, ctx.lazyFrom, ctx.lazy, ctx.path = q, from, true, []any{from.mapper, r}
	t := &translator{session: s, src: q, outer: node, noEager: r.reverseEager(), base: []*Mapper{r.parent}, mark: "lazy " + r.property.String()}
	return s.loadWith(ctx, t, q)
}

// relatedSelect is the query of a lazy load.
func (s *Session) relatedSelect(r *Relationship, where core.Expr, node *optionNode) *core.Select {
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

const selectinChunk = 500

// load runs the second query for the relationship of a batch of objects.
func (b *batch) load(ctx *loadContext) {
	f := b.fill
	a := func(i *Instance) *attribute { return i.mapper.attributes[f.rel.key] }
	if f.lazy == "immediate" || ctx.refreshes { // one object does without a batch
		for _, i := range b.instances {
			p := passiveOff | noRaise
			if f.circular(b.loader.path) {
				p = passiveNoFetchRelated | noRaise
			}
			if at := a(i); i.at(at.slot) == NoValue {
				at.get(i, p)
			}
		}
		return
	}
	todo := b.instances
	if f.lazy == "subquery" && ctx.source != nil {
		b.loadBySubquery(ctx, todo)
		return
	}
	b.loadByKeys(ctx, todo)
}

// eventPath is where the loader stands, as listeners of do_orm_execute see it.
func (l *instanceLoader) eventPath() []any {
	if l.lead == nil {
		return []any{l.mapper}
	}
	path := []any{l.lead.Mapper}
	for _, r := range l.steps {
		path = append(path, r, r.target)
	}
	return path
}

// path is where the relationship stands.
func (b *batch) path() []any { return append(b.loader.eventPath(), b.fill.rel) }

// nodeFor is the options for what the batch loads.
func (b *batch) nodeFor() *optionNode {
	f := b.fill
	n := f.node
	if f.spec != nil && f.spec.recursion != 0 && f.spec.recursion != 1 {
		spec := *f.spec
		if spec.recursion > 0 {
			spec.recursion--
		}
		c := &optionNode{attrs: map[string]*optionNode{}}
		if n != nil {
			*c = *n
			c.attrs = map[string]*optionNode{}
			for k, v := range n.attrs {
				c.attrs[k] = v
			}
		}
		c.attrs[f.rel.key] = &optionNode{tree: c.tree, spec: &spec}
		return c
	}
	return n
}

// assign gives an object what was loaded for it.
func (b *batch) assign(i *Instance, list []*Instance) {
	r := b.fill.rel
	a := i.mapper.attributes[r.key]
	if !b.overwrite[i] && (i.at(a.slot) != NoValue || b.fill.lazy == "subquery") {
		return
	}
	if r.UseList {
		c := newCollection(i, a)
		for _, x := range list {
			c.load(x)
		}
		i.setCollectionLoaded(a, c)
		i.applyPending(a, c)
		return
	}
	if len(list) == 0 {
		i.setLoaded(a, nil)
		return
	}
	if len(list) > 1 {
		r.parent.Registry.warn("Multiple rows returned with uselist=false for eagerly-loaded attribute '%s' ", &r.property)
	}
	i.setLoaded(a, list[0])
}

// loadByKeys is selectinload: WHERE key IN (…).
func (b *batch) loadByKeys(ctx *loadContext, todo []*Instance) {
	r := b.fill.rel
	node := b.nodeFor()
	target := r.entity
	if node != nil && node.ofType != nil {
		target = node.ofType
	}
	q := &core.Select{LabelStyle: core.LabelTablename}
	var keyCols []core.Expr
	var keyOf func(i *Instance) []any
	omit := r.omitJoin(b.loader.mapper)
	switch {
	case r.simpleManyToOne() && r.entity.alias == nil:
		for _, pk := range r.target.primaryKey {
			keyCols = append(keyCols, target.column(pk))
		}
		keyOf = func(i *Instance) []any {
			vals := make([]any, len(r.lazyClause.sources))
			for n, c := range r.lazyClause.sources {
				v := valueOf(i, c, passiveOff)
				if isSymbol(v) {
					v = nil
				}
				vals[n] = v
			}
			return vals
		}
		q.Raw = []core.Node{target.Node()}
		b.loadChildren(ctx, todo, q, target, node, keyCols, keyOf)
		return
	case omit != nil:
		for _, c := range omit {
			x := target.column(c)
			keyCols = append(keyCols, x)
			q.Raw = append(q.Raw, x)
		}
		q.Raw = append(q.Raw, target.Node())
		q.FromObjects = []core.From{target.Node()}
		for _, o := range r.orderBy {
			q.Ordering = append(q.Ordering, target.adapter().expr(o))
		}
	default:
		pe := &Entity{Mapper: b.loader.mapper, serial: entitySerial.Add(1), aliased: true}
		if !b.loader.mapper.IsA(r.parent) {
			pe.Mapper = r.parent
		}
		pe.setAlias(aliasOf(pe.Mapper, pe.Mapper.selectable, "", true), false)
		for _, pk := range pe.Mapper.primaryKey {
			x := pe.column(pk)
			keyCols = append(keyCols, x)
			q.Raw = append(q.Raw, x)
		}
		q.Raw = append(q.Raw, target.Node())
		q.FromObjects = []core.From{pe.From()}
		attr := &Attr{Entity: pe, Prop: r, Key: r.key}
		q.Joins = []core.JoinStep{{Target: target.Node(), On: attr.node()}}
		for _, o := range r.orderBy {
			q.Ordering = append(q.Ordering, target.adapter().expr(o))
		}
	}
	if node != nil {
		for _, c := range node.and {
			q.Criteria = append(q.Criteria, target.adapter().expr(stripped(c)))
		}
	}
	keyOf = func(i *Instance) []any { return i.key.Values }
	for start := 0; start < len(todo); start += selectinChunk {
		chunk := todo[start:min(start+selectinChunk, len(todo))]
		keys := make([]any, 0, len(chunk))
		for _, i := range chunk {
			keys = append(keys, oneOrTuple(keyOf(i)))
		}
		stmt := whereIn(q, keyCols, keys)
		byKey := map[identityKey][]*Instance{}
		ctx.session.loadKeyed(ctx, stmt, node, b.loader.path, b.path(), len(keyCols), func(key []any, x *Instance) {
			k := r.parent.NewIdentity(key, nil).id
			if x != nil {
				byKey[k] = append(byKey[k], x)
			}
		})
		for _, i := range chunk {
			b.assign(i, uniqueInstances(byKey[r.parent.NewIdentity(keyOf(i), nil).id]))
		}
	}
}

// uniqueInstances drops repetitions.
func uniqueInstances(list []*Instance) []*Instance {
	seen := make(map[*Instance]bool, len(list))
	out := list[:0]
	for _, x := range list {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}

func oneOrTuple(vals []any) any {
	if len(vals) == 1 {
		return vals[0]
	}
	return vals
}

// whereIn restricts q to keys.
func whereIn(q *core.Select, cols []core.Expr, keys []any) *core.Select {
	left := cols[0]
	b := &core.Bind{Key: "primary_keys", Value: keys, Type: left.ExprType()}
	if len(cols) > 1 {
		ts := make([]types.Type, len(cols))
		for n, c := range cols {
			ts[n] = c.ExprType()
		}
		tuple := core.NewTuple(cols...)
		left = tuple
		b.Type = tuple.ExprType()
	}
	return q.Change(func(s *core.Select) {
		s.Criteria = append([]core.Expr{core.In(left, b, false)}, s.Criteria...)
	})
}

// loadChildren is selectinload of a many-to-one: the targets by their keys.
func (b *batch) loadChildren(ctx *loadContext, todo []*Instance, q *core.Select, target *Entity, node *optionNode, keyCols []core.Expr, keyOf func(*Instance) []any) {
	r := b.fill.rel
	waiting := map[identityKey][]*Instance{}
	var order []identityKey
	vals := map[identityKey][]any{}
	for _, i := range todo {
		k := keyOf(i)
		if allNil(k) {
			b.assign(i, nil)
			continue
		}
		id := r.target.NewIdentity(k, nil).id
		if waiting[id] == nil {
			order = append(order, id)
			vals[id] = k
		}
		waiting[id] = append(waiting[id], i)
	}
	slices.SortStableFunc(order, func(x, y identityKey) int {
		if c, ok := types.Compare(vals[x][0], vals[y][0]); ok {
			return c
		}
		return 0
	})
	if node != nil {
		for _, c := range node.and {
			q.Criteria = append(q.Criteria, target.adapter().expr(stripped(c)))
		}
	}
	for start := 0; start < len(order); start += selectinChunk {
		chunk := order[start:min(start+selectinChunk, len(order))]
		keys := make([]any, len(chunk))
		for n, id := range chunk {
			keys[n] = oneOrTuple(vals[id])
		}
		stmt := whereIn(q, keyCols, keys)
		t := &translator{session: ctx.session, src: stmt, outer: node, base: b.loader.path}
		found := map[identityKey]*Instance{}
		for _, x := range ctx.session.loadInstancesIn(ctx, t, stmt, b.path()) {
			found[r.target.NewIdentity(x.key.Values, nil).id] = x
		}
		for _, id := range chunk {
			for _, i := range waiting[id] {
				if x := found[id]; x != nil {
					b.assign(i, []*Instance{x})
				} else {
					b.assign(i, nil)
				}
			}
		}
	}
}

// omitJoin gives the target's columns that hold the parent's primary key, if
// these are all that the condition compares: then no join is needed.
func (r *Relationship) omitJoin(m *Mapper) []*core.Column {
	if r.direction != OneToMany || r.join.secondary != nil || r.OmitJoin != nil && !*r.OmitJoin {
		return nil
	}
	pairs, ok := equalities(r.join.primary)
	if !ok || len(pairs) != len(r.parent.primaryKey) {
		return nil
	}
	var out []*core.Column
	for _, pk := range r.parent.primaryKey {
		for _, p := range pairs {
			if p[0] == pk || slices.Contains(r.parent.equivalent[pk], p[0]) {
				out = append(out, p[1])
				break
			}
		}
	}
	if len(out) != len(pairs) {
		return nil
	}
	return out
}

// loadBySubquery is subqueryload: the original query, reduced to the keys, as
// a subquery to join from.
func (b *batch) loadBySubquery(ctx *loadContext, todo []*Instance) {
	r := b.fill.rel
	node := b.nodeFor()
	target := r.entity
	if node != nil && node.ofType != nil {
		target = node.ofType
	}
	path := append(append(slices.Clone(ctx.subPath), b.loader.steps...), r)
	lead := path[0]
	leadEntity := ctx.subEntity
	if leadEntity == nil {
		leadEntity = b.loader.lead
	}
	inner := ctx.source.Change(func(s *core.Select) {
		s.Raw = nil
		distinct := false
		for _, pk := range lead.parent.primaryKey {
			if !slices.Contains(lead.join.localColumns, pk) {
				distinct = true
			}
		}
		for _, c := range lead.join.localColumns {
			s.Raw = append(s.Raw, leadEntity.column(c))
		}
		if len(s.FromObjects) == 0 {
			s.FromObjects = []core.From{leadEntity.Node()}
		}
		if s.LimitExpr == nil && s.OffsetExpr == nil && s.FetchClause == nil {
			s.Ordering = nil
		}
		if distinct {
			s.IsDistinct = true
		}
		s.LabelStyle = core.LabelTablename
		var notes []core.Keyed
		for _, n := range s.Notes {
			if _, load := n.(*Load); !load {
				notes = append(notes, n)
			}
		}
		s.Notes = notes
		s.Options = nil
		s.Lock = nil
	})
	sub := core.NewSubquery(translateNested(inner), "")
	left := &Entity{Mapper: lead.parent, serial: entitySerial.Add(1), aliased: true}
	left.setAlias(sub, false)
	q := &core.Select{LabelStyle: core.LabelTablename, Raw: []core.Node{target.Node()}, FromObjects: []core.From{sub}}
	at := left
	for n, step := range path {
		next := target
		if n < len(path)-1 {
			next = &Entity{Mapper: step.target, serial: entitySerial.Add(1), aliased: true}
			next.setAlias(aliasOf(step.target, step.target.selectable, "", true), false)
		}
		attr := &Attr{Entity: at, Prop: step, Key: step.key}
		q.Joins = append(q.Joins, core.JoinStep{Target: next.Node(), On: attr.node()})
		if n < len(path)-1 {
			at = next
		}
	}
	var keyCols []*core.Column
	for _, c := range r.join.localColumns {
		keyCols = append(keyCols, c)
		q.Raw = append(q.Raw, at.column(c))
	}
	for _, o := range r.orderBy {
		q.Ordering = append(q.Ordering, target.adapter().expr(o))
	}
	if node != nil {
		for _, c := range node.and {
			q.Criteria = append(q.Criteria, target.adapter().expr(stripped(c)))
		}
	}
	byKey := map[identityKey][]*Instance{}
	t := &translator{session: ctx.session, src: q, outer: node, base: b.loader.path}
	child := newLoadContext(ctx.session)
	child.path = b.path()
	q = ctx.session.announce(child, t, q)
	tr := t.run()
	child.source, child.subPath, child.subEntity = ctx.source, path, leadEntity
	child.populateExisting = ctx.populateExisting
	ctx.session.eachRow(tr, q, child, func(row []any) {
		if x, ok := row[0].(*Instance); ok {
			k := r.parent.NewIdentity(row[1:], nil).id
			byKey[k] = append(byKey[k], x)
		}
	})
	for _, i := range todo {
		vals := make([]any, len(keyCols))
		for n, c := range keyCols {
			vals[n] = valueOf(i, c, passiveOff)
		}
		b.assign(i, uniqueInstances(byKey[r.parent.NewIdentity(vals, nil).id]))
	}
}

// load is selectin_polymorphic: the columns of a subclass by a second query.
func (b *polyBatch) load(ctx *loadContext) {
	m := b.mapper
	node := &optionNode{attrs: map[string]*optionNode{}, cols: &loadSpec{column: true, defer_: true, keepPK: true}}
	if b.loader.node != nil {
		node.tree = b.loader.node.tree
		for k, v := range b.loader.node.attrs {
			node.attrs[k] = v
		}
	}
	for _, k := range m.order {
		p := m.byKey[k]
		if b.loader.mapper.byKey[k] == nil || p != b.loader.mapper.byKey[k] && p.part().parent != b.loader.mapper {
			if _, ok := p.(*ColumnProperty); ok && !p.(*ColumnProperty).Deferred {
				node.attrs[k] = &optionNode{spec: &loadSpec{column: true}}
			}
		}
	}
	e := m.Entity()
	var cols []core.Expr
	q := &core.Select{LabelStyle: core.LabelTablename, Raw: []core.Node{e.Node()}}
	for _, pk := range m.primaryKey {
		cols = append(cols, e.column(pk))
		q.Ordering = append(q.Ordering, e.column(pk))
	}
	for start := 0; start < len(b.instances); start += selectinChunk {
		chunk := b.instances[start:min(start+selectinChunk, len(b.instances))]
		keys := make([]any, len(chunk))
		for n, i := range chunk {
			keys[n] = oneOrTuple(i.key.Values)
		}
		stmt := whereIn(q, cols, keys)
		t := &translator{session: ctx.session, src: stmt, outer: node, base: b.loader.path[:max(len(b.loader.path)-1, 0)]}
		ctx.session.loadInstancesIn(ctx, t, stmt, append(b.loader.eventPath(), m))
	}
}
