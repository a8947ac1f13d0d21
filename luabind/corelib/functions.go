package corelib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// funcPath is func.a.b: a function before it is called.
type funcPath struct {
	names   []string
	generic map[string]*customClass // functions of the person's own, by name
}

var funcPathClass = bind.Define[*funcPath]("func", "SQL functions: func.any_name(arguments).").With(func(c *bind.Class) {
	c.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
		p := self.(*funcPath)
		if strings.HasPrefix(name, "__") {
			return nil, false, nil
		}
		return &funcPath{append(append([]string(nil), p.names...), strings.TrimSuffix(name, "_")), p.generic}, true, nil
	}
	c.Call = bind.Func("func(*args{!}, type_=nil)", "Call a SQL function.", "func.lower(users.c.name)", func(a *bind.Args) (any, error) {
		p := bind.SelfOf[*funcPath](a)
		if len(p.names) == 0 {
			return nil, exc.New(exc.TypeError, "func is a namespace: func.name(…)")
		}
		args := a.Rest()
		if len(args) > 0 {
			if f, ok := bind.Unwrap[*funcPath](args[0]); ok && len(f.names) < len(p.names) {
				return nil, exc.New(exc.TypeError, "func is a namespace: use func.%s() with a dot", strings.Join(p.names, "."))
			}
		}
		if len(p.names) == 1 {
			if k := p.generic[strings.ToLower(p.names[0])]; k != nil {
				return k.construct(a)
			}
			if x, special := constructNamed(a, p.names[0], args); special {
				return x, nil
			}
		}
		return MakeFunc(a.Call, p.names, args, TypeOf(a.Call, a.Lua("type_"))), nil
	})
	c.Repr = func(_ *bind.Call, self any) (string, error) {
		return strings.Join(append([]string{"func"}, self.(*funcPath).names...), "."), nil
	}
})

// constructNamed is func.cast(x, type) and func.extract(field, x), which are
// constructs and no functions, and refuses arguments that a function of a fixed
// number does not take.
func constructNamed(a *bind.Args, name string, args []lua.LValue) (any, bool) {
	switch name {
	case "cast":
		if len(args) == 2 {
			if t := TypeOf(a.Call, args[1]); t != nil {
				return &core.Cast{X: Bound(a.Call, args[0], t), Type: t}, true
			}
		}
	case "extract":
		if field, ok := args[0].(lua.LString); ok && len(args) == 2 {
			return &core.Extract{Field: string(field), X: Bound(a.Call, args[1], nil)}, true
		}
	case "char_length":
		if len(args) != 1 {
			bind.Fail(exc.TypeError, "char_length() takes 1 argument, got %d", len(args))
		}
	}
	return nil, false
}

// MakeFunc is func.name(args): a generic function knows its type.
func MakeFunc(c *bind.Call, names []string, args []lua.LValue, t types.Type) *core.Func {
	values := make([]any, len(args))
	for i, v := range args {
		values[i] = Operand(c, v)
	}
	return core.NewFunc(names[:len(names)-1], names[len(names)-1], t, values...)
}

// tableValuedOf is a function among the FROM objects.
func tableValuedOf(f *core.Func) core.From {
	a := core.NewLateral(f, "")
	a.Kind = core.TableValueAlias
	return a
}

// functionBase is what functions and windows over them share.
var functionBase = bind.Define[core.Expr]("FunctionElement", "A SQL function.", ColumnElement.Class)

func overOf(a *bind.Args, x core.Expr) (any, error) {
	o := &core.Over{X: x}
	o.PartitionBy = clauseList(a, "partition_by")
	o.OrderBy = clauseList(a, "order_by")
	units := 0
	for _, unit := range []struct{ param, keyword string }{{"rows", "ROWS"}, {"range_", "RANGE"}, {"groups", "GROUPS"}} {
		if !a.Has(unit.param) {
			continue
		}
		units++
		if frame, ok := a.ToGo(a.Lua(unit.param)).(*frameClause); ok {
			o.Frame = core.Frame{Unit: unit.keyword, Start: frame.start, End: frame.end, Exclude: frame.exclude}
		} else {
			bounds := a.List(unit.param)
			if len(bounds) != 2 {
				return nil, exc.New(exc.ArgumentError, "2-tuple expected for range/rows")
			}
			o.Frame = core.Frame{Unit: unit.keyword, Start: frameBound(a, bounds[0]), End: frameBound(a, bounds[1])}
		}
		bound := func(n *int64) core.Expr {
			if n == nil || *n == 0 {
				return nil
			}
			v := *n
			if v < 0 {
				v = -v
			}
			return &core.Bind{Key: "param", Unique: true, Value: v, Type: integer}
		}
		o.StartBind, o.EndBind = bound(o.Frame.Start), bound(o.Frame.End)
	}
	if units > 1 {
		return nil, exc.New(exc.ArgumentError, "only one of 'rows', 'range_', or 'groups' may be provided")
	}
	return o, nil
}

