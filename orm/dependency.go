package orm

import (
	"alchemysh/core"
	"alchemysh/core/exc"
)

// dependency is what a relationship does in a flush: it brings related objects
// in, copies keys between them, and says what must come before what.
type dependency struct {
	rel *Relationship
	// keySwitch: it follows primary key changes along a many-to-one.
	keySwitch bool

	deletePassive passive
	updatePassive passive
}

func newDependency(r *Relationship) *dependency {
	d := &dependency{rel: r, deletePassive: passiveOff, updatePassive: passiveOff}
	if r.PassiveDeletes || r.PassiveAll {
		d.deletePassive = passiveNoInitialize
	}
	if r.PassiveUpdates {
		d.updatePassive = passiveNoInitialize
	}
	if r.direction == ManyToOne {
		k := &dependency{rel: r, keySwitch: true, deletePassive: d.deletePassive, updatePassive: d.updatePassive}
		for _, m := range r.target.SelfAndDescendants() {
			m.processors = append(m.processors, k)
		}
	}
	return d
}

func (d *dependency) register(u *UnitOfWork) {
	if !d.keySwitch {
		u.preprocess(d, true)
		return
	}
	if len(d.rel.reverse) > 0 {
		if d.rel.PassiveUpdates {
			return
		}
		for _, r := range d.rel.reverse {
			if !r.PassiveUpdates {
				return
			}
		}
	}
	u.preprocess(d, false)
}

func (d *dependency) flushActions(u *UnitOfWork) {
	r := d.rel
	if d.keySwitch {
		u.depend(u.saveAll(r.parent.base), u.processAll(d, false, false))
		return
	}
	afterSave, beforeDelete := u.processAll(d, false, true), u.processAll(d, true, true)
	parentSaves, parentDeletes := u.saveAll(r.parent.base), u.deleteAll(r.parent.base)
	childSaves, childDeletes := u.saveAll(r.target.base), u.deleteAll(r.target.base)
	switch r.direction {
	case OneToMany:
		if r.PostUpdate {
			post, pre := u.postUpdateAll(r.target.base, false), u.postUpdateAll(r.target.base, true)
			u.depend(childSaves, afterSave)
			u.depend(parentSaves, afterSave)
			u.depend(afterSave, post)
			u.depend(beforeDelete, pre)
			u.depend(pre, parentDeletes)
			u.depend(pre, childDeletes)
			return
		}
		u.depend(parentSaves, afterSave)
		u.depend(afterSave, childSaves)
		u.depend(afterSave, childDeletes)
		u.depend(childSaves, parentDeletes)
		u.depend(childDeletes, parentDeletes)
		u.depend(beforeDelete, childSaves)
		u.depend(beforeDelete, childDeletes)
	case ManyToOne:
		if r.PostUpdate {
			post, pre := u.postUpdateAll(r.parent.base, false), u.postUpdateAll(r.parent.base, true)
			u.depend(childSaves, afterSave)
			u.depend(parentSaves, afterSave)
			u.depend(afterSave, post)
			u.depend(afterSave, pre)
			u.depend(beforeDelete, pre)
			u.depend(pre, childDeletes)
			u.depend(pre, parentDeletes)
			return
		}
		u.depend(childSaves, afterSave)
		u.depend(afterSave, parentSaves)
		u.depend(parentSaves, childDeletes)
		u.depend(parentDeletes, childDeletes)
	case ManyToMany:
		u.depend(parentSaves, afterSave)
		u.depend(childSaves, afterSave)
		u.depend(afterSave, childDeletes)
		u.depend(beforeDelete, parentSaves)
		u.depend(beforeDelete, parentDeletes)
		u.depend(beforeDelete, childDeletes)
		u.depend(beforeDelete, childSaves)
	}
}

