package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"alchemysh/repl"
	"alchemysh/repl/tutorial"
	"alchemysh/repl/walk"
)

func init() {
	subcommands["run"] = subcommand{"run a walkthrough and show it, block by block", runCommand}
}

const runUsage = `Usage: alchemysh run [OPTIONS] WALK.md

Runs a walkthrough as a script and shows its prose, what is typed and what
comes. With --step it waits before each block: for teaching.

Options:
%s`

// runCommand is `alchemysh run`.
func runCommand(args []string) int {
	f := pflag.NewFlagSet("run", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {}
	step := f.Bool("step", false, "wait for Enter before each block; q leaves")
	db := f.String("db", "", "the database: sqlite, postgresql, mysql or a URL; else the file's first")
	servers := f.StringArray("server", nil, "URL of a server on which fresh databases may be made")
	safe := f.Bool("safe", false, "no os, io, programs or files")
	color := f.String("color", "auto", "auto, always, never")
	help := f.BoolP("help", "?", false, "this help")
	fail := func(err error) int {
		fmt.Fprintf(os.Stderr, "alchemysh run: %v\n", err)
		return repl.StatusError
	}
	if err := f.Parse(args); err != nil {
		return fail(err)
	}
	if *help || f.NArg() != 1 {
		fmt.Printf(runUsage, f.FlagUsages())
		if *help {
			return 0
		}
		return repl.StatusError
	}
	name := f.Arg(0)
	data, err := os.ReadFile(name)
	if err != nil {
		return fail(err)
	}
	file, err := walk.Parse(name, string(data))
	if err != nil {
		return fail(err)
	}
	where, err := newWalkServers(*servers)
	if err != nil {
		return fail(err)
	}
	if *db == "" {
		*db = file.Meta.DB[0]
	} else if walk.DialectOf(*db) == "" {
		return fail(fmt.Errorf("--db %s: sqlite, postgresql, mysql or a URL is wanted", *db))
	}
	fixTime()
	ctx, signals := watchSignals()
	defer signals.stop()
	r := &walk.Runner{Open: where.opener(filepath.Dir(name), *safe, nil), Fixture: fixtureBeside}
	show := &showing{out: os.Stdout, screen: tutorial.Screen{Width: walkWidth - 2, Color: (&program{o: &options{color: *color}}).color()}}
	if *step {
		show.wait = bufio.NewReader(os.Stdin)
	}
	r.Prose, r.Before, r.After = show.prose, show.before, show.after
	res := r.Run(ctx, file, *db)
	switch {
	case errors.Is(res.Err, errLeft):
		return 0
	case res.Err != nil:
		status := fail(res.Err)
		var gone *walk.UnavailableError
		if errors.As(res.Err, &gone) {
			status = repl.StatusConnect
		}
		return status
	}
	for _, s := range res.Steps {
		if s.Err != nil && s.Outcome == walk.Failed {
			return repl.Status(s.Err)
		}
	}
	return 0
}

// errLeft says that the person had enough.
var errLeft = errors.New("left")

// showing shows a walkthrough as it runs.
type showing struct {
	out    io.Writer
	screen tutorial.Screen
	wait   *bufio.Reader
}

func (s *showing) prose(p walk.Prose) error {
	text := s.screen.Prose(p.Text)
	_, err := fmt.Fprintln(s.out, "\n"+strings.Trim(text, "\n")+"\n")
	return err
}

func (s *showing) before(b *walk.Block) error {
	if s.wait == nil || b.Attrs.Hidden || b.Attrs.Setup {
		return nil
	}
	fmt.Fprint(s.out, s.screen.Dim("(Enter) "))
	line, err := s.wait.ReadString('\n')
	if strings.TrimSpace(line) == "q" || err != nil {
		return errLeft
	}
	return nil
}

func (s *showing) after(b *walk.Block, r walk.StepResult) error {
	if b.Attrs.Hidden || b.Attrs.Setup {
		return nil
	}
	if b.Lang == walk.Transcript {
		s.typed(r.Step.Input)
	} else {
		fmt.Fprintf(s.out, "    %s\n", strings.ReplaceAll(strings.TrimRight(r.Step.Input, "\n"), "\n", "\n    "))
	}
	if len(r.Got) > 0 {
		fmt.Fprintln(s.out, strings.Join(r.Got, "\n"))
	}
	return nil
}

// typed shows an input after its prompt.
func (s *showing) typed(input string) {
	fmt.Fprintf(s.out, "%s %s\n", s.screen.Dim(">"), strings.ReplaceAll(input, "\n", "\n>> "))
}

// replPrompt runs what is given as if it were typed.
var replPrompt = repl.Source{Prompt: true}
