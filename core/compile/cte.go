package compile

import "alchemysh/core"

// cteState is the WITH clause in the making.
type cteState struct {
	order  []*core.CTE
	text   map[*core.CTE][]piece
	byName map[levelName]*core.CTE
	level  map[*core.CTE]cteLevel
	hints  []core.Hint // of the select whose FROM is being written
	// writing is the CTE whose body is being written.
	writing *core.CTE
}

// levelName is a CTE's name at its depth: 1, or deeper for a nesting one.
type levelName struct {
	level int
	name  string
}

// cteLevel is where a CTE has its place; nested by add_cte(nest_here=true).
type cteLevel struct {
	levelName
	nested bool
}

func (s *cteState) drop(c *core.CTE) {
	delete(s.text, c)
	for i, x := range s.order {
		if x == c {
			s.order = append(s.order[:i:i], s.order[i+1:]...)
			return
		}
	}
}

// place finds where a CTE stands or is to stand, and what stands there already.
// One that is added with nest_here is moved there.
func (c *Compiler) place(x *core.CTE, name string, nestHere bool) (cteLevel, *core.CTE) {
	s := &c.ctes
	ref := reference(x)
	at, known := s.level[ref]
	if !known {
		at = cteLevel{levelName{1, name}, nestHere}
		if x.Nesting || nestHere {
			at.level = len(c.stack)
		}
		return at, s.byName[at.levelName]
	}
	existing := s.byName[at.levelName]
	if nestHere {
		if at.nested {
			c.Raise("CTE is stated as 'nest_here' in more than one location")
		}
		delete(s.byName, at.levelName)
		at = cteLevel{levelName{len(c.stack), name}, true}
		s.byName[at.levelName], s.level[ref] = existing, at
	}
	return at, existing
}

// added puts the CTEs of add_cte() into the WITH clause.
func (c *Compiler) added(list []core.AddedCTE) {
	for _, a := range list {
		c.capture(func() { c.cte(a.CTE, false, a.NestHere) })
	}
}

// reference is the CTE by which c is known: what it restates.
func reference(c *core.CTE) *core.CTE {
	for c.Restates != nil {
		c = c.Restates
	}
	return c
}

// cte writes the name of a CTE in FROM (asfrom), seeing to it that the CTE
// itself is in the WITH clause.
func (c *Compiler) cte(x *core.CTE, asfrom, nestHere bool) {
	s := &c.ctes
	if s.text == nil {
		s.text, s.byName, s.level = map[*core.CTE][]piece{}, map[levelName]*core.CTE{}, map[*core.CTE]cteLevel{}
	}
	name := c.resolve("alias", x.Name)
	ref := reference(x)
	at, existing := c.place(x, name, nestHere)
	isNew, embedded := true, false
	if existing != nil {
		embedded = s.writing == existing
		switch {
		case x == existing.Restates || x == existing || restates(existing, x):
			isNew = false
		case restates(x, existing):
			s.drop(existing)
			delete(s.level, reference(existing))
		case sameStructure(x, existing):
			isNew = false
		default:
			c.Raise("Multiple, unrelated CTEs found with the same name: '%s'", name)
		}
	}
	if !asfrom && !isNew {
		return
	}
	pre := x
	preName := ""
	if x.AliasOf != nil {
		pre = x.AliasOf
		preName = c.resolve("alias", pre.Name)
	}
	if isNew {
		s.byName[at.levelName] = x
		s.level[ref] = at
		if _, done := s.text[pre]; !done && pre != x {
			c.capture(func() { c.writingCTE(x, func() { c.cte(pre, false, false) }) })
		}
		if _, done := s.text[x]; preName == "" && !done {
			if len(c.stack) == 0 {
				c.cteElement(x)
				return
			}
			text := c.capture(func() { c.writingCTE(x, func() { c.cteBody(x, name) }) })
			if _, again := s.text[x]; !again {
				s.order = append(s.order, x)
			}
			s.text[x] = text
		}
	}
	if !asfrom {
		return
	}
	if preName != "" && (isNew || !embedded) {
		c.Write(c.quoteAs(preName, pre.Quote), " AS ", c.quoteAs(name, x.Quote))
		return
	}
	c.Write(c.quoteAs(name, x.Quote))
}

func (c *Compiler) writingCTE(x *core.CTE, f func()) {
	outer := c.ctes.writing
	c.ctes.writing = x
	f()
	c.ctes.writing = outer
}

