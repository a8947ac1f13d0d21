package enginelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
)

// Params reads the parameters of an execution: nothing, one table of names, or
// a list of such tables. Rows that never were Lua tables come as
// {columns = {…}, rows = {…}}.
func Params(c *bind.Call, v lua.LValue) engine.Params {
	if c.IsNull(v) {
		return engine.Params{}
	}
	if m, ok := bind.Unwrap[engine.Mapping](v); ok { // of a row
		return engine.Named(fieldsOf(m))
	}
	t, ok := v.(*lua.LTable)
	if !ok {
		bind.Fail(exc.ArgumentError, "List argument must consist only of tables; parameters are a table or a list of tables, not %s", c.KindOf(v))
	}
	if script.HasFields(t) {
		if script.Len(t) > 0 {
			bind.Fail(exc.ArgumentError, "parameters are a table with names, or a list of such tables, not both")
		}
		return engine.Named(set(c, t))
	}
	n := script.Len(t)
	if n == 0 {
		return engine.Params{}
	}
	if _, ok := bind.Unwrap[engine.Mapping](t.RawGetInt(1)); ok {
		return mappings(t, n)
	}
	first, ok := t.RawGetInt(1).(*lua.LTable)
	if !ok {
		bind.Fail(exc.ArgumentError, "List argument must consist only of tables")
	}
	var keys []string
	for k := range script.Fields(first) {
		name, ok := k.(lua.LString)
		if !ok {
			bind.Fail(exc.ArgumentError, "List argument must consist only of tables with names")
		}
		keys = append(keys, string(name))
	}
	if len(keys) == 0 && script.Len(first) > 0 {
		bind.Fail(exc.ArgumentError, "List argument must consist only of tables with names")
	}
	// Rows of the first one's names; a row with other names makes all of them maps.
	rows := make([][]any, 0, n)
	for i := 1; i <= n; i++ {
		item, ok := t.RawGetInt(i).(*lua.LTable)
		if !ok {
			bind.Fail(exc.ArgumentError, "List argument must consist only of tables")
		}
		row := make([]any, len(keys))
		found := 0
		for k, v := range script.Fields(item) {
			j := indexOf(keys, string(asName(k)))
			if j < 0 {
				return namedMany(c, t, n)
			}
			row[j] = c.ToGo(v)
			found++
		}
		if found != len(keys) {
			return namedMany(c, t, n)
		}
		rows = append(rows, row)
	}
	return engine.Rows(keys, rows)
}

// mappings are rows of another result, each as a set of parameters.
func mappings(t *lua.LTable, n int) engine.Params {
	sets := make([]map[string]any, n)
	for i := range sets {
		m, ok := bind.Unwrap[engine.Mapping](t.RawGetInt(i + 1))
		if !ok {
			bind.Fail(exc.ArgumentError, "List argument must consist only of tables")
		}
		sets[i] = fieldsOf(m)
	}
	return engine.NamedMany(sets)
}

func fieldsOf(m engine.Mapping) map[string]any {
	out := map[string]any{}
	for i, k := range m.Keys() {
		out[k] = m.At(i)
	}
	return out
}

func asName(k lua.LValue) lua.LString {
	s, ok := k.(lua.LString)
	if !ok {
		bind.Fail(exc.ArgumentError, "parameters need names, got %s", k.String())
	}
	return s
}

func indexOf(keys []string, k string) int {
	for i := range keys {
		if keys[i] == k {
			return i
		}
	}
	return -1
}

func set(c *bind.Call, t *lua.LTable) map[string]any {
	m := map[string]any{}
	for k, v := range script.Fields(t) {
		m[string(asName(k))] = c.ToGo(v)
	}
	return m
}

func namedMany(c *bind.Call, t *lua.LTable, n int) engine.Params {
	sets := make([]map[string]any, n)
	for i := range sets {
		sets[i] = set(c, t.RawGetInt(i+1).(*lua.LTable))
	}
	return engine.NamedMany(sets)
}

// DriverParams reads the parameters of exec_driver_sql: a list of values, a
// list of such lists, a table of names, or a list of such tables.
func DriverParams(c *bind.Call, v lua.LValue) engine.Params {
	t, ok := v.(*lua.LTable)
	if !ok || script.HasFields(t) || script.Len(t) == 0 {
		return Params(c, v)
	}
	if first, ok := t.RawGetInt(1).(*lua.LTable); ok {
		if script.HasFields(first) {
			return Params(c, v)
		}
		var rows [][]any
		for i := 1; i <= script.Len(t); i++ {
			row, ok := c.ToGo(t.RawGetInt(i)).([]any)
			if !ok {
				bind.Fail(exc.ArgumentError, "List argument must consist only of lists or tables")
			}
			rows = append(rows, row)
		}
		return engine.PositionalMany(rows)
	}
	values, _ := c.ToGo(t).([]any)
	return engine.Positional(values...)
}

// Options reads execution options.
func Options(c *bind.Call, v lua.LValue) core.Options {
	if c.IsNull(v) {
		return nil
	}
	t, ok := v.(*lua.LTable)
	if !ok || script.Len(t) > 0 {
		bind.Fail(exc.ArgumentError, "execution options are a table with names")
	}
	var o core.Options
	for k, v := range script.Fields(t) {
		if o == nil {
			o = core.Options{}
		}
		name := string(asName(k))
		o[name] = corelib.ExecutionOption(c, name, v)
	}
	return o
}

// keywords are the options given as keyword arguments.
func keywords(a *bind.Args) core.Options {
	o := core.Options{}
	for _, k := range a.Keywords() {
		o[k.Name] = corelib.ExecutionOption(a.Call, k.Name, k.Value)
	}
	return o
}
