package bind

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/types"
	"alchemysh/luabind/script"
)

// Record is an object whose nil fields are absent to a program that reads them,
// and shown as null where the record is: as in a table that was written with
// them. The objects of data have null there instead.
type Record types.Object

func (s *State) recordTable(L *lua.LState, o types.Object) *lua.LTable {
	t := L.CreateTable(0, o.Len())
	names := make([]lua.LValue, 0, o.Len())
	missing := false
	for name, v := range o.All() {
		names = append(names, lua.LString(name))
		if v == nil {
			missing = true
			continue
		}
		t.RawSetString(name, s.inTable(L, v))
	}
	switch {
	case missing:
		script.MarkFields(t, names)
	case len(names) == 0:
		script.MarkObject(t)
	}
	return t
}
