package compile

import (
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Base is the SQL that most databases agree on. A dialect embeds it and
// overrides what it says differently.
type Base struct{}

// Name is "default".
func (Base) Name() string { return "default" }

// TypeName is the standard name of a type.
func (Base) TypeName(t types.Type) (string, error) { return types.DDL(t) }

// Impl are the standard conversions.
func (Base) Impl(t types.Type) types.Impl { return types.Default(t) }

// Binary leaves the operator to the compiler.
func (Base) Binary(*Compiler, *core.Binary) bool { return false }

// Unary leaves the operator to the compiler.
func (Base) Unary(*Compiler, *core.Unary) bool { return false }

// Function leaves the call to the compiler.
func (Base) Function(*Compiler, *core.Func) bool { return false }

// Cast leaves CAST to the compiler.
func (Base) Cast(*Compiler, *core.Cast) bool { return false }

// Extract leaves EXTRACT to the compiler.
func (Base) Extract(*Compiler, *core.Extract) bool { return false }

// From leaves FROM objects to the compiler.
func (Base) From(*Compiler, core.From) bool { return false }

// Other knows no further expressions.
func (Base) Other(*Compiler, core.Expr) bool { return false }

// Distinct writes DISTINCT; ON is for those that have it.
func (Base) Distinct(c *Compiler, s *core.Select) {
	if s.IsDistinct {
		c.Write("DISTINCT ")
	}
}

// Limit writes LIMIT and OFFSET, or FETCH.
func (Base) Limit(c *Compiler, l Limits) {
	if l.Fetch != nil {
		c.Fetch(l)
		return
	}
	if l.Limit != nil {
		c.Write("\n LIMIT ")
		c.Expr(l.Limit)
	}
	if l.Offset != nil {
		if l.Limit == nil {
			c.Write("\n LIMIT -1")
		}
		c.Write(" OFFSET ")
		c.Expr(l.Offset)
	}
}

// Fetch writes OFFSET … ROWS and FETCH FIRST … ROWS.
func (c *Compiler) Fetch(l Limits) {
	if l.Offset != nil {
		c.Write("\n OFFSET ")
		c.Expr(l.Offset)
		c.Write(" ROWS")
	}
	if l.Fetch != nil && l.Fetch.Count != nil {
		c.Write("\n FETCH FIRST ")
		c.Expr(l.Fetch.Count)
		if l.Fetch.Percent {
			c.Write(" PERCENT")
		}
		if l.Fetch.WithTies {
			c.Write(" ROWS WITH TIES")
		} else {
			c.Write(" ROWS ONLY")
		}
	}
}

// Lock writes FOR UPDATE.
func (Base) Lock(c *Compiler, _ *core.ForUpdate) { c.Write(" FOR UPDATE") }

// EmptySet is what stands in IN () without elements: a set that nothing is in.
func (Base) EmptySet(p *Param) string {
	null := "NULL"
	if p.Tuple > 0 {
		null = "(" + strings.TrimSuffix(strings.Repeat("NULL, ", p.Tuple), ", ") + ")"
	}
	switch p.Bind.ExpandOp {
	case core.InOp:
		return null + ") AND (1 != 1"
	case core.NotInOp:
		return null + ") OR (1 = 1"
	}
	return null
}

// Upsert fails: the standard has none.
func (Base) Upsert(c *Compiler, s *core.Insert) {
	exc.Raise(exc.UnsupportedCompilation, "Compiler can't render element of type OnConflict on dialect '%s'", c.d.Name())
}

// UpdateFrom writes FROM with the further tables of an UPDATE.
func (Base) UpdateFrom(c *Compiler, s *core.Update, extra []core.From) {
	c.Write(" FROM ")
	c.Froms(extra)
}

// DeleteFrom writes the further tables of a DELETE.
func (Base) DeleteFrom(c *Compiler, s *core.Delete, extra []core.From) {
	c.Write(" , ")
	c.Froms(extra)
}

// Froms writes FROM objects with commas between them.
func (c *Compiler) Froms(list []core.From) {
	for i, f := range list {
		if i > 0 {
			c.Write(", ")
		}
		c.from(f)
	}
}

// Collation writes the name bare or quoted.
func (Base) Collation(c *Compiler, name string) { c.Write(c.Quote(name)) }

// FromHint has no place in the standard.
func (Base) FromHint(name, hint string) string { return name }

// DefaultFrom is nothing.
func (Base) DefaultFrom(*core.Select) string { return "" }

// JoinKeyword is JOIN, LEFT OUTER JOIN or FULL OUTER JOIN.
func (Base) JoinKeyword(j *core.Join) string {
	switch {
	case j.Full:
		return " FULL OUTER JOIN "
	case j.Outer:
		return " LEFT OUTER JOIN "
	}
	return " JOIN "
}

// stringDialect is what a statement is printed in without a database: it
// prints everything, executable or not.
type stringDialect struct{ Base }

var (
	stringFeatures = Features{
		Style: Named, Wire: QMark, NativeBoolean: true, MaxIdentifier: 9999, DivIsFloorDiv: true,
		InsertReturning: true, UpdateReturning: true, DeleteReturning: true, MultiValuesInsert: true,
		DefaultToken: "DEFAULT", EmptyInsert: true, Sequences: true, OrderByLabel: true, TupleIn: true, RowcountSane: true,
		MultiRowcountSane: true, NestedCompoundParens: true, StringDialect: true, Comments: true, InlineComments: true,
		AlterConstraints: true, Schemas: true, IsDistinctFrom: true, NativeEnum: false, Identity: true,
	}
	stringQuoting = Quoting{Open: `"`, Close: `"`, Reserved: Reserved}
)

func (stringDialect) Features() *Features { return &stringFeatures }
func (stringDialect) Quoting() *Quoting   { return &stringQuoting }

// Default is the dialect in which statements print without a database.
func Default() Dialect { return stringDialect{} }

// Reserved are the reserved words of the standard, as SQLAlchemy lists them.
var Reserved = WordSet(`all analyse analyze and any array as asc asymmetric authorization between binary both case cast check
collate column constraint create cross current_date current_role current_time current_timestamp current_user default deferrable
desc distinct do else end except false for foreign freeze from full grant group having ilike in initially inner intersect into
is isnull join leading left like limit localtime localtimestamp natural new not notnull null off offset old on only or order
outer overlaps placing primary references right select session_user set similar some symmetric table then to trailing true union
unique user using verbose when where`)

// WordSet makes a set of the words in s.
func WordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}
