package ddl

import (
	"regexp"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// ConstraintName is a constraint's name, quoted; "" if it has none.
func (c *Compiler) ConstraintName(k core.Constraint) string {
	n, err := core.NameOf(k)
	if err != nil {
		panic(exc.Of(err))
	}
	if n.Name == "" {
		return ""
	}
	return c.Given(n, c.dialect.Features().MaxConstraintName)
}

func (c *Compiler) preamble(k core.Constraint) string {
	if name := c.ConstraintName(k); name != "" {
		return "CONSTRAINT " + name + " "
	}
	return ""
}

// Preamble is CONSTRAINT name, with a blank after it, or nothing.
func (c *Compiler) Preamble(k core.Constraint) string { return c.preamble(k) }

// autoincrementFirst are the columns of a primary key: of one that was not
// written out, the column that numbers itself first, as MySQL wants.
func autoincrementFirst(k *core.PrimaryKeyConstraint) []*core.Column {
	if !k.Implicit || k.Table == nil {
		return k.Cols
	}
	auto := k.Table.AutoincrementColumn()
	if auto == nil || len(k.Cols) < 2 {
		return k.Cols
	}
	cols := []*core.Column{auto}
	for _, col := range k.Cols {
		if col != auto {
			cols = append(cols, col)
		}
	}
	return cols
}

// condition is the inside of a CHECK.
func (c *Compiler) condition(k *core.CheckConstraint) string {
	if !k.OfType {
		return c.Bare(k.X)
	}
	name := c.Column(k.TypeColumn)
	t, ok := c.carrier(k.TypeColumn.ExprType()).(*types.Enum)
	if !ok {
		return name + " IN (0, 1)"
	}
	values := make([]string, len(t.Enums))
	for i, e := range t.Enums {
		values[i] = c.Text(e)
	}
	return name + " IN (" + strings.Join(values, ", ") + ")"
}

func (c *Compiler) foreignKey(k *core.ForeignKeyConstraint) string {
	own, remote := make([]string, len(k.Elements)), make([]string, len(k.Elements))
	var table *core.Table
	for i, e := range k.Elements {
		to, err := e.Resolve()
		if err != nil {
			panic(exc.Of(err))
		}
		own[i], remote[i] = c.Column(e.Parent), c.Column(to)
		table, _ = to.Table.(*core.Table)
	}
	return c.preamble(k) + "FOREIGN KEY(" + strings.Join(own, ", ") + ") REFERENCES " +
		c.dialect.RemoteTable(c, k, table) + " (" + strings.Join(remote, ", ") + ")" +
		c.dialect.Match(c, k) +
		action(" ON DELETE ", k.OnDelete, c.dialect.OnDelete()) + action(" ON UPDATE ", k.OnUpdate, actionPhrase) +
		c.deferrability(k)
}

var (
	actionPhrase    = regexp.MustCompile(`(?i)^(?:RESTRICT|CASCADE|SET NULL|NO ACTION|SET DEFAULT)$`)
	initiallyPhrase = regexp.MustCompile(`(?i)^(?:DEFERRED|IMMEDIATE)$`)
)

// Phrase refuses text that is none of the words expected in its place: it
// comes from the person and goes into the SQL as it is.
func Phrase(text string, expected *regexp.Regexp) string {
	if !expected.MatchString(text) {
		exc.Raise(exc.CompileError, "Unexpected SQL phrase: %s (matching against %s)", types.Repr(text), types.Repr(strings.TrimPrefix(expected.String(), "(?i)")))
	}
	return text
}

func action(when, what string, expected *regexp.Regexp) string {
	if what == "" {
		return ""
	}
	return when + Phrase(what, expected)
}

func (c *Compiler) deferrability(k core.Constraint) string {
	o, text := k.Named(), ""
	switch {
	case o.Deferrable == nil:
	case *o.Deferrable:
		text = " DEFERRABLE"
	default:
		text = " NOT DEFERRABLE"
	}
	if o.Initially != "" {
		text += " INITIALLY " + Phrase(o.Initially, initiallyPhrase)
	}
	return text
}

// Deferrability is DEFERRABLE INITIALLY DEFERRED and the like.
func (c *Compiler) Deferrability(k core.Constraint) string { return c.deferrability(k) }

// tableOf is the table that a constraint is of.
func tableOf(k core.Constraint) *core.Table {
	var t *core.Table
	switch k := k.(type) {
	case *core.PrimaryKeyConstraint:
		t = k.Table
	case *core.UniqueConstraint:
		t = k.Table
	case *core.ForeignKeyConstraint:
		t = k.Table
	case *core.CheckConstraint:
		t = k.Table
	case *core.ExcludeConstraint:
		t = k.Table
	}
	if t == nil {
		exc.Raise(exc.InvalidRequestError, "This constraint is not bound to a table.  Did you mean to call table.append_constraint(constraint) ?")
	}
	return t
}

// TableOf is the table that a constraint is of.
func TableOf(k core.Constraint) *core.Table { return tableOf(k) }

func className(k core.Constraint) string {
	switch k.(type) {
	case *core.PrimaryKeyConstraint:
		return "PrimaryKeyConstraint()"
	case *core.UniqueConstraint:
		return "UniqueConstraint()"
	case *core.ForeignKeyConstraint:
		return "ForeignKeyConstraint()"
	case *core.CheckConstraint:
		return "CheckConstraint()"
	}
	return "ExcludeConstraint()"
}
