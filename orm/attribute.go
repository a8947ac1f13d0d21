package orm

import (
	"alchemysh/core"
	"alchemysh/core/exc"
)

// attribute is a property as instances of one class have it: where its value
// is, how it loads, what listens to it.
type attribute struct {
	mapper        *Mapper
	key           string
	prop          Property
	slot          int // -1: nothing is stored for it
	col           *ColumnProperty
	rel           *Relationship
	activeHistory bool
	events        Events
}

func newAttribute(m *Mapper, key string, p Property) *attribute {
	a := &attribute{mapper: m, key: key, prop: p, slot: -1}
	if old := m.attributes[key]; old != nil {
		a.events = old.events
		a.activeHistory = old.activeHistory
	}
	if m.Inherits != nil && !m.Concrete {
		if up := m.Inherits.attributes[key]; up != nil {
			for name, ls := range up.events {
				for _, l := range ls {
					if l.Propagate {
						a.events.Listen(name, l)
					}
				}
			}
		}
	}
	switch p := p.(type) {
	case *ColumnProperty:
		a.col, a.slot = p, m.slot(key)
		a.activeHistory = a.activeHistory || p.ActiveHistory
		if c, ok := p.Columns[0].(*core.Column); ok { // an UPDATE has to know what they were
			a.activeHistory = a.activeHistory || c.PrimaryKey() || c == m.versionCol
		}
	case *Relationship:
		a.rel, a.slot = p, m.slot(key)
		a.activeHistory = a.activeHistory || p.ActiveHistory
	}
	return a
}

// attr finds an attribute that is known to be there.
func (i *Instance) attr(key string) *attribute {
	a := i.mapper.attributes[key]
	if a == nil {
		fail(exc.AttributeError, "'%s' object has no attribute '%s'", i.mapper.Name, key)
	}
	return a
}

// scalarLoader reports whether a refresh of the object loads it.
func (a *attribute) scalarLoader() bool { return a.col != nil }

func (a *attribute) deferred() bool { return a.col != nil && a.col.Deferred }

func (a *attribute) deferredExpression() bool { return a.col != nil && a.col.QueryExpression }

func (a *attribute) writeOnly() bool {
	return a.rel != nil && (a.rel.Lazy == "write_only" || a.rel.Lazy == "dynamic")
}

// read is what obj.attr does.
func (a *attribute) read(i *Instance) any {
	switch p := a.prop.(type) {
	case *Synonym:
		return i.attr(p.Target).read(i)
	case *Composite:
		return p.read(i)
	}
	if v := i.at(a.slot); v != NoValue {
		return v
	}
	v := a.get(i, passiveOff)
	if isSymbol(v) {
		return nil
	}
	return v
}

// get reads within the limits of p. It gives noResult if loading would be
// needed and is not allowed, NoValue if there is none and p forbids a default.
func (a *attribute) get(i *Instance, p passive) any {
	if a.writeOnly() {
		return a.stream(i)
	}
	if v := i.at(a.slot); v != NoValue {
		return v
	}
	// what was deleted or is known to have been there is not loaded again
	if was, changed := i.wasCommitted(a.slot); !changed || was == NoValue {
		if p&callablesOK == 0 {
			return noResult
		}
		if v := a.load(i, p); v != NoValue {
			return v
		}
	}
	if p&initOK == 0 {
		return NoValue
	}
	return a.initial(i)
}

// initial is the value of an attribute that has none: nil, an empty collection.
func (a *attribute) initial(i *Instance) any {
	if a.rel == nil || !a.rel.UseList {
		if a.events.has("init_scalar") {
			return a.events.fire("init_scalar", i, nil, &InstanceDict{i})
		}
		return nil
	}
	if c := i.empties[a.slot]; c != nil {
		return c
	}
	c := newCollection(i, a)
	if i.empties == nil {
		i.empties = map[int]*Collection{}
	}
	i.empties[a.slot] = c
	return c
}

// load fetches the value; it gives noResult, NoValue (there is nothing to
// load), or the value, which is then in memory.
func (a *attribute) load(i *Instance, p passive) any {
	if a.col != nil {
		if i.expiredSlots.has(a.slot) {
			if !i.loadExpired(p) {
				return noResult
			}
			if v := i.at(a.slot); v != NoValue {
				return v
			}
			return NoValue
		}
		if s := i.override[a.slot]; s != nil {
			return s.loadNow(i, a, p)
		}
		if i.key == nil || i.at(a.slot) != NoValue {
			return NoValue
		}
		return a.loadDeferred(i, p)
	}
	if a.rel == nil {
		return NoValue
	}
	if s := i.override[a.slot]; s != nil {
		return s.loadNow(i, a, p)
	}
	return a.rel.strategy(a.rel.Lazy).loadNow(i, a, p)
}

