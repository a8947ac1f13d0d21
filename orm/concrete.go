package orm

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// PolymorphicUnion is the UNION ALL of the tables of concrete classes, with
// their identities in a column of its own: what a query of their common base
// selects from.
func PolymorphicUnion(ms []*Mapper, typeColumn, name string) (f core.From, on core.Expr, err error) {
	defer catch(&err)
	var ids []any
	var tables []core.From
	for n := len(ms) - 1; n >= 0; n-- {
		ids = append(ids, ms[n].PolymorphicIdentity)
		tables = append(tables, core.PlainFrom(ms[n].Local))
	}
	return UnionOf(ids, tables, typeColumn, name)
}

// UnionOf is PolymorphicUnion of tables by identity.
func UnionOf(ids []any, tables []core.From, typeColumn, name string) (f core.From, on core.Expr, err error) {
	defer catch(&err)
	var keys []string
	kinds := map[string]types.Type{}
	byKey := make([]map[string]*core.Column, len(tables))
	for n, t := range tables {
		byKey[n] = map[string]*core.Column{}
		for _, c := range t.Columns().All() {
			if c.Key == typeColumn && ids[n] != nil {
				fail(exc.InvalidRequestError, "Polymorphic union can't use '%s' as the discriminator column due to mapped column %s; please apply the 'typecolname' argument; this is available on ConcreteBase as '_concrete_discriminator_name'", typeColumn, qualified(c))
			}
			if !slices.Contains(keys, c.Key) {
				keys = append(keys, c.Key)
			}
			kinds[c.Key] = c.ExprType()
			byKey[n][c.Key] = c // of a join the last of its tables has the name
		}
	}
	var selects []core.Query
	for n, t := range tables {
		s := &core.Select{FromObjects: []core.From{t}}
		for _, k := range keys {
			if c := byKey[n][k]; c != nil {
				s.Raw = append(s.Raw, c)
			} else {
				s.Raw = append(s.Raw, core.NewLabel(&core.Cast{X: core.NULL, Type: kinds[k]}, k))
			}
		}
		if ids[n] != nil {
			text := literalColumn(types.Quote(types.Str(ids[n])))
			text.Type = &types.String{}
			s.Raw = append(s.Raw, core.NewLabel(text, typeColumn))
		}
		selects = append(selects, s)
	}
	a := core.NewSubquery(core.Compound("UNION ALL", selects...), name)
	c, _ := a.Columns().Get(typeColumn)
	if c == nil {
		return a, nil, nil
	}
	return a, c, nil
}

// LoadFrom makes queries of the class select from the UNION of its own table and
// those of its concrete subclasses.
func (m *Mapper) LoadFrom(union core.From, on core.Expr) (err error) {
	defer catch(&err)
	m.WithPolymorphic = &WithPolymorphic{All: true, Selectable: union}
	m.Definition.PolymorphicOn = on
	m.configurePolymorphicOn()
	m.entity = nil
	return nil
}

// JoinConcrete makes sub a concrete class under base, whose rows base loads too.
func JoinConcrete(base, sub *Mapper) {
	sub.Inherits = base
	sub.Concrete = true
	base.children = append(base.children, sub)
	if sub.PolymorphicIdentity != nil {
		base.identities[sub.PolymorphicIdentity] = sub
	}
}

// JoinOf is join(left, right, on) outside of a select.
func JoinOf(j core.JoinStep) (f core.From, err error) {
	defer catch(&err)
	t := &translator{src: &core.Select{}}
	t.joined = map[*Entity]bool{}
	left := j.Left
	if e := EntityOf(left); e != nil {
		e.Mapper.ready()
		left = e.From()
	}
	t.from = []core.From{core.PlainFrom(left)}
	t.join(j)
	return t.from[0], nil
}
