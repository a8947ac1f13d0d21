package core

import "alchemysh/core/types"

// Column is a column: of a table (with its schema), of an alias or a subquery
// (standing for another expression), or of nothing (column("x"),
// literal_column("…")).
type Column struct {
	identity
	Name  Name
	Key   string // under which `c` offers it; the name unless key= was given
	Type  types.Type
	Table From // nil: a bare column
	Quote Quoting
	// Literal: the name is SQL text, never quoted: literal_column().
	Literal bool
	// Proxies are the expressions that it stands for, in an alias or subquery.
	Proxies []Expr

	// Schema is what CREATE TABLE says of it; nil for anything but a table's column.
	Schema *ColumnSchema
}

// ColumnSchema is what Column() says beyond name and type.
type ColumnSchema struct {
	Serial        uint64 // order of creation: the order in a declarative class
	PrimaryKey    bool
	Nullable      bool
	NullableGiven bool // nullable= was written
	Unique        bool
	Index         bool
	System        bool // the database makes it: not in CREATE TABLE
	Autoincrement Autoincrement
	Default       *Default
	OnUpdate      *Default
	ServerDefault *Default
	ServerOnUpd   *Default
	Identity      *Identity
	Computed      *Computed
	ForeignKeys   []*ForeignKey
	Constraints   []Constraint // CHECKs written with the column
	Comment       string
	HasComment    bool
	Doc           string
	Info          map[string]any
	DialectArgs   map[string]any // "sqlite_on_conflict_primary_key" → value
	InsertDefault any
	// Sentinel: it puts the rows of RETURNING in order, insert_sentinel=true.
	Sentinel bool
	// Omit: SELECT and INSERT of a whole table leave it out.
	Omit bool
	// TypePending: the type is the referenced column's, when that is known.
	TypePending bool
	// onAttach are told when the column comes into a table.
	onAttach []func()
}

// Autoincrement is the autoincrement= of a column.
type Autoincrement uint8

// The settings of autoincrement.
const (
	AutoincrementAuto Autoincrement = iota
	AutoincrementOn
	AutoincrementOff
	AutoincrementIgnoreFK
)

// ExprType is the column's type.
func (c *Column) ExprType() types.Type {
	if c.Schema != nil && c.Schema.TypePending {
		if t := c.referencedType(map[*Column]bool{}); t != nil {
			c.Type, c.Schema.TypePending = t, false
		}
	}
	return c.Type
}

func (c *Column) referencedType(seen map[*Column]bool) types.Type {
	if seen[c] {
		return nil
	}
	seen[c] = true
	if c.Schema == nil || !c.Schema.TypePending {
		return c.Type
	}
	for _, fk := range c.Schema.ForeignKeys {
		if target, err := fk.Resolve(); err == nil {
			if t := target.referencedType(seen); t != nil {
				return t
			}
		}
	}
	return nil
}

func (c *Column) fields(v visitor) {
	if c.Table != nil {
		v.from(&c.Table)
		v.name(c.Name)
		v.text(c.Key)
		v.typ(c.ExprType())
		return
	}
	v.self(c)
	v.name(c.Name)
	v.typ(c.ExprType())
	v.flag(c.Literal)
	v.number(int64(c.Quote))
}

// PrimaryKey reports whether the column, or the one it stands for, is part of
// its table's primary key.
func (c *Column) PrimaryKey() bool {
	if c.Schema != nil {
		return c.Schema.PrimaryKey
	}
	for _, p := range c.Proxies {
		if c, ok := Plain(p).(*Column); ok && c.PrimaryKey() {
			return true
		}
	}
	return false
}

// ForeignKeys are those of the column, or of the one it stands for.
func (c *Column) ForeignKeys() []*ForeignKey {
	if c.Schema != nil {
		return c.Schema.ForeignKeys
	}
	for _, p := range c.Proxies {
		p = Plain(p)
		if l, ok := p.(*Label); ok {
			p = Plain(l.X)
		}
		if c, ok := p.(*Column); ok {
			return c.ForeignKeys()
		}
	}
	return nil
}

// Base is the column that c finally stands for: a table's own.
func (c *Column) Base() *Column {
	for len(c.Proxies) > 0 {
		p := Plain(c.Proxies[0])
		if l, ok := p.(*Label); ok {
			p = Plain(l.X)
		}
		next, ok := p.(*Column)
		if !ok {
			break
		}
		c = next
	}
	return c
}

// lineage adds e and all that it stands for to set.
func lineage(e Expr, set map[Expr]bool) {
	e = Plain(e)
	if set[e] {
		return
	}
	set[e] = true
	switch e := e.(type) {
	case *Column:
		for _, p := range e.Proxies {
			lineage(p, set)
		}
	case *Label:
		lineage(e.X, set)
	}
}

// SharesLineage reports whether a and b stand for a common expression.
func SharesLineage(a, b Expr) bool {
	if a, b := Plain(a), Plain(b); a == b {
		return true
	}
	sa, sb := map[Expr]bool{}, map[Expr]bool{}
	lineage(a, sa)
	lineage(b, sb)
	for e := range sa {
		if sb[e] {
			return true
		}
	}
	return false
}
