package mysql

import (
	"fmt"
	"strings"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Binary writes the operators that MySQL spells in its own way.
func (d *Dialect) Binary(c *compile.Compiler, x *core.Binary) bool {
	switch x.Op {
	case core.ConcatOp:
		c.Write("concat(")
		for i, e := range concatenated(x, nil) {
			if i > 0 {
				c.Write(", ")
			}
			c.Operand(e, core.ConcatOp)
		}
		c.Write(")")
	case core.IsDistinctOp:
		c.Write("NOT (")
		c.Infix(x, " <=> ")
		c.Write(")")
	case core.IsNotDistinctOp:
		c.Infix(x, " <=> ")
	case core.MatchOp, core.NotMatchOp:
		match(c, x)
	case core.RegexpMatchOp:
		d.regexpMatch(c, x, " REGEXP ")
	case core.NotRegexpMatchOp:
		d.regexpMatch(c, x, " NOT REGEXP ")
	case core.RegexpReplaceOp:
		d.regexpReplace(c, x)
	case core.JSONItemOp, core.JSONPathOp:
		jsonElement(c, x)
	default:
		if !x.Op.Custom || !strings.EqualFold(strings.TrimSpace(x.Op.Symbol), "SEPARATOR") {
			return false
		}
		// group_concat(x SEPARATOR ', ') as people write it, by op()
		c.InlineOnWire(func() { c.Infix(x, x.Op.Symbol) })
	}
	return true
}

// concatenated are the operands of a || b || c, as far as they are of one family
// of types.
func concatenated(x *core.Binary, to []core.Expr) []core.Expr {
	for _, side := range []core.Expr{x.Left, x.Right} {
		b, ok := core.Plain(side).(*core.Binary)
		if ok && b.Op == core.ConcatOp && b.ExprType().Affinity() == x.ExprType().Affinity() {
			to = concatenated(b, to)
		} else {
			to = append(to, side)
		}
	}
	return to
}

// match is MATCH … AGAINST.
func match(c *compile.Compiler, x *core.Binary) {
	if x.Op == core.NotMatchOp {
		c.Write("NOT ")
	}
	c.Write("MATCH (")
	if t, ok := core.Plain(x.Left).(*core.Tuple); ok {
		c.List(t.Items)
	} else {
		c.Operand(x.Left, x.Op)
	}
	c.Write(") AGAINST (")
	c.Operand(x.Right, x.Op)
	mode := x.Modifiers.Against
	if mode == 0 {
		mode = core.AgainstBoolean
	}
	has := func(m core.AgainstMode) bool { return mode&m != 0 }
	if has(core.AgainstBoolean) && (has(core.AgainstNatural) || has(core.AgainstExpansion)) {
		c.Raise("Invalid MySQL match flags: in_boolean_mode=%t, in_natural_language_mode=%t, with_query_expansion=%t",
			true, has(core.AgainstNatural), has(core.AgainstExpansion))
	}
	for _, m := range []struct {
		mode core.AgainstMode
		text string
	}{{core.AgainstBoolean, " IN BOOLEAN MODE"}, {core.AgainstNatural, " IN NATURAL LANGUAGE MODE"}, {core.AgainstExpansion, " WITH QUERY EXPANSION"}} {
		if has(m.mode) {
			c.Write(m.text)
		}
	}
	c.Write(")")
}

func (d *Dialect) regexpMatch(c *compile.Compiler, x *core.Binary, op string) {
	flags := x.Modifiers.Flags
	switch {
	case flags == "":
		c.Infix(x, op)
	case d.MariaDB:
		c.Operand(x.Left, x.Op)
		c.Write(op)
		d.flagged(c, x)
	default:
		if op == " NOT REGEXP " {
			c.Write("NOT ")
		}
		c.Write("REGEXP_LIKE(")
		c.Operand(x.Left, x.Op)
		c.Write(", ")
		c.Operand(x.Right, x.Op)
		c.Write(", ")
		c.Value(flags, &types.String{})
		c.Write(")")
	}
}

// flagged is MariaDB's way: the flags begin the pattern.
func (*Dialect) flagged(c *compile.Compiler, x *core.Binary) {
	c.Write("CONCAT('(?', ")
	c.Value(x.Modifiers.Flags, &types.String{})
	c.Write(", ')', ")
	c.Expr(x.Right)
	c.Write(")")
}

func (d *Dialect) regexpReplace(c *compile.Compiler, x *core.Binary) {
	flags := x.Modifiers.Flags
	c.Write("REGEXP_REPLACE(")
	c.Operand(x.Left, x.Op)
	c.Write(", ")
	if flags != "" && d.MariaDB {
		d.flagged(c, x)
	} else {
		c.Expr(x.Right)
	}
	c.Write(", ")
	c.Expr(x.Modifiers.Replacement)
	if flags != "" && !d.MariaDB {
		c.Write(", ")
		c.Value(flags, &types.String{})
	}
	c.Write(")")
}

// jsonElement is JSON_EXTRACT; of another type than JSON with what turns the
// document into that type, JSON's null into NULL.
func jsonElement(c *compile.Compiler, x *core.Binary) {
	extract := func() {
		c.Write("JSON_EXTRACT(")
		c.Operand(x.Left, x.Op)
		c.Write(", ")
		c.Operand(x.Right, x.Op)
		c.Write(")")
	}
	if x.Type == nil || x.Type.Affinity() == types.JSONAffinity {
		extract()
		return
	}
	c.Write("CASE ")
	extract()
	c.Write(" WHEN 'null' THEN NULL ")
	switch x.Type.Affinity() {
	case types.BooleanAffinity:
		c.Write("WHEN true THEN true ELSE false")
	case types.IntegerAffinity:
		c.Write("ELSE CAST(")
		extract()
		c.Write(" AS SIGNED INTEGER)")
	case types.NumericAffinity:
		c.Write("ELSE ")
		if n, ok := x.Type.(*types.Numeric); ok && n.Precision > 0 && n.Scale != nil {
			c.Write("CAST(")
			extract()
			c.Write(fmt.Sprintf(" AS DECIMAL(%d, %d))", n.Precision, *n.Scale))
		} else {
			extract()
			c.Write("+0.0000000000000000000000")
		}
	case types.StringAffinity:
		c.Write("ELSE JSON_UNQUOTE(")
		extract()
		c.Write(")")
	default:
		c.Write("ELSE ")
		extract()
	}
	c.Write(" END")
}

// Function renames what MySQL calls otherwise.
func (*Dialect) Function(c *compile.Compiler, f *core.Func) bool {
	switch strings.ToLower(f.Name) {
	case "random":
		c.Write("rand")
		c.Arguments(f)
	case "sysdate":
		c.Write("SYSDATE()")
	case "rollup":
		c.List(f.Args)
		c.Write(" WITH ROLLUP")
	case "aggregate_strings":
		if len(f.Args) != 2 {
			return false
		}
		c.Write("group_concat(")
		c.Expr(f.Args[0])
		if len(f.OrderBy) > 0 {
			c.Write(" ORDER BY ")
			c.List(f.OrderBy)
		}
		c.Write(" SEPARATOR ")
		c.InlineOnWire(func() { c.Expr(f.Args[1]) })
		c.Write(")")
	case "percentile_cont", "percentile_disc":
		c.Write(f.Name)
		c.InlineOnWire(func() { c.Arguments(f) })
	default:
		return false
	}
	return true
}

// Cast knows few types; to others a value is not cast at all.
func (d *Dialect) Cast(c *compile.Compiler, x *core.Cast) bool {
	name := d.castType(x.Type)
	if name == "" {
		d.spelt(x.Type) // a type that MySQL has not is refused all the same
		c.Operand(x.X, nil)
		return true
	}
	c.Write("CAST(")
	c.Expr(x.X)
	c.Write(" AS ", name, ")")
	return true
}

// castType is a type as CAST knows it, "" for one that it does not know.
func (d *Dialect) castType(t types.Type) string {
	t = types.Variant(t, d.variant(t))
	switch t := t.(type) {
	case *types.Decorator:
		under, err := t.On(d.name)
		if err != nil {
			panic(exc.Of(err))
		}
		return d.castType(under)
	case *types.Integer:
		if t.Unsigned {
			return "UNSIGNED INTEGER"
		}
		return "SIGNED INTEGER"
	case *types.IntervalType:
		return "DATETIME"
	case *types.DateTimeType:
		if t.Name() == "TIMESTAMP" {
			return "DATETIME"
		}
		return d.spelt(t)
	case *types.DateType, *types.TimeType:
		return d.spelt(t)
	case *types.Numeric:
		return strings.Replace(d.spelt(t), "NUMERIC", "DECIMAL", 1)
	case *types.String:
		char := types.String{Class: types.CHAR, Length: t.Length, Charset: t.Charset, Collation: t.Collation, ASCII: t.ASCII, Unicode: t.Unicode}
		return d.spelt(&char)
	case *types.LargeBinary:
		return "BINARY"
	case *types.JSON:
		return "JSON"
	case *types.Float:
		if d.floatCast() {
			return d.spelt(t)
		}
	}
	return ""
}

// spelt is TypeName, for the inside of a compilation.
func (d *Dialect) spelt(t types.Type) string {
	s, err := d.TypeName(t)
	if err != nil {
		if e := exc.Of(err); e != nil {
			panic(e)
		}
		exc.Raise(exc.CompileError, "%s", err)
	}
	return s
}

func (d *Dialect) floatCast() bool {
	if d.MariaDB {
		return d.atLeast(10, 4, 5)
	}
	return d.atLeast(8, 0, 17)
}

// Other knows sequences, which are MariaDB's.
func (*Dialect) Other(c *compile.Compiler, e core.Expr) bool {
	x, ok := e.(*core.NextValue)
	if ok {
		c.Write("nextval(", c.SequenceName(x.Sequence), ")")
	}
	return ok
}

// Limit is LIMIT offset, count.
func (d *Dialect) Limit(c *compile.Compiler, l compile.Limits) {
	if l.Fetch != nil {
		d.Base.Limit(c, l)
		return
	}
	c.Write(" \n LIMIT ")
	if l.Offset != nil {
		c.Expr(l.Offset)
		c.Write(", ")
		if l.Limit == nil {
			c.Write("18446744073709551615")
			return
		}
	}
	c.Expr(l.Limit)
}

// Lock knows OF on MySQL 8 only.
func (d *Dialect) Lock(c *compile.Compiler, l *core.ForUpdate) {
	if l.Read {
		c.Write(" LOCK IN SHARE MODE")
	} else {
		c.Write(" FOR UPDATE")
	}
	if !d.MariaDB && d.atLeast(8, 0, 1) {
		c.LockOf(l)
	}
	if l.NoWait {
		c.Write(" NOWAIT")
	}
	if l.SkipLocked {
		c.Write(" SKIP LOCKED")
	}
}

// Upsert is ON DUPLICATE KEY UPDATE. The row that could not be inserted is
// VALUES(column), or, on MySQL from 8.0.20, an alias.
func (d *Dialect) Upsert(c *compile.Compiler, s *core.Insert) {
	u := s.Upsert
	alias := !d.MariaDB && d.atLeast(8, 0, 20)
	mentioned := false
	set := c.UpsertSet(s)
	out := make([]core.Assignment, len(set))
	for i, a := range set {
		out[i] = a
		x, ok := a.Value.(core.Expr)
		if !ok || u.Excluded == nil {
			continue
		}
		out[i].Value = core.Replace(x, func(n core.Node) core.Node {
			col, ok := n.(*core.Column)
			if !ok || col.Table == nil || core.PlainFrom(col.Table) != core.From(u.Excluded) {
				return nil
			}
			mentioned = true
			text := "VALUES(" + c.Quote(string(col.Name)) + ")"
			if alias {
				text = "new." + c.Quote(string(col.Name))
			}
			return &core.Column{Name: core.Name(text), Literal: true, Type: col.Type}
		})
	}
	if alias && mentioned {
		c.Write("AS new ")
	}
	c.Write("ON DUPLICATE KEY UPDATE ")
	for i, a := range out {
		if i > 0 {
			c.Write(", ")
		}
		c.Assign(a, " = ")
	}
}

// DeleteFrom is USING, with the table itself once more.
func (*Dialect) DeleteFrom(c *compile.Compiler, s *core.Delete, extra []core.From) {
	c.Write(" USING ")
	c.Froms(append([]core.From{s.Table}, extra...))
}

// FromHint follows the table.
func (*Dialect) FromHint(name, hint string) string { return name + " " + hint }

// DefaultFrom is FROM DUAL where there are conditions, as SQLAlchemy writes it.
func (*Dialect) DefaultFrom(s *core.Select) string {
	if len(s.Criteria) > 0 {
		return " FROM DUAL"
	}
	return ""
}

// JoinKeyword says INNER.
func (d *Dialect) JoinKeyword(j *core.Join) string {
	if j.Full || j.Outer {
		return d.Base.JoinKeyword(j)
	}
	return " INNER JOIN "
}
