package corelib

import (
	"slices"

	"alchemysh/core"
	"alchemysh/luabind/bind"
)

// ordering reads the clauses of ORDER BY; reset says that there was but nil.
func ordering(a *bind.Args, role Role) (by []core.Expr, reset bool) {
	vs := a.Rest()
	if len(vs) == 1 && a.IsNull(vs[0]) {
		return nil, true
	}
	return Orderings(a.Call, vs, role), false
}

func addOrdering(old, by []core.Expr, reset bool) []core.Expr {
	if reset {
		return nil
	}
	return append(slices.Clip(old), by...)
}

// rowCount reads LIMIT and OFFSET; nil takes it away.
func rowCount(a *bind.Args, name string) core.Expr {
	v := Operand(a.Call, a.Lua(name))
	switch v := v.(type) {
	case nil:
		return nil
	case core.Expr:
		return v
	case core.Query:
		return scalarSelect(v)
	case int64:
		return RowCount(v)
	}
	refuse(a.Call, LimitRole, v)
	return nil
}

// RowCount is a number of rows as LIMIT and OFFSET have it.
func RowCount(n int64) core.Expr {
	return &core.Bind{Key: "param", Unique: true, Value: n, Type: integer}
}

// Slice reads slice(start, stop) into LIMIT and OFFSET.
func Slice(a *bind.Args, start, stop string) (limit, offset core.Expr) {
	from, to := a.OptInt(start), a.OptInt(stop)
	switch {
	case from != nil && to != nil:
		limit = RowCount(int64(max(*to-*from, 0)))
		if *from != 0 {
			offset = RowCount(int64(*from))
		}
	case from == nil && to != nil:
		limit = RowCount(int64(*to))
	case from != nil:
		offset = RowCount(int64(*from))
	}
	return limit, offset
}
