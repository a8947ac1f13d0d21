package tutorial

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"alchemysh/repl/walk"
)

// Mark is how a learner's file did at one task.
type Mark struct {
	Task    string `json:"task"`
	Title   string `json:"title"`
	Passed  bool   `json:"passed"`
	Message string `json:"message,omitempty"` // why not, or a remark
	Seconds float64
}

// submission is what a learner handed in: what to run for each task.
type submission struct {
	tasks map[string][]string // by the task's id or its title in small letters
	// whole is a script without marks; it is run before the first task, and
	// every task is judged by what it left.
	whole string
}

var taskMark = regexp.MustCompile(`(?m)^[ \t]*--+[ \t]*task:?[ \t]+(\S.*?)[ \t]*$`)

// readSubmission reads a walkthrough whose headings or ids name the tasks (the
// notes that the tutorial writes are one), or Lua with lines "-- task NAME".
func readSubmission(name, text string) (*submission, error) {
	s := &submission{tasks: map[string][]string{}}
	if filepath.Ext(name) == ".md" {
		f, err := walk.Parse(filepath.Base(name), text)
		if err != nil {
			return nil, err
		}
		for _, p := range f.Parts {
			if b, ok := p.(*walk.Block); ok && b.Runs() && !b.Attrs.Setup && !b.Attrs.Skip {
				for _, key := range []string{b.Attrs.ID, b.Heading} {
					if key = strings.ToLower(key); key != "" {
						s.tasks[key] = append(s.tasks[key], inputs(b)...)
					}
				}
			}
		}
		return s, nil
	}
	marks := taskMark.FindAllStringSubmatchIndex(text, -1)
	if len(marks) == 0 {
		s.whole = text
		return s, nil
	}
	for i, m := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		// The lines before it stand for themselves, so that an error's line is the file's.
		s.tasks[strings.ToLower(text[m[2]:m[3]])] = []string{strings.Repeat("\n", strings.Count(text[:m[1]], "\n")) + text[m[1]:end]}
	}
	return s, nil
}

// work is what the learner handed in for a task.
func (s *submission) work(l *Lesson, n int) ([]string, bool) {
	keys := []string{l.ID(n), fmt.Sprintf("%d.%d", l.Number, n+1)}
	same := func(o *Step) bool { return o != l.Steps[n] && o.Title == l.Steps[n].Title }
	if !slices.ContainsFunc(l.Steps, same) {
		keys = append(keys, l.Steps[n].Title)
	}
	for _, key := range keys {
		if todo, ok := s.tasks[strings.ToLower(key)]; ok && key != "" {
			return todo, true
		}
	}
	return nil, false
}

// Grade holds a learner's file against the checks of the lesson. A task that
// was not solved counts as such, and the lesson's own answer stands in for it,
// so that one mistake costs one task.
func (l *Lesson) Grade(ctx context.Context, name, text string, open func(context.Context, *Lesson) (Session, error), timeout time.Duration) ([]Mark, error) {
	sub, err := readSubmission(name, text)
	if err != nil {
		return nil, err
	}
	g := &stage{lesson: l, open: open, timeout: timeout, own: map[int][]string{}}
	defer g.close()
	if err := g.enter(ctx, 0); err != nil {
		return nil, err
	}
	g.session.Mute(true)
	var whole *attempt
	if sub.whole != "" {
		whole = g.script(ctx, sub.whole)
	}
	var marks []Mark
	for i, s := range l.Steps {
		if i > 0 {
			if err := g.setup(ctx, i); err != nil {
				return marks, err
			}
		}
		if s.Kind != Do && s.Kind != Fix {
			if whole == nil && s.Block != nil {
				g.attemptAll(ctx, s, inputs(s.Block))
			}
			continue
		}
		m := Mark{Task: l.ID(i), Title: s.Title}
		start := time.Now()
		switch todo, ok := sub.work(l, i); {
		case whole != nil:
			m.judge(ctx, name, g, s, whole)
		case !ok:
			m.Message = "nothing was handed in for it"
		case filepath.Ext(name) == ".md":
			m.judge(ctx, name, g, s, g.attemptAll(ctx, s, todo))
		default:
			m.judge(ctx, name, g, s, g.script(ctx, todo[0]))
		}
		m.Seconds = time.Since(start).Seconds()
		marks = append(marks, m)
		if whole != nil {
			continue
		}
		if m.Passed {
			if todo, _ := sub.work(l, i); filepath.Ext(name) == ".md" {
				g.own[i] = todo
			}
			continue
		}
		if err := g.enter(ctx, i); err != nil {
			return marks, err
		}
		g.session.Mute(true)
		g.attemptAll(ctx, s, inputs(s.Block))
	}
	return marks, ctx.Err()
}

// script runs learners' Lua. Its locals are made to last, as at the prompt.
func (g *stage) script(ctx context.Context, text string) *attempt {
	a := &attempt{}
	line := 0
	for _, in := range split(g.session, text) {
		a.add(g.input(ctx, strings.Repeat("\n", line)+in))
		if a.err != nil {
			break
		}
		line += strings.Count(in, "\n") + 1
	}
	a.inputs = []string{strings.TrimSpace(text)}
	return a
}

func (m *Mark) judge(ctx context.Context, name string, g *stage, s *Step, a *attempt) {
	problem, hint := g.judge(ctx, s, a)
	m.Passed = problem == ""
	m.Message = problem
	if hint = strings.Join(strings.Fields(hint), " "); problem == "" {
		m.Message = hint // a remark
	} else if hint != "" {
		m.Message += ": " + hint
	}
	if a.err != nil && problem != "" {
		why := firstLine(a.err.Error())
		if at, ok := strings.CutPrefix(why, "prompt:"); ok && filepath.Ext(name) != ".md" {
			why = filepath.Base(name) + ":" + at
		}
		m.Message += ": " + why
		if errors.Is(a.err, context.DeadlineExceeded) || errors.Is(a.err, walk.ErrTimeout) {
			m.Message = "it does not end; stopped after " + g.timeout.String()
		}
	}
}