type frameClause struct {
	start, end *int64
	exclude    string
}

func frameBound(a *bind.Args, v lua.LValue) *int64 {
	if a.IsNull(v) {
		return nil
	}
	n, ok := a.ToGo(v).(int64)
	if !ok {
		bind.Fail(exc.ArgumentError, "Integer or nil expected for range value")
	}
	return &n
}

func clauseList(a *bind.Args, name string) []core.Expr {
	if !a.Has(name) {
		return nil
	}
	v := a.Lua(name)
	if _, ok := bind.IsList(v); ok {
		return Orderings(a.Call, a.ListOf(v), OrderRole)
	}
	e := Ordering(a.Call, v, OrderRole)
	if l, ok := e.(*core.ExprList); ok && !l.Group {
		return l.Items
	}
	return []core.Expr{e}
}

const overSignature = "over(*, partition_by{}=nil, order_by{}=nil, rows{}=nil, range_{}=nil, groups{}=nil)"

func windowed[T core.Expr](d bind.Def[T]) bind.Def[T] {
	return d.Method(overSignature, "Over a window.", "func.rank():over{order_by = users.c.age}", func(x T, a *bind.Args) (any, error) {
		return overOf(a, x)
	})
}

func filtered[T core.Expr](d bind.Def[T]) bind.Def[T] {
	return d.Method("filter(*criterion)", "Only rows that meet criteria: FILTER (WHERE …).", "func.count():filter(users.c.age > 18)", func(x T, a *bind.Args) (any, error) {
		if len(a.Rest()) == 0 {
			return x, nil
		}
		return &core.Filter{X: x, Where: criteria(Exprs(a.Call, a.Rest(), WhereRole))}, nil
	})
}

func grouped[T core.Expr](d bind.Def[T]) bind.Def[T] {
	return d.Method("within_group(*order_by)", "An ordered-set aggregate: WITHIN GROUP (ORDER BY …).", "func.percentile_cont(0.5):within_group(users.c.age)", func(x T, a *bind.Args) (any, error) {
		return &core.WithinGroup{X: x, OrderBy: Orderings(a.Call, a.Rest(), OrderRole)}, nil
	})
}

var functionClass = grouped(filtered(windowed(bind.Define[*core.Func]("Function", "A call of a SQL function.", functionBase.Class, FunctionFrom.Class, Executable.Class))))

var overClass = bind.Define[*core.Over]("Over", "A function over a window.", functionBase.Class)
var filterClass = grouped(windowed(bind.Define[*core.Filter]("FunctionFilter", "An aggregate with FILTER.", functionBase.Class))).
	Method("filter(*criterion)", "Further criteria.", "func.count():filter(users.c.age > 18):filter(users.c.age < 65)", func(x *core.Filter, a *bind.Args) (any, error) {
		return &core.Filter{X: x.X, Where: core.And(append([]core.Expr{x.Where}, Exprs(a.Call, a.Rest(), WhereRole)...)...)}, nil
	})
var withinGroupClass = filtered(windowed(bind.Define[*core.WithinGroup]("WithinGroup", "An ordered-set aggregate.", functionBase.Class)))

