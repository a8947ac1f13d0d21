package orm

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// keyWhere restricts an entity to a primary key, the parameters of which it
// gives too. What is nil has none.
func keyWhere(e *Entity, ident []any) (where []core.Expr, binds []*core.Bind) {
	where = make([]core.Expr, len(ident))
	for n, pk := range e.Mapper.primaryKey {
		c := e.column(pk)
		if ident[n] == nil {
			where[n] = core.Eq(c, nil)
			continue
		}
		b := &core.Bind{Key: "pk", Unique: true, Value: ident[n], Type: pk.ExprType()}
		where[n], binds = core.Eq(c, b), append(binds, b)
	}
	return where, binds
}

// GetOptions are what Get takes beside the key.
type GetOptions struct {
	Options          []core.Keyed
	PopulateExisting bool
	ForUpdate        *core.ForUpdate
	Token            any
	ExecutionOptions core.Options
}

// Get finds an object by its primary key, in memory or in the database; nil if
// there is none. ident are the key's values, by column or, in a map, by name.
func (s *Session) Get(e *Entity, ident any, o GetOptions) (i *Instance, err error) {
	defer catch(&err)
	m := e.Mapper.ready()
	vals := m.keyValues(ident)
	if allNil(vals) {
		return nil, nil
	}
	if pe, ok := o.ExecutionOptions["populate_existing"].(bool); ok && pe {
		o.PopulateExisting = true
	}
	if !o.PopulateExisting && !m.AlwaysRefresh && o.ForUpdate == nil {
		var like *Identity
		if o.Token != nil {
			like = &Identity{Token: o.Token}
		}
		if i, found := s.identityLookupAny(m, vals, like); found != foundNothing {
			return i, nil
		}
	}
	s.autoflush()
	var node *optionNode
	if len(o.Options) > 0 {
		node = newOptionTree(o.Options, []*Entity{e}, nil).at(e)
	}
	return s.loadByKey(m, vals, node, o.ForUpdate, nil, nil, o.PopulateExisting || o.ForUpdate != nil, ""), nil
}

func (s *Session) identityLookupAny(m *Mapper, vals []any, like *Identity) (*Instance, lookup) {
	if s.Sharding == nil || like != nil {
		return s.identityLookup(m, vals, like, passiveOff, "")
	}
	for _, t := range s.Sharding.names() {
		if i, found := s.identityLookup(m, vals, &Identity{Token: t}, passiveOff, ""); found != foundNothing {
			return i, found
		}
	}
	return nil, foundNothing
}

// keyValues reads a primary key: one value, a list, or values by name.
func (m *Mapper) keyValues(ident any) []any {
	switch v := ident.(type) {
	case map[string]any:
		out := make([]any, len(m.primaryKey))
		for n, c := range m.primaryKey {
			p := m.colProps[c]
			x, ok := v[p.key]
			for k, given := range v { // by a synonym
				if sy, is := m.byKey[k].(*Synonym); is && sy.Target == p.key {
					x, ok = given, true
				}
			}
			if !ok {
				names := ""
				for k, pc := range m.primaryKey {
					if k > 0 {
						names += ","
					}
					names += "'" + m.colProps[pc].key + "'"
				}
				fail(exc.InvalidRequestError, "Incorrect names of values in identifier to formulate primary key for session.get(); primary key attribute names are %s (synonym names are also accepted)", names)
			}
			out[n] = x
		}
		return out
	case []any:
		if len(v) != len(m.primaryKey) {
			names := ""
			for k, pc := range m.primaryKey {
				if k > 0 {
					names += ","
				}
				names += "'" + qualified(pc) + "'"
			}
			fail(exc.InvalidRequestError, "Incorrect number of values in identifier to formulate primary key for session.get(); primary key columns are %s", names)
		}
		return v
	case engine.Row:
		return m.keyValues(v.Values())
	}
	return m.keyValues([]any{ident})
}

// loadByKey selects an object by its primary key; from is the object for which
// a relationship is loaded so, if any.
func (s *Session) loadByKey(m *Mapper, ident []any, node *optionNode, lock *core.ForUpdate, from *Instance, along *Relationship, populate bool, mark string) *Instance {
	k := planKey{kind: planGet, of: m, options: node, mark: mark}
	ctx := newLoadContext(s)
	ctx.populateExisting = populate
	ctx.lazyFrom, ctx.lazy = from, from != nil
	settings := loadSettings{outer: node, mark: mark}
	if from != nil {
		k.base, settings.base = from.mapper, []*Mapper{from.mapper}
		ctx.path = []any{from.mapper, along}
	}
	build := func() *ownQuery {
		q := &ownQuery{settings: settings}
		q.source = &core.Select{Raw: []core.Node{m.Entity().Node()}, LabelStyle: core.LabelTablename, Lock: lock}
		q.source.Criteria, q.served = keyWhere(m.Entity(), ident)
		return q
	}
	q := m.Registry.planned(k, lock == nil && !hasNil(ident) && node.plannable(), build)
	load := func() []*Instance { return s.loadInstances(ctx, q, q.values(notNil(ident)...)) }
	var list []*Instance
	if s.Sharding != nil {
		list = s.Sharding.get(s, m, ident, from, load, ctx)
	} else {
		list = load()
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func hasNil(vals []any) bool { return slices.Contains(vals, nil) }

func notNil(vals []any) []any {
	return slices.DeleteFunc(slices.Clone(vals), func(v any) bool { return v == nil })
}
