package engine

import (
	"context"
	"math/rand/v2"
	"time"

	"alchemysh/core/exc"
)

// Retry bounds how often RunTransaction tries again, and how long it waits.
type Retry struct {
	MaxRetries int           // after the first attempt; 0: 3
	MinWait    time.Duration // before the first retry; 0: 10 ms. It doubles each time
	MaxWait    time.Duration // 0: 1 s
}

// RunTransaction calls f in a transaction and commits it, and does both again
// where the database asks for that: serialization failures, deadlocks, and,
// before COMMIT only, a lost connection. What f did besides SQL happens again
// too. A commit whose outcome is unknown is never repeated.
func RunTransaction(ctx context.Context, e *Engine, r Retry, f func(*Connection) error) error {
	return Repeat(ctx, r, func() (retryable bool, err error) {
		committing := false
		err = e.Begin(ctx, func(c *Connection) error {
			if err := f(c); err != nil {
				return err
			}
			committing = true
			return nil
		})
		return Retryable(err, committing), err
	})
}

// Repeat calls f until it succeeds, or fails for good, or has been called often
// enough. It waits between the calls, longer each time, by chance a little more
// or less.
func Repeat(ctx context.Context, r Retry, f func() (retryable bool, err error)) error {
	if r.MaxRetries <= 0 {
		r.MaxRetries = 3
	}
	if r.MinWait <= 0 {
		r.MinWait = 10 * time.Millisecond
	}
	if r.MaxWait <= 0 {
		r.MaxWait = time.Second
	}
	wait := r.MinWait
	for attempt := 0; ; attempt++ {
		retryable, err := f()
		if err == nil || !retryable || attempt >= r.MaxRetries {
			return err
		}
		timer := time.NewTimer(wait/2 + rand.N(wait))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		wait = min(2*wait, r.MaxWait)
	}
}

// retryableCodes are what databases say when a transaction may succeed if it
// is run again: serialization failure, deadlock, record changed.
var retryableCodes = map[string]bool{"40001": true, "40P01": true, "1213": true, "1020": true}

// Retryable reports whether a transaction that ended in err may succeed when
// it is run again; committing: it ended in its COMMIT.
func Retryable(err error, committing bool) bool {
	x := exc.Of(err)
	switch {
	case x == nil || x.Class == exc.CommitUnknownError:
		return false
	case x.ConnectionInvalidated:
		return !committing
	}
	return retryableCodes[x.Code]
}
