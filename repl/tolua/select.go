package tolua

import (
	"slices"
	"strconv"
	"strings"

	"alchemysh/repl/input"
)

// Select writes a SELECT as Lua.
func Select(sql string, o Options) (code string, err error) {
	p := &parser{o: o, tokens: input.Tokens(strings.TrimRight(sql, "; \t\r\n"), o.Syntax), variables: map[string]string{}}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			err = e
		}
	}()
	for _, t := range p.tokens {
		if t.Open {
			p.fail("%s, which is not closed", t.Text[:1])
		}
	}
	body := p.query()
	if p.pos < len(p.tokens) {
		p.fail("%q", p.peek().Text)
	}
	if len(p.before) > 0 {
		return strings.Join(p.before, "\n") + "\n\n" + body + "\n", nil
	}
	return body + "\n", nil
}

// maxDepth is how deep expressions may stand inside each other.
const maxDepth = 200

// query is a SELECT or several, joined by UNION and its kin, with its ORDER BY
// and LIMIT.
func (p *parser) query() string {
	if p.depth++; p.depth > maxDepth {
		p.fail("so many SELECTs")
	}
	defer func() { p.depth-- }()
	if p.word("with") {
		p.with()
	}
	text, s := p.core()
	for {
		function := ""
		switch {
		case p.word("union"):
			function = "union"
		case p.word("intersect"):
			function = "intersect"
		case p.word("except"):
			function = "except_"
		}
		if function == "" {
			break
		}
		if p.word("all") {
			function = strings.TrimSuffix(function, "_") + "_all"
		}
		next, _ := p.core()
		text = function + "(\n  " + indent(text) + ",\n  " + indent(next) + ")"
		s = &scope{labels: append(s.labels, s.names...)} // ORDER BY of all knows names only
	}
	p.scopes = append(p.scopes, s)
	text += p.ending()
	p.scopes = p.scopes[:len(p.scopes)-1]
	return text
}

func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n  ") }

func (p *parser) ending() string {
	text := ""
	if p.word("order") {
		p.must("by")
		text += "\n  :order_by(" + strings.Join(p.orderings(p.labels()), ", ") + ")"
	}
	if p.word("limit") {
		limit := p.expression().text
		if p.symbol(",") { // MySQL's OFFSET, LIMIT
			text += "\n  :offset(" + limit + ")"
			limit = p.expression().text
		}
		text += "\n  :limit(" + limit + ")"
	}
	if p.word("offset") {
		text += "\n  :offset(" + p.expression().text + ")"
		if !p.word("rows") {
			p.word("row")
		}
	}
	if p.word("fetch") {
		if !p.word("first") {
			p.must("next")
		}
		text += "\n  :limit(" + p.expression().text + ")"
		if !p.word("rows") {
			p.must("row")
		}
		p.must("only")
	}
	if p.word("for") {
		p.must("update")
		text += "\n  :with_for_update()"
	}
	return text
}

func (p *parser) labels() []string {
	if len(p.scopes) == 0 {
		return nil
	}
	return p.scopes[len(p.scopes)-1].labels
}

// with reads common table expressions; each becomes a variable.
func (p *parser) with() {
	if p.peekWord("recursive") {
		p.fail("WITH RECURSIVE")
	}
	if p.ctes == nil {
		p.ctes = map[string]bool{}
	}
	for {
		name := p.identifier()
		p.must("as")
		p.mustSymbol("(")
		text := p.query()
		p.mustSymbol(")")
		variable := p.variable(name)
		p.before = append(p.before, variable+" = "+text+"\n  :cte("+strconv.Quote(name)+")")
		p.variables[strings.ToLower(name)] = variable
		p.ctes[strings.ToLower(name)] = true
		if !p.symbol(",") {
			return
		}
	}
}

// subselect is a SELECT in parentheses.
func (p *parser) subselect() string {
	p.mustSymbol("(")
	text := p.query()
	p.mustSymbol(")")
	return strings.ReplaceAll(text, "\n  ", "")
}

// core is one SELECT up to its ORDER BY.
func (p *parser) core() (text string, s *scope) {
	if p.peekSymbol("(") {
		return p.subselect(), &scope{}
	}
	p.must("select")
	distinct := p.word("distinct")
	if !distinct {
		p.word("all")
	}
	items := p.pos
	p.skipTo("from", "where", "group", "order", "limit", "union", "intersect", "except")
	s = &scope{}
	p.scopes = append(p.scopes, s)
	defer func() { p.scopes = p.scopes[:len(p.scopes)-1] }()
	from := ""
	if p.word("from") {
		from = p.from(s)
	}
	after := p.pos
	p.pos = items
	columns := p.items(s)
	p.pos = after
	text = "select(" + strings.Join(columns, ", ") + ")"
	where := ""
	if p.word("where") {
		e := p.expression().text
		if inner, ok := strings.CutPrefix(e, "and_("); ok && strings.HasSuffix(e, ")") && matched(inner[:len(inner)-1]) {
			e = inner[:len(inner)-1] // where(a, b) joins by AND
		}
		where = "\n  :where(" + e + ")"
	}
	if from != "" {
		text += "\n  :select_from(" + from + ")"
	} else {
		for _, x := range s.sources { // what columns and criteria name is found without
			if !mentions(strings.Join(columns, " ")+where, x.variable) {
				text += "\n  :select_from(" + x.variable + ")"
			}
		}
	}
	text += where
	if p.word("group") {
		p.must("by")
		text += "\n  :group_by(" + strings.Join(p.positions(s), ", ") + ")"
	}
	if p.word("having") {
		text += "\n  :having(" + p.expression().text + ")"
	}
	if distinct {
		text += "\n  :distinct()"
	}
	return text, s
}

