package dbapilib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// A kind is what a cursor makes of rows, as one of the modules names it.
type kind struct {
	name string
	make func(*bind.Call, engine.Row) any
}

// rowKind is the class of kinds: pymysql.cursors.DictCursor and the like.
var rowKind = bind.Define[*kind]("cursor class", "What a cursor makes of its rows; give it to cursor() or connect().").
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return "<class '" + self.(*kind).name + "'>", nil
		}
	})

// asTable makes a row a table of its names, as Python's dict.
func asTable(c *bind.Call, r engine.Row) any { return r.Object() }

// asTuple leaves it a tuple.
func asTuple(_ *bind.Call, r engine.Row) any { return r }

// plainRow is a row of sqlite3.Row.
type plainRow struct{ row engine.Row }

// sqliteRow is the class sqlite3.Row.
var sqliteRow = bind.Define[*plainRow]("sqlite3.Row", "A row by position and by name, whatever its case: connection.row_factory = sqlite3.Row.").
	Method("keys()", "The names of the columns.", "row:keys()", func(r *plainRow, a *bind.Args) (any, error) { return r.row.Keys(), nil }).
	With(func(c *bind.Class) {
		c.Value, c.AttrFirst, c.What = true, true, "column"
		find := func(r *plainRow, name string) int {
			for i, k := range r.row.Keys() {
				if strings.EqualFold(k, name) {
					return i
				}
			}
			return -1
		}
		c.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
			r := self.(*plainRow)
			if i := find(r, name); i >= 0 {
				return r.row.At(i), true, nil
			}
			return nil, false, nil
		}
		c.Missing = func(name, suggestion string) error {
			return exc.New(exc.IndexError, "No item with that key: %s%s", name, suggestion)
		}
		c.AttrNames = func(self any) []string { return self.(*plainRow).row.Keys() }
		c.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			r := self.(*plainRow).row
			if n, ok := key.(lua.LNumber); ok && int(n) >= 1 && int(n) <= r.Len() {
				return r.At(int(n) - 1), nil
			}
			return nil, exc.New(exc.IndexError, "Index must be int or string: %s of %d", c.Repr(c.L, key), r.Len())
		}
		c.Len = func(_ *bind.Call, self any) (int, error) { return self.(*plainRow).row.Len(), nil }
		c.Unpack = func(_ *bind.Call, self any) ([]any, error) { return self.(*plainRow).row.Values(), nil }
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			values := self.(*plainRow).row.Values()
			return func() (any, bool, error) {
				if len(values) == 0 {
					return nil, false, nil
				}
				v := values[0]
				values = values[1:]
				return v, true, nil
			}, nil
		}
		c.Operate = func(_ *bind.Call, op string, a, b lua.LValue) (any, error) {
			x, okx := bind.Unwrap[*plainRow](a)
			y, oky := bind.Unwrap[*plainRow](b)
			if op != "==" && op != "~=" || !okx || !oky {
				return nil, bind.ErrDeclined
			}
			return x.row.Equal(y.row) == (op == "=="), nil
		}
	})

// factoryOf reads what is assigned to row_factory or given as cursor_factory.
func factoryOf(v lua.LValue) any {
	if v == lua.LNil {
		return nil
	}
	return v
}

func setFactory(_ *bind.Call, c *engine.DriverConn, v lua.LValue) error {
	c.Info[factoryNote] = factoryOf(v)
	return nil
}

// made gives a row as the cursor's user wants it.
func made(c *bind.Call, cur *dbapi.Cursor, r engine.Row) (any, error) {
	v, ok := cur.Factory.(lua.LValue)
	if !ok || c.IsNull(v) {
		return r, nil
	}
	if k, ok := bind.Unwrap[*kind](v); ok {
		return k.make(c, r), nil
	}
	if class, ok := bind.Unwrap[*bind.Class](v); ok && class == sqliteRow.Class {
		return &plainRow{r}, nil
	}
	f, ok := c.CallbackOf(v)
	if !ok {
		return nil, exc.New(exc.TypeError, "row_factory must be a function of cursor and row, not %s", c.KindOf(v))
	}
	out, err := f.Call(cur, r)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out[0], nil
}

func madeAll(c *bind.Call, cur *dbapi.Cursor, rows []engine.Row, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	out := make([]any, len(rows))
	for i, r := range rows {
		if out[i], err = made(c, cur, r); err != nil {
			return nil, err
		}
	}
	return out, nil
}
