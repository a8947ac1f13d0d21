package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/adrg/xdg"
	"github.com/spf13/pflag"

	"alchemysh/repl"
	"alchemysh/repl/edit"
	"alchemysh/repl/terminal"
	"alchemysh/repl/tutorial"
	"alchemysh/repl/walk"
	"alchemysh/scripts"
)

func init() {
	subcommands["tutorial"] = subcommand{"learn SQLAlchemy in the real shell, by doing", tutorialCommand}
}

const tutorialUsage = `Usage: alchemysh tutorial [OPTIONS] [LESSON | LESSON.STEP]

A course in twelve lessons, in the real shell. It goes on where you left it.

Options:
%s`

// lessonTimeout is how long one input of a lesson may take.
const lessonTimeout = 20 * time.Second

func tutorialCommand(args []string) int {
	f := pflag.NewFlagSet("tutorial", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {}
	list := f.Bool("list", false, "the lessons, and what is done")
	reset := f.Bool("reset", false, "forget what was done")
	dialect := f.String("dialect", "sqlite", "learn on sqlite, postgresql or mysql")
	servers := f.StringArray("server", nil, "URL of a server on which fresh databases may be made")
	play := f.Bool("play", false, "play the lessons by their answers, and try the wrong ones: for tests")
	color := f.String("color", "auto", "auto, always, never")
	help := f.BoolP("help", "?", false, "this help")
	fail := func(err error) int {
		fmt.Fprintf(os.Stderr, "alchemysh tutorial: %v\n", err)
		return repl.StatusError
	}
	if err := f.Parse(args); err != nil {
		return fail(err)
	}
	if *help {
		fmt.Printf(tutorialUsage, f.FlagUsages())
		return 0
	}
	d := walk.DialectOf(*dialect)
	if d == "" {
		return fail(fmt.Errorf("--dialect %s: one of sqlite, postgresql, mysql is wanted", *dialect))
	}
	where, err := newWalkServers(*servers)
	if err != nil {
		return fail(err)
	}
	fixTime()
	lessons, err := readLessons(d)
	if err != nil {
		return fail(err)
	}
	ctx, signals := watchSignals()
	defer signals.stop()
	c := &course{lessons: lessons, dialect: d, servers: where}
	if *play {
		return c.play(ctx, f.Args())
	}
	progress, err := tutorial.OpenProgress(within(xdg.DataHome, "tutorial.json"))
	if err != nil {
		return fail(err)
	}
	if *reset {
		if err := progress.Reset(); err != nil {
			return fail(err)
		}
		fmt.Println("Forgotten. The course begins anew.")
		return 0
	}
	if *list {
		c.list(progress)
		return 0
	}
	o := &options{color: *color}
	if err := c.learn(ctx, signals, progress, strings.Join(f.Args(), ""), (&program{o: o}).color()); err != nil {
		var gone *walk.UnavailableError
		status := fail(err)
		if errors.As(err, &gone) {
			status = repl.StatusConnect
		}
		return status
	}
	return 0
}

// readLessons reads the program's lessons as they are for a dialect.
func readLessons(dialect string) ([]*tutorial.Lesson, error) {
	var lessons []*tutorial.Lesson
	names, err := fs.Glob(scripts.Lessons, "lessons/*.md")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		data, err := scripts.Lessons.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := walk.Parse(name, string(data))
		if err != nil {
			return nil, err
		}
		if file.Meta.Lesson == 0 {
			continue
		}
		l, err := tutorial.NewLesson(file, dialect)
		if err != nil {
			return nil, err
		}
		lessons = append(lessons, l)
	}
	sort.SliceStable(lessons, func(i, j int) bool { return lessons[i].Number < lessons[j].Number })
	if len(lessons) == 0 {
		return nil, errors.New("this build has no lessons")
	}
	return lessons, nil
}

// ownFixture is a fixture that the program carries.
func ownFixture(name string) (string, bool) {
	if filepath.Base(name) == "shop.lua" {
		return scripts.Shop, true
	}
	data, err := scripts.Lessons.ReadFile("lessons/" + filepath.Base(name))
	return string(data), err == nil
}

// course joins the lessons to databases.
type course struct {
	lessons []*tutorial.Lesson
	dialect string
	servers walkServers
	safe    bool
}

