package ormlib

import (
	"slices"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// registry is a family of mapped classes, as registry() and
// declarative_base() make one.
type registry struct {
	*orm.Registry
	state   *bind.State
	classes map[string][]*Class
}

func newRegistry(s *bind.State, m *core.MetaData) *registry {
	if m == nil {
		m = core.NewMetaData()
		m.Attaching = corelib.AttachmentsOf(s)
	}
	r := &registry{Registry: orm.NewRegistry(m), state: s, classes: map[string][]*Class{}}
	r.Registry.Eval = r.eval
	known, _ := registries.LoadOrStore(s, &[]*registry{})
	list := known.(*[]*registry)
	*list = append(*list, r)
	return r
}

// registries lists the registries of each state.
var registries sync.Map // *bind.State → *[]*registry

func allRegistries(s *bind.State) []*registry {
	if list, ok := registries.Load(s); ok {
		return *list.(*[]*registry)
	}
	return nil
}

var registryClass = bind.Define[*registry]("registry", "A family of mapped classes.").
	Constructor("registry(metadata=nil, type_annotation_map{}=nil)", "Make a family of mapped classes.", "reg = registry()", func(a *bind.Args) (any, error) {
		return newRegistry(a.State, bind.Get[*core.MetaData](a, "metadata")), nil
	}).
	Property("metadata", "The catalogue of its tables.", func(r *registry) any { return r.Registry.MetaData }).
	Property("mappers", "Its mappers.", func(r *registry) any { return r.Registry.Mappers() }).
	Method("generate_base(name=\"Base\", cls=nil)", "A declarative base of this family.", "Base = reg:generate_base()", func(r *registry, a *bind.Args) (any, error) {
		return newBase(a, r), nil
	}).
	Method("as_declarative_base(**kw)", "Make a class of one's own the declarative base: reg:as_declarative_base()(class).", `Base = reg:as_declarative_base()(class("Base", nil, {}))`, func(r *registry, a *bind.Args) (any, error) {
		return classDecorator(a, "as_declarative_base", func(k *Class) (any, error) { return asBase(r, k), nil }), nil
	}).
	Method("map_declaratively(cls)", "Map a class that says __tablename__ but has no base; the mapper.", "reg:map_declaratively(User)", func(r *registry, a *bind.Args) (any, error) {
		k := bind.Get[*Class](a, "cls")
		k.registry = r
		if err := declare(a.Call, k); err != nil {
			return nil, err
		}
		return k.mapper, nil
	}).
	Method("map_imperatively(class_, local_table=nil, *, properties{}=nil, **kw)", "Map a class that is kept apart from its table.", "reg:map_imperatively(User, users_table)", mapImperatively).
	Method("configure(cascade=false)", "Resolve what mappings left open.", "reg:configure()", func(r *registry, a *bind.Args) (any, error) { return nil, r.Registry.Configure() }).
	Method("dispose(cascade=false)", "Forget all its mappers.", "reg:dispose()", func(r *registry, a *bind.Args) (any, error) { r.Registry.Dispose(); return nil, nil }).
	Method("mapped(cls)", "Map a class that says __tablename__ but has no base.", "reg:mapped(User)", func(r *registry, a *bind.Args) (any, error) {
		k := bind.Get[*Class](a, "cls")
		k.registry = r
		return k, declare(a.Call, k)
	}).
	With(func(c *bind.Class) { c.Identity = true })

// newBase makes a declarative base.
func newBase(a *bind.Args, r *registry) *Class {
	name := a.String("name")
	k := &Class{Name: name, registry: r, abstract: true, body: map[string]lua.LValue{}}
	if a.Accepts("cls") {
		if cls := bind.Get[*Class](a, "cls"); cls != nil {
			k.Bases = []*Class{cls}
		}
	}
	return k
}

var declarativeBase = bind.Func("declarative_base(metadata=nil, mapper=nil, cls=nil, name=\"Base\", constructor=nil, class_registry{}=nil, type_annotation_map{}=nil)",
	"The base of a family of mapped classes.", "Base = declarative_base()", func(a *bind.Args) (any, error) {
		return newBase(a, newRegistry(a.State, bind.Get[*core.MetaData](a, "metadata"))), nil
	})

// declarativeRoot is DeclarativeBase, the base of a base in 2.0's style.
type declarativeRoot struct{ name string }

var declarativeRootClass = bind.Define[*declarativeRoot]("DeclarativeBase", "The base of a declarative base: class(\"Base\", DeclarativeBase, {}).").With(func(c *bind.Class) {
	c.Identity = true
	c.Repr = func(_ *bind.Call, self any) (string, error) {
		return "<class '" + self.(*declarativeRoot).name + "'>", nil
	}
})

// makeClass is class(name, bases, body) for declarative and plain classes.
func makeClass(c *bind.Call, name string, bases []lua.LValue, body *lua.LTable) (any, bool, error) {
	k := &Class{Name: name, body: map[string]lua.LValue{}}
	root := false
	for _, b := range bases {
		switch x := c.ToGo(b).(type) {
		case *Class:
			k.Bases = append(k.Bases, x)
		case *declarativeRoot:
			root = root || x.name != "MappedAsDataclass"
		default:
			return nil, false, nil
		}
	}
	for key, v := range script.Fields(body) {
		n, ok := key.(lua.LString)
		if !ok {
			return nil, true, exc.New(exc.TypeError, "class(): the fields of a body need names")
		}
		k.set(string(n), v)
	}
	if root {
		var m *core.MetaData
		if v, _ := k.lookup("metadata"); v != lua.LNil {
			m, _ = c.ToGo(v).(*core.MetaData)
		}
		if v, _ := k.lookup("registry"); v != lua.LNil {
			k.registry, _ = c.ToGo(v).(*registry)
		}
		if k.registry == nil {
			k.registry = newRegistry(c.State, m)
		}
		k.abstract = true
		return k, true, nil
	}
	if !k.declarative() {
		return k, true, nil // a mixin, or a plain class
	}
	if v, ok := k.body["__abstract__"]; ok && lua.LVAsBool(v) {
		k.abstract = true
		return k, true, nil
	}
	kind := k.concreteKind()
	if kind == abstractConcrete {
		k.abstract = true
		return k, true, k.mapOverUnion(c)
	}
	if err := declare(c, k); err != nil {
		return k, true, err
	}
	if kind == concreteBase {
		k.loadOverUnion()
	}
	return k, true, nil
}

// declarative reports whether a class is mapped by being written: one of its
// bases is a declarative base or was mapped so.
func (c *Class) declarative() bool {
	return slices.ContainsFunc(c.mro(), func(k *Class) bool { return k.registry != nil && !k.imperative })
}

// mappedColumn is mapped_column(…): a column with what the mapping says of it.
type mappedColumn struct {
	column        *core.Column
	deferred      bool
	deferredSet   bool
	group         string
	raiseLoad     bool
	activeHistory bool
	sortOrder     int
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

var mappedColumnFunc = bind.Func(`mapped_column(name_pos=nil, type_pos=nil, *args, name=nil, type_=nil, key=nil, primary_key=false, nullable=nil, default{!}=nil, insert_default{!}=nil, onupdate{!}=nil, server_default{!}=nil, server_onupdate{!}=nil, autoincrement="auto", index=nil, unique=nil, quote=nil, system=false, comment=nil, doc=nil, info{}=nil, sort_order=0, init=nil, repr=nil, deferred=nil, deferred_group=nil, deferred_raiseload=false, active_history=false, use_existing_column=false, default_factory=nil, kw_only=nil, compare=nil, hash=nil, **kw)`,
	"A column of a mapped class, 2.0's style.", `id = mapped_column(Integer, {primary_key = true})`, func(a *bind.Args) (any, error) {
		col, err := corelib.MakeColumn(a)
		if err != nil {
			return nil, err
		}
		m := &mappedColumn{column: col, group: a.String("deferred_group"), raiseLoad: a.Bool("deferred_raiseload"), activeHistory: a.Bool("active_history"), sortOrder: a.Int("sort_order")}
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

// special reads __tablename__, __table_args__ and their kin: a value, or a
// function of the class (a declared_attr).
func (k *Class) special(c *bind.Call, name string) (lua.LValue, error) {
	for _, b := range k.mro() {
		v, ok := b.body[name]
		if !ok {
			continue
		}
		if b != k && b.mapper != nil && (name == "__tablename__" || name == "__table__" || name == "__table_args__") {
			if _, fn := v.(*lua.LFunction); !fn {
				if _, d := bind.Unwrap[*declaredAttr](v); !d {
					return lua.LNil, nil // a mapped base's own
				}
			}
		}
		if b != k && b.mapper != nil && name == "__mapper_args__" {
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
	var parent *orm.Mapper
	for _, b := range k.Bases {
		if m := b.mapped(); m != nil {
			parent = m
			break
		}
	}
	args, err := k.special(c, "__mapper_args__")
	if err != nil {
		return err
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
		if composite, ok := p.(*orm.Composite); ok { // the columns made in it are the class's
			for _, x := range composite.Attrs {
				if col := columnIn(x); col != nil && col.Table == nil && col.Name != "" {
					attrs = append(attrs, placed{key: string(col.Name), value: x, column: col})
				}
			}
		}
		attrs = append(attrs, placed{key: d.name, value: p, column: columnIn(p), source: d.v, sort: sortOrder(d.v)})
	}
	if len(tableNameOf(tableName)) == 0 && tableValue == lua.LNil && parent == nil && concreteTable(c, args) == nil {
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
		t := parentTable(parent)
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
			(a.column.Table == core.From(k.table) || k.table == nil && a.column.Table == core.From(parentTable(parent)))
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
	if err := mapperArgs(c, k, &def, args, attrs); err != nil {
		return err
	}
	if a := k.automapping(); a != nil { // mapped when prepare() has seen the tables
		a.defer_(&deferredMapping{class: k, table: k.table, def: def, decls: decls})
		return nil
	}
	return k.mapTo(c, r, def, decls)
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

func tableNameOf(v lua.LValue) string {
	s, _ := v.(lua.LString)
	return string(s)
}

func parentTable(m *orm.Mapper) *core.Table {
	for ; m != nil; m = m.Inherits {
		if t := m.Table(); t != nil {
			return t
		}
	}
	return nil
}

func nameColumn(c *core.Column, key string) {
	if c.Name == "" {
		c.Name = core.Name(key)
	}
	if c.Key == "" {
		c.Key = string(c.Name)
	}
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

func concreteTable(c *bind.Call, args lua.LValue) *core.Table { return nil }

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

// mapperArgs reads __mapper_args__, and the keyword arguments of
// map_imperatively.
func mapperArgs(c *bind.Call, k *Class, def *orm.Definition, args lua.LValue, attrs []placed) error {
	t, ok := args.(*lua.LTable)
	if !ok {
		return nil
	}
	exprs := func(v lua.LValue) []core.Expr {
		if list, ok := bind.IsList(v); ok {
			return corelib.Exprs(c, c.ListOf(list), corelib.ElementRole)
		}
		return []core.Expr{corelib.Expr(c, v, corelib.ElementRole)}
	}
	names := func(v lua.LValue) []string {
		var out []string
		for _, item := range c.ListOf(v) {
			out = append(out, c.Str(c.L, item))
		}
		return out
	}
	for key, v := range script.Fields(t) {
		name := key.String()
		switch name {
		case "polymorphic_on":
			switch x := c.ToGo(v).(type) {
			case string:
				def.PolymorphicOn = x
			case *orm.ColumnProperty:
				def.PolymorphicOn = x
			default:
				if v != lua.LNil {
					def.PolymorphicOn = corelib.Expr(c, v, corelib.ElementRole)
				}
			}
		case "polymorphic_identity":
			def.PolymorphicIdentity, def.HasIdentity = c.ToGo(v), true
		case "polymorphic_abstract":
			def.PolymorphicAbstract = lua.LVAsBool(v)
		case "polymorphic_load":
			def.PolymorphicLoad = c.Str(c.L, v)
		case "with_polymorphic":
			w := &orm.WithPolymorphic{}
			switch x := v.(type) {
			case lua.LString:
				w.All = x == "*"
			case *lua.LTable:
				items := c.ListOf(x)
				if len(items) == 2 { // {"*" or classes, what they are selected from}
					list, classes := bind.IsList(items[0])
					if w.All = items[0] == lua.LString("*"); w.All || classes {
						if items[1] != lua.LNil {
							w.Selectable = corelib.From(c, items[1], corelib.FromRole)
						}
						if w.All {
							break
						}
						items = c.ListOf(list)
					}
				}
				var classes []*Class
				for _, item := range items {
					if sub, ok := bind.Unwrap[*Class](item); ok {
						classes = append(classes, sub)
					}
				}
				w.Late = func() []*orm.Mapper {
					var out []*orm.Mapper
					for _, sub := range classes {
						if sub.mapper != nil {
							out = append(out, sub.mapper)
						}
					}
					return out
				}
			}
			def.WithPolymorphic = w
		case "concrete":
			def.Concrete = lua.LVAsBool(v)
		case "inherit_condition":
			def.InheritCondition = corelib.Expr(c, v, corelib.WhereRole)
		case "version_id_col":
			if name, ok := v.(lua.LString); ok { // a body cannot see its own columns
				def.VersionIDCol = columnNamed(string(name), def.Local, attrs)
				if def.VersionIDCol == nil {
					return exc.New(exc.ArgumentError, "version_id_col: %s has no column %s", k.Name, types.Quote(string(name)))
				}
				continue
			}
			def.VersionIDCol = corelib.Expr(c, v, corelib.ElementRole)
		case "version_id_generator":
			if v == lua.LFalse {
				def.NoVersionGenerator = true
			} else if f, ok := c.CallbackOf(v); ok {
				def.VersionIDGenerator = func(old any) (any, error) { return f.Call1(old) }
			}
		case "eager_defaults":
			if b, ok := v.(lua.LBool); ok {
				eager := bool(b)
				def.EagerDefaults = &eager
			}
		case "primary_key":
			def.PrimaryKey = exprs(v)
		case "include_properties":
			def.IncludeProperties, def.HasInclude = names(v), true
		case "exclude_properties":
			def.ExcludeProperties = names(v)
		case "column_prefix":
			def.ColumnPrefix = c.Str(c.L, v)
		case "confirm_deleted_rows":
			def.NoConfirmDeleted = !lua.LVAsBool(v)
		case "allow_partial_pks":
			def.NoPartialPKs = !lua.LVAsBool(v)
		case "batch":
			def.NoBatch = !lua.LVAsBool(v)
		case "always_refresh":
			def.AlwaysRefresh = lua.LVAsBool(v)
		case "passive_updates":
			def.PassiveUpdatesOff = !lua.LVAsBool(v)
		case "passive_deletes":
			def.PassiveDeletes = lua.LVAsBool(v)
		case "legacy_is_orphan":
			def.LegacyIsOrphan = lua.LVAsBool(v)
		case "properties":
			props, ok := v.(*lua.LTable)
			if !ok {
				continue
			}
			for key, x := range script.Fields(props) {
				p, err := givenProperty(c, k, key.String(), x)
				if err != nil {
					return err
				}
				def.Properties = append(def.Properties, orm.Named{Key: key.String(), Value: p})
			}
		case "inherits":
			if b, ok := bind.Unwrap[*Class](v); ok {
				def.Inherits = b.mapped()
				if !slices.Contains(k.Bases, b) {
					k.Bases = append(k.Bases, b)
				}
			}
		case "local_table":
			def.Local = corelib.From(c, v, corelib.FromRole)
		case "order_by", "non_primary", "_extra":
		default:
			return exc.New(exc.TypeError, "__init__() got an unexpected keyword argument '%s'", name)
		}
	}
	return nil
}

// givenProperty is what properties= maps a name to: also a list of columns that
// are kept equal.
func givenProperty(c *bind.Call, k *Class, name string, v lua.LValue) (any, error) {
	if t, ok := v.(*lua.LTable); ok {
		var columns []core.Expr
		for _, x := range c.ListOf(t) {
			columns = append(columns, columnExpr(c, x))
		}
		if len(columns) > 0 {
			return orm.NewColumnProperty(columns...), nil
		}
	}
	p, ok := propertyOf(c, k, name, v)
	if !ok {
		return nil, exc.New(exc.ArgumentError, "properties: %s is no mapped attribute", name)
	}
	return p, nil
}

// mapImperatively maps a class that is kept apart from its table.
func mapImperatively(r *registry, a *bind.Args) (any, error) {
	k := bind.Get[*Class](a, "class_")
	if k == nil {
		return nil, exc.New(exc.ArgumentError, "map_imperatively() takes a class")
	}
	if k.mapper != nil {
		return nil, exc.New(exc.ArgumentError, "Class '<class '%s'>' already has a primary mapper defined. ", k.Name)
	}
	k.registry, k.imperative = r, true
	def := orm.Definition{Name: k.Name, Class: k}
	for _, b := range k.Bases {
		if m := b.mapped(); m != nil {
			def.Inherits = m
			break
		}
	}
	if a.Has("local_table") {
		def.Local = corelib.From(a.Call, a.Lua("local_table"), corelib.FromRole)
		k.table, _ = core.PlainFrom(def.Local).(*core.Table)
	}
	var decls []declared
	if t, ok := a.Lua("properties").(*lua.LTable); ok {
		for key, v := range script.Fields(t) {
			p, err := givenProperty(a.Call, k, key.String(), v)
			if err != nil {
				return nil, err
			}
			def.Properties = append(def.Properties, orm.Named{Key: key.String(), Value: p})
			decls = append(decls, declared{key.String(), v, true})
		}
	}
	kw := a.L.NewTable()
	for _, x := range a.Keywords() {
		kw.RawSetString(x.Name, x.Value)
	}
	if err := mapperArgs(a.Call, k, &def, kw, nil); err != nil {
		return nil, err
	}
	for _, n := range k.names { // validators and the like of the class itself
		decls = append(decls, declared{n, k.body[n], true})
	}
	if err := k.mapTo(a.Call, r, def, decls); err != nil {
		return nil, err
	}
	return k.mapper, nil
}

// eval evaluates the text of a relationship argument: a Lua expression over
// the registry's classes, its tables and the globals.
func (r *registry) eval(m *orm.Mapper, text string) (any, error) {
	s := r.state
	L := s.Main
	env := L.NewTable()
	mt := L.NewTable()
	mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		name := L.CheckString(2)
		if ks := r.classes[name]; len(ks) > 0 {
			L.Push(s.FromGo(L, ks[len(ks)-1]))
			return 1
		}
		if t, ok := r.Registry.MetaData.Table(name); ok {
			L.Push(s.FromGo(L, t))
			return 1
		}
		L.Push(L.G.Global.RawGetString(name))
		return 1
	}))
	L.SetMetatable(env, mt)
	fn, err := s.Door.Load("return "+text, `"`+text+`"`, script.File)
	if err != nil {
		return nil, exc.New(exc.InvalidRequestError, "When initializing mapper %s, expression %s failed to read: %s", m, types.Quote(text), err.Error())
	}
	fn.Env = env
	cb, _ := s.CallbackOf(fn)
	results, err := cb.Call()
	if err != nil {
		return nil, exc.New(exc.InvalidRequestError, "When initializing mapper %s, expression %s failed to locate a name (%s). If this is a class name, consider adding this relationship() to the %s class after both dependent classes have been defined.", m, types.Quote(text), err.Error(), m.Name)
	}
	call := &bind.Call{State: s, L: L}
	if len(results) == 0 || results[0] == lua.LNil {
		return nil, exc.New(exc.InvalidRequestError, "When initializing mapper %s, expression %s failed to locate a name (%s). If this is a class name, consider adding this relationship() to the %s class after both dependent classes have been defined.", m, types.Quote(text), types.Quote(text), m.Name)
	}
	return late(call, results[0]), nil
}

// late is what a relationship's argument means: a mapper, an entity, a FROM
// object, an expression, or a list of these.
func late(c *bind.Call, v lua.LValue) any {
	if list, ok := bind.IsList(v); ok {
		items := c.ListOf(list)
		out := make([]any, len(items))
		for i, x := range items {
			out[i] = late(c, x)
		}
		return out
	}
	switch x := c.ToGo(v).(type) {
	case *Class:
		if x.alias != nil {
			return x.alias
		}
		if x.mapper != nil {
			return x.mapper
		}
		return x
	case *orm.Entity, *orm.Mapper, string, bool:
		return x
	case core.Query:
		return core.NewSubquery(x, "")
	default:
		return corelib.Value(c, v)
	}
}
