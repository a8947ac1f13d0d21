package core

import "alchemysh/core/types"

// And joins criteria by AND: true is dropped, false makes it false, one alone
// stands alone.
func And(items ...Expr) Expr { return boolList(AndOp, True, False, items) }

// Or joins criteria by OR.
func Or(items ...Expr) Expr { return boolList(OrOp, False, True, items) }

func boolList(op *Operator, neutral, absorbing *BoolConst, items []Expr) Expr {
	kept := BoolItems(op, neutral, absorbing, items)
	switch len(kept) {
	case 0:
		return &BoolList{Op: op}
	case 1:
		return kept[0]
	}
	return &BoolList{Op: op, Items: kept}
}

// BoolItems are the items of a boolean list as they are written: without the
// neutral constant, only the absorbing one if it is there, columns as conditions.
func BoolItems(op *Operator, neutral, absorbing *BoolConst, items []Expr) []Expr {
	var kept []Expr
	dropped := false
	for _, e := range items {
		switch e {
		case Expr(neutral):
			dropped = true
			continue
		case Expr(absorbing):
			return []Expr{asCondition(e)}
		}
		kept = append(kept, asCondition(e))
	}
	if len(kept) == 0 && dropped {
		return []Expr{asCondition(neutral)}
	}
	return kept
}

// asCondition makes a boolean value a condition.
func asCondition(e Expr) Expr {
	switch x := e.(type) {
	case *Column, *Bind, *Func, *BoolConst, *Case, *Cast, *Over, *Filter, *WithinGroup, *Extract, *FuncColumn:
		if x.ExprType() != nil && x.ExprType().Affinity() == types.BooleanAffinity {
			return &AsBool{Op: IsTrueOp, X: e}
		}
	case *TypeCoerce:
		if in := asCondition(x.X); in != x.X {
			n := *x
			n.X = in
			return &n
		}
	case *Annotated:
		if in := asCondition(x.X); in != x.X {
			return &Annotated{X: in, Note: x.Note, ProxyKey: x.ProxyKey}
		}
	case *Label:
		if in := asCondition(x.X); in != x.X {
			n := *x
			n.X = in
			return &n
		}
	}
	return e
}

// Not is NOT e: the opposite comparison where there is one.
func Not(e Expr) Expr {
	switch x := e.(type) {
	case *Annotated:
		return &Annotated{X: Not(x.X), Note: x.Note}
	case *BoolConst:
		if x.Value {
			return False
		}
		return True
	case *Label:
		n := *x
		n.X = Not(x.X)
		return &n
	case *AsBool:
		if c, ok := x.X.(*BoolConst); ok {
			return Not(c)
		}
		n := &AsBool{Op: x.Op.Negation, X: x.X}
		return n
	case *Binary:
		if n := x.Op.Negation; n != nil && !x.NoNegation {
			out := *x
			out.identity = identity{}
			out.Op = n
			if b, ok := x.Right.(*Bind); ok && b.ExpandOp == x.Op {
				bind := *b
				bind.ExpandOp = n
				bind.identity = identity{}
				out.Right = &bind
			}
			return &out
		}
		if x.Type != nil && x.Type.Affinity() == types.BooleanAffinity {
			in := SelfGroup(x)
			return &AsBool{Op: IsFalseOp, X: in}
		}
	case *TypeCoerce:
		if x.Type.Affinity() == types.BooleanAffinity {
			return &AsBool{Op: IsFalseOp, X: x}
		}
	case *Unary:
		if x.Op == NotOp && !x.Postfix {
			return x.X
		}
	}
	if in := asCondition(e); in != e {
		if a, ok := in.(*AsBool); ok {
			return &AsBool{Op: IsFalseOp, X: a.X}
		}
	}
	u := &Unary{Op: NotOp, X: e}
	if _, list := e.(*BoolList); list {
		return u // without a type, in SQLAlchemy: as a column it gives what the database does
	}
	if _, comparison := e.(*Binary); comparison || e.ExprType().Affinity() == types.BooleanAffinity {
		u.Type = booleanType
	}
	return u
}

// Desc is e DESC.
func Desc(e Expr) Expr { return &Unary{Op: DescOp, Postfix: true, X: e} }

// Asc is e ASC.
func Asc(e Expr) Expr { return &Unary{Op: AscOp, Postfix: true, X: e} }

// NullsFirst is e NULLS FIRST.
func NullsFirst(e Expr) Expr { return &Unary{Op: NullsFirstOp, Postfix: true, X: e} }

// NullsLast is e NULLS LAST.
func NullsLast(e Expr) Expr { return &Unary{Op: NullsLastOp, Postfix: true, X: e} }

// DistinctExpr is DISTINCT e, inside an aggregate.
func DistinctExpr(e Expr) Expr { return &Unary{Op: DistinctOp, X: e, Type: e.ExprType()} }

// Collate is e COLLATE name.
func Collate(e Expr, name string) Expr {
	t := e.ExprType()
	if s, ok := t.(*types.String); ok {
		collated := *s
		collated.Collation = name
		t = &collated
	}
	return &Binary{Op: CollateOp, Left: e, Right: &Collation{Name: name}, Type: t}
}

// Quantify is ANY (e) or ALL (e).
func Quantify(op *Operator, e Expr) Expr {
	t := e.ExprType()
	if a, ok := t.(*types.ARRAY); ok && a.Item != nil {
		t = a.Item
	}
	return &Quantified{Op: op, X: e, Type: t}
}

// NewLabel is e.label(name); an empty name is anonymous.
func NewLabel(e Expr, name string) *Label {
	for {
		l, ok := Plain(e).(*Label)
		if !ok {
			break
		}
		e = l.X
	}
	l := &Label{X: e, Name: Name(name)}
	if name == "" {
		base := exprName(e)
		if base == "" {
			base = "anon"
		}
		l.Name = anonymous(l.id(), base)
	}
	return l
}
