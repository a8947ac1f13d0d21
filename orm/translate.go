package orm

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// translation is a select of entities as a plain select, and how its rows
// become objects.
type translation struct {
	stmt     core.Statement
	elements []*element
	tree     *optionTree
	unique   bool // collections are joined: rows repeat
	entities bool // some element is an object
	legacy   bool
}

// element is one element of a result's rows.
type element struct {
	name   string
	loader *instanceLoader
	ref    *colRef
	refs   []*colRef // of a composite
	comp   *Composite
	bundle *Bundle
	parts  []*element
	expr   core.Expr // by which a row can be asked for it
	entity *Entity

	bundleMeta *engine.Meta
	process    func(row any) (any, error) // of a bundle that makes its own values
}

// colRef is a column of the statement that rows are read from. Its place is
// known when all columns are.
type colRef struct {
	n         int
	secondary bool
	at        int
}

// translator turns one select of entities into a plain one.
type translator struct {
	loadSettings
	joinColumns []core.Expr // of the local side of joined loads
	src         *core.Select

	elements  []*element
	primary   []core.Expr
	secondary []core.Expr
	refs      []*colRef
	dedupe    map[core.Expr]*colRef
	dedupe2   map[core.Expr]*colRef

	from     []core.From
	fallback []core.From
	entities []*Entity
	joined   map[*Entity]bool
	edges    map[joinEdge]bool
	autos    []*autoAlias
	labels   map[*core.Label]*core.Label // in their plain form
	extra    []*Entity

	tree       *optionTree
	groups     []*eagerGroup
	eagerOrder []core.Expr
	multi      bool // collections are joined
	adding     bool // the loading adds joins

	adapt *adapter // of a Query over its own subquery
	path  []*Mapper
	lead  *Entity         // the entity of the query that is being set up
	steps []*Relationship // from it to the present one
	stack []joinedAt
}

// joinEdge is a join along a relationship from one entity to another. It is made
// once, however often a statement asks for it.
type joinEdge struct {
	left, right *Entity
	along       *Relationship
}

// eagerGroup are the joins that loading adds to one FROM clause.
type eagerGroup struct {
	base  core.From
	steps []*eagerStep
}

type eagerStep struct {
	rel              *Relationship
	right, secondary core.From
	on, on2          core.Expr
	outer            bool
	inside           []*eagerStep // inner joins within an outer one
}

// fromSelf makes entities of a Query come from a subquery of its own: union()
// and its kin.
type fromSelf struct {
	alias  core.From
	serial uint64
}

// CacheKey is the same for all: the key has the subquery beside it.
func (f *fromSelf) CacheKey() string { return "from self" }

// KeyNodes is the subquery.
func (f *fromSelf) KeyNodes() []core.Node { return []core.Node{f.alias} }

// loadMark makes statements of different loads differ in the cache, as their
// options do in SQLAlchemy.
type loadMark string

// CacheKey is the mark.
func (m loadMark) CacheKey() string { return string(m) }

// isORM reports whether a statement speaks of mapped classes.
func isORM(n core.Node) bool {
	found := false
	core.Walk(n, func(n core.Node) bool {
		if found {
			return false
		}
		switch n := n.(type) {
		case *core.Annotated:
			switch n.Note.(type) {
			case *Attr, *Bundle:
				found = true
			}
		case *core.AnnotatedFrom:
			if _, ok := n.Note.(*Entity); ok {
				found = true
			}
		case *core.Select:
			if len(n.Notes) > 0 {
				found = true
			}
		}
		return !found
	})
	return found
}

// Plain is a statement without the ORM's notes: what is compiled. A statement
// that has none is given back as it is.
func Plain(s core.Statement) (plain core.Statement, err error) {
	defer catch(&err)
	return plainStatement(s), nil
}

// PlainNode is Plain for anything that can be compiled.
func PlainNode(n core.Node) (plain core.Node, err error) {
	defer catch(&err)
	switch n := n.(type) {
	case core.Statement:
		return plainStatement(n), nil
	case core.Expr:
		return plainExpr(n), nil
	case *core.AnnotatedFrom:
		return core.PlainFrom(n), nil
	case *core.Join:
		return plainNode(n), nil
	}
	return n, nil
}

