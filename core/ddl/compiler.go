package ddl

import (
	"strings"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Compiler writes one DDL statement.
type Compiler struct {
	dialect Dialect
	options compile.Options
	plain   core.Node // to be written without a rule
}

// Compile writes a DDL statement for a database.
func Compile(d compile.Dialect, s core.DDLStatement, o compile.Options) (sql string, err error) {
	defer exc.Catch(&err)
	c := &Compiler{dialect: of(d), options: o}
	return c.statement(s), nil
}

func (c *Compiler) statement(s core.DDLStatement) string {
	if text, ok := c.ruled(s); ok {
		return text
	}
	switch s := s.(type) {
	case *core.DDL:
		return c.byHand(s)
	case *core.CreateTable:
		return c.createTable(s)
	case *core.CreateColumn:
		return c.columnOf(s.Column)
	case *core.DropTable:
		return "\nDROP TABLE " + IfExists(s.IfExists) + c.Table(s.Table)
	case *core.CreateIndex:
		return c.dialect.CreateIndex(c, s)
	case *core.DropIndex:
		if n, err := core.IndexName(s.Index); err == nil && n.Name == "" {
			exc.Raise(exc.CompileError, "DROP INDEX requires that the index have a name")
		}
		return c.dialect.DropIndex(c, s)
	case *core.AddConstraint:
		text, _ := c.dialect.Constraint(c, s.Constraint)
		return "ALTER TABLE " + c.Table(tableOf(s.Constraint)) + " ADD " + text
	case *core.DropConstraint:
		return c.dialect.DropConstraint(c, s)
	case *core.CreateSequence:
		return c.createSequence(s)
	case *core.DropSequence:
		return "DROP SEQUENCE " + IfExists(s.IfExists) + c.qualified(s.Sequence.Schema, s.Sequence.Name, s.Sequence.Quote)
	case *core.CreateSchema:
		return "CREATE SCHEMA " + IfNotExists(s.IfNotExists) + c.Name(s.Name, core.QuoteAsNeeded)
	case *core.DropSchema:
		text := "DROP SCHEMA " + IfExists(s.IfExists) + c.Name(s.Name, core.QuoteAsNeeded)
		if s.Cascade {
			text += " CASCADE"
		}
		return text
	case *core.SetTableComment:
		return c.dialect.TableComment(c, s.Table, &s.Table.Comment)
	case *core.DropTableComment:
		return c.dialect.TableComment(c, s.Table, nil)
	case *core.SetColumnComment:
		return c.dialect.ColumnComment(c, s.Column, &s.Column.Schema.Comment)
	case *core.DropColumnComment:
		return c.dialect.ColumnComment(c, s.Column, nil)
	case *core.SetConstraintComment:
		return c.dialect.ConstraintComment(c, s.Constraint, &s.Constraint.Named().Comment)
	case *core.DropConstraintComment:
		return c.dialect.ConstraintComment(c, s.Constraint, nil)
	case *core.CreateView:
		return c.createView(s)
	case *core.DropView:
		kind := "VIEW "
		if s.Materialized {
			kind = "MATERIALIZED VIEW "
		}
		return "\nDROP " + kind + IfExists(s.IfExists) + c.Table(s.Table)
	case *core.CreateTableAs:
		return c.createTableAs(s)
	case *core.CreateType:
		return c.dialect.CreateType(c, s.Type)
	case *core.DropType:
		return c.dialect.DropType(c, s.Type)
	}
	exc.Raise(exc.UnsupportedCompilation, "Compiler can't render element of type %T", s)
	return ""
}

// byHand substitutes the names of the table that DDL() is for.
func (c *Compiler) byHand(s *core.DDL) string {
	text, err := core.Substitute(s.SQL, func(name string) (string, error) {
		if v, ok := s.Context[name]; ok {
			return types.Str(v), nil
		}
		if t, ok := s.Target.(*core.Table); ok {
			switch name {
			case "table":
				return c.Name(t.Name, t.Quote), nil
			case "schema":
				if schema := c.schemaOf(t); schema != "" {
					return c.Name(schema, t.SchemaQuote), nil
				}
				return "", nil
			case "fullname":
				return c.Table(t), nil
			}
		}
		return "", exc.New(exc.KeyError, "'%s'", name)
	})
	if err != nil {
		panic(exc.Of(err))
	}
	return text
}

// Name quotes an identifier where it must be.
func (c *Compiler) Name(name string, q core.Quoting) string {
	switch q {
	case core.QuoteAlways:
		return c.dialect.Quoting().Force(name)
	case core.QuoteNever:
		return name
	}
	return c.dialect.Quoting().Identifier(name)
}

// Column is a column's quoted name.
func (c *Compiler) Column(col *core.Column) string { return c.Name(string(col.Name), col.Quote) }

// Columns are quoted names, separated.
func (c *Compiler) Columns(cols []*core.Column) string {
	names := make([]string, len(cols))
	for i, col := range cols {
		names[i] = c.Column(col)
	}
	return strings.Join(names, ", ")
}

// Table is a table's quoted name after that of its schema.
func (c *Compiler) Table(t *core.Table) string {
	if schema := c.schemaOf(t); schema != "" {
		return c.Name(schema, t.SchemaQuote) + "." + c.Name(t.Name, t.Quote)
	}
	return c.Name(t.Name, t.Quote)
}

// BareTable is a table's quoted name alone.
func (c *Compiler) BareTable(t *core.Table) string { return c.Name(t.Name, t.Quote) }

func (c *Compiler) schemaOf(t *core.Table) string { return c.schema(t.Schema) }

func (c *Compiler) qualified(schema, name string, q core.Quoting) string {
	if schema = c.schema(schema); schema != "" {
		return c.Name(schema, core.QuoteAsNeeded) + "." + c.Name(name, q)
	}
	return c.Name(name, q)
}

// TypeName is the quoted name of a type that CREATE TYPE makes.
func (c *Compiler) TypeName(schema, name string) string {
	return c.qualified(schema, name, core.QuoteAsNeeded)
}

// Type spells a column's type.
func (c *Compiler) Type(t types.Type) string {
	s, err := c.dialect.TypeName(t)
	if err != nil {
		if e := exc.Of(err); e != nil {
			panic(e)
		}
		exc.Raise(exc.CompileError, "%s", err)
	}
	return s
}

// Text is a string literal.
func (c *Compiler) Text(s string) string {
	sql, err := compile.LiteralValue(c.dialect.Impl(&types.String{}), s)
	if err != nil {
		panic(exc.Of(err))
	}
	return sql
}

// Given spells the name of a constraint or index, shortened where a derived
// one is longer than limit.
func (c *Compiler) Given(n core.GivenName, limit int) string {
	if limit == 0 {
		limit = c.dialect.Features().MaxIdentifier
	}
	name := n.Name
	if limit > 0 && len(name) > limit {
		if !n.Derived {
			exc.Raise(exc.IdentifierError, "Identifier '%s' exceeds maximum length of %d characters", name, limit)
		}
		name = shorten(name, limit)
	}
	return c.Name(name, n.Quote)
}

// IfExists is IF EXISTS with a blank after it, or nothing.
func IfExists(yes bool) string {
	if yes {
		return "IF EXISTS "
	}
	return ""
}

// IfNotExists is IF NOT EXISTS with a blank after it, or nothing.
func IfNotExists(yes bool) string {
	if yes {
		return "IF NOT EXISTS "
	}
	return ""
}

// Option is a dialect's option of a table, index, column or constraint:
// Option(args, "postgresql", "using") for postgresql_using.
func Option(args map[string]any, dialect, name string) any { return args[dialect+"_"+name] }
