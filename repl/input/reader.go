package input

import (
	"errors"
	"regexp"
	"strings"
	"unicode"
)

// Kind of an item.
type Kind uint8

// The three things a person can type.
const (
	Lua Kind = iota
	SQL
	Command
)

// Item is one thing to do.
type Item struct {
	Kind Kind
	Text string // without the terminator
	Line int    // of its first character within the text read, from 0
	// Expr says that Lua text is an expression whose value is wanted.
	Expr bool
	// Held says that SQL text ended at a command, which decides what is done with it.
	Held bool
}

// Status is what a parser says of Lua text.
type Status uint8

// The answers of a Parser.
const (
	Invalid    Status = iota // a syntax error
	Incomplete               // more lines are wanted
	Complete
)

// Parser says whether text is a whole chunk of Lua, without running it.
type Parser func(text string) Status

// ErrMore says that the text is the beginning of something.
var ErrMore = errors.New("more input is wanted")

// Reader takes items off the front of a text.
type Reader struct {
	Syntax Syntax
	Parse  Parser
	// Variable says whether a name is a Lua variable: `begin` alone is SQL
	// only when it is not.
	Variable func(name string) bool
	// Commands knows the names that may follow a dot, as in .tables.
	Dotted func(name string) bool
	// SQLOnly reads everything but commands as SQL: a .sql file.
	SQLOnly bool
	// Whole says that no more input will come: what is left is the last item.
	Whole bool
	// Loose reads on after text that nothing can read: one line is the item.
	Loose bool
	// Terminator ends a SQL statement; "" is the semicolon. MySQL's
	// DELIMITER sets it.
	Terminator string
	// lines says that the text until so many bytes before its end is lines of
	// Lua, each run by itself as at the prompt.
	lines int
}

// Next takes the first item off text. At the end of the text the item is nil
// and the error is too; ErrMore means that text begins an item that is not
// whole.
func (r *Reader) Next(text string) (*Item, string, error) {
	start := skipBlank(text, r.Syntax, r.SQLOnly)
	if start == len(text) {
		return nil, "", nil
	}
	body := text[start:]
	item := &Item{Line: strings.Count(text[:start], "\n")}
	switch {
	case r.isCommand(body):
		line, rest, _ := strings.Cut(body, "\n")
		if m := sqlCommand.FindString(body); m != "" { // \sql text up to its semicolon
			item.Kind = SQL
			return r.sql(item, body[len(m):])
		}
		item.Kind, item.Text = Command, strings.TrimSpace(line)
		return item, rest, nil
	case delimiter.MatchString(body):
		m := delimiter.FindStringSubmatch(body)
		r.Terminator = m[1]
		return r.Next(body[len(m[0]):])
	case r.SQLOnly, r.isSQL(body):
		return r.sql(item, body)
	case body[0] == '=':
		item.Text = strings.TrimSpace(body[1:])
		item.Expr = true
		switch r.Parse("return " + item.Text) {
		case Incomplete:
			if !r.Whole {
				return nil, text, ErrMore
			}
		case Invalid:
			if line, rest, ok := strings.Cut(item.Text, "\n"); ok && r.Parse("return "+line) == Complete {
				item.Text = line
				return item, rest, nil
			}
		}
		return item, "", nil
	}
	return r.lua(item, body)
}

func (r *Reader) sql(item *Item, body string) (*Item, string, error) {
	item.Kind = SQL
	terminator := r.Terminator
	if terminator == "" {
		terminator = ";"
	}
	end, next, open := statementEnd(body, r.Syntax, terminator)
	if open != "" && !r.Whole {
		return nil, body, ErrMore
	}
	item.Text = strings.TrimSpace(body[:end])
	rest := body[next:]
	item.Held = next == end && open == "" && rest != ""
	if item.Text == "" { // a lone semicolon
		return r.Next(rest)
	}
	return item, rest, nil
}

