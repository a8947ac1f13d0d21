package core

import "strings"

// NewText is text(sql): each :name in it is a parameter that needs a value.
func NewText(sql string) *Text {
	t := &Text{SQL: sql, Type: nullType}
	seen := map[string]bool{}
	for _, p := range SplitText(sql) {
		if p.Bind && !seen[p.Text] {
			seen[p.Text] = true
			t.Binds = append(t.Binds, &Bind{Key: p.Text, Required: true, Type: nullType})
		}
	}
	return t
}

// TextPart is a piece of handwritten SQL: text, or the name of a parameter.
type TextPart struct {
	Text string
	Bind bool
}

// SplitText finds the :name parameters in handwritten SQL: a colon that follows
// neither a colon, a word nor a backslash, and a name that no colon follows.
// \: is a colon.
func SplitText(s string) []TextPart {
	var out []TextPart
	var lit strings.Builder
	word := func(b byte) bool {
		return b == '_' || b == '$' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
	}
	for i := 0; i < len(s); {
		b := s[i]
		if b == '\\' && i+1 < len(s) && s[i+1] == ':' {
			j := i + 2
			for j < len(s) && word(s[j]) {
				j++
			}
			lit.WriteString(s[i+1 : j])
			i = j
			continue
		}
		if b != ':' || i > 0 && (s[i-1] == ':' || word(s[i-1])) {
			lit.WriteByte(b)
			i++
			continue
		}
		j := i + 1
		for j < len(s) && word(s[j]) {
			j++
		}
		if j == i+1 || j < len(s) && s[j] == ':' {
			lit.WriteString(s[i:j])
			i = j
			continue
		}
		if lit.Len() > 0 {
			out = append(out, TextPart{Text: lit.String()})
			lit.Reset()
		}
		out = append(out, TextPart{Text: s[i+1 : j], Bind: true})
		i = j
	}
	if lit.Len() > 0 {
		out = append(out, TextPart{Text: lit.String()})
	}
	return out
}
