package tutorial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"alchemysh/repl"
	"alchemysh/repl/walk"
)

// Player is the course as a learner meets it.
type Player struct {
	Lessons []*Lesson
	Open    func(ctx context.Context, l *Lesson) (Session, error)
	Editor  repl.Editor
	Out     io.Writer
	Screen  Screen
	// Progress is kept after every step.
	Progress *Progress
	// Notes writes the notes of a lesson and says where.
	Notes   func(ctx context.Context, l *Lesson, work map[int]Work) (string, error)
	Timeout time.Duration
	// Current is told of each new session, for the editor's completion.
	Current func(Session)

	lesson, step int
	stage        *stage
	done         bool // the step asks nothing more
	trying       bool
	hints        int
	attempt      *attempt
	shown        *Step // just before, whose heading needs no repeating
}

// errQuit ends the course for today.
var errQuit = errors.New("quit")

// Run teaches from a step of a lesson on, counted from 0, until the learner
// leaves or the course ends.
func (p *Player) Run(ctx context.Context, lesson, step int) error {
	defer func() {
		if p.stage != nil {
			_ = p.stage.close() // the database goes with the process
		}
	}()
	if err := p.enterLesson(ctx, lesson, step); err != nil {
		return err
	}
	if err := p.remember(); err != nil {
		return err
	}
	for {
		entry, err := p.Editor.Read(p.prompt(), "")
		switch {
		case errors.Is(err, repl.ErrInterrupted):
			continue
		case errors.Is(err, io.EOF):
			p.leave()
			return nil
		case err != nil:
			return err
		}
		err = p.entry(ctx, entry)
		if errors.Is(err, errQuit) {
			p.leave()
			return nil
		}
		if err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			p.say("%s", p.Screen.Bad(repl.Describe(err)))
		}
	}
}

func (p *Player) leave() {
	p.say("You are at %s; alchemysh tutorial goes on from here.", p.where())
}

func (p *Player) where() string {
	l := p.Lessons[p.lesson]
	return fmt.Sprintf("%d.%d of lesson %d, %s", l.Number, p.step+1, l.Number, l.Title)
}

func (p *Player) prompt() string {
	word := "learn"
	if p.trying {
		word = "try"
	}
	return fmt.Sprintf("%s[%d.%d]> ", word, p.Lessons[p.lesson].Number, p.step+1)
}

func (p *Player) say(format string, args ...any) { fmt.Fprintf(p.Out, format+"\n", args...) }

func (p *Player) current() *Step { return p.Lessons[p.lesson].Steps[p.step] }

// enterLesson begins a lesson, at any step.
func (p *Player) enterLesson(ctx context.Context, lesson, step int) error {
	if p.stage != nil {
		if err := p.stage.close(); err != nil {
			p.say("%v", err)
		}
	}
	l := p.Lessons[lesson]
	p.lesson, p.step = lesson, min(max(step, 0), len(l.Steps)-1)
	p.stage = &stage{lesson: l, open: p.Open, timeout: p.Timeout, own: map[int][]string{}}
	for i, w := range p.Progress.Of(l) {
		if !w.Skipped && len(w.Inputs) > 0 {
			p.stage.own[i] = w.Inputs
		}
	}
	p.say("\n%s", p.Screen.Heading(fmt.Sprintf("Lesson %d: %s", l.Number, l.Title)))
	if p.step == 0 && l.Meta.Minutes > 0 {
		p.say("About %d minutes. Enter goes on, \\? lists what else you can do.", l.Meta.Minutes)
	}
	if err := p.restore(ctx); err != nil {
		return err
	}
	return p.show()
}

// restore makes the state of the beginning of the current step.
func (p *Player) restore(ctx context.Context) error {
	if err := p.stage.enter(ctx, p.step); err != nil {
		return err
	}
	p.begin()
	if p.Current != nil {
		p.Current(p.stage.session)
	}
	return nil
}

// begin forgets what was tried at a step.
func (p *Player) begin() {
	p.trying, p.hints, p.attempt = false, 0, &attempt{}
	p.done = p.current().Kind == Read
}

