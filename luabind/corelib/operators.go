package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// luaOperators are Lua's operators on expressions.
var luaOperators = map[string]*core.Operator{
	"==": core.EqOp, "~=": core.NeOp, "<": core.LtOp, "<=": core.LeOp, ">": core.GtOp, ">=": core.GeOp,
	"+": core.AddOp, "-": core.SubOp, "*": core.MulOp, "/": core.DivOp, "%": core.ModOp, "..": core.ConcatOp,
}

// Operate is a op b on expressions; the layers above use it for what is theirs.
func Operate(c *bind.Call, op string, a, b lua.LValue) (any, error) {
	if v, ok, err := compareBy(c, op, a, b); ok || err != nil {
		return v, err
	}
	if op == "neg" {
		return core.Neg(selfExpr(c, a)), nil
	}
	o := luaOperators[op]
	if o == nil {
		return nil, bind.ErrDeclined
	}
	x, y := Operand(c, a), Operand(c, b)
	if o.Comparison {
		return core.Compare(o, x, y), nil
	}
	if e, ok := overloaded(o, x, y); ok {
		return e, nil
	}
	return core.Arithmetic(o, x, y), nil
}

func selfExpr(c *bind.Call, v lua.LValue) core.Expr { return Expr(c, v, ElementRole) }

// self is the receiver of a column operator as an expression.
func self(a *bind.Args) core.Expr { return Expr(a.Call, a.Self(), ElementRole) }

// op is a method that compares or computes with one operand.
func operation(o *core.Operator) func(any, *bind.Args) (any, error) {
	return func(_ any, a *bind.Args) (any, error) {
		other := Operand(a.Call, a.Lua("other"))
		if o.Comparison {
			return core.Compare(o, self(a), other), nil
		}
		return core.Arithmetic(o, self(a), other), nil
	}
}

func escapeOf(a *bind.Args) *string {
	if !a.Has("escape") {
		return nil
	}
	s := a.String("escape")
	return &s
}

// pattern is LIKE and ILIKE.
func pattern(o *core.Operator) func(any, *bind.Args) (any, error) {
	return func(_ any, a *bind.Args) (any, error) {
		return core.Pattern(o, self(a), Operand(a.Call, a.Lua("other")), escapeOf(a)), nil
	}
}

// affix is startswith, endswith, contains and their i… forms.
func affix(o *core.Operator) func(any, *bind.Args) (any, error) {
	return func(_ any, a *bind.Args) (any, error) {
		left := self(a)
		if o == core.ContainsOp {
			if e, ok := typedContains(a, left); ok {
				return e, nil
			}
		}
		other := Operand(a.Call, a.Lua("other"))
		escape := escapeOf(a)
		if a.Bool("autoescape") {
			text, ok := other.(string)
			if !ok {
				bind.Fail(exc.TypeError, "String value expected when autoescape=true")
			}
			e := "/"
			if escape != nil {
				e = *escape
			}
			escape = &e
			other = autoescape(text, e)
		}
		return core.Pattern(o, left, other, escape), nil
	}
}

func autoescape(text, escape string) string {
	out := make([]byte, 0, len(text)+4)
	for i := 0; i < len(text); i++ {
		if c := text[i]; c == '%' || c == '_' || escape != "" && escape != "%" && escape != "_" && c == escape[0] {
			out = append(out, escape...)
		}
		out = append(out, text[i])
	}
	return string(out)
}

func in(negated bool) func(any, *bind.Args) (any, error) {
	return func(_ any, a *bind.Args) (any, error) {
		return core.In(self(a), inSet(a, a.Lua("other")), negated), nil
	}
}

// inSet reads what stands after IN.
func inSet(a *bind.Args, v lua.LValue) any {
	if t, ok := v.(*lua.LTable); ok && t.Metatable == lua.LNil {
		items := a.ListOf(t)
		list := make([]any, len(items))
		for i, item := range items {
			list[i] = Value(a.Call, item)
			if f, ok := list[i].(core.From); ok {
				refuse(a.Call, ElementRole, f)
			}
			if q, ok := list[i].(core.Query); ok {
				list[i] = scalarSelect(q)
			}
		}
		return list
	}
	x := Value(a.Call, v)
	switch x.(type) {
	case core.Node:
		return x
	}
	if u, ok := v.(*lua.LUserData); ok && u != a.Null() { // anything iterable: a list of results
		items := a.ListOf(v)
		list := make([]any, len(items))
		for i, item := range items {
			list[i] = Value(a.Call, item)
		}
		return list
	}
	return x
}

