package orm

import (
	"errors"
	"fmt"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// TransactionState is how far a transaction of a session has come.
type TransactionState uint8

// The states.
const (
	transactionActive TransactionState = iota
	transactionPrepared
	transactionCommitted
	transactionDeactive
	transactionClosed
)

// Transaction is a transaction of a session: the outer one, a savepoint, or
// the inner one of a flush. It remembers what it must undo on the objects.
type Transaction struct {
	session *Session
	parent  *Transaction
	nested  bool
	sub     bool
	state   TransactionState
	cause   error // the failure of a flush that ended it

	connections map[any]*held
	held        []*held

	added    *instanceSet
	deleted  *instanceSet
	dirty    *instanceSet
	switches map[*Instance][2]*Identity
}

// held is one connection that the transaction uses.
type held struct {
	conn   *engine.Connection
	tx     *engine.Transaction
	commit bool // it is ours to commit
	close  bool // it is ours to close
}

// Nested reports whether it is a savepoint.
func (t *Transaction) Nested() bool { return t.nested }

// Parent is the transaction around it; nil for the outer one.
func (t *Transaction) Parent() *Transaction { return t.parent }

// Session is the transaction's session.
func (t *Transaction) Session() *Session { return t.session }

// Active reports whether it can still do something.
func (t *Transaction) Active() bool { return t.session != nil && t.state == transactionActive }

func (s *Session) begin(parent *Transaction, nested, sub, auto bool) *Transaction {
	if s.closed {
		fail(exc.InvalidRequestError, "This Session has been permanently closed and is unable to handle any more transaction requests.")
	}
	t := &Transaction{session: s, parent: parent, nested: nested, sub: sub, connections: map[any]*held{}}
	if sub {
		t.added, t.deleted, t.dirty, t.switches = parent.added, parent.deleted, parent.dirty, parent.switches
	} else {
		if nested && !s.flushing {
			s.flush(nil)
		}
		t.added, t.deleted, t.dirty = newInstanceSet(), newInstanceSet(), newInstanceSet()
		t.switches = map[*Instance][2]*Identity{}
	}
	s.transaction = t
	s.fire("after_transaction_create", s, t)
	return t
}

// autobegin begins the outer transaction if there is none.
func (s *Session) autobegin(why string) *Transaction {
	if s.transaction == nil {
		if !s.options.Autobegin && why != "begin" && why != "nested" {
			fail(exc.InvalidRequestError, "Autobegin is disabled on this Session; please call session.begin() to start a new transaction")
		}
		s.begin(nil, false, false, true)
	}
	return s.transaction
}

func (t *Transaction) assertActive() {
	switch t.state {
	case transactionCommitted:
		fail(exc.InvalidRequestError, "This session is in 'committed' state; no further SQL can be emitted within this transaction.")
	case transactionPrepared:
		fail(exc.InvalidRequestError, "This session is in 'prepared' state; no further SQL can be emitted within this transaction.")
	case transactionDeactive:
		if t.cause != nil {
			fail(exc.PendingRollbackError, "This Session's transaction has been rolled back due to a previous exception during flush. To begin a new transaction with this Session, first issue Session.rollback(). Original exception was: %s", t.original())
		}
		fail(exc.InvalidRequestError, "This session is in 'inactive' state, due to the SQL transaction being rolled back; no further SQL can be emitted within this transaction.")
	case transactionClosed:
		fail(exc.ResourceClosedError, "This transaction is closed")
	}
}

// original is the failure that ended the transaction as Python's str() of it.
func (t *Transaction) original() string {
	e := exc.Of(t.cause)
	if e == nil {
		return t.cause.Error()
	}
	text := e.Message
	if e.Class.Derives(exc.DBAPIError) {
		text = "(" + t.driverModule() + "." + e.Class.Name + ") " + text
	}
	for n := len(e.Notes) - 1; n >= 0; n-- {
		text = "(" + e.Notes[n] + ")\n" + text
	}
	if e.Statement != "" {
		text += "\n[SQL: " + e.Statement + "]"
		if e.Params != "" && e.Params != "()" && e.Params != "{}" {
			text += "\n[parameters: " + e.Params + "]"
		}
	}
	return text
}

// driverModule is where the Python driver of the transaction's database has its
// exceptions.
func (t *Transaction) driverModule() string {
	for x := t; x != nil; x = x.parent {
		if len(x.held) == 0 {
			continue
		}
		switch x.held[0].conn.Dialect().Name() {
		case "postgresql":
			return "psycopg2.errors"
		case "mysql", "mariadb":
			return "pymysql.err"
		}
		break
	}
	return "sqlite3"
}

// connection is the transaction's connection to a bind.
func (t *Transaction) connection(b Bind) *engine.Connection {
	t.assertActive()
	if h := t.connections[b]; h != nil {
		return h.conn
	}
	s := t.session
	h := &held{commit: true, close: true}
	_, given := b.(*engine.Connection)
	if t.parent != nil {
		h.conn = t.parent.connection(b)
		if !t.nested {
			return h.conn
		}
	} else if c, ok := b.(*engine.Connection); ok {
		h.conn = c
		if t.connections[any(c.Engine)] != nil {
			fail(exc.InvalidRequestError, "Session already has a Connection associated for the given Connection's Engine")
		}
	} else {
		h.conn = must(b.(*engine.Engine).Connect(s.ctx()))
	}
	if s.preview != nil {
		s.preview(h.conn)
	}
	h.close = !given
	var err error
	switch {
	case s.options.TwoPhase && t.parent == nil:
		h.tx, err = h.conn.BeginTwoPhase(s.ctx(), "")
	case t.nested:
		h.tx, err = h.conn.BeginNested(s.ctx())
	case h.conn.InTransaction():
		mode := s.options.JoinTransactionMode
		if mode == "" || mode == "conditional_savepoint" {
			mode = "rollback_only"
			if h.conn.InNestedTransaction() {
				mode = "create_savepoint"
			}
		}
		switch mode {
		case "control_fully", "rollback_only":
			h.tx = h.conn.Transaction()
			if h.conn.InNestedTransaction() {
				h.tx = h.conn.NestedTransaction()
			}
			h.commit = mode == "control_fully"
		case "create_savepoint":
			h.tx, err = h.conn.BeginNested(s.ctx())
		default:
			fail(exc.ArgumentError, "invalid selection for join_transaction_mode: '%s'", mode)
		}
	default:
		h.tx, err = h.conn.Begin(s.ctx())
	}
	if err != nil {
		if h.close && t.parent == nil {
			_ = h.conn.Close(s.ctx())
		}
		check(err)
	}
	t.connections[b] = h
	t.connections[any(h.conn)] = h
	t.connections[any(h.conn.Engine)] = h
	t.held = append(t.held, h)
	s.fire("after_begin", s, t, h.conn)
	return h.conn
}

// upTo lists the transactions from the session's innermost out to t, without t.
func (t *Transaction) inner() []*Transaction {
	var out []*Transaction
	for x := t.session.transaction; x != nil && x != t; x = x.parent {
		out = append(out, x)
	}
	return out
}

func (t *Transaction) prepare() {
	s := t.session
	t.assertActive()
	if !t.sub {
		s.fire("before_commit", s)
	}
	for _, x := range t.inner() {
		x.commit(false)
	}
	if !s.flushing {
		n := 0
		for ; n < 100 && !s.isClean(); n++ {
			s.flush(nil)
		}
		if n == 100 {
			fail(exc.FlushError, "Over 100 subsequent flushes have occurred within session.commit() - is an after_flush() hook creating new objects?")
		}
	}
	if t.parent == nil && s.options.TwoPhase {
		for _, h := range t.held {
			if err := h.tx.Prepare(s.ctx()); err != nil {
				t.rollback(nil, false)
				check(err)
			}
		}
	}
	t.state = transactionPrepared
}

func (t *Transaction) commit(toRoot bool) {
	s := t.session
	if s == nil {
		fail(exc.ResourceClosedError, "This transaction is closed")
	}
	if t.state != transactionPrepared {
		t.prepare()
	}
	if !t.sub {
		for _, h := range t.held {
			if h.commit {
				check(h.tx.Commit(s.ctx()))
			}
		}
		t.state = transactionCommitted
		s.fire("after_commit", s)
		t.removeSnapshot()
	}
	parent := t.parent
	t.close(false)
	if toRoot && parent != nil {
		parent.commit(true)
	}
}

func (t *Transaction) rollback(cause error, toRoot bool) {
	s := t.session
	if s == nil {
		return
	}
	for _, x := range t.inner() {
		x.close(false)
	}
	boundary := t
	var failure error
	if t.state == transactionActive || t.state == transactionPrepared {
		for x := t; x != nil; x = x.parent {
			if x.sub {
				x.state = transactionDeactive
				continue
			}
			for _, h := range x.held {
				if err := h.tx.Rollback(s.ctx()); err != nil {
					failure = errors.Join(failure, err)
				}
			}
			x.state = transactionDeactive
			if failure == nil {
				if err := attempt(func() { s.fire("after_rollback", s) }); err != nil {
					failure = err
				}
			}
			x.restoreSnapshot(x.nested)
			boundary = x
			break
		}
	}
	if failure == nil && !s.isClean() {
		s.warn("Session's state has been changed on a non-active transaction - this state will be discarded.")
		boundary.restoreSnapshot(boundary.nested)
	}
	parent := t.parent
	t.close(false)
	if parent != nil && cause != nil {
		parent.cause = cause
	}
	s.fire("after_soft_rollback", s, t)
	if failure != nil {
		check(failure)
	}
	if toRoot && parent != nil {
		parent.rollback(nil, true)
	}
}

func (t *Transaction) close(invalidate bool) {
	s := t.session
	s.transaction = t.parent
	if t.parent == nil || t.nested {
		for _, h := range t.held {
			if invalidate && t.parent == nil {
				_ = h.conn.Invalidate(nil)
			}
			if h.commit && h.tx.Active() && t.parent == nil {
				_ = h.tx.Close(s.ctx())
			} else if t.nested && h.tx.Active() {
				_ = h.tx.Close(s.ctx())
			}
			if h.close && t.parent == nil {
				if err := h.conn.Close(s.ctx()); err != nil && !invalidate {
					check(err)
				}
			}
		}
	}
	t.state = transactionClosed
	s.fire("after_transaction_end", s, t)
	t.session, t.connections, t.held = nil, nil, nil
}

// restoreSnapshot makes the objects what the database has after ROLLBACK.
func (t *Transaction) restoreSnapshot(dirtyOnly bool) {
	s := t.session
	gone := newInstanceSet()
	for _, i := range t.added.items() {
		gone.add(i)
	}
	for _, i := range s.new.items() {
		gone.add(i)
	}
	s.expungeAll(gone.items(), true)
	for i, keys := range t.switches {
		s.identities.discard(i)
		i.key = keys[0]
		if !gone.has(i) {
			s.identities.put(i)
		}
	}
	back := newInstanceSet()
	for _, i := range t.deleted.items() {
		back.add(i)
	}
	for _, i := range s.deleted.items() {
		back.add(i)
	}
	for _, i := range back.items() {
		if !gone.has(i) {
			s.restoreDeleted(i)
		}
	}
	s.deleted.clear()
	for _, i := range s.identities.all() {
		if !dirtyOnly || i.modified || t.dirty.has(i) {
			i.expire()
		}
	}
}

// removeSnapshot is what COMMIT does to the objects.
func (t *Transaction) removeSnapshot() {
	s := t.session
	if !t.nested {
		if s.options.ExpireOnCommit {
			for _, i := range s.identities.all() {
				i.expire()
			}
			for _, i := range t.deleted.items() {
				s.detach(i, false)
			}
			t.deleted.clear()
		}
		return
	}
	for _, i := range t.added.items() {
		t.parent.added.add(i)
	}
	for _, i := range t.dirty.items() {
		t.parent.dirty.add(i)
	}
	for _, i := range t.deleted.items() {
		t.parent.deleted.add(i)
	}
	for i, k := range t.switches {
		if old, ok := t.parent.switches[i]; ok {
			k[0] = old[0]
		}
		t.parent.switches[i] = k
	}
}

func (t *Transaction) assertOpen() {
	if t.session == nil || t.state == transactionClosed {
		fail(exc.ResourceClosedError, "This transaction is closed")
	}
}

// Commit commits the transaction and those inside it.
func (t *Transaction) Commit() (err error) {
	defer catch(&err)
	t.assertOpen()
	t.commit(false)
	return nil
}

// Rollback undoes the transaction and those inside it.
func (t *Transaction) Rollback() (err error) {
	defer catch(&err)
	t.assertOpen()
	t.rollback(nil, false)
	return nil
}

// Prepare makes a two-phase transaction ready to commit.
func (t *Transaction) Prepare() (err error) {
	defer catch(&err)
	if t.parent != nil || !t.session.options.TwoPhase {
		fail(exc.InvalidRequestError, "'twophase' mode not enabled, or not root transaction; can't prepare.")
	}
	t.prepare()
	return nil
}

// Exit ends the transaction as Python's with statement does.
func (t *Transaction) Exit(cause error) (err error) {
	defer catch(&err)
	if t.session == nil || t.state == transactionClosed {
		return cause
	}
	if cause == nil && t.state == transactionActive {
		if err := attempt(func() { t.commit(false) }); err != nil {
			if t.session != nil {
				t.rollback(nil, false)
			}
			return err
		}
		return nil
	}
	if cause == nil && t.state == transactionDeactive {
		s := t.session
		_ = s
	}
	t.rollback(nil, false)
	return cause
}

func (t *Transaction) String() string { return fmt.Sprintf("<SessionTransaction %p>", t) }
