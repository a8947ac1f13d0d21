package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

var metadataClass = bind.Define[*core.MetaData]("MetaData", "A catalogue of tables.").
	Constructor("MetaData(schema=nil, quote_schema=nil, naming_convention{}=nil, info{}=nil)", "Make an empty catalogue.", "metadata = MetaData()", func(a *bind.Args) (any, error) {
		m := core.NewMetaData()
		m.Attaching = AttachmentsOf(a.State)
		m.Schema = a.String("schema")
		m.Info = info(a)
		if a.Has("naming_convention") {
			m.NamingConvention = map[string]any{}
			o, _ := a.Any("naming_convention").(types.Object)
			for k, v := range o.All() {
				if cb, ok := v.(*bind.Callback); ok {
					m.NamingConvention[k] = core.ConventionToken(func(item any, table *core.Table) (string, error) {
						v, err := cb.Call1(item, table)
						text, _ := v.(string)
						return text, err
					})
					continue
				}
				m.NamingConvention[k] = v
			}
		}
		return m, nil
	}).
	Property("tables", "Its tables by name.", func(m *core.MetaData) any { return &tableMap{m} }).
	Property("sorted_tables", "Its tables, each after those it refers to.", func(m *core.MetaData) any {
		t, _ := m.Sorted()
		return t
	}).
	Property("schema", "The schema of tables that name none.", func(m *core.MetaData) any { return orNilText(m.Schema) }).
	Setter(func(c *bind.Call, m *core.MetaData, v lua.LValue) error {
		m.Schema, _ = c.ToGo(v).(string)
		return nil
	}).
	Property("info", "Anything you keep with it.", func(m *core.MetaData) any {
		if m.Info == nil {
			m.Info = map[string]any{}
		}
		return m.Info
	}).
	Property("naming_convention", "How constraints without names are named.", func(m *core.MetaData) any { return m.NamingConvention }).
	Method("clear()", "Forget all tables.", "metadata:clear()", func(m *core.MetaData, a *bind.Args) (any, error) { m.Clear(); return nil, nil }).
	Method("remove(table)", "Forget a table.", "metadata:remove(users)", func(m *core.MetaData, a *bind.Args) (any, error) {
		m.Remove(bind.Get[*core.Table](a, "table"))
		return nil, nil
	}).
	Method("contains(name)", "Whether it has a table of that name.", `metadata:contains("users")`, func(m *core.MetaData, a *bind.Args) (any, error) {
		if t, ok := a.Any("name").(*core.Table); ok {
			found, ok := m.Table(t.FullName())
			return ok && found == t, nil
		}
		_, ok := m.Table(a.String("name"))
		return ok, nil
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(*bind.Call, any) (string, error) { return "MetaData()", nil }
	})

// tableMap is metadata.tables.
type tableMap struct{ m *core.MetaData }

var tableMapClass = bind.Define[*tableMap]("FacadeDict", "Tables by name.").
	Method("keys()", "The names.", "metadata.tables:keys()", func(t *tableMap, a *bind.Args) (any, error) { return t.m.TableNames(), nil }).
	Method("values()", "The tables.", "metadata.tables:values()", func(t *tableMap, a *bind.Args) (any, error) { return t.m.Tables(), nil }).
	Method("items()", "Pairs of name and table.", "metadata.tables:items()", func(t *tableMap, a *bind.Args) (any, error) {
		var out []any
		for _, x := range t.m.Tables() {
			out = append(out, []any{x.FullName(), x})
		}
		return out, nil
	}).
	Method("get(key, default{}=nil)", "The table of that name, or a default.", `metadata.tables:get("users")`, func(t *tableMap, a *bind.Args) (any, error) {
		if x, ok := t.m.Table(a.String("key")); ok {
			return x, nil
		}
		return a.Lua("default"), nil
	}).
	With(func(c *bind.Class) {
		c.AttrFirst = true
		c.What = "table"
		c.Path = func(any) string { return "metadata.tables" }
		c.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
			m := self.(*tableMap).m
			t, ok := m.Table(name)
			if ok || m.Missing == nil || c.Peeking() {
				return t, ok, nil
			}
			t, err := m.Missing(c.Context(), name)
			return t, t != nil, err
		}
		c.AttrNames = func(self any) []string { return self.(*tableMap).m.TableNames() }
		c.Len = func(_ *bind.Call, self any) (int, error) { return len(self.(*tableMap).m.Tables()), nil }
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			return iterate(self.(*tableMap).m.TableNames()), nil
		}
		c.Repr = func(c *bind.Call, self any) (string, error) {
			text := "FacadeDict({"
			for i, t := range self.(*tableMap).m.Tables() {
				if i > 0 {
					text += ", "
				}
				text += types.Quote(t.FullName()) + ": " + c.ReprGo(t)
			}
			return text + "})", nil
		}
	})

func iterate[T any](items []T) func() (any, bool, error) {
	i := 0
	return func() (any, bool, error) {
		if i >= len(items) {
			return nil, false, nil
		}
		i++
		return items[i-1], true, nil
	}
}
