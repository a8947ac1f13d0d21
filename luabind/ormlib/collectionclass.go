package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// list, set, dict and KeyFuncDict are what collections are made of. Called, they
// make plain tables; a script's class that derives from one is a kind of
// collection with methods of its own.
var (
	listClass = bind.Define[*orm.Collection]("list", "Items in a table; the base of collections that are lists.", collectionClass.Class).
			Constructor("list(values{}=nil)", "The items of anything iterable, in a table; without any an empty one.", "list(result)", func(a *bind.Args) (any, error) {
			if !a.Has("values") {
				return []any{}, nil
			}
			return a.List("values"), nil
		})
	setClass = bind.Define[*orm.Collection]("set", "Items, each once; the base of collections that are sets.", collectionClass.Class).
			Constructor("set(values{}=nil)", "The items, each once, in a table; without any an empty one.", "set(result)", func(a *bind.Args) (any, error) {
			out := []lua.LValue{}
			if !a.Has("values") {
				return out, nil
			}
			for _, v := range a.List("values") {
				if !slices.ContainsFunc(out, func(x lua.LValue) bool { return a.L.Equal(x, v) }) {
					out = append(out, v)
				}
			}
			return out, nil
		})
	keyFuncDictClass = bind.Define[*orm.Collection]("KeyFuncDict", "The base of collections that are keyed by a function of their objects.", collectionClass.Class).
				Constructor("KeyFuncDict(keyfunc, *, ignore_unpopulated_attribute=false)", "A collection keyed by what a function gives.", `collection_class = function() return KeyFuncDict(function(note) return note.keyword end) end`, func(a *bind.Args) (any, error) {
			f := a.Function("keyfunc")
			return &collectionKind{"KeyFuncDict", func() *orm.CollectionClass {
				return &orm.CollectionClass{Kind: orm.KeyedCollection, Name: "KeyFuncDict", Key: keyFunction(f)}
			}}, nil
		})
)

func init() {
	for _, d := range []bind.Def[*orm.Collection]{listClass, setClass, keyFuncDictClass} {
		keyed := d.Class == keyFuncDictClass.Class
		d.Slot = collectionSlot
		d.Static("__init__(self, keyfunc=nil, *args{!}, **kw)", "What the __init__ of a class that derives from it calls.", `class("Named", `+d.Name+`, {__init__ = function(self) `+d.Name+`.__init__(self) end})`, func(a *bind.Args) (any, error) {
			c, ok := bind.Unwrap[*orm.Collection](a.Lua("self"))
			if f := a.Function("keyfunc"); ok && keyed && f != nil {
				c.KeyBy(keyFunction(f))
			}
			return nil, nil
		})
	}
}

func collectionSlot(self any) *any { return self.(*orm.Collection).Handle() }

func keyFunction(f *bind.Callback) func(i *orm.Instance) (any, error) {
	return func(i *orm.Instance) (any, error) { return f.Call1(i) }
}

// derivedCollection is the kind of a class that derives from list, set or
// KeyFuncDict.
func derivedCollection(k *Class) *orm.CollectionClass {
	made := &orm.CollectionClass{Name: k.Name}
	switch k.boundTo() {
	case setClass.Class:
		made.Kind = orm.SetCollection
	case keyFuncDictClass.Class:
		made.Kind = orm.KeyedCollection
		made.Key = func(*orm.Instance) (any, error) {
			return nil, exc.New(exc.TypeError, "the __init__ of %s does not give KeyFuncDict.__init__ a function", k.Name)
		}
	}
	return made
}

// ofOwnClass has each collection of a kind be of a script's class.
func ofOwnClass(s *bind.State, made *orm.CollectionClass, k *Class, derived *bind.Class) *orm.CollectionClass {
	made.Made = func(c *orm.Collection) error {
		bind.SetOwn(c, derived)
		init := k.method(s, "__init__")
		if init == nil {
			return nil
		}
		_, err := init.Call(c)
		return err
	}
	return made
}