// Written is PlainNode for what is compiled by itself: a select of classes has
// the joins of eager loading that executing it would add.
func Written(n core.Node) (plain core.Node, err error) {
	s, ok := n.(*core.Select)
	if !ok || !isORM(s) {
		return PlainNode(n)
	}
	defer catch(&err)
	if f := fromStatementOf(s); f != nil {
		return plainNode(f.stmt), nil
	}
	t := &translator{src: s}
	return t.run().stmt, nil
}

// PlainQuery is Plain for a query that is about to be nested.
func PlainQuery(q core.Query) (plain core.Query, err error) {
	defer catch(&err)
	p := plainStatement(q)
	return p.(core.Query), nil
}

func plainStatement(s core.Statement) core.Statement {
	if s == nil || !isORM(s) {
		return s
	}
	switch s := s.(type) {
	case *core.Select:
		return translateNested(s)
	}
	return plainNode(s).(core.Statement)
}

// plainExpr takes notes off an expression and translates the queries in it.
func plainExpr(e core.Expr) core.Expr {
	if e == nil {
		return nil
	}
	x, _ := plainNode(e).(core.Expr)
	return x
}

func plainNode(n core.Node) core.Node {
	if n == nil || !isORM(n) {
		return n
	}
	return core.Replace(n, func(n core.Node) core.Node {
		switch n := n.(type) {
		case *core.Annotated:
			switch note := n.Note.(type) {
			case *Attr:
				if r := note.Relationship(); r != nil {
					r.parent.ready()
					p, s, _ := r.join.joins(note.Entity.adapter(), note.target().adapter(), false, note.And)
					return conjoin(p, s)
				}
				return plainNode(n.X)
			case *Bundle, *role:
				return plainNode(n.X)
			}
		case *core.AnnotatedFrom:
			if _, ok := n.Note.(*Entity); ok {
				return core.PlainFrom(n)
			}
		case *core.Select:
			if isORM(n) {
				return translateNested(n)
			}
			return n
		}
		return nil
	})
}

func translateNested(s *core.Select) *core.Select {
	t := &translator{loadSettings: loadSettings{nested: true}, src: s}
	tr := t.run()
	return tr.stmt.(*core.Select)
}

// refreshNote keeps a statement that loads single attributes apart from others
// with the same SQL, as SQLAlchemy's cache does.
type refreshNote string

// CacheKey is the attributes.
func (n refreshNote) CacheKey() string { return string(n) }

func (t *translator) cacheNotes() []core.Keyed {
	if t.only == nil || t.fresh {
		return nil
	}
	return []core.Keyed{refreshNote("only " + strings.Join(slices.Sorted(maps.Keys(t.only)), ","))}
}

// cacheMark is what tells the statement apart from others with the same SQL:
// the load it serves and the options of its query.
func (t *translator) cacheMark() string {
	mark := t.mark
	if t.tree != nil {
		mark += t.tree.key
	}
	if t.outer != nil && t.outer.tree != nil && t.outer.tree != t.tree {
		mark += t.outer.tree.key
	}
	for _, e := range t.entities { // of a with_polymorphic(): it may be the SQL of another
		for _, m := range e.poly {
			mark += " with " + strconv.FormatUint(m.serial, 10)
		}
	}
	return mark
}

