package ormlib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// dataclassArgs are the arguments of MappedAsDataclass and of dataclass().
type dataclassArgs struct {
	init, repr, eq, order, kwOnly *bool
	callable                      *bind.Callback // dataclass_callable
}

// dataclassParams are their parameters. What only concerns Python's hashing and
// pattern matching is taken and means nothing here.
const dataclassParams = "init=nil, repr=nil, eq=nil, order=nil, unsafe_hash=nil, match_args=nil, kw_only=nil, dataclass_callable=nil"

func readDataclassArgs(a *bind.Args) *dataclassArgs {
	return &dataclassArgs{a.OptBool("init"), a.OptBool("repr"), a.OptBool("eq"), a.OptBool("order"), a.OptBool("kw_only"), a.Function("dataclass_callable")}
}

// keywordArgs reads those of a class statement.
var keywordArgs = bind.Func("class("+dataclassParams+")", "", "", func(a *bind.Args) (any, error) { return readDataclassArgs(a), nil })

// over is o with what it does not say taken from a base.
func (o *dataclassArgs) over(base *dataclassArgs) *dataclassArgs {
	if base == nil {
		return o
	}
	n := *base
	for given, to := range map[*bool]**bool{o.init: &n.init, o.repr: &n.repr, o.eq: &n.eq, o.order: &n.order, o.kwOnly: &n.kwOnly} {
		if given != nil {
			*to = given
		}
	}
	if o.callable != nil {
		n.callable = o.callable
	}
	return &n
}

// transforms are the arguments that the class's bases hand on to it; nil for a
// class without MappedAsDataclass.
func (k *Class) transforms() *dataclassArgs {
	for _, b := range k.mro() {
		if b.dataclass != nil {
			return b.dataclass
		}
	}
	return nil
}

// readTransforms takes the keywords of a class statement, which are the
// dataclass's.
func (k *Class) readTransforms(c *bind.Call, keywords []bind.Keyword) error {
	base := k.transforms()
	if base == nil {
		if len(keywords) > 0 {
			return exc.New(exc.TypeError, "%s.__init_subclass__() takes no keyword arguments", k.Name)
		}
		return nil
	}
	t := c.L.NewTable()
	for _, w := range keywords {
		t.RawSetString(w.Name, w.Value)
	}
	v, err := keywordArgs.CallWith(c, t)
	if err != nil {
		return err
	}
	k.dataclass = v.(*dataclassArgs).over(base)
	return nil
}

// unmappedDataclass makes a base or a mixin a dataclass, if it is to be one.
func (k *Class) unmappedDataclass(c *bind.Call) error {
	args := k.transforms()
	if args == nil {
		return nil
	}
	return k.makeDataclass(c, args, k.ownBody())
}

// ownBody is what the class's own body says, in order.
func (k *Class) ownBody() []declared {
	own := make([]declared, len(k.names))
	for i, n := range k.names {
		own[i] = declared{n, k.body[n], true}
	}
	return own
}

// makeDataclass gives the class its fields, and the methods that come from them.
// values are what the names of its body stand for, in order; a mixin's among them.
func (k *Class) makeDataclass(c *bind.Call, args *dataclassArgs, values []declared) error {
	if args.callable != nil {
		if _, err := args.callable.Call(k); err != nil {
			return err
		}
	}
	var fields []*dcField
	at := func(name string) int {
		return slices.IndexFunc(fields, func(f *dcField) bool { return f.name == name })
	}
	put := func(f *dcField) {
		if n := at(f.name); n >= 0 {
			fields[n] = f
			return
		}
		fields = append(fields, f)
	}
	bases := k.mro()[1:]
	for _, b := range slices.Backward(bases) {
		for _, f := range b.fields {
			put(f)
		}
	}
	var undeclared []string
	for _, d := range values {
		o, is := optionsOf(d.v)
		if !is {
			continue
		}
		f, err := newField(c, d.name, o, args)
		if err != nil {
			return k.dataclassError(err)
		}
		if !d.own && at(d.name) < 0 {
			undeclared = append(undeclared, d.name)
		}
		put(f)
		if _, plain := mapped(d.v).(*dataclassField); plain {
			k.keepDefault(f)
		}
	}
	if len(undeclared) > 0 && c.Warn != nil {
		k.warnOfPlainMixins(c, undeclared)
	}
	optional := false
	for _, f := range fields {
		if !f.init || f.kw {
			continue
		}
		if optional && !f.optional() {
			return k.dataclassError(exc.New(exc.TypeError, "non-default argument '%s' follows default argument", f.name))
		}
		optional = optional || f.optional()
	}
	k.fields, k.isDataclass = fields, true
	k.dataclassMethods(c, args)
	return nil
}

