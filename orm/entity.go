package orm

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Entity is something that a query can be of: a mapped class, an alias of one,
// or a class together with subclasses (with_polymorphic).
type Entity struct {
	Mapper *Mapper

	alias   core.From // nil: the class itself
	name    string    // of an alias, "" if anonymous
	flat    bool
	poly    []*Mapper // subclasses that are loaded with it
	polyOn  core.Expr
	from    core.From
	adapt   *adapter
	mu      sync.Mutex // of the attributes and subclasses that were asked for so far
	attrs   map[string]core.Expr
	subs    map[*Mapper]*Entity
	of      *Entity // of a subclass inside a with_polymorphic
	serial  uint64
	aliased bool
}

var entitySerial atomic.Uint64

// CacheKey tells entities apart.
func (e *Entity) CacheKey() string { return "entity " + strconv.FormatUint(e.serial, 10) }

// Entity is the class as something to query.
func (m *Mapper) Entity() *Entity {
	if m.entity == nil {
		m.entity = &Entity{Mapper: m, serial: entitySerial.Add(1)}
	}
	return m.entity
}

func (e *Entity) forget() {
	if e != nil {
		e.mu.Lock()
		e.attrs = nil
		e.mu.Unlock()
	}
}

// IsAlias reports whether e is an alias, or a with_polymorphic over one.
func (e *Entity) IsAlias() bool { return e.alias != nil }

// Name is what a row calls the entity: the class's name, or the alias's.
func (e *Entity) Name() string {
	if e.name != "" {
		return e.name
	}
	return e.Mapper.Name
}

// String is the repr of an entity.
func (e *Entity) String() string {
	if e.alias == nil {
		return e.Mapper.String()
	}
	return "<AliasedClass; " + e.Mapper.Name + ">"
}

// Aliased makes an alias of an entity: aliased(User, {name = …}). With a FROM
// object (a subquery), rows come from that.
func Aliased(e *Entity, of core.From, name string, flat, adaptOnNames bool) (a *Entity, err error) {
	defer catch(&err)
	m := e.Mapper.ready()
	a = &Entity{Mapper: m, name: name, flat: flat, serial: entitySerial.Add(1), aliased: true}
	switch {
	case of == nil && e.alias != nil:
		of = aliasOf(m, e.alias, name, flat)
	case of == nil:
		of = aliasOf(m, m.polyFrom(), name, flat)
	}
	if m.WithPolymorphic != nil {
		a.poly = m.withPolymorphic()
	}
	a.setAlias(core.PlainFrom(of), adaptOnNames)
	if e.alias != nil {
		a.adapt.first = e.adapt
	}
	return a, nil
}

func (e *Entity) setAlias(f core.From, byName bool) {
	e.alias, e.from = f, f
	e.adapt = adaptTo(f)
	e.adapt.byName = byName
	e.adapt.equivalent = e.Mapper.equivalents()
}

// aliasOf gives the rows of a mapper another name: a join becomes a subquery,
// or, flat, a join of aliases.
func aliasOf(m *Mapper, f core.From, name string, flat bool) core.From {
	j, isJoin := core.PlainFrom(f).(*core.Join)
	if !isJoin {
		return core.NewAlias(core.PlainFrom(f), name)
	}
	if flat {
		return flatAlias(j, name)
	}
	s := &core.Select{Raw: []core.Node{}, LabelStyle: core.LabelTablename}
	for _, c := range j.Columns().All() {
		s.Raw = append(s.Raw, c)
	}
	s.FromObjects = []core.From{j}
	return core.NewSubquery(s, name)
}

func flatAlias(f core.From, name string) core.From {
	var tables []core.From
	var collect func(core.From)
	collect = func(f core.From) {
		if j, ok := core.PlainFrom(f).(*core.Join); ok {
			collect(j.Left)
			collect(j.Right)
			return
		}
		tables = append(tables, core.PlainFrom(f))
	}
	collect(f)
	became := map[core.From]core.From{}
	for _, t := range tables {
		n := ""
		if name != "" {
			tn, _ := core.FromName(t)
			n = name + "_" + string(tn)
		}
		became[t] = core.NewAlias(t, n)
	}
	return core.Replace(f, func(n core.Node) core.Node {
		switch n := n.(type) {
		case *core.Table:
			if a := became[n]; a != nil {
				return a
			}
		case *core.Alias:
			if a := became[n]; a != nil {
				return a
			}
		case *core.Column:
			if a := became[core.PlainFrom(n.Table)]; a != nil {
				if c, ok := a.Columns().Corresponding(n); ok {
					return c
				}
			}
		}
		return nil
	})
}