// assign is what obj.attr = v does.
func (a *attribute) assign(i *Instance, v any) {
	switch p := a.prop.(type) {
	case *Synonym:
		i.attr(p.Target).assign(i, v)
	case *Composite:
		p.assign(i, v)
	case *Relationship:
		switch {
		case a.writeOnly():
			a.replaceStream(i, v)
		case p.UseList:
			a.setCollection(i, v, passiveOnlyPersistent)
		default:
			a.setObject(i, a.object(v), nil, nil)
		}
	case *ColumnProperty:
		a.setScalar(i, v, nil)
	default:
		fail(exc.AttributeError, "can't set attribute '%s'", a.key)
	}
}

// object checks what is assigned to a scalar relationship.
func (a *attribute) object(v any) *Instance {
	switch v := v.(type) {
	case nil:
		return nil
	case *Instance:
		return v
	}
	fail(exc.AttributeError, "'%s' object has no attribute '_sa_instance_state'", kindOf(v))
	return nil
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "str"
	case int64, uint64:
		return "int"
	case float64:
		return "float"
	case bool:
		return "bool"
	case []any:
		return "list"
	}
	return "object"
}

// setScalar assigns a column attribute.
func (a *attribute) setScalar(i *Instance, v any, _ *token) {
	var old any
	if a.activeHistory {
		old = a.get(i, passiveReturnNoValue)
		if old == noResult {
			old = NoValue
		}
	} else {
		old = i.at(a.slot)
	}
	tell := func(early bool) {
		for _, l := range a.events["set"] {
			if l.early != early {
				continue
			}
			if r, ok := l.call([]any{i, v, old, a.event(opReplace)}); ok {
				v = r
			}
		}
	}
	if a.events.has("set") {
		tell(true)
	}
	v = a.validated(i, v, false, nil)
	if a.events.has("set") {
		tell(false)
	}
	i.change(a, old)
	i.put(a.slot, v)
}

func (a *attribute) validated(i *Instance, v any, remove bool, by *token) any {
	for m := a.mapper; m != nil; m = m.Inherits {
		for _, val := range m.validators[a.key] {
			if remove && !val.IncludeRemoves {
				continue
			}
			if val.ExcludeBackrefs && by != nil && by.rel != a.rel {
				continue
			}
			r := must(val.Call(i, a.key, v, remove))
			if !remove {
				v = r
			}
		}
	}
	return v
}

// del is del obj.attr.
func (a *attribute) del(i *Instance) {
	switch p := a.prop.(type) {
	case *Synonym:
		i.attr(p.Target).del(i)
		return
	case *Composite:
		for _, k := range p.keys {
			i.attr(k).del(i)
		}
		return
	}
	if a.rel != nil {
		a.delRelated(i)
		return
	}
	old := i.at(a.slot)
	if a.activeHistory {
		old = a.get(i, passiveReturnNoValue)
	}
	if a.events.has("remove") {
		a.events.fire("remove", i, old, a.event(opRemove))
	}
	i.change(a, old)
	missing := i.at(a.slot) == NoValue && old == NoValue && !i.expired && !i.expiredSlots.has(a.slot)
	i.put(a.slot, NoValue)
	if missing {
		fail(exc.AttributeError, "%s.%s object does not have a value", a.mapper.Name, a.key)
	}
}

func (a *attribute) delRelated(i *Instance) {
	if a.writeOnly() {
		fail(exc.NotImplementedError, "")
	}
	current := i.at(a.slot)
	if a.rel.UseList {
		c, ok := current.(*Collection)
		if !ok {
			return
		}
		i.change(a, c)
		c.clear()
		i.put(a.slot, NoValue)
		return
	}
	old := a.before(i)
	by := &token{a.rel, opRemove}
	if x, ok := old.(*Instance); ok && a.rel.tracksParent() {
		x.setParent(a.rel, i, false)
	}
	a.events.fireIf("remove", i, old, a.event(opRemove))
	if x, ok := old.(*Instance); ok {
		a.cascadeRemove(i, x)
		a.backrefSet(i, nil, x, by)
	}
	i.change(a, old)
	i.put(a.slot, NoValue)
	if current == NoValue && old != noResult && i.key == nil {
		fail(exc.AttributeError, "%s.%s object does not have a value", a.mapper.Name, a.key)
	}
}

