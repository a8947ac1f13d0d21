package orm

import (
	"slices"
	"sync"
	"sync/atomic"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// instanceLoader turns rows into objects of one entity.
type instanceLoader struct {
	entity *Entity
	mapper *Mapper
	node   *optionNode
	path   []*Mapper       // of classes, from that of the first query to this one
	lead   *Entity         // of the query
	steps  []*Relationship // from it to this one

	pk            []*colRef
	discriminator *colRef
	missing       *core.Column          // the rows tell no object without it
	cols          map[core.Expr]*colRef // by the mapper's column
	deferred      []deferredColumn
	rels          []*relFill
	poly          []*Mapper // selectin_polymorphic
	plans         fillPlans

	adapt    *adapter              // of the mapper's columns to those selected from
	selected map[core.Expr]*colRef // by what is selected

	only    map[string]bool
	refresh bool // rows are of the object that the load refreshes
	step    *eagerStep
}

type deferredColumn struct {
	key   string
	raise bool
}

// relFill is how a relationship of the loaded objects is loaded.
type relFill struct {
	rel    *Relationship
	lazy   string
	node   *optionNode
	spec   *loadSpec
	given  bool // by an option
	nested *instanceLoader
	group  *eagerGroup

	mu     sync.Mutex // of who makes second
	second *secondQuery
}

// circular reports whether loading the relationship with objects at path would
// go round in a circle; an option may.
func (f *relFill) circular(path []*Mapper) bool {
	if f.given {
		return false
	}
	if d := f.rel.JoinDepth; d > 0 {
		return len(path) > d
	}
	return slices.Contains(path, f.rel.target)
}

// fillPlan is what rows give to objects of one class.
type fillPlan struct {
	columns []columnFill
	expire  []*attribute // not in the rows: loaded when asked for
	defer_  []deferFill
	rels    []plannedRel
}

type columnFill struct {
	a  *attribute
	at int
}

type deferFill struct {
	a     *attribute
	raise bool
}

type plannedRel struct {
	a *attribute
	f *relFill
}

// fillPlans are the plans by class. Each is made when the first object of its
// class comes up, in whichever session.
type fillPlans struct {
	made atomic.Pointer[map[*Mapper]*fillPlan] // replaced, never changed
	mu   sync.Mutex                            // of who makes one
}

func (ps *fillPlans) of(m *Mapper) *fillPlan {
	if made := ps.made.Load(); made != nil {
		return (*made)[m]
	}
	return nil
}

// plan is how rows fill objects of a class.
func (l *instanceLoader) plan(m *Mapper) *fillPlan {
	if p := l.plans.of(m); p != nil {
		return p
	}
	l.plans.mu.Lock()
	defer l.plans.mu.Unlock()
	if p := l.plans.of(m); p != nil {
		return p
	}
	p := l.newPlan(m)
	all := map[*Mapper]*fillPlan{m: p}
	if made := l.plans.made.Load(); made != nil {
		for k, v := range *made {
			all[k] = v
		}
	}
	l.plans.made.Store(&all)
	return p
}

func (l *instanceLoader) newPlan(m *Mapper) *fillPlan {
	p := &fillPlan{}
	deferred := map[string]bool{}
	raising := map[string]bool{}
	for _, d := range l.deferred {
		deferred[d.key], raising[d.key] = true, d.raise
	}
	for _, k := range m.order {
		a := m.attributes[k]
		if a.col == nil {
			continue
		}
		if l.only != nil && !l.only[k] {
			continue
		}
		var r *colRef
		for _, c := range a.col.Columns {
			if r = l.cols[core.Plain(c)]; r != nil {
				break
			}
		}
		if c := a.col.Column(); r == nil && c != nil && l.adapt != nil { // it may be there under the name of one that is equal
			r = l.selected[l.adapt.column(c)]
		}
		if c := a.col.Column(); r == nil && c != nil && m.Concrete && m != l.mapper {
			// a class of the union: its columns have their names there
			if u, ok := l.mapper.polyFrom().Columns().Get(c.Key); ok {
				r = l.cols[u]
			}
		}
		switch {
		case r != nil:
			p.columns = append(p.columns, columnFill{a, r.at})
		case deferred[k]:
			if !a.col.Deferred || raising[k] {
				p.defer_ = append(p.defer_, deferFill{a, raising[k]})
			}
		case a.col.QueryExpression:
		case a.col.Deferred:
		default:
			p.expire = append(p.expire, a)
		}
	}
	for _, f := range l.rels {
		if a := m.attributes[f.rel.key]; a != nil && a.rel == f.rel {
			p.rels = append(p.rels, plannedRel{a, f})
		}
	}
	known := map[*Relationship]bool{}
	for _, f := range l.rels {
		known[f.rel] = true
	}
	if m != l.mapper && l.only == nil && !l.refresh {
		for _, r := range m.Relationships() {
			if known[r] || r.Lazy == "write_only" || r.Lazy == "dynamic" {
				continue
			}
			lazy := r.Lazy
			if lazy == "joined" {
				lazy = "select"
			}
			p.rels = append(p.rels, plannedRel{m.attributes[r.key], &relFill{rel: r, lazy: lazy, node: l.node.child(r.key)}})
		}
	}
	return p
}

var lastRun atomic.Uint64

// loadContext is one execution of a query that loads objects.
type loadContext struct {
	session          *Session
	identities       *identityMap // the session's, when the query was sent
	run              uint64
	populateExisting bool
	token            any
	partial          map[*Instance]map[int]bool
	collectors       map[collectorKey]*collector
	batches          map[*relFill]*batch
	batchOrder       []*relFill
	polyBatches      map[*Mapper]*polyBatch
	polyOrder        []*Mapper
	lazyFrom         *Instance
	refreshing       *Instance // whose row is loaded anew
	lazy             bool      // a lazy load: objects in the session load nothing more
	subPath          []*Relationship
	subEntity        *Entity
	source           *core.Select
	served, values   []*core.Bind // parameters of source, and those that have their places now
	path             []any        // for listeners of do_orm_execute
	options          core.Options // that these gave
	fired            []func()
}

type collectorKey struct {
	i    *Instance
	slot int
}

// collector gathers the items of a collection over several rows.
type collector struct {
	c    *Collection
	seen map[*Instance]bool
}

func (c *collector) add(x *Instance) {
	if !c.seen[x] {
		c.seen[x] = true
		c.c.load(x)
	}
}

// batch are the objects whose relationship a second query loads.
type batch struct {
	fill      *relFill
	loader    *instanceLoader
	instances []*Instance
	overwrite map[*Instance]bool // by object: whether what is there is replaced
}

type polyBatch struct {
	mapper    *Mapper
	loader    *instanceLoader
	instances []*Instance
	seen      map[*Instance]bool
}

func newLoadContext(s *Session) *loadContext {
	return &loadContext{session: s, identities: s.identities, run: lastRun.Add(1)}
}

// row gives the object of a row; nil if there is none.
func (l *instanceLoader) row(ctx *loadContext, row []any) *Instance {
	s := ctx.session
	if i := ctx.refreshing; l.refresh {
		l.refreshFrom(ctx, i, row)
		return i
	}
	m := l.mapper
	if l.missing != nil {
		fail(exc.NoSuchColumnError, "Could not locate column in row for column '%s'", qualified(l.missing))
	}
	var first any
	missing := 0
	for n, r := range l.pk {
		if row[r.at] == nil {
			missing++
		}
		if n == 0 {
			first = row[r.at]
		}
	}
	if missing == len(l.pk) || missing > 0 && m.NoPartialPKs {
		return nil
	}
	if l.discriminator != nil {
		d := row[l.discriminator.at]
		if d != nil {
			sub := m.base.identities[d]
			if sub == nil && m.Concrete {
				sub = m.identities[d]
			}
			if sub == nil {
				fail(exc.AssertionError, "No such polymorphic_identity '%v' is defined", d)
			}
			if sub != m {
				if !sub.IsA(m) {
					return nil
				}
				m = sub
			}
		}
	}
	var key *Identity
	id := identityKey{base: m.identity, first: comparable1(first)}
	if len(l.pk) > 1 || ctx.token != nil {
		vals := make([]any, len(l.pk))
		for n, r := range l.pk {
			vals[n] = row[r.at]
		}
		key = m.NewIdentity(vals, ctx.token)
		id = key.id
	}
	i := s.identities.get(id)
	created := false
	if i == nil {
		if key == nil {
			key = &Identity{Base: m.identity, Values: []any{first}, id: id}
		}
		i = m.allocate()
		if ctx.identities != s.identities {
			fail(exc.InvalidRequestError, "Object %s cannot be converted to 'persistent' state, as this identity map is no longer valid.  Has the owning Session been closed?", i)
		}
		i.key = key
		i.session = s
		i.run = ctx.run
		s.identities.put(i)
		created = true
		l.populate(ctx, i, row, true)
		l.loaded(ctx, i)
		return i
	}
	if i.run == ctx.run && !created {
		if pm := ctx.partial[i]; pm != nil {
			l.populatePartial(ctx, i, row, pm, false)
			return i
		}
		l.populate(ctx, i, row, false)
		return i
	}
	if ctx.populateExisting || m.AlwaysRefresh {
		i.run = ctx.run
		i.expired = false
		l.populate(ctx, i, row, true)
		i.commitAll()
		if i.mapper.listens("refresh") {
			ctx.fired = append(ctx.fired, func() { i.mapper.fire("refresh", i, nil, nil) })
		}
		return i
	}
	// already in the session: only what is not loaded
	i.run = ctx.run
	unloaded := i.unloadedSlots()
	if ctx.partial == nil {
		ctx.partial = map[*Instance]map[int]bool{}
	}
	ctx.partial[i] = unloaded
	l.populatePartial(ctx, i, row, unloaded, true)
	return i
}

func (l *instanceLoader) loaded(ctx *loadContext, i *Instance) {
	m := i.mapper
	if m.OnLoad != nil {
		m.OnLoad(i)
	}
	if m.listens("load") {
		ctx.fired = append(ctx.fired, func() { m.fire("load", i, nil) })
	}
	if ctx.session.listens("loaded_as_persistent") {
		ctx.fired = append(ctx.fired, func() { ctx.session.fire("loaded_as_persistent", ctx.session, i) })
	}
}

func (i *Instance) unloadedSlots() map[int]bool {
	out := map[int]bool{}
	for _, k := range i.mapper.order {
		a := i.mapper.attributes[k]
		if a.slot >= 0 && i.at(a.slot) == NoValue {
			if _, changed := i.wasCommitted(a.slot); !changed {
				out[a.slot] = true
			}
		}
	}
	return out
}

// refreshFrom overwrites the asked attributes of an object.
func (l *instanceLoader) refreshFrom(ctx *loadContext, i *Instance, row []any) {
	first := i.run != ctx.run
	i.run = ctx.run
	l.populate(ctx, i, row, first)
	if !first {
		return
	}
	if l.only == nil {
		i.commitAll()
	} else {
		for k := range l.only {
			if a := i.mapper.attributes[k]; a != nil && a.slot >= 0 {
				i.forgetCommitted(a.slot)
			}
		}
	}
	if i.mapper.listens("refresh") {
		keys := make([]any, 0, len(l.only))
		for k := range l.only {
			keys = append(keys, k)
		}
		i.mapper.fire("refresh", i, nil, keys)
	}
}

// populate fills an object from a row. first is false for further rows of it.
func (l *instanceLoader) populate(ctx *loadContext, i *Instance, row []any, first bool) {
	p := l.plan(i.mapper)
	if first {
		if l.node != nil && l.only == nil {
			i.options = l.node
		}
		for _, f := range p.columns {
			i.put(f.a.slot, row[f.at])
		}
		if len(i.expiredSlots) > 0 {
			for _, f := range p.columns {
				delete(i.expiredSlots, f.a.slot)
			}
		}
		if l.only == nil || len(i.expiredSlots) == 0 {
			i.expired = false
		}
		for _, a := range p.expire {
			i.put(a.slot, NoValue)
			i.expiredSlots.add(a.slot)
		}
		for _, d := range p.defer_ {
			l.deferAttr(i, d)
		}
	}
	for _, r := range p.rels {
		l.populateRel(ctx, i, row, r, first, true, true)
	}
	l.polymorphic(ctx, i, first)
}

func (l *instanceLoader) deferAttr(i *Instance, d deferFill) {
	if i.override == nil {
		i.override = map[int]strategy{}
	}
	i.put(d.a.slot, NoValue)
	delete(i.expiredSlots, d.a.slot)
	if d.raise {
		i.override[d.a.slot] = raiseStrategy{}
	} else {
		i.override[d.a.slot] = deferStrategy{}
	}
}

// populatePartial fills what an object in the session has not loaded.
func (l *instanceLoader) populatePartial(ctx *loadContext, i *Instance, row []any, unloaded map[int]bool, first bool) {
	p := l.plan(i.mapper)
	if first && i.expired && l.node != nil && l.only == nil && l.node.tree != nil && len(l.node.tree.criteria) > 0 {
		// Nothing of an earlier load is left. In Python, where hardly anybody
		// holds such an object, it would be a new one, and lazy loads of it would
		// have the criteria.
		i.options = l.node.tree.bare
	}
	if first && len(unloaded) > 0 {
		for _, f := range p.columns {
			if unloaded[f.a.slot] {
				i.put(f.a.slot, row[f.at])
				delete(i.expiredSlots, f.a.slot)
			}
		}
		i.expired = false
	}
	for _, r := range p.rels {
		l.populateRel(ctx, i, row, r, first, unloaded[r.a.slot], false)
	}
	l.polymorphic(ctx, i, first)
}

// populateRel does for a relationship what its strategy does per row. fill says
// that the attribute takes what is loaded, full that the whole object does.
func (l *instanceLoader) populateRel(ctx *loadContext, i *Instance, row []any, r plannedRel, first, fill, full bool) {
	f := r.f
	switch f.lazy {
	case "joined":
		if f.nested == nil {
			return
		}
		x := f.nested.row(ctx, row)
		if !fill {
			return
		}
		if f.rel.UseList {
			k := collectorKey{i, r.a.slot}
			c := ctx.collectors[k]
			if c == nil {
				c = &collector{c: newCollection(i, r.a), seen: map[*Instance]bool{}}
				if ctx.collectors == nil {
					ctx.collectors = map[collectorKey]*collector{}
				}
				ctx.collectors[k] = c
				i.setCollectionLoaded(r.a, c.c)
			}
			if x != nil {
				c.add(x)
			}
		} else if first || i.at(r.a.slot) == NoValue {
			if x == nil {
				i.setLoaded(r.a, nil)
			} else {
				i.setLoaded(r.a, x)
			}
		}
	case "selectin", "subquery", "immediate":
		if !first || !full && ctx.lazy && (f.lazy != "subquery" || !fill) {
			return
		}
		if l.only != nil && !l.only[r.a.key] || f.lazy != "immediate" && f.circular(l.path) {
			return
		}
		b := ctx.batches[f]
		if b == nil {
			b = &batch{fill: f, loader: l, overwrite: map[*Instance]bool{}}
			if ctx.batches == nil {
				ctx.batches = map[*relFill]*batch{}
			}
			ctx.batches[f] = b
			ctx.batchOrder = append(ctx.batchOrder, f)
		}
		if _, seen := b.overwrite[i]; !seen {
			b.instances = append(b.instances, i)
		}
		b.overwrite[i] = full || fill && f.lazy == "subquery"
	case "raise", "raise_on_sql", "noload":
		if first && fill {
			if f.given {
				i.overrideWith(r.a, strategyFor(f.lazy, f))
			}
		}
	default:
		if full && first && (ctx.populateExisting || i.mapper.AlwaysRefresh) && !r.a.writeOnly() { // what was loaded counts no more
			i.put(r.a.slot, NoValue)
			i.forgetCommitted(r.a.slot)
			delete(i.empties, r.a.slot)
			delete(i.pending, r.a.slot)
		}
		if first && fill && (f.given && f.rel.Lazy != "select" || f.node != nil && len(f.node.and) > 0) {
			i.overrideWith(r.a, &lazyStrategy{rel: f.rel})
		}
	}
}

func (i *Instance) overrideWith(a *attribute, s strategy) {
	if i.override == nil {
		i.override = map[int]strategy{}
	}
	i.override[a.slot] = s
}

// setCollectionLoaded puts a collection from the database, with what was
// pending on it.
func (i *Instance) setCollectionLoaded(a *attribute, c *Collection) {
	i.setLoaded(a, c)
	delete(i.empties, a.slot)
}

// loadCollection is the collection of what was loaded for an attribute, with
// what was added to and taken from it before it was loaded.
func (i *Instance) loadCollection(a *attribute, members []*Instance) *Collection {
	c := newCollection(i, a)
	for _, m := range members {
		c.load(m)
	}
	i.setCollectionLoaded(a, c)
	i.applyPending(a, c)
	return c
}

func (l *instanceLoader) polymorphic(ctx *loadContext, i *Instance, first bool) {
	if !first || l.refresh {
		return
	}
	if i.mapper == l.mapper {
		return
	}
	wanted := false
	for _, m := range l.poly {
		if i.mapper.IsA(m) {
			wanted = true
		}
	}
	for m := i.mapper; m != nil && m != l.mapper; m = m.Inherits {
		if m.PolymorphicLoad == "selectin" {
			wanted = true
		}
	}
	if !wanted {
		return
	}
	b := ctx.polyBatches[i.mapper]
	if b == nil {
		b = &polyBatch{mapper: i.mapper, loader: l, seen: map[*Instance]bool{}}
		if ctx.polyBatches == nil {
			ctx.polyBatches = map[*Mapper]*polyBatch{}
		}
		ctx.polyBatches[i.mapper] = b
		ctx.polyOrder = append(ctx.polyOrder, i.mapper)
	}
	if !b.seen[i] {
		b.seen[i] = true
		b.instances = append(b.instances, i)
	}
}

// finish runs what loading leaves for after the rows: second queries, events.
func (ctx *loadContext) finish() {
	for len(ctx.polyOrder) > 0 {
		m := ctx.polyOrder[0]
		ctx.polyOrder = ctx.polyOrder[1:]
		b := ctx.polyBatches[m]
		delete(ctx.polyBatches, m)
		b.load(ctx)
	}
	// subqueries go while rows are read, the other second queries afterwards
	slices.SortStableFunc(ctx.batchOrder, func(x, y *relFill) int {
		return boolOrder(x.lazy != "subquery") - boolOrder(y.lazy != "subquery")
	})
	for len(ctx.batchOrder) > 0 {
		f := ctx.batchOrder[0]
		ctx.batchOrder = ctx.batchOrder[1:]
		b := ctx.batches[f]
		delete(ctx.batches, f)
		b.load(ctx)
	}
	for k, c := range ctx.collectors {
		k.i.applyPending(c.c.attr, c.c)
	}
	ctx.collectors = nil
	ctx.partial = nil
	ctx.run = lastRun.Add(1)
	fired := ctx.fired
	ctx.fired = nil
	for _, f := range fired {
		f()
	}
}

func boolOrder(b bool) int {
	if b {
		return 1
	}
	return 0
}

// applyPending adds to a freshly loaded collection what was done to it before.
func (i *Instance) applyPending(a *attribute, c *Collection) {
	pc := i.pending[a.slot]
	if pc == nil {
		return
	}
	delete(i.pending, a.slot)
	original := c.snapshot()
	for _, x := range pc.added {
		if c.class.Kind != SetCollection || c.Index(x) < 0 {
			c.load(x)
		}
	}
	for _, x := range pc.removed {
		c.drop(x)
	}
	i.forgetCommitted(a.slot)
	i.committed = append(i.committed, committedValue{a.slot, original})
}

// value is an element of a row of the result.
func (e *element) value(ctx *loadContext, row []any) any {
	switch {
	case e.loader != nil:
		if i := e.loader.row(ctx, row); i != nil {
			return i
		}
		return nil
	case e.bundle != nil && e.bundle.Process != nil:
		return must(e.processor()(&bundleRow{ctx, row}))
	case e.bundle != nil:
		vals := make([]any, len(e.parts))
		for n, p := range e.parts {
			vals[n] = p.value(ctx, row)
		}
		return engine.NewRow(e.meta(), vals)
	case e.comp != nil:
		vals := make([]any, len(e.refs))
		null := true
		for n, r := range e.refs {
			vals[n] = row[r.at]
			null = null && vals[n] == nil
		}
		if null {
			return nil
		}
		return must(e.comp.New(vals))
	}
	return row[e.ref.at]
}

// bundleRow is a row as the processors of a bundle hand it on.
type bundleRow struct {
	ctx *loadContext
	row []any
}

// processor is what the bundle's own Process has made.
func (e *element) processor() func(row any) (any, error) {
	if e.process == nil {
		labels := make([]string, len(e.parts))
		procs := make([]func(any) (any, error), len(e.parts))
		for n, p := range e.parts {
			labels[n] = p.name
			procs[n] = func(row any) (v any, err error) {
				defer catch(&err)
				r, ok := row.(*bundleRow)
				if !ok {
					fail(exc.TypeError, "a processor of a Bundle takes the row that its create_row_processor() was given")
				}
				return p.value(r.ctx, r.row), nil
			}
		}
		e.process = must(e.bundle.Process(labels, procs))
	}
	return e.process
}

func (e *element) meta() *engine.Meta {
	if e.bundleMeta == nil {
		keys := make([]string, len(e.parts))
		targets := make([][]core.Expr, len(e.parts))
		for n, p := range e.parts {
			keys[n] = p.name
			if p.expr != nil {
				targets[n] = []core.Expr{p.expr, core.Plain(p.expr)}
			}
		}
		e.bundleMeta = engine.NewMeta(keys).WithTargets(targets)
	}
	return e.bundleMeta
}

// loadDeferred loads a deferred column, with its group.
func (a *attribute) loadDeferred(i *Instance, p passive) any {
	if i.key == nil || !a.col.Deferred {
		return NoValue
	}
	if a.col.QueryExpression {
		return NoValue
	}
	if a.col.RaiseLoad && i.override[a.slot] == nil {
		fail(exc.InvalidRequestError, "'%s.%s' is not available due to raiseload=true", a.mapper.Name, a.key)
	}
	return a.loadColumns(i, p)
}

func (a *attribute) loadColumns(i *Instance, p passive) any {
	if p&sqlOK == 0 {
		return noResult
	}
	keys := []string{a.key}
	if g := a.col.Group; g != "" {
		keys = nil
		for _, cp := range i.mapper.ColumnAttrs() {
			if b := i.mapper.attributes[cp.key]; cp.Deferred && cp.Group == g && i.at(b.slot) == NoValue {
				keys = append(keys, cp.key)
			}
		}
	}
	s := i.session
	if s == nil {
		fail(exc.DetachedInstanceError, "Parent instance %s is not bound to a Session; deferred load operation of attribute '%s' cannot proceed", i, a.key)
	}
	if !s.loadOn(i, keys, core.LabelTablename, nil) {
		fail(exc.ObjectDeletedError, "Instance '%s' has been deleted, or its row is otherwise not present.", i)
	}
	return i.at(a.slot)
}

// loadExpired loads the expired attributes; it reports false if that is not
// allowed now.
func (i *Instance) loadExpired(p passive) bool {
	if p&sqlOK == 0 {
		return false
	}
	var keys []string
	for _, k := range i.mapper.order {
		a := i.mapper.attributes[k]
		if a.slot < 0 || !i.expiredSlots.has(a.slot) {
			continue
		}
		if _, changed := i.wasCommitted(a.slot); changed {
			continue
		}
		keys = append(keys, k)
	}
	s := i.session
	if s == nil {
		if p&noRaise != 0 {
			return false
		}
		fail(exc.DetachedInstanceError, "Instance %s is not bound to a Session; attribute refresh operation cannot proceed", i)
	}
	if i.key == nil {
		for _, c := range i.mapper.primaryKey {
			if i.expiredSlots.has(i.attr(i.mapper.colProps[c].key).slot) {
				fail(exc.InvalidRequestError, "Instance %s cannot be refreshed - it's not  persistent and does not contain a full primary key.", i)
			}
		}
		i.expiredSlots = nil
		return true
	}
	if p&noAutoflush == 0 {
		mark := s.reloading
		s.reloading = nil
		s.autoflush()
		s.reloading = mark
	}
	i.expired = false
	if len(keys) == 0 {
		i.expiredSlots = nil
		return true
	}
	if !s.loadAttributes(i, keys) {
		fail(exc.ObjectDeletedError, "Instance '%s' has been deleted, or its row is otherwise not present.", i)
	}
	// what the rows did not have is no longer waited for
	i.expiredSlots = nil
	return true
}

// loadAttributes loads attributes of a persistent object, relationships as far
// as they load with it. For columns
// of subclass tables alone it asks only these.
func (s *Session) loadAttributes(i *Instance, keys []string) bool {
	var columns []string
	for _, k := range keys {
		if i.mapper.attributes[k].col != nil {
			columns = append(columns, k)
		}
	}
	if stmt := i.mapper.optimizedGet(i, columns); stmt != nil {
		return s.loadFrom(i, stmt, columns)
	}
	return s.loadOn(i, keys, core.LabelTablename, nil)
}
