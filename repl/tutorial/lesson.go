package tutorial

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"alchemysh/repl/walk"
)

// Lesson is a walkthrough, divided into steps.
type Lesson struct {
	*walk.File
	Number int
	Title  string
	Steps  []*Step
}

// Kind is what a step asks of the learner.
type Kind uint8

// The kinds of step.
const (
	Read Kind = iota
	Run
	Do
	Fix
	Predict
	Choose
)

var kindNames = [...]string{"read", "run", "do", "fix", "predict", "choose"}

func (k Kind) String() string { return kindNames[k] }

// Step is one thing to read or to do.
type Step struct {
	Kind  Kind
	Title string
	Text  string // Markdown
	Line  int
	// Setup is run before the step without being shown.
	Setup []*walk.Block
	// Block is the code that Enter runs, or the answer of a task.
	Block  *walk.Block
	Check  *Check
	Choice *Choice
}

// ID names a step: the id of its block, or its number.
func (l *Lesson) ID(n int) string {
	if b := l.Steps[n].Block; b != nil && b.Attrs.ID != "" {
		return b.Attrs.ID
	}
	return fmt.Sprintf("%d.%d", l.Number, n+1)
}

var numbered = regexp.MustCompile(`^[0-9]+[-_. ]*`)

// Key names a lesson whatever its number: its file's name without it.
func (l *Lesson) Key() string {
	name := strings.TrimSuffix(path.Base(filepath.ToSlash(l.Name)), ".md")
	if key := numbered.ReplaceAllString(name, ""); key != "" {
		return key
	}
	return name
}

// StepKeys names the steps: by the id of their block, or by their heading and
// the place below it. A step that comes or goes leaves the other keys alone.
func (l *Lesson) StepKeys() []string {
	keys := make([]string, len(l.Steps))
	count := map[string]int{}
	for i, s := range l.Steps {
		if s.Block != nil && s.Block.Attrs.ID != "" {
			keys[i] = s.Block.Attrs.ID
			continue
		}
		key := s.Title + "/" + s.Kind.String()
		count[key]++
		keys[i] = fmt.Sprintf("%s %d", key, count[key])
	}
	return keys
}

// Asks says that the learner must do something that can be right or wrong.
func (s *Step) Asks() bool { return s.Kind >= Do }

// Choice is the body of a choose fence.
type Choice struct {
	Question string `yaml:"question"`
	Options  []struct {
		Text  string `yaml:"text"`
		Right bool   `yaml:"right"`
		Why   string `yaml:"why"`
	} `yaml:"options"`
}

var title = regexp.MustCompile(`^#{1,6}[ \t]+(.*?)[ \t]*#*$`)

// NewLesson divides a walkthrough into the steps that it has on a dialect.
func NewLesson(f *walk.File, dialect string) (*Lesson, error) {
	l := &Lesson{File: f, Number: f.Meta.Lesson, Title: f.Meta.Title}
	fail := func(line int, format string, args ...any) error {
		return &walk.SyntaxError{File: f.Name, Line: line, Message: fmt.Sprintf(format, args...)}
	}
	step := &Step{Line: 1}
	heading := ""
	// end closes the step that is being gathered.
	end := func(k Kind) *Step {
		s := step
		s.Kind, s.Title, s.Text = k, heading, strings.Trim(s.Text, "\n")
		l.Steps = append(l.Steps, s)
		step = &Step{}
		return s
	}
	for _, p := range f.For(dialect) {
		switch p := p.(type) {
		case walk.Prose:
			for i, line := range strings.Split(p.Text, "\n") {
				if m := title.FindStringSubmatch(line); m != nil {
					if strings.TrimSpace(step.Text) != "" {
						end(Read)
					}
					heading = m[1]
					if strings.HasPrefix(line, "# ") { // the lesson's own title
						heading = ""
					}
					step.Line = p.Line + i
					continue
				}
				step.Text += line + "\n"
			}
			if step.Line == 0 {
				step.Line = p.Line
			}
		case *walk.Block:
			switch {
			case p.Lang == walk.Check:
				if len(l.Steps) == 0 || strings.TrimSpace(step.Text) != "" || l.Steps[len(l.Steps)-1].Block == nil || l.Steps[len(l.Steps)-1].Kind < Do {
					return nil, fail(p.Line, "a check belongs directly below a do, fix or predict fence")
				}
				s := l.Steps[len(l.Steps)-1]
				if s.Check != nil {
					return nil, fail(p.Line, "the task has a check already")
				}
				s.Check = &Check{}
				if err := decode(p, s.Check); err != nil {
					return nil, fail(p.Line+err.Line, "%s", err.Message)
				}
				if err := s.Check.compile(s.Kind); err != nil {
					return nil, fail(p.Line, "%v", err)
				}
			case p.Lang == walk.Choose:
				c := &Choice{}
				if err := decode(p, c); err != nil {
					return nil, fail(p.Line+err.Line, "%s", err.Message)
				}
				right := 0
				for _, o := range c.Options {
					if o.Right {
						right++
					}
				}
				if len(c.Options) < 2 || right != 1 {
					return nil, fail(p.Line, "a choice has two options or more, and one of them is right")
				}
				end(Choose).Choice = c
			case p.Attrs.Hidden || p.Attrs.Setup:
				step.Setup = append(step.Setup, p)
			case p.Runs():
				kind, ok := map[string]Kind{"": Run, "do": Do, "fix": Fix, "predict": Predict}[p.Attrs.Task]
				if !ok || kind != Run && p.Lang != walk.Transcript {
					return nil, fail(p.Line, "%s: only an alchemysh fence is a task", p.Attrs.Task)
				}
				end(kind).Block = p
			}
		}
	}
	if strings.TrimSpace(step.Text) != "" || len(step.Setup) > 0 {
		end(Read)
	}
	for _, s := range l.Steps {
		if (s.Kind == Do || s.Kind == Fix) && s.Check == nil {
			return nil, fail(s.Block.Line, "the task has no check fence below it")
		}
	}
	if len(l.Steps) == 0 {
		return nil, fail(1, "the lesson is empty")
	}
	return l, nil
}

func decode(b *walk.Block, into any) *walk.YAMLError {
	return walk.DecodeYAML(strings.Join(b.Body, "\n"), into)
}

// inputs are the inputs of a block.
func inputs(b *walk.Block) []string {
	if b == nil {
		return nil
	}
	if b.Lang != walk.Transcript {
		return []string{b.Source()}
	}
	out := make([]string, len(b.Steps))
	for i, s := range b.Steps {
		out[i] = s.Input
	}
	return out
}
