package tolua

import (
	"fmt"
	"slices"
	"strings"

	"alchemysh/repl/input"
)

// Options say what is known around the statement.
type Options struct {
	Syntax input.Syntax
	// Columns are the columns of the tables; without a table's, its columns
	// must be qualified where several tables are read.
	Columns map[string][]string
	// Taken says that a name means something in Lua already.
	Taken func(name string) bool
}

// Error is SQL that was not understood.
type Error struct{ What string }

func (e *Error) Error() string { return "does not know how to write " + e.What }

// parser reads tokens and writes Lua.
type parser struct {
	o         Options
	tokens    []input.Token
	pos       int
	before    []string          // the lines that define tables
	variables map[string]string // by table and alias
	scopes    []*scope          // of the SELECTs around, the innermost last
	ctes      map[string]bool
	depth     int // of expressions inside each other
}

// scope is what a SELECT reads.
type scope struct {
	sources []source
	labels  []string
	names   []string // of columns that are selected as they are
}

// source is a table by the name that the SQL has for it.
type source struct {
	name, table, variable string
	columns               []string // nil: not known
}

func (p *parser) fail(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	if what == `""` {
		what = "the end of the text here"
	}
	panic(&Error{what})
}

func (p *parser) at(n int) input.Token {
	if p.pos+n < len(p.tokens) {
		return p.tokens[p.pos+n]
	}
	return input.Token{}
}

func (p *parser) peek() input.Token { return p.at(0) }

func (p *parser) last() string { return p.tokens[p.pos-1].Text }

// adjacent says that nothing stands between the next token and the one before.
func (p *parser) adjacent() bool {
	before := p.tokens[p.pos-1]
	return p.peek().Pos == before.Pos+len(before.Text)
}

func (p *parser) peekWord(w string) bool {
	t := p.peek()
	return t.Kind == "word" && strings.EqualFold(t.Text, w)
}

func (p *parser) word(w string) bool {
	if p.peekWord(w) {
		p.pos++
		return true
	}
	return false
}

// nextWord says that the token after the next is one of the words.
func (p *parser) nextWord(words ...string) bool {
	t := p.at(1)
	return t.Kind == "word" && slices.Contains(words, strings.ToLower(t.Text))
}

func (p *parser) must(w string) {
	if !p.word(w) {
		p.fail("%q where %s is wanted", p.peek().Text, strings.ToUpper(w))
	}
}

func (p *parser) peekSymbol(s string) bool {
	t := p.peek()
	return t.Kind == "symbol" && t.Text == s
}

func (p *parser) symbol(s string) bool {
	if p.peekSymbol(s) {
		p.pos++
		return true
	}
	return false
}

func (p *parser) mustSymbol(s string) {
	if !p.symbol(s) {
		p.fail("%q where %s is wanted", p.peek().Text, s)
	}
}

// operator is the operator that stands next: its symbols come one by one.
func (p *parser) operator() string {
	t := p.peek()
	if t.Kind != "symbol" {
		return ""
	}
	if next := p.at(1); next.Kind == "symbol" && next.Pos == t.Pos+1 {
		if two := t.Text + next.Text; two == "||" || comparisons[two] != "" {
			return two
		}
	}
	return t.Text
}

// skip steps over an operator.
func (p *parser) skip(symbols int) { p.pos += symbols }