// FunctionFrom is what a function offers as something to select from.
var FunctionFrom = bind.Define[*core.Func]("FunctionFrom", "A function that gives rows.").
	Method("table_valued(*expr, name=nil, with_ordinality=nil, joins_implicitly=false)", "Its rows as a table with these columns.", `func.json_each(x):table_valued("key", "value")`, func(f *core.Func, a *bind.Args) (any, error) {
		fn := *f
		al := tableValuedOf(&fn).(*core.Alias)
		if a.Has("name") {
			al.Name, al.Anonymous = core.Name(a.String("name")), false
		}
		for _, v := range a.Rest() {
			al.ValueColumns = append(al.ValueColumns, valueColumn(a, v))
		}
		if a.Has("with_ordinality") {
			fn.Ordinality = true
			al.ValueColumns = append(al.ValueColumns, core.NewColumn(a.String("with_ordinality"), integer))
		}
		al.Joins = a.Bool("joins_implicitly")
		return al, nil
	}).
	Method("column_valued(name=nil, joins_implicitly=false)", "Its rows as one column.", `func.generate_series(1, 3):column_valued("x")`, func(f *core.Func, a *bind.Args) (any, error) {
		al := tableValuedOf(f).(*core.Alias)
		if a.Has("name") {
			al.Name, al.Anonymous = core.Name(a.String("name")), false
		}
		al.Joins = a.Bool("joins_implicitly")
		return &core.TableValued{Of: al, Type: f.Type}, nil
	}).
	Method("alias(name=nil, joins_implicitly=false)", "It among the FROM objects, under a name.", `func.unnest(x):alias("u")`, func(f *core.Func, a *bind.Args) (any, error) {
		al := tableValuedOf(f).(*core.Alias)
		if a.Has("name") {
			al.Name, al.Anonymous = core.Name(a.String("name")), false
		}
		al.ValueColumns = []*core.Column{{Name: core.NewLabel(f, "").Name, Key: f.Name, Type: f.Type}}
		al.Joins = a.Bool("joins_implicitly")
		return al, nil
	}).
	Method("scalar_table_valued(name, type_=nil)", "One column of its composite result: (f()).name.", `func.jsonb_each(x):scalar_table_valued("key")`, func(f *core.Func, a *bind.Args) (any, error) {
		return &core.FuncColumn{Fn: f, Name: a.String("name"), Type: orNull(TypeOf(a.Call, a.Lua("type_")))}, nil
	}).
	Method("select()", "SELECT it.", "func.now():select()", func(f *core.Func, a *bind.Args) (any, error) { return core.NewSelect(f), nil }).
	Method("as_comparison(left_index, right_index)", "It as a comparison of two of its arguments.", "func.is_equal(a, b):as_comparison(1, 2)", func(f *core.Func, a *bind.Args) (any, error) {
		l, r := a.Int("left_index"), a.Int("right_index")
		if l < 1 || r < 1 || l > len(f.Args) || r > len(f.Args) {
			return nil, exc.New(exc.ArgumentError, "as_comparison(): no such argument")
		}
		return &core.Binary{Op: core.FuncAsBinary, Left: f, Right: f.Args[r-1], Type: boolean, Modifiers: core.Modifiers{LeftIndex: l, RightIndex: r}}, nil
	}).
	Property("columns", "It as a column collection.", func(f *core.Func) any { return columnsOf(subquery(core.NewSelect(f), "")) }).
	Property("c", "It as a column collection.", func(f *core.Func) any { return columnsOf(subquery(core.NewSelect(f), "")) })

func valueColumn(a *bind.Args, v lua.LValue) *core.Column {
	if s, ok := v.(lua.LString); ok {
		return core.NewColumn(string(s), nil)
	}
	return ColumnOf(a.Call, v)
}

func installFunctions(s *bind.State) {
	s.SetGlobal("func", &funcPath{generic: map[string]*customClass{}})
	s.Global(
		bind.Func("over(element, partition_by{}=nil, order_by{}=nil, rows{}=nil, range_{}=nil, groups{}=nil)", "A function over a window.", "over(func.rank(), {order_by = users.c.age})", func(a *bind.Args) (any, error) {
			return overOf(a, Expr(a.Call, a.Lua("element"), ElementRole))
		}),
		bind.Func("within_group(element, *order_by)", "An ordered-set aggregate.", "within_group(func.mode(), users.c.age)", func(a *bind.Args) (any, error) {
			return &core.WithinGroup{X: Expr(a.Call, a.Lua("element"), ElementRole), OrderBy: Orderings(a.Call, a.Rest(), OrderRole)}, nil
		}),
		bind.Func("funcfilter(func, *criterion)", "An aggregate with FILTER.", "funcfilter(func.count(), users.c.age > 18)", func(a *bind.Args) (any, error) {
			return &core.Filter{X: Expr(a.Call, a.Lua("func"), ElementRole), Where: criteria(Exprs(a.Call, a.Rest(), WhereRole))}, nil
		}),
	)
}

// criteria joins several criteria by AND and leaves one as it is.
func criteria(es []core.Expr) core.Expr {
	if len(es) == 1 {
		return es[0]
	}
	return core.And(es...)
}
