package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// Control and Meta keys, as terminals send them.
func ctrl(c byte) string { return string(rune(c & 0x1f)) }
func alt(c string) string {
	return escape + c
}

// TestPromptKeys: every row of the reference's list of keys, in one shell. After
// the keys the entry stands as wanted, with the cursor where | is; Ctrl-C makes
// way for the next row.
func TestPromptKeys(t *testing.T) {
	c := startConsole(t, 70, 24, t.TempDir(), "-q")
	c.wait("memory=>")
	for i, entry := range []string{"first = 1", "second = {\r1}", "third = 3"} { // what the history holds
		c.send(entry + "\r")
		c.until(func(s string) bool { return strings.Count(s, "memory=>") == i+2 && strings.HasSuffix(s, "memory=>") }, entry)
	}
	for _, row := range []struct{ keys, want string }{
		{"abc" + ctrl('a') + "x", "x|abc"},
		{"abc" + ctrl('a') + ctrl('e') + "x", "abcx|"},
		{"abc" + ctrl('b') + ctrl('b') + ctrl('f') + "x", "abx|c"},
		{"abc" + left + left + right + "x", "abx|c"},
		{"ab cd" + alt("b") + "x", "ab x|cd"},
		{"ab cd" + ctrl('a') + alt("f") + "x", "abx| cd"},
		{"ab cd" + "\x1b[1;5D" + "x", "ab x|cd"},
		{"a\x1b\rb" + alt("<") + "x", "x|a\nb"},
		{"a\x1b\rb" + alt("<") + alt(">") + "x", "a\nbx|"},
		{"a\x1b\rb" + up + "x", "ax|\nb"},
		{"a\x1b\rb" + up + down + "x", "a\nbx|"},
		{"abc" + left + left + ctrl('k') + "x", "ax|"},
		{"abc" + left + ctrl('u') + "x", "x|c"},
		{"ab cd.ef" + ctrl('w') + "x", "ab x|"},
		{"ab cd.ef" + alt("\x7f") + "x", "ab cd.x|"},
		{"ab cd" + ctrl('a') + alt("d") + "x", "x| cd"},
		{"abc" + ctrl('u') + "x" + ctrl('y') + ctrl('y'), "xabcabc|"},
		{"ab" + ctrl('u') + "cd" + ctrl('u') + ctrl('y') + alt("y"), "ab|"},
		{"ab" + ctrl('t'), "ba|"},
		{"ab cd" + alt("t"), "cd ab|"},
		{"ab cd" + ctrl('a') + alt("u"), "AB| cd"},
		{"AB" + ctrl('a') + alt("l"), "ab|"},
		{"ab" + ctrl('a') + alt("c"), "Ab|"},
		{"abc" + ctrl('_'), "|"},
		{"abc" + ctrl('u') + ctrl('_') + "x", "abcx|"},
		{"abc" + ctrl('u') + ctrl('_') + alt("_") + "x", "x|"},
		{"abc" + "\x7f\x7f", "a|"},
		{"abc" + ctrl('a') + "\x1b[3~", "|bc"},
		{"abc" + ctrl('a') + ctrl('d'), "|bc"},
		{"abc" + ctrl('h'), "ab|"},
		{"abc" + "\x1b[H" + "x", "x|abc"},
		{"abc" + "\x1b[H" + "\x1b[F" + "x", "abcx|"},
		{"abc" + "\x1bOH" + "x", "x|abc"},
		{up + "x", "third = 3x|"},
		{up + up + "x", "second = {\n  1}x|"},
		{up + up + up + "x", "secox|nd = {\n  1}"}, // the third stays within the entry
		{up + up + up + up + "x", "first = 1x|"},
		{ctrl('p') + ctrl('p') + ctrl('p') + "x", "first = 1x|"},
		{ctrl('p') + ctrl('p') + ctrl('n') + "x", "third = 3x|"},
		{"draft" + ctrl('p') + ctrl('n') + "x", "draftx|"},
		{ctrl('r') + "1}" + ctrl('e') + "x", "second = {\n  1}x|"},
		{ctrl('r') + "=" + ctrl('r') + ctrl('r') + ctrl('e') + "x", "first = 1x|"},
		{ctrl('r') + "=" + ctrl('r') + ctrl('r') + ctrl('s') + ctrl('e'), "second = {|\n  1}"},
		{"kept" + ctrl('r') + "third" + ctrl('g') + "x", "keptx|"},
		{"string.for\t", "string.format|"},
		{"math.f\tl\t", "math.floor|"},
		{"selec\tx", "selectx|"},
		{ctrl('q') + "\tx", "\tx|"},
		{"漢字" + left + "x", "漢x|字"},
		{"e\u0301a" + left + left + "x", "x|e\u0301a"},
		{"👩‍🚀b" + left + "x", "👩‍🚀x|b"},
		{"é" + "\x7f" + "x", "x|"},
		{"\x1b[200~one\rtwo\x1b[201~x", "one\ntwox|"},
	} {
		c.send(row.keys)
		// Where the cursor is shows by what is typed there.
		c.send("|")
		var lines []string
		for i, l := range strings.Split(row.want, "\n") {
			if i > 0 {
				l = "> " + l
			}
			lines = append(lines, l)
		}
		c.entry(row.keys, lines)
		c.send(ctrl('c'))
		c.until(func(s string) bool { return strings.HasSuffix(s, "^C\nmemory=>") || strings.HasSuffix(s, "\nmemory=>") }, "a new prompt")
		c.send(ctrl('l'))
		c.until(func(s string) bool { return s == "memory=>" }, "an empty screen")
	}
	c.send(ctrl('d'))
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}

