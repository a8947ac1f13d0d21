package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/orm"
)

// instanceClass is the class of mapped objects. What they answer to is their
// own class's affair: mapped attributes, hybrids, methods, plain attributes.
var instanceClass = bind.Define[*orm.Instance]("object", "An object of a mapped class.").With(func(class *bind.Class) {
	class.Slot = func(self any) *any { return self.(*orm.Instance).Handle() }
	class.Loud = true
	class.AttrFirst = true
	class.Path = func(self any) string { return self.(*orm.Instance).Mapper().Name }
	class.Attr = instanceAttr
	class.AttrNames = func(self any) []string {
		if k := classOf(self.(*orm.Instance).Mapper()); k != nil {
			return k.attributeNames()
		}
		return nil
	}
	class.SetAttr = setInstanceAttr
	class.DelAttr = delInstanceAttr
	class.Operate = func(c *bind.Call, op string, a, b lua.LValue) (any, error) { return operateObjects(c, op, a, b) }
	class.Repr = func(c *bind.Call, self any) (string, error) {
		return objectText(c, classOf(self.(*orm.Instance).Mapper()), self, "__repr__")
	}
	class.Str = func(c *bind.Call, self any) (string, error) {
		k := classOf(self.(*orm.Instance).Mapper())
		if k != nil && k.method(c.State, "__str__") != nil {
			return objectText(c, k, self, "__str__")
		}
		return objectText(c, k, self, "__repr__")
	}
})

// fields is what the binding keeps with a mapped object.
type fields struct {
	state  *bind.State
	plain  map[string]lua.LValue // attributes that nobody mapped
	tables map[string]liveTable
	// proxied are the collections of association proxies that were read before:
	// to read them again loads nothing.
	proxied map[*proxy]*proxied
}

func fieldsOfInstance(s *bind.State, i *orm.Instance) *fields {
	f, ok := i.Fields.(*fields)
	if !ok || f.state != s {
		f = &fields{state: s}
		i.Fields = f
	}
	return f
}

// plainOf are the attributes of an object that nobody mapped; nil if there are
// none yet.
func plainOf(i *orm.Instance) map[string]lua.LValue {
	if f, ok := i.Fields.(*fields); ok {
		return f.plain
	}
	return nil
}

func setPlain(s *bind.State, i *orm.Instance, name string, v lua.LValue) {
	f := fieldsOfInstance(s, i)
	if f.plain == nil {
		f.plain = map[string]lua.LValue{}
	}
	f.plain[name] = v
}

// synonymDescriptor is what answers for a synonym on objects; nil where the
// attribute itself does.
func synonymDescriptor(i *orm.Instance, name string) descriptor {
	if s, ok := i.Mapper().Property(name).(*orm.Synonym); ok && s.Descriptor != nil {
		d, _ := s.Descriptor.(descriptor)
		return d
	}
	return nil
}

func instanceAttr(c *bind.Call, self any, name string) (any, bool, error) {
	i := self.(*orm.Instance)
	if i.Has(name) {
		if d := synonymDescriptor(i, name); d != nil {
			v, err := d.onObject(c, c.FromGo(c.L, i), name)
			return v, true, err
		}
		v, err := i.Get(name)
		return fromAttribute(c, i, name, v), true, err
	}
	if v, ok := plainOf(i)[name]; ok {
		return v, true, nil
	}
	k := classOf(i.Mapper())
	if k == nil {
		return nil, false, nil
	}
	switch name {
	case "__class__":
		return k, true, nil
	case "__table__":
		return k.tableNode(), true, nil
	case "__mapper__":
		return i.Mapper(), true, nil
	case "metadata":
		return i.Mapper().Registry.MetaData, true, nil
	}
	v, _ := k.lookup(name)
	if v == lua.LNil {
		check(i.Mapper().Registry.Configure())
		if i.Has(name) { // a backref that configuration has just made
			v, err := i.Get(name)
			return fromAttribute(c, i, name, v), true, err
		}
		return nil, k.says(name), nil
	}
	if d := descriptorOf(v); d != nil {
		x, err := d.onObject(c, c.FromGo(c.L, i), name)
		return x, true, err
	}
	x, err := k.field(c, name, v)
	return x, true, err
}

