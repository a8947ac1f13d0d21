package edit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Config is what a Model asks of its surroundings. Every function may be nil.
type Config struct {
	// Whole says that Enter runs the text rather than opening another line.
	Whole func(text string) bool
	// Continuations are the prompts of the lines after the first.
	Continuations func(text string) []string
	// Complete proposes how to go on at pos.
	Complete func(text string, pos int) []Candidate
	// Highlight styles the text.
	Highlight func(text string) []Span
	// Indent is the depth of what is open at the end of text.
	Indent func(text string) int
	// Vi says that the keys are vi's; it is asked for each entry.
	Vi func() bool
}

// Candidate is a proposal of completion: Text replaces the bytes from Start to
// the cursor.
type Candidate struct {
	Text  string
	Start int
	Usage string
}

// Span styles text bytes from Start to End with an SGR sequence.
type Span struct {
	Start, End int
	Style      string
}

// Model is the editor.
type Model struct {
	Config

	width, height int
	prompt        string

	text   string
	cursor int
	goal   int // the column that Up and Down keep to, -1 none

	history []string
	entry   int // the entry shown, len(history): the new one
	draft   string

	undo, redo []state
	typing     bool // the last key typed text: one undo takes all of it

	ring    []string
	killing bool // the last key killed: the next kill joins it
	yanked  int  // length of the text yanked last, 0: YankPop does nothing
	ringAt  int

	quoted bool
	search *search
	menu   *menu
	vi     viState
	mark   string // after the text of an entry that is finished

	styled     string // the text that spans belong to
	spans      []Span
	indentUnit string
}

type state struct {
	text   string
	cursor int
}

// New makes a model.
func New(c Config) *Model {
	return &Model{Config: c, width: 80, height: 24, goal: -1, indentUnit: "  "}
}

// Resize tells the model the size of the screen in cells.
func (m *Model) Resize(width, height int) {
	m.width, m.height = max(width, 1), max(height, 1)
}

// SetHistory gives the entries that Up and Ctrl-R go through, oldest first.
func (m *Model) SetHistory(entries []string) {
	m.history = entries
	m.entry = len(entries)
}

// Start begins a new entry.
func (m *Model) Start(prompt string) {
	m.prompt = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, prompt)
	m.text, m.cursor, m.draft, m.goal = "", 0, "", -1
	m.entry = len(m.history)
	m.undo, m.redo, m.search, m.menu = nil, nil, nil, nil
	m.typing, m.killing, m.quoted, m.yanked = false, false, false, 0
	m.vi = viState{on: m.Vi != nil && m.Vi()}
	m.mark = ""
}

// Finish leaves the entry as it stays on the screen: without menu and search,
// the cursor at its end, a mark after it.
func (m *Model) Finish(mark string) {
	m.menu, m.search = nil, nil
	m.cursor = len(m.text)
	m.mark = mark
}

// Set replaces the text, as \e does.
func (m *Model) Set(text string) { m.text, m.cursor = text, len(text) }

// Text is the entry.
func (m *Model) Text() string { return m.text }

// Cursor is the byte offset of the cursor.
func (m *Model) Cursor() int { return m.cursor }

// Paste inserts text as it is, as one step of undo.
func (m *Model) Paste(text string) {
	m.endSearch(true)
	m.menu = nil
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(text)
	text = strings.ToValidUTF8(text, "\ufffd")
	m.save()
	m.typing, m.killing, m.yanked = false, false, 0
	m.insert(text)
}

// save remembers the text for undo.
func (m *Model) save() {
	m.undo = append(m.undo, state{m.text, m.cursor})
	if len(m.undo) > maxUndo {
		m.undo = m.undo[1:]
	}
	m.redo = nil
}

const (
	maxUndo = 500
	maxRing = 60
)

func (m *Model) insert(text string) {
	m.text = m.text[:m.cursor] + text + m.text[m.cursor:]
	m.cursor = m.settle(m.cursor + len(text))
	m.goal = -1
}

// settle moves an offset forward to the end of a cluster that it stands in:
// what was typed may join what follows.
func (m *Model) settle(i int) int {
	if b := boundary(m.text, i); b < i {
		return next(m.text, b)
	}
	return i
}

func (m *Model) remove(from, to int) {
	m.text = m.text[:from] + m.text[to:]
	m.cursor = boundary(m.text, from)
	m.goal = -1
}

// kill removes text and keeps it in the ring; kills one after the other are
// one.
func (m *Model) kill(from, to int, back bool) Outcome {
	if from == to {
		return Bell
	}
	cut := m.text[from:to]
	m.save()
	if m.killing && len(m.ring) > 0 {
		last := &m.ring[len(m.ring)-1]
		if back {
			*last = cut + *last
		} else {
			*last += cut
		}
	} else {
		m.ring = append(m.ring, cut)
		if len(m.ring) > maxRing {
			m.ring = m.ring[1:]
		}
	}
	m.remove(from, to)
	return Redraw
}

