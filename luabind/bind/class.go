package bind

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/luabind/script"
)

// Function is one function or method that Lua can call.
type Function struct {
	*Signature
	Doc     string // one sentence
	Example string
	Owner   string // the class of a method, the namespace of a function

	method bool
	accept func(self any) bool // whether self is the method's own kind of value
	call   func(a *Args) (any, error)
}

// Func describes a function. The signature's name is the function's.
func Func(signature, doc, example string, call func(a *Args) (any, error)) *Function {
	return &Function{Signature: ParseSignature(signature), Doc: doc, Example: example, call: call}
}

// Class is the table of one bound Go type.
type Class struct {
	Name  string
	Doc   string
	Bases []*Class
	// New is what calling the class does; nil for a class that is not called.
	New *Function
	// Identity says that one Go value must always be the same Lua value.
	Identity bool
	// Slot is where a Go object keeps its own Lua value, for objects of which
	// there are many. It serves Identity without a table of all of them.
	Slot func(self any) *any
	// Expression says that comparing values builds SQL. Tested in an if they
	// compare by identity.
	Expression bool
	// Value says that values compare by what they hold (==, <), tested or not.
	Value bool

	// Attr answers a name that is no member: a column, a field of a row.
	// First says that it is asked before the members.
	Attr      func(c *Call, self any, name string) (v any, ok bool, err error)
	AttrFirst bool
	// AttrNames lists what Attr knows, for suggestions and completion.
	AttrNames func(self any) []string
	// Loud says that reading an attribute may run SQL or a script's code, so
	// that completion must not.
	Loud bool
	// What names what Attr finds, for the message about a name it does not:
	// "column". Empty: "attribute".
	What string
	// Missing is the error for a name that nothing answers, where it is not
	// bind's own; suggestion is "" or ends the message.
	Missing func(name, suggestion string) error
	// Path names a value in such a message: "users.c".
	Path func(self any) string
	// SetAttr takes an assignment that no member takes; ok false refuses it.
	SetAttr func(c *Call, self any, name string, v lua.LValue) (ok bool, err error)
	// DelAttr is del object.name, or del object[key]; ok false refuses it.
	DelAttr func(c *Call, self any, key lua.LValue) (ok bool, err error)
	// Item answers a key that is no string: a position, a column.
	Item func(c *Call, self any, key lua.LValue) (any, error)
	// SetItem takes an assignment to such a key.
	SetItem func(c *Call, self any, key, v lua.LValue) error
	// Call is what calling a value does.
	Call *Function
	// Len is the length operator.
	Len func(c *Call, self any) (int, error)
	// Iterate gives the items of a loop, one per call; ok is false at the end.
	Iterate func(c *Call, self any) (next func() (v any, ok bool, err error), err error)
	// Unpack gives the parts of a value to a loop or unpack with several names.
	Unpack func(c *Call, self any) ([]any, error)
	// Repr and Str are the shown form and tostring; nil falls back on types.
	Repr func(c *Call, self any) (string, error)
	Str  func(c *Call, self any) (string, error)
	// Operate computes a op b where one of them is of this class. ErrDeclined
	// leaves it to the other operand's class.
	Operate func(c *Call, op string, a, b lua.LValue) (any, error)
	// Enter and Exit make a value usable with with(). Exit sees the error.
	Enter func(c *Call, self any) (any, error)
	Exit  func(c *Call, self any, err error) error

	// Variant is the class of a value where values of one Go type are of several
	// classes, which have this one as their base; nil: this one. Of those the
	// base is registered last.
	Variant func(v any) *Class

	// ClassAttr answers for further names of the class itself.
	ClassAttr func(c *Call, name string) (v any, ok bool)

	// Script is the script's class that it was derived for; nil for a bound class.
	Script any

	typ     reflect.Type
	accept  func(any) bool
	members map[string]*Member
	order   []string
	statics map[string]*Function
}

// Member is one name of a Class: a method or a property.
type Member struct {
	Name   string
	Doc    string
	Method *Function
	get    func(c *Call, self any) (any, error)
	set    func(c *Call, self any, v lua.LValue) error
	of     *Class
}

// Def builds a Class for values of type T, a Go type or an interface.
type Def[T any] struct{ *Class }

// Define begins a class table. Bases are asked for what it does not have.
func Define[T any](name, doc string, bases ...*Class) Def[T] {
	return Def[T]{&Class{
		Name: name, Doc: doc, Bases: bases,
		typ:     reflect.TypeFor[T](),
		accept:  func(v any) bool { _, ok := v.(T); return ok },
		members: map[string]*Member{},
		statics: map[string]*Function{},
	}}
}

func (c *Class) add(m *Member) {
	if _, known := c.members[m.Name]; known {
		panic(fmt.Sprintf("bind: %s.%s defined twice", c.Name, m.Name))
	}
	m.of = c
	c.members[m.Name] = m
	c.order = append(c.order, m.Name)
}

// Method adds a method.
func (d Def[T]) Method(signature, doc, example string, f func(self T, a *Args) (any, error)) Def[T] {
	fn := Func(signature, doc, example, func(a *Args) (any, error) { return f(a.self.(T), a) })
	fn.method, fn.accept, fn.Owner = true, d.accept, d.Name
	d.add(&Member{Name: fn.Name, Doc: doc, Method: fn})
	return d
}

