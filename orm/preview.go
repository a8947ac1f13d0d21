package orm

import (
	"maps"
	"slices"
	"strings"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// Sent is one statement as the echo shows it.
type Sent struct{ SQL, Params string }

// Preview gives the statements that a flush would send. It flushes, inside a
// savepoint that is rolled back, and then makes the session and its objects
// what they were; only what the flush asks for outside, values of sequences and
// of Go's or a script's defaults, has been used up. When the flush would fail,
// the error comes with the statements before it.
func (s *Session) Preview() (sent []Sent, err error) {
	defer catch(&err)
	if s.flushing {
		fail(exc.InvalidRequestError, "Session is already flushing")
	}
	if s.isClean() {
		return nil, nil
	}
	outer := s.transaction
	if outer != nil {
		outer.assertActive()
	}
	defer s.snapshot()()
	var muted []*engine.Connection
	theirs := map[*engine.Transaction]bool{} // begun before, on a connection that the session was given
	s.preview = func(c *engine.Connection) { // of each connection that the flush takes
		if slices.Contains(muted, c) {
			return
		}
		theirs[c.Transaction()], theirs[c.NestedTransaction()] = true, true
		muted = append(muted, c)
		own := false // the line before was of the transaction
		c.Capture(func(line string) {
			_, params, mark := strings.Cut(line, "] ")
			switch {
			case strings.HasPrefix(line, "[") && mark:
				if !own && len(sent) > 0 {
					sent[len(sent)-1].Params = params
				}
			case bookkeeping(line):
				own = true
			default:
				own = false
				sent = append(sent, Sent{SQL: line})
			}
		})
	}
	defer func() {
		s.preview = nil
		for _, c := range muted {
			c.Capture(nil)
		}
	}()
	// The savepoint is made by hand: begin_nested() would flush before it.
	if outer == nil {
		s.transaction = emptyTransaction(s, nil)
	}
	t := emptyTransaction(s, s.transaction)
	t.nested = true
	connections := map[*Transaction]map[any]*held{} // as they were
	taken := map[*Transaction]int{}
	for x := t; x != nil; x = x.parent {
		connections[x], taken[x] = maps.Clone(x.connections), len(x.held)
	}
	s.transaction = t
	defer func() {
		for x := t; x != nil; x = x.parent { // the innermost savepoint first
			for _, h := range x.held[taken[x]:] {
				if h.tx.Active() && !theirs[h.tx] {
					err = orFirst(err, h.tx.Rollback(s.ctx()))
				}
				if h.close && x.parent == nil {
					err = orFirst(err, h.conn.Close(s.ctx()))
				}
			}
			x.connections, x.held = connections[x], x.held[:taken[x]]
		}
	}()
	if failure := attempt(func() { s.flush(nil) }); failure != nil {
		return sent, failure
	}
	return sent, nil
}

func emptyTransaction(s *Session, parent *Transaction) *Transaction {
	return &Transaction{session: s, parent: parent, connections: map[any]*held{}, added: newInstanceSet(), deleted: newInstanceSet(),
		dirty: newInstanceSet(), switches: map[*Instance][2]*Identity{}}
}

func orFirst(err, next error) error {
	if err == nil {
		return next
	}
	return err
}

// bookkeeping says that a line of the echo is of the transaction, not of the
// flush.
func bookkeeping(line string) bool {
	for _, word := range []string{"BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "COMMIT", "Col (", "Row ("} {
		if strings.HasPrefix(line, word) {
			return true
		}
	}
	return false
}

// snapshot remembers the session and its objects as they are. The function
// that it gives makes them so again.
func (s *Session) snapshot() (restore func()) {
	type kept struct {
		i   *Instance
		was Instance
	}
	var all []kept
	type items struct {
		c     *Collection
		items []*Instance
		keys  []any
		stale bool
	}
	var collections []items
	keep := func(v any) {
		if c, ok := v.(*Collection); ok && c != nil {
			collections = append(collections, items{c, slices.Clone(c.items), slices.Clone(c.keys), c.stale})
		}
	}
	seen := map[*Instance]bool{}
	lists := [][]*Instance{s.new.items(), s.identities.all(), s.deleted.items(), s.identities.modified.items()}
	for t := s.transaction; t != nil; t = t.parent {
		lists = append(lists, t.added.items(), t.deleted.items(), t.dirty.items())
	}
	for _, list := range lists {
		for _, i := range list {
			if seen[i] {
				continue
			}
			seen[i] = true
			was := *i
			was.vals, was.committed = slices.Clone(i.vals), slices.Clone(i.committed)
			was.Info, was.expiredSlots, was.parents = maps.Clone(i.Info), maps.Clone(i.expiredSlots), maps.Clone(i.parents)
			was.empties, was.override, was.composites = maps.Clone(i.empties), maps.Clone(i.override), maps.Clone(i.composites)
			was.pending = maps.Clone(i.pending)
			for slot, p := range was.pending {
				was.pending[slot] = &pendingChanges{slices.Clone(p.added), slices.Clone(p.removed)}
			}
			for _, v := range i.vals {
				keep(v)
			}
			for _, v := range i.committed {
				keep(v.was)
			}
			for _, c := range i.empties {
				keep(c)
			}
			all = append(all, kept{i, was})
		}
	}
	byKey, order := maps.Clone(s.identities.byKey), slices.Clone(s.identities.order)
	modified, added, deleted := s.identities.modified.clone(), s.new.clone(), s.deleted.clone()
	transaction, inserted := s.transaction, s.inserted
	return func() {
		for _, k := range all {
			k.was.handle = k.i.handle // made meanwhile, and known to the person
			*k.i = k.was
		}
		for _, c := range collections {
			c.c.items, c.c.keys, c.c.stale = c.items, c.keys, c.stale
		}
		for _, i := range s.identities.all() { // loaded by the flush
			if !seen[i] {
				i.session = nil
			}
		}
		s.identities.byKey, s.identities.order, s.identities.modified = byKey, order, modified
		s.new, s.deleted, s.transaction, s.inserted = added, deleted, transaction, inserted
	}
}

func (s *instanceSet) clone() *instanceSet {
	return &instanceSet{at: maps.Clone(s.at), list: slices.Clone(s.list)}
}
