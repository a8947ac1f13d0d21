package enginelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
)

// Row is the class of result rows: tuples whose values have names.
var Row = bind.Define[engine.Row]("Row", "One row of a result, by position, name or column.").
	Method("_asdict()", "The row as a table of names and values.", "row:_asdict()", func(r engine.Row, a *bind.Args) (any, error) { return r.Object(), nil }).
	Method("_tuple()", "The row as a tuple.", "row:_tuple()", func(r engine.Row, a *bind.Args) (any, error) { return r, nil }).
	Method("tuple()", "The row as a tuple.", "row:tuple()", func(r engine.Row, a *bind.Args) (any, error) { return r, nil }).
	Method("count(value)", "How many columns have the value.", "row:count(5)", func(r engine.Row, a *bind.Args) (any, error) { return r.Count(a.Any("value")), nil }).
	Method("index(value)", "The position of the first column with the value.", "row:index(5)", func(r engine.Row, a *bind.Args) (any, error) {
		i := r.Index(a.Any("value"))
		if i < 0 {
			return nil, exc.New(exc.ValueError, "tuple.index(x): x not in tuple")
		}
		return i + 1, nil
	}).
	Method("keys()", "The names of the columns.", "row:keys()", func(r engine.Row, a *bind.Args) (any, error) { return r.Keys(), nil }).
	Property("_mapping", "The row as a mapping.", func(r engine.Row) any { return engine.Mapping{Row: r} }).
	Property("_fields", "The names of the columns.", func(r engine.Row) any { return fields(r) }).
	Property("_t", "The row as a tuple.", func(r engine.Row) any { return r }).
	Property("t", "The row as a tuple.", func(r engine.Row) any { return r }).
	With(func(c *bind.Class) {
		c.Value, c.AttrFirst, c.What, c.Missing = true, true, "column", missing(exc.AttributeError)
		c.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
			r := self.(engine.Row)
			if !r.Meta().Has(name) {
				return nil, false, nil
			}
			v, err := r.Attr(name)
			return v, true, err
		}
		c.AttrNames = func(self any) []string { return self.(engine.Row).Keys() }
		c.SetAttr = func(_ *bind.Call, _ any, name string, _ lua.LValue) (bool, error) {
			return false, exc.New(exc.AttributeError, "can't set attribute '%s': a row does not change", name)
		}
		c.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) { return rowItem(c, self.(engine.Row), key) }
		c.Len = func(_ *bind.Call, self any) (int, error) { return self.(engine.Row).Len(), nil }
		c.Unpack = func(_ *bind.Call, self any) ([]any, error) { return self.(engine.Row).Values(), nil }
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			return eachOf(self.(engine.Row).Values()), nil
		}
		c.Repr = rowText
		c.Str = rowText
		c.Operate = func(c *bind.Call, op string, a, b lua.LValue) (any, error) {
			x, okx := bind.Unwrap[engine.Row](a)
			y, oky := rowOperand(c, b)
			if !okx {
				y, oky = bind.Unwrap[engine.Row](b)
				x, okx = rowOperand(c, a)
			}
			if !okx || !oky {
				return nil, bind.ErrDeclined
			}
			if op == "==" || op == "~=" {
				return x.Equal(y) == (op == "=="), nil
			}
			n, ok := x.Compare(y)
			if !ok {
				return nil, bind.ErrDeclined
			}
			switch op {
			case "<":
				return n < 0, nil
			case "<=":
				return n <= 0, nil
			case ">":
				return n > 0, nil
			case ">=":
				return n >= 0, nil
			}
			return nil, bind.ErrDeclined
		}
	})

// missing is the error for a column that a row does not have.
func missing(class *exc.Class) func(name, suggestion string) error {
	return func(name, suggestion string) error {
		return exc.New(class, "Could not locate column in row for column '%s'%s", name, suggestion)
	}
}

// rowText spells a row as the tuple of its values' own shown forms.
func rowText(c *bind.Call, self any) (string, error) {
	r := self.(engine.Row)
	text := "("
	for i, v := range r.Values() {
		if i > 0 {
			text += ", "
		}
		text += c.ReprGo(v)
	}
	if r.Len() == 1 {
		text += ","
	}
	return text + ")", nil
}

