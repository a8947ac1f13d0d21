package types

import (
	"reflect"
	"strings"

	"alchemysh/core/exc"
)

// Class is one of SQLAlchemy's type classes: what a person names, and the
// arguments it takes. Classes of one family share a struct: VARCHAR, Text and
// mysql.LONGTEXT are all *String, as they all derive from String there.
type Class struct {
	Name      string
	Namespace string  // "", "postgresql", "mysql", "sqlite"
	Params    []Param // in the order of the signature

	affinity Affinity
	family   reflect.Type
	shown    []int // indexes of Params in the order of the repr
	plain    Type  // the instance without arguments
}

// Param is one argument of a Class.
type Param struct {
	Name       string
	Kind       Kind
	Default    any  // what the attribute reads when nothing was given
	Positional bool // may be given without its name
	Variadic   bool // takes all remaining positional arguments
	Required   bool // must be given, and is shown without its name

	field  int
	negate bool // the field holds the opposite
}

// Kind says what values a Param takes.
type Kind uint8

// The kinds of parameters.
const (
	AnyKind Kind = iota
	IntKind
	StringKind
	BoolKind
	TypeKind
	StringsKind
	TypesKind
)

var kindNames = [...]string{"any", "number", "string", "boolean", "type", "strings", "types"}

func (k Kind) String() string { return kindNames[k] }

// classes holds every Class by namespace and name.
var classes = map[string]map[string]*Class{}

// Classes lists the classes of a namespace by name; the generic and the
// SQL-standard ones stand under "".
func Classes(namespace string) map[string]*Class { return classes[namespace] }

// Lookup finds a class as a person writes it inside a dialect's namespace:
// the dialect's own, else the generic one. It returns nil for an unknown name.
func Lookup(namespace, name string) *Class {
	if namespace == "mariadb" {
		namespace = "mysql"
	}
	if c := classes[namespace][name]; c != nil {
		return c
	}
	if namespace != "" && name != strings.ToUpper(name) {
		return nil // dialects show only the upper-case names
	}
	return classes[""][name]
}

// define registers a class. The signature lists its parameters as in Python:
// "length collation" positional, after "*" by name only, "*enums" variadic,
// "item_type!" required.
// zero gives the family's struct as an instance without arguments has it.
func define(namespace, name string, zero Type, signature string) *Class {
	c := &Class{Name: name, Namespace: namespace, family: reflect.TypeOf(zero).Elem(), affinity: zero.Affinity()}
	fields := paramFields(c.family)
	positional := true
	for _, word := range strings.Fields(signature) {
		if word == "*" {
			positional = false
			continue
		}
		name, variadic := strings.CutPrefix(word, "*")
		name, required := strings.CutSuffix(name, "!")
		p, ok := fields[name]
		if !ok {
			panic("types: " + c.Name + " has no field for " + name)
		}
		p.Positional, p.Variadic, p.Required = positional, variadic, required
		if variadic {
			positional = false
		}
		c.shown = append(c.shown, len(c.Params))
		c.Params = append(c.Params, p)
	}
	c.plain = c.own(zero)
	for i := range c.Params {
		c.Params[i].Default = c.Params[i].read(c.plain)
	}
	if classes[namespace] == nil {
		classes[namespace] = map[string]*Class{}
	}
	classes[namespace][name] = c
	return c
}

// repr reorders what String shows, where SQLAlchemy's order is not the
// signature's.
func (c *Class) repr(order string) *Class {
	c.shown = nil
	for _, name := range strings.Fields(order) {
		for i := range c.Params {
			if c.Params[i].Name == name {
				c.shown = append(c.shown, i)
			}
		}
	}
	return c
}

// own returns a copy of t that belongs to c.
func (c *Class) own(t Type) Type {
	v := reflect.New(c.family)
	v.Elem().Set(reflect.ValueOf(t).Elem())
	v.Elem().FieldByName("Class").Set(reflect.ValueOf(c))
	return v.Interface().(Type)
}

// Instance is the class without arguments, as in Column("x", Integer).
func (c *Class) Instance() (Type, error) {
	for i := range c.Params {
		if c.Params[i].Required {
			return nil, c.missing(&c.Params[i])
		}
	}
	return c.plain, nil
}

// Plain is Instance for Go callers that know the class needs no argument.
func (c *Class) Plain() Type { return c.plain }

// QualifiedName is the name with its namespace: "postgresql.JSONB".
func (c *Class) QualifiedName() string {
	if c.Namespace == "" {
		return c.Name
	}
	return c.Namespace + "." + c.Name
}