func (t *translator) run() *translation {
	t.dedupe, t.dedupe2, t.joined = map[core.Expr]*colRef{}, map[core.Expr]*colRef{}, map[*Entity]bool{}
	s := t.src
	for _, n := range s.Notes {
		if f, ok := n.(*fromSelf); ok {
			t.adapt = adaptTo(f.alias)
			t.from = append(t.from, f.alias)
		}
	}
	t.collect(s.Raw, &t.elements)
	t.tree = newOptionTree(s.Notes, t.rootEntities(), t.outer)
	for _, f := range s.FromObjects {
		if e := EntityOf(f); e != nil {
			e.Mapper.ready()
			t.from = append(t.from, e.From())
			t.mention(e)
			continue
		}
		t.from = append(t.from, plainNode(f).(core.From))
	}
	for _, j := range s.Joins {
		t.join(j)
	}
	criteria := t.exprs(s.Criteria)
	having := t.exprs(s.HavingList)
	ordering := t.exprs(s.Ordering)
	grouping := t.exprs(s.Grouping)
	distinctOn := t.exprs(s.DistinctOn)
	for _, e := range t.elements {
		t.setupElement(e)
	}
	criteria = append(criteria, t.extraCriteria()...)
	if len(t.primary) == 0 && len(t.secondary) == 0 && len(s.Raw) > 0 && t.only == nil {
		fail(exc.InvalidRequestError, "Query contains no columns with which to SELECT from.")
	}
	if len(t.from) == 0 {
		t.from = t.fallback
	}
	out := s.Change(func(n *core.Select) {
		n.Criteria, n.HavingList, n.Ordering, n.Grouping, n.DistinctOn = criteria, having, ordering, grouping, distinctOn
		n.Joins, n.Notes = nil, t.cacheNotes()
		n.CorrelateTo, n.CorrelateExcept = plainFroms(s.CorrelateTo), plainFroms(s.CorrelateExcept)
		if s.Lock != nil && len(s.Lock.Of) > 0 {
			l := *s.Lock
			l.Of = nil
			for _, o := range s.Lock.Of {
				if e := EntityOf(o); e != nil {
					l.Of = append(l.Of, e.From())
				} else {
					l.Of = append(l.Of, plainNode(o))
				}
			}
			n.Lock = &l
		}
	})
	if t.legacy && s.IsDistinct && len(distinctOn) == 0 {
		for _, e := range orderColumns(ordering) {
			if !t.hasColumn(e) {
				t.primary = append(t.primary, e)
			}
		}
	}
	if t.multi && t.adding && t.nests() {
		out = t.compound(out)
	} else {
		cols := make([]core.Node, 0, len(t.primary)+len(t.secondary))
		for _, e := range t.primary {
			cols = append(cols, e)
		}
		for _, e := range t.secondary {
			cols = append(cols, e)
		}
		froms := slices.Clone(t.from)
		for _, g := range t.groups {
			froms = append(froms, g.build(g.base, nil))
		}
		out = out.Change(func(n *core.Select) {
			n.Raw, n.FromObjects = cols, froms
			n.Ordering = append(slices.Clip(n.Ordering), t.eagerOrder...)
		})
	}
	for _, r := range t.refs {
		r.at = r.n
		if r.secondary {
			r.at += len(t.primary)
		}
	}
	if mark := t.cacheMark(); mark != "" {
		out = out.Change(func(n *core.Select) { n.Notes = []core.Keyed{loadMark(mark)} })
	}
	tr := &translation{stmt: out, elements: t.elements, tree: t.tree, unique: t.multi, legacy: t.legacy}
	for _, e := range t.elements {
		tr.entities = tr.entities || e.loader != nil
	}
	return tr
}

func plainFroms(fs []core.From) []core.From {
	if fs == nil {
		return nil
	}
	out := make([]core.From, len(fs))
	for n, f := range fs {
		if e := EntityOf(f); e != nil {
			out[n] = e.From()
		} else {
			out[n] = core.PlainFrom(f)
		}
	}
	return out
}

func (t *translator) hasColumn(e core.Expr) bool {
	return slices.ContainsFunc(t.primary, func(x core.Expr) bool { return core.Plain(x) == core.Plain(e) })
}

// orderColumns are the expressions that an ORDER BY speaks of.
func orderColumns(ordering []core.Expr) []core.Expr {
	var out []core.Expr
	for _, e := range ordering {
		for {
			switch x := e.(type) {
			case *core.Unary:
				if x.Postfix {
					e = x.X
					continue
				}
			case *core.LabelRef:
				if x.X != nil {
					e = x.X
					continue
				}
				e = nil
			}
			break
		}
		if e != nil {
			if _, label := e.(*core.Label); !label {
				out = append(out, e)
			}
		}
	}
	return out
}

// nests reports whether rows are limited, so that joins to collections must
// stand outside of the limited query.
func (t *translator) nests() bool {
	s := t.src
	return s.LimitExpr != nil || s.OffsetExpr != nil || s.FetchClause != nil || s.IsDistinct || len(s.Grouping) > 0
}

