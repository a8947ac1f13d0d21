package edit

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// keys spells keys in tests: <enter>, <C-k>, … between text.
var keys = map[string]Key{
	"enter": Enter, "newline": NewLine, "tab": Tab, "btab": BackTab, "esc": Escape, "bs": Backspace, "del": Delete,
	"left": Left, "right": Right, "up": Up, "down": Down, "home": Home, "end": End, "wl": WordLeft, "wr": WordRight,
	"top": TextStart, "bottom": TextEnd, "C-p": PreviousEntry, "C-n": NextEntry, "C-k": KillLine, "C-u": KillLineBack,
	"M-d": KillWord, "M-bs": KillWordBack, "C-w": KillBlankBack, "C-y": Yank, "M-y": YankPop, "C-t": Transpose,
	"M-t": TransposeWords, "M-u": UpperWord, "M-l": LowerWord, "M-c": CapitalWord, "undo": Undo, "redo": Redo,
	"C-r": SearchBack, "C-s": SearchForward, "C-g": Cancel, "C-c": Interrupt, "C-d": EndOfFile, "C-q": QuotedInsert,
	"M-#": Comment,
}

var keyForm = regexp.MustCompile(`<([A-Za-z#-]+)>|(?s:.)`)

func press(m *Model, script string) (out Outcome) {
	for _, k := range keyForm.FindAllStringSubmatch(script, -1) {
		if key, ok := keys[k[1]]; ok {
			out = m.Press(key)
		} else {
			for _, r := range k[0] {
				out = m.Press(Key(r))
			}
		}
	}
	return out
}

// shown is the text with | at the cursor.
func shown(m *Model) string { return m.text[:m.cursor] + "|" + m.text[m.cursor:] }

