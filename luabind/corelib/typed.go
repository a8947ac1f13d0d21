package corelib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// Operators that only columns of certain types have: JSON, ARRAY, HSTORE,
// ranges. SQLAlchemy keeps them in the types' comparators.

var (
	boolean = types.Lookup("", "Boolean").Plain()
	text    = types.Lookup("", "Text").Plain()
	integer = types.Lookup("", "Integer").Plain()
)

// eager is infix for the operators that SQLAlchemy puts in parentheses beside
// others.
func eager(name, symbol string) *core.Operator {
	op := infix(name, symbol)
	op.Natural, op.Eager = true, true
	return op
}

// infix makes a comparison operator of PostgreSQL's.
func infix(name, symbol string) *core.Operator {
	return &core.Operator{Name: name, Symbol: " " + symbol + " ", Precedence: 5, Custom: true, Comparison: true, Result: boolean}
}

var (
	containsOp   = eager("contains", "@>")
	containedOp  = eager("contained_by", "<@")
	overlapOp    = infix("overlap", "&&")
	hasKeyOp     = eager("has_key", "?")
	hasAnyOp     = eager("has_any", "?|")
	hasAllOp     = eager("has_all", "?&")
	pathExistsOp = eager("path_exists", "@?")
	pathMatchOp  = eager("path_match", "@@")
	leftOfOp     = infix("strictly_left_of", "<<")
	rightOfOp    = infix("strictly_right_of", ">>")
	notRightOp   = infix("not_extend_right_of", "&<")
	notLeftOp    = infix("not_extend_left_of", "&>")
	adjacentOp   = infix("adjacent_to", "-|-")
	deletePathOp = &core.Operator{Name: "delete_path", Symbol: " #- ", Precedence: 15, Natural: true, Custom: true, Eager: true}
	asTextOp     = &core.Operator{Name: "json_astext", Symbol: " ->> ", Precedence: 15, Natural: true, Custom: true, Eager: true}
	pathAsTextOp = &core.Operator{Name: "json_path_astext", Symbol: " #>> ", Precedence: 15, Natural: true, Custom: true, Eager: true}
)

func affinity(e core.Expr) types.Affinity {
	if t := e.ExprType(); t != nil {
		return t.Affinity()
	}
	return types.Unknown
}

func isRange(t types.Affinity) bool { return t == types.RangeAffinity || t == types.MultirangeAffinity }

// beside binds a plain value beside an expression, with the expression's own
// type where the operator compares like with like, and with t otherwise.
func beside(left core.Expr, v any, t types.Type) core.Expr {
	if e, ok := v.(core.Expr); ok {
		return e
	}
	if q, ok := v.(core.Query); ok {
		return scalarSelect(q)
	}
	b := core.Compare(core.EqOp, left, nonNull(v)).(*core.Binary).Right
	if p, ok := b.(*core.Bind); ok {
		p.Value = v
		if t != nil {
			p.Type = t
		}
		return p
	}
	return core.Literal(v, t)
}

// nonNull stands for values that comparisons treat as constants.
func nonNull(v any) any {
	switch v.(type) {
	case nil, bool:
		return ""
	}
	return v
}

func typed(op *core.Operator, left core.Expr, v any, t types.Type) core.Expr {
	result := op.Result
	if result == nil {
		result = left.ExprType()
	}
	return &core.Binary{Op: op, Left: left, Right: beside(left, v, t), Type: result}
}

// typedContains is contains() of types for which it means elements.
func typedContains(a *bind.Args, left core.Expr) (core.Expr, bool) {
	return typedCompare(a, left, containsOp, "other")
}

