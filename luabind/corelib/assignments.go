package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

// assignments reads the values of INSERT and UPDATE from a table of names or
// columns.
func assignments(a *bind.Args, table core.From, t *lua.LTable) []core.Assignment {
	var out []core.Assignment
	n := script.Len(t)
	if n > 0 { // by position
		cols := table.Columns().All()
		if n > len(cols) {
			bind.Fail(exc.ArgumentError, "values(): %d values for %d columns", n, len(cols))
		}
		for i := 1; i <= n; i++ {
			out = append(out, core.Assign(cols[i-1], cols[i-1].Key, assigned(a, t.RawGetInt(i))))
		}
	}
	for k, v := range script.Fields(t) {
		out = append(out, assigns(a, table, k, v)...)
	}
	return out
}

// assigns is what one name or attribute with its value sets.
func assigns(a *bind.Args, table core.From, k, v lua.LValue) []core.Assignment {
	if Above.Assign != nil {
		if pairs, ok := Above.Assign(a.Call, table, k, v); ok {
			var out []core.Assignment
			for _, p := range pairs {
				out = append(out, assignment(a, p[0], p[1]))
			}
			return out
		}
	}
	return []core.Assignment{assignment(a, k, v)}
}

func assignment(a *bind.Args, k, v lua.LValue) core.Assignment {
	if name, ok := k.(lua.LString); ok {
		return core.Assign(nil, string(name), assigned(a, v))
	}
	e := Expr(a.Call, k, ElementRole)
	key := ""
	if c, ok := core.Plain(e).(*core.Column); ok {
		key = c.Key
	}
	return core.Assign(e, key, assigned(a, v))
}

// assigned is a value of INSERT or UPDATE: an expression, or one to bind.
func assigned(a *bind.Args, v lua.LValue) any {
	switch x := Value(a.Call, v).(type) {
	case core.Query:
		return scalarSelect(x)
	case *core.Alias:
		if s, ok := aliasAsValue(x); ok {
			return s
		}
		return x
	default:
		return x
	}
}

// valuesArgs reads values(…): one table of values, several for several rows,
// or a list of such tables.
func valuesArgs(a *bind.Args, table core.From) (one []core.Assignment, rows [][]core.Assignment, empty bool) {
	tables := a.Rest()
	if len(tables) == 1 {
		if t, ok := bind.IsList(tables[0]); ok {
			if script.Len(t) == 0 {
				return nil, nil, true
			}
			if isRowList(t) {
				tables = a.ListOf(t)
				for _, r := range tables {
					rows = append(rows, row(a, table, r))
				}
				return nil, rows, false
			}
		}
	}
	if len(tables) > 1 {
		bind.Fail(exc.ArgumentError, "Only a single dictionary/tuple or list of dictionaries/tuples is accepted positionally.")
	}
	if len(tables) == 1 && len(a.Keywords()) > 0 {
		bind.Fail(exc.ArgumentError, "Can't pass positional and kwargs to values() simultaneously")
	}
	for _, v := range tables {
		one = core.MergeAssignments(one, row(a, table, v))
	}
	for _, k := range a.Keywords() {
		one = core.MergeAssignments(one, assigns(a, table, lua.LString(k.Name), k.Value))
	}
	return one, nil, len(one) == 0
}

// isRowList reports whether a list is one of rows: tables all.
func isRowList(t *lua.LTable) bool {
	for i := 1; i <= script.Len(t); i++ {
		switch t.RawGetInt(i).(type) {
		case *lua.LTable:
		default:
			return false
		}
	}
	return true
}

func row(a *bind.Args, table core.From, v lua.LValue) []core.Assignment {
	t, ok := v.(*lua.LTable)
	if !ok {
		if m, isMapping := mappingOf(a, v); isMapping {
			return m
		}
		bind.Fail(exc.ArgumentError, "values() takes tables of values, got %s", a.KindOf(v))
	}
	return assignments(a, table, t)
}

// mappingOf reads a row or mapping as values by name.
func mappingOf(a *bind.Args, v lua.LValue) ([]core.Assignment, bool) {
	o, ok := a.ToGo(v).(interface{ Object() types.Object })
	if !ok {
		return nil, false
	}
	var out []core.Assignment
	for name, value := range o.Object().All() {
		out = append(out, core.Assign(nil, name, value))
	}
	return out, true
}

// pairsOf reads {column, value} pairs, or one list of them.
func pairsOf(a *bind.Args, vs []lua.LValue) []core.Assignment {
	if len(vs) == 1 {
		if t, ok := bind.IsList(vs[0]); ok && isRowList(t) {
			vs = a.ListOf(t)
		}
	}
	var out []core.Assignment
	for _, v := range vs {
		items := a.ListOf(v)
		if len(items) != 2 {
			bind.Fail(exc.ArgumentError, "%s() takes pairs: {column, value}", a.Name())
		}
		out = append(out, assignment(a, items[0], items[1]))
	}
	return out
}

// Assignments reads a table of values of a statement that writes.
func Assignments(a *bind.Args, table core.From, t *lua.LTable) []core.Assignment {
	return assignments(a, table, t)
}
