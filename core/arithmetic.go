package core

import "alchemysh/core/types"

// adaptation is the type that an operation between two families gives.
type adaptation struct {
	op          *Operator
	left, right types.Affinity
}

var adaptations = map[adaptation]types.Type{
	{AddOp, types.IntegerAffinity, types.DateAffinity}:         dateType,
	{AddOp, types.IntegerAffinity, types.NumericAffinity}:      numericType,
	{SubOp, types.IntegerAffinity, types.NumericAffinity}:      numericType,
	{MulOp, types.IntegerAffinity, types.IntervalAffinity}:     intervalType,
	{MulOp, types.IntegerAffinity, types.NumericAffinity}:      numericType,
	{DivOp, types.IntegerAffinity, types.IntegerAffinity}:      numericType,
	{DivOp, types.IntegerAffinity, types.NumericAffinity}:      numericType,
	{FloorDivOp, types.IntegerAffinity, types.NumericAffinity}: numericType,

	{MulOp, types.NumericAffinity, types.IntervalAffinity}: intervalType,

	{AddOp, types.DateAffinity, types.IntegerAffinity}:  dateType,
	{AddOp, types.DateAffinity, types.IntervalAffinity}: dateTimeType,
	{AddOp, types.DateAffinity, types.TimeAffinity}:     dateTimeType,
	{SubOp, types.DateAffinity, types.IntegerAffinity}:  dateType,
	{SubOp, types.DateAffinity, types.DateAffinity}:     integerType,
	{SubOp, types.DateAffinity, types.IntervalAffinity}: dateTimeType,
	{SubOp, types.DateAffinity, types.DateTimeAffinity}: intervalType,

	{AddOp, types.TimeAffinity, types.DateAffinity}:     dateTimeType,
	{AddOp, types.TimeAffinity, types.IntervalAffinity}: timeType,
	{SubOp, types.TimeAffinity, types.TimeAffinity}:     intervalType,
	{SubOp, types.TimeAffinity, types.IntervalAffinity}: timeType,

	{AddOp, types.DateTimeAffinity, types.IntervalAffinity}: dateTimeType,
	{SubOp, types.DateTimeAffinity, types.IntervalAffinity}: dateTimeType,
	{SubOp, types.DateTimeAffinity, types.DateTimeAffinity}: intervalType,

	{AddOp, types.IntervalAffinity, types.DateAffinity}:     dateTimeType,
	{AddOp, types.IntervalAffinity, types.IntervalAffinity}: intervalType,
	{AddOp, types.IntervalAffinity, types.DateTimeAffinity}: dateTimeType,
	{AddOp, types.IntervalAffinity, types.TimeAffinity}:     timeType,
	{SubOp, types.IntervalAffinity, types.IntervalAffinity}: intervalType,
	{MulOp, types.IntervalAffinity, types.NumericAffinity}:  intervalType,
	{DivOp, types.IntervalAffinity, types.NumericAffinity}:  intervalType,
}

func concatenable(t types.Type) bool {
	switch t.Affinity() {
	case types.StringAffinity, types.BinaryAffinity, types.ArrayAffinity, types.EnumAffinity,
		types.JSONAffinity, types.HstoreAffinity:
		return true
	}
	if _, ok := t.(*types.Named); ok {
		return ConcatenableNamed(t)
	}
	return false
}

// ConcatenableNamed reports whether + on the named database type is ||.
func ConcatenableNamed(t types.Type) bool {
	switch t.Name() {
	case "CITEXT", "TSVECTOR", "TSQUERY":
		return true
	}
	return false
}

func commutative(op *Operator) bool { return op == EqOp || op == NeOp || op == AddOp || op == MulOp }

