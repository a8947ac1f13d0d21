package tolua

import (
	"slices"
	"strconv"
	"strings"
)

// from reads the tables; it is "" when SQLAlchemy finds them by itself.
func (p *parser) from(s *scope) string {
	text, joins := p.table(s)
	for {
		switch {
		case p.symbol(","):
			if joins { // the tables after a join need no mention, but the join does
				p.fail("a comma after JOIN")
			}
			if _, more := p.table(s); more {
				p.fail("JOIN after a comma")
			}
		default:
			next, ok := p.join(s, text)
			if !ok {
				if joins {
					return text
				}
				return ""
			}
			text, joins = next, true
		}
	}
}

// table reads a table or a subquery with its alias.
func (p *parser) table(s *scope) (text string, joins bool) {
	if p.peekSymbol("(") {
		if !p.nextWord("select", "with") {
			p.fail("a join in parentheses")
		}
		body := p.subselect()
		p.word("as")
		alias := p.identifier()
		variable := p.variable(alias)
		p.before = append(p.before, variable+" = "+body+":subquery("+strconv.Quote(alias)+")")
		s.sources = append(s.sources, source{name: alias, table: alias, variable: variable})
		return variable, false
	}
	p.word("only")
	name := p.identifier()
	full := name
	if p.symbol(".") {
		name = p.identifier()
		full += "." + name
	}
	alias := ""
	if p.word("as") {
		alias = p.identifier()
	} else if t := p.peek(); t.Kind == "name" || t.Kind == "word" && !reserved[strings.ToLower(t.Text)] {
		alias = p.identifier()
	}
	variable := p.tableVariable(full, alias)
	x := source{name: name, table: name, variable: variable, columns: p.columns(name)}
	if alias != "" {
		x.name = alias
	}
	s.sources = append(s.sources, x)
	return variable, false
}

func (p *parser) columns(table string) []string {
	if c, ok := p.o.Columns[table]; ok {
		return c
	}
	for t, c := range p.o.Columns {
		if strings.EqualFold(t, table) {
			return c
		}
	}
	return nil
}

// tableVariable is the variable of a table or of one of its aliases.
func (p *parser) tableVariable(full, alias string) string {
	if p.ctes[strings.ToLower(full)] {
		v := p.variables[strings.ToLower(full)]
		if alias == "" {
			return v
		}
		out := p.variable(alias)
		p.before = append(p.before, out+" = "+v+":alias("+strconv.Quote(alias)+")")
		return out
	}
	key := strings.ToLower(full + " " + alias)
	if v, ok := p.variables[key]; ok && alias == "" {
		return v
	}
	name := full
	for t := range p.o.Columns { // as the database spells it
		if strings.EqualFold(t, full) {
			name = t
		}
	}
	table := "metadata.tables." + name
	if !isName(name) {
		table = "metadata.tables[" + strconv.Quote(name) + "]"
	}
	short := alias
	if short == "" {
		short = name[strings.LastIndexByte(name, '.')+1:]
	} else {
		table += ":alias(" + strconv.Quote(alias) + ")"
	}
	v := p.variable(short)
	p.variables[key] = v
	p.before = append(p.before, v+" = "+table)
	return v
}

// variable makes a name of a variable that means nothing yet.
func (p *parser) variable(name string) string {
	v := strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, strings.ToLower(name))
	if !isName(v) {
		v = "t_" + v
	}
	used := func(v string) bool {
		for _, line := range p.before {
			if strings.HasPrefix(line, v+" = ") {
				return true
			}
		}
		return p.o.Taken != nil && p.o.Taken(v)
	}
	for used(v) {
		v += "_"
	}
	return v
}

func (p *parser) join(s *scope, left string) (string, bool) {
	method := "join"
	start := p.pos
	natural := p.word("natural")
	switch {
	case p.word("inner"):
	case p.word("cross"):
		method = "cross"
	case p.word("left"):
		p.word("outer")
		method = "outerjoin"
	case p.word("full"):
		p.word("outer")
		method = "full"
	case p.peekWord("right"):
		p.fail("RIGHT JOIN; swap the tables and use LEFT JOIN")
	}
	if !p.word("join") {
		p.pos = start
		return "", false
	}
	if natural {
		p.fail("NATURAL JOIN")
	}
	before := slices.Clone(s.sources)
	right, _ := p.table(s)
	condition := ""
	switch {
	case p.word("on"):
		condition = p.expression().text
	case p.word("using"):
		p.mustSymbol("(")
		var parts []string
		for {
			column := p.identifier()
			parts = append(parts, p.owner(before, column)+field(column)+" == "+right+".c"+field(column))
			if !p.symbol(",") {
				break
			}
		}
		p.mustSymbol(")")
		condition = strings.Join(parts, ", ")
		if len(parts) > 1 {
			condition = "and_(" + condition + ")"
		}
	case method == "cross":
		method, condition = "join", "true_()"
	default:
		p.fail("JOIN without ON or USING")
	}
	if method == "full" {
		return left + ":outerjoin(" + right + ", " + condition + ", {full = true})", true
	}
	return left + ":" + method + "(" + right + ", " + condition + ")", true
}

// owner is the c of the table that has a column.
func (p *parser) owner(sources []source, column string) string {
	for _, x := range sources {
		if slices.ContainsFunc(x.columns, func(c string) bool { return strings.EqualFold(c, column) }) {
			return x.variable + ".c"
		}
	}
	return sources[0].variable + ".c"
}

func (p *parser) source(name string) source {
	for i := len(p.scopes) - 1; i >= 0; i-- {
		for _, x := range p.scopes[i].sources {
			if strings.EqualFold(x.name, name) {
				return x
			}
		}
	}
	p.fail("%s, which FROM does not name", name)
	return source{}
}
