package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/orm"
)

// attribute is the ORM's note on an expression, nil if it has none.
func attribute(e core.Node) *orm.Attr { return orm.AttrOf(e) }

func relationshipOf(e core.Node) *orm.Attr {
	if a := attribute(e); a != nil && a.Relationship() != nil {
		return a
	}
	return nil
}

// comparisons are the operators that relationships and composites have.
var comparisons = map[string]*core.Operator{"==": core.EqOp, "~=": core.NeOp, "<": core.LtOp, "<=": core.LeOp, ">": core.GtOp, ">=": core.GeOp}

func operateAttr(c *bind.Call, op string, a, b lua.LValue) (any, error) {
	if v, ok, err := operateByFactory(c, op, a, b); ok {
		return v, err
	}
	if o := comparisons[op]; o != nil {
		x, okx := bind.Unwrap[*core.Annotated](a)
		y := b
		if !okx || attribute(x) == nil {
			x, _ = bind.Unwrap[*core.Annotated](b)
			y = a
			if m := o.Mirror(); m != nil {
				o = m
			}
		}
		if x != nil {
			e, ok, err := orm.Compare(o, x, comparedValue(c, y))
			if ok || err != nil {
				return e, err
			}
		}
	}
	return corelib.Operate(c, op, a, b)
}

// comparedValue is the other side of a comparison: an object, a composite, or
// what corelib reads.
func comparedValue(c *bind.Call, v lua.LValue) any {
	if u, ok := v.(*lua.LUserData); ok {
		switch x := u.Value.(type) {
		case *orm.Instance, *object:
			return x
		}
	}
	return corelib.Value(c, v)
}

// criterion reads any(…) and has(…): an expression, and names with values.
func criterion(a *bind.Args) (core.Expr, []orm.Named) {
	var crit core.Expr
	if len(a.Rest()) > 0 {
		crit = core.And(corelib.Exprs(a.Call, a.Rest(), corelib.WhereRole)...)
	}
	var by []orm.Named
	for _, k := range a.Keywords() {
		by = append(by, orm.Named{Key: k.Name, Value: comparedValue(a.Call, k.Value)})
	}
	return crit, by
}

// arrayMethod is the method of the same name for array columns.
func arrayMethod(name string) func(x *core.Annotated, a *bind.Args) (any, error) {
	return func(x *core.Annotated, a *bind.Args) (any, error) {
		m := corelib.Operators.Class.Member(name)
		t := a.L.NewTable()
		for _, v := range a.Rest() {
			t.Append(v)
		}
		for _, k := range a.Keywords() {
			t.RawSetString(k.Name, k.Value)
		}
		return m.Method.CallOn(a.Call, a.Self(), t)
	}
}

