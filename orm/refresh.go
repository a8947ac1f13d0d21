package orm

import (
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// loadOn selects attributes of a persistent object; keys nil: all of it.
func (s *Session) loadOn(i *Instance, keys []string, style core.LabelStyle, lock *core.ForUpdate) bool {
	m := i.mapper
	settings := loadSettings{refresh: true, outer: i.options, mark: "refresh " + strings.Join(keys, " ")}
	if keys != nil {
		settings.only = map[string]bool{}
		for _, k := range keys {
			settings.only[k] = true
		}
	}
	k := planKey{kind: planRefresh, of: m, options: i.options, style: style, mark: settings.mark, whole: keys == nil}
	if s.reloading != nil {
		settings.mark, settings.fresh = *s.reloading, true
		k.mark, k.reload = settings.mark, k.mark
		s.reloading = nil
	}
	q := m.Registry.planned(k, lock == nil && !hasNil(i.key.Values) && i.options.plannable(), func() *ownQuery {
		q := &ownQuery{settings: settings}
		q.source = &core.Select{Raw: []core.Node{m.Entity().Node()}, LabelStyle: style, Lock: lock}
		q.source.Criteria, q.served = keyWhere(m.Entity(), i.key.Values)
		return q
	})
	ctx := newLoadContext(s)
	ctx.lazyFrom, ctx.refreshing = i, i
	ctx.path = []any{m}
	ctx.token = i.key.Token
	ctx.populateExisting = keys == nil
	return len(s.loadInstances(ctx, q, q.values(notNil(i.key.Values)...))) > 0
}

// optimizedGet selects columns of subclass tables without their parents'.
func (m *Mapper) optimizedGet(i *Instance, keys []string) *core.Select {
	if m.Inherits == nil || m.Concrete || m.single && len(m.tables) == 1 {
		return nil
	}
	tables := map[core.From]bool{}
	var cols []core.Node
	for _, k := range keys {
		p, ok := m.byKey[k].(*ColumnProperty)
		if !ok {
			return nil
		}
		for _, e := range p.Columns {
			c, ok := e.(*core.Column)
			if !ok || c.Table == nil {
				return nil
			}
			tables[core.PlainFrom(c.Table)] = true
		}
	}
	if tables[core.PlainFrom(m.base.Local)] {
		return nil
	}
	for _, k := range keys {
		for _, e := range m.byKey[k].(*ColumnProperty).Columns {
			cols = append(cols, e)
		}
	}
	var conds []core.Expr
	chain := m.chain()
	started := false
	for n := len(chain) - 1; n >= 0; n-- {
		sub := chain[n]
		if tables[core.PlainFrom(sub.Local)] {
			started = true
		}
		if !started || sub.single || sub.inherit == nil {
			continue
		}
		missing := false
		cond := core.Replace(sub.inherit, func(x core.Node) core.Node {
			c, ok := x.(*core.Column)
			if !ok {
				return nil
			}
			if tables[core.PlainFrom(c.Table)] || core.PlainFrom(c.Table) == core.PlainFrom(sub.Local) {
				return c
			}
			p := m.colProps[c]
			if p == nil {
				missing = true
				return c
			}
			a := m.attributes[p.key]
			v, changed := i.wasCommitted(a.slot)
			if !changed {
				v = i.at(a.slot)
			}
			if isSymbol(v) || v == nil {
				missing = true
				return c
			}
			return &core.Bind{Key: "param", Unique: true, Value: v, Type: c.ExprType()}
		})
		if missing {
			return nil
		}
		conds = append(conds, cond)
		tables[core.PlainFrom(sub.Local)] = true
	}
	if len(conds) == 0 {
		return nil
	}
	return &core.Select{Raw: cols, Criteria: conds, LabelStyle: core.LabelTablename}
}

// loadFrom reads attributes of i from a select of their columns.
func (s *Session) loadFrom(i *Instance, q *core.Select, keys []string) bool {
	conn := s.connection(s.bind(i.mapper, q, i))
	cursor := must(conn.Execute(s.ctx(), q, engine.Params{}))
	rows := must(cursor.All())
	if len(rows) == 0 {
		return false
	}
	n := 0
	for _, k := range keys {
		p := i.mapper.byKey[k].(*ColumnProperty)
		i.setLoaded(i.mapper.attributes[k], rows[0].At(n))
		n += len(p.Columns)
	}
	if i.mapper.listens("refresh") {
		names := make([]any, len(keys))
		for n, k := range keys {
			names[n] = k
		}
		i.mapper.fire("refresh", i, nil, names)
	}
	return true
}

// Refresh loads an object anew, or some of its attributes.
func (s *Session) Refresh(i *Instance, keys []string, lock *core.ForUpdate) (err error) {
	defer catch(&err)
	if !s.identities.contains(i) {
		fail(exc.InvalidRequestError, "Instance '%s' is not persistent within this Session", i)
	}
	s.expire(i, keys)
	s.autoflush()
	var cols []string
	var rels []string
	if keys != nil {
		for _, k := range keys {
			a := i.attr(k)
			switch {
			case a.rel != nil:
				rels = append(rels, k)
			default:
				if c, ok := a.prop.(*Composite); ok {
					cols = append(cols, c.keys...)
				} else if sy, ok := a.prop.(*Synonym); ok {
					cols = append(cols, sy.Target)
				} else {
					cols = append(cols, k)
				}
			}
		}
		var changed []string
		for _, c := range i.mapper.primaryKey {
			if k := i.mapper.colProps[c].key; !slices.Contains(cols, k) && i.attr(k).history(i, passiveNoInitialize).HasChanges() {
				changed = append(changed, types.Repr(k))
			}
		}
		if len(changed) > 0 {
			fail(exc.InvalidRequestError, "Please flush pending primary key changes on attributes {%s} for mapper %s before proceeding with a refresh", strings.Join(changed, ", "), i.mapper)
		}
		if len(rels) > 0 { // the row is asked for even if it has nothing more to tell
			cols = append(cols, rels...)
			for _, c := range i.mapper.primaryKey {
				cols = appendOnce(cols, i.mapper.colProps[c].key)
			}
		}
	}
	if keys == nil || len(cols) > 0 {
		if !s.loadOn(i, cols, core.LabelDisambiguate, lock) {
			fail(exc.InvalidRequestError, "Could not refresh instance '%s'", i)
		}
	}
	for _, k := range rels {
		if i.at(i.attr(k).slot) == NoValue {
			i.attr(k).get(i, passiveOff)
		}
	}
	return nil
}
