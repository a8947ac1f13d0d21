package orm

import (
	"alchemysh/core"
	"alchemysh/core/exc"
)

// Compare is a comparison whose left side is an attribute that is no single
// column: a relationship with an object or nil, a composite with a value. ok is
// false if the expression is neither.
func Compare(op *core.Operator, x core.Node, v any) (e core.Expr, ok bool, err error) {
	defer catch(&err)
	a := AttrOf(x)
	if a == nil {
		return nil, false, nil
	}
	switch p := a.Prop.(type) {
	case *Relationship:
		if op != core.EqOp && op != core.NeOp {
			fail(exc.NotImplementedError, "operator %s is not supported by relationship %s", op.Name, a)
		}
		p.parent.ready()
		return a.compareObject(v, op == core.NeOp), true, nil
	case *Composite:
		compare := map[*core.Operator]func(any, any) core.Expr{core.EqOp: core.Eq, core.NeOp: core.Ne, core.LtOp: core.Lt, core.LeOp: core.Le, core.GtOp: core.Gt, core.GeOp: core.Ge}[op]
		if compare == nil {
			return nil, false, nil
		}
		vals := make([]any, len(p.keys))
		if v != nil {
			vals = must(p.Values(v))
		}
		items := make([]core.Expr, len(p.keys))
		for n, k := range p.keys {
			items[n] = compare(a.Entity.expr(k), vals[n])
		}
		return core.And(items...), true, nil
	}
	return nil, false, nil
}

// compareObject is User.orders == x and User.orders ~= x.
func (a *Attr) compareObject(v any, ne bool) core.Expr {
	r := a.Relationship()
	x, _ := v.(*Instance)
	if _, null := v.(*core.Null); null {
		v = nil
	}
	if v != nil && x == nil {
		fail(exc.ArgumentError, "Mapped instance expected for relationship comparison to object.   Classes, queries and other SQL elements are not accepted in this context; for comparison with a subquery, use %s.has(**criteria).", a)
	}
	if !ne {
		switch {
		case x == nil && (r.direction == OneToMany || r.direction == ManyToMany):
			return core.Not(a.exists(nil, nil))
		case x == nil:
			return a.nullKeys(false)
		case r.UseList:
			fail(exc.InvalidRequestError, "Can't compare a collection to an object or collection; use contains() to test for membership.")
		}
		return a.pointsTo(x)
	}
	switch {
	case x == nil && r.direction == ManyToOne:
		return a.nullKeys(true)
	case x == nil:
		return a.exists(nil, nil)
	case r.UseList:
		fail(exc.InvalidRequestError, "Can't compare a collection to an object or collection; use contains() to test for membership.")
	case r.direction == ManyToOne:
		var items []core.Expr
		for _, p := range r.join.localRemote {
			c := a.Entity.column(p[0])
			there := x.attr(x.mapper.colProps[p[1]].key)
			known := x.at(there.slot)
			b := &core.Bind{Key: p[0].Key, Unique: true, Callable: func() any { return x.comparedValue(p[1], there, known) }, Type: p[0].ExprType()}
			items = append(items, core.Or(core.Ne(c, b), core.Eq(c, nil)))
		}
		return core.And(items...)
	}
	return core.Not(a.exists(a.pointsTo(x), nil))
}

// comparedValue is the value of a column of an object that a statement is
// compared with, when the statement runs: the present one, or, where that
// cannot be had, the one it had when the comparison was made.
func (i *Instance) comparedValue(c *core.Column, a *attribute, known any) any {
	p := passiveOff
	if !i.Persistent() {
		p = passiveNoFetch &^ initOK
	}
	var v any
	if err := attempt(func() { v = a.get(i, p) }); err != nil {
		if e := exc.Of(err); e != nil {
			panic(e) // core knows no failure
		}
		check(err)
	}
	if isSymbol(v) {
		if known == NoValue && v == noResult {
			exc.Raise(exc.InvalidRequestError, "Can't resolve value for column %s on object %s; the object is detached and the value was expired", qualified(c), i)
		}
		if known == NoValue {
			exc.Raise(exc.InvalidRequestError, "Can't resolve value for column %s on object %s; no value has been set for this column", qualified(c), i)
		}
		v = known
	}
	if v == nil {
		i.mapper.Registry.warn("Got None for value of column %s; this is unsupported for a relationship comparison and will not currently produce an IS comparison (but may in a future release)", qualified(c))
	}
	return v
}

// nullKeys is the condition that a many-to-one has no object.
func (a *Attr) nullKeys(not bool) core.Expr {
	var items []core.Expr
	for _, p := range a.Relationship().join.localRemote {
		c := a.Entity.column(p[0])
		if not {
			items = append(items, core.Ne(c, nil))
		} else {
			items = append(items, core.Eq(c, nil))
		}
	}
	if not && len(items) > 1 {
		return core.Or(items...)
	}
	return core.And(items...)
}

