package repl

import (
	"context"
	"fmt"
	"time"
)

// Eval runs Lua and shows the values it gives.
func (s *Shell) Eval(ctx context.Context, c Chunk) error {
	if s.busy != nil {
		select {
		case <-s.busy:
			s.busy = nil
		default:
			return usageError("the chunk abandoned before still runs; SQL and commands work meanwhile")
		}
	}
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	start := time.Now()
	hint := s.watchLessons()
	values, err := s.eval(ctx, c)
	if err == nil && !c.Script {
		err = s.showValues(c, values)
	}
	hint()
	s.remember(err)
	s.timing(start)
	return err
}

// abandonAfter is how long a chunk may go on after it was cancelled before
// the prompt comes back without it.
const abandonAfter = 3 * time.Second

// eval runs a chunk; one that does not stop when it is cancelled is left
// behind: a Go function that Lua called cannot be stopped from outside.
func (s *Shell) eval(ctx context.Context, c Chunk) ([]any, error) {
	type answer struct {
		values []any
		err    error
	}
	if !s.Terminal {
		return s.Lua.Eval(ctx, c)
	}
	done := make(chan answer, 1)
	busy := make(chan struct{})
	go func() {
		defer close(busy)
		v, err := s.Lua.Eval(ctx, c)
		done <- answer{v, err}
	}()
	select {
	case a := <-done:
		return a.values, a.err
	case <-ctx.Done():
	}
	select {
	case a := <-done:
		return a.values, a.err
	case <-time.After(abandonAfter):
		s.busy = busy
		return nil, usageError("the chunk does not stop (it is inside one long call): abandoned")
	}
}

func (s *Shell) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.Timeout > 0 {
		return context.WithTimeout(ctx, s.Timeout)
	}
	return ctx, func() {}
}

func (s *Shell) timing(start time.Time) {
	if s.Settings.Timing {
		fmt.Fprintf(s.Err, "Time: %s\n", duration(time.Since(start)))
	}
}

// duration prints a time as psql does, with the longer form from a second on.
func duration(d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	text := fmt.Sprintf("%.3f ms", ms)
	if d >= time.Second {
		text += " (" + d.Round(time.Millisecond).String() + ")"
	}
	return text
}
