package walk

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// Update gives the text of the file with what came in place of what was
// written, for the steps that did not match. Everything else stays as it is,
// letter for letter. Of a result on another database than the file's first,
// the blocks that differ are added as that dialect's own.
func Update(results ...*Result) string {
	f := results[0].File
	e := &editor{file: f, lines: slices.Clone(f.lines)}
	for _, r := range results {
		e.result(r)
	}
	return e.text()
}

// editor collects the changes to a file and makes them from its end to its
// beginning, so that line numbers hold.
type editor struct {
	file    *File
	lines   []string
	changes []change
	added   []string // at the end of the file
	named   map[*Block]string
}

// change replaces the lines from start up to end by with; both from 0.
type change struct {
	start, end int
	with       []string
}

func (e *editor) result(r *Result) {
	own := r.Dialect == DialectOf(e.file.Meta.DB[0])
	for i := 0; i < len(r.Steps); {
		b := r.Steps[i].Block
		j := i
		wrong := false
		for j < len(r.Steps) && r.Steps[j].Block == b {
			wrong = wrong || r.Steps[j].wrong()
			j++
		}
		if wrong {
			if own || len(b.Attrs.Dialects) > 0 {
				e.rewrite(b, r.Steps[i:j])
			} else {
				e.override(b, r.Steps[i:j], r.Dialect)
			}
		}
		i = j
	}
}

// wrong says that what was written is to be replaced. An error that nobody
// expected is not written down as if it were right.
func (s *StepResult) wrong() bool {
	unwritten := s.Block.Attrs.Fail && s.Err != nil && s.Block.Lang == Transcript && len(s.Step.Want) == 0 && len(s.Got) > 0
	return s.Outcome == Mismatch && s.Why == "" || s.Outcome == Matched && unwritten
}

func (e *editor) rewrite(b *Block, steps []StepResult) {
	mark := e.fence(b, steps)
	for _, s := range steps {
		if !s.wrong() {
			continue
		}
		text := merge(s.Step.Want, s.Got)
		if b.Lang != Transcript {
			e.changes = append(e.changes, change{b.Output.Line, b.Output.Line + len(b.Output.Body), text})
			continue
		}
		start := s.Step.Line + strings.Count(s.Step.Input, "\n") // the index after the input's last line
		end := start
		for last := b.Line + len(b.Body); end < last; end++ {
			if _, ok := prompt(e.lines[end], ">"); ok {
				break
			}
		}
		e.changes = append(e.changes, change{start, end, text})
	}
	if mark != b.Fence {
		open, close := b.Line-1, b.Line+len(b.Body)
		e.changes = append(e.changes, change{open, open + 1, []string{strings.Replace(e.lines[open], b.Fence, mark, 1)}},
			change{close, close + 1, []string{mark}})
	}
}

// fence is the fence that is long enough for what it will hold.
func (e *editor) fence(b *Block, steps []StepResult) string {
	mark := b.Fence
	if b.Lang != Transcript {
		return mark
	}
	for _, s := range steps {
		for _, l := range s.Got {
			if closes(l, mark) {
				mark = strings.Repeat(mark[:1], len(strings.TrimSpace(l))+1)
			}
		}
	}
	return mark
}

// override adds a dialect's own form of a block at the end of the file.
func (e *editor) override(b *Block, steps []StepResult, dialect string) {
	id := e.name(b)
	words := regexp.MustCompile(`\s*\bid=\S+`).ReplaceAllString(e.words(b), "")
	head := strings.TrimSpace(fmt.Sprintf("%s dialect=%s id=%s", words, dialect, id))
	mark := e.fence(b, steps)
	out := []string{"", mark + head}
	if b.Lang == Transcript {
		for _, s := range steps {
			out = append(out, "> "+strings.ReplaceAll(s.Step.Input, "\n", "\n>> "))
			if s.wrong() {
				out = append(out, merge(s.Step.Want, s.Got)...)
			} else {
				out = append(out, s.Step.Want...)
			}
		}
		out = append(out, mark)
	} else {
		out = append(out, b.Body...)
		out = append(out, mark, "", mark+Output)
		out = append(out, merge(steps[0].Step.Want, steps[0].Got)...)
		out = append(out, mark)
	}
	e.added = append(e.added, out...)
}

// words are what stands after the fence's mark.
func (e *editor) words(b *Block) string {
	return strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(e.lines[b.Line-1]), b.Fence[:1]))
}

// name is the block's id; a block without one gets one.
func (e *editor) name(b *Block) string {
	if b.Attrs.ID != "" {
		return b.Attrs.ID
	}
	if id, ok := e.named[b]; ok {
		return id
	}
	if e.named == nil {
		e.named = map[*Block]string{}
	}
	id := ""
	for n := 1; id == ""; n++ {
		id = fmt.Sprintf("b%d", n)
		for _, taken := range e.named {
			if taken == id {
				id = ""
				break
			}
		}
		if id != "" && e.file.Block(id) != nil {
			id = ""
		}
	}
	e.named[b] = id
	e.changes = append(e.changes, change{b.Line - 1, b.Line, []string{strings.TrimRight(e.lines[b.Line-1], " \t") + " id=" + id}})
	return id
}

func (e *editor) text() string {
	sort.SliceStable(e.changes, func(i, j int) bool { return e.changes[i].start > e.changes[j].start })
	lines := e.lines
	for _, c := range e.changes {
		lines = slices.Concat(lines[:c.start], c.with, lines[c.end:])
	}
	if len(e.added) > 0 {
		for len(lines) > 0 && lines[len(lines)-1] == "" {
			lines = lines[:len(lines)-1]
		}
		lines = append(append(lines, e.added...), "")
	}
	return strings.Join(lines, "\n")
}

// Accept takes errors that nobody expected for what should be written: notes
// keep what a learner saw, failures too.
func (r *Result) Accept() {
	for i := range r.Steps {
		if s := &r.Steps[i]; s.Outcome == Failed && s.Block.Lang == Transcript {
			s.Outcome, s.Why = Mismatch, ""
		}
	}
}
