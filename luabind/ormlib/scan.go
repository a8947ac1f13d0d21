package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// declaredAttr is declared_attr(f): a field of a mixin computed for each class.
type declaredAttr struct {
	f *bind.Callback
	// cascading: computed for subclasses of mapped classes again.
	cascading bool
}

var declaredAttrClass = bind.Define[*declaredAttr]("declared_attr", "A field of a mixin, computed for each class that has it.").
	Constructor("declared_attr(fn)", "A field of a mixin, computed for each class that has it.", `owner_id = declared_attr(function(cls) return Column(ForeignKey("owner.id")) end)`, func(a *bind.Args) (any, error) {
		return &declaredAttr{f: a.Function("fn")}, nil
	}).
	Static("directive(fn)", "A directive of a mixin, such as __tablename__, computed for each class that has it.", `__tablename__ = declared_attr.directive(function(cls) return cls.__name__:lower() end)`, func(a *bind.Args) (any, error) {
		return &declaredAttr{f: a.Function("fn")}, nil
	}).
	Static("cascading(fn)", "A field of a mixin, computed for each class and for each of its mapped subclasses.", `id = declared_attr.cascading(function(cls) return Column(Integer, {primary_key = true}) end)`, func(a *bind.Args) (any, error) {
		return &declaredAttr{f: a.Function("fn"), cascading: true}, nil
	})

// scan is what is known of a class while it is being mapped: what its
// declared_attrs gave, each computed once, and its own copies of the columns of
// mixins.
type scan struct {
	values map[*declaredAttr]lua.LValue
	copies map[string]lua.LValue
}

// computed is the value of a declared_attr for the class.
func (k *Class) computed(d *declaredAttr) (lua.LValue, error) {
	if k.scan != nil {
		if v, ok := k.scan.values[d]; ok {
			return v, nil
		}
	}
	r, err := d.f.Call(k)
	if err != nil {
		return nil, err
	}
	v := lua.LValue(lua.LNil)
	if len(r) > 0 {
		v = r[0]
	}
	if k.scan != nil {
		k.scan.values[d] = v
	}
	return v, nil
}

// startScan begins the reading of a class; what it gives ends it.
func (k *Class) startScan() func() {
	k.scan = &scan{values: map[*declaredAttr]lua.LValue{}, copies: map[string]lua.LValue{}}
	return func() { k.scan = nil }
}

// declared is one name that a class maps, with the class that says it.
type declared struct {
	name string
	v    lua.LValue
	own  bool // said in the class's own body
}

// declarations lists what the class maps: its own, and what mixins and
// abstract bases say, the nearest first. What a mapped base has is inherited as
// it is mapped there.
func (k *Class) declarations(c *bind.Call) ([]declared, error) {
	type place struct {
		base *Class
		name string
	}
	var places []place
	seen, inherited := map[string]bool{}, map[string]bool{}
	for _, b := range k.mro() {
		if b != k && b.isDeclared() {
			for _, n := range b.names {
				inherited[n] = true
			}
			if b.mapper == nil {
				continue
			}
			for _, p := range b.mapper.Properties() {
				inherited[p.Key()] = true
			}
			continue
		}
		for _, n := range b.names {
			d, _ := bind.Unwrap[*declaredAttr](b.body[n])
			if seen[n] || inherited[n] && b != k && (d == nil || !d.cascading) {
				continue
			}
			seen[n] = true
			places = append(places, place{b, n})
			if b == k {
				continue
			}
			switch x := mapped(b.body[n]).(type) {
			case *core.Column, *mappedColumn:
				k.scan.copies[n] = copied(c, b.body[n])
			case *orm.ColumnProperty, *orm.Relationship, *orm.Synonym, *orm.Composite, *lateProperty:
				if p, ok := x.(*orm.ColumnProperty); ok && b.abstract && p.Column() == nil {
					break
				}
				return nil, exc.New(exc.InvalidRequestError, "Mapper properties (i.e. deferred,column_property(), relationship(), etc.) must be declared as @declared_attr callables on declarative mixin classes.  For dataclass field() objects, use a lambda:")
			}
		}
	}
	var out []declared
	for _, p := range places {
		v := p.base.body[p.name]
		if d, ok := bind.Unwrap[*declaredAttr](v); ok {
			var err error
			if v, err = k.computed(d); err != nil {
				return nil, err
			}
			if !special(p.name) {
				k.set(p.name, v)
			}
		} else if own, ok := k.scan.copies[p.name]; ok && p.base != k {
			v = own
		}
		out = append(out, declared{p.name, v, p.base == k})
	}
	return out, nil
}

// mapped is the Go value of a field, nil for a plain one.
func mapped(v lua.LValue) any {
	if u, ok := v.(*lua.LUserData); ok {
		return u.Value
	}
	return nil
}

// special reports whether a name is one of Python's or of the mapping's own.
func special(name string) bool {
	return len(name) > 4 && name[:2] == "__" && name[len(name)-2:] == "__"
}

// field is a field of the class's body as reading it gives it, while it is being
// mapped too.
func (k *Class) field(c *bind.Call, name string, v lua.LValue) (any, error) {
	if k.scan != nil {
		if own, ok := k.scan.copies[name]; ok {
			return own, nil
		}
	}
	if d, ok := bind.Unwrap[*declaredAttr](v); ok {
		return k.computed(d)
	}
	return v, nil
}

// declareHooks has __declare_first__ and __declare_last__ called around each
// configuration.
func (k *Class) declareHooks(c *bind.Call, r *registry) {
	hook := func(name string, at *[]func() error) {
		for _, b := range k.mro() {
			if b != k && b.mapper != nil {
				continue
			}
			f, ok := c.CallbackOf(b.body[name])
			if _, listed := b.body[name]; !listed || !ok {
				continue
			}
			*at = append(*at, func() error {
				_, err := f.Call(k)
				return err
			})
			return
		}
	}
	hook("__declare_first__", &r.Registry.BeforeConfigured)
	hook("__declare_last__", &r.Registry.AfterConfigured)
}
