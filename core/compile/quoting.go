package compile

import (
	"strings"
	"unicode/utf8"
)

// Quoting says how a database writes identifiers.
type Quoting struct {
	Open, Close string // `"`, or MySQL's "`"
	Reserved    map[string]bool
	// IllegalInitial are characters that an unquoted name cannot begin with.
	IllegalInitial string
	// OmitSchema leaves schema names out.
	OmitSchema bool
}

// Identifier quotes a name if it must be: reserved, not all lower case, or with
// characters that need it.
func (q *Quoting) Identifier(name string) string {
	if q.Requires(name) {
		return q.Force(name)
	}
	return name
}

// Force quotes a name whatever it is.
func (q *Quoting) Force(name string) string {
	return q.Open + strings.ReplaceAll(name, q.Close, q.Close+q.Close) + q.Close
}

// Requires reports whether a name must be quoted.
func (q *Quoting) Requires(name string) bool {
	if name == "" {
		return true
	}
	if q.Reserved[strings.ToLower(name)] || q.IllegalCharacters(name) {
		return true
	}
	return strings.ToLower(name) != name
}

// IllegalCharacters reports whether a name cannot be written bare for its
// characters alone.
func (q *Quoting) IllegalCharacters(name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	if first >= '0' && first <= '9' || first == '$' || strings.ContainsRune(q.IllegalInitial, first) {
		return true
	}
	for _, r := range name {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '$') {
			return true
		}
	}
	return false
}