// compound puts the query into a subquery and the joins of loading outside.
func (t *translator) compound(s *core.Select) *core.Select {
	inner := s.Change(func(n *core.Select) {
		n.Raw = nil
		for _, e := range t.primary {
			n.Raw = append(n.Raw, e)
		}
		for _, e := range orderColumns(s.Ordering) {
			if !t.hasColumn(e) {
				n.Raw = append(n.Raw, e)
			}
		}
		n.FromObjects = t.from
		n.Options = nil
		n.CTEs = nil
	})
	sub := core.NewSubquery(inner, "")
	a := adaptTo(sub)
	out := &core.Select{LabelStyle: s.LabelStyle, Options: s.Options, CTEs: s.CTEs, Prefixes: nil}
	cols := sub.Columns().All()
	for n := range t.primary {
		out.Raw = append(out.Raw, cols[n])
	}
	for _, e := range t.secondary {
		out.Raw = append(out.Raw, e)
	}
	var f core.From = sub
	for _, g := range t.groups {
		f = g.build(f, a)
	}
	out.FromObjects = []core.From{f}
	for _, e := range s.Ordering {
		out.Ordering = append(out.Ordering, t.outerOrder(a, e, cols))
	}
	out.Ordering = append(out.Ordering, t.eagerOrder...)
	out.Lock = s.Lock
	return out
}

// outerOrder is an ORDER BY expression as the columns of the subquery.
func (t *translator) outerOrder(a *adapter, e core.Expr, cols []*core.Column) core.Expr {
	switch x := e.(type) {
	case *core.Unary:
		if x.Postfix {
			n := *x
			n.X = t.outerOrder(a, x.X, cols)
			return &n
		}
	case *core.LabelRef:
		if x.X != nil {
			return t.outerOrder(a, x.X, cols)
		}
		if c, ok := a.to.Columns().Get(x.Text); ok {
			return c
		}
		return e
	}
	plain := core.Plain(e)
	for n, p := range t.primary {
		if core.Plain(p) == plain {
			return cols[n]
		}
		if l, ok := p.(*core.Label); ok && core.Plain(l.X) == plain {
			return cols[n]
		}
	}
	if c, ok := a.to.Columns().Corresponding(plain); ok {
		return c
	}
	return a.expr(e)
}

// build joins the steps to base. With an adapter, columns of the tables inside
// base are those that it offers.
func (g *eagerGroup) build(base core.From, a *adapter) core.From {
	f := base
	for _, s := range g.steps {
		f = s.attach(f, a)
	}
	return f
}

func (s *eagerStep) attach(left core.From, a *adapter) core.From {
	right := s.right
	for _, in := range s.inside {
		right = in.attach(right, nil)
	}
	on := a.expr(s.on)
	if s.secondary == nil {
		return &core.Join{Left: left, Right: right, On: on, Outer: s.outer}
	}
	if s.outer {
		return &core.Join{Left: left, Right: &core.Join{Left: s.secondary, Right: right, On: s.on2}, On: on, Outer: true}
	}
	return &core.Join{Left: &core.Join{Left: left, Right: s.secondary, On: on}, Right: right, On: s.on2}
}

// collect finds what the columns clause asks for.
func (t *translator) collect(raw []core.Node, into *[]*element) {
	for _, n := range raw {
		if e := EntityOf(n); e != nil {
			e.Mapper.ready()
			*into = append(*into, &element{name: e.Name(), entity: e})
			t.mention(e)
			continue
		}
		if b := BundleOf(n); b != nil {
			el := &element{name: b.Name, bundle: b, expr: n.(core.Expr)}
			for _, x := range b.Exprs {
				t.collect([]core.Node{x}, &el.parts)
			}
			*into = append(*into, el)
			continue
		}
		if a := AttrOf(n); a != nil {
			t.mention(a.Entity)
			el := &element{name: a.Key, expr: n.(core.Expr)}
			if c, ok := a.Prop.(*Composite); ok {
				el.comp = c
			}
			*into = append(*into, el)
			continue
		}
		if f, ok := n.(core.From); ok {
			for _, c := range f.Columns().All() {
				*into = append(*into, &element{name: c.Key, expr: c})
			}
			continue
		}
		if x, ok := n.(core.Expr); ok {
			if l, ok := x.(*core.ExprList); ok && l.Sep == core.CommaOp && !l.Group {
				for _, i := range l.Items {
					t.collect([]core.Node{i}, into)
				}
				continue
			}
			t.mentionIn(x)
			*into = append(*into, &element{name: rawName(x), expr: x})
		}
	}
}

// rawName is what a row calls an expression; "" leaves it to the compiler.
func rawName(x core.Expr) string {
	switch x := core.Plain(x).(type) {
	case *core.Label:
		if !x.Name.IsAnonymous() {
			return string(x.Name)
		}
	case *core.Column:
		return x.Key
	}
	return ""
}