// Press handles one key.
func (m *Model) Press(k Key) Outcome {
	if m.quoted {
		m.quoted = false
		if k < None {
			m.save()
			m.insert(string(rune(k)))
			return Redraw
		}
		return Bell
	}
	if m.search != nil {
		if out, done := m.searchKey(k); done {
			return out
		}
	}
	if m.menu != nil {
		if out, done := m.menuKey(k); done {
			return out
		}
	}
	if m.vi.on {
		if out, done := m.viKey(k); done {
			return out
		}
	}
	typing, yanked := m.typing, m.yanked
	m.typing, m.yanked = false, 0
	out := m.press(k, typing, yanked)
	m.killing = kills(k) && out == Redraw
	return out
}

// kills says that a key puts text into the ring.
func kills(k Key) bool {
	switch k {
	case KillLine, KillLineBack, KillWord, KillWordBack, KillBlankBack:
		return true
	}
	return false
}

func (m *Model) press(k Key, typing bool, yanked int) Outcome {
	if !kills(k) {
		m.killing = false
	}
	if k < None {
		return m.typeRune(rune(k), typing)
	}
	t, c := m.text, m.cursor
	goal := m.goal
	m.goal = -1
	switch k {
	case Enter:
		if m.Whole == nil || m.Whole(t) {
			m.dedent()
			m.cursor = len(m.text)
			return Submit
		}
		return m.newLine()
	case NewLine:
		return m.newLine()
	case Tab:
		return m.complete()
	case Backspace:
		if c == 0 {
			return Bell
		}
		m.save()
		start := lineStart(t, c)
		if lead := t[start:c]; lead != "" && strings.Trim(lead, " ") == "" && len(lead)%len(m.indentUnit) == 0 {
			m.remove(c-len(m.indentUnit), c)
			return Redraw
		}
		m.remove(previous(t, c), c)
	case Delete:
		if c == len(t) {
			return Bell
		}
		m.save()
		m.remove(c, next(t, c))
	case EndOfFile:
		if t == "" {
			return Leave
		}
		return m.press(Delete, false, 0)
	case Left:
		return m.move(previous(t, c))
	case Right:
		return m.move(next(t, c))
	case Home:
		return m.move(lineStart(t, c))
	case End:
		return m.move(lineEnd(t, c))
	case TextStart, PageUp:
		return m.move(0)
	case TextEnd, PageDown:
		return m.move(len(t))
	case WordLeft:
		return m.move(wordLeft(t, c))
	case WordRight:
		return m.move(wordRight(t, c))
	case Up:
		return m.vertical(-1, goal)
	case Down:
		return m.vertical(1, goal)
	case PreviousEntry:
		return m.recall(m.entry - 1)
	case NextEntry:
		return m.recall(m.entry + 1)
	case KillLine:
		end := lineEnd(t, c)
		if end == c && end < len(t) {
			end++ // at the end of a line: join the next
		}
		return m.kill(c, end, false)
	case KillLineBack:
		start := lineStart(t, c)
		if start == c && c > 0 {
			start--
		}
		return m.kill(start, c, true)
	case KillWord:
		return m.kill(c, wordRight(t, c), false)
	case KillWordBack:
		return m.kill(wordLeft(t, c), c, true)
	case KillBlankBack:
		return m.kill(blankLeft(t, c), c, true)
	case Yank:
		if len(m.ring) == 0 {
			return Bell
		}
		m.save()
		m.ringAt = len(m.ring) - 1
		m.yank()
	case YankPop:
		if yanked == 0 || len(m.ring) < 2 {
			return Bell
		}
		m.save()
		m.text = m.text[:c-yanked] + m.text[c:]
		m.cursor = c - yanked
		m.ringAt = (m.ringAt - 1 + len(m.ring)) % len(m.ring)
		m.yank()
	case Transpose:
		return m.transpose()
	case TransposeWords:
		return m.transposeWords()
	case UpperWord, LowerWord, CapitalWord:
		return m.recase(k)
	case Undo:
		if len(m.undo) == 0 {
			return Bell
		}
		m.redo = append(m.redo, state{t, c})
		m.restore(&m.undo)
	case Redo:
		if len(m.redo) == 0 {
			return Bell
		}
		m.undo = append(m.undo, state{t, c})
		m.restore(&m.redo)
	case SearchBack, SearchForward:
		m.startSearch(k == SearchForward)
	case Interrupt:
		m.menu = nil
		return Clear
	case ClearScreen:
		return Wipe
	case QuotedInsert:
		m.quoted = true
	case Suspend:
		return Suspended
	case Comment:
		m.save()
		m.text = "-- " + strings.ReplaceAll(t, "\n", "\n-- ")
		m.cursor = len(m.text)
		return Submit
	case Cancel, Escape:
		return Bell
	default:
		return Bell
	}
	return Redraw
}

func (m *Model) restore(stack *[]state) {
	s := (*stack)[len(*stack)-1]
	*stack = (*stack)[:len(*stack)-1]
	m.text, m.cursor = s.text, s.cursor
}

func (m *Model) yank() {
	s := m.ring[m.ringAt]
	m.insert(s)
	m.yanked = len(s)
}

func (m *Model) move(to int) Outcome {
	if to == m.cursor {
		return Bell
	}
	m.cursor = to
	return Redraw
}

