package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

var compositeFunc = bind.Func("composite(class_, *attrs, group=nil, deferred=false, raiseload=false, comparator_factory=nil, active_history=false, info{}=nil, doc=nil, "+fieldParams+")",
	"A value made of several columns.", `start = composite(Point, "x1", "y1")`, func(a *bind.Args) (any, error) {
		p := &orm.Composite{Group: a.String("group"), Deferred: a.Bool("deferred")}
		note(&p.Note, readFieldOptions(a))
		if err := nameParts(a); err != nil {
			return nil, err
		}
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

// nameParts gives columns without a name that of the dataclass's field.
func nameParts(a *bind.Args) error {
	var params []*dcField
	k := dataclassOf(a.Lua("class_"))
	if k != nil {
		for _, f := range k.fields {
			if f.init {
				params = append(params, f)
			}
		}
		if len(a.Rest()) > len(params) {
			return exc.New(exc.ArgumentError, "number of composite attributes %d exceeds that of the number of attributes in class %s %d", len(a.Rest()), k.Name, len(params))
		}
	}
	for i, v := range a.Rest() {
		var col *core.Column
		switch x := a.ToGo(v).(type) {
		case *mappedColumn:
			col = x.column
		case *core.Column:
			col = x
		}
		if col == nil || col.Name != "" {
			continue
		}
		if k == nil {
			return exc.New(exc.ArgumentError, "Composite class column arguments must be named unless a dataclass is used")
		}
		nameColumn(col, params[i].name)
	}
	return nil
}

// compositeValues takes a composite value apart by __composite_values__.
func compositeValues(s *bind.State, v any) ([]any, error) {
	o, ok := v.(*object)
	if !ok {
		return nil, exc.New(exc.AttributeError, "a composite value needs __composite_values__")
	}
	f := o.class.method(s, "__composite_values__")
	if f == nil { // as a dataclass: its attributes in the order of assignment
		var out []any
		for _, f := range o.class.fields {
			if f.init {
				out = append(out, s.ToGo(o.values[f.name]))
			}
		}
		if o.class.isDataclass {
			return out, nil
		}
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
