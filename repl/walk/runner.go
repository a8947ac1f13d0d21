package walk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Runner executes walkthroughs.
type Runner struct {
	Open Opener
	// Fixture gives the text of a fixture that a file names.
	Fixture func(file *File, name string) (string, error)
	// Timeout is how long an input may take that says nothing itself.
	Timeout time.Duration
	// Before is called before each block: --step waits here, a player shows
	// the block. After each step After is called.
	Before func(b *Block) error
	After  func(b *Block, s StepResult) error
	// Prose, when set, is given the prose between the blocks.
	Prose func(p Prose) error
}

// Outcome is how a step went.
type Outcome uint8

// The outcomes, in the order of their weight.
const (
	Matched  Outcome = iota
	Ignored          // setup, or not chosen: run, not compared
	Mismatch         // something else came
	Failed           // an error came that nobody expected
)

// StepResult is how one input went. A script is one step.
type StepResult struct {
	Block   *Block
	Step    Step
	Got     []string
	Err     error
	Outcome Outcome
	Took    time.Duration
	Why     string // what was wanted, where that is no text
}

// Result is how a file went on one database.
type Result struct {
	File    *File
	Dialect string
	Steps   []StepResult
	// Err stopped the file: the database is not there, a fixture failed.
	Err error
}

// Outcome is the worst of the steps'.
func (r *Result) Outcome() Outcome {
	worst := Matched
	for _, s := range r.Steps {
		if s.Outcome != Ignored {
			worst = max(worst, s.Outcome)
		}
	}
	if r.Err != nil {
		worst = Failed
	}
	return worst
}

// Run executes a file on the database that db names.
func (r *Runner) Run(ctx context.Context, f *File, db string) *Result {
	res := &Result{File: f, Dialect: DialectOf(db)}
	run := &run{Runner: r, result: res, target: Target{DB: db, Echo: f.Meta.Echo}}
	res.Err = run.file(ctx)
	if run.session != nil {
		if err := run.session.Close(); res.Err == nil {
			res.Err = err
		}
	}
	return res
}

// run is the execution of one file.
type run struct {
	*Runner
	result  *Result
	target  Target
	session Session
}

func (r *run) file(ctx context.Context) error {
	f := r.result.File
	if err := r.open(ctx); err != nil {
		return err
	}
	for _, p := range f.For(r.result.Dialect) {
		var err error
		switch p := p.(type) {
		case Prose:
			if r.Prose != nil {
				err = r.Prose(p)
			}
		case *Block:
			if p.Runs() {
				err = r.block(ctx, p)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// open makes a new session, with the fixtures run.
func (r *run) open(ctx context.Context) error {
	if r.session != nil {
		if err := r.session.Close(); err != nil {
			return err
		}
		r.session = nil
	}
	s, err := r.Open(ctx, r.target)
	if err != nil {
		return err
	}
	r.session = s
	for _, name := range r.result.File.Meta.Fixture {
		if r.Fixture == nil {
			return fmt.Errorf("fixture %s: there are no fixtures here", name)
		}
		text, err := r.Fixture(r.result.File, name)
		if err == nil {
			var shown string
			if shown, err = s.Script(ctx, name, text); err != nil {
				err = fmt.Errorf("%w\n%s", err, strings.TrimSpace(shown))
			}
		}
		if err != nil {
			return fmt.Errorf("fixture %s: %w", name, err)
		}
	}
	return nil
}

func (r *run) block(ctx context.Context, b *Block) error {
	if b.Attrs.NewSession {
		if err := r.open(ctx); err != nil {
			return err
		}
	}
	if r.Before != nil {
		if err := r.Before(b); err != nil {
			return err
		}
	}
	first := len(r.result.Steps)
	if b.Lang == Transcript {
		for _, s := range b.Steps {
			if err := r.step(ctx, b, s, func(ctx context.Context) (string, error) { return r.session.Input(ctx, s.Input) }); err != nil {
				return err
			}
		}
	} else {
		s := Step{Input: b.Source(), Line: b.Line}
		if b.Output != nil {
			s.Want = Lines(strings.Join(b.Output.Body, "\n"))
		}
		name := fmt.Sprintf("%s.%s", strings.TrimSuffix(r.result.File.Name, ".md"), b.Lang)
		if err := r.step(ctx, b, s, func(ctx context.Context) (string, error) {
			return r.session.Script(ctx, name, s.Input)
		}); err != nil {
			return err
		}
	}
	demandError(b, r.result.Steps[first:])
	return nil
}

// step runs one input and judges what came.
func (r *run) step(ctx context.Context, b *Block, s Step, do func(context.Context) (string, error)) error {
	limit := r.Timeout
	if t := r.result.File.Meta.Timeout; t > 0 {
		limit = t
	}
	if b.Attrs.Timeout > 0 {
		limit = b.Attrs.Timeout
	}
	stepCtx, cancel := ctx, context.CancelFunc(func() {})
	if limit > 0 {
		stepCtx, cancel = context.WithTimeoutCause(ctx, limit, ErrTimeout)
	}
	defer cancel()
	start := time.Now()
	shown, err := do(stepCtx)
	res := StepResult{Block: b, Step: s, Got: Lines(shown), Err: err, Took: time.Since(start)}
	if err != nil && stepCtx.Err() != nil && ctx.Err() == nil {
		res.Err = fmt.Errorf("%w (%s)", ErrTimeout, limit)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	res.judge()
	r.result.Steps = append(r.result.Steps, res)
	if r.After != nil {
		return r.After(b, res)
	}
	return nil
}

// judge decides the outcome of a step by what came.
func (s *StepResult) judge() {
	b := s.Block
	compared := !b.Attrs.Setup && (b.Lang == Transcript || b.Output != nil)
	matches := Match(s.Step.Want, s.Got, b.Attrs.Unordered)
	switch {
	case errors.Is(s.Err, ErrTimeout):
		s.Outcome, s.Why = Failed, s.Err.Error()
	case compared && matches:
		s.Outcome = Matched
	case b.Attrs.Fail && s.Err != nil && (!compared || len(s.Step.Want) == 0): // its text is in error~=
		s.Outcome = Matched
	case s.Err != nil && !b.Attrs.Fail:
		s.Outcome = Failed
	case compared:
		s.Outcome = Mismatch
	default:
		s.Outcome = Ignored
	}
}

// demandError demands the error that fail and error~= announce.
func demandError(b *Block, steps []StepResult) {
	if !b.Attrs.Fail || len(steps) == 0 {
		return
	}
	for _, s := range steps {
		if s.Err != nil && (b.Attrs.Error == nil || b.Attrs.Error.MatchString(strings.Join(s.Got, "\n")) || b.Attrs.Error.MatchString(s.Err.Error())) {
			return
		}
	}
	last := &steps[len(steps)-1]
	last.Outcome, last.Why = Mismatch, "an error was wanted, and none came"
	if b.Attrs.Error != nil {
		last.Why = fmt.Sprintf("an error that matches %q was wanted, and none came", b.Attrs.Error)
	}
}