// Operators is the table of what every expression answers to. It is the base
// of the classes of core's expressions and of the ORM's attributes.
var Operators = bind.Define[any]("ColumnOperators", "What every SQL expression answers to.").
	Method("like(other, escape=nil)", "LIKE a pattern.", `users.c.name:like("a%")`, pattern(core.LikeOp)).
	Method("not_like(other, escape=nil)", "NOT LIKE a pattern.", `users.c.name:not_like("a%")`, pattern(core.NotLikeOp)).
	Alias("notlike", "not_like").
	Method("ilike(other, escape=nil)", "LIKE without regard to case.", `users.c.name:ilike("a%")`, pattern(core.ILikeOp)).
	Method("not_ilike(other, escape=nil)", "NOT LIKE without regard to case.", `users.c.name:not_ilike("a%")`, pattern(core.NotILikeOp)).
	Alias("notilike", "not_ilike").
	Method("startswith(other, escape=nil, autoescape=false)", "Begins with text.", `users.c.name:startswith("a")`, affix(core.StartsWithOp)).
	Method("endswith(other, escape=nil, autoescape=false)", "Ends with text.", `users.c.name:endswith("z")`, affix(core.EndsWithOp)).
	Method("contains(other{!}, *, escape=nil, autoescape=false)", "Contains text; of JSON, ARRAY and ranges: contains elements.", `users.c.name:contains("x")`, affix(core.ContainsOp)).
	Method("istartswith(other, escape=nil, autoescape=false)", "Begins with text, whatever the case.", `users.c.name:istartswith("a")`, affix(core.IStartsWithOp)).
	Method("iendswith(other, escape=nil, autoescape=false)", "Ends with text, whatever the case.", `users.c.name:iendswith("z")`, affix(core.IEndsWithOp)).
	Method("icontains(other, escape=nil, autoescape=false)", "Contains text, whatever the case.", `users.c.name:icontains("x")`, affix(core.IContainsOp)).
	Method("in_(other{})", "Is one of a list, or of a query's rows.", `users.c.id:in_({1, 2, 3})`, in(false)).
	Method("not_in(other{})", "Is none of a list, nor of a query's rows.", `users.c.id:not_in({1, 2, 3})`, in(true)).
	Alias("notin_", "not_in").
	Method("is_(other=nil)", "IS: for NULL, true and false.", `users.c.name:is_(nil)`, operation(core.IsOp)).
	Method("is_not(other=nil)", "IS NOT: for NULL, true and false.", `users.c.name:is_not(nil)`, operation(core.IsNot)).
	Alias("isnot", "is_not").
	Method("is_distinct_from(other=nil)", "Differs, NULL being a value like others.", `users.c.a:is_distinct_from(users.c.b)`, operation(core.IsDistinctOp)).
	Method("is_not_distinct_from(other=nil)", "Is the same, NULL being a value like others.", `users.c.a:is_not_distinct_from(5)`, operation(core.IsNotDistinctOp)).
	Alias("isnot_distinct_from", "is_not_distinct_from").
	Method("between(cleft, cright, symmetric=false)", "Lies between two values.", `users.c.id:between(1, 5)`, func(_ any, a *bind.Args) (any, error) {
		return core.Between(self(a), Operand(a.Call, a.Lua("cleft")), Operand(a.Call, a.Lua("cright")), a.Bool("symmetric")), nil
	}).
	Method("concat(other{})", "Concatenate: ||.", `users.c.name:concat("!")`, operation(core.ConcatOp)).
	Method("match(other, **kw)", "The database's full text match.", `users.c.name:match("sea & wind")`, func(_ any, a *bind.Args) (any, error) {
		flags := ""
		var mode core.AgainstMode
		for _, k := range a.Keywords() {
			if k.Name == "postgresql_regconfig" {
				flags = a.Str(a.L, k.Value)
			} else if m, ok := againstModes[k.Name]; ok {
				if mode == 0 {
					mode = core.AgainstGiven | core.AgainstBoolean
				}
				if mode &^= m; k.Value == lua.LTrue {
					mode |= m
				}
			}
		}
		e := core.Match(self(a), Operand(a.Call, a.Lua("other")), flags)
		e.(*core.Binary).Modifiers.Against = mode
		return e, nil
	}).
	Method("regexp_match(pattern, flags=nil)", "Matches a regular expression.", `users.c.name:regexp_match("^a")`, func(_ any, a *bind.Args) (any, error) {
		return core.RegexpMatch(self(a), Operand(a.Call, a.Lua("pattern")), a.String("flags")), nil
	}).
	Method("regexp_replace(pattern, replacement, flags=nil)", "Replace what a regular expression matches.", `users.c.name:regexp_replace("a+", "b")`, func(_ any, a *bind.Args) (any, error) {
		return core.RegexpReplace(self(a), Operand(a.Call, a.Lua("pattern")), Operand(a.Call, a.Lua("replacement")), a.String("flags")), nil
	}).
	Method("collate(collation)", "Compare and sort by a collation.", `users.c.name:collate("NOCASE")`, func(_ any, a *bind.Args) (any, error) {
		return core.Collate(self(a), a.String("collation")), nil
	}).
	Method("bitwise_and(other)", "Bitwise and: &.", `flags:bitwise_and(4)`, operation(core.BitAndOp)).
	Method("bitwise_or(other)", "Bitwise or: |.", `flags:bitwise_or(4)`, operation(core.BitOrOp)).
	Method("bitwise_xor(other)", "Bitwise exclusive or.", `flags:bitwise_xor(4)`, operation(core.BitXorOp)).
	Method("bitwise_lshift(other)", "Shift left: <<.", `flags:bitwise_lshift(2)`, operation(core.LeftShiftOp)).
	Method("bitwise_rshift(other)", "Shift right: >>.", `flags:bitwise_rshift(2)`, operation(core.RightShift)).
	Method("bitwise_not()", "Bitwise not: ~.", `flags:bitwise_not()`, func(_ any, a *bind.Args) (any, error) { return core.BitNot(self(a)), nil }).
	Method("floordiv(other)", "Python's //.", `users.c.n:floordiv(2)`, operation(core.FloorDivOp)).
	Method("and_(*criteria)", "This and the others.", `(a == 1):and_(b == 2)`, func(_ any, a *bind.Args) (any, error) {
		return core.And(append([]core.Expr{self(a)}, Exprs(a.Call, a.Rest(), WhereRole)...)...), nil
	}).
	Method("or_(*criteria)", "This or the others.", `(a == 1):or_(b == 2)`, func(_ any, a *bind.Args) (any, error) {
		return core.Or(append([]core.Expr{self(a)}, Exprs(a.Call, a.Rest(), WhereRole)...)...), nil
	}).
	Method("not_()", "Its negation.", `(a == 1):not_()`, func(_ any, a *bind.Args) (any, error) { return core.Not(self(a)), nil }).
	Method("asc()", "In ascending order.", `users.c.name:asc()`, func(_ any, a *bind.Args) (any, error) { return core.Asc(self(a)), nil }).
	Method("desc()", "In descending order.", `users.c.name:desc()`, func(_ any, a *bind.Args) (any, error) { return core.Desc(self(a)), nil }).
	Method("nulls_first()", "NULL before all others.", `users.c.name:nulls_first()`, func(_ any, a *bind.Args) (any, error) { return core.NullsFirst(self(a)), nil }).
	Alias("nullsfirst", "nulls_first").
	Method("nulls_last()", "NULL after all others.", `users.c.name:nulls_last()`, func(_ any, a *bind.Args) (any, error) { return core.NullsLast(self(a)), nil }).
	Alias("nullslast", "nulls_last").
	Method("distinct()", "DISTINCT, inside an aggregate.", `func.count(users.c.name:distinct())`, func(_ any, a *bind.Args) (any, error) { return core.DistinctExpr(self(a)), nil }).
	Method("any_()", "ANY (…), the right side of a comparison.", `column:any_()`, func(_ any, a *bind.Args) (any, error) { return core.Quantify(core.AnyOp, self(a)), nil }).
	Method("all_()", "ALL (…), the right side of a comparison.", `column:all_()`, func(_ any, a *bind.Args) (any, error) { return core.Quantify(core.AllOp, self(a)), nil }).
	Method("op(opstring, precedence=0, is_comparison=false, return_type=nil)", "An operator that SQLAlchemy does not know: call the result with the right side.", `users.c.n:op("&")(7)`, func(_ any, a *bind.Args) (any, error) {
		return &customOp{left: self(a), op: &core.Operator{
			Name: "custom_op", Symbol: " " + a.String("opstring") + " ", Precedence: a.Int("precedence"), Custom: true,
			Comparison: a.Bool("is_comparison"), Result: TypeOf(a.Call, a.Lua("return_type")),
		}}, nil
	}).
	Method("bool_op(opstring, precedence=0)", "Such an operator whose result is boolean.", `users.c.n:bool_op("@@")(7)`, func(_ any, a *bind.Args) (any, error) {
		return &customOp{left: self(a), op: &core.Operator{
			Name: "custom_op", Symbol: " " + a.String("opstring") + " ", Precedence: a.Int("precedence"), Custom: true, Comparison: true,
			Result: types.Lookup("", "Boolean").Plain(),
		}}, nil
	}).
	Method("operate(op, other=nil)", "Apply a custom operator.", `users.c.n:operate(custom_op("&"), 7)`, func(_ any, a *bind.Args) (any, error) {
		return core.Arithmetic(bind.Get[*customOp](a, "op").op, self(a), Operand(a.Call, a.Lua("other"))), nil
	}).
	Method("label(name=nil)", "Give it a name: AS.", `func.count():label("n")`, func(_ any, a *bind.Args) (any, error) {
		return core.NewLabel(self(a), a.String("name")), nil
	}).
	Method("cast(type_)", "CAST to a type.", `users.c.id:cast(String)`, func(_ any, a *bind.Args) (any, error) {
		return &core.Cast{X: self(a), Type: TypeOf(a.Call, a.Lua("type_"))}, nil
	}).
	With(func(c *bind.Class) {
		c.Expression = true
		c.Operate = Operate
	})

// customOp is op("…") before its right side is known.
type customOp struct {
	left core.Expr
	op   *core.Operator
}

var customOpClass = bind.Define[*customOp]("custom_op", "An operator that waits for its right side.").With(func(c *bind.Class) {
	c.Call = bind.Func("op(other{}=nil)", "Apply the operator.", `users.c.n:op("&")(7)`, func(a *bind.Args) (any, error) {
		o := bind.SelfOf[*customOp](a)
		return core.Arithmetic(o.op, o.left, Operand(a.Call, a.Lua("other"))), nil
	})
})