// adapt finds the operator and the type of left op right: + between strings
// is ||, a date minus a date is an interval.
func adapt(op *Operator, left, right types.Type) (*Operator, types.Type) {
	if op.Custom {
		if op.Result != nil {
			return op, op.Result
		}
		if op.Comparison {
			return op, booleanType
		}
	}
	if isNull(left) {
		if isNull(right) || !commutative(op) {
			return op, left
		}
		return adapt(op, right, left)
	}
	if op == AddOp && concatenable(left) && (concatenable(right) || isNull(right)) {
		if left.Affinity() == types.EnumAffinity {
			return ConcatOp, stringType
		}
		return ConcatOp, left
	}
	if op == ConcatOp && left.Affinity() == types.EnumAffinity {
		return op, stringType
	}
	la, ra := left.Affinity(), right.Affinity()
	if la == types.NumericAffinity && (ra == la || ra == types.IntegerAffinity) {
		return op, adaptNumeric(op, left, right)
	}
	if la == types.IntegerAffinity && ra == la {
		if t := adaptInteger(op, left, right); t != nil {
			return op, t
		}
	}
	t, ok := adaptations[adaptation{op, la, ra}]
	if !ok {
		return op, left
	}
	switch t.Affinity() {
	case ra:
		return op, right
	case la:
		return op, left
	}
	return op, t
}

// adaptNumeric is the type of left op right for a number with a fraction on the
// left: of two Numerics the right one's, of a Numeric and an Integer the left
// one's; Float, DECIMAL and other classes give themselves without arguments.
func adaptNumeric(op *Operator, left, right types.Type) types.Type {
	switch op {
	case AddOp, SubOp, MulOp, DivOp:
	default:
		return left
	}
	class := types.ClassOf(left)
	switch {
	case class == nil:
		return left
	case class.Name != "Numeric":
		return class.Plain()
	case right.Affinity() == types.NumericAffinity:
		return right
	}
	return left
}

// adaptInteger is the type of left op right for two integers, nil where that is
// no matter of their classes: of Integer with another the other's, of any other
// class that class without arguments.
func adaptInteger(op *Operator, left, right types.Type) types.Type {
	switch op {
	case AddOp, SubOp, MulOp, FloorDivOp:
	default:
		return nil
	}
	class := types.ClassOf(left)
	switch {
	case class == nil:
		return left
	case class.Name == "Integer":
		return right
	}
	return class.Plain()
}

// Arithmetic is left op right for an operator that computes. Exactly one side
// may be a plain value; it is bound beside the other.
func Arithmetic(op *Operator, left, right any) Expr {
	l, r := sides(left, right)
	op, t := adapt(op, l.ExprType(), r.ExprType())
	return &Binary{Op: op, Left: l, Right: r, Type: t}
}

// sides makes expressions of both operands.
func sides(left, right any) (l, r Expr) {
	if le, ok := left.(Expr); ok {
		return le, besideExpr(le, right)
	}
	if q, ok := left.(Query); ok {
		l = NewScalarSelect(q)
		return l, besideExpr(l, right)
	}
	r = AsExpr(right, nil)
	return besideExpr(r, left), r
}

// Add is left + right.
func Add(left, right any) Expr { return Arithmetic(AddOp, left, right) }

// Sub is left - right.
func Sub(left, right any) Expr { return Arithmetic(SubOp, left, right) }

// Mul is left * right.
func Mul(left, right any) Expr { return Arithmetic(MulOp, left, right) }

// Div is left / right: true division, whatever the types.
func Div(left, right any) Expr { return Arithmetic(DivOp, left, right) }

// Mod is left % right.
func Mod(left, right any) Expr { return Arithmetic(ModOp, left, right) }

// Concat is left || right.
func Concat(left, right any) Expr { return Arithmetic(ConcatOp, left, right) }

// Neg is -e.
func Neg(e Expr) Expr { return &Unary{Op: NegOp, X: e, Type: e.ExprType(), Wraps: true} }

// BitNot is ~e.
func BitNot(e Expr) Expr { return &Unary{Op: BitNotOp, X: e, Type: e.ExprType()} }
