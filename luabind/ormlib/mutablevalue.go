package ormlib

import (
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/orm"

	lua "github.com/yuin/gopher-lua"
)

// holdsTables reports whether values of a type are tables in Lua: documents and
// lists, which a script may change in place.
func holdsTables(t types.Type) bool {
	switch t.(type) {
	case *types.JSON, *types.ARRAY, *types.PickleType, *types.Hstore, *types.Decorator:
		return true
	}
	return false
}

// liveTable is the Lua table of an attribute's value. As long as the object has
// the value, reading it gives this table, so that a change in place is not lost.
// As in SQLAlchemy it is sent where something says that the attribute changed:
// flag_modified(), or the INSERT of a new object.
type liveTable struct {
	of    any // the Go value
	table *lua.LTable
}

// tableOf gives an attribute's value to Lua: its table where it is one.
func tableOf(c *bind.Call, i *orm.Instance, name string, v any) any {
	f, _ := i.Fields.(*fields)
	if f != nil {
		if have, ok := f.tables[name]; ok && types.Same(have.of, v) {
			return have.table
		}
	}
	t, ok := c.FromGo(c.L, v).(*lua.LTable)
	if !ok {
		return v
	}
	fieldsOfInstance(c.State, i).keepTable(name, v, t)
	return t
}

func (f *fields) keepTable(name string, v any, t *lua.LTable) {
	if f.tables == nil {
		f.tables = map[string]liveTable{}
	}
	f.tables[name] = liveTable{v, t}
}

// setTable assigns a table. The one that the attribute has already is no change,
// whatever is in it by now: SQLAlchemy compares a value with itself.
func setTable(c *bind.Call, i *orm.Instance, name string, t *lua.LTable, v any) error {
	held, loaded := i.Loaded(name)
	if f, ok := i.Fields.(*fields); ok && loaded {
		if have, ok := f.tables[name]; ok && have.table == t && types.Same(have.of, held) {
			v = held
		}
	}
	if err := i.Set(name, v); err != nil {
		return err
	}
	if held, loaded = i.Loaded(name); loaded && types.Same(held, v) {
		fieldsOfInstance(c.State, i).keepTable(name, v, t)
	}
	return nil
}

// Settle puts what the tables hold by now into the object.
func (f *fields) Settle(i *orm.Instance) error {
	for name, have := range f.tables {
		held, loaded := i.Loaded(name)
		if !loaded || !types.Same(have.of, held) {
			delete(f.tables, name) // the attribute has another value
			continue
		}
		var now any
		err := bind.Try(func() { now = f.state.ToGo(have.table) })
		if err != nil {
			return err
		}
		if o, ok := now.(types.Object); ok && o.Len() == 0 { // emptied, it is still what it was
			switch have.of.(type) {
			case types.Object:
				now = types.Object{}
			default:
				now = []any{}
			}
		}
		if !types.Equal(now, held) {
			i.Replace(name, now)
			f.keepTable(name, now, have.table)
		}
	}
	return nil
}