func (r *Reader) lua(item *Item, body string) (*Item, string, error) {
	if r.lines > 0 && len(body) >= r.lines {
		if head, status := r.line(item, body); status == Complete {
			return item, body[head:], nil
		}
	}
	r.lines = 0
	if r.Parse("return "+body) == Complete {
		item.Text, item.Expr = strings.TrimRight(body, "; \t\r\n"), true
		return item, "", nil
	}
	switch r.Parse(body) {
	case Complete:
		item.Text = body
		return item, "", nil
	case Incomplete:
		if !r.Whole {
			return nil, body, ErrMore
		}
	}
	// Lua first, then SQL or a command on a later line?
	for i := 0; ; {
		n := strings.IndexByte(body[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
		tail := strings.TrimLeft(body[i:], " \t")
		if !r.isCommand(tail) && !r.isSQL(tail) {
			continue
		}
		head := body[:i]
		if r.Parse("return "+head) == Complete {
			item.Text, item.Expr = strings.TrimRight(head, "; \t\r\n"), true
			return item, body[i:], nil
		}
		if r.Parse(head) == Complete {
			item.Text = head
			return item, body[i:], nil
		}
	}
	if r.opensSQL(body) {
		return r.sql(item, body)
	}
	if r.Whole {
		bad, isLines := r.pasted(body)
		switch {
		case bad == len(body) || r.Loose:
			head, _ := r.line(item, body)
			return item, body[head:], nil
		case isLines: // nothing of it is run, but what is wrong is this line
			item.Line += strings.Count(body[:bad], "\n")
			r.line(item, body[bad:])
			return item, "", nil
		}
	} else { // lines typed or pasted together, expressions among them
		for i := strings.LastIndexByte(body, '\n'); i > 0; i = strings.LastIndexByte(body[:i], '\n') {
			head := body[:i]
			item.Expr = r.Parse("return "+head) == Complete
			if item.Expr || r.Parse(head) == Complete {
				item.Text = head
				return item, body[i+1:], nil
			}
		}
	}
	item.Text = body
	return item, "", nil
}

// opensSQL says that text which is no Lua begins with a verb of SQL; what
// follows must not make it a call or a field.
func (r *Reader) opensSQL(body string) bool {
	verb := Verb(body, r.Syntax)
	if _, known := Verbs[verb]; !known || pythonWith.MatchString(body) {
		return false
	}
	rest := body[strings.Index(strings.ToLower(body), verb)+len(verb):]
	return rest == "" || !strings.ContainsRune("(.:{[=?!", rune(rest[0]))
}

// pythonWith is Python's statement, which no SQL begins like.
var pythonWith = regexp.MustCompile(`(?i)^with\s[^\n]*:[ \t\r]*(\n|$)`)

// line makes the item of the fewest lines that are whole, and gives where they
// end. Lines that nothing can complete are an item too.
func (r *Reader) line(item *Item, body string) (end int, status Status) {
	for end < len(body) {
		end = lineEnd(body, end)
		if goesOn.MatchString(body[end:]) {
			continue
		}
		head := body[:end]
		if r.Parse("return "+head) == Complete {
			item.Text, item.Expr = strings.TrimRight(head, "; \t\r\n"), true
			return end, Complete
		}
		item.Text = head
		if status = r.Parse(head); status != Incomplete {
			return end, status
		}
	}
	return end, status
}

// goesOn is a line that continues the expression before: a method of a chain.
var goesOn = regexp.MustCompile(`^[ \t]+[:.]`)

// pasted reads the text up to the next command or SQL as lines that are whole
// by themselves, and remembers where they end. It gives where it could not read
// on, len(body) when nothing was in the way, and whether an expression was among
// the lines, which no Lua script has.
func (r *Reader) pasted(body string) (bad int, isLines bool) {
	rest := body
	for {
		rest = rest[skipBlank(rest, r.Syntax, false):]
		if rest == "" || r.isCommand(rest) || r.isSQL(rest) {
			r.lines = len(rest) + 1
			return len(body), isLines
		}
		item := &Item{}
		end, status := r.line(item, rest)
		if status != Complete {
			return len(body) - len(rest), isLines
		}
		isLines = isLines || item.Expr
		rest = rest[end:]
	}
}

var (
	delimiter  = regexp.MustCompile(`^(?i:delimiter)[ \t]+(\S+)[ \t\r]*(?:\n|$)`)
	dotted     = regexp.MustCompile(`^\.([a-z]+)(\s|$)`)
	sqlCommand = regexp.MustCompile(`^\\sql\s+`)
)

func (r *Reader) isCommand(body string) bool {
	if strings.HasPrefix(body, `\`) {
		return true
	}
	m := dotted.FindStringSubmatch(body)
	return m != nil && r.Dotted != nil && r.Dotted(m[1])
}

// isSQL is the second rule of the prompt: a verb followed by white space and
// by something that does not make it Lua.
func (r *Reader) isSQL(body string) bool {
	if strings.HasPrefix(body, "/*") {
		return true
	}
	if strings.HasPrefix(body, "(") {
		return parenthesisedSelect.MatchString(body)
	}
	if pythonWith.MatchString(body) {
		return false
	}
	n := wordLen(body)
	verb := strings.ToLower(body[:n])
	paren, known := Verbs[verb]
	if !known {
		return false
	}
	rest := body[n:]
	after := strings.TrimLeftFunc(rest, unicode.IsSpace)
	if after == "" || after[0] == ';' {
		if after == "" && !r.Whole && begins[verb] { // the rest comes on the next line
			return true
		}
		return bare[verb] && (r.Variable == nil || !r.Variable(body[:n]))
	}
	if after == rest { // no white space: a call, a field, a quoted name
		return false
	}
	if verb == "do" { // Lua's keyword; PostgreSQL's takes a body
		return after[0] == '$' || strings.HasPrefix(strings.ToLower(after), "language")
	}
	switch after[0] {
	case '=', '.', ',', '{', '[', ')', '~':
		return false
	case ':': // a method of a Lua value, or a parameter
		return r.Parse != nil && r.Parse(body) == Invalid && r.Parse("return "+body) == Invalid
	case '(':
		return paren
	case '"', '\'': // load "…" is a call in Lua, select 'a' is SQL
		return paren || r.Parse == nil || r.Parse(body) != Complete
	}
	return true
}

var parenthesisedSelect = regexp.MustCompile(`(?i)^\(\s*(select|with|values)\s+[^=.:,({]`)

// skipBlank steps over white space, comments and stray semicolons before an item.
func skipBlank(text string, syntax Syntax, sqlOnly bool) int {
	i := 0
	if strings.HasPrefix(text, "#!") {
		i = lineEnd(text, 0)
	}
	for i < len(text) {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f' || c == ';':
			i++
		case strings.HasPrefix(text[i:], "--") && (sqlOnly || !longBracket.MatchString(text[i+2:])),
			c == '#' && syntax.HashComments && (sqlOnly || strings.HasPrefix(text[i:], "# ")): // #x is Lua
			i = lineEnd(text, i)
		default:
			return i
		}
	}
	return i
}

func lineEnd(text string, i int) int {
	if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(text)
}

// IsSQL says that the text begins as SQL by its first words.
func (r *Reader) IsSQL(text string) bool {
	return r.SQLOnly || r.isSQL(text[skipBlank(text, r.Syntax, r.SQLOnly):])
}
