package core

import (
	"slices"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// functionTypes are the result types of the functions that SQLAlchemy knows.
var functionTypes = map[string]types.Type{
	"count": integerType, "char_length": integerType, "now": dateTimeType,
	"current_date": dateType, "current_time": timeType, "current_timestamp": dateTimeType,
	"localtime": dateTimeType, "localtimestamp": dateTimeType, "sysdate": dateTimeType,
	"current_user": stringType, "session_user": stringType, "user": stringType,
	"concat": stringType, "aggregate_strings": stringType,
	"rank": integerType, "dense_rank": integerType, "percent_rank": numericType, "cume_dist": numericType,
}

// sameAsArgument are the functions whose result has the type of their arguments.
var sameAsArgument = map[string]bool{"coalesce": true, "max": true, "min": true, "sum": true}

// ownClass are the further functions that are classes of their own.
var ownClass = map[string]bool{
	"array_agg": true, "random": true, "mode": true, "percentile_cont": true, "percentile_disc": true,
	"cube": true, "rollup": true, "grouping_sets": true, "next_value": true,
}

// generic reports whether SQLAlchemy has a class of its own for the function.
func (f *Func) generic() bool {
	name := strings.ToLower(f.Name)
	return len(f.Package) == 0 && (functionTypes[name] != nil || sameAsArgument[name] || ownClass[name])
}

// NewFunc is func.name(args…): plain values are bound, named after the
// function. t is type_=, nil for the type that the function is known to have.
func NewFunc(pkg []string, name string, t types.Type, args ...any) *Func {
	f := &Func{Package: pkg, Name: name, Type: t}
	known := strings.ToLower(name)
	if len(pkg) > 0 {
		known = ""
	}
	if _, ok := functionTypes[known]; ok || sameAsArgument[known] {
		f.Name = known
	}
	var argType types.Type
	if known == "concat" || known == "aggregate_strings" {
		argType = stringType
	}
	for _, a := range args {
		switch a := a.(type) {
		case nil:
			f.Args = append(f.Args, NULL)
		case Expr:
			f.Args = append(f.Args, a)
		case Query:
			f.Args = append(f.Args, NewScalarSelect(a))
		case From:
			exc.Raise(exc.ArgumentError, "SQL expression element or literal value expected, got %s.", Describe(a))
		default:
			b := Literal(a, argType)
			b.Key = sanitizeBind(name)
			f.Args = append(f.Args, b)
		}
	}
	if known == "count" && len(args) == 0 {
		f.Args = []Expr{&Column{Name: "*", Key: "*", Literal: true, Type: nullType}}
	}
	if f.Type != nil {
		return f
	}
	switch {
	case functionTypes[known] != nil:
		f.Type = functionTypes[known]
	case sameAsArgument[known]:
		f.Type = firstType(f.Args)
	case known == "array_agg":
		f.Type = &types.ARRAY{Class: types.Lookup("", "ARRAY"), Item: firstType(f.Args)}
		if in := firstType(f.Args); in.Affinity() == types.ArrayAffinity {
			f.Type = in
		}
	default:
		f.Type = nullType
	}
	return f
}

func firstType(args []Expr) types.Type {
	for _, a := range args {
		if t := a.ExprType(); !isNull(t) {
			return t
		}
	}
	return nullType
}

// NewCase is case((if, then)…, else). A plain value to compare with (value)
// makes a simple CASE; plain values are bound.
func NewCase(value any, whens [][2]any, otherwise any, hasElse bool) *Case {
	c := &Case{}
	if value != nil {
		c.Value = AsExpr(value, nil)
	}
	for _, w := range whens {
		c.Whens = append(c.Whens, When{If: AsExpr(w[0], nil), Then: AsExpr(w[1], nil)})
	}
	if hasElse {
		c.Else = AsExpr(otherwise, nil)
	}
	c.Type = CaseType(c.Whens, c.Else)
	return c
}

// CaseType is the type of a CASE: that of the last branch that has one, else
// that of ELSE.
func CaseType(whens []When, otherwise Expr) types.Type {
	for _, w := range slices.Backward(whens) {
		if t := w.Then.ExprType(); !isNull(t) {
			return t
		}
	}
	if otherwise != nil {
		return otherwise.ExprType()
	}
	return nullType
}

// NewOver is x.over(…). A bound of nil is unbounded; unit is "ROWS", "RANGE",
// "GROUPS" or "".
func NewOver(x Expr, partition, order []Expr, unit string, start, end *int64) *Over {
	o := &Over{X: x, PartitionBy: partition, OrderBy: order, Frame: Frame{Unit: unit, Start: start, End: end}}
	bound := func(n *int64) Expr {
		if n == nil || *n == 0 {
			return nil
		}
		v := *n
		if v < 0 {
			v = -v
		}
		return Literal(v, integerType)
	}
	if unit != "" {
		o.StartBind, o.EndBind = bound(start), bound(end)
	}
	return o
}

// NewTuple is tuple_(items…).
func NewTuple(items ...Expr) *Tuple {
	t := &types.TupleType{}
	for _, i := range items {
		t.Types = append(t.Types, i.ExprType())
	}
	return &Tuple{Items: items, Type: t}
}

// NewExists is exists(query), or EXISTS (SELECT * …) of nothing yet.
func NewExists(q Query) *Exists {
	if q == nil {
		q = NewSelect(&Column{Name: "*", Key: "*", Literal: true, Type: nullType})
	}
	return &Exists{Query: unlabelled(q)}
}

// OrderItem is an expression as ORDER BY and GROUP BY take it: a label is
// written by its name where the statement has it among its columns.
func OrderItem(e Expr) Expr {
	inner := Plain(e)
	for {
		u, ok := inner.(*Unary)
		if !ok || !u.Postfix {
			break
		}
		inner = Plain(u.X)
	}
	if _, ok := inner.(*Label); ok {
		return &LabelRef{X: e}
	}
	return e
}

// Custom operators: x.op("->>")(y).

// NewOperator is an operator made by op(): symbol, precedence, whether it is a
// comparison, and the type of its result (nil: the left side's).
func NewOperator(symbol string, precedence int, comparison bool, result types.Type) *Operator {
	return &Operator{Name: "custom_op", Symbol: " " + symbol + " ", Precedence: precedence, Custom: true, Comparison: comparison, Result: result}
}

// Operate is left op right for any operator.
func Operate(op *Operator, left, right any) Expr {
	if op.Comparison && !op.Custom {
		return Compare(op, left, right)
	}
	l, r := sides(left, right)
	op, t := adapt(op, l.ExprType(), r.ExprType())
	return &Binary{Op: op, Left: l, Right: r, Type: t}
}

// Item is left[key] on a JSON or ARRAY expression; a []any key is a JSON path.
func Item(left Expr, key any) Expr {
	t := left.ExprType()
	switch t.Affinity() {
	case types.JSONAffinity:
		index := &Bind{Key: bindBase(left), Unique: true, Value: key}
		op := JSONItemOp
		switch key := key.(type) {
		case []any:
			op = JSONPathOp
			index.Type = &types.JSONIndex{Class: types.JSONPath}
		case string:
			index.Type = &types.JSONIndex{Class: types.JSONStrIndex}
		case Expr:
			return &Binary{Op: op, Left: left, Right: key, Type: t}
		default:
			index.Type = &types.JSONIndex{Class: types.JSONIntIndex}
		}
		return &Binary{Op: op, Left: left, Right: index, Type: t}
	case types.ArrayAffinity:
		a, _ := t.(*types.ARRAY)
		result := types.Type(nullType)
		if a != nil {
			result = a.Item
			if a.Dimensions != nil && *a.Dimensions > 1 {
				n := *a
				d := *a.Dimensions - 1
				n.Dimensions = &d
				result = &n
			}
		}
		if s, ok := key.(*Slice); ok {
			return &Binary{Op: GetItemOp, Left: left, Right: s, Type: t}
		}
		index := key
		if _, isExpr := key.(Expr); !isExpr {
			index = &Bind{Key: bindBase(left), Unique: true, Value: key, Type: integerType}
		}
		return &Binary{Op: GetItemOp, Left: left, Right: index.(Expr), Type: result}
	case types.HstoreAffinity:
		op := NewOperator("->", 15, false, stringType)
		return &Binary{Op: op, Left: left, Right: besideExpr(left, key), Type: stringType}
	}
	exc.Raise(exc.NotImplementedError, "Operator 'getitem' is not supported on this expression")
	return nil
}