// token says which attribute began a change, so that backrefs do not go round.
type token struct {
	rel *Relationship
	op  operation
}

type operation uint8

const (
	opAppend operation = iota
	opRemove
	opReplace
	opBulk
	opModified
)

func (o operation) String() string {
	return [...]string{"OP_APPEND", "OP_REMOVE", "OP_REPLACE", "OP_BULK_REPLACE", "OP_MODIFIED"}[o]
}

// appendToken and removeToken are those with which a change of the attribute
// itself begins: met again on the way along backrefs, it has come round.
func (r *Relationship) appendToken() token {
	if r.UseList {
		return token{r, opAppend}
	}
	return token{r, opReplace}
}

func (r *Relationship) removeToken() token { return token{r, opRemove} }

// before is the value that an assignment replaces, as far as it has to be known
// now; noResult if it may be loaded when the change is looked at.
func (a *attribute) before(i *Instance) any {
	if a.activeHistory {
		return a.get(i, passiveOnlyPersistent|noAutoflush|againstCommitted)
	}
	return a.get(i, passiveNoFetch&^initOK|againstCommitted|noRaise)
}

// setObject assigns a scalar relationship. With expect, it does so only if that
// is the value, or the value is not known.
func (a *attribute) setObject(i, v *Instance, by *token, expect *Instance) {
	old := a.before(i)
	if expect != nil && old != noResult && old != any(expect) {
		return
	}
	if by == nil {
		by = &token{a.rel, opReplace}
	}
	vv := any(nil)
	if v != nil {
		vv = v
	}
	oldInstance, _ := old.(*Instance)
	if oldInstance != nil && oldInstance != v && a.rel.tracksParent() {
		oldInstance.setParent(a.rel, i, false)
	}
	take := func(early bool) {
		for _, l := range a.events["set"] {
			if l.early != early {
				continue
			}
			if r, ok := l.call([]any{i, vv, old, by.event()}); ok {
				vv = r
			}
		}
	}
	take(true)
	vv = a.validated(i, vv, false, by)
	v, _ = vv.(*Instance)
	a.cascadeSet(i, v, oldInstance, by)
	a.backrefSet(i, v, oldInstance, by)
	take(false)
	v, _ = vv.(*Instance)
	i.change(a, old)
	if v != nil && a.rel.tracksParent() {
		v.setParent(a.rel, i, true)
	}
	i.put(a.slot, vv)
}

// backrefSet keeps the other side in step with a scalar.
func (a *attribute) backrefSet(i, v, old *Instance, by *token) {
	if v == old {
		return
	}
	for _, r := range a.rel.backrefs() {
		if old != nil {
			if other := old.mapper.attributes[r.key]; other != nil && other.rel == r {
				stop := token{r, opReplace}
				if r.UseList {
					stop.op = opRemove
				}
				if *by != stop {
					back := a.rel.appendToken()
					other.take(old, i, &back)
				}
			}
		}
		if v != nil {
			other := v.mapper.attributes[r.key]
			if other == nil {
				fail(exc.ValueError, "Object <%s> not associated with attribute of type %s", v, r)
			}
			a.checkConflict(i, r, by)
			if *by != r.appendToken() && *by != (token{r, opBulk}) {
				other.give(v, i, by)
			}
		}
	}
}

// checkConflict refuses a change that came here along a backref of another
// attribute and would go on along r.
func (a *attribute) checkConflict(i *Instance, r *Relationship, by *token) {
	if by.rel != a.rel && by.rel != r {
		fail(exc.ValueError, "Bidirectional attribute conflict detected: Passing object %s to attribute \"%s\" triggers a modify event on attribute \"%s\" via the backref \"%s\".", i, &by.rel.property, &r.property, &a.rel.property)
	}
}

// give adds x to the attribute on behalf of a backref.
func (a *attribute) give(i, x *Instance, by *token) {
	switch {
	case a.writeOnly():
		a.streamAppend(i, x, by)
	case a.rel.UseList:
		a.appendTo(i, x, by)
	default:
		a.setObject(i, x, by, nil)
	}
}

// take removes x from the attribute on behalf of a backref.
func (a *attribute) take(i, x *Instance, by *token) {
	switch {
	case a.writeOnly():
		a.streamRemove(i, x, by)
	case a.rel.UseList:
		a.removeFrom(i, x, by)
	default:
		a.setObject(i, nil, by, x)
	}
}