func init() {
	attrClass.
		Method("any(*criterion, **kw)", "Some related object meets the criteria.", `User.addresses:any(Address.email == "x")`, func(x *core.Annotated, a *bind.Args) (any, error) {
			r := relationshipOf(x)
			if r == nil {
				return arrayMethod("any")(x, a)
			}
			crit, by := criterion(a)
			return r.Any(crit, by)
		}).
		Method("has(*criterion, **kw)", "The related object meets the criteria.", `Address.user:has(User.name == "ed")`, func(x *core.Annotated, a *bind.Args) (any, error) {
			r := relationshipOf(x)
			if r == nil {
				return nil, exc.New(exc.AttributeError, "has() is of relationships")
			}
			crit, by := criterion(a)
			return r.Has(crit, by)
		}).
		Method("contains(other{!}, *, escape=nil, autoescape=false)", "The collection has an object; of text: contains text.", "User.addresses:contains(address)", func(x *core.Annotated, a *bind.Args) (any, error) {
			if r := relationshipOf(x); r != nil {
				return r.Contains(comparedValue(a.Call, a.Lua("other")))
			}
			t := a.L.NewTable()
			t.Append(a.Lua("other"))
			for _, n := range []string{"escape", "autoescape"} {
				if a.Given(n) {
					t.RawSetString(n, a.Lua(n))
				}
			}
			return corelib.Operators.Class.Member("contains").Method.CallOn(a.Call, a.Self(), t)
		}).
		Method("of_type(class_)", "Along the relationship to a subclass or alias.", "Company.employees:of_type(Manager)", func(x *core.Annotated, a *bind.Args) (any, error) {
			r := relationshipOf(x)
			if r == nil {
				return nil, exc.New(exc.AttributeError, "of_type() is of relationships")
			}
			return r.OfTypeEntity(entityArg(a, a.Lua("class_"))), nil
		}).
		Method("and_(*criteria)", "Further criteria on the related objects; of a condition: AND.", "User.addresses:and_(Address.active == true)", func(x *core.Annotated, a *bind.Args) (any, error) {
			crit := corelib.Exprs(a.Call, a.Rest(), corelib.WhereRole)
			if r := relationshipOf(x); r != nil {
				return r.AndCriteria(crit...), nil
			}
			return core.And(append([]core.Expr{x}, crit...)...), nil
		}).
		Method("in_(other{!})", "Is one of a list.", "User.id:in_({1, 2})", func(x *core.Annotated, a *bind.Args) (any, error) {
			if relationshipOf(x) != nil {
				return nil, exc.New(exc.NotImplementedError, "in_() not yet supported for relationships.  For a simple many-to-one, use in_() against the set of foreign key values.")
			}
			t := a.L.NewTable()
			t.Append(a.Lua("other"))
			return corelib.Operators.Class.Member("in_").Method.CallOn(a.Call, a.Self(), t)
		}).
		Property("property", "What is mapped.", func(x *core.Annotated) any {
			if a := attribute(x); a != nil && a.Prop != nil {
				return a.Prop
			}
			return nil
		}).
		Property("prop", "What is mapped.", func(x *core.Annotated) any {
			if a := attribute(x); a != nil && a.Prop != nil {
				return a.Prop
			}
			return nil
		}).
		Property("key", "Its name.", func(x *core.Annotated) any {
			if a := attribute(x); a != nil {
				return a.Key
			}
			return nilText(x.ProxyKey)
		}).
		Property("parent", "The class's mapper.", func(x *core.Annotated) any {
			if a := attribute(x); a != nil {
				return a.Entity.Mapper
			}
			return nil
		}).
		Property("class_", "The class.", func(x *core.Annotated) any {
			if a := attribute(x); a != nil {
				return classOf(a.Entity.Mapper)
			}
			return nil
		}).
		Property("mapper", "The mapper of the related objects.", func(x *core.Annotated) any {
			if r := relationshipOf(x); r != nil {
				return r.Relationship().Target()
			}
			return nil
		}).
		Property("expression", "The expression itself.", func(x *core.Annotated) any { return core.Plain(x) }).
		With(func(class *bind.Class) {
			class.Identity = true
			class.Operate = operateAttr
			class.Path = func(self any) string {
				if a := attribute(self.(*core.Annotated)); a != nil {
					return a.Entity.Mapper.Name + "." + a.Key
				}
				return "attribute"
			}
			class.Str = func(c *bind.Call, self any) (string, error) {
				x := self.(*core.Annotated)
				if a := attribute(x); a != nil {
					return a.String(), nil
				}
				return c.Str(c.L, c.FromGo(c.L, x.X)), nil
			}
			class.Repr = class.Str
			class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
				x := self.(*core.Annotated)
				if corelib.ColumnElement.Class.Attr != nil {
					v, ok, err := corelib.ColumnElement.Class.Attr(c, x, name)
					if ok || err != nil {
						return v, ok, err
					}
				}
				// What the column itself answers to: User.name.nullable.
				if col, ok := core.Plain(x).(*core.Column); ok {
					if m := c.ClassFor(col).Member(name); m != nil && m.Method == nil {
						return c.L.GetField(c.FromGo(c.L, col), name), true, nil
					}
				}
				return nil, false, nil
			}
		})
}

// entityClass is the class of aliases of classes: aliased(User).
var entityClass = bind.Define[*orm.Entity]("AliasedClass", "An alias of a mapped class.").With(func(class *bind.Class) {
	class.Identity = true
	class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
		return entityAttr(c, self.(*orm.Entity), name)
	}
	class.AttrNames = func(self any) []string {
		if k := classOf(self.(*orm.Entity).Mapper); k != nil {
			return k.attributeNames()
		}
		return nil
	}
	class.Path = func(self any) string { return self.(*orm.Entity).Name() }
	class.Repr = func(_ *bind.Call, self any) (string, error) { return self.(*orm.Entity).String(), nil }
})