// entry waits until the entry's lines are these, whatever the prompts before
// the second and the later ones say is open.
func (c *console) entry(keys string, lines []string) {
	c.t.Helper()
	clean := func(s string) string { // the emulator keeps neither combining marks nor joiners
		return strings.Map(func(r rune) rune {
			if r == ' ' || r == '\u0301' || r == '\u200d' || r == '👩' || r == '🚀' {
				return -1
			}
			return r
		}, strings.ReplaceAll(s, "\t", ""))
	}
	var shown string
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		shown = c.text()
		rest, ok := strings.CutPrefix(shown[strings.LastIndex(shown, "memory=>")*b2i(strings.Contains(shown, "memory=>")):], "memory=>")
		got := strings.Split(rest, "\n")
		if ok && len(got) >= len(lines) {
			same := true
			for i, want := range lines {
				have := clean(got[i])
				if i > 0 {
					_, have, _ = strings.Cut(have, ">")
					_, want, _ = strings.Cut(want, ">")
				}
				same = same && have == clean(want)
			}
			if same {
				return
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	c.t.Fatalf("%q: want %q on the screen:\n%s", keys, lines, shown)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestPromptViKeys: the same with vi's keys.
func TestPromptViKeys(t *testing.T) {
	c := startConsole(t, 70, 24, t.TempDir(), "-q", "-i", "-c", `\set EDIT_MODE vi`)
	c.wait("memory=>")
	for _, row := range []struct{ keys, want string }{
		{"abc" + escape + "0ix", "x|abc"},
		{"abc" + escape + "hax", "abx|c"},
		{"ab cd" + escape + "bix", "ab x|cd"},
		{"ab cd" + escape + "0wix", "ab x|cd"},
		{"ab cd" + escape + "0Ax", "ab cdx|"},
		{"ab cd" + escape + "0dwix", "x|cd"},
		{"ab cd" + escape + "0cwx", "x| cd"},
		{"abc" + escape + "0Dix", "x|"},
		{"abc" + escape + "ddix", "x|"},
		{"abc" + escape + "0xix", "x|bc"},
		{"abc" + escape + "0rzix", "x|zbc"},
		{"abc" + escape + "0xpix", "bx|ac"},
		{"abc" + escape + "0xxuix", "x|bc"},
		{"a(b)c" + escape + "0fbix", "a(x|b)c"},
	} {
		typed, commands, _ := strings.Cut(row.keys, escape)
		c.send(typed + escape)
		time.Sleep(100 * time.Millisecond) // Escape and a key at once are the key with Alt
		c.send(commands + "|")
		c.entry(row.keys, []string{row.want})
		c.send(ctrl('c'))
		c.until(func(s string) bool { return strings.HasSuffix(s, "\nmemory=>") }, "a new prompt")
	}
}

// TestPromptWidths: an entry of narrow, wide and combined characters is whole on
// terminals of every width, after resizing too.
func TestPromptWidths(t *testing.T) {
	entry := "x = '漢字 and e\u0301 and ascii, 한국어 too'"
	for _, width := range []int{15, 16, 17, 33, 80, 133, 400} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			c := startConsole(t, width, 20, t.TempDir(), "-q")
			c.wait("memory=>")
			c.send(entry)
			whole := func(screen string) bool {
				flat := strings.NewReplacer("\n", "", " ", "", "\u0301", "").Replace(screen)
				return strings.Contains(flat, strings.NewReplacer(" ", "", "\u0301", "").Replace(entry))
			}
			c.until(whole, "the entry")
			other := 415 - width
			c.screen.Resize(other, 20)
			if err := pty.Setsize(c.pty, &pty.Winsize{Cols: uint16(other), Rows: 20}); err != nil {
				t.Fatal(err)
			}
			c.send(ctrl('a') + ctrl('e'))
			c.send("\r#x\r")
			c.see("\n39")
		})
	}
}

