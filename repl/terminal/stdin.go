package terminal

import (
	"io"
	"sync"
	"time"

	"github.com/chzyer/readline"

	"alchemysh/repl/edit"
)

// stdin stands between the terminal and readline: it decodes what the
// terminal sends and hands on one rune per key.
type stdin struct {
	source io.ReadCloser
	raw    []byte // read, not yet decoded
	out    []byte // decoded, not yet taken by readline
	// searched is how much of raw is known to hold no end of a paste.
	searched int

	bytes  chan []byte
	errs   chan error
	inject chan rune
	busy   bool // a read of source is under way

	mu     sync.Mutex
	pastes []string
	early  []rune // keys that came between two entries
}

// putBack keeps a key that came between two entries for the next one.
func (s *stdin) putBack(r rune) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.early = append(s.early, r)
}

// replay has the keys that were put back read again.
func (s *stdin) replay() {
	s.mu.Lock()
	waiting := len(s.early) > 0
	s.mu.Unlock()
	if waiting { // wakes a Read that waits for the terminal
		select {
		case s.inject <- sizeKey:
		default:
		}
	}
}

func (s *stdin) takeEarly() (rune, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.early) == 0 {
		return 0, false
	}
	r := s.early[0]
	s.early = s.early[1:]
	return r, true
}

func newStdin(source io.Reader) *stdin {
	return &stdin{source: readline.NewCancelableStdin(source), bytes: make(chan []byte, 1), errs: make(chan error, 1),
		inject: make(chan rune, 1)}
}

// Close ends the reading.
func (s *stdin) Close() error { return s.source.Close() }

// escapeDelay is how long the rest of an escape sequence may take; after it
// the ESC was the key.
const escapeDelay = 50 * time.Millisecond

// more waits for bytes, for a change of the screen's size, or, when timeout is
// not 0, so long.
func (s *stdin) more(timeout time.Duration) (timedOut bool, err error) {
	if !s.busy {
		s.busy = true
		go func() {
			b := make([]byte, 4096)
			n, err := s.source.Read(b)
			if n > 0 {
				s.bytes <- b[:n]
				return
			}
			if err == nil {
				err = io.EOF
			}
			s.errs <- err
		}()
	}
	var timer <-chan time.Time
	if timeout > 0 {
		timer = time.After(timeout)
	}
	select {
	case b := <-s.bytes:
		s.busy = false
		s.raw = append(s.raw, b...)
	case err := <-s.errs:
		s.busy = false
		return false, err
	case r := <-s.inject:
		s.out = append(s.out, string(r)...)
	case <-timer:
		return true, nil
	}
	return false, nil
}

// Read gives readline the next key.
func (s *stdin) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if r, ok := s.takeEarly(); ok {
			s.out = append(s.out, string(r)...)
			break
		}
		if len(s.raw) == 0 {
			if _, err := s.more(0); err != nil {
				return 0, err
			}
			continue
		}
		key, paste, n := decode(s.raw, false, s.searched)
		if n == 0 {
			s.searched = len(s.raw)
			wait := escapeDelay
			if len(s.raw) >= len(pasteStart) && string(s.raw[:len(pasteStart)]) == pasteStart {
				wait = 0
			}
			late, err := s.more(wait)
			if err != nil {
				return 0, err
			}
			if !late {
				continue
			}
			key, paste, n = decode(s.raw, true, s.searched)
		}
		s.raw, s.searched = s.raw[n:], 0
		switch {
		case paste != nil:
			s.mu.Lock()
			s.pastes = append(s.pastes, string(paste))
			s.mu.Unlock()
			s.out = append(s.out, string(pasteKey)...)
		case key == edit.Enter, key == edit.Interrupt, key == edit.EndOfFile:
			// readline stops reading ahead after these bytes; a program that is
			// started by the entry finds its input untouched.
			s.out = append(s.out, map[edit.Key]byte{edit.Enter: readline.CharEnter,
				edit.Interrupt: readline.CharInterrupt, edit.EndOfFile: readline.CharDelete}[key])
		case key == edit.None:
		case key > edit.None:
			s.out = append(s.out, string(keyBase+rune(key-edit.None))...)
		default:
			s.out = append(s.out, string(rune(key))...)
		}
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// paste takes the oldest paste.
func (s *stdin) paste() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pastes) == 0 {
		return ""
	}
	p := s.pastes[0]
	s.pastes = s.pastes[1:]
	return p
}
