package orm

import (
	"fmt"
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Direction tells which side of a relationship holds the foreign key.
type Direction uint8

// The directions.
const (
	OneToMany Direction = iota + 1
	ManyToOne
	ManyToMany
)

func (d Direction) String() string {
	return [...]string{"", "ONETOMANY", "MANYTOONE", "MANYTOMANY"}[d]
}

// Repr is the direction as Python shows the member of an enumeration.
func (d Direction) Repr() string {
	return fmt.Sprintf("<RelationshipDirection.%s: %d>", d, d)
}

// Relationship maps an attribute to objects of another class.
//
// Where an argument is of type any it may be the thing itself, a string that
// the registry's Eval reads, or a func() (any, error): classes may be named
// before they exist.
type Relationship struct {
	property

	// Arguments, as SQLAlchemy names them.
	Argument        any // a *Mapper, *Entity, or the name of a class
	Secondary       any // core.From
	PrimaryJoin     any // core.Expr
	SecondaryJoin   any
	ForeignKeys     any // columns
	RemoteSide      any
	OrderBy         any
	UseListGiven    *bool
	BackPopulates   string
	Backref         *Backref
	CascadeText     *string
	Lazy            string
	InnerJoin       any // bool or "nested", "unnested"
	JoinDepth       int
	ViewOnly        bool
	PostUpdate      bool
	PassiveDeletes  bool
	PassiveAll      bool // passive_deletes="all"
	PassiveUpdates  bool
	SingleParent    bool
	ActiveHistory   bool
	Collection      *CollectionClass
	DistinctTarget  *bool
	OmitJoin        *bool
	LoadOnPending   bool
	NoTypeChecks    bool
	SyncBackref     *bool    // nil: unless the other side is only read
	LocalRemote     [][2]any // _local_remote_pairs
	CascadeBackrefs bool
	Overlaps        string

	// What configuration finds.
	UseList    bool
	target     *Mapper
	entity     *Entity // of the target: an alias, or the class itself
	direction  Direction
	secondary  core.From
	join       *joinCondition
	orderBy    []core.Expr
	cascade    Cascade
	reverse    []*Relationship
	ready      bool
	strategies map[string]strategy
	dep        *dependency
	lazyClause *lazyClause
}

// Backref is the backref= of a relationship.
type Backref struct {
	Name    string
	Options *Relationship // the arguments of backref(); nil: none
}

// NewRelationship has SQLAlchemy's defaults.
func NewRelationship(argument any) *Relationship {
	return &Relationship{Argument: argument, Lazy: "select", PassiveUpdates: true}
}

// Target is the mapper of the related objects.
func (r *Relationship) Target() *Mapper { r.parent.ready(); return r.target }

// Direction is found by configuration.
func (r *Relationship) Direction() Direction { r.parent.ready(); return r.direction }

// SecondaryTable is the association table; nil if there is none.
func (r *Relationship) SecondaryTable() core.From { return r.secondary }

// LocalRemotePairs are the columns that the join compares.
func (r *Relationship) LocalRemotePairs() [][2]*core.Column {
	r.parent.ready()
	return r.join.localRemote
}

// Cascades are the relationship's cascades.
func (r *Relationship) Cascades() Cascade {
	if !r.ready {
		r.configureCascade()
	}
	return r.cascade
}

// SynchronizePairs are the columns that a flush copies: from the first to the
// second of each pair. With an association table, second are the pairs of its
// other half.
func (r *Relationship) SynchronizePairs() (first, second [][2]*core.Column) {
	r.parent.ready()
	return r.join.sync, r.join.secondarySync
}

// RemoteColumns and LocalColumns are the sides of the join condition.
func (r *Relationship) RemoteColumns() []*core.Column { r.parent.ready(); return r.join.remoteColumns }

// LocalColumns are the columns of the parent in the join condition.
func (r *Relationship) LocalColumns() []*core.Column { r.parent.ready(); return r.join.localColumns }

// SecondaryJoinExpr is the condition between the association table and the
// target; nil without one.
func (r *Relationship) SecondaryJoinExpr() core.Expr {
	r.parent.ready()
	if r.join.secondary == nil {
		return nil
	}
	return stripped(r.join.secondary)
}

// Ordering are the expressions of order_by.
func (r *Relationship) Ordering() []core.Expr { r.parent.ready(); return r.orderBy }

// PrimaryJoinExpr is the condition between parent and target (or association table).
func (r *Relationship) PrimaryJoinExpr() core.Expr { r.parent.ready(); return stripped(r.join.primary) }

// Reverse are the relationships on the other side.
func (r *Relationship) Reverse() []*Relationship { return r.reverse }

// Cascade says what is done to related objects with an object.
type Cascade struct {
	SaveUpdate, Merge, RefreshExpire, Expunge, Delete, DeleteOrphan bool
}

// String is as SQLAlchemy shows it.
func (c Cascade) String() string {
	var names []string
	for _, w := range []struct {
		name string
		on   bool
	}{{"delete", c.Delete}, {"delete-orphan", c.DeleteOrphan}, {"expunge", c.Expunge}, {"merge", c.Merge},
		{"refresh-expire", c.RefreshExpire}, {"save-update", c.SaveUpdate}} {
		if w.on {
			names = append(names, w.name)
		}
	}
	return "CascadeOptions('" + strings.Join(names, ",") + "')"
}

// ParseCascade reads the names of cascades as relationship(cascade=…) takes them.
func ParseCascade(text string) (c Cascade, err error) {
	defer catch(&err)
	return parseCascade(text), nil
}

// SetCascade changes the cascades, also of a relationship that is in use.
func (r *Relationship) SetCascade(text string) (err error) {
	defer catch(&err)
	parseCascade(text)
	r.CascadeText = &text
	if r.ready {
		r.configureCascade()
		r.checkOrphans()
	}
	return nil
}

func parseCascade(text string) Cascade {
	var c Cascade
	all := func() { c.SaveUpdate, c.Merge, c.RefreshExpire, c.Expunge, c.Delete = true, true, true, true, true }
	var unknown []string
	for _, w := range strings.Split(text, ",") {
		switch w = strings.TrimSpace(w); w {
		case "":
		case "all":
			all()
		case "save-update":
			c.SaveUpdate = true
		case "merge":
			c.Merge = true
		case "refresh-expire":
			c.RefreshExpire = true
		case "expunge":
			c.Expunge = true
		case "delete":
			c.Delete = true
		case "delete-orphan":
			c.DeleteOrphan = true
		case "none":
			c = Cascade{}
		default:
			unknown = append(unknown, "'"+w+"'")
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		fail(exc.ArgumentError, "Invalid cascade option(s): %s", strings.Join(unknown, ", "))
	}
	return c
}

// simpleManyToOne reports whether the object is found by the target's primary
// key, so that the identity map can answer.
func (r *Relationship) simpleManyToOne() bool { return r.direction == ManyToOne && r.useGet() }

// UsesGet reports whether a lazy load asks for the target's primary key, so that
// an object in the session needs no SQL.
func (r *Relationship) UsesGet() bool { r.parent.ready(); return r.useGet() }

func (r *Relationship) useGet() bool {
	return !r.UseList && r.lazy() != nil && r.lazyClause.get
}

// tracksParent reports whether objects remember who holds them.
func (r *Relationship) tracksParent() bool {
	return r.cascade.DeleteOrphan || r.UseList || r.direction == OneToMany
}

// backrefs are the attributes of the other side that follow this one.
func (r *Relationship) backrefs() []*Relationship {
	if r.BackPopulates == "" || !r.syncsBackref() {
		return nil
	}
	if other, ok := r.target.byKey[r.BackPopulates].(*Relationship); ok {
		return []*Relationship{other}
	}
	return nil
}

// syncsBackref reports whether changes of the attribute go on to the other side.
func (r *Relationship) syncsBackref() bool {
	return !r.ViewOnly && (r.SyncBackref == nil || *r.SyncBackref)
}

// checkSyncBackref refuses, or ends, the synchronisation of a relationship with
// another side that is only read.
func checkSyncBackref(a, b *Relationship) {
	if !a.ViewOnly {
		return
	}
	if b.SyncBackref != nil && *b.SyncBackref {
		fail(exc.InvalidRequestError, "Relationship %s cannot specify sync_backref=true since %s includes viewonly=true.", &b.property, &a.property)
	}
	if !b.ViewOnly {
		b.SyncBackref = new(bool)
	}
}

// orphanOf are the delete-orphan relationships that point to the class.
func (m *Mapper) orphanOf() []*Relationship { return m.orphans }

// resolve reads an argument that may be late.
func (r *Relationship) resolve(v any) any {
	switch x := v.(type) {
	case func() (any, error):
		return must(x())
	case string:
		if m, _ := r.parent.Registry.Lookup(x); m != nil {
			return m
		}
		if r.parent.Registry.Eval != nil {
			return must(r.parent.Registry.Eval(r.parent, x))
		}
		r.parent.unknownName(x, x)
	}
	return v
}

func (m *Mapper) unknownName(expression, name string) {
	fail(exc.InvalidRequestError, "When initializing mapper %s, expression '%s' failed to locate a name ('%s'). If this is a class name, consider adding this relationship() to the <class '%s'> class after both dependent classes have been defined.", m, expression, name, m.Name)
}

// configure resolves the relationship.
func (r *Relationship) configure() {
	if r.ready {
		return
	}
	r.ready = true
	r.strategies = map[string]strategy{}
	defer func() {
		if p := recover(); p != nil {
			r.ready = false
			panic(p)
		}
	}()
	r.configureTarget()
	r.configureCascade()
	r.configureJoin()
	if r.UseListGiven != nil {
		r.UseList = *r.UseListGiven
	} else {
		r.UseList = r.direction != ManyToOne
	}
	r.checkOrphans()
	if r.OrderBy != nil {
		r.orderBy = r.expressions("order_by", r.OrderBy)
	}
	r.configureBackref()
	if (r.Lazy == "dynamic" || r.Lazy == "write_only") && (!r.UseList || r.direction == ManyToOne) {
		fail(exc.InvalidRequestError, "On relationship %s, 'dynamic' loaders cannot be used with many-to-one/one-to-one relationships and/or uselist=false.", &r.property)
	}
	if r.PassiveAll && (r.cascade.Delete || r.cascade.DeleteOrphan) {
		fail(exc.ArgumentError, "On %s, can't set passive_deletes='all' in conjunction with 'delete' or 'delete-orphan' cascade", &r.property)
	}
	if !r.ViewOnly && r.dep == nil {
		r.dep = newDependency(r)
	}
}

// checkOrphans refuses delete-orphan where an object may have several parents,
// and tells the target's mapper of it where not.
func (r *Relationship) checkOrphans() {
	if r.cascade.DeleteOrphan && !r.SingleParent && (r.direction == ManyToOne || r.direction == ManyToMany) {
		side := "many-to-many"
		if r.direction == ManyToOne {
			side = "many-to-one"
		}
		fail(exc.ArgumentError, `For %s relationship %s, delete-orphan cascade is normally configured only on the "one" side of a one-to-many relationship, and not on the "many" side of a many-to-one or many-to-many relationship.  To force this relationship to allow a particular "%s" object to be referenced by only a single "%s" object at a time via the %s relationship, which would allow delete-orphan cascade to take place in this direction, set the single_parent=true flag.`, side, &r.property, r.target.Name, r.parent.Name, &r.property)
	}
	if r.cascade.DeleteOrphan {
		for _, m := range r.target.SelfAndDescendants() {
			if !slices.Contains(m.orphans, r) {
				m.orphans = append(m.orphans, r)
			}
		}
	}
}

func (r *Relationship) configureTarget() {
	if r.target != nil {
		return
	}
	arg := r.resolve(r.Argument)
	switch x := arg.(type) {
	case *Mapper:
		r.target, r.entity = x, x.Entity()
	case *Entity:
		r.target, r.entity = x.Mapper, x
	case *core.AnnotatedFrom:
		e, ok := x.Note.(*Entity)
		if !ok {
			fail(exc.ArgumentError, "relationship '%s' expects a class or a mapper argument (received: %T)", r.key, arg)
		}
		r.target, r.entity = e.Mapper, e
	default:
		fail(exc.ArgumentError, "relationship '%s' expects a class or a mapper argument (received: %T)", r.key, arg)
	}
}

func (r *Relationship) configureCascade() {
	switch {
	case r.CascadeText != nil:
		r.cascade = parseCascade(*r.CascadeText)
		if r.ViewOnly && (r.cascade.SaveUpdate || r.cascade.Delete || r.cascade.Merge || r.cascade.DeleteOrphan) {
			fail(exc.ArgumentError, "Cascade settings \"%s\" apply to persistence operations and should not be combined with a viewonly=true relationship.", *r.CascadeText)
		}
	case !r.ViewOnly:
		r.cascade = Cascade{SaveUpdate: true, Merge: true}
	}
	if r.cascade.DeleteOrphan && !r.cascade.Delete && r.parent != nil {
		r.parent.Registry.warn("The 'delete-orphan' cascade option requires 'delete'.")
	}
}

// expressions reads a list of columns or orderings: the argument of a name.
func (r *Relationship) expressions(argument string, v any) []core.Expr {
	var out []core.Expr
	switch x := r.resolve(v).(type) {
	case nil:
	case bool:
		if x || argument != "order_by" {
			r.noExpression(argument, x)
		}
	case core.Expr:
		out = append(out, stripped(x))
	case []core.Expr:
		for _, e := range x {
			out = append(out, stripped(e))
		}
	case []any:
		for _, e := range x {
			if text, late := e.(string); late {
				if attempt(func() { e = r.resolve(text) }) != nil {
					r.noExpression(argument, text)
				}
			}
			out = append(out, r.expressions(argument, e)...)
		}
	default:
		r.noExpression(argument, x)
	}
	return out
}

// noExpression refuses an argument that is no SQL.
func (r *Relationship) noExpression(argument string, got any) {
	text := fmt.Sprintf("%v", got)
	switch x := got.(type) {
	case string, int64, float64, bool:
		text = types.Repr(x)
	case *Mapper:
		text = fmt.Sprintf("<class '%s'>", x.Name)
	case core.From:
		text = core.Describe(x)
	}
	fail(exc.ArgumentError, "Column expression expected for argument '%s'; got %s.", argument, text)
}

func (r *Relationship) columns(argument string, v any) []*core.Column {
	if v == nil {
		return nil
	}
	var out []*core.Column
	for _, e := range r.expressions(argument, v) {
		if c, ok := core.Plain(e).(*core.Column); ok {
			out = append(out, c)
		} else {
			r.noExpression(argument, expressionText(e))
		}
	}
	return out
}

func (r *Relationship) condition(argument string, v any) core.Expr {
	if v == nil {
		return nil
	}
	x := r.resolve(v)
	if x == nil {
		return nil
	}
	e, ok := x.(core.Expr)
	if !ok {
		r.noExpression(argument, x)
	}
	return strippedKeepingRoles(e)
}

func (r *Relationship) configureJoin() {
	if r.Secondary != nil {
		v := r.Secondary
		if name, ok := v.(string); ok {
			if t, found := r.parent.Registry.MetaData.Table(name); found {
				v = t
			}
		}
		switch x := r.resolve(v).(type) {
		case core.From:
			if e := EntityOf(x); e != nil {
				r.refuseSecondary(e.Mapper)
			}
			r.secondary = core.PlainFrom(x)
		case *Mapper:
			r.refuseSecondary(x)
		default:
			fail(exc.ArgumentError, "secondary argument of relationship %s must be a table", &r.property)
		}
	}
	remote := r.columns("remote_side", r.RemoteSide)
	var local []*core.Column
	if len(r.LocalRemote) > 0 {
		if len(remote) > 0 {
			fail(exc.ArgumentError, "remote_side argument is redundant against more detailed _local_remote_side argument.")
		}
		for _, p := range r.LocalRemote {
			local, remote = append(local, r.columns("_local_remote_pairs", p[0])...), append(remote, r.columns("_local_remote_pairs", p[1])...)
		}
	}
	r.join = newJoinCondition(r, r.condition("primaryjoin", r.PrimaryJoin), r.condition("secondaryjoin", r.SecondaryJoin), r.columns("foreign_keys", r.ForeignKeys), local, remote)
	r.direction = r.join.direction
}

func (r *Relationship) refuseSecondary(m *Mapper) {
	fail(exc.ArgumentError, "secondary argument <class '%s'> passed to to relationship() %s must be a Table object or other FROM clause; can't send a mapped class directly as rows in 'secondary' are persisted independently of a class that is mapped to that same table.", m.Name, &r.property)
}

func (r *Relationship) configureBackref() {
	if b := r.Backref; b != nil && r.BackPopulates == "" {
		if m := r.target; !m.Concrete {
			for _, x := range append(m.chain(), m.SelfAndDescendants()...) {
				if x.byKey[b.Name] != nil && !x.Concrete {
					fail(exc.ArgumentError, "Error creating backref '%s' on relationship '%s': property of that name exists on mapper '%s'", b.Name, &r.property, x)
				}
			}
		}
		n := b.Options
		if n == nil {
			n = NewRelationship(nil)
		}
		n.Argument = r.parent
		n.BackPopulates = r.key
		n.ViewOnly = n.ViewOnly || r.ViewOnly
		n.PostUpdate = n.PostUpdate || r.PostUpdate
		if n.SyncBackref == nil {
			n.SyncBackref = r.SyncBackref
		}
		if n.Secondary == nil && r.secondary != nil {
			n.Secondary = r.secondary
			if n.PrimaryJoin == nil {
				n.PrimaryJoin = sideless(r.join.secondary)
			}
			if n.SecondaryJoin == nil {
				n.SecondaryJoin = sideless(r.join.primary)
			}
		} else if r.secondary == nil {
			if n.SecondaryJoin != nil {
				fail(exc.InvalidRequestError, "Can't assign 'secondaryjoin' on a backref against a non-secondary relationship.")
			}
			if n.PrimaryJoin == nil {
				n.PrimaryJoin = r.join.reversed()
			}
		}
		if n.ForeignKeys == nil && r.ForeignKeys != nil {
			n.ForeignKeys = r.ForeignKeys
		}
		r.BackPopulates = b.Name
		m := r.target
		m.install(b.Name, n)
		m.propagate(b.Name)
		n.configure()
	}
	if r.BackPopulates == "" {
		return
	}
	p := r.target.byKey[r.BackPopulates]
	if p == nil {
		fail(exc.InvalidRequestError, "Mapper '%s' has no property '%s'.  If this property was indicated from other mappers or configure events, ensure registry.configure() has been called.", r.target, r.BackPopulates)
	}
	other, ok := p.(*Relationship)
	if !ok {
		fail(exc.InvalidRequestError, "back_populates on relationship '%s' refers to attribute '%s' that is not a relationship.  The back_populates parameter should refer to the name of a relationship on the target class.", &r.property, p.part())
	}
	checkSyncBackref(r, other)
	checkSyncBackref(other, r)
	if !slices.Contains(r.reverse, other) {
		r.reverse = append(r.reverse, other)
	}
	if !slices.Contains(other.reverse, r) {
		other.reverse = append(other.reverse, r)
	}
	other.configureTarget()
	if !other.target.commonParent(r.parent) {
		fail(exc.ArgumentError, "reverse_property '%s' on relationship %s references relationship %s, which does not reference mapper %s", r.BackPopulates, &r.property, &other.property, r.parent)
	}
	if other.ready && r.direction != ManyToMany && r.direction == other.direction {
		fail(exc.ArgumentError, "%s and back-reference %s are both of the same direction %s.  Did you mean to set remote_side on the many-to-one side ?", &other.property, &r.property, r.direction.Repr())
	}
}