// IsA reports whether the class is of the same family as base and, for a
// family's upper-case or dialect class, the same name.
func (c *Class) IsA(base *Class) bool {
	return c == base || c.family == base.family && base.Namespace == "" && base.isFamily()
}

// isFamily reports whether c is the class of its family's bare struct.
func (c *Class) isFamily() bool {
	return ClassOf(reflect.New(c.family).Interface().(Type)) == c
}

// defaulting sets what the repr takes for the default of a parameter, where
// that is not the value an instance without arguments has.
func (c *Class) defaulting(name string, v any) *Class {
	c.param(name).Default = v
	return c
}

// New makes a type from positional and named arguments.
func (c *Class) New(args []any, named map[string]any) (Type, error) {
	if len(args) == 0 && len(named) == 0 {
		return c.Instance()
	}
	t := c.own(c.plain)
	given := make([]bool, len(c.Params))
	next := 0
	for i := range c.Params {
		p := &c.Params[i]
		if !p.Positional || next >= len(args) {
			break
		}
		v := args[next]
		if p.Variadic {
			v, next = args[next:], len(args)
			if list, ok := v.([]any)[0].([]any); ok && len(v.([]any)) == 1 {
				v = list
			}
		} else {
			next++
		}
		given[i] = true
		if err := p.assign(c, t, v); err != nil {
			return nil, err
		}
	}
	if next < len(args) {
		return nil, exc.New(exc.TypeError, "%s: too many arguments: takes %d, got %d", c.QualifiedName(), next, len(args))
	}
	for name, v := range named {
		p := c.param(name)
		if p == nil {
			return nil, exc.New(exc.TypeError, "%s: unknown argument %q%s", c.QualifiedName(), name, c.did(name))
		}
		for i := range c.Params {
			if p == &c.Params[i] {
				if given[i] {
					return nil, exc.New(exc.TypeError, "%s: argument %q given twice", c.QualifiedName(), name)
				}
				given[i] = true
			}
		}
		if err := p.assign(c, t, v); err != nil {
			return nil, err
		}
	}
	for i := range c.Params {
		if p := &c.Params[i]; p.Required && !given[i] {
			return nil, c.missing(p)
		}
	}
	if b, ok := t.(*Bit); ok && b.Varying && c.param("length") != nil && !given[0] {
		b.Length = 0 // BIT VARYING has no length of its own
	}
	if v, ok := t.(interface{ check() error }); ok {
		if err := v.check(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (c *Class) missing(p *Param) error {
	return exc.New(exc.TypeError, "%s: missing argument %q", c.QualifiedName(), p.Name)
}

// Must is New for Go callers with arguments they know to be right.
func (c *Class) Must(args ...any) Type {
	t, err := c.New(args, nil)
	if err != nil {
		panic(err)
	}
	return t
}

func (c *Class) param(name string) *Param {
	for i := range c.Params {
		if c.Params[i].Name == name {
			return &c.Params[i]
		}
	}
	return nil
}

// did suggests the parameter with the longest common start.
func (c *Class) did(name string) string {
	best, length := "", 0
	for _, p := range c.Params {
		n := 0
		for n < len(name) && n < len(p.Name) && name[n] == p.Name[n] {
			n++
		}
		if n > length {
			best, length = p.Name, n
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// assign stores a value of the person's in the type under construction.
func (p *Param) assign(c *Class, t Type, v any) error {
	wrong := func() error {
		return exc.New(exc.ArgumentError, "%s: %s takes a %s, got %s", c.QualifiedName(), p.Name, p.Kind, Repr(v))
	}
	f := reflect.ValueOf(t).Elem().Field(p.field)
	if v == nil {
		f.SetZero()
		return nil
	}
	switch p.Kind {
	case IntKind:
		n, ok := integer(v)
		if !ok || n < 0 {
			return wrong()
		}
		if f.Kind() == reflect.Pointer {
			f.Set(reflect.ValueOf(&n))
		} else {
			f.SetInt(int64(n))
		}
	case StringKind:
		s, ok := v.(string)
		if !ok {
			return wrong()
		}
		f.SetString(s)
	case BoolKind:
		b, ok := v.(bool)
		if !ok {
			return wrong()
		}
		f.SetBool(b != p.negate)
	case TypeKind:
		typ, err := AsType(v)
		if err != nil {
			return err
		}
		f.Set(reflect.ValueOf(typ))
	case StringsKind:
		list, ok := v.([]any)
		if !ok {
			return wrong()
		}
		out := make([]string, len(list))
		for i, e := range list {
			if out[i], ok = e.(string); !ok {
				return wrong()
			}
		}
		f.Set(reflect.ValueOf(out))
	case TypesKind:
		list, ok := v.([]any)
		if !ok {
			return wrong()
		}
		out := make([]Type, len(list))
		for i, e := range list {
			typ, err := AsType(e)
			if err != nil {
				return err
			}
			out[i] = typ
		}
		f.Set(reflect.ValueOf(out))
	default:
		f.Set(reflect.ValueOf(v))
	}
	return nil
}

func integer(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case int64:
		return int(v), true
	case float64:
		return int(v), v == float64(int(v))
	}
	return 0, false
}

// AsType takes a Type, or a Class that stands for its plain instance.
func AsType(v any) (Type, error) {
	switch v := v.(type) {
	case Type:
		return v, nil
	case *Class:
		return v.Instance()
	}
	return nil, exc.New(exc.ArgumentError, "expected a type, got %s", Repr(v))
}

// read gives the attribute's value as a person sees it.
func (p *Param) read(t Type) any {
	f := reflect.ValueOf(t).Elem().Field(p.field)
	switch p.Kind {
	case BoolKind:
		return f.Bool() != p.negate
	case IntKind:
		if f.Kind() == reflect.Pointer {
			if f.IsNil() {
				return nil
			}
			return f.Elem().Int()
		}
		if f.Int() == 0 {
			return nil
		}
		return f.Int()
	case StringKind:
		if f.String() == "" {
			return nil
		}
		return f.String()
	case StringsKind:
		out := make([]any, f.Len())
		for i := range out {
			out[i] = f.Index(i).String()
		}
		return out
	case TypesKind:
		out := make([]any, f.Len())
		for i := range out {
			out[i] = f.Index(i).Interface()
		}
		return out
	}
	if f.IsZero() {
		return nil
	}
	return f.Interface()
}

// paramFields reads the `param` tags of a family's struct: "name", or
// "name,not" for a field that holds the opposite.
func paramFields(family reflect.Type) map[string]Param {
	out := map[string]Param{}
	for i := range family.NumField() {
		f := family.Field(i)
		name, option, _ := strings.Cut(f.Tag.Get("param"), ",")
		if name == "" {
			continue
		}
		p := Param{Name: name, field: i, negate: option == "not"}
		switch f.Type {
		case reflect.TypeFor[int](), reflect.TypeFor[*int]():
			p.Kind = IntKind
		case reflect.TypeFor[string]():
			p.Kind = StringKind
		case reflect.TypeFor[bool]():
			p.Kind = BoolKind
		case reflect.TypeFor[Type]():
			p.Kind = TypeKind
		case reflect.TypeFor[[]string]():
			p.Kind = StringsKind
		case reflect.TypeFor[[]Type]():
			p.Kind = TypesKind
		}
		out[name] = p
	}
	return out
}

// ClassOf returns the class of a type; nil only for types of other packages.
func ClassOf(t Type) *Class {
	if c, ok := t.(interface{ class() *Class }); ok {
		return c.class()
	}
	return nil
}

// Namespace is the dialect whose own class the type is, "" for generic ones.
func Namespace(t Type) string {
	if c := ClassOf(t); c != nil {
		return c.Namespace
	}
	return ""
}

// Attr reads an attribute by its Python name: "length", "enums", "item_type".
func Attr(t Type, name string) (any, bool) {
	if a, ok := t.(interface{ attr(string) (any, bool) }); ok {
		if v, ok := a.attr(name); ok {
			return v, true
		}
	}
	if c := ClassOf(t); c != nil {
		if p := c.param(name); p != nil {
			return p.read(t), true
		}
	}
	return nil, false
}

// AttrNames lists what Attr knows of a type.
func AttrNames(t Type) []string {
	var names []string
	if c := ClassOf(t); c != nil {
		for _, p := range c.Params {
			names = append(names, p.Name)
		}
	}
	return names
}

// show is the repr every class has: its name and the arguments that differ
// from their defaults.
func show(t Type) string {
	c := ClassOf(t)
	var parts []string
	for _, i := range c.shown {
		p := &c.Params[i]
		v := p.read(t)
		switch {
		case p.Variadic:
			for _, e := range v.([]any) {
				parts = append(parts, showArg(e))
			}
		case p.Required:
			parts = append(parts, showArg(v))
		case !Equal(v, p.Default):
			parts = append(parts, p.Name+"="+showArg(v))
		}
	}
	return c.Name + "(" + strings.Join(parts, ", ") + ")"
}

func showArg(v any) string {
	if t, ok := v.(Type); ok {
		return t.String()
	}
	return Repr(v)
}
