package orm

import "alchemysh/core/exc"

func (c Cascade) does(what string) bool {
	switch what {
	case "save-update":
		return c.SaveUpdate
	case "merge":
		return c.Merge
	case "refresh-expire":
		return c.RefreshExpire
	case "expunge":
		return c.Expunge
	case "delete":
		return c.Delete
	}
	return false
}

// cascade lists the objects that an operation on i also concerns, following
// relationships depth first. halt stops at objects for which it is true.
func (m *Mapper) cascade(i *Instance, what string, halt func(*Instance) bool) []*Instance {
	var out []*Instance
	visited := map[*Instance]bool{}
	var visit func(i *Instance)
	visit = func(i *Instance) {
		for _, k := range i.mapper.order {
			a := i.mapper.attributes[k]
			if a.rel == nil || !a.rel.cascade.does(what) {
				continue
			}
			for _, x := range a.cascaded(i, what, visited, halt) {
				out = append(out, x)
				visit(x)
			}
		}
	}
	visit(i)
	return out
}

func (a *attribute) cascaded(i *Instance, what string, visited map[*Instance]bool, halt func(*Instance) bool) []*Instance {
	var list []*Instance
	switch {
	case what == "save-update":
		list = a.allPending(i, passiveNoInitialize)
	case what == "delete" && !a.rel.PassiveDeletes && !a.rel.PassiveAll:
		list = a.related(i, passiveOff|noRaise)
	default:
		list = a.related(i, passiveNoInitialize)
	}
	skipPending := what == "refresh-expire" && !a.rel.cascade.SaveUpdate
	var out []*Instance
	for _, x := range list {
		if x == nil || visited[x] || halt != nil && halt(x) || skipPending && x.key == nil {
			continue
		}
		if !x.mapper.IsA(a.rel.target) {
			fail(exc.AssertionError, "Attribute '%s' on class '<class '%s'>' doesn't handle objects of type '<class '%s'>'", a.key, a.mapper.Name, x.mapper.Name)
		}
		visited[x] = true
		out = append(out, x)
	}
	return out
}

// related are the objects that the attribute now holds.
func (a *attribute) related(i *Instance, p passive) []*Instance {
	if a.writeOnly() {
		return a.streamRelated(i, p)
	}
	switch v := a.get(i, p&^initOK).(type) {
	case *Instance:
		return []*Instance{v}
	case *Collection:
		return v.snapshot()
	}
	return nil
}

// allPending are the objects that the attribute holds, or held before it was changed.
func (a *attribute) allPending(i *Instance, p passive) []*Instance {
	if a.writeOnly() {
		return a.streamPending(i)
	}
	v := i.at(a.slot)
	if v == NoValue && p&callablesOK != 0 {
		v = a.get(i, p&^initOK)
	}
	was, changed := i.wasCommitted(a.slot)
	if !a.rel.UseList {
		var out []*Instance
		if x, ok := v.(*Instance); ok {
			out = append(out, x)
		}
		if old, ok := was.(*Instance); changed && ok && old != v {
			out = append(out, old)
		}
		return out
	}
	c, ok := v.(*Collection)
	if !ok {
		return nil
	}
	original, ok := was.([]*Instance)
	if !changed || !ok {
		return c.snapshot()
	}
	var fresh, kept, gone []*Instance
	for _, x := range c.items {
		if indexOf(original, x) < 0 {
			fresh = append(fresh, x)
		} else {
			kept = append(kept, x)
		}
	}
	for _, x := range original {
		if indexOf(c.items, x) < 0 {
			gone = append(gone, x)
		}
	}
	return append(append(fresh, kept...), gone...)
}
