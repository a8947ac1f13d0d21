package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

var compositeFunc = bind.Func("composite(class_, *attrs, group=nil, deferred=false, raiseload=false, comparator_factory=nil, active_history=false, info{}=nil, doc=nil)",
	"A value made of several columns.", `start = composite(Point, "x1", "y1")`, func(a *bind.Args) (any, error) {
		p := &orm.Composite{Group: a.String("group"), Deferred: a.Bool("deferred")}
		for _, v := range a.Rest() {
			switch x := a.ToGo(v).(type) {
			case string:
				p.Attrs = append(p.Attrs, x)
			case *mappedColumn:
				p.Attrs = append(p.Attrs, x.column)
			case *core.Column, *orm.ColumnProperty:
				p.Attrs = append(p.Attrs, x)
			default:
				return nil, exc.New(exc.ArgumentError, "composite() takes columns and names of attributes")
			}
		}
		maker, ok := a.CallbackOf(a.Lua("class_"))
		if !ok {
			return nil, exc.New(exc.ArgumentError, "composite() takes a class or a function first")
		}
		state := a.State
		p.New = func(values []any) (any, error) {
			r, err := maker.Call(values...)
			if err != nil || len(r) == 0 {
				return nil, err
			}
			return state.ToGo(r[0]), nil
		}
		p.Values = func(v any) ([]any, error) { return compositeValues(state, v) }
		return p, nil
	})

// compositeValues takes a composite value apart by __composite_values__.
func compositeValues(s *bind.State, v any) ([]any, error) {
	o, ok := v.(*object)
	if !ok {
		return nil, exc.New(exc.AttributeError, "a composite value needs __composite_values__")
	}
	f := o.class.method(s, "__composite_values__")
	if f == nil { // as a dataclass: its attributes in the order of assignment
		var out []any
		for _, name := range o.order {
			out = append(out, s.ToGo(o.values[name]))
		}
		return out, nil
	}
	r, err := f.Call(o)
	if err != nil {
		return nil, err
	}
	if len(r) == 1 {
		if t, ok := r[0].(*lua.LTable); ok {
			call := &bind.Call{State: s, L: s.Main}
			var out []any
			for _, item := range call.ListOf(t) {
				out = append(out, s.ToGo(item))
			}
			return out, nil
		}
	}
	out := make([]any, len(r))
	for i, x := range r {
		out[i] = s.ToGo(x)
	}
	return out, nil
}

var compositeClass = bind.Define[*orm.Composite]("CompositeProperty", "A value made of several columns.").
	Property("key", "Its name.", func(p *orm.Composite) any { return p.Key() }).
	With(func(c *bind.Class) { c.Identity = true })
