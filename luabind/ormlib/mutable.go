package ormlib

import (
	"cmp"
	"reflect"
	"slices"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// mutableKind is MutableDict, MutableList or MutableSet, or a class of a script
// that derives from one of them or from Mutable.
type mutableKind struct {
	name  string
	base  *mutableKind
	body  map[string]lua.LValue
	state *bind.State
}

// says finds what the class of a script says.
func (k *mutableKind) says(name string) lua.LValue {
	for ; k != nil; k = k.base {
		if v, ok := k.body[name]; ok {
			return v
		}
	}
	return lua.LNil
}

// root is the kind that the library knows.
func (k *mutableKind) root() string {
	for k.base != nil {
		k = k.base
	}
	return k.name
}

// coerce is the value that an attribute of the kind takes for another.
func (k *mutableKind) coerce(c *bind.Call, key string, v lua.LValue) (any, error) {
	if v == lua.LNil {
		return nil, nil
	}
	if m, ok := bind.Unwrap[*mutable](v); ok {
		return m.value(), nil
	}
	if f, ok := c.CallbackOf(k.says("coerce")); ok {
		r, err := f.Call(k, key, v)
		if err != nil || len(r) == 0 || r[0] == lua.LNil {
			return nil, err
		}
		if m, ok := bind.Unwrap[*mutable](r[0]); ok && m.i == nil {
			return m.held, nil
		}
		return corelib.Value(c, r[0]), nil
	}
	x := corelib.Value(c, v)
	if _, ok := x.(core.Expr); ok {
		return x, nil
	}
	list, isList := x.([]any)
	_, isObject := x.(types.Object)
	switch k.root() {
	case "MutableDict":
		if isList && len(list) == 0 {
			return types.Object{}, nil
		}
		if !isObject {
			return nil, refused(key, x)
		}
	case "MutableList", "MutableSet":
		if o, ok := x.(types.Object); ok && o.Len() == 0 {
			return []any{}, nil
		}
		if !isList {
			return nil, refused(key, x)
		}
	}
	return x, nil
}

// refused is the error for a value that is not of the kind.
func refused(key string, x any) error {
	kind := "object"
	switch x := x.(type) {
	case types.Object:
		kind = "dict"
	case []any:
		kind = "list"
	case string:
		kind = "str"
	case bool:
		kind = "bool"
	case float64:
		kind = "float"
		if x == float64(int64(x)) {
			kind = "int"
		}
	case int, int64:
		kind = "int"
	}
	return exc.New(exc.ValueError, "Attribute '%s' does not accept objects of type <class '%s'>", key, kind)
}

// mutableMarks are the types and columns whose values are watched: the types that
// as_mutable(…) gave, the columns of associate_with_attribute(…). associations
// are the types of associate_with(…).
var mutableMarks sync.Map

type association struct {
	kind *mutableKind
	of   types.Type
}

type associationsKey struct{}

func associations(s *bind.State) []association {
	list, _ := s.Kept[associationsKey{}].([]association)
	return list
}

// ownType is a type of its own: types without arguments are shared.
func ownType(t types.Type) types.Type {
	v := reflect.ValueOf(t)
	if v.Kind() != reflect.Pointer {
		return t
	}
	n := reflect.New(v.Elem().Type())
	n.Elem().Set(v.Elem())
	return n.Interface().(types.Type)
}

// sameType reports whether two types are of one class.
func sameType(a, b types.Type) bool {
	x, okx := a.(*types.Decorator)
	y, oky := b.(*types.Decorator)
	if okx && oky {
		return x.Decoration == y.Decoration
	}
	return reflect.TypeOf(a) == reflect.TypeOf(b)
}

var mutableKindClass = bind.Define[*mutableKind]("Mutable", "A kind of value whose changes in place are noticed.").
	Method("as_mutable(sqltype)", "The type, its values watched for changes in place.", "Column(MutableDict:as_mutable(JSON))", func(k *mutableKind, a *bind.Args) (any, error) {
		t := ownType(corelib.TypeOf(a.Call, a.Lua("sqltype")))
		mutableMarks.Store(t, k)
		return t, nil
	}).
	Method("associate_with(sqltype)", "Watch the values of all columns of a type.", "MutableDict:associate_with(JSON)", func(k *mutableKind, a *bind.Args) (any, error) {
		a.State.Kept[associationsKey{}] = append(associations(a.State), association{k, corelib.TypeOf(a.Call, a.Lua("sqltype"))})
		return nil, nil
	}).
	Method("associate_with_attribute(attribute)", "Watch the values of one attribute.", "MutableDict:associate_with_attribute(User.name)", func(k *mutableKind, a *bind.Args) (any, error) {
		col, ok := core.Plain(bind.Get[core.Expr](a, "attribute")).(*core.Column)
		if !ok {
			return nil, exc.New(exc.ArgumentError, "associate_with_attribute() takes a mapped column")
		}
		mutableMarks.Store(col, k)
		return nil, nil
	}).
	Method("coerce(key, value{!})", "The value that an attribute takes for another.", `MutableDict:coerce("data", {a = 1})`, func(k *mutableKind, a *bind.Args) (any, error) {
		plain := k
		for plain.base != nil {
			plain = plain.base
		}
		v, err := plain.coerce(a.Call, a.String("key"), a.Lua("value"))
		if plain.name == "Mutable" && err == nil && v != nil {
			err = refused(a.String("key"), v)
		}
		return v, err
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
			k := self.(*mutableKind)
			if name == "__name__" {
				return k.name, true, nil
			}
			v := k.says(name)
			return v, v != lua.LNil, nil
		}
		c.AttrFirst = true
		c.Call = bind.Func("MutableDict(value{!}=nil)", "A value of the kind.", "MutableDict{a = 1}", func(a *bind.Args) (any, error) {
			k := bind.SelfOf[*mutableKind](a)
			v := a.Lua("value")
			if v == lua.LNil {
				v = a.L.NewTable()
			}
			root := k
			for root.base != nil {
				root = root.base
			}
			x, err := root.coerce(a.Call, "value", v)
			return &mutable{kind: k, held: x}, err
		})
		c.Repr = func(_ *bind.Call, self any) (string, error) { return "<class '" + self.(*mutableKind).name + "'>", nil }
	})