func TestEmacsKeys(t *testing.T) {
	history := []string{"select 1;", "for i = 1, 2 do\n  print(i)\nend", "x = 'Łódź'"}
	for _, c := range []struct{ name, script, want string }{
		{"typing", "select 1", "select 1|"},
		{"insert in the middle", "ac<left>b", "ab|c"},
		{"graphemes are one", "a👨‍👩‍👧e\u0301<left><left>b", "ab|👨‍👩‍👧e\u0301"},
		{"backspace takes a cluster", "ae\u0301<bs>", "a|"},
		{"delete", "abc<home><del>", "|bc"},
		{"ctrl-d deletes", "abc<home><C-d>", "|bc"},
		{"words", "one two-three<wl><wl>X", "one X|two-three"},
		{"word right", "one two<home><wr>X", "oneX| two"},
		{"kill to the end, yank twice", "one two<wl><C-k><C-y><C-y>", "one twotwo|"},
		{"kills join", "one two three<M-bs><M-bs><C-y>", "one two three|"},
		{"kill to a blank", "a b-c/d<C-w>", "a |"},
		{"yank pop", "aa<C-u>bb<C-u><C-y><M-y>", "aa|"},
		{"kill word forward", "one two<home><M-d>", "| two"},
		{"kill at a line's end joins", "a<newline>b<up><end><C-k>", "a|b"},
		{"transpose", "ab<C-t>", "ba|"},
		{"transpose words", "one two<M-t>", "two one|"},
		{"case", "one two three<home><M-u><M-c><M-l>", "ONE Two three|"},
		{"undo a word", "one two<undo>", "one|"},
		{"undo all, redo one", "one two<undo><undo><redo>", "one|"},
		{"undo a kill", "one two<C-u><undo>", "one two|"},
		{"newline by force", "a<newline>b", "a\nb|"},
		{"enter opens a line", "f(<enter>1", "f(\n  1|"},
		{"an end goes back", "do<enter>x<enter>end<enter>", "do\n  x\nend|"},
		{"up and down in the entry", "one<newline>three<newline>x<up><up>X", "oXne\nthree\nx|"[:1] + "X|ne\nthree\nx"},
		{"the column is kept", "three<newline>x<newline>three<up><up>!", "three!|\nx\nthree"},
		{"home and end of a line", "one<newline>two<home>X<end>Y", "one\nXtwoY|"},
		{"up to the history", "draft<up>", "x = 'Łódź'|"},
		{"and back to the draft", "draft<up><down>", "draft|"},
		{"up inside a recalled entry", "<up><up><up>X", "for i = 1, 2 do\n  pXrint(i)\nend|"[:19] + "X|" + "rint(i)\nend"},
		{"ctrl-p leaves it", "<up><up><C-p>", "select 1;|"},
		{"search", "<C-r>sel", "|select 1;"},
		{"search over lines", "<C-r>print", "for i = 1, 2 do\n  |print(i)\nend"},
		{"search again", "<C-r>=<C-r>", "for i |= 1, 2 do\n  print(i)\nend"},
		{"search folds", "<C-r>łódź", "x = '|Łódź'"},
		{"search given up", "abc<C-r>sel<C-g>", "abc|"},
		{"search taken", "<C-r>sel<esc><end>!", "select 1;!|"},
		{"search finds nothing", "abc<C-r>zzz<C-g>", "abc|"},
		{"search, forward again", "<C-r>=<C-r><C-s>", "x |= 'Łódź'"},
		{"quoted insert", "a<C-q>\tb", "a\tb|"},
		{"tab indents", "a<newline><tab>b", "a\n  b|"},
		{"backspace takes indentation", "a<newline><tab><bs>b", "a\nb|"},
		{"tab completes the only one", "sel<tab>", "select|"},
		{"tab completes what is common", "n<tab>", "name|"},
		{"tab again chooses", "na<tab><tab>", "name|"},
		{"and the next", "na<tab><tab><tab>", "names|"},
		{"escape takes it back", "na<tab><tab><tab><esc>", "name|"},
		{"typing goes on", "na<tab><tab>=1", "name=1|"},
		{"comment out", "a<newline>b<M-#>", "-- a\n-- b|"},
	} {
		m := New(Config{
			Whole: func(s string) bool {
				return strings.Count(s, "(")+strings.Count(s, "do") <= strings.Count(s, ")")+strings.Count(s, "end")
			},
			Indent: func(s string) int {
				return strings.Count(s, "(") + strings.Count(s, "do") - strings.Count(s, "end") - strings.Count(s, ")")
			},
			Complete: func(text string, pos int) (found []Candidate) {
				start := wordLeft(text, pos)
				for _, n := range []string{"select", "name", "names"} {
					if strings.HasPrefix(n, text[start:pos]) {
						found = append(found, Candidate{Text: n, Start: start})
					}
				}
				return found
			},
		})
		m.SetHistory(history)
		m.Start("> ")
		press(m, c.script)
		if got := shown(m); got != c.want {
			t.Errorf("%s: %s\n got  %q\n want %q", c.name, c.script, got, c.want)
		}
	}
}

func TestViKeys(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{"one two<esc>", "one tw|o"},
		{"one two<esc>0x", "|ne two"},
		{"one two<esc>bdw", "one |"},
		{"one two three<esc>0wcwX<esc>", "one |X three"},
		{"one two<esc>0dwu", "|one two"},
		{"abc<esc>0pX", "|abc"[:1] + "abc"},
		{"one two<esc>0ywP", "one| one two"},
		{"a(b)c<esc>0f(x", "a|b)c"},
		{"a(b)c<esc>0dtb", "|b)c"},
		{"one<esc>dd", "|"},
		{"one<newline>two<esc>kdd", "|two"},
		{"one<esc>0rX", "|Xne"},
		{"one two three<esc>02dw", "|three"},
		{"one<esc>AX", "oneX|"},
		{"one<esc>~", "onE|"},
		{"one two<esc>0de", "| two"},
	} {
		m := New(Config{Vi: func() bool { return true }})
		m.Start("> ")
		press(m, c.script)
		if got := shown(m); got != c.want {
			t.Errorf("%s\n got  %q\n want %q", c.script, got, c.want)
		}
	}
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		script string
		want   Outcome
	}{
		{"select 1;<enter>", Submit}, {"select<enter>", Redraw}, {"<C-d>", Leave}, {"a<home><C-d>", Redraw}, {"abc<C-c>", Clear},
		{"<bs>", Bell}, {"<up>", Bell}, {"<C-y>", Bell}, {"\x01", Bell}, {"<C-r>x<C-c>", Redraw},
	} {
		m := New(Config{Whole: func(s string) bool { return strings.HasSuffix(s, ";") }})
		m.Start("> ")
		if got := press(m, c.script); got != c.want {
			t.Errorf("%s: got %d, want %d", c.script, got, c.want)
		}
	}
}

