package tolua

import (
	"slices"
	"strconv"
	"strings"
)

// expr is an expression in Lua.
type expr struct {
	text string
	// plain: a Lua value, which has no methods of SQL's.
	plain bool
	// level is how tightly its outermost operator binds, 0 for a call or a name.
	level int
}

// sql is the expression as an operand that has SQL's methods.
func (e expr) sql() string {
	if e.plain {
		return "literal(" + e.text + ")"
	}
	if e.level > 0 {
		return "(" + e.text + ")"
	}
	return e.text
}

// in is the expression as an operand of an operator of a level.
func (e expr) in(level int) string {
	if e.level >= level && e.level > 0 {
		return "(" + e.text + ")"
	}
	return e.text
}

// Levels, from the tightest.
const (
	unary = iota + 1
	product
	sum
	concat
	comparison
)

func (p *parser) expression() expr {
	if p.depth++; p.depth > maxDepth {
		p.fail("so many parentheses")
	}
	defer func() { p.depth-- }()
	return p.or()
}

func (p *parser) or() expr {
	list := []expr{p.and()}
	for p.word("or") {
		list = append(list, p.and())
	}
	return joined("or_", list)
}

func (p *parser) and() expr {
	list := []expr{p.not()}
	for p.word("and") {
		list = append(list, p.not())
	}
	return joined("and_", list)
}

func joined(function string, list []expr) expr {
	if len(list) == 1 {
		return list[0]
	}
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = e.text
	}
	return expr{text: function + "(" + strings.Join(texts, ", ") + ")"}
}

func (p *parser) not() expr {
	if p.word("not") {
		if p.depth++; p.depth > maxDepth {
			p.fail("so many NOTs")
		}
		defer func() { p.depth-- }()
		if p.word("exists") {
			return expr{text: "not_(exists(" + p.subselect() + "))"}
		}
		return expr{text: "not_(" + p.not().text + ")"}
	}
	return p.comparison()
}

