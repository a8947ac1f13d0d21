package orm

import (
	"fmt"

	"alchemysh/core"
	"alchemysh/core/types"
)

// evaluatedExpired is the value of what depends on an expired attribute.
var evaluatedExpired = &symbol{"EXPIRED"}

// evaluator computes SQL expressions on objects in memory, as far as their
// meaning there is certain: synchronize_session="evaluate".
type evaluator struct{ m *Mapper }

type unevaluatable struct{ what string }

func (u unevaluatable) Error() string { return "Cannot evaluate " + u.what }

// condition is the conjunction of criteria as a function: true, false, nil for
// NULL, or evaluatedExpired.
func (ev *evaluator) condition(criteria []core.Expr) (f func(i *Instance) any, err error) {
	defer func() {
		if p := recover(); p != nil {
			u, ok := p.(unevaluatable)
			if !ok {
				panic(p)
			}
			err = u
		}
	}()
	if len(criteria) == 0 {
		return func(*Instance) any { return true }, nil
	}
	return ev.compile(core.And(criteria...)), nil
}

// value is an expression as a function.
func (ev *evaluator) value(e core.Expr) (f func(i *Instance) any, err error) {
	defer func() {
		if p := recover(); p != nil {
			u, ok := p.(unevaluatable)
			if !ok {
				panic(p)
			}
			err = u
		}
	}()
	return ev.compile(e), nil
}

func (ev *evaluator) compile(e core.Expr) func(i *Instance) any {
	switch x := e.(type) {
	case *core.Annotated:
		if a := AttrOf(x); a != nil {
			if a.Entity.alias != nil || !ev.m.IsA(a.Entity.Mapper) {
				panic(unevaluatable{"criteria against alternate class " + a.Entity.Mapper.Name})
			}
			if _, ok := a.Prop.(*ColumnProperty); !ok {
				panic(unevaluatable{a.String()})
			}
		}
		return ev.compile(x.X)
	case *core.Null:
		return func(*Instance) any { return nil }
	case *core.BoolConst:
		return func(*Instance) any { return x.Value }
	case *core.Bind:
		if x.Callable != nil {
			return func(*Instance) any { return x.Callable() }
		}
		return func(*Instance) any { return x.Value }
	case *core.Column:
		p := ev.m.colProps[x]
		if p == nil {
			panic(unevaluatable{fmt.Sprintf("column: %s", x.Name)})
		}
		return func(i *Instance) any {
			a := i.mapper.attributes[p.key]
			v := i.at(a.slot)
			if v == NoValue {
				return evaluatedExpired
			}
			return v
		}
	case *core.AsBool:
		f := ev.compile(x.X)
		want := x.Op == core.IsTrueOp
		return func(i *Instance) any {
			v := f(i)
			if v == nil || v == any(evaluatedExpired) {
				return v
			}
			return truth(v) == want
		}
	case *core.BoolList:
		fs := make([]func(*Instance) any, len(x.Items))
		for n, item := range x.Items {
			fs[n] = ev.compile(item)
		}
		if x.Op == core.OrOp {
			return func(i *Instance) any {
				null := false
				for _, f := range fs {
					switch v := f(i); {
					case v == any(evaluatedExpired):
						return v
					case v == nil:
						null = true
					case truth(v):
						return true
					}
				}
				if null {
					return nil
				}
				return false
			}
		}
		return func(i *Instance) any {
			for _, f := range fs {
				switch v := f(i); {
				case v == any(evaluatedExpired):
					return v
				case v == nil:
					return nil
				case !truth(v):
					return false
				}
			}
			return true
		}
	case *core.Unary:
		if x.Op == core.NotOp {
			f := ev.compile(x.X)
			return func(i *Instance) any {
				v := f(i)
				if v == nil || v == any(evaluatedExpired) {
					return v
				}
				return !truth(v)
			}
		}
	case *core.Tuple:
		return ev.list(x.Items)
	case *core.ExprList:
		return ev.list(x.Items)
	case *core.Binary:
		return ev.binary(x)
	}
	panic(unevaluatable{fmt.Sprintf("%T", e)})
}

