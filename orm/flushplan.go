package orm

import (
	"alchemysh/core"
	"alchemysh/core/exc"
)

// FlushStep is one thing that a flush would do: INSERT, UPDATE or DELETE of rows
// of one table. Of an association table it has the number of rows only.
type FlushStep struct {
	Verb    string
	Table   *core.Table
	Objects []*Instance
	Rows    int
}

// FlushPlan lists what a flush would send now, in order. Nothing is sent, loaded
// or changed for it: what only the database could tell, such as the unloaded
// children of what is to be deleted, is not in it.
func (s *Session) FlushPlan() (steps []FlushStep, err error) {
	defer catch(&err)
	u := newUnitOfWork(s)
	u.plan = true
	for _, i := range append(s.new.items(), s.Dirty()...) {
		orphan := i.mapper.isOrphan(i)
		if s.deleted.has(i) || orphan && i.key == nil && i.orphanedOutside {
			continue
		}
		u.register(i, orphan && i.key != nil, false, false)
	}
	for _, i := range s.deleted.items() {
		u.register(i, true, false, false)
	}
	actions, edges := u.sorted()
	levels, err := sortLevels(edges, actions)
	if err != nil {
		fail(exc.CircularDependencyError, "%s", err)
	}
	follows := u.followers()
	add := func(verb string, t *core.Table, list []*Instance, rows int) {
		if rows == 0 {
			return
		}
		if n := len(steps) - 1; n >= 0 && steps[n].Verb == verb && steps[n].Table == t {
			steps[n].Objects = append(steps[n].Objects, list...)
			steps[n].Rows += rows
			return
		}
		steps = append(steps, FlushStep{verb, t, list, rows})
	}
	for _, level := range levels {
		for _, a := range level {
			switch a.kind {
			case saveUpdateAll, saveUpdateState:
				list := u.statesOf(a.mapper, false)
				if a.kind == saveUpdateState {
					list = []*Instance{a.state}
				}
				for _, t := range a.mapper.hierarchyTables() {
					var updates, inserts []*Instance
					for _, i := range list {
						switch {
						case i.mapper.flushPlan().tables[t] == nil:
						case i.key == nil:
							inserts = append(inserts, i)
						case i.changes(t) || follows[i] == t:
							updates = append(updates, i)
						}
					}
					add("UPDATE", t, updates, len(updates))
					add("INSERT", t, inserts, len(inserts))
				}
			case deleteAll, deleteState:
				list := u.statesOf(a.mapper, true)
				if a.kind == deleteState {
					list = []*Instance{a.state}
				}
				tables := a.mapper.hierarchyTables()
				for n := len(tables) - 1; n >= 0; n-- {
					var gone []*Instance
					for _, i := range list {
						if i.key != nil && u.isDeleted(i) && i.mapper.flushPlan().tables[tables[n]] != nil {
							gone = append(gone, i)
						}
					}
					add("DELETE", tables[n], gone, len(gone))
				}
			case processAll, processState:
				if t, ok := core.PlainFrom(a.dep.rel.secondary).(*core.Table); ok && a.dep.rel.direction == ManyToMany {
					gone, fresh := u.associationRows(a)
					add("DELETE", t, nil, gone)
					add("INSERT", t, nil, fresh)
				}
			}
		}
	}
	return steps, nil
}

// changes reports whether a column of t has a new value.
func (i *Instance) changes(t *core.Table) bool {
	for _, pc := range i.mapper.flushPlan().tables[t].columns {
		if was, changed := i.wasCommitted(pc.attr.slot); changed && !pc.attr.equal(i.at(pc.attr.slot), was) {
			return true
		}
	}
	return false
}

// followers are the objects whose foreign keys the flush will set, with the
// table that has them.
func (u *UnitOfWork) followers() map[*Instance]*core.Table {
	out := map[*Instance]*core.Table{}
	note := func(i *Instance, r *Relationship) {
		for _, p := range r.join.sync {
			if t, ok := p[1].Table.(*core.Table); ok {
				out[i] = t
			}
		}
	}
	for i := range u.states {
		for _, r := range i.mapper.Relationships() {
			if r.ViewOnly || r.dep == nil {
				continue
			}
			h := u.history(i, r.key, passiveNoInitialize|pendingIncluded)
			switch {
			case r.direction == ManyToOne && h.HasChanges():
				note(i, r)
			case r.direction == OneToMany:
				list := joined(h.Added, h.Deleted)
				if u.isDeleted(i) && !r.cascade.Delete && !r.PassiveAll {
					list = append(list, h.Unchanged...)
				}
				for _, v := range list {
					if x := asInstance(v); x != nil {
						note(x, r)
					}
				}
			}
		}
	}
	return out
}

// associationRows counts what an action would do to the association table. Of
// the two sides of a relationship the first one writes.
func (u *UnitOfWork) associationRows(a *action) (gone, fresh int) {
	processed := a.dep.processed(u)
	var seen []reversedPair
	count := func(i *Instance, list []any) (n int) {
		for _, v := range list {
			x := asInstance(v)
			if x == nil {
				continue
			}
			seen = append(seen, reversedPair{x, i})
			if processed == nil || !processed[reversedPair{i, x}] {
				n++
			}
		}
		return n
	}
	for _, m := range u.side(a.dep, true) {
		set := u.mappers[m]
		if set == nil {
			continue
		}
		for _, i := range set.items() {
			if st := u.states[i]; st.delete != a.delete || st.listOnly || a.kind == processState && i != a.state {
				continue
			}
			h := u.history(i, a.dep.rel.key, passiveNoInitialize|pendingIncluded)
			if a.delete {
				gone += count(i, h.NonAdded())
				continue
			}
			fresh += count(i, h.Added)
			gone += count(i, h.Deleted)
		}
	}
	if processed != nil {
		for _, p := range seen {
			processed[p] = true
		}
	}
	return gone, fresh
}
