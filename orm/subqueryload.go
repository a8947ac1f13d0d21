package orm

import (
	"slices"

	"alchemysh/core"
)

// subquerySelect is the query of a subqueryload: the original query, reduced to
// the keys, as a subquery to join from. The key's columns follow the object.
func (b *batch) subquerySelect(ctx *loadContext, path []*Relationship, leadEntity *Entity) *secondQuery {
	r := b.fill.rel
	node := b.fill.node
	target := r.entity
	if node != nil && node.ofType != nil {
		target = node.ofType
	}
	lead := path[0]
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
	for _, c := range r.join.localColumns {
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
	return &secondQuery{ownQuery: &ownQuery{source: q, served: ctx.served, settings: loadSettings{outer: node, base: b.loader.path}}}
}

// loadBySubquery is subqueryload.
func (b *batch) loadBySubquery(ctx *loadContext) {
	r := b.fill.rel
	path := append(append(slices.Clone(ctx.subPath), b.loader.steps...), r)
	leadEntity := ctx.subEntity
	if leadEntity == nil {
		leadEntity = b.loader.lead
	}
	build := func() *secondQuery { return b.subquerySelect(ctx, path, leadEntity) }
	q := (*secondQuery)(nil)
	if ctx.served != nil {
		q = b.secondQuery(build)
	} else { // the values of this execution are in the query itself
		q = build()
	}
	byKey := map[identityKey][]*Instance{}
	child := newLoadContext(ctx.session)
	child.path = b.path()
	child.source, child.served, child.values = ctx.source, ctx.served, ctx.values
	child.subPath, child.subEntity = path, leadEntity
	child.populateExisting = ctx.populateExisting
	ctx.session.load(child, q.ownQuery, ctx.values, func(row []any) {
		if x, ok := row[0].(*Instance); ok {
			k := r.parent.NewIdentity(row[1:], nil).id
			byKey[k] = append(byKey[k], x)
		}
	})
	for _, i := range b.instances {
		vals := make([]any, len(r.join.localColumns))
		for n, c := range r.join.localColumns {
			vals[n] = valueOf(i, c, passiveOff)
		}
		b.assign(i, uniqueInstances(byKey[r.parent.NewIdentity(vals, nil).id]))
	}
}
