package postgresql

import (
	"strings"

	"alchemysh/core"
	"alchemysh/core/compile"
)

// takesAny are functions whose arguments may be of any type. The server takes
// a quoted literal there for text, as psycopg2 sends it, but refuses a
// parameter of unknown type.
var takesAny = map[string]bool{
	"concat": true, "concat_ws": true, "count": true, "format": true, "pg_typeof": true,
	"json_build_array": true, "json_build_object": true, "json_object_agg": true,
	"jsonb_build_array": true, "jsonb_build_object": true, "jsonb_object_agg": true,
	"num_nonnulls": true, "num_nulls": true,
}

// polymorphic writes a call of such a function, its bare parameters as text.
func polymorphic(c *compile.Compiler, f *core.Func) bool {
	if !takesAny[strings.ToLower(f.Name)] || len(f.OrderBy) > 0 {
		return false
	}
	bare := false
	for _, a := range f.Args {
		_, isBind := a.(*core.Bind)
		bare = bare || isBind
	}
	if !bare {
		return false
	}
	c.Write(f.Name, "(")
	for i, a := range f.Args {
		if i > 0 {
			c.Write(", ")
		}
		if _, ok := a.(*core.Bind); ok {
			c.CastOnWire("::TEXT", func() { c.Operand(a, core.CommaOp) })
		} else {
			c.Operand(a, core.CommaOp)
		}
	}
	c.Write(")")
	return true
}
