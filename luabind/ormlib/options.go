package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/orm"
)

// loadClass is the class of loader options: their functions continue a path.
var loadClass = bind.Define[*orm.Load]("Load", "How related objects and columns are loaded.")

// attrNode reads a mapped attribute as an option names it.
func attrNode(a *bind.Args, v lua.LValue) core.Node {
	if p, ok := bind.Unwrap[*proxyAttr](v); ok {
		return p.targetAttr()
	}
	if _, text := v.(lua.LString); text {
		bind.Fail(exc.ArgumentError, "Strings are not accepted for attribute names in loader options; please use class-bound attributes directly.")
	}
	n, ok := corelib.Value(a.Call, v).(core.Node)
	if !ok || orm.AttrOf(n) == nil {
		bind.Fail(exc.ArgumentError, "expected ORM mapped attribute for loader strategy argument")
	}
	return n
}

// mappers are those of the argument classes.
func mappers(a *bind.Args) []*orm.Mapper {
	var out []*orm.Mapper
	for _, v := range a.List("classes") {
		out = append(out, entityArg(a, v).Mapper)
	}
	return out
}

func isStar(v lua.LValue) bool { return v == lua.LString("*") }

// loaderOption defines an option both as a function and as a method that
// continues a path.
func loaderOption(name, params, doc, example string, f func(l *orm.Load, a *bind.Args) (any, error)) *bind.Function {
	loadClass.Method(name+"("+params+")", doc, example, f)
	return bind.Func(name+"("+params+")", doc, example, func(a *bind.Args) (any, error) { return f(nil, a) })
}