// pointsTo is the condition that the row's related object is x: the join
// condition with x's values in the place of its columns.
func (a *Attr) pointsTo(x *Instance) core.Expr {
	r := a.Relationship()
	e := a.Entity
	bind := func(c *core.Column) core.Expr {
		prop := x.mapper.colProps[c]
		if prop == nil {
			fail(exc.UnmappedColumnError, "No column %s is configured on mapper %s...", qualified(c), x.mapper)
		}
		known := x.at(x.attr(prop.key).slot)
		return &core.Bind{Key: "param", Unique: true, Callable: func() any {
			return x.comparedValue(c, x.attr(prop.key), known)
		}, Type: c.ExprType()}
	}
	if r.join.secondary == nil {
		return rewrite(r.join.primary, func(c *core.Column, ro *role) core.Expr {
			if ro.remote {
				return bind(c)
			}
			return e.column(c)
		})
	}
	sec := core.NewAlias(r.secondary, "")
	sa := adaptTo(sec)
	p := rewrite(r.join.primary, func(c *core.Column, ro *role) core.Expr {
		if ro.remote {
			return sa.column(c)
		}
		return e.column(c)
	})
	s := rewrite(r.join.secondary, func(c *core.Column, ro *role) core.Expr {
		if ro.remote {
			return sa.column(c)
		}
		return bind(c)
	})
	return conjoin(p, s)
}

// Contains is User.orders:contains(x).
func (a *Attr) Contains(v any) (e core.Expr, err error) {
	defer catch(&err)
	r := a.Relationship()
	r.parent.ready()
	if !r.UseList {
		fail(exc.InvalidRequestError, "'contains' not implemented for scalar attributes.  Use ==")
	}
	x, ok := v.(*Instance)
	if !ok {
		fail(exc.ArgumentError, "Mapped instance expected for relationship comparison to object.")
	}
	return a.pointsTo(x), nil
}

// Any is User.orders:any(criterion): some related object meets it.
func (a *Attr) Any(criterion core.Expr, by []Named) (e core.Expr, err error) {
	defer catch(&err)
	a.Relationship().parent.ready()
	if !a.Relationship().UseList {
		fail(exc.InvalidRequestError, "'any()' not implemented for scalar attributes. Use has().")
	}
	return a.exists(criterion, by), nil
}

// Has is Order.customer:has(criterion): the related object meets it.
func (a *Attr) Has(criterion core.Expr, by []Named) (e core.Expr, err error) {
	defer catch(&err)
	a.Relationship().parent.ready()
	if a.Relationship().UseList {
		fail(exc.InvalidRequestError, "'has()' not implemented for collections. Use any().")
	}
	return a.exists(criterion, by), nil
}

// exists is EXISTS over the related rows.
func (a *Attr) exists(criterion core.Expr, by []Named) core.Expr {
	r := a.Relationship()
	r.parent.ready()
	target := a.target()
	var single core.Expr
	ta := target.adapter()
	from := target.From()
	if a.OfType != nil {
		single = target.singleCriterion()
	} else {
		single = r.entity.singleCriterion()
	}
	if r.selfReferential() && target.alias == nil && tablesOverlap(r.parent, r.target) {
		al := &Entity{Mapper: target.Mapper, serial: entitySerial.Add(1), aliased: true}
		al.setAlias(aliasOf(target.Mapper, target.From(), "", true), false)
		ta, from = al.adapter(), al.From()
		if criterion != nil {
			criterion = ta.expr(plainExpr(criterion))
		}
		target = al
	}
	p, s, sec := r.join.joins(a.Entity.adapter(), ta, false, nil)
	var crit []core.Expr
	for _, n := range by {
		crit = append(crit, core.Eq(target.expr(n.Key), n.Value))
	}
	items := []core.Expr{p, s}
	if criterion != nil {
		items = append(items, plainExpr(criterion))
	}
	for _, c := range crit {
		items = append(items, plainExpr(c))
	}
	for _, c := range a.And {
		items = append(items, ta.expr(plainExpr(c)))
	}
	if single != nil {
		items = append(items, single)
	}
	froms := []core.From{from}
	except := []core.From{}
	collect := func(f core.From) {
		except = append(except, append(core.FromObjects(f), f)...)
	}
	collect(from)
	if sec != nil {
		froms = append(froms, sec)
		except = append(except, sec)
	}
	q := &core.Select{Raw: []core.Node{literalColumn("1")}, Criteria: []core.Expr{conjoin(items...)}, FromObjects: froms}
	q = q.CorrelateExceptOf(except...)
	return core.NewExists(q)
}

// WithParent is the condition that rows are related to an object.
func WithParent(x *Instance, attr core.Node, from *Entity) (e core.Expr, err error) {
	defer catch(&err)
	a := AttrOf(attr)
	if a == nil || a.Relationship() == nil {
		fail(exc.ArgumentError, "with_parent() takes an object and a relationship attribute")
	}
	r := a.Relationship()
	r.parent.ready()
	ta := r.entity.adapter()
	if a.OfType != nil {
		ta = a.OfType.adapter()
	}
	if from != nil {
		ta = from.adapter()
	}
	bind := func(c *core.Column) core.Expr {
		v := valueOf(x, c, passiveOff)
		if isSymbol(v) {
			v = nil
		}
		return &core.Bind{Key: "param", Unique: true, Value: v, Type: c.ExprType()}
	}
	p := rewrite(r.join.primary, func(c *core.Column, ro *role) core.Expr {
		if ro.remote {
			if r.secondary != nil {
				return nil
			}
			return ta.column(c)
		}
		return bind(c)
	})
	s := rewrite(r.join.secondary, func(c *core.Column, ro *role) core.Expr {
		if ro.remote {
			return nil
		}
		return ta.column(c)
	})
	return conjoin(p, s), nil
}
