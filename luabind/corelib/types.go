package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

// typeClassClass is the class of Integer, String and the like: what a person
// names, or calls with arguments.
var typeClassClass = bind.Define[*types.Class]("TypeClass", "A class of column types: use it bare, or call it with arguments.").
	Property("__name__", "Its name.", func(c *types.Class) any { return c.Name }).
	Property("__visit_name__", "Its name.", func(c *types.Class) any { return c.Name }).
	Method("with_variant(type_, *dialect_names)", "Another type on some databases.", `Text:with_variant(mysql.LONGTEXT, "mysql")`, func(c *types.Class, a *bind.Args) (any, error) {
		t, err := c.Instance()
		if err != nil {
			return nil, err
		}
		return withVariant(a, t)
	}).
	With(func(class *bind.Class) {
		class.Identity = true
		class.Call = bind.Func("type(*args{!}, **kw)", "A type with arguments.", "String(50)", func(a *bind.Args) (any, error) {
			return makeType(a, bind.SelfOf[*types.Class](a))
		})
		class.Repr = func(_ *bind.Call, self any) (string, error) {
			return "<class '" + self.(*types.Class).QualifiedName() + "'>", nil
		}
		class.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
			c := self.(*types.Class)
			switch {
			case c.Name == "JSON" && name == "NULL":
				return types.JSONNull, true, nil
			case name == "Comparator" || name == "comparator_factory":
				return plainComparator, true, nil
			}
			return nil, false, nil
		}
	})

// makeType makes a type of its arguments, lists among them spread out where
// the class takes a list.
func makeType(a *bind.Args, c *types.Class) (any, error) {
	var args []any
	rest := a.Rest()
	// f{a, k = v} and f({k = v}): types take no tables as data.
	named := map[string]any{}
	keywords := a.Keywords()
	if n := len(rest); n > 0 {
		if t, ok := rest[n-1].(*lua.LTable); ok && script.HasFields(t) {
			for k, v := range script.Fields(t) {
				keywords = append(keywords, bind.Keyword{Name: a.Str(a.L, k), Value: v})
			}
			rest = append(rest[:n-1:n-1], a.ListOf(t)...)
		}
	}
	for _, v := range rest {
		args = append(args, typeArgument(a, v))
	}
	for _, k := range keywords {
		named[k.Name] = typeArgument(a, k.Value)
	}
	return c.New(args, named)
}

func typeArgument(a *bind.Args, v lua.LValue) any {
	switch x := a.ToGo(v).(type) {
	case *decoratorClass:
		return bind.Must(x.make(a.Call, nil, nil))
	default:
		return resolve(x)
	}
}

func withVariant(a *bind.Args, t types.Type) (any, error) {
	v := TypeOf(a.Call, a.Lua("type_"))
	var names []string
	for _, n := range a.Rest() {
		names = append(names, a.StringsOf("dialect_names", n)...)
	}
	return types.WithVariant(t, v, names...)
}