// collectionRole is collection.appender(f) and its kin: a method that takes part
// in keeping the objects.
type collectionRole struct {
	kind string // appender, remover, adds, …
	arg  int    // which argument is the object, of adds, removes and replaces
	f    *bind.Callback
}

func (r *collectionRole) onObject(c *bind.Call, self lua.LValue, name string) (any, error) {
	return r.f.Value(), nil
}

func (r *collectionRole) onClass(*bind.Call, view, string) (any, error) { return r.f.Value(), nil }

func (r *collectionRole) assign(_ *bind.Call, self lua.LValue, name string, _ lua.LValue) error {
	return exc.New(exc.AttributeError, "the method '%s' of '%s' cannot be assigned", name, nameOfClass(self))
}

var collectionRoleClass = bind.Define[*collectionRole]("collection_method", "A method that takes part in keeping a collection.").With(func(c *bind.Class) {
	c.Identity = true
	c.Call = bind.Func("decorator(fn)", "The method.", `collection.adds(1)(f)`, func(a *bind.Args) (any, error) {
		r := *bind.SelfOf[*collectionRole](a)
		r.f = a.Function("fn")
		return &r, nil
	})
})

// collectionNamespace is collection, whose functions mark methods.
func collectionNamespace() *bind.Namespace {
	mark := func(kind, doc string) *bind.Function {
		return bind.Func(kind+"(fn)", doc, `add_one = collection.`+kind+`(function(self, item) end)`, func(a *bind.Args) (any, error) {
			return &collectionRole{kind: kind, f: a.Function("fn")}, nil
		})
	}
	by := func(kind, doc string) *bind.Function {
		return bind.Func(kind+"(arg=1)", doc, `put = collection.`+kind+`(1)(function(self, item) end)`, func(a *bind.Args) (any, error) {
			n, _ := a.Any("arg").(int64)
			return &collectionRole{kind: kind, arg: max(int(n), 1)}, nil
		})
	}
	return bind.NewNamespace("collection", "What marks the methods of a collection class of one's own.",
		mark("appender", "The method that takes an object in."),
		mark("remover", "The method that takes an object out."),
		mark("iterator", "The method that gives the objects in turn."),
		mark("internally_instrumented", "A method that calls others which tell of what they do."),
		mark("converter", "What makes a list of a value that is assigned."),
		by("adds", "A method that takes in the object that is its nth argument."),
		by("removes", "A method that takes out the object that is its nth argument."),
		by("replaces", "A method that takes in its nth argument and gives what it takes out."),
		bind.Func("removes_return()", "A method that gives the object which it takes out.", `pop = collection.removes_return()(function(self) end)`, func(a *bind.Args) (any, error) {
			return &collectionRole{kind: "removes_return"}, nil
		}),
	)
}

// ownCollection is a class that keeps the objects itself: its methods are called
// for what the ORM adds and removes, and what they do is told to the ORM.
type ownCollection struct {
	class   *Class
	derived *bind.Class
	add     *bind.Callback
	remove  *bind.Callback
	roles   map[string]*collectionRole
	quiet   map[*orm.Collection]int // while a method of the class is what adds or removes
}

// ownNames are the methods that have a role by their name, as those of Python's
// list, set and dict.
var ownNames = map[string]string{"append": "appender", "add": "appender", "set": "appender", "remove": "remover", "__iter__": "iterator"}

