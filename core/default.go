package core

import "alchemysh/core/types"

// Default is the value that a column takes when a statement gives it none:
// exactly one of its kinds is set.
type Default struct {
	Value    any // a plain value
	HasValue bool
	// Func computes a value for each row.
	Func func(ctx DefaultContext) (any, error)
	SQL  Expr // an SQL expression
	// Sequence is a sequence to take from.
	Sequence *Sequence
	// Sentinel: the number of the row among those inserted, where RETURNING is to
	// be put in their order, and nothing elsewhere.
	Sentinel bool
	// Fetched: the database makes the value, nothing is said of how.
	Fetched bool
	// OnUpdate: it is for UPDATE.
	OnUpdate bool
	// Text is the DDL of a server default written as a string: a literal.
	Text    string
	HasText bool
	// Insert is the default of an insert_default in an ORM mapping.
	Reflected bool
	Column    *Column
	Arg       any // what the person gave, for show
}

// DefaultContext is what a default function may ask: the row it is for.
type DefaultContext interface {
	// CurrentParameters are the row's values by column key.
	CurrentParameters() map[string]any
	// Row is the number of the row among those of the execution, from 0.
	Row() int
}

// NewSentinelDefault is the default of insert_sentinel().
func NewSentinelDefault() *Default {
	return &Default{Sentinel: true, Func: func(ctx DefaultContext) (any, error) { return int64(ctx.Row()), nil }}
}

// Sequence is a sequence of the database.
type Sequence struct {
	Name        string
	Schema      string
	MetaData    *MetaData
	Start       *int64
	Increment   *int64
	MinValue    *int64
	MaxValue    *int64
	NoMinValue  bool
	NoMaxValue  bool
	Cycle       *bool
	Cache       *int64
	Order       *bool
	Type        types.Type
	Optional    bool
	Column      *Column
	DialectArgs map[string]any
	Quote       Quoting
}

// FullName is "schema.name", or the name.
func (s *Sequence) FullName() string {
	if s.Schema != "" {
		return s.Schema + "." + s.Name
	}
	return s.Name
}

func (s *Sequence) attach(t *Table) {}

// Identity is GENERATED … AS IDENTITY.
type Identity struct {
	Sequence
	Always bool
	OnNull bool
}

// Computed is GENERATED ALWAYS AS (…).
type Computed struct {
	Column    *Column
	X         Expr
	Persisted *bool // STORED or VIRTUAL; nil: the database's default
}

// NextValue takes the next value of a sequence.
type NextValue struct {
	identity
	Sequence *Sequence
	Options  Options
}

// ExprType is the sequence's type.
func (n *NextValue) ExprType() types.Type {
	if n.Sequence.Type != nil {
		return n.Sequence.Type
	}
	return integerType
}

// ExecutionOptions are those set on the statement.
func (n *NextValue) ExecutionOptions() Options { return n.Options }

func (n *NextValue) fields(v visitor) {
	v.self(n)
	v.text(n.Sequence.Schema, n.Sequence.Name)
}
