package orm

import (
	"slices"

	"alchemysh/core"
)

// setup selects what loading an entity needs, and makes the loader that turns
// rows into its objects.
func (t *translator) setup(e *Entity, node *optionNode, secondary bool, via *Relationship) *instanceLoader {
	m := e.Mapper
	l := &instanceLoader{entity: e, mapper: m, node: node, cols: map[core.Expr]*colRef{}, only: t.only, refresh: t.refresh}
	l.path = append(slices.Clone(t.base), t.path...)
	l.lead, l.steps = t.lead, slices.Clone(t.steps)
	if secondary || via != nil {
		l.only, l.refresh = nil, false
	}
	a := e.adapter()
	if t.adapt != nil && !secondary {
		a = &adapter{to: t.adapt.to, memo: map[*core.Column]core.Expr{}, equivalent: m.equivalents()}
		if e.adapter() != nil {
			a = e.adapter()
		}
	}
	l.adapt, l.selected = a, t.dedupe
	if secondary {
		l.selected = t.dedupe2
	}
	take := func(c core.Expr) *colRef {
		x := a.expr(stripped(c))
		if t.adapt != nil && !secondary {
			x = t.adapt.expr(x)
		}
		r := t.add(x, secondary)
		l.cols[core.Plain(c)] = r
		return r
	}
	for _, p := range e.properties() {
		switch p := p.(type) {
		case *ColumnProperty:
			if !t.wantsColumn(p, e, node, l, take) {
				continue
			}
			for n, c := range p.Columns {
				if n == 0 {
					l.cols[core.Plain(c)] = take(p.sql())
				} else {
					take(c)
				}
			}
		case *Relationship:
			if l.only != nil && !l.only[p.key] || t.done[p.key] && len(t.path) == 1 {
				continue
			}
			t.setupRelationship(e, p, node, l, secondary)
		}
	}
	if !l.refresh {
		for _, c := range m.primaryKey {
			r := l.cols[c]
			if r == nil && e.lacks(c) {
				l.missing = c
				continue
			}
			if r == nil {
				r = take(c)
			}
			l.pk = append(l.pk, r)
		}
		if m.polymorphicOn != nil && (len(m.base.identities) > 0 || m.Concrete || m.base != m) {
			on := m.polymorphicOn
			if e.polyOn != nil {
				on = stripped(e.polyOn)
				l.discriminator = t.add(on, secondary)
			} else if r := l.cols[core.Plain(on)]; r != nil {
				l.discriminator = r
			} else if e.lacks(on) {
				l.missing = core.Plain(on).(*core.Column)
			} else {
				l.discriminator = take(on)
			}
		}
	}
	if node != nil {
		l.poly = node.poly
	}
	if !secondary { // what the joins need, after what the entity has
		for _, c := range t.joinColumns {
			t.add(c, false)
		}
		t.joinColumns = nil
	}
	return l
}

// wantsColumn decides whether a column property is selected now.
func (t *translator) wantsColumn(p *ColumnProperty, e *Entity, node *optionNode, l *instanceLoader, take func(core.Expr) *colRef) bool {
	if l.only != nil {
		return l.only[p.key] && !p.QueryExpression
	}
	spec := node.specOf(p.key, false)
	if p.QueryExpression {
		if spec != nil && spec.expr != nil {
			x := spec.expr
			if _, label := x.(*core.Label); !label {
				x = core.NewLabel(x, "")
			}
			l.cols[core.Plain(p.Columns[0])] = t.add(t.expr(x), false)
		} else if p.Default != nil {
			l.cols[core.Plain(p.Columns[0])] = t.add(p.Columns[0], false)
		}
		return false
	}
	deferred := p.Deferred
	if spec != nil {
		deferred = spec.defer_
		if spec.keepPK && (p.isTableColumn() && l.isKey(p) || p == l.mapper.polymorphicProp) {
			deferred = false
		}
	}
	if deferred && p.Deferred && node.hasGroup(p.Group) {
		deferred = false
	}
	if t.nested && !t.returning && p.isTableColumn() { // a subquery offers every column
		deferred = false
	}
	if e.lacks(p.Columns[0]) {
		deferred = true
	}
	if deferred {
		l.deferred = append(l.deferred, deferredColumn{p.key, spec != nil && spec.raise || p.RaiseLoad && spec == nil})
		return false
	}
	return true
}

func (l *instanceLoader) isKey(p *ColumnProperty) bool {
	for _, c := range p.Columns {
		if cc, ok := c.(*core.Column); ok && slices.Contains(l.mapper.primaryKey, cc) {
			return true
		}
	}
	return false
}