// path follows several attributes in one call, as 1.x allowed.
func path(l *orm.Load, a *bind.Args, last func(l *orm.Load, v lua.LValue) (*orm.Load, error)) (any, error) {
	keys := append([]lua.LValue{a.Lua("key")}, a.Rest()...)
	for i, k := range keys {
		var err error
		if i < len(keys)-1 {
			l, err = l.DefaultLoad(attrNode(a, k))
		} else {
			l, err = last(l, k)
		}
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}

func strategy(name, lazy, doc string, params string) *bind.Function {
	return loaderOption(name, "key, *keys"+params, doc, name+"(User.addresses)", func(l *orm.Load, a *bind.Args) (any, error) {
		var inner any
		if a.Accepts("innerjoin") {
			inner = a.Any("innerjoin")
		}
		recursion := 0
		if a.Accepts("recursion_depth") {
			recursion = a.Int("recursion_depth")
		}
		sqlOnly := a.Accepts("sql_only") && a.Bool("sql_only")
		return path(l, a, func(l *orm.Load, v lua.LValue) (*orm.Load, error) {
			if isStar(v) {
				return l.StrategyAll(lazy, sqlOnly), nil
			}
			return l.Strategy(lazy, attrNode(a, v), inner, recursion, sqlOnly)
		})
	})
}

func columnsOption(name string, deferred bool, doc string) *bind.Function {
	return loaderOption(name, "key, *keys, raiseload=false", doc, name+"(User.bio)", func(l *orm.Load, a *bind.Args) (any, error) {
		if isStar(a.Lua("key")) {
			return l.ColumnsAll(deferred, a.Bool("raiseload")), nil
		}
		nodes := []core.Node{attrNode(a, a.Lua("key"))}
		for _, v := range a.Rest() {
			nodes = append(nodes, attrNode(a, v))
		}
		return l.Columns(deferred, a.Bool("raiseload"), nodes...)
	})
}

// entityArg reads a mapped class or alias.
func entityArg(a *bind.Args, v lua.LValue) *orm.Entity {
	if e := entityOf(a.ToGo(v)); e != nil {
		return e
	}
	bind.Fail(exc.ArgumentError, "%s(): a mapped class or alias is expected, got %s", a.Name(), a.Repr(a.L, v))
	return nil
}

// entityOf is the entity that a value stands for, nil if none.
func entityOf(v any) *orm.Entity {
	switch x := v.(type) {
	case *Class:
		if x.alias != nil {
			return x.alias
		}
		if m := x.mapped(); m != nil && x.mapper != nil {
			check(m.Registry.Configure())
			return m.Entity()
		}
	case *orm.Mapper:
		return x.Entity()
	case *orm.Entity:
		return x
	}
	return nil
}

func optionFunctions() []any {
	out := []any{
		strategy("joinedload", "joined", "Load along a relationship by a join.", ", innerjoin=nil"),
		strategy("selectinload", "selectin", "Load along a relationship by a second SELECT … IN.", ", recursion_depth=nil"),
		strategy("subqueryload", "subquery", "Load along a relationship by a second SELECT with a subquery.", ""),
		strategy("lazyload", "select", "Load along a relationship when it is first read.", ""),
		strategy("immediateload", "immediate", "Load along a relationship at once, object by object.", ", recursion_depth=nil"),
		strategy("noload", "noload", "Leave a relationship empty.", ""),
		strategy("raiseload", "raise", "Refuse to load a relationship.", ", sql_only=false"),
		loaderOption("defaultload", "key, *keys", "A step on a path that changes nothing.", "defaultload(User.addresses)", func(l *orm.Load, a *bind.Args) (any, error) {
			return path(l, a, func(l *orm.Load, v lua.LValue) (*orm.Load, error) { return l.DefaultLoad(attrNode(a, v)) })
		}),
		loaderOption("contains_eager", "key, *keys, alias=nil", "Take a relationship from the query's own joins.", "contains_eager(User.addresses)", func(l *orm.Load, a *bind.Args) (any, error) {
			return path(l, a, func(l *orm.Load, v lua.LValue) (*orm.Load, error) {
				if a.Has("alias") {
					if e := entityOf(a.Any("alias")); e != nil {
						return l.ContainsEager(attrNode(a, v), e, nil)
					}
					return l.ContainsEager(attrNode(a, v), nil, corelib.From(a.Call, a.Lua("alias"), corelib.FromRole))
				}
				return l.ContainsEager(attrNode(a, v), nil, nil)
			})
		}),
		columnsOption("defer", true, "Load a column when it is first read."),
		columnsOption("undefer", false, "Load a deferred column at once."),
		loaderOption("undefer_group", "name", "Load a group of deferred columns at once.", `undefer_group("big")`, func(l *orm.Load, a *bind.Args) (any, error) {
			return l.UndeferGroup(a.String("name")), nil
		}),
		loaderOption("load_only", "*attrs, raiseload=false", "Load only some columns.", "load_only(User.name)", func(l *orm.Load, a *bind.Args) (any, error) {
			var nodes []core.Node
			for _, v := range a.Rest() {
				nodes = append(nodes, attrNode(a, v))
			}
			return l.LoadOnly(a.Bool("raiseload"), nodes...)
		}),
		loaderOption("with_expression", "key, expression", "Give a query_expression() its SQL.", "with_expression(User.total, func.count())", func(l *orm.Load, a *bind.Args) (any, error) {
			return l.WithExpression(attrNode(a, a.Lua("key")), corelib.Expr(a.Call, a.Lua("expression"), corelib.ElementRole))
		}),
		bind.Func("selectin_polymorphic(base_cls, classes{})", "Load the columns of subclasses by a second SELECT.", "selectin_polymorphic(Employee, {Manager})", func(a *bind.Args) (any, error) {
			return orm.NewLoad(entityArg(a, a.Lua("base_cls"))).SelectinPolymorphic(mappers(a)), nil
		}),
	}
	loadClass.Method("selectin_polymorphic(classes{})", "Load the columns of subclasses by a second SELECT.", "joinedload(Company.employees):selectin_polymorphic({Manager})", func(l *orm.Load, a *bind.Args) (any, error) {
		return l.SelectinPolymorphic(mappers(a)), nil
	})
	loadClass.Method("options(*opts)", "Options that begin where this one has come to.", "joinedload(User.orders):options(joinedload(Order.items))", func(l *orm.Load, a *bind.Args) (any, error) {
		var subs []*orm.Load
		for _, v := range a.Rest() {
			s, ok := bind.Unwrap[*orm.Load](v)
			if !ok {
				return nil, exc.New(exc.ArgumentError, "options() takes loader options")
			}
			subs = append(subs, s)
		}
		return l.Options(subs...)
	})
	out = append(out,
		bind.Func("Load(entity)", "Options that begin at a class.", "Load(User):joinedload(User.addresses)", func(a *bind.Args) (any, error) {
			return orm.NewLoad(entityArg(a, a.Lua("entity"))), nil
		}),
		bind.Func("with_loader_criteria(entity_or_base, where_criteria, loader_only=false, include_aliases=true, propagate_to_loaders=true, track_closure_variables=true)",
			"Criteria for every mention of a class.", "with_loader_criteria(User, User.active == true)", func(a *bind.Args) (any, error) {
				k, isClass := a.Any("entity_or_base").(*Class)
				var m *orm.Mapper
				if isClass && k.mapper == nil {
				} else {
					m = entityArg(a, a.Lua("entity_or_base")).Mapper
				}
				state, varies := a.State, false
				var crit func(e *orm.Entity) (core.Expr, error)
				if f, ok := a.Lua("where_criteria").(*lua.LFunction); ok {
					cb, _ := a.CallbackOf(f)
					varies = true
					crit = func(e *orm.Entity) (core.Expr, error) {
						c := &bind.Call{State: state, L: state.Main}
						r, err := cb.Call(entityOrClass(e).lua(c))
						if err != nil || len(r) == 0 {
							return nil, err
						}
						return corelib.Expr(c, r[0], corelib.WhereRole), nil
					}
				} else {
					e := corelib.Expr(a.Call, a.Lua("where_criteria"), corelib.WhereRole)
					crit = func(*orm.Entity) (core.Expr, error) { return e, nil }
				}
				lc := orm.NewLoaderCriteria(m, crit)
				lc.IncludeAliases, lc.NoPropagate, lc.Varies = a.Bool("include_aliases"), !a.Bool("propagate_to_loaders"), varies
				if m == nil {
					for _, r := range allRegistries(state) {
						for _, x := range r.Registry.Mappers() {
							if c := classOf(x); c != nil && c.derives(k) {
								lc.Mappers = append(lc.Mappers, x)
							}
						}
					}
				}
				return lc, nil
			}),
	)
	return out
}

var loaderCriteriaClass = bind.Define[*orm.LoaderCriteria]("LoaderCriteriaOption", "Criteria for every mention of a class.")
