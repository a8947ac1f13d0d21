package edit

import "strings"

// menu is the list of candidates below the text.
type menu struct {
	candidates []Candidate
	selected   int // -1: none yet
	from       state
}

// complete handles Tab: indentation at the start of a line; else the only
// candidate, or what all have in common, or the menu.
func (m *Model) complete() Outcome {
	start := lineStart(m.text, m.cursor)
	if strings.TrimSpace(m.text[start:m.cursor]) == "" {
		if m.text == "" || m.Complete == nil {
			return Bell
		}
		m.save()
		m.insert(m.indentUnit)
		return Redraw
	}
	if m.Complete == nil {
		return Bell
	}
	found := valid(m.Complete(m.text, m.cursor), m.cursor)
	switch len(found) {
	case 0:
		return Bell
	case 1:
		m.save()
		m.accept(found[0])
		return Redraw
	}
	if common := commonPrefix(found); len(common) > m.cursor-found[0].Start {
		m.save()
		m.accept(Candidate{Text: common, Start: found[0].Start})
	}
	m.menu = &menu{candidates: found, selected: -1, from: state{m.text, m.cursor}}
	return Redraw
}

// valid leaves out candidates that do not fit the text, and repeated ones.
func valid(all []Candidate, cursor int) []Candidate {
	var out []Candidate
	seen := map[string]bool{}
	for _, c := range all {
		if c.Start >= 0 && c.Start <= cursor && !seen[c.Text] && (len(out) == 0 || c.Start == out[0].Start) {
			seen[c.Text] = true
			out = append(out, c)
		}
	}
	return out
}

func commonPrefix(all []Candidate) string {
	common := all[0].Text
	for _, c := range all[1:] {
		for !strings.HasPrefix(c.Text, common) {
			common = common[:previous(common, len(common))]
		}
	}
	return common
}

func (m *Model) accept(c Candidate) {
	m.text = m.text[:c.Start] + c.Text + m.text[m.cursor:]
	m.cursor = m.settle(c.Start + len(c.Text))
}

// menuKey handles a key while the menu is open: Tab and the arrows choose,
// Escape takes the choice back, anything else closes it and is done as usual.
func (m *Model) menuKey(k Key) (Outcome, bool) {
	n := len(m.menu.candidates)
	switch k {
	case Tab, Down:
		m.choose((m.menu.selected + 1) % n)
	case BackTab, Up:
		m.choose((max(m.menu.selected, 0) - 1 + n) % n)
	case Right:
		if m.menu.selected < 0 {
			m.menu = nil
			return Redraw, false
		}
		m.choose((m.menu.selected + m.menuRows()) % n)
	case Left:
		if m.menu.selected < 0 {
			m.menu = nil
			return Redraw, false
		}
		m.choose((m.menu.selected - m.menuRows() + n*m.menuRows()) % n)
	case Escape, Cancel:
		m.text, m.cursor = m.menu.from.text, m.menu.from.cursor
		m.menu = nil
	case Enter:
		chosen := m.menu.selected >= 0
		m.menu = nil
		return Redraw, chosen
	default:
		m.menu = nil
		return Redraw, false
	}
	return Redraw, true
}

func (m *Model) choose(i int) {
	m.menu.selected = i
	m.text, m.cursor = m.menu.from.text, m.menu.from.cursor
	m.save()
	m.accept(m.menu.candidates[i])
}
