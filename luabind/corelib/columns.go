package corelib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// columns is a collection of columns as Lua sees it: `table.c`, or the
// `selected_columns` of a query, which are expressions.
type columns struct {
	of    core.From // nil for a query's
	keys  []string
	exprs []core.Expr
}

func columnsOf(f core.From) *columns {
	cols := f.Columns()
	c := &columns{of: f, keys: cols.Keys(), exprs: make([]core.Expr, cols.Len())}
	for i, col := range cols.All() {
		c.exprs[i] = col
	}
	return c
}

// selected are the columns of a query by key.
func selected(q core.Query) *columns {
	c := &columns{}
	style := core.LabelDisambiguate
	if s, ok := q.(*core.Select); ok {
		style = s.LabelStyle
	}
	for _, n := range core.NameColumns(q.Selected(), style, false) {
		if n.Key == "" {
			continue
		}
		c.keys = append(c.keys, n.Key)
		c.exprs = append(c.exprs, n.X)
	}
	return c
}

// All are the columns.
func (c *columns) All() []core.Expr { return c.exprs }

func (c *columns) get(key string) (core.Expr, bool) {
	i := slices.Index(c.keys, key)
	if i < 0 {
		return nil, false
	}
	return c.exprs[i], true
}

var columnsClass = bind.Define[*columns]("ColumnCollection", "The columns of a table or query, by name.").
	Method("keys()", "The names.", "users.c:keys()", func(c *columns, a *bind.Args) (any, error) { return c.keys, nil }).
	Method("values()", "The columns.", "users.c:values()", func(c *columns, a *bind.Args) (any, error) { return c.exprs, nil }).
	Method("items()", "Pairs of name and column.", "users.c:items()", func(c *columns, a *bind.Args) (any, error) {
		out := make([]any, len(c.keys))
		for i, k := range c.keys {
			out[i] = []any{k, c.exprs[i]}
		}
		return out, nil
	}).
	Method("get(key, default{}=nil)", "The column of that name, or a default.", `users.c:get("id")`, func(c *columns, a *bind.Args) (any, error) {
		if e, ok := c.get(a.String("key")); ok {
			return e, nil
		}
		return a.Lua("default"), nil
	}).
	Method("contains_column(col)", "Whether the column is among them.", "users.c:contains_column(c)", func(c *columns, a *bind.Args) (any, error) {
		return slices.Contains(c.exprs, Expr(a.Call, a.Lua("col"), ElementRole)), nil
	}).
	Method("has_key(key)", "Whether there is a column of that name.", `users.c:has_key("id")`, func(c *columns, a *bind.Args) (any, error) {
		_, ok := c.get(a.String("key"))
		return ok, nil
	}).
	Method("contains(key)", "Whether there is a column of that name.", `users.c:contains("id")`, func(c *columns, a *bind.Args) (any, error) {
		if s, ok := a.Any("key").(string); ok {
			_, ok := c.get(s)
			return ok, nil
		}
		return slices.Contains(c.exprs, Expr(a.Call, a.Lua("key"), ElementRole)), nil
	}).
	Method("corresponding_column(column, require_embedded=false)", "The column that stands for another.", "alias.c:corresponding_column(users.c.id)", func(c *columns, a *bind.Args) (any, error) {
		e := Expr(a.Call, a.Lua("column"), ElementRole)
		if c.of != nil {
			if col, ok := c.of.Columns().Corresponding(e); ok {
				return col, nil
			}
			return nil, nil
		}
		for _, x := range c.exprs {
			if core.SharesLineage(x, e) {
				return x, nil
			}
		}
		return nil, nil
	}).
	With(func(class *bind.Class) {
		class.AttrFirst = true
		class.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
			e, ok := self.(*columns).get(name)
			return e, ok, nil
		}
		class.AttrNames = func(self any) []string { return self.(*columns).keys }
		class.What = "column"
		class.Path = func(self any) string {
			c := self.(*columns)
			if c.of == nil {
				return "c"
			}
			if name, ok := core.FromName(c.of); ok && !name.IsAnonymous() {
				return string(name) + ".c"
			}
			return "c"
		}
		class.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			cols := self.(*columns)
			switch k := key.(type) {
			case lua.LNumber:
				if i := int(k); i >= 1 && i <= len(cols.exprs) {
					return cols.exprs[i-1], nil
				}
				return nil, exc.New(exc.IndexError, "column position %s is out of range (1..%d)", k.String(), len(cols.exprs))
			case *lua.LTable:
				sub := &columns{}
				for _, item := range c.ListOf(k) {
					e, err := cols.find(c, item)
					if err != nil {
						return nil, err
					}
					sub.keys = append(sub.keys, e.key)
					sub.exprs = append(sub.exprs, e.x)
				}
				return sub, nil
			}
			e := Expr(c, key, ElementRole)
			if slices.Contains(cols.exprs, e) {
				return e, nil
			}
			return nil, exc.New(exc.KeyError, "%s", c.Repr(c.L, key))
		}
		class.Len = func(_ *bind.Call, self any) (int, error) { return len(self.(*columns).exprs), nil }
		class.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			i, list := 0, self.(*columns).exprs
			return func() (any, bool, error) {
				if i >= len(list) {
					return nil, false, nil
				}
				i++
				return list[i-1], true, nil
			}, nil
		}
		class.Repr = func(c *bind.Call, self any) (string, error) {
			text := ""
			for i, e := range self.(*columns).exprs {
				if i > 0 {
					text += ", "
				}
				text += c.ReprGo(e)
			}
			return "<ColumnCollection (" + text + ")>", nil
		}
		class.Str = func(_ *bind.Call, self any) (string, error) {
			list := self.(*columns).exprs
			texts := make([]string, len(list))
			for i, e := range list {
				compiled, err := compile.Compile(compile.Default(), e, compile.Options{})
				if err != nil {
					return "", err
				}
				texts[i] = compiled.String()
			}
			return "ReadOnlyColumnCollection(" + strings.Join(texts, ", ") + ")", nil
		}
	})

type keyed struct {
	key string
	x   core.Expr
}

func (c *columns) find(call *bind.Call, v lua.LValue) (keyed, error) {
	switch k := v.(type) {
	case lua.LString:
		if e, ok := c.get(string(k)); ok {
			return keyed{string(k), e}, nil
		}
		return keyed{}, exc.New(exc.KeyError, "%s%s", call.Repr(call.L, k), bind.Suggest(string(k), c.keys))
	case lua.LNumber:
		if i := int(k); i >= 1 && i <= len(c.exprs) {
			return keyed{c.keys[i-1], c.exprs[i-1]}, nil
		}
	}
	return keyed{}, exc.New(exc.IndexError, "no column at %s", call.Repr(call.L, v))
}
