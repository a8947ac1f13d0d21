package orm

import (
	"alchemysh/core"
)

// autoAlias is the alias that a join makes by itself: its right side has a
// table which the FROM clause has already. What the statement says of the class
// is then said of the alias.
type autoAlias struct {
	of, alias *Entity
	tables    map[core.From]bool // of the class and of those above it
}

// needsAlias reports whether a join of the class would repeat a table of the FROM
// clauses. Only classes of several tables are aliased for it, as in SQLAlchemy.
func (t *translator) needsAlias(left core.From, right *Entity) bool {
	if right.IsAlias() || right.of != nil || right.aliased {
		return false
	}
	if _, several := core.PlainFrom(right.Mapper.selectable).(*core.Join); !several && right.Mapper.WithPolymorphic == nil {
		return false
	}
	froms := t.from
	if len(froms) == 0 {
		froms = []core.From{left}
	}
	for _, f := range froms {
		if overlap(left, f) && overlap(f, right.From()) {
			return true
		}
	}
	return false
}

// overlap reports whether two FROM clauses have something in common.
func overlap(a, b core.From) bool {
	seen := map[core.From]bool{}
	surface(a, func(f core.From) bool { seen[f] = true; return false })
	return surface(b, func(f core.From) bool { return seen[f] })
}

// surface calls found with a FROM clause and the sides of its joins, until it
// says true.
func surface(f core.From, found func(core.From) bool) bool {
	f = core.PlainFrom(f)
	if found(f) {
		return true
	}
	j, ok := f.(*core.Join)
	return ok && (surface(j.Left, found) || surface(j.Right, found))
}

// aliasFor makes the alias of the right side of a join.
func (t *translator) aliasFor(right *Entity) *Entity {
	m := right.Mapper
	alias := must(Aliased(right, nil, "", true, false))
	m.Registry.warn("An alias is being generated automatically against joined entity %s due to overlapping tables.  This is a legacy pattern which may be deprecated in a later release.  Use the aliased(<entity>, flat=True) construct explicitly, see the linked example.", m)
	a := &autoAlias{of: right, alias: alias, tables: map[core.From]bool{}}
	for _, x := range append([]*Mapper{m}, alias.polyMappers()...) {
		for ; x != nil; x = x.Inherits {
			a.tables[core.PlainFrom(x.Local)] = true
		}
	}
	t.autos = append(t.autos, a)
	return alias
}

// standIn is the alias that a join has made of an entity, or the entity.
func (t *translator) standIn(e *Entity) *Entity {
	for n := len(t.autos) - 1; n >= 0; n-- {
		if t.autos[n].of == e {
			return t.autos[n].alias
		}
	}
	return e
}

// ofAlias is an attribute of a class that has an automatic alias, or of one above
// it, as the alias's; nil if it is none.
func (t *translator) ofAlias(a *Attr) core.Expr {
	p, ok := a.Prop.(*ColumnProperty)
	if !ok || a.Entity.alias != nil || a.Entity.of != nil {
		return nil
	}
	for n := len(t.autos) - 1; n >= 0; n-- {
		auto := t.autos[n]
		m := auto.of.Mapper
		if !m.IsA(a.Entity.Mapper) && !a.Entity.Mapper.IsA(m) {
			continue
		}
		if c, column := core.Plain(p.Columns[0]).(*core.Column); a.Entity != auto.of && (!column || !auto.tables[core.PlainFrom(c.Table)]) {
			continue
		}
		return stripped(auto.alias.adapter().expr(p.sql()))
	}
	return nil
}
