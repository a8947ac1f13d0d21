package orm

import (
	"fmt"
	"slices"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// role is what a column does in a join condition: it is of the remote side or
// of the local one, and it holds the foreign key. It rides on the column as a
// note, because in a self-referential condition one column may stand on both
// sides.
type role struct{ remote, foreign, local bool }

// CacheKey tells roles apart.
func (r *role) CacheKey() string { return fmt.Sprint("role ", r.remote, r.foreign, r.local) }

// Role marks the columns of a part of a join condition by hand: foreign() and
// remote().
func Role(e core.Expr, remote, foreign bool) core.Expr {
	return withRoles(strippedKeepingRoles(e), func(r *role) {
		r.remote, r.foreign = r.remote || remote, r.foreign || foreign
	})
}

// withRoles gives every column of an expression a role of its own, beginning
// with the one that it has, and has each seen to by f.
func withRoles(e core.Expr, f func(r *role)) core.Expr {
	return core.Replace(e, func(n core.Node) core.Node {
		r := &role{}
		switch n := n.(type) {
		case *core.Annotated:
			old, ok := n.Note.(*role)
			if !ok {
				return nil
			}
			*r = *old
			f(r)
			return &core.Annotated{X: n.X, Note: r}
		case *core.Column:
			f(r)
			return &core.Annotated{X: n, Note: r}
		}
		return nil
	})
}

// occurrence is a column where it stands in a join condition.
type occurrence struct {
	column *core.Column
	*role
}

// occurrences lists the columns of a condition that has roles.
func occurrences(e core.Expr) []occurrence {
	if e == nil {
		return nil
	}
	var out []occurrence
	core.Walk(e, func(n core.Node) bool {
		if a, ok := n.(*core.Annotated); ok {
			if r, ok := a.Note.(*role); ok {
				if c, ok := core.Plain(a).(*core.Column); ok {
					out = append(out, occurrence{c, r})
				}
				return false
			}
		}
		return true
	})
	return out
}

// eachComparison calls f for every comparison in a condition, with its sides.
func eachComparison(e core.Expr, f func(b *core.Binary, left, right core.Expr)) {
	core.Walk(e, func(n core.Node) bool {
		if b, ok := n.(*core.Binary); ok && b.Op.Comparison {
			l, r := b.Left, b.Right
			if fn, ok := l.(*core.Func); ok && b.Op == core.FuncAsBinary { // its sides are arguments
				l, r = fn.Args[b.Modifiers.LeftIndex-1], fn.Args[b.Modifiers.RightIndex-1]
			}
			f(b, l, r)
		}
		return true
	})
}

// compared calls f for every pair of columns, one from each side of a
// comparison.
func compared(e core.Expr, f func(b *core.Binary, left, right occurrence)) {
	columns := func(e core.Expr) []occurrence {
		var out []occurrence
		core.Walk(e, func(n core.Node) bool {
			switch n := n.(type) {
			case *core.ScalarSelect:
				return false
			case *core.Binary:
				return !n.Op.Comparison
			case *core.Annotated:
				if r, ok := n.Note.(*role); ok {
					if c, ok := core.Plain(n).(*core.Column); ok {
						out = append(out, occurrence{c, r})
					}
					return false
				}
			}
			return true
		})
		return out
	}
	eachComparison(e, func(b *core.Binary, left, right core.Expr) {
		for _, l := range columns(left) {
			for _, r := range columns(right) {
				f(b, l, r)
			}
		}
	})
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

	parent, child           core.From // what parents and targets are selected from
	parentLocal, childLocal core.From // their own tables
	givenForeign            bool      // columns were marked by hand
	givenRemote             bool
}

func newJoinCondition(r *Relationship, primary, secondary core.Expr, fks, local, remote []*core.Column) *joinCondition {
	j := &joinCondition{rel: r, secondaryTable: r.secondary}
	j.parent, j.parentLocal = core.PlainFrom(r.parent.selectable), core.PlainFrom(r.parent.Local)
	j.child, j.childLocal = core.PlainFrom(r.target.selectable), core.PlainFrom(r.target.Local)
	if r.entity.alias != nil {
		j.child = core.PlainFrom(r.entity.From())
		j.childLocal = j.child
	}
	if r.secondary != nil {
		if secondary == nil {
			secondary = j.infer(j.child, r.secondary, j.childLocal, fks)
		}
		if primary == nil {
			primary = j.infer(j.parent, r.secondary, j.parentLocal, fks)
		}
	} else {
		if secondary != nil {
			fail(exc.ArgumentError, "Property %s specified with secondary join condition but no secondary argument", &r.property)
		}
		if primary == nil {
			primary = j.infer(j.parent, j.child, j.parentLocal, fks)
		}
	}
	each := func(e core.Expr) core.Expr {
		if e == nil {
			return nil
		}
		return withRoles(e, func(*role) {})
	}
	j.primary, j.secondary = each(primary), each(secondary)
	for _, o := range occurrences(j.primary) {
		j.givenForeign, j.givenRemote = j.givenForeign || o.foreign, j.givenRemote || o.remote
	}
	j.markForeign(fks)
	j.markRemote(remote)
	j.markLocal(local)
	j.pairs()
	j.checkForeign(j.primary, "primary", j.sync)
	if j.secondary != nil {
		j.checkForeign(j.secondary, "secondary", j.secondarySync)
	}
	j.direct()
	j.checkRemote()
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

// conditions are the primary condition and, where there is one, the secondary.
func (j *joinCondition) conditions() []core.Expr {
	if j.secondary == nil {
		return []core.Expr{j.primary}
	}
	return []core.Expr{j.primary, j.secondary}
}

// markForeign finds the columns that hold the foreign key, unless somebody
// marked them.
func (j *joinCondition) markForeign(fks []*core.Column) {
	if j.givenForeign {
		return
	}
	for _, e := range j.conditions() {
		if len(fks) > 0 {
			for _, o := range occurrences(e) {
				o.foreign = o.foreign || slices.Contains(fks, o.column)
			}
			continue
		}
		eachComparison(e, func(_ *core.Binary, left, right core.Expr) {
			l, lc := columnOf(left)
			r, rc := columnOf(right)
			if lc == nil || rc == nil || l.foreign || r.foreign {
				return
			}
			sec := j.secondaryTable
			switch {
			case references(lc, rc):
				l.foreign = true
			case references(rc, lc):
				r.foreign = true
			case sec != nil && has(sec, lc) && !has(sec, rc):
				l.foreign = true
			case sec != nil && has(sec, rc) && !has(sec, lc):
				r.foreign = true
			}
		})
	}
}

// markRemote finds the columns of the remote side, unless somebody marked them.
func (j *joinCondition) markRemote(remote []*core.Column) {
	if j.givenRemote {
		return
	}
	columns := occurrences(j.primary)
	switch {
	case j.secondaryTable != nil:
		for _, e := range j.conditions() {
			for _, o := range occurrences(e) {
				o.remote = has(j.secondaryTable, o.column)
			}
		}
	case len(remote) > 0 && j.refersToParent():
		j.markSelfReference(func(c *core.Column, _ *role) bool { return slices.Contains(remote, c) }, true)
	case len(remote) > 0:
		for _, o := range columns {
			o.remote = slices.Contains(remote, o.column)
		}
	case j.refersToParent(): // to many: the foreign keys are remote
		j.markSelfReference(func(_ *core.Column, r *role) bool { return r.foreign }, false)
	case surfacesOverlap(j.parent, j.child):
		j.markOverlap()
	default:
		for _, o := range columns {
			o.remote = has(j.child, o.column) && (!has(j.parentLocal, o.column) || has(j.childLocal, o.column))
		}
	}
}

// refersToParent reports whether the condition compares columns that both
// sides have.
func (j *joinCondition) refersToParent() bool {
	found := false
	both := func(c *core.Column) bool {
		return c.Table != nil && core.IsDerivedFrom(j.parent, c.Table) && core.IsDerivedFrom(j.child, c.Table)
	}
	eachComparison(j.primary, func(_ *core.Binary, left, right core.Expr) {
		_, l := columnOf(left)
		_, r := columnOf(right)
		found = found || l != nil && r != nil && both(l) && both(r)
	})
	return found
}

func (j *joinCondition) markSelfReference(is func(c *core.Column, r *role) bool, given bool) {
	eachComparison(j.primary, func(_ *core.Binary, left, right core.Expr) {
		l, lc := columnOf(left)
		r, rc := columnOf(right)
		if lc == nil || rc == nil {
			if !given {
				j.warnOfElements()
			}
			return
		}
		l.remote = is(lc, l)
		r.remote = is(rc, r) && lc != rc
	})
}

// markOverlap is for sides that have tables in common without being the same.
func (j *joinCondition) markOverlap() {
	eachComparison(j.primary, func(_ *core.Binary, left, right core.Expr) {
		l, lc := columnOf(left)
		r, rc := columnOf(right)
		if lc == nil || rc == nil {
			j.warnOfElements()
			return
		}
		r.remote = r.remote || has(j.child, rc) && has(j.parent, lc)
		l.remote = l.remote || has(j.child, lc) && has(j.parent, rc)
	})
}

func (j *joinCondition) warnOfElements() {
	j.rel.parent.Registry.warn("Non-simple column elements in primary join condition for property %s - consider using remote() annotations to mark the remote side.", &j.rel.property)
}

// markLocal finds the columns of the parent's side: those given, or all that the
// parent has.
func (j *joinCondition) markLocal(local []*core.Column) {
	columns := occurrences(j.primary)
	if slices.ContainsFunc(columns, func(o occurrence) bool { return o.local }) {
		return
	}
	for _, o := range columns {
		o.local = !o.remote && (slices.Contains(local, o.column) || len(local) == 0 && has(j.parent, o.column))
	}
}

// isMapped reports whether a column is of one of the tables of the relationship.
func (j *joinCondition) isMapped(c *core.Column) bool {
	return has(j.secondaryTable, c) || has(j.parent, c) || has(j.child, c)
}

// columnOf is the column that one side of a comparison is, with its role; nil
// if it is something else.
func columnOf(e core.Expr) (*role, *core.Column) {
	if a, ok := e.(*core.Annotated); ok {
		if ro, ok := a.Note.(*role); ok {
			c, _ := core.Plain(a).(*core.Column)
			return ro, c
		}
	}
	return nil, nil
}

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

// surfacesOverlap reports whether two FROM objects have a table or a join in
// common.
func surfacesOverlap(a, b core.From) bool {
	var surfaces func(f core.From) []core.From
	surfaces = func(f core.From) []core.From {
		f = core.PlainFrom(f)
		out := []core.From{f}
		if j, ok := f.(*core.Join); ok {
			out = append(append(out, surfaces(j.Left)...), surfaces(j.Right)...)
		}
		return out
	}
	other := surfaces(b)
	return slices.ContainsFunc(surfaces(a), func(f core.From) bool { return slices.Contains(other, f) })
}

// pairs collects the columns that the conditions compare and keep equal.
func (j *joinCondition) pairs() {
	collect := func(e core.Expr, sync *[][2]*core.Column) {
		compared(e, func(b *core.Binary, l, r occurrence) {
			switch {
			case r.remote && !l.remote && j.isMapped(l.column):
				j.localRemote = appendOnce(j.localRemote, [2]*core.Column{l.column, r.column})
			case l.remote && !r.remote && j.isMapped(r.column):
				j.localRemote = appendOnce(j.localRemote, [2]*core.Column{r.column, l.column})
			}
			if b.Op == core.EqOp && j.isMapped(l.column) && j.isMapped(r.column) {
				switch {
				case r.foreign:
					*sync = append(*sync, [2]*core.Column{l.column, r.column})
				case l.foreign:
					*sync = append(*sync, [2]*core.Column{r.column, l.column})
				}
			}
		})
		for _, o := range occurrences(e) {
			switch {
			case o.remote:
				j.remoteColumns = appendOnce(j.remoteColumns, o.column)
			case o.local:
				j.localColumns = appendOnce(j.localColumns, o.column)
			}
		}
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

func (j *joinCondition) checkForeign(e core.Expr, which string, sync [][2]*core.Column) {
	r := j.rel
	foreign := slices.ContainsFunc(occurrences(e), func(o occurrence) bool { return o.foreign })
	if !r.ViewOnly && len(sync) > 0 || r.ViewOnly && foreign {
		return
	}
	if foreign {
		fail(exc.ArgumentError, "Could not locate any simple equality expressions involving locally mapped foreign key columns for %s join condition '%s' on relationship %s.  Ensure that referencing columns are associated with a ForeignKey or ForeignKeyConstraint, or are annotated in the join condition with the foreign() annotation. To allow comparison operators other than '==', the relationship can be marked as viewonly=true.", which, expressionText(e), &r.property)
	}
	fail(exc.ArgumentError, "Could not locate any relevant foreign key columns for %s join condition '%s' on relationship %s.  Ensure that referencing columns are associated with a ForeignKey or ForeignKeyConstraint, or are annotated in the join condition with the foreign() annotation.", which, expressionText(e), &r.property)
}

func (j *joinCondition) checkRemote() {
	if len(j.localRemote) == 0 {
		fail(exc.ArgumentError, "Relationship %s could not determine any unambiguous local/remote column pairs based on join condition and remote_side arguments.  Consider using the remote() annotation to accurately mark those elements of the join condition that are on the remote side of the relationship.", &j.rel.property)
	}
	for _, p := range j.localRemote {
		if c := p[1]; has(j.parent, c) && !has(j.child, c) {
			j.rel.parent.Registry.warn("Expression %s is marked as 'remote', but these column(s) are local to the local side.  The remote() annotation is needed only for a self-referential relationship where both sides of the relationship refer to the same tables.", qualified(c))
		}
	}
}

// direct finds the direction.
func (j *joinCondition) direct() {
	if j.secondary != nil {
		j.direction = ManyToMany
		return
	}
	toMany, toOne := false, false
	columns := occurrences(j.primary)
	for _, o := range columns {
		if o.foreign {
			toMany, toOne = toMany || has(j.child, o.column), toOne || has(j.parent, o.column)
		}
	}
	if toMany && toOne { // foreign keys on both sides: who is remote?
		var remote, local []*core.Column
		for _, o := range columns {
			switch {
			case o.foreign && o.remote:
				remote = append(remote, o.column)
			case o.foreign:
				local = append(local, o.column)
			}
		}
		if len(remote) > 0 && len(local) > 0 { // but for columns that are compared with themselves
			itself := func(c *core.Column) bool {
				return slices.Contains(j.remoteColumns, c) && slices.Contains(j.localColumns, c)
			}
			remote, local = slices.DeleteFunc(remote, itself), slices.DeleteFunc(local, itself)
		}
		toMany, toOne = len(remote) > 0 && len(local) == 0, len(local) > 0 && len(remote) == 0
		if !toMany && !toOne {
			fail(exc.ArgumentError, "Can't determine relationship direction for relationship '%s' - foreign key columns within the join condition are present in both the parent and the child's mapped tables.  Ensure that only those columns referring to a parent column are marked as foreign, either via the foreign() annotation or via the foreign_keys argument.", &j.rel.property)
		}
	}
	switch {
	case toMany:
		j.direction = OneToMany
	case toOne:
		j.direction = ManyToOne
	default:
		fail(exc.ArgumentError, "Can't determine relationship direction for relationship '%s' - foreign key columns are present in neither the parent nor the child's mapped tables", &j.rel.property)
	}
}

// reversed is the primary condition as the other side begins with it: what was
// marked by hand as remote is local there, what was found is found anew.
func (j *joinCondition) reversed() core.Expr {
	return withRoles(j.primary, func(r *role) {
		switch {
		case j.givenRemote:
			r.remote, r.local = r.local, r.remote
		case j.givenForeign:
			r.remote, r.local = false, false
		default:
			*r = role{}
		}
	})
}

// sideless is a condition without its sides, for the other side of a
// many-to-many.
func sideless(e core.Expr) core.Expr {
	return withRoles(e, func(r *role) { r.remote, r.local = false, false })
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
		table = flatAlias(table, "")
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
		// what the target has comes from there, though the association may be a
		// join that has it too
		if x := right.column(c); x != core.Expr(c) || has(j.child, c) {
			return x
		}
		return middle.column(c)
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
