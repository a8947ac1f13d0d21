package script

import (
	"iter"
	"runtime"
	"sync"
	"weak"

	lua "github.com/yuin/gopher-lua"
)

// shape is what a table constructor wrote that the table itself cannot hold.
type shape struct {
	names      []lua.LValue // named fields in order, when one of them was nil
	positional int          // how many positions were written, nil ones included
	list       bool         // an empty table that is a list
	object     bool         // an empty table that is an object
}

// shapes remembers tables for as long as they live. Only tables that have
// something to remember are in it.
var shapes = struct {
	sync.Mutex
	of map[weak.Pointer[lua.LTable]]shape
}{of: map[weak.Pointer[lua.LTable]]shape{}}

func remember(t *lua.LTable, s shape) {
	key := weak.Make(t)
	shapes.Lock()
	_, known := shapes.of[key]
	shapes.of[key] = s
	shapes.Unlock()
	if !known {
		runtime.AddCleanup(t, func(k weak.Pointer[lua.LTable]) {
			shapes.Lock()
			delete(shapes.of, k)
			shapes.Unlock()
		}, key)
	}
}

func recall(t *lua.LTable) (shape, bool) {
	shapes.Lock()
	defer shapes.Unlock()
	if len(shapes.of) == 0 {
		return shape{}, false
	}
	s, ok := shapes.of[weak.Make(t)]
	return s, ok
}

// MarkList remembers that an empty table came from an empty list, so that it
// does not become an empty object on its way back.
func MarkList(t *lua.LTable) { remember(t, shape{list: true}) }

// IsList reports whether the table was marked as an empty list.
func IsList(t *lua.LTable) bool {
	s, ok := recall(t)
	return ok && s.list
}

// MarkObject remembers that an empty table came from an empty object.
func MarkObject(t *lua.LTable) { remember(t, shape{object: true}) }

// IsObject reports whether the table was marked as an empty object.
func IsObject(t *lua.LTable) bool {
	s, ok := recall(t)
	return ok && s.object
}

// MarkFields remembers which named fields t was given, those that are nil
// among them, as a constructor does.
func MarkFields(t *lua.LTable, names []lua.LValue) { remember(t, shape{names: names}) }

// Fields yields the named fields of t (those that are not positions 1..Len)
// in the order in which they were written, nil ones included. To Lua's own
// pairs and next a nil field is not there, as always.
func Fields(t *lua.LTable) iter.Seq2[lua.LValue, lua.LValue] {
	return func(yield func(lua.LValue, lua.LValue) bool) {
		s, remembered := recall(t)
		length := Len(t)
		var seen map[lua.LValue]bool
		if remembered && len(s.names) > 0 {
			seen = make(map[lua.LValue]bool, len(s.names))
			for _, k := range s.names {
				seen[k] = true
				if !yield(k, t.RawGet(k)) {
					return
				}
			}
		}
		for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
			if n, ok := k.(lua.LNumber); ok && n >= 1 && int(n) <= length && lua.LNumber(int(n)) == n {
				continue
			}
			if !seen[k] && !yield(k, v) {
				return
			}
		}
	}
}

// Len is the number of positions that were written into t, nil ones included.
func Len(t *lua.LTable) int {
	n := t.MaxN()
	if s, ok := recall(t); ok && s.positional > n {
		return s.positional
	}
	return n
}

// HasFields reports whether t has any field besides its positions.
func HasFields(t *lua.LTable) bool {
	for range Fields(t) {
		return true
	}
	return false
}

// layout describes one table constructor: for each argument of the building
// hook what it is. It travels as a constant.
type layout struct {
	kinds []fieldKind
	names []lua.LValue // for namedField, in order
	more  bool         // the first argument is a table to go on with
}

type fieldKind uint8

const (
	positionalField fieldKind = iota
	namedField                // the key is a literal
	computedField             // two arguments: key, value
)

// build makes the table of a constructor from the values of its fields.
func build(L *lua.LState) int {
	l := L.Get(1).(*lua.LUserData).Value.(*layout)
	arg, top := 2, L.GetTop()
	var t *lua.LTable
	var s shape
	if l.more {
		t = L.Get(2).(*lua.LTable)
		s, _ = recall(t)
		if s.positional == 0 {
			s.positional = t.MaxN()
		}
		if len(s.names) == 0 {
			for k := range Fields(t) {
				s.names = append(s.names, k)
			}
		}
		arg = 3
	} else {
		t = L.CreateTable(0, len(l.names))
	}
	missing, name := false, 0
	for i, kind := range l.kinds {
		switch kind {
		case positionalField:
			last := arg
			if i == len(l.kinds)-1 {
				last = top // a call or ... at the end gives all its values
			}
			for ; arg <= last; arg++ {
				s.positional++
				v := L.Get(arg)
				if v == lua.LNil {
					missing = true
				}
				t.RawSetInt(s.positional, v)
			}
		case namedField, computedField:
			var k lua.LValue
			if kind == namedField {
				k = l.names[name]
				name++
			} else {
				k = L.Get(arg)
				arg++
				if k == lua.LNil {
					L.RaiseError("table index is nil")
				}
			}
			v := L.Get(arg)
			arg++
			s.names = append(s.names, k)
			if v == lua.LNil {
				missing = true
			}
			t.RawSet(k, v)
		}
	}
	if missing {
		remember(t, s)
	}
	L.Push(t)
	return 1
}
