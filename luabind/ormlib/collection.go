package ormlib

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// collectionKind is what collection_class= names: list, set, or the result of
// attribute_keyed_dict() and its kin.
type collectionKind struct {
	name string
	make func() *orm.CollectionClass
}

var collectionKindClass = bind.Define[*collectionKind]("collection_class", "A kind of collection.").With(func(c *bind.Class) { c.Identity = true })

// collectionClassOf reads collection_class=.
func collectionClassOf(a *bind.Args, v lua.LValue) (*orm.CollectionClass, error) {
	switch x := v.(type) {
	case lua.LString:
		switch string(x) {
		case "list":
			return &orm.CollectionClass{}, nil
		case "set":
			return &orm.CollectionClass{Kind: orm.SetCollection}, nil
		}
	case *lua.LFunction:
		cb, _ := a.CallbackOf(x)
		made, err := cb.Call1()
		if err != nil {
			return nil, err
		}
		switch k := made.(type) {
		case *collectionKind:
			return k.make(), nil
		case *object:
			return keepsItself(a.State, k.class)
		}
		return &orm.CollectionClass{}, nil
	}
	switch k := mapped(v).(type) {
	case *bind.Class:
		switch k {
		case listClass.Class:
			return &orm.CollectionClass{}, nil
		case setClass.Class:
			return &orm.CollectionClass{Kind: orm.SetCollection}, nil
		}
	case *Class:
		if b := k.boundTo(); b != nil && b.Derives(collectionClass.Class) {
			return ofOwnClass(a.State, derivedCollection(k), k, k.derived), nil
		}
		return keepsItself(a.State, k)
	}
	if k, ok := bind.Unwrap[*collectionKind](v); ok {
		return k.make(), nil
	}
	return nil, exc.New(exc.ArgumentError, "collection_class takes set, list, attribute_keyed_dict(name), ordering_list(name), got %s", a.Repr(a.L, v))
}

// keyedBy is a collection whose objects have the keys that key gives.
func keyedBy(a *bind.Args, key func(i *orm.Instance) (any, error)) (any, error) {
	ignore := a.Bool("ignore_unpopulated_attribute")
	return &collectionKind{a.Name(), func() *orm.CollectionClass {
		return &orm.CollectionClass{Kind: orm.KeyedCollection, Key: key, IgnoreUnpopulated: ignore, Name: a.Name()}
	}}, nil
}

// populated is the key v of i, or what says that the attribute has no value.
func populated(i *orm.Instance, attr string, v any) any {
	if v != nil {
		return v
	}
	if _, loaded := i.Loaded(attr); i.Has(attr) && !loaded {
		return orm.NoValue
	}
	return orm.NoKey
}

