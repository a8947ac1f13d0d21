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
