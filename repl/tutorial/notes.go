package tutorial

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"alchemysh/repl/walk"
)

// Notes writes what a learner did in a lesson as a walkthrough of their own.
// The inputs are run again in a new session and what they show is written, so
// that the notes verify.
func (l *Lesson) Notes(ctx context.Context, work map[int]Work, open walk.Opener, fixture func(*walk.File, string) (string, error)) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nalchemysh: 1\ntitle: Notes on %s\n", l.Title)
	fmt.Fprintf(&b, "db: %s\n", l.Meta.DB[0])
	if len(l.Meta.Fixture) > 0 {
		fmt.Fprintf(&b, "fixture: [%s]\n", strings.Join(l.Meta.Fixture, ", "))
	}
	if l.Meta.Echo {
		b.WriteString("echo: true\n")
	}
	fmt.Fprintf(&b, "---\n# %d. %s\n", l.Number, l.Title)
	title := ""
	for i, s := range l.Steps {
		w, done := work[i]
		if s.Title != "" && s.Title != title {
			title = s.Title
			fmt.Fprintf(&b, "\n## %s\n", title)
		}
		for _, x := range s.Setup {
			fence(&b, x.Lang+" setup", x.Body)
		}
		switch {
		case s.Block == nil:
			continue
		case s.Block.Lang != walk.Transcript:
			fence(&b, s.Block.Lang, s.Block.Body)
			continue
		}
		todo := inputs(s.Block)
		if done && !w.Skipped && len(w.Inputs) > 0 {
			todo = w.Inputs
		}
		var lines []string
		for _, in := range todo {
			lines = append(lines, "> "+strings.ReplaceAll(in, "\n", "\n>> "))
		}
		words := walk.Transcript
		if s.Block.Attrs.ID != "" {
			words += " id=" + s.Block.Attrs.ID
		}
		fence(&b, words, lines)
	}
	text := b.String()
	runner := &walk.Runner{Open: open, Fixture: fixture}
	// Twice: the second time what differs from run to run becomes "...".
	for range 2 {
		f, err := walk.Parse("notes.md", text)
		if err != nil {
			return "", err
		}
		r := runner.Run(ctx, f, f.Meta.DB[0])
		if r.Err != nil {
			return "", r.Err
		}
		r.Accept()
		text = walk.Update(r)
	}
	return text, nil
}

func fence(b *strings.Builder, words string, body []string) {
	mark := "```"
	for strings.Contains(strings.Join(body, "\n"), mark) {
		mark += "`"
	}
	fmt.Fprintf(b, "\n%s%s\n%s\n%s\n", mark, words, strings.Join(body, "\n"), mark)
}

// SaveNotes writes notes into a directory and gives the file's name.
func (l *Lesson) SaveNotes(dir, text string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	file := filepath.Join(dir, strings.TrimSuffix(filepath.Base(l.Name), ".md")+".md")
	return file, os.WriteFile(file, []byte(text), 0o644)
}