// Alias gives a member a second name.
func (d Def[T]) Alias(alias, name string) Def[T] {
	m := *d.members[name]
	m.Name = alias
	d.add(&m)
	return d
}

// Property adds a property that is only read.
func (d Def[T]) Property(name, doc string, get func(self T) any) Def[T] {
	d.add(&Member{Name: name, Doc: doc, get: func(_ *Call, self any) (any, error) { return get(self.(T)), nil }})
	return d
}

// Computed adds a property whose reading may fail or needs the state.
func (d Def[T]) Computed(name, doc string, get func(c *Call, self T) (any, error)) Def[T] {
	d.add(&Member{Name: name, Doc: doc, get: func(c *Call, self any) (any, error) { return get(c, self.(T)) }})
	return d
}

// Setter makes the property just added assignable.
func (d Def[T]) Setter(set func(c *Call, self T, v lua.LValue) error) Def[T] {
	m := d.members[d.order[len(d.order)-1]]
	m.set = func(c *Call, self any, v lua.LValue) error { return set(c, self.(T), v) }
	return d
}

// Constructor says what calling the class does.
func (d Def[T]) Constructor(signature, doc, example string, f func(a *Args) (any, error)) Def[T] {
	d.New = Func(signature, doc, example, f)
	return d
}

// Static adds a function of the class itself: Class.name(…).
func (d Def[T]) Static(signature, doc, example string, f func(a *Args) (any, error)) Def[T] {
	fn := Func(signature, doc, example, f)
	fn.Owner = d.Name
	d.statics[fn.Name] = fn
	return d
}

// With changes the class's other fields.
func (d Def[T]) With(change func(c *Class)) Def[T] {
	change(d.Class)
	return d
}

// Derives reports whether c is base or has it among its bases.
func (c *Class) Derives(base *Class) bool {
	return c == base || slices.ContainsFunc(c.Bases, func(b *Class) bool { return b.Derives(base) })
}

// Member finds a member in c or its bases.
func (c *Class) Member(name string) *Member {
	if m := c.members[name]; m != nil {
		return m
	}
	for _, b := range c.Bases {
		if m := b.Member(name); m != nil {
			return m
		}
	}
	return nil
}

// Own lists the members that c itself defines, in the order of its table.
func (c *Class) Own() []*Member {
	own := make([]*Member, len(c.order))
	for i, name := range c.order {
		own[i] = c.members[name]
	}
	return own
}

// Statics lists what is called on the class itself, by name.
func (c *Class) Statics() []*Function {
	var all []*Function
	for _, name := range slices.Sorted(maps.Keys(c.statics)) {
		all = append(all, c.statics[name])
	}
	return all
}

// AliasOf is the method's own name where m is a second one, "" otherwise.
func (m *Member) AliasOf() string {
	if m.Method != nil && m.Method.Name != m.Name {
		return m.Method.Name
	}
	return ""
}

// Names lists the members of c and its bases, in the order of the tables.
func (c *Class) Names() []string {
	names := slices.Clone(c.order)
	for _, b := range c.Bases {
		for _, n := range b.Names() {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

// inherit finds a hook in c or its bases.
func inherit[F any](c *Class, hook func(*Class) F, given func(F) bool) F {
	if f := hook(c); given(f) {
		return f
	}
	for _, b := range c.Bases {
		if f := inherit(b, hook, given); given(f) {
			return f
		}
	}
	var none F
	return none
}

// Namespace is a bag of names that takes a dot: func, event, postgresql.
type Namespace struct {
	Name  string
	Doc   string
	names map[string]any // *Function, *Class, or any Go value
	order []string
	// Attr answers other names: func.anything.
	Attr func(c *Call, name string) (any, error)
}

// NewNamespace makes a namespace of functions, classes and nested namespaces.
func NewNamespace(name, doc string, members ...any) *Namespace {
	n := &Namespace{Name: name, Doc: doc, names: map[string]any{}}
	n.Add(members...)
	return n
}

// Add adds members under their own names.
func (n *Namespace) Add(members ...any) *Namespace {
	for _, m := range members {
		switch m := m.(type) {
		case *Function:
			copied := *m
			copied.Owner = n.Name
			n.Set(m.Name, &copied)
		case *Class:
			n.Set(m.Name, m)
		case *Namespace:
			n.Set(m.Name, m)
		default:
			panic(fmt.Sprintf("bind: %T has no name of its own in a namespace", m))
		}
	}
	return n
}

// Set adds a value under a name.
func (n *Namespace) Set(name string, v any) {
	if _, known := n.names[name]; !known {
		n.order = append(n.order, name)
	}
	n.names[name] = v
}

// Names lists the namespace's members.
func (n *Namespace) Names() []string { return n.order }

// Get finds a member.
func (n *Namespace) Get(name string) (any, bool) {
	v, ok := n.names[name]
	return v, ok
}

// Values are several results of one call.
type Values []any

var _ script.Hooks = (*State)(nil)
