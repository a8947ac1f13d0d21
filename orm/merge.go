package orm

import (
	"alchemysh/core"
	"alchemysh/core/exc"
)

// Merge copies an object's state onto the session's object of that identity,
// which it loads or makes, and gives that one. Without load, nothing is asked.
func (s *Session) Merge(i *Instance, load bool, options []core.Keyed) (out *Instance, err error) {
	defer catch(&err)
	if load {
		s.autoflush()
	}
	resume := s.SuspendAutoflush()
	defer resume()
	m := &merging{s: s, load: load, done: map[*Instance]*Instance{}, byKey: map[identityKey]*Instance{}, conflict: map[any]bool{}}
	if len(options) > 0 {
		m.node = newOptionTree(options, nil, nil).at(i.mapper.Entity())
	}
	i.mapper.ready()
	return m.merge(i), nil
}

type merging struct {
	s        *Session
	load     bool
	done     map[*Instance]*Instance
	byKey    map[identityKey]*Instance
	node     *optionNode
	conflict map[any]bool
}

func (m *merging) merge(i *Instance) *Instance {
	if x := m.done[i]; x != nil {
		return x
	}
	s, mapper := m.s, i.mapper
	key := i.key
	fromDetached := key != nil
	if key == nil {
		k := mapper.identityOf(i)
		nulls := 0
		for _, v := range k.Values {
			if v == nil {
				nulls++
			}
		}
		if nulls < len(k.Values) && (nulls == 0 || !mapper.NoPartialPKs) {
			key = k
		}
	}
	var merged *Instance
	if key != nil {
		if !m.load && i.key == nil {
			fail(exc.InvalidRequestError, "merge() with load=false option does not support objects transient (i.e. unpersisted) objects.  flush() all changes on mapped instances before merging with load=false.")
		}
		merged = s.identities.get(key.id)
		if merged == nil {
			merged = m.byKey[key.id]
		}
	}
	fresh := false
	if merged == nil {
		switch {
		case !m.load:
			if i.modified {
				fail(exc.InvalidRequestError, "merge() with load=false option does not support objects marked as 'dirty'.  flush() all changes on mapped instances before merging with load=false.")
			}
			merged = mapper.allocate()
			merged.key = key
			s.saveOrUpdateOne(merged)
			fresh = true
		case key != nil && !allNil(key.Values):
			merged = s.loadByKey(mapper, key.Values, m.node, nil, nil, nil, false, "")
		}
	}
	if merged == nil {
		merged = mapper.allocate()
		fresh = true
		m.done[i] = merged
		if key != nil {
			m.byKey[key.id] = merged
		}
		s.saveOrUpdate(merged)
	} else if merged.expired && m.load && merged != i {
		merged.loadExpired(passiveOff)
	}
	m.done[i] = merged
	if merged == i {
		return merged
	}
	if mapper.versionCol != nil && !fresh && m.load {
		have := committedOf(merged, mapper.versionCol)
		given := i.at(mapper.attributes[mapper.versionProp.key].slot)
		if !isSymbol(given) && given != nil && !equalValues(have, given) {
			fail(exc.StaleDataError, "Version id '%v' on merged state %s does not match existing version '%v'. Leave the version attribute unset when merging to update the most recent version.", given, i, have)
		}
	}
	_ = fromDetached
	for _, k := range mapper.order {
		a := mapper.attributes[k]
		if a.slot < 0 {
			continue
		}
		if a.rel != nil {
			m.relationship(a, i, merged)
			continue
		}
		m.column(a, i, merged)
	}
	if !m.load {
		merged.commitAll()
		if merged.mapper.listens("load") && fresh {
			merged.mapper.fire("load", merged, nil)
		}
	}
	return merged
}

func (m *merging) column(a *attribute, i, merged *Instance) {
	v := i.at(a.slot)
	if v == NoValue {
		if i.key != nil && merged.key != nil && m.load && i.expiredSlots.has(a.slot) {
			return
		}
		return
	}
	if !m.load {
		merged.put(a.slot, v)
		delete(merged.expiredSlots, a.slot)
		return
	}
	b := merged.mapper.attributes[a.key]
	if b == nil {
		return
	}
	b.setScalar(merged, v, nil)
}

func (m *merging) relationship(a *attribute, i, merged *Instance) {
	r := a.rel
	if a.writeOnly() {
		return
	}
	v := i.at(a.slot)
	if v == NoValue {
		return
	}
	if !r.cascade.Merge {
		return
	}
	b := merged.mapper.attributes[a.key]
	if b == nil || b.rel != r {
		return
	}
	if r.UseList {
		c := v.(*Collection)
		if m.load {
			// load what is there, to know what is replaced
			b.get(merged, passiveOnlyPersistent)
		}
		var list []*Instance
		for _, x := range c.snapshot() {
			list = append(list, m.merge(x))
		}
		if !m.load {
			n := newCollection(merged, b)
			for _, x := range list {
				n.load(x)
			}
			merged.setCollectionLoaded(b, n)
			return
		}
		b.setCollection(merged, list, nil)
		return
	}
	if v == nil {
		if m.load {
			if b.get(merged, passiveOnlyPersistent) != nil {
				b.setObject(merged, nil, nil, nil)
			}
		} else {
			merged.put(b.slot, nil)
		}
		return
	}
	if m.load {
		b.get(merged, passiveOff&^initOK)
	}
	x := m.merge(v.(*Instance))
	if !m.load {
		merged.put(b.slot, x)
		return
	}
	b.setObject(merged, x, nil, nil)
}
