package core

import "alchemysh/core/types"

// DDLStatement is a statement that changes the schema: CREATE, ALTER, DROP,
// COMMENT. Core says what is to be made; alchemysh/core/ddl writes it.
type DDLStatement interface {
	Statement
	// Against is the schema object that it is about, nil for none.
	Against() any
	// When is the condition that execute_if() set, nil for none.
	When() *DDLCondition
	ddlNode()
}

// DDLCondition says when an event is to execute a statement: execute_if().
type DDLCondition struct {
	Dialects []string
	// Callable decides further; event is what the listener was given.
	Callable func(s DDLStatement, target any, event DDLEvent) (bool, error)
	State    any
}

// DDLEvent is what listeners of before_create, after_create, before_drop and
// after_drop are told.
type DDLEvent struct {
	Name       string
	Target     any // the *Table or *MetaData
	Connection any // whatever executes the DDL
	Dialect    string
	Tables     []*Table // of a MetaData's event: what is made or dropped
	Checkfirst bool
}

// DDLListener is a function that waits for such an event. Beside it, a
// DDLStatement can be listener itself.
type DDLListener func(DDLEvent) error

// DDLBase is what all DDL statements share.
type DDLBase struct {
	Options   Options
	Condition *DDLCondition
}

// ExecutionOptions are those set on the statement.
func (b *DDLBase) ExecutionOptions() Options { return b.Options }

// When is the condition of execute_if(), nil for none.
func (b *DDLBase) When() *DDLCondition { return b.Condition }

func (*DDLBase) fields(visitor) {}
func (*DDLBase) statementNode() {}
func (*DDLBase) ddlNode()       {}

// DDL is a statement by hand. In it %(table)s, %(schema)s and %(fullname)s
// stand for the table that it is executed for, %(x)s for x of the context, %%
// for a percent sign.
type DDL struct {
	DDLBase
	SQL     string
	Context map[string]any
	Target  any
}

// CreateTable is CREATE TABLE.
type CreateTable struct {
	DDLBase
	Table       *Table
	IfNotExists bool
	// ForeignKeys are those to write with the table, if Selected: the others
	// follow as ALTER.
	ForeignKeys []*ForeignKeyConstraint
	Selected    bool
}

// CreateColumn is a column as CREATE TABLE has it.
type CreateColumn struct {
	DDLBase
	Column *Column
}

// DropTable is DROP TABLE.
type DropTable struct {
	DDLBase
	Table    *Table
	IfExists bool
}

// CreateIndex is CREATE INDEX.
type CreateIndex struct {
	DDLBase
	Index       *Index
	IfNotExists bool
}

// DropIndex is DROP INDEX.
type DropIndex struct {
	DDLBase
	Index    *Index
	IfExists bool
}

// AddConstraint is ALTER TABLE … ADD.
type AddConstraint struct {
	DDLBase
	Constraint Constraint
}

// DropConstraint is ALTER TABLE … DROP CONSTRAINT.
type DropConstraint struct {
	DDLBase
	Constraint Constraint
	Cascade    bool
	IfExists   bool
}

// CreateSequence is CREATE SEQUENCE.
type CreateSequence struct {
	DDLBase
	Sequence    *Sequence
	IfNotExists bool
}

// DropSequence is DROP SEQUENCE.
type DropSequence struct {
	DDLBase
	Sequence *Sequence
	IfExists bool
}

// CreateSchema is CREATE SCHEMA.
type CreateSchema struct {
	DDLBase
	Name        string
	IfNotExists bool
}

// DropSchema is DROP SCHEMA.
type DropSchema struct {
	DDLBase
	Name     string
	Cascade  bool
	IfExists bool
}

// SetTableComment is COMMENT ON TABLE.
type SetTableComment struct {
	DDLBase
	Table *Table
}

// DropTableComment takes a table's comment away.
type DropTableComment struct {
	DDLBase
	Table *Table
}

