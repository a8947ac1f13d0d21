package compile

import (
	"strings"

	"alchemysh/core"
)

// from writes a FROM object in FROM.
func (c *Compiler) from(f core.From) {
	c.deeper()
	defer func() { c.depth-- }()
	f = core.PlainFrom(f)
	if c.d.From(c, f) {
		return
	}
	switch f := f.(type) {
	case *core.Table:
		name := c.TableName(f)
		if alias := c.tableAlias(f); alias != "" {
			name += " AS " + alias
		}
		c.Write(c.hintedName(f, name))
	case *core.Join:
		c.join(f)
	case *core.Alias:
		c.alias(f)
	case *core.CTE:
		c.cte(f, true, false)
	case *core.Values:
		c.ValuesTable(f)
	}
}

// FromObject writes a FROM object in FROM: for hooks.
func (c *Compiler) FromObject(f core.From) { c.from(f) }

// hintedName is how f is written in FROM with the hints that are for it. The
// default dialect, which is for people, shows them.
func (c *Compiler) hintedName(f core.From, name string) string {
	for _, h := range c.ctes.hints {
		if h.On == nil || core.PlainFrom(h.On) != f || h.Dialect != "*" && h.Dialect != c.d.Name() {
			continue
		}
		plain := name
		if _, alias, ok := strings.Cut(name, " AS "); ok {
			plain = alias
		}
		hint := strings.ReplaceAll(h.Text, "%(name)s", plain)
		if c.f.StringDialect {
			name += " [" + hint + "]"
		} else {
			name = c.d.FromHint(name, hint)
		}
	}
	return name
}

func (c *Compiler) join(j *core.Join) {
	c.from(j.Left)
	c.Write(c.d.JoinKeyword(j))
	if _, nested := core.PlainFrom(j.Right).(*core.Join); nested {
		c.Write("(")
		c.from(j.Right)
		c.Write(")")
	} else {
		c.from(j.Right)
	}
	c.Write(" ON ")
	c.within(func(x *context) { x.columns = false }, func() {
		items := core.BoolItems(core.AndOp, nil, nil, []core.Expr{j.On})
		c.Operand(items[0], core.AsConditionOp)
	})
}

func (c *Compiler) alias(a *core.Alias) {
	if a.Kind == core.FunctionFrom {
		c.within(func(x *context) { *x = x.below() }, func() { c.aliased(a) })
		return
	}
	name := c.quoteAs(c.resolve("alias", a.Name), a.Quote)
	// a hint may stand on either side of the alias
	before, after, _ := strings.Cut(c.hintedName(a, aliasMark+" AS "+name), aliasMark)
	c.Write(before)
	c.within(func(x *context) { *x = x.below() }, func() { c.aliased(a) })
	c.Write(after)
	if a.Kind == core.SampleAlias {
		c.Write(" TABLESAMPLE ")
		c.Expr(a.Sampling)
		if a.Seed != nil {
			c.Write(" REPEATABLE (")
			c.Expr(a.Seed)
			c.Write(")")
		}
	}
	if a.Kind == core.TableValueAlias && a.RenderNames {
		c.Write("(")
		for i, col := range a.Columns().All() {
			if i > 0 {
				c.Write(", ")
			}
			c.Write(c.quoteAs(c.resolve("colident", col.Name), col.Quote))
			if a.RenderTypes {
				c.Write(" ")
				c.TypeName(col.Type)
			}
		}
		c.Write(")")
	}
}

// standaloneAlias writes an alias that is compiled by itself: what it is of,
// without a name.
func (c *Compiler) standaloneAlias(a *core.Alias) {
	switch {
	case a.Kind == core.SampleAlias:
		c.alias(a)
	case a.Kind == core.LateralAlias:
		c.Write("LATERAL ")
		of := a.Of
		for {
			inner, ok := of.(*core.Alias)
			if !ok {
				break
			}
			of = inner.Of
		}
		if q, ok := of.(core.Query); ok {
			c.Write("(")
			c.query(q, queryPlace{lateral: true, compound: -1})
			c.Write(")")
			return
		}
		c.Node(of)
	default:
		of := a.Of
		if inner, ok := of.(*core.Alias); ok {
			c.standaloneAlias(inner)
			return
		}
		switch of := of.(type) {
		case core.Query:
			c.query(of, queryPlace{compound: -1})
		case *core.Func:
			c.Expr(of)
		case *core.Join:
			c.from(of)
		}
	}
}

// aliasMark stands for what an alias is of while hints are added to it.
const aliasMark = "\x00"

// aliased writes what an alias is of.
func (c *Compiler) aliased(a *core.Alias) {
	of := a.Of
	if a.Kind == core.LateralAlias || a.Lateral {
		c.Write("LATERAL ")
	}
	for { // an alias of an alias is of the same thing
		inner, ok := of.(*core.Alias)
		if !ok || inner.Kind == core.SampleAlias {
			break
		}
		if inner.Kind == core.LateralAlias && a.Kind != core.LateralAlias {
			c.Write("LATERAL ")
		}
		of = inner.Of
	}
	switch of := of.(type) {
	case core.Query:
		c.Write("(")
		c.query(of, queryPlace{asfrom: true, lateral: a.Kind == core.LateralAlias, compound: -1})
		c.Write(")")
	case *core.Func:
		c.Expr(of)
	case *core.Join:
		c.Write("(")
		c.from(of)
		c.Write(")")
	case *core.Table: // has this alias, and needs none for being ambiguous
		c.Write(c.hintedName(of, c.TableName(of)))
	case core.From:
		c.from(of)
	case core.Expr:
		c.Expr(of)
	}
}

// ValuesTable writes VALUES as a FROM object.
func (c *Compiler) ValuesTable(v *core.Values) {
	if v.Lateral {
		c.Write("LATERAL ")
	}
	c.Write("(")
	c.ValuesRows(v)
	c.Write(")")
	if v.Named {
		c.Write(" AS ", c.Quote(c.resolve("alias", v.Name)), " (")
		for i, col := range v.Columns().All() {
			if i > 0 {
				c.Write(", ")
			}
			c.Write(c.quoteAs(c.resolve("colident", col.Name), col.Quote))
		}
		c.Write(")")
	}
}

// ValuesRows writes VALUES (…), (…).
func (c *Compiler) ValuesRows(v *core.Values) {
	c.within(func(x *context) { *x = context{literal: x.literal || v.Literal} }, func() {
		c.Write("VALUES ")
		for i, row := range v.Rows {
			if i > 0 {
				c.Write(", ")
			}
			c.Write("(")
			c.List(row)
			c.Write(")")
		}
	})
}
