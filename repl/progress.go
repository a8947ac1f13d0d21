package repl

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress is a bar for a person who waits longer than a moment; nothing when
// nobody watches.
type progress struct {
	bar   *progressbar.ProgressBar // nil: nobody watches
	next  time.Time
	shown bool
	n     int64 // since the bar was told
	unit  string
}

// progress makes a bar over so many "rows" or "bytes"; 0 when nobody knows how many.
func (s *Shell) progress(unit string, total int64) *progress {
	if !s.Watched {
		return &progress{}
	}
	return newProgress(s.Err, unit, total)
}

func newProgress(w io.Writer, unit string, total int64) *progress {
	if total <= 0 {
		total = -1
	}
	options := []progressbar.Option{progressbar.OptionSetWriter(w), progressbar.OptionSetWidth(30), progressbar.OptionUseANSICodes(true),
		progressbar.OptionSetRenderBlankState(false), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount()}
	if unit == "bytes" {
		options = append(options, progressbar.OptionShowBytes(true))
	} else {
		options = append(options, progressbar.OptionShowIts(), progressbar.OptionSetItsString(unit))
	}
	return &progress{next: time.Now().Add(time.Second), unit: unit, bar: progressbar.NewOptions64(total, options...)}
}

// add counts n more. The bar is asked only now and then: a row must not cost a lock.
func (p *progress) add(n int64) {
	if p.bar == nil {
		return
	}
	p.n += n
	if p.unit == "rows" && p.n%1024 != 0 {
		return
	}
	if now := time.Now(); now.After(p.next) {
		p.next = now.Add(200 * time.Millisecond)
		p.shown = true
		_ = p.bar.Add64(p.n) // a bar that cannot be drawn stops no work
		p.n = 0
	}
}

// done takes the bar off the screen.
func (p *progress) done() {
	if p.shown {
		_ = p.bar.Clear()
		p.shown = false
	}
}