func entityAttr(c *bind.Call, e *orm.Entity, name string) (any, bool, error) {
	if e.Mapper.Property(name) != nil {
		x, err := e.Expr(name)
		return x, true, err
	}
	if sub := e.SubNamed(name); sub != nil { // wp.Manager
		return sub, true, nil
	}
	k := classOf(e.Mapper)
	if k == nil {
		return nil, false, nil
	}
	switch name {
	case "__name__":
		return e.Name(), true, nil
	case "__mapper__":
		return e.Mapper, true, nil
	case "__table__":
		return e.From(), true, nil
	}
	v, _ := k.lookup(name)
	if v == lua.LNil {
		return nil, false, nil
	}
	if d := descriptorOf(v); d != nil {
		x, err := d.onClass(c, entityView{e}, name)
		return x, true, err
	}
	return v, true, nil
}

var aliasedFunc = bind.Func("aliased(element, alias=nil, name=nil, flat=false, adapt_on_names=false)", "Another name of a mapped class, for use in the same query.", `ua = aliased(User, {name = "ua"})`, func(a *bind.Args) (any, error) {
	e := entityOf(a.Any("element"))
	if e == nil { // of a table or query: its alias
		x := corelib.Value(a.Call, a.Lua("element"))
		if q, ok := x.(core.Query); ok {
			return core.NewSubquery(q, a.String("name")), nil
		}
		return core.NewAlias(corelib.From(a.Call, a.Lua("element"), corelib.FromRole), a.String("name")), nil
	}
	var of core.From
	if a.Has("alias") {
		if s, ok := a.Any("alias").(string); ok {
			return orm.Aliased(e, nil, s, a.Bool("flat"), a.Bool("adapt_on_names"))
		}
		of = corelib.From(a.Call, a.Lua("alias"), corelib.FromRole)
	}
	return orm.Aliased(e, of, a.String("name"), a.Bool("flat"), a.Bool("adapt_on_names"))
})

var withPolymorphicFunc = bind.Func("with_polymorphic(base, classes{!}, selectable=nil, flat=false, polymorphic_on=nil, aliased=false, innerjoin=false, adapt_on_names=false, name=nil)",
	"A class together with subclasses.", `wp = with_polymorphic(Employee, "*")`, func(a *bind.Args) (any, error) {
		var classes []*orm.Mapper
		all := a.Lua("classes") == lua.LString("*")
		if !all {
			list := []lua.LValue{a.Lua("classes")}
			if t, ok := list[0].(*lua.LTable); ok {
				list = a.ListOf(t)
			}
			for _, v := range list {
				classes = append(classes, entityArg(a, v).Mapper)
			}
		}
		var selectable core.From
		if a.Has("selectable") {
			selectable = corelib.From(a.Call, a.Lua("selectable"), corelib.FromRole)
		}
		var on core.Expr
		if a.Has("polymorphic_on") {
			on = corelib.Expr(a.Call, a.Lua("polymorphic_on"), corelib.ElementRole)
		}
		return orm.WithPolymorphicOf(entityArg(a, a.Lua("base")), classes, all, selectable, a.Bool("aliased"), a.Bool("flat"), a.Bool("innerjoin"), on, a.String("name"))
	})

var withParentFunc = bind.Func("with_parent(instance, prop, from_entity=nil)", "Rows that are related to an object.", "with_parent(user, User.addresses)", func(a *bind.Args) (any, error) {
	i := instanceOf(a, "instance")
	var from *orm.Entity
	if a.Has("from_entity") {
		from = entityArg(a, a.Lua("from_entity"))
	}
	if _, ok := a.Any("prop").(string); ok {
		return nil, exc.New(exc.ArgumentError, "with_parent() accepts class-bound mapped attributes, not strings")
	}
	attr := attrNode(a, a.Lua("prop"))
	return orm.WithParent(i, attr, from)
})

var roles = []any{
	bind.Func("foreign(expr)", "Mark the foreign side of a primaryjoin.", "foreign(Address.user_id)", func(a *bind.Args) (any, error) {
		return orm.Role(corelib.Expr(a.Call, a.Lua("expr"), corelib.ElementRole), false, true), nil
	}),
	bind.Func("remote(expr)", "Mark the remote side of a primaryjoin.", "remote(Node.id)", func(a *bind.Args) (any, error) {
		return orm.Role(corelib.Expr(a.Call, a.Lua("expr"), corelib.ElementRole), true, false), nil
	}),
}