// perState links the actions of single objects where mappers form a cycle.
func (d *dependency) perState(u *UnitOfWork, states []*Instance, del bool) {
	if d.keySwitch {
		return
	}
	r := d.rel
	childSaves, childDeletes := u.saveAll(r.target.base), u.deleteAll(r.target.base)
	u.processAll(d, del, true).disabled = true
	childInCycle := u.cycles[childSaves]
	var parentSave, parentDelete *action
	parentInCycle := false
	if del {
		parentDelete = u.deleteAll(r.parent.base)
		parentInCycle = u.cycles[parentDelete]
	} else {
		parentSave = u.saveAll(r.parent.base)
		parentInCycle = u.cycles[parentSave]
	}
	type child struct {
		act *action
		del bool
	}
	shared := []child{{childSaves, false}, {childDeletes, true}}
	for _, i := range states {
		p := passiveNoInitialize
		if del {
			p = d.deletePassive
		}
		list := i.attr(r.key).allPendingWithNil(i, p)
		if len(list) == 0 {
			continue
		}
		var afterSave, beforeDelete *action
		if del {
			beforeDelete = u.processState(d, true, i)
			if parentInCycle {
				parentDelete = u.deleteState(i)
			}
		} else {
			afterSave = u.processState(d, false, i)
			if parentInCycle {
				parentSave = u.saveState(i)
			}
		}
		children := shared
		if childInCycle {
			children = nil
			for _, x := range list {
				c := child{}
				if x != nil {
					if st := u.states[x]; st != nil {
						if st.delete {
							c = child{u.deleteState(x), true}
						} else {
							c = child{u.saveState(x), false}
						}
					}
				}
				children = append(children, c)
			}
		}
		for _, c := range children {
			d.perStateEdges(u, parentSave, parentDelete, c.act, afterSave, beforeDelete, del, c.del)
		}
	}
}

func (a *attribute) allPendingWithNil(i *Instance, p passive) []*Instance {
	list := a.allPending(i, p)
	if len(list) == 0 && !a.rel.UseList {
		if v := i.at(a.slot); v == nil {
			return []*Instance{nil}
		}
	}
	return list
}

func (d *dependency) perStateEdges(u *UnitOfWork, saveParent, deleteParent, child, afterSave, beforeDelete *action, del, childDel bool) {
	r := d.rel
	switch r.direction {
	case OneToMany:
		switch {
		case r.PostUpdate:
			post, pre := u.postUpdateAll(r.target.base, false), u.postUpdateAll(r.target.base, true)
			if del {
				u.depend(beforeDelete, pre)
				u.depend(pre, deleteParent)
				return
			}
			if !childDel {
				u.depend(saveParent, afterSave)
			}
			u.depend(child, afterSave)
			u.depend(afterSave, post)
		case !del:
			u.depend(saveParent, afterSave)
			u.depend(afterSave, child)
			u.depend(saveParent, child)
		default:
			u.depend(beforeDelete, child)
			u.depend(child, deleteParent)
		}
	case ManyToOne:
		switch {
		case r.PostUpdate && !del:
			post := u.postUpdateAll(r.parent.base, false)
			if childDel {
				u.depend(afterSave, post)
				u.depend(post, child)
				return
			}
			u.depend(saveParent, afterSave)
			u.depend(child, afterSave)
			u.depend(afterSave, post)
		case r.PostUpdate:
			pre := u.postUpdateAll(r.parent.base, true)
			u.depend(beforeDelete, pre)
			u.depend(pre, deleteParent)
			u.depend(pre, child)
		case !del:
			if !childDel {
				u.depend(child, afterSave)
			}
			u.depend(afterSave, saveParent)
		case childDel:
			u.depend(deleteParent, child)
		}
	case ManyToMany:
		switch {
		case !del && childDel:
			u.depend(saveParent, afterSave)
			u.depend(afterSave, child)
		case !del:
			u.depend(saveParent, afterSave)
			u.depend(child, afterSave)
		default:
			u.depend(beforeDelete, child)
			u.depend(beforeDelete, deleteParent)
		}
	}
}

func (d *dependency) hasChanges(u *UnitOfWork, states []*Instance, del bool) bool {
	r := d.rel
	if d.keySwitch {
		if !del && r.PassiveUpdates {
			for _, i := range states {
				if d.pksChanged(u, i) {
					return true
				}
			}
		}
		return false
	}
	p := passiveOff | pendingIncluded
	switch {
	case !del || r.PassiveDeletes || r.PassiveAll:
		p = passiveNoInitialize | pendingIncluded
	case r.direction == ManyToOne:
		p = passiveNoFetchRelated
	}
	for _, i := range states {
		if !u.history(i, r.key, p).Empty() {
			return true
		}
	}
	return len(states) > 0 && !r.selfReferential() && u.mappers[r.target] != nil
}

func (r *Relationship) selfReferential() bool { return r.target.commonParent(r.parent) }

