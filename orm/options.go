package orm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Load is a loader option: what an option function such as joinedload() makes.
// It is a list of elements, each a path of attributes with how the last of
// them is to be loaded. Methods that continue the path give a new Load.
type Load struct {
	root     *Entity // of Load(User); nil until the first attribute
	path     []*Attr
	elements []loadElement
}

type loadElement struct {
	root *Entity
	path []*Attr
	spec *loadSpec
	star string // "relationship" or "column" for "*"
	poly []*Mapper
}

// loadSpec is how one attribute is to be loaded.
type loadSpec struct {
	lazy      string // of a relationship; "": as the mapping says
	inner     any
	recursion int
	sqlOnly   bool
	eagerly   bool    // contains_eager: the query has the join
	alias     *Entity // of contains_eager

	column bool // it is about columns
	defer_ bool
	raise  bool
	keepPK bool
	expr   core.Expr // with_expression
	serial uint64    // if there is one
	group  string    // undefer_group
}

// CacheKey tells options apart. Those with criteria or expressions of their own
// are like no others: the values in these are part of what is loaded later.
func (l *Load) CacheKey() string { return l.key(true) }

// key is the options' structure; unique: what has values in it has only its own.
func (l *Load) key(unique bool) string {
	b := []byte("load")
	for _, e := range l.elements {
		b = append(b, ' ')
		if e.root != nil {
			b = strconv.AppendUint(b, e.root.serial, 10)
		}
		for _, a := range e.path {
			b = append(b, '/')
			b = append(b, a.CacheKey()...)
			switch {
			case len(a.And) == 0:
			case unique:
				b = strconv.AppendUint(append(b, '#'), a.serial, 10)
			default:
				for _, x := range a.And {
					b = appendStructure(b, x)
				}
			}
		}
		b = strconv.AppendQuote(append(b, ' '), e.star)
		b = e.spec.appendKey(b, unique)
		for _, m := range e.poly {
			b = strconv.AppendUint(append(b, ' '), m.serial, 10)
		}
	}
	return string(b)
}

func appendStructure(b []byte, e core.Expr) []byte {
	key, _, ok := core.Key(e)
	if !ok {
		key = fmt.Sprintf("%p", e)
	}
	return strconv.AppendQuote(append(b, ' '), key)
}

// appendKey adds to b what tells specs apart; equal ones that were made twice
// have the same, unless they have an expression and that is to be unique.
func (s *loadSpec) appendKey(b []byte, unique bool) []byte {
	if s == nil {
		return append(b, '-')
	}
	b = strconv.AppendQuote(append(b, '('), s.lazy)
	for _, flag := range []bool{s.sqlOnly, s.eagerly, s.column, s.defer_, s.raise, s.keepPK} {
		b = strconv.AppendBool(append(b, ' '), flag)
	}
	b = strconv.AppendInt(append(b, ' '), int64(s.recursion), 10)
	b = strconv.AppendQuote(append(b, ' '), s.group)
	if s.inner != nil {
		b = fmt.Appendf(b, " inner %v", s.inner)
	}
	if s.alias != nil {
		b = strconv.AppendUint(append(b, " alias "...), s.alias.serial, 10)
	}
	switch {
	case s.expr == nil:
	case unique:
		b = strconv.AppendUint(append(b, " expr "...), s.serial, 10)
	default:
		b = appendStructure(append(b, " expr"...), s.expr)
	}
	return append(b, ')')
}

// NewLoad is Load(entity): options that begin at an entity.
func NewLoad(e *Entity) *Load { return &Load{root: e} }

func (l *Load) clone() *Load {
	if l == nil {
		return &Load{}
	}
	return &Load{root: l.root, path: slices.Clip(l.path), elements: slices.Clip(l.elements)}
}

