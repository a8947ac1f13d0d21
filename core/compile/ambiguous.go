package compile

import (
	"slices"

	"alchemysh/core"
)

// schemaNames are the names of the tables in FROM that have a schema. A table of
// the same name without one gets an alias beside them: FROM some_table AS
// some_table_1, other.some_table. Of some_table.id a database would not know
// which is meant.
func schemaNames(froms []core.From) []string {
	var names []string
	for _, f := range froms {
		if t, ok := core.PlainFrom(f).(*core.Table); ok && t.Schema != "" {
			names = append(names, t.Name)
		}
	}
	return names
}

// tableAlias is the alias that a table has for its name being another's too, by
// the innermost query that it stands in; "" is none. A table of an enclosing query
// has the alias where a namesake stands within: the database refuses that, as it
// does of SQLAlchemy's, where the plain name would silently be the namesake's.
func (c *Compiler) tableAlias(t *core.Table) string {
	for i := len(c.stack) - 1; i >= 0; i-- {
		f := c.stack[i]
		if slices.Contains(f.schemaNames, t.Name) && c.schemaOf(t) == "" {
			return c.quoteAs(c.ident("alias", core.Numbered(t.Name)), core.QuoteAsNeeded)
		}
		if slices.ContainsFunc(f.asfrom, func(x core.From) bool { return core.PlainFrom(x) == core.From(t) }) {
			break
		}
	}
	return ""
}
