package tutorial

import (
	"sync"

	"alchemysh/core/engine"
)

// Recorder notes the statements that the engines of a program send.
type Recorder struct {
	mu   sync.Mutex
	sent []string
	off  int
}

// NewRecorder makes a recorder that listens from now on.
func NewRecorder(scope *engine.Scope) *Recorder {
	r := &Recorder{}
	scope.Events.BeforeCursorExecute.Listen(func(_ *engine.Connection, x *engine.CursorExecution) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.off == 0 {
			r.sent = append(r.sent, x.SQL)
		}
		return nil
	})
	return r
}

// Take gives what was sent since the last time.
func (r *Recorder) Take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	sent := r.sent
	r.sent = nil
	return sent
}

// Pause stops the notes while f runs.
func (r *Recorder) Pause(f func()) {
	r.mu.Lock()
	r.off++
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.off--
		r.mu.Unlock()
	}()
	f()
}
