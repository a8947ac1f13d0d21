package valuelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// Range is the class of ranges of values.
var Range = bind.Define[types.Range]("Range", "A range of numbers, dates or moments.").
	Constructor(`Range(lower=nil, upper=nil, bounds="[)", empty=false)`, "Make a range.", `Range(1, 5, {bounds = "[]"})`, func(a *bind.Args) (any, error) {
		if a.Bool("empty") {
			return types.Range{Empty: true}, nil
		}
		return types.NewRange(a.Any("lower"), a.Any("upper"), a.String("bounds"))
	}).
	Property("lower", "The lower bound, nil without one.", func(r types.Range) any { return r.Lower }).
	Property("upper", "The upper bound, nil without one.", func(r types.Range) any { return r.Upper }).
	Property("bounds", "Which bounds belong to it.", func(r types.Range) any { return r.Bounds }).
	Property("empty", "Whether nothing is in it.", func(r types.Range) any { return r.Empty }).
	Alias("isempty", "empty").
	Property("lower_inc", "Whether the lower bound belongs to it.", func(r types.Range) any { return r.LowerInc() }).
	Property("upper_inc", "Whether the upper bound belongs to it.", func(r types.Range) any { return r.UpperInc() }).
	Property("lower_inf", "Whether it has no lower bound.", func(r types.Range) any { return !r.Empty && r.Lower == nil }).
	Property("upper_inf", "Whether it has no upper bound.", func(r types.Range) any { return !r.Empty && r.Upper == nil }).
	Alias("is_empty", "empty").
	Method("contains(value)", "Whether a value, or another range, lies in it.", "r:contains(3)", func(r types.Range, a *bind.Args) (any, error) {
		if o, ok := a.Any("value").(types.Range); ok {
			return r.ContainsRange(o), nil
		}
		return r.Contains(a.Any("value")), nil
	}).
	Method("contained_by(other)", "Whether it lies in another range.", "r:contained_by(Range(0, 9))", ranges(containedBy)).
	Method("overlaps(other)", "Whether it has values in common with another.", "r:overlaps(Range(4, 9))", ranges(types.Range.Overlaps)).
	Method("strictly_left_of(other)", "Whether it ends before another begins.", "r:strictly_left_of(Range(7, 9))", ranges(types.Range.StrictlyLeftOf)).
	Method("strictly_right_of(other)", "Whether it begins behind another's end.", "r:strictly_right_of(Range(7, 9))", ranges(types.Range.StrictlyRightOf)).
	Method("not_extend_left_of(other)", "Whether it does not begin before another.", "r:not_extend_left_of(Range(1, 9))", ranges(types.Range.NotExtendLeftOf)).
	Method("not_extend_right_of(other)", "Whether it does not end behind another.", "r:not_extend_right_of(Range(1, 9))", ranges(types.Range.NotExtendRightOf)).
	Method("adjacent_to(other)", "Whether one begins where the other ends.", "r:adjacent_to(Range(5, 9))", ranges(types.Range.AdjacentTo)).
	Method("union(other)", "What lies in either: r + other.", "r:union(Range(5, 9))", func(r types.Range, a *bind.Args) (any, error) { return r.Union(rangeArg(a)) }).
	Method("difference(other)", "What does not lie in another: r - other.", "r:difference(Range(3, 9))", func(r types.Range, a *bind.Args) (any, error) { return r.Difference(rangeArg(a)) }).
	Method("intersection(other)", "What lies in both: r * other.", "r:intersection(Range(3, 9))", func(r types.Range, a *bind.Args) (any, error) { return r.Intersection(rangeArg(a)), nil }).
	With(func(c *bind.Class) {
		c.Value = true
		c.Operate = func(c *bind.Call, op string, a, b lua.LValue) (any, error) {
			x, okx := bind.Unwrap[types.Range](a)
			y, oky := bind.Unwrap[types.Range](b)
			if !okx || !oky {
				return nil, bind.ErrDeclined
			}
			switch op {
			case "==", "~=":
				return x.Equal(y) == (op == "=="), nil
			case "+":
				return x.Union(y)
			case "-":
				return x.Difference(y)
			case "*":
				return x.Intersection(y), nil
			}
			return nil, bind.ErrDeclined
		}
		c.Str = func(_ *bind.Call, self any) (string, error) { return self.(types.Range).String(), nil }
		c.Repr = func(_ *bind.Call, self any) (string, error) { return self.(types.Range).Repr(), nil }
	})

func containedBy(r, o types.Range) bool { return o.ContainsRange(r) }

// ranges makes a method of a question about two ranges.
func ranges(f func(r, o types.Range) bool) func(types.Range, *bind.Args) (any, error) {
	return func(r types.Range, a *bind.Args) (any, error) { return f(r, rangeArg(a)), nil }
}

func rangeArg(a *bind.Args) types.Range {
	o, ok := a.Any("other").(types.Range)
	if !ok {
		bind.Fail(exc.TypeError, "a Range is wanted, not %s", types.Repr(a.Any("other")))
	}
	return o
}