// matched says that the brackets of a text close those that it opens.
func matched(text string) bool {
	depth := 0
	for _, r := range text {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// skipTo steps over tokens up to one of the words outside of parentheses.
func (p *parser) skipTo(words ...string) {
	depth := 0
	for ; p.pos < len(p.tokens); p.pos++ {
		t := p.peek()
		switch {
		case t.Text == "(" && t.Kind == "symbol":
			depth++
		case t.Text == ")" && t.Kind == "symbol":
			if depth--; depth < 0 {
				return
			}
		case depth == 0 && t.Kind == "word" && slices.Contains(words, strings.ToLower(t.Text)):
			return
		}
	}
}

// items are what is selected.
func (p *parser) items(s *scope) []string {
	var out []string
	for {
		switch {
		case p.symbol("*"):
			for _, x := range s.sources {
				out = append(out, x.variable)
			}
			if len(s.sources) == 0 {
				p.fail("* without FROM")
			}
		case p.at(1).Text == "." && p.at(2).Text == "*":
			out = append(out, p.source(p.identifier()).variable)
			p.pos += 2
		default:
			start := p.pos
			e := p.expression()
			if t := p.tokens[p.pos-1]; p.pos-start == 1 || p.pos-start == 3 && p.tokens[start+1].Text == "." {
				s.names = append(s.names, strings.Trim(t.Text, "\"`"))
			}
			label := ""
			if p.word("as") {
				label = p.identifier()
			} else if t := p.peek(); t.Kind == "name" || t.Kind == "word" && !reserved[strings.ToLower(t.Text)] {
				label = p.identifier()
			}
			switch {
			case label != "":
				s.labels = append(s.labels, label)
				out = append(out, e.sql()+":label("+strconv.Quote(label)+")")
			case e.plain:
				out = append(out, e.sql())
			default:
				out = append(out, e.text)
			}
		}
		if !p.symbol(",") {
			return out
		}
	}
}

// positions are expressions of GROUP BY, where a number or a label is what is
// selected.
func (p *parser) positions(s *scope) []string {
	var out []string
	for {
		if text, ok := p.selected(s.labels); ok {
			out = append(out, "text("+strconv.Quote(text)+")")
		} else {
			out = append(out, p.expression().text)
		}
		if !p.symbol(",") {
			return out
		}
	}
}

// selected reads a number or a label that stands alone.
func (p *parser) selected(labels []string) (string, bool) {
	t := p.peek()
	if t.Kind != "word" || p.at(1).Text == "." || p.at(1).Text == "(" {
		return "", false
	}
	if _, err := strconv.Atoi(t.Text); err == nil {
		p.pos++
		return t.Text, true
	}
	for _, l := range labels {
		if strings.EqualFold(l, t.Text) {
			p.pos++
			return l, true
		}
	}
	return "", false
}

// orderings are expressions with their direction.
func (p *parser) orderings(labels []string) []string {
	var out []string
	for {
		text, direct := "", false
		if name, ok := p.selected(labels); ok {
			text, direct = "text("+strconv.Quote(name)+")", true
			if _, err := strconv.Atoi(name); err != nil {
				text = "literal_column(" + strconv.Quote(name) + ")"
				direct = false
			}
		} else {
			text = p.expression().sql()
		}
		switch {
		case p.word("asc"):
		case p.word("desc"):
			if direct {
				text = strings.TrimSuffix(text, `")`) + ` DESC")`
			} else {
				text += ":desc()"
			}
		}
		if p.word("nulls") {
			if p.word("first") {
				text += ":nulls_first()"
			} else {
				p.must("last")
				text += ":nulls_last()"
			}
		}
		out = append(out, text)
		if !p.symbol(",") {
			return out
		}
	}
}

// reserved are words that end a table or an expression, so that they are no
// alias.
var reserved = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`from where group having order limit offset union intersect except join inner left right full cross
		natural on using as and or not is in like ilike between asc desc nulls when then else end fetch for window escape over filter`) {
		m[w] = true
	}
	return m
}()

// luaWords cannot be names in Lua.
var luaWords = strings.Fields("and break do else elseif end false for function if in local nil not or repeat return then true until while")
