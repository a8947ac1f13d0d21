package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

// ExecutionOption reads the value of an execution option. Of a
// schema_translate_map null may be a name: that of tables without a schema.
func ExecutionOption(c *bind.Call, name string, v lua.LValue) any {
	t, ok := v.(*lua.LTable)
	if name != "schema_translate_map" || !ok {
		return c.ToGo(v)
	}
	var o types.Object
	for from, to := range script.Fields(t) {
		key, isName := from.(lua.LString)
		if !isName && !c.IsNull(from) {
			bind.Fail(exc.ArgumentError, "schema_translate_map: the names of schemas are text or null, not %s", c.KindOf(from))
		}
		schema, isName := to.(lua.LString)
		if !isName && !c.IsNull(to) {
			bind.Fail(exc.ArgumentError, "schema_translate_map: a schema is text or null, not %s", c.KindOf(to))
		}
		o.Set(string(key), string(schema))
	}
	return o
}