// step continues the path.
func (l *Load) step(a *Attr) *Load {
	n := l.clone()
	if len(n.path) > 0 {
		last := n.path[len(n.path)-1]
		t := last.target()
		if !linked(t, a.Entity) {
			notLinked(last, a)
		}
	} else if n.root != nil {
		if !linked(n.root, a.Entity) {
			fail(exc.ArgumentError, "ORM mapped attribute \"%s\" does not link mapped class \"%s\"", a, n.root)
		}
	}
	if n.root == nil {
		n.root = a.Entity
	}
	n.path = append(n.path, a)
	return n
}

// notLinked refuses an attribute that is none of what a relationship leads to,
// and names of_type() where it is one of a subclass.
func notLinked(last, a *Attr) {
	t, ofType, advice := last.target(), "", ""
	switch {
	case last.OfType != nil:
		ofType = ".of_type(" + t.String() + ")"
	case t.alias == nil && a.Entity.Mapper.IsA(t.Mapper):
		sub := a.Entity.Mapper.Name
		advice = fmt.Sprintf("  Did you mean to use \"%s.of_type(%s)\" or \"loadopt.options(selectin_polymorphic(%s, {%s}), ...)\" ?", last, sub, t.Mapper.Name, sub)
	}
	fail(exc.ArgumentError, "ORM mapped entity or attribute \"%s\" does not link from relationship \"%s%s\".%s", a, last, ofType, advice)
}

func linked(t, e *Entity) bool {
	if t == nil || t == e || t.root() == e.root() {
		return true
	}
	if t.alias == nil && e.alias == nil {
		return t.Mapper.IsA(e.Mapper) || e.Mapper.IsA(t.Mapper)
	}
	return t.Mapper.IsA(e.Mapper) && e.alias == nil && t.alias == nil
}

func (l *Load) add(spec *loadSpec) *Load {
	l.elements = append(l.elements, loadElement{root: l.root, path: l.path, spec: spec})
	return l
}

// relationship steps along a relationship that is to be loaded so.
func (l *Load) relationship(a *Attr, spec *loadSpec) *Load {
	if a.Relationship() == nil {
		fail(exc.LoaderStrategyException, "Can't apply \"%s\" strategy to property \"%s\", which is a \"column property\"; this loader strategy is intended to be used with a \"relationship property\".", describeStrategy(spec), a)
	}
	return l.step(a).add(spec)
}

func describeStrategy(s *loadSpec) string {
	if s.lazy == "joined" {
		return "joined loader"
	}
	return s.lazy + " loader"
}

func attrOf(x core.Node, what string) *Attr {
	a := AttrOf(x)
	if a == nil {
		fail(exc.ArgumentError, "mapped attribute is expected for %s", what)
	}
	return a
}

// Strategy is joinedload(), selectinload() and their kin: lazy names the
// strategy as relationship(lazy=…) does. inner, recursion and sqlOnly are the
// options of those that have them.
func (l *Load) Strategy(lazy string, x core.Node, inner any, recursion int, sqlOnly bool) (n *Load, err error) {
	defer catch(&err)
	return l.relationship(attrOf(x, lazy+"load()"), &loadSpec{lazy: lazy, inner: inner, recursion: recursion, sqlOnly: sqlOnly}), nil
}

// StrategyAll is a strategy for "*": every relationship.
func (l *Load) StrategyAll(lazy string, sqlOnly bool) *Load {
	n := l.clone()
	n.elements = append(n.elements, loadElement{root: n.root, path: n.path, spec: &loadSpec{lazy: lazy, sqlOnly: sqlOnly}, star: "relationship"})
	return n
}

// DefaultLoad is defaultload(): a step that changes nothing.
func (l *Load) DefaultLoad(x core.Node) (n *Load, err error) {
	defer catch(&err)
	return l.relationship(attrOf(x, "defaultload()"), &loadSpec{}), nil
}

