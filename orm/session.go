package orm

import (
	"context"
	"slices"
	"sync/atomic"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// Bind is where SQL goes: an *engine.Engine or an *engine.Connection.
type Bind any

// SessionOptions are the settings of a session.
type SessionOptions struct {
	Bind Bind
	// Binds are for single classes (*Mapper) and tables (*core.Table).
	Binds map[any]Bind

	Autoflush           bool
	ExpireOnCommit      bool
	Autobegin           bool
	TwoPhase            bool
	JoinTransactionMode string
	Info                map[string]any
	NoBatch             bool
	// ClosePermanently is close_resets_only=false: a closed session cannot be
	// used again.
	ClosePermanently bool
}

// DefaultSessionOptions are SQLAlchemy's.
func DefaultSessionOptions() SessionOptions {
	return SessionOptions{Autoflush: true, ExpireOnCommit: true, Autobegin: true}
}

// Session keeps objects and the database in step: an identity map, a unit of
// work, a transaction. It is not for several goroutines at once.
type Session struct {
	options SessionOptions

	// Events are the session's listeners; ClassEvents those of its maker.
	Events      Events
	ClassEvents []*Events
	// Route, if set, decides which bind a statement goes to.
	Route func(m *Mapper, clause core.Node, i *Instance) (Bind, error)
	// LazyLoad, if set, is told of every query that a lazy load sends: what it
	// loads, for which object.
	LazyLoad func(r *Relationship, i *Instance)
	// Sharding spreads rows over several databases.
	Sharding *Sharding
	handle   any
	own      any
	Info     map[string]any

	identities  *identityMap
	new         *instanceSet
	deleted     *instanceSet
	transaction *Transaction
	flushing    bool
	closed      bool                     // for good
	preview     func(*engine.Connection) // while a flush is only looked at
	inserted    uint64
	number      uint64
	context     func() context.Context
	noFlush     int
	reloading   *string // what a reload counts as, while a lookup causes it
	shard       string  // on which everything goes, while that is decided
}

var sessionNumber atomic.Uint64

// NewSession opens a session.
func NewSession(o SessionOptions) *Session {
	s := &Session{options: o, identities: newIdentityMap(), new: newInstanceSet(), deleted: newInstanceSet(), number: sessionNumber.Add(1), Info: map[string]any{}}
	for k, v := range o.Info {
		s.Info[k] = v
	}
	return s
}

// SetContext tells where the session finds the context of what it does. It is
// asked whenever something is done: a session outlives the request, or the
// input at a prompt, that made it, and an attribute that loads belongs to
// whoever looks at it.
func (s *Session) SetContext(current func() context.Context) { s.context = current }

func (s *Session) ctx() context.Context {
	if s.context != nil {
		if ctx := s.context(); ctx != nil {
			return ctx
		}
	}
	return context.Background()
}

// Options are the session's settings; they may be changed.
func (s *Session) Options() *SessionOptions { return &s.options }

// listeners are those of an event: of all sessions, of the session's maker, of
// the session itself.
func (s *Session) listeners(name string) []*Listener {
	if !s.listens(name) {
		return nil
	}
	list := slices.Clone(GlobalSessionEvents[name])
	for _, e := range s.ClassEvents {
		list = append(list, (*e)[name]...)
	}
	return append(list, s.Events[name]...)
}

func (s *Session) fire(name string, args ...any) {
	for _, l := range s.listeners(name) {
		l.call(args)
	}
}

func (s *Session) listens(name string) bool {
	if s.Events.has(name) || GlobalSessionEvents.has(name) {
		return true
	}
	return slices.ContainsFunc(s.ClassEvents, func(e *Events) bool { return e.has(name) })
}

// GlobalSessionEvents are the listeners on `Session`: of every session.
var GlobalSessionEvents Events

// Warn receives warnings that concern a session.
var Warn func(message string)

func (s *Session) warn(message string) {
	if Warn != nil {
		Warn(message)
	}
}

// New, Dirty and Deleted are the objects that a flush would insert, update
// (perhaps) and delete.
func (s *Session) New() []*Instance { return s.new.items() }

// Dirty are the objects on which something was set.
func (s *Session) Dirty() []*Instance {
	var out []*Instance
	for _, i := range s.identities.modified.items() {
		if !s.deleted.has(i) {
			out = append(out, i)
		}
	}
	return out
}

// Deleted are the objects marked for deletion.
func (s *Session) Deleted() []*Instance { return s.deleted.items() }

// All are the objects in the session: new ones, then persistent ones.
func (s *Session) All() []*Instance { return append(s.new.items(), s.identities.all()...) }

// IdentityMap are the persistent objects.
func (s *Session) IdentityMap() []*Instance { return s.identities.all() }

// Lookup finds a persistent object by identity; nil if it is not in memory.
func (s *Session) Lookup(k *Identity) *Instance { return s.identities.get(k.id) }

// Contains reports whether the object is in the session.
func (s *Session) Contains(i *Instance) bool { return s.contains(i) }

func (s *Session) contains(i *Instance) bool {
	return s.new.has(i) || s.identities.contains(i)
}

func (s *Session) isNew(i *Instance) bool { return s.new.has(i) }

// InTransaction reports whether a transaction has begun.
func (s *Session) InTransaction() bool { return s.transaction != nil }

// InNestedTransaction reports whether a savepoint is open.
func (s *Session) InNestedTransaction() bool { return s.NestedTransaction() != nil }

// Transaction is the outer transaction; nil if none.
func (s *Session) Transaction() *Transaction {
	t := s.transaction
	for t != nil && t.parent != nil {
		t = t.parent
	}
	return t
}

// NestedTransaction is the innermost savepoint; nil if none.
func (s *Session) NestedTransaction() *Transaction {
	for t := s.transaction; t != nil; t = t.parent {
		if t.nested {
			return t
		}
	}
	return nil
}

// IsActive reports whether the session can send SQL: no failed flush waits for
// a rollback.
func (s *Session) IsActive() bool {
	if s.options.Autobegin {
		return s.transaction == nil || s.transaction.state == transactionActive
	}
	return s.transaction != nil && s.transaction.state == transactionActive
}

func (s *Session) isClean() bool {
	return s.identities.modified.len() == 0 && s.deleted.len() == 0 && s.new.len() == 0
}

// Begin begins the outer transaction.
func (s *Session) Begin() (t *Transaction, err error) {
	defer catch(&err)
	if s.transaction != nil {
		fail(exc.InvalidRequestError, "A transaction is already begun on this Session.")
	}
	return s.autobegin("begin"), nil
}

// BeginNested begins a savepoint.
func (s *Session) BeginNested() (t *Transaction, err error) {
	defer catch(&err)
	outer := s.autobegin("nested")
	outer.assertActive()
	return s.begin(outer, true, false, false), nil
}

// Commit flushes and commits everything.
func (s *Session) Commit() (err error) {
	defer catch(&err)
	t := s.autobegin("commit")
	t.commit(true)
	return nil
}

// Rollback rolls everything back.
func (s *Session) Rollback() (err error) {
	defer catch(&err)
	if s.transaction != nil {
		s.transaction.rollback(nil, true)
	}
	return nil
}

// Prepare makes a two-phase transaction ready to commit.
func (s *Session) Prepare() (err error) {
	defer catch(&err)
	t := s.autobegin("prepare")
	check(t.Prepare())
	return nil
}

// Close expunges everything and gives the connections back; with
// ClosePermanently the session is then closed for good.
func (s *Session) Close() (err error) {
	defer catch(&err)
	s.closed = s.options.ClosePermanently
	s.closeAll(false)
	return nil
}

// Reset expunges everything and gives the connections back. The session can be
// used again.
func (s *Session) Reset() (err error) {
	defer catch(&err)
	s.closeAll(false)
	return nil
}

// Invalidate is Close for connections that are not to be used again.
func (s *Session) Invalidate() (err error) {
	defer catch(&err)
	s.closed = s.options.ClosePermanently
	s.closeAll(true)
	return nil
}

func (s *Session) closeAll(invalidate bool) {
	s.expungeEverything()
	for t := s.transaction; t != nil; {
		parent := t.parent
		t.close(invalidate)
		t = parent
	}
}

func (s *Session) expungeEverything() {
	all := append(s.identities.all(), s.new.items()...)
	s.identities = newIdentityMap()
	s.new.clear()
	s.deleted.clear()
	for _, i := range all {
		s.detach(i, false)
	}
}

// detach ends an object's membership.
func (s *Session) detach(i *Instance, toTransient bool) {
	wasPersistent := i.key != nil && !i.deleted
	wasPending := i.key == nil
	wasDeleted := i.key != nil && i.deleted
	i.session = nil
	if toTransient {
		i.key = nil
		i.deleted = false
	}
	switch {
	case toTransient && wasPersistent:
		s.fire("persistent_to_transient", s, i)
	case wasPersistent:
		s.fire("persistent_to_detached", s, i)
	case wasPending:
		s.fire("pending_to_transient", s, i)
	case wasDeleted && !toTransient:
		s.fire("deleted_to_detached", s, i)
	}
}

// expungeAll takes objects out of the session.
func (s *Session) expungeAll(list []*Instance, toTransient bool) {
	for _, i := range list {
		switch {
		case s.new.has(i):
			s.new.remove(i)
		case s.identities.contains(i):
			s.identities.discard(i)
			s.deleted.remove(i)
		case s.transaction != nil:
			s.transaction.deleted.remove(i)
		}
		s.identities.modified.remove(i)
	}
	for _, i := range list {
		s.detach(i, toTransient)
	}
}

// restoreDeleted makes a deleted object persistent again.
func (s *Session) restoreDeleted(i *Instance) {
	if i.key == nil {
		return
	}
	was := i.deleted
	i.deleted = false
	i.session = s
	s.deleted.remove(i)
	s.identities.put(i)
	if was {
		s.fire("deleted_to_persistent", s, i)
	}
}

// ExpungeAll takes all objects out of the session.
func (s *Session) ExpungeAll() (err error) {
	defer catch(&err)
	s.expungeEverything()
	return nil
}

// Expunge takes an object, and those that cascade, out of the session.
func (s *Session) Expunge(i *Instance) (err error) {
	defer catch(&err)
	if i.session != s {
		fail(exc.InvalidRequestError, "Instance %s is not present in this Session", i)
	}
	s.expunge(i)
	return nil
}

func (s *Session) expunge(i *Instance) {
	list := append([]*Instance{i}, i.mapper.cascade(i, "expunge", nil)...)
	s.expungeAll(list, false)
}

// Add places an object, and those that cascade, in the session.
func (s *Session) Add(i *Instance) (err error) {
	defer catch(&err)
	s.saveOrUpdate(i)
	return nil
}

// AddAll adds several.
func (s *Session) AddAll(list []*Instance) (err error) {
	defer catch(&err)
	for _, i := range list {
		s.saveOrUpdate(i)
	}
	return nil
}

func (s *Session) saveOrUpdate(i *Instance) {
	i.mapper.ready()
	i.orphanedOutside = false
	s.saveOrUpdateOne(i)
	for _, x := range i.mapper.cascade(i, "save-update", s.contains) {
		s.saveOrUpdateOne(x)
	}
}

func (s *Session) saveOrUpdateOne(i *Instance) {
	if i.key == nil {
		attach := s.beforeAttach(i)
		if !s.new.has(i) {
			s.new.add(i)
			s.inserted++
			i.insert = s.inserted
		}
		if attach {
			i.session = s
			s.fire("after_attach", s, i)
			s.fire("transient_to_pending", s, i)
		}
		return
	}
	if i.deleted {
		if i.session == s {
			fail(exc.InvalidRequestError, "Instance '%s' has been deleted.  Use the make_transient() function to send this object back to the transient state.", i)
		}
		fail(exc.InvalidRequestError, "Instance '%s' has been deleted.  Use the make_transient() function to send this object back to the transient state.", i)
	}
	attach := s.beforeAttach(i)
	s.deleted.remove(i)
	s.place(i)
	if attach {
		i.session = s
		if i.modified {
			s.identities.modified.add(i)
		}
		s.fire("after_attach", s, i)
		s.fire("detached_to_persistent", s, i)
	}
}

// place puts a persistent object into the identity map.
func (s *Session) place(i *Instance) {
	if other := s.identities.get(i.key.id); other != nil && other != i {
		fail(exc.InvalidRequestError, "Can't attach instance %s; another instance with key %s is already present in this session.", i, i.key.String())
	}
	s.identities.put(i)
}

func (s *Session) beforeAttach(i *Instance) bool {
	s.autobegin("attach")
	if i.session == s {
		return false
	}
	if i.session != nil {
		fail(exc.InvalidRequestError, "Object '%s' is already attached to session '%d' (this is '%d')", i, i.session.number, s.number)
	}
	s.fire("before_attach", s, i)
	return true
}

// Delete marks an object, and those that cascade, for deletion.
func (s *Session) Delete(i *Instance) (err error) {
	defer catch(&err)
	s.delete(i, true)
	return nil
}

func (s *Session) delete(i *Instance, head bool) {
	if i.key == nil {
		if head {
			fail(exc.InvalidRequestError, "Instance '%s' is not persisted", i)
		}
		return
	}
	attach := s.beforeAttach(i)
	if s.deleted.has(i) {
		return
	}
	s.place(i)
	if attach {
		i.session = s
		s.fire("after_attach", s, i)
	}
	var more []*Instance
	if head {
		more = i.mapper.cascade(i, "delete", nil)
	}
	s.deleted.add(i)
	for _, x := range more {
		s.delete(x, false)
	}
}

// Expire forgets an object's values, or some of them: they load anew when read.
func (s *Session) Expire(i *Instance, keys []string) (err error) {
	defer catch(&err)
	s.expire(i, keys)
	return nil
}

func (s *Session) expire(i *Instance, keys []string) {
	if !s.identities.contains(i) {
		fail(exc.InvalidRequestError, "Instance '%s' is not persistent within this Session", i)
	}
	s.autobegin("expire")
	if keys != nil {
		i.expireAttributes(keys)
		return
	}
	cascaded := i.mapper.cascade(i, "refresh-expire", nil)
	s.expireOne(i)
	for _, x := range cascaded {
		s.expireOne(x)
	}
}

func (s *Session) expireOne(i *Instance) {
	switch {
	case i.key != nil:
		i.expire()
	case s.new.has(i):
		s.new.remove(i)
		s.detach(i, false)
	}
}

// ExpireAll forgets the values of all persistent objects.
func (s *Session) ExpireAll() (err error) {
	defer catch(&err)
	for _, i := range s.identities.all() {
		i.expire()
	}
	return nil
}

// IsModified reports whether flushing the object would change something.
func (s *Session) IsModified(i *Instance, noCollections bool) (yes bool, err error) {
	defer catch(&err)
	if !i.modified {
		return false, nil
	}
	for _, k := range i.mapper.order {
		a := i.mapper.attributes[k]
		if a.slot < 0 || a.rel != nil && noCollections && a.rel.UseList {
			continue
		}
		if a.rel != nil && noCollections && a.rel.UseList {
			continue
		}
		if h := a.history(i, passiveNoFetch&^callablesOK); h.HasChanges() {
			return true, nil
		}
	}
	return false, nil
}

// NoAutoflush runs f without autoflush.
func (s *Session) NoAutoflush(f func() error) error {
	s.noFlush++
	defer func() { s.noFlush-- }()
	return f()
}

// SuspendAutoflush turns autoflush off until the function it gives is called.
func (s *Session) SuspendAutoflush() (resume func()) {
	s.noFlush++
	return func() { s.noFlush-- }
}

// Autoflush reports whether queries flush first.
func (s *Session) Autoflush() bool { return s.options.Autoflush && s.noFlush == 0 }

func (s *Session) autoflush() {
	if s.Autoflush() && !s.flushing {
		err := attempt(func() { s.flush(nil) })
		if e := exc.Of(err); e != nil && e.Class.Derives(exc.StatementError) {
			e.Notes = append(e.Notes, "raised as a result of Query-invoked autoflush; consider using a session.no_autoflush block if this flush is occurring prematurely")
		}
		check(err)
	}
}

// Flush writes what was changed to the database.
func (s *Session) Flush() (err error) {
	defer catch(&err)
	s.flush(nil)
	return nil
}

// FlushObjects is Flush restricted to some objects.
func (s *Session) FlushObjects(list []*Instance) (err error) {
	defer catch(&err)
	s.flush(list)
	return nil
}

func (s *Session) flush(objects []*Instance) {
	if s.flushing {
		fail(exc.InvalidRequestError, "Session is already flushing")
	}
	if s.isClean() {
		return
	}
	s.flushing = true
	defer func() { s.flushing = false }()
	s.flushNow(objects)
}

func (s *Session) flushNow(objects []*Instance) {
	if len(s.Dirty()) == 0 && s.deleted.len() == 0 && s.new.len() == 0 {
		s.identities.modified.clear()
		return
	}
	u := newUnitOfWork(s)
	s.fire("before_flush", s, u, nil)
	only := map[*Instance]bool{}
	for _, i := range objects {
		only[i] = true
	}
	wanted := func(i *Instance) bool { return len(objects) == 0 || only[i] }
	done := map[*Instance]bool{}
	for _, i := range append(s.new.items(), s.Dirty()...) {
		if !wanted(i) || s.deleted.has(i) {
			continue
		}
		orphan := i.mapper.isOrphan(i)
		persistentOrphan := orphan && i.key != nil
		if orphan && !persistentOrphan && i.orphanedOutside {
			s.expungeAll([]*Instance{i}, false)
			continue
		}
		u.register(i, persistentOrphan, false, false)
		done[i] = true
	}
	for _, i := range s.deleted.items() {
		if wanted(i) && !done[i] {
			u.register(i, true, false, false)
		}
	}
	if len(u.states) == 0 {
		return
	}
	outer := s.autobegin("flush")
	outer.assertActive()
	t := s.begin(outer, false, true, false)
	u.transaction = t
	err := attempt(func() {
		u.execute()
		s.fire("after_flush", s, u)
		u.finalize()
		if len(objects) == 0 && s.identities.modified.len() > 0 {
			for _, i := range s.identities.modified.items() {
				i.commitAll()
			}
		}
		s.fire("after_flush_postexec", s, u)
		t.commit(false)
	})
	if err != nil {
		if t.session != nil {
			t.rollback(err, false)
		}
		check(err)
	}
}

// registerPersistent is what a successful flush makes of saved objects.
func (s *Session) registerPersistent(list []*Instance) {
	for _, i := range list {
		m := i.mapper
		key := m.identityOf(i)
		nulls := 0
		for _, v := range key.Values {
			if v == nil {
				nulls++
			}
		}
		if nulls == len(key.Values) || nulls > 0 && m.NoPartialPKs {
			fail(exc.FlushError, "Instance %s has a NULL identity key.  If this is an auto-generated value, check that the database table allows generation of new primary key values, and that the mapped Column object is configured to expect these generated values.  Ensure also that this flush() is not occurring at an inappropriate time, such as within a load() event.", i)
		}
		if i.key == nil {
			i.key = key
		} else if i.key.id != key.id {
			s.identities.discard(i)
			old := i.key
			if sw, ok := s.transaction.switches[i]; ok {
				old = sw[0]
			}
			s.transaction.switches[i] = [2]*Identity{old, key}
			i.key = key
		}
		if other := s.identities.get(key.id); other != nil && other != i {
			s.identities.discard(other)
		}
		s.identities.put(i)
		i.orphanedOutside = false
	}
	for _, i := range list {
		i.commitAll()
		if s.new.has(i) {
			s.transaction.added.add(i)
		} else {
			s.transaction.dirty.add(i)
		}
	}
	for _, i := range list {
		if s.new.has(i) {
			s.new.remove(i)
			s.fire("pending_to_persistent", s, i)
		}
	}
}

// removeDeleted is what a successful flush makes of deleted objects.
func (s *Session) removeDeleted(list []*Instance) {
	for _, i := range list {
		if s.transaction != nil {
			s.transaction.deleted.add(i)
		}
		s.identities.discard(i)
		s.deleted.remove(i)
		i.deleted = true
		s.fire("persistent_to_deleted", s, i)
	}
}

// identityOf is the identity that an object's present values give.
func (m *Mapper) identityOf(i *Instance) *Identity {
	vals := make([]any, len(m.primaryKey))
	for n, c := range m.primaryKey {
		v := i.attr(m.colProps[c].key).get(i, passiveReturnNoValue)
		if isSymbol(v) {
			v = nil
		}
		vals[n] = v
	}
	var token any
	if i.key != nil {
		token = i.key.Token
	} else {
		token = i.token
	}
	return m.NewIdentity(vals, token)
}

// Connection is the session's connection for a class or statement.
func (s *Session) Connection(m *Mapper, clause core.Node, bind Bind, o core.Options) (c *engine.Connection, err error) {
	defer catch(&err)
	if bind == nil {
		bind = s.bind(m, clause, nil)
	}
	c = s.connection(bind)
	if len(o) > 0 {
		check(c.SetOptions(s.ctx(), o))
	}
	return c, nil
}

func (s *Session) connection(b Bind) *engine.Connection {
	return s.autobegin("connection").connection(b)
}

// GetBind is where statements about a class or clause go, if Route does not say.
func (s *Session) GetBind(m *Mapper, clause core.Node) (b Bind, err error) {
	defer catch(&err)
	return s.ownBind(m, clause, nil), nil
}

// bind is where statements go: as Route says, else as GetBind does.
func (s *Session) bind(m *Mapper, clause core.Node, i *Instance) Bind {
	if s.Route != nil {
		if b := must(s.Route(m, clause, i)); b != nil {
			return b
		}
	}
	return s.ownBind(m, clause, i)
}

func (s *Session) ownBind(m *Mapper, clause core.Node, i *Instance) Bind {
	if s.Sharding != nil {
		return s.Sharding.bind(s, m, i)
	}
	if len(s.options.Binds) > 0 {
		if m == nil && clause != nil {
			m = mapperIn(clause)
		}
		for x := m; x != nil; x = x.Inherits {
			if b := s.options.Binds[x]; b != nil {
				return b
			}
		}
		if m != nil {
			for _, t := range m.tables {
				if b := s.options.Binds[t]; b != nil {
					return b
				}
			}
		}
		if clause != nil {
			var found Bind
			core.Walk(clause, func(n core.Node) bool {
				if found != nil {
					return false
				}
				switch n := n.(type) {
				case *core.Table:
					found = s.options.Binds[n]
				case *core.Column:
					if t, ok := core.PlainFrom(n.Table).(*core.Table); ok {
						found = s.options.Binds[t]
					}
				}
				return true
			})
			if found != nil {
				return found
			}
		}
	}
	if s.options.Bind != nil {
		return s.options.Bind
	}
	if m == nil && clause != nil {
		m = mapperIn(clause)
	}
	where := "SQL expression"
	if m != nil {
		where = "mapper " + m.String() + ", SQL expression"
	}
	fail(exc.UnboundExecutionError, "Could not locate a bind configured on %s or this Session.", where)
	return nil
}

// mapperIn finds the first mapped class that a statement speaks of.
func mapperIn(n core.Node) (m *Mapper) {
	core.Walk(n, func(n core.Node) bool {
		if m != nil {
			return false
		}
		switch n := n.(type) {
		case *core.AnnotatedFrom:
			if e, ok := n.Note.(*Entity); ok {
				m = e.Mapper
			}
		case *core.Annotated:
			if a, ok := n.Note.(*Attr); ok {
				m = a.Entity.Mapper
			}
		}
		return true
	})
	return m
}

// BindMapper and BindTable add a bind of a class or table.
func (s *Session) BindMapper(m *Mapper, b Bind) { s.addBind(m, b) }

// BindTable sends what concerns a table to its own database.
func (s *Session) BindTable(t *core.Table, b Bind) { s.addBind(t, b) }

func (s *Session) addBind(k any, b Bind) {
	binds := map[any]Bind{}
	for x, y := range s.options.Binds {
		binds[x] = y
	}
	binds[k] = b
	s.options.Binds = binds
}

// MakeTransient makes an object as if it had never been saved.
func MakeTransient(i *Instance) (err error) {
	defer catch(&err)
	if s := i.session; s != nil {
		s.expungeAll([]*Instance{i}, false)
	}
	i.expiredSlots, i.expired = nil, false
	i.override = nil
	i.key = nil
	i.deleted = false
	return nil
}

// MakeTransientToDetached makes a transient object with a primary key as if it
// had been loaded and detached.
func MakeTransientToDetached(i *Instance) (err error) {
	defer catch(&err)
	if i.session != nil || i.key != nil {
		fail(exc.InvalidRequestError, "Given object must be transient")
	}
	i.key = i.mapper.identityOf(i)
	i.deleted = false
	i.committed = nil
	i.modified = false
	for _, k := range i.mapper.order {
		if a := i.mapper.attributes[k]; a.scalarLoader() && i.at(a.slot) == NoValue && !a.deferred() {
			i.expiredSlots.add(a.slot)
		}
	}
	return nil
}

// Flushing reports whether a flush is on its way.
func (s *Session) Flushing() bool { return s.flushing }

// Handle is the slot in which a binding layer keeps its value for this one.
func (s *Session) Handle() *any { return &s.handle }

// Own is the slot for what a binding layer adds: a class of its own.
func (s *Session) Own() *any { return &s.own }

// EnableRelationshipLoading lets a transient or pending object load its
// relationships by its present keys.
func (s *Session) EnableRelationshipLoading(i *Instance) (err error) {
	defer catch(&err)
	if s.beforeAttach(i) {
		i.session = s
	}
	i.loadPending = true
	return nil
}