func restates(x, old *core.CTE) bool {
	for x.Restates != nil {
		if x = x.Restates; x == old {
			return true
		}
	}
	return false
}

// sameStructure reports whether two CTEs of one name are the same query.
func sameStructure(a, b *core.CTE) bool {
	ka, ba, ok := core.Key(a.Of)
	kb, bb, ok2 := core.Key(b.Of)
	if !ok || !ok2 || ka != kb || len(ba) != len(bb) {
		return false
	}
	for i := range ba {
		if !sameValue(ba[i].Value, bb[i].Value) {
			return false
		}
	}
	return true
}

func sameValue(a, b any) (same bool) {
	defer func() {
		if recover() != nil { // values that cannot be compared
			same = false
		}
	}()
	return a == b
}

func (c *Compiler) cteBody(x *core.CTE, name string) {
	c.within(func(cx *context) { *cx = cx.below() }, func() {
		c.Write(c.quoteAs(name, x.Quote))
		if cols := c.cteColumns(x); cols != nil {
			c.Write("(")
			for i, col := range cols {
				if i > 0 {
					c.Write(", ")
				}
				c.Write(c.Quote(col))
			}
			c.Write(")")
		}
		c.Write(" AS ")
		c.prefixList(x.Prefixes)
		c.Write("\n(")
		c.cteElement(x)
		c.Write(")")
		if len(x.Suffixes) > 0 {
			c.Write(" ")
			c.prefixList(x.Suffixes)
		}
	})
}

// cteElement writes what a CTE is of.
func (c *Compiler) cteElement(x *core.CTE) {
	switch of := x.Of.(type) {
	case core.Query:
		c.query(of, queryPlace{asfrom: len(c.stack) > 0, compound: -1})
	case *core.Values:
		if of.Lateral {
			c.Raise("Can't use a LATERAL VALUES expression inside of a CTE")
		}
		c.ValuesRows(of)
	case *core.Insert:
		c.insert(of, false)
	case *core.Update:
		c.update(of, false)
	case *core.Delete:
		c.delete(of, false)
	}
}

// cteColumns are the names after the CTE's own, for a recursive one and for one
// of VALUES; nil for none.
func (c *Compiler) cteColumns(x *core.CTE) []string {
	if v, ok := x.Of.(*core.Values); ok {
		var names []string
		for _, col := range v.ColumnArgs {
			names = append(names, c.resolve("colident", col.Name))
		}
		return names
	}
	if !x.Recursive {
		return nil
	}
	style := core.LabelDisambiguate
	var selected []core.Expr
	switch of := x.Of.(type) {
	case core.Query:
		for {
			cs, ok := of.(*core.CompoundSelect)
			if !ok {
				break
			}
			of = cs.Selects[0]
		}
		if s, ok := of.(*core.Select); ok {
			style = s.LabelStyle
		}
		selected = of.Selected()
	case core.Returner:
		selected = of.Returned()
	}
	var names []string
	for _, n := range core.NameColumns(selected, style, true) {
		if n.Repeated {
			continue
		}
		if n.Fallback != "" {
			names = append(names, c.ident("colident", n.Fallback))
			continue
		}
		names = append(names, n.Key)
	}
	return names
}

// withClause writes WITH and the CTEs that belong to the query that is being
// written, nothing when there are none. following takes those one level deeper too.
func (c *Compiler) withClause(toplevel, following bool) {
	s := &c.ctes
	depth := 0 // the whole statement
	if !toplevel {
		depth = len(c.stack)
	}
	var list []*core.CTE
	if depth > 1 {
		for _, x := range s.order {
			at := s.level[reference(x)]
			if (x.Nesting || at.nested) && (at.level == depth || following && at.level == depth+1) {
				list = append(list, x)
			}
		}
	} else {
		list = append(list, s.order...)
	}
	if len(list) == 0 {
		return
	}
	recursive := false
	for _, x := range list {
		recursive = recursive || x.Recursive
	}
	if recursive {
		c.Write("WITH RECURSIVE ")
	} else {
		c.Write("WITH ")
	}
	for i, x := range list {
		if i > 0 {
			c.Write(", \n")
		}
		c.emit(s.text[x])
	}
	c.Write("\n ")
	if depth > 1 {
		for _, x := range list {
			at := s.level[reference(x)]
			s.drop(x)
			delete(s.byName, at.levelName)
			delete(s.level, reference(x))
		}
	}
}