// makeMutableClass is class("MyDict", MutableDict, {…}).
func makeMutableClass(c *bind.Call, s *bind.ClassStatement) (any, bool, error) {
	for _, b := range s.Bases {
		base, ok := bind.Unwrap[*mutableKind](b)
		if !ok {
			continue
		}
		k := &mutableKind{name: s.Name, base: base, body: map[string]lua.LValue{}, state: c.State}
		for key, v := range script.Fields(s.Body) {
			k.body[key.String()] = v
		}
		return k, true, nil
	}
	return nil, false, nil
}

// mutableOf is the kind whose values a mapped column has; nil for a plain one.
func mutableOf(s *bind.State, p *orm.ColumnProperty) *mutableKind {
	c := p.Column()
	if c == nil || c.Type == nil {
		return nil
	}
	for _, key := range []any{c, c.Type} {
		if k, ok := mutableMarks.Load(key); ok {
			return k.(*mutableKind)
		}
	}
	for _, a := range associations(s) {
		if sameType(a.of, c.Type) {
			return a.kind
		}
	}
	return nil
}

// mutable is the value of such an attribute: every change sets the attribute.
type mutable struct {
	i    *orm.Instance // nil: of no object yet
	name string
	kind *mutableKind
	held any // of no object yet
}

func (m *mutable) value() any {
	if m.i == nil {
		return m.held
	}
	v, err := m.i.Get(m.name)
	check(err)
	return v
}

// object is the value as names with values.
func (m *mutable) object() types.Object {
	o, _ := m.value().(types.Object)
	var n types.Object
	for k, v := range o.All() {
		n.Set(k, v)
	}
	return n
}

