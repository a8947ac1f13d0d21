// Package baselib is Lua's own library as the shell has it: print, tostring and
// repr that show containers, unpack and len that take rows, with(), fast
// table.concat and string.format, null, the error classes as globals, and the
// handful of Python's functions that translated programs use.
package baselib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// Install defines the globals.
func Install(s *bind.State) {
	for name, class := range exc.Classes {
		s.SetGlobal(name, class)
	}
	s.SetGlobal("null", bind.Null{})
	s.Global(reprFunc, lenFunc, withFunc, isinstance, hasattr, getattr, setattr, delattr, listFunc, classFunc, sorted, helpFunc)
	L := s.Main
	raw := func(name string, f func(L *lua.LState) int) { L.SetGlobal(name, L.NewFunction(f)) }
	raw("print", func(L *lua.LState) int { return printValues(s, L) })
	raw("tostring", func(L *lua.LState) int {
		L.Push(lua.LString(s.Str(L, L.CheckAny(1))))
		return 1
	})
	unpackOfLua := L.GetGlobal("unpack").(*lua.LFunction)
	raw("unpack", func(L *lua.LState) int { return unpack(s, unpackOfLua, L) })
	tonumberOfLua := L.GetGlobal("tonumber").(*lua.LFunction)
	raw("tonumber", func(L *lua.LState) int { return tonumber(s, tonumberOfLua, L) })
	typeOfLua := L.GetGlobal("pairs").(*lua.LFunction)
	raw("pairs", func(L *lua.LState) int { return pairs(s, typeOfLua, L) })
	ipairsOfLua := L.GetGlobal("ipairs").(*lua.LFunction)
	raw("ipairs", func(L *lua.LState) int { return ipairs(s, ipairsOfLua, L) })
	installText(s)
	installLimits(s)
}
