package core

import (
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Table is a table: in a MetaData with its whole schema, or, Lightweight, only
// a name with columns: table("x", column("y")).
type Table struct {
	identity
	Name        string
	Schema      string
	Quote       Quoting
	SchemaQuote Quoting
	MetaData    *MetaData
	Lightweight bool
	Constraints []Constraint
	Indexes     []*Index
	PK          *PrimaryKeyConstraint
	Comment     string
	HasComment  bool
	Prefixes    []string
	Info        map[string]any
	// DialectArgs are options of one database: "mysql_engine" → "InnoDB".
	DialectArgs       map[string]any
	ImplicitReturning bool
	IsView            bool
	// ViewOf is the query of a view or of CREATE TABLE AS.
	ViewOf Query
	// CreatedBy makes the table in place of CREATE TABLE: a *CreateView or *CreateTableAs.
	CreatedBy         DDLStatement
	ExtraDependencies []*Table
	Listeners         Listeners
	columns           Columns
}

// SchemaItem is what may stand in Table(…): a column, a constraint, an index.
type SchemaItem interface{ attach(*Table) }

// NewTable makes a table in m. A table of that name that is already there is
// an InvalidRequestError.
func NewTable(name string, m *MetaData, schema string, items ...SchemaItem) *Table {
	t := &Table{Name: name, Schema: schema, MetaData: m, ImplicitReturning: true}
	if _, exists := m.tables[t.FullName()]; exists {
		exc.Raise(exc.InvalidRequestError, "Table '%s' is already defined for this MetaData instance.  Specify 'extend_existing=true' to redefine options and columns on an existing Table object.", t.FullName())
	}
	t.tell(false, t, m)
	t.PK = &PrimaryKeyConstraint{ColumnSet: ColumnSet{Table: t}, Implicit: true}
	t.into(t.PK, t, func() { t.Constraints = append(t.Constraints, t.PK) })
	t.Append(items...)
	m.add(t)
	return t
}

// NewLightweightTable is table("name", column("a"), …): a name to query with.
func NewLightweightTable(name, schema string, columns ...*Column) *Table {
	t := &Table{Name: name, Schema: schema, Lightweight: true, ImplicitReturning: true}
	t.PK = &PrimaryKeyConstraint{ColumnSet: ColumnSet{Table: t}, Implicit: true}
	for _, c := range columns {
		if c.Table != nil && c.Table != From(t) {
			owner, _ := FromName(c.Table)
			exc.Raise(exc.ArgumentError, "column object '%s' already assigned to table '%s'", c.Key, string(owner))
		}
		c.Table = t
		t.columns.add(c.Key, c, true)
	}
	return t
}

// Append adds items to the table.
func (t *Table) Append(items ...SchemaItem) {
	for _, i := range items { // they were made before the table met them
		if k, ok := i.(Constraint); ok {
			number(k)
		}
	}
	for _, i := range items {
		t.into(i, t, func() { i.attach(t) })
		if c, ok := i.(*Column); ok {
			t.placeForeignKeys(c)
		}
	}
}

// ID is the table's serial number.
func (t *Table) ID() uint64 { return t.id() }

// FullName is "schema.name", or the name.
func (t *Table) FullName() string {
	if t.Schema != "" {
		return t.Schema + "." + t.Name
	}
	return t.Name
}

// Columns are the table's columns.
func (t *Table) Columns() *Columns { return &t.columns }

// C finds a column by its key, and raises when there is none: for Go programs
// that know their tables.
func (t *Table) C(key string) *Column {
	c, ok := t.columns.Get(key)
	if !ok {
		exc.Raise(exc.AttributeError, "%s.c.%s: no such column", t.Name, key)
	}
	return c
}

func (t *Table) fields(v visitor) { v.number(int64(t.id())) }

func (c *Column) attach(t *Table) {
	c.ready(t)
	old, on := t.conflict(c)
	if old == c {
		return
	}
	if old != nil {
		what := string(c.Name)
		if on == "key" {
			what = c.Key
		}
		exc.Raise(exc.DuplicateColumnError, "A column with %s '%s' is already present in table '%s'.", on, what, t.Name)
	}
	t.setColumn(c)
}

// ready makes sure that a column can come into the table.
func (c *Column) ready(t *Table) {
	if c.Name == "" {
		exc.Raise(exc.ArgumentError, "Column must be constructed with a non-blank name or assign a non-blank .name before adding to a Table.")
	}
	if c.Key == "" {
		c.Key = string(c.Name)
	}
	if c.Table != nil && c.Table != From(t) {
		owner, _ := FromName(c.Table)
		exc.Raise(exc.ArgumentError, "Column object '%s' already assigned to Table '%s'", c.Key, string(owner))
	}
	if c.Schema == nil {
		c.Schema = NewColumnSchema()
	}
	if c.Schema.Identity != nil && c.Schema.Default != nil && c.Schema.Default.Sequence != nil {
		exc.Raise(exc.ArgumentError, "An column cannot specify both Identity and Sequence.")
	}
}

// conflict is the column of the table that has c's key, else the one that has
// its name, and which of the two it is.
func (t *Table) conflict(c *Column) (*Column, string) {
	if old, ok := t.columns.Get(c.Key); ok {
		if c.Key == string(c.Name) {
			return old, "name"
		}
		return old, "key"
	}
	for _, old := range t.columns.list {
		if old.Name == c.Name {
			return old, "name"
		}
	}
	return nil, ""
}

// setColumn places the column, and with it what the column brought along but
// for its foreign keys.
func (t *Table) setColumn(c *Column) {
	if old, _ := t.conflict(c); old != nil && old != c {
		t.dropColumnItems(old)
		t.substitute(old, c)
		t.columns.replace(old, c)
	}
	if c.Schema.Sentinel && t.SentinelColumn() != nil {
		exc.Raise(exc.ArgumentError, "a Table may have only one explicit sentinel column")
	}
	c.Table = t
	t.columns.add(c.Key, c, true)
	if e, ok := c.Type.(*types.Enum); ok && e.InheritSchema && t.Schema != "" && e.Schema != t.Schema {
		own := *e
		own.Schema = t.Schema
		c.Type = &own
	}
	s := c.Schema
	if (s.PrimaryKey || s.Identity != nil) && !s.NullableGiven {
		s.Nullable = false
	}
	if s.Default != nil && s.Default.Sequence != nil {
		s.Default.Sequence.Column = c
		if t.MetaData != nil {
			t.MetaData.AddSequence(s.Default.Sequence)
		}
	}
	if s.PrimaryKey && t.PK.Implicit {
		t.PK.Cols = append(t.PK.Cols, c)
	} else if s.PrimaryKey && t.PK.Index(c) < 0 {
		t.PK.Cols = append(t.PK.Cols, c)
	}
	if s.Unique && !s.Index {
		u := &UniqueConstraint{ColumnSet: ColumnSet{Table: t, Cols: []*Column{c}}, FromColumn: true}
		number(u)
		t.into(u, t, func() { t.Constraints = append(t.Constraints, u) })
	}
	if s.Index {
		x := &Index{Unique: s.Unique, Exprs: []Expr{c}, FromColumn: true}
		t.into(x, t, func() { x.attach(t) })
	}
	if ck := typeCheck(c); ck != nil {
		ck.Table = t
		number(ck)
		t.into(ck, t, func() { t.Constraints = append(t.Constraints, ck) })
	}
}

// placeForeignKeys makes constraints of the column's foreign keys, once the
// column is in the table, and places what else was written with it.
func (t *Table) placeForeignKeys(c *Column) {
	s := c.Schema
	for _, fk := range s.ForeignKeys {
		if fk.Parent == nil {
			fk.Parent = c
		}
		if fk.Constraint == nil {
			fk.Constraint = &ForeignKeyConstraint{ColumnSet: ColumnSet{Table: t, Cols: []*Column{c}}, Elements: []*ForeignKey{fk},
				ConstraintOptions: fk.Options, OnDelete: fk.OnDelete, OnUpdate: fk.OnUpdate, Match: fk.Match, UseAlter: fk.UseAlter, LinkToName: fk.LinkToName, Inline: true}
			number(fk.Constraint)
			t.into(fk.Constraint, t, func() { t.Constraints = append(t.Constraints, fk.Constraint) })
		}
	}
	for _, k := range s.Constraints {
		if ck, ok := k.(*CheckConstraint); ok {
			ck.OfColumn = c
		}
		number(k)
		if !t.hasConstraint(k) {
			t.into(k, t, func() { k.attach(t) })
		}
	}
	tell := s.onAttach
	s.onAttach = nil
	for _, f := range tell {
		f()
	}
}

// number gives a constraint its place in the order of creation.
func number(k Constraint) {
	if o := k.Named(); o.Serial == 0 {
		o.Serial = serial()
	}
}

// typeCheck is the CHECK that a Boolean or Enum with create_constraint brings.
func typeCheck(c *Column) *CheckConstraint {
	t := c.Type
	for {
		d, ok := t.(*types.Decorator)
		if !ok {
			break
		}
		t = d.Impl
	}
	name := ""
	switch t := t.(type) {
	case *types.Boolean:
		if !t.CreateConstraint {
			return nil
		}
		name = t.ConstraintName
	case *types.Enum:
		if !t.CreateConstraint {
			return nil
		}
		name = t.TypeName
	default:
		return nil
	}
	return &CheckConstraint{ConstraintOptions: ConstraintOptions{Name: name}, OfType: true, TypeColumn: c}
}

func (t *Table) hasConstraint(k Constraint) bool {
	for _, x := range t.Constraints {
		if x == k {
			return true
		}
	}
	return false
}

// dropColumnItems takes away what an overridden column had brought along.
func (t *Table) dropColumnItems(old *Column) {
	if i := t.PK.Index(old); i >= 0 {
		t.PK.Cols = append(t.PK.Cols[:i:i], t.PK.Cols[i+1:]...)
	}
	var kept []Constraint
	for _, k := range t.Constraints {
		if fk, ok := k.(*ForeignKeyConstraint); ok && fk.Index(old) >= 0 {
			continue
		}
		if u, ok := k.(*UniqueConstraint); ok && u.FromColumn && u.Cols[0] == old {
			continue
		}
		if ck, ok := k.(*CheckConstraint); ok && (ck.TypeColumn == old || ck.OfColumn == old) {
			continue
		}
		kept = append(kept, k)
	}
	t.Constraints = kept
	var indexes []*Index
	for _, x := range t.Indexes {
		if !(x.FromColumn && x.Exprs[0] == Expr(old)) {
			indexes = append(indexes, x)
		}
	}
	t.Indexes = indexes
}

// substitute puts a column in the place of another in what is left of the
// table's constraints and indexes.
func (t *Table) substitute(old, c *Column) {
	for _, k := range t.Constraints {
		if u, ok := k.(*UniqueConstraint); ok {
			if i := u.Index(old); i >= 0 {
				u.Cols[i] = c
			}
		}
	}
	for _, x := range t.Indexes {
		for i, e := range x.Exprs {
			if e == Expr(old) {
				x.Exprs[i] = c
			}
		}
	}
}

// ReplaceColumn is append_column(replace_existing = true).
func (t *Table) ReplaceColumn(c *Column) {
	c.ready(t)
	if !c.Schema.PrimaryKey {
		for _, k := range t.PK.Cols {
			if k.Key == c.Key && !t.PK.Implicit {
				exc.Raise(exc.ArgumentError, "Trying to redefine primary-key column '%s' as a non-primary-key column on table '%s'", c.Key, t.FullName())
			}
		}
	}
	t.into(c, t, func() { t.setColumn(c) })
	t.placeForeignKeys(c)
}

// RemoveColumn takes a column out of the table's collection, and nothing else:
// include_columns of a table that is extended.
func (t *Table) RemoveColumn(c *Column) { t.columns.remove(c) }

// NewColumnSchema has SQLAlchemy's defaults.
func NewColumnSchema() *ColumnSchema { return &ColumnSchema{Serial: serial(), Nullable: true} }

// NewColumn is column("name", type): a bare column.
func NewColumn(name string, t types.Type) *Column {
	if t == nil {
		t = nullType
	}
	return &Column{Name: Name(name), Key: name, Type: t}
}

// ForeignKeyConstraints are the table's, in the order of their declaration.
func (t *Table) ForeignKeyConstraints() []*ForeignKeyConstraint {
	var out []*ForeignKeyConstraint
	for _, k := range t.Constraints {
		if fk, ok := k.(*ForeignKeyConstraint); ok {
			out = append(out, fk)
		}
	}
	return out
}

// ForeignKeys are those of all columns.
func (t *Table) ForeignKeys() []*ForeignKey {
	var out []*ForeignKey
	for _, c := range t.columns.list {
		out = append(out, c.Schema.ForeignKeys...)
	}
	return out
}

// SentinelColumn is the column marked by insert_sentinel, nil for none.
func (t *Table) SentinelColumn() *Column {
	for _, c := range t.Columns().All() {
		if c.Schema != nil && c.Schema.Sentinel {
			return c
		}
	}
	return nil
}

// AutoincrementColumn is the column that numbers itself: an integer primary
// key of one column, unless the column says otherwise; nil if there is none.
func (t *Table) AutoincrementColumn() *Column {
	if t.PK == nil {
		return nil
	}
	usable := func(c *Column, auto bool) bool {
		if c.Schema == nil {
			return false
		}
		a := c.ExprType().Affinity()
		if a != types.IntegerAffinity && !(a == types.NumericAffinity && !auto) {
			if !auto && a != types.Unknown {
				name, err := types.DDL(c.ExprType())
				if err != nil {
					name = c.ExprType().String()
				}
				exc.Raise(exc.ArgumentError, "Column type %s on column '%s' is not compatible with autoincrement=true", name, c.label())
			}
			return false
		}
		if c.Schema.Identity != nil {
			return true
		}
		if auto {
			if c.Schema.Default != nil && c.Schema.Default.Sequence == nil {
				return false
			}
			if d := c.Schema.ServerDefault; d != nil {
				return false
			}
			if len(c.Schema.ForeignKeys) > 0 && c.Schema.Autoincrement != AutoincrementIgnoreFK {
				return false
			}
		}
		return true
	}
	var only *Column
	for _, c := range t.PK.Cols {
		if c.Schema != nil && c.Schema.Autoincrement == AutoincrementOn && usable(c, false) {
			if only != nil {
				exc.Raise(exc.ArgumentError, "Only one Column may be marked autoincrement=true, found both %s and %s.", c.Name, only.Name)
			}
			only = c
		}
	}
	if only != nil {
		return only
	}
	if len(t.PK.Cols) == 1 {
		only = t.PK.Cols[0]
		if only.Schema == nil || only.Schema.Autoincrement == AutoincrementOff {
			return nil
		}
		if usable(only, true) {
			return only
		}
	}
	return nil
}
