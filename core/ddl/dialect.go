package ddl

import (
	"regexp"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/types"
)

// Dialect is what one database says differently in DDL. A dialect embeds Standard
// and overrides a clause; the compiler calls it through this interface.
type Dialect interface {
	compile.Dialect
	Hooks
}

// Hooks are the clauses that a dialect may override.
type Hooks interface {
	// ColumnSpec is a column's line in CREATE TABLE, without its CHECKs.
	ColumnSpec(c *Compiler, col *core.Column) string
	// Constraint is a constraint's line; false leaves it out.
	Constraint(c *Compiler, k core.Constraint) (string, bool)
	// RemoteTable is the table after REFERENCES.
	RemoteTable(c *Compiler, k *core.ForeignKeyConstraint, t *core.Table) string
	// Match is the MATCH of a foreign key.
	Match(c *Compiler, k *core.ForeignKeyConstraint) string
	// OnDelete is what may stand after ON DELETE.
	OnDelete() *regexp.Regexp
	// NoCycle is how a sequence says that it ends.
	NoCycle() string
	// Computed is GENERATED ALWAYS AS (…).
	Computed(c *Compiler, x *core.Computed) string
	// TableSuffix follows the closing parenthesis of CREATE TABLE.
	TableSuffix(c *Compiler, t *core.Table) string
	CreateIndex(c *Compiler, s *core.CreateIndex) string
	DropIndex(c *Compiler, s *core.DropIndex) string
	DropConstraint(c *Compiler, s *core.DropConstraint) string
	// The comments: a nil text takes the comment away.
	TableComment(c *Compiler, t *core.Table, text *string) string
	ColumnComment(c *Compiler, col *core.Column, text *string) string
	ConstraintComment(c *Compiler, k core.Constraint, text *string) string
	// SequenceType stands between the name of a sequence and its options.
	SequenceType(c *Compiler, s *core.Sequence) string
	CreateType(c *Compiler, t types.Type) string
	DropType(c *Compiler, t types.Type) string
}

// plain is a dialect without hooks of its own: the default one.
type plain struct {
	compile.Dialect
	Standard
}

func of(d compile.Dialect) Dialect {
	if own, ok := d.(Dialect); ok {
		return own
	}
	return plain{Dialect: d}
}