func typedCompare(a *bind.Args, left core.Expr, op *core.Operator, name string) (core.Expr, bool) {
	t := left.ExprType()
	other := Value(a.Call, a.Lua(name))
	switch {
	case affinity(left) == types.JSONAffinity && (t.Name() == "JSONB" || op != containsOp):
		return typed(op, left, other, t), true
	case affinity(left) == types.HstoreAffinity:
		return typed(op, left, other, t), true
	case affinity(left) == types.ArrayAffinity:
		return typed(op, left, listOf(other), t), true
	case isRange(affinity(left)):
		if _, ok := other.(types.Range); ok {
			return typed(op, left, other, t), true
		}
		if _, ok := other.([]any); ok {
			return typed(op, left, other, t), true
		}
		return typed(op, left, other, types.Of(other)), true
	}
	return nil, false
}

func listOf(v any) any {
	if o, ok := v.(types.Object); ok && o.Len() == 0 {
		return []any{}
	}
	return v
}

// elements is a method that exists for the types that have elements.
func elements(op *core.Operator) func(any, *bind.Args) (any, error) {
	return func(_ any, a *bind.Args) (any, error) {
		left := self(a)
		if e, ok := typedCompare(a, left, op, "other"); ok {
			return e, nil
		}
		return nil, noComparator(left, a.Name())
	}
}

func noComparator(e core.Expr, name string) error {
	kind := "NullType()"
	if t := e.ExprType(); t != nil {
		kind = t.String()
	}
	return exc.New(exc.AttributeError, "Neither expression nor its type %s has an attribute '%s'", kind, name)
}

// keys is has_key, has_any, has_all.
func keys(op *core.Operator, many bool) func(any, *bind.Args) (any, error) {
	return func(_ any, a *bind.Args) (any, error) {
		left := self(a)
		if f := affinity(left); f != types.JSONAffinity && f != types.HstoreAffinity {
			return nil, noComparator(left, a.Name())
		}
		other := listOf(Value(a.Call, a.Lua("other")))
		t := text
		if many {
			t = left.ExprType()
			if affinity(left) == types.HstoreAffinity {
				t = types.Lookup("postgresql", "ARRAY").Must(text)
			}
		}
		return typed(op, left, other, t), nil
	}
}

// jsonAs gives an element of a document another type.
func jsonAs(t func(a *bind.Args) types.Type) func(any, *bind.Args) (any, error) {
	return func(_ any, a *bind.Args) (any, error) {
		e := self(a)
		b, ok := core.Plain(e).(*core.Binary)
		if !ok || b.Op != core.JSONItemOp && b.Op != core.JSONPathOp {
			return nil, exc.New(exc.InvalidRequestError, "The JSON cast operator JSON.%s() only works with a JSON index expression e.g. col['q'].%s()", a.Name(), a.Name())
		}
		n := *b
		n.Type = t(a)
		return &n, nil
	}
}

func plainType(name string) func(*bind.Args) types.Type {
	t := types.Lookup("", name).Plain()
	return func(*bind.Args) types.Type { return t }
}

