package core

import (
	"cmp"
	"slices"
	"strings"
)

// Copy is a table as to_metadata() makes it: Name and Schema are the new ones.
type Copy struct {
	MetaData *MetaData
	Name     string
	Schema   string
	// Referred says in which schema the table is that a copied foreign key
	// refers to, which was in the schema from; ok is false where the reference
	// stays as it was written. nil: tables of the old schema moved along.
	Referred func(k *ForeignKeyConstraint, from string) (schema string, ok bool, err error)
}

// CopyTo makes a table like t in another catalogue, or in its own under another
// name. One that is there already is given as it is.
func (t *Table) CopyTo(to Copy) (*Table, error) {
	full := to.Name
	if to.Schema != "" {
		full = to.Schema + "." + to.Name
	}
	if old, ok := to.MetaData.Table(full); ok {
		return old, nil
	}
	var items []SchemaItem
	for _, c := range t.columns.list {
		n := c.Copied()
		n.Schema.ForeignKeys = nil // they come with their constraints
		items = append(items, n)
	}
	n := NewTable(to.Name, to.MetaData, to.Schema, items...)
	n.Quote, n.Comment, n.HasComment, n.Prefixes, n.DialectArgs = t.Quote, t.Comment, t.HasComment, t.Prefixes, t.DialectArgs
	n.Info = t.Info
	inOrder := slices.Clone(t.Constraints)
	slices.SortStableFunc(inOrder, func(a, b Constraint) int { return cmp.Compare(a.Named().Serial, b.Named().Serial) })
	for _, k := range inOrder {
		if fk, ok := k.(*ForeignKeyConstraint); ok {
			moved, err := fk.copied(t, n, to)
			if err != nil {
				to.MetaData.Remove(n)
				return nil, err
			}
			n.Append(moved)
		} else if c := copiedConstraint(k, t, n); c != nil {
			n.Append(c)
		}
	}
	for _, x := range t.Indexes {
		if x.FromColumn {
			continue
		}
		c := &Index{Name: x.Name, Conv: x.Conv, Unique: x.Unique, Info: x.Info, DialectArgs: x.DialectArgs, Quote: x.Quote}
		for _, e := range x.Exprs {
			c.Pending = append(c.Pending, movedExpr(e, t, n))
		}
		n.Append(c)
	}
	return n, nil
}

// copiedOptions are those of a constraint, for its copy: a name that a
// convention gave stays, and what it was made after it comes after again.
func copiedOptions(k Constraint) ConstraintOptions {
	o := *k.Named()
	o.CreateRule, o.Serial = nil, 0
	if name, err := NameOf(k); err == nil && name.Derived {
		o.Name, o.Conv = name.Name, true
	}
	return o
}

// copiedConstraint is nil for what a column of the copy brings along itself.
func copiedConstraint(k Constraint, t, n *Table) Constraint {
	switch k := k.(type) {
	case *UniqueConstraint:
		if !k.FromColumn {
			return &UniqueConstraint{ConstraintOptions: copiedOptions(k), ColumnSet: ColumnSet{Pending: keysOf(k.Cols)}}
		}
	case *CheckConstraint:
		if k.OfColumn == nil && !k.OfType {
			return &CheckConstraint{ConstraintOptions: copiedOptions(k), X: movedExpr(k.X, t, n)}
		}
	case *PrimaryKeyConstraint:
		if o := copiedOptions(k); !k.Implicit || o.Conv {
			return &PrimaryKeyConstraint{ConstraintOptions: copiedOptions(k), ColumnSet: ColumnSet{Pending: keysOf(k.Cols)}}
		}
	case *ExcludeConstraint:
		c := &ExcludeConstraint{ConstraintOptions: copiedOptions(k), Using: k.Using}
		if k.Where != nil {
			c.Where = movedExpr(k.Where, t, n)
		}
		for _, e := range k.Elements {
			if x, ok := e.Column.(Expr); ok {
				e.Column = movedExpr(x, t, n)
			}
			c.Elements = append(c.Elements, e)
		}
		return c
	}
	return nil
}

