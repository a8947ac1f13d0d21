package compile

import (
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Expr writes an expression that stands alone: no operator beside it.
func (c *Compiler) Expr(e core.Expr) {
	c.deeper()
	c.expr(e)
	c.depth--
}

func (c *Compiler) expr(e core.Expr) {
	if c.ruled(e) {
		return
	}
	switch x := e.(type) {
	case *core.Column:
		c.column(x)
		return
	case *core.Label:
		c.label(x)
		return
	case *core.Annotated:
		c.Expr(x.X)
		return
	case *core.LabelRef:
		c.labelRef(x)
		return
	case *core.Text:
		c.handwritten(x)
		return
	case *core.Unary:
		c.unary(x)
		return
	}
	// A name for the result was asked of this expression, and it has none.
	c.cx.result = false
	switch x := e.(type) {
	case *core.Bind:
		c.bind(x)
	case *core.Null:
		c.Write("NULL")
	case *core.BoolConst:
		c.boolean(x.Value)
	case *core.Cast:
		if x.Try && !c.f.StringDialect {
			c.cannot("TryCast")
		}
		if !c.d.Cast(c, x) {
			c.CastTo(x)
		}
	case *core.TypeCoerce:
		c.Expr(retyped(x))
	case *core.Case:
		c.caseWhen(x)
	case *core.Extract:
		if !c.d.Extract(c, x) {
			c.Write("EXTRACT(", x.Field, " FROM ")
			c.Expr(x.X)
			c.Write(")")
		}
	case *core.Func:
		c.Func(x)
	case *core.Over:
		c.over(x)
	case *core.Filter:
		c.Expr(x.X)
		c.Write(" FILTER (WHERE ")
		c.Expr(x.Where)
		c.Write(")")
	case *core.WithinGroup:
		c.Expr(x.X)
		c.Write(" WITHIN GROUP (ORDER BY ")
		c.List(x.OrderBy)
		c.Write(")")
	case *core.AsBool:
		c.asBool(x)
	case *core.Binary:
		c.binary(x)
	case *core.BoolList:
		c.boolList(x)
	case *core.ExprList:
		if x.Group {
			c.Write("(")
		}
		for i, item := range x.Items {
			if i > 0 {
				c.Write(x.Sep.Symbol)
			}
			c.Operand(item, x.Sep)
		}
		if x.Group {
			c.Write(")")
		}
	case *core.Tuple:
		c.Write("(")
		c.List(x.Items)
		c.Write(")")
	case *core.Slice:
		c.Expr(x.Start)
		c.Write(":")
		c.Expr(x.Stop)
	case *core.Collation:
		c.d.Collation(c, x.Name)
	case *core.ScalarSelect:
		c.Write("(")
		c.nested(x.Query)
		c.Write(")")
	case *core.Grouping:
		c.Write("(")
		c.Expr(x.X)
		c.Write(")")
	case *core.ScalarValues:
		c.Write("(")
		c.ValuesRows(core.PlainFrom(x.Of).(*core.Values))
		c.Write(")")
	case *core.Exists:
		c.Write("EXISTS (")
		c.nested(x.Query)
		c.Write(")")
	case *core.Quantified:
		c.Write(x.Op.Symbol)
		c.Operand(x.X, x.Op)
	case *core.TableValued:
		c.tableValued(x)
	case *core.FuncColumn:
		c.Write("(")
		c.Expr(x.Fn)
		c.Write(").", c.Quote(x.Name))
	case *core.Array:
		if !c.d.Other(c, x) {
			c.array(x)
		}
	case *core.AggregateOrderBy:
		if !c.f.Subscripts && !c.f.StringDialect {
			c.cannot("aggregate_order_by")
		}
		c.Expr(x.X)
		c.Write(" ORDER BY ")
		c.List(x.By)
	case *core.NextValue:
		if !c.d.Other(c, x) {
			if !c.f.StringDialect {
				exc.Raise(exc.NotImplementedError, "Dialect '%s' does not support sequence increments.", c.d.Name())
			}
			c.Write("<next sequence value: ", c.sequenceName(x.Sequence), ">")
		}
	case *core.Custom:
		c.custom(x)
	default:
		exc.Raise(exc.UnsupportedCompilation, "Compiler can't render element of type %T", e)
	}
}

// cannot refuses what only another database has.
func (c *Compiler) cannot(what string) {
	exc.Raise(exc.UnsupportedCompilation, "Compiler for dialect '%s' can't render element of type %s", c.d.Name(), what)
}

// array writes ARRAY[…], which is PostgreSQL's, for people to read: as
// PostgreSQL has it, parameters included.
func (c *Compiler) array(x *core.Array) {
	if !c.f.StringDialect {
		c.cannot("array")
	}
	c.within(func(cx *context) { cx.pyformat = true }, func() {
		c.Write("ARRAY[")
		c.List(x.Items)
		c.Write("]")
	})
	if a, ok := x.Type.(*types.ARRAY); ok && len(x.Items) == 0 && a.Item != nil && a.Item.Affinity() != types.Unknown {
		c.Write("::")
		c.TypeName(a.Item)
		c.Write("[]")
	}
}

func (c *Compiler) sequenceName(s *core.Sequence) string {
	name := c.quoteAs(s.Name, s.Quote)
	schema := s.Schema
	if to, ok := c.opts.SchemaTranslate[schema]; ok {
		schema = to
	}
	if schema != "" {
		return c.Quote(schema) + "." + name
	}
	return name
}

// SequenceName is a sequence's name with its schema, quoted.
func (c *Compiler) SequenceName(s *core.Sequence) string { return c.sequenceName(s) }

// List writes expressions with commas between them.
func (c *Compiler) List(es []core.Expr) {
	for i, e := range es {
		if i > 0 {
			c.Write(", ")
		}
		c.Expr(e)
	}
}

// Operand writes an expression beside the operator against (nil: any), in
// parentheses where it binds less tightly.
func (c *Compiler) Operand(e core.Expr, against *core.Operator) {
	if needsParens(e, against) && !c.byLabel(e) {
		c.Write("(")
		old := c.cx.result
		c.cx.result = false
		c.Expr(e)
		c.cx.result = old
		c.Write(")")
		return
	}
	c.Expr(e)
}

// byLabel reports whether e is written as the name of its label alone.
func (c *Compiler) byLabel(e core.Expr) bool {
	return c.cx.labelAs != nil && core.Plain(e) == c.cx.labelAs && !(c.cx.columns && !c.cx.inLabel)
}

func needsParens(e core.Expr, against *core.Operator) bool {
	quantifies := against == core.AnyOp || against == core.AllOp
	switch x := e.(type) {
	case *core.Annotated:
		return needsParens(x.X, against)
	case *core.Label:
		return needsParens(x.X, against)
	case *core.LabelRef:
		return x.X != nil && needsParens(x.X, against)
	case *core.TypeCoerce:
		return needsParens(x.X, against)
	case *core.Binary:
		return x.Op.Binds(against) || against == core.NotOp
	case *core.BoolList:
		return len(x.Items) > 0 && x.Op.Binds(against)
	case *core.Unary:
		return !x.Postfix && x.Op.Binds(against)
	case *core.Exists:
		return core.ExistsOp.Binds(against)
	case *core.Quantified:
		return x.Op.Binds(against)
	case *core.Filter:
		return core.FilterOp.Binds(against)
	case *core.Text:
		return against == core.InOp || against == core.NotInOp
	case *core.Func:
		if against == core.GetItemOp {
			return x.Type != nil && x.Type.Affinity() == types.ArrayAffinity
		}
		return quantifies
	case *core.Array:
		return quantifies || against == core.GetItemOp
	case *core.Column, *core.Bind, *core.Cast, *core.Case, *core.Null, *core.BoolConst, *core.Extract, *core.Over:
		return quantifies
	}
	return false
}

// retyped is what type_coerce is of, a parameter taking the new type.
func retyped(x *core.TypeCoerce) core.Expr {
	if b, ok := core.Plain(x.X).(*core.Bind); ok {
		return b
	}
	return x.X
}

func (c *Compiler) column(x *core.Column) {
	name := x.Name
	if c.cx.result {
		c.addResult(string(name), c.resolve("colident", name), x.ExprType(), append([]core.Expr{x}, c.cx.targets...), append([]string{x.Key, string(core.QualifiedName(x))}, c.cx.names...))
		c.cx.result = false
	}
	if x.Table != nil && !c.cx.bare {
		f := core.PlainFrom(x.Table)
		if t, ok := f.(*core.Table); ok {
			if alias := c.tableAlias(t); alias != "" {
				c.Write(alias, ".")
			} else {
				c.Write(c.TableName(t), ".")
			}
		} else if n, ok := core.FromName(f); ok {
			c.Write(c.quoteAs(c.resolve("alias", n), core.FromQuoting(f)), ".")
		}
	}
	if x.Literal {
		c.Write(string(name))
		return
	}
	c.Write(c.quoteAs(c.resolve("colident", name), x.Quote))
}

// addResult names one column of the result.
func (c *Compiler) addResult(key, name string, t types.Type, targets []core.Expr, names []string) {
	if key == "" || key == "*" {
		c.matching = MatchCount
	}
	if c.cx.repeated {
		targets, names = nil, nil
	}
	c.results = append(c.results, ResultColumn{Name: name, Key: key, Targets: targets, Names: names, Type: t})
}

func (c *Compiler) label(x *core.Label) {
	only := c.cx.labelAs == core.Expr(x)
	withAs := c.cx.columns && !c.cx.inLabel
	if !only && !withAs {
		c.within(func(cx *context) { cx.columns = false; cx.result = false }, func() { c.Expr(x.X) })
		return
	}
	name := c.resolve("colident", x.Name)
	if only && !withAs {
		c.Write(c.quoteAs(name, x.Quote))
		return
	}
	if c.cx.result {
		c.addResult(string(x.Name), name, x.ExprType(), append([]core.Expr{x}, c.cx.targets...), c.cx.names)
	}
	c.as(func() { c.Operand(x.X, core.AsOp) }, name, x.Quote)
}

// as writes AS name after what write does.
func (c *Compiler) as(write func(), name string, q core.Quoting) {
	c.within(func(cx *context) { cx.columns, cx.inLabel, cx.result = true, true, false }, write)
	c.Write(" AS ", c.quoteAs(name, q))
}

// handwritten writes text(), its :names as parameters.
func (c *Compiler) handwritten(x *core.Text) {
	if c.cx.result {
		c.addResult("", "", x.ExprType(), append([]core.Expr{x}, c.cx.targets...), nil)
		c.cx.result = false
	}
	byName := map[string]*core.Bind{}
	for _, e := range x.Binds {
		if b, ok := e.(*core.Bind); ok {
			byName[b.Key] = b
		}
	}
	for _, p := range core.SplitText(x.SQL) {
		if !p.Bind {
			c.Write(p.Text)
			continue
		}
		b := byName[p.Text]
		if b == nil {
			b = &core.Bind{Key: p.Text, Required: true, Type: &types.NullType{}}
			byName[p.Text] = b
		}
		c.bind(b)
	}
}

func (c *Compiler) boolean(v bool) {
	switch {
	case (c.f.NativeBoolean || c.f.BooleanWords) && v:
		c.Write("true")
	case c.f.NativeBoolean || c.f.BooleanWords:
		c.Write("false")
	case v:
		c.Write("1")
	default:
		c.Write("0")
	}
}

func (c *Compiler) asBool(x *core.AsBool) {
	want := x.Op == core.IsTrueOp
	if c.f.NativeBoolean || isComparison(x.X) {
		if !want {
			c.Write("NOT ")
		}
		c.Expr(x.X)
		return
	}
	c.Expr(x.X)
	if want {
		c.Write(" = 1")
	} else {
		c.Write(" = 0")
	}
}

// isComparison reports whether e is true or false whatever the database has for
// booleans.
func isComparison(e core.Expr) bool {
	if g, ok := e.(*core.Grouping); ok {
		e = g.X
	}
	b, ok := core.Plain(e).(*core.Binary)
	return ok && b.Op.Comparison
}

// CastTo writes CAST(x AS type).
func (c *Compiler) CastTo(x *core.Cast) {
	if x.Try {
		c.Write("TRY_")
	}
	c.Write("CAST(")
	c.Expr(x.X)
	name, err := c.d.TypeName(x.Type)
	if err != nil {
		panic(err)
	}
	// a collation is no part of the type that CAST takes
	name, collation, ok := strings.Cut(name, " COLLATE ")
	c.Write(" AS ", name, ")")
	if ok {
		c.Write(" COLLATE ", collation)
	}
}

func (c *Compiler) caseWhen(x *core.Case) {
	c.Write("CASE ")
	if x.Value != nil {
		c.Expr(x.Value)
		c.Write(" ")
	}
	for _, w := range x.Whens {
		c.Write("WHEN ")
		c.Operand(w.If, nil)
		c.Write(" THEN ")
		c.Expr(w.Then)
		c.Write(" ")
	}
	if x.Else != nil {
		c.Write("ELSE ")
		c.Expr(x.Else)
		c.Write(" ")
	}
	c.Write("END")
}

func (c *Compiler) over(x *core.Over) {
	c.Expr(x.X)
	// The frame's bounds are named before what is written before them.
	frame := c.capture(func() { c.frame(x) })
	c.Write(" OVER (")
	sep := ""
	if len(x.PartitionBy) > 0 {
		c.Write("PARTITION BY ")
		c.List(x.PartitionBy)
		sep = " "
	}
	if len(x.OrderBy) > 0 {
		c.Write(sep, "ORDER BY ")
		c.List(x.OrderBy)
		sep = " "
	}
	if x.Frame.Unit != "" {
		c.Write(sep)
		c.emit(frame)
	}
	c.Write(")")
}

func (c *Compiler) frame(x *core.Over) {
	if x.Frame.Unit == "" {
		return
	}
	c.Write(x.Frame.Unit, " BETWEEN ")
	c.frameBound(x.Frame.Start, x.StartBind, "PRECEDING")
	c.Write(" AND ")
	c.frameBound(x.Frame.End, x.EndBind, "FOLLOWING")
	if x.Frame.Exclude != "" {
		c.Write(" EXCLUDE ", x.Frame.Exclude)
	}
}

func (c *Compiler) frameBound(n *int64, b core.Expr, unbounded string) {
	switch {
	case n == nil:
		c.Write("UNBOUNDED ", unbounded)
	case *n == 0:
		c.Write("CURRENT ROW")
	default:
		if c.f.FrameLiterals {
			c.InlineOnWire(func() { c.Expr(b) })
		} else {
			c.Expr(b)
		}
		if *n < 0 {
			c.Write(" PRECEDING")
		} else {
			c.Write(" FOLLOWING")
		}
	}
}

func (c *Compiler) boolList(x *core.BoolList) {
	c.within(func(cx *context) { cx.operand = cx.operand || len(x.Items) > 1 }, func() {
		for i, item := range x.Items {
			if i > 0 {
				c.Write(x.Op.Symbol)
			}
			c.Operand(item, x.Op)
		}
	})
}

// conditions writes criteria joined by AND, as WHERE and HAVING do; it reports
// whether there was anything to write.
func (c *Compiler) conditions(keyword string, items []core.Expr) {
	items = core.BoolItems(core.AndOp, core.True, core.False, items)
	if len(items) == 0 {
		return
	}
	against := core.AndOp
	if len(items) == 1 {
		against = core.AsConditionOp
	}
	c.prefixed(keyword, func() {
		for i, e := range items {
			if i > 0 {
				c.Write(" AND ")
			}
			c.Operand(e, against)
		}
	})
}

func (c *Compiler) tableValued(x *core.TableValued) {
	n, ok := core.FromName(x.Of)
	if !ok {
		n = core.Name("anon")
	}
	c.Write(c.quoteAs(c.resolve("alias", n), core.FromQuoting(x.Of)))
}

func (c *Compiler) custom(x *core.Custom) {
	if x.Class.Render == nil {
		exc.Raise(exc.UnsupportedCompilation, "Compiler can't render element of type %s", x.Class.Name)
	}
	x.Class.Render(x, c)
}
