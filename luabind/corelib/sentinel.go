package corelib

import (
	"alchemysh/core"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

var insertSentinel = bind.Func("insert_sentinel(name=nil, type_=nil, *, default{!}=nil, omit_from_statements=true)",
	"A column that puts the rows of INSERT … RETURNING into the order of the parameters.", `Table("t", metadata, Column("id", Uuid, {primary_key = true}), insert_sentinel("sentinel"))`,
	func(a *bind.Args) (any, error) {
		c := core.NewColumn(a.String("name"), TypeOf(a.Call, a.Lua("type_")))
		if c.Type == nil || c.Type.Affinity() == types.Unknown {
			c.Type = types.Lookup("", "Integer").Plain()
		}
		c.Schema = core.NewColumnSchema()
		c.Schema.Nullable = true
		c.Schema.Sentinel, c.Schema.Omit = true, a.Bool("omit_from_statements")
		c.Schema.Default = core.NewSentinelDefault()
		if a.Given("default") {
			c.Schema.Default = columnDefault(a, a.Lua("default"), false)
		}
		return c, nil
	})
