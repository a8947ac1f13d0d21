package edit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// viState is where vi's keys stand: in command mode, with a count and an
// operator that waits for its motion.
type viState struct {
	on       bool
	command  bool
	count    int
	operator rune // d, c, y or 0
	find     rune // f, F, t, T, r wait for a character
	lastFind [2]rune
}

// Mode names vi's mode for the prompt; "" when the keys are emacs'.
func (m *Model) Mode() string {
	switch {
	case !m.vi.on:
		return ""
	case m.vi.command:
		return "command"
	}
	return "insert"
}

// viKey handles a key in vi's command mode; Escape enters it.
func (m *Model) viKey(k Key) (Outcome, bool) {
	v := &m.vi
	if !v.command {
		if k != Escape {
			return Redraw, false
		}
		v.command = true
		m.typing = false
		if m.cursor > lineStart(m.text, m.cursor) {
			m.cursor = previous(m.text, m.cursor)
		}
		return Redraw, true
	}
	if k >= None {
		switch k {
		case Escape:
			*v = viState{on: true, command: true, lastFind: v.lastFind}
			return Redraw, true
		case Backspace:
			m.cursor = previous(m.text, m.cursor)
			return Redraw, true
		}
		return Redraw, false
	}
	return m.viCommand(rune(k)), true
}

func (m *Model) viCommand(r rune) Outcome {
	v := &m.vi
	if v.find == 'r' {
		v.find = 0
		if m.cursor >= len(m.text) || !utf8.ValidRune(r) || r < 0x20 {
			return Bell
		}
		m.save()
		c := m.cursor
		m.text = m.text[:c] + string(r) + m.text[next(m.text, c):]
		m.cursor = boundary(m.text, c)
		return Redraw
	}
	if v.find != 0 {
		v.lastFind = [2]rune{v.find, r}
		v.find = 0
		return m.viMotion(m.viFind(v.lastFind), v.lastFind[0] == 'f' || v.lastFind[0] == 't')
	}
	if r >= '1' && r <= '9' || r == '0' && v.count > 0 {
		v.count = min(v.count*10+int(r-'0'), 9999)
		return Redraw
	}
	t, c := m.text, m.cursor
	n := max(v.count, 1)
	repeat := func(f func(string, int) int) int {
		at := c
		for range n {
			at = f(t, at)
		}
		return at
	}
	insert := func(at int) Outcome {
		m.save()
		m.cursor = at
		m.vi = viState{on: true, lastFind: v.lastFind}
		return Redraw
	}
	if v.operator != 0 && r == v.operator { // dd cc yy
		return m.viLine(r)
	}
	switch r {
	case 'h':
		return m.viMotion(max(repeat(previous), lineStart(t, c)), false)
	case 'l', ' ':
		return m.viMotion(min(repeat(next), lineEnd(t, c)), false)
	case 'w':
		if v.operator == 'c' && c < len(t) && classAt(t, c) != 0 { // cw leaves the blank
			return m.viMotion(repeat(viWordEnd), true)
		}
		return m.viMotion(repeat(viWordStart), false)
	case 'b':
		return m.viMotion(repeat(viWordBack), false)
	case 'e':
		return m.viMotion(repeat(viWordEnd), true)
	case '0':
		return m.viMotion(lineStart(t, c), false)
	case '^':
		start := lineStart(t, c)
		line := t[start:lineEnd(t, c)]
		return m.viMotion(start+len(line)-len(strings.TrimLeft(line, " \t")), false)
	case '$':
		return m.viMotion(lineEnd(t, c), false)
	case 'G':
		return m.viMotion(len(t), false)
	case 'f', 'F', 't', 'T':
		v.find = r
		return Redraw
	case ';':
		return m.viMotion(m.viFind(v.lastFind), v.lastFind[0] == 'f' || v.lastFind[0] == 't')
	case 'd', 'c', 'y':
		v.operator = r
		return Redraw
	case 'D':
		v.operator = 'd'
		return m.viMotion(lineEnd(t, c), false)
	case 'C':
		v.operator = 'c'
		return m.viMotion(lineEnd(t, c), false)
	}
	v.operator = 0
	defer func() { v.count = 0 }()
	switch r {
	case 'i':
		return insert(c)
	case 'a':
		return insert(min(next(t, c), lineEnd(t, c)))
	case 'I':
		return insert(lineStart(t, c))
	case 'A':
		return insert(lineEnd(t, c))
	case 'o':
		m.cursor = lineEnd(t, c)
		m.vi = viState{on: true, lastFind: v.lastFind}
		return m.newLine()
	case 'O':
		start := lineStart(t, c)
		m.save()
		m.text, m.cursor = t[:start]+"\n"+t[start:], start
		m.vi = viState{on: true, lastFind: v.lastFind}
		return Redraw
	case 'x':
		return m.kill(c, min(repeat(next), lineEnd(t, c)), false)
	case 'X':
		return m.kill(max(repeat(previous), lineStart(t, c)), c, true)
	case 's':
		m.kill(c, min(repeat(next), lineEnd(t, c)), false)
		return insert(m.cursor)
	case 'S':
		v.operator = 'c'
		return m.viLine('c')
	case 'r':
		v.find = 'r'
		return Redraw
	case 'p', 'P':
		if len(m.ring) == 0 {
			return Bell
		}
		m.save()
		if r == 'p' {
			m.cursor = min(next(t, c), lineEnd(t, c))
		}
		m.insert(m.ring[len(m.ring)-1])
		m.cursor = previous(m.text, m.cursor) // on the last that was put
		return Redraw
	case 'u':
		return m.press(Undo, false, 0)
	case 'j':
		return m.vertical(1, -1)
	case 'k':
		return m.vertical(-1, -1)
	case '~':
		return m.viFlip()
	case '/', '?':
		m.startSearch(false)
		return Redraw
	case '#':
		return m.press(Comment, false, 0)
	}
	return Bell
}

