package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/orm"
)

// mappedColumn is mapped_column(…): a column with what the mapping says of it.
type mappedColumn struct {
	column        *core.Column
	deferred      bool
	deferredSet   bool
	group         string
	raiseLoad     bool
	activeHistory bool
	sortOrder     int
	field         *fieldOptions // of a dataclass
}

// property is what it maps: its column, or a property that says more.
func (m *mappedColumn) property() any {
	if !m.deferred && !m.deferredSet && m.group == "" && !m.activeHistory {
		return m.column
	}
	p := orm.NewColumnProperty(m.column)
	p.Deferred, p.DeferredSet, p.Group, p.RaiseLoad, p.ActiveHistory, p.SortOrder = m.deferred, m.deferredSet, m.group, m.raiseLoad, m.activeHistory, m.sortOrder
	return p
}

// SchemaItem is the column, in Table(…).
func (m *mappedColumn) SchemaItem() core.SchemaItem { return m.column }

// Clause is the column, in expressions.
func (m *mappedColumn) Clause() core.Node { return m.column }

var mappedColumnClass = bind.Define[*mappedColumn]("MappedColumn", "A column of a mapped class.").
	Property("column", "The column.", func(m *mappedColumn) any { return m.column }).
	Property("name", "The column's name.", func(m *mappedColumn) any { return nilText(string(m.column.Name)) }).
	Property("columns_to_assign", "The column with its sort_order, in a list.", func(m *mappedColumn) any {
		return []any{pairOf(m.column, m.sortOrder)}
	}).
	Property("mapper_property_to_assign", "The property that it maps, where it is more than its column.", func(m *mappedColumn) any {
		if p, ok := m.property().(*orm.ColumnProperty); ok {
			return p
		}
		return nil
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Bases = []*bind.Class{corelib.Operators.Class}
		c.Attr = func(call *bind.Call, self any, name string) (any, bool, error) {
			v := call.L.GetField(call.FromGo(call.L, self.(*mappedColumn).column), name)
			return v, v != lua.LNil, nil
		}
	})

var mappedColumnFunc = bind.Func(`mapped_column(name_pos=nil, type_pos=nil, *args, name=nil, type_=nil, key=nil, primary_key=false, nullable=nil, default{!}=nil, insert_default{!}=nil, onupdate{!}=nil, server_default{!}=nil, server_onupdate{!}=nil, autoincrement="auto", index=nil, unique=nil, quote=nil, system=false, comment=nil, doc=nil, info{}=nil, sort_order=0, deferred=nil, deferred_group=nil, deferred_raiseload=false, active_history=false, use_existing_column=false, init=nil, repr=nil, default_factory=nil, compare=nil, kw_only=nil, hash=nil, dataclass_metadata{!}=nil, **kw)`,
	"A column of a mapped class, 2.0's style.", `id = mapped_column(Integer, {primary_key = true})`, func(a *bind.Args) (any, error) {
		col, err := corelib.MakeColumn(a)
		if err != nil {
			return nil, err
		}
		m := &mappedColumn{column: col, group: a.String("deferred_group"), raiseLoad: a.Bool("deferred_raiseload"), activeHistory: a.Bool("active_history"), sortOrder: a.Int("sort_order"), field: readFieldOptions(a)}
		if b := a.OptBool("deferred"); b != nil {
			m.deferred, m.deferredSet = *b, true
		}
		if m.group != "" && !m.deferredSet {
			m.deferred, m.deferredSet = true, true
		}
		return m, nil
	})

// copied is what a mixin's column is in the class: a column of its own.
func copied(c *bind.Call, v lua.LValue) lua.LValue {
	u, ok := v.(*lua.LUserData)
	if !ok {
		return v
	}
	switch x := u.Value.(type) {
	case *core.Column:
		if x.Table == nil {
			return c.FromGo(c.L, corelib.CopyColumn(x))
		}
	case *mappedColumn:
		n := *x
		n.column = corelib.CopyColumn(x.column)
		return c.FromGo(c.L, &n)
	case *orm.ColumnProperty:
		if col := x.Column(); col != nil && col.Table == nil {
			n := *x
			n.Columns = []core.Expr{corelib.CopyColumn(col)}
			return c.FromGo(c.L, &n)
		}
	}
	return v
}

// sortColumns puts the columns of a class into the order of their sort_order,
// else as they were written: the class's own before those of its mixins.
func sortColumns(attrs []placed) {
	var at []int
	var cols []placed
	for i, a := range attrs {
		if a.column != nil && a.column.Schema != nil {
			at = append(at, i)
			cols = append(cols, a)
		}
	}
	slices.SortStableFunc(cols, func(a, b placed) int { return a.sort - b.sort })
	for i, n := range at {
		attrs[n] = cols[i]
	}
}

func sortOrder(v lua.LValue) int {
	if m, ok := bind.Unwrap[*mappedColumn](v); ok {
		return m.sortOrder
	}
	return 0
}

func nameColumn(c *core.Column, key string) {
	if c.Name == "" {
		c.Name = core.Name(key)
	}
	if c.Key == "" {
		c.Key = string(c.Name)
	}
}

// columnNamed finds a column of a class that is being mapped: by its attribute,
// else in the table.
func columnNamed(name string, table core.From, attrs []placed) core.Expr {
	for _, a := range attrs {
		if a.key == name && a.column != nil {
			return a.column
		}
	}
	if table != nil {
		if c, ok := table.Columns().Get(name); ok {
			return c
		}
	}
	return nil
}
