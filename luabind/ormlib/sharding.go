package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// shardedClass is ShardedSession: a session over several databases.
var shardedClass = bind.Define[*orm.Session]("ShardedSession", "A session whose objects are spread over several databases.", sessionClass.Class).
	Constructor("ShardedSession(shard_chooser, identity_chooser=nil, execute_chooser=nil, shards{}=nil, query_chooser=nil, id_chooser=nil, **kw)", "Open a session over several databases.",
		"ShardedSession{shards = {north = e1, south = e2}, shard_chooser = f, identity_chooser = g, execute_chooser = h}", func(a *bind.Args) (any, error) {
			return sharded(a)
		}).
	With(func(c *bind.Class) { c.Slot = sessionSlot })

func init() {
	sessionClass.Variant = func(v any) *bind.Class {
		if v.(*orm.Session).Sharding != nil {
			return shardedClass.Class
		}
		return nil
	}
}

func openSharded(c *bind.Call, args *lua.LTable) (*orm.Session, error) {
	v, err := shardedClass.New.CallWith(c, args)
	if err != nil {
		return nil, err
	}
	return v.(*orm.Session), nil
}

func sharded(a *bind.Args) (*orm.Session, error) {
	s, err := openSession(a.Call, keywordTable(a).(*lua.LTable))
	if err != nil {
		return nil, err
	}
	h := &orm.Sharding{Shards: map[string]orm.Bind{}}
	shards, ok := a.Lua("shards").(*lua.LTable)
	if !ok {
		return nil, exc.New(exc.ArgumentError, "ShardedSession: shards must be a table of engines by name")
	}
	for k, v := range script.Fields(shards) {
		h.Names = append(h.Names, k.String())
		h.Shards[k.String()] = bindOf(a.ToGo(v))
	}
	choose, identify, execute := a.Function("shard_chooser"), a.Function("identity_chooser"), a.Function("execute_chooser")
	if identify == nil {
		identify = a.Function("id_chooser")
	}
	if execute == nil {
		execute = a.Function("query_chooser")
	}
	h.Choose = func(m *orm.Mapper, i *orm.Instance, clause core.Node) (string, error) {
		var object, class, n any
		if i != nil {
			object = i
		}
		if m != nil {
			class = m
		}
		if clause != nil {
			n = clause
		}
		v, err := choose.Call1(class, object, n)
		name, _ := v.(string)
		return name, err
	}
	names := func(v any, err error) ([]string, error) {
		if err != nil {
			return nil, err
		}
		var out []string
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, x := range list {
			if name, ok := x.(string); ok {
				out = append(out, name)
			}
		}
		return out, nil
	}
	if identify != nil {
		h.Identify = func(m *orm.Mapper, key []any, from *orm.Instance) ([]string, error) {
			var lazy any
			if from != nil {
				lazy = &stateOf{from}
			}
			return names(identify.Call1(m, key, lazy, map[string]any{}, map[string]any{}))
		}
	}
	if execute != nil {
		h.ExecuteOn = func(st *orm.ExecuteState) ([]string, error) { return names(execute.Call1(st)) }
	}
	s.Sharding = h
	return s, nil
}