var comparisons = map[string]string{"=": "==", "<>": "~=", "!=": "~=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}

func (p *parser) comparison() expr {
	left := p.concatenation()
	for {
		if op := p.operator(); comparisons[op] != "" {
			p.skip(len(op))
			right := p.concatenation()
			if left.plain && right.plain {
				left.text, left.plain = "literal("+left.text+")", false
			}
			left = expr{text: left.in(comparison) + " " + comparisons[op] + " " + right.in(comparison), level: comparison}
			continue
		}
		negated := false
		if p.peekWord("not") && p.nextWord("like", "ilike", "in", "between") {
			p.word("not")
			negated = true
		}
		switch {
		case p.word("is"):
			op := "=="
			if p.word("not") {
				op = "~="
			}
			switch {
			case p.word("null"):
				left = expr{text: left.in(comparison) + " " + op + " nil", level: comparison}
			case p.word("distinct"):
				p.must("from")
				method := map[string]string{"==": "is_distinct_from", "~=": "is_not_distinct_from"}[op]
				left = expr{text: left.sql() + ":" + method + "(" + p.concatenation().text + ")"}
			default:
				method := map[string]string{"==": "is_", "~=": "is_not"}[op]
				left = expr{text: left.sql() + ":" + method + "(" + p.concatenation().text + ")"}
			}
		case p.word("like"), p.word("ilike"):
			method := strings.ToLower(p.last())
			if negated {
				method = "not_" + method
			}
			args := p.concatenation().text
			if p.word("escape") {
				args += ", {escape = " + p.concatenation().text + "}"
			}
			left = expr{text: left.sql() + ":" + method + "(" + args + ")"}
		case p.word("between"):
			low := p.concatenation().text
			p.must("and")
			text := left.sql() + ":between(" + low + ", " + p.concatenation().text + ")"
			if negated {
				text = "not_(" + text + ")"
			}
			left = expr{text: text}
		case p.word("in"):
			method := "in_"
			if negated {
				method = "not_in"
			}
			if p.peekSymbol("(") && p.nextWord("select", "with", "values") {
				left = expr{text: left.sql() + ":" + method + "(" + p.subselect() + ")"}
				continue
			}
			p.symbol("(")
			left = expr{text: left.sql() + ":" + method + "{" + strings.Join(p.list(), ", ") + "}"}
			p.mustSymbol(")")
		default:
			return left
		}
	}
}

func (p *parser) concatenation() expr {
	left := p.sum()
	for p.operator() == "||" {
		p.skip(2)
		right := p.sum()
		if left.plain && right.plain {
			left.text, left.plain = left.sql(), false
		}
		left = expr{text: left.in(concat+1) + " .. " + right.in(concat), level: concat}
	}
	return left
}

func (p *parser) sum() expr { return p.infix([]string{"+", "-"}, sum, p.product) }

func (p *parser) product() expr { return p.infix([]string{"*", "/", "%"}, product, p.unary) }

func (p *parser) infix(ops []string, level int, operand func() expr) expr {
	left := operand()
	for slices.Contains(ops, p.operator()) {
		op := p.operator()
		p.skip(1)
		right := operand()
		left = expr{text: left.in(level+1) + " " + op + " " + right.in(level), level: level, plain: left.plain && right.plain}
	}
	return left
}

func (p *parser) unary() expr {
	if p.depth++; p.depth > maxDepth {
		p.fail("so many signs")
	}
	defer func() { p.depth-- }()
	if p.operator() == "-" {
		p.skip(1)
		e := p.unary()
		return expr{text: "-" + e.in(unary), plain: e.plain, level: unary}
	}
	if p.operator() == "+" {
		p.skip(1)
		return p.unary()
	}
	return p.cast(p.primary())
}

// cast reads PostgreSQL's x::type.
func (p *parser) cast(e expr) expr {
	for p.operator() == "::" {
		p.skip(1)
		e = expr{text: "cast(" + e.text + ", " + p.typeName() + ")"}
	}
	return e
}

func (p *parser) primary() expr {
	t := p.peek()
	switch t.Kind {
	case "string":
		if !strings.HasPrefix(t.Text, "'") {
			p.fail("the string %s", t.Text)
		}
		p.pos++
		return expr{text: strconv.Quote(strings.ReplaceAll(t.Text[1:len(t.Text)-1], "''", "'")), plain: true}
	case "param":
		p.pos++
		return expr{text: t.Text[1:], plain: true}
	case "name":
		return p.reference()
	case "symbol":
		if t.Text == "(" {
			if p.nextWord("select", "with") {
				return expr{text: p.subselect() + ":scalar_subquery()"}
			}
			p.pos++
			list := p.expressions()
			p.mustSymbol(")")
			if len(list) > 1 {
				var texts []string
				for _, e := range list {
					texts = append(texts, e.text)
				}
				return expr{text: "tuple_(" + strings.Join(texts, ", ") + ")"}
			}
			return list[0]
		}
	case "word":
		if c := t.Text[0]; c >= '0' && c <= '9' {
			return p.number()
		}
		switch strings.ToLower(t.Text) {
		case "null":
			p.pos++
			return expr{text: "null()"}
		case "true", "false":
			p.pos++
			return expr{text: strings.ToLower(t.Text), plain: true}
		case "case":
			p.pos++
			return p.caseOf()
		case "cast":
			p.pos++
			p.mustSymbol("(")
			e := p.expression()
			p.must("as")
			text := "cast(" + e.text + ", " + p.typeName() + ")"
			p.mustSymbol(")")
			return expr{text: text}
		case "exists":
			p.pos++
			return expr{text: "exists(" + p.subselect() + ")"}
		case "current_date", "current_time", "current_timestamp":
			p.pos++
			return expr{text: "func." + strings.ToLower(t.Text) + "()"}
		case "date", "time", "timestamp", "interval", "extract", "array", "row", "position", "substring", "trim", "overlay":
			if p.at(1).Kind == "string" || strings.ToLower(t.Text) == "extract" {
				return p.special()
			}
		}
		if p.at(1).Text == "(" {
			return p.function()
		}
		return p.reference()
	}
	p.fail("%q", t.Text)
	return expr{}
}

// special are the forms of standard SQL that are no calls.
func (p *parser) special() expr {
	word := strings.ToLower(p.peek().Text)
	p.pos++
	switch word {
	case "extract":
		p.mustSymbol("(")
		field := strings.ToLower(p.peek().Text)
		p.pos++
		p.must("from")
		text := "extract(" + strconv.Quote(field) + ", " + p.expression().text + ")"
		p.mustSymbol(")")
		return expr{text: text}
	case "date", "time", "timestamp":
		value := p.primary()
		return expr{text: "cast(" + value.text + ", " + strings.ToUpper(word) + ")"}
	}
	p.fail("%s", word)
	return expr{}
}

func (p *parser) number() expr {
	text := p.peek().Text
	p.pos++
	if p.peek().Text == "." && p.adjacent() {
		p.pos++
		text += "."
		if t := p.peek(); t.Kind == "word" && p.adjacent() {
			text += t.Text
			p.pos++
		}
	}
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		p.fail("the number %s", text)
	}
	return expr{text: text, plain: true}
}