// typeClass is the class of types with their arguments.
var typeClass = bind.Define[types.Type]("TypeEngine", "A column type.").
	Method("with_variant(type_, *dialect_names)", "Another type on some databases.", `Text():with_variant(mysql.LONGTEXT(), "mysql")`, func(t types.Type, a *bind.Args) (any, error) {
		return withVariant(a, t)
	}).
	Method("compile(dialect=nil)", "Its name in a database's DDL.", "String(50):compile()", func(t types.Type, a *bind.Args) (any, error) {
		return dialectArg(a, "dialect").TypeName(t)
	}).
	Method("as_generic(allow_nulltype=false)", "The nearest type of every database.", "mysql.INTEGER(11):as_generic()", func(t types.Type, a *bind.Args) (any, error) {
		return types.AsGeneric(t)
	}).
	Method("copy(**kw)", "The same type.", "String(50):copy()", func(t types.Type, a *bind.Args) (any, error) { return t, nil }).
	Method("dialect_impl(dialect)", "The type that it is on a database.", "Text():dialect_impl(postgresql.dialect())", func(t types.Type, a *bind.Args) (any, error) {
		on := types.Variant(t, dialectArg(a, "dialect").Name())
		if d, ok := on.(*types.Decorator); ok {
			return d.On(dialectArg(a, "dialect").Name())
		}
		return on, nil
	}).
	Method("bind_processor(dialect)", "The function that makes of a value what the driver gets, nil where it gets the value.", "Date():bind_processor(sqlite.dialect())", func(t types.Type, a *bind.Args) (any, error) {
		return processor(a, types.Variant(t, dialectArg(a, "dialect").Name()), func(i types.Impl) types.Convert { return i.Bind }), nil
	}).
	Method("result_processor(dialect, coltype=nil)", "The function that makes a value of what the driver gives, nil where that is the value.", "Date():result_processor(sqlite.dialect(), nil)", func(t types.Type, a *bind.Args) (any, error) {
		return processor(a, types.Variant(t, dialectArg(a, "dialect").Name()), func(i types.Impl) types.Convert { return i.Result }), nil
	}).
	Method("literal_processor(dialect)", "The function that writes a value into SQL, nil where there is none.", `String():literal_processor(sqlite.dialect())`, func(t types.Type, a *bind.Args) (any, error) {
		return processor(a, types.Variant(t, dialectArg(a, "dialect").Name()), func(i types.Impl) types.Convert {
			if i.Literal == nil {
				return nil
			}
			return func(v any) (any, error) { return i.Literal(v) }
		}), nil
	}).
	Method("compare_values(x{}, y{})", "Whether two values are the same.", `String():compare_values("a", "b")`, func(t types.Type, a *bind.Args) (any, error) {
		return types.Equal(a.Any("x"), a.Any("y")), nil
	}).
	Method("coerce_compared_value(op, value{})", "The type of a value beside a column of this one.", `Integer():coerce_compared_value(nil, "x")`, func(t types.Type, a *bind.Args) (any, error) {
		return core.CoerceCompared(t, a.Any("value")), nil
	}).
	Method("load_dialect_impl(dialect)", "The type that carries the values on a database.", "Text():load_dialect_impl(sqlite.dialect())", func(t types.Type, a *bind.Args) (any, error) {
		if d, ok := t.(*types.Decorator); ok {
			return d.On(dialectArg(a, "dialect").Name())
		}
		return t, nil
	}).
	Property("__class__", "Its class.", func(t types.Type) any { return classOfType(t) }).
	Property("comparator_factory", "The operators of its columns.", func(t types.Type) any {
		if d, ok := t.(*types.Decorator); ok {
			if k, ok := d.Comparator.(*comparatorClass); ok {
				return k
			}
		}
		return plainComparator
	}).
	Property("__visit_name__", "Its name.", func(t types.Type) any { return t.Name() }).
	Property("should_evaluate_none", "Whether nil is a value of its own.", func(t types.Type) any { return types.EvaluatesNone(t) }).
	Property("python_type", "The kind of its values.", func(t types.Type) any { return valueKind(t) }).
	With(func(c *bind.Class) {
		c.Repr = func(_ *bind.Call, self any) (string, error) { return self.(types.Type).String(), nil }
		c.Str = func(_ *bind.Call, self any) (string, error) { return typeText(self.(types.Type)), nil }
		c.Attr = func(call *bind.Call, self any, name string) (any, bool, error) {
			if v, ok := types.Attr(self.(types.Type), name); ok {
				return v, true, nil
			}
			if d, ok := self.(*types.Decorator); ok { // what its author gave it
				if own, ok := d.Self.(*lua.LTable); ok {
					if v := call.L.GetField(own, name); v != lua.LNil {
						return v, true, nil
					}
				}
			}
			return nil, false, nil
		}
		c.AttrNames = func(self any) []string { return types.AttrNames(self.(types.Type)) }
	})

// processor is one of the conversions of a type as a function.
func processor(a *bind.Args, t types.Type, of func(types.Impl) types.Convert) any {
	i := dialectArg(a, "dialect").Impl(t)
	f := of(i)
	if f == nil {
		return nil
	}
	c := a.Call
	return c.L.NewFunction(func(L *lua.LState) int {
		v := c.ToGo(L.Get(1))
		if v != nil || i.HandlesNull {
			v = bind.Must(f(v))
		}
		L.Push(c.FromGo(L, v))
		return 1
	})
}

// classOfType is the class that a type is of.
func classOfType(t types.Type) any {
	if d, ok := t.(*types.Decorator); ok {
		if k, ok := d.Class.(*decoratorClass); ok {
			return k
		}
	}
	if c := types.ClassOf(t); c != nil {
		return c
	}
	return nil
}

// typeText is what str() of a type is: its name in generic DDL.
func typeText(t types.Type) string {
	name, err := defaultDialect().TypeName(t)
	if err != nil {
		return t.String()
	}
	return name
}

func valueKind(t types.Type) any {
	switch t.Affinity() {
	case types.IntegerAffinity, types.NumericAffinity:
		return "number"
	case types.StringAffinity, types.EnumAffinity:
		return "string"
	case types.BooleanAffinity:
		return "boolean"
	case types.DateAffinity:
		return "date"
	case types.DateTimeAffinity:
		return "datetime"
	case types.TimeAffinity:
		return "time"
	case types.IntervalAffinity:
		return "interval"
	case types.ArrayAffinity:
		return "list"
	case types.JSONAffinity:
		return "table"
	}
	return nil
}

func installTypes(s *bind.State) {
	s.Register(decoratorClassClass.Class, typeDecoratorClass.Class, comparatorClassClass.Class)
	for name, class := range types.Classes("") {
		s.SetGlobal(name, class)
	}
	s.SetGlobal("TypeDecorator", &typeDecorator{"TypeDecorator"})
	s.SetGlobal("UserDefinedType", &typeDecorator{"UserDefinedType"})
	s.AddInstanceTest(instanceOfType)
}

// instanceOfType is isinstance(v, class) for classes of types.
func instanceOfType(v, class any) (is, ok bool) {
	t, isType := v.(types.Type)
	d, decorated := v.(*types.Decorator)
	switch class := class.(type) {
	case *types.Class:
		if !isType {
			return false, true
		}
		if decorated {
			if !d.Extends {
				return false, true
			}
			t = d.Impl
		}
		of := types.ClassOf(t)
		return of != nil && of.IsA(class), true
	case *decoratorClass:
		if !decorated {
			return false, true
		}
		of, _ := d.Class.(*decoratorClass)
		return of != nil && of.isA(class), true
	case *typeDecorator:
		return decorated && !d.Extends && (class.name == "UserDefinedType") == (d.ColSpec != nil), true
	}
	return false, false
}