// SetColumnComment is COMMENT ON COLUMN.
type SetColumnComment struct {
	DDLBase
	Column *Column
}

// DropColumnComment takes a column's comment away.
type DropColumnComment struct {
	DDLBase
	Column *Column
}

// SetConstraintComment is COMMENT ON CONSTRAINT.
type SetConstraintComment struct {
	DDLBase
	Constraint Constraint
}

// DropConstraintComment takes a constraint's comment away.
type DropConstraintComment struct {
	DDLBase
	Constraint Constraint
}

// CreateView is CREATE VIEW, or CREATE MATERIALIZED VIEW. Table stands for the
// view in queries.
type CreateView struct {
	DDLBase
	Table        *Table
	Query        Query
	Temporary    bool
	Materialized bool
	OrReplace    bool
	IfNotExists  bool
}

// DropView is DROP VIEW.
type DropView struct {
	DDLBase
	Table        *Table
	Materialized bool
	IfExists     bool
}

// CreateTableAs is CREATE TABLE … AS SELECT. Table stands for the new table.
type CreateTableAs struct {
	DDLBase
	Table       *Table
	Query       Query
	Temporary   bool
	IfNotExists bool
}

// CreateType is PostgreSQL's CREATE TYPE … AS ENUM, or CREATE DOMAIN.
type CreateType struct {
	DDLBase
	Type types.Type
}

// DropType is DROP TYPE, or DROP DOMAIN.
type DropType struct {
	DDLBase
	Type types.Type
}

// Against is the table, or what else the statement was given.
func (s *DDL) Against() any { return s.Target }

// Against is the table.
func (s *CreateTable) Against() any { return s.Table }

// Against is the column.
func (s *CreateColumn) Against() any { return s.Column }

// Against is the table.
func (s *DropTable) Against() any { return s.Table }

// Against is the index.
func (s *CreateIndex) Against() any { return s.Index }

// Against is the index.
func (s *DropIndex) Against() any { return s.Index }

// Against is the constraint.
func (s *AddConstraint) Against() any { return s.Constraint }

// Against is the constraint.
func (s *DropConstraint) Against() any { return s.Constraint }

// Against is the sequence.
func (s *CreateSequence) Against() any { return s.Sequence }

// Against is the sequence.
func (s *DropSequence) Against() any { return s.Sequence }

// Against is the schema's name.
func (s *CreateSchema) Against() any { return s.Name }

// Against is the schema's name.
func (s *DropSchema) Against() any { return s.Name }

// Against is the table.
func (s *SetTableComment) Against() any { return s.Table }

// Against is the table.
func (s *DropTableComment) Against() any { return s.Table }

// Against is the column.
func (s *SetColumnComment) Against() any { return s.Column }

// Against is the column.
func (s *DropColumnComment) Against() any { return s.Column }

// Against is the constraint.
func (s *SetConstraintComment) Against() any { return s.Constraint }

// Against is the constraint.
func (s *DropConstraintComment) Against() any { return s.Constraint }

// Against is the view.
func (s *CreateView) Against() any { return s.Table }

// Against is the view.
func (s *DropView) Against() any { return s.Table }

// Against is the table.
func (s *CreateTableAs) Against() any { return s.Table }

// Against is the type.
func (s *CreateType) Against() any { return s.Type }

// Against is the type.
func (s *DropType) Against() any { return s.Type }

// NewAddConstraint is AddConstraint(k): k is from now on left out of its
// table's CREATE TABLE.
func NewAddConstraint(k Constraint) *AddConstraint {
	k.Named().CreateRule = func(string) bool { return false }
	return &AddConstraint{Constraint: k}
}

// NewDropConstraint is DropConstraint(k): k is from now on left out of its
// table's CREATE TABLE.
func NewDropConstraint(k Constraint, cascade, ifExists bool) *DropConstraint {
	k.Named().CreateRule = func(string) bool { return false }
	return &DropConstraint{Constraint: k, Cascade: cascade, IfExists: ifExists}
}
