package repl

import (
	"context"
	"fmt"
	"strings"
)

// Database is the connection that SQL runs on. Without one yet the default is
// made.
func (s *Shell) Database(ctx context.Context) (Database, error) {
	if s.Follow != nil {
		db, err := s.Follow(ctx, s.DB)
		if err != nil {
			return nil, err
		}
		if db != s.DB {
			s.DB = db // the one before stays open: Lua may still hold it
			s.connected()
		}
	}
	if s.DB == nil {
		return nil, usageError(`not connected; \c URL connects`)
	}
	return s.DB, nil
}

func begin(ctx context.Context, s *Shell, _ call) error    { return s.Query(ctx, "BEGIN") }
func commit(ctx context.Context, s *Shell, _ call) error   { return s.Query(ctx, "COMMIT") }
func rollback(ctx context.Context, s *Shell, _ call) error { return s.Query(ctx, "ROLLBACK") }

func sqlEcho(ctx context.Context, s *Shell, c call) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	mode := c.word(0)
	switch mode {
	case "on", "off", "full", "debug":
	default:
		return usageError("%s: on, off, full or debug is wanted, not %q", c.name, mode)
	}
	if err := db.SetEcho(mode); err != nil {
		return err
	}
	s.remark("Echo of SQL is %s.\n", mode)
	return nil
}

func session(_ context.Context, s *Shell, _ call) error {
	r, ok := s.Lua.(SessionReporter)
	var state SessionState
	if ok {
		state, ok = r.SessionState()
	}
	if !ok {
		return usageError("there is no session; session = Session(engine) makes one")
	}
	var b strings.Builder
	list := func(what string, objects []string) {
		fmt.Fprintf(&b, "%-9s %d\n", what, len(objects))
		for _, o := range objects {
			fmt.Fprintf(&b, "  %s\n", o)
		}
	}
	list("new", state.New)
	list("dirty", state.Dirty)
	list("deleted", state.Deleted)
	list("identity", state.Identities)
	if len(state.Sent) > 0 || state.Failure != nil {
		b.WriteString("a flush would send\n")
		for _, sql := range state.Sent {
			b.WriteString("  " + strings.ReplaceAll(strings.TrimSpace(sql), "\n", "\n  ") + "\n")
		}
	}
	if state.Failure != nil {
		b.WriteString("and fail\n  " + strings.ReplaceAll(Describe(state.Failure), "\n", "\n  ") + "\n")
	}
	return s.emit(b.String())
}

func models(_ context.Context, s *Shell, _ call) error {
	r, ok := s.Lua.(ModelReporter)
	if !ok {
		return usageError("no classes are mapped")
	}
	lines := r.Models()
	if len(lines) == 0 {
		s.remark("No classes are mapped.\n")
		return nil
	}
	return s.emit(strings.Join(lines, "\n") + "\n")
}