// mention notes an entity whose criteria may restrict the rows.
func (t *translator) mention(e *Entity) {
	if !slices.Contains(t.extra, e) {
		t.extra = append(t.extra, e)
	}
}

// mentionIn notes the entities whose attributes an expression of the columns
// clause uses.
func (t *translator) mentionIn(x core.Expr) {
	core.Walk(x, func(n core.Node) bool {
		switch n := n.(type) {
		case core.Query:
			return false
		case *core.Annotated:
			if a, ok := n.Note.(*Attr); ok {
				t.mention(a.Entity)
			}
		}
		return true
	})
}

func (t *translator) rootEntities() []*Entity {
	var out []*Entity
	for _, e := range t.elements {
		if e.entity != nil {
			out = append(out, e.entity)
		}
		if a := AttrOf(e.expr); e.expr != nil && a != nil {
			out = append(out, a.Entity)
		}
	}
	return out
}

func (t *translator) expr(e core.Expr) core.Expr {
	x := plainExpr(t.labelled(e))
	if t.adapt != nil {
		x = t.adapt.expr(x)
	}
	return x
}

// labelled gives each label of e its plain form, the same one wherever the
// statement has it, so that ORDER BY finds it among the columns; attributes of a
// base class become those of the tables where these are selected from.
func (t *translator) labelled(e core.Expr) core.Expr {
	if e == nil || !isORM(e) {
		return e
	}
	return core.Replace(e, func(n core.Node) core.Node {
		switch n := n.(type) {
		case core.Query:
			return n
		case *core.Annotated:
			a, ok := n.Note.(*Attr)
			if !ok {
				return nil
			}
			if x := t.ofAlias(a); x != nil {
				return x
			}
			if p, ok := a.Prop.(*ColumnProperty); ok && t.ownRows(a.Entity) {
				return p.sql()
			}
			return nil
		case *core.Label:
			if done := t.labels[n]; done != nil {
				return done
			}
			x := plainExpr(n.X)
			if x == n.X {
				return nil
			}
			plain := core.NewLabel(x, string(n.Name))
			plain.Type, plain.Quote = n.Type, n.Quote
			if t.labels == nil {
				t.labels = map[*core.Label]*core.Label{}
			}
			t.labels[n] = plain
			return plain
		}
		return nil
	})
}

// ownRows says that a base class, which is selected from a union of its family,
// is not: the statement selects a subclass from the tables, so the base's
// attributes are those of the tables too.
func (t *translator) ownRows(base *Entity) bool {
	if w := base.Mapper.WithPolymorphic; base.alias != nil || w == nil || w.Selectable == nil || t.joined[base] {
		return false
	}
	below := false
	for _, e := range t.rootEntities() {
		if e == base {
			return false
		}
		below = below || e.alias == nil && e.Mapper != base.Mapper && e.Mapper.IsA(base.Mapper)
	}
	return below
}

func (t *translator) exprs(es []core.Expr) []core.Expr {
	if len(es) == 0 {
		return es
	}
	out := make([]core.Expr, len(es))
	for n, e := range es {
		out[n] = t.expr(e)
	}
	return out
}

// add selects a column of an entity, once.
func (t *translator) add(e core.Expr, secondary bool) *colRef {
	cols, seen := &t.primary, t.dedupe
	if secondary {
		cols, seen = &t.secondary, t.dedupe2
	}
	if r := seen[e]; r != nil {
		return r
	}
	r := &colRef{n: len(*cols), secondary: secondary}
	*cols = append(*cols, e)
	seen[e] = r
	t.refs = append(t.refs, r)
	return r
}

// addRaw selects an expression that was asked for by itself.
func (t *translator) addRaw(e core.Expr) *colRef {
	r := &colRef{n: len(t.primary)}
	t.primary = append(t.primary, e)
	if _, known := t.dedupe[e]; !known {
		t.dedupe[e] = r
	}
	t.refs = append(t.refs, r)
	return r
}