// WithPolymorphicOf is with_polymorphic(base, classes): the base's rows
// together with those of subclasses.
func WithPolymorphicOf(e *Entity, classes []*Mapper, all bool, selectable core.From, aliased, flat, inner bool, on core.Expr, name string) (w *Entity, err error) {
	defer catch(&err)
	m := e.Mapper.ready()
	if all {
		classes = m.SelfAndDescendants()[1:]
	}
	w = &Entity{Mapper: m, serial: entitySerial.Add(1), flat: flat, name: name, polyOn: on, aliased: true}
	w.poly = m.withParents(classes)
	if selectable == nil && m.WithPolymorphic != nil {
		selectable = m.WithPolymorphic.Selectable
	}
	f := selectable
	if f == nil {
		f = m.polyJoin(w.poly, inner)
	} else {
		f = core.PlainFrom(f)
	}
	switch {
	case aliased || flat || name != "":
		w.setAlias(aliasOf(m, f, name, flat), false)
	case selectable != nil:
		w.setAlias(f, false)
	default:
		w.from = f
	}
	return w, nil
}

// withParents completes a list of subclasses with the classes between them and
// m, in hierarchical order.
func (m *Mapper) withParents(classes []*Mapper) []*Mapper {
	want := map[*Mapper]bool{}
	for _, c := range classes {
		for x := c; x != nil && x != m; x = x.Inherits {
			want[x] = true
		}
	}
	var out []*Mapper
	for _, d := range m.SelfAndDescendants()[1:] {
		if want[d] {
			out = append(out, d)
		}
	}
	return out
}

// withPolymorphic are the subclasses that the mapper's configuration loads always.
func (m *Mapper) withPolymorphic() []*Mapper {
	w := m.WithPolymorphic
	if w == nil {
		return nil
	}
	if w.All {
		return m.SelfAndDescendants()[1:]
	}
	if w.Late != nil {
		return m.withParents(append(slices.Clip(w.Classes), w.Late()...))
	}
	return m.withParents(w.Classes)
}

// polyJoin is the mapper's selectable joined to the tables of subclasses.
func (m *Mapper) polyJoin(subs []*Mapper, inner bool) core.From {
	f := m.selectable
	for _, s := range subs {
		if s.Concrete {
			fail(exc.InvalidRequestError, "'with_polymorphic()' requires 'selectable' argument when concrete-inheriting mappers are used.")
		}
		if s.single {
			continue
		}
		f = &core.Join{Left: f, Right: core.PlainFrom(s.Local), On: s.inherit, Outer: !inner}
	}
	return f
}

// polyFrom is what a query of the class selects from.
func (m *Mapper) polyFrom() core.From {
	w := m.WithPolymorphic
	if w == nil {
		return m.selectable
	}
	if w.Selectable != nil {
		return core.PlainFrom(w.Selectable)
	}
	return m.polyJoin(m.withPolymorphic(), false)
}

// From is what the entity's rows come from.
func (e *Entity) From() core.From {
	if e.from != nil {
		return e.from
	}
	return e.Mapper.polyFrom()
}

// Node is the entity as it stands in select().
func (e *Entity) Node() *core.AnnotatedFrom { return &core.AnnotatedFrom{From: e.From(), Note: e} }

// polyMappers are the subclasses loaded with the entity.
func (e *Entity) polyMappers() []*Mapper {
	if e.poly != nil {
		return e.poly
	}
	if e.alias == nil || e.Mapper.WithPolymorphic != nil && e.poly == nil {
		return e.Mapper.withPolymorphic()
	}
	return nil
}

// adapter is how the class's columns become the entity's.
func (e *Entity) adapter() *adapter {
	if e.adapt != nil {
		return e.adapt
	}
	if w := e.Mapper.WithPolymorphic; w != nil && w.Selectable != nil {
		e.adapt = adaptTo(core.PlainFrom(w.Selectable))
		e.adapt.equivalent = e.Mapper.equivalents()
		return e.adapt
	}
	return nil
}

