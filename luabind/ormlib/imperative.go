package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// mapImperatively maps a class that is kept apart from its table.
func mapImperatively(r *registry, a *bind.Args) (any, error) {
	k := bind.Get[*Class](a, "class_")
	if k == nil {
		return nil, exc.New(exc.ArgumentError, "map_imperatively() takes a class")
	}
	if k.mapper != nil {
		return nil, exc.New(exc.ArgumentError, "Class '<class '%s'>' already has a primary mapper defined. ", k.Name)
	}
	k.registry, k.imperative = r, true
	def := orm.Definition{Name: k.Name, Class: k}
	for _, b := range k.Bases {
		if m := b.mapped(); m != nil {
			def.Inherits = m
			break
		}
	}
	if a.Has("local_table") {
		def.Local = corelib.From(a.Call, a.Lua("local_table"), corelib.FromRole)
		k.table, _ = core.PlainFrom(def.Local).(*core.Table)
	}
	var decls []declared
	if t, ok := a.Lua("properties").(*lua.LTable); ok {
		for key, v := range script.Fields(t) {
			p, err := givenProperty(a.Call, k, key.String(), v)
			if err != nil {
				return nil, err
			}
			def.Properties = append(def.Properties, orm.Named{Key: key.String(), Value: p})
			decls = append(decls, declared{key.String(), v, true})
		}
	}
	kw := a.L.NewTable()
	for _, x := range a.Keywords() {
		kw.RawSetString(x.Name, x.Value)
	}
	if err := mapperArgs(a.Call, k, &def, kw, nil); err != nil {
		return nil, err
	}
	for _, n := range k.names { // validators and the like of the class itself
		decls = append(decls, declared{n, k.body[n], true})
	}
	if err := k.mapTo(a.Call, r, def, decls); err != nil {
		return nil, err
	}
	return k.mapper, nil
}