func (t *translator) setupElement(e *element) {
	switch {
	case e.entity != nil:
		ent := e.entity
		t.entities = append(t.entities, ent)
		t.path, t.lead, t.steps = []*Mapper{ent.Mapper}, ent, nil
		e.loader = t.setup(t.standIn(ent), t.nodeOf(ent), false, nil)
		if t.adapt == nil {
			t.fallback = append(t.fallback, ent.root().From())
		}
	case e.bundle != nil:
		for _, p := range e.parts {
			t.setupElement(p)
		}
	case e.comp != nil:
		a := AttrOf(e.expr)
		for _, k := range e.comp.keys {
			x := t.expr(a.Entity.expr(k))
			e.refs = append(e.refs, t.addRaw(x))
		}
		t.fallbackOf(a.Entity, e.expr)
	default:
		x := t.expr(e.expr)
		if a := AttrOf(e.expr); a != nil {
			t.fallbackOf(a.Entity, e.expr)
			if c, ok := x.(*core.Column); t.nested && !t.returning && ok && c.Key != a.Key {
				x = &core.Annotated{X: x, ProxyKey: a.Key, Note: (*keyNote)(nil)}
			} else if _, plain := x.(*core.Column); !plain && t.nested && !t.returning {
				if _, labelled := x.(*core.Label); !labelled {
					x = &core.Annotated{X: x, ProxyKey: a.Key, Note: (*keyNote)(nil)}
				}
			}
		} else if l, ok := core.Plain(e.expr).(*core.Label); ok && e.expr != core.Expr(l) {
			_ = l
		} else {
			t.fallbackIn(e.expr)
		}
		e.ref = t.addRaw(x)
	}
}

// keyNote rides on columns of nested queries only for their names.
type keyNote struct{}

// CacheKey is the same for all: the name is in the key beside it.
func (*keyNote) CacheKey() string { return "key" }

// fallbackOf makes a joined class's whole selectable the FROM of an attribute,
// unless this needs none of it, as a scalar subquery.
func (t *translator) fallbackOf(e *Entity, x core.Expr) {
	if t.adapt != nil {
		return
	}
	own := core.FromObjects(e.root().From())
	if slices.ContainsFunc(core.FromObjects(x), func(f core.From) bool { return slices.Contains(own, f) }) {
		t.fallback = append(t.fallback, e.root().From())
	}
}

func (t *translator) fallbackIn(x core.Expr) {
	core.Walk(x, func(n core.Node) bool {
		switch n := n.(type) {
		case core.Query:
			return false
		case *core.Annotated:
			if a, ok := n.Note.(*Attr); ok {
				t.fallbackOf(a.Entity, x)
			}
		}
		return true
	})
}

func (t *translator) nodeOf(e *Entity) *optionNode {
	if t.outer != nil {
		n := t.tree.at(e)
		if n == nil || len(t.tree.roots) == 0 {
			return t.outer
		}
		return n
	}
	return t.tree.at(e)
}

// extraCriteria are the conditions that classes bring along: a single-table
// subclass's discriminator, with_loader_criteria.
func (t *translator) extraCriteria() []core.Expr {
	var out []core.Expr
	for _, e := range t.extra {
		if t.joined[e] {
			continue
		}
		if e.of != nil && t.joined[e.of] {
			continue
		}
		out = append(out, t.criteriaOf(e)...)
	}
	return out
}

func (t *translator) criteriaOf(e *Entity) []core.Expr {
	var out []core.Expr
	if c := e.singleCriterion(); c != nil {
		if t.adapt != nil {
			c = t.adapt.expr(c)
		}
		out = append(out, c)
	}
	for _, lc := range t.loaderCriteria() {
		if lc.applies(e) {
			c := plainExpr(must(lc.Criteria(e)))
			out = append(out, e.adapter().expr(c))
		}
	}
	return out
}

func (t *translator) loaderCriteria() []*LoaderCriteria {
	var out []*LoaderCriteria
	if t.tree != nil {
		out = append(out, t.tree.criteria...)
	}
	if t.outer != nil && t.outer.tree != nil && t.outer.tree != t.tree {
		for _, c := range t.outer.tree.criteria {
			if !c.NoPropagate {
				out = append(out, c)
			}
		}
	}
	return out
}