// list is the value as a list; ok is false for another.
func (m *mutable) list() ([]any, bool) {
	l, ok := m.value().([]any)
	return slices.Clone(l), ok
}

func (m *mutable) set(v any) error {
	if m.i == nil {
		m.held = v
		return nil
	}
	return m.i.Set(m.name, v)
}

// put gives a key a value; nil takes it away.
func (m *mutable) put(key string, v any) error {
	o := m.object()
	if v != nil {
		o.Set(key, v)
		return m.set(o)
	}
	var n types.Object
	for k, x := range o.All() {
		if k != key {
			n.Set(k, x)
		}
	}
	return m.set(n)
}

// holds is the position of a value in a list, -1 if it is not there.
func holds(l []any, v any) int {
	return slices.IndexFunc(l, func(x any) bool { return types.Repr(x) == types.Repr(v) })
}

// compareValues orders numbers and texts.
func compareValues(a, b any) int {
	x, okx := a.(float64)
	y, oky := b.(float64)
	if okx && oky {
		return cmp.Compare(x, y)
	}
	s, oks := a.(string)
	t, okt := b.(string)
	if !oks || !okt {
		bind.Fail(exc.TypeError, "'<' not supported between these values: %s and %s", types.Repr(a), types.Repr(b))
	}
	return cmp.Compare(s, t)
}

