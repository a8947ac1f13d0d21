package input

import (
	"regexp"
	"strings"
)

var longBracket = regexp.MustCompile(`^\[=*\[`)

// Open describes what is still open at the end of a text, for the prompt of
// the next line: "-" a statement, "(" a bracket, "'" a string, "[[" a long
// string, and so on.
func (r *Reader) Open(text string) string {
	start := skipBlank(text, r.Syntax, r.SQLOnly)
	body := text[start:]
	if r.SQLOnly || r.isSQL(body) {
		_, _, open := statementEnd(body, r.Syntax, ";")
		if open == "" {
			return "-"
		}
		return open
	}
	open, _ := luaOpen(body)
	return open
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

// luaOpen scans Lua for what is open and how deep.
func luaOpen(text string) (open string, depth int) {
	var brackets []byte
	blocks := 0
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case strings.HasPrefix(text[i:], "--"):
			if m := longBracket.FindString(text[i+2:]); m != "" {
				n := strings.Index(text[i:], closer(m))
				if n < 0 {
					return "--[[", len(brackets) + blocks
				}
				i += n + len(m)
				continue
			}
			i = lineEnd(text, i)
		case c == '\'' || c == '"':
			j := i + 1
			for j < len(text) && text[j] != c && text[j] != '\n' {
				if text[j] == '\\' {
					j++
				}
				j++
			}
			if j >= len(text) {
				return string(c), len(brackets) + blocks
			}
			i = j + 1
		case c == '[' && longBracket.MatchString(text[i:]):
			m := longBracket.FindString(text[i:])
			n := strings.Index(text[i:], closer(m))
			if n < 0 {
				return m, 0
			}
			i += n + len(m)
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
	if blocks < 0 {
		blocks = 0
	}
	if n := len(brackets); n > 0 {
		return string(brackets[n-1]), n + blocks
	}
	return "-", blocks
}

// closer gives the closing bracket of a long bracket: ]==] of [==[.
func closer(bracket string) string { return strings.ReplaceAll(bracket, "[", "]") }