// join adds one join of the statement to the FROM clauses.
func (t *translator) join(j core.JoinStep) {
	var attr *Attr
	var right *Entity
	var rightFrom core.From
	var on core.Expr
	switch {
	case AttrOf(j.Target) != nil:
		attr = AttrOf(j.Target)
		if attr.Relationship() == nil {
			fail(exc.ArgumentError, "Join target %s does not refer to a mapped entity", attr)
		}
		right = attr.target()
		if e := j.On; e != nil {
			on, attr = t.expr(e), nil
		}
	case EntityOf(j.Target) != nil:
		right = EntityOf(j.Target)
		right.Mapper.ready()
	default:
		f, ok := j.Target.(core.From)
		if !ok {
			fail(exc.ArgumentError, "Join target, typically a FROM expression, or ORM relationship attribute expected, got %v.", j.Target)
		}
		rightFrom = plainNode(f).(core.From)
	}
	if a := AttrOf(j.On); j.On != nil && a != nil && a.Relationship() != nil {
		attr = a
		if a.OfType != nil && right == nil {
			right = a.OfType
		}
	} else if j.On != nil && on == nil {
		on = t.expr(j.On)
	}
	if right != nil {
		rightFrom = right.From()
	}
	var left core.From
	var leftEntity *Entity
	switch {
	case j.Left != nil:
		if leftEntity = EntityOf(j.Left); leftEntity != nil {
			leftEntity.Mapper.ready()
			left = leftEntity.From()
		} else {
			left = plainNode(j.Left).(core.From)
		}
	case attr != nil:
		attr.Relationship().parent.ready()
		leftEntity = attr.Entity
		left = leftEntity.root().From()
		if t.adapt != nil {
			left = t.adapt.to
		}
	}
	if attr != nil && attr.And == nil && t.edges[joinEdge{leftEntity, right, attr.Relationship()}] {
		return
	}
	if leftEntity != nil && leftEntity == right {
		fail(exc.InvalidRequestError, "Can't construct a join from %s to %s, they are the same entity", leftEntity, right)
	}
	index, clause := t.leftSide(left, right, rightFrom, on, j.Beside)
	if clause == rightFrom && attr == nil && right != nil {
		fail(exc.InvalidRequestError, "Can't construct a join from %s to %s, they are the same entity", right, right)
	}
	if attr != nil && leftEntity != nil && right != nil && core.PlainFrom(left) == core.PlainFrom(rightFrom) && right.alias == nil {
		// a self-referential join needs an alias
		fail(exc.InvalidRequestError, "Can't join table/selectable '%s' to itself", core.Describe(rightFrom))
	}
	if left == nil {
		left = clause
	}
	if right != nil && t.needsAlias(left, right) {
		t.joined[right] = true
		right = t.aliasFor(right)
		rightFrom = right.From()
		if on != nil {
			on = t.expr(j.On)
		}
	}
	if attr != nil && attr.And == nil {
		if t.edges == nil {
			t.edges = map[joinEdge]bool{}
		}
		t.edges[joinEdge{leftEntity, right, attr.Relationship()}] = true
	}
	joined := t.joinTo(clause, right, rightFrom, attr, on, j.Outer, j.Full)
	if index >= 0 {
		t.from = slices.Clone(t.from)
		t.from[index] = joined
	} else {
		t.from = append(slices.Clip(t.from), joined)
	}
	if right != nil {
		t.joined[right] = true
	}
}

// leftSide finds the FROM clause that a join begins at: its index, or -1 for
// one that is not there yet.
func (t *translator) leftSide(left core.From, right *Entity, rightFrom core.From, on core.Expr, beside []core.Node) (int, core.From) {
	if left != nil {
		var found []int
		for n, f := range t.from {
			if containsFrom(f, left) {
				found = append(found, n)
			}
		}
		if len(found) > 1 {
			fail(exc.InvalidRequestError, "Can't identify which entity in which to assign the left side of this join.   Please use a more specific ON clause.")
		}
		if len(found) == 1 {
			return found[0], t.from[found[0]]
		}
		return -1, left
	}
	describe := func() string {
		if right != nil {
			return right.String()
		}
		return core.Describe(rightFrom)
	}
	pick := func(clauses []core.From) int {
		at := core.ClausesToJoinFrom(clauses, rightFrom, on)
		switch {
		case len(at) > 1:
			fail(exc.InvalidRequestError, "Can't determine which FROM clause to join from, there are multiple FROMS which can join to this entity. Please use the .select_from() method to establish an explicit left side, as well as providing an explicit ON clause if not present already to help resolve the ambiguity.")
		case len(at) == 0:
			fail(exc.InvalidRequestError, "Don't know how to join to %s. Please use the .select_from() method to establish an explicit left side, as well as providing an explicit ON clause if not present already to help resolve the ambiguity.", describe())
		}
		return at[0]
	}
	if len(t.from) > 0 {
		n := pick(t.from)
		return n, t.from[n]
	}
	var potential []core.From
	addFrom := func(f core.From) {
		if f = core.PlainFrom(f); !slices.Contains(potential, f) {
			potential = append(potential, f)
		}
	}
	var addElement func(e *element)
	addElement = func(e *element) {
		switch {
		case e.entity != nil:
			addFrom(e.entity.root().From())
		case e.bundle != nil:
			for _, p := range e.parts {
				addElement(p)
			}
		default:
			core.Walk(e.expr, func(n core.Node) bool {
				switch n := n.(type) {
				case core.Query:
					return false
				case *core.Annotated:
					if a, ok := n.Note.(*Attr); ok {
						addFrom(a.Entity.root().From())
						return false
					}
				case *core.Column:
					if n.Table != nil {
						addFrom(n.Table)
					}
				}
				return true
			})
		}
	}
	elements := t.elements
	if beside != nil { // what was selected when the join was made
		elements = nil
		t.collect(beside, &elements)
	}
	for _, e := range elements {
		addElement(e)
	}
	if len(potential) == 0 {
		fail(exc.InvalidRequestError, "No entities to join from")
	}
	if len(potential) > 1 {
		// what is joined to cannot be joined from, if there is another
		others := slices.DeleteFunc(slices.Clone(potential), func(f core.From) bool { return f == core.PlainFrom(rightFrom) })
		if len(others) > 0 {
			potential = others
		}
	}
	return -1, potential[pick(potential)]
}