func TestPasteIsOneStep(t *testing.T) {
	m := New(Config{})
	m.Start("> ")
	press(m, "ab<left>")
	m.Paste("1\r\n2\r3\x00\xff")
	if got := shown(m); got != "a1\n2\n3\ufffd|b" {
		t.Errorf("%q", got)
	}
	press(m, "<undo>")
	if got := shown(m); got != "a|b" {
		t.Errorf("%q", got)
	}
}

var sgr = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// screen is the view as plain rows, the cursor as |.
func screen(v View) string {
	var rows []string
	for i, r := range v.Rows {
		text := sgr.ReplaceAllString(r.Text, "")
		if i == v.Row {
			at, col := 0, 0
			for at < len(text) && col < v.Column {
				g := nextGlyph(text[at:], col)
				at += g.bytes
				col += g.width
			}
			text = text[:at] + "|" + text[at:]
		}
		rows = append(rows, strings.TrimRight(text, " "))
	}
	return strings.Join(rows, "\n")
}

func TestView(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int
		script, want  string
	}{
		{"one row", 20, 10, "select 1", "> select 1|"},
		{"wrapped", 8, 10, "select 1", "> select\n 1|"},
		{"the cursor after a full row", 8, 10, "select", "> select\n|"},
		{"lines", 20, 10, "a<newline>b", "> a\n.> b|"},
		{"wide characters do not straddle", 5, 10, "ab日", "> ab\n日|"},
		{"control characters are seen", 20, 10, "a<C-q>\x1bb", "> a^[b|"},
		{"a mark without a base", 20, 10, "\u0301", "> ◌\u0301|"},
		{"the end of a tall entry", 20, 5, "1<newline>2<newline>3<newline>4<newline>5<newline>6", "[+3 lines above]\n.> 4\n.> 5\n.> 6|"},
		{"the start of it", 20, 5, "1<newline>2<newline>3<newline>4<newline>5<newline>6<top>", "> |1\n.> 2\n.> 3\n[+3 lines below]"},
		{"the middle", 20, 6, "1<newline>2<newline>3<newline>4<newline>5<newline>6<newline>7<up><up><up>", "[+2 lines above]\n.> 3\n.> 4|\n.> 5\n[+2 lines below]"},
		{"a menu", 20, 10, "na<tab>", "> name|\nname   names"},
		{"with the usage of the choice", 20, 10, "na<tab><tab>", "> name|\nname   names\na column"},
		{"search", 40, 10, "<C-r>old", "(reverse-i-search)'old': |old entry"},
	} {
		m := New(Config{
			Continuations: func(s string) []string { return slices.Repeat([]string{".> "}, strings.Count(s, "\n")) },
			Complete: func(string, int) []Candidate {
				return []Candidate{{Text: "name", Usage: "a column"}, {Text: "names"}}
			},
		})
		m.SetHistory([]string{"old entry"})
		m.Resize(c.width, c.height)
		m.Start("> ")
		press(m, c.script)
		if got := screen(m.View()); got != c.want {
			t.Errorf("%s\n got:\n%s\n want:\n%s", c.name, got, c.want)
		}
	}
}

