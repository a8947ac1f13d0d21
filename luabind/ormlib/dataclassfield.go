package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// fieldOptions are the arguments by which an attribute says what it is in the
// constructor and the repr of a dataclass: those that mapped_column(),
// relationship() and their kin have in common with dataclasses.field().
type fieldOptions struct {
	init, repr, compare, kwOnly *bool

	fallback    lua.LValue // default=; nil: none was given
	factory     *bind.Callback
	initVar     bool // goes to __post_init__ and is no attribute
	byDeclarers []string
}

// fieldParams are the parameters of such arguments.
const fieldParams = "init=nil, repr=nil, default{!}=nil, default_factory=nil, compare=nil, kw_only=nil, hash=nil, dataclass_metadata{!}=nil"

// readFieldOptions reads them; nil where none was given.
func readFieldOptions(a *bind.Args) *fieldOptions {
	o := &fieldOptions{}
	given := false
	flag := func(name string) *bool {
		if !a.Accepts(name) || !a.Given(name) {
			return nil
		}
		given = true
		o.byDeclarers = append(o.byDeclarers, name)
		return a.OptBool(name)
	}
	// In the order in which SQLAlchemy names them in its error.
	if a.Accepts("default") && a.Given("default") {
		o.fallback = a.Lua("default")
		if a.Name() != "mapped_column" { // there it is the column's as well
			given = true
			o.byDeclarers = append(o.byDeclarers, "default")
		}
	}
	if a.Given("default_factory") {
		o.factory = a.Function("default_factory")
		given = true
		o.byDeclarers = append(o.byDeclarers, "default_factory")
	}
	o.init, o.repr = flag("init"), flag("repr")
	listed := o.byDeclarers
	o.compare, o.kwOnly = flag("compare"), flag("kw_only")
	flag("hash")
	o.byDeclarers = listed
	if !given && o.fallback == nil {
		return nil
	}
	return o
}

// onlyDataclass reports whether something was said that only a dataclass has.
func (o *fieldOptions) onlyDataclass() bool {
	return o != nil && (len(o.byDeclarers) > 0 || o.compare != nil || o.kwOnly != nil)
}

// dataclassField is field(…), an attribute of a dataclass that is not mapped,
// and InitVar(…).
type dataclassField struct{ options *fieldOptions }

var dataclassFieldClass = bind.Define[*dataclassField]("Field", "An attribute of a dataclass that is not mapped.").With(func(c *bind.Class) { c.Identity = true })

var fieldFunc = bind.Func("field(*, default{!}=nil, default_factory=nil, init=nil, repr=nil, hash=nil, compare=nil, metadata{!}=nil, kw_only=nil)",
	"An attribute of a dataclass that is not mapped, as Python's dataclasses have it.", `seen = field{default = false, repr = false}`, func(a *bind.Args) (any, error) {
		o := readFieldOptions(a)
		if o == nil {
			o = &fieldOptions{}
		}
		return &dataclassField{o}, nil
	})

var initVarFunc = bind.Func("InitVar(type_=nil, default{!}=nil)", "An argument of a dataclass's constructor that __post_init__ gets, and that is no attribute.", `password = InitVar()`, func(a *bind.Args) (any, error) {
	o := &fieldOptions{initVar: true}
	if a.Given("default") {
		o.fallback = a.Lua("default")
	}
	return &dataclassField{o}, nil
})

// optionsOf finds what a field of a class's body says of itself as a field of a
// dataclass. field is false for what is none: a method, a plain Column.
func optionsOf(v lua.LValue) (o *fieldOptions, field bool) {
	switch x := mapped(v).(type) {
	case *mappedColumn:
		return x.field, true
	case *dataclassField:
		return x.options, true
	case *orm.Relationship:
		return noted(x.Note).field, true
	case *orm.Composite:
		return noted(x.Note).field, true
	case *orm.ColumnProperty:
		return readOnly(noted(x.Note).field), true
	case *lateProperty:
		return readOnly(x.field), true
	case *orm.Synonym: // these have no annotation that would make them fields
		o = noted(x.Note).field
		return o, o != nil
	case *proxy:
		return x.field, x.field != nil
	}
	return nil, false
}

// readOnly are the options of column_property() without any: it has its value
// from the database.
func readOnly(o *fieldOptions) *fieldOptions {
	if o != nil {
		return o
	}
	no := false
	return &fieldOptions{init: &no}
}

// dcField is one field of a dataclass.
type dcField struct {
	name        string
	init, repr  bool
	compare, kw bool
	initVar     bool
	fallback    lua.LValue // nil: none
	factory     *bind.Callback
}

func (f *dcField) optional() bool { return f.fallback != nil || f.factory != nil }

// newField is the field that options make, in a class of the arguments.
func newField(c *bind.Call, name string, o *fieldOptions, args *dataclassArgs) (*dcField, error) {
	f := &dcField{name: name, init: true, repr: true, compare: true, kw: isTrue(args.kwOnly)}
	if o == nil {
		return f, nil
	}
	if o.fallback != nil && o.factory != nil {
		return nil, exc.New(exc.ValueError, "cannot specify both default and default_factory")
	}
	for given, to := range map[*bool]*bool{o.init: &f.init, o.repr: &f.repr, o.compare: &f.compare, o.kwOnly: &f.kw} {
		if given != nil {
			*to = *given
		}
	}
	f.initVar, f.fallback, f.factory = o.initVar, o.fallback, o.factory
	if t, ok := f.fallback.(*lua.LTable); ok && f.init {
		kind := "list"
		if script.HasFields(t) {
			kind = "dict"
		}
		return nil, exc.New(exc.ValueError, "mutable default <class '%s'> for field %s is not allowed: use default_factory", kind, name)
	}
	if _, ok := c.CallbackOf(f.fallback); ok && f.fallback != nil && c.Warn != nil {
		c.Warn("Callable object passed to the ``default`` parameter for attribute '" + name + "' in a ORM-mapped Dataclasses context is ambiguous, and this use will raise an error in a future release.  If this callable is intended to produce Core level INSERT default values for an underlying ``Column``, use the ``mapped_column.insert_default`` parameter instead.  To establish this callable as providing a default value for instances of the dataclass itself, use the ``default_factory`` dataclasses parameter.")
	}
	return f, nil
}

// initial is the value that the field has without an argument.
func (f *dcField) initial() (lua.LValue, error) {
	if f.factory == nil {
		return f.fallback, nil
	}
	r, err := f.factory.Call()
	if err != nil || len(r) == 0 {
		return lua.LNil, err
	}
	return r[0], nil
}

func isTrue(b *bool) bool { return b != nil && *b }