// ContainsEager takes a relationship from the joins that the query has.
func (l *Load) ContainsEager(x core.Node, alias *Entity, from core.From) (n *Load, err error) {
	defer catch(&err)
	a := attrOf(x, "contains_eager()")
	if alias == nil {
		alias = a.OfType
	}
	if alias == nil && from != nil {
		r := a.Relationship()
		r.parent.ready()
		alias = &Entity{Mapper: r.target, serial: entitySerial.Add(1), aliased: true}
		alias.setAlias(core.PlainFrom(from), false)
	}
	return l.relationship(a, &loadSpec{lazy: "joined", eagerly: true, alias: alias}), nil
}

// Columns is defer() and undefer() of attributes.
func (l *Load) Columns(deferred, raise bool, xs ...core.Node) (n *Load, err error) {
	defer catch(&err)
	n = l.clone()
	for _, x := range xs {
		a := attrOf(x, "defer()")
		s := n.step(a)
		n.root = s.root
		n.elements = append(n.elements, loadElement{root: s.root, path: s.path, spec: &loadSpec{column: true, defer_: deferred, raise: raise}})
	}
	return n, nil
}

// ColumnsAll is defer("*") or undefer("*").
func (l *Load) ColumnsAll(deferred, raise bool) *Load {
	n := l.clone()
	n.elements = append(n.elements, loadElement{root: n.root, path: n.path, spec: &loadSpec{column: true, defer_: deferred, raise: raise, keepPK: true}, star: "column"})
	return n
}

// UndeferGroup loads the deferred columns of a group.
func (l *Load) UndeferGroup(name string) *Load {
	n := l.clone()
	n.elements = append(n.elements, loadElement{root: n.root, path: n.path, spec: &loadSpec{column: true, group: name}, star: "group"})
	return n
}

// LoadOnly loads some columns and the primary key, and defers the others.
func (l *Load) LoadOnly(raise bool, xs ...core.Node) (n *Load, err error) {
	defer catch(&err)
	n = l.clone()
	path := n.path
	for _, x := range xs {
		a := attrOf(x, "load_only()")
		s := n.step(a)
		if n.root == nil {
			n.root = s.root
		}
		n.elements = append(n.elements, loadElement{root: s.root, path: s.path, spec: &loadSpec{column: true}})
	}
	n.elements = append(n.elements, loadElement{root: n.root, path: path, spec: &loadSpec{column: true, defer_: true, raise: raise, keepPK: true}, star: "column"})
	return n, nil
}

// WithExpression gives a query_expression() attribute its SQL.
func (l *Load) WithExpression(x core.Node, e core.Expr) (n *Load, err error) {
	defer catch(&err)
	s := l.clone().step(attrOf(x, "with_expression()"))
	return s.add(&loadSpec{column: true, expr: stripped(e), serial: attrSerial.Add(1)}), nil
}

// SelectinPolymorphic loads the columns of subclasses by a second query.
func (l *Load) SelectinPolymorphic(classes []*Mapper) *Load {
	n := l.clone()
	n.elements = append(n.elements, loadElement{root: n.root, path: n.path, poly: classes, star: "poly"})
	return n
}

// Options adds options that begin where this one has come to.
func (l *Load) Options(subs ...*Load) (n *Load, err error) {
	defer catch(&err)
	n = l.clone()
	for _, s := range subs {
		for _, e := range s.elements {
			x := e
			x.root = n.root
			x.path = append(slices.Clone(n.path), e.path...)
			if len(n.path) > 0 && len(e.path) > 0 && !linked(n.path[len(n.path)-1].target(), e.path[0].Entity) {
				notLinked(n.path[len(n.path)-1], e.path[0])
			}
			n.elements = append(n.elements, x)
		}
	}
	return n, nil
}

// LoaderCriteria is with_loader_criteria(): criteria on every mention of a class.
type LoaderCriteria struct {
	Mapper         *Mapper
	Mappers        []*Mapper // of a mixin: all classes that have it
	Criteria       func(e *Entity) (core.Expr, error)
	IncludeAliases bool
	NoPropagate    bool
	// Varies: Criteria may give something else the next time.
	Varies bool
	serial uint64
}