// viMotion moves to an offset, or does to the text between what the operator
// says.
func (m *Model) viMotion(to int, inclusive bool) Outcome {
	v := &m.vi
	op := v.operator
	v.operator, v.count = 0, 0
	if to < 0 {
		return Bell
	}
	from := m.cursor
	if op == 0 {
		m.cursor = boundary(m.text, to)
		return Redraw
	}
	if inclusive && to >= from {
		to = next(m.text, to)
	}
	a, b := min(from, to), max(from, to)
	m.killing = false
	switch op {
	case 'y':
		if a < b {
			m.ring = append(m.ring, m.text[a:b])
		}
		m.cursor = boundary(m.text, a)
	case 'd', 'c':
		m.kill(a, b, false)
		if op == 'c' {
			m.vi.command = false
		}
	}
	return Redraw
}

// viLine does dd, cc and yy.
func (m *Model) viLine(op rune) Outcome {
	v := &m.vi
	v.operator, v.count = 0, 0
	start, end := lineStart(m.text, m.cursor), lineEnd(m.text, m.cursor)
	m.killing = false
	switch op {
	case 'y':
		m.ring = append(m.ring, m.text[start:end]+"\n")
		return Redraw
	case 'c':
		if start < end {
			m.kill(start, end, false)
		}
		v.command = false
		return Redraw
	}
	if end < len(m.text) {
		end++
	} else if start > 0 {
		start--
	}
	return m.kill(start, end, false)
}

// viFind is where f, F, t, T find their character in the line, -1 nowhere.
func (m *Model) viFind(find [2]rune) int {
	t, c := m.text, m.cursor
	ch := string(find[1])
	switch find[0] {
	case 'f', 't':
		from := next(t, c)
		end := lineEnd(t, c)
		if from > end {
			return -1
		}
		i := strings.Index(t[from:end], ch)
		if i < 0 {
			return -1
		}
		if find[0] == 't' {
			return previous(t, from+i)
		}
		return from + i
	case 'F', 'T':
		i := strings.LastIndex(t[lineStart(t, c):c], ch)
		if i < 0 {
			return -1
		}
		at := lineStart(t, c) + i
		if find[0] == 'T' {
			return next(t, at)
		}
		return at
	}
	return -1
}

func (m *Model) viFlip() Outcome {
	if m.cursor >= len(m.text) || m.text[m.cursor] == '\n' {
		return Bell
	}
	m.save()
	r, n := utf8.DecodeRuneInString(m.text[m.cursor:])
	if unicode.IsUpper(r) {
		r = unicode.ToLower(r)
	} else {
		r = unicode.ToUpper(r)
	}
	m.text = m.text[:m.cursor] + string(r) + m.text[m.cursor+n:]
	m.cursor = boundary(m.text, min(next(m.text, m.cursor), lineEnd(m.text, m.cursor)))
	return Redraw
}

// class parts runes as vi's words do: blanks, word characters, the rest.
func class(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return 0
	case isWordRune(r):
		return 1
	}
	return 2
}

func classAt(s string, i int) int {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return class(r)
}

func viWordStart(s string, i int) int {
	if i >= len(s) {
		return i
	}
	k := classAt(s, i)
	for i < len(s) && k != 0 && classAt(s, i) == k {
		i = next(s, i)
	}
	for i < len(s) && classAt(s, i) == 0 {
		i = next(s, i)
	}
	return i
}

func viWordBack(s string, i int) int {
	i = previous(s, i)
	for i > 0 && classAt(s, i) == 0 {
		i = previous(s, i)
	}
	for i > 0 && i < len(s) && classAt(s, previous(s, i)) == classAt(s, i) {
		i = previous(s, i)
	}
	return i
}

func viWordEnd(s string, i int) int {
	i = next(s, i)
	for i < len(s) && classAt(s, i) == 0 {
		i = next(s, i)
	}
	for i < len(s) && next(s, i) < len(s) && classAt(s, next(s, i)) == classAt(s, i) {
		i = next(s, i)
	}
	return min(i, len(s))
}