func (d *dependency) verify(x *Instance) {
	if x == nil {
		if d.rel.UseList {
			fail(exc.FlushError, "Can't flush nil value found in collection %s", &d.rel.property)
		}
		return
	}
	want := d.rel.target
	if !d.rel.NoTypeChecks && want.polymorphicOn == nil && x.mapper != want && x.mapper.IsA(want) {
		fail(exc.FlushError, "Attempting to flush an item of type <class '%s'> as a member of collection \"%s\". Expected an object of type <class '%s'> or a polymorphic subclass of this type. If <class '%s'> is a subclass of <class '%s'>, configure mapper \"%s\" to load this subtype polymorphically, or set enable_typechecks=false to allow any subtype to be accepted for flush. ", x.mapper.Name, &d.rel.property, want.Name, x.mapper.Name, want.Name, want)
	}
	if !x.mapper.IsA(want) {
		fail(exc.FlushError, "Attempting to flush an item of type <class '%s'> as a member of collection \"%s\". Expected an object of type <class '%s'> or a polymorphic subclass of this type.", x.mapper.Name, &d.rel.property, d.rel.target.Name)
	}
}

func asInstance(v any) *Instance { i, _ := v.(*Instance); return i }

// registerWithDeletes marks an orphan, and what it takes along, for deletion.
func (d *dependency) registerDeleted(u *UnitOfWork, x *Instance) {
	u.register(x, true, false, false)
	if u.plan {
		return
	}
	for _, y := range x.mapper.cascade(x, "delete", nil) {
		u.register(y, true, false, false)
	}
}

func (d *dependency) hasParent(x *Instance) bool { return x.hasParent(d.rel, false) }

func (d *dependency) presortDeletes(u *UnitOfWork, states []*Instance) {
	if d.keySwitch {
		return
	}
	r := d.rel
	switch r.direction {
	case OneToMany:
		nullKeys := !r.cascade.Delete && !r.PassiveAll
		for _, i := range states {
			h := u.history(i, r.key, d.deletePassive)
			for _, v := range h.Deleted {
				if x := asInstance(v); x != nil && !d.hasParent(x) {
					u.register(x, r.cascade.DeleteOrphan, false, false)
				}
			}
			if nullKeys {
				for _, v := range h.Unchanged {
					if x := asInstance(v); x != nil {
						u.register(x, false, false, false)
					}
				}
			}
		}
	case ManyToOne:
		if r.cascade.Delete || r.cascade.DeleteOrphan {
			for _, i := range states {
				h := u.history(i, r.key, d.deletePassive)
				list := h.NonDeleted()
				if r.cascade.DeleteOrphan {
					list = h.Sum()
				}
				for _, v := range list {
					if x := asInstance(v); x != nil {
						d.registerDeleted(u, x)
					}
				}
			}
		}
	case ManyToMany:
		if !r.PassiveDeletes && !r.PassiveAll {
			for _, i := range states {
				u.history(i, r.key, d.deletePassive)
			}
		}
	}
}

func (d *dependency) presortSaves(u *UnitOfWork, states []*Instance) {
	r := d.rel
	if d.keySwitch {
		if !r.PassiveUpdates {
			d.switchKeys(u, states)
		}
		return
	}
	switch r.direction {
	case OneToMany:
		added := memo(u, struct {
			string
			*dependency
		}{"children_added", d}, func() map[*Instance]bool { return map[*Instance]bool{} })
		nullKeys := !r.cascade.DeleteOrphan && !r.PassiveAll
		for _, i := range states {
			changed := d.pksChanged(u, i)
			p := passiveNoInitialize | pendingIncluded
			if changed && !r.PassiveUpdates {
				p = passiveOff | pendingIncluded
			}
			h := u.history(i, r.key, p)
			for _, v := range h.Added {
				if x := asInstance(v); x != nil {
					u.register(x, false, false, true)
					added[x] = true
				}
			}
			for _, v := range h.Deleted {
				x := asInstance(v)
				if x == nil {
					continue
				}
				if !r.cascade.DeleteOrphan {
					if nullKeys {
						u.register(x, false, false, false)
					}
				} else if !d.hasParent(x) {
					d.registerDeleted(u, x)
				}
			}
			if changed {
				for _, v := range h.Unchanged {
					if x := asInstance(v); x != nil {
						u.register(x, false, r.PassiveUpdates, false)
					}
				}
			}
		}
	case ManyToOne:
		for _, i := range states {
			u.register(i, false, false, false)
			if r.cascade.DeleteOrphan {
				for _, v := range u.history(i, r.key, d.deletePassive).Deleted {
					if x := asInstance(v); x != nil && !d.hasParent(x) {
						d.registerDeleted(u, x)
					}
				}
			}
		}
	case ManyToMany:
		if !r.PassiveUpdates {
			for _, i := range states {
				if d.pksChanged(u, i) {
					u.history(i, r.key, passiveOff)
				}
			}
		}
		if !r.cascade.DeleteOrphan {
			return
		}
		for _, i := range states {
			for _, v := range u.history(i, r.key, passiveNoInitialize).Deleted {
				if x := asInstance(v); x != nil && !d.hasParent(x) {
					d.registerDeleted(u, x)
				}
			}
		}
	}
}

