package core

import (
	"strings"

	"alchemysh/core/exc"
)

// Constraint is a constraint of a table.
type Constraint interface {
	SchemaItem
	Named() *ConstraintOptions
}

// ConstraintOptions are what all constraints share.
type ConstraintOptions struct {
	Name        string
	NoName      bool // name=nil was written: no convention applies
	Conv        bool // the name is final: no convention applies to it
	Deferrable  *bool
	Initially   string
	Comment     string
	Info        map[string]any
	DialectArgs map[string]any
	CreateRule  func(dialect string) bool
	Quote       Quoting
	// Serial is the order of creation, in which CREATE TABLE lists constraints.
	Serial uint64
}

// Named gives the options, whichever constraint they are of.
func (o *ConstraintOptions) Named() *ConstraintOptions { return o }

// ColumnSet is the columns of a constraint: as columns, or as names until it
// is attached to a table.
type ColumnSet struct {
	Table   *Table
	Cols    []*Column
	Pending []any // names and columns as they were given
}

// Index is the position of c, -1 if it is not there.
func (s *ColumnSet) Index(c *Column) int {
	for i, x := range s.Cols {
		if x == c {
			return i
		}
	}
	return -1
}

func (s *ColumnSet) resolve(t *Table, what string) {
	for _, p := range s.Pending {
		if c, ok := p.(*Column); ok && c.Table != nil && c.Table != From(t) {
			exc.Raise(exc.ArgumentError, "Column(s) '%s' are not part of table '%s'.", c.label(), t.Name)
		}
	}
	s.Table = t
	for _, p := range s.Pending {
		switch p := p.(type) {
		case *Column:
			s.Cols = append(s.Cols, p)
		case *Text: // a column that only the database knows of
			s.Cols = append(s.Cols, &Column{Name: Name(p.SQL), Key: p.SQL, Type: p.Type, Literal: true})
		case string:
			c, ok := t.columns.Get(p)
			if !ok {
				for _, x := range t.columns.list {
					if string(x.Name) == p {
						c, ok = x, true
					}
				}
			}
			if !ok {
				exc.Raise(exc.ConstraintColumnNotFound, "Can't create %s on table '%s': no column named '%s' is present.", what, t.Name, p)
			}
			s.Cols = append(s.Cols, c)
		}
	}
	s.Pending = nil
}

// PrimaryKeyConstraint is PRIMARY KEY (…). Every table has one, Implicit until
// it is written out.
type PrimaryKeyConstraint struct {
	ConstraintOptions
	ColumnSet
	Implicit bool
}

func (k *PrimaryKeyConstraint) attach(t *Table) {
	if k.Table == t && t.PK == k {
		return
	}
	k.resolve(t, "PrimaryKeyConstraint")
	if len(k.Cols) == 0 {
		k.Cols = t.PK.Cols
	}
	for _, c := range k.Cols {
		if c.Schema == nil {
			continue
		}
		c.Schema.PrimaryKey = true
		if !c.Schema.NullableGiven {
			c.Schema.Nullable = false
		}
	}
	for i, x := range t.Constraints {
		if x == Constraint(t.PK) {
			t.Constraints[i] = k
		}
	}
	t.PK = k
	checkConvention(k)
}

// UniqueConstraint is UNIQUE (…).
type UniqueConstraint struct {
	ConstraintOptions
	ColumnSet
	FromColumn bool // made by unique=true on a column
}

func (k *UniqueConstraint) attach(t *Table) {
	if k.Table == t {
		return
	}
	k.resolve(t, "UniqueConstraint")
	t.Constraints = append(t.Constraints, k)
	checkConvention(k)
}

// CheckConstraint is CHECK (…).
type CheckConstraint struct {
	ConstraintOptions
	Table    *Table
	X        Expr
	OfColumn *Column
	// OfType: made by a Boolean or Enum with create_constraint, for TypeColumn,
	// on databases that have no such type.
	OfType     bool
	TypeColumn *Column
}

func (k *CheckConstraint) attach(t *Table) {
	if k.Table == t {
		return
	}
	k.Table = t
	t.Constraints = append(t.Constraints, k)
	checkConvention(k)
}

// ExcludeConstraint is PostgreSQL's EXCLUDE USING … (… WITH …).
type ExcludeConstraint struct {
	ConstraintOptions
	Table    *Table
	Using    string
	Elements []ExcludeElement
	Where    Expr
}

// ExcludeElement is one expression WITH operator.
type ExcludeElement struct {
	Column any // a name, or an Expr
	Op     string
	OpsFor string // operator class
}

