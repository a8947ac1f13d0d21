package sqlite

import (
	"regexp"
	"strings"

	"alchemysh/core"
	"alchemysh/core/ddl"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// SQLite takes any expression as a default, but in parentheses.
var (
	enclosed  = regexp.MustCompile(`^\s*['"(]`)
	composite = regexp.MustCompile(`\W`)
)

// ColumnSpec knows that AUTOINCREMENT stands only beside an inline PRIMARY KEY.
func (d *Dialect) ColumnSpec(c *ddl.Compiler, col *core.Column) string {
	s := col.Schema
	spec := c.Column(col) + " " + c.Type(col.ExprType())
	if text, ok := c.ServerDefault(col); ok {
		if !enclosed.MatchString(text) && composite.MatchString(text) {
			text = "(" + text + ")"
		}
		spec += " DEFAULT " + text
	}
	if !s.Nullable {
		spec += " NOT NULL" + onConflict(s.DialectArgs, "on_conflict_not_null")
	}
	if s.PrimaryKey {
		t, _ := col.Table.(*core.Table)
		if s.Autoincrement == core.AutoincrementOn && t != nil && len(t.PK.Cols) != 1 {
			exc.Raise(exc.CompileError, "SQLite does not support autoincrement for composite primary keys")
		}
		if inlineKey(col) {
			spec += " PRIMARY KEY" + onConflict(s.DialectArgs, "on_conflict_primary_key") + " AUTOINCREMENT"
		}
	}
	if s.Computed != nil {
		spec += " " + d.Computed(c, s.Computed)
	}
	return spec
}

// inlineKey reports whether the column says PRIMARY KEY AUTOINCREMENT itself.
func inlineKey(col *core.Column) bool {
	t, ok := col.Table.(*core.Table)
	if !ok || col.Schema == nil || len(t.PK.Cols) != 1 || !col.Schema.PrimaryKey || len(col.Schema.ForeignKeys) > 0 {
		return false
	}
	auto, _ := ddl.Option(t.DialectArgs, "sqlite", "autoincrement").(bool)
	return auto && col.ExprType().Affinity() == types.IntegerAffinity
}

func onConflict(args map[string]any, option string) string {
	if what, ok := ddl.Option(args, "sqlite", option).(string); ok {
		return " ON CONFLICT " + what
	}
	return ""
}

// Constraint adds ON CONFLICT, and leaves out what SQLite cannot say: a key
// that a column has already said, and references into another database.
func (d *Dialect) Constraint(c *ddl.Compiler, k core.Constraint) (string, bool) {
	conflict := onConflict(k.Named().DialectArgs, "on_conflict")
	switch k := k.(type) {
	case *core.PrimaryKeyConstraint:
		if len(k.Cols) == 1 {
			if inlineKey(k.Cols[0]) {
				return "", false
			}
			if conflict == "" {
				conflict = onConflict(k.Cols[0].Schema.DialectArgs, "on_conflict_primary_key")
			}
		}
	case *core.UniqueConstraint:
		if conflict == "" && len(k.Cols) == 1 && k.Cols[0].Schema != nil {
			conflict = onConflict(k.Cols[0].Schema.DialectArgs, "on_conflict_unique")
		}
	case *core.CheckConstraint:
		if conflict != "" && k.OfColumn != nil {
			exc.Raise(exc.CompileError, "SQLite does not support on conflict clause for column check constraint")
		}
	case *core.ForeignKeyConstraint:
		to, err := k.Elements[0].Resolve()
		if err != nil {
			panic(exc.Of(err))
		}
		if t, ok := to.Table.(*core.Table); ok && t.Schema != k.Table.Schema {
			return "", false
		}
	}
	text, ok := d.Standard.Constraint(c, k)
	if ok && text != "" {
		text += conflict
	}
	return text, ok
}

// RemoteTable is without its schema: it is in the same database always.
func (*Dialect) RemoteTable(c *ddl.Compiler, _ *core.ForeignKeyConstraint, t *core.Table) string {
	return c.BareTable(t)
}

// TableSuffix is WITHOUT ROWID and STRICT.
func (*Dialect) TableSuffix(_ *ddl.Compiler, t *core.Table) string {
	var options []string
	if rowid, ok := ddl.Option(t.DialectArgs, "sqlite", "with_rowid").(bool); ok && !rowid {
		options = append(options, "\n WITHOUT ROWID")
	}
	if strict, _ := ddl.Option(t.DialectArgs, "sqlite", "strict").(bool); strict {
		options = append(options, "\n STRICT")
	}
	return strings.Join(options, ",")
}

// CreateIndex puts the schema before the index, not before the table.
func (*Dialect) CreateIndex(c *ddl.Compiler, s *core.CreateIndex) string {
	x := s.Index
	t := c.IndexTable(x)
	items := make([]string, len(x.Exprs))
	for i, e := range x.Exprs {
		items[i] = c.Bare(e)
	}
	text := "CREATE " + ddl.Unique(x) + "INDEX " + ddl.IfNotExists(s.IfNotExists) + c.IndexName(x, true) +
		" ON " + c.BareTable(t) + " (" + strings.Join(items, ", ") + ")"
	if where := c.Condition(ddl.Option(x.DialectArgs, "sqlite", "where")); where != "" {
		text += " WHERE " + where
	}
	return text
}
