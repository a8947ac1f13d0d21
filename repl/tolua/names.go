package tolua

import (
	"slices"
	"strconv"
	"strings"
)

// mentions says that code names a variable.
func mentions(code, variable string) bool {
	for i := 0; ; {
		n := strings.Index(code[i:], variable)
		if n < 0 {
			return false
		}
		i += n
		after := i + len(variable)
		if (i == 0 || !nameByte(code[i-1]) && code[i-1] != '.') && (after == len(code) || !nameByte(code[after])) {
			return true
		}
		i = after
	}
}

func nameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// reference is a column.
func (p *parser) reference() expr {
	name := p.identifier()
	if p.symbol(".") {
		x := p.source(name)
		column := p.identifier()
		if p.peekSymbol(".") {
			p.fail("%s.%s.…", name, column)
		}
		return expr{text: x.variable + ".c" + field(spelt(x.columns, column))}
	}
	for i := len(p.scopes) - 1; i >= 0; i-- {
		s := p.scopes[i]
		for _, x := range s.sources {
			if slices.ContainsFunc(x.columns, func(c string) bool { return strings.EqualFold(c, name) }) {
				return expr{text: x.variable + ".c" + field(spelt(x.columns, name))}
			}
		}
		if len(s.sources) == 1 && s.sources[0].columns == nil {
			return expr{text: s.sources[0].variable + ".c" + field(name)}
		}
		for _, label := range s.labels { // HAVING and ORDER BY may name what is selected
			if strings.EqualFold(label, name) {
				return expr{text: "literal_column(" + strconv.Quote(label) + ")"}
			}
		}
	}
	p.fail("the column %s: no table is known to have it", name)
	return expr{}
}

func spelt(columns []string, name string) string {
	for _, c := range columns {
		if strings.EqualFold(c, name) {
			return c
		}
	}
	return name
}

// field is .name or ["name"].
func field(name string) string {
	if isName(name) {
		return "." + name
	}
	return "[" + strconv.Quote(name) + "]"
}

func (p *parser) identifier() string {
	t := p.peek()
	switch t.Kind {
	case "word":
		p.pos++
		return t.Text
	case "name":
		p.pos++
		inner := t.Text[1 : len(t.Text)-1]
		return strings.ReplaceAll(inner, string(t.Text[0])+string(t.Text[0]), string(t.Text[0]))
	}
	p.fail("%q where a name is wanted", t.Text)
	return ""
}

func isName(s string) bool {
	for i, r := range s {
		if !(r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return s != "" && !slices.Contains(luaWords, s)
}
