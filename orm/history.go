package orm

import (
	"alchemysh/core"
	"alchemysh/core/types"
)

// History is what happened to an attribute since it was loaded.
type History struct{ Added, Unchanged, Deleted []any }

// HasChanges reports whether anything was added or deleted.
func (h History) HasChanges() bool { return len(h.Added) > 0 || len(h.Deleted) > 0 }

// Empty reports whether there is neither change nor value.
func (h History) Empty() bool { return !h.HasChanges() && len(h.Unchanged) == 0 }

// Sum is added, unchanged and deleted.
func (h History) Sum() []any { return joined(h.Added, h.Unchanged, h.Deleted) }

// NonDeleted is added and unchanged.
func (h History) NonDeleted() []any { return joined(h.Added, h.Unchanged) }

// NonAdded is unchanged and deleted.
func (h History) NonAdded() []any { return joined(h.Unchanged, h.Deleted) }

func joined(lists ...[]any) []any {
	var out []any
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// History of an attribute, as far as it is in memory.
func (i *Instance) History(key string) (h History, err error) {
	defer catch(&err)
	return i.attr(key).history(i, passiveNoInitialize), nil
}

// LoadHistory is History after loading what is not in memory.
func (i *Instance) LoadHistory(key string) (h History, err error) {
	defer catch(&err)
	return i.attr(key).history(i, passiveOff&^initOK), nil
}

func (a *attribute) history(i *Instance, p passive) History {
	switch {
	case a.slot < 0:
		if c, ok := a.prop.(*Composite); ok {
			return c.history(i, p)
		}
		if s, ok := a.prop.(*Synonym); ok {
			return i.attr(s.Target).history(i, p)
		}
		return History{}
	case a.rel == nil:
		return a.scalarHistory(i, p)
	case a.writeOnly():
		return a.streamHistory(i)
	case a.rel.UseList:
		return a.collectionHistory(i, p)
	}
	return a.objectHistory(i, p)
}

func (a *attribute) scalarHistory(i *Instance, p passive) History {
	current := i.at(a.slot)
	was, changed := i.wasCommitted(a.slot)
	if current == NoValue && !changed {
		if current = a.get(i, p&^initOK); current == noResult {
			return History{}
		}
	}
	switch {
	case !changed && current == NoValue:
		return History{}
	case !changed:
		return History{Unchanged: []any{current}}
	case current != NoValue && a.equal(current, was):
		return History{Unchanged: []any{current}}
	}
	var h History
	if isSymbol(was) {
		if current == NoValue {
			current = nil
		}
	} else {
		h.Deleted = []any{was}
	}
	if current != NoValue {
		h.Added = []any{current}
	}
	return h
}

func (a *attribute) objectHistory(i *Instance, p passive) History {
	current := i.at(a.slot)
	if current == NoValue {
		if current = a.get(i, p&^initOK); current == noResult {
			return History{}
		}
	}
	was, changed := i.wasCommitted(a.slot)
	if changed && was == noResult && !a.activeHistory && !a.rel.simpleManyToOne() {
		was = a.load(i, p|passiveOnlyPersistent|noAutoflush|againstCommitted|noRaise|historyOnly)
	}
	switch {
	case !changed && current == NoValue:
		return History{}
	case !changed, current == was && current != NoValue:
		return History{Unchanged: []any{current}}
	}
	var h History
	if isSymbol(was) || was == nil {
		if current == NoValue {
			current = nil
		}
	} else {
		h.Deleted = []any{was}
	}
	if current != NoValue {
		h.Added = []any{current}
	}
	return h
}

func (a *attribute) collectionHistory(i *Instance, p passive) History {
	var current any = i.at(a.slot)
	if current == NoValue {
		current = a.get(i, p&^initOK)
		if current == noResult {
			if pc := i.pending[a.slot]; pc != nil && p&pendingIncluded != 0 {
				return History{Added: instancesAsAny(pc.added), Deleted: instancesAsAny(pc.removed)}
			}
			return History{}
		}
		if current == NoValue {
			return History{}
		}
	}
	c := current.(*Collection)
	was, changed := i.wasCommitted(a.slot)
	if !changed {
		return History{Unchanged: instancesAsAny(c.items)}
	}
	original, ok := was.([]*Instance)
	if !ok {
		return History{Added: instancesAsAny(c.items)}
	}
	in := map[*Instance]bool{}
	for _, x := range original {
		in[x] = true
	}
	now := map[*Instance]bool{}
	h := History{[]any{}, []any{}, []any{}}
	for _, x := range c.items {
		now[x] = true
		if in[x] {
			h.Unchanged = append(h.Unchanged, x)
		} else {
			h.Added = append(h.Added, x)
		}
	}
	for _, x := range original {
		if !now[x] {
			h.Deleted = append(h.Deleted, x)
		}
	}
	return h
}

func instancesAsAny(list []*Instance) []any {
	out := make([]any, len(list))
	for n, x := range list {
		out[n] = x
	}
	return out
}

// equal compares two values of a column.
func (a *attribute) equal(x, y any) bool {
	if isSymbol(x) || isSymbol(y) {
		return x == y
	}
	if _, ok := x.(core.Expr); ok {
		return false
	}
	if _, ok := y.(core.Expr); ok {
		return false
	}
	return types.Equal(x, y)
}
