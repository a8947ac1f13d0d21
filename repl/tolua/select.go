package tolua

import (
	"fmt"
	"slices"
	"strconv"
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

// maxDepth is how deep expressions may stand inside each other.
const maxDepth = 200

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

func isName(s string) bool {
	for i, r := range s {
		if !(r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return s != "" && !slices.Contains(luaWords, s)
}