func (d *dependency) processDeletes(u *UnitOfWork, states []*Instance) {
	r := d.rel
	switch {
	case d.keySwitch:
	case r.direction == OneToMany:
		if !r.PostUpdate && r.PassiveAll {
			return
		}
		added := memo(u, struct {
			string
			*dependency
		}{"children_added", d}, func() map[*Instance]bool { return map[*Instance]bool{} })
		for _, i := range states {
			h := u.history(i, r.key, d.deletePassive)
			for _, v := range h.Deleted {
				if x := asInstance(v); x != nil && !d.hasParent(x) {
					d.clear(u, x)
					if r.PostUpdate {
						d.postUpdate(u, x)
					}
				}
			}
			if r.PostUpdate || !r.cascade.Delete {
				for _, v := range h.Unchanged {
					if x := asInstance(v); x != nil && !added[x] {
						d.clear(u, x)
						if r.PostUpdate {
							d.postUpdate(u, x)
						}
					}
				}
			}
		}
	case r.direction == ManyToOne:
		if r.PostUpdate && !r.cascade.DeleteOrphan && !r.PassiveAll {
			for _, i := range states {
				clearKeys(i, r.parent, r.join.sync)
				h := u.history(i, r.key, d.deletePassive)
				for _, v := range h.Sum() {
					if v != nil {
						d.postUpdate(u, i)
						break
					}
				}
			}
		}
	case r.direction == ManyToMany:
		var rows []map[string]any
		processed := d.processed(u)
		var seen []reversedPair
		for _, i := range states {
			h := u.history(i, r.key, d.deletePassive)
			for _, v := range h.NonAdded() {
				x := asInstance(v)
				if x == nil {
					continue
				}
				seen = append(seen, reversedPair{x, i})
				if processed != nil && processed[reversedPair{i, x}] {
					continue
				}
				if row := d.association(u, i, x); row != nil {
					rows = append(rows, row)
				}
			}
		}
		if processed != nil {
			for _, p := range seen {
				processed[p] = true
			}
		}
		d.associations(u, nil, nil, rows)
	}
}

