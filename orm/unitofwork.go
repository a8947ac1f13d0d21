package orm

import (
	"fmt"
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// UnitOfWork is one flush: the objects that take part, the actions for each
// mapper and relationship, and the order that their dependencies give.
type UnitOfWork struct {
	session     *Session
	transaction *Transaction
	plan        bool // only to see what it would do: nothing loads or changes

	states  map[*Instance]*flushState
	mappers map[*Mapper]*instanceSet
	order   []*Mapper

	presort   []*preprocess
	presorted map[preprocessKey]*preprocess
	actions   map[actionKey]*action
	list      []*action
	edges     map[edge[*action]]bool
	edgeList  []edge[*action]
	deps      map[*Mapper][]*dependency // of per-relationship actions, by base mapper of the parent
	cycles    map[*action]bool

	histories  map[historyKey]*heldHistory
	memos      map[any]any
	postUpdate map[*Mapper]*postUpdates
}

type flushState struct{ delete, listOnly bool }

type historyKey struct {
	i *Instance
	a string
}

type heldHistory struct {
	h History
	p passive
}

type postUpdates struct {
	states  *instanceSet
	columns []*core.Column
}

func newUnitOfWork(s *Session) *UnitOfWork {
	return &UnitOfWork{session: s, states: map[*Instance]*flushState{}, mappers: map[*Mapper]*instanceSet{},
		presorted: map[preprocessKey]*preprocess{}, actions: map[actionKey]*action{}, edges: map[edge[*action]]bool{},
		deps: map[*Mapper][]*dependency{}, histories: map[historyKey]*heldHistory{}, memos: map[any]any{}, postUpdate: map[*Mapper]*postUpdates{}}
}

// Session is the session that flushes.
func (u *UnitOfWork) Session() *Session { return u.session }

// register brings an object into the flush.
func (u *UnitOfWork) register(i *Instance, del, listOnly, cancelDelete bool) bool {
	if !u.session.contains(i) {
		return false
	}
	st := u.states[i]
	if st == nil {
		m := i.mapper
		if u.mappers[m] == nil {
			u.mappers[m] = newInstanceSet()
			u.order = append(u.order, m)
			u.mapperActions(m)
		}
		u.mappers[m].add(i)
		u.states[i] = &flushState{del, listOnly}
	} else if !listOnly && (del || cancelDelete) {
		*st = flushState{del, false}
	}
	return true
}

func (u *UnitOfWork) isDeleted(i *Instance) bool { st := u.states[i]; return st != nil && st.delete }

// removeActions keeps an object in the flush but out of its actions.
func (u *UnitOfWork) removeActions(i *Instance) { u.states[i].listOnly = true }

func (u *UnitOfWork) mapperActions(m *Mapper) {
	u.depend(u.saveAll(m.base), u.deleteAll(m.base))
	for _, d := range m.processorsOf() {
		d.register(u)
	}
	for _, r := range m.Relationships() {
		if !r.ViewOnly && r.dep != nil {
			r.dep.register(u)
		}
	}
}

// processorsOf are the key switches of relationships that point to m.
func (m *Mapper) processorsOf() []*dependency { return m.processors }

func (u *UnitOfWork) history(i *Instance, key string, p passive) History {
	k := historyKey{i, key}
	a := i.attr(key)
	if u.plan {
		p = passiveNoInitialize | pendingIncluded
	}
	if held := u.histories[k]; held != nil {
		if held.p&sqlOK == 0 && p&sqlOK != 0 {
			held.h, held.p = a.history(i, passiveOff|againstCommitted|noRaise), p
		}
		return held.h
	}
	h := a.history(i, p|againstCommitted|noRaise)
	u.histories[k] = &heldHistory{h, p}
	return h
}

func memo[T any](u *UnitOfWork, key any, make func() T) T {
	if v, ok := u.memos[key]; ok {
		return v.(T)
	}
	v := make()
	u.memos[key] = v
	return v
}

// statesOf are the objects of a hierarchy to save or to delete.
func (u *UnitOfWork) statesOf(m *Mapper, del bool) []*Instance {
	var out []*Instance
	for _, d := range m.base.SelfAndDescendants() {
		if d.base != m.base {
			continue
		}
		if set := u.mappers[d]; set != nil {
			for _, i := range set.items() {
				if st := u.states[i]; st.delete == del && !st.listOnly {
					out = append(out, i)
				}
			}
		}
	}
	return out
}

// preprocess looks at the objects on one side of a relationship before the
// actions are sorted: it may bring more objects into the flush.
type preprocess struct {
	dep        *dependency
	fromParent bool
	done       map[*Instance]bool
	setUp      bool
}

type preprocessKey struct {
	dep        *dependency
	fromParent bool
}

func (u *UnitOfWork) preprocess(d *dependency, fromParent bool) {
	k := preprocessKey{d, fromParent}
	if u.presorted[k] == nil {
		p := &preprocess{dep: d, fromParent: fromParent, done: map[*Instance]bool{}}
		u.presorted[k] = p
		u.presort = append(u.presort, p)
	}
}

func (u *UnitOfWork) side(d *dependency, fromParent bool) []*Mapper {
	if !fromParent {
		return d.rel.target.SelfAndDescendants()
	}
	var out []*Mapper
	for _, m := range d.rel.parent.SelfAndDescendants() {
		if m.byKey[d.rel.key] == Property(d.rel) {
			out = append(out, m)
		}
	}
	return out
}

func (p *preprocess) execute(u *UnitOfWork) bool {
	var deletes, saves []*Instance
	for _, m := range u.side(p.dep, p.fromParent) {
		set := u.mappers[m]
		if set == nil {
			continue
		}
		for _, i := range set.items() {
			if p.done[i] {
				continue
			}
			if st := u.states[i]; !st.listOnly {
				if st.delete {
					deletes = append(deletes, i)
				} else {
					saves = append(saves, i)
				}
			}
		}
	}
	if len(deletes) == 0 && len(saves) == 0 {
		return false
	}
	for _, i := range append(slices.Clone(deletes), saves...) {
		p.done[i] = true
	}
	if len(deletes) > 0 {
		p.dep.presortDeletes(u, deletes)
	}
	if len(saves) > 0 {
		p.dep.presortSaves(u, saves)
	}
	if !p.setUp && (p.dep.hasChanges(u, deletes, true) || p.dep.hasChanges(u, saves, false)) {
		p.dep.flushActions(u)
		p.setUp = true
	}
	return true
}

type actionKind uint8

const (
	saveUpdateAll actionKind = iota
	deleteAll
	processAll
	postUpdateAll
	saveUpdateState
	deleteState
	processState
)

type actionKey struct {
	kind       actionKind
	mapper     *Mapper
	dep        *dependency
	state      *Instance
	delete     bool
	fromParent bool
}

// action is one step of the flush.
type action struct {
	actionKey
	disabled bool
	number   int
}

func (a *action) sortKey() string {
	switch a.kind {
	case saveUpdateAll:
		return "SaveUpdateAll " + a.mapper.Name
	case deleteAll:
		return "DeleteAll " + a.mapper.Name
	case processAll:
		return fmt.Sprintf("ProcessAll %s_%s %t", a.dep.rel.parent.Name, a.dep.rel.key, a.delete)
	case postUpdateAll:
		return fmt.Sprintf("PostUpdateAll %s %t", a.mapper.Name, a.delete)
	case deleteState:
		return "DeleteState " + a.mapper.Name
	case processState:
		return fmt.Sprintf("ProcessState %s_%s", a.dep.rel.parent.Name, a.dep.rel.key)
	}
	return "ProcessState " + a.mapper.Name
}

// String names the action in a message about a cycle.
func (a *action) String() string {
	switch a.kind {
	case saveUpdateAll:
		return "SaveUpdateAll(" + a.mapper.String() + ")"
	case deleteAll:
		return "DeleteAll(" + a.mapper.String() + ")"
	case processAll:
		return fmt.Sprintf("ProcessAll(%s, delete=%t)", &a.dep.rel.property, a.delete)
	case saveUpdateState:
		return "SaveUpdateState(" + a.state.String() + ")"
	case deleteState:
		return "DeleteState(" + a.state.String() + ")"
	case processState:
		return fmt.Sprintf("ProcessState(%s, %s, delete=%t)", &a.dep.rel.property, a.state, a.delete)
	}
	return fmt.Sprintf("PostUpdateAll(%s)", a.mapper)
}

func (u *UnitOfWork) action(k actionKey) *action {
	if a := u.actions[k]; a != nil {
		return a
	}
	a := &action{actionKey: k, number: len(u.list)}
	u.actions[k] = a
	u.list = append(u.list, a)
	if k.kind == processAll {
		base := k.dep.rel.parent.base
		if !slices.Contains(u.deps[base], k.dep) {
			u.deps[base] = append(u.deps[base], k.dep)
		}
	}
	return a
}

func (u *UnitOfWork) saveAll(base *Mapper) *action {
	return u.action(actionKey{kind: saveUpdateAll, mapper: base})
}
func (u *UnitOfWork) deleteAll(base *Mapper) *action {
	return u.action(actionKey{kind: deleteAll, mapper: base})
}
func (u *UnitOfWork) processAll(d *dependency, del, fromParent bool) *action {
	return u.action(actionKey{kind: processAll, dep: d, delete: del, fromParent: fromParent})
}
func (u *UnitOfWork) postUpdateAll(base *Mapper, del bool) *action {
	return u.action(actionKey{kind: postUpdateAll, mapper: base, delete: del})
}
func (u *UnitOfWork) saveState(i *Instance) *action {
	return u.action(actionKey{kind: saveUpdateState, mapper: i.mapper.base, state: i})
}
func (u *UnitOfWork) deleteState(i *Instance) *action {
	return u.action(actionKey{kind: deleteState, mapper: i.mapper.base, state: i})
}
func (u *UnitOfWork) processState(d *dependency, del bool, i *Instance) *action {
	return u.action(actionKey{kind: processState, dep: d, delete: del, state: i})
}

// depend says that before comes before after.
func (u *UnitOfWork) depend(before, after *action) {
	e := edge[*action]{before, after}
	if !u.edges[e] {
		u.edges[e] = true
		u.edgeList = append(u.edgeList, e)
	}
}

func (u *UnitOfWork) registerPostUpdate(i *Instance, columns []*core.Column) {
	base := i.mapper.base
	p := u.postUpdate[base]
	if p == nil {
		p = &postUpdates{states: newInstanceSet()}
		u.postUpdate[base] = p
	}
	p.states.add(i)
	for _, c := range columns {
		p.columns = appendOnce(p.columns, c)
	}
}

// generate completes the flush: preprocessing until nothing new comes up,
// then, where mappers depend on each other in a circle, actions per object.
func (u *UnitOfWork) generate() []*action {
	for again := true; again; {
		again = false
		for n := 0; n < len(u.presort); n++ {
			if u.presort[n].execute(u) {
				again = true
			}
		}
	}
	u.cycles = cycles(u.edgeList, u.list)
	if len(u.cycles) > 0 {
		var cyclic []*action
		for _, a := range u.list {
			if u.cycles[a] {
				cyclic = append(cyclic, a)
			}
		}
		converted := map[*action][]*action{}
		for _, a := range cyclic {
			converted[a] = u.perState(a)
		}
		old := u.edgeList
		u.edgeList, u.edges = nil, map[edge[*action]]bool{}
		for _, e := range old {
			switch {
			case e.before == nil || e.after == nil, e.before.disabled, e.after.disabled, u.cycles[e.before] && u.cycles[e.after]:
			case u.cycles[e.before]:
				for _, d := range converted[e.before] {
					u.depend(d, e.after)
				}
			case u.cycles[e.after]:
				for _, d := range converted[e.after] {
					u.depend(e.before, d)
				}
			default:
				u.depend(e.before, e.after)
			}
		}
	}
	var out []*action
	for _, a := range u.list {
		if !a.disabled && !u.cycles[a] {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b *action) int { return strings.Compare(a.sortKey(), b.sortKey()) })
	return out
}

// perState breaks a mapper's action up into one for each object.
func (u *UnitOfWork) perState(a *action) []*action {
	if a.kind != saveUpdateAll && a.kind != deleteAll {
		return nil
	}
	del := a.kind == deleteAll
	var out []*action
	states := u.statesOf(a.mapper, del)
	for _, i := range states {
		if del {
			x := u.deleteState(i)
			u.depend(u.saveAll(a.mapper), x)
			out = append(out, x)
		} else {
			x := u.saveState(i)
			u.depend(x, u.deleteAll(a.mapper))
			out = append(out, x)
		}
	}
	for _, d := range u.deps[a.mapper] {
		var of []*Instance
		for _, i := range states {
			if i.mapper.byKey[d.rel.key] == Property(d.rel) {
				of = append(of, i)
			}
		}
		d.perState(u, of, del)
	}
	return out
}

// sorted are the actions and what comes before what.
func (u *UnitOfWork) sorted() ([]*action, []edge[*action]) {
	actions := u.generate()
	edges := make([]edge[*action], 0, len(u.edgeList))
	for _, e := range u.edgeList {
		if e.before != nil && e.after != nil {
			edges = append(edges, e)
		}
	}
	return actions, edges
}

func (u *UnitOfWork) execute() {
	actions, edges := u.sorted()
	levels, err := sortLevels(edges, actions)
	if err != nil {
		fail(exc.CircularDependencyError, "%s", err)
	}
	for _, level := range levels {
		if len(u.cycles) == 0 {
			for _, a := range level {
				u.run(a, nil)
			}
			continue
		}
		done := map[*action]bool{}
		for _, a := range level {
			if !done[a] {
				done[a] = true
				u.run(a, u.alike(a, level, done))
			}
		}
	}
}

// alike takes those actions of a level that one statement can serve.
func (u *UnitOfWork) alike(a *action, level []*action, done map[*action]bool) []*action {
	if a.kind < saveUpdateState {
		return nil
	}
	var out []*action
	for _, b := range level {
		if !done[b] && b.kind == a.kind && b.mapper == a.mapper && b.dep == a.dep && b.delete == a.delete {
			done[b] = true
			out = append(out, b)
		}
	}
	return out
}

func (u *UnitOfWork) run(a *action, more []*action) {
	switch a.kind {
	case saveUpdateAll:
		u.save(a.mapper, u.statesOf(a.mapper, false))
	case deleteAll:
		u.deleteRows(a.mapper, u.statesOf(a.mapper, true))
	case processAll:
		var list []*Instance
		for _, m := range u.side(a.dep, a.fromParent) {
			if set := u.mappers[m]; set != nil {
				for _, i := range set.items() {
					if st := u.states[i]; st.delete == a.delete && !st.listOnly {
						list = append(list, i)
					}
				}
			}
		}
		a.process(u, list)
	case postUpdateAll:
		if p := u.postUpdate[a.mapper]; p != nil {
			var list []*Instance
			for _, i := range p.states.items() {
				if u.isDeleted(i) == a.delete {
					list = append(list, i)
				}
			}
			u.postUpdateRows(a.mapper, list, p.columns)
		}
	default:
		list := []*Instance{a.state}
		for _, b := range more {
			list = append(list, b.state)
		}
		switch a.kind {
		case saveUpdateState:
			u.save(a.mapper, list)
		case deleteState:
			u.deleteRows(a.mapper, slices.DeleteFunc(list, func(i *Instance) bool { return !u.isDeleted(i) }))
		case processState:
			a.process(u, list)
		}
	}
}

func (a *action) process(u *UnitOfWork, list []*Instance) {
	if a.delete {
		a.dep.processDeletes(u, list)
	} else {
		a.dep.processSaves(u, list)
	}
}

// finalize makes the objects what the flush made of their rows.
func (u *UnitOfWork) finalize() {
	var saved, deleted []*Instance
	for _, m := range u.order {
		for _, i := range u.mappers[m].items() {
			if u.states[i].delete {
				deleted = append(deleted, i)
			} else {
				saved = append(saved, i)
			}
		}
	}
	if len(deleted) > 0 {
		u.session.removeDeleted(deleted)
	}
	if len(saved) > 0 {
		u.session.registerPersistent(saved)
	}
}
