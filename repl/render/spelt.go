package render

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Spelt is a value as its database spells it, where that says more than the
// value or says it otherwise: JSON, an array, an interval of months. Formats of
// text show the text; JSON and Lua have the value, which is read when they ask.
type Spelt struct {
	Text    string
	JSON    bool // the text is JSON
	Number  bool // and this a number
	Convert func(any) (any, error)
}

// Value is what the text stands for.
func (s Spelt) Value() any {
	if v, err := s.Convert(s.Text); err == nil {
		return v
	}
	return s.Text
}

// String is the database's text.
func (s Spelt) String() string { return s.Text }

// json is the value in a JSON document.
func (s Spelt) json() string {
	if s.JSON && !strings.ContainsAny(s.Text, "\r\n") && json.Valid([]byte(s.Text)) {
		return s.Text
	}
	var b bytes.Buffer
	if s.JSON && json.Compact(&b, []byte(s.Text)) == nil { // one line, every digit
		return b.String()
	}
	if s.Number && json.Valid([]byte(s.Text)) {
		return s.Text
	}
	if strings.HasPrefix(s.Text, "{") || strings.HasPrefix(s.Text, "[") { // an array, with its bounds or without
		if list, ok := s.Value().([]any); ok {
			return JSON(list)
		}
	}
	return quoteJSON(s.Text)
}

// Value is a value without its spelling.
func Value(v any) any {
	if s, ok := v.(Spelt); ok {
		return s.Value()
	}
	return v
}

// Speller is what Rows may add: Spell has them give a Spelt where the database
// has a spelling of its own.
type Speller interface{ Spell() }

// Spell asks rows for spellings, if they know them.
func Spell(r Rows) {
	if s, ok := r.(Speller); ok {
		s.Spell()
	}
}
