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
	m := &merging{s: s, load: load, done: map[*Instance]*Instance{}, along: map[mergedAlong]bool{}, byKey: map[identityKey]*Instance{}}
	if len(options) > 0 {
		m.node = newOptionTree(options, nil, nil).at(i.mapper.Entity())
	}
	i.mapper.ready()
	return m.merge(i), nil
}

type merging struct {
	s     *Session
	load  bool
	done  map[*Instance]*Instance
	along map[mergedAlong]bool // objects come to along a relationship
	byKey map[identityKey]*Instance
	node  *optionNode
}

type mergedAlong struct {
	i *Instance
	r *Relationship
}

func (m *merging) merge(i *Instance) *Instance {
	if x := m.done[i]; x != nil {
		return x
	}
	i.settle()
	s, mapper := m.s, i.mapper
	key, known := i.key, true
	if key == nil {
		if s.new.has(i) {
			s.warn("Instance " + i.String() + " is already pending in this Session yet is being merged again; this is probably not what you want to do")
		}
		if !m.load {
			fail(exc.InvalidRequestError, "merge() with load=false option does not support objects transient (i.e. unpersisted) objects.  flush() all changes on mapped instances before merging with load=false.")
		}
		key = mapper.identityOf(i)
		nulls := 0
		for _, v := range key.Values {
			if v == nil {
				nulls++
			}
		}
		known = nulls == 0 || !mapper.NoPartialPKs && nulls < len(key.Values)
	}
	merged := s.identities.get(key.id)
	if merged == nil && known {
		merged = m.byKey[key.id]
	}
	fresh := false
	switch {
	case merged != nil:
	case !m.load:
		if i.modified {
			fail(exc.InvalidRequestError, "merge() with load=false option does not support objects marked as 'dirty'.  flush() all changes on mapped instances before merging with load=false.")
		}
		merged, fresh = mapper.allocate(), true
		merged.key = key
		s.saveOrUpdateOne(merged)
	case known:
		merged = s.loadByKey(mapper, key.Values, m.node, nil, nil, nil, false, "")
	}
	if merged == nil {
		merged, fresh = mapper.allocate(), true
		s.saveOrUpdate(merged)
	}
	m.done[i] = merged
	if known {
		m.byKey[key.id] = merged
	}
	if merged != i {
		m.checkVersion(i, merged)
		merged.options = i.options
		for slot, s := range i.override {
			if merged.override == nil {
				merged.override = map[int]strategy{}
			}
			merged.override[slot] = s
		}
		for _, k := range mapper.order {
			switch a := mapper.attributes[k]; {
			case a.slot < 0:
			case a.rel != nil:
				m.relationship(a, i, merged)
			default:
				m.column(a, i, merged)
			}
		}
	}
	if !m.load {
		merged.commitAll()
	}
	if fresh && merged.mapper.listens("load") {
		merged.mapper.fire("load", merged, nil)
	}
	return merged
}

// checkVersion refuses to merge another version of the row.
func (m *merging) checkVersion(i, merged *Instance) {
	mapper := i.mapper
	if mapper.versionCol == nil {
		return
	}
	given := mapper.attributes[mapper.versionProp.key].get(i, passiveNoInitialize)
	have := merged.mapper.attributes[mapper.versionProp.key].get(merged, passiveNoInitialize)
	if isSymbol(given) || isSymbol(have) || equalValues(have, given) {
		return
	}
	fail(exc.StaleDataError, "Version id '%v' on merged state %s does not match existing version '%v'. Leave the version attribute unset when merging to update the most recent version.", given, merged, have)
}

func (m *merging) column(a *attribute, i, merged *Instance) {
	b := merged.mapper.attributes[a.key]
	if b == nil {
		return
	}
	v := i.at(a.slot)
	switch {
	case v == NoValue:
		if merged.key != nil && merged.at(b.slot) == NoValue {
			merged.expiredSlots.add(b.slot)
		}
	case m.load:
		b.setScalar(merged, v, nil)
	default:
		merged.put(b.slot, v)
		delete(merged.expiredSlots, b.slot)
	}
}

func (m *merging) relationship(a *attribute, i, merged *Instance) {
	r := a.rel
	if m.load { // not back along the way that led here
		for _, x := range r.reverse {
			if m.along[mergedAlong{i, x}] {
				return
			}
		}
	}
	v := i.at(a.slot)
	b := merged.mapper.attributes[a.key]
	if a.writeOnly() || v == NoValue || !r.cascade.Merge || b == nil || b.rel != r {
		return
	}
	one := func(x *Instance) *Instance {
		m.along[mergedAlong{x, r}] = true
		return m.merge(x)
	}
	if r.UseList {
		if m.load { // what is there, to know what is replaced
			b.get(merged, passiveOff|noRaise)
		}
		var list []*Instance
		for _, x := range v.(*Collection).snapshot() {
			list = append(list, one(x))
		}
		if m.load {
			b.setCollection(merged, list, passiveOnlyPersistent|noRaise)
			return
		}
		n := newCollection(merged, b)
		for _, x := range list {
			n.load(x)
		}
		merged.setCollectionLoaded(b, n)
		return
	}
	var x *Instance
	if v != nil {
		x = one(v.(*Instance))
	}
	switch {
	case m.load:
		b.setObject(merged, x, nil, nil)
	case x == nil:
		merged.put(b.slot, nil)
	default:
		merged.put(b.slot, x)
	}
}
