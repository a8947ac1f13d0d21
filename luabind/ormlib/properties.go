package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// propertyOf is what a field of a class body maps: a property, a column, an
// expression; ok is false for a method or a plain value.
func propertyOf(c *bind.Call, k *Class, name string, v lua.LValue) (any, bool) {
	u, ok := v.(*lua.LUserData)
	if !ok {
		return nil, false
	}
	switch x := u.Value.(type) {
	case *core.Column:
		return x, true
	case *mappedColumn:
		return x.property(), true
	case *orm.ColumnProperty:
		return x, true
	case *orm.Relationship:
		return x, true
	case *orm.Synonym:
		return x, true
	case *orm.Composite:
		return x, true
	case *lateProperty:
		return bind.Must(x.make(c)), true
	case core.Expr:
		if a := orm.AttrOf(x); a != nil {
			return nil, false
		}
		if _, isLabel := x.(*core.Label); isLabel {
			return orm.NewColumnProperty(x), true
		}
	}
	return nil, false
}

// columnIn is the table column that a mapped value brings, nil if none.
func columnIn(p any) *core.Column {
	switch p := p.(type) {
	case *core.Column:
		return p
	case *orm.ColumnProperty:
		return p.Column()
	}
	return nil
}

// finishProperty does what waits for the mapper: validators, mutable types.
func finishProperty(c *bind.Call, k *Class, name string, v lua.LValue) {
	u, ok := v.(*lua.LUserData)
	if !ok || k.mapper == nil {
		return
	}
	if x, ok := u.Value.(*reconstructor); ok {
		k.mapper.Listen("load", &orm.Listener{Propagate: true, Call: func(args ...any) (any, error) { return x.f.Call1(args[0]) }})
	}
	if x, ok := u.Value.(*validator); ok {
		f := x.f
		k.mapper.Validate(x.names, orm.Validator{
			Call: func(i *orm.Instance, key string, value any, remove bool) (any, error) {
				args := []any{i, key, value}
				if x.includeRemoves {
					args = append(args, remove)
				}
				r, err := f.Call(args...)
				if err != nil || len(r) == 0 {
					return nil, err
				}
				return toAttribute(c, i.Mapper(), key, r[0]), nil
			},
			IncludeRemoves: x.includeRemoves, ExcludeBackrefs: !x.includeBackrefs,
		})
	}
}

var synonymFunc = bind.Func("synonym(name, map_column=nil, descriptor=nil, comparator_factory=nil, info{}=nil, doc=nil, "+fieldParams+")", "Another name of an attribute.", `label = synonym("name")`, func(a *bind.Args) (any, error) {
	s := &orm.Synonym{Target: a.String("name"), MapColumn: a.Bool("map_column")}
	s.Note = noteOf(a)
	if a.Has("descriptor") {
		s.Descriptor = a.Any("descriptor")
	}
	return s, nil
})

var synonymClass = bind.Define[*orm.Synonym]("SynonymProperty", "Another name of an attribute.").
	Property("key", "Its name.", func(p *orm.Synonym) any { return p.Key() }).
	With(func(c *bind.Class) { c.Identity = true })

func nilText(s string) any {
	if s == "" {
		return nil
	}
	return s
}
