package compile

import (
	"alchemysh/core"
)

// selectColumn writes one column of a SELECT or of RETURNING with the name
// that it must have.
func (c *Compiler) selectColumn(n core.Named, result, asfrom bool) {
	e := core.Plain(n.X)
	var targets []core.Expr
	if n.X != e {
		targets = append(targets, n.X)
	}
	c.within(func(x *context) {
		x.columns, x.inLabel, x.result, x.targets = true, false, result, targets
		x.names, x.repeated = nil, n.Repeated
	}, func() {
		if result {
			if x := c.columnExpression(e); x != nil {
				c.selectWrapped(n, e, x, targets)
				return
			}
		}
		if l, ok := e.(*core.Label); ok {
			c.Expr(l)
			return
		}
		if n.Required != "" {
			c.required(e, n, result)
			return
		}
		if _, tuple := e.(*core.Tuple); tuple && result {
			c.Raise("Most backends don't support SELECTing from a tuple() object.")
		}
		if !c.mustLabel(e, asfrom) {
			c.Expr(e)
			return
		}
		fallback := n.Fallback
		if fallback == "" {
			fallback = core.AnonName(e)
		}
		name := c.ident("colident", fallback)
		if result {
			c.addResult(string(fallback), name, e.ExprType(), append([]core.Expr{e}, targets...), []string{n.Key})
		}
		c.as(func() { c.Expr(e) }, name, quotingOf(e))
	})
}

// required writes a column with a label that tells it from another.
func (c *Compiler) required(e core.Expr, n core.Named, result bool) {
	name := c.ident("colident", n.Required)
	if result {
		c.addResult(string(n.Required), name, e.ExprType(), append([]core.Expr{e}, c.cx.targets...), []string{n.Key, string(core.QualifiedName(e))})
	}
	c.as(func() { c.Expr(e) }, name, quotingOf(e))
}

// selectWrapped writes a column inside its type's expression, under the name
// that the column would have.
func (c *Compiler) selectWrapped(n core.Named, e, x core.Expr, targets []core.Expr) {
	own := n.Required
	if own == "" {
		own = core.OwnName(e)
	}
	if own == "" {
		own = n.Fallback
	}
	if own == "" {
		own = core.AnonName(e)
	}
	name := c.ident("colident", own)
	c.addResult(string(own), name, e.ExprType(), append([]core.Expr{e}, targets...), []string{n.Key})
	c.as(func() { c.Expr(x) }, name, quotingOf(e))
}

func quotingOf(e core.Expr) core.Quoting {
	if col, ok := e.(*core.Column); ok {
		return col.Quote
	}
	return core.QuoteAsNeeded
}

// mustLabel reports whether a column without a label of its own needs one.
func (c *Compiler) mustLabel(e core.Expr, asfrom bool) bool {
	switch x := e.(type) {
	case *core.Column:
		return asfrom && !x.Literal && x.Table != nil
	case *core.Text:
		return false
	case *core.Unary:
		return unnamed(x.X) || asfrom
	case *core.AsBool:
		return !c.f.NativeBoolean || unnamed(x.X) || asfrom
	case *core.TableValued, *core.FuncColumn:
		return false
	case *core.Custom:
		return !x.Column
	}
	return true
}

func unnamed(e core.Expr) bool {
	switch x := core.Plain(e).(type) {
	case *core.Column, *core.Label, *core.FuncColumn, *core.TableValued:
		return core.OwnName(x) == ""
	}
	return true
}