// lessonSession is the shell with eyes.
type lessonSession struct {
	*walkSession
	recorder *tutorial.Recorder
	screen   *mutable
}

// mutable is a screen that can be switched off.
type mutable struct {
	out   io.Writer
	muted int
}

func (m *mutable) Write(b []byte) (int, error) {
	if m.muted > 0 || m.out == nil {
		return len(b), nil
	}
	return m.out.Write(b)
}

// Mute switches the screen off, or on again.
func (s *lessonSession) Mute(on bool) {
	if on {
		s.screen.muted++
	} else {
		s.screen.muted--
	}
}

// Close ends the session without a word of what it rolls back.
func (s *lessonSession) Close() error {
	s.Mute(true)
	return s.walkSession.Close()
}

// Sent gives what was sent since the last time.
func (s *lessonSession) Sent() []string { return s.recorder.Take() }

// Value gives the shown form of an expression.
func (s *lessonSession) Value(ctx context.Context, expr string) (shown string, err error) {
	s.Mute(true)
	defer s.Mute(false)
	s.recorder.Pause(func() {
		var values []any
		values, err = s.program.lua.Eval(ctx, repl.Chunk{Name: "check", Text: expr, Expr: true})
		shown = "nil"
		if len(values) > 0 && values[0] != nil {
			shown = s.program.lua.Repr(values[0])
		}
	})
	s.shown.Reset()
	return shown, err
}

// open opens a lesson's session; what it shows goes to out.
func (c *course) open(out io.Writer) func(context.Context, *tutorial.Lesson) (tutorial.Session, error) {
	return func(ctx context.Context, l *tutorial.Lesson) (tutorial.Session, error) {
		db := ""
		for _, d := range l.Meta.DB {
			if walk.DialectOf(d) == c.dialect {
				db = d
			}
		}
		if db == "" { // a lesson on one database's own
			db = l.Meta.DB[0]
		}
		screen := &mutable{out: out, muted: 1}
		opened, err := c.servers.opener("", c.safe, screen)(ctx, walk.Target{DB: db, Echo: l.Meta.Echo})
		if err != nil {
			return nil, err
		}
		w := opened.(*walkSession)
		s := &lessonSession{w, tutorial.NewRecorder(w.program.lua.Scope()), screen}
		defer s.Mute(false) // it began so
		for _, name := range l.Meta.Fixture {
			text, ok := ownFixture(name)
			if !ok {
				return nil, errors.Join(fmt.Errorf("%s: there is no fixture %s", l.Name, name), s.Close())
			}
			if shown, err := s.Script(ctx, name, text); err != nil {
				return nil, errors.Join(fmt.Errorf("fixture %s: %w\n%s", name, err, shown), s.Close())
			}
		}
		s.recorder.Take()
		return s, nil
	}
}

func (c *course) list(progress *tutorial.Progress) {
	at, step, begun := progress.Place(c.lessons)
	for i, l := range c.lessons {
		fmt.Printf("%3d  %-40s %2d steps, %2d done", l.Number, l.Title, len(l.Steps), len(progress.Of(l)))
		if i == at && begun {
			fmt.Printf("   <- you are at %d.%d", l.Number, step+1)
		}
		fmt.Println()
	}
}

