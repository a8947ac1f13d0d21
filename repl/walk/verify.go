package walk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"
)

// The exit statuses of verify.
const (
	StatusMatched     = 0
	StatusMismatch    = 1
	StatusUnavailable = 2
	StatusScriptError = 3
)

// Suite verifies files, each on each of its databases.
type Suite struct {
	Runner *Runner
	Out    io.Writer
	// Dialects limits the databases; none means those that each file names.
	Dialects []string
	// Only compares the files and blocks whose name, heading or id contains
	// it; everything is run all the same.
	Only string
	// Write is called with the new text of a file that Update changed; nil
	// means that nothing is updated.
	Write func(name, text string) error

	Results []*Result
	Skipped []Skip
	Updated []string
	Broken  []error // malformed files
}

// Skip is a file that was not run on a database, and why.
type Skip struct {
	File, Dialect string
	Err           error
	Wanted        bool // asked for by name: its absence is an error
}

// File parses and verifies one file.
func (s *Suite) File(ctx context.Context, name, text string) {
	f, err := Parse(name, text)
	if err != nil {
		s.Broken = append(s.Broken, err)
		fmt.Fprintln(s.Out, err)
		return
	}
	var results []*Result
	for _, db := range f.Meta.DB {
		d := DialectOf(db)
		if len(s.Dialects) > 0 && !contains(s.Dialects, d) {
			s.skip(Skip{File: name, Dialect: d, Err: errors.New("not asked for")})
			continue
		}
		r := s.Runner.Run(ctx, f, db)
		var gone *UnavailableError
		if errors.As(r.Err, &gone) {
			s.skip(Skip{File: name, Dialect: d, Err: gone.Err, Wanted: len(s.Dialects) > 0 || len(f.Meta.DB) == 1})
			continue
		}
		s.choose(r)
		results = append(results, r)
		s.report(r)
	}
	s.Results = append(s.Results, results...)
	if s.Write == nil || len(results) == 0 {
		return
	}
	if new := Update(results...); new != strings.Join(f.lines, "\n") {
		if err := s.Write(name, new); err != nil {
			s.Broken = append(s.Broken, err)
			fmt.Fprintln(s.Out, err)
			return
		}
		s.Updated = append(s.Updated, name)
		fmt.Fprintf(s.Out, "%s: updated\n", name)
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if DialectOf(x) == s {
			return true
		}
	}
	return false
}

func (s *Suite) skip(k Skip) { s.Skipped = append(s.Skipped, k) }

// choose leaves the blocks out of the judgement that Only does not name.
func (s *Suite) choose(r *Result) {
	if s.Only == "" || strings.Contains(filepath.Base(r.File.Name), s.Only) {
		return
	}
	for i := range r.Steps {
		b := r.Steps[i].Block
		if !strings.Contains(b.Attrs.ID, s.Only) && !strings.Contains(b.Heading, s.Only) {
			r.Steps[i].Outcome = Ignored
		}
	}
}

// report prints what differs.
func (s *Suite) report(r *Result) {
	for _, step := range r.Steps {
		if step.Outcome >= Mismatch {
			fmt.Fprint(s.Out, step.Diff(r))
		}
	}
	if r.Err != nil {
		fmt.Fprintf(s.Out, "%s (%s): %v\n", r.File.Name, r.Dialect, r.Err)
	}
}

// Diff is a unified diff of a step, after the input that it belongs to.
func (s *StepResult) Diff(r *Result) string {
	var b strings.Builder
	place := fmt.Sprintf("%s:%d", r.File.Name, s.Step.Line)
	what := "differs"
	if s.Outcome == Failed {
		what = "failed"
	}
	fmt.Fprintf(&b, "%s: %s on %s\n", place, what, r.Dialect)
	if s.Why != "" {
		fmt.Fprintf(&b, "  %s\n", s.Why)
	}
	if s.Block.Lang == Transcript {
		fmt.Fprintf(&b, "  > %s\n", strings.ReplaceAll(s.Step.Input, "\n", "\n  >> "))
	}
	want, got := comparable(s.Step.Want, s.Got)
	b.Write(diff.Diff(place+" written", []byte(want), place+" came", []byte(got)))
	return b.String()
}

// comparable makes lines that match equal, so that the diff shows the rest.
func comparable(want, got []string) (string, string) {
	merged := append([]string(nil), got...)
	for _, p := range align(want, got) {
		merged[p.got] = want[p.want]
	}
	join := func(l []string) string {
		if len(l) == 0 {
			return ""
		}
		return strings.Join(l, "\n") + "\n"
	}
	return join(want), join(merged)
}

// Summary prints the counts, and each database that was passed over.
func (s *Suite) Summary() {
	matched, wrong := 0, 0
	files := map[string]bool{}
	var took time.Duration
	for _, r := range s.Results {
		files[r.File.Name] = true
		for _, step := range r.Steps {
			took += step.Took
			switch step.Outcome {
			case Matched:
				matched++
			case Mismatch, Failed:
				wrong++
			}
		}
	}
	for _, k := range s.Skipped {
		fmt.Fprintf(s.Out, "skipped: %s on %s: %v\n", k.File, k.Dialect, k.Err)
	}
	fmt.Fprintf(s.Out, "%d files, %d inputs as written, %d not (%s)\n", len(files), matched, wrong, took.Round(time.Millisecond))
}

// Status is the exit status.
func (s *Suite) Status() int {
	if len(s.Broken) > 0 {
		return StatusScriptError
	}
	status := StatusMatched
	for _, r := range s.Results {
		switch r.Outcome() {
		case Failed:
			return StatusScriptError
		case Mismatch:
			if !s.updated(r) {
				status = StatusMismatch
			}
		}
	}
	if status == StatusMatched {
		for _, k := range s.Skipped {
			if k.Wanted {
				return StatusUnavailable
			}
		}
	}
	return status
}

// updated says that all that differed has been written down.
func (s *Suite) updated(r *Result) bool {
	for _, step := range r.Steps {
		if step.Outcome == Mismatch && step.Why != "" {
			return false
		}
	}
	for _, name := range s.Updated {
		if name == r.File.Name {
			return true
		}
	}
	return false
}