// setupRelationship decides how a relationship is loaded with the entity.
func (t *translator) setupRelationship(e *Entity, r *Relationship, node *optionNode, l *instanceLoader, secondary bool) {
	r.parent.ready()
	spec := node.specOf(r.key, true)
	lazy := r.Lazy
	given := spec != nil && spec.lazy != ""
	if given {
		lazy = spec.lazy
	}
	if r.Lazy == "write_only" || r.Lazy == "dynamic" {
		return
	}
	if t.noEager[r] && !given {
		lazy = "select"
	}
	child := node.child(r.key)
	f := &relFill{rel: r, lazy: lazy, node: child, spec: spec, given: given}
	switch lazy {
	case "joined":
		if spec != nil && spec.eagerly {
			if t.nested {
				return
			}
			if r.UseList {
				t.multi = true
			}
			target := spec.alias
			if target == nil {
				target = t.standIn(r.entity)
			}
			t.path, t.steps = append(t.path, r.target), append(t.steps, r)
			f.nested = t.setup(target, child, secondary, r)
			t.path, t.steps = t.path[:len(t.path)-1], t.steps[:len(t.steps)-1]
			l.rels = append(l.rels, f)
			return
		}
		if t.nested || t.refresh && l.only != nil && !l.only[r.key] {
			f.lazy = "select"
			break
		}
		if !given {
			if r.JoinDepth > 0 {
				if len(t.path) > r.JoinDepth {
					f.lazy = "select"
				}
			} else if slices.ContainsFunc(t.path, func(m *Mapper) bool { return m.commonParent(r.target) }) {
				f.lazy = "select"
			}
			if f.lazy != "joined" {
				break
			}
		}
		t.setupJoined(e, r, child, f, l, secondary)
		l.rels = append(l.rels, f)
		return
	}
	if t.nested {
		return
	}
	l.rels = append(l.rels, f)
}

// setupJoined adds the join to a related class and selects its columns.
func (t *translator) setupJoined(e *Entity, r *Relationship, child *optionNode, f *relFill, l *instanceLoader, secondary bool) {
	if r.UseList {
		t.multi = true
	}
	t.adding = true
	target := r.entity
	if child != nil && child.ofType != nil {
		target = child.ofType
	}
	var ae *Entity
	if target.alias != nil && child != nil && child.ofType != nil && target.aliased {
		ae = target
	} else {
		var of core.From
		if target.alias != nil {
			of = core.NewAlias(target.alias, "")
		}
		ae = &Entity{Mapper: target.Mapper, serial: entitySerial.Add(1), aliased: true, poly: target.polyMappers()}
		if of == nil {
			of = aliasOf(target.Mapper, target.From(), "", true)
		}
		ae.setAlias(of, false)
		if target.adapt != nil {
			ae.adapt = &adapter{to: of, memo: map[*core.Column]core.Expr{}, equivalent: target.Mapper.equivalents()}
		}
	}
	inner := r.InnerJoin
	if f.spec != nil && f.given {
		if f.spec.inner != nil {
			inner = f.spec.inner
		} else {
			inner = nil
		}
	}
	isInner := inner != nil && inner != false
	var and []core.Expr
	if child != nil {
		and = append(and, child.and...)
	}
	left := e.adapter()
	p, s, sec := r.join.joins(left, ae.adapter(), true, and)
	if t.adapt != nil && !secondary {
		p = t.adapt.expr(p)
	}
	if criteria := t.criteriaOf(ae); len(criteria) > 0 {
		if s != nil {
			s = conjoin(append([]core.Expr{s}, criteria...)...)
		} else {
			p = conjoin(append([]core.Expr{p}, criteria...)...)
		}
	}
	step := &eagerStep{rel: r, right: ae.From(), secondary: sec, on: p, on2: s, outer: !isInner}
	g := t.groupOf(e, l)
	parent := l.step
	switch {
	case isInner && parent != nil && parent.outerChain() && inner != "unnested":
		parent.inside = append(parent.inside, step)
		step.outer = false
	case isInner && parent != nil && parent.outerChain():
		step.outer = true
		g.steps = append(g.steps, step)
	default:
		g.steps = append(g.steps, step)
	}
	f.group = g
	if !secondary && t.adapt == nil {
		for _, c := range r.join.localColumns {
			if has(e.Mapper.selectable, c) {
				t.joinColumns = append(t.joinColumns, e.column(c))
			}
		}
	}
	oa := ae.adapter()
	for _, o := range r.orderBy {
		x := oa.expr(o)
		if sec != nil {
			x = adaptTo(sec).expr(x)
		}
		t.eagerOrder = append(t.eagerOrder, x)
	}
	t.path, t.steps = append(t.path, r.target), append(t.steps, r)
	f.nested = t.setupNested(ae, child, r, g, step)
	t.path, t.steps = t.path[:len(t.path)-1], t.steps[:len(t.steps)-1]
}

// outerChain reports whether the step's rows may be missing.
func (s *eagerStep) outerChain() bool { return s.outer }

// setupNested is setup for the far end of a join that loading added.
func (t *translator) setupNested(e *Entity, node *optionNode, via *Relationship, g *eagerGroup, step *eagerStep) *instanceLoader {
	t.stack = append(t.stack, joinedAt{e, g, step})
	l := t.setup(e, node, true, via)
	t.stack = t.stack[:len(t.stack)-1]
	return l
}

// joinedAt says where in the joins an entity stands.
type joinedAt struct {
	entity *Entity
	group  *eagerGroup
	step   *eagerStep
}

// groupOf is the group of joins that an entity's own joins are added to.
func (t *translator) groupOf(e *Entity, l *instanceLoader) *eagerGroup {
	for _, s := range t.stack {
		if s.entity == e {
			l.step = s.step
			return s.group
		}
	}
	base := e.root().From()
	if t.adapt != nil {
		base = t.adapt.to
	}
	for _, f := range t.from {
		if containsFrom(f, base) {
			base = f
			break
		}
	}
	for _, g := range t.groups {
		if g.base == base {
			return g
		}
	}
	g := &eagerGroup{base: base}
	t.groups = append(t.groups, g)
	return g
}
