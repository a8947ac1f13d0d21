package valuelib

import (
	"strings"

	"github.com/google/uuid"
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

var newUUID = bind.Func("uuid4()", "A random UUID.", "uuid4()", func(a *bind.Args) (any, error) { return uuid.NewRandom() })

// UUID is the class of UUIDs.
var UUID = bind.Define[uuid.UUID]("uuid", "A universally unique identifier.").
	Constructor("uuid(text)", "Read a UUID.", `uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8")`, func(a *bind.Args) (any, error) { return parseUUID(a.Any("text")) }).
	Static("UUID(text)", "Read a UUID.", `uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")`, func(a *bind.Args) (any, error) { return parseUUID(a.Any("text")) }).
	Static("uuid4()", "A random UUID.", "uuid.uuid4()", func(a *bind.Args) (any, error) { return uuid.NewRandom() }).
	Property("hex", "Its digits without hyphens.", func(u uuid.UUID) any { return strings.ReplaceAll(u.String(), "-", "") }).
	Property("bytes", "Its sixteen bytes.", func(u uuid.UUID) any { return u[:] }).
	Property("version", "Its version.", func(u uuid.UUID) any { return int64(u.Version()) }).
	With(func(c *bind.Class) {
		c.Value = true
		c.Operate = func(c *bind.Call, op string, a, b lua.LValue) (any, error) {
			if op == ".." {
				return c.Str(c.L, a) + c.Str(c.L, b), nil
			}
			x, okx := bind.Unwrap[uuid.UUID](a)
			y, oky := bind.Unwrap[uuid.UUID](b)
			if !okx || !oky {
				return nil, bind.ErrDeclined
			}
			return compared(op, strings.Compare(x.String(), y.String()))
		}
	})

func parseUUID(v any) (any, error) {
	if u, ok := v.(uuid.UUID); ok {
		return u, nil
	}
	s, _ := v.(string)
	u, err := uuid.Parse(s)
	if err != nil {
		return nil, exc.New(exc.ValueError, "badly formed hexadecimal UUID string: %s", types.Repr(v))
	}
	return u, nil
}

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
	Method("contains(value)", "Whether a value lies in it.", "r:contains(3)", func(r types.Range, a *bind.Args) (any, error) {
		return r.Contains(a.Any("value")), nil
	}).
	With(func(c *bind.Class) {
		c.Value = true
		c.Operate = func(c *bind.Call, op string, a, b lua.LValue) (any, error) {
			x, okx := bind.Unwrap[types.Range](a)
			y, oky := bind.Unwrap[types.Range](b)
			if !okx || !oky || op != "==" && op != "~=" {
				return nil, bind.ErrDeclined
			}
			return types.Equal(x, y) == (op == "=="), nil
		}
	})