// TestPromptPaste: 200 lines pasted are one entry, which can be edited, run and
// recalled.
func TestPromptPaste(t *testing.T) {
	c := startConsole(t, 60, 12, t.TempDir(), "-q")
	c.wait("memory=>")
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprintf("total = (total or 0) + %d", i))
	}
	c.send("\x1b[200~" + strings.Join(lines, "\r\n") + "\x1b[201~")
	c.see("lines above]")
	c.send(" + 1000\r")
	c.wait("memory=>")
	c.send("total\r")
	c.wait("=> total\n20900\nmemory=>")
	c.send(up + up)
	c.see("+ 1000")
}

// TestPromptSQL: SQL is completed from the catalogue and coloured as it is typed.
func TestPromptSQL(t *testing.T) {
	home := t.TempDir()
	c := startConsole(t, 70, 20, home, "-q", "--color=always", "a.db")
	c.wait("a.db=>")
	c.send("create table customers (id int, surname text);\r")
	c.wait(";\na.db=>")
	c.send("select * from cus\t")
	c.wait("=> select * from customers")
	c.send(" where sur\t = 'x")
	c.wait("where surname = 'x")
	at := strings.Index(strings.Split(c.text(), "\n")[1], "select")
	if glyph := c.screen.Cell(at, 1); glyph.FG == vt10x.DefaultFG {
		t.Errorf("select is not coloured: %+v", glyph)
	}
	c.send("\x03\\d cus\t\r")
	c.see(`Table "customers"`)
}

// TestPromptTerminated: SIGTERM inside a transaction rolls it back and leaves
// the terminal as it was.
func TestPromptTerminated(t *testing.T) {
	home := t.TempDir()
	c := startConsole(t, 60, 12, home, "-q", "a.db")
	c.wait("a.db=>")
	c.send("create table t (n int);\rbegin;\rinsert into t values (1);\r")
	c.wait("a.db=*>")
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := c.status(); got != 143 {
		t.Errorf("exit status %d", got)
	}
	c = startConsole(t, 60, 12, home, "-q", "a.db")
	c.wait("a.db=>")
	c.send("select count(*) as n from t;\r")
	c.see("\n 0\n")
}

// TestPromptWithoutHistory: a history that cannot be written costs a warning,
// one that is corrupt costs its broken lines.
func TestPromptWithoutHistory(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "alchemysh", "history.jsonl")
	if err := os.MkdirAll(file, 0o755); err != nil { // a directory in its place
		t.Fatal(err)
	}
	c := startConsole(t, 60, 12, home, "-q")
	c.wait("memory=>")
	c.send("1 + 1\r")
	c.wait("\n2\nmemory=>")
	c.see("history:")
	c.send("2 + 2\r")
	c.wait("\n4\nmemory=>")
	c.send(up)
	c.wait("=> 2 + 2")

	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("{\"broken\n\x00\xff garbage\n{\"text\":\"kept = 1\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c = startConsole(t, 60, 12, home, "-q")
	c.wait("memory=>")
	c.send("3 + 3\r")
	c.wait("\n6\nmemory=>")
}
