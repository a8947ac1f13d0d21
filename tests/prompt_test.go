package tests

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// console is the shell in a pseudo-terminal, seen through a terminal emulator.
type console struct {
	t      *testing.T
	pty    *os.File
	screen vt10x.Terminal
	cmd    *exec.Cmd
	home   string
	done   chan error
}

// startConsole runs alchemysh in a terminal of columns × rows.
func startConsole(t *testing.T, columns, rows int, home string, args ...string) *console {
	t.Helper()
	cmd := exec.Command(binary(t), args...)
	cmd.Dir = home
	cmd.Env = append(clean(home), "TERM=xterm", "ALCHEMYSH_PAGER=cat")
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)})
	if err != nil {
		t.Fatal(err)
	}
	c := &console{t: t, pty: f, cmd: cmd, home: home, done: make(chan error, 1),
		screen: vt10x.New(vt10x.WithWriter(f), vt10x.WithSize(columns, rows))}
	read := make(chan struct{})
	go func() {
		defer close(read)
		b := make([]byte, 64<<10)
		for {
			n, err := f.Read(b)
			_, _ = c.screen.Write(b[:n])
			if err != nil {
				return
			}
		}
	}()
	go func() {
		err := cmd.Wait()
		<-read
		c.done <- err
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it has ended, or must
		f.Close()
	})
	return c
}

