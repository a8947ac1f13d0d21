package orm

import (
	"slices"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// CollectionClass says what kind of collection a relationship has.
type CollectionClass struct {
	Kind CollectionKind
	// Key gives an item's key in a keyed collection: NoKey where its attribute is nil,
	// NoValue where it was never set. IgnoreUnpopulated leaves both out.
	Key               func(i *Instance) (any, error)
	IgnoreUnpopulated bool
	// Ordering keeps an attribute of the items equal to their position.
	Ordering *Ordering
	Name     string
	// Made is told of each new collection, Added and Removed of what comes in and
	// goes out, also on loading: for a class that keeps the objects itself.
	Made           func(c *Collection) error
	Added, Removed func(c *Collection, x *Instance) error
}

// CollectionKind tells lists, sets and keyed collections apart.
type CollectionKind uint8

// The kinds of collection.
const (
	ListCollection CollectionKind = iota
	SetCollection
	KeyedCollection
)

// Ordering is ordering_list(attr): positions count from CountFrom, or as Func says.
type Ordering struct {
	Attr            string
	CountFrom       int
	Func            func(index int, of *Collection) (any, error)
	ReorderOnAppend bool
}

// Collection is the value of a relationship to many.
type Collection struct {
	owner *Instance
	attr  *attribute
	class *CollectionClass
	items []*Instance
	keys  []any // of a keyed collection
	stale bool  // it was replaced or expired: changes no longer count

	handle any
	own    any // a binding layer's class of its own
}

// Own is the slot for what a binding layer adds: a class of its own.
func (c *Collection) Own() *any { return &c.own }

// KeyBy has a keyed collection find its keys by another function than its class's.
func (c *Collection) KeyBy(key func(i *Instance) (any, error)) {
	class := *c.class
	class.Key = key
	c.class = &class
}

func (c *Collection) tellAdded(x *Instance) {
	if c.class.Added != nil {
		check(c.class.Added(c, x))
	}
}

func (c *Collection) tellRemoved(x *Instance) {
	if c.class.Removed != nil {
		check(c.class.Removed(c, x))
	}
}

var plainList = &CollectionClass{}

func newCollection(owner *Instance, a *attribute) *Collection {
	class := a.rel.Collection
	if class == nil {
		class = plainList
	}
	c := &Collection{owner: owner, attr: a, class: class}
	if class.Made != nil {
		check(class.Made(c))
	}
	a.events.fireIf("init_collection", owner, c, c)
	return c
}

// Owner is the object whose collection it is, Key the attribute's name.
func (c *Collection) Owner() *Instance { return c.owner }

// Key is the relationship's name.
func (c *Collection) Key() string { return c.attr.key }

// Relationship is the collection's relationship.
func (c *Collection) Relationship() *Relationship { return c.attr.rel }

// Kind is the kind of collection.
func (c *Collection) Kind() CollectionKind { return c.class.Kind }

// Len is the number of items.
func (c *Collection) Len() int { return len(c.items) }

// Items are the items in order; the slice is a copy.
func (c *Collection) Items() []*Instance { return append([]*Instance(nil), c.items...) }

// At is the item at a 0-based position; nil if there is none.
func (c *Collection) At(n int) *Instance {
	if n < 0 || n >= len(c.items) {
		return nil
	}
	return c.items[n]
}

// Contains reports whether x is in the collection.
func (c *Collection) Contains(x *Instance) bool { return indexOf(c.items, x) >= 0 }

// Index is x's 0-based position, -1 if it is not there.
func (c *Collection) Index(x *Instance) int { return indexOf(c.items, x) }

// Keys are the keys of a keyed collection.
func (c *Collection) Keys() []any { return append([]any(nil), c.keys...) }

// Get finds an item of a keyed collection.
func (c *Collection) Get(key any) *Instance {
	for n, k := range c.keys {
		if types.Equal(k, key) {
			return c.items[n]
		}
	}
	return nil
}

// Append adds x at the end.
func (c *Collection) Append(x *Instance) (err error) {
	defer catch(&err)
	c.checkItem(x)
	c.add(x, nil)
	return nil
}

// Extend adds several.
func (c *Collection) Extend(xs []*Instance) (err error) {
	defer catch(&err)
	for _, x := range xs {
		c.checkItem(x)
		c.add(x, nil)
	}
	return nil
}

// Insert adds x before a 0-based position.
func (c *Collection) Insert(n int, x *Instance) (err error) {
	defer catch(&err)
	c.checkItem(x)
	x = c.attr.fireAppend(c.owner, x, nil)
	n = min(max(n, 0), len(c.items))
	c.items = append(c.items[:n:n], append([]*Instance{x}, c.items[n:]...)...)
	c.tellAdded(x)
	c.reorder()
	return nil
}

// Remove takes x out; it is a ValueError if x is not there.
func (c *Collection) Remove(x *Instance) (err error) {
	defer catch(&err)
	if c.Index(x) < 0 {
		if c.class.Kind == SetCollection {
			fail(exc.KeyError, "%s", x)
		}
		c.checkItem(x)
		c.attr.fireRemove(c.owner, x, nil) // as Python's list tells of it before it looks
		fail(exc.ValueError, "list.remove(x): x not in list")
	}
	c.take(x, nil)
	return nil
}

// Pop takes out and gives the item at a 0-based position; -1 is the last.
func (c *Collection) Pop(n int) (x *Instance, err error) {
	defer catch(&err)
	if n < 0 {
		n += len(c.items)
	}
	if n < 0 || n >= len(c.items) {
		fail(exc.IndexError, "pop index out of range")
	}
	x = c.items[n]
	c.attr.changing(c.owner)
	c.dropAt(n)
	c.attr.fireRemove(c.owner, x, nil)
	c.reorder()
	return x, nil
}

// DeleteAt takes out the item at a 0-based position: del list[n].
func (c *Collection) DeleteAt(n int) (err error) {
	defer catch(&err)
	if n < 0 || n >= len(c.items) {
		fail(exc.IndexError, "list assignment index out of range")
	}
	x := c.items[n]
	c.attr.fireRemove(c.owner, x, nil)
	c.dropAt(n)
	c.reorder()
	return nil
}

// Count is how often x is in the collection.
func (c *Collection) Count(x *Instance) int { return c.count(x) }

// Clear takes everything out.
func (c *Collection) Clear() (err error) {
	defer catch(&err)
	c.clear()
	return nil
}

// SetAt replaces the item at a 0-based position.
func (c *Collection) SetAt(n int, x *Instance) (err error) {
	defer catch(&err)
	if x == nil {
		if n >= 0 && n < len(c.items) {
			c.take(c.items[n], nil)
		}
		return nil
	}
	c.checkItem(x)
	if n == len(c.items) {
		c.add(x, nil)
		return nil
	}
	if n < 0 || n > len(c.items) {
		fail(exc.IndexError, "list assignment index out of range")
	}
	c.attr.fireRemove(c.owner, c.items[n], nil)
	x = c.attr.fireAppend(c.owner, x, nil)
	gone := c.items[n]
	c.items[n] = x
	c.tellRemoved(gone)
	c.tellAdded(x)
	c.reorder()
	return nil
}

// SetKey puts x under a key of a keyed collection; nil takes it out.
func (c *Collection) SetKey(key any, x *Instance) (err error) {
	defer catch(&err)
	for n, k := range c.keys {
		if types.Equal(k, key) {
			if c.items[n] == x {
				return nil
			}
			c.take(c.items[n], nil)
			break
		}
	}
	if x == nil {
		return nil
	}
	c.checkItem(x)
	x = c.attr.fireAppend(c.owner, x, nil)
	c.items = append(c.items, x)
	c.keys = append(c.keys, key)
	c.tellAdded(x)
	return nil
}

func (c *Collection) checkItem(x *Instance) {
	if x == nil {
		fail(exc.AttributeError, "'NoneType' object has no attribute '_sa_instance_state'")
	}
}

// add appends with everything that goes with it.
func (c *Collection) add(x *Instance, by *token) {
	if c.class.Kind == SetCollection && c.Contains(x) {
		c.appendKept(x, by)
		return
	}
	if c.class.Kind == KeyedCollection {
		key, ok := c.keyOf(x, by)
		if !ok {
			return
		}
		for n, k := range c.keys {
			if types.Equal(k, key) {
				if c.items[n] == x {
					c.appendKept(x, by)
					return
				}
				c.take(c.items[n], by)
				break
			}
		}
	}
	x = c.attr.fireAppend(c.owner, x, by)
	c.load(x)
	c.positionLast(x)
}

// appendKept tells of an append that changes nothing: x is there already.
func (c *Collection) appendKept(x *Instance, by *token) {
	if by == nil {
		by = &token{c.attr.rel, opAppend}
	}
	c.attr.events.fireIf("append_wo_mutation", c.owner, x, by.event())
}

// load adds an item from the database: nothing else happens.
func (c *Collection) load(x *Instance) {
	if c.class.Kind == KeyedCollection {
		key, ok := c.keyOf(x, nil)
		if !ok {
			return
		}
		c.keys = append(c.keys, key)
	}
	c.items = append(c.items, x)
	c.tellAdded(x)
}

// keyOf is the key of x; ok is false where it has none and is left out for that.
func (c *Collection) keyOf(x *Instance, by *token) (key any, ok bool) {
	key = must(c.class.Key(x))
	if key != NoKey && key != NoValue {
		return key, true
	}
	if c.class.IgnoreUnpopulated {
		return nil, false
	}
	along := "unknown relationship"
	if by != nil && by.rel != nil {
		along = by.rel.key
		if p := x.mapper.byKey[along]; p != nil {
			along = by.rel.property.String()
		}
	}
	if key == NoKey {
		x.mapper.Registry.warn("Attribute keyed dictionary value for attribute '%s' was None; this will raise in a future release. To skip this assignment entirely, Set the \"ignore_unpopulated_attribute=True\" parameter on the mapped collection factory.", along)
		return nil, true
	}
	fail(exc.InvalidRequestError, "In event triggered from population of attribute '%s' (potentially from a backref), can't populate value in KeyFuncDict; dictionary key derived from %s is not populated. Ensure appropriate state is set up on the %s object before assigning to the %s attribute. To skip this assignment entirely, Set the \"ignore_unpopulated_attribute=True\" parameter on the mapped collection factory.", along, x, x, along)
	return nil, false
}

// take removes with everything that goes with it.
func (c *Collection) take(x *Instance, by *token) {
	n := c.Index(x)
	if n < 0 && (c.class.Kind != ListCollection || by == nil) {
		return
	}
	c.attr.fireRemove(c.owner, x, by)
	if n < 0 {
		return
	}
	c.drop(x)
	c.reorder()
}

func (c *Collection) drop(x *Instance) {
	if n := c.Index(x); n >= 0 {
		c.dropAt(n)
	}
}

func (c *Collection) dropAt(n int) {
	x := c.items[n]
	defer c.tellRemoved(x)
	c.items = append(c.items[:n:n], c.items[n+1:]...)
	if c.class.Kind == KeyedCollection {
		c.keys = append(c.keys[:n:n], c.keys[n+1:]...)
	}
}

// clear tells of every item before it takes them all out.
func (c *Collection) clear() {
	for _, x := range c.snapshot() {
		c.attr.fireRemove(c.owner, x, nil)
	}
	gone := c.items
	c.items, c.keys = nil, nil
	for _, x := range gone {
		c.tellRemoved(x)
	}
}

// count is how often x is in the collection.
func (c *Collection) count(x *Instance) (n int) {
	for _, y := range c.items {
		if y == x {
			n++
		}
	}
	return n
}

func (c *Collection) snapshot() []*Instance { return append([]*Instance{}, c.items...) }

// positionLast sets the place of an item that was appended, unless it has one.
func (c *Collection) positionLast(x *Instance) {
	if o := c.class.Ordering; o != nil {
		c.position(len(c.items)-1, x, o.ReorderOnAppend)
	}
}

// position sets an item's place.
func (c *Collection) position(n int, x *Instance, reorder bool) {
	o := c.class.Ordering
	if have, _ := x.Get(o.Attr); have != nil && !reorder {
		return
	}
	var want any = int64(n + o.CountFrom)
	if o.Func != nil {
		want = must(o.Func(n, c))
	}
	if have, _ := x.Get(o.Attr); !types.Equal(have, want) {
		check(x.Set(o.Attr, want))
	}
}

func (c *Collection) reorder() {
	if c.class.Ordering == nil {
		return
	}
	for n, x := range c.items {
		c.position(n, x, true)
	}
}

// Reorder sets all positions anew.
func (c *Collection) Reorder() (err error) {
	defer catch(&err)
	c.reorder()
	return nil
}

// Iterable is what a binding layer's list gives for a whole collection.
type Iterable interface{ Instances() ([]*Instance, error) }

// listOf reads what is assigned to a collection.
func (a *attribute) listOf(v any) []*Instance {
	switch v := v.(type) {
	case nil:
		fail(exc.TypeError, "Incompatible collection type: NoneType is not list-like")
	case *Collection:
		return v.Items()
	case []*Instance:
		return v
	case Iterable:
		return must(v.Instances())
	case types.Object:
		var out []*Instance
		for _, x := range v.All() {
			i, ok := x.(*Instance)
			if !ok {
				fail(exc.AttributeError, "'%s' object has no attribute '_sa_instance_state'", kindOf(x))
			}
			out = append(out, i)
		}
		return out
	case []any:
		out := make([]*Instance, len(v))
		for n, x := range v {
			i, ok := x.(*Instance)
			if !ok {
				fail(exc.AttributeError, "'%s' object has no attribute '_sa_instance_state'", kindOf(x))
			}
			out[n] = i
		}
		return out
	case *Instance:
		fail(exc.TypeError, "Incompatible collection type: %s is not list-like", v.mapper.Name)
	}
	fail(exc.TypeError, "Incompatible collection type: %s is not list-like", kindOf(v))
	return nil
}

// setCollection replaces the whole collection; p says how the old one may be
// loaded.
func (a *attribute) setCollection(i *Instance, v any, p passive) {
	if c, ok := v.(*Collection); ok && c == i.at(a.slot) {
		return
	}
	values := a.listOf(v)
	fresh := newCollection(i, a)
	bulk := &token{a.rel, opBulk}
	if a.events.has("bulk_replace") { // a listener may put others in their place
		for _, l := range a.events["bulk_replace"] {
			if r, ok := l.call([]any{i, values, bulk.event()}); ok {
				values = a.listOf(r)
			}
		}
	}
	var old *Collection
	if x, ok := a.get(i, p).(*Collection); ok {
		old = x
	} else {
		old = a.initial(i).(*Collection)
	}
	delete(i.empties, a.slot)
	if i.at(a.slot) == NoValue && !a.rel.ViewOnly {
		if _, known := i.wasCommitted(a.slot); !known {
			i.committed = append(i.committed, committedValue{a.slot, old.snapshot()})
		}
		i.touch()
	} else {
		i.change(a, old)
	}
	i.put(a.slot, fresh)
	kept := map[*Instance]bool{}
	for _, x := range values {
		if old.Contains(x) {
			kept[x] = true
			if fresh.class.Kind != SetCollection || !fresh.Contains(x) {
				fresh.load(x)
				fresh.positionLast(x)
			}
		} else {
			fresh.checkItem(x)
			fresh.add(x, bulk)
		}
	}
	gone := map[*Instance]bool{}
	for _, x := range old.snapshot() {
		if !kept[x] && !gone[x] {
			gone[x] = true
			a.fireRemove(i, x, bulk)
		}
	}
	old.stale = true
	a.events.fireIf("dispose_collection", i, old, old)
}

// Handle is the slot in which a binding layer keeps its value for this one.
func (c *Collection) Handle() *any { return &c.handle }

// Sort orders the items by keys, one for each.
func (c *Collection) Sort(keys []any, reverse bool) (err error) {
	defer catch(&err)
	type pair struct {
		i *Instance
		k any
	}
	ps := make([]pair, len(c.items))
	for n, i := range c.items {
		ps[n] = pair{i, keys[n]}
	}
	slices.SortStableFunc(ps, func(a, b pair) int {
		r := compareKeys(a.k, b.k)
		if reverse {
			return -r
		}
		return r
	})
	for n, p := range ps {
		c.items[n] = p.i
	}
	c.reorder()
	return nil
}