// keepsItself makes the kind of collection of a class that derives from nothing
// of the library's.
func keepsItself(s *bind.State, k *Class) (*orm.CollectionClass, error) {
	o := &ownCollection{class: k, roles: map[string]*collectionRole{}, quiet: map[*orm.Collection]int{}}
	mro := k.mro()
	for _, b := range slices.Backward(mro) { // the nearest last, so that it stays
		for _, name := range b.names {
			if r, ok := bind.Unwrap[*collectionRole](b.body[name]); ok {
				o.roles[name] = r
			} else if f, ok := s.CallbackOf(b.body[name]); ok && ownNames[name] != "" {
				o.roles[name] = &collectionRole{kind: ownNames[name], f: f}
			}
		}
	}
	made := &orm.CollectionClass{Name: k.Name}
	if v, _ := k.lookup("__emulates__"); v != lua.LNil {
		if c, ok := bind.Unwrap[*bind.Class](v); ok && c == setClass.Class {
			made.Kind = orm.SetCollection
		}
	} else if _, ok := o.roles["add"]; ok {
		made.Kind = orm.SetCollection
	}
	for _, r := range o.roles {
		switch r.kind {
		case "appender":
			o.add = r.f
		case "remover":
			o.remove = r.f
		}
	}
	for role, f := range map[string]*bind.Callback{"an appender": o.add, "a remover": o.remove} {
		if f == nil {
			return nil, exc.New(exc.ArgumentError, "Type %s must elect %s method to be a collection class", k.Name, role)
		}
	}
	base := listClass.Class
	if made.Kind == orm.SetCollection {
		base = setClass.Class
	}
	k.derived = nil
	o.derived = base.Derive(bind.Derivation{
		Name: k.Name, Of: k,
		Look: func(c *bind.Call, self any, name string) (any, bool, error) {
			if r := o.roles[name]; r != nil {
				return o.method(c, r), true, nil
			}
			v, _ := k.lookup(name)
			if v == lua.LNil {
				return nil, false, nil
			}
			if d := descriptorOf(v); d != nil {
				x, err := d.onObject(c, c.FromGo(c.L, self), name)
				return x, true, err
			}
			return v, true, nil
		},
		SetAttr: func(*bind.Call, any, string, lua.LValue) (bool, error) { return false, nil },
	})
	tell := func(f **bind.Callback) func(c *orm.Collection, x *orm.Instance) error {
		return func(c *orm.Collection, x *orm.Instance) error {
			if o.quiet[c] > 0 {
				return nil
			}
			_, err := (*f).Call(c, x)
			return err
		}
	}
	made.Added, made.Removed = tell(&o.add), tell(&o.remove)
	return ofOwnClass(s, made, k, o.derived), nil
}

// method is a method with a role as a script calls it: it tells the ORM.
func (o *ownCollection) method(c *bind.Call, r *collectionRole) lua.LValue {
	return c.L.NewFunction(func(L *lua.LState) int {
		self, ok := bind.Unwrap[*orm.Collection](L.Get(1))
		n := L.GetTop()
		quietly := func(f func() error) {
			o.quiet[self]++
			err := f()
			if o.quiet[self]--; o.quiet[self] == 0 {
				delete(o.quiet, self)
			}
			if err != nil {
				c.Raise(L, err)
			}
		}
		item := func(at int) *orm.Instance {
			i, ok := bind.Unwrap[*orm.Instance](L.Get(1 + at))
			if !ok && L.Get(1+at) != lua.LNil {
				c.Raise(L, bind.Try(func() { unmapped(L.Get(1 + at)) }))
			}
			return i
		}
		if ok && o.quiet[self] == 0 {
			switch r.kind {
			case "appender", "adds", "replaces":
				quietly(func() error { return self.Append(item(max(r.arg, 1))) })
			case "remover", "removes":
				quietly(func() error { return self.Remove(item(max(r.arg, 1))) })
			}
		}
		L.Push(r.f.Value())
		for i := 1; i <= n; i++ {
			L.Push(L.Get(i))
		}
		L.Call(n, lua.MultRet)
		if ok && o.quiet[self] == 0 && (r.kind == "removes_return" || r.kind == "replaces") && L.GetTop() > n {
			if gone, is := bind.Unwrap[*orm.Instance](L.Get(n + 1)); is && self.Contains(gone) {
				quietly(func() error { return self.Remove(gone) })
			}
		}
		return L.GetTop() - n
	})
}

// plainCollection is what calling a class that derives from list and its kin
// gives outside of a mapped object: a table.
func plainCollection(c *bind.Call, k *Class, args []lua.LValue) (any, error) {
	if len(args) == 1 {
		if t, ok := args[0].(*lua.LTable); ok && script.Len(t) == 0 && !script.HasFields(t) {
			return t, nil
		}
	}
	return k.boundTo().New.Apply(c, args)
}