// cascadeSet takes a new object into the session, and an orphan out of it.
func (a *attribute) cascadeSet(i, v, old *Instance, by *token) {
	s := i.session
	if s == nil || v == old {
		return
	}
	if v != nil && a.rel.cascade.SaveUpdate && by.rel.key == a.key && !s.contains(v) {
		s.saveOrUpdate(v)
	}
	if old != nil && a.rel.cascade.DeleteOrphan && s.isNew(old) && a.rel.target.isOrphan(old) {
		s.expunge(old)
	}
}

// cascadeRemove takes an orphan that was never saved out of the session, or
// remembers that it is one.
func (a *attribute) cascadeRemove(i, x *Instance) {
	if !a.rel.cascade.DeleteOrphan || !a.rel.target.isOrphan(x) {
		return
	}
	if s := i.session; s != nil && s.isNew(x) {
		s.expunge(x)
	} else {
		x.orphanedOutside = true
	}
}

// appendTo adds to a collection, loaded or not.
func (a *attribute) appendTo(i, x *Instance, by *token) {
	v := a.get(i, passiveNoFetch)
	c, loaded := v.(*Collection)
	if !loaded {
		if x = a.fireAppend(i, x, by); x != nil {
			i.pendingOn(a).append(x)
		}
		return
	}
	c.add(x, by)
}

// removeFrom takes from a collection, loaded or not.
func (a *attribute) removeFrom(i, x *Instance, by *token) {
	v := a.get(i, passiveNoFetch)
	c, loaded := v.(*Collection)
	if !loaded {
		a.fireRemove(i, x, by)
		i.pendingOn(a).remove(x)
		return
	}
	c.take(x, by)
}

// fireAppend does everything that goes with adding x, but the adding. The order
// is SQLAlchemy's: who listened before the mapping was configured, validators,
// the cascade into the session, the other side, who listened later.
func (a *attribute) fireAppend(i, x *Instance, by *token) *Instance {
	if by == nil {
		by = &token{a.rel, opAppend}
	}
	tell := func(early bool) {
		for _, l := range a.events["append"] {
			if l.early != early {
				continue
			}
			if r, ok := l.call([]any{i, x, by.event()}); ok {
				if rx, ok := r.(*Instance); ok {
					x = rx
				}
			}
		}
	}
	tell(true)
	if v, ok := a.validated(i, x, false, by).(*Instance); ok {
		x = v
	}
	if s := i.session; s != nil && a.rel.cascade.SaveUpdate && by.rel.key == a.key && !s.contains(x) {
		s.saveOrUpdate(x)
	}
	for _, r := range a.rel.backrefs() {
		other := x.mapper.attributes[r.key]
		if other == nil {
			continue
		}
		a.checkConflict(i, r, by)
		if *by != r.appendToken() && *by != (token{r, opBulk}) {
			other.give(x, i, by)
		}
	}
	tell(false)
	a.changing(i)
	if a.rel.tracksParent() {
		x.setParent(a.rel, i, true)
	}
	return x
}

// fireRemove does everything that goes with removing x, but the removal.
func (a *attribute) fireRemove(i, x *Instance, by *token) {
	if by == nil {
		by = &token{a.rel, opRemove}
	}
	if a.rel.tracksParent() {
		x.setParent(a.rel, i, false)
	}
	tell := func(early bool) {
		for _, l := range a.events["remove"] {
			if l.early == early {
				l.call([]any{i, x, by.event()})
			}
		}
	}
	tell(true)
	a.validated(i, x, true, by)
	a.cascadeRemove(i, x)
	for _, r := range a.rel.backrefs() {
		other := x.mapper.attributes[r.key]
		if other == nil {
			continue
		}
		stop := token{r, opReplace}
		if r.UseList {
			stop.op = opBulk
		} else if c, ok := i.at(a.slot).(*Collection); ok && c.count(x) > 1 {
			continue // x is in the collection once more
		}
		if *by != r.removeToken() && *by != stop {
			other.take(x, i, by)
		}
	}
	tell(false)
	a.changing(i)
}

// changing notes a change of a collection before it happens.
func (a *attribute) changing(i *Instance) {
	v := i.at(a.slot)
	if v == NoValue {
		if c := i.empties[a.slot]; c != nil {
			// the empty collection becomes the attribute's value
			delete(i.empties, a.slot)
			if a.rel.ViewOnly {
				i.put(a.slot, c)
				return
			}
			if _, known := i.wasCommitted(a.slot); !known {
				i.committed = append(i.committed, committedValue{a.slot, NoValue})
			}
			i.put(a.slot, c)
			i.touch()
			return
		}
	}
	i.change(a, v)
}