func (d *dependency) processSaves(u *UnitOfWork, states []*Instance) {
	r := d.rel
	switch {
	case d.keySwitch:
		d.switchKeys(u, states)
	case r.direction == OneToMany:
		nullKeys := !r.cascade.DeleteOrphan && !r.PassiveAll
		for _, i := range states {
			h := u.history(i, r.key, passiveNoInitialize)
			for _, v := range h.Added {
				x := asInstance(v)
				d.populate(u, i, x, false)
				if x != nil && r.PostUpdate {
					d.postUpdate(u, x)
				}
			}
			for _, v := range h.Deleted {
				if x := asInstance(v); x != nil && nullKeys && !d.hasParent(x) {
					d.clear(u, x)
					if r.PostUpdate {
						d.postUpdate(u, x)
					}
				}
			}
			if d.pksChanged(u, i) {
				for _, v := range h.Unchanged {
					if x := asInstance(v); x != nil {
						d.populate(u, i, x, true)
					}
				}
			}
		}
	case r.direction == ManyToOne:
		for _, i := range states {
			h := u.history(i, r.key, passiveNoInitialize)
			if len(h.Added) > 0 {
				for _, v := range h.Added {
					x := asInstance(v)
					if !r.PostUpdate && u.isDeleted(i) {
						continue
					}
					if x != nil && !u.session.contains(x) {
						r.parent.Registry.warn("Object of type <%s> not in session, add operation along '%s' won't proceed", x.mapper.Name, &r.property)
						continue
					}
					if x == nil {
						clearKeys(i, r.parent, r.join.sync)
						continue
					}
					d.verify(x)
					populateKeys(x, r.target, i, r.parent, r.join.sync, nil)
				}
			} else if len(h.Deleted) > 0 {
				if r.PostUpdate || !u.isDeleted(i) {
					clearKeys(i, r.parent, r.join.sync)
				}
			}
			if r.PostUpdate {
				if len(h.Sum()) > 0 {
					d.postUpdate(u, i)
				}
			}
		}
	case r.direction == ManyToMany:
		var inserts, updates, deletes []map[string]any
		processed := d.processed(u)
		var seen []reversedPair
		for _, i := range states {
			cascade := !r.PassiveUpdates && d.pksChanged(u, i)
			p := passiveNoInitialize | pendingIncluded
			if cascade {
				p = passiveOff | pendingIncluded
			}
			h := u.history(i, r.key, p)
			for _, v := range h.Added {
				x := asInstance(v)
				if x != nil {
					seen = append(seen, reversedPair{x, i})
				}
				if processed != nil && processed[reversedPair{i, x}] {
					continue
				}
				if row := d.association(u, i, x); row != nil {
					inserts = append(inserts, row)
				}
			}
			for _, v := range h.Deleted {
				x := asInstance(v)
				if x != nil {
					seen = append(seen, reversedPair{x, i})
				}
				if processed != nil && processed[reversedPair{i, x}] {
					continue
				}
				if row := d.association(u, i, x); row != nil {
					deletes = append(deletes, row)
				}
			}
			if cascade {
				for _, v := range h.Unchanged {
					x := asInstance(v)
					row := map[string]any{}
					for _, pr := range r.join.sync {
						row[pr[1].Key] = currentOf(i, pr[0])
						row["old_"+pr[1].Key] = committedOf(i, pr[0])
					}
					for _, pr := range r.join.secondarySync {
						row[pr[1].Key] = currentOf(x, pr[0])
						row["old_"+pr[1].Key] = committedOf(x, pr[0])
					}
					updates = append(updates, row)
				}
			}
		}
		if processed != nil {
			for _, p := range seen {
				processed[p] = true
			}
		}
		d.associations(u, inserts, updates, deletes)
	}
}

// reversedPair is a pair of objects as the other side of a many-to-many sees it.
type reversedPair struct{ child, parent *Instance }

// processed remembers the pairs that one side has written, for the other.
func (d *dependency) processed(u *UnitOfWork) map[reversedPair]bool {
	if len(d.rel.reverse) == 0 {
		return nil
	}
	low := d.rel
	for _, r := range d.rel.reverse {
		if r.key < low.key || r.key == low.key && r.parent.serial < low.parent.serial {
			low = r
		}
	}
	return memo(u, struct {
		string
		*Relationship
	}{"processed", low}, func() map[reversedPair]bool { return map[reversedPair]bool{} })
}

func (d *dependency) postUpdate(u *UnitOfWork, i *Instance) {
	var cols []*core.Column
	for _, p := range d.rel.join.sync {
		cols = append(cols, p[1])
	}
	u.registerPostUpdate(i, cols)
}

func (d *dependency) pksChanged(u *UnitOfWork, i *Instance) bool {
	if d.keySwitch && i.key == nil {
		return false
	}
	for _, p := range d.rel.join.sync {
		prop := i.mapper.colProps[p[0]]
		if prop == nil {
			continue
		}
		if len(u.history(i, prop.key, passiveNoInitialize).Deleted) > 0 {
			return true
		}
	}
	return false
}

// populate copies a parent's key to a child.
func (d *dependency) populate(u *UnitOfWork, i, x *Instance, pksChanged bool) {
	d.verify(x)
	if x == nil || !d.rel.PostUpdate && u.isDeleted(x) {
		return
	}
	var cascaded *UnitOfWork
	if d.rel.PassiveUpdates && pksChanged {
		cascaded = u
	}
	populateKeys(i, d.rel.parent, x, d.rel.target, d.rel.join.sync, cascaded)
}

// clear takes a parent's key from a child.
func (d *dependency) clear(u *UnitOfWork, x *Instance) {
	d.verify(x)
	if !d.rel.PostUpdate && u.isDeleted(x) {
		return
	}
	clearKeys(x, d.rel.target, d.rel.join.sync)
}

type cascadedKey struct {
	i *Instance
	c *core.Column
}

// attributeOf is the attribute that has a column as seen by a mapper, of which
// the object may be a concrete subclass: with a column of its own table.
func (i *Instance) attributeOf(m *Mapper, c *core.Column) *attribute {
	p := i.mapper.colProps[c]
	if p == nil {
		p = m.colProps[c]
	}
	if p == nil || i.mapper.attributes[p.key] == nil || i.mapper.attributes[p.key].slot < 0 {
		return nil
	}
	return i.mapper.attributes[p.key]
}