// play plays the lessons named, all without a name.
func (c *course) play(ctx context.Context, names []string) int {
	status := 0
	for _, l := range c.lessons {
		if len(names) > 0 && !contains(names, fmt.Sprint(l.Number)) {
			continue
		}
		if !onDialect(l, c.dialect) {
			fmt.Printf("skipped: lesson %d is not for %s\n", l.Number, c.dialect)
			continue
		}
		played, err := l.Play(ctx, c.open(nil), lessonTimeout, false)
		if err != nil {
			var gone *walk.UnavailableError
			fmt.Printf("lesson %d: %v\n", l.Number, err)
			if errors.As(err, &gone) {
				return repl.StatusConnect
			}
			status = repl.StatusError
			continue
		}
		fmt.Print(played)
		if len(played.Faults) > 0 {
			status = repl.StatusError
		}
	}
	return status
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func onDialect(l *tutorial.Lesson, dialect string) bool {
	for _, d := range l.Meta.DB {
		if walk.DialectOf(d) == dialect {
			return true
		}
	}
	return false
}

// learn teaches a person, or what stands at the other end of a pipe.
func (c *course) learn(ctx context.Context, signals *signalWatch, progress *tutorial.Progress, place string, color bool) error {
	tty := isTerminal(os.Stdin) && isTerminal(os.Stdout)
	out := terminal.NewOutput(os.Stdout)
	width := walkWidth
	if tty {
		if w, _ := terminal.Size(); w > 0 {
			width = min(w, walkWidth)
		}
	}
	var now tutorial.Session
	player := &tutorial.Player{
		Lessons: c.lessons, Open: c.open(out), Out: out, Progress: progress, Timeout: lessonTimeout,
		Screen:  tutorial.Screen{Width: width - 2, Color: color},
		Current: func(s tutorial.Session) { now = s },
		Notes:   c.notes,
	}
	if tty {
		player.Timeout = 0 // a person has Ctrl-C, which stops what runs and not the course
		signals.onTerminate(func() error { return nil }, true)
		t, err := terminal.New(lessonEditor(func() *repl.Shell {
			if s, ok := now.(*lessonSession); ok {
				s.Shell.Color = color
				return s.Shell
			}
			return nil
		}), out, func() []string { return nil })
		if err != nil {
			return err
		}
		defer t.Close()
		player.Editor = t
	} else {
		player.Editor = &lineEditor{in: bufio.NewReader(os.Stdin), out: out, whole: func(text string) bool { return now == nil || now.Whole(text) }}
	}
	lesson, step, _ := progress.Place(c.lessons)
	if place != "" {
		var err error
		if lesson, step, err = player.Find(place); err != nil {
			return err
		}
	}
	return player.Run(ctx, lesson, step)
}

// lessonEditor asks the shell of the moment: a lesson changes its session.
func lessonEditor(shell func() *repl.Shell) edit.Config {
	return edit.Config{
		Whole: func(text string) bool {
			s := shell()
			return s == nil || strings.HasPrefix(strings.TrimSpace(text), `\`) || s.EditConfig().Whole(text)
		},
		Continuations: func(text string) []string {
			if s := shell(); s != nil {
				return s.Continuations(text)
			}
			return nil
		},
		Highlight: func(text string) []edit.Span {
			if s := shell(); s != nil {
				return s.EditConfig().Highlight(text)
			}
			return nil
		},
		Indent: func(text string) int {
			if s := shell(); s != nil {
				return s.EditConfig().Indent(text)
			}
			return 0
		},
		Complete: func(text string, pos int) []edit.Candidate {
			if s := shell(); s != nil {
				return s.EditConfig().Complete(text, pos)
			}
			return nil
		},
	}
}

// lineEditor reads entries from what is no terminal.
type lineEditor struct {
	in    *bufio.Reader
	out   io.Writer
	whole func(string) bool
}

func (e *lineEditor) Read(prompt, _ string) (string, error) {
	fmt.Fprint(e.out, prompt)
	var held []string
	for {
		line, err := e.in.ReadString('\n')
		if err != nil && line == "" {
			fmt.Fprintln(e.out)
			if len(held) > 0 {
				return strings.Join(held, "\n"), nil
			}
			return "", err
		}
		held = append(held, strings.TrimRight(line, "\r\n"))
		text := strings.Join(held, "\n")
		if strings.TrimSpace(text) == "" || strings.HasPrefix(strings.TrimSpace(text), `\`) || e.whole(text) {
			fmt.Fprintln(e.out, text)
			return text, nil
		}
	}
}

func (e *lineEditor) Close() error { return nil }

// notes writes a lesson's notes beside the progress.
func (c *course) notes(ctx context.Context, l *tutorial.Lesson, work map[int]tutorial.Work) (string, error) {
	open := func(ctx context.Context, t walk.Target) (walk.Session, error) {
		return c.servers.opener("", c.safe, nil)(ctx, t)
	}
	text, err := l.Notes(ctx, work, open, fixtureBeside)
	if err != nil {
		return "", err
	}
	return l.SaveNotes(within(xdg.DataHome, "notes"), text)
}