func (p *parser) caseOf() expr {
	subject := ""
	if !p.peekWord("when") {
		subject = p.expression().in(comparison)
	}
	var parts []string
	for p.word("when") {
		condition := p.expression()
		if subject != "" {
			condition.text = subject + " == " + condition.in(comparison)
		}
		p.must("then")
		parts = append(parts, "{"+condition.text+", "+p.expression().text+"}")
	}
	if p.word("else") {
		parts = append(parts, "{else_ = "+p.expression().text+"}")
	}
	p.must("end")
	return expr{text: "case(" + strings.Join(parts, ", ") + ")"}
}

func (p *parser) function() expr {
	name := strings.ToLower(p.peek().Text)
	p.pos++
	p.mustSymbol("(")
	text := "func." + name
	if !isName(name) {
		text = "func[" + strconv.Quote(name) + "]"
	}
	switch {
	case p.symbol("*"):
		text += "()"
	case p.peekSymbol(")"):
		text += "()"
	case p.word("distinct"):
		text += "(distinct(" + strings.Join(p.list(), ", ") + "))"
	default:
		text += "(" + strings.Join(p.list(), ", ") + ")"
	}
	p.mustSymbol(")")
	if p.word("filter") {
		p.mustSymbol("(")
		p.must("where")
		text += ":filter(" + p.expression().text + ")"
		p.mustSymbol(")")
	}
	if p.word("over") {
		p.mustSymbol("(")
		var parts []string
		if p.word("partition") {
			p.must("by")
			parts = append(parts, "partition_by = {"+strings.Join(p.list(), ", ")+"}")
		}
		if p.word("order") {
			p.must("by")
			parts = append(parts, "order_by = {"+strings.Join(p.orderings(nil), ", ")+"}")
		}
		text += ":over{" + strings.Join(parts, ", ") + "}"
		p.mustSymbol(")")
	}
	return expr{text: text}
}

// typeName is a type as SQLAlchemy names it.
func (p *parser) typeName() string {
	name := strings.ToUpper(p.peek().Text)
	if p.peek().Kind != "word" {
		p.fail("the type %s", name)
	}
	p.pos++
	switch name {
	case "INT", "INT4", "SIGNED":
		name = "INTEGER"
	case "INT8":
		name = "BIGINT"
	case "DOUBLE":
		p.word("precision")
	case "CHARACTER":
		if name = "CHAR"; p.word("varying") {
			name = "VARCHAR"
		}
	case "BOOL":
		name = "BOOLEAN"
	case "FLOAT8":
		name = "FLOAT"
	case "TIMESTAMPTZ":
		return "TIMESTAMP{timezone = true}"
	}
	if p.symbol("(") {
		name += "(" + strings.Join(p.list(), ", ") + ")"
		p.mustSymbol(")")
	}
	return name
}

func (p *parser) expressions() []expr {
	list := []expr{p.expression()}
	for p.symbol(",") {
		list = append(list, p.expression())
	}
	return list
}

func (p *parser) list() []string {
	var out []string
	for _, e := range p.expressions() {
		out = append(out, e.text)
	}
	return out
}