// typedOperators are in the table of every expression, as SQLAlchemy's
// comparators make them appear.
var _ = Operators.
	Method("contained_by(other{!})", "Is contained in another document, array or range.", `t.c.tags:contained_by({"a", "b"})`, elements(containedOp)).
	Method("overlap(other{!})", "Has elements in common with another array.", `t.c.tags:overlap({"a"})`, elements(overlapOp)).
	Method("overlaps(other{!})", "Has values in common with another range.", `t.c.span:overlaps(Range(1, 3))`, elements(overlapOp)).
	Method("strictly_left_of(other{!})", "Lies before another range.", `t.c.span:strictly_left_of(Range(1, 3))`, elements(leftOfOp)).
	Method("strictly_right_of(other{!})", "Lies after another range.", `t.c.span:strictly_right_of(Range(1, 3))`, elements(rightOfOp)).
	Method("not_extend_right_of(other{!})", "Does not reach beyond another range.", `t.c.span:not_extend_right_of(Range(1, 3))`, elements(notRightOp)).
	Method("not_extend_left_of(other{!})", "Does not begin before another range.", `t.c.span:not_extend_left_of(Range(1, 3))`, elements(notLeftOp)).
	Method("adjacent_to(other{!})", "Touches another range.", `t.c.span:adjacent_to(Range(3, 4))`, elements(adjacentOp)).
	Method("has_key(other{!})", "Has a key.", `t.c.data:has_key("a")`, keys(hasKeyOp, false)).
	Method("has_any(other{!})", "Has any of several keys.", `t.c.data:has_any({"a", "b"})`, keys(hasAnyOp, true)).
	Method("has_all(other{!})", "Has all of several keys.", `t.c.data:has_all({"a", "b"})`, keys(hasAllOp, true)).
	Method("path_exists(other)", "A JSON path finds something.", `t.c.data:path_exists("$.a")`, keys(pathExistsOp, false)).
	Method("path_match(other)", "A JSON path's predicate holds.", `t.c.data:path_match("$.a > 1")`, keys(pathMatchOp, false)).
	Method("delete_path(other{!})", "Without what a path leads to.", `t.c.data:delete_path({"a", "b"})`, func(_ any, a *bind.Args) (any, error) {
		left := self(a)
		t := types.Lookup("postgresql", "ARRAY").Must(text)
		var path core.Expr = &core.Array{Type: t}
		switch other := Value(a.Call, a.Lua("other")).(type) {
		case core.Expr:
			path = other
		case []any:
			items := make([]core.Expr, len(other))
			for i, v := range other {
				items[i] = core.Literal(v, nil)
			}
			path = &core.Array{Items: items, Type: t}
		}
		return &core.Binary{Op: deletePathOp, Left: left, Right: &core.Cast{X: path, Type: t}, Type: left.ExprType()}, nil
	}).
	Method("as_string()", "An element of a document as text.", `t.c.data["a"]:as_string()`, jsonAs(plainType("Unicode"))).
	Method("as_integer()", "An element of a document as an integer.", `t.c.data["a"]:as_integer()`, jsonAs(plainType("Integer"))).
	Method("as_float()", "An element of a document as a float.", `t.c.data["a"]:as_float()`, jsonAs(plainType("Float"))).
	Method("as_boolean()", "An element of a document as a boolean.", `t.c.data["a"]:as_boolean()`, jsonAs(plainType("Boolean"))).
	Method("as_numeric(precision, scale, asdecimal=true)", "An element of a document as a decimal.", `t.c.data["a"]:as_numeric(10, 2)`, jsonAs(func(a *bind.Args) types.Type {
		return bind.Must(types.Lookup("", "Numeric").New([]any{int64(a.Int("precision")), int64(a.Int("scale"))}, map[string]any{"asdecimal": a.Bool("asdecimal")}))
	})).
	Method("as_json()", "An element of a document as a document.", `t.c.data["a"]:as_json()`, jsonAs(func(a *bind.Args) types.Type { return types.Lookup("", "JSON").Plain() })).
	Method("getitem(key{})", "An element, whatever its name: x[key].", `t.c.data:getitem("name")`, func(_ any, a *bind.Args) (any, error) {
		return item(a.Call, self(a), a.Lua("key"))
	}).
	Method("slice(start{!}, stop=nil)", "A slice of an array: PostgreSQL's x[start:stop]; of an hstore, the pairs of some keys.", `t.c.nums:slice(2, 5)`, func(_ any, a *bind.Args) (any, error) {
		left := self(a)
		if affinity(left) == types.HstoreAffinity {
			return onHstore(a.Call, "slice", nil, left, a.Lua("start")), nil
		}
		bound := func(name string) core.Expr {
			return &core.Bind{Key: bindName(left), Unique: true, Value: a.Any(name), Type: integer}
		}
		return &core.Binary{Op: core.GetItemOp, Left: left, Right: &core.Slice{Start: bound("start"), Stop: bound("stop")}, Type: left.ExprType()}, nil
	}).
	Method("any(other{!}, operator=nil)", "A value compares with any element of an array.", `t.c.nums:any(5)`, arrayQuantified(core.AnyOp)).
	Method("all(other{!}, operator=nil)", "A value compares with all elements of an array.", `t.c.nums:all(5)`, arrayQuantified(core.AllOp))

