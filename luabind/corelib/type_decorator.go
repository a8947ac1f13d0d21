package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// decoratorClass is class("MyType", TypeDecorator, {…}).
type decoratorClass struct {
	name       string
	decoration *types.Decoration
	body       *lua.LTable
	impl       *types.Class
	implType   types.Type
	state      *bind.State
	// userDefined: a UserDefinedType, whose get_col_spec names it.
	userDefined bool
	bases       []*decoratorClass
	under       *decoratorClass           // the impl, where that is such a class too
	rules       map[string]*bind.Callback // what compiles() says, by dialect, "" for all
}

// isA reports whether the class is another, or derives from it.
func (d *decoratorClass) isA(other *decoratorClass) bool {
	for _, b := range d.bases {
		if b.isA(other) {
			return true
		}
	}
	return d == other
}

// make makes a type of the class, its arguments passed to impl and __init__.
func (d *decoratorClass) make(c *bind.Call, args []any, named map[string]any) (types.Type, error) {
	impl := d.implType
	if d.body.RawGetString("__init__") != lua.LNil {
		return d.initialised(c, args, named)
	}
	if d.userDefined {
		return types.NewDecorator(d.decoration, nil, showArgs(args, named)), nil
	}
	if d.under != nil && len(args)+len(named) > 0 {
		t, err := d.under.make(c, args, named)
		if err != nil {
			return nil, err
		}
		impl = t
	} else if impl == nil || len(args)+len(named) > 0 {
		if d.impl == nil {
			return nil, exc.New(exc.ArgumentError, "TypeDecorator %s needs an impl", d.name)
		}
		t, err := d.impl.New(args, named)
		if err != nil {
			return nil, err
		}
		impl = t
	}
	return types.NewDecorator(d.decoration, impl, showArgs(args, named)), nil
}

var decoratorClassClass = bind.Define[*decoratorClass]("TypeDecoratorClass", "A class of types that change another's values.").
	Property("__name__", "Its name.", func(d *decoratorClass) any { return d.name }).
	With(func(class *bind.Class) {
		class.Identity = true
		class.Call = bind.Func("type(*args{!}, **kw)", "A type of the class.", "MyType()", func(a *bind.Args) (any, error) {
			d := bind.SelfOf[*decoratorClass](a)
			var args []any
			for _, v := range a.Rest() {
				args = append(args, typeArgument(a, v))
			}
			named := map[string]any{}
			for _, k := range a.Keywords() {
				named[k.Name] = typeArgument(a, k.Value)
			}
			return d.make(a.Call, args, named)
		})
		class.Repr = func(_ *bind.Call, self any) (string, error) {
			return "<class '" + self.(*decoratorClass).name + "'>", nil
		}
		class.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
			d := self.(*decoratorClass)
			if v := d.body.RawGetString(name); v != lua.LNil {
				return v, true, nil
			}
			switch name {
			case "Comparator", "comparator_factory":
				if k, ok := d.decoration.Comparator.(*comparatorClass); ok {
					return k, true, nil
				}
				return plainComparator, true, nil
			}
			return nil, false, nil
		}
	}).
	Method("with_variant(type_, *dialect_names)", "Another type on some databases.", `MyType:with_variant(Text, "mysql")`, func(d *decoratorClass, a *bind.Args) (any, error) {
		t, err := d.make(a.Call, nil, nil)
		if err != nil {
			return nil, err
		}
		return withVariant(a, t)
	})

// typeDecorator is the global TypeDecorator, a base for class().
type typeDecorator struct{ name string }

var typeDecoratorClass = bind.Define[*typeDecorator]("TypeDecorator", "The base of types that change another's values: class(\"MyType\", TypeDecorator, { impl = String, … }).").With(func(c *bind.Class) {
	c.Identity = true
	c.Repr = func(_ *bind.Call, self any) (string, error) {
		return "<class '" + self.(*typeDecorator).name + "'>", nil
	}
	c.Attr = func(_ *bind.Call, _ any, name string) (any, bool, error) {
		if name == "Comparator" || name == "comparator_factory" {
			return plainComparator, true, nil
		}
		return nil, false, nil
	}
})

// makeDecoratorClass is class("MyType", TypeDecorator, { impl = …, … }).
func makeDecoratorClass(c *bind.Call, s *bind.ClassStatement) (any, bool, error) {
	name, body := s.Name, s.Body
	var inherited *decoratorClass
	var extended types.Type
	var extends *types.Class
	ours, userDefined := false, false
	for _, b := range s.Bases {
		switch t := c.ToGo(b).(type) {
		case *types.Class:
			ours, extends = true, t
			extended, _ = t.Instance()
		}
		if t, ok := bind.Unwrap[*typeDecorator](b); ok {
			ours, userDefined = true, t.name == "UserDefinedType"
		}
		if d, ok := bind.Unwrap[*decoratorClass](b); ok {
			ours, inherited = true, d
		}
	}
	if !ours {
		return nil, false, nil
	}
	d := &decoratorClass{name: name, body: body, state: c.State, decoration: &types.Decoration{}, userDefined: userDefined, rules: map[string]*bind.Callback{}}
	if extends != nil {
		d.impl, d.implType, d.decoration.Extends = extends, extended, true
	}
	if inherited != nil {
		d.bases, d.under = []*decoratorClass{inherited}, inherited.under
		d.decoration.Extends = d.decoration.Extends || inherited.decoration.Extends
		d.impl, d.implType, d.userDefined = inherited.impl, inherited.implType, inherited.userDefined
		for k, v := inherited.body.Next(lua.LNil); k != lua.LNil; k, v = inherited.body.Next(k) {
			if body.RawGet(k) == lua.LNil {
				body.RawSet(k, v)
			}
		}
	}
	d.decoration.Name = name
	switch impl := c.ToGo(body.RawGetString("impl")).(type) {
	case *typeDecorator: // impl = UserDefinedType
		d.userDefined = true
	case *types.Class:
		d.impl = impl
		d.implType, _ = impl.Instance()
	case types.Type:
		d.implType, d.impl = impl, types.ClassOf(impl)
	case *decoratorClass:
		t, err := impl.make(c, nil, nil)
		if err != nil {
			return nil, true, err
		}
		d.implType, d.under = t, impl
	}
	if d.impl == nil && d.implType == nil && !d.userDefined {
		return nil, true, exc.New(exc.AttributeError, "TypeDecorator implementations require a class-level variable 'impl' which refers to the class of type being decorated")
	}
	fillDecoration(c, d)
	return d, true, nil
}
