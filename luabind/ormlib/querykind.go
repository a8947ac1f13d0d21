package ormlib

import (
	"weak"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// queryKind is a class that derives from Query: class("MyQuery", Query, {…}).
type queryKind struct {
	name string
	base *queryKind
	body map[string]lua.LValue
}

func (k *queryKind) says(name string) lua.LValue {
	for ; k != nil; k = k.base {
		if v, ok := k.body[name]; ok {
			return v
		}
	}
	return lua.LNil
}

// makeQueryClass is class("MyQuery", Query, {…}).
func makeQueryClass(_ *bind.Call, s *bind.ClassStatement) (any, bool, error) {
	for _, b := range s.Bases {
		base, ok := bind.Unwrap[*queryKind](b)
		if c, isClass := bind.Unwrap[*bind.Class](b); !ok && (!isClass || c != queryClass.Class) {
			continue
		}
		k := &queryKind{name: s.Name, base: base, body: map[string]lua.LValue{}}
		for key, v := range script.Fields(s.Body) {
			k.body[key.String()] = v
		}
		return k, true, nil
	}
	return nil, false, nil
}

var queryKindClass = bind.Define[*queryKind]("QueryClass", "A class that derives from Query.").With(func(c *bind.Class) {
	c.Identity = true
	c.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
		k := self.(*queryKind)
		if name == "__name__" {
			return k.name, true, nil
		}
		v := k.says(name)
		return v, v != lua.LNil, nil
	}
	c.Call = bind.Func("Query(entities{!}, session=nil)", "A query of the class.", "MyQuery(User, session)", func(a *bind.Args) (any, error) {
		t := a.L.NewTable()
		t.Append(a.Lua("entities"))
		if a.Has("session") {
			t.RawSetString("session", a.Lua("session"))
		}
		v, err := queryClass.New.CallWith(a.Call, t)
		if err != nil {
			return nil, err
		}
		return v.(*orm.Query).OfKind(bind.SelfOf[*queryKind](a)), nil
	})
	c.Repr = func(_ *bind.Call, self any) (string, error) { return "<class '" + self.(*queryKind).name + "'>", nil }
})

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
	if k, ok := bind.Unwrap[*queryKind](v); ok {
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
	case *queryKind:
		return q.OfKind(k), nil
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

// queryAttr answers for what the class of a query says.
func queryAttr(_ *bind.Call, self any, name string) (any, bool, error) {
	k, ok := self.(*orm.Query).Kind().(*queryKind)
	if !ok {
		return nil, false, nil
	}
	v := k.says(name)
	return v, v != lua.LNil, nil
}
