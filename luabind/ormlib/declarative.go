package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// special reads __tablename__, __table_args__ and their kin: a value, or a
// function of the class (a declared_attr).
func (k *Class) special(c *bind.Call, name string) (lua.LValue, error) {
	for _, b := range k.mro() {
		v, ok := b.body[name]
		if !ok {
			continue
		}
		if b != k && b.isDeclared() && (name == "__tablename__" || name == "__table__" || name == "__table_args__") {
			if _, fn := v.(*lua.LFunction); !fn {
				if _, d := bind.Unwrap[*declaredAttr](v); !d {
					return lua.LNil, nil // a mapped base's own
				}
			}
		}
		if b != k && b.isDeclared() && name == "__mapper_args__" {
			if _, fn := v.(*lua.LFunction); !fn {
				if _, d := bind.Unwrap[*declaredAttr](v); !d {
					return lua.LNil, nil
				}
			}
		}
		if d, ok := bind.Unwrap[*declaredAttr](v); ok {
			return k.computed(d)
		}
		f, ok := v.(*lua.LFunction)
		if !ok {
			return v, nil
		}
		cb, _ := c.CallbackOf(f)
		r, err := cb.Call(k)
		if err != nil || len(r) == 0 {
			return lua.LNil, err
		}
		return r[0], nil
	}
	return lua.LNil, nil
}

// placed is a mapped attribute before it goes to the mapper.
type placed struct {
	key    string
	value  any // a Property, a column, an expression
	column *core.Column
	source lua.LValue
	sort   int
}

// declare maps a declarative class.
func declare(c *bind.Call, k *Class) error {
	r := k.registryOf()
	defer k.startScan()()
	decls, err := k.declarations(c)
	if err != nil {
		return err
	}
	if args := k.transforms(); args == nil {
		err = k.checkNoFieldOptions(decls)
	} else if _, table := k.body["__table__"]; table {
		err = exc.New(exc.InvalidRequestError, "Class <class '%s'> already defines a '__table__'. ORM Annotated Dataclasses do not support a pre-existing '__table__' element", k.Name)
	} else {
		err = k.makeDataclass(c, args, decls)
	}
	if err != nil {
		return err
	}
	var parent *orm.Mapper
	for _, b := range k.Bases {
		if m := b.mapped(); m != nil {
			parent = m
			break
		}
	}
	tableName, err := k.special(c, "__tablename__")
	if err != nil {
		return err
	}
	tableValue, err := k.special(c, "__table__")
	if err != nil {
		return err
	}
	var attrs []placed
	for _, d := range decls {
		if len(d.name) > 4 && d.name[:2] == "__" {
			continue
		}
		p, ok := propertyOf(c, k, d.name, d.v)
		if !ok {
			continue
		}
		attrs = append(attrs, placed{key: d.name, value: p, column: columnIn(p), source: d.v, sort: sortOrder(d.v)})
	}
	if attrs, err = compositeColumns(attrs); err != nil {
		return err
	}
	if len(tableNameOf(tableName)) == 0 && tableValue == lua.LNil && parent == nil && k.waitingBase() == nil {
		return exc.New(exc.InvalidRequestError, "Class <class '%s'> does not have a __table__ or __tablename__ specified and does not inherit from an existing table-mapped class.", k.Name)
	}
	sortColumns(attrs)
	def := orm.Definition{Name: k.Name, Class: k, Inherits: parent}
	switch {
	case tableValue != lua.LNil:
		f, ok := corelib.Value(c, tableValue).(core.From)
		if !ok {
			return exc.New(exc.ArgumentError, "__table__ of %s must be a table", k.Name)
		}
		def.Local = f
		k.table, _ = core.PlainFrom(f).(*core.Table)
		for _, a := range attrs {
			if a.column != nil && a.column.Table == nil {
				return exc.New(exc.ArgumentError, "Can't add additional column %s when specifying __table__", types.Quote(a.key))
			}
		}
	case len(tableNameOf(tableName)) > 0:
		t, err := k.makeTable(c, r, tableNameOf(tableName), attrs)
		if err != nil {
			return err
		}
		def.Local, k.table = t, t
	default: // single-table inheritance: new columns go to the parent's table
		t := k.inheritedTable(parent)
		for _, a := range attrs {
			col := a.column
			if col == nil || col.Table != nil {
				continue
			}
			nameColumn(col, a.key)
			if t == nil {
				continue
			}
			if old, ok := t.Columns().Get(col.Key); ok {
				if old == col {
					continue
				}
				return exc.New(exc.ArgumentError, "Column '%s' on class %s conflicts with existing column '%s.%s'.  If using Declarative, consider using the use_existing_column parameter of mapped_column() to resolve conflicts.", a.key, k.Name, t.Name, old.Name)
			}
			t.Append(col)
		}
	}
	// The mapper takes plain columns from the table, in its order. Where one is
	// more than plain, all are named, after the rest.
	local := func(a placed) bool {
		return a.column != nil && a.column.Schema != nil && a.column.Table != nil &&
			(a.column.Table == core.From(k.table) || k.table == nil && a.column.Table == core.From(k.inheritedTable(parent)))
	}
	all := slices.ContainsFunc(attrs, func(a placed) bool { _, plain := a.value.(*core.Column); return local(a) && !plain })
	var columns []orm.Named
	for _, a := range attrs {
		n := orm.Named{Key: a.key, Value: a.value}
		switch _, plain := a.value.(*core.Column); {
		case !local(a) || plain && !all && a.column.Key != a.key:
			def.Properties = append(def.Properties, n)
		case all:
			columns = append(columns, n)
		}
	}
	def.Properties = append(def.Properties, columns...)
	for _, d := range decls {
		if d.own {
			def.Declared = append(def.Declared, d.name)
		}
	}
	readArgs := func(def *orm.Definition) error {
		args, err := k.special(c, "__mapper_args__")
		if err != nil {
			return err
		}
		return mapperArgs(c, k, def, args, attrs)
	}
	if k.reflectsLater() { // mapped when prepare() has reflected the table
		k.waits = true
		c.Kept[reflectionKey{}] = append(waiting(c.State), &deferredMapping{class: k, table: k.table, def: def, decls: decls, readArgs: readArgs})
		return nil
	}
	if err := readArgs(&def); err != nil {
		return err
	}
	if parent != nil && !def.Concrete && def.ExcludeProperties == nil {
		var own []string
		for _, a := range attrs {
			if a.column != nil {
				own = append(own, a.column.Key)
			}
		}
		def.ExcludeProperties = orm.ColumnsOfOthers(parent, own)
	}
	if a := k.automapping(); a != nil { // mapped when prepare() has seen the tables
		a.defer_(&deferredMapping{class: k, table: k.table, def: def, decls: decls})
		return nil
	}
	return k.mapTo(c, r, def, decls)
}