func collectionFunctions() []any {
	attribute := func(name string) *bind.Function {
		return bind.Func(name+"(attr_name, *, ignore_unpopulated_attribute=false)", "A collection keyed by an attribute of its objects.", `collection_class = attribute_keyed_dict("name")`, func(a *bind.Args) (any, error) {
			attr := a.String("attr_name")
			c := a.Call
			return keyedBy(a, func(i *orm.Instance) (any, error) {
				return populated(i, attr, c.ToGo(c.L.GetField(c.FromGo(c.L, i), attr))), nil
			})
		})
	}
	column := func(name string) *bind.Function {
		return bind.Func(name+"(mapping_spec, *, ignore_unpopulated_attribute=false)", "A collection keyed by a column of its objects.", `collection_class = column_keyed_dict(notes.c.keyword)`, func(a *bind.Args) (any, error) {
			col, _ := core.Plain(bind.Get[core.Expr](a, "mapping_spec")).(*core.Column)
			return keyedBy(a, func(i *orm.Instance) (any, error) {
				for _, p := range i.Mapper().ColumnAttrs() {
					if p.Column() == col {
						v, err := i.Get(p.Key())
						if v == nil {
							v = orm.NoKey
						}
						return v, err
					}
				}
				return nil, exc.New(exc.InvalidRequestError, "the column of a keyed collection is not mapped")
			})
		})
	}
	function := func(name string) *bind.Function {
		return bind.Func(name+"(keyfunc, *, ignore_unpopulated_attribute=false)", "A collection keyed by what a function gives.", `collection_class = keyfunc_mapping(function(note) return note.keyword end)`, func(a *bind.Args) (any, error) {
			f := a.Function("keyfunc")
			return keyedBy(a, func(i *orm.Instance) (any, error) { return f.Call1(i) })
		})
	}
	return []any{
		attribute("attribute_keyed_dict"), attribute("attribute_mapped_collection"),
		column("column_keyed_dict"), column("column_mapped_collection"),
		function("keyfunc_mapping"), function("mapped_collection"),
		bind.Func("ordering_list(attr, count_from=nil, ordering_func=nil, reorder_on_append=false)", "A list that keeps an attribute of its objects equal to their position.", `collection_class = ordering_list("position")`, func(a *bind.Args) (any, error) {
			o := &orm.Ordering{Attr: a.String("attr"), CountFrom: a.Int("count_from"), ReorderOnAppend: a.Bool("reorder_on_append")}
			if f := a.Function("ordering_func"); f != nil {
				o.Func = func(index int, of *orm.Collection) (any, error) { return f.Call1(index, of) }
			}
			return &collectionKind{"ordering_list", func() *orm.CollectionClass { return &orm.CollectionClass{Ordering: o} }}, nil
		}),
	}
}

// instanceOf reads an object of a mapped class.
func instanceOf(a *bind.Args, name string) *orm.Instance {
	v := a.Lua(name)
	if i, ok := bind.Unwrap[*orm.Instance](v); ok {
		return i
	}
	unmapped(v)
	return nil
}

// unmapped refuses what is no mapped object, in the words in which SQLAlchemy
// names Python's classes.
func unmapped(v lua.LValue) {
	kind := "builtins."
	switch x := v.(type) {
	case lua.LString:
		kind += "str"
	case lua.LNumber:
		kind += "int"
		if x != lua.LNumber(int64(x)) {
			kind = "builtins.float"
		}
	case lua.LBool:
		kind += "bool"
	case *lua.LTable:
		kind += "dict"
		if script.Len(x) > 0 {
			kind = "builtins.list"
		}
	case *lua.LFunction:
		kind += "function"
	case *lua.LUserData:
		switch x := x.Value.(type) {
		case *object:
			kind = "__main__." + x.class.Name
		case *Class:
			kind = "builtins.type"
			if x.mapper != nil || x.registryOf() != nil {
				kind = "sqlalchemy.orm.decl_api.DeclarativeMeta"
			}
			bind.Fail(exc.UnmappedInstanceError, "Class '%s' is not mapped; was a class (__main__.%s) supplied where an instance was required?", kind, x.Name)
		case *core.Table:
			kind = "sqlalchemy.sql.schema.Table"
		case engine.Row:
			kind = "sqlalchemy.engine.row.Row"
		default:
			kind = fmt.Sprintf("%T", x)
			kind = kind[strings.LastIndexByte(kind, '.')+1:]
		}
	default:
		kind += "NoneType"
	}
	bind.Fail(exc.UnmappedInstanceError, "Class '%s' is not mapped", kind)
}

// instances reads a list of objects.
func instances(a *bind.Args, v lua.LValue) []*orm.Instance {
	items := a.ListOf(v)
	out := make([]*orm.Instance, len(items))
	for n, item := range items {
		i, ok := bind.Unwrap[*orm.Instance](item)
		if !ok {
			unmapped(item)
		}
		out[n] = i
	}
	return out
}