func (ev *evaluator) list(items []core.Expr) func(i *Instance) any {
	fs := make([]func(*Instance) any, len(items))
	for n, item := range items {
		fs[n] = ev.compile(item)
	}
	return func(i *Instance) any {
		out := make([]any, len(fs))
		for n, f := range fs {
			if out[n] = f(i); out[n] == any(evaluatedExpired) {
				return evaluatedExpired
			}
		}
		return out
	}
}

func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case nil:
		return false
	case int64:
		return v != 0
	}
	return true
}

func (ev *evaluator) binary(x *core.Binary) func(i *Instance) any {
	l, r := ev.compile(x.Left), ev.compile(x.Right)
	both := func(f func(a, b any) any) func(i *Instance) any {
		return func(i *Instance) any {
			a, b := l(i), r(i)
			if a == any(evaluatedExpired) || b == any(evaluatedExpired) {
				return evaluatedExpired
			}
			if a == nil || b == nil {
				return nil
			}
			return f(a, b)
		}
	}
	order := func(ok func(c int) bool) func(i *Instance) any {
		return both(func(a, b any) any {
			c, comparable := types.Compare(a, b)
			if !comparable {
				return evaluatedExpired
			}
			return ok(c)
		})
	}
	raw := func(f func(a, b any) any) func(i *Instance) any {
		return func(i *Instance) any {
			a, b := l(i), r(i)
			if a == any(evaluatedExpired) || b == any(evaluatedExpired) {
				return evaluatedExpired
			}
			return f(a, b)
		}
	}
	switch x.Op {
	case core.EqOp:
		return both(func(a, b any) any { return types.Equal(a, b) })
	case core.NeOp:
		return both(func(a, b any) any { return !types.Equal(a, b) })
	case core.IsOp, core.IsNotDistinctOp:
		return raw(func(a, b any) any { return types.Equal(a, b) })
	case core.IsNot, core.IsDistinctOp:
		return raw(func(a, b any) any { return !types.Equal(a, b) })
	case core.LtOp:
		return order(func(c int) bool { return c < 0 })
	case core.LeOp:
		return order(func(c int) bool { return c <= 0 })
	case core.GtOp:
		return order(func(c int) bool { return c > 0 })
	case core.GeOp:
		return order(func(c int) bool { return c >= 0 })
	case core.InOp, core.NotInOp:
		not := x.Op == core.NotInOp
		return both(func(a, b any) any {
			list, ok := b.([]any)
			if !ok {
				return evaluatedExpired
			}
			for _, y := range list {
				if types.Equal(a, y) {
					return !not
				}
			}
			return not
		})
	case core.AddOp, core.SubOp, core.MulOp:
		op := x.Op
		return both(func(a, b any) any { return arithmetic(op, a, b) })
	case core.ConcatOp:
		return both(func(a, b any) any {
			s, ok := a.(string)
			t, ok2 := b.(string)
			if !ok || !ok2 {
				return evaluatedExpired
			}
			return s + t
		})
	}
	panic(unevaluatable{"operator " + x.Op.Name})
}

// arithmetic computes what is certain to give the same in SQL.
func arithmetic(op *core.Operator, a, b any) any {
	switch x := a.(type) {
	case int64:
		switch y := b.(type) {
		case int64:
			switch op {
			case core.AddOp:
				return x + y
			case core.SubOp:
				return x - y
			}
			return x * y
		case float64:
			return arithmetic(op, float64(x), y)
		}
	case float64:
		var y float64
		switch v := b.(type) {
		case float64:
			y = v
		case int64:
			y = float64(v)
		default:
			return evaluatedExpired
		}
		switch op {
		case core.AddOp:
			return x + y
		case core.SubOp:
			return x - y
		}
		return x * y
	}
	return evaluatedExpired
}
