package ormlib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/enginelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// Class is a class that a script made with class(): mapped, or a base, a
// mixin, a plain class.
type Class struct {
	Name     string
	Bases    []*Class
	registry *registry // of a declarative base and what derives from it
	// imperative: mapped by map_imperatively(), so that its subclasses are plain
	// classes until they are mapped too.
	imperative bool
	mapper     *orm.Mapper // nil: not mapped
	abstract   bool        // a declarative base, or __abstract__

	// body is what the class says, in the order of the source: methods, plain
	// values, and for mixins what its subclasses map.
	names []string
	body  map[string]lua.LValue

	table   *core.Table
	pending []*enginelib.Listening // listeners that wait for subclasses
	alias   *orm.Entity            // what aliased() made of it
	auto    *automapping           // of automap_base()
	kind    concreteKind           // of ConcreteBase and AbstractConcreteBase
	scan    *scan                  // while it is being mapped

	compares  *comparatorRoot // of Comparator and PropComparator
	builtin   bool            // the library's own: object, MutableComposite
	composite bool            // MutableComposite
}

// mro lists c and its bases, nearest first, each once.
func (c *Class) mro() []*Class {
	out := []*Class{c}
	for i := 0; i < len(out); i++ {
		for _, b := range out[i].Bases {
			if !slices.Contains(out, b) {
				out = append(out, b)
			}
		}
	}
	return out
}

// lookup finds a name in the class or its bases.
func (c *Class) lookup(name string) (lua.LValue, *Class) {
	for _, k := range c.mro() {
		if v, ok := k.body[name]; ok {
			return v, k
		}
	}
	return lua.LNil, nil
}

// says reports whether the class or a base has a field of that name, nil ones
// included.
func (c *Class) says(name string) bool {
	return slices.ContainsFunc(c.mro(), func(k *Class) bool { _, ok := k.body[name]; return ok })
}

// hasClass reports whether a field of the class is that class.
func (c *Class) hasClass(k *Class) bool {
	for _, b := range c.mro() {
		for _, v := range b.body {
			if x, ok := bind.Unwrap[*Class](v); ok && x == k {
				return true
			}
		}
	}
	return false
}

// set gives the class a name of its own.
func (c *Class) set(name string, v lua.LValue) {
	if _, known := c.body[name]; !known {
		c.names = append(c.names, name)
	}
	c.body[name] = v
}

// method finds a function of the class; nil without one.
func (c *Class) method(s *bind.State, name string) *bind.Callback {
	v, _ := c.lookup(name)
	if v == lua.LNil {
		return nil
	}
	f, _ := s.CallbackOf(v)
	return f
}

// derives reports whether c is base or has it among its bases.
func (c *Class) derives(base *Class) bool { return slices.Contains(c.mro(), base) }

// mapperOf is the mapper of c, or of its nearest mapped base; nil if none.
func (c *Class) mapped() *orm.Mapper {
	for _, k := range c.mro() {
		if k.mapper != nil {
			return k.mapper
		}
	}
	return nil
}

// Clause is what the class stands for in a statement.
func (c *Class) Clause() core.Node {
	if c.mapper == nil {
		c.checkPrepared()
		c.checkConcrete()
		bind.Fail(exc.ArgumentError, "Column expression, FROM clause, or other columns clause element expected, got <class '%s'>.", c.Name)
	}
	check(c.mapper.Registry.Configure())
	return c.mapper.Entity().Node()
}

func check(err error) { bind.Check(err) }

// classOf is the class of a mapper.
func classOf(m *orm.Mapper) *Class {
	c, _ := m.Class.(*Class)
	return c
}

// Table is SQLAlchemy's __table__.
func (c *Class) tableNode() any {
	if c.table != nil {
		return c.table
	}
	if m := c.mapped(); m != nil {
		if m.Local != nil {
			return core.PlainFrom(m.Local)
		}
	}
	return nil
}

