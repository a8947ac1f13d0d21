package sqlite

import (
	"strings"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Binary writes the operators that SQLite spells in its own way.
func (*Dialect) Binary(c *compile.Compiler, x *core.Binary) bool {
	switch x.Op {
	case core.DivOp: // integers would divide to an integer
		c.Operand(x.Left, x.Op)
		c.Write(" / (")
		c.Operand(x.Right, x.Op)
		c.Write(" + 0.0)")
	case core.BitXorOp: // there is none: (a | b) - (a & b)
		c.Write("(")
		c.Grouped(x, core.BitOrOp.Symbol)
		c.Write(" - ")
		c.Grouped(x, core.BitAndOp.Symbol)
		c.Write(")")
	case core.IsDistinctOp:
		c.Infix(x, " IS NOT ")
	case core.IsNotDistinctOp:
		c.Infix(x, " IS ")
	case core.RegexpMatchOp:
		c.Infix(x, " REGEXP ")
	case core.NotRegexpMatchOp:
		c.Infix(x, " NOT REGEXP ")
	case core.JSONItemOp, core.JSONPathOp:
		document := x.Type != nil && x.Type.Affinity() == types.JSONAffinity
		if document {
			c.Write("JSON_QUOTE(")
		}
		c.Write("JSON_EXTRACT(")
		c.Operand(x.Left, x.Op)
		c.Write(", ")
		c.Operand(x.Right, x.Op)
		c.Write(")")
		if document {
			c.Write(")")
		}
	default:
		return false
	}
	return true
}

// Function renames what SQLite calls otherwise.
func (*Dialect) Function(c *compile.Compiler, f *core.Func) bool {
	switch strings.ToLower(f.Name) {
	case "now":
		c.Write("CURRENT_TIMESTAMP")
	case "localtimestamp":
		c.Write("DATETIME(CURRENT_TIMESTAMP, 'localtime')")
	case "char_length":
		c.Write("length")
		c.Arguments(f)
	case "aggregate_strings":
		c.Write("group_concat")
		c.Arguments(f)
	default:
		return false
	}
	return true
}

// The fields of EXTRACT as strftime formats.
var extractFormats = map[string]string{
	"month": "%m", "day": "%d", "year": "%Y", "second": "%S", "hour": "%H", "doy": "%j",
	"minute": "%M", "epoch": "%s", "dow": "%w", "week": "%W",
	// SQLAlchemy leaves these to SQLite, which gives NULL
	"quarter": "quarter", "milliseconds": "milliseconds", "microseconds": "microseconds",
	"timezone_hour": "timezone_hour", "timezone_minute": "timezone_minute",
}

// Extract is strftime.
func (*Dialect) Extract(c *compile.Compiler, x *core.Extract) bool {
	format, ok := extractFormats[x.Field]
	if !ok {
		exc.Raise(exc.CompileError, "%s is not a valid extract argument.", x.Field)
	}
	c.Write("CAST(STRFTIME('", format, "', ")
	c.Expr(x.X)
	c.Write(") AS INTEGER)")
	return true
}

// Limit always says OFFSET, and LIMIT -1 for none: SQLite has no OFFSET alone.
func (d *Dialect) Limit(c *compile.Compiler, l compile.Limits) {
	if l.Fetch != nil {
		d.Base.Limit(c, l)
		return
	}
	number := func(n int64) core.Expr {
		return &core.Bind{Key: "param", Unique: true, Value: n, Type: &types.Integer{}}
	}
	limit, offset := l.Limit, l.Offset
	if limit == nil {
		limit = number(-1)
	}
	if offset == nil {
		offset = number(0)
	}
	c.Write("\n LIMIT ")
	c.Expr(limit)
	c.Write(" OFFSET ")
	c.Expr(offset)
}

// Lock writes nothing: SQLite locks the whole database.
func (*Dialect) Lock(*compile.Compiler, *core.ForUpdate) {}

// EmptySet is a query without rows.
func (*Dialect) EmptySet(p *compile.Param) string {
	ones := strings.TrimSuffix(strings.Repeat("1, ", max(p.Tuple, 1)), ", ")
	return "SELECT " + ones + " FROM (SELECT " + ones + ") WHERE 1!=1"
}

// Upsert is ON CONFLICT.
func (*Dialect) Upsert(c *compile.Compiler, s *core.Insert) { c.OnConflict(s, true) }

// DeleteFrom is refused.
func (*Dialect) DeleteFrom(*compile.Compiler, *core.Delete, []core.From) {
	exc.Raise(exc.NotImplementedError, "This backend does not support multiple-table criteria within DELETE")
}
