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

func mergeObject(s *orm.Session, i *orm.Instance, a *bind.Args) (any, error) {
	var options []core.Keyed
	if a.Has("options") {
		for _, v := range a.List("options") {
			if k, ok := a.ToGo(v).(core.Keyed); ok {
				options = append(options, k)
			}
		}
	}
	return s.Merge(i, a.Bool("load"), options)
}

func bulkSave(s *orm.Session, list []*orm.Instance, a *bind.Args) error {
	return s.BulkSaveObjects(list, a.Bool("return_defaults"), a.Bool("update_changed_only"), a.Bool("preserve_order"))
}

// bulkMappings is bulk_insert_mappings() and bulk_update_mappings().
func bulkMappings(s *orm.Session, a *bind.Args, insert bool) error {
	m := mapperArg(a, "mapper")
	var rows []map[string]any
	for _, v := range a.List("mappings") {
		t, ok := v.(*lua.LTable)
		if !ok {
			return exc.New(exc.ArgumentError, "%s() takes a list of tables", a.Name())
		}
		row := map[string]any{}
		for k, x := range script.Fields(t) {
			row[k.String()] = corelib.Value(a.Call, x)
		}
		rows = append(rows, row)
	}
	if insert {
		return s.BulkInsertMappings(m, rows, a.Bool("return_defaults"), a.Bool("render_nulls"))
	}
	return s.BulkUpdateMappings(m, rows)
}