func tableNameOf(v lua.LValue) string {
	s, _ := v.(lua.LString)
	return string(s)
}

// inheritedTable is the table of single-table inheritance.
func (k *Class) inheritedTable(parent *orm.Mapper) *core.Table {
	if t := parentTable(parent); t != nil {
		return t
	}
	if b := k.waitingBase(); b != nil {
		return b.table
	}
	return nil
}

func parentTable(m *orm.Mapper) *core.Table {
	for ; m != nil; m = m.Inherits {
		if t := m.Table(); t != nil {
			return t
		}
	}
	return nil
}

// mapTo makes the mapper and finishes the class: hybrids, validators.
func (k *Class) mapTo(c *bind.Call, r *registry, def orm.Definition, decls []declared) error {
	m, err := r.Registry.Map(def)
	if err != nil {
		return err
	}
	k.mapper = m
	r.classes[k.Name] = append(r.classes[k.Name], k)
	m.Lookup = func(e *orm.Entity, name string) (core.Expr, bool, error) {
		return lookupDescriptor(c.State, k, e, name)
	}
	for _, d := range decls {
		finishProperty(c, k, d.name, d.v)
	}
	k.declareHooks(c, r)
	return replayEvents(c, k)
}

// makeTable makes the table of a declarative class.
func (k *Class) makeTable(c *bind.Call, r *registry, name string, attrs []placed) (*core.Table, error) {
	var items []core.SchemaItem
	for _, a := range attrs {
		if a.column == nil || a.column.Table != nil {
			continue
		}
		nameColumn(a.column, a.key)
		if slices.ContainsFunc(items, func(i core.SchemaItem) bool { return i == core.SchemaItem(a.column) }) {
			continue
		}
		items = append(items, a.column)
	}
	args, err := k.special(c, "__table_args__")
	if err != nil {
		return nil, err
	}
	L := c.L
	call := L.NewTable()
	call.Append(lua.LString(name))
	call.Append(c.FromGo(L, r.Registry.MetaData))
	for _, i := range items {
		call.Append(c.FromGo(L, i))
	}
	if t, ok := args.(*lua.LTable); ok {
		n := script.Len(t)
		for i := 1; i <= n; i++ {
			v := t.RawGetInt(i)
			if kw, ok := v.(*lua.LTable); ok && i == n && script.Len(kw) == 0 {
				for key, x := range script.Fields(kw) {
					call.RawSet(key, x)
				}
				continue
			}
			call.Append(v)
		}
		for key, x := range script.Fields(t) {
			call.RawSet(key, x)
		}
	}
	v, err := corelib.NewTable(c, call)
	if err != nil {
		return nil, err
	}
	return v, nil
}
