package core

import (
	"strings"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// The types that expressions have by their nature.
var (
	nullType     types.Type = &types.NullType{}
	booleanType  types.Type = &types.Boolean{}
	integerType  types.Type = &types.Integer{}
	numericType  types.Type = &types.Numeric{}
	stringType   types.Type = &types.String{}
	dateType     types.Type = &types.DateType{}
	timeType     types.Type = &types.TimeType{}
	dateTimeType types.Type = &types.DateTimeType{}
	intervalType types.Type = &types.IntervalType{}
)

// isNull reports whether t says nothing about the values.
func isNull(t types.Type) bool { return t == nil || t.Affinity() == types.Unknown }

// AsExpr makes an expression of x: x itself, a constant for nil, or a bound
// parameter of type t (nil: by the value).
func AsExpr(x any, t types.Type) Expr {
	switch x := x.(type) {
	case nil:
		return NULL
	case Expr:
		return x
	case Query:
		return NewScalarSelect(x)
	}
	return Literal(x, t)
}

// Literal is literal(value, type): an anonymous parameter.
func Literal(v any, t types.Type) *Bind {
	if t == nil {
		t = types.Of(v)
	}
	return &Bind{Key: "param", Unique: true, Value: v, Type: t}
}

// CoerceCompared is the type of a plain value that stands beside an expression
// of type t: t, unless the value is of another family.
func CoerceCompared(t types.Type, v any) types.Type {
	if d, ok := t.(*types.Decorator); ok && (d.Coerce != nil || !d.Extends) {
		if d.Coerce == nil {
			return d
		}
		to, err := d.Coerce(d, "", v)
		if err != nil {
			panic(err)
		}
		if to != nil {
			return to
		}
		return d
	}
	if _, text := v.(string); text && (t.Affinity() == types.UuidAffinity || t.Affinity() == types.BinaryAffinity) {
		return t
	}
	switch t.Affinity() {
	case types.EnumAffinity, types.ArrayAffinity, types.OtherAffinity, types.HstoreAffinity:
		return t
	}
	of := types.Of(v)
	if isNull(of) || of.Affinity() == t.Affinity() {
		return t
	}
	return of
}

// bindBeside makes the parameter for a plain value compared with beside: it is
// named after the column or the function, and typed by it.
func bindBeside(beside Expr, v any) *Bind {
	b := &Bind{Key: bindBase(beside), Unique: true, Value: v}
	b.Type = CoerceCompared(beside.ExprType(), v)
	return b
}

// bindBase is the name that parameters beside e are numbered after.
func bindBase(e Expr) string {
	switch e := Plain(e).(type) {
	case *Column:
		if e.Key != "" && !Name(e.Key).IsAnonymous() {
			return sanitizeBind(e.Key)
		}
	case *Func:
		return sanitizeBind(e.Name)
	case *TableValued:
		if n := exprName(e); n != "" && !n.IsAnonymous() {
			return sanitizeBind(string(n))
		}
	}
	return "param"
}

// sanitizeBind leaves no character in a name that a parameter cannot have.
func sanitizeBind(s string) string { return strings.Trim(sanitize(s), "_") }

// sanitize replaces what a made-up name takes over from nothing: blanks,
// parentheses, % and $.
func sanitize(s string) string {
	if !strings.ContainsAny(s, "%() $") {
		return s
	}
	var b strings.Builder
	last := false
	for _, r := range s {
		if strings.ContainsRune("%() $", r) {
			if !last {
				b.WriteByte('_')
			}
			last = true
			continue
		}
		last = false
		b.WriteRune(r)
	}
	return b.String()
}

// besideExpr makes the operand for x beside an expression.
func besideExpr(beside Expr, x any) Expr {
	switch x := x.(type) {
	case nil:
		return NULL
	case *Bind:
		if isNull(x.Type) && !isNull(beside.ExprType()) {
			n := *x
			n.Type = beside.ExprType()
			n.identity = identity{x.id()}
			return &n
		}
		return x
	case Expr:
		return x
	case Query:
		return NewScalarSelect(x)
	case From:
		exc.Raise(exc.ArgumentError, "SQL expression element expected, got %s.", Describe(x))
	}
	if t, ok := Plain(beside).(*Tuple); ok {
		if list, ok := x.([]any); ok {
			return tupleBeside(t, list)
		}
	}
	return bindBeside(beside, x)
}

// tupleBeside makes a tuple of the values that a tuple is compared with, each of
// the type of the element in its place.
func tupleBeside(t *Tuple, values []any) *Tuple {
	items := make([]Expr, len(values))
	for i, v := range values {
		if i >= len(t.Items) {
			items[i] = AsExpr(v, nil)
			continue
		}
		items[i] = AsExpr(v, CoerceCompared(t.Items[i].ExprType(), v))
	}
	return &Tuple{Items: items, Type: t.Type}
}
