package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

var excludeClass = bind.Define[*core.ExcludeConstraint]("ExcludeConstraint", "PostgreSQL's EXCLUDE USING ….", constraintBase.Class).
	Constructor("ExcludeConstraint(*elements{}, name=nil, deferrable=nil, initially=nil, using=\"gist\", where=nil, ops{}=nil, info{}=nil, comment=nil, **kw)", "No two rows may compare so.", `postgresql.ExcludeConstraint({t.c.room, "="}, {t.c.during, "&&"})`, func(a *bind.Args) (any, error) {
		k := &core.ExcludeConstraint{ConstraintOptions: constraintOptions(a), Using: a.String("using")}
		if a.Has("where") {
			if s, ok := a.Any("where").(string); ok {
				k.Where = &core.Text{SQL: s, Type: &types.NullType{}}
			} else {
				k.Where = Expr(a.Call, a.Lua("where"), WhereRole)
			}
		}
		ops, _ := a.Any("ops").(types.Object)
		for _, v := range a.Rest() {
			pair := a.ListOf(v)
			if len(pair) != 2 {
				return nil, exc.New(exc.ArgumentError, "ExcludeConstraint takes pairs: {column, operator}")
			}
			e := core.ExcludeElement{Op: a.Str(a.L, pair[1])}
			key := ""
			if s, ok := pair[0].(lua.LString); ok {
				e.Column, key = string(s), string(s)
			} else {
				x := Expr(a.Call, pair[0], ElementRole)
				e.Column = x
				if c, ok := core.Plain(x).(*core.Column); ok {
					key = c.Key
				}
			}
			if class, ok := ops.Get(key); ok {
				e.OpsFor, _ = class.(string)
			}
			k.Elements = append(k.Elements, e)
		}
		return k, nil
	})
