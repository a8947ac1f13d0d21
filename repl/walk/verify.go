package walk

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"
)

// A Session is the shell in which a walk is run: one Lua state and one empty
// database.
type Session interface {
	// Do runs what a person typed, and gives what they see. The error is one
	// that the person was told of: its text is part of output.
	Do(ctx context.Context, input string) (output string, err error)
	// RunFile runs a fixture.
	RunFile(ctx context.Context, path string) error
	Close() error
}

// Open makes a Session on the database of a URL.
type Open func(ctx context.Context, url string) (Session, error)

// A Mismatch is a step that did not show what is written.
type Mismatch struct {
	Path  string
	Line  int
	Step  *Step
	Input string
	Got   []string
	// Reason is set where no comparison was made: a step that ran without the
	// error it must end in, or code without written output that failed.
	Reason string
}

// String is file:line, the input and a unified diff.
func (m *Mismatch) String() string {
	head := fmt.Sprintf("%s:%d: %s\n", m.Path, m.Line, strings.ReplaceAll(m.Input, "\n", "\n    "))
	if m.Reason != "" {
		return head + "  " + m.Reason + "\n" + strings.Join(m.Got, "\n") + "\n"
	}
	d := diff.Diff("written", []byte(text(m.Step.Want)), "shown", []byte(text(m.Got)))
	return head + string(d)
}

func text(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(trimmed(lines), "\n") + "\n"
}

// Report is what came of a walk on one database.
type Report struct {
	URL        string
	Steps      int // that were run
	Mismatches []*Mismatch
	Elapsed    time.Duration
}

// Verify runs the walk on the database of url. An error means that it could
// not be run, not that something did not match.
func (w *Walk) Verify(ctx context.Context, url string, open Open) (*Report, error) {
	start := time.Now()
	r := &Report{URL: url}
	session, err := w.begin(ctx, url, open)
	if err != nil {
		return nil, err
	}
	defer func() { session.Close() }()
	dialect := Dialect(url)
	for _, b := range w.Blocks {
		if b.Attributes.Skip || !w.applies(b, dialect) {
			continue
		}
		if b.Attributes.Session == "new" {
			if err := session.Close(); err != nil {
				return nil, err
			}
			if session, err = w.begin(ctx, url, open); err != nil {
				return nil, err
			}
		}
		for _, s := range b.Steps {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			r.Steps++
			if m := w.verifyStep(ctx, session, b, s); m != nil {
				r.Mismatches = append(r.Mismatches, m)
			}
		}
	}
	r.Elapsed = time.Since(start)
	return r, nil
}

func (w *Walk) begin(ctx context.Context, url string, open Open) (Session, error) {
	s, err := open(ctx, url)
	if err != nil {
		return nil, err
	}
	if w.Fixture != "" {
		if err := s.RunFile(ctx, filepath.Join(filepath.Dir(w.Path), w.Fixture)); err != nil {
			s.Close()
			return nil, fmt.Errorf("%s: fixture %s: %w", w.Path, w.Fixture, err)
		}
	}
	return s, nil
}

// applies says whether a block is for this dialect: its own, or a common one
// that no block of the dialect with the same id overrides.
func (w *Walk) applies(b *Block, dialect string) bool {
	if b.Attributes.Dialect != "" {
		return b.Attributes.Dialect == dialect
	}
	if b.Attributes.ID == "" {
		return true
	}
	for _, o := range w.Blocks {
		if o.Attributes.ID == b.Attributes.ID && o.Attributes.Dialect == dialect {
			return false
		}
	}
	return true
}

func (w *Walk) verifyStep(ctx context.Context, session Session, b *Block, s *Step) *Mismatch {
	if b.Attributes.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, b.Attributes.Timeout)
		defer cancel()
	}
	output, err := session.Do(ctx, s.Input)
	m := &Mismatch{Path: w.Path, Line: s.Line, Step: s, Input: s.Input, Got: lines(output)}
	a := b.Attributes
	switch {
	case a.Fail && err == nil:
		m.Reason = "must fail, and does not"
	case a.Fail && a.Error != "" && !regexp.MustCompile(a.Error).MatchString(output+err.Error()):
		m.Reason = "must fail with an error that matches " + a.Error
	case a.Fail && len(s.Want) == 0:
		return nil
	case err != nil && (a.Setup || a.Hidden || !s.compared):
		m.Reason = "fails"
	case a.Setup || a.Hidden || !s.compared || matches(s.Want, m.Got, a.Unordered):
		return nil
	}
	return m
}

// Dialect is the name of the dialect that a URL begins with.
func Dialect(url string) string {
	name, _, _ := strings.Cut(url, ":")
	name, _, _ = strings.Cut(name, "+")
	switch name {
	case "mariadb":
		return "mysql"
	case "postgres":
		return "postgresql"
	}
	return name
}
