package tutorial

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// control is a command of the tutorial.
type control struct {
	usage, help string
	do          func(p *Player, ctx context.Context, arg string) error
}

// controls is the table that dispatch and \? read.
var controls map[string]control

func init() {
	controls = map[string]control{
		`\next`:   {`\next`, "the next step, with this one's answer run", (*Player).next},
		`\prev`:   {`\prev`, "the step before, in its state", (*Player).previous},
		`\hint`:   {`\hint`, "a hint; there are up to three, then the answer", (*Player).hint},
		`\answer`: {`\answer`, "the answer, shown and run", (*Player).answer},
		`\skip`:   {`\skip`, "as \\next, remembered as skipped", (*Player).skip},
		`\again`:  {`\again`, "this step from its beginning, with its state as it was", (*Player).again},
		`\try`:    {`\try`, "play freely; \\resume undoes all of it", (*Player).try},
		`\resume`: {`\resume`, "back to the lesson, with its state as it was", (*Player).resume},
		`\where`:  {`\where`, "where you are, and what is done", (*Player).tellWhere},
		`\go`:     {`\go LESSON[.STEP]`, "any lesson, any step", (*Player).jump},
		`\notes`:  {`\notes`, "write your notes of this lesson", (*Player).notes},
		`\quit`:   {`\quit`, "leave (\\q, too); the place is kept", func(*Player, context.Context, string) error { return errQuit }},
		`\q`:      {"", "", func(*Player, context.Context, string) error { return errQuit }},
		`\?`:      {`\?`, "this list; all other commands of the shell work too", (*Player).listControls},
	}
}

func (p *Player) listControls(context.Context, string) error {
	var names []string
	for n := range controls {
		names = append(names, n)
	}
	sort.Strings(names)
	p.say("Enter     go on, run what is shown, or see the task again")
	for _, n := range names {
		c := controls[n]
		if c.usage == "" {
			continue
		}
		p.say("%-18s%s", c.usage, c.help)
	}
	p.say("Anything else is run, as in the shell.")
	return nil
}

// pass makes the state right for the next step without the learner.
func (p *Player) pass(ctx context.Context, w Work) error {
	s := p.current()
	if !p.done && (s.Block != nil) {
		if err := p.restore(ctx); err != nil {
			return err
		}
		delete(p.stage.own, p.step)
		p.runMuted(ctx, s)
		if err := p.Progress.note(p.Lessons[p.lesson], p.step, w); err != nil {
			return err
		}
	}
	if p.trying {
		if err := p.restore(ctx); err != nil {
			return err
		}
		if s.Block != nil {
			p.runMuted(ctx, s)
		}
	}
	return p.advance(ctx)
}

func (p *Player) next(ctx context.Context, _ string) error { return p.pass(ctx, Work{Helped: true}) }
func (p *Player) skip(ctx context.Context, _ string) error { return p.pass(ctx, Work{Skipped: true}) }

func (p *Player) previous(ctx context.Context, _ string) error {
	if p.step == 0 {
		p.say("This is the first step; \\go goes to other lessons.")
		return nil
	}
	p.step--
	if err := p.restore(ctx); err != nil {
		return err
	}
	return p.show()
}

func (p *Player) again(ctx context.Context, _ string) error {
	if err := p.restore(ctx); err != nil {
		return err
	}
	return p.show()
}

func (p *Player) try(context.Context, string) error {
	p.trying = true
	p.say(`Play: nothing you do here stays. \resume goes back to the lesson.`)
	return nil
}

func (p *Player) resume(ctx context.Context, _ string) error {
	done := p.done
	if err := p.restore(ctx); err != nil {
		return err
	}
	if done && p.current().Kind != Read { // the step's own work is part of the state
		todo := p.stage.own[p.step]
		if todo == nil {
			todo = inputs(p.current().Block)
		}
		p.stage.session.Mute(true)
		p.stage.attemptAll(ctx, p.current(), todo)
		p.stage.session.Mute(false)
		p.done = true
	}
	p.say("Back in the lesson; what you tried is undone.")
	return p.show()
}

// hint gives the hints in order, then the answer.
func (p *Player) hint(ctx context.Context, arg string) error {
	s := p.current()
	var hints []string
	if s.Check != nil {
		hints = s.Check.Hints
	}
	switch {
	case !s.Asks() || p.done:
		p.say("There is nothing to solve here; Enter goes on.")
	case p.hints < min(len(hints), 3):
		p.say("%s", strings.TrimRight(p.Screen.Prose(fmt.Sprintf("Hint %d: %s", p.hints+1, hints[p.hints])), "\n"))
		p.hints++
	default:
		return p.answer(ctx, arg)
	}
	return nil
}

// answer shows the answer and runs it in the state that the step began with.
func (p *Player) answer(ctx context.Context, _ string) error {
	s := p.current()
	if p.done || !s.Asks() {
		p.say("There is nothing to solve here; Enter goes on.")
		return nil
	}
	if s.Kind == Choose {
		for i, o := range s.Choice.Options {
			if o.Right {
				p.say("It is %d: %s", i+1, o.Text)
				if o.Why != "" {
					p.say("%s", strings.TrimRight(p.Screen.Prose(o.Why), "\n"))
				}
			}
		}
		return p.solved(Work{Helped: true})
	}
	delete(p.stage.own, p.step)
	if err := p.restore(ctx); err != nil {
		return err
	}
	if err := p.runShown(ctx); err != nil {
		return err
	}
	return p.Progress.note(p.Lessons[p.lesson], p.step, Work{Helped: true})
}

func (p *Player) tellWhere(context.Context, string) error {
	p.say("You are at %s.", p.where())
	l := p.Lessons[p.lesson]
	work := p.Progress.Of(l)
	for i, s := range l.Steps {
		mark := " "
		if w, ok := work[i]; ok {
			mark = "x"
			if w.Skipped {
				mark = "-"
			}
		}
		if i == p.step {
			mark = ">"
		}
		p.say(" %s %d.%-3d %-8s %s", mark, l.Number, i+1, s.Kind, s.Title)
	}
	return nil
}

// Find gives the indexes of a lesson and a step written as "3", "3.2".
func (p *Player) Find(place string) (lesson, step int, err error) {
	l, s, _ := strings.Cut(place, ".")
	number, err := strconv.Atoi(l)
	if err == nil && s != "" {
		step, err = strconv.Atoi(s)
		step--
	}
	if err != nil {
		return 0, 0, fmt.Errorf("%s: a lesson, or a lesson and a step such as 3.2, is wanted", place)
	}
	for i, x := range p.Lessons {
		if x.Number == number {
			if step < 0 || step >= len(x.Steps) {
				return 0, 0, fmt.Errorf("lesson %d has steps 1 to %d", number, len(x.Steps))
			}
			return i, step, nil
		}
	}
	return 0, 0, fmt.Errorf("there is no lesson %d; --list shows all", number)
}

func (p *Player) jump(ctx context.Context, arg string) error {
	lesson, step, err := p.Find(arg)
	if err != nil {
		return err
	}
	if err := p.enterLesson(ctx, lesson, step); err != nil {
		return err
	}
	return p.remember()
}

func (p *Player) notes(ctx context.Context, _ string) error { return p.writeNotes(ctx) }
