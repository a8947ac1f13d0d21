package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// identitySet is session.new, dirty and deleted: a set of objects.
type identitySet struct{ items []*orm.Instance }

var identitySetClass = bind.Define[*identitySet]("IdentitySet", "A set of objects.").
	Method("contains(item)", "Whether an object is in it.", "session.new:contains(user)", func(s *identitySet, a *bind.Args) (any, error) {
		i, _ := bind.Unwrap[*orm.Instance](a.Lua("item"))
		for _, x := range s.items {
			if x == i {
				return true, nil
			}
		}
		return false, nil
	}).
	With(func(c *bind.Class) {
		c.Len = func(_ *bind.Call, self any) (int, error) { return len(self.(*identitySet).items), nil }
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			return each(self.(*identitySet).items), nil
		}
		c.Item = func(_ *bind.Call, self any, key lua.LValue) (any, error) {
			s := self.(*identitySet)
			if n, ok := key.(lua.LNumber); ok && int(n) >= 1 && int(n) <= len(s.items) {
				return s.items[int(n)-1], nil
			}
			return nil, nil
		}
		c.Repr = func(c *bind.Call, self any) (string, error) {
			return "IdentitySet(" + c.ReprGo(self.(*identitySet).items) + ")", nil
		}
	})

// identityMap is session.identity_map.
type identityMap struct{ s *orm.Session }

var identityMapClass = bind.Define[*identityMap]("IdentityMap", "The persistent objects of a session, by identity.").
	Method("items()", "Pairs of identity and object.", "for key, user in session.identity_map:items() do print(key, user) end", func(m *identityMap, a *bind.Args) (any, error) {
		out := []any{}
		for _, i := range m.s.IdentityMap() {
			out = append(out, pairOf(identityKey(i.Identity()), i))
		}
		return out, nil
	}).
	Method("get(key{!}, default=nil)", "The object of an identity.", "session.identity_map:get(identity_key(User, 5))", func(m *identityMap, a *bind.Args) (any, error) {
		if i := m.find(a.Call, a.Lua("key")); i != nil {
			return i, nil
		}
		return a.Lua("default"), nil
	}).
	Method("contains(key{!})", "Whether an object with this identity is in it.", "session.identity_map:contains(identity_key(User, 5))", func(m *identityMap, a *bind.Args) (any, error) {
		return m.find(a.Call, a.Lua("key")) != nil, nil
	}).
	Method("contains_state(state)", "Whether the object of a state is in it.", "session.identity_map:contains_state(inspect(user))", func(m *identityMap, a *bind.Args) (any, error) {
		s := bind.Get[*stateOf](a, "state")
		return s != nil && s.i.Identity() != nil && m.s.Lookup(s.i.Identity()) == s.i, nil
	}).
	Method("values()", "The objects.", "session.identity_map:values()", func(m *identityMap, a *bind.Args) (any, error) { return m.s.IdentityMap(), nil }).
	Method("keys()", "Their identities.", "session.identity_map:keys()", func(m *identityMap, a *bind.Args) (any, error) {
		var out []any
		for _, i := range m.s.IdentityMap() {
			out = append(out, identityKey(i.Identity()))
		}
		return out, nil
	}).
	With(func(c *bind.Class) {
		c.Len = func(_ *bind.Call, self any) (int, error) { return len(self.(*identityMap).s.IdentityMap()), nil }
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			return each(self.(*identityMap).s.IdentityMap()), nil
		}
		c.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			if i := self.(*identityMap).find(c, key); i != nil {
				return i, nil
			}
			return nil, exc.New(exc.KeyError, "%s", c.Repr(c.L, key))
		}
	})

// find looks an object up by the tuple of its identity.
func (m *identityMap) find(c *bind.Call, key lua.LValue) *orm.Instance {
	k, ok := c.ToGo(key).(engine.Row)
	if !ok {
		return nil
	}
	parts := k.Values()
	if len(parts) < 2 {
		return nil
	}
	class, _ := parts[0].(*Class)
	values, _ := parts[1].(engine.Row)
	if class == nil || class.mapped() == nil {
		return nil
	}
	var token any
	if len(parts) > 2 {
		token = parts[2]
	}
	return m.s.Lookup(class.mapped().NewIdentity(values.Values(), token))
}

// identityKey is the tuple of an identity: class, primary key, token.
func identityKey(k *orm.Identity) any {
	if k == nil {
		return nil
	}
	return engine.NewRow(engine.NewMeta(nil), []any{classOf(k.Base), engine.NewRow(engine.NewMeta(nil), k.Values), k.Token})
}
