package repl

import (
	"strings"

	"alchemysh/repl/edit"
	"alchemysh/repl/input"
)

// styles are the colours of the classes of text.
var styles = map[input.Class]string{
	input.KeywordClass: "\x1b[1;34m",
	input.StringClass:  "\x1b[32m",
	input.NumberClass:  "\x1b[36m",
	input.CommentClass: "\x1b[2m",
	input.NameClass:    "\x1b[35m",
	input.ParamClass:   "\x1b[33m",
	input.CommandClass: "\x1b[1;36m",
}

// Highlight colours an entry while it is typed.
func (s *Shell) Highlight(text string) []edit.Span {
	if !s.Color {
		return nil
	}
	var spans []edit.Span
	for _, p := range s.reader.Highlight(text) {
		spans = append(spans, edit.Span{Start: p.Start, End: p.End, Style: styles[p.Class]})
	}
	return spans
}

// EditConfig is what an editor needs of the shell.
func (s *Shell) EditConfig() edit.Config {
	return edit.Config{
		Whole:         s.Whole,
		Continuations: s.Continuations,
		Highlight:     s.Highlight,
		Indent: func(text string) int {
			if s.reader.IsSQL(text) || strings.HasPrefix(strings.TrimSpace(text), `\`) {
				return 0
			}
			return input.Indent(text)
		},
		Complete: func(text string, pos int) []edit.Candidate {
			var out []edit.Candidate
			for _, c := range s.Complete(text, pos) {
				out = append(out, edit.Candidate{Text: c.Text, Start: c.Start, Usage: c.Usage})
			}
			return out
		},
		Vi: func() bool { return s.Settings.Vars["EDIT_MODE"] == "vi" },
	}
}
