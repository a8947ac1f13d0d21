package input

import (
	"regexp"
	"strings"
)

var longBracket = regexp.MustCompile(`^\[=*\[`)

// Opens describes, for each newline of a text, what is open after it, for the
// prompt of the line that follows: "-" a statement, "(" a bracket, "'" a
// string, "[[" a long string, and so on.
func (r *Reader) Opens(text string) []string {
	if r.IsSQL(text) {
		return sqlOpens(text, r.Syntax)
	}
	var opens []string
	luaScan(text, func(open string, _ int) { opens = append(opens, open) })
	return opens
}

// Open describes what is open at the end of a text.
func (r *Reader) Open(text string) string {
	opens := r.Opens(text + "\n")
	return opens[len(opens)-1]
}

// sqlOpens goes through SQL once.
func sqlOpens(text string, syntax Syntax) []string {
	var opens []string
	parens := 0
	s := scanner{syntax: syntax, text: text}
	for t, ok := s.next(); ok; t, ok = s.next() {
		piece := text[t.start:t.end]
		if t.kind == symbol {
			switch piece {
			case "(":
				parens++
			case ")":
				parens = max(0, parens-1)
			case ";":
				parens = 0
			}
		}
		inside := "-"
		switch {
		case t.kind == comment && strings.HasPrefix(piece, "/*"):
			inside = "*"
		case t.kind == quoted:
			inside = "'"
		case t.kind == name:
			inside = piece[:1]
		case t.kind == dollar:
			inside = "$"
		case parens > 0:
			inside = "("
		}
		for range strings.Count(piece, "\n") {
			opens = append(opens, inside)
		}
	}
	return opens
}

// Indent is the depth of blocks and brackets open at the end of Lua text: how
// far an editor indents the next line.
func Indent(text string) int {
	_, depth := luaOpen(text)
	return depth
}

var luaBlock = map[string]int{
	"function": 1, "do": 1, "then": 1, "repeat": 1, "end": -1, "until": -1, "elseif": -1,
}

// luaOpen is what is open at the end of Lua text, and how deep.
func luaOpen(text string) (open string, depth int) {
	return luaScan(text, func(string, int) {})
}

// luaScan goes through Lua once; at hears of every newline what is open after
// it and how deep.
func luaScan(text string, at func(open string, depth int)) (open string, depth int) {
	var brackets []byte
	blocks := 0
	now := func() (string, int) {
		if n := len(brackets); n > 0 {
			return string(brackets[n-1]), n + max(blocks, 0)
		}
		return "-", max(blocks, 0)
	}
	inside := func(piece, open string) {
		_, depth := now()
		for range strings.Count(piece, "\n") {
			at(open, depth)
		}
	}
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '\n':
			at(now())
			i++
		case strings.HasPrefix(text[i:], "--"):
			m := longBracket.FindString(text[i+2:])
			if m == "" {
				if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
					i += n
				} else {
					i = len(text)
				}
				continue
			}
			end := longEnd(text, i+2, m)
			inside(text[i:end], "--[[")
			if end == len(text) && !strings.HasSuffix(text, closer(m)) {
				return "--[[", 0
			}
			i = end
		case c == '\'' || c == '"':
			j := i + 1
			for j < len(text) && text[j] != c && text[j] != '\n' {
				if text[j] == '\\' {
					j++
				}
				j++
			}
			if j >= len(text) {
				inside(text[i:], string(c)) // a newline after a backslash
				return string(c), 0
			}
			inside(text[i:j], string(c))
			if text[j] == c {
				j++
			}
			i = j
		case c == '[' && longBracket.MatchString(text[i:]):
			m := longBracket.FindString(text[i:])
			end := longEnd(text, i, m)
			inside(text[i:end], m)
			if end == len(text) && !strings.HasSuffix(text, closer(m)) {
				return m, 0
			}
			i = end
		case c == '(' || c == '{' || c == '[':
			brackets = append(brackets, c)
			i++
		case c == ')' || c == '}' || c == ']':
			if len(brackets) > 0 {
				brackets = brackets[:len(brackets)-1]
			}
			i++
		case isLetter(c):
			n := max(1, wordLen(text[i:])) // 1: not UTF-8
			blocks += luaBlock[text[i:i+n]]
			i += n
		default:
			i++
		}
	}
	return now()
}

// closer gives the closing bracket of a long bracket: ]==] of [==[.
func closer(bracket string) string { return strings.ReplaceAll(bracket, "[", "]") }
