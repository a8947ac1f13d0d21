package bind

import (
	"math"
	"reflect"
	"slices"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/script"
)

var nullCalls sync.Map // *State → *Function

// Null is the one Lua value that stands for NULL inside tables.
func (s *State) Null() lua.LValue { return s.null }

// IsNull reports whether v is nil or null.
func (s *State) IsNull(v lua.LValue) bool { return v == lua.LNil || v == s.null }

// exactLimit is the largest magnitude of integers that a Lua number holds.
const exactLimit = 1 << 53

// FromGo gives the Lua value of a Go value.
func (s *State) FromGo(L *lua.LState, v any) lua.LValue {
	switch v := v.(type) {
	case nil:
		return lua.LNil
	case lua.LValue:
		if v == nil {
			return lua.LNil
		}
		return v
	case bool:
		return lua.LBool(v)
	case string:
		return lua.LString(v)
	case int64:
		if v > exactLimit || v < -exactLimit {
			return s.wrap(Integer{v: v})
		}
		return lua.LNumber(v)
	case int:
		return s.FromGo(L, int64(v))
	case float64:
		return lua.LNumber(v)
	case []byte:
		return lua.LString(v)
	case uint64:
		if v > exactLimit {
			return s.wrap(IntegerFromUint(v))
		}
		return lua.LNumber(v)
	case []any:
		t := L.CreateTable(len(v), 0)
		for i, item := range v {
			t.RawSetInt(i+1, s.inTable(L, item))
		}
		if len(v) == 0 {
			script.MarkList(t)
		}
		return t
	case types.Object:
		t := L.CreateTable(0, v.Len())
		for name, item := range v.All() {
			t.RawSetString(name, s.inTable(L, item))
		}
		if v.Len() == 0 {
			script.MarkObject(t)
		}
		return t
	case Record:
		return s.recordTable(L, types.Object(v))
	case []lua.LValue:
		t := L.CreateTable(len(v), 0)
		for i, item := range v {
			t.RawSetInt(i+1, s.inTable(L, item))
		}
		if len(v) == 0 {
			script.MarkList(t)
		}
		return t
	case []string:
		t := L.CreateTable(len(v), 0)
		for i, item := range v {
			t.RawSetInt(i+1, lua.LString(item))
		}
		if len(v) == 0 {
			script.MarkList(t)
		}
		return t
	case map[string]any:
		t := L.CreateTable(0, len(v))
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			t.RawSetString(name, s.inTable(L, v[name]))
		}
		return t
	case Null:
		if s.null != nil {
			return s.null
		}
	case *Function:
		return s.Function(v)
	case *Callback:
		return v.fn
	case *Thrown:
		return v.Value
	case error:
		return s.errorValue(v)
	}
	for _, f := range s.repairs {
		if plain, ok := f(v); ok {
			return s.FromGo(L, plain)
		}
	}
	return s.wrap(v)
}

