package terminal

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/chzyer/readline"

	"alchemysh/repl"
	"alchemysh/repl/edit"
)

// Terminal reads entries at a terminal. It satisfies repl.Editor.
type Terminal struct {
	model *edit.Model
	rl    *readline.Instance
	in    *stdin
	out   *Output
	// History gives the entries to go through, each time anew.
	history func() []string

	mu       sync.Mutex
	pending  func() // what the key that was filtered does
	cells    int    // of what is painted
	rendered string
	total    int // cells of the last paint, and the one of the cursor
	pos      int
	outcome  edit.Outcome
	resized  func() // tells readline
	width    int
	height   int
	failure  any  // a panic of ours, told at the end of the entry
	reading  bool // between two entries keys are put back
}

// New makes the terminal. Standard input and output must be terminals; there
// may be only one.
func New(c edit.Config, out *Output, history func() []string) (*Terminal, error) {
	t := &Terminal{model: edit.New(c), in: newStdin(os.Stdin), out: out, history: history}
	cfg := &readline.Config{
		Stdin: t.in, Stdout: screen{t}, Stderr: os.Stderr,
		Listener: t, Painter: t, FuncFilterInputRune: t.filter,
		DisableAutoSaveHistory: true, HistoryLimit: -1,
		FuncOnWidthChanged: func(f func()) {
			t.resized = f
			readline.DefaultOnWidthChanged(func() {
				select {
				case t.in.inject <- sizeKey:
				default:
				}
			})
		},
	}
	rl, err := readline.NewEx(cfg)
	if err != nil {
		return nil, err
	}
	t.rl = rl
	return t, nil
}

// Close gives the terminal back.
func (t *Terminal) Close() error {
	fmt.Fprint(os.Stdout, bracketedOff)
	if err := t.in.Close(); err != nil { // readline waits for a read that nobody else ends
		return err
	}
	return t.rl.Close()
}

const (
	bracketedOn  = "\x1b[?2004h"
	bracketedOff = "\x1b[?2004l"
	clearScreen  = "\x1b[H\x1b[2J\x1b[3J"
)

// Size is the screen's width and height in cells.
func Size() (width, height int) {
	w, h, err := readline.GetSize(int(os.Stdout.Fd()))
	if err != nil || w <= 0 || h <= 0 {
		return 80, 24
	}
	return w, h
}

// Read reads an entry that begins with draft.
func (t *Terminal) Read(prompt, draft string) (string, error) {
	t.out.freshLine()
	t.mu.Lock()
	t.measure()
	t.model.SetHistory(t.history())
	t.model.Start(prompt)
	t.model.Set(draft)
	t.outcome, t.pending = edit.Redraw, nil
	t.layout()
	cells := t.buffer()
	t.reading = true
	t.mu.Unlock()
	t.in.replay()
	fmt.Fprint(os.Stdout, bracketedOn)
	t.rl.Operation.SetBuffer(cells)
	_, err := t.rl.Readline()
	fmt.Fprint(os.Stdout, bracketedOff)
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.failure; f != nil {
		t.failure = nil
		return "", fmt.Errorf("internal error of the editor: %v", f)
	}
	switch {
	case err == readline.ErrInterrupt:
		return "", repl.ErrInterrupted
	case err != nil:
		return "", err
	case t.outcome == edit.Leave:
		return "", io.EOF
	case t.outcome == edit.Clear:
		return "", repl.ErrInterrupted
	}
	return t.model.Text(), nil
}

// measure takes the size of the screen.
func (t *Terminal) measure() {
	w, h := Size()
	if w != t.width || h != t.height {
		t.width, t.height = w, h
		t.model.Resize(w, h)
		if t.resized != nil {
			t.resized()
		}
	}
}

// layout renders the model; it gives the cell that the cursor is on.
func (t *Terminal) layout() (cursor int) {
	v := t.model.View()
	t.cells, t.rendered = v.Cells(t.width), v.Text()
	return v.Row*t.width + v.Column
}

// buffer is what readline believes the line to be.
func (t *Terminal) buffer() string { return strings.Repeat(string(cellRune), t.cells) }

// Paint puts the rendering in the place of the cells.
func (t *Terminal) Paint(line []rune, pos int) []rune {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total, t.pos = len(line), pos
	if len(line) < t.cells {
		return line
	}
	return append([]rune(t.rendered), line[t.cells:]...)
}

