package tutorial

import (
	"regexp"
	"strings"

	"alchemysh/repl/render"
)

// Screen is how wide lessons are written, and whether in colour.
type Screen struct {
	Width int
	Color bool
}

var (
	link     = regexp.MustCompile(`\[([^\]]+)\]\(([^)]+)\)`)
	strong   = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	emphasis = regexp.MustCompile(`(^|[\s(])\*([^*\s][^*]*)\*`)
	code     = regexp.MustCompile("`([^`]+)`")
	item     = regexp.MustCompile(`^(\s*)([-*]|[0-9]+[.)])\s+`)
	comment  = regexp.MustCompile(`(?s)<!--.*?-->`)
)

// Prose sets Markdown for the screen: paragraphs are filled, lists hang, the
// columns of tables line up, fences stay as they are.
func (s Screen) Prose(text string) string {
	var b strings.Builder
	var paragraph []string
	var table []string
	flush := func() {
		b.WriteString(s.table(table))
		table = nil
		if len(paragraph) > 0 {
			joined := strings.Join(paragraph, " ")
			first, rest := "", ""
			if m := item.FindStringSubmatch(joined); m != nil {
				first = m[1] + m[2] + " "
				rest = strings.Repeat(" ", len(first))
				joined = joined[len(m[0]):]
			}
			b.WriteString(s.fill(joined, first, rest))
			paragraph = nil
		}
	}
	fence := ""
	for _, line := range strings.Split(comment.ReplaceAllString(text, ""), "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case fence != "":
			if strings.HasPrefix(trimmed, fence) {
				fence = ""
				continue
			}
			b.WriteString("    " + line + "\n")
		case strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~"):
			flush()
			fence = trimmed[:3]
		case trimmed == "":
			flush()
			if !strings.HasSuffix(b.String(), "\n\n") && b.Len() > 0 {
				b.WriteByte('\n')
			}
		case strings.HasPrefix(trimmed, "|"):
			if len(table) == 0 {
				flush()
			}
			table = append(table, trimmed)
		case item.MatchString(line):
			flush()
			paragraph = []string{strings.TrimRight(line, " ")}
		default:
			paragraph = append(paragraph, trimmed)
		}
	}
	flush()
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// table lines up the columns of a table; the last is filled.
func (s Screen) table(lines []string) string {
	var rows [][]string
	var widths []int
	for _, line := range lines {
		if strings.Trim(line, "|-: ") == "" {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(strings.ReplaceAll(cells[i], "\x00", "|"))
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], render.Width(s.bare(cells[i])))
		}
		rows = append(rows, cells)
	}
	var b strings.Builder
	for _, cells := range rows {
		first := "  "
		for i, c := range cells[:len(cells)-1] {
			first += c + strings.Repeat(" ", widths[i]-render.Width(s.bare(c))+2)
		}
		indent := 2
		for _, w := range widths[:len(cells)-1] {
			indent += w + 2
		}
		last := s.fill(cells[len(cells)-1], strings.Repeat(" ", indent), strings.Repeat(" ", indent))
		b.WriteString(s.inline(first) + strings.TrimPrefix(last, strings.Repeat(" ", indent)))
	}
	return b.String()
}

// bare is a cell as wide as it comes on the screen.
func (s Screen) bare(text string) string {
	text = emphasis.ReplaceAllString(plain(text), "$1$2")
	if s.Color { // the colour stands for the marks
		text = strings.ReplaceAll(text, "`", "")
	}
	return text
}

// Code breaks a line of code that is too long for the screen where a blank is,
// so that no word is cut.
func (s Screen) Code(line, first, rest string) string {
	var b strings.Builder
	head := first
	for {
		room := s.Width - render.Width(head)
		at := -1
		if render.Width(line) > room {
			for i, r := range line {
				if r == ' ' && i > 0 {
					if render.Width(line[:i]) > room && at >= 0 {
						break
					}
					at = i
				}
			}
		}
		if at < 0 {
			b.WriteString(head + line + "\n")
			return b.String()
		}
		b.WriteString(head + line[:at] + "\n")
		line, head = line[at+1:], rest
	}
}

// fill breaks a paragraph into lines.
func (s Screen) fill(text, first, rest string) string {
	var b strings.Builder
	line, width := first, render.Width(first)
	empty := true
	for _, word := range strings.Fields(text) {
		w := render.Width(plain(word))
		if !empty && width+1+w > s.Width {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line, width, empty = rest, render.Width(rest), true
		}
		if !empty {
			line += " "
			width++
		}
		line += word
		width += w
		empty = false
	}
	b.WriteString(line + "\n")
	return s.inline(b.String())
}

// plain is text without the marks of Markdown, as wide as it will be.
func plain(text string) string {
	text = link.ReplaceAllString(text, "$1 ($2)")
	return strings.ReplaceAll(text, "**", "")
}

// inline sets what is marked within a line.
func (s Screen) inline(text string) string {
	text = link.ReplaceAllString(text, "$1 ($2)")
	if !s.Color {
		return emphasis.ReplaceAllString(strong.ReplaceAllString(text, "$1"), "$1$2")
	}
	text = strong.ReplaceAllString(text, "\x1b[1m$1\x1b[0m")
	text = emphasis.ReplaceAllString(text, "$1\x1b[3m$2\x1b[0m")
	return code.ReplaceAllString(text, "\x1b[36m$1\x1b[0m")
}

// Heading sets a heading, Dim a remark, Good and Bad a judgement.
func (s Screen) Heading(text string) string { return s.style("1", text) }
func (s Screen) Dim(text string) string     { return s.style("2", text) }
func (s Screen) Good(text string) string    { return s.style("32", text) }
func (s Screen) Bad(text string) string     { return s.style("33", text) }

func (s Screen) style(code, text string) string {
	if !s.Color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
