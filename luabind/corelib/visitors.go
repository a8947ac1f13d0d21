package corelib

import (
	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// visitors is SQLAlchemy's module of traversal helpers.
func installVisitors(s *bind.State) {
	node := func(a *bind.Args, name string) core.Node {
		n, ok := Value(a.Call, a.Lua(name)).(core.Node)
		if !ok {
			bind.Fail(exc.ArgumentError, "%s() takes a SQL construct, got %s", a.Name(), a.Repr(a.L, a.Lua(name)))
		}
		return n
	}
	all := func(n core.Node) []core.Node {
		var out []core.Node
		core.Walk(n, func(x core.Node) bool {
			out = append(out, x)
			return true
		})
		return out
	}
	visit := func(a *bind.Args) (any, error) {
		n := node(a, "obj")
		t := a.L.ToStringMeta(a.Lua("visitors"))
		_ = t
		fs := map[string]*bind.Callback{}
		for _, name := range []string{"column", "bindparam", "binary", "unary", "clauselist", "function", "select", "table", "alias", "subquery", "label", "textclause", "join"} {
			if f, ok := a.CallbackOf(a.L.GetField(a.Lua("visitors"), name)); ok {
				fs[name] = f
			}
		}
		for _, x := range all(n) {
			if f := fs[visitName(x)]; f != nil {
				if _, err := f.Call(x); err != nil {
					return nil, err
				}
			}
		}
		return n, nil
	}
	s.SetGlobal("visitors", bind.NewNamespace("visitors", "Walk and change SQL constructs.",
		bind.Func("iterate(obj, opts{}=nil)", "All that a construct is made of.", "for x in visitors.iterate(stmt) do print(x) end", func(a *bind.Args) (any, error) {
			return all(node(a, "obj")), nil
		}),
		bind.Func("traverse(obj, opts{}, visitors{!})", "Call functions for the parts, by __visit_name__.", "visitors.traverse(stmt, {}, {bindparam = print})", visit),
		bind.Func("replacement_traverse(obj, opts{}, replace)", "A copy with parts replaced by what a function gives.", "visitors.replacement_traverse(stmt, {}, f)", func(a *bind.Args) (any, error) {
			f := a.Function("replace")
			return core.Replace(node(a, "obj"), func(x core.Node) core.Node {
				r, err := f.Call(x)
				bind.Check(err)
				if len(r) == 0 || a.IsNull(r[0]) {
					return nil
				}
				y, ok := Value(a.Call, r[0]).(core.Node)
				if !ok {
					return nil
				}
				return y
			}), nil
		}),
		bind.Func("cloned_traverse(obj, opts{}, visitors{!})", "A copy whose parts functions have seen.", "visitors.cloned_traverse(stmt, {}, {bindparam = f})", visit),
	))
}
