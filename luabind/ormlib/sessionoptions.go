package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

const sessionParams = `bind=nil, *, binds{}=nil, autoflush=true, future=true, expire_on_commit=true, autobegin=true, twophase=false, enable_baked_queries=true, info{}=nil, query_cls=nil, autocommit=false, join_transaction_mode=nil, close_resets_only=nil)`

// bindOf reads where SQL goes: an engine or a connection.
func bindOf(v any) orm.Bind {
	switch x := v.(type) {
	case nil:
		return nil
	case *engine.Engine, *engine.Connection:
		return x
	}
	bind.Fail(exc.ArgumentError, "bind takes an engine or a connection")
	return nil
}

// bindKey is a key of binds: a mapper, or a table.
func bindKey(c *bind.Call, v lua.LValue) any {
	switch x := c.ToGo(v).(type) {
	case *Class:
		if m := x.mapped(); m != nil {
			return m
		}
		return x
	case *orm.Mapper, *core.Table:
		return x
	}
	bind.Fail(exc.ArgumentError, "Not an acceptable bind target: %s", c.Repr(c.L, v))
	return nil
}

// sessionOptions reads the arguments of Session and sessionmaker.
func sessionOptions(a *bind.Args, o *orm.SessionOptions) {
	if a.Given("bind") {
		o.Bind = bindOf(a.Any("bind"))
	}
	flag := func(name string, to *bool) {
		if a.Given(name) {
			*to = a.Bool(name)
		}
	}
	flag("autoflush", &o.Autoflush)
	flag("expire_on_commit", &o.ExpireOnCommit)
	flag("autobegin", &o.Autobegin)
	flag("twophase", &o.TwoPhase)
	if a.Has("close_resets_only") {
		o.ClosePermanently = !a.Bool("close_resets_only")
	}
	if a.Bool("autocommit") {
		bind.Fail(exc.ArgumentError, "autocommit=true is no longer supported")
	}
	if a.Has("join_transaction_mode") {
		o.JoinTransactionMode = a.String("join_transaction_mode")
	}
	if t, ok := a.Lua("binds").(*lua.LTable); ok {
		o.Binds = map[any]orm.Bind{}
		for k, v := range script.Fields(t) {
			key := bindKey(a.Call, k)
			b := bindOf(a.ToGo(v))
			if k, ok := key.(*Class); ok { // a base: all that derive from it
				for _, sub := range k.mappedSubclasses() {
					o.Binds[sub] = b
				}
				continue
			}
			o.Binds[key] = b
		}
	}
	if t, ok := a.Any("info").(types.Object); ok {
		o.Info = map[string]any{}
		for k, v := range t.All() {
			o.Info[k] = v
		}
	}
}

// mappedSubclasses are the mappers of the classes that derive from k.
func (c *Class) mappedSubclasses() []*orm.Mapper {
	var out []*orm.Mapper
	if r := c.registryOf(); r != nil {
		for _, m := range r.Registry.Mappers() {
			if k := classOf(m); k != nil && k.derives(c) {
				out = append(out, m)
			}
		}
	}
	return out
}

// bindArguments reads bind_arguments=.
func bindArguments(a *bind.Args) (*orm.Mapper, orm.Bind) {
	t, ok := a.Lua("bind_arguments").(*lua.LTable)
	if !ok {
		return nil, nil
	}
	var m *orm.Mapper
	var b orm.Bind
	switch x := a.ToGo(t.RawGetString("mapper")).(type) {
	case *Class:
		m = x.mapped()
	case *orm.Mapper:
		m = x
	}
	if v := t.RawGetString("bind"); v != lua.LNil {
		b = bindOf(a.ToGo(v))
	}
	return m, b
}