func (k *ExcludeConstraint) attach(t *Table) {
	k.Table = t
	t.Constraints = append(t.Constraints, k)
}

// ForeignKeyConstraint is FOREIGN KEY (…) REFERENCES … (…).
type ForeignKeyConstraint struct {
	ConstraintOptions
	ColumnSet
	Elements   []*ForeignKey
	OnDelete   string
	OnUpdate   string
	Match      string
	UseAlter   bool
	LinkToName bool
	Inline     bool // made by ForeignKey on a column
	RefColumns []any
}

func (k *ForeignKeyConstraint) attach(t *Table) {
	if k.Table == t {
		return
	}
	k.resolve(t, "ForeignKeyConstraint")
	if len(k.Cols) != len(k.RefColumns) {
		exc.Raise(exc.ArgumentError, "ForeignKeyConstraint number of constrained columns must match the number of referenced columns.")
	}
	for i, fk := range k.elements() {
		c := k.Cols[i]
		fk.Parent = c
		c.Schema.ForeignKeys = append(c.Schema.ForeignKeys, fk)
	}
	t.Constraints = append(t.Constraints, k)
	k.checkOneTable()
	checkConvention(k)
}

// elements are the foreign keys of the constraint: there before it is in a
// table, without their columns.
func (k *ForeignKeyConstraint) elements() []*ForeignKey {
	for i := len(k.Elements); i < len(k.RefColumns); i++ {
		k.Elements = append(k.Elements, &ForeignKey{Target: k.RefColumns[i], Constraint: k, Options: k.ConstraintOptions,
			OnDelete: k.OnDelete, OnUpdate: k.OnUpdate, Match: k.Match, UseAlter: k.UseAlter, LinkToName: k.LinkToName})
	}
	return k.Elements
}

// NewForeignKeyConstraint is a foreign key of several columns, each a name or
// a column, that refer to as many.
func NewForeignKeyConstraint(columns, refs []any, k *ForeignKeyConstraint) error {
	distinct := map[any]bool{}
	for _, c := range columns {
		distinct[c] = true
	}
	switch {
	case len(distinct) != len(refs) && len(distinct) != len(columns):
		return exc.New(exc.ArgumentError, "ForeignKeyConstraint with duplicate source column references are not supported.")
	case len(distinct) != len(refs):
		return exc.New(exc.ArgumentError, "ForeignKeyConstraint number of constrained columns must match the number of referenced columns.")
	}
	k.Pending, k.RefColumns = columns, refs
	k.elements()
	return nil
}

// checkOneTable refuses a foreign key whose columns are of several tables.
func (k *ForeignKeyConstraint) checkOneTable() {
	var first, other string
	for i, e := range k.Elements {
		name, _ := e.TargetName()
		if i == 0 {
			first = name
		} else if name != first {
			other = name
		}
	}
	if other == "" {
		return
	}
	keys := make([]string, len(k.Cols))
	for i, c := range k.Cols {
		keys[i] = c.Key
	}
	if other < first {
		first, other = other, first
	}
	exc.Raise(exc.ArgumentError, "ForeignKeyConstraint on %s(%s) refers to multiple remote tables: %s and %s",
		k.Table.FullName(), strings.Join(keys, ", "), first, other)
}

// ReferredTable is the table that it refers to.
func (k *ForeignKeyConstraint) ReferredTable() (*Table, error) {
	if len(k.Elements) == 0 {
		return nil, exc.New(exc.InvalidRequestError, "foreign key without columns")
	}
	return k.Elements[0].ReferredTable()
}

// ForeignKey is one column's part of a foreign key: its column and the column
// that it refers to.
type ForeignKey struct {
	Parent     *Column
	Target     any // a *Column, or text "table.column" or "schema.table.column"
	Constraint *ForeignKeyConstraint
	Options    ConstraintOptions
	OnDelete   string
	OnUpdate   string
	Match      string
	UseAlter   bool
	LinkToName bool
	column     *Column
}

// Spec is the target as text: "table.column".
func (k *ForeignKey) Spec() string {
	switch t := k.Target.(type) {
	case string:
		return t
	case *Column:
		if tab, ok := t.Table.(*Table); ok {
			return tab.FullName() + "." + t.Key
		}
		return string(t.Name)
	}
	return ""
}

// TargetName splits Spec into the table's full name and the column.
func (k *ForeignKey) TargetName() (table, column string) {
	spec := k.Spec()
	if i := strings.LastIndexByte(spec, '.'); i >= 0 {
		return spec[:i], spec[i+1:]
	}
	return spec, ""
}

