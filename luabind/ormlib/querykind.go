package ormlib

import (
	"weak"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// queryKinds are the query_cls of the sessions of a state: classes that derive
// from Query, or functions of entities and session that give a query.
type queryKinds map[weak.Pointer[orm.Session]]any

type queryKindsKey struct{}

// keepQueryKind notes a session's query_cls.
func keepQueryKind(a *bind.Args, s *orm.Session) error {
	v := a.Lua("query_cls")
	if v == lua.LNil {
		return nil
	}
	var made any
	if k, ok := bind.Unwrap[*Class](v); ok && k.boundTo() == queryClass.Class {
		made = k
	} else if c, ok := bind.Unwrap[*bind.Class](v); ok && c == queryClass.Class {
		return nil
	} else if f, ok := a.CallbackOf(v); ok {
		made = f
	} else {
		return exc.New(exc.ArgumentError, "query_cls must be a class that derives from Query, or a function that makes queries")
	}
	kinds, _ := a.State.Kept[queryKindsKey{}].(queryKinds)
	if kinds == nil {
		kinds = queryKinds{}
		a.State.Kept[queryKindsKey{}] = kinds
	}
	for p := range kinds { // those that are gone
		if p.Value() == nil {
			delete(kinds, p)
		}
	}
	kinds[weak.Make(s)] = made
	return nil
}

// ofSession is a query as the session's query_cls makes it of the same entities.
func ofSession(c *bind.Call, q *orm.Query, entities ...lua.LValue) (*orm.Query, error) {
	kinds, _ := c.Kept[queryKindsKey{}].(queryKinds)
	if q.Session() == nil || kinds == nil {
		return q, nil
	}
	switch k := kinds[weak.Make(q.Session())].(type) {
	case *Class:
		bind.SetOwn(q, k.derived)
		return q, nil
	case *bind.Callback:
		v, err := k.Call1(entities, q.Session())
		if err != nil {
			return nil, err
		}
		made, ok := v.(*orm.Query)
		if !ok {
			return nil, exc.New(exc.TypeError, "query_cls must give a Query, not %s", c.ReprGo(v))
		}
		return made, nil
	}
	return q, nil
}