// populateKeys copies the columns of an object of one mapper to one of another.
func populateKeys(from *Instance, source *Mapper, to *Instance, target *Mapper, pairs [][2]*core.Column, cascaded *UnitOfWork) {
	for _, p := range pairs {
		src, dst := from.attributeOf(source, p[0]), to.attributeOf(target, p[1])
		if src == nil {
			fail(exc.UnmappedColumnError, "Can't execute sync rule for source column '%s'; mapper '%s' does not map this column.  Try using an explicit `foreign_keys` collection which does not include destination column '%s' (or use a viewonly=true relation).", qualified(p[0]), from.mapper, qualified(p[1]))
		}
		if dst == nil {
			fail(exc.UnmappedColumnError, "Can't execute sync rule for destination column '%s'; mapper '%s' does not map this column.  Try using an explicit `foreign_keys` collection which does not include this column (or use a viewonly=true relation).", qualified(p[1]), to.mapper)
		}
		v := src.get(from, passiveOff)
		if isSymbol(v) {
			v = nil
		}
		dst.setScalar(to, v, nil)
		if cascaded != nil && p[0].PrimaryKey() && p[1].PrimaryKey() && references(p[1], p[0]) {
			cascaded.memos[cascadedKey{to, p[1]}] = true
		}
	}
}

func clearKeys(i *Instance, m *Mapper, pairs [][2]*core.Column) {
	for _, p := range pairs {
		a := i.attributeOf(m, p[1])
		if a == nil {
			fail(exc.UnmappedColumnError, "Can't execute sync rule for destination column '%s'; mapper '%s' does not map this column.", qualified(p[1]), m)
		}
		if p[1].PrimaryKey() {
			if v := a.get(i, passiveOff); v != nil && !isSymbol(v) {
				fail(exc.AssertionError, "Dependency rule on column '%s' tried to blank-out primary key column '%s' on instance '%s'", qualified(p[0]), qualified(p[1]), i)
			}
		}
		a.setScalar(i, nil, nil)
	}
}

func currentOf(i *Instance, c *core.Column) any {
	v := i.attr(i.mapper.colProps[c].key).get(i, passiveOff)
	if isSymbol(v) {
		return nil
	}
	return v
}

func committedOf(i *Instance, c *core.Column) any {
	a := i.attr(i.mapper.colProps[c].key)
	if was, changed := i.wasCommitted(a.slot); changed && !isSymbol(was) {
		return was
	}
	v := a.get(i, passiveOff)
	if isSymbol(v) {
		return nil
	}
	return v
}

// association is the row that links i and x in the association table.
func (d *dependency) association(u *UnitOfWork, i, x *Instance) map[string]any {
	d.verify(x)
	if x == nil {
		return nil
	}
	if !u.session.contains(x) {
		if !x.deleted {
			d.rel.parent.Registry.warn("Object of type <%s> not in session, operation along '%s' won't proceed", x.mapper.Name, &d.rel.property)
		}
		return nil
	}
	row := map[string]any{}
	for _, p := range d.rel.join.sync {
		row[p[1].Key] = currentOf(i, p[0])
	}
	for _, p := range d.rel.join.secondarySync {
		row[p[1].Key] = currentOf(x, p[0])
	}
	return row
}

// switchKeys follows changed primary keys of the targets to the objects that
// refer to them.
func (d *dependency) switchKeys(u *UnitOfWork, states []*Instance) {
	if u.plan {
		return
	}
	switched := map[*Instance]bool{}
	for _, i := range states {
		if d.pksChanged(u, i) {
			switched[i] = true
		}
	}
	if len(switched) == 0 {
		return
	}
	r := d.rel
	for _, i := range u.session.identities.all() {
		if !i.mapper.IsA(r.parent) || i.mapper.byKey[r.key] != Property(r) {
			continue
		}
		v := i.attr(r.key).get(i, d.updatePassive&^initOK)
		x := asInstance(v)
		if c, ok := v.(*Collection); ok && len(c.items) > 0 {
			x = c.items[0]
		}
		if x != nil && switched[x] {
			u.register(i, false, r.PassiveUpdates, false)
			var cascaded *UnitOfWork
			if r.PassiveUpdates {
				cascaded = u
			}
			populateKeys(x, r.target, i, r.parent, r.join.sync, cascaded)
		}
	}
}