var mutableClass = bind.Define[*mutable]("MutableValue", "A value whose changes in place are written at the next flush.").
	Method("changed()", "Mark the attribute as changed.", `doc.data:changed()`, func(m *mutable, a *bind.Args) (any, error) {
		if m.i == nil {
			return nil, nil
		}
		return nil, m.i.FlagModified(m.name)
	}).
	Method("setdefault(key, default{!}=nil)", "The value of a key, set to the default where it has none.", `doc.data:setdefault("a", 1)`, func(m *mutable, a *bind.Args) (any, error) {
		if v, ok := m.object().Get(a.String("key")); ok {
			return v, nil
		}
		return a.Lua("default"), m.put(a.String("key"), a.Any("default"))
	}).
	Method("keys()", "The keys.", `doc.data:keys()`, func(m *mutable, a *bind.Args) (any, error) { return m.object().Names(), nil }).
	Method("items()", "The keys with their values.", `doc.data:items()`, func(m *mutable, a *bind.Args) (any, error) {
		out := []any{}
		for k, v := range m.object().All() {
			out = append(out, pairOf(k, v))
		}
		return out, nil
	}).
	Method("insert(index, value{!})", "Add to a list at a position, counted from 1.", `doc.tags:insert(1, "x")`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		at := min(max(a.Int("index")-1, 0), len(l))
		return nil, m.set(slices.Insert(l, at, a.Any("value")))
	}).
	Method("add(value{!})", "Add to a set.", `doc.tags:add("x")`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		if holds(l, a.Any("value")) < 0 {
			l = append(l, a.Any("value"))
		}
		return nil, m.set(l)
	}).
	Method("discard(value{!})", "Take a value out of a set if it is there.", `doc.tags:discard("x")`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		if n := holds(l, a.Any("value")); n >= 0 {
			l = slices.Delete(l, n, n+1)
		}
		return nil, m.set(l)
	}).
	Method("contains(value{!})", "Whether a value or a key is there.", `doc.tags:contains("x")`, func(m *mutable, a *bind.Args) (any, error) {
		if l, ok := m.list(); ok {
			return holds(l, a.Any("value")) >= 0, nil
		}
		_, ok := m.object().Get(a.Str(a.L, a.Lua("value")))
		return ok, nil
	}).
	Method("sort()", "Sort a list.", `doc.tags:sort()`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		slices.SortStableFunc(l, compareValues)
		return nil, m.set(l)
	}).
	Method("reverse()", "Turn a list around.", `doc.tags:reverse()`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		slices.Reverse(l)
		return nil, m.set(l)
	}).
	Method("get(key, default{!}=nil)", "The value of a key.", `doc.data:get("a")`, func(m *mutable, a *bind.Args) (any, error) {
		if v, ok := m.object().Get(a.String("key")); ok {
			return v, nil
		}
		return a.Lua("default"), nil
	}).
	Method("update(values{!})", "Set several keys.", `doc.data:update({a = 1})`, func(m *mutable, a *bind.Args) (any, error) {
		o := m.object()
		if v, ok := a.Any("values").(types.Object); ok {
			for k, x := range v.All() {
				o.Set(k, x)
			}
		}
		return nil, m.set(o)
	}).
	Method("pop(key{!}=nil)", "Take a value out.", `doc.data:pop("a")`, func(m *mutable, a *bind.Args) (any, error) {
		if l, ok := m.list(); ok {
			n := len(l)
			if a.Has("key") {
				n = a.Int("key")
			}
			if n < 1 || n > len(l) {
				return nil, exc.New(exc.IndexError, "pop from a position that is not there")
			}
			v := l[n-1]
			return v, m.set(slices.Delete(l, n-1, n))
		}
		v, _ := m.object().Get(a.String("key"))
		return v, m.put(a.String("key"), nil)
	}).
	Method("append(value{!})", "Add to a list.", `doc.tags:append("x")`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		return nil, m.set(append(l, a.Any("value")))
	}).
	Method("extend(values{!})", "Add several to a list.", `doc.tags:extend({"x", "y"})`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		for _, v := range a.List("values") {
			l = append(l, a.ToGo(v))
		}
		return nil, m.set(l)
	}).
	Method("remove(value{!})", "Take a value out of a list.", `doc.tags:remove("x")`, func(m *mutable, a *bind.Args) (any, error) {
		l, _ := m.list()
		if n := holds(l, a.Any("value")); n >= 0 {
			return nil, m.set(slices.Delete(l, n, n+1))
		}
		return nil, exc.New(exc.ValueError, "value not in list")
	}).
	Method("clear()", "Take all out.", "doc.data:clear()", func(m *mutable, a *bind.Args) (any, error) {
		if _, ok := m.list(); ok {
			return nil, m.set([]any{})
		}
		return nil, m.set(types.Object{})
	}).
	With(func(class *bind.Class) {
		class.AttrFirst = true
		class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
			m := self.(*mutable)
			if m.kind != nil {
				if own := m.kind.says(name); own != lua.LNil {
					return own, true, nil
				}
			}
			v, ok := m.object().Get(name)
			if !ok && class.Member(name) == nil {
				return lua.LNil, true, nil
			}
			return v, ok, nil
		}
		class.SetAttr = func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
			return true, self.(*mutable).put(name, c.ToGo(v))
		}
		class.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			if l, ok := self.(*mutable).list(); ok {
				if n, ok := key.(lua.LNumber); ok && int(n) >= 1 && int(n) <= len(l) {
					return l[int(n)-1], nil
				}
				return nil, nil
			}
			v, _ := self.(*mutable).object().Get(key.String())
			return v, nil
		}
		class.SetItem = func(c *bind.Call, self any, key, v lua.LValue) error {
			m := self.(*mutable)
			l, ok := m.list()
			if !ok {
				return m.put(key.String(), c.ToGo(v))
			}
			n, _ := key.(lua.LNumber)
			switch at := int(n) - 1; {
			case at >= 0 && at < len(l):
				l[at] = c.ToGo(v)
			case at == len(l):
				l = append(l, c.ToGo(v))
			default:
				return exc.New(exc.IndexError, "list assignment index out of range")
			}
			return m.set(l)
		}
		class.Len = func(_ *bind.Call, self any) (int, error) {
			if l, ok := self.(*mutable).list(); ok {
				return len(l), nil
			}
			return self.(*mutable).object().Len(), nil
		}
		class.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			if l, ok := self.(*mutable).list(); ok {
				return each(l), nil
			}
			return each(self.(*mutable).object().Names()), nil
		}
		class.Repr = func(c *bind.Call, self any) (string, error) { return c.ReprGo(self.(*mutable).value()), nil }
	})
