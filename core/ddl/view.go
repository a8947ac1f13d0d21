package ddl

import (
	"strings"

	"alchemysh/core"
)

func (c *Compiler) createView(s *core.CreateView) string {
	words := []string{"CREATE"}
	if s.OrReplace {
		words = append(words, "OR REPLACE")
	}
	if s.Temporary {
		words = append(words, "TEMPORARY")
	}
	if s.Materialized {
		words = append(words, "MATERIALIZED")
	}
	return c.asQuery(append(words, "VIEW"), s.IfNotExists, s.Table, s.Query)
}

func (c *Compiler) createTableAs(s *core.CreateTableAs) string {
	words := []string{"CREATE"}
	if s.Temporary {
		words = append(words, "TEMPORARY")
	}
	return c.asQuery(append(words, "TABLE"), s.IfNotExists, s.Table, s.Query)
}

// asQuery ends in AS and the query, whose values are literals: DDL takes no
// parameters.
func (c *Compiler) asQuery(words []string, ifNot bool, t *core.Table, q core.Query) string {
	if ifNot {
		words = append(words, "IF NOT EXISTS")
	}
	return strings.Join(append(words, c.Table(t), "AS", c.SQL(q)), " ")
}