// FuzzModel presses random keys and resizes the screen: never a panic, the
// cursor always between clusters, every row exactly as wide as it says.
func FuzzModel(f *testing.F) {
	f.Add([]byte("select 1\x81\x82\x83"), false)
	f.Add([]byte("\xb0\xb1ab\x90\xc0\xc5"), true)
	alphabet := []string{"a", "select ", "日本", "e\u0301", "👨‍👩‍👧", "\t", "\n", "\x1b", "ł", "🇩🇪", "\u202e", "(", "end", "\u0301", "\u200b"}
	f.Fuzz(func(t *testing.T, script []byte, vi bool) {
		if len(script) > 400 {
			return
		}
		m := New(Config{
			Vi: func() bool { return vi }, Whole: func(s string) bool { return len(s)%3 == 0 },
			Indent:        func(s string) int { return strings.Count(s, "(") },
			Continuations: func(s string) []string { return slices.Repeat([]string{"日> "}, strings.Count(s, "\n")) },
			Highlight: func(s string) (spans []Span) {
				for i := 0; i+3 < len(s); i += 5 {
					spans = append(spans, Span{i, i + 3, "\x1b[32m"})
				}
				return spans
			},
			Complete: func(text string, pos int) []Candidate {
				start := wordLeft(text, pos)
				return []Candidate{{Text: "sel日", Start: start}, {Text: "select", Start: start, Usage: "x\ny"}, {Text: "s\u0301", Start: start}}
			},
		})
		m.SetHistory([]string{"one", "two\nlines", "日本\n\n" + strings.Repeat("x", 100)})
		m.Start("\x1b[1mdb日=> ")
		for i, b := range script {
			switch {
			case b < 0x20:
				m.Resize(int(b)+1, i%30)
			case b < 0x80:
				m.Press(Key(b))
			case b < 0x80+byte(lastKey-None):
				if out := m.Press(None + Key(b-0x80)); out == Submit || out == Clear {
					m.Start("> ")
				}
			default:
				k := int(b) % len(alphabet)
				if b%2 == 0 {
					m.Paste(alphabet[k])
				} else {
					for _, r := range alphabet[k] {
						m.Press(Key(r))
					}
				}
			}
			if m.cursor < 0 || m.cursor > len(m.text) || boundary(m.text, m.cursor) != m.cursor {
				t.Fatalf("cursor %d in %q", m.cursor, m.text)
			}
			if !utf8.ValidString(m.text) {
				t.Fatalf("not UTF-8: %q", m.text)
			}
			v := m.View()
			for n, r := range v.Rows {
				if n < len(v.Rows)-1 && r.Width != m.width || r.Width > m.width {
					t.Fatalf("row %d of %d is %d wide, the screen %d: %q", n, len(v.Rows), r.Width, m.width, r.Text)
				}
				plain := sgr.ReplaceAllString(r.Text, "")
				if w := cells(plain); w != r.Width {
					t.Fatalf("row %q is %d wide, not %d", plain, w, r.Width)
				}
				if strings.ContainsFunc(plain, func(r rune) bool { return r < 0x20 || r == 0x7f || reorders(r) }) {
					t.Fatalf("control characters in %q", plain)
				}
			}
			if v.Row < 0 || v.Row >= len(v.Rows) || v.Column < 0 || v.Column > v.Rows[v.Row].Width {
				t.Fatalf("cursor %d,%d outside %d rows, width %d", v.Row, v.Column, len(v.Rows), v.Rows[v.Row].Width)
			}
			if len(v.Rows) > max(1, m.height-1) {
				t.Fatalf("%d rows on a screen of %d", len(v.Rows), m.height)
			}
		}
	})
}

// cells measures a row with the library alone.
func cells(s string) int { return uniseg.StringWidth(s) }
