package orm

import (
	"slices"
	"strconv"

	"alchemysh/core"
	"alchemysh/core/types"
)

const selectinChunk = 500

// load runs the second query for the relationship of a batch of objects.
func (b *batch) load(ctx *loadContext) {
	f := b.fill
	a := func(i *Instance) *attribute { return i.mapper.attributes[f.rel.key] }
	if f.lazy == "immediate" || ctx.refreshing != nil { // one object does without a batch
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
	if f.lazy == "subquery" && ctx.source != nil {
		b.loadBySubquery(ctx)
		return
	}
	b.loadByKeys(ctx)
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

// assign gives an object what was loaded for it.
func (b *batch) assign(i *Instance, list []*Instance) {
	r := b.fill.rel
	a := i.mapper.attributes[r.key]
	if !b.overwrite[i] && (i.at(a.slot) != NoValue || b.fill.lazy == "subquery") {
		return
	}
	if r.UseList {
		i.loadCollection(a, list)
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

// secondQuery is the query that loads a relationship of all objects of a first
// query together.
type secondQuery struct {
	*ownQuery
	keys    int  // so many columns of the owner's key come first in a row
	objects bool // or the rows are only the objects, found by their own key
}

// secondQuery is the batch's query. It is made with the plan of the first one.
func (b *batch) secondQuery(build func() *secondQuery) *secondQuery {
	f := b.fill
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.second == nil {
		q := build()
		q.plan = q.planNow()
		f.second = q
	}
	return f.second
}

// loadByKeys is selectinload: WHERE key IN (…).
func (b *batch) loadByKeys(ctx *loadContext) {
	r := b.fill.rel
	q := b.secondQuery(b.selectByKeys)
	if q.objects {
		b.loadChildren(ctx, q)
		return
	}
	for start := 0; start < len(b.instances); start += selectinChunk {
		chunk := b.instances[start:min(start+selectinChunk, len(b.instances))]
		keys := make([]any, 0, len(chunk))
		for _, i := range chunk {
			keys = append(keys, oneOrTuple(i.key.Values))
		}
		byKey := map[identityKey][]*Instance{}
		ctx.session.load(ctx.second(b), q.ownQuery, q.values(keys), func(row []any) {
			if x, ok := row[q.keys].(*Instance); ok {
				k := r.parent.NewIdentity(row[:q.keys], nil).id
				byKey[k] = append(byKey[k], x)
			}
		})
		for _, i := range chunk {
			b.assign(i, uniqueInstances(byKey[r.parent.NewIdentity(i.key.Values, nil).id]))
		}
	}
}

// second is the context of a query for a batch of this one's objects.
func (ctx *loadContext) second(b *batch) *loadContext {
	c := newLoadContext(ctx.session)
	c.path = b.path()
	c.populateExisting = ctx.populateExisting
	c.token = ctx.token
	return c
}

// selectByKeys makes the query of loadByKeys.
func (b *batch) selectByKeys() *secondQuery {
	r := b.fill.rel
	node := b.fill.node
	target := r.entity
	if node != nil && node.ofType != nil {
		target = node.ofType
	}
	q := &core.Select{LabelStyle: core.LabelTablename}
	var keyCols []core.Expr
	out := &secondQuery{ownQuery: &ownQuery{settings: loadSettings{outer: node, base: b.loader.path}}}
	omit := r.omitJoin(b.loader.mapper)
	switch {
	case r.simpleManyToOne() && r.entity.alias == nil:
		for _, pk := range r.target.primaryKey {
			keyCols = append(keyCols, target.column(pk))
		}
		q.Raw = []core.Node{target.Node()}
		out.objects = true
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
	out.keys = len(keyCols)
	out.source, out.served = whereIn(q, keyCols)
	return out
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

// whereIn restricts q to keys, a parameter.
func whereIn(q *core.Select, cols []core.Expr) (*core.Select, []*core.Bind) {
	left := cols[0]
	b := &core.Bind{Key: "primary_keys", Value: []any{}, Type: left.ExprType()}
	if len(cols) > 1 {
		tuple := core.NewTuple(cols...)
		left = tuple
		b.Type = tuple.ExprType()
	}
	in := core.In(left, b, false)
	keys := in.(*core.Binary).Right.(*core.Bind) // an expanding one, made of b
	return q.Change(func(s *core.Select) {
		s.Criteria = append([]core.Expr{in}, s.Criteria...)
	}), []*core.Bind{keys}
}

// loadChildren is selectinload of a many-to-one: the targets by their keys.
func (b *batch) loadChildren(ctx *loadContext, q *secondQuery) {
	r := b.fill.rel
	waiting := map[identityKey][]*Instance{}
	var order []identityKey
	vals := map[identityKey][]any{}
	for _, i := range b.instances {
		k := make([]any, len(r.lazyClause.sources))
		for n, c := range r.lazyClause.sources {
			if v := valueOf(i, c, passiveOff); !isSymbol(v) {
				k[n] = v
			}
		}
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
	for start := 0; start < len(order); start += selectinChunk {
		chunk := order[start:min(start+selectinChunk, len(order))]
		keys := make([]any, len(chunk))
		for n, id := range chunk {
			keys[n] = oneOrTuple(vals[id])
		}
		found := map[identityKey]*Instance{}
		child := ctx.second(b)
		child.lazyFrom = ctx.lazyFrom
		for _, x := range ctx.session.loadInstances(child, q.ownQuery, q.values(keys)) {
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
	done := map[string]bool{}
	for _, k := range m.order {
		p := m.byKey[k]
		if above := b.loader.mapper.byKey[k]; above != nil && (p == above || p.part().parent == b.loader.mapper) {
			done[k] = true
		} else {
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
	mark := "polymorphic"
	for _, m := range b.loader.path { // by each path it is a statement of its own
		mark += " " + strconv.FormatUint(m.serial, 10)
	}
	own := &ownQuery{settings: loadSettings{outer: node, base: b.loader.path[:max(len(b.loader.path)-1, 0)], mark: mark, done: done}}
	own.source, own.served = whereIn(q, cols)
	for start := 0; start < len(b.instances); start += selectinChunk {
		chunk := b.instances[start:min(start+selectinChunk, len(b.instances))]
		keys := make([]any, len(chunk))
		for n, i := range chunk {
			keys[n] = oneOrTuple(i.key.Values)
		}
		child := newLoadContext(ctx.session)
		child.path = append(b.loader.eventPath(), m)
		child.populateExisting, child.token, child.lazyFrom = ctx.populateExisting, ctx.token, ctx.lazyFrom
		ctx.session.loadInstances(child, own, own.values(keys))
	}
}