// wrap gives the userdata of a value that is none of Lua's own kinds. What
// nobody bound but is a list or an integer of another type converts.
func (s *State) wrap(v any) lua.LValue {
	if c := s.ClassFor(v); c != nil {
		return s.userdata(v, c)
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice, reflect.Array:
		items := make([]any, r.Len())
		for i := range items {
			items[i] = r.Index(i).Interface()
		}
		return s.FromGo(s.Main, items)
	case reflect.Pointer, reflect.Interface:
		if r.IsNil() {
			return lua.LNil
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return s.FromGo(s.Main, r.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return s.FromGo(s.Main, r.Uint())
	case reflect.Float32, reflect.Float64:
		return lua.LNumber(r.Float())
	case reflect.String:
		return lua.LString(r.String())
	case reflect.Bool:
		return lua.LBool(r.Bool())
	}
	return &lua.LUserData{Value: v, Metatable: s.meta(opaqueClass.Class)}
}

// opaqueClass is the class of Go values without one.
var opaqueClass = Define[any]("object", "A value of Go.")

// inTable is FromGo for a place where nil would be dropped.
func (s *State) inTable(L *lua.LState, v any) lua.LValue {
	lv := s.FromGo(L, v)
	if lv == lua.LNil {
		return s.null
	}
	return lv
}

// ToGo gives the Go value of a Lua value: nil, bool, int64, float64, string,
// []any, types.Object, *Callback, or what a userdata holds.
func (s *State) ToGo(v lua.LValue) any {
	switch v := v.(type) {
	case *lua.LNilType:
		return nil
	case lua.LBool:
		return bool(v)
	case lua.LNumber:
		return Number(float64(v))
	case lua.LString:
		return string(v)
	case *lua.LTable:
		return s.tableToGo(v, 0)
	case *lua.LFunction:
		return &Callback{s, v}
	case *lua.LUserData:
		switch held := v.Value.(type) {
		case Null:
			return nil
		case Integer:
			return held.v
		default:
			return held
		}
	}
	return v
}

// Number is the Go value of a Lua number: an int64 where it has no fraction.
func Number(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) <= exactLimit {
		return int64(f)
	}
	return f
}

// deepest bounds the nesting of tables; a table that contains itself ends there.
const deepest = 200

func (s *State) tableToGo(t *lua.LTable, depth int) any {
	if depth > deepest {
		Fail(exc.ValueError, "table nested too deeply, or in itself")
	}
	value := func(v lua.LValue) any {
		if inner, ok := v.(*lua.LTable); ok {
			return s.tableToGo(inner, depth+1)
		}
		return s.ToGo(v)
	}
	n := script.Len(t)
	if n > 0 && !script.HasFields(t) || n == 0 && script.IsList(t) {
		list := make([]any, n)
		for i := range list {
			list[i] = value(t.RawGetInt(i + 1))
		}
		return list
	}
	var o types.Object
	for i := 1; i <= n; i++ {
		o.Set(lua.LNumber(i).String(), value(t.RawGetInt(i)))
	}
	for k, v := range script.Fields(t) {
		switch k := k.(type) {
		case lua.LString:
			o.Set(string(k), value(v))
		case lua.LNumber, lua.LBool:
			o.Set(k.String(), value(v))
		default:
			Fail(exc.TypeError, "a table's keys must be strings here, not %s", s.KindOf(k))
		}
	}
	if o.Len() == 0 && !script.IsObject(t) {
		return types.EmptyTable()
	}
	return o
}

// ListOf reads the items of a list: a plain table, or anything iterable.
func (c *Call) ListOf(v lua.LValue) []lua.LValue {
	switch v := v.(type) {
	case *lua.LNilType:
		return nil
	case *lua.LTable:
		n := script.Len(v)
		items := make([]lua.LValue, n)
		for i := range items {
			items[i] = v.RawGetInt(i + 1)
		}
		return items
	}
	next := c.iterator(v)
	if next == nil {
		Fail(exc.TypeError, "expected a list, not %s", c.KindOf(v))
	}
	var items []lua.LValue
	for {
		item, ok, err := next()
		Check(err)
		if !ok {
			return items
		}
		items = append(items, c.FromGo(c.L, item))
	}
}

// IsList reports whether v is a plain table with positions and no names.
func IsList(v lua.LValue) (*lua.LTable, bool) {
	t, ok := isPlainTable(v)
	return t, ok && (script.Len(t) > 0 && !script.HasFields(t) || script.Len(t) == 0 && !script.HasFields(t))
}

// iterator gives the items of a userdata, nil when it has none.
func (c *Call) iterator(v lua.LValue) func() (any, bool, error) {
	class := c.classOf(v)
	if class == nil {
		return nil
	}
	iterate := inherit(class, func(c *Class) func(*Call, any) (func() (any, bool, error), error) { return c.Iterate },
		func(f func(*Call, any) (func() (any, bool, error), error)) bool { return f != nil })
	if iterate == nil {
		return nil
	}
	next, err := iterate(c, v.(*lua.LUserData).Value)
	Check(err)
	return next
}

// unpack gives the parts of one item to several names.
func (c *Call) unpack(v any) ([]any, bool) {
	if items, ok := v.([]any); ok {
		return items, true
	}
	lv := c.FromGo(c.L, v)
	if t, ok := lv.(*lua.LTable); ok {
		items := make([]any, script.Len(t))
		for i := range items {
			items[i] = t.RawGetInt(i + 1)
		}
		return items, true
	}
	class := c.classOf(lv)
	if class == nil {
		return nil, false
	}
	f := inherit(class, func(c *Class) func(*Call, any) ([]any, error) { return c.Unpack }, func(f func(*Call, any) ([]any, error)) bool { return f != nil })
	if f == nil {
		return nil, false
	}
	return Must(f(c, lv.(*lua.LUserData).Value)), true
}

// Unpack gives the parts of a value: a list's items, a row's columns.
func (c *Call) Unpack(v lua.LValue) ([]any, bool) { return c.unpack(v) }
