package edit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// search is an incremental search through the history, over all lines of each
// entry.
type search struct {
	query   string
	at      int // the entry found, len(history): none yet
	forward bool
	failed  bool
	from    state // what was there before
	fromAt  int
}

// startSearch begins a search from the entry shown.
func (m *Model) startSearch(forward bool) {
	m.menu = nil
	m.search = &search{at: m.entry, forward: forward, from: state{m.text, m.cursor}, fromAt: m.entry}
}

// endSearch leaves the search with the entry it found.
func (m *Model) endSearch(keep bool) {
	s := m.search
	if s == nil {
		return
	}
	m.search = nil
	if !keep {
		m.text, m.cursor = s.from.text, s.from.cursor
		return
	}
	if s.at < len(m.history) && m.text == m.history[s.at] {
		if s.fromAt == len(m.history) {
			m.draft = s.from.text
		}
		m.entry = s.at
	}
}

// searchKey handles a key during a search. What it does not know ends the
// search and is then done as usual.
func (m *Model) searchKey(k Key) (Outcome, bool) {
	s := m.search
	switch {
	case k < None && k >= 0x20 && utf8.ValidRune(rune(k)):
		s.query += string(rune(k))
		m.find(s.at)
	case k == Backspace:
		if s.query == "" {
			return Bell, true
		}
		_, n := utf8.DecodeLastRuneInString(s.query)
		s.query = s.query[:len(s.query)-n]
		m.find(len(m.history) - 1)
	case k == SearchBack:
		s.forward = false
		m.find(s.at - 1)
	case k == SearchForward:
		s.forward = true
		m.find(s.at + 1)
	case k == Cancel || k == Interrupt:
		m.endSearch(false)
	case k == Escape || k == Tab:
		m.endSearch(true)
	default:
		m.endSearch(true)
		return Redraw, false
	}
	if s.failed && m.search != nil {
		return Bell, true
	}
	return Redraw, true
}

// find looks for the query from an entry on. Capitals in the query count.
func (m *Model) find(from int) {
	s := m.search
	if s.query == "" {
		s.failed = false
		m.text, m.cursor, s.at = s.from.text, s.from.cursor, s.fromAt
		return
	}
	fold := s.query == strings.ToLower(s.query)
	step := -1
	if s.forward {
		step = 1
	}
	if !s.forward {
		from = min(from, len(m.history)-1)
	}
	for i := from; i >= 0 && i < len(m.history); i += step {
		if at := index(m.history[i], s.query, fold); at >= 0 && (m.history[i] != m.text || i == s.at || i == from) {
			m.text, m.cursor = m.history[i], boundary(m.history[i], at)
			s.at, s.failed = i, false
			return
		}
	}
	s.failed = true
}

// index is strings.Index, without regard to case when fold.
func index(s, query string, fold bool) int {
	if !fold {
		return strings.Index(s, query)
	}
	lower := strings.Map(unicode.ToLower, s)
	at := strings.Index(lower, query)
	if at < 0 || len(lower) == len(s) {
		return at
	}
	// lowering changed lengths: count runes
	n := utf8.RuneCountInString(lower[:at])
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

func (s *search) prompt() string {
	name := "reverse-i-search"
	if s.forward {
		name = "i-search"
	}
	if s.failed {
		name = "failed " + name
	}
	return "(" + name + ")'" + s.query + "': "
}
