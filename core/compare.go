package core

import (
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Compare is left op right for a comparison. A plain value is bound beside the
// other side; with the plain value on the left the comparison is mirrored, as
// Python does. nil, true and false stand as constants.
func Compare(op *Operator, left, right any) Expr {
	if m := op.Mirror(); m != nil && rightFirst(left, right) {
		op, left, right = m, right, left
	}
	return compare(op, left, right, Modifiers{})
}

func compare(op *Operator, left, right any, m Modifiers) Expr {
	l, ok := left.(Expr)
	if !ok {
		if q, isQuery := left.(Query); isQuery {
			l = NewScalarSelect(q)
		} else if mirrored := op.Mirror(); mirrored != nil {
			return compare(mirrored, right, left, m)
		} else {
			l = besideExpr(AsExpr(right, nil), left)
		}
	}
	if _, quantified := Plain(l).(*Quantified); quantified && op.Mirror() != nil {
		if r, ok := right.(Expr); ok {
			return compare(op.Mirror(), r, l, m)
		}
		return &Binary{Op: op.Mirror(), Left: besideExpr(l, right), Right: l, Type: booleanType, Modifiers: m, NoNegation: true}
	}
	if constant := asConstant(right); constant != nil {
		_, isBool := constant.(*BoolConst)
		switch {
		case (op == EqOp || op == NeOp) && isBool:
		case op == IsDistinctOp || op == IsNotDistinctOp:
		case op == EqOp || op == IsOp:
			op = IsOp
		case op == NeOp || op == IsNot:
			op = IsNot
		default:
			exc.Raise(exc.ArgumentError, "Only '=', '!=', 'is_()', 'is_not()', 'is_distinct_from()', 'is_not_distinct_from()' operators can be used with nil/true/false")
		}
		return &Binary{Op: op, Left: l, Right: constant, Type: booleanType, Modifiers: m}
	}
	b := &Binary{Op: op, Left: l, Right: besideExpr(l, right), Type: booleanType, Modifiers: m}
	// x != ANY (…) is not the opposite of x = ANY (…).
	_, b.NoNegation = Plain(b.Right).(*Quantified)
	return b
}

// asConstant is the constant node for nil, true and false, else nil.
func asConstant(x any) Expr {
	switch x := x.(type) {
	case nil:
		return NULL
	case bool:
		if x {
			return True
		}
		return False
	case *Null:
		return x
	case *BoolConst:
		return x
	}
	return nil
}

// Eq is left = right; with nil it is IS NULL.
func Eq(left, right any) Expr { return Compare(EqOp, left, right) }

// Ne is left != right; with nil it is IS NOT NULL.
func Ne(left, right any) Expr { return Compare(NeOp, left, right) }

// Lt is left < right.
func Lt(left, right any) Expr { return Compare(LtOp, left, right) }

// Le is left <= right.
func Le(left, right any) Expr { return Compare(LeOp, left, right) }

// Gt is left > right.
func Gt(left, right any) Expr { return Compare(GtOp, left, right) }

// Ge is left >= right.
func Ge(left, right any) Expr { return Compare(GeOp, left, right) }

// Pattern is left LIKE right and its kin (op), with ESCAPE if escape is not nil.
func Pattern(op *Operator, left Expr, right any, escape *string) Expr {
	m := Modifiers{}
	if escape != nil {
		m.Escape, m.HasEscape = *escape, true
	}
	return compare(op, left, right, m)
}

// RegexpMatch is left REGEXP right, with flags ("" for none). It has no type,
// in SQLAlchemy: as a column it gives what the database does.
func RegexpMatch(left Expr, right any, flags string) Expr {
	e := compare(RegexpMatchOp, left, right, Modifiers{Flags: flags}).(*Binary)
	e.Type = nullType
	return e
}

// RegexpReplace replaces what pattern finds. It has no type, in SQLAlchemy.
func RegexpReplace(left Expr, pattern, replacement any, flags string) Expr {
	p := besideExpr(left, pattern)
	return &Binary{Op: RegexpReplaceOp, Left: left, Right: p, Type: nullType,
		Modifiers: Modifiers{Flags: flags, Replacement: besideExpr(left, replacement)}}
}

// Match is the database's full text match, with its options in m.Flags.
func Match(left Expr, right any, flags string) Expr {
	e := compare(MatchOp, left, right, Modifiers{Flags: flags}).(*Binary)
	e.Type = &types.Boolean{Class: types.Lookup("", "MatchType")}
	return e
}

// Between is left BETWEEN low AND high. It has no type, in SQLAlchemy: as a
// column it gives what the database does, 1 on SQLite.
func Between(left Expr, low, high any, symmetric bool) Expr {
	bounds := &ExprList{Sep: AndOp, Items: []Expr{besideExpr(left, low), besideExpr(left, high)}}
	return &Binary{Op: BetweenOp, Left: left, Right: bounds, Type: nullType, Modifiers: Modifiers{Symmetric: symmetric}}
}

// In is left IN set: a list of values and expressions, a query, or an
// expanding parameter. negated gives NOT IN.
func In(left Expr, set any, negated bool) Expr {
	op := InOp
	if negated {
		op = NotInOp
	}
	var right Expr
	switch s := set.(type) {
	case []any:
		right = inList(left, s, op)
	case Query:
		right = NewScalarSelect(s)
	case *Values:
		right = NewScalarValues(s)
	case From:
		right = NewScalarSelect(NewSelect(s))
	case *Bind:
		n := *s
		n.identity = identity{s.id()}
		n.Expanding, n.ExpandOp = true, op
		if isNull(n.Type) {
			n.Type = left.ExprType()
		}
		right = &n
	case *ScalarSelect, *ScalarValues, *Text, *ExprList, *Array, *Func, *Custom, *Annotated, *Tuple:
		right = s.(Expr)
	default:
		exc.Raise(exc.ArgumentError, "IN expression list, SELECT construct, or bound parameter object expected, got %s.", describeValue(set))
	}
	return &Binary{Op: op, Left: left, Right: right, Type: booleanType}
}

func describeValue(v any) string {
	if e, ok := v.(Expr); ok {
		if c, ok := Plain(e).(*Column); ok {
			return "Column object '" + string(c.Name) + "'"
		}
		return "SQL expression"
	}
	return types.Repr(v)
}

func inList(left Expr, items []any, op *Operator) Expr {
	plain := true
	for _, i := range items {
		if _, ok := i.(Expr); ok && i != Expr(NULL) {
			plain = false
		}
	}
	if !plain {
		list := &ExprList{Sep: CommaOp, Group: true}
		for _, i := range items {
			if i == nil {
				list.Items = append(list.Items, NULL)
				continue
			}
			list.Items = append(list.Items, besideExpr(left, i))
		}
		return list
	}
	values := make([]any, len(items))
	for i, v := range items {
		if v == any(NULL) {
			v = nil
		}
		values[i] = v
	}
	b := &Bind{Key: bindBase(left), Unique: true, Value: values, Expanding: true, ExpandOp: op}
	if t, ok := Plain(left).(*Tuple); ok {
		b.Type = t.Type
	} else {
		b.Type = left.ExprType()
		if len(values) > 0 {
			b.Type = CoerceCompared(b.Type, values[0])
		}
	}
	return b
}

// rightFirst reports whether Python would ask the right side first: its class
// derives from the left's. A schema column beside a bare one and a function of
// SQLAlchemy's own beside any other are the cases that people meet:
// column("x") == users.c.id prints users.id = x.
func rightFirst(left, right any) bool {
	l, ok := plainColumn(left)
	if !ok {
		f, isFunc := left.(*Func)
		g, isGeneric := right.(*Func)
		return isFunc && isGeneric && !f.generic() && g.generic()
	}
	r, ok := plainColumn(right)
	return ok && !l.ofSchema() && r.ofSchema()
}

func plainColumn(x any) (*Column, bool) {
	e, ok := x.(Expr)
	if !ok {
		return nil, false
	}
	if a, annotated := e.(*Annotated); annotated {
		e = Plain(a)
	}
	c, ok := e.(*Column)
	return c, ok
}

// ofSchema reports whether the column is a table's own, with its schema, or
// stands for one.
func (c *Column) ofSchema() bool {
	if len(c.Proxies) > 0 {
		p := Plain(c.Proxies[0])
		if l, ok := p.(*Label); ok {
			p = Plain(l.X)
		}
		inner, ok := p.(*Column)
		return ok && inner.ofSchema()
	}
	t, ok := c.Table.(*Table)
	return c.Schema != nil && (!ok || !t.Lightweight)
}
