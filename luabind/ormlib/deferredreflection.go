package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// DeferredReflection is a mixin: the tables of its classes are made at once, but
// reflected, and the classes mapped, only when prepare() is called.

// reflectionKey keeps the classes that wait for prepare(), in order.
type reflectionKey struct{}

func waiting(s *bind.State) []*deferredMapping {
	list, _ := s.Kept[reflectionKey{}].([]*deferredMapping)
	return list
}

// reflectsLater reports whether the class derives from DeferredReflection.
func (c *Class) reflectsLater() bool {
	return slices.ContainsFunc(c.mro(), func(k *Class) bool { return k.reflects })
}

// waitingBase is the nearest base that waits; nil for none.
func (c *Class) waitingBase() *Class {
	for _, k := range c.mro()[1:] {
		if k.waits {
			return k
		}
	}
	return nil
}

var prepareReflection = bind.Func("prepare(cls, bind, **reflect_kw)", "Reflect the tables of all classes that derive from this one, and map them.", "Base:prepare(engine)", func(a *bind.Args) (any, error) {
	cls := bind.Get[*Class](a, "cls")
	var now, later []*deferredMapping
	for _, d := range waiting(a.State) {
		if d.class.derives(cls) {
			now = append(now, d)
		} else {
			later = append(later, d)
		}
	}
	conn, leave, err := reflecting(a)
	if err != nil {
		return nil, err
	}
	defer leave()
	if err := reflectDeferred(a, conn, now); err != nil {
		return nil, err
	}
	a.State.Kept[reflectionKey{}] = later
	for _, d := range now {
		d.class.waits = false
		for _, b := range d.class.Bases { // mapped meanwhile
			if m := b.mapped(); m != nil {
				d.def.Inherits = m
				break
			}
		}
		if err := d.readArgs(&d.def); err != nil {
			return nil, err
		}
		if err := d.class.mapTo(a.Call, d.class.registryOf(), d.def, d.decls); err != nil {
			return nil, err
		}
		if err := reflectSecondaries(a, conn, d); err != nil {
			return nil, err
		}
	}
	return nil, nil
})

// reflecting is the connection that prepare() asks, one of an engine's own.
func reflecting(a *bind.Args) (conn lua.LValue, leave func(), err error) {
	switch a.Any("bind").(type) {
	case *engine.Connection:
		return a.Lua("bind"), func() {}, nil
	case *engine.Engine:
		call := func(of lua.LValue, method string) ([]lua.LValue, error) {
			f, _ := a.CallbackOf(a.L.GetField(of, method))
			return f.Call(of)
		}
		r, err := call(a.Lua("bind"), "connect")
		if err != nil {
			return nil, nil, err
		}
		return r[0], func() { _, _ = call(r[0], "close") }, nil
	}
	return nil, nil, exc.New(exc.ArgumentError, "Expected Engine or Connection, got %s", a.Repr(a.L, a.Lua("bind")))
}

// reflectDeferred reads the tables of the classes, by catalogue and schema.
func reflectDeferred(a *bind.Args, conn lua.LValue, list []*deferredMapping) error {
	type place struct {
		meta   *core.MetaData
		schema string
	}
	var order []place
	names := map[place][]string{}
	for _, d := range list {
		if d.table == nil {
			continue
		}
		p := place{d.class.registryOf().Registry.MetaData, d.table.Schema}
		if names[p] == nil {
			order = append(order, p)
		}
		names[p] = append(names[p], string(d.table.Name))
	}
	for _, p := range order {
		if err := reflectOnly(a, conn, p.meta, p.schema, names[p]); err != nil {
			return err
		}
	}
	return nil
}

// reflectOnly is metadata:reflect() of some tables, over what is declared.
func reflectOnly(a *bind.Args, conn lua.LValue, meta *core.MetaData, schema string, names []string) error {
	kw := a.L.NewTable()
	kw.RawSetString("only", a.FromGo(a.L, names))
	kw.RawSetString("extend_existing", lua.LTrue)
	kw.RawSetString("autoload_replace", lua.LFalse)
	if schema != "" {
		kw.RawSetString("schema", lua.LString(schema))
	}
	for _, k := range a.Keywords() {
		kw.RawSetString(k.Name, k.Value)
	}
	m := a.FromGo(a.L, meta)
	f, _ := a.CallbackOf(a.L.GetField(m, "reflect"))
	_, err := f.Call(m, conn, kw)
	return err
}

// reflectSecondaries reads the association tables that relationships name.
func reflectSecondaries(a *bind.Args, conn lua.LValue, d *deferredMapping) error {
	meta := d.class.registryOf().Registry.MetaData
	for _, x := range d.decls {
		r, ok := mapped(x.v).(*orm.Relationship)
		if !ok {
			continue
		}
		name, ok := r.Secondary.(string)
		if _, known := meta.Table(name); !ok || known {
			continue
		}
		if err := reflectOnly(a, conn, meta, "", []string{name}); err != nil {
			return err
		}
	}
	return nil
}
