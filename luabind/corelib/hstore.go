package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// hstoreFunctions are the methods that only HSTORE has: elsewhere their names
// are those of elements. The hstore is their first argument, as it is of any
// method that is called with a colon.
var hstoreFunctions = map[string]*bind.Function{
	"keys":    hstoreFunction("keys(hstore, *args{!})", "Its keys, as an array.", "t.c.h:keys()", "akeys", texts),
	"vals":    hstoreFunction("vals(hstore, *args{!})", "Its values, as an array.", "t.c.h:vals()", "avals", texts),
	"array":   hstoreFunction("array(hstore, *args{!})", "Keys and values in turn, as an array.", "t.c.h:array()", "hstore_to_array", texts),
	"matrix":  hstoreFunction("matrix(hstore, *args{!})", "Pairs of key and value, as an array of arrays.", "t.c.h:matrix()", "hstore_to_matrix", texts),
	"defined": hstoreFunction("defined(hstore, *args{!})", "Whether the value of a key is not NULL.", `t.c.h:defined("a")`, "defined", boolean),
	"delete":  hstoreFunction("delete(hstore, *args{!})", "Without a key, several keys, or the pairs of another hstore.", `t.c.h:delete("a")`, "delete", nil),
}

var texts = types.Lookup("postgresql", "ARRAY").Must(text)

// hstoreFunction calls a function of the server on the hstore.
func hstoreFunction(signature, doc, example, function string, t types.Type) *bind.Function {
	return bind.Func(signature, doc, example, func(a *bind.Args) (any, error) {
		return onHstore(a.Call, function, t, Expr(a.Call, a.Lua("hstore"), ElementRole), a.Rest()...), nil
	})
}

// onHstore is function(hstore, args…), of type nil an hstore again.
func onHstore(c *bind.Call, function string, t types.Type, hstore core.Expr, args ...lua.LValue) core.Expr {
	if t == nil {
		t = hstore.ExprType()
	}
	all := []any{hstore}
	for _, v := range args {
		switch v := Value(c, v).(type) {
		case []any:
			all = append(all, &core.Bind{Key: function, Unique: true, Value: v, Type: texts})
		case types.Object:
			all = append(all, &core.Bind{Key: function, Unique: true, Value: v, Type: hstore.ExprType()})
		default:
			all = append(all, v)
		}
	}
	return core.NewFunc(nil, function, t, all...)
}