func containsFrom(f, x core.From) bool {
	f, x = core.PlainFrom(f), core.PlainFrom(x)
	if f == x {
		return true
	}
	if j, ok := f.(*core.Join); ok {
		if containsFrom(j.Left, x) || containsFrom(j.Right, x) {
			return true
		}
		if xj, ok := x.(*core.Join); ok {
			return sameJoin(j, xj)
		}
	}
	return false
}

// sameJoin reports whether two joins are of the same tables on the same
// condition: a polymorphic selectable is made anew for each query.
func sameJoin(a, b *core.Join) bool {
	return a.On == b.On && a.Outer == b.Outer && core.PlainFrom(a.Right) == core.PlainFrom(b.Right) && containsFrom(a.Left, b.Left) && containsFrom(b.Left, a.Left)
}

// joinTo joins right to a clause, along a relationship, on a condition, or on
// the foreign keys.
func (t *translator) joinTo(left core.From, right *Entity, rightFrom core.From, attr *Attr, on core.Expr, outer, full bool) core.From {
	var criteria []core.Expr
	if right != nil {
		criteria = t.criteriaOf(right)
	}
	if attr == nil {
		if on == nil {
			if right != nil && len(right.Mapper.tables) > 1 && right.alias == nil {
				on = inferOn(left, rightFrom, right)
			} else {
				on = core.JoinCondition(left, rightFrom, nil)
			}
		}
		if len(criteria) > 0 {
			on = conjoin(append([]core.Expr{on}, criteria...)...)
		}
		return &core.Join{Left: left, Right: rightFrom, On: on, Outer: outer, Full: full}
	}
	r := attr.Relationship()
	p, s, secondary := r.join.joins(attr.Entity.adapter(), right.adapter(), true, attr.And)
	if t.adapt != nil {
		p = t.adapt.expr(p)
	}
	if secondary == nil {
		p = conjoin(append([]core.Expr{p}, criteria...)...)
		return &core.Join{Left: left, Right: rightFrom, On: p, Outer: outer, Full: full}
	}
	s = conjoin(append([]core.Expr{s}, criteria...)...)
	if outer || full {
		return &core.Join{Left: left, Right: &core.Join{Left: secondary, Right: rightFrom, On: s}, On: p, Outer: outer, Full: full}
	}
	return &core.Join{Left: &core.Join{Left: left, Right: secondary, On: p}, Right: rightFrom, On: s}
}

// inferOn finds the condition between a clause and a joined class: any table
// of the class may hold the foreign key.
func inferOn(left, right core.From, e *Entity) core.Expr {
	var on core.Expr
	err := attempt(func() { on = core.JoinCondition(left, right, nil) })
	if err == nil {
		return on
	}
	found := constraintsBetween(left, right, nil, nil)
	if len(found) == 0 {
		check(err)
	}
	var crit []core.Expr
	for _, p := range found[0] {
		crit = append(crit, core.Eq(p[0], p[1]))
	}
	return core.And(crit...)
}