// Sub is a subclass inside a with_polymorphic: wp.Car.
func (e *Entity) Sub(m *Mapper) *Entity {
	if m == e.Mapper {
		return e
	}
	if !slices.Contains(e.polyMappers(), m) {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if s := e.subs[m]; s != nil {
		return s
	}
	s := &Entity{Mapper: m, alias: e.alias, from: e.from, adapt: e.adapt, of: e, serial: entitySerial.Add(1), aliased: e.aliased}
	if e.from == nil {
		s.from = e.From()
	}
	if e.subs == nil {
		e.subs = map[*Mapper]*Entity{}
	}
	e.subs[m] = s
	return s
}

// SubNamed is Sub by the class's name.
func (e *Entity) SubNamed(name string) *Entity {
	for _, m := range e.polyMappers() {
		if m.Name == name {
			return e.Sub(m)
		}
	}
	return nil
}

// root is the entity that loads the rows: itself, or the with_polymorphic.
func (e *Entity) root() *Entity {
	if e.of != nil {
		return e.of
	}
	return e
}

// Attr is an attribute of an entity in SQL. As a note on a core expression it
// tells the ORM where the expression came from.
type Attr struct {
	Entity *Entity
	Prop   Property
	Key    string
	OfType *Entity     // of_type(): the target as this entity
	And    []core.Expr // and_(): more criteria on the target
	serial uint64
}

// CacheKey tells attributes apart; their criteria stand beside it.
func (a *Attr) CacheKey() string {
	k := "attr " + strconv.FormatUint(a.Entity.serial, 10) + "." + a.Key
	if a.OfType != nil {
		k += " of " + strconv.FormatUint(a.OfType.serial, 10)
	}
	return k
}

// KeyNodes are the criteria.
func (a *Attr) KeyNodes() []core.Node {
	if len(a.And) == 0 {
		return nil
	}
	out := make([]core.Node, len(a.And))
	for n, e := range a.And {
		out[n] = e
	}
	return out
}

// String is Class.key.
func (a *Attr) String() string { return a.Entity.Mapper.Name + "." + a.Key }

// Relationship is the attribute's relationship; nil if it is none.
func (a *Attr) Relationship() *Relationship { r, _ := a.Prop.(*Relationship); return r }

// target is the entity at the far end of a relationship attribute.
func (a *Attr) target() *Entity {
	if a.OfType != nil {
		return a.OfType
	}
	r := a.Relationship()
	r.parent.ready()
	return r.entity
}

// AttrOf finds the attribute that a node is; nil if it is none.
func AttrOf(n core.Node) *Attr {
	if a, ok := n.(*core.Annotated); ok {
		if at, ok := a.Note.(*Attr); ok {
			return at
		}
	}
	return nil
}

// EntityOf finds the entity that a node is; nil if it is none.
func EntityOf(n core.Node) *Entity {
	if a, ok := n.(*core.AnnotatedFrom); ok {
		if e, ok := a.Note.(*Entity); ok {
			return e
		}
	}
	return nil
}

func (a *Attr) node() *core.Annotated { return &core.Annotated{X: core.NULL, Note: a, ProxyKey: a.Key} }

var attrSerial atomic.Uint64

// OfType is the attribute with its target as another entity.
func (a *Attr) OfTypeEntity(e *Entity) *core.Annotated {
	n := *a
	n.OfType = e
	return n.node()
}

// AndCriteria is the attribute with more criteria on its target.
func (a *Attr) AndCriteria(criteria ...core.Expr) *core.Annotated {
	n := *a
	n.And = append(slices.Clip(n.And), criteria...)
	n.serial = attrSerial.Add(1)
	return n.node()
}

// Expr is an attribute of the entity in SQL: User.name. It is an
// AttributeError if the class has none of that name.
func (e *Entity) Expr(key string) (x core.Expr, err error) {
	defer catch(&err)
	return e.expr(key), nil
}

func (e *Entity) expr(key string) core.Expr {
	e.mu.Lock()
	x := e.attrs[key]
	e.mu.Unlock()
	if x != nil {
		return x
	}
	p := e.Mapper.byKey[key]
	if p == nil {
		e.Mapper.ready()
		p = e.Mapper.byKey[key]
	}
	if p == nil && e.Mapper.Lookup != nil {
		x, ok, err := e.Mapper.Lookup(e, key)
		check(err)
		if ok {
			return x
		}
	}
	if p == nil {
		fail(exc.AttributeError, "type object '%s' has no attribute '%s'", e.Mapper.Name, key)
	}
	x = e.attribute(key, p)
	e.mu.Lock()
	defer e.mu.Unlock()
	if other := e.attrs[key]; other != nil { // made meanwhile: there is one of each
		return other
	}
	if e.attrs == nil {
		e.attrs = map[string]core.Expr{}
	}
	e.attrs[key] = x
	return x
}

func (e *Entity) attribute(key string, p Property) core.Expr {
	a := &Attr{Entity: e, Prop: p, Key: key}
	switch p := p.(type) {
	case *ColumnProperty:
		return &core.Annotated{X: e.adapter().expr(p.sql()), Note: a, ProxyKey: key}
	case *Synonym:
		return e.expr(p.Target)
	case *Composite:
		list := &core.ExprList{Sep: core.CommaOp}
		for _, k := range p.keys {
			list.Items = append(list.Items, e.expr(k))
		}
		return &core.Annotated{X: list, Note: a, ProxyKey: key}
	}
	return a.node()
}

// Has reports whether the entity has an attribute of that name.
func (e *Entity) Has(key string) bool {
	if e.Mapper.byKey[key] != nil {
		return true
	}
	if e.Mapper.Lookup != nil {
		_, ok, err := e.Mapper.Lookup(e, key)
		return ok && err == nil
	}
	return false
}

// column gives a column of the mapper as the entity's.
func (e *Entity) column(c *core.Column) core.Expr { return e.adapter().column(c) }

// properties lists the column properties that a query of the entity selects,
// each with the mapper it is of, in SQLAlchemy's order.
func (e *Entity) properties() []Property {
	m := e.Mapper
	out := m.Properties()
	seen := map[Property]bool{}
	for _, p := range out {
		seen[p] = true
	}
	for _, sub := range e.polyMappers() {
		for _, p := range sub.Properties() {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	return out
}

// lacks reports whether what stands for the class, as in aliased(User, subquery)
// or a union of its family, has no column for that of the class. To select it all
// the same would bring in the table itself, as a cartesian product.
func (e *Entity) lacks(x core.Expr) bool {
	a := e.adapter()
	if a == nil {
		return false
	}
	c, ok := core.Plain(x).(*core.Column)
	return ok && a.to.Columns().Index(c) < 0 && a.column(c) == core.Expr(c)
}

// singleCriterion restricts rows of a shared table to the class.
func (e *Entity) singleCriterion() core.Expr {
	m := e.Mapper
	if !m.single || m.polymorphicOn == nil {
		return nil
	}
	if m.Inherits == nil {
		return nil
	}
	var ids []any
	for _, d := range m.SelfAndDescendants() {
		if d.HasIdentity && d.PolymorphicIdentity != nil {
			ids = append(ids, d.PolymorphicIdentity)
		}
	}
	on := m.polymorphicOn
	if l, ok := on.(*core.Label); ok {
		on = l.X
	}
	return core.In(e.adapter().expr(stripped(on)), ids, false)
}

// Bundle groups columns: one element of a row that is itself a row.
type Bundle struct {
	Name   string
	Exprs  []core.Expr
	Single bool
	// Process, if set, makes what reads the bundle's value of a row. procs read
	// its parts.
	Process func(labels []string, procs []func(row any) (any, error)) (func(row any) (any, error), error)
	serial  uint64
	own     any // the binding layer's
}

// Own is the slot for what a binding layer adds: a class of its own.
func (b *Bundle) Own() *any { return &b.own }

// CacheKey tells bundles apart.
func (b *Bundle) CacheKey() string { return "bundle " + strconv.FormatUint(b.serial, 10) }

// NewBundle groups expressions under a name.
func NewBundle(name string, single bool, exprs ...core.Expr) *core.Annotated {
	b := &Bundle{Name: name, Exprs: exprs, Single: single, serial: attrSerial.Add(1)}
	return &core.Annotated{X: &core.ExprList{Sep: core.CommaOp, Items: exprs}, Note: b, ProxyKey: name}
}

// BundleOf finds the bundle that a node is; nil if it is none.
func BundleOf(n core.Node) *Bundle {
	if a, ok := n.(*core.Annotated); ok {
		if b, ok := a.Note.(*Bundle); ok {
			return b
		}
	}
	return nil
}

// Clause is the entity as a part of a statement.
func (e *Entity) Clause() core.Node { e.Mapper.ready(); return e.Node() }

// Clause is the class as a part of a statement.
func (m *Mapper) Clause() core.Node { return m.ready().Entity().Node() }

// Describe makes what a class computes (a hybrid) an attribute of the entity.
func (e *Entity) Describe(key string, x core.Expr) core.Expr {
	d := &Descriptor{}
	d.key, d.parent = key, e.Mapper
	return &core.Annotated{X: x, Note: &Attr{Entity: e, Prop: d, Key: key}, ProxyKey: key}
}
