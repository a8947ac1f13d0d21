package orm

import (
	"fmt"
	"slices"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// role is what a column does in a join condition: it is of the remote side,
// and it holds the foreign key. It rides on the column as a note, because in a
// self-referential condition one column may stand on both sides.
type role struct{ remote, foreign bool }

// CacheKey tells roles apart.
func (r *role) CacheKey() string { return fmt.Sprint("role ", r.remote, r.foreign) }

// Role marks a column of a join condition by hand: foreign() and remote().
func Role(e core.Expr, remote, foreign bool) core.Expr {
	r := &role{remote, foreign}
	if a, ok := e.(*core.Annotated); ok {
		if old, ok := a.Note.(*role); ok {
			r.remote, r.foreign = r.remote || old.remote, r.foreign || old.foreign
			return &core.Annotated{X: a.X, Note: r}
		}
	}
	return &core.Annotated{X: core.Plain(e), Note: r}
}

// joinCondition is how the tables of a relationship meet.
type joinCondition struct {
	rel       *Relationship
	primary   core.Expr // every column in an Annotated with its role
	secondary core.Expr

	direction      Direction
	localRemote    [][2]*core.Column
	sync           [][2]*core.Column // source, destination
	secondarySync  [][2]*core.Column
	localColumns   []*core.Column
	remoteColumns  []*core.Column
	secondaryTable core.From
}

func newJoinCondition(r *Relationship, primary, secondary core.Expr, fks, remote []*core.Column) *joinCondition {
	j := &joinCondition{rel: r, secondaryTable: r.secondary}
	parent, child := r.parent.selectable, r.target.selectable
	if r.entity.alias != nil {
		child = r.entity.From()
	}
	if r.secondary != nil {
		if secondary == nil {
			secondary = j.infer(child, r.secondary, r.target.Local, fks)
		}
		if primary == nil {
			primary = j.infer(parent, r.secondary, r.parent.Local, fks)
		}
	} else {
		if r.SecondaryJoin != nil {
			fail(exc.ArgumentError, "Property '%s' specified with secondary join condition but no secondary argument", &r.property)
		}
		if primary == nil {
			primary = j.infer(parent, child, r.parent.Local, fks)
		}
	}
	j.primary, j.secondary = j.annotate(primary, fks, remote, false), nil
	if secondary != nil {
		j.secondary = j.annotate(secondary, fks, remote, true)
	}
	j.pairs()
	j.checkForeign()
	j.direct()
	return j
}

// infer builds the condition from the foreign keys between a and b.
func (j *joinCondition) infer(a, b, subset core.From, fks []*core.Column) core.Expr {
	found := constraintsBetween(a, b, subset, fks)
	r := j.rel
	switch {
	case len(found) == 0 && r.secondary != nil:
		fail(exc.NoForeignKeysError, "Could not determine join condition between parent/child tables on relationship %s - there are no foreign keys linking these tables via secondary table '%s'.  Ensure that referencing columns are associated with a ForeignKey or ForeignKeyConstraint, or specify 'primaryjoin' and 'secondaryjoin' expressions.", &r.property, core.Describe(r.secondary))
	case len(found) == 0:
		fail(exc.NoForeignKeysError, "Could not determine join condition between parent/child tables on relationship %s - there are no foreign keys linking these tables.  Ensure that referencing columns are associated with a ForeignKey or ForeignKeyConstraint, or specify a 'primaryjoin' expression.", &r.property)
	case len(found) > 1 && r.secondary != nil:
		fail(exc.AmbiguousForeignKeysError, "Could not determine join condition between parent/child tables on relationship %s - there are multiple foreign key paths linking the tables via secondary table '%s'.  Specify the 'foreign_keys' argument, providing a list of those columns which should be counted as containing a foreign key reference from the secondary table to each of the parent and child tables.", &r.property, core.Describe(r.secondary))
	case len(found) > 1:
		fail(exc.AmbiguousForeignKeysError, "Could not determine join condition between parent/child tables on relationship %s - there are multiple foreign key paths linking the tables.  Specify the 'foreign_keys' argument, providing a list of those columns which should be counted as containing a foreign key reference to the parent table.", &r.property)
	}
	var crit []core.Expr
	for _, p := range found[0] {
		crit = append(crit, core.Eq(p[0], p[1]))
	}
	return core.And(crit...)
}

// constraintsBetween finds the foreign key constraints between a and b: for
// each, pairs of referred and referring column. With fks, only constraints
// over these columns count.
func constraintsBetween(a, b, subset core.From, fks []*core.Column) [][][2]*core.Column {
	type group struct {
		constraint *core.ForeignKeyConstraint
		pairs      [][2]*core.Column
	}
	scan := func(left core.From) []group {
		var out []group
		add := func(child, parent core.From) {
			for _, c := range child.Columns().All() {
				for _, fk := range c.ForeignKeys() {
					target, err := fk.Resolve()
					if err != nil {
						if e := exc.Of(err); e != nil && e.Class.Derives(exc.NoReferenceError) {
							name, _ := fk.TargetName()
							for _, t := range writtenTables(parent) {
								if t.Name == name {
									check(err)
								}
							}
							continue
						}
						check(err)
					}
					if parent.Columns().Index(target) < 0 {
						t, ok := parent.Columns().Corresponding(target)
						if !ok {
							continue
						}
						target = t
					}
					placed := false
					for n := range out {
						if out[n].constraint == fk.Constraint {
							out[n].pairs = append(out[n].pairs, [2]*core.Column{target, c})
							placed = true
						}
					}
					if !placed {
						out = append(out, group{fk.Constraint, [][2]*core.Column{{target, c}}})
					}
				}
			}
		}
		add(b, left)
		if core.PlainFrom(left) != core.PlainFrom(b) {
			add(left, b)
		}
		return out
	}
	var found []group
	if subset != nil && core.PlainFrom(subset) != core.PlainFrom(a) {
		found = scan(core.PlainFrom(subset))
	}
	if len(found) == 0 {
		found = scan(a)
	}
	if len(found) > 1 && len(fks) > 0 {
		found = slices.DeleteFunc(found, func(g group) bool {
			for _, p := range g.pairs {
				if !slices.Contains(fks, p[1]) {
					return true
				}
			}
			return false
		})
	}
	if len(found) > 1 {
		// constraints over the same columns say the same
		first := found[0].pairs
		same := true
		for _, g := range found[1:] {
			same = same && slices.Equal(g.pairs, first)
		}
		if same {
			found = found[:1]
		}
	}
	var out [][][2]*core.Column
	for _, g := range found {
		out = append(out, g.pairs)
	}
	return out
}

// annotate gives every column of the condition its role.
func (j *joinCondition) annotate(e core.Expr, fks, remote []*core.Column, secondary bool) core.Expr {
	r := j.rel
	marked := false // somebody marked columns by hand
	core.Walk(e, func(n core.Node) bool {
		if a, ok := n.(*core.Annotated); ok {
			if _, ok := a.Note.(*role); ok {
				marked = true
			}
		}
		return true
	})
	handForeign, handRemote := false, false
	if marked {
		core.Walk(e, func(n core.Node) bool {
			if a, ok := n.(*core.Annotated); ok {
				if ro, ok := a.Note.(*role); ok {
					handForeign = handForeign || ro.foreign
					handRemote = handRemote || ro.remote
				}
			}
			return true
		})
	}
	parentHas := func(c *core.Column) bool { return has(r.parent.selectable, c) }
	childHas := func(c *core.Column) bool {
		return has(r.target.selectable, c) || r.entity.alias != nil && has(r.entity.From(), c)
	}
	selfRef := core.PlainFrom(r.parent.selectable) == core.PlainFrom(r.target.selectable) || r.parent.base == r.target.base && tablesOverlap(r.parent, r.target)
	foreignOf := func(c, other *core.Column) bool {
		if len(fks) > 0 {
			return slices.Contains(fks, c)
		}
		if other == nil {
			return false
		}
		if references(c, other) {
			return true
		}
		if references(other, c) {
			return false
		}
		if r.secondary != nil {
			return has(r.secondary, c) && !has(r.secondary, other)
		}
		return false
	}
	decide := func(c, other *core.Column, otherForeign bool, right bool) *role {
		ro := &role{}
		ro.foreign = foreignOf(c, other)
		switch {
		case r.secondary != nil:
			ro.remote = has(r.secondary, c)
		case len(remote) > 0:
			ro.remote = slices.Contains(remote, c)
		case selfRef && parentHas(c) && childHas(c):
			ro.remote = ro.foreign
			if ro.foreign && otherForeign && !right {
				ro.remote = true
			}
		default:
			ro.remote = childHas(c) && (!has(localOf(r.parent), c) || has(localOf(r.target), c) && localOf(r.parent) != localOf(r.target))
			if !ro.remote && childHas(c) && !parentHas(c) {
				ro.remote = true
			}
		}
		return ro
	}
	mark := func(n core.Node) core.Node {
		switch n := n.(type) {
		case *core.Binary:
			l, lc := columnOf(n.Left)
			rt, rc := columnOf(n.Right)
			if lc != nil && rc != nil {
				b := *n
				lf, rf := foreignOf(lc, rc), foreignOf(rc, lc)
				lr, rr := decide(lc, rc, rf, false), decide(rc, lc, lf, true)
				if handForeign {
					lr.foreign, rr.foreign = l != nil && l.foreign, rt != nil && rt.foreign
				}
				if handRemote {
					lr.remote, rr.remote = l != nil && l.remote, rt != nil && rt.remote
				} else if handForeign && len(remote) == 0 && r.secondary == nil && selfRef {
					lr.remote, rr.remote = lr.foreign, rr.foreign
				}
				if core.PlainFrom(lc.Table) == core.PlainFrom(rc.Table) && lc == rc && lr.remote && rr.remote {
					lr.remote = false
				}
				b.Left, b.Right = &core.Annotated{X: lc, Note: lr}, &core.Annotated{X: rc, Note: rr}
				return &b
			}
		case *core.Annotated:
			if ro, ok := n.Note.(*role); ok {
				if c, ok := core.Plain(n).(*core.Column); ok {
					d := decide(c, nil, false, false)
					d.foreign = d.foreign || ro.foreign
					if handRemote {
						d.remote = ro.remote
					}
					return &core.Annotated{X: c, Note: d}
				}
			}
		case *core.Column:
			d := decide(n, nil, false, false)
			return &core.Annotated{X: n, Note: d}
		}
		return nil
	}
	return core.Replace(e, mark)
}

func columnOf(e core.Expr) (*role, *core.Column) {
	if a, ok := e.(*core.Annotated); ok {
		ro, _ := a.Note.(*role)
		c, _ := core.Plain(a).(*core.Column)
		return ro, c
	}
	c, _ := e.(*core.Column)
	return nil, c
}

func localOf(m *Mapper) core.From { return core.PlainFrom(m.Local) }

func tablesOverlap(a, b *Mapper) bool {
	for _, t := range a.tables {
		if slices.Contains(b.tables, t) {
			return true
		}
	}
	return false
}

func has(f core.From, c *core.Column) bool {
	return f != nil && core.PlainFrom(f).Columns().Index(c) >= 0
}

func references(c, other *core.Column) bool {
	for _, fk := range c.ForeignKeys() {
		target, err := fk.Resolve()
		if err == nil && (target == other || target.Base() == other.Base()) {
			return true
		}
	}
	return false
}

// pairs collects the columns that the conditions compare and keep equal.
func (j *joinCondition) pairs() {
	collect := func(e core.Expr, sync *[][2]*core.Column) {
		core.Walk(e, func(n core.Node) bool {
			switch n := n.(type) {
			case *core.Binary:
				l, lc := columnOf(n.Left)
				r, rc := columnOf(n.Right)
				if lc == nil || rc == nil || l == nil || r == nil {
					return true
				}
				switch {
				case r.remote && !l.remote:
					j.localRemote = append(j.localRemote, [2]*core.Column{lc, rc})
				case l.remote && !r.remote:
					j.localRemote = append(j.localRemote, [2]*core.Column{rc, lc})
				}
				if n.Op == core.EqOp {
					switch {
					case r.foreign && !l.foreign || r.foreign && l.foreign && r.remote:
						*sync = append(*sync, [2]*core.Column{lc, rc})
					case l.foreign:
						*sync = append(*sync, [2]*core.Column{rc, lc})
					}
				}
				return true
			case *core.Annotated:
				if ro, ok := n.Note.(*role); ok {
					if c, ok := core.Plain(n).(*core.Column); ok {
						if ro.remote {
							j.remoteColumns = appendOnce(j.remoteColumns, c)
						} else if sync == &j.sync {
							j.localColumns = appendOnce(j.localColumns, c)
						}
					}
				}
				return false
			}
			return true
		})
	}
	collect(j.primary, &j.sync)
	if j.secondary != nil {
		collect(j.secondary, &j.secondarySync)
	}
}

func appendOnce[T comparable](list []T, x T) []T {
	if slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

func (j *joinCondition) checkForeign() {
	r := j.rel
	foreign := false
	core.Walk(j.primary, func(n core.Node) bool {
		if a, ok := n.(*core.Annotated); ok {
			if ro, ok := a.Note.(*role); ok && ro.foreign {
				foreign = true
			}
		}
		return true
	})
	if !foreign {
		fail(exc.ArgumentError, "Could not locate any relevant foreign key columns for primary join condition '%s' on relationship %s.  Ensure that referencing columns are associated with a ForeignKey or ForeignKeyConstraint, or are annotated in the join condition with the foreign() annotation.", expressionText(j.primary), &r.property)
	}
	if len(j.sync) == 0 && !r.ViewOnly {
		fail(exc.ArgumentError, "Could not locate any simple equality expressions involving locally mapped foreign key columns for primary join condition '%s' on relationship %s.  Ensure that referencing columns are associated with a ForeignKey or ForeignKeyConstraint, or are annotated in the join condition with the foreign() annotation. To allow comparison operators other than '==', the relationship can be marked as viewonly=true.", expressionText(j.primary), &r.property)
	}
	if len(j.localRemote) == 0 {
		fail(exc.ArgumentError, "Relationship %s could not determine any unambiguous local/remote column pairs based on join condition and remote_side arguments.  Consider using the remote() annotation to accurately mark those elements of the join condition that are on the remote side of the relationship.", &r.property)
	}
}

// direct finds the direction.
func (j *joinCondition) direct() {
	if j.secondary != nil {
		j.direction = ManyToMany
		return
	}
	toMany, toOne := false, false
	core.Walk(j.primary, func(n core.Node) bool {
		if a, ok := n.(*core.Annotated); ok {
			if ro, ok := a.Note.(*role); ok {
				if ro.foreign && ro.remote {
					toMany = true
				}
				if ro.foreign && !ro.remote {
					toOne = true
				}
			}
			return false
		}
		return true
	})
	r := j.rel
	switch {
	case toMany && toOne:
		// composite keys that share a column: who is remote and not foreign?
		remoteOnly := false
		core.Walk(j.primary, func(n core.Node) bool {
			if a, ok := n.(*core.Annotated); ok {
				if ro, ok := a.Note.(*role); ok && ro.remote && !ro.foreign {
					remoteOnly = true
				}
				return false
			}
			return true
		})
		if remoteOnly {
			j.direction = ManyToOne
		} else {
			j.direction = OneToMany
		}
	case toMany:
		j.direction = OneToMany
	case toOne:
		j.direction = ManyToOne
	default:
		fail(exc.ArgumentError, "Can't determine relationship direction for relationship '%s' - foreign key columns are present in neither the parent nor the child's mapped tables", &r.property)
	}
}

// reversed is the primary condition as the other side sees it.
func (j *joinCondition) reversed() core.Expr {
	return core.Replace(j.primary, func(n core.Node) core.Node {
		if a, ok := n.(*core.Annotated); ok {
			if ro, ok := a.Note.(*role); ok {
				return &core.Annotated{X: a.X, Note: &role{!ro.remote, ro.foreign}}
			}
		}
		return nil
	})
}

// rewrite gives the condition with every column replaced by what f gives for
// it (nil: left as it is); notes are gone.
func rewrite(e core.Expr, f func(c *core.Column, ro *role) core.Expr) core.Expr {
	if e == nil {
		return nil
	}
	return core.Replace(e, func(n core.Node) core.Node {
		if a, ok := n.(*core.Annotated); ok {
			if ro, ok := a.Note.(*role); ok {
				c, isColumn := core.Plain(a).(*core.Column)
				if isColumn {
					if x := f(c, ro); x != nil {
						return x
					}
					return c
				}
				return core.Plain(a)
			}
		}
		return nil
	})
}

// joins gives both conditions between a parent as left sees it and a target as
// right sees it. The association table is aliased if alias is true.
func (j *joinCondition) joins(left, right *adapter, alias bool, extra []core.Expr) (primary, secondary core.Expr, table core.From) {
	table = j.secondaryTable
	var middle *adapter
	if table != nil && alias {
		table = core.NewAlias(table, "")
		middle = adaptTo(table)
	}
	primary = rewrite(j.primary, func(c *core.Column, ro *role) core.Expr {
		switch {
		case ro.remote && j.secondaryTable != nil:
			return middle.column(c)
		case ro.remote:
			return right.column(c)
		}
		return left.column(c)
	})
	secondary = rewrite(j.secondary, func(c *core.Column, ro *role) core.Expr {
		if ro.remote || has(j.secondaryTable, c) {
			return middle.column(c)
		}
		return right.column(c)
	})
	if len(extra) > 0 {
		adapted := make([]core.Expr, len(extra))
		for n, e := range extra {
			adapted[n] = right.expr(stripped(e))
		}
		if secondary != nil {
			secondary = conjoin(append([]core.Expr{secondary}, adapted...)...)
		} else {
			primary = conjoin(append([]core.Expr{primary}, adapted...)...)
		}
	}
	return primary, secondary, table
}

// conjoin is AND that flattens.
func conjoin(items ...core.Expr) core.Expr {
	var all []core.Expr
	for _, e := range items {
		if e == nil {
			continue
		}
		if l, ok := e.(*core.BoolList); ok && l.Op == core.AndOp && len(l.Items) > 0 {
			all = append(all, l.Items...)
			continue
		}
		all = append(all, e)
	}
	if len(all) == 0 {
		return nil
	}
	return core.And(all...)
}

func expressionText(e core.Expr) string {
	if TextOf != nil {
		return TextOf(stripped(e))
	}
	return "…"
}

// TextOf writes an expression for a message; the compiler's door sets it.
var TextOf func(core.Node) string