// CacheKey tells criteria apart; "", which is like no other, if they vary.
func (c *LoaderCriteria) CacheKey() string {
	if c.Varies {
		return ""
	}
	return "criteria " + strconv.FormatUint(c.serial, 10)
}

// NewLoaderCriteria makes criteria for a class.
func NewLoaderCriteria(m *Mapper, f func(e *Entity) (core.Expr, error)) *LoaderCriteria {
	return &LoaderCriteria{Mapper: m, Criteria: f, IncludeAliases: true, serial: attrSerial.Add(1)}
}

func (c *LoaderCriteria) applies(e *Entity) bool {
	if e.aliased && !c.IncludeAliases {
		return false
	}
	if c.Mapper != nil && e.Mapper.IsA(c.Mapper) {
		return true
	}
	for _, m := range c.Mappers {
		if e.Mapper.IsA(m) {
			return true
		}
	}
	return false
}

// optionTree is the options of a query by path.
type optionTree struct {
	roots    []*optionNode
	rels     *loadSpec // for "*" of every entity
	cols     *loadSpec
	groups   []string
	criteria []*LoaderCriteria
	key      string // of all options, for the statement cache
	varies   bool   // some criteria are a function, which may say something else each time
	bare     *optionNode
}

// optionNode is one place on the paths: an entity, reached by an attribute.
type optionNode struct {
	tree   *optionTree
	entity *Entity // of a root
	attrs  map[string]*optionNode

	spec   *loadSpec // how the attribute that leads here is loaded
	ofType *Entity
	and    []core.Expr

	rels   *loadSpec // for "*" of this entity
	cols   *loadSpec
	groups []string
	poly   []*Mapper
}

func (n *optionNode) child(key string) *optionNode {
	if n == nil {
		return nil
	}
	if c := n.attrs[key]; c != nil {
		return c
	}
	if n.tree != nil && (n.tree.rels != nil || n.tree.cols != nil || len(n.tree.criteria) > 0) {
		return n.tree.bare
	}
	return nil
}

func (n *optionNode) ensure(key string) *optionNode {
	if n.attrs == nil {
		n.attrs = map[string]*optionNode{}
	}
	c := n.attrs[key]
	if c == nil {
		c = &optionNode{tree: n.tree}
		n.attrs[key] = c
	}
	return c
}

// specOf is how an attribute is to be loaded; nil: as the mapping says.
func (n *optionNode) specOf(key string, rel bool) *loadSpec {
	if n == nil {
		return nil
	}
	if c := n.attrs[key]; c != nil && c.spec != nil && (!rel || c.spec.lazy != "") {
		return c.spec
	}
	if rel {
		if n.rels != nil {
			return n.rels
		}
		if n.tree != nil {
			return n.tree.rels
		}
		return nil
	}
	if n.cols != nil {
		return n.cols
	}
	if n.tree != nil {
		return n.tree.cols
	}
	return nil
}

func (n *optionNode) hasGroup(g string) bool {
	return n != nil && g != "" && (slices.Contains(n.groups, g) || n.tree != nil && slices.Contains(n.tree.groups, g))
}

// newOptionTree reads the notes of a statement.
func newOptionTree(notes []core.Keyed, entities []*Entity, outer *optionNode) *optionTree {
	if len(notes) == 0 {
		return nil
	}
	t := &optionTree{}
	t.bare = &optionNode{tree: t}
	for _, note := range notes {
		switch o := note.(type) {
		case *Load:
			t.key += o.key(false) + ";"
			for _, e := range o.elements {
				t.add(e, entities)
			}
		case *LoaderCriteria:
			t.criteria = append(t.criteria, o)
			t.varies = t.varies || o.Varies
		}
	}
	return t
}