// warnOfPlainMixins tells of fields that come from a class which is no dataclass.
func (k *Class) warnOfPlainMixins(c *bind.Call, names []string) {
	from := map[*Class][]string{}
	var order []*Class
	for _, n := range names {
		_, of := k.lookup(n)
		for _, b := range k.mro()[1:] {
			if _, says := b.body[n]; says {
				of = b
				break
			}
		}
		if of == nil || of.isDataclass {
			continue
		}
		if from[of] == nil {
			order = append(order, of)
		}
		from[of] = append(from[of], types.Quote(n))
	}
	for _, of := range order {
		c.Warn("When transforming <class '" + k.Name + "'> to a dataclass, attribute(s) " + strings.Join(from[of], ", ") + " originates from superclass <class '" + of.Name + "'>, which is not a dataclass.  This usage is deprecated and will raise an error in SQLAlchemy 2.1.  When declaring SQLAlchemy Declarative Dataclasses, ensure that all mixin classes and other superclasses which include attributes are also a subclass of MappedAsDataclass.")
	}
}

// dataclassError words what Python's dataclasses refuse.
func (k *Class) dataclassError(err error) error {
	e := exc.Of(err)
	if e == nil || e.Message == "cannot specify both default and default_factory" {
		return err
	}
	return exc.New(exc.InvalidRequestError, "Python dataclasses error encountered when creating dataclass for '%s': %s(%s). Please refer to Python dataclasses documentation for additional information.", k.Name, e.Class.Name, quoteArgument(e.Message))
}

// quoteArgument is Python's repr of an error's text.
func quoteArgument(s string) string {
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		return `"` + s + `"`
	}
	return types.Quote(s)
}

// checkNoFieldOptions refuses arguments of dataclasses in a class that is none.
func (k *Class) checkNoFieldOptions(values []declared) error {
	for _, d := range values {
		o, _ := optionsOf(d.v)
		if _, plain := mapped(d.v).(*dataclassField); plain || !o.onlyDataclass() {
			continue
		}
		names := slices.Clone(o.byDeclarers)
		slices.Sort(names)
		for i, n := range names {
			names[i] = types.Quote(n)
		}
		return exc.New(exc.ArgumentError, "Attribute '%s' on class <class '%s'> includes dataclasses argument(s): %s but class does not specify SQLAlchemy native dataclass configuration.", d.name, k.Name, strings.Join(names, ", "))
	}
	return nil
}

// mapAsDataclass is registry:mapped_as_dataclass(): both at once.
func mapAsDataclass(c *bind.Call, r *registry, k *Class, args *dataclassArgs) (any, error) {
	if k.isDataclass || k.transforms() != nil {
		return nil, exc.New(exc.InvalidRequestError, "Class <class '%s'> is already a dataclass; ensure that base classes / decorator styles of establishing dataclasses are not being mixed. This can happen if a class that inherits from 'MappedAsDataclass', even indirectly, is been mapped with '@registry.mapped_as_dataclass'", k.Name)
	}
	k.registry, k.imperative = r, true
	k.dataclass = args
	return k, declare(c, k)
}

// keepDefault leaves of a field that is not mapped what the class answers with:
// its default, or nothing.
func (k *Class) keepDefault(f *dcField) {
	if f.fallback == nil {
		delete(k.body, f.name)
		return
	}
	k.body[f.name] = f.fallback
}

// mappedAsDataclass is the same with its arguments: of a class, or what makes a
// decorator.
func mappedAsDataclass(a *bind.Args, r *registry) (any, error) {
	args := readDataclassArgs(a)
	if a.Has("cls") {
		return mapAsDataclass(a.Call, r, bind.Get[*Class](a, "cls"), args)
	}
	return classDecorator(a, a.Name(), func(c *bind.Call, k *Class) (any, error) { return mapAsDataclass(c, r, k, args) }), nil
}

// plainDataclass is dataclass(class): of a class that is not mapped.
func plainDataclass(c *bind.Call, k *Class, args *dataclassArgs) (any, error) {
	own := k.ownBody()
	for i, d := range own { // x: int = 0 is x = 0 here
		if _, field := optionsOf(d.v); field || special(d.name) || d.v.Type() == lua.LTFunction || d.v.Type() == lua.LTUserData && descriptorOf(d.v) != nil {
			continue
		}
		own[i].v = c.FromGo(c.L, &dataclassField{&fieldOptions{fallback: d.v}})
	}
	return k, k.makeDataclass(c, args, own)
}
