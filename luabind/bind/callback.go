package bind

import (
	lua "github.com/yuin/gopher-lua"
)

// Callback is a Lua function that Go keeps and calls.
type Callback struct {
	state *State
	fn    lua.LValue
}

// CallbackOf makes a Callback of a function, or of a value that can be called.
func (s *State) CallbackOf(v lua.LValue) (*Callback, bool) {
	switch v := v.(type) {
	case *lua.LFunction:
		return &Callback{s, v}, true
	case *lua.LUserData, *lua.LTable:
		if s.Main.GetMetaField(v, "__call") != lua.LNil {
			return &Callback{s, v}, true
		}
	}
	return nil, false
}

// Value is the function as Lua has it; it identifies the callback.
func (c *Callback) Value() lua.LValue { return c.fn }

// Call runs the function in the coroutine that called into Go, protected. It
// gives the results as Lua has them; an error is what the function raised.
func (c *Callback) Call(args ...any) ([]lua.LValue, error) {
	s := c.state
	L := s.running
	base := L.GetTop()
	L.Push(c.fn)
	for _, a := range args {
		L.Push(s.FromGo(L, a))
	}
	before := s.running
	err := L.PCall(len(args), lua.MultRet, nil)
	s.running = before
	if err != nil {
		L.SetTop(base)
		return nil, s.Caught(L, err)
	}
	results := make([]lua.LValue, L.GetTop()-base)
	for i := range results {
		results[i] = L.Get(base + 1 + i)
	}
	L.SetTop(base)
	return results, nil
}

// Call1 runs the function and gives its first result as a Go value.
func (c *Callback) Call1(args ...any) (any, error) {
	results, err := c.Call(args...)
	if err != nil || len(results) == 0 {
		return nil, err
	}
	return c.state.ToGo(results[0]), nil
}
