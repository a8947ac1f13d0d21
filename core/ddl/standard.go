package ddl

import (
	"regexp"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Standard is standard DDL, for dialects to embed.
type Standard struct{}

// ColumnSpec is name TYPE [DEFAULT …] [GENERATED …] [NOT NULL].
func (Standard) ColumnSpec(c *Compiler, col *core.Column) string {
	s := col.Schema
	spec := c.Column(col) + " " + c.Type(col.ExprType())
	if text, ok := c.ServerDefault(col); ok {
		spec += " DEFAULT " + text
	}
	if s.Computed != nil {
		spec += " " + c.dialect.Computed(c, s.Computed)
	}
	identity := s.Identity != nil && c.dialect.Features().Identity
	if identity {
		spec += " " + c.Identity(s.Identity)
	}
	if !s.Nullable && !identity {
		spec += " NOT NULL"
	}
	return spec
}

// Constraint writes any constraint.
func (Standard) Constraint(c *Compiler, k core.Constraint) (string, bool) {
	switch k := k.(type) {
	case *core.PrimaryKeyConstraint:
		if len(k.Cols) == 0 {
			return "", false
		}
		return c.preamble(k) + "PRIMARY KEY (" + c.Columns(autoincrementFirst(k)) + ")" + c.deferrability(k), true
	case *core.UniqueConstraint:
		if len(k.Cols) == 0 {
			return "", false
		}
		return c.preamble(k) + "UNIQUE (" + c.Columns(k.Cols) + ")" + c.deferrability(k), true
	case *core.CheckConstraint:
		return c.preamble(k) + "CHECK (" + c.condition(k) + ")" + c.deferrability(k), true
	case *core.ForeignKeyConstraint:
		return c.foreignKey(k), true
	}
	exc.Raise(exc.UnsupportedCompilation, "Compiler for dialect %s can't render element of type ExcludeConstraint", c.dialect.Name())
	return "", false
}

// RemoteTable is the table with its schema.
func (Standard) RemoteTable(c *Compiler, _ *core.ForeignKeyConstraint, t *core.Table) string {
	return c.Table(t)
}

// Match is MATCH FULL and the like.
func (Standard) Match(_ *Compiler, k *core.ForeignKeyConstraint) string {
	if k.Match == "" {
		return ""
	}
	return " MATCH " + k.Match
}

// OnDelete is one of the actions.
func (Standard) OnDelete() *regexp.Regexp { return actionPhrase }

// NoCycle is two words.
func (Standard) NoCycle() string { return "NO CYCLE" }

// Computed is GENERATED ALWAYS AS (…), STORED or VIRTUAL if that was said.
func (Standard) Computed(c *Compiler, x *core.Computed) string {
	text := "GENERATED ALWAYS AS (" + c.Bare(x.X) + ")"
	switch {
	case x.Persisted == nil:
	case *x.Persisted:
		text += " STORED"
	default:
		text += " VIRTUAL"
	}
	return text
}

// TableSuffix is empty.
func (Standard) TableSuffix(*Compiler, *core.Table) string { return "" }

// CreateIndex is CREATE [UNIQUE] INDEX name ON table (…).
func (Standard) CreateIndex(c *Compiler, s *core.CreateIndex) string {
	x := s.Index
	items := make([]string, len(x.Exprs))
	for i, e := range x.Exprs {
		items[i] = c.Bare(e)
	}
	return "CREATE " + Unique(x) + "INDEX " + IfNotExists(s.IfNotExists) + c.IndexName(x, false) +
		" ON " + c.Table(c.IndexTable(x)) + " (" + strings.Join(items, ", ") + ")"
}

// DropIndex is DROP INDEX schema.name.
func (Standard) DropIndex(c *Compiler, s *core.DropIndex) string {
	return "\nDROP INDEX " + IfExists(s.IfExists) + c.IndexName(s.Index, true)
}

// DropConstraint is ALTER TABLE … DROP CONSTRAINT.
func (Standard) DropConstraint(c *Compiler, s *core.DropConstraint) string {
	name := c.ConstraintName(s.Constraint)
	if name == "" {
		exc.Raise(exc.CompileError, "Can't emit DROP CONSTRAINT for constraint %s; it has no name", className(s.Constraint))
	}
	text := "ALTER TABLE " + c.Table(tableOf(s.Constraint)) + " DROP CONSTRAINT " + IfExists(s.IfExists) + name
	if s.Cascade {
		text += " CASCADE"
	}
	return text
}

// TableComment is COMMENT ON TABLE.
func (Standard) TableComment(c *Compiler, t *core.Table, text *string) string {
	return "COMMENT ON TABLE " + c.Table(t) + " IS " + c.textOrNull(text)
}

// ColumnComment is COMMENT ON COLUMN.
func (Standard) ColumnComment(c *Compiler, col *core.Column, text *string) string {
	name := c.Column(col)
	if t, ok := col.Table.(*core.Table); ok {
		name = c.Table(t) + "." + name
	}
	return "COMMENT ON COLUMN " + name + " IS " + c.textOrNull(text)
}

// ConstraintComment is known to PostgreSQL only.
func (Standard) ConstraintComment(c *Compiler, k core.Constraint, _ *string) string {
	exc.Raise(exc.UnsupportedCompilation, "Compiler for dialect %s can't render element of type SetConstraintComment", c.dialect.Name())
	return ""
}

// SequenceType is left out.
func (Standard) SequenceType(*Compiler, *core.Sequence) string { return "" }

// CreateType is known to PostgreSQL only.
func (Standard) CreateType(c *Compiler, t types.Type) string {
	exc.Raise(exc.UnsupportedCompilation, "Compiler for dialect %s can't render element of type CreateEnumType", c.dialect.Name())
	return ""
}

// DropType is known to PostgreSQL only.
func (Standard) DropType(c *Compiler, t types.Type) string {
	exc.Raise(exc.UnsupportedCompilation, "Compiler for dialect %s can't render element of type DropEnumType", c.dialect.Name())
	return ""
}

func (c *Compiler) textOrNull(text *string) string {
	if text == nil {
		return "NULL"
	}
	return c.Text(*text)
}
