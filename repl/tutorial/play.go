package tutorial

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Played is what a lesson did without a person.
type Played struct {
	Lesson *Lesson
	Tasks  int
	Tries  int // answers tried, right and wrong
	Faults []Fault
}

// Fault is a step that does not teach what it should.
type Fault struct {
	Step    int
	Line    int
	Message string
}

func (f Fault) format(l *Lesson) string {
	return fmt.Sprintf("%s:%d: step %d.%d: %s", l.Name, f.Line, l.Number, f.Step+1, f.Message)
}

// String lists the faults.
func (r *Played) String() string {
	var b strings.Builder
	for _, f := range r.Faults {
		b.WriteString(f.format(r.Lesson) + "\n")
	}
	fmt.Fprintf(&b, "lesson %d, %s: %d steps, %d tasks, %d answers tried, %d faults\n",
		r.Lesson.Number, r.Lesson.Title, len(r.Lesson.Steps), r.Tasks, r.Tries, len(r.Faults))
	return b.String()
}

// Play goes through a lesson by its answers. Each must be accepted; doing
// nothing and each wrong answer must be refused, with the hint that belongs to
// it; each prediction must come true. With quick only the answers are tried.
func (l *Lesson) Play(ctx context.Context, open func(context.Context, *Lesson) (Session, error), timeout time.Duration, quick bool) (*Played, error) {
	r := &Played{Lesson: l}
	g := &stage{lesson: l, open: open, timeout: timeout, own: map[int][]string{}}
	defer g.close()
	if err := g.enter(ctx, 0); err != nil {
		return nil, err
	}
	for i, s := range l.Steps {
		fault := func(format string, args ...any) {
			r.Faults = append(r.Faults, Fault{i, s.Line, fmt.Sprintf(format, args...)})
		}
		if i > 0 {
			if err := g.setup(ctx, i); err != nil {
				fault("setup: %v", err)
			}
		}
		if s.Block != nil {
			s.Line = s.Block.Line
		}
		if s.Asks() {
			r.Tasks++
		}
		again := func() bool {
			if err := g.enter(ctx, i); err != nil {
				fault("%v", err)
				return false
			}
			g.session.Mute(true)
			return true
		}
		g.session.Mute(true)
		switch s.Kind {
		case Read:
		case Choose:
			r.Tries += len(s.Choice.Options)
		case Run:
			for _, in := range inputs(s.Block) {
				a := g.run(ctx, s, in)
				if a.err != nil && !s.Block.Attrs.Fail && !strings.Contains(blockText(s), firstLine(strings.TrimSpace(a.shown))) {
					fault("%s\n  %v", in, a.err)
				}
			}
		case Predict:
			a := g.attemptAll(ctx, s, inputs(s.Block))
			text, isSQL := expected(a)
			if a.err != nil {
				fault("%v", a.err)
			} else if text == "" {
				fault("there is nothing to predict: nothing is sent and nothing shown")
			}
			r.Tries++
			if s.Check == nil {
				fault("a prediction needs a check with a wrong one")
				break
			}
			for _, w := range s.Check.Wrong {
				r.Tries++
				if ok, _ := foretold(w.Try, text, isSQL); ok {
					fault("a wrong prediction is taken for right: %s", w.Try)
				}
				if hint := s.Check.mistake(&attempt{inputs: []string{w.Try}}); w.Hint != "" && hint != w.Hint {
					fault("%s: the hint is %q, not %q", w.Try, hint, w.Hint)
				}
			}
			for _, right := range s.Check.Right {
				r.Tries++
				if ok, _ := foretold(right, text, isSQL); !ok {
					fault("a right prediction is refused: %s", right)
				}
			}
		case Do, Fix:
			if problem, _ := g.judge(ctx, s, &attempt{}); problem == "" {
				fault("the task is done before anything is done")
			}
			for _, w := range s.Check.Wrong {
				if quick {
					break
				}
				r.Tries++
				if !again() {
					return r, nil
				}
				a := g.attemptAll(ctx, s, split(g.session, w.Try))
				problem, hint := g.judge(ctx, s, a)
				if problem == "" {
					fault("a wrong answer is accepted: %s", w.Try)
				} else if w.Hint != "" && hint != w.Hint && (w.Match != "" || w.Output != "") {
					fault("%s: the hint is %q, not %q", w.Try, hint, w.Hint)
				}
			}
			for _, right := range s.Check.Right {
				if quick {
					break
				}
				r.Tries++
				if !again() {
					return r, nil
				}
				if problem, _ := g.judge(ctx, s, g.attemptAll(ctx, s, split(g.session, right))); problem != "" {
					fault("a right answer is refused (%s): %s", problem, right)
				}
			}
			for _, w := range s.Check.Remarks {
				if quick {
					break
				}
				r.Tries++
				if !again() {
					return r, nil
				}
				if problem, remark := g.judge(ctx, s, g.attemptAll(ctx, s, split(g.session, w.Try))); problem != "" {
					fault("an answer that only deserves a remark is refused (%s): %s", problem, w.Try)
				} else if remark != w.Hint {
					fault("%s: the remark is %q, not %q", w.Try, remark, w.Hint)
				}
			}
			if !quick && !again() {
				return r, nil
			}
			r.Tries++
			a := g.attemptAll(ctx, s, inputs(s.Block))
			if problem, remark := g.judge(ctx, s, a); problem != "" {
				fault("the answer is refused: %s\n%s", problem, a.shown)
			} else if remark != "" {
				fault("the answer itself gets the remark %q", remark)
			}
		}
		g.session.Mute(false)
	}
	return r, ctx.Err()
}

// blockText is all that is written in a step's transcript.
func blockText(s *Step) string { return strings.Join(s.Block.Body, "\n") }