func (t *optionTree) add(e loadElement, entities []*Entity) {
	if e.root == nil {
		switch e.star {
		case "relationship":
			t.rels = e.spec
		case "column":
			t.cols = e.spec
		case "group":
			t.groups = append(t.groups, e.spec.group)
		}
		return
	}
	if len(entities) > 0 {
		found := false
		for _, x := range entities {
			if linkedRoot(e.root, x) {
				found = true
			}
		}
		if !found && e.star == "poly" {
			return
		}
		if !found {
			what := "Mapped class " + e.root.String()
			names := make([]string, len(entities))
			for n, x := range entities {
				names[n] = x.String()
			}
			fail(exc.ArgumentError, "%s does not apply to any of the root entities in this query, e.g. %s. Please specify the full path from one of the root entities to the target attribute. ", what, strings.Join(names, ", "))
		}
	}
	n := t.root(e.root)
	for k, a := range e.path {
		n = n.ensure(a.Key)
		if a.OfType != nil {
			n.ofType = loadedAs(a.OfType)
		}
		if len(a.And) > 0 && k == len(e.path)-1 {
			n.and = append(n.and, a.And...)
		}
	}
	switch {
	case e.star == "relationship":
		n.rels = e.spec
	case e.star == "column":
		n.cols = e.spec
	case e.star == "group":
		n.groups = append(n.groups, e.spec.group)
	case e.star == "poly":
		n.poly = append(n.poly, e.poly...)
	case e.spec.lazy == "" && !e.spec.column:
		if n.spec == nil {
			n.spec = e.spec
		}
	default:
		n.spec = e.spec
		if e.spec.recursion != 0 {
			n.recurse(e.path[len(e.path)-1].Key)
		}
	}
}

// recurse makes the attribute that leads here load in the same way further on:
// so many times, or, below zero, without end.
func (n *optionNode) recurse(key string) {
	for n.spec.recursion > 0 {
		next := *n.spec
		next.recursion--
		n = n.ensure(key)
		n.spec = &next
	}
	if n.spec.recursion < 0 {
		if n.attrs == nil {
			n.attrs = map[string]*optionNode{}
		}
		n.attrs[key] = n
	}
}

// loadedAs is what of_type() makes a loader option load: of a plain class all
// objects of its family, those of the class with their own columns.
func loadedAs(e *Entity) *Entity {
	if e.alias != nil || e.poly != nil || e.Mapper.Concrete {
		return e
	}
	return must(WithPolymorphicOf(e.Mapper.base.Entity(), []*Mapper{e.Mapper}, false, nil, true, false, false, nil, ""))
}

func linkedRoot(root, e *Entity) bool {
	if root.root() == e.root() {
		return true
	}
	return root.alias == nil && e.alias == nil && (e.Mapper.IsA(root.Mapper) || root.Mapper.IsA(e.Mapper))
}

func (t *optionTree) root(e *Entity) *optionNode {
	for _, n := range t.roots {
		if n.entity == e {
			return n
		}
	}
	n := &optionNode{tree: t, entity: e}
	t.roots = append(t.roots, n)
	return n
}

// at is the place of an entity of the query.
func (t *optionTree) at(e *Entity) *optionNode {
	if t == nil {
		return nil
	}
	var found []*optionNode
	for _, n := range t.roots {
		if linkedRoot(n.entity, e) {
			found = append(found, n)
		}
	}
	switch len(found) {
	case 0:
		return t.bare
	case 1:
		return found[0]
	}
	merged := &optionNode{tree: t, attrs: map[string]*optionNode{}}
	for _, n := range found {
		for k, c := range n.attrs {
			merged.attrs[k] = c
		}
		if n.rels != nil {
			merged.rels = n.rels
		}
		if n.cols != nil {
			merged.cols = n.cols
		}
		merged.groups = append(merged.groups, n.groups...)
		merged.poly = append(merged.poly, n.poly...)
	}
	return merged
}
