package terminal

import (
	"fmt"
	"os"
	"regexp"
)

// screen is what readline writes to. After a repaint readline goes back to the
// cursor with one backspace per cell, and expects a backspace in the first
// column to stay there; tmux and others then go to the end of the row above.
// The way back is replaced by one that all terminals agree on.
type screen struct{ t *Terminal }

var wayBack = regexp.MustCompile(`(?:\x08|\x1b\[A\r\x1b\[\d+C)+$`)

// Write writes a repaint.
func (s screen) Write(b []byte) (int, error) {
	s.t.mu.Lock()
	total, pos, width := s.t.total, s.t.pos, s.t.width
	s.t.mu.Unlock()
	at := wayBack.FindIndex(b)
	if at == nil || width <= 0 || pos >= total {
		return os.Stdout.Write(b)
	}
	out := append([]byte(nil), b[:at[0]]...)
	if up := total/width - pos/width; up > 0 {
		out = fmt.Appendf(out, "\x1b[%dA", up)
	}
	out = append(out, '\r')
	if col := pos % width; col > 0 {
		out = fmt.Appendf(out, "\x1b[%dC", col)
	}
	if _, err := os.Stdout.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}