// OnChange does what the key asked for and tells readline of the new cells.
func (t *Terminal) OnChange(_ []rune, _ int, _ rune) ([]rune, int, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pending == nil {
		return nil, 0, false
	}
	do := t.pending
	t.pending = nil
	do()
	cursor := t.layout()
	return []rune(t.buffer()), cursor, true
}

// filter takes every key: what the model makes of it happens in OnChange,
// after readline has passed over a bell that it never rings.
func (t *Terminal) filter(r rune) (out rune, process bool) {
	defer func() {
		if f := recover(); f != nil {
			t.failure = f
			out, process = readline.CharEnter, true
		}
	}()
	if r == 0 { // the terminal is gone
		t.mu.Lock()
		t.cells, t.rendered = 0, ""
		t.mu.Unlock()
		t.rl.Operation.SetBuffer("")
		return r, true
	}
	t.mu.Lock()
	reading := t.reading
	t.mu.Unlock()
	if !reading {
		t.in.putBack(r)
		return readline.CharBell, true
	}
	key := edit.Key(r)
	switch {
	case r == readline.CharEnter || r == readline.CharCtrlJ:
		key = edit.Enter
	case r == readline.CharInterrupt:
		key = edit.Interrupt
	case r == readline.CharDelete:
		key = edit.EndOfFile
	case r == pasteKey:
		return t.later(func() { t.model.Paste(t.in.paste()) })
	case r == sizeKey:
		return t.later(t.measure)
	case r >= keyBase:
		key = edit.None + edit.Key(r-keyBase)
	}
	t.mu.Lock()
	outcome := t.model.Press(key)
	t.mu.Unlock()
	switch outcome {
	case edit.Submit, edit.Leave, edit.Clear:
		t.finish(outcome)
		return readline.CharEnter, true
	}
	if r == readline.CharEnter || r == readline.CharCtrlJ || r == readline.CharInterrupt || r == readline.CharDelete {
		t.rl.Terminal.KickRead() // readline has stopped reading after this byte
	}
	switch outcome {
	case edit.Wipe:
		return t.later(func() { fmt.Fprint(os.Stdout, clearScreen) })
	case edit.Suspended:
		return t.later(func() {
			fmt.Fprint(os.Stdout, bracketedOff)
			t.rl.Terminal.SleepToResume()
			fmt.Fprint(os.Stdout, bracketedOn)
			t.width = 0 // the screen may have changed meanwhile
			t.measure()
		})
	case edit.Bell:
		fmt.Fprint(os.Stdout, "\a")
	}
	return t.later(func() {})
}

func (t *Terminal) later(do func()) (rune, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending = func() {
		defer func() {
			if f := recover(); f != nil {
				t.failure = f
			}
		}()
		do()
	}
	return readline.CharBell, true
}

// finish paints the entry as it stays on the screen: whole, without menu or
// search.
func (t *Terminal) finish(outcome edit.Outcome) {
	t.mu.Lock()
	t.outcome, t.reading = outcome, false
	if outcome == edit.Clear {
		t.model.Finish("^C")
	} else {
		t.model.Finish("")
	}
	t.layout()
	cells := t.buffer()
	t.mu.Unlock()
	t.rl.Operation.SetBuffer(cells)
	t.out.line = true // readline writes the newline
}

// Output is standard output that knows whether it stands at the start of a
// line: the prompt begins on one of its own.
type Output struct {
	*os.File
	line bool
	copy io.Writer // for \record
}

// Copy writes everything to w as well, from now on; nil ends that.
func (o *Output) Copy(w io.Writer) { o.copy = w }

// NewOutput wraps standard output.
func NewOutput(f *os.File) *Output { return &Output{File: f, line: true} }

// Write writes and notes how the text ends.
func (o *Output) Write(b []byte) (int, error) {
	if len(b) > 0 {
		o.line = b[len(b)-1] == '\n'
	}
	if o.copy != nil {
		if _, err := o.copy.Write(b); err != nil {
			return 0, err
		}
	}
	return o.File.Write(b)
}

// WriteString writes text.
func (o *Output) WriteString(s string) (int, error) { return o.Write([]byte(s)) }

func (o *Output) freshLine() {
	if !o.line {
		fmt.Fprintln(o.File)
		o.line = true
	}
}
