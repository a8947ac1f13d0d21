package repl

import (
	"io"
	"strings"

	"alchemysh/repl/edit"
	"alchemysh/repl/input"
	"alchemysh/repl/render"
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

// EchoPainter colours the lines of an engine's echo: SQL as SQL, what is said
// of it faint.
func EchoPainter(w io.Writer, dialect string) io.Writer {
	return &echoPainter{w, input.Reader{Syntax: input.SyntaxOf(dialect)}}
}

type echoPainter struct {
	w      io.Writer
	reader input.Reader
}

func (p *echoPainter) Write(b []byte) (int, error) {
	text := strings.TrimSuffix(string(b), "\n")
	var out strings.Builder
	if strings.HasPrefix(text, "[") || strings.HasPrefix(text, "Col (") || strings.HasPrefix(text, "Row (") {
		out.WriteString("\x1b[2m" + render.Visible(text, true) + "\x1b[0m")
	} else {
		at := 0
		for _, piece := range p.reader.HighlightSQL(text) {
			out.WriteString(render.Visible(text[at:piece.Start], true))
			out.WriteString(styles[piece.Class] + render.Visible(text[piece.Start:piece.End], true) + "\x1b[0m")
			at = piece.End
		}
		out.WriteString(render.Visible(text[at:], true))
	}
	if _, err := io.WriteString(p.w, out.String()+"\n"); err != nil {
		return 0, err
	}
	return len(b), nil
}
