package schemalib

import (
	"strings"

	"alchemysh/core"
)

// ordered reports whether a column of the index has an order of its own: it
// stands after the table then, whose columns it needs.
func ordered(x *core.Index) bool {
	for _, e := range x.Exprs {
		if _, ok := e.(*core.Unary); ok {
			return true
		}
	}
	return false
}

// orderedIndexes writes them; columns is the table's collection.
func (g *generator) orderedIndexes(t *core.Table, columns string) {
	for _, x := range t.Indexes {
		if ordered(x) {
			g.line(0, "%s", index(x, columns))
		}
	}
}

// index is Index(…); columns is "" within the table, where names will do.
func index(x *core.Index, columns string) string {
	args := []string{luaString(x.Name)}
	for _, e := range x.Exprs {
		args = append(args, indexItem(e, columns))
	}
	var kw []string
	if x.Unique {
		kw = append(kw, "unique = true")
	}
	kw = append(kw, dialectOptions(x.DialectArgs)...)
	return "Index(" + strings.Join(args, ", ") + options(kw) + ")"
}

// orders are the methods that give an index item its order.
var orders = map[*core.Operator]string{core.DescOp: ":desc()", core.AscOp: ":asc()", core.NullsFirstOp: ":nulls_first()", core.NullsLastOp: ":nulls_last()"}

func indexItem(e core.Expr, columns string) string {
	if u, ok := e.(*core.Unary); ok && orders[u.Op] != "" {
		return indexItem(u.X, columns) + orders[u.Op]
	}
	if c, ok := e.(*core.Column); ok && columns != "" {
		return columns + "[" + luaString(string(c.Name)) + "]"
	}
	return expression(e)
}
