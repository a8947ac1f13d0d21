package tutorial

import (
	"sync"

	"alchemysh/core/engine"
)

// Recorder notes the statements that any engine of this process sends.
type Recorder struct {
	mu   sync.Mutex
	sent []string
	off  int
}

// NewRecorder makes a recorder that listens from now on.
func NewRecorder() *Recorder {
	r := &Recorder{}
	engine.AllEngines.BeforeCursorExecute = append(engine.AllEngines.BeforeCursorExecute,
		func(_ *engine.Connection, x *engine.CursorExecution) error {
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