// ReferredTable finds the table; NoReferencedTableError when it is not there.
func (k *ForeignKey) ReferredTable() (*Table, error) {
	if c, ok := k.Target.(*Column); ok {
		if t, ok := c.Table.(*Table); ok {
			return t, nil
		}
	}
	name, _ := k.TargetName()
	if k.Parent != nil {
		if own, ok := k.Parent.Table.(*Table); ok && own.MetaData != nil {
			schema := own.MetaData.Schema
			if t, err := own.MetaData.resolveTable(name, schema); err == nil {
				return t, nil
			}
		}
	}
	parent := ""
	if k.Parent != nil {
		parent = k.Parent.label()
		if own, ok := k.Parent.Table.(*Table); ok && own.MetaData != nil && own.MetaData.Schema != "" && !strings.Contains(name, ".") {
			name = own.MetaData.Schema + "." + name
		}
	}
	return nil, exc.New(exc.NoReferencedTableError, "Foreign key associated with column '%s' could not find table '%s' with which to generate a foreign key to target column '%s'",
		parent, name, k.targetColumn())
}

func (k *ForeignKey) targetColumn() string {
	_, c := k.TargetName()
	if c == "" && k.Parent != nil {
		c = k.Parent.Key
	}
	return c
}

// Resolve finds the column that it refers to.
func (k *ForeignKey) Resolve() (*Column, error) {
	if k.column != nil {
		return k.column, nil
	}
	if c, ok := k.Target.(*Column); ok {
		k.column = c
		return c, nil
	}
	if k.Parent == nil {
		return nil, exc.New(exc.InvalidRequestError, "this ForeignKey object does not yet have a parent Column associated with it.")
	}
	if k.Parent.Table == nil {
		return nil, exc.New(exc.InvalidRequestError, "this ForeignKey's parent column is not yet associated with a Table.")
	}
	t, err := k.ReferredTable()
	if err != nil {
		return nil, err
	}
	name := k.targetColumn()
	if c, ok := t.columns.Get(name); ok {
		k.column = c
		return c, nil
	}
	for _, c := range t.columns.list {
		if string(c.Name) == name {
			k.column = c
			return c, nil
		}
	}
	parent, owner := "", ""
	if k.Parent != nil {
		parent = string(k.Parent.Name)
		if own, ok := k.Parent.Table.(*Table); ok {
			owner = own.Name
		}
	}
	return nil, exc.New(exc.NoReferencedColumnError, "Could not initialize target column for ForeignKey '%s' on table '%s': table '%s' has no column named '%s'",
		k.Spec(), orElse(owner, parent), t.Name, name)
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Index is CREATE INDEX.
type Index struct {
	Name        string
	Conv        bool
	Table       *Table
	Unique      bool
	Exprs       []Expr
	Pending     []any // names until it is attached to a table
	Info        map[string]any
	DialectArgs map[string]any
	FromColumn  bool
	Quote       Quoting
}

func (x *Index) attach(t *Table) {
	if x.Table == t {
		return
	}
	if x.Table != nil {
		exc.Raise(exc.ArgumentError, "Index '%s' is against table '%s', and cannot be associated with table '%s'.", x.Name, x.Table.Name, t.Name)
	}
	for _, p := range x.Pending {
		if c, ok := p.(*Column); ok && c.Table != nil && c.Table != From(t) {
			exc.Raise(exc.ArgumentError, "Column(s) '%s' are not part of table '%s'.", c.label(), t.Name)
		}
	}
	x.Table = t
	for _, p := range x.Pending {
		switch p := p.(type) {
		case string:
			c, ok := t.columns.Get(p)
			if !ok {
				exc.Raise(exc.ConstraintColumnNotFound, "Can't create Index on table '%s': no column named '%s' is present.", t.Name, p)
			}
			x.Exprs = append(x.Exprs, c)
		case Expr:
			x.Exprs = append(x.Exprs, p)
		}
	}
	x.Pending = nil
	t.Indexes = append(t.Indexes, x)
}

// NewIndex is Index(name, …): names are columns of the table that it is put
// in; columns and expressions bring their table along.
func NewIndex(name string, unique bool, items ...any) *Index {
	x := &Index{Name: name, Unique: unique, Pending: items}
	var refs []any
	for _, i := range items {
		if e, ok := i.(Expr); ok {
			refs = append(refs, ColumnsIn(e)...)
		} else {
			refs = append(refs, i)
		}
	}
	AutoAttach(x, refs)
	return x
}