var classClass = bind.Define[*Class]("type", "A class made with class().").
	Property("__name__", "Its name.", func(c *Class) any { return c.Name }).
	Property("__table__", "The table that it is mapped to.", func(c *Class) any { return c.tableNode() }).
	Computed("__mapper__", "Its mapper.", func(_ *bind.Call, c *Class) (any, error) {
		if c.mapper == nil {
			return nil, exc.New(exc.AttributeError, "type object '%s' has no attribute '__mapper__'", c.Name)
		}
		return c.mapper, nil
	}).
	Property("metadata", "The catalogue of its tables.", func(c *Class) any {
		if r := c.registryOf(); r != nil {
			return r.Registry.MetaData
		}
		return nil
	}).
	Property("registry", "The registry of its family.", func(c *Class) any {
		if r := c.registryOf(); r != nil {
			return r
		}
		return nil
	}).
	Property("__bases__", "Its bases.", func(c *Class) any { return c.Bases }).
	With(func(class *bind.Class) {
		class.Identity = true
		class.Call = bind.Func("class(*args{!})", "Make an object of the class.", `User{name = "ed"}`, func(a *bind.Args) (any, error) {
			return construct(a.Call, bind.SelfOf[*Class](a), a.Rest())
		})
		class.Attr = classAttr
		class.AttrNames = func(self any) []string { return self.(*Class).attributeNames() }
		class.SetAttr = setClassAttr
		class.Path = func(self any) string { return self.(*Class).Name }
		class.Repr = func(_ *bind.Call, self any) (string, error) { return "<class '" + self.(*Class).Name + "'>", nil }
	})

func (c *Class) registryOf() *registry {
	for _, k := range c.mro() {
		if k.registry != nil {
			return k.registry
		}
	}
	return nil
}

