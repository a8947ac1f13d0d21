package input

import "strings"

// Param is a :name in SQL text, or psql's :'name', which is the same, or
// :"name", which stands for an identifier.
type Param struct {
	Name       string
	Identifier bool
	Start, End int // where it stands
}

// Params lists the parameters of a SQL statement in the order of the text.
func Params(sql string, syntax Syntax) []Param {
	var ps []Param
	s := scanner{syntax: syntax, text: sql}
	for t, ok := s.next(); ok; t, ok = s.next() {
		if t.kind == param {
			name := sql[t.start+1 : t.end]
			ps = append(ps, Param{Name: strings.Trim(name, `'"`), Identifier: name[0] == '"', Start: t.start, End: t.end})
		}
	}
	return ps
}

// statementEnd finds where the statement at the start of text ends: the
// offset of its terminator and of what follows. A backslash outside strings
// ends it too: the command that follows says what to do with it. When there
// is no end yet, open says what is: "-" nothing but the terminator is
// missing, "(", or a quote.
func statementEnd(text string, syntax Syntax, terminator string) (end, next int, open string) {
	s := scanner{syntax: syntax, text: text}
	var (
		parens, blocks int
		object         string // what a CREATE creates
		creates        bool
		words          int
		last           string // the last word, to see END IF
	)
	for {
		at := s.pos
		if terminator != ";" && strings.HasPrefix(text[at:], terminator) {
			return at, at + len(terminator), ""
		}
		t, ok := s.next()
		if !ok {
			break
		}
		if t.open != "" {
			return len(text), len(text), t.open
		}
		switch t.kind {
		case word:
			w := strings.ToLower(text[t.start:t.end])
			words++
			if words == 1 {
				creates = w == "create"
			} else if object == "" && objects[w] {
				object = w
			}
			if creates && routines[object] {
				switch {
				case last == "end" && (w == "if" || w == "loop" || w == "while" || w == "repeat" || w == "for"):
					blocks++ // END IF closes what was not counted
				case last == "end" && w == "case":
				case w == "begin", w == "case":
					blocks++
				case w == "end" && blocks > 0:
					blocks--
				}
			}
			last = w
		case symbol:
			last = ""
			switch text[t.start] {
			case '(':
				parens++
			case ')':
				parens--
			case ';':
				if parens <= 0 && blocks == 0 && terminator == ";" {
					return t.start, t.end, ""
				}
			case '\\':
				return t.start, t.start, ""
			}
		case space, comment:
		default:
			last = ""
		}
	}
	switch {
	case parens > 0:
		return len(text), len(text), "("
	default:
		return len(text), len(text), "-"
	}
}

// objects are the words that name the kind of thing a CREATE creates.
var objects = map[string]bool{
	"table": true, "index": true, "view": true, "schema": true, "database": true, "sequence": true,
	"type": true, "domain": true, "user": true, "role": true, "extension": true, "server": true,
	"rule": true, "policy": true, "trigger": true, "procedure": true, "function": true, "event": true,
	"package": true,
}

// routines are those whose body may hold semicolons between BEGIN and END.
var routines = map[string]bool{
	"trigger": true, "procedure": true, "function": true, "event": true, "package": true,
}

// Verb is the first word of SQL text in lower case, after white space and
// comments.
func Verb(sql string, syntax Syntax) string {
	s := scanner{syntax: syntax, text: sql}
	for t, ok := s.next(); ok; t, ok = s.next() {
		switch t.kind {
		case space, comment:
		case word:
			return strings.ToLower(sql[t.start:t.end])
		case symbol:
			if sql[t.start] == '(' {
				continue // (select …) union (select …)
			}
			return ""
		default:
			return ""
		}
	}
	return ""
}

// HasWord says that a word stands in SQL outside strings and comments.
func HasWord(sql string, syntax Syntax, wanted string) bool {
	s := scanner{syntax: syntax, text: sql}
	for t, ok := s.next(); ok; t, ok = s.next() {
		if t.kind == word && strings.EqualFold(sql[t.start:t.end], wanted) {
			return true
		}
	}
	return false
}

// ParenEnd is the offset after the parenthesis that closes the one at the
// start of the text; 0 when there is none.
func ParenEnd(text string, syntax Syntax) int {
	if !strings.HasPrefix(text, "(") {
		return 0
	}
	depth := 0
	s := scanner{syntax: syntax, text: text}
	for t, ok := s.next(); ok; t, ok = s.next() {
		if t.kind != symbol {
			continue
		}
		switch text[t.start] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return t.end
			}
		}
	}
	return 0
}
