package postgresql

import (
	"strings"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Binary writes the operators that PostgreSQL spells in its own way.
func (d *Dialect) Binary(c *compile.Compiler, x *core.Binary) bool {
	switch x.Op {
	case core.BitXorOp:
		c.Infix(x, " # ")
	case core.MatchOp, core.NotMatchOp:
		match(c, x)
	case core.RegexpMatchOp:
		regexpMatch(c, x, "~")
	case core.NotRegexpMatchOp:
		regexpMatch(c, x, "!~")
	case core.RegexpReplaceOp:
		c.Write("REGEXP_REPLACE(")
		c.Operand(x.Left, x.Op)
		c.Write(", ")
		c.List([]core.Expr{x.Right, x.Modifiers.Replacement})
		if x.Modifiers.Flags != "" {
			c.Write(", ")
			c.Value(x.Modifiers.Flags, &types.String{})
		}
		c.Write(")")
	case core.JSONItemOp:
		if d.subscripts(x) {
			c.Subscript(x)
			return true
		}
		element(c, x, " -> ", " ->> ")
	case core.JSONPathOp:
		element(c, x, " #> ", " #>> ")
	default:
		return false
	}
	return true
}

// match is full text search: the flags are the configuration's name.
func match(c *compile.Compiler, x *core.Binary) {
	if x.Op == core.NotMatchOp {
		c.Write("NOT ")
	}
	c.Operand(x.Left, x.Op)
	c.Write(" @@ plainto_tsquery(")
	if x.Modifiers.Flags != "" {
		c.Value(x.Modifiers.Flags, &types.String{})
		c.Write(", ")
	}
	c.Operand(x.Right, x.Op)
	c.Write(")")
}

func regexpMatch(c *compile.Compiler, x *core.Binary, op string) {
	switch flags := x.Modifiers.Flags; flags {
	case "":
		c.Infix(x, " "+op+" ")
	case "i":
		c.Infix(x, " "+op+"* ")
	default:
		c.Expr(x.Left)
		c.Write(" ", op, " CONCAT('(?', ")
		c.Value(flags, &types.String{})
		c.Write(", ')', ")
		c.Expr(x.Right)
		c.Write(")")
	}
}

// subscripts reports whether an element is written as document[key]: of JSONB,
// which has subscripts since PostgreSQL 14.
func (d *Dialect) subscripts(x *core.Binary) bool {
	t, ok := x.Left.ExprType().(*types.JSON)
	return ok && t.Name() == "JSONB" && (d.ServerVersion == 0 || d.ServerVersion >= 140000) && (x.Type == nil || x.Type.Affinity() == types.JSONAffinity)
}

// element is an element of a document: a document, or, for another type, its
// text cast to that.
func element(c *compile.Compiler, x *core.Binary, document, text string) {
	if x.Type == nil || x.Type.Affinity() == types.JSONAffinity {
		c.Grouped(x, document)
		return
	}
	c.Write("CAST(")
	c.Grouped(x, text)
	c.Write(" AS ")
	c.TypeName(x.Type)
	c.Write(")")
}

// Function renames what PostgreSQL calls otherwise.
func (*Dialect) Function(c *compile.Compiler, f *core.Func) bool {
	switch strings.ToLower(f.Name) {
	case "aggregate_strings":
		c.Write("string_agg")
		c.Arguments(f)
	case "substring":
		if len(f.Args) < 2 {
			return false
		}
		c.Write("SUBSTRING(")
		c.Expr(f.Args[0])
		c.Write(" FROM ")
		c.Expr(f.Args[1])
		if len(f.Args) > 2 {
			c.Write(" FOR ")
			c.Expr(f.Args[2])
		}
		c.Write(")")
	default:
		return polymorphic(c, f)
	}
	return true
}

// Other knows arrays and sequences.
func (*Dialect) Other(c *compile.Compiler, e core.Expr) bool {
	switch x := e.(type) {
	case *core.Array:
		c.Write("ARRAY[")
		c.List(x.Items)
		c.Write("]")
		if len(x.Items) == 0 && x.Type != nil {
			if a, ok := x.Type.(*types.ARRAY); ok && a.Item != nil && a.Item.Affinity() != types.Unknown {
				c.Write("::")
				c.TypeName(x.Type)
			}
		}
	case *core.NextValue:
		c.Write("nextval('", strings.ReplaceAll(c.SequenceName(x.Sequence), "'", "''"), "')")
	default:
		return false
	}
	return true
}

// Distinct knows DISTINCT ON.
func (d *Dialect) Distinct(c *compile.Compiler, s *core.Select) {
	if len(s.DistinctOn) == 0 {
		d.Base.Distinct(c, s)
		return
	}
	c.Write("DISTINCT ON (")
	c.List(s.DistinctOn)
	c.Write(") ")
}

// Limit puts what FETCH and OFFSET … ROWS count in parentheses: a parameter
// with a cast must stand so.
func (*Dialect) Limit(c *compile.Compiler, l compile.Limits) {
	if l.Fetch == nil {
		if l.Limit != nil {
			c.Write(" \n LIMIT ")
			c.Expr(l.Limit)
		}
		if l.Offset != nil {
			if l.Limit == nil {
				c.Write("\n LIMIT ALL")
			}
			c.Write(" OFFSET ")
			c.Expr(l.Offset)
		}
		return
	}
	if l.Offset != nil {
		c.Write("\n OFFSET (")
		c.Expr(l.Offset)
		c.Write(") ROWS")
	}
	c.Write("\n FETCH FIRST (")
	c.Expr(l.Fetch.Count)
	c.Write(")")
	if l.Fetch.Percent {
		c.Write(" PERCENT")
	}
	if l.Fetch.WithTies {
		c.Write(" ROWS WITH TIES")
	} else {
		c.Write(" ROWS ONLY")
	}
}

// Lock knows four strengths.
func (*Dialect) Lock(c *compile.Compiler, l *core.ForUpdate) {
	switch {
	case l.Read && l.KeyShare:
		c.Write(" FOR KEY SHARE")
	case l.Read:
		c.Write(" FOR SHARE")
	case l.KeyShare:
		c.Write(" FOR NO KEY UPDATE")
	default:
		c.Write(" FOR UPDATE")
	}
	c.LockOf(l)
	if l.NoWait {
		c.Write(" NOWAIT")
	}
	if l.SkipLocked {
		c.Write(" SKIP LOCKED")
	}
}

// Upsert is ON CONFLICT.
func (*Dialect) Upsert(c *compile.Compiler, s *core.Insert) { c.OnConflict(s, false) }

// DeleteFrom is USING.
func (*Dialect) DeleteFrom(c *compile.Compiler, _ *core.Delete, extra []core.From) {
	c.Write(" USING ")
	c.Froms(extra)
}

// FromHint knows ONLY and nothing else.
func (*Dialect) FromHint(name, hint string) string {
	if !strings.EqualFold(hint, "ONLY") {
		exc.Raise(exc.CompileError, "Unrecognized hint: %s", types.Repr(hint))
	}
	return "ONLY " + name
}