// show shows the current step.
func (p *Player) show() error {
	s := p.current()
	if s.Title != "" && (p.shown == nil || p.shown.Title != s.Title) {
		p.say("\n%s", p.Screen.Heading(fmt.Sprintf("%d.%d  %s", p.Lessons[p.lesson].Number, p.step+1, s.Title)))
	}
	if s.Text != "" {
		p.say("\n%s", strings.TrimRight(p.Screen.Prose(s.Text), "\n"))
	}
	p.shown = nil
	switch s.Kind {
	case Read:
		p.say("\n%s", p.Screen.Dim("(Enter: go on)"))
	case Run:
		p.showCode(s)
		p.say("%s", p.Screen.Dim("(Enter: run it)"))
	case Do:
		p.say("\n%s", p.Screen.Dim("(your turn; \\hint helps, \\answer shows)"))
	case Fix:
		p.say("\n%s", p.Screen.Dim("(put it right; \\hint helps, \\answer shows)"))
	case Predict:
		p.showCode(s)
		p.say("%s", p.Screen.Dim("(what will be sent, or shown? write it; SQL ends with ;)"))
	case Choose:
		p.say("\n%s\n", strings.TrimRight(p.Screen.Prose(s.Choice.Question), "\n"))
		for i, o := range s.Choice.Options {
			p.say("  %d  %s", i+1, strings.TrimSpace(p.Screen.fill(o.Text, "", "     ")))
		}
		p.say("\n%s", p.Screen.Dim("(a number)"))
	}
	return nil
}

func (p *Player) showCode(s *Step) {
	p.say("")
	for _, in := range inputs(s.Block) {
		for i, line := range strings.Split(strings.TrimRight(in, "\n"), "\n") {
			mark := ">>"
			if i == 0 {
				mark = ">"
			}
			p.say("%s", strings.TrimRight(p.Screen.Code(line, "    "+mark+" ", "       "), "\n"))
		}
	}
	p.say("")
}

