package input

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind of token.
type tokenKind uint8

const (
	space   tokenKind = iota // white space
	comment                  // -- …, /* … */, # …
	quoted                   // 'string'
	name                     // "identifier", `identifier`, [identifier]
	dollar                   // $tag$ … $tag$
	word                     // letters, digits, _ and $
	param                    // :name, :'name', :"name"
	symbol                   // anything else, one rune at a time; :: as one
)

// token is a piece of SQL. Open says that the text ended inside it.
type token struct {
	kind       tokenKind
	start, end int
	open       string // "", or the prompt's sign for what is open: ' " $ * [ `
}

// scanner cuts SQL into tokens.
type scanner struct {
	syntax Syntax
	text   string
	pos    int
}

func (s *scanner) next() (token, bool) {
	if s.pos >= len(s.text) {
		return token{}, false
	}
	t := token{start: s.pos}
	rest := s.text[s.pos:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case unicode.IsSpace(r):
		t.kind = space
		n := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsSpace(r) })
		s.advance(&t, n)
	case strings.HasPrefix(rest, "--"), r == '#' && s.syntax.HashComments:
		t.kind = comment
		s.advance(&t, strings.IndexByte(rest, '\n'))
	case strings.HasPrefix(rest, "/*"):
		t.kind = comment
		s.blockComment(&t)
	case r == '\'':
		t.kind = quoted
		s.quotedText(&t, '\'', s.syntax.Backslashes)
	case (r == 'e' || r == 'E') && s.syntax.EStrings && strings.HasPrefix(rest[1:], "'"):
		t.kind = quoted
		s.pos++
		s.quotedText(&t, '\'', true)
	case r == '"':
		t.kind = name
		s.quotedText(&t, '"', s.syntax.Backslashes)
	case r == '`' && s.syntax.Backticks:
		t.kind = name
		s.quotedText(&t, '`', false)
	case r == '[' && s.syntax.Brackets:
		t.kind = name
		s.advance(&t, strings.IndexByte(rest, ']')+1)
		if !strings.Contains(rest, "]") {
			s.pos = len(s.text)
			t.end, t.open = s.pos, "["
		}
	case r == '$' && s.syntax.DollarQuotes && dollarTag(rest) != "":
		t.kind = dollar
		tag := dollarTag(rest)
		if n := strings.Index(rest[len(tag):], tag); n >= 0 {
			s.advance(&t, n+2*len(tag))
		} else {
			s.pos = len(s.text)
			t.end, t.open = s.pos, "$"
		}
	case isWord(r):
		t.kind = word
		s.advance(&t, strings.IndexFunc(rest, func(r rune) bool { return !isWord(r) && r != '$' }))
	case strings.HasPrefix(rest, "::"), strings.HasPrefix(rest, ":="):
		t.kind = symbol
		s.advance(&t, 2)
	case r == ':' && quotedParam(rest) > 0 && !s.afterOperand():
		t.kind = param
		s.advance(&t, quotedParam(rest))
	case r == ':' && len(rest) > 1 && isLetter(rest[1]) && !s.afterOperand():
		t.kind = param
		s.advance(&t, 1+wordLen(rest[1:]))
	default:
		t.kind = symbol
		s.advance(&t, size)
	}
	return t, true
}

// quotedParam is the length of psql's :'name' or :"name" at the start of text.
func quotedParam(text string) int {
	if len(text) < 4 || text[1] != '\'' && text[1] != '"' || !isLetter(text[2]) {
		return 0
	}
	if n := 2 + wordLen(text[2:]); n < len(text) && text[n] == text[1] {
		return n + 1
	}
	return 0
}

// advance ends the token n bytes on, or at the end of the text when n < 0.
func (s *scanner) advance(t *token, n int) {
	if n < 0 {
		s.pos = len(s.text)
	} else {
		s.pos = t.start + n
	}
	t.end = s.pos
}

func (s *scanner) blockComment(t *token) {
	depth := 0
	for i := s.pos; i < len(s.text); {
		switch {
		case strings.HasPrefix(s.text[i:], "/*") && (depth == 0 || s.syntax.NestedComments):
			depth++
			i += 2
		case strings.HasPrefix(s.text[i:], "*/"):
			depth--
			i += 2
			if depth == 0 {
				s.pos, t.end = i, i
				return
			}
		default:
			i++
		}
	}
	s.pos = len(s.text)
	t.end, t.open = s.pos, "*"
}

func (s *scanner) quotedText(t *token, quote byte, backslashes bool) {
	for i := s.pos + 1; i < len(s.text); i++ {
		switch {
		case s.text[i] == '\\' && backslashes:
			i++
		case s.text[i] == quote && i+1 < len(s.text) && s.text[i+1] == quote:
			i++
		case s.text[i] == quote:
			s.pos, t.end = i+1, i+1
			return
		}
	}
	s.pos = len(s.text)
	t.end, t.open = s.pos, string(quote)
}

// afterOperand says that the colon at pos follows an operand directly, as in
// the slice a[lower:upper].
func (s *scanner) afterOperand() bool {
	if s.pos == 0 {
		return false
	}
	c := s.text[s.pos-1]
	return isLetter(c) || c >= '0' && c <= '9' || c == ']' || c == ')' || c == '\\'
}

// dollarTag gives the $tag$ at the start of s, "" when there is none.
func dollarTag(s string) string {
	for i := 1; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '$':
			return s[:i+1]
		case isLetter(c) || i > 1 && c >= '0' && c <= '9':
		default:
			return ""
		}
	}
	return ""
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func isLetter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// wordLen is the length of the word at the start of s.
func wordLen(s string) int {
	if n := strings.IndexFunc(s, func(r rune) bool { return !isWord(r) }); n >= 0 {
		return n
	}
	return len(s)
}