// typeRune inserts a typed character; those of one word are undone together.
func (m *Model) typeRune(r rune, typing bool) Outcome {
	if r < 0x20 && r != '\t' || r == 0x7f || !utf8.ValidRune(r) {
		return Bell
	}
	if !typing || r == ' ' {
		m.save()
	}
	m.typing = true
	m.insert(string(r))
	return Redraw
}

// newLine opens a line below, indented to the depth of what is open, and puts
// the line that was left where its first word belongs.
func (m *Model) newLine() Outcome {
	m.save()
	if m.Indent == nil {
		m.insert("\n")
		return Redraw
	}
	m.dedent()
	depth := max(0, m.Indent(m.text[:m.cursor]))
	m.insert("\n" + strings.Repeat(m.indentUnit, min(depth, 20)))
	return Redraw
}

// dedent puts a line that begins with what closes a block where it belongs.
func (m *Model) dedent() {
	if m.Indent == nil {
		return
	}
	start := lineStart(m.text, m.cursor)
	line := m.text[start:m.cursor]
	word := strings.TrimLeft(line, " ")
	depth := m.Indent(m.text[:start])
	if !closes(word) || depth <= 0 || start == 0 {
		return
	}
	lead := strings.Repeat(m.indentUnit, depth-1)
	m.text = m.text[:start] + lead + word + m.text[m.cursor:]
	m.cursor = start + len(lead) + len(word)
}

// closes says that a line begins with what closes a block.
func closes(line string) bool {
	for _, w := range []string{"end", "until", "else", "elseif"} {
		if rest, ok := strings.CutPrefix(line, w); ok {
			r, _ := utf8.DecodeRuneInString(rest)
			if rest == "" || !isWordRune(r) {
				return true
			}
		}
	}
	return strings.HasPrefix(line, "}") || strings.HasPrefix(line, ")")
}

// vertical moves to the line above or below, keeping the column; beyond the
// first and the last line it goes through the history.
func (m *Model) vertical(by, goal int) Outcome {
	start := lineStart(m.text, m.cursor)
	if goal < 0 {
		goal = column(m.text, m.cursor)
	}
	if by < 0 {
		if start == 0 {
			return m.recall(m.entry - 1)
		}
		start = lineStart(m.text, start-1)
	} else {
		end := lineEnd(m.text, m.cursor)
		if end == len(m.text) {
			return m.recall(m.entry + 1)
		}
		start = end + 1
	}
	m.cursor = atColumn(m.text, start, goal)
	m.goal = goal
	return Redraw
}

// recall shows another entry of the history. What was typed stays as the last.
func (m *Model) recall(entry int) Outcome {
	if entry < 0 || entry > len(m.history) {
		return Bell
	}
	if m.entry == len(m.history) {
		m.draft = m.text
	}
	m.entry = entry
	if entry == len(m.history) {
		m.text = m.draft
	} else {
		m.text = m.history[entry]
	}
	m.cursor = len(m.text)
	m.undo, m.redo = nil, nil
	return Redraw
}

// blankLeft is where the run of non-blanks before i begins.
func blankLeft(s string, i int) int {
	trimmed := strings.TrimRightFunc(s[:i], unicode.IsSpace)
	at := strings.LastIndexFunc(trimmed, unicode.IsSpace)
	if at < 0 {
		return 0
	}
	_, n := utf8.DecodeRuneInString(trimmed[at:])
	return boundary(s, at+n)
}

func (m *Model) transpose() Outcome {
	t, c := m.text, m.cursor
	if c == lineEnd(t, c) && c > 0 {
		c = previous(t, c)
	}
	if c == 0 || c >= len(t) {
		return Bell
	}
	a, b := previous(t, c), next(t, c)
	if t[a:c] == "\n" {
		return Bell
	}
	m.save()
	m.text = t[:a] + t[c:b] + t[a:c] + t[b:]
	m.cursor = m.settle(b)
	return Redraw
}

func (m *Model) transposeWords() Outcome {
	t := m.text
	end2 := wordRight(t, m.cursor)
	start2 := wordLeft(t, end2)
	start1 := wordLeft(t, start2)
	end1 := wordRight(t, start1)
	if start1 >= start2 || end1 > start2 {
		return Bell
	}
	m.save()
	m.text = t[:start1] + t[start2:end2] + t[end1:start2] + t[start1:end1] + t[end2:]
	m.cursor = m.settle(end2)
	return Redraw
}

func (m *Model) recase(k Key) Outcome {
	t, c := m.text, m.cursor
	end := wordRight(t, c)
	if end == c {
		return Bell
	}
	word := t[c:end]
	switch k {
	case UpperWord:
		word = strings.ToUpper(word)
	case LowerWord:
		word = strings.ToLower(word)
	default:
		i := strings.IndexFunc(word, isWordRune)
		if i < 0 {
			i = 0
		}
		_, n := utf8.DecodeRuneInString(word[i:])
		word = word[:i] + strings.ToUpper(word[i:i+n]) + strings.ToLower(word[i+n:])
	}
	m.save()
	m.text = t[:c] + word + t[end:]
	m.cursor = m.settle(c + len(word))
	return Redraw
}