func arrayQuantified(q *core.Operator) func(any, *bind.Args) (any, error) {
	return func(_ any, a *bind.Args) (any, error) { return quantified(a, q, self(a)) }
}

// quantified compares other with the elements of an array.
func quantified(a *bind.Args, q *core.Operator, array core.Expr) (any, error) {
	if affinity(array) != types.ArrayAffinity {
		return nil, noComparator(array, strings.ToLower(a.Name()))
	}
	op := core.EqOp
	if name, ok := a.Any("operator").(string); ok {
		if op = luaOperators[name]; op == nil {
			op = operatorByName[name]
		}
		if op == nil {
			return nil, exc.New(exc.ArgumentError, "%s(): no such operator: %s", a.Name(), name)
		}
	}
	t := array.ExprType()
	if arr, ok := t.(*types.ARRAY); ok && arr.Item != nil {
		t = arr.Item
	}
	value := beside(array, Value(a.Call, a.Lua("other")), t)
	return &core.Binary{Op: op, Left: value, Right: core.Quantify(q, array), Type: boolean}, nil
}

var operatorByName = map[string]*core.Operator{
	"eq": core.EqOp, "ne": core.NeOp, "lt": core.LtOp, "le": core.LeOp, "gt": core.GtOp, "ge": core.GeOp,
}

func bindName(e core.Expr) string {
	if b, ok := core.Compare(core.EqOp, e, "").(*core.Binary); ok {
		if p, ok := b.Right.(*core.Bind); ok {
			return p.Key
		}
	}
	return "param"
}

// item is x[key] on an expression: an element of a document or an array.
func item(c *bind.Call, left core.Expr, key lua.LValue) (any, error) {
	return core.Item(left, Value(c, key)), nil
}

// itemAttr answers x["name"] on an expression of a type with elements; public
// attributes and methods come first.
func itemAttr(c *bind.Call, v any, name string) (any, bool, error) {
	if x, ok, err := comparatorAttr(c, v, name); ok || err != nil {
		return x, ok, err
	}
	e, ok := resolve(v).(core.Expr)
	if !ok {
		return nil, false, nil
	}
	switch affinity(e) {
	case types.JSONAffinity:
		if name == "astext" {
			x, err := asText(e)
			return x, true, err
		}
	case types.HstoreAffinity:
		if f := hstoreFunctions[name]; f != nil {
			return f, true, nil
		}
	default:
		return nil, false, nil
	}
	x, err := item(c, e, lua.LString(name))
	return x, true, err
}

// asText is astext: an element as text, by ->>.
func asText(e core.Expr) (core.Expr, error) {
	b, ok := core.Plain(e).(*core.Binary)
	if !ok {
		return nil, exc.New(exc.AttributeError, "astext is of an element: column[\"key\"].astext")
	}
	n := *b
	switch b.Op {
	case core.JSONItemOp:
		n.Op = asTextOp
	case core.JSONPathOp:
		n.Op = pathAsTextOp
	default:
		return nil, exc.New(exc.AttributeError, "astext is of an element: column[\"key\"].astext")
	}
	n.Type = text
	if j, ok := b.Type.(*types.JSON); ok && j.AsText != nil {
		n.Type = j.AsText
	}
	return &n, nil
}

// overloaded is an operator that a type gives a meaning of its own: + - * on
// ranges, - on JSONB and HSTORE.
func overloaded(op *core.Operator, x, y any) (core.Expr, bool) {
	left, ok := x.(core.Expr)
	if !ok {
		return nil, false
	}
	t := left.ExprType()
	switch {
	case isRange(affinity(left)) && (op == core.AddOp || op == core.SubOp || op == core.MulOp):
		return &core.Binary{Op: op, Left: left, Right: beside(left, y, t), Type: t}, true
	}
	return nil, false
}
