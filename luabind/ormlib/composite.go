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
		n := noteOf(a)
		var err error
		if n.params, err = constructorOf(a); err != nil {
			return nil, err
		}
		p.Note = n
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

// constructorOf are the parameters of the constructor of a value that is a
// dataclass; nil for another.
func constructorOf(a *bind.Args) ([]string, error) {
	k := dataclassOf(a.Lua("class_"))
	if k == nil {
		return nil, nil
	}
	var params []string
	for _, f := range k.fields {
		if f.init {
			params = append(params, f.name)
		}
	}
	if len(a.Rest()) > len(params) {
		return nil, exc.New(exc.ArgumentError, "number of composite attributes %d exceeds that of the number of attributes in class %s %d", len(a.Rest()), k.Name, len(params))
	}
	return params, nil
}

// compositeColumns are the columns made in composites, which are the class's
// too. Those that nothing else names are named by the fields of the value.
func compositeColumns(attrs []placed) ([]placed, error) {
	named := map[*core.Column]bool{}
	for _, a := range attrs {
		if a.column != nil {
			named[a.column] = true
		}
	}
	var out []placed
	for _, a := range attrs {
		p, ok := a.value.(*orm.Composite)
		if !ok {
			out = append(out, a)
			continue
		}
		n, _ := p.Note.(*propertyNote)
		for i, x := range p.Attrs {
			col := columnIn(x)
			if col == nil || col.Table != nil || named[col] {
				continue
			}
			if col.Name == "" && (n == nil || n.params == nil) {
				return nil, exc.New(exc.ArgumentError, "Composite class column arguments must be named unless a dataclass is used")
			}
			if col.Name == "" {
				nameColumn(col, n.params[i])
			}
			out = append(out, placed{key: string(col.Name), value: x, column: col})
		}
		out = append(out, a)
	}
	return out, nil
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
