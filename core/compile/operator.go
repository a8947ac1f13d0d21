package compile

import (
	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

func (c *Compiler) unary(x *core.Unary) {
	if c.cx.result {
		c.cx.targets = append(c.cx.targets[:len(c.cx.targets):len(c.cx.targets)], x)
	}
	if c.d.Unary(c, x) {
		return
	}
	if x.Postfix {
		c.Operand(x.X, x.Op)
		c.Write(x.Op.Symbol)
		return
	}
	c.Write(x.Op.Symbol)
	c.Operand(x.X, x.Op)
}

func (c *Compiler) binary(x *core.Binary) {
	if c.d.Binary(c, x) {
		return
	}
	switch x.Op {
	case core.DivOp:
		c.Operand(x.Left, x.Op)
		c.Write(" / ")
		if c.f.DivIsFloorDiv {
			t := x.Right.ExprType()
			if t == nil || t.Affinity() != types.NumericAffinity {
				t = &types.Numeric{}
			}
			c.CastOperand(x.Right, x.Op, t)
			return
		}
		c.Operand(x.Right, x.Op)
	case core.FloorDivOp:
		if c.f.DivIsFloorDiv && isInteger(x.Left) && isInteger(x.Right) {
			c.sides(x, " / ")
			return
		}
		c.Write("FLOOR(")
		c.sides(x, " / ")
		c.Write(")")
	case core.ModOp:
		c.sides(x, x.Op.Symbol)
	case core.InOp, core.NotInOp:
		c.in(x)
	case core.BetweenOp, core.NotBetweenOp:
		symbol := x.Op.Symbol
		if x.Modifiers.Symmetric {
			symbol += "SYMMETRIC "
		}
		c.within(func(x *context) { x.operand = true }, func() {
			c.Operand(x.Left, x.Op)
			c.Write(symbol)
			bounds := x.Right.(*core.ExprList)
			c.Expr(bounds.Items[0])
			c.Write(" AND ")
			c.Expr(bounds.Items[1])
		})
	case core.LikeOp, core.NotLikeOp:
		c.sides(x, x.Op.Symbol)
		c.escape(x)
	case core.ILikeOp, core.NotILikeOp:
		c.ilike(x, x.Left, x.Right)
	case core.StartsWithOp, core.NotStartsWithOp, core.EndsWithOp, core.NotEndsWithOp, core.ContainsOp, core.NotContainsOp,
		core.IStartsWithOp, core.NotIStartsWithOp, core.IEndsWithOp, core.NotIEndsWithOp, core.IContainsOp, core.NotIContainsOp:
		c.affix(x)
	case core.RegexpMatchOp, core.NotRegexpMatchOp:
		if !c.f.StringDialect {
			c.Raise("%s dialect does not support regular expressions", c.d.Name())
		}
		c.Infix(x, x.Op.Symbol)
	case core.RegexpReplaceOp:
		if !c.f.StringDialect {
			c.Raise("%s dialect does not support regular expression replacements", c.d.Name())
		}
		c.Write("<regexp replace>(")
		c.Operand(x.Left, x.Op)
		c.Write(", ")
		c.Expr(x.Right)
		c.Write(", ")
		c.Expr(x.Modifiers.Replacement)
		c.Write(")")
	case core.GetItemOp, core.JSONItemOp, core.JSONPathOp:
		switch {
		case c.f.StringDialect:
		case x.Op == core.GetItemOp && !c.f.Subscripts:
			exc.Raise(exc.UnsupportedCompilation, "Compiler for dialect '%s' can't render element of type getitem", c.d.Name())
		case x.Op != core.GetItemOp:
			exc.Raise(exc.NotImplementedError, "%s dialect does not support JSON elements", c.d.Name())
		}
		c.Subscript(x)
	case core.FuncAsBinary:
		c.Expr(x.Left)
	case core.NotMatchOp:
		c.Write("NOT ")
		c.Infix(x, core.MatchOp.Symbol)
	default:
		if x.Op.Eager {
			c.Grouped(x, x.Op.Symbol)
			return
		}
		c.Infix(x, x.Op.Symbol)
	}
}

// Subscript writes left[right].
func (c *Compiler) Subscript(x *core.Binary) {
	switch core.Plain(x.Left).(type) {
	case *core.Func, *core.Cast, *core.Bind: // a parameter may bear a cast
		if x.Op == core.JSONItemOp && !c.f.StringDialect {
			c.Write("(")
			c.Expr(x.Left)
			c.Write(")")
			break
		}
		c.Operand(x.Left, x.Op)
	default:
		c.Operand(x.Left, x.Op)
	}
	c.Write("[")
	c.Expr(x.Right)
	c.Write("]")
}

func isInteger(e core.Expr) bool {
	t := e.ExprType()
	return t != nil && t.Affinity() == types.IntegerAffinity
}

// Infix writes left symbol right.
func (c *Compiler) Infix(x *core.Binary, symbol string) {
	c.within(func(x *context) { x.operand = true }, func() { c.sides(x, symbol) })
}

func (c *Compiler) sides(x *core.Binary, symbol string) {
	c.Operand(x.Left, x.Op)
	c.Write(symbol)
	c.Operand(x.Right, x.Op)
}

// Grouped writes an operator's expression that must stand in parentheses
// beside any other operator: PostgreSQL's -> binds unlike its standing in the
// table of operators.
func (c *Compiler) Grouped(x *core.Binary, symbol string) {
	if !c.cx.operand {
		c.Infix(x, symbol)
		return
	}
	c.Write("(")
	c.Infix(x, symbol)
	c.Write(")")
}

// CastOperand writes CAST(e AS t), e as an operand of op.
func (c *Compiler) CastOperand(e core.Expr, op *core.Operator, t types.Type) {
	c.Write("CAST(")
	c.Operand(e, op)
	c.Write(" AS ")
	c.TypeName(t)
	c.Write(")")
}

// CastValue writes CAST(e AS t) through the dialect.
func (c *Compiler) CastValue(e core.Expr, t types.Type) { c.Expr(&core.Cast{X: e, Type: t}) }

func (c *Compiler) escape(x *core.Binary) {
	if x.Modifiers.HasEscape {
		c.Write(" ESCAPE ")
		c.Value(x.Modifiers.Escape, &types.String{})
	}
}

// ilike compares without regard to case: ILIKE, or both sides in lower case.
func (c *Compiler) ilike(x *core.Binary, left, right core.Expr) {
	negated := x.Op.Symbol == " NOT ILIKE "
	if c.f.ILike {
		op := core.ILikeOp
		if negated {
			op = core.NotILikeOp
		}
		c.sides(&core.Binary{Op: op, Left: left, Right: right}, op.Symbol)
	} else {
		symbol := " LIKE "
		if negated {
			symbol = " NOT LIKE "
		}
		c.sides(&core.Binary{Op: core.LikeOp, Left: c.lower(left, x.Op), Right: c.lower(right, x.Op)}, symbol)
	}
	c.escape(x)
}

// lower is the operand of a comparison that ignores case: in the parentheses
// that it has beside the operator.
func (c *Compiler) lower(e core.Expr, against *core.Operator) core.Expr {
	if c.f.ILike {
		return e
	}
	if needsParens(e, against) {
		e = &core.Grouping{X: e}
	}
	return &core.Func{Name: "lower", Args: []core.Expr{e}, Type: &types.String{}}
}

var percent = &core.Column{Name: "'%'", Literal: true, Type: &types.String{}}

// affix writes startswith, endswith and contains: LIKE with % concatenated.
func (c *Compiler) affix(x *core.Binary) {
	insensitive := x.Op.Symbol == " ILIKE " || x.Op.Symbol == " NOT ILIKE "
	left, right := x.Left, x.Right
	if needsParens(right, x.Op) && !isConcatenation(right) && (!insensitive || c.f.ILike) {
		right = &core.Grouping{X: right}
	}
	if insensitive {
		left, right = c.lower(left, x.Op), c.lower(right, x.Op)
	}
	concat := func(a, b core.Expr) core.Expr { return core.Concat(a, b) }
	switch x.Op {
	case core.StartsWithOp, core.NotStartsWithOp, core.IStartsWithOp, core.NotIStartsWithOp:
		right = concat(right, percent)
	case core.EndsWithOp, core.NotEndsWithOp, core.IEndsWithOp, core.NotIEndsWithOp:
		right = concat(percent, right)
	default:
		right = concat(concat(percent, right), percent)
	}
	symbol := " LIKE "
	if x.Op.Symbol == " NOT LIKE " || x.Op.Symbol == " NOT ILIKE " {
		symbol = " NOT LIKE "
	}
	if insensitive && c.f.ILike {
		symbol = x.Op.Symbol
	}
	c.Operand(left, x.Op)
	c.Write(symbol)
	c.Expr(right)
	c.escape(x)
}

// isConcatenation reports whether e is a || b, to which more is concatenated
// without parentheses.
func isConcatenation(e core.Expr) bool {
	b, ok := core.Plain(e).(*core.Binary)
	return ok && b.Op == core.ConcatOp
}

func (c *Compiler) in(x *core.Binary) {
	negated := x.Op == core.NotInOp
	if negated {
		c.Write("(")
	}
	c.Infix(x, x.Op.Symbol)
	if negated {
		c.Write(")")
	}
}