// copied is the foreign key of the copied table n.
func (k *ForeignKeyConstraint) copied(t, n *Table, to Copy) (*ForeignKeyConstraint, error) {
	c := &ForeignKeyConstraint{ConstraintOptions: copiedOptions(k), ColumnSet: ColumnSet{Pending: keysOf(k.Cols)},
		OnDelete: k.OnDelete, OnUpdate: k.OnUpdate, Match: k.Match, UseAlter: k.UseAlter, LinkToName: k.LinkToName, Inline: k.Inline}
	from := ""
	if len(k.Elements) > 0 {
		name, _ := k.Elements[0].TargetName()
		if i := strings.LastIndexByte(name, '.'); i >= 0 {
			from = name[:i]
		}
	}
	schema, moves := to.Schema, from == t.Schema && to.Schema != ""
	if to.Referred != nil {
		var err error
		if schema, moves, err = to.Referred(k, from); err != nil {
			return nil, err
		}
	}
	for _, e := range k.Elements {
		table, column := e.TargetName()
		old, name := "", table
		if i := strings.LastIndexByte(table, '.'); i >= 0 {
			old, name = table[:i], table[i+1:]
		}
		if table == t.FullName() {
			name = to.Name
		}
		if moves {
			old = schema
		}
		if old != "" {
			name = old + "." + name
		}
		if column != "" {
			name += "." + column
		}
		c.RefColumns = append(c.RefColumns, name)
	}
	return c, nil
}

// movedExpr is an expression with the columns of a table replaced by those of
// its copy.
func movedExpr(e Expr, t, n *Table) Expr {
	return Replace(e, func(x Node) Node {
		if c, ok := x.(*Column); ok && c.Table == From(t) {
			if moved, ok := n.columns.Get(c.Key); ok {
				return moved
			}
		}
		return x
	})
}

func keysOf(cols []*Column) []any {
	out := make([]any, len(cols))
	for i, c := range cols {
		out[i] = c.Key
		if c.Literal { // a column that only the database knows of
			out[i] = &Text{SQL: string(c.Name), Type: c.Type}
		}
	}
	return out
}

// Copied is a column like c that is in no table: for mixins and to_metadata.
func (c *Column) Copied() *Column {
	n := &Column{Name: c.Name, Key: c.Key, Type: c.Type, Quote: c.Quote, Literal: c.Literal}
	if c.Schema == nil {
		return n
	}
	s := *c.Schema
	s.onAttach, s.ForeignKeys, s.Constraints = nil, nil, nil
	for _, fk := range c.Schema.ForeignKeys {
		if fk.Constraint == nil || fk.Constraint.Inline {
			s.ForeignKeys = append(s.ForeignKeys, fk.Copied())
		}
	}
	for _, k := range c.Schema.Constraints {
		if ck, ok := k.(*CheckConstraint); ok {
			s.Constraints = append(s.Constraints, &CheckConstraint{ConstraintOptions: ck.ConstraintOptions, X: ck.X})
		}
	}
	for _, d := range []**Default{&s.Default, &s.OnUpdate, &s.ServerDefault, &s.ServerOnUpd} {
		*d = (*d).copied(n)
	}
	if s.Identity != nil {
		i := *s.Identity
		i.Column, s.Identity = n, &i
	}
	if s.Computed != nil {
		x := *s.Computed
		x.Column, s.Computed = n, &x
	}
	n.Schema = &s
	return n
}

// copied is a default for another column. A sequence goes with it, so that it
// can come into another catalogue.
func (d *Default) copied(to *Column) *Default {
	if d == nil {
		return nil
	}
	n := *d
	n.Column = to
	if d.Sequence != nil {
		s := *d.Sequence
		s.Column, s.MetaData = to, nil
		if d.Arg == any(d.Sequence) {
			n.Arg = &s
		}
		n.Sequence = &s
	}
	return &n
}

// Copied is a foreign key like k that is of no column.
func (k *ForeignKey) Copied() *ForeignKey {
	return &ForeignKey{Target: k.Target, Options: k.Options, OnDelete: k.OnDelete, OnUpdate: k.OnUpdate, Match: k.Match, UseAlter: k.UseAlter, LinkToName: k.LinkToName}
}
