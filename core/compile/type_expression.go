package compile

import (
	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// decorator is the TypeDecorator that a type is on the dialect, or nil.
func (c *Compiler) decorator(t types.Type) *types.Decorator {
	if t == nil {
		return nil
	}
	d, _ := types.Variant(t, c.d.Name()).(*types.Decorator)
	return d
}

// bindExpression is the SQL that a parameter's type puts around it, or nil.
func (c *Compiler) bindExpression(b *core.Bind) core.Expr {
	d := c.decorator(b.Type)
	if d == nil || d.BindExpression == nil || b.Expanding || c.cx.wrapped == b {
		return nil
	}
	return typeExpression(d.BindExpression(d, b))
}

// columnExpression is the SQL that a column's type puts around it where rows
// are read, or nil.
func (c *Compiler) columnExpression(e core.Expr) core.Expr {
	if l, ok := e.(*core.Label); ok {
		e = l.X
	}
	d := c.decorator(e.ExprType())
	if d == nil || d.ColumnExpression == nil {
		return nil
	}
	return typeExpression(d.ColumnExpression(d, e))
}

func typeExpression(x any, err error) core.Expr {
	if err != nil {
		panic(err)
	}
	if x == nil {
		return nil
	}
	e, ok := x.(core.Expr)
	if !ok {
		exc.Raise(exc.ArgumentError, "bind_expression() and column_expression() must return a SQL expression, not %s", types.Repr(x))
	}
	return e
}
