package walk

import "time"

// A Walk is one walkthrough.
type Walk struct {
	Path    string
	Lines   []string // the whole file, for Update
	DBs     []string // URLs; on each that is available the walk is run
	Fixture string   // a Lua file, run before the first step
	Blocks  []*Block
}

// Kind says what the code of a Block is.
type Kind uint8

const (
	Transcript Kind = iota // prompts and output, as on the screen
	Lua
	SQL
)

// A Block is one fence of code, with the output that follows it.
type Block struct {
	Line       int // of the opening fence, from 1
	Kind       Kind
	Attributes Attributes
	Steps      []*Step
}

// Attributes stand in the opening fence after the language.
type Attributes struct {
	ID        string
	Setup     bool   // run, its output not compared
	Hidden    bool   // the same; renderers may leave it out
	Skip      bool   // not run
	Fail      bool   // must end in an error
	Error     string // a pattern of that error
	Unordered bool   // lines of output in any order
	Dialect   string // only on this database, in place of the common block of the same id
	Session   string // "new": a new Lua state and database first
	Timeout   time.Duration
}

// A Step is one input with the output that is written for it.
type Step struct {
	Line  int // of the input, from 1
	Input string
	Want  []string
	// first and last are the lines of Want in the file, from 0, last excluded.
	first, last int
	// compared is false for code without any written output: it must only run.
	compared bool
}
