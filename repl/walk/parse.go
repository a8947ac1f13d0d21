package walk

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A SyntaxError says what is wrong with a walkthrough, and where.
type SyntaxError struct {
	Path    string
	Line    int
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Message) }

// IsWalk reports whether text begins as a walkthrough does.
func IsWalk(text string) bool {
	front, ok := strings.CutPrefix(strings.TrimPrefix(text, "\ufeff"), "---\n")
	if !ok {
		return false
	}
	front, _, ok = strings.Cut(front, "\n---")
	return ok && regexp.MustCompile(`(?m)^alchemysh:`).MatchString(front)
}

// Parse reads a walkthrough.
func Parse(path, text string) (*Walk, error) {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	p := &parser{walk: &Walk{Path: path, Lines: strings.Split(text, "\n")}}
	if err := p.front(); err != nil {
		return nil, err
	}
	for p.at < len(p.walk.Lines) {
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	return p.walk, nil
}

type parser struct {
	walk *Walk
	at   int // the next line, from 0
}

func (p *parser) fail(line int, format string, args ...any) error {
	return &SyntaxError{p.walk.Path, line + 1, fmt.Sprintf(format, args...)}
}

// front reads the part between the first two lines of dashes.
func (p *parser) front() error {
	if p.walk.Lines[0] != "---" {
		return p.fail(0, "a walkthrough begins with a line of three dashes and `alchemysh: 1`")
	}
	version := ""
	for p.at = 1; ; p.at++ {
		if p.at == len(p.walk.Lines) {
			return p.fail(0, "the front matter does not end: a second line of three dashes is missing")
		}
		line := p.walk.Lines[p.at]
		if line == "---" {
			p.at++
			break
		}
		line, _, _ = strings.Cut(line, " #")
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch name = strings.TrimSpace(name); {
		case name == "" && !ok || strings.HasPrefix(name, "#"):
		case !ok:
			return p.fail(p.at, "`%s` is not `name: value`", line)
		case name == "alchemysh":
			version = value
		case name == "db":
			for _, db := range strings.Split(strings.Trim(value, "[]"), ",") {
				p.walk.DBs = append(p.walk.DBs, strings.Trim(strings.TrimSpace(db), `"'`))
			}
		case name == "fixture":
			p.walk.Fixture = strings.Trim(value, `"'`)
		case name == "title", name == "description", name == "author", name == "lang", name == "layout":
			// Markdown renderers read these.
		default:
			return p.fail(p.at, "unknown name `%s`; alchemysh, db, fixture and title are known", name)
		}
	}
	if version != "1" {
		return p.fail(0, "`alchemysh: 1` is missing; version %q is not known", version)
	}
	if len(p.walk.DBs) == 0 {
		p.walk.DBs = []string{"sqlite://"}
	}
	return nil
}

var fence = regexp.MustCompile("^(\\s{0,3})(`{3,}|~{3,})\\s*(\\S*)\\s*(.*)$")

// next reads one line of prose or one fence.
func (p *parser) next() error {
	start := p.at
	m := fence.FindStringSubmatch(p.walk.Lines[start])
	p.at++
	if m == nil {
		return nil
	}
	end := p.at
	for ; ; end++ {
		if end == len(p.walk.Lines) {
			return p.fail(start, "the fence does not end")
		}
		if t := strings.TrimSpace(p.walk.Lines[end]); strings.HasPrefix(t, m[2]) && strings.Trim(t, m[2][:1]) == "" {
			break
		}
	}
	p.at = end + 1
	kind, known := map[string]Kind{"alchemysh": Transcript, "lua": Lua, "sql": SQL}[m[3]]
	if m[3] == "output" {
		return p.output(start, end)
	}
	if !known {
		return nil // code of another language is prose to us
	}
	attributes, err := parseAttributes(m[4])
	if err != nil {
		return p.fail(start, "%v", err)
	}
	b := &Block{Line: start + 1, Kind: kind, Attributes: attributes}
	if kind == Transcript {
		err = p.transcript(b, start+1, end)
	} else {
		b.Steps = []*Step{{
			Line: start + 2, Input: strings.Join(p.walk.Lines[start+1:end], "\n"), first: end + 1, last: end + 1,
		}}
	}
	p.walk.Blocks = append(p.walk.Blocks, b)
	return err
}

// output is what the code block before it writes.
func (p *parser) output(start, end int) error {
	n := len(p.walk.Blocks)
	if n == 0 || p.walk.Blocks[n-1].Kind == Transcript || p.walk.Blocks[n-1].Steps[0].compared {
		return p.fail(start, "an output fence follows a fence of lua or sql")
	}
	s := p.walk.Blocks[n-1].Steps[0]
	s.Want, s.first, s.last, s.compared = p.walk.Lines[start+1:end], start+1, end, true
	return nil
}

// transcript cuts lines into inputs, which have prompts, and outputs.
func (p *parser) transcript(b *Block, from, to int) error {
	var input []string
	var step *Step
	for i := from; i < to; i++ {
		line := p.walk.Lines[i]
		switch text, first := cutPrompt(line, ">"); {
		case first:
			step = &Step{Line: i + 1, first: i + 1, last: i + 1, compared: true}
			b.Steps = append(b.Steps, step)
			input = []string{text}
			step.Input = text
		default:
			if text, more := cutPrompt(line, ">>"); more && step != nil && len(step.Want) == 0 {
				input = append(input, text)
				step.Input = strings.Join(input, "\n")
				step.first, step.last = i+1, i+1
				continue
			}
			if step == nil {
				return p.fail(i, "output before the first `> `")
			}
			step.Want = append(step.Want, line)
			step.last = i + 1
		}
	}
	return nil
}

func cutPrompt(line, prompt string) (string, bool) {
	if line == prompt {
		return "", true
	}
	return strings.CutPrefix(line, prompt+" ")
}

var attribute = regexp.MustCompile(`^([\w-]+)(?:~?=("(?:[^"\\]|\\.)*"|\S+))?\s*`)

func parseAttributes(text string) (Attributes, error) {
	var a Attributes
	for text = strings.TrimSpace(strings.Trim(strings.TrimSpace(text), "{}")); text != ""; {
		m := attribute.FindStringSubmatch(text)
		if m == nil {
			return a, fmt.Errorf("`%s` is no attribute", text)
		}
		text = text[len(m[0]):]
		value := m[2]
		if strings.HasPrefix(value, `"`) {
			value = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(value[1 : len(value)-1])
		}
		flag := map[string]*bool{
			"setup": &a.Setup, "hidden": &a.Hidden, "skip": &a.Skip, "fail": &a.Fail, "unordered": &a.Unordered,
		}[m[1]]
		named := map[string]*string{
			"id": &a.ID, "error": &a.Error, "dialect": &a.Dialect, "session": &a.Session,
		}[m[1]]
		switch {
		case flag != nil && m[2] == "":
			*flag = true
		case named != nil && m[2] != "":
			*named = value
		case m[1] == "timeout" && m[2] != "":
			d, err := time.ParseDuration(value)
			if err != nil {
				return a, fmt.Errorf("timeout=%s: not a duration such as 5s", value)
			}
			a.Timeout = d
		default:
			return a, fmt.Errorf("unknown attribute `%s`", strings.TrimSpace(m[0]))
		}
	}
	if a.Error != "" {
		if _, err := regexp.Compile(a.Error); err != nil {
			return a, fmt.Errorf("error~=: %v", err)
		}
		a.Fail = true
	}
	return a, nil
}