var collectionClass = bind.Define[*orm.Collection]("InstrumentedList", "The related objects of an object.").
	Method("append(item)", "Add an object at the end.", "user.addresses:append(address)", func(l *orm.Collection, a *bind.Args) (any, error) { return nil, l.Append(instanceOf(a, "item")) }).
	Method("add(item)", "Add an object.", "user.groups:add(group)", func(l *orm.Collection, a *bind.Args) (any, error) { return nil, l.Append(instanceOf(a, "item")) }).
	Method("set(item)", "Add an object under its key.", "item.notes:set(note)", func(l *orm.Collection, a *bind.Args) (any, error) { return nil, l.Append(instanceOf(a, "item")) }).
	Method("extend(items{})", "Add several objects.", "user.addresses:extend({a, b})", func(l *orm.Collection, a *bind.Args) (any, error) { return nil, l.Extend(instances(a, a.Lua("items"))) }).
	Method("update(items{})", "Add several objects.", "user.groups:update({a, b})", func(l *orm.Collection, a *bind.Args) (any, error) { return nil, l.Extend(instances(a, a.Lua("items"))) }).
	Method("insert(index, item)", "Add an object at a position, counted from 1.", "user.addresses:insert(1, address)", func(l *orm.Collection, a *bind.Args) (any, error) {
		return nil, l.Insert(max(a.Int("index")-1, 0), instanceOf(a, "item"))
	}).
	Method("remove(item)", "Take an object out.", "user.addresses:remove(address)", func(l *orm.Collection, a *bind.Args) (any, error) {
		i := instanceOf(a, "item")
		if l.Kind() == orm.SetCollection && !l.Contains(i) {
			return nil, exc.New(exc.KeyError, "%s", a.Repr(a.L, a.Lua("item")))
		}
		return nil, l.Remove(i)
	}).
	Method("discard(item)", "Take an object out if it is there.", "user.groups:discard(group)", func(l *orm.Collection, a *bind.Args) (any, error) {
		i := instanceOf(a, "item")
		if !l.Contains(i) {
			return nil, nil
		}
		return nil, l.Remove(i)
	}).
	Method("pop(index{}=nil)", "Take out the last object, or the one at a position or key.", "user.addresses:pop()", func(l *orm.Collection, a *bind.Args) (any, error) {
		n := l.Len()
		if l.Kind() == orm.KeyedCollection && a.Has("index") {
			i := l.Get(a.Any("index"))
			if i == nil {
				return nil, exc.New(exc.KeyError, "%s", a.Repr(a.L, a.Lua("index")))
			}
			return i, l.Remove(i)
		}
		if a.Has("index") {
			n = a.Int("index")
		}
		return l.Pop(n - 1)
	}).
	Method("clear()", "Take all objects out.", "user.addresses:clear()", func(l *orm.Collection, a *bind.Args) (any, error) { return nil, l.Clear() }).
	Method("contains(item)", "Whether an object is in it.", "user.addresses:contains(address)", func(l *orm.Collection, a *bind.Args) (any, error) {
		if i, ok := bind.Unwrap[*orm.Instance](a.Lua("item")); ok {
			return l.Contains(i), nil
		}
		return l.Kind() == orm.KeyedCollection && l.Get(a.Any("item")) != nil, nil
	}).
	Method("index(item)", "The position of an object, counted from 1.", "user.addresses:index(address)", func(l *orm.Collection, a *bind.Args) (any, error) {
		n := l.Index(instanceOf(a, "item"))
		if n < 0 {
			return nil, exc.New(exc.ValueError, "the object is not in list")
		}
		return n + 1, nil
	}).
	Method("count(item=nil)", "How many objects, or how often one.", "user.addresses:count()", func(l *orm.Collection, a *bind.Args) (any, error) {
		if !a.Has("item") {
			return l.Len(), nil
		}
		return l.Count(instanceOf(a, "item")), nil
	}).
	Method("keys()", "The keys of a keyed collection.", "item.notes:keys()", func(l *orm.Collection, a *bind.Args) (any, error) { return l.Keys(), nil }).
	Method("values()", "The objects.", "item.notes:values()", func(l *orm.Collection, a *bind.Args) (any, error) { return l.Items(), nil }).
	Method("items()", "Pairs of key and object of a keyed collection.", "item.notes:items()", func(l *orm.Collection, a *bind.Args) (any, error) {
		var out []any
		for _, k := range l.Keys() {
			out = append(out, []any{k, l.Get(k)})
		}
		return out, nil
	}).
	Method("get(key, default=nil)", "The object under a key.", `item.notes:get("a")`, func(l *orm.Collection, a *bind.Args) (any, error) {
		if i := l.Get(a.Any("key")); i != nil {
			return i, nil
		}
		return a.Lua("default"), nil
	}).
	Method("reorder()", "Set the positions of an ordering list anew.", "deck.cards:reorder()", func(l *orm.Collection, a *bind.Args) (any, error) { return nil, l.Reorder() }).
	With(func(class *bind.Class) {
		class.Slot = collectionSlot
		class.Len = func(_ *bind.Call, self any) (int, error) { return self.(*orm.Collection).Len(), nil }
		class.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			l := self.(*orm.Collection)
			if l.Kind() == orm.KeyedCollection {
				return each(l.Keys()), nil
			}
			return each(l.Items()), nil
		}
		class.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			l := self.(*orm.Collection)
			if l.Kind() == orm.KeyedCollection {
				if i := l.Get(c.ToGo(key)); i != nil {
					return i, nil
				}
				return nil, nil
			}
			n, ok := key.(lua.LNumber)
			if !ok {
				return nil, exc.New(exc.TypeError, "a collection has positions, counted from 1")
			}
			if i := l.At(int(n) - 1); i != nil {
				return i, nil
			}
			return nil, nil
		}
		class.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
			l := self.(*orm.Collection)
			if l.Kind() != orm.KeyedCollection {
				return nil, false, nil
			}
			if i := l.Get(name); i != nil {
				return i, true, nil
			}
			return lua.LNil, true, nil
		}
		class.SetItem = func(c *bind.Call, self any, key, v lua.LValue) error {
			l := self.(*orm.Collection)
			i, ok := bind.Unwrap[*orm.Instance](v)
			if !ok {
				if v == lua.LNil {
					if l.Kind() == orm.KeyedCollection {
						if old := l.Get(c.ToGo(key)); old != nil {
							return l.Remove(old)
						}
						return nil
					}
					n, _ := key.(lua.LNumber)
					return l.DeleteAt(int(n) - 1)
				}
				unmapped(v)
			}
			if l.Kind() == orm.KeyedCollection {
				return l.SetKey(c.ToGo(key), i)
			}
			n, _ := key.(lua.LNumber)
			if int(n) == l.Len()+1 {
				return l.Append(i)
			}
			return l.SetAt(int(n)-1, i)
		}
		class.DelAttr = func(c *bind.Call, self any, key lua.LValue) (bool, error) {
			l := self.(*orm.Collection)
			if n, ok := key.(lua.LNumber); ok && l.Kind() == orm.ListCollection {
				if l.At(int(n)-1) == nil {
					return true, exc.New(exc.IndexError, "list index out of range")
				}
				return true, l.DeleteAt(int(n) - 1)
			}
			if l.Kind() == orm.KeyedCollection {
				if i := l.Get(c.ToGo(key)); i != nil {
					return true, l.Remove(i)
				}
				return true, exc.New(exc.KeyError, "%s", c.Repr(c.L, key))
			}
			return false, nil
		}
		class.SetAttr = func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
			if self.(*orm.Collection).Kind() != orm.KeyedCollection {
				return false, nil
			}
			return true, class.SetItem(c, self, lua.LString(name), v)
		}
		class.Repr = func(c *bind.Call, self any) (string, error) {
			l := self.(*orm.Collection)
			if l.Kind() == orm.KeyedCollection {
				t := c.L.NewTable()
				for _, k := range l.Keys() {
					t.RawSet(c.FromGo(c.L, k), c.FromGo(c.L, l.Get(k)))
				}
				return c.Repr(c.L, t), nil
			}
			return c.ReprGo(l.Items()), nil
		}
	})