// text is the screen without blanks at the ends of lines.
func (c *console) text() string {
	var lines []string
	for line := range strings.SplitSeq(c.screen.String(), "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// send types keys.
func (c *console) send(keys string) {
	c.t.Helper()
	if _, err := c.pty.WriteString(keys); err != nil {
		c.t.Fatal(err)
	}
}

// wait waits until the screen ends with text.
func (c *console) wait(text string) {
	c.t.Helper()
	c.until(func(screen string) bool { return strings.HasSuffix(screen, text) }, fmt.Sprintf("the end %q", text))
}

// see waits until text stands somewhere on the screen.
func (c *console) see(text string) {
	c.t.Helper()
	c.until(func(screen string) bool { return strings.Contains(screen, text) }, fmt.Sprintf("%q", text))
}

func (c *console) until(ok func(string) bool, what string) {
	c.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		if ok(c.text()) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	c.t.Fatalf("no %s on the screen:\n%s", what, c.text())
}

// status waits for the shell to end.
func (c *console) status() int {
	c.t.Helper()
	select {
	case <-c.done:
		return c.cmd.ProcessState.ExitCode()
	case <-time.After(10 * time.Second):
		c.t.Fatalf("the shell goes on:\n%s", c.text())
		return 0
	}
}

const (
	up, down, left, right = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C"
	escape                = "\x1b"
)

// TestPrompt walks through what hands do at the prompt.
func TestPrompt(t *testing.T) {
	c := startConsole(t, 60, 20, t.TempDir(), "-q")
	c.wait("=>")

	// An entry of several lines is one entry.
	c.send("for i = 1, 2 do\rprint(i)\rend\r")
	c.wait("> end\n1\n2\nmemory=>")
	c.send(up)
	c.wait("memory=> for i = 1, 2 do\n->   print(i)\n-> end")
	c.send(up + "\x05 -- twice\x1b>\r") // within the entry, not to the one before
	c.wait("->   print(i) -- twice\n-> end\n1\n2\nmemory=>")

	// Editing in the middle, kill and yank, undo.
	c.send("x = 1 + 10\x1bb\x0b20\rx\r")
	c.wait("=> x\n21\nmemory=>")
	c.send("abc\x15\x19\x19\x1f")
	c.wait("=> abc")

	// Ctrl-C clears and never quits.
	c.send("\x03")
	c.wait("=> abc^C\nmemory=>")

	// Search over all lines.
	c.send("\x12twice")
	c.see("(reverse-i-search)'twice': for i = 1, 2 do")
	c.send("\x07")
	c.wait("\nmemory=>")

	// A paste is one entry, its newlines included.
	c.send("\x1b[200~y = {\r  1,\r  2,\r}\x1b[201~")
	c.see("{> }")
	c.send("\r#y\r")
	c.wait("=> #y\n2\nmemory=>")

	// Ctrl-C stops a running chunk.
	c.send("while true do end\r")
	time.Sleep(200 * time.Millisecond)
	c.send("\x03")
	c.wait("cancelled\nmemory=>")

	// An error is one line and the shell goes on.
	c.send("nothing.at.all\r")
	c.see("attempt to index")
	c.send("1 + 1\r")
	c.wait("=> 1 + 1\n2\nmemory=>")

	// Delete on an empty line is no end of file; Ctrl-D is.
	c.send("\x1b[3~")
	c.send("2 + 2\r")
	c.wait("=> 2 + 2\n4\nmemory=>")
	c.send("\x04")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}

// TestPromptHistory: a later shell finds the entries of an earlier one.
func TestPromptHistory(t *testing.T) {
	home := t.TempDir()
	c := startConsole(t, 60, 10, home, "-q")
	c.wait("=>")
	c.send("first = {\r1}\r")
	c.wait("1}\nmemory=>")
	c.send("create_engine(\"postgresql://ed:secret@nowhere/x\")\r")
	c.wait("\nmemory=>")
	c.send("\\q 3\r")
	if got := c.status(); got != 3 {
		t.Errorf("exit status %d", got)
	}
	data, err := os.ReadFile(filepath.Join(home, "alchemysh", "history.jsonl"))
	if err != nil || strings.Contains(string(data), "secret") || !strings.Contains(string(data), "first") {
		t.Errorf("%s %v", data, err)
	}
	c = startConsole(t, 60, 10, home, "-q")
	c.wait("=>")
	c.send(up + up)
	c.wait("memory=> first = {\n{>   1}")
}

// TestPromptCompletion: Tab after a dot, the menu, and what Escape does.
func TestPromptCompletion(t *testing.T) {
	c := startConsole(t, 60, 12, t.TempDir(), "-q")
	c.wait("=>")
	c.send("string.for\t")
	c.wait("=> string.format")
	c.send("\x15things = {alpha = 1, alpine = 2}\rthings.a\t")
	c.wait("=> things.alp\nalpha   alpine")
	c.send("\t")
	c.see("=> things.alpha\n")
	c.send(escape)
	c.wait("=> things.alp")
	c.send("\x15\\tim\t")
	c.wait(`=> \timing`)
}

// TestPromptResize: the entry stays whole whatever the screen does.
func TestPromptResize(t *testing.T) {
	c := startConsole(t, 60, 20, t.TempDir(), "-q")
	c.wait("=>")
	c.send("return 'a long line that will not fit', {\r1, 2, 3\r}" + up)
	c.see("{>   1, 2, 3")
	for _, size := range [][2]int{{30, 20}, {15, 20}, {100, 20}, {40, 6}, {60, 20}} {
		c.screen.Resize(size[0], size[1])
		if err := pty.Setsize(c.pty, &pty.Winsize{Cols: uint16(size[0]), Rows: uint16(size[1])}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
		c.send("x\x7f")
	}
	c.send("\r")
	c.see("a long line")
	c.see("{1, 2, 3}")
	c.send("\x04")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}

// TestPromptTallEntry: what is taller than the screen is seen through a
// viewport.
func TestPromptTallEntry(t *testing.T) {
	c := startConsole(t, 40, 8, t.TempDir(), "-q")
	c.wait("=>")
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprintf("  v%d = %d,", i, i))
	}
	c.send("\x1b[200~t = {\n" + strings.Join(lines, "\n") + "\n}\x1b[201~")
	c.wait("{> }")
	c.see("lines above]")
	c.send("\x1b<")
	c.see("memory=> t = {")
	c.see("lines below]")
	c.send("\x1b>\rt.v199\r")
	c.wait("=> t.v199\n199\nmemory=>")
}

// TestPromptGarbage: binary garbage, typed and pasted, neither crashes the
// shell nor reaches the screen.
func TestPromptGarbage(t *testing.T) {
	c := startConsole(t, 60, 10, t.TempDir(), "-q")
	c.wait("=>")
	r := rand.New(rand.NewPCG(1, 2))
	garbage := make([]byte, 20000)
	for i := range garbage {
		garbage[i] = byte(r.IntN(256))
		switch garbage[i] {
		case 3, 4, 26, 28, 10, 13: // what ends, stops or runs
			garbage[i] = 'x'
		}
	}
	c.send(string(garbage))
	c.send("\x1b[201~\x07\x03")
	time.Sleep(100 * time.Millisecond)
	c.send("\x03\x03print('still ' .. 'here')\r")
	c.wait("still here\nmemory=>")
	c.send("\x1b[200~" + strings.ReplaceAll(string(garbage[:5000]), "\x1b", "e") + "\x1b[201~")
	time.Sleep(100 * time.Millisecond)
	c.send("\x03print('and ' .. 'again')\r")
	c.see("and again")
}

// TestPromptLongLine: megabytes in one line are a statement like any other.
func TestPromptLongLine(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	c := startConsole(t, 60, 10, t.TempDir(), "-q")
	c.wait("=>")
	c.send("\x1b[200~long = '")
	for range 2 {
		c.send(strings.Repeat("x", 1<<20))
	}
	c.send("'\x1b[201~")
	c.see("lines above]")
	c.send("\r#long\r")
	c.wait("=> #long\n2097152\nmemory=>")
}

// TestPromptTerminalCloses: a terminal that goes away ends the shell.
func TestPromptTerminalCloses(t *testing.T) {
	c := startConsole(t, 60, 10, t.TempDir(), "-q")
	c.wait("=>")
	c.send("begin;\rhalf a lin")
	c.see("half a lin")
	if err := c.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if got := c.status(); got != 143 {
		t.Errorf("exit status %d", got)
	}
}
