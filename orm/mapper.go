package orm

import (
	"slices"
	"sync/atomic"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Definition describes a mapped class: what `registry().map_imperatively`
// takes, and what a declarative class body comes down to.
type Definition struct {
	Name     string // the class's name
	Class    any    // the binding layer's class
	Local    core.From
	Inherits *Mapper

	Properties []Named // explicit properties, in order

	PolymorphicOn       any // an attribute's name, a column, an expression, a property
	PolymorphicIdentity any
	HasIdentity         bool
	PolymorphicAbstract bool
	PolymorphicLoad     string // "inline", "selectin"
	WithPolymorphic     *WithPolymorphic
	Concrete            bool
	InheritCondition    core.Expr

	VersionIDCol       core.Expr
	VersionIDGenerator func(old any) (any, error)
	NoVersionGenerator bool // version_id_generator=false: the database counts

	EagerDefaults      *bool // nil: "auto"
	PrimaryKey         []core.Expr
	IncludeProperties  []string
	HasInclude         bool
	ExcludeProperties  []string
	ColumnPrefix       string
	NoConfirmDeleted   bool
	NoPartialPKs       bool
	NoBatch            bool
	AlwaysRefresh      bool
	PassiveUpdatesOff  bool
	PassiveDeletes     bool
	LegacyIsOrphan     bool
	Declared           []string // names in the class body that hide inherited columns
	ExpectsSinglePrime bool
}

// Named is a property with the name that it is to have: a Property, a column
// or an expression.
type Named struct {
	Key   string
	Value any
}

// WithPolymorphic says which subclasses a query of a base loads at once.
type WithPolymorphic struct {
	All        bool // "*"
	Classes    []*Mapper
	Selectable core.From
	// Late gives classes that may not be mapped yet when the mapper is made.
	Late func() []*Mapper
}

var mapperSerial atomic.Uint64

// Mapper joins a class with a table: its properties, keys and inheritance.
type Mapper struct {
	Definition
	Registry *Registry

	// Inheritance.
	base     *Mapper
	identity *Mapper // whose objects share identities: the base, or a concrete class
	children []*Mapper
	single   bool // shares its parent's table

	// What rows of it are: the table, or the join of an inheritance chain.
	selectable core.From
	tables     []*core.Table // written on flush, parents first
	primaryKey []*core.Column
	pksByTable map[*core.Table][]*core.Column
	colProps   map[core.Expr]*ColumnProperty // by column
	inherit    core.Expr                     // ON of local table with the parent's
	equated    []equatedPair                 // columns that inheritance makes equal
	equivalent map[*core.Column][]*core.Column
	family     map[*core.Column][]*core.Column // of the base: see equivalents
	familySize int

	// Properties, in SQLAlchemy's order; byKey has every name.
	order []string
	byKey map[string]Property
	slots map[string]int // of the base: shared by the whole hierarchy
	count int            // of the base: number of slots

	polymorphicOn   core.Expr
	polymorphicProp *ColumnProperty
	identities      map[any]*Mapper // of the base: by polymorphic identity
	versionCol      *core.Column
	versionProp     *ColumnProperty

	configured bool
	failure    error
	serial     uint64
	attributes map[string]*attribute
	plan       *flushPlan
	processors []*dependency // of relationships that point here: key switches
	entity     *Entity
	Events     Events
	validators map[string][]Validator
	// NewInstance lets the binding layer prepare the object of a loaded row.
	OnLoad func(*Instance)
	// Lookup answers names that are no properties (hybrids, proxies) when an
	// entity's name space is asked.
	Lookup func(e *Entity, name string) (core.Expr, bool, error)
	// Constructor makes an object for a proxy or a merge.
	Constructor func(args []any) (*Instance, error)
	blank       []any
	orphans     []*Relationship
}

type equatedPair struct{ from, to *core.Column }

// Map makes a mapper of the definition.
func (r *Registry) Map(d Definition) (m *Mapper, err error) {
	defer catch(&err)
	m = &Mapper{Definition: d, Registry: r, byKey: map[string]Property{}, colProps: map[core.Expr]*ColumnProperty{},
		pksByTable: map[*core.Table][]*core.Column{}, attributes: map[string]*attribute{}, equivalent: map[*core.Column][]*core.Column{},
		serial: mapperSerial.Add(1)}
	m.configureInheritance()
	m.configureProperties()
	m.configurePolymorphicOn()
	m.configurePrimaryKey()
	if m.Inherits != nil {
		m.Inherits.children = append(m.Inherits.children, m)
	}
	r.add(m)
	return m, nil
}

// String is SQLAlchemy's: Mapper[User(users)].
func (m *Mapper) String() string { return "Mapper[" + m.Name + "(" + m.describeTable() + ")]" }

func (m *Mapper) describeTable() string {
	f := m.Local
	if f == nil {
		f = m.selectable
	}
	switch f := core.PlainFrom(f).(type) {
	case *core.Table:
		return f.FullName()
	case *core.Join:
		return core.Describe(f)
	}
	return core.Describe(f)
}

// Table is the local table, if it is one.
func (m *Mapper) Table() *core.Table { t, _ := core.PlainFrom(m.Local).(*core.Table); return t }

// Selectable is what rows of the class come from: persist_selectable.
func (m *Mapper) Selectable() core.From { return m.selectable }

// PrimaryKey are the columns of the identity.
func (m *Mapper) PrimaryKey() []*core.Column { return m.primaryKey }

// Base is the mapper at the root of the inheritance chain.
func (m *Mapper) Base() *Mapper { return m.base }

// Single reports whether the class shares its parent's table.
func (m *Mapper) Single() bool { return m.single }

// PolymorphicIdentities maps discriminator values to mappers.
func (m *Mapper) PolymorphicIdentities() map[any]*Mapper { return m.base.identities }

// PolymorphicColumn is the discriminator; nil if there is none.
func (m *Mapper) PolymorphicColumn() core.Expr { return m.polymorphicOn }

// VersionColumn is the version counter; nil if there is none.
func (m *Mapper) VersionColumn() *core.Column { return m.versionCol }

// Tables are the tables that a flush writes, parents first.
func (m *Mapper) Tables() []*core.Table { return m.tables }

// Properties are the mapped properties in order.
func (m *Mapper) Properties() []Property {
	ps := make([]Property, 0, len(m.order))
	for _, k := range m.order {
		ps = append(ps, m.byKey[k])
	}
	return ps
}

// Property finds a property by name; nil if there is none.
func (m *Mapper) Property(key string) Property { return m.byKey[key] }

// ColumnAttrs are the column properties.
func (m *Mapper) ColumnAttrs() []*ColumnProperty { return propertiesOf[*ColumnProperty](m) }

// Relationships are the relationship properties.
func (m *Mapper) Relationships() []*Relationship { return propertiesOf[*Relationship](m) }

func propertiesOf[P Property](m *Mapper) []P {
	var ps []P
	for _, k := range m.order {
		if p, ok := m.byKey[k].(P); ok {
			ps = append(ps, p)
		}
	}
	return ps
}

// IsA reports whether m is other or inherits from it.
func (m *Mapper) IsA(other *Mapper) bool {
	for ; m != nil; m = m.Inherits {
		if m == other {
			return true
		}
	}
	return false
}

// commonParent reports whether two mappers are of one hierarchy.
func (m *Mapper) commonParent(other *Mapper) bool { return m.base == other.base }

// equivalents are the columns that inheritance makes equal, in the whole
// hierarchy.
func (m *Mapper) equivalents() map[*core.Column][]*core.Column {
	family := m.base.SelfAndDescendants()
	if b := m.base; b.familySize == len(family) {
		return b.family
	}
	all := map[*core.Column][]*core.Column{}
	for _, d := range family {
		for c, eq := range d.equivalent {
			for _, x := range eq {
				all[c] = appendOnce(all[c], x)
			}
		}
	}
	m.base.family, m.base.familySize = all, len(family)
	return all
}

// SelfAndDescendants are the mapper and those that inherit from it, parents first.
func (m *Mapper) SelfAndDescendants() []*Mapper {
	out := []*Mapper{m}
	for i := 0; i < len(out); i++ {
		out = append(out, out[i].children...)
	}
	return out
}

// chain lists m and its parents, m first.
func (m *Mapper) chain() []*Mapper {
	var out []*Mapper
	for ; m != nil; m = m.Inherits {
		out = append(out, m)
	}
	return out
}

func (m *Mapper) configureInheritance() {
	p := m.Inherits
	if p == nil {
		if m.Local == nil {
			fail(exc.ArgumentError, "Mapper '%s' does not have a mapped_table specified.", m.Name)
		}
		m.base, m.identity, m.selectable = m, m, m.Local
		m.slots, m.identities = map[string]int{}, map[any]*Mapper{}
		m.tables = writtenTables(m.selectable)
	} else {
		m.base, m.identity = p.base, p.identity
		if m.Concrete {
			// rows of its own, identities of its own
			m.identity = m
			m.selectable = m.Local
			m.tables = writtenTables(m.selectable)
		} else if m.Local == nil || core.PlainFrom(m.Local) == core.PlainFrom(p.Local) {
			m.Local, m.single = p.Local, true
			m.selectable, m.tables = p.selectable, p.tables
			if j, ok := core.PlainFrom(p.selectable).(*core.Join); ok { // one that has the columns which this class has added to the table
				m.selectable = &core.Join{Left: j.Left, Right: j.Right, On: j.On, Outer: j.Outer, Full: j.Full}
			}
		} else {
			if m.InheritCondition != nil {
				m.inherit = m.InheritCondition
			} else {
				m.inherit = m.inferInheritCondition(p)
			}
			m.selectable = &core.Join{Left: p.selectable, Right: core.PlainFrom(m.Local), On: m.inherit}
			m.tables = append(slices.Clone(p.tables), writtenTables(m.Local)...)
			m.equate()
		}
		if !m.Concrete {
			for c, eq := range p.equivalent {
				m.equivalent[c] = append(m.equivalent[c], eq...)
			}
			if m.VersionIDCol == nil {
				m.versionCol, m.VersionIDGenerator, m.NoVersionGenerator = p.versionCol, p.VersionIDGenerator, p.NoVersionGenerator
			}
			if m.EagerDefaults == nil {
				m.EagerDefaults = p.EagerDefaults
			}
		}
	}
	if m.VersionIDCol != nil {
		c, ok := core.Plain(m.VersionIDCol).(*core.Column)
		if !ok {
			fail(exc.ArgumentError, "version_id_col must be a column of the mapped table")
		}
		m.versionCol = c
	}
	if m.HasIdentity && m.PolymorphicIdentity != nil && !m.Concrete {
		if other := m.base.identities[m.PolymorphicIdentity]; other != nil {
			m.Registry.warn("Reassigning polymorphic association for identity '%v' from %s to %s: Check for duplicate use of '%v' as value for polymorphic_identity.", m.PolymorphicIdentity, other, m, m.PolymorphicIdentity)
		}
		m.base.identities[m.PolymorphicIdentity] = m
	} else if m.HasIdentity && m.Concrete && m.PolymorphicIdentity != nil {
		m.base.identities[m.PolymorphicIdentity] = m
	}
	if m.WithPolymorphic == nil && m.Inherits != nil && m.PolymorphicLoad == "inline" {
		// the base loads this class's columns with its own
		b := m.Inherits
		for b != nil {
			if b.WithPolymorphic == nil {
				b.WithPolymorphic = &WithPolymorphic{}
			}
			b.WithPolymorphic.Classes = append(b.WithPolymorphic.Classes, m)
			b = b.Inherits
		}
	}
}

func (m *Mapper) inferInheritCondition(p *Mapper) (on core.Expr) {
	err := attempt(func() { on = core.JoinCondition(core.PlainFrom(p.Local), core.PlainFrom(m.Local), nil) })
	if e := exc.Of(err); e != nil {
		switch e.Class {
		case exc.NoForeignKeysError:
			fail(exc.NoForeignKeysError, "Can't determine the inherit condition between inherited table '%s' and inheriting table '%s'; tables have no foreign key relationships established.  Please ensure the inheriting table has a foreign key relationship to the inherited table, or provide an 'on clause' using the 'inherit_condition' mapper argument.", core.Describe(p.Local), core.Describe(m.Local))
		case exc.AmbiguousForeignKeysError:
			fail(exc.AmbiguousForeignKeysError, "Can't determine the inherit condition between inherited table '%s' and inheriting table '%s'; tables have more than one foreign key relationship established.  Please specify the 'on clause' using the 'inherit_condition' mapper argument.", core.Describe(p.Local), core.Describe(m.Local))
		}
	}
	check(err)
	return on
}

// equate finds the columns that the inheritance condition makes equal.
func (m *Mapper) equate() {
	core.Walk(m.inherit, func(n core.Node) bool {
		b, ok := n.(*core.Binary)
		if !ok || b.Op != core.EqOp {
			return true
		}
		l, lok := core.Plain(b.Left).(*core.Column)
		r, rok := core.Plain(b.Right).(*core.Column)
		if lok && rok {
			from, to := l, r
			if core.PlainFrom(l.Table) == core.PlainFrom(m.Local) {
				from, to = r, l
			}
			m.equated = append(m.equated, equatedPair{from, to})
			m.equivalent[from] = append(m.equivalent[from], to)
			m.equivalent[to] = append(m.equivalent[to], from)
		}
		return false
	})
}

// writtenTables are the tables of f that rows are written to, parents first.
func writtenTables(f core.From) []*core.Table {
	switch f := core.PlainFrom(f).(type) {
	case *core.Table:
		return []*core.Table{f}
	case *core.Join:
		ts := append(writtenTables(f.Left), writtenTables(f.Right)...)
		sorted, _ := core.SortTables(ts)
		return sorted
	}
	return nil
}

func (m *Mapper) slot(key string) int {
	if n, ok := m.base.slots[key]; ok {
		return n
	}
	n := m.base.count
	m.base.slots[key] = n
	m.base.count++
	return n
}

func (m *Mapper) configureProperties() {
	// Properties of the table's own columns take their places in the table's order.
	ofColumn := map[*core.Column]Named{}
	explicit := map[string]bool{}
	for _, n := range m.Definition.Properties {
		if c := m.localColumn(n.Value); c != nil {
			ofColumn[c] = n
			explicit[n.Key] = true
			continue
		}
		if _, ok := n.Value.(*Composite); ok { // of columns that take their own places first
			continue
		}
		m.define(n.Key, n.Value)
	}
	if p := m.Inherits; p != nil {
		for _, k := range p.order {
			if _, mine := m.byKey[k]; !mine && !explicit[k] {
				m.inheritProperty(k, p.byKey[k])
			}
		}
	}
	for _, c := range m.selectable.Columns().All() {
		if n, ok := ofColumn[c]; ok {
			m.define(n.Key, n.Value)
			delete(ofColumn, c)
			continue
		}
		if m.colProps[c] != nil {
			continue
		}
		if m.Concrete || m.Inherits == nil || !m.inheritsColumn(c) {
			key := m.ColumnPrefix + c.Key
			if m.excluded(c) {
				continue
			}
			if m.single && !m.declares(c) {
				continue
			}
			m.defineColumn(key, c, false)
		}
	}
	for _, n := range m.Definition.Properties {
		if c := m.localColumn(n.Value); c != nil && m.byKey[n.Key] == nil {
			m.define(n.Key, n.Value)
		}
	}
	for _, n := range m.Definition.Properties {
		if _, ok := n.Value.(*Composite); ok {
			m.define(n.Key, n.Value)
		}
	}
}

// localColumn is the column of the class's own table that an explicit property
// maps; nil if it is of another kind.
func (m *Mapper) localColumn(v any) *core.Column {
	var c *core.Column
	switch v := v.(type) {
	case *core.Column:
		c = v
	case *ColumnProperty:
		c, _ = v.Columns[0].(*core.Column)
	case *core.Annotated:
		return nil
	}
	if c != nil && m.Local != nil && core.PlainFrom(m.Local).Columns().Index(c) >= 0 && m.selectable.Columns().Index(c) >= 0 {
		return c
	}
	return nil
}

// inheritsColumn reports whether a parent's property has the column already.
func (m *Mapper) inheritsColumn(c *core.Column) bool {
	return m.Inherits != nil && m.Inherits.colProps[c] != nil && m.colProps[c] != nil
}

// declares reports whether a single-table subclass has the column for its own:
// declared in its body, or not yet claimed by anybody.
func (m *Mapper) declares(c *core.Column) bool {
	return slices.Contains(m.Declared, c.Key)
}

func (m *Mapper) excluded(c *core.Column) bool {
	if m.HasInclude && !slices.Contains(m.IncludeProperties, c.Key) && !slices.Contains(m.IncludeProperties, string(c.Name)) {
		return true
	}
	return slices.Contains(m.ExcludeProperties, c.Key) || slices.Contains(m.ExcludeProperties, string(c.Name))
}

// define adds an explicit property.
func (m *Mapper) define(key string, v any) {
	if s, ok := v.(*Synonym); ok && s.MapColumn { // the column of the synonym's name, under the target's
		c, ok := m.selectable.Columns().Get(key)
		if !ok {
			fail(exc.ArgumentError, "Can't compile synonym '%s': no column on table '%s' named '%s'", s.Target, core.Describe(m.selectable), key)
		}
		if p := m.colProps[c]; p != nil && p.key == s.Target {
			fail(exc.ArgumentError, "Can't call map_column=true for synonym '%s'='%s', a ColumnProperty already exists keyed to the name '%s' for column '%s'", key, s.Target, s.Target, qualified(c))
		}
		m.define(s.Target, c)
	}
	switch v := v.(type) {
	case *core.Column:
		if p := m.Inherits; p != nil && !m.Concrete && m.byKey[key] == nil {
			if old, ok := p.byKey[key].(*ColumnProperty); ok && old.isTableColumn() && old.Column() != m.mappedColumn(v) {
				m.byKey[key] = old
				m.order = append(m.order, key)
			}
		}
		m.defineColumn(key, m.mappedColumn(v), true)
	case *ColumnProperty:
		if v.parent != nil && v.parent != m {
			c := *v
			v = &c
		}
		for i, e := range v.Columns {
			if c, ok := core.Plain(e).(*core.Column); ok && e == core.Expr(c) {
				v.Columns[i] = m.mappedColumn(c)
			} else if core.Plain(e) != e {
				v.Columns[i] = e
			}
		}
		if c := v.Column(); c != nil && m.selectable.Columns().Index(c) >= 0 {
			v.Columns[0] = c
			if p := m.Inherits; p != nil && !m.Concrete {
				if old, ok := p.byKey[key].(*ColumnProperty); ok && old.isTableColumn() && old.Column() != c {
					v.Columns = append(v.Columns[:1:1], old.Columns...)
				}
			}
		} else if _, labelled := v.Columns[0].(*core.Label); !labelled && (c == nil || c.Table == nil) {
			v.Columns[0] = core.NewLabel(v.Columns[0], "")
		}
		m.install(key, v)
	case core.Expr:
		p := NewColumnProperty(v)
		m.define(key, p)
	case Property:
		m.install(key, v)
	default:
		fail(exc.ArgumentError, "expected a property or column for '%s' of %s, got %T", key, m, v)
	}
}

// mappedColumn is the mapper's column for c: c, or what stands for it in the
// selectable that is mapped.
func (m *Mapper) mappedColumn(c *core.Column) *core.Column {
	if m.selectable.Columns().Index(c) >= 0 {
		return c
	}
	if cc, ok := m.selectable.Columns().Corresponding(c); ok {
		return cc
	}
	return c
}

// defineColumn maps a column of the table under a name, together with a
// parent's column of that name when inheritance equates the two.
func (m *Mapper) defineColumn(key string, c *core.Column, explicit bool) {
	if old, ok := m.byKey[key].(*ColumnProperty); ok {
		if explicit && old.parent == m {
			old.Columns = append(old.Columns, c)
			m.colProps[c] = old
			return
		}
		if old.isTableColumn() && !m.Concrete {
			n := *old
			n.parent = old.parent
			if old.parent != m {
				n.parent = m
				n.Columns = append([]core.Expr{c}, old.Columns...)
				if old.Column() != nil && m.Inherits != nil && !m.equates(c, old) {
					if core.PlainFrom(c.Table) == core.PlainFrom(m.Local) && !m.single {
						m.Registry.warn("Implicitly combining column %s with column %s under attribute '%s'.  Please configure one or more attributes for these same-named columns explicitly.", qualified(old.Column()), qualified(c), key)
					}
				}
			} else {
				n.Columns = append(slices.Clone(old.Columns), c)
			}
			m.install(key, &n)
			return
		}
		if old.parent == m {
			return
		}
	} else if other, ok := m.byKey[key]; ok && other.part().parent == m {
		return // an explicit property took the name
	}
	m.install(key, &ColumnProperty{Columns: []core.Expr{c}, ExpireOnFlush: true})
}

func (m *Mapper) equates(c *core.Column, p *ColumnProperty) bool {
	for _, e := range p.Columns {
		if pc, ok := e.(*core.Column); ok && slices.Contains(m.equivalent[c], pc) {
			return true
		}
	}
	return false
}

func qualified(c *core.Column) string {
	if c.Table != nil {
		if n, ok := core.FromName(c.Table); ok {
			return string(n) + "." + string(c.Name)
		}
	}
	return string(c.Name)
}

// install makes p the property of that name.
func (m *Mapper) install(key string, p Property) {
	part := p.part()
	if part.parent == nil || part.parent == m || part.key == "" {
		part.key, part.parent = key, m
	}
	if _, known := m.byKey[key]; !known {
		m.order = append(m.order, key)
	}
	m.byKey[key] = p
	m.attributes[key] = newAttribute(m, key, p)
	m.blank = nil
	switch p := p.(type) {
	case *ColumnProperty:
		for _, e := range p.Columns {
			m.colProps[e] = p
			m.colProps[core.Plain(e)] = p
		}
		if m.versionCol != nil && p.Column() == m.versionCol {
			m.versionProp = p
		}
		if m.polymorphicOn != nil && m.polymorphicProp == nil && p.Columns[0] == m.polymorphicOn {
			m.polymorphicProp = p
		}
	case *Composite:
		m.configureComposite(p)
	case *Relationship:
		m.Registry.fresh = true
		if m.configured {
			m.configured = false
		}
	}
	m.plan = nil
	mappings.Add(1)
}

// AddProperty adds a property after the class was mapped: `User.x = …`.
func (m *Mapper) AddProperty(key string, v any) (err error) {
	defer catch(&err)
	if c, ok := v.(*core.Column); ok && c.Table == nil {
		t := m.Table()
		if t == nil {
			fail(exc.ArgumentError, "%s has no table to add the column to", m)
		}
		if c.Name == "" {
			c.Name = core.Name(key)
		}
		if c.Key == "" {
			c.Key = string(c.Name)
		}
		t.Append(c)
	}
	within := m.configured && m.Registry.busy
	m.define(key, v)
	m.propagate(key)
	m.entity.forget()
	// A listener of mapper_configured may add more while the rest is configured.
	if r, ok := m.byKey[key].(*Relationship); ok && within && !r.ready {
		r.configure()
		m.configured = true
	}
	return nil
}

// propagate gives a late property to the subclasses.
func (m *Mapper) propagate(key string) {
	for _, sub := range m.children {
		if p, mine := sub.byKey[key]; mine && p.part().parent == sub {
			continue
		}
		sub.inheritProperty(key, m.byKey[key])
		sub.entity.forget()
		sub.propagate(key)
	}
}

func (m *Mapper) inheritProperty(key string, p Property) {
	if m.Concrete {
		if cp, ok := p.(*ColumnProperty); ok {
			// a concrete class has a column of that name, or not the attribute
			if c, ok := m.selectable.Columns().Get(m.ColumnPrefix + key); ok && cp.isTableColumn() {
				m.defineColumn(key, c, false)
			}
			return
		}
		if _, ok := p.(*Relationship); ok {
			return
		}
	}
	m.byKey[key] = p
	if !slices.Contains(m.order, key) {
		m.order = append(m.order, key)
	}
	m.attributes[key] = newAttribute(m, key, p)
	m.blank = nil
	if cp, ok := p.(*ColumnProperty); ok {
		for _, e := range cp.Columns {
			m.colProps[e] = cp
			m.colProps[core.Plain(e)] = cp
		}
		if m.versionCol != nil && cp.Column() == m.versionCol {
			m.versionProp = cp
		}
	}
	m.plan = nil
}

func (m *Mapper) configureComposite(p *Composite) {
	p.keys = nil
	for i, a := range p.Attrs {
		switch a := a.(type) {
		case string:
			p.keys = append(p.keys, a)
		case *core.Column:
			cp := m.colProps[a]
			if cp == nil {
				key := a.Key
				m.define(key, a)
				cp = m.colProps[m.mappedColumn(a)]
			}
			p.keys = append(p.keys, cp.key)
		case *ColumnProperty:
			if a.part().key == "" {
				key := ""
				if c := a.Column(); c != nil {
					key = c.Key
				}
				m.define(key, a)
			}
			p.keys = append(p.keys, a.key)
		default:
			fail(exc.ArgumentError, "Composite expects Column objects or mapped attributes/attribute names as arguments got: %v", p.Attrs[i])
		}
	}
}

func (m *Mapper) configurePolymorphicOn() {
	on := m.Definition.PolymorphicOn
	switch v := on.(type) {
	case nil:
		if p := m.Inherits; p != nil && !m.Concrete {
			m.polymorphicOn, m.polymorphicProp = p.polymorphicOn, p.polymorphicProp
		} else if p != nil && m.Concrete && p.polymorphicOn != nil {
			if c, ok := p.polymorphicOn.(*core.Column); ok {
				if own, ok := m.selectable.Columns().Get(c.Key); ok {
					m.polymorphicOn = own
					m.polymorphicProp = m.colProps[own]
				}
			}
		}
		return
	case string:
		p := m.byKey[v]
		if p == nil {
			fail(exc.ArgumentError, "Can't determine polymorphic_on value '%s' - no attribute is mapped to this name.", v)
		}
		cp, ok := p.(*ColumnProperty)
		if !ok {
			fail(exc.ArgumentError, "Only direct column-mapped property or SQL expression can be passed for polymorphic_on")
		}
		m.polymorphicOn, m.polymorphicProp = cp.Columns[0], cp
	case *ColumnProperty:
		m.polymorphicOn, m.polymorphicProp = v.Columns[0], v
	case core.Expr:
		plain := core.Plain(v)
		if c, ok := plain.(*core.Column); ok {
			c = m.mappedColumn(c)
			if cp := m.colProps[c]; cp != nil {
				m.polymorphicOn, m.polymorphicProp = c, cp
				return
			}
			plain = c
		}
		// an expression: a column property of its own that nobody sees
		label, ok := plain.(*core.Label)
		if !ok {
			label = core.NewLabel(v, "_sa_polymorphic_on")
		}
		cp := &ColumnProperty{Columns: []core.Expr{label}, Discriminator: true}
		m.install("_sa_polymorphic_on", cp)
		m.polymorphicOn, m.polymorphicProp = label, cp
	default:
		fail(exc.ArgumentError, "polymorphic_on must be a column, an expression or an attribute's name")
	}
}

func (m *Mapper) configurePrimaryKey() {
	for _, t := range m.tables {
		if t.PK != nil {
			m.pksByTable[t] = t.PK.Cols
		}
	}
	switch {
	case len(m.Definition.PrimaryKey) > 0:
		for _, e := range m.Definition.PrimaryKey {
			c, ok := core.Plain(e).(*core.Column)
			if !ok {
				fail(exc.ArgumentError, "Primary key of mapper %s must be columns", m)
			}
			c = m.mappedColumn(c)
			m.primaryKey = append(m.primaryKey, c)
			if t, ok := c.Table.(*core.Table); ok && !slices.Contains(m.pksByTable[t], c) && len(m.pksByTable[t]) == 0 {
				m.pksByTable[t] = append(m.pksByTable[t], c)
			}
		}
	case m.Inherits != nil && !m.Concrete:
		m.primaryKey = m.Inherits.primaryKey
	default:
		m.primaryKey = m.reducedKey()
	}
	if len(m.primaryKey) == 0 {
		fail(exc.ArgumentError, "Mapper %s could not assemble any primary key columns for mapped table '%s'", m, m.describeTable())
	}
	for _, p := range m.ColumnAttrs() {
		c, ok := p.Columns[0].(*core.Column)
		if ok && c.PrimaryKey() || p == m.versionProp {
			p.ActiveHistory = true
			m.attributes[p.key].activeHistory = true
		}
	}
}

// reducedKey is the key of the selectable: its key columns without those that
// a foreign key of the same selectable makes equal to another.
func (m *Mapper) reducedKey() []*core.Column {
	var keys []*core.Column
	for _, c := range m.selectable.Columns().All() {
		if c.PrimaryKey() {
			keys = append(keys, c)
		}
	}
	if t, ok := core.PlainFrom(m.selectable).(*core.Table); ok && t.PK != nil {
		return t.PK.Cols
	}
	return slices.DeleteFunc(keys, func(c *core.Column) bool {
		for _, fk := range c.ForeignKeys() {
			target, err := fk.Resolve()
			if err == nil && target != c && slices.Contains(keys, target) {
				return true
			}
		}
		return false
	})
}

// postConfigure resolves relationships.
func (m *Mapper) postConfigure() {
	m.configureRelationships()
	if m.Events.has("mapper_configured") {
		m.Events.fire("mapper_configured", m, m.Class)
	}
}

// configureRelationships resolves those that are not yet.
func (m *Mapper) configureRelationships() {
	m.configured = true
	for _, k := range slices.Clone(m.order) {
		if r, ok := m.byKey[k].(*Relationship); ok && r.parent == m && !r.ready {
			if err := attempt(r.configure); err != nil {
				m.configured = false
				check(err)
			}
		}
	}
}

// ready configures the registry if need be.
func (m *Mapper) ready() *Mapper {
	if m.Registry.fresh && !m.Registry.busy {
		m.Registry.configure()
	}
	return m
}