// pendingChanges are changes of a collection that is not loaded.
type pendingChanges struct{ added, removed []*Instance }

func (i *Instance) pendingOn(a *attribute) *pendingChanges {
	if i.pending == nil {
		i.pending = map[int]*pendingChanges{}
	}
	pc := i.pending[a.slot]
	if pc == nil {
		pc = &pendingChanges{}
		i.pending[a.slot] = pc
	}
	return pc
}

func (p *pendingChanges) append(x *Instance) {
	if n := indexOf(p.removed, x); n >= 0 {
		p.removed = append(p.removed[:n], p.removed[n+1:]...)
	} else if indexOf(p.added, x) < 0 {
		p.added = append(p.added, x)
	}
}

func (p *pendingChanges) remove(x *Instance) {
	if n := indexOf(p.added, x); n >= 0 {
		p.added = append(p.added[:n], p.added[n+1:]...)
	} else if indexOf(p.removed, x) < 0 {
		p.removed = append(p.removed, x)
	}
}

func indexOf(list []*Instance, x *Instance) int {
	for n, y := range list {
		if y == x {
			return n
		}
	}
	return -1
}

// isOrphan reports whether the object has lost a parent that it cannot be without.
func (m *Mapper) isOrphan(i *Instance) bool {
	possible := false
	for _, c := range m.chain() {
		for _, r := range c.orphanOf() {
			possible = true
			has := i.hasParent(r, i.key != nil)
			if c.LegacyIsOrphan && has {
				return false
			}
			if !c.LegacyIsOrphan && !has {
				return true
			}
		}
	}
	return possible && m.LegacyIsOrphan
}

// read gives the composite's value.
func (c *Composite) read(i *Instance) any {
	vals := make([]any, len(c.keys))
	all := true
	for n, k := range c.keys {
		vals[n] = i.attr(k).read(i)
		all = all && vals[n] == nil
	}
	cached, set := i.composite(c.key)
	if cached != nil {
		if parts, err := c.Values(cached); err == nil && sameValues(parts, vals) {
			return cached
		}
	}
	if all && (set || i.key == nil) {
		return nil
	}
	v := must(c.New(vals))
	i.cacheComposite(c.key, v)
	return v
}

func sameValues(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for n := range a {
		if _, ok := b[n].(core.Expr); ok || !equalValues(a[n], b[n]) {
			return false
		}
	}
	return true
}

func (c *Composite) assign(i *Instance, v any) {
	if v == nil {
		for _, k := range c.keys {
			i.attr(k).assign(i, nil)
		}
		i.cacheComposite(c.key, nil)
		return
	}
	parts := must(c.Values(v))
	if len(parts) != len(c.keys) {
		fail(exc.ArgumentError, "composite '%s' takes %d values, got %d", c.property.String(), len(c.keys), len(parts))
	}
	for n, k := range c.keys {
		i.attr(k).assign(i, parts[n])
	}
	i.cacheComposite(c.key, v)
}

func (c *Composite) history(i *Instance, p passive) History {
	added, deleted := make([]any, 0, len(c.keys)), make([]any, 0, len(c.keys))
	changed := false
	for _, k := range c.keys {
		h := i.attr(k).history(i, p)
		changed = changed || h.HasChanges()
		added = append(added, firstOr(h.NonDeleted()))
		if len(h.Deleted) > 0 {
			deleted = append(deleted, h.Deleted[0])
		} else {
			deleted = append(deleted, firstOr(h.Unchanged))
		}
	}
	now := must(c.New(added))
	if changed {
		return History{Added: []any{now}, Deleted: []any{must(c.New(deleted))}}
	}
	return History{Unchanged: []any{now}}
}

func firstOr(list []any) any {
	if len(list) > 0 {
		return list[0]
	}
	return nil
}

// HeldComposite is the composite value that was set or read last, nil if none,
// whatever became of it and of its columns.
func (i *Instance) HeldComposite(key string) any { return i.composites[key] }

func (i *Instance) composite(key string) (any, bool) {
	v, ok := i.composites[key]
	return v, ok
}

// forgetNoComposites lets composites that were set to nil be read anew: of a
// stored object whose columns are nil that is a value too.
func (i *Instance) forgetNoComposites() {
	for k, v := range i.composites {
		if v == nil {
			delete(i.composites, k)
		}
	}
}

func (i *Instance) cacheComposite(key string, v any) {
	if i.composites == nil {
		i.composites = map[string]any{}
	}
	i.composites[key] = v
}
