package baselib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/luabind/bind"
)

const (
	longestString = 1 << 30 // bytes; memory that cannot be had ends a Go program
	mostUnpacked  = 1 << 20
)

// installLimits has functions of Lua's library refuse in Lua's words what would
// end the process, or come back as an error of Go's.
func installLimits(s *bind.State) {
	L := s.Main
	guard(L, "string", "rep", func(L *lua.LState) {
		text, n := L.CheckString(1), float64(L.CheckNumber(2))
		if float64(len(text))*n > longestString {
			L.RaiseError("resulting string too large")
		}
	})
	guard(L, "_G", "unpack", func(L *lua.LState) {
		t, ok := L.Get(1).(*lua.LTable)
		if !ok { // a row
			return
		}
		if from, to := L.OptNumber(2, 1), L.OptNumber(3, lua.LNumber(t.Len())); to-from >= mostUnpacked {
			L.RaiseError("too many results to unpack")
		}
	})
	guard(L, "math", "random", func(L *lua.LState) {
		low, high := lua.LNumber(1), L.OptNumber(1, 1)
		if L.GetTop() > 1 {
			low, high = high, L.CheckNumber(2)
		}
		if high < low {
			L.ArgError(max(L.GetTop(), 1), "interval is empty")
		}
	})
}

// guard has a function of the library check its arguments first.
func guard(L *lua.LState, library, name string, check func(L *lua.LState)) {
	holder := L.GetGlobal(library)
	f, ok := L.GetField(holder, name).(*lua.LFunction)
	if !ok {
		return // not there in a safe shell
	}
	call := f.GFunction
	L.SetField(holder, name, L.NewFunction(func(L *lua.LState) int {
		check(L)
		return call(L)
	}))
}