// entry does what the learner entered.
func (p *Player) entry(ctx context.Context, entry string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	text := strings.TrimSpace(entry)
	if text == "exit" || text == "quit" {
		return errQuit
	}
	if name, arg, _ := strings.Cut(text, " "); strings.HasPrefix(name, `\`) {
		if c, ok := controls[name]; ok {
			return c.do(p, ctx, strings.TrimSpace(arg))
		}
	}
	s := p.current()
	if text == "" {
		return p.enter(ctx)
	}
	if p.trying || p.done || !s.Asks() {
		a := p.stage.input(ctx, entry)
		p.after(a)
		return nil
	}
	switch s.Kind {
	case Choose:
		if n, err := strconv.Atoi(strings.TrimRight(text, ".)")); err == nil {
			return p.choose(n)
		}
		p.after(p.stage.input(ctx, entry))
		return nil
	case Predict:
		return p.predict(ctx, entry)
	}
	p.attempt.add(p.stage.input(ctx, entry))
	p.after(p.attempt)
	return p.judge(ctx)
}

// after tells what a chunk that was stopped or wanted to leave did.
func (p *Player) after(a *attempt) {
	if errors.Is(a.err, context.DeadlineExceeded) || errors.Is(a.err, walk.ErrTimeout) {
		p.say("%s", p.Screen.Bad(fmt.Sprintf("That was stopped after %s. Is there a loop without an end?", p.Timeout)))
	}
}

// enter is what a bare Enter does.
func (p *Player) enter(ctx context.Context) error {
	switch {
	case p.trying:
		p.say(`You are trying things out; \resume goes back to the lesson.`)
		return nil
	case p.done:
		return p.advance(ctx)
	case p.current().Kind == Run:
		return p.runShown(ctx)
	}
	return p.show()
}

// runShown runs the code of a step as if it were typed.
func (p *Player) runShown(ctx context.Context) error {
	s := p.current()
	for _, in := range inputs(s.Block) {
		if s.Block.Lang == walk.Transcript {
			p.say("%s %s", p.Screen.Dim(">"), strings.ReplaceAll(in, "\n", "\n>> "))
		}
		a := p.stage.run(ctx, s, in)
		p.after(a)
	}
	p.done = true
	p.say("%s", p.Screen.Dim("(Enter: go on)"))
	return p.Progress.note(p.Lessons[p.lesson], p.step, Work{})
}

// judge says how an attempt at a task stands.
func (p *Player) judge(ctx context.Context) error {
	s := p.current()
	problem, hint := p.stage.judge(ctx, s, p.attempt)
	if problem == "" {
		if hint != "" {
			p.say("%s", strings.TrimSpace(p.Screen.fill(hint, "", "")))
		}
		return p.solved(Work{Inputs: p.attempt.inputs})
	}
	if hint != "" {
		p.say("%s", p.Screen.Bad(strings.TrimSpace(p.Screen.fill(hint, "", ""))))
		return nil
	}
	p.say("%s", p.Screen.Bad("Not yet: "+problem+"."))
	return nil
}

func (p *Player) solved(w Work) error {
	s := p.current()
	p.done = true
	if len(w.Inputs) > 0 {
		p.stage.own[p.step] = w.Inputs
	}
	switch {
	case w.Helped && s.Kind == Choose:
		p.say("%s", p.Screen.Dim("(Enter: go on)"))
	case w.Helped:
	case s.Kind == Do:
		p.say("%s", p.Screen.Good("Done.")+" "+p.Screen.Dim("(Enter: go on)"))
	default:
		p.say("%s", p.Screen.Good("Right.")+" "+p.Screen.Dim("(Enter: go on)"))
	}
	return p.Progress.note(p.Lessons[p.lesson], p.step, w)
}

func (p *Player) choose(n int) error {
	o := p.current().Choice.Options
	if n < 1 || n > len(o) {
		p.say("A number from 1 to %d is wanted.", len(o))
		return nil
	}
	if why := o[n-1].Why; why != "" {
		p.say("%s", strings.TrimRight(p.Screen.Prose(why), "\n"))
	}
	if !o[n-1].Right {
		p.say("%s", p.Screen.Bad("Not that one."))
		return nil
	}
	return p.solved(Work{})
}

// predict holds what the learner wrote against what comes.
func (p *Player) predict(ctx context.Context, entry string) error {
	s := p.current()
	a := p.runMuted(ctx, s)
	text, isSQL := expected(a)
	right, remark := foretold(entry, text, isSQL)
	p.say("\nWhat comes:\n")
	for _, line := range strings.Split(text, "\n") {
		p.say("    %s", strings.TrimRight(line, " "))
	}
	p.say("")
	if remark != "" {
		p.say("%s", p.Screen.fill(remark, "", ""))
	}
	if !right {
		hint := ""
		if s.Check != nil {
			hint = s.Check.mistake(&attempt{inputs: []string{entry}})
		}
		if hint == "" {
			hint = "Not quite as you wrote. Compare the two line by line; nothing is lost, the lesson goes on."
		}
		p.say("%s %s", p.Screen.Bad(strings.TrimSpace(p.Screen.fill(hint, "", ""))), p.Screen.Dim("(Enter: go on)"))
		p.done = true
		return p.Progress.note(p.Lessons[p.lesson], p.step, Work{Helped: true})
	}
	return p.solved(Work{})
}

func (p *Player) runMuted(ctx context.Context, s *Step) *attempt {
	p.stage.session.Mute(true)
	defer p.stage.session.Mute(false)
	p.stage.session.Sent()
	return p.stage.attemptAll(ctx, s, inputs(s.Block))
}

// advance goes to the next step, or the next lesson.
func (p *Player) advance(ctx context.Context) error {
	if p.step+1 < len(p.Lessons[p.lesson].Steps) {
		if s := p.current(); s.Kind == Read {
			if err := p.Progress.note(p.Lessons[p.lesson], p.step, Work{}); err != nil {
				return err
			}
		}
		p.shown = p.current()
		p.step++
		if err := p.stage.setup(ctx, p.step); err != nil {
			return err
		}
		p.begin()
		if err := p.remember(); err != nil {
			return err
		}
		return p.show()
	}
	p.say("\n%s", p.Screen.Good(fmt.Sprintf("That was lesson %d, %s.", p.Lessons[p.lesson].Number, p.Lessons[p.lesson].Title)))
	if err := p.writeNotes(ctx); err != nil {
		p.say("notes: %v", err)
	}
	if p.lesson+1 == len(p.Lessons) {
		p.say("It was the last one. alchemysh demo has a filled database to go on with.")
		p.step = 0
		if err := p.remember(); err != nil {
			return err
		}
		return errQuit
	}
	p.lesson++
	p.step = 0
	if err := p.remember(); err != nil {
		return err
	}
	return p.enterLesson(ctx, p.lesson, 0)
}

func (p *Player) remember() error {
	return p.Progress.at(p.Lessons[p.lesson], p.step)
}

func (p *Player) writeNotes(ctx context.Context) error {
	if p.Notes == nil {
		return nil
	}
	l := p.Lessons[p.lesson]
	file, err := p.Notes(ctx, l, p.Progress.Of(l))
	if err == nil {
		p.say("Your notes: %s (alchemysh verify checks them).", file)
	}
	return err
}
