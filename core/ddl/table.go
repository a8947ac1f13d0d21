package ddl

import (
	"sort"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
)

func (c *Compiler) createTable(s *core.CreateTable) string {
	t := s.Table
	var b strings.Builder
	b.WriteString("\nCREATE ")
	if len(t.Prefixes) > 0 {
		b.WriteString(strings.Join(t.Prefixes, " ") + " ")
	}
	b.WriteString("TABLE " + IfNotExists(s.IfNotExists) + c.Table(t) + " (")
	separator := "\n"
	for _, col := range t.Columns().All() {
		if col.Schema == nil || col.Schema.System {
			continue
		}
		if line := c.column(t, col); line != "" {
			b.WriteString(separator + "\t" + line)
			separator = ", \n"
		}
	}
	if lines := c.constraints(s); len(lines) > 0 {
		b.WriteString(separator + "\t" + strings.Join(lines, ", \n\t"))
	}
	b.WriteString("\n)" + c.dialect.TableSuffix(c, t) + "\n\n")
	return b.String()
}

// column is a column's line; what goes wrong in it is told with its name.
func (c *Compiler) column(t *core.Table, col *core.Column) string {
	defer func() {
		if p := recover(); p != nil {
			if e, ok := p.(*exc.Error); ok && e.Class.Derives(exc.CompileError) {
				panic(exc.New(exc.CompileError, "(in table '%s', column '%s'): %s", t.Name, col.Name, e.Message))
			}
			panic(p)
		}
	}()
	return c.statement(&core.CreateColumn{Column: col})
}

// columnOf is a column's line alone: CreateColumn.
func (c *Compiler) columnOf(col *core.Column) string {
	if col.Schema == nil || col.Schema.System {
		return ""
	}
	spec := c.dialect.ColumnSpec(c, col)
	for _, k := range col.Schema.Constraints {
		if text, ok := c.dialect.Constraint(c, k); ok {
			spec += " " + text
		}
	}
	return spec
}

// constraints are the lines after the columns: the primary key, then the
// others in the order of their creation.
func (c *Compiler) constraints(s *core.CreateTable) []string {
	t := s.Table
	all := append([]core.Constraint(nil), t.Constraints...)
	sort.SliceStable(all, func(i, j int) bool {
		if pi, pj := all[i] == core.Constraint(t.PK), all[j] == core.Constraint(t.PK); pi || pj {
			return pi
		}
		return all[i].Named().Serial < all[j].Named().Serial
	})
	var lines []string
	for _, k := range all {
		if !c.belongs(s, k) {
			continue
		}
		if text, ok := c.dialect.Constraint(c, k); ok && text != "" {
			lines = append(lines, text)
		}
	}
	return lines
}

// belongs reports whether CREATE TABLE itself is to write the constraint.
func (c *Compiler) belongs(s *core.CreateTable, k core.Constraint) bool {
	if rule := k.Named().CreateRule; rule != nil && !rule(c.dialect.Name()) {
		return false
	}
	switch k := k.(type) {
	case *core.CheckConstraint:
		if k.OfColumn != nil { // written beside its column
			return false
		}
		if k.OfType {
			return c.checksType(k.TypeColumn)
		}
	case *core.ForeignKeyConstraint:
		if k.UseAlter && c.dialect.Features().AlterConstraints {
			return false
		}
		if s.Selected {
			for _, chosen := range s.ForeignKeys {
				if chosen == k {
					return true
				}
			}
			return false
		}
	}
	return true
}
