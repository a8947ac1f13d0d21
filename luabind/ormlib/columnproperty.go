package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/orm"
)

// lateProperty is a column_property() whose expression is a function, because
// a class body cannot see its own fields.
type lateProperty struct {
	make  func(c *bind.Call) (*orm.ColumnProperty, error)
	field *fieldOptions // of a dataclass
}

// columnProperty is column_property(…) and deferred(…).
func columnProperty(a *bind.Args) (any, error) {
	configure := func(p *orm.ColumnProperty) *orm.ColumnProperty {
		p.Group, p.RaiseLoad = a.String("group"), a.Bool("raiseload")
		if b := a.OptBool("deferred"); b != nil {
			p.Deferred, p.DeferredSet = *b, true
		}
		if a.Accepts("active_history") {
			p.ActiveHistory = a.Bool("active_history")
			p.ExpireOnFlush = a.Bool("expire_on_flush")
		}
		p.Info = map[string]any{}
		p.Note = noteOf(a)
		return p
	}
	var exprs []core.Expr
	values := append([]lua.LValue{a.Lua("column")}, a.Rest()...)
	if f, ok := values[0].(*lua.LFunction); ok {
		cb, _ := a.CallbackOf(f)
		return &lateProperty{field: readFieldOptions(a), make: func(c *bind.Call) (*orm.ColumnProperty, error) {
			r, err := cb.Call()
			if err != nil {
				return nil, err
			}
			return configure(orm.NewColumnProperty(columnExpr(c, r[0]))), nil
		}}, nil
	}
	for _, v := range values {
		exprs = append(exprs, columnExpr(a.Call, v))
	}
	return configure(orm.NewColumnProperty(exprs...)), nil
}

// columnExpr reads what a column property is of.
func columnExpr(c *bind.Call, v lua.LValue) core.Expr {
	if m, ok := bind.Unwrap[*mappedColumn](v); ok {
		return m.column
	}
	return corelib.Expr(c, v, corelib.ElementRole)
}

var columnPropertyFunc = bind.Func("column_property(column, *columns, group=nil, deferred=nil, raiseload=false, comparator_factory=nil, active_history=false, expire_on_flush=true, info{}=nil, doc=nil, "+fieldParams+")",
	"Map an attribute to a column or an expression.", "User.full = column_property(User.first .. User.last)", columnProperty)

var deferredFunc = bind.Func("deferred(column, *additional_columns, group=nil, raiseload=false, deferred=true, comparator_factory=nil, info{}=nil, doc=nil, "+fieldParams+")",
	"A column that is loaded when it is first read.", "body = deferred(Column(Text))", columnProperty)

var queryExpression = bind.Func("query_expression(default_expr=nil, *, "+fieldParams+")", "An attribute that with_expression() gives a value.", "total = query_expression()", func(a *bind.Args) (any, error) {
	p := orm.NewColumnProperty(core.Expr(core.NULL))
	if a.Has("default_expr") {
		p.Default = corelib.Expr(a.Call, a.Lua("default_expr"), corelib.ElementRole)
		p.Columns = []core.Expr{p.Default}
	}
	p.QueryExpression = true
	p.Note = noteOf(a)
	return p, nil
})

var columnPropertyClass = bind.Define[*orm.ColumnProperty]("ColumnProperty", "A mapped column or expression.").
	Property("key", "Its name.", func(p *orm.ColumnProperty) any { return p.Key() }).
	Property("columns", "Its columns.", func(p *orm.ColumnProperty) any { return p.Columns }).
	Property("expression", "What it is in SQL.", func(p *orm.ColumnProperty) any { return p.Expression() }).
	Property("parent", "Its mapper.", func(p *orm.ColumnProperty) any { return p.Parent() }).
	Property("deferred", "Whether it is loaded when first read.", func(p *orm.ColumnProperty) any { return p.Deferred }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Bases = []*bind.Class{corelib.Operators.Class}
		c.Repr = func(_ *bind.Call, self any) (string, error) { return propertyText(self.(*orm.ColumnProperty)), nil }
	})

func propertyText(p orm.Property) string {
	if m := p.Parent(); m != nil {
		return m.Name + "." + p.Key()
	}
	return p.Key()
}
