package walk

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// SyntaxError says where a walkthrough is malformed and how.
type SyntaxError struct {
	File    string
	Line    int // from 1
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message) }

// parser reads one file.
type parser struct {
	file    *File
	lines   []string
	errs    []error
	heading string
	prose   []string
	start   int // the line of the prose
}

// Parse reads a walkthrough. The error joins a *SyntaxError for each mistake.
func Parse(name, text string) (*File, error) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff")
	p := &parser{file: &File{Name: name}, lines: strings.Split(text, "\n")}
	p.file.lines = p.lines
	at := p.frontMatter()
	if len(p.errs) > 0 && at == 0 {
		return nil, errors.Join(p.errs...)
	}
	for at < len(p.lines) {
		at = p.next(at)
	}
	p.endProse()
	p.pairs()
	p.ids()
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	return p.file, nil
}

func (p *parser) fail(line int, format string, args ...any) {
	p.errs = append(p.errs, &SyntaxError{p.file.Name, line, fmt.Sprintf(format, args...)})
}

var (
	opening = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$")
	heading = regexp.MustCompile(`^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$`)
)

// next reads the line or the fence at index at and gives the index after it.
func (p *parser) next(at int) int {
	line := p.lines[at]
	m := opening.FindStringSubmatch(line)
	if m == nil {
		if h := heading.FindStringSubmatch(line); h != nil {
			p.heading = h[1]
		}
		p.addProse(line, at)
		return at + 1
	}
	end := at + 1
	for end < len(p.lines) && !closes(p.lines[end], m[1]) {
		end++
	}
	if end == len(p.lines) {
		p.fail(at+1, "the fence that opens here is never closed with %s", m[1])
		return end
	}
	lang, words, _ := strings.Cut(strings.TrimSpace(m[2]), " ")
	b := &Block{Lang: lang, Line: at + 1, Fence: m[1], Body: p.lines[at+1 : end], Heading: p.heading}
	switch lang {
	case Transcript, Lua, SQL, Output, Check, Choose:
	default:
		for i := at; i <= end; i++ {
			p.addProse(p.lines[i], i)
		}
		return end + 1
	}
	var err error
	if b.Attrs, err = parseAttrs(words); err != nil {
		p.fail(b.Line, "%v", err)
	}
	if lang == Transcript {
		p.transcript(b)
	}
	p.endProse()
	p.file.Parts = append(p.file.Parts, b)
	return end + 1
}

// closes says that a line ends the fence that the mark opened.
func closes(line, mark string) bool {
	t := strings.TrimRight(strings.TrimLeft(line, " "), " \t")
	return len(line)-len(strings.TrimLeft(line, " ")) < 4 && len(t) >= len(mark) && strings.Trim(t, mark[:1]) == ""
}

func (p *parser) addProse(line string, at int) {
	if len(p.prose) == 0 {
		p.start = at + 1
	}
	p.prose = append(p.prose, line)
}

func (p *parser) endProse() {
	text := strings.Join(p.prose, "\n")
	if strings.TrimSpace(text) != "" {
		p.file.Parts = append(p.file.Parts, Prose{Text: text, Line: p.start})
	}
	p.prose = nil
}

// transcript divides a transcript into its steps.
func (p *parser) transcript(b *Block) {
	continued := false // the last line was input
	for i, line := range b.Body {
		at := b.Line + 1 + i
		if input, ok := prompt(line, ">"); ok {
			b.Steps = append(b.Steps, Step{Input: input, Line: at})
			continued = true
			continue
		}
		if input, ok := prompt(line, ">>"); ok {
			if !continued {
				p.fail(at, `">> " goes on with an input, but there is none just before it`)
				continue
			}
			s := &b.Steps[len(b.Steps)-1]
			s.Input += "\n" + input
			continue
		}
		continued = false
		if len(b.Steps) == 0 {
			if strings.TrimSpace(line) != "" {
				p.fail(at, `a transcript begins with an input: "> " and what is typed`)
				return
			}
			continue
		}
		s := &b.Steps[len(b.Steps)-1]
		s.Want = append(s.Want, strings.TrimRight(line, " \t"))
	}
	for i := range b.Steps {
		s := &b.Steps[i]
		for len(s.Want) > 0 && s.Want[len(s.Want)-1] == "" {
			s.Want = s.Want[:len(s.Want)-1]
		}
	}
	if len(b.Steps) == 0 {
		p.fail(b.Line, "the transcript is empty")
	}
}

// prompt takes the mark of an input off a line.
func prompt(line, mark string) (string, bool) {
	if line == mark {
		return "", true
	}
	return strings.CutPrefix(line, mark+" ")
}

// pairs gives each output fence to the script before it.
func (p *parser) pairs() {
	var kept []Part
	var script *Block
	for _, part := range p.file.Parts {
		b, ok := part.(*Block)
		if !ok {
			kept = append(kept, part)
			continue // prose may stand between a script and its output
		}
		if b.Lang != Output {
			script = nil
			if b.Lang == Lua || b.Lang == SQL {
				script = b
			}
			kept = append(kept, part)
			continue
		}
		switch {
		case script == nil:
			p.fail(b.Line, "an output fence belongs to a lua or sql fence before it, and there is none")
		case script.Output != nil:
			p.fail(b.Line, "the %s fence of line %d has an output fence already", script.Lang, script.Line)
		default:
			script.Output = b
		}
	}
	p.file.Parts = kept
}

// ids refuses two blocks of one name for the same dialect.
func (p *parser) ids() {
	seen := map[string]int{}
	for _, part := range p.file.Parts {
		b, ok := part.(*Block)
		if !ok || b.Attrs.ID == "" {
			continue
		}
		dialects := b.Attrs.Dialects
		if len(dialects) == 0 {
			dialects = []string{""}
		}
		for _, d := range dialects {
			key := b.Attrs.ID + "\x00" + d
			if line := seen[key]; line != 0 {
				p.fail(b.Line, "id=%s is the name of the block of line %d too", b.Attrs.ID, line)
			}
			seen[key] = b.Line
		}
	}
}
