package walk

import (
	"regexp"
	"strings"
	"time"
)

// File is a walkthrough, read.
type File struct {
	Name  string
	Meta  Meta
	Parts []Part // the whole file after the front matter, in order

	lines []string
}

// Meta is the front matter.
type Meta struct {
	Version int     `yaml:"alchemysh"`
	DB      strList `yaml:"db"`
	Fixture strList `yaml:"fixture"`
	Title   string  `yaml:"title"`
	// Echo switches the echo of the ready-made engine on.
	Echo    bool          `yaml:"echo"`
	Timeout time.Duration `yaml:"timeout"` // of each input
	// Lesson is the lesson's number, for those that are lessons.
	Lesson int `yaml:"lesson"`
	// Minutes is how long a learner may need.
	Minutes int `yaml:"minutes"`
}

// Part is Prose or a *Block.
type Part interface{ part() }

// Prose is Markdown that is not code of ours.
type Prose struct {
	Text string
	Line int // from 1
}

// Block is a fence.
type Block struct {
	Lang  string
	Attrs Attrs
	Line  int // of the opening fence, from 1
	Fence string
	Body  []string // the lines between the fences
	Steps []Step   // of a transcript
	// Output is the fence with what a lua or sql fence prints, nil without one.
	Output *Block
	// Heading is the last heading before the block.
	Heading string
}

// Step is one input of a transcript and what it shows.
type Step struct {
	Input string
	Want  []string
	Line  int // of the input, from 1
}

// Attrs are the words after a fence's language.
type Attrs struct {
	Setup, Hidden, Skip, Fail, Unordered, NewSession bool

	Error    *regexp.Regexp
	Dialects []string
	Timeout  time.Duration
	ID       string
	// Task is what a lesson asks with the block: "do", "predict" or "fix".
	Task string
}

func (Prose) part()  {}
func (*Block) part() {}

// The languages of fences that matter here.
const (
	Transcript = "alchemysh"
	Lua        = "lua"
	SQL        = "sql"
	Output     = "output"
	Check      = "check"
	Choose     = "choose"
)

// Runs says that the block is code.
func (b *Block) Runs() bool { return b.Lang == Transcript || b.Lang == Lua || b.Lang == SQL }

// Source is the text of a script block.
func (b *Block) Source() string { return strings.Join(b.Body, "\n") + "\n" }

// On says whether a block is for a dialect.
func (b *Block) On(dialect string) bool {
	if len(b.Attrs.Dialects) == 0 {
		return true
	}
	for _, d := range b.Attrs.Dialects {
		if d == dialect {
			return true
		}
	}
	return false
}

// For gives the parts as they are for a dialect: a block of that dialect with
// the id of another stands in the other's place, and what does not run there
// is left out.
func (f *File) For(dialect string) []Part {
	instead := map[string]*Block{}
	common := map[string]bool{}
	for _, p := range f.Parts {
		b, ok := p.(*Block)
		if !ok || b.Attrs.ID == "" {
			continue
		}
		if len(b.Attrs.Dialects) == 0 {
			common[b.Attrs.ID] = true
		} else if b.On(dialect) {
			instead[b.Attrs.ID] = b
		}
	}
	var out []Part
	for _, p := range f.Parts {
		b, ok := p.(*Block)
		if !ok {
			out = append(out, p)
			continue
		}
		if len(b.Attrs.Dialects) > 0 && common[b.Attrs.ID] {
			continue // it comes at the common block's place
		}
		if o := instead[b.Attrs.ID]; o != nil {
			b = o
		}
		if b.On(dialect) && !b.Attrs.Skip {
			out = append(out, b)
		}
	}
	return out
}

// Block finds a block by its id, nil when there is none.
func (f *File) Block(id string) *Block {
	for _, p := range f.Parts {
		if b, ok := p.(*Block); ok && b.Attrs.ID == id {
			return b
		}
	}
	return nil
}
