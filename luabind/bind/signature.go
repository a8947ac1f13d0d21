package bind

import (
	"fmt"
	"strconv"
	"strings"
)

// Signature is what a function accepts, read once from its usage line:
//
//	Column(name=nil, type_=nil, *args, nullable=true, **kw)
//
// As in Python, what stands after *args (or a bare *) is given by name only.
// A parameter followed by {} takes a table as data: the table is the value, not
// the call's own arguments, unless all its keys are names of parameters. After
// {!} it must be names of parameters that can be given by name only: for rows
// and documents, whose keys may be anything.
type Signature struct {
	Name     string
	Usage    string
	Params   []Param
	Rest     string // the name after *, "" for none
	RestData Data   // whether the rest takes tables as data
	Keywords string // the name after **, "" for none

	positional int // how many Params can be given by position
}

// Param is one named parameter.
type Param struct {
	Name        string
	Required    bool
	Default     any
	Data        Data
	KeywordOnly bool
}

// Data says whether a table in a parameter's place is data or arguments.
type Data uint8

// The answers.
const (
	NotData    Data = iota
	LooseData       // data, unless every key is the name of a parameter
	StrictData      // data, unless every key is the name of a keyword-only parameter
)

func cutData(word string) (name string, d Data) {
	if name, ok := strings.CutSuffix(word, "{}"); ok {
		return name, LooseData
	}
	if name, ok := strings.CutSuffix(word, "{!}"); ok {
		return name, StrictData
	}
	return word, NotData
}

// ParseSignature reads a usage line. It panics on a malformed one, which is a
// mistake in the program that a test of every table finds.
func ParseSignature(usage string) *Signature {
	open := strings.IndexByte(usage, '(')
	if open < 0 || !strings.HasSuffix(usage, ")") {
		panic("bind: malformed usage line " + usage)
	}
	s := &Signature{Name: usage[:open], Usage: display(usage)}
	keywordOnly := false
	for _, word := range splitParams(usage[open+1 : len(usage)-1]) {
		switch {
		case word == "*":
			keywordOnly = true
		case strings.HasPrefix(word, "**"):
			s.Keywords = word[2:]
		case strings.HasPrefix(word, "*"):
			s.Rest, s.RestData = cutData(word[1:])
			keywordOnly = true
		default:
			name, value, optional := strings.Cut(word, "=")
			p := Param{Required: !optional && !keywordOnly, KeywordOnly: keywordOnly, Default: parseDefault(usage, value)}
			p.Name, p.Data = cutData(name)
			s.Params = append(s.Params, p)
			if !keywordOnly {
				s.positional++
			}
		}
	}
	return s
}

// display is the usage line as a person reads it.
func display(usage string) string {
	return strings.ReplaceAll(strings.ReplaceAll(usage, "{}", ""), "{!}", "")
}

func splitParams(list string) []string {
	var words []string
	quoted := false
	from := 0
	for i := 0; i <= len(list); i++ {
		if i < len(list) && list[i] == '"' {
			quoted = !quoted
		}
		if i == len(list) || list[i] == ',' && !quoted {
			if w := strings.TrimSpace(list[from:i]); w != "" {
				words = append(words, w)
			}
			from = i + 1
		}
	}
	return words
}

func parseDefault(usage, text string) any {
	switch text {
	case "", "nil":
		return nil
	case "true":
		return true
	case "false":
		return false
	}
	if strings.HasPrefix(text, `"`) {
		s, err := strconv.Unquote(text)
		if err == nil {
			return s
		}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	panic(fmt.Sprintf("bind: malformed default %q in %s", text, usage))
}

func (s *Signature) index(name string) int {
	for i := range s.Params {
		if s.Params[i].Name == name {
			return i
		}
	}
	return -1
}

// names lists the parameters that can be given by name.
func (s *Signature) names() []string {
	names := make([]string, len(s.Params))
	for i, p := range s.Params {
		names[i] = p.Name
	}
	return names
}

// takesData reports whether a table at the position is data.
func (s *Signature) takesData(position int) Data {
	if position < s.positional {
		return s.Params[position].Data
	}
	if s.Rest != "" {
		return s.RestData
	}
	return NotData
}
