package input

import "strings"

// Class says what a piece of text is, for its colour.
type Class uint8

// The classes that are shown in a colour of their own.
const (
	Plain Class = iota
	KeywordClass
	StringClass
	NumberClass
	CommentClass
	NameClass  // a quoted identifier
	ParamClass // :name
	CommandClass
)

// Piece is a part of text of one class.
type Piece struct {
	Start, End int
	Class      Class
}

// Highlight classes the pieces of an entry. Plain text is left out.
func (r *Reader) Highlight(text string) []Piece {
	start := skipBlank(text, r.Syntax, r.SQLOnly)
	body := text[start:]
	switch {
	case r.isCommand(body):
		end := strings.IndexAny(body, " \t\n")
		if end < 0 {
			end = len(body)
		}
		return []Piece{{start, start + end, CommandClass}}
	case r.IsSQL(text):
		return highlightSQL(text, r.Syntax)
	}
	return highlightLua(text)
}

// HighlightSQL classes the pieces of SQL.
func (r *Reader) HighlightSQL(text string) []Piece { return highlightSQL(text, r.Syntax) }

func highlightSQL(text string, syntax Syntax) []Piece {
	var out []Piece
	s := scanner{syntax: syntax, text: text}
	for t, ok := s.next(); ok; t, ok = s.next() {
		class := Plain
		switch t.kind {
		case comment:
			class = CommentClass
		case quoted, dollar:
			class = StringClass
		case name:
			class = NameClass
		case param:
			class = ParamClass
		case word:
			w := strings.ToLower(text[t.start:t.end])
			_, verb := Verbs[w]
			switch {
			case w[0] >= '0' && w[0] <= '9':
				class = NumberClass
			case verb || sqlWords[w]:
				class = KeywordClass
			}
		}
		if class != Plain {
			out = append(out, Piece{t.start, t.end, class})
		}
	}
	return out
}

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}

var sqlWords = wordSet(`all and any as asc between by case cast collate column conflict constraint cross
	database default desc distinct else end except exists false fetch filter first for foreign from full function
	group having if ilike in index inner intersect into is join key language last lateral left like limit natural
	no not nothing null nulls of offset on only or order outer over partition primary procedure range recursive references
	returning returns right rows schema sequence some temporary then to transaction trigger true union unique using
	view when where window within work`)

var luaKeywords = wordSet(`and break do else elseif end false for function goto if in local nil not or repeat
	return then true until while null self`)

func highlightLua(text string) []Piece {
	var out []Piece
	add := func(start, end int, c Class) { out = append(out, Piece{start, end, c}) }
	for i := 0; i < len(text); {
		c := text[i]
		start := i
		switch {
		case strings.HasPrefix(text[i:], "--"):
			if m := longBracket.FindString(text[i+2:]); m != "" {
				i = longEnd(text, i+2, m)
			} else {
				i = lineEnd(text, i)
			}
			add(start, i, CommentClass)
		case c == '\'' || c == '"':
			for i++; i < len(text) && text[i] != c && text[i] != '\n'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			i = min(i+1, len(text))
			add(start, i, StringClass)
		case c == '[' && longBracket.MatchString(text[i:]):
			i = longEnd(text, i, longBracket.FindString(text[i:]))
			add(start, i, StringClass)
		case c >= '0' && c <= '9':
			for i < len(text) && (isLetter(text[i]) || text[i] >= '0' && text[i] <= '9' || text[i] == '.') {
				i++
			}
			add(start, i, NumberClass)
		case isLetter(c):
			i += max(1, wordLen(text[i:]))
			if luaKeywords[text[start:i]] {
				add(start, i, KeywordClass)
			}
		default:
			i++
		}
	}
	return out
}

// longEnd is where the long bracket that opens at i with bracket ends.
func longEnd(text string, i int, bracket string) int {
	if n := strings.Index(text[i+len(bracket):], closer(bracket)); n >= 0 {
		return i + n + 2*len(bracket)
	}
	return len(text)
}
