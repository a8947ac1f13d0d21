package core

import (
	"strconv"
	"strings"
)

// Name is an identifier. Parts of it may be anonymous: "a number for this
// thing, after that base", written only when the statement is compiled, so that
// the first anonymous alias of users becomes users_1 wherever it was created.
// An anonymous part is \x01, the thing's identity, a blank, the base, \x02.
type Name string

const (
	anonOpen  = '\x01'
	anonClose = '\x02'
)

func anonymous(id uint64, base Name) Name {
	if base.IsAnonymous() { // a suffix after a name that is anonymous itself
		return base + Name(string(anonOpen)+strconv.FormatUint(id, 10)+" "+string(anonClose))
	}
	return Name(string(anonOpen) + strconv.FormatUint(id, 10) + " " + sanitize(string(base)) + string(anonClose))
}

// Numbered is the anonymous name that a base has once in a statement, whatever
// it is that is named.
func Numbered(base string) Name { return anonymous(0, Name(base)) }

// IsAnonymous reports whether any part of the name is still to be numbered.
func (n Name) IsAnonymous() bool { return strings.IndexByte(string(n), anonOpen) >= 0 }

// AnonNames numbers anonymous names as they are met, each base counting from 1.
// A compilation has one; so has every naming of a statement's columns.
type AnonNames struct {
	given map[string]string
	next  map[string]int
}

// Resolve replaces the anonymous parts of n.
func (a *AnonNames) Resolve(n Name) string {
	s := string(n)
	i := strings.IndexByte(s, anonOpen)
	if i < 0 {
		return s
	}
	if a.given == nil {
		a.given, a.next = map[string]string{}, map[string]int{}
	}
	var b strings.Builder
	for i >= 0 {
		end := i + strings.IndexByte(s[i:], anonClose)
		if end < i { // a name that has such a character itself
			break
		}
		b.WriteString(s[:i])
		mark := s[i+1 : end]
		name, ok := a.given[mark]
		if !ok {
			base := mark[strings.IndexByte(mark, ' ')+1:]
			a.next[base]++
			name = base + "_" + strconv.Itoa(a.next[base])
			a.given[mark] = name
		}
		b.WriteString(name)
		s = s[end+1:]
		i = strings.IndexByte(s, anonOpen)
	}
	b.WriteString(s)
	return b.String()
}

// Quoting is how a name wants to be quoted: SQLAlchemy's quote= and quoted_name.
type Quoting uint8

// By its letters, always, or never.
const (
	QuoteAsNeeded Quoting = iota
	QuoteAlways
	QuoteNever
)
