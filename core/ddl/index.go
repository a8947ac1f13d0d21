package ddl

import (
	"alchemysh/core"
	"alchemysh/core/exc"
)

// IndexTable is the table of an index, which it must have by now.
func (c *Compiler) IndexTable(x *core.Index) *core.Table {
	if x.Table == nil {
		exc.Raise(exc.CompileError, "Index '%s' is not associated with any table.", x.Name)
	}
	return x.Table
}

// IndexName is an index's quoted name, after its schema if that is wanted.
func (c *Compiler) IndexName(x *core.Index, withSchema bool) string {
	n, err := core.IndexName(x)
	if err != nil {
		panic(exc.Of(err))
	}
	if n.Name == "" {
		exc.Raise(exc.CompileError, "CREATE INDEX requires that the index have a name")
	}
	name := c.Given(n, c.dialect.Features().MaxIndexName)
	if withSchema && x.Table != nil {
		if schema := c.schemaOf(x.Table); schema != "" {
			name = c.Name(schema, x.Table.SchemaQuote) + "." + name
		}
	}
	return name
}

// Unique is the word before INDEX.
func Unique(x *core.Index) string {
	if x.Unique {
		return "UNIQUE "
	}
	return ""
}

// Condition writes the WHERE of a partial index: an expression, or text; "" for none.
func (c *Compiler) Condition(where any) string {
	switch x := where.(type) {
	case core.Expr:
		return c.Bare(x)
	case string:
		return x
	}
	return ""
}
