package compile

import (
	"alchemysh/core"
	"alchemysh/core/types"
)

// OnConflict writes ON CONFLICT … DO NOTHING or DO UPDATE, as SQLite and
// PostgreSQL have it. literalTarget writes the values in the target's WHERE
// into the SQL: SQLite must see them to find the partial index. It has no names
// of constraints in the target either.
func (c *Compiler) OnConflict(s *core.Insert, literalTarget bool) {
	u := s.Upsert
	c.Write("ON CONFLICT ")
	c.conflictTarget(u, literalTarget)
	if u.DoNothing {
		c.Write("DO NOTHING")
		return
	}
	if (u.Constraint == "" || literalTarget) && len(u.Target) == 0 {
		c.Write(" ") // as SQLAlchemy, which writes an empty target
	}
	c.Write("DO UPDATE SET ")
	for i, a := range c.UpsertSet(s) {
		if i > 0 {
			c.Write(", ")
		}
		c.Assign(a, " = ")
	}
	if u.Where != nil {
		c.Write(" WHERE ")
		c.Expr(u.Where)
	}
}

func (c *Compiler) conflictTarget(u *core.Upsert, literal bool) {
	if u.Constraint != "" && !literal {
		c.Write("ON CONSTRAINT ", c.Quote(u.Constraint), " ")
		return
	}
	if len(u.Target) == 0 {
		return
	}
	c.Bare(func() {
		c.Write("(")
		for i, n := range u.Target {
			if i > 0 {
				c.Write(", ")
			}
			switch x := n.(type) {
			case *core.Column:
				c.Write(c.quoteAs(string(x.Name), x.Quote))
			case core.Expr:
				c.Expr(x)
			}
		}
		c.Write(") ")
		if u.TargetWhere != nil {
			c.Write("WHERE ")
			c.within(func(x *context) { x.execute = literal }, func() { c.Expr(u.TargetWhere) })
			c.Write(" ")
		}
	})
}

// UpsertSet are the assignments of an upsert: in the order of the table's
// columns unless the person gave one.
func (c *Compiler) UpsertSet(s *core.Insert) []core.Assignment {
	t := tableOf(s.Table)
	if s.Upsert.OrderedSet || t == nil {
		return s.Upsert.Set
	}
	left := append([]core.Assignment(nil), s.Upsert.Set...)
	var out []core.Assignment
	for _, col := range t.Columns().All() {
		for i := range left {
			if assigned(left[i], t) == col {
				out = append(out, left[i])
				left = append(left[:i], left[i+1:]...)
				break
			}
		}
	}
	return append(out, left...) // names that are no columns of the table
}

// assigned is the column of t that an assignment is to, nil if none.
func assigned(a core.Assignment, t *core.Table) *core.Column {
	if a.Column != nil {
		col, _ := core.Plain(a.Column).(*core.Column)
		return col
	}
	if col, ok := t.Columns().Get(a.Key); ok {
		return col
	}
	return nil
}

// Assign writes column sep value of an upsert's SET.
func (c *Compiler) Assign(a core.Assignment, sep string) {
	var t types.Type
	col := assigned(a, c.insertTable())
	switch {
	case col != nil:
		t = col.ExprType()
		c.Write(c.quoteAs(string(col.Name), col.Quote))
	case a.Column != nil:
		t = a.Column.ExprType()
		c.Bare(func() { c.Expr(a.Column) })
	default:
		c.Write(c.Quote(a.Key))
	}
	c.Write(sep)
	switch x := a.Value.(type) {
	case *core.Bind:
		if t != nil && (x.Type == nil || x.Type.Affinity() == types.Unknown) {
			typed := *x
			typed.Type = t
			c.bindKeyed(&typed, x)
			return
		}
		c.Expr(x)
	case core.Expr:
		c.Operand(x, nil)
	default:
		if t == nil {
			t = types.Of(x)
		}
		c.bindKeyed(&core.Bind{Key: "param", Unique: true, Value: x, Type: t}, a.Bound())
	}
}

// insertTable is the table of the INSERT that is being written.
func (c *Compiler) insertTable() *core.Table {
	for i := len(c.stack) - 1; i >= 0; i-- {
		if s, ok := c.stack[i].query.(*core.Insert); ok {
			return tableOf(s.Table)
		}
	}
	return nil
}
