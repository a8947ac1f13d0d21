package orm

import (
	"fmt"
	"sync/atomic"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// symbol is a value that says why there is none.
type symbol struct{ name string }

func (s *symbol) String() string { return s.name }

var (
	// NoValue stands where an attribute has no value in memory.
	NoValue any = &symbol{"NO_VALUE"}
	// NoKey is the key of an object in a keyed collection whose attribute is nil.
	NoKey any = &symbol{"NO_KEY"}
	// noResult: the value is not in memory and was not to be loaded.
	noResult any = &symbol{"PASSIVE_NO_RESULT"}
)

func isSymbol(v any) bool { _, ok := v.(*symbol); return ok }

// passive says how far reading an attribute may go.
type passive uint16

const (
	callablesOK passive = 1 << iota
	sqlOK
	relatedOK
	initOK
	nonPersistentOK
	againstCommitted
	noAutoflush
	noRaise
	historyOnly     // the value before a change: it does not become the present one
	pendingIncluded // history with what is pending on a collection that is not loaded

	passiveOff            = relatedOK | nonPersistentOK | initOK | callablesOK | sqlOK
	passiveReturnNoValue  = passiveOff &^ initOK
	passiveNoInitialize   = passiveReturnNoValue &^ callablesOK
	passiveNoFetch        = passiveOff &^ sqlOK
	passiveNoFetchRelated = passiveOff &^ relatedOK
	passiveOnlyPersistent = passiveOff &^ nonPersistentOK
)

// Instance is one object of a mapped class. It is its own state: the values of
// its attributes, what they were when last loaded, its identity and session.
type Instance struct {
	mapper *Mapper
	vals   []any // by slot; NoValue where nothing is loaded

	handle any
	// Info is the person's; Fields is what the binding layer keeps with the
	// object: a Settler is asked before the values are written.
	Info   map[string]any
	Fields any

	committed []committedValue // what changed attributes were
	key       *Identity
	session   *Session
	insert    uint64 // order of add()

	deleted      bool // DELETE was flushed in the current transaction
	modified     bool
	expired      bool
	expiredSlots slotSet

	parents         map[*Relationship]parentMark
	pending         map[int]*pendingChanges // of collections that are not loaded
	empties         map[int]*Collection
	override        map[int]strategy // loading per object, by options of its query
	options         *optionNode      // of the query that loaded it
	run             uint64           // the loading that touched it last
	composites      map[string]any
	address         uint64
	orphanedOutside bool
	token           any // of the shard
	loadPending     bool
}

type committedValue struct {
	slot int
	was  any
}

// parentMark is who an object belongs to along a relationship.
type parentMark struct {
	has    bool
	parent *Instance
}

type slotSet map[int]struct{}

func (s *slotSet) add(n int) {
	if *s == nil {
		*s = slotSet{}
	}
	(*s)[n] = struct{}{}
}
func (s slotSet) has(n int) bool { _, ok := s[n]; return ok }

// New makes a transient object without values.
func (m *Mapper) New() *Instance {
	m.ready()
	return m.allocate()
}

func (m *Mapper) allocate() *Instance {
	if len(m.blank) < m.base.count {
		m.blank = make([]any, m.base.count)
		for i := range m.blank {
			m.blank[i] = NoValue
		}
	}
	i := &Instance{mapper: m, vals: make([]any, len(m.blank))}
	copy(i.vals, m.blank)
	return i
}

// Construct makes a transient object and sets the values; the discriminator
// of a polymorphic class is set too.
func (m *Mapper) Construct(values []Named) (i *Instance, err error) {
	defer catch(&err)
	i = m.New()
	i.Initialize()
	for _, v := range values {
		check(i.Set(v.Key, v.Value))
	}
	return i, nil
}

// Initialize sets what a new object has from the start: its discriminator.
func (i *Instance) Initialize() {
	m := i.mapper
	if m.HasIdentity && m.polymorphicProp != nil && !m.polymorphicProp.Discriminator && m.PolymorphicIdentity != nil {
		if a := m.attributes[m.polymorphicProp.key]; a != nil && m.polymorphicProp.isTableColumn() {
			a.setScalar(i, m.PolymorphicIdentity, nil)
		}
	}
}

// Mapper is the object's mapper.
func (i *Instance) Mapper() *Mapper { return i.mapper }

// Session is the session that the object is in; nil if none.
func (i *Instance) Session() *Session { return i.session }

// Identity is the object's primary key in the database; nil before it is known.
func (i *Instance) Identity() *Identity { return i.key }

// CurrentIdentity is the identity that the object's present values give.
func (i *Instance) CurrentIdentity() *Identity { return i.mapper.ready().identityOf(i) }

// Transient, Pending, Persistent, Deleted and Detached are the object's states;
// exactly one holds.
func (i *Instance) Transient() bool  { return i.key == nil && i.session == nil }
func (i *Instance) Pending() bool    { return i.key == nil && i.session != nil }
func (i *Instance) Persistent() bool { return i.key != nil && i.session != nil && !i.deleted }
func (i *Instance) Deleted() bool    { return i.key != nil && i.session != nil && i.deleted }
func (i *Instance) Detached() bool   { return i.key != nil && i.session == nil }

// WasDeleted reports whether the object was deleted in a transaction that has ended.
func (i *Instance) WasDeleted() bool { return i.deleted }

// Modified reports whether anything was set since the last flush.
func (i *Instance) Modified() bool { return i.modified }

// Expired reports whether the whole object is to be loaded anew.
func (i *Instance) Expired() bool { return i.expired }

// InstanceDict is what an object has in memory, by attribute name, without any
// of what reading and setting an attribute brings about.
type InstanceDict struct{ of *Instance }

// Get is the value of an attribute; ok is false if there is none in memory.
func (d *InstanceDict) Get(key string) (v any, ok bool) { return d.of.Loaded(key) }

// Set gives an attribute a value as if it had been loaded.
func (d *InstanceDict) Set(key string, v any) error { return d.of.SetCommitted(key, v) }

// Object is whose values these are.
func (d *InstanceDict) Object() *Instance { return d.of }

// Unmodified are the names of attributes without changes.
func (i *Instance) Unmodified() []string {
	var names []string
	for _, k := range i.mapper.order {
		if a := i.mapper.attributes[k]; a.slot >= 0 {
			if _, changed := i.wasCommitted(a.slot); !changed {
				names = append(names, k)
			}
		}
	}
	return names
}

// Unloaded are the names of attributes without a value in memory.
func (i *Instance) Unloaded() []string {
	var names []string
	for _, k := range i.mapper.order {
		a := i.mapper.attributes[k]
		if a.slot >= 0 && i.at(a.slot) == NoValue {
			names = append(names, k)
		}
	}
	return names
}

// ExpiredAttributes are the names of those to be loaded anew.
func (i *Instance) ExpiredAttributes() []string {
	var names []string
	for _, k := range i.mapper.order {
		if a := i.mapper.attributes[k]; a.slot >= 0 && i.expiredSlots.has(a.slot) {
			names = append(names, k)
		}
	}
	return names
}

var lastAddress atomic.Uint64

// String names the object in messages: <User at 0x7f…>.
func (i *Instance) String() string {
	if i.address == 0 {
		i.address = 0x7f0000000000 + lastAddress.Add(64)
	}
	return fmt.Sprintf("<%s at 0x%x>", i.mapper.Name, i.address)
}

func (i *Instance) at(slot int) any {
	if slot < len(i.vals) {
		return i.vals[slot]
	}
	return NoValue
}

func (i *Instance) put(slot int, v any) {
	for slot >= len(i.vals) {
		i.vals = append(i.vals, NoValue)
	}
	i.vals[slot] = v
}

// wasCommitted is what a changed attribute was; ok is false if it is unchanged.
func (i *Instance) wasCommitted(slot int) (any, bool) {
	for _, c := range i.committed {
		if c.slot == slot {
			return c.was, true
		}
	}
	return nil, false
}

func (i *Instance) forgetCommitted(slot int) {
	for n, c := range i.committed {
		if c.slot == slot {
			i.committed = append(i.committed[:n], i.committed[n+1:]...)
			return
		}
	}
}

// change notes that an attribute is about to change from previous.
func (i *Instance) change(a *attribute, previous any) {
	if a.rel != nil && a.rel.ViewOnly { // nothing of it is ever written
		return
	}
	if _, known := i.wasCommitted(a.slot); !known {
		if c, ok := previous.(*Collection); ok {
			previous = c.snapshot()
		}
		i.committed = append(i.committed, committedValue{a.slot, previous})
	}
	i.touch()
}

// touch marks the object as modified.
func (i *Instance) touch() {
	if s := i.session; s != nil && !i.modified {
		s.autobegin("modified")
		if i.key != nil && !i.deleted {
			s.identities.modified.add(i)
		}
	}
	i.modified = true
}

// commitAll makes the present values the committed ones.
func (i *Instance) commitAll() {
	for _, c := range i.committed {
		if s, ok := i.at(c.slot).(*Stream); ok { // what was added and removed has been written
			s.added, s.removed = nil, nil
		}
	}
	i.committed = i.committed[:0]
	i.forgetNoComposites()
	i.pending = nil
	i.modified = false
	if s := i.session; s != nil {
		s.identities.modified.remove(i)
	}
}

// Get reads an attribute, loading it if it must be.
func (i *Instance) Get(key string) (v any, err error) {
	defer catch(&err)
	a := i.mapper.attributes[key]
	if a == nil {
		i.mapper.ready()
		if a = i.mapper.attributes[key]; a == nil {
			fail(exc.AttributeError, "'%s' object has no attribute '%s'", i.mapper.Name, key)
		}
	}
	return a.read(i), nil
}

// Set assigns an attribute.
func (i *Instance) Set(key string, v any) (err error) {
	defer catch(&err)
	a := i.mapper.attributes[key]
	if a == nil {
		i.mapper.ready()
		if a = i.mapper.attributes[key]; a == nil {
			fail(exc.AttributeError, "'%s' object has no attribute '%s'", i.mapper.Name, key)
		}
	}
	a.assign(i, v)
	return nil
}

// Delete removes an attribute's value: del obj.attr.
func (i *Instance) Delete(key string) (err error) {
	defer catch(&err)
	a := i.mapper.attributes[key]
	if a == nil {
		fail(exc.AttributeError, "'%s' object has no attribute '%s'", i.mapper.Name, key)
	}
	a.del(i)
	return nil
}

// Has reports whether the class has a mapped attribute of that name.
func (i *Instance) Has(key string) bool { return i.mapper.attributes[key] != nil }

// Loaded gives an attribute's value if it is in memory; it loads nothing.
func (i *Instance) Loaded(key string) (any, bool) {
	a := i.mapper.attributes[key]
	if a == nil || a.slot < 0 {
		return nil, false
	}
	v := i.at(a.slot)
	return v, v != NoValue
}

// SetCommitted sets a value as if it had just been loaded: set_committed_value.
func (i *Instance) SetCommitted(key string, v any) (err error) {
	defer catch(&err)
	a := i.mapper.attributes[key]
	if a == nil {
		fail(exc.AttributeError, "'%s' object has no attribute '%s'", i.mapper.Name, key)
	}
	if a.rel != nil && a.rel.UseList {
		c := newCollection(i, a)
		for _, x := range a.listOf(v) {
			c.load(x)
		}
		v = c
		delete(i.empties, a.slot)
	}
	i.setLoaded(a, v)
	return nil
}

// setLoaded puts a value from the database.
func (i *Instance) setLoaded(a *attribute, v any) {
	i.put(a.slot, v)
	i.forgetCommitted(a.slot)
	delete(i.expiredSlots, a.slot)
}

// Settler brings up to date what a binding layer's own values have become, which
// a script can change in place: a document that is a table there.
type Settler interface {
	Settle(i *Instance) error
}

func (i *Instance) settle() {
	if f, ok := i.Fields.(Settler); ok {
		check(f.Settle(i))
	}
}

// Replace puts another Go value for the one that an attribute has in memory. It
// is the same value to the object: nothing is recorded, and where it is what the
// attribute was before a change it is replaced there too.
func (i *Instance) Replace(key string, v any) {
	a := i.mapper.attributes[key]
	if a == nil || i.at(a.slot) == NoValue {
		return
	}
	for n := range i.committed {
		if c := &i.committed[n]; c.slot == a.slot && types.Same(c.was, i.at(a.slot)) {
			c.was = v
		}
	}
	i.put(a.slot, v)
}

// FlagModified marks an attribute as changed though it was not set.
func (i *Instance) FlagModified(key string) (err error) {
	defer catch(&err)
	a := i.mapper.attributes[key]
	if a == nil {
		fail(exc.InvalidRequestError, "Class %s has no mapped attribute '%s'", i.mapper.Name, key)
	}
	if i.at(a.slot) == NoValue {
		fail(exc.InvalidRequestError, "Can't flag attribute '%s' modified; it's not present in the object state", key)
	}
	a.events.fireIf("modified", i, a.event(opModified))
	if a.rel == nil { // whatever it was: the value counts as another
		i.forgetCommitted(a.slot)
	}
	if _, known := i.wasCommitted(a.slot); !known {
		i.committed = append(i.committed, committedValue{a.slot, NoValue})
	}
	i.touch()
	return nil
}

// FlagDirty marks the object as changed without naming an attribute.
func (i *Instance) FlagDirty() { i.touch() }

// expire forgets the values of all attributes.
func (i *Instance) expire() {
	if i.deleted && i.session == nil {
		return
	}
	i.expired = true
	if i.modified && i.session != nil {
		i.session.identities.modified.remove(i)
	}
	i.modified = false
	i.committed = i.committed[:0]
	i.forgetNoComposites()
	i.pending = nil
	i.empties = nil
	i.parents = nil
	for _, k := range i.mapper.order {
		a := i.mapper.attributes[k]
		if a.slot < 0 {
			continue
		}
		if a.rel != nil || !a.deferredExpression() && !a.deferred() {
			i.expiredSlots.add(a.slot)
			delete(i.override, a.slot)
		}
		i.invalidate(a)
		i.put(a.slot, NoValue)
	}
	if i.mapper.listens("expire") {
		i.mapper.fire("expire", i, nil)
	}
}

func (i *Instance) invalidate(a *attribute) {
	if c, ok := i.at(a.slot).(*Collection); ok {
		c.stale = true
	}
}

// expireAttributes forgets the values of some attributes.
func (i *Instance) expireAttributes(keys []string) {
	for _, k := range keys {
		a := i.mapper.attributes[k]
		if a == nil {
			fail(exc.KeyError, "'%s'", k)
		}
		if a.slot < 0 {
			if cp, ok := a.prop.(*Composite); ok {
				i.expireAttributes(cp.keys)
			}
			continue
		}
		if a.scalarLoader() {
			i.expiredSlots.add(a.slot)
		}
		i.invalidate(a)
		i.put(a.slot, NoValue)
		i.forgetCommitted(a.slot)
		delete(i.pending, a.slot)
		delete(i.empties, a.slot)
	}
	if i.mapper.listens("expire") {
		i.mapper.fire("expire", i, keys)
	}
}

// hasParent reports whether some object holds i along a relationship.
func (i *Instance) hasParent(r *Relationship, optimistic bool) bool {
	if m, ok := i.parents[r]; ok {
		return m.has
	}
	return optimistic
}

func (i *Instance) setParent(r *Relationship, parent *Instance, has bool) {
	if i.parents == nil {
		i.parents = map[*Relationship]parentMark{}
	}
	if !has {
		if m, ok := i.parents[r]; ok && m.has && m.parent != nil && m.parent != parent && m.parent.key != nil {
			return // another parent took it meanwhile
		}
	}
	i.parents[r] = parentMark{has, parent}
}

// Handle is the slot in which a binding layer keeps its value for this one.
func (i *Instance) Handle() *any { return &i.handle }