func setInstanceAttr(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
	i := self.(*orm.Instance)
	if k := classOf(i.Mapper()); k != nil {
		if f := k.ownSetAttr(c); f != nil {
			_, err := f.Call(i, name, v)
			return true, err
		}
	}
	return setMapped(c, i, name, v)
}

// setMapped is the assignment itself, without a __setattr__ of the class.
func setMapped(c *bind.Call, i *orm.Instance, name string, v lua.LValue) (bool, error) {
	if !i.Has(name) {
		if k := classOf(i.Mapper()); k != nil {
			if held, _ := k.lookup(name); held != lua.LNil {
				if d := descriptorOf(held); d != nil {
					return true, d.assign(c, c.FromGo(c.L, i), name, v)
				}
			}
		}
		check(i.Mapper().Registry.Configure())
	}
	if i.Has(name) {
		if d := synonymDescriptor(i, name); d != nil {
			return true, d.assign(c, c.FromGo(c.L, i), name, v)
		}
		x := toAttribute(c, i.Mapper(), name, v)
		if o, ok := x.(*object); ok {
			o.heldBy(i, name)
		}
		if t, ok := v.(*lua.LTable); ok {
			return true, setTable(c, i, name, t, x)
		}
		return true, i.Set(name, x)
	}
	setPlain(c.State, i, name, v)
	return true, nil
}

// delInstanceAttr is del obj.name: of a mapped attribute, a hybrid with a
// deleter, a plain attribute.
func delInstanceAttr(c *bind.Call, self any, key lua.LValue) (bool, error) {
	i, name := self.(*orm.Instance), lua.LVAsString(key)
	if i.Has(name) {
		return true, i.Delete(name)
	}
	if k := classOf(i.Mapper()); k != nil {
		if held, _ := k.lookup(name); held != lua.LNil {
			if d := descriptorOf(held); d != nil {
				if del, ok := d.(deleter); ok {
					return true, del.remove(c, c.FromGo(c.L, i), name)
				}
				return true, exc.New(exc.AttributeError, "can't delete attribute '%s'", name)
			}
		}
	}
	if plain := plainOf(i); plain[name] != nil {
		delete(plain, name)
		return true, nil
	}
	return true, exc.New(exc.AttributeError, "'%s' object has no attribute '%s'", i.Mapper().Name, name)
}

// toAttribute is the Go value for a mapped attribute.
func toAttribute(c *bind.Call, m *orm.Mapper, name string, v lua.LValue) any {
	switch m.Property(name).(type) {
	case *orm.Relationship:
		if v == lua.LNil {
			return nil
		}
		switch x := v.(type) {
		case *lua.LTable:
			if rel := m.Property(name).(*orm.Relationship); rel.Collection != nil && rel.Collection.Kind == orm.KeyedCollection {
				var out []any
				for k, item := x.Next(lua.LNil); k != lua.LNil; k, item = x.Next(k) {
					out = append(out, c.ToGo(item))
				}
				return out
			}
			items := c.ListOf(x)
			out := make([]any, len(items))
			for n, item := range items {
				out[n] = c.ToGo(item)
			}
			return out
		}
		return c.ToGo(v)
	case *orm.Composite:
		return c.ToGo(v)
	}
	if p, ok := m.Property(name).(*orm.ColumnProperty); ok {
		if k := mutableOf(c.State, p); k != nil {
			return bind.Must(k.coerce(c, name, v))
		}
	}
	if k, ok := bind.Unwrap[*mutable](v); ok {
		return k.value()
	}
	x := corelib.Value(c, v)
	if q, ok := x.(core.Query); ok {
		return core.NewScalarSelect(q)
	}
	return x
}

// fromAttribute is what Lua sees of a mapped attribute's value.
func fromAttribute(c *bind.Call, i *orm.Instance, name string, v any) any {
	if v == nil {
		return nil
	}
	switch p := i.Mapper().Property(name).(type) {
	case *orm.ColumnProperty:
		if k := mutableOf(c.State, p); k != nil {
			return &mutable{i: i, name: name, kind: k}
		}
		return tableOf(c, i, name, v)
	case *orm.Composite:
		if o, ok := v.(*object); ok {
			o.heldBy(i, name)
		}
	}
	return v
}

// attrClass is the class of mapped attributes in SQL: User.name.
var attrClass = bind.Define[*core.Annotated]("InstrumentedAttribute", "A mapped attribute of a class, as SQL.", corelib.ColumnElement.Class)
