package corelib

import (
	"strings"

	"alchemysh/core"
	"alchemysh/luabind/bind"
)

// CopyColumn is a column like c that is in no table: for mixins and to_metadata.
func CopyColumn(c *core.Column) *core.Column {
	n := &core.Column{Name: c.Name, Key: c.Key, Type: c.Type, Quote: c.Quote, Literal: c.Literal}
	if c.Schema == nil {
		return n
	}
	s := *c.Schema
	s.ForeignKeys = nil
	for _, fk := range c.Schema.ForeignKeys {
		if fk.Constraint != nil && !fk.Constraint.Inline {
			continue
		}
		s.ForeignKeys = append(s.ForeignKeys, copyForeignKey(fk))
	}
	s.Constraints = nil
	for _, k := range c.Schema.Constraints {
		if ck, ok := k.(*core.CheckConstraint); ok {
			s.Constraints = append(s.Constraints, &core.CheckConstraint{ConstraintOptions: ck.ConstraintOptions, X: ck.X})
		}
	}
	n.Schema = &s
	return n
}

func copyForeignKey(fk *core.ForeignKey) *core.ForeignKey {
	n := *fk
	n.Options.Serial = 0
	return &core.ForeignKey{Target: n.Target, Options: n.Options, OnDelete: n.OnDelete, OnUpdate: n.OnUpdate,
		Match: n.Match, UseAlter: n.UseAlter, LinkToName: n.LinkToName}
}

// copyTable is to_metadata().
func copyTable(a *bind.Args, t *core.Table) (any, error) {
	m := bind.Get[*core.MetaData](a, "metadata")
	name, schema := t.Name, t.Schema
	if a.Has("name") {
		name = a.String("name")
	}
	if a.Given("schema") {
		schema = a.String("schema")
	} else if t.MetaData != nil && schema == t.MetaData.Schema && m.Schema != "" {
		schema = m.Schema
	}
	full := name
	if schema != "" {
		full = schema + "." + name
	}
	if old, ok := m.Table(full); ok {
		return old, nil
	}
	var items []core.SchemaItem
	for _, c := range t.Columns().All() {
		n := CopyColumn(c)
		n.Schema.Unique = c.Schema.Unique
		for _, fk := range n.Schema.ForeignKeys {
			fk.Target = movedTarget(fk.Spec(), t.Schema, schema)
		}
		items = append(items, n)
	}
	for _, k := range t.Constraints {
		switch k := k.(type) {
		case *core.UniqueConstraint:
			if !k.FromColumn {
				items = append(items, &core.UniqueConstraint{ConstraintOptions: k.ConstraintOptions, ColumnSet: core.ColumnSet{Pending: keysOf(k.Cols)}})
			}
		case *core.CheckConstraint:
			if k.OfColumn == nil && !k.OfType {
				items = append(items, &core.CheckConstraint{ConstraintOptions: k.ConstraintOptions, X: k.X})
			}
		case *core.PrimaryKeyConstraint:
			if !k.Implicit {
				items = append(items, &core.PrimaryKeyConstraint{ConstraintOptions: k.ConstraintOptions, ColumnSet: core.ColumnSet{Pending: keysOf(k.Cols)}})
			}
		case *core.ForeignKeyConstraint:
			if !k.Inline {
				n := &core.ForeignKeyConstraint{ConstraintOptions: k.ConstraintOptions, ColumnSet: core.ColumnSet{Pending: keysOf(k.Cols)},
					OnDelete: k.OnDelete, OnUpdate: k.OnUpdate, Match: k.Match, UseAlter: k.UseAlter, LinkToName: k.LinkToName}
				for _, e := range k.Elements {
					n.RefColumns = append(n.RefColumns, movedTarget(e.Spec(), t.Schema, schema))
				}
				items = append(items, n)
			}
		}
	}
	n := core.NewTable(name, m, schema, items...)
	n.Quote, n.Comment, n.HasComment, n.Prefixes, n.Info, n.DialectArgs = t.Quote, t.Comment, t.HasComment, t.Prefixes, t.Info, t.DialectArgs
	for _, ix := range t.Indexes {
		if ix.FromColumn {
			continue
		}
		var pending []any
		for _, e := range ix.Exprs {
			if c, ok := e.(*core.Column); ok {
				pending = append(pending, c.Key)
			}
		}
		n.Append(&core.Index{Name: ix.Name, Unique: ix.Unique, Pending: pending, DialectArgs: ix.DialectArgs, Quote: ix.Quote})
	}
	return n, nil
}

// movedTarget follows a reference to a table of the same schema into the new one.
func movedTarget(spec, old, now string) string {
	if old == now {
		return spec
	}
	parts := strings.Split(spec, ".")
	switch {
	case old == "" && len(parts) == 2 && now != "":
		return now + "." + spec
	case old != "" && strings.HasPrefix(spec, old+"."):
		rest := strings.TrimPrefix(spec, old+".")
		if now == "" {
			return rest
		}
		return now + "." + rest
	}
	return spec
}

func keysOf(cols []*core.Column) []any {
	out := make([]any, len(cols))
	for i, c := range cols {
		out[i] = c.Key
		if c.Literal { // a column that only the database knows of
			out[i] = &core.Text{SQL: string(c.Name), Type: c.Type}
		}
	}
	return out
}
