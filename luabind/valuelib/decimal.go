package valuelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// Decimal is the class of exact decimals.
var Decimal = bind.Define[types.Decimal]("decimal", "An exact decimal number.").
	Constructor("decimal(value=0)", "Make a decimal of its digits.", `decimal("10.25")`, func(a *bind.Args) (any, error) {
		v := a.Any("value")
		if s, ok := v.(string); ok {
			return types.ParseDecimal(s)
		}
		d, ok := types.DecimalOf(v)
		if !ok {
			return nil, exc.New(exc.TypeError, "decimal(): cannot read %s", a.ReprGo(v))
		}
		return d, nil
	}).
	Method("tonumber()", "The nearest Lua number.", "d:tonumber()", func(d types.Decimal, a *bind.Args) (any, error) {
		return d.Float64(), nil
	}).
	Method("quantize(places)", "Round to a number of places, or to those of another decimal.", `d:quantize(decimal("0.01"))`, func(d types.Decimal, a *bind.Args) (any, error) {
		if like, ok := a.Any("places").(types.Decimal); ok {
			return d.Quantize(like.Scale())
		}
		return d.Quantize(int32(a.Int("places")))
	}).
	Method("normalize()", "Without trailing zeros.", "d:normalize()", func(d types.Decimal, a *bind.Args) (any, error) {
		return d.Reduced(), nil
	}).
	Method("abs()", "Without its sign.", "d:abs()", func(d types.Decimal, a *bind.Args) (any, error) {
		return d.Abs(), nil
	}).
	Method("is_finite()", "Whether it is a number.", "d:is_finite()", func(d types.Decimal, a *bind.Args) (any, error) {
		return d.IsFinite(), nil
	}).
	With(func(c *bind.Class) {
		c.Value = true
		c.Operate = operateDecimal
	})

func operateDecimal(c *bind.Call, op string, a, b lua.LValue) (any, error) {
	x, okx := types.DecimalOf(numeric(c, a))
	if op == "neg" {
		return x.Neg(), nil
	}
	if op == ".." {
		return c.Str(c.L, a) + c.Str(c.L, b), nil
	}
	y, oky := types.DecimalOf(numeric(c, b))
	if !okx || !oky {
		return nil, bind.ErrDeclined
	}
	switch op {
	case "+":
		return x.Add(y)
	case "-":
		return x.Sub(y)
	case "*":
		return x.Mul(y)
	case "/":
		return x.Quo(y)
	case "%":
		return x.Rem(y)
	}
	return compared(op, x.Cmp(y))
}

// numeric gives the Go number of an operand; strings are not numbers here.
func numeric(c *bind.Call, v lua.LValue) any {
	switch v.(type) {
	case lua.LNumber, *lua.LUserData:
		g := c.ToGo(v)
		if _, text := g.(string); text {
			return nil
		}
		return g
	}
	return nil
}

// compared reads a three-way result as an operator does; it declines what is
// no comparison.
func compared(op string, order int) (any, error) {
	switch op {
	case "==":
		return order == 0, nil
	case "~=":
		return order != 0, nil
	case "<":
		return order < 0, nil
	case "<=":
		return order <= 0, nil
	case ">":
		return order > 0, nil
	case ">=":
		return order >= 0, nil
	}
	return nil, bind.ErrDeclined
}
