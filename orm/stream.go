package orm

import (
	"alchemysh/core"
	"alchemysh/core/exc"
)

// Stream is the value of a relationship that is never loaded as a whole:
// lazy="write_only" and lazy="dynamic". It collects changes and makes queries.
type Stream struct {
	owner          *Instance
	attr           *attribute
	added, removed []*Instance

	handle any
}

// Dynamic reports whether it is a query too (lazy="dynamic").
func (s *Stream) Dynamic() bool { return s.attr.rel.Lazy == "dynamic" }

// Owner is the object whose collection it is.
func (s *Stream) Owner() *Instance { return s.owner }

// Relationship is the stream's relationship.
func (s *Stream) Relationship() *Relationship { return s.attr.rel }

// stream is the value of a write-only or dynamic attribute.
func (a *attribute) stream(i *Instance) *Stream {
	if s, ok := i.at(a.slot).(*Stream); ok {
		return s
	}
	s := &Stream{owner: i, attr: a}
	i.put(a.slot, s)
	return s
}

// Add appends an object.
func (s *Stream) Add(x *Instance) (err error) {
	defer catch(&err)
	s.attr.streamAppend(s.owner, x, nil)
	return nil
}

// Remove takes an object out.
func (s *Stream) Remove(x *Instance) (err error) {
	defer catch(&err)
	s.attr.streamRemove(s.owner, x, nil)
	return nil
}

// Select is the query of the collection's objects.
func (s *Stream) Select() (q *core.Select, err error) {
	defer catch(&err)
	q = s.query()
	return q.Change(func(n *core.Select) { n.LabelStyle = core.LabelDisambiguate }), nil
}

func (s *Stream) query() *core.Select {
	r, i := s.attr.rel, s.owner
	if i.key == nil {
		fail(exc.DetachedInstanceError, "Parent instance %s is not attached to any Session; can't load", i)
	}
	where := r.lazyWhere(func(c *core.Column) core.Expr {
		v := valueOf(i, c, passiveOff)
		if isSymbol(v) {
			v = nil
		}
		return &core.Bind{Key: "param", Unique: true, Value: v, Type: c.ExprType()}
	})
	return r.relatedSelect(where, nil)
}

// Query is the legacy query of a dynamic relationship.
func (s *Stream) Query() (q *Query, err error) {
	defer catch(&err)
	sess := s.owner.session
	if sess == nil {
		if s.owner.key != nil {
			s.owner.mapper.Registry.warn("Instance %s is detached, dynamic relationship cannot return a correct result.   This warning will become a DetachedInstanceError in a future release.", s.owner)
		}
		return nil, nil
	}
	sess.autoflush()
	if s.owner.key == nil {
		return nil, nil
	}
	q = NewQuery(sess)
	q.sel = s.query()
	return q, nil
}

// Pending are the objects that were added to a transient owner.
func (s *Stream) Pending() []*Instance { return append([]*Instance(nil), s.added...) }

func (a *attribute) streamAppend(i, x *Instance, by *token) {
	s := a.stream(i)
	x = a.fireAppend(i, x, by)
	if n := indexOf(s.removed, x); n >= 0 {
		s.removed = append(s.removed[:n], s.removed[n+1:]...)
	} else if indexOf(s.added, x) < 0 {
		s.added = append(s.added, x)
	}
	a.streamChanged(i)
}

func (a *attribute) streamRemove(i, x *Instance, by *token) {
	s := a.stream(i)
	a.fireRemove(i, x, by)
	if n := indexOf(s.added, x); n >= 0 {
		s.added = append(s.added[:n], s.added[n+1:]...)
	} else if indexOf(s.removed, x) < 0 {
		s.removed = append(s.removed, x)
	}
	a.streamChanged(i)
}

func (a *attribute) streamChanged(i *Instance) {
	if _, known := i.wasCommitted(a.slot); !known {
		i.committed = append(i.committed, committedValue{a.slot, NoValue})
	}
	i.touch()
}

// replaceStream is the assignment of a list.
func (a *attribute) replaceStream(i *Instance, v any) {
	list := a.listOf(v)
	s := a.stream(i)
	if i.key != nil {
		if !s.Dynamic() {
			fail(exc.InvalidRequestError, "Collection \"%s\" does not support implicit iteration; collection replacement operations can't be used", &a.rel.property)
		}
		keep := map[*Instance]bool{}
		for _, x := range list {
			keep[x] = true
		}
		for _, x := range a.streamRelated(i, passiveOff) {
			if !keep[x] {
				a.streamRemove(i, x, nil)
			} else {
				delete(keep, x)
			}
		}
		for _, x := range list {
			if keep[x] {
				a.streamAppend(i, x, nil)
			}
		}
		return
	}
	for _, x := range s.added {
		a.fireRemove(i, x, nil)
	}
	s.added = nil
	for _, x := range list {
		a.streamAppend(i, x, nil)
	}
}

// streamHistory is what was added and removed.
func (a *attribute) streamHistory(i *Instance) History {
	s, ok := i.at(a.slot).(*Stream)
	if !ok {
		return History{}
	}
	return History{Added: instancesAsAny(s.added), Deleted: instancesAsAny(s.removed)}
}

func (a *attribute) streamPending(i *Instance) []*Instance {
	s, ok := i.at(a.slot).(*Stream)
	if !ok {
		return nil
	}
	return append([]*Instance(nil), s.added...)
}

// streamRelated are all objects, loaded if that is allowed.
func (a *attribute) streamRelated(i *Instance, p passive) []*Instance {
	s := a.stream(i)
	if p&initOK == 0 || p&sqlOK == 0 || i.key == nil || i.session == nil {
		return a.streamPending(i)
	}
	ctx := newLoadContext(i.session)
	ctx.lazyFrom = i
	list := i.session.loadInstances(ctx, &ownQuery{source: s.query()}, nil)
	var out []*Instance
	for _, x := range list {
		if indexOf(s.removed, x) < 0 {
			out = append(out, x)
		}
	}
	for _, x := range s.added {
		if indexOf(out, x) < 0 {
			out = append(out, x)
		}
	}
	return out
}

// Handle is the slot in which a binding layer keeps its value for this one.
func (s *Stream) Handle() *any { return &s.handle }

func (s *Stream) values() []core.Assignment {
	r, i := s.attr.rel, s.owner
	var out []core.Assignment
	for _, p := range r.join.sync {
		if prop := r.target.colProps[p[1]]; prop != nil {
			out = append(out, core.Assign(p[1], p[1].Key, currentOf(i, p[0])))
		}
	}
	return out
}

// Insert is an INSERT of rows that belong to the collection.
func (s *Stream) Insert() (q *core.Insert, err error) {
	defer catch(&err)
	if s.attr.rel.Direction() != OneToMany {
		fail(exc.InvalidRequestError, "Write only bulk INSERT only supported for one-to-many collections; for many-to-many, use a separate bulk INSERT along with add_all().")
	}
	return &core.Insert{Table: s.attr.rel.target.Entity().Node(), Values: s.values()}, nil
}

// Update is an UPDATE of the collection's rows.
func (s *Stream) Update() (q *core.Update, err error) {
	defer catch(&err)
	return &core.Update{Table: s.attr.rel.target.Entity().Node(), Criteria: s.query().Criteria}, nil
}

// Delete is a DELETE of the collection's rows.
func (s *Stream) Delete() (q *core.Delete, err error) {
	defer catch(&err)
	return &core.Delete{Table: s.attr.rel.target.Entity().Node(), Criteria: s.query().Criteria}, nil
}
