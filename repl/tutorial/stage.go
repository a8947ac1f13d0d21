package tutorial

import (
	"context"
	"fmt"
	"strings"
	"time"

	"alchemysh/repl/walk"
)

// stage holds a lesson's session and can put it into the state of any step.
type stage struct {
	lesson  *Lesson
	open    func(ctx context.Context, l *Lesson) (Session, error)
	timeout time.Duration
	session Session
	// own are the inputs with which the learner solved a step; the answer
	// stands in for the others.
	own map[int][]string
}

// enter makes the state at the beginning of a step: a new session, the
// fixture, and what the steps before did.
func (g *stage) enter(ctx context.Context, step int) error {
	if err := g.close(); err != nil {
		return err
	}
	s, err := g.open(ctx, g.lesson)
	if err != nil {
		return err
	}
	g.session = s
	s.Mute(true)
	defer func() {
		s.Mute(false)
		s.Sent()
	}()
	for i := 0; i < step; i++ {
		if err := g.setup(ctx, i); err != nil {
			return err
		}
		todo := g.own[i]
		if todo == nil {
			todo = inputs(g.lesson.Steps[i].Block)
		}
		for _, in := range todo {
			if err := ctx.Err(); err != nil {
				return err
			}
			g.run(ctx, g.lesson.Steps[i], in)
		}
	}
	return g.setup(ctx, step)
}

// setup runs what stands before a step without being shown.
func (g *stage) setup(ctx context.Context, step int) error {
	if step >= len(g.lesson.Steps) {
		return nil
	}
	g.session.Mute(true)
	defer g.session.Mute(false)
	for _, b := range g.lesson.Steps[step].Setup {
		if b.Attrs.NewSession {
			return fmt.Errorf("%s:%d: session=new cannot stand in a lesson", g.lesson.Name, b.Line)
		}
		for _, in := range inputs(b) {
			a := g.block(ctx, b, in)
			if a.err != nil && !b.Attrs.Fail {
				return fmt.Errorf("%s:%d: %w", g.lesson.Name, b.Line, a.err)
			}
		}
	}
	g.session.Sent()
	return nil
}

// run runs one input at a step.
func (g *stage) run(ctx context.Context, s *Step, input string) *attempt {
	if s.Block != nil && s.Block.Lang != walk.Transcript && input == s.Block.Source() {
		return g.block(ctx, s.Block, input)
	}
	return g.input(ctx, input)
}

func (g *stage) block(ctx context.Context, b *walk.Block, input string) *attempt {
	if b.Lang == walk.Transcript {
		return g.input(ctx, input)
	}
	ctx, cancel := g.limit(ctx)
	defer cancel()
	shown, err := g.session.Script(ctx, "lesson."+b.Lang, input)
	return &attempt{[]string{input}, shown, err, g.session.Sent()}
}

func (g *stage) input(ctx context.Context, input string) *attempt {
	ctx, cancel := g.limit(ctx)
	defer cancel()
	shown, err := g.session.Input(ctx, input)
	return &attempt{[]string{input}, shown, err, g.session.Sent()}
}

func (g *stage) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if g.timeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, g.timeout, walk.ErrTimeout)
}

func (g *stage) close() error {
	if g.session == nil {
		return nil
	}
	err := g.session.Close()
	g.session = nil
	return err
}

// add joins what a further input did to an attempt.
func (a *attempt) add(b *attempt) {
	a.inputs = append(a.inputs, b.inputs...)
	a.sent = append(a.sent, b.sent...)
	a.shown, a.err = b.shown, b.err
}

// split divides an answer into inputs as they would be typed.
func split(s Session, text string) []string {
	var out []string
	var held []string
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		held = append(held, line)
		if all := strings.Join(held, "\n"); strings.TrimSpace(all) != "" && s.Whole(all) {
			out = append(out, all)
			held = nil
		}
	}
	if len(held) > 0 && strings.TrimSpace(strings.Join(held, "")) != "" {
		out = append(out, strings.Join(held, "\n"))
	}
	return out
}

// attemptAll runs several inputs as one attempt.
func (g *stage) attemptAll(ctx context.Context, s *Step, todo []string) *attempt {
	a := &attempt{}
	for _, in := range todo {
		a.add(g.run(ctx, s, in))
	}
	return a
}

// judge says what is wrong with an attempt at a task, "" for nothing, and the
// hint that belongs to a known mistake, or a remark on what was accepted.
func (g *stage) judge(ctx context.Context, s *Step, a *attempt) (problem, hint string) {
	g.session.Mute(true)
	problem = s.Check.problem(ctx, g.session, a)
	g.session.Mute(false)
	if problem != "" {
		return problem, s.Check.mistake(a)
	}
	return "", s.Check.remark(a)
}
