package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hinshun/vt10x"
)

var lessonPrompt = regexp.MustCompile(`(?:learn|try)\[(\d+)\.(\d+)\]>$`)

// place is the prompt's lesson and step, "" while there is none.
func (c *console) place() string {
	if m := lessonPrompt.FindStringSubmatch(c.text()); m != nil {
		return m[1] + "." + m[2]
	}
	return ""
}

// learn types an entry in the tutorial and waits for the next prompt.
func (c *console) learn(entry string) {
	c.t.Helper()
	before := c.text()
	c.send(entry + "\r")
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		select {
		case err := <-c.done:
			c.done <- err
			return
		case <-time.After(5 * time.Millisecond):
		}
		if now := c.text(); now != before && c.place() != "" {
			// What is still being written ends with a prompt by chance only.
			time.Sleep(15 * time.Millisecond)
			if c.text() == now {
				return
			}
		}
	}
	c.t.Fatalf("nothing came of %q:\n%s", entry, c.text())
}

// plain fails when something on the screen has a colour.
func (c *console) plain() {
	c.t.Helper()
	columns, rows := c.screen.Size()
	for y := range rows {
		for x := range columns {
			if g := c.screen.Cell(x, y); g.FG != vt10x.DefaultFG || g.BG != vt10x.DefaultBG {
				c.t.Fatalf("%c at %d,%d is in colour:\n%s", g.Char, x, y, c.text())
			}
		}
	}
}

// TestTutorialTerminal takes a learner who needs every answer through the whole
// course, in a terminal of 80 by 24 without colour, from start to end.
func TestTutorialTerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("some hundred steps in a terminal")
	}
	home := t.TempDir()
	c := startConsole(t, 80, 24, home, "tutorial")
	c.wait("learn[1.1]>")
	c.see("Lesson 1: The layers")

	reached := map[string]int{}
	last := ""
	for len(reached) < 1000 {
		here := c.place()
		if here == "" {
			break // the course is over
		}
		reached[here]++
		c.plain()
		lines := strings.Split(c.text(), "\n")
		above := strings.Join(lines[max(len(lines)-3, 0):], "\n")
		switch {
		case reached[here] > 6:
			t.Fatalf("no way on from %s:\n%s", here, c.text())
		case here != last || strings.Contains(above, "(Enter: go on)") || strings.Contains(above, "(Enter: run it)"):
			c.learn("")
		default:
			c.learn(`\answer`)
		}
		last = here
		select {
		case err := <-c.done:
			c.done <- err
			last = "over"
		default:
		}
		if last == "over" {
			break
		}
	}
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	if text := c.text(); !strings.Contains(text, "It was the last one") {
		t.Errorf("the course did not come to its end:\n%s", text)
	}
	if len(reached) < 200 {
		t.Errorf("only %d steps were reached", len(reached))
	}
	notes, err := filepath.Glob(filepath.Join(home, "alchemysh/notes/*.md"))
	if err != nil || len(notes) != 12 {
		t.Errorf("%d notes were written (%v)", len(notes), err)
	}
	if data, err := os.ReadFile(filepath.Join(home, "alchemysh/tutorial.json")); err != nil || !strings.Contains(string(data), `"layers"`) {
		t.Errorf("what was done is not remembered by lesson: %v", err)
	}
}

// TestTutorialTerminalMishaps: what a learner does at the keyboard that is no
// answer leaves the lesson where it was.
func TestTutorialTerminalMishaps(t *testing.T) {
	home := t.TempDir()
	c := startConsole(t, 80, 24, home, "tutorial", "4.9")
	c.wait("learn[4.9]>")

	c.send("while true do end\r")
	time.Sleep(300 * time.Millisecond)
	c.send("\x03") // Ctrl-C
	c.see("cancelled")
	c.wait("learn[4.9]>")
	c.learn("os.exit(1)")
	c.see("os.exit would end the program")
	c.learn(`conn:execute(text("DROP TABLE users"))`)
	c.learn("users = nil conn = 7 select = nil print = nil")
	c.learn("x = = 1")
	c.see("syntax error")
	c.learn(`result = conn:execute(5)`)
	c.see("Not yet")
	c.learn(`\again`)
	c.learn(`result = conn:execute(insert(users):values{name = "wendy", fullname = "Wendy Williams"})`)
	c.learn(`wendy_id = result.inserted_primary_key[1]`)
	c.see("Done.")

	// Play leaves nothing behind.
	c.learn(`\try`)
	c.wait("try[4.9]>")
	c.learn(`conn:execute(delete(users)) wendy_id = nil`)
	c.learn(`\resume`)
	c.learn("wendy_id")
	c.wait("2\nlearn[4.9]>")

	// Ctrl-D leaves; the place is kept.
	c.send("\x04")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	again := startConsole(t, 80, 24, home, "tutorial")
	again.wait("learn[4.9]>")
	again.send("\\quit\r")
	if got := again.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}
