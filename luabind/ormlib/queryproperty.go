package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// queryProperty is scoped_session:query_property(): User.query.
type queryProperty struct {
	of   *scoped
	kind *Class // nil: the session's
}

func (p *queryProperty) query(c *bind.Call, e *orm.Entity) (any, error) {
	if e == nil { // of a class that is not mapped
		return nil, nil
	}
	s, err := p.of.current(c, nil)
	if err != nil {
		return nil, err
	}
	q := orm.NewQuery(prepare(s, c), e.Node())
	if p.kind != nil {
		bind.SetOwn(q, p.kind.derived)
		return q, nil
	}
	return ofSession(c, q, c.FromGo(c.L, e))
}

func (p *queryProperty) onObject(c *bind.Call, self lua.LValue, _ string) (any, error) {
	if k := classOfValue(self); k != nil && k.mapper != nil {
		return p.query(c, k.mapper.Entity())
	}
	return nil, nil
}

func (p *queryProperty) onClass(c *bind.Call, v view, _ string) (any, error) {
	return p.query(c, v.entity())
}

func (p *queryProperty) assign(*bind.Call, lua.LValue, string, lua.LValue) error {
	return exc.New(exc.AttributeError, "can't set attribute")
}

var queryPropertyClass = bind.Define[*queryProperty]("query_property", "An attribute of classes that is a query of the class.").With(func(c *bind.Class) { c.Identity = true })