// attributeNames are what the class and its objects answer to.
func (c *Class) attributeNames() []string {
	var names []string
	if m := c.mapped(); m != nil {
		for _, p := range m.Properties() {
			names = append(names, p.Key())
		}
	}
	for _, k := range c.mro() {
		for _, n := range k.names {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

// classAttr reads User.name: a mapped attribute as SQL, a hybrid's expression,
// a method, a plain value.
func classAttr(c *bind.Call, self any, name string) (any, bool, error) {
	k := self.(*Class)
	if k.alias != nil {
		return entityAttr(c, k.alias, name)
	}
	if m := k.mapper; m != nil {
		// What is mapped is there at once: naming Address.id in the definition
		// of a relationship must not configure what is still half-defined.
		// Only a name nobody knows may be a backref that configuring makes.
		if v, _ := k.lookup(name); m.Property(name) == nil && v == lua.LNil && !strings.HasPrefix(name, "__") {
			check(m.Registry.Configure())
		}
		if m.Property(name) != nil {
			x, err := m.Entity().Expr(name)
			return x, true, err
		}
	}
	if a := k.automapping(); a != nil && k.mapper == nil {
		if x, ok := a.attr(k, name); ok {
			return x, true, nil
		}
	}
	if name == "__tablename__" {
		if v, _ := k.lookup(name); v != lua.LNil {
			x, err := k.field(c, name, v)
			return x, true, err
		}
		if k.table != nil {
			return k.table.Name, true, nil
		}
	}
	v, _ := k.lookup(name)
	if v == lua.LNil {
		return nil, k.says(name), nil
	}
	if d := descriptorOf(v); d != nil {
		x, err := d.onClass(c, classView{k}, name)
		return x, true, err
	}
	x, err := k.field(c, name, v)
	return x, true, err
}

// setClassAttr is User.x = …: a new mapped attribute, or a plain value.
func setClassAttr(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
	k := self.(*Class)
	if k.alias != nil {
		return false, nil
	}
	if m := k.mapper; m != nil {
		if p, ok := propertyOf(c, k, name, v); ok {
			if err := m.AddProperty(name, p); err != nil {
				return true, err
			}
			finishProperty(c, k, name, v)
			return true, nil
		}
	}
	k.set(name, v)
	if k.mapper != nil {
		finishProperty(c, k, name, v)
	}
	return true, nil
}

// view is what hybrids see of a class: the class, or an alias of it.
type view interface {
	entity() *orm.Entity
	lua(c *bind.Call) lua.LValue
}

type classView struct{ k *Class }

func (v classView) entity() *orm.Entity {
	if v.k.mapper == nil {
		return nil
	}
	return v.k.mapper.Entity()
}
func (v classView) lua(c *bind.Call) lua.LValue { return c.FromGo(c.L, v.k) }

type entityView struct{ e *orm.Entity }

func (v entityView) entity() *orm.Entity         { return v.e }
func (v entityView) lua(c *bind.Call) lua.LValue { return c.FromGo(c.L, v.e) }

// construct makes an object: User{name = "ed"}, or User("ed") with an __init__.
func construct(c *bind.Call, k *Class, args []lua.LValue) (any, error) {
	if k.alias != nil {
		return nil, exc.New(exc.TypeError, "an alias of %s makes no objects", k.Name)
	}
	// Customer:Address{…} calls a class that is a field of another, with a colon
	// as every call on a value has one.
	if len(args) > 1 {
		if of, ok := bind.Unwrap[*Class](args[0]); ok && of.hasClass(k) {
			args = args[1:]
		}
	}
	m := k.mapper
	if m == nil {
		k.checkPrepared()
		if k.mapped() != nil && k.abstract {
			return nil, exc.New(exc.TypeError, "%s is abstract", k.Name)
		}
		o := newObject(k)
		return o, initObject(c, k, c.FromGo(c.L, o), args)
	}
	check(m.Registry.Configure())
	i := m.New()
	if err := fireInit(c, m, i, args); err != nil {
		return nil, err
	}
	i.Initialize()
	lv := c.FromGo(c.L, i)
	if err := initObject(c, k, lv, args); err != nil {
		return nil, err
	}
	return lv, nil
}

// initObject runs __init__, or the default constructor.
func initObject(c *bind.Call, k *Class, self lua.LValue, args []lua.LValue) error {
	if init := k.method(c.State, "__init__"); init != nil {
		values := []any{self}
		for _, a := range byParameter(init, args) {
			values = append(values, a)
		}
		_, err := init.Call(values...)
		return err
	}
	return defaultInit(c, k, self, args)
}

// byParameter puts a trailing table of keyword arguments into the places of the
// parameters of that name, as Python does: Point{x = 1, y = 2} for an __init__
// of self, x and y. Another table is an argument like any.
func byParameter(init *bind.Callback, args []lua.LValue) []lua.LValue {
	fn, ok := init.Value().(*lua.LFunction)
	if !ok || fn.Proto == nil || len(args) == 0 {
		return args
	}
	t, ok := args[len(args)-1].(*lua.LTable)
	if !ok || t.Metatable != lua.LNil || script.Len(t) > 0 || !script.HasFields(t) {
		return args
	}
	places := map[string]int{}
	for i, l := range fn.Proto.DbgLocals {
		if i > 0 && i < int(fn.Proto.NumParameters) {
			places[l.Name] = i - 1
		}
	}
	out := slices.Clone(args[:len(args)-1])
	for key, v := range script.Fields(t) {
		name, ok := key.(lua.LString)
		at, known := places[string(name)]
		if !ok || !known || at < len(args)-1 {
			return args
		}
		for len(out) <= at {
			out = append(out, lua.LNil)
		}
		out[at] = v
	}
	return out
}

// defaultInit is declarative's constructor: keyword arguments set attributes.
func defaultInit(c *bind.Call, k *Class, self lua.LValue, args []lua.LValue) error {
	if len(args) == 0 {
		return nil
	}
	t, ok := args[0].(*lua.LTable)
	if !ok || len(args) > 1 || script.Len(t) > 0 {
		return exc.New(exc.TypeError, "%s() takes named values: %s{name = …}", k.Name, k.Name)
	}
	known := k.attributeNames()
	for key, v := range script.Fields(t) {
		name, ok := key.(lua.LString)
		if !ok {
			return exc.New(exc.TypeError, "%s(): attributes need names", k.Name)
		}
		if !slices.Contains(known, string(name)) {
			return exc.New(exc.TypeError, "'%s' is an invalid keyword argument for %s%s", string(name), k.Name, bind.Suggest(string(name), known))
		}
		c.L.SetTable(self, name, v)
	}
	return nil
}

// object is an object of a class that is not mapped.
type object struct {
	class  *Class
	values map[string]lua.LValue
	order  []string
	slot   any

	proxyKey string   // of a comparator: the attribute that gave it
	parents  []holder // of a MutableComposite: what has it as an attribute
}

// set is the assignment itself, without a __setattr__ of the class.
func (o *object) set(c *bind.Call, name string, v lua.LValue) error {
	if held, _ := o.class.lookup(name); held != lua.LNil {
		if d := descriptorOf(held); d != nil {
			return d.assign(c, c.FromGo(c.L, o), name, v)
		}
	}
	if _, known := o.values[name]; !known {
		o.order = append(o.order, name)
	}
	o.values[name] = v
	return nil
}

func newObject(k *Class) *object { return &object{class: k, values: map[string]lua.LValue{}} }

var objectClass = bind.Define[*object]("object", "An object of a class made with class().").With(func(class *bind.Class) {
	class.Slot = func(self any) *any { return &self.(*object).slot }
	class.AttrFirst = true
	class.Path = func(self any) string { return self.(*object).class.Name }
	class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
		o := self.(*object)
		if v, ok := o.values[name]; ok {
			return v, true, nil
		}
		if name == "__class__" {
			return o.class, true, nil
		}
		v, _ := o.class.lookup(name)
		if v == lua.LNil {
			if o.class.comparator() != nil {
				if x, ok, err := comparedAttr(c, o, name); ok || err != nil {
					return x, true, err
				}
			}
			return lua.LNil, o.class.known(name), nil
		}
		if d := descriptorOf(v); d != nil {
			x, err := d.onObject(c, c.FromGo(c.L, o), name)
			return x, true, err
		}
		return v, true, nil
	}
	class.AttrNames = func(self any) []string { return self.(*object).class.attributeNames() }
	class.SetAttr = func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
		o := self.(*object)
		if f := o.class.ownSetAttr(c); f != nil {
			_, err := f.Call(o, name, v)
			return true, err
		}
		return true, o.set(c, name, v)
	}
	class.DelAttr = func(c *bind.Call, self any, key lua.LValue) (bool, error) {
		o, name := self.(*object), lua.LVAsString(key)
		if v, _ := o.class.lookup(name); v != lua.LNil {
			if d, ok := descriptorOf(v).(deleter); ok {
				return true, d.remove(c, c.FromGo(c.L, o), name)
			}
		}
		if _, known := o.values[name]; !known {
			return true, exc.New(exc.AttributeError, "'%s' object has no attribute '%s'", o.class.Name, name)
		}
		delete(o.values, name)
		o.order = slices.DeleteFunc(o.order, func(n string) bool { return n == name })
		return true, nil
	}
	class.Operate = func(c *bind.Call, op string, a, b lua.LValue) (any, error) {
		return operateObjects(c, op, a, b)
	}
	class.Repr = func(c *bind.Call, self any) (string, error) {
		return objectText(c, self.(*object).class, self, "__repr__")
	}
	class.Str = func(c *bind.Call, self any) (string, error) {
		k := self.(*object).class
		if k.method(c.State, "__str__") != nil {
			return objectText(c, k, self, "__str__")
		}
		return objectText(c, k, self, "__repr__")
	}
	class.Value = true
})

// known reports whether a plain object may be asked for a name that it does
// not have yet: Python raises, Lua programs test for nil.
func (c *Class) known(name string) bool { return !strings.HasPrefix(name, "__") }

// specialMethods are the functions of a class that operators call.
var specialMethods = map[string]string{
	"==": "__eq__", "~=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__",
	"+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "%": "__mod__", "..": "__concat__", "neg": "__neg__",
}

func operateObjects(c *bind.Call, op string, a, b lua.LValue) (any, error) {
	k := classOfValue(a)
	if k == nil {
		return operateCompared(c, op, a, b)
	}
	if f := k.method(c.State, specialMethods[op]); f != nil {
		r, err := f.Call(a, b)
		if err != nil || len(r) == 0 {
			return nil, err
		}
		return r[0], nil
	}
	if op == "~=" {
		if f := k.method(c.State, "__eq__"); f != nil {
			r, err := f.Call(a, b)
			if err != nil || len(r) == 0 {
				return true, err
			}
			if e, ok := bind.Unwrap[core.Expr](r[0]); ok {
				return core.Not(e), nil
			}
			return !lua.LVAsBool(r[0]), nil
		}
	}
	return operateCompared(c, op, a, b)
}

// classOfValue is the class of an object; nil for other values.
func classOfValue(v lua.LValue) *Class {
	u, ok := v.(*lua.LUserData)
	if !ok {
		return nil
	}
	switch x := u.Value.(type) {
	case *object:
		return x.class
	case *orm.Instance:
		return classOf(x.Mapper())
	}
	return nil
}

// objectText runs __repr__ or __str__ of a class; without one it is Python's
// <User object at 0x…>.
func objectText(c *bind.Call, k *Class, self any, name string) (string, error) {
	if k != nil {
		if f := k.method(c.State, name); f != nil {
			r, err := f.Call(self)
			if err != nil || len(r) == 0 {
				return "", err
			}
			return c.Str(c.L, r[0]), nil
		}
	}
	switch x := self.(type) {
	case *orm.Instance:
		return x.String(), nil
	case *object:
		return "<" + x.class.Name + " object>", nil
	}
	return types.Repr(self), nil
}