// rowOperand reads the other side of a comparison: a row, or a list.
func rowOperand(c *bind.Call, v lua.LValue) (engine.Row, bool) {
	if r, ok := bind.Unwrap[engine.Row](v); ok {
		return r, true
	}
	if t, ok := bind.IsList(v); ok {
		values, _ := c.ToGo(t).([]any)
		return engine.NewRow(engine.NewMeta(nil), values), true
	}
	return engine.Row{}, false
}

func rowItem(c *bind.Call, r engine.Row, key lua.LValue) (any, error) {
	switch k := key.(type) {
	case lua.LNumber:
		i := int(k)
		if i < 1 || i > r.Len() {
			return nil, exc.New(exc.IndexError, "tuple index out of range: %d of %d", i, r.Len())
		}
		return r.At(i - 1), nil
	case lua.LString:
		return r.Get(string(k))
	}
	if e, ok := corelib.Value(c, key).(core.Expr); ok {
		return r.Of(e)
	}
	return nil, exc.New(exc.NoSuchColumnError, "Could not locate column in row for column '%s'", c.Repr(c.L, key))
}

func fields(r engine.Row) any {
	values := make([]any, len(r.Keys()))
	for i, k := range r.Keys() {
		values[i] = k
	}
	return engine.NewRow(engine.NewMeta(nil), values)
}

// eachOf iterates over values.
func eachOf[T any](values []T) func() (any, bool, error) {
	i := 0
	return func() (any, bool, error) {
		if i >= len(values) {
			return nil, false, nil
		}
		i++
		return values[i-1], true, nil
	}
}

// Mapping is the class of rows seen as mappings.
var Mapping = bind.Define[engine.Mapping]("RowMapping", "A row as names and values.").
	Method("keys()", "The names.", "m:keys()", func(m engine.Mapping, a *bind.Args) (any, error) { return keyView(m.Keys()), nil }).
	Method("values()", "The values.", "m:values()", func(m engine.Mapping, a *bind.Args) (any, error) { return m.Values(), nil }).
	Method("items()", "Pairs of name and value.", "m:items()", func(m engine.Mapping, a *bind.Args) (any, error) {
		pairs := make([]any, m.Len())
		pair := engine.NewMeta([]string{"key", "value"})
		for i, k := range m.Keys() {
			pairs[i] = engine.NewRow(pair, []any{k, m.At(i)})
		}
		return pairs, nil
	}).
	Method("get(key, default=nil)", "The value of a name, or the default.", `m:get("name")`, func(m engine.Mapping, a *bind.Args) (any, error) {
		v, err := rowItem(a.Call, m.Row, a.Lua("key"))
		if err != nil {
			return a.Lua("default"), nil
		}
		return v, nil
	}).
	With(func(c *bind.Class) {
		c.Value, c.AttrFirst, c.What, c.Missing = true, true, "column", missing(exc.NoSuchColumnError)
		c.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
			m := self.(engine.Mapping)
			if !m.Meta().Has(name) {
				return nil, false, nil
			}
			v, err := m.Get(name)
			return v, true, err
		}
		c.AttrNames = func(self any) []string { return self.(engine.Mapping).Keys() }
		c.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			return rowItem(c, self.(engine.Mapping).Row, key)
		}
		c.Len = func(_ *bind.Call, self any) (int, error) { return self.(engine.Mapping).Len(), nil }
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			return eachOf(self.(engine.Mapping).Keys()), nil
		}
		c.Repr = func(c *bind.Call, self any) (string, error) { return c.ReprGo(self.(engine.Mapping).Object()), nil }
		c.Str = c.Repr
		c.Operate = func(c *bind.Call, op string, a, b lua.LValue) (any, error) {
			x, okx := bind.Unwrap[engine.Mapping](a)
			y, oky := bind.Unwrap[engine.Mapping](b)
			if !okx || !oky || op != "==" && op != "~=" {
				return nil, bind.ErrDeclined
			}
			return x.Equal(y.Row) == (op == "=="), nil
		}
	})
