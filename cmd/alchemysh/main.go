package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	_ "alchemysh/cmd/alchemysh/collector"
	"alchemysh/repl"
)

func main() {
	os.Exit(run(os.Args[1:]))
}

// run is the whole program; it gives the exit status.
func run(args []string) (status int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(os.Stderr, "alchemysh: internal error: %v\n", p)
			if os.Getenv("ALCHEMYSH_DEBUG") != "" {
				fmt.Fprintf(os.Stderr, "%s\n", debug.Stack())
			}
			status = repl.StatusError
		}
	}()
	if len(args) > 0 {
		if sub, ok := subcommands[args[0]]; ok {
			return sub.run(args[1:])
		}
	}
	o, err := parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "alchemysh: %v\nalchemysh --help lists the options\n", err)
		return repl.StatusError
	}
	switch {
	case o.help:
		return show(usage())
	case o.version:
		return show("alchemysh " + version() + "\n")
	}
	if strings.HasSuffix(o.script, ".md") { // a walkthrough
		walk := []string{o.script}
		if o.target != "" {
			walk = append(walk, "--db", o.target)
		}
		return subcommands["run"].run(walk)
	}
	return o.execute(nil)
}

// execute connects, runs what the options ask for and ends in good order; it
// gives the exit status. prepare, when it is not nil, comes first.
func (o *options) execute(prepare func(ctx context.Context, p *program) error) (status int) {
	ctx, signals := watchSignals()
	defer signals.stop()
	p, err := newProgram(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "alchemysh: "+strings.TrimSpace(repl.Describe(err)))
		var connect *connectError
		if errors.As(err, &connect) {
			return repl.StatusConnect
		}
		return repl.StatusError
	}
	signals.onTerminate(p.leave, p.interactive)
	if prepare != nil {
		err = prepare(ctx, p)
	}
	if err == nil {
		err = p.main(ctx)
	}
	p.shell.ShowError(err)
	status = repl.Status(err)
	var command *commandError
	if errors.As(err, &command) && status == repl.StatusRefused {
		status = repl.StatusError
	}
	if s := signals.status(); s != 0 {
		status = s
	}
	if err := p.leave(); err != nil {
		p.shell.ShowError(err)
		if status == 0 {
			status = repl.StatusError
		}
	}
	return status
}

// signalWatch turns SIGTERM, SIGHUP and, but for the prompt, SIGINT into the end
// of the program: what is open is rolled back first.
type signalWatch struct {
	ch     chan os.Signal
	cancel context.CancelCauseFunc
	ended  chan int
	clean  atomic.Pointer[func() error]
	prompt atomic.Bool
	got    int
}

// After a signal a statement may take graceTime to end, the prompt promptTime,
// and closing what is open cleanTime.
const (
	graceTime  = 2 * time.Second
	promptTime = 100 * time.Millisecond
	cleanTime  = time.Second
)

func watchSignals() (context.Context, *signalWatch) {
	ctx, cancel := context.WithCancelCause(context.Background())
	w := &signalWatch{ch: make(chan os.Signal, 4), cancel: cancel}
	w.ended = make(chan int, 1)
	signal.Notify(w.ch, syscall.SIGTERM, syscall.SIGHUP, os.Interrupt)
	go func() {
		for s := range w.ch {
			if s == os.Interrupt && w.prompt.Load() { // what runs hears of it; the shell stays
				continue
			}
			status := repl.StatusTerminated
			if s == os.Interrupt {
				status = repl.StatusInterrupted
			}
			select {
			case w.ended <- status:
			default: // a second signal: at once
				os.Exit(status)
			}
			cancel(repl.ErrInterrupted)
			grace := graceTime
			if w.prompt.Load() {
				grace = promptTime
			}
			time.AfterFunc(grace, func() {
				cleaned := make(chan struct{})
				go func() {
					defer close(cleaned)
					if clean := w.clean.Load(); clean != nil {
						_ = (*clean)() // the connection is gone with the process either way
					}
				}()
				select {
				case <-cleaned:
				case <-time.After(cleanTime):
				}
				os.Exit(status)
			})
		}
	}()
	return ctx, w
}

// onTerminate says what is to be closed, and whether the prompt must be left.
func (w *signalWatch) onTerminate(clean func() error, prompt bool) {
	w.clean.Store(&clean)
	w.prompt.Store(prompt)
}

func (w *signalWatch) status() int {
	select {
	case s := <-w.ended:
		w.got = s
	default:
	}
	return w.got
}

func (w *signalWatch) stop() {
	signal.Stop(w.ch)
}

// release and commit are set by scripts/release; otherwise Go knows them.
var release, commit string

// version names the build: the module's version, Go's and the commit.
func version() string {
	v, commit, dirty := "devel", commit, ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" && info.Main.Version != "(devel)" {
			v = info.Main.Version
		}
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				if commit == "" {
					commit = s.Value
				}
			case "vcs.modified":
				if s.Value == "true" {
					dirty = "+changes"
				}
			}
		}
		if release != "" {
			v = release
		}
		v += " " + info.GoVersion
	}
	if len(commit) > 12 {
		commit = commit[:12]
	}
	return strings.TrimSpace(v + " " + commit + dirty)
}

// show writes a text that was asked for; the status says whether it was written.
func show(text string) int {
	if _, err := os.Stdout.WriteString(text); err != nil {
		fmt.Fprintln(os.Stderr, "alchemysh:", err)
		return repl.StatusError
	}
	return 0
}

// subcommand is a word that takes the place of the options.
type subcommand struct {
	usage string
	run   func(args []string) int
}

// subcommands are filled by the files that hold them.
var subcommands = map[string]subcommand{}
