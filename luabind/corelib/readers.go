package corelib

import (
	"fmt"
	"strings"
	"unicode"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// Clauser is a value of a layer above that stands for a piece of a statement:
// a mapped class for its table, a mapped attribute for its column.
type Clauser interface{ Clause() core.Node }

// resolve looks through Clausers.
func resolve(v any) any {
	for {
		c, ok := v.(Clauser)
		if !ok {
			break
		}
		v = c.Clause()
	}
	if Above.Resolve != nil {
		return Above.Resolve(v)
	}
	return v
}

// Value is what a Lua value means beside an expression: an expression, a
// query, or a plain value to bind. A list's items are read the same way.
func Value(c *bind.Call, v lua.LValue) any {
	switch v := v.(type) {
	case *lua.LUserData:
		return resolve(c.ToGo(v))
	case *lua.LTable:
		if _, ok := bind.IsList(v); ok {
			items := c.ListOf(v)
			list := make([]any, len(items))
			for i, item := range items {
				list[i] = Value(c, item)
			}
			return list
		}
	}
	return c.ToGo(v)
}

// Operand is Value for one side of an operator: FROM objects are no operands.
func Operand(c *bind.Call, v lua.LValue) any {
	x := Value(c, v)
	switch x := x.(type) {
	case core.Expr, core.Query:
		return x
	case *core.Alias:
		if s, ok := aliasAsValue(x); ok {
			return s
		}
		bind.Fail(exc.ArgumentError, "SQL expression element or literal value expected, got %s.", Describe(c, x))
	case core.Node, *types.Class:
		bind.Fail(exc.ArgumentError, "SQL expression element or literal value expected, got %s.", Describe(c, x))
	}
	return x
}

// aliasAsValue coerces a subquery into a scalar one, as SQLAlchemy does.
func aliasAsValue(a *core.Alias) (core.Expr, bool) {
	if q, ok := a.Of.(core.Query); ok && a.Kind == core.SubqueryAlias {
		return scalarSelect(q), true
	}
	return nil, false
}

// Describe names a value as SQLAlchemy's messages do.
func Describe(c *bind.Call, v any) string {
	switch v := v.(type) {
	case *core.Table:
		return fmt.Sprintf("Table('%s')", v.Name)
	case *core.Alias, *core.Join, *core.CTE:
		return fmt.Sprintf("<%s %s>", c.ClassFor(v).Name, core.Describe(v.(core.From)))
	case *types.Class:
		return "<class '" + v.QualifiedName() + "'>"
	}
	return c.ReprGo(v)
}

// Role is a place in a statement, in the words of SQLAlchemy's messages.
type Role string

// The roles.
const (
	WhereRole     Role = "SQL expression for WHERE/HAVING role"
	OnRole        Role = "ON clause, typically a SQL expression or ORM relationship attribute"
	ColumnRole    Role = "Column expression, FROM clause, or other columns clause element"
	FromRole      Role = "FROM expression, such as a Table or alias() object"
	OrderRole     Role = "ORDER BY expression"
	GroupRole     Role = "GROUP BY expression"
	ElementRole   Role = "SQL expression element"
	StatementRole Role = "Executable SQL or text() construct"
	LimitRole     Role = "LIMIT / OFFSET expression"
	JoinRole      Role = "Join target, typically a FROM expression, or ORM relationship attribute"
	QueryRole     Role = "SELECT construct or equivalent text() construct"
	DMLTableRole  Role = "subject table for an INSERT, UPDATE or DELETE"
)

func refuse(c *bind.Call, role Role, v any) {
	if s, ok := v.(string); ok {
		switch role {
		case WhereRole, OnRole, ElementRole, FromRole, JoinRole:
			bind.Fail(exc.ArgumentError, "Textual SQL expression %s should be explicitly declared as text(%s)", types.Quote(s), types.Quote(s))
		case ColumnRole:
			q, column := types.Quote(s), "column"
			if strings.IndexFunc(s, unicode.IsSpace) > 0 {
				column = "literal_column"
			}
			bind.Fail(exc.ArgumentError, "Textual column expression %s should be explicitly declared with text(%s), or use %s(%s) for more specificity", q, q, column, q)
		}
	}
	bind.Fail(exc.ArgumentError, "%s expected, got %s.", role, Describe(c, v))
}

// Expr reads an expression for a role. true, false and nil are constants.
func Expr(c *bind.Call, v lua.LValue, role Role) core.Expr {
	switch x := Value(c, v).(type) {
	case core.Expr:
		return x
	case core.Query:
		return scalarSelect(x)
	case nil:
		return core.NULL
	case bool:
		if x {
			return core.True
		}
		return core.False
	case *core.Alias:
		if s, ok := aliasAsValue(x); ok {
			return s
		}
		refuse(c, role, x)
	default:
		refuse(c, role, x)
	}
	return nil
}

// Exprs reads several.
func Exprs(c *bind.Call, vs []lua.LValue, role Role) []core.Expr {
	out := make([]core.Expr, len(vs))
	for i, v := range vs {
		out[i] = Expr(c, v, role)
	}
	return out
}

// Bound reads an expression, or a plain value as a parameter of type t.
func Bound(c *bind.Call, v lua.LValue, t types.Type) core.Expr {
	x := Operand(c, v)
	if e, ok := x.(core.Expr); ok {
		return e
	}
	return core.AsExpr(x, t)
}

// Ordering reads one element of ORDER BY or GROUP BY: an expression, or the
// name of a label.
func Ordering(c *bind.Call, v lua.LValue, role Role) core.Expr {
	switch x := Value(c, v).(type) {
	case string:
		return &core.LabelRef{Text: x}
	case core.Expr:
		if role == GroupRole { // a label is written out there
			return x
		}
		return core.OrderItem(x)
	case core.Query:
		return scalarSelect(x)
	case nil:
		return core.NULL
	default:
		refuse(c, role, x)
	}
	return nil
}

// Orderings reads several, lists among them spread out.
func Orderings(c *bind.Call, vs []lua.LValue, role Role) []core.Expr {
	var out []core.Expr
	for _, v := range vs {
		if _, ok := bind.IsList(v); ok {
			out = append(out, Orderings(c, c.ListOf(v), role)...)
			continue
		}
		if f, ok := Value(c, v).(core.From); ok && role == GroupRole { // a table or class is all its columns
			for _, col := range f.Columns().All() {
				out = append(out, col)
			}
			continue
		}
		out = append(out, Ordering(c, v, role))
	}
	return out
}

// From reads a FROM object.
func From(c *bind.Call, v lua.LValue, role Role) core.From {
	x := Value(c, v)
	if f, ok := asFrom(x); ok {
		return f
	}
	refuse(c, role, x)
	return nil
}

func asFrom(x any) (core.From, bool) {
	switch x := x.(type) {
	case core.From:
		return x, true
	case *core.Text:
		return textFrom(x), true
	case *core.Func:
		return core.NewFunctionFrom(x), true
	case core.Query:
		return subquery(x, ""), true
	}
	return nil, false
}

// textFrom is text() among the FROM objects, written as it is.
func textFrom(t *core.Text) core.From { return &core.Alias{Kind: core.FunctionFrom, Of: t} }

// Node reads one column of a select: an expression or a FROM object.
func Node(c *bind.Call, v lua.LValue) core.Node {
	switch x := Value(c, v).(type) {
	case core.Expr:
		return x
	case core.From:
		return x
	case core.Query:
		return scalarSelect(x)
	case nil:
		return core.NULL
	case bool:
		if x {
			return core.True
		}
		return core.False
	case int64, float64:
		return literalColumn(types.Repr(x))
	case string:
		if x == "*" {
			return literalColumn(x)
		}
		refuse(c, ColumnRole, x)
	default:
		refuse(c, ColumnRole, x)
	}
	return nil
}

// literalColumn is text in the place of a column, written as it is.
func literalColumn(text string) *core.Column {
	return &core.Column{Name: core.Name(text), Key: text, Literal: true, Type: &types.NullType{}}
}

// Nodes reads the columns of a select; lists and column collections among them
// are spread out.
func Nodes(c *bind.Call, vs []lua.LValue) []core.Node {
	var out []core.Node
	for _, v := range vs {
		if _, ok := bind.IsList(v); ok {
			out = append(out, Nodes(c, c.ListOf(v))...)
			continue
		}
		if cols, ok := bind.Unwrap[*columns](v); ok {
			for _, col := range cols.All() {
				out = append(out, col)
			}
			continue
		}
		out = append(out, Node(c, v))
	}
	return out
}

// Query reads a query.
func Query(c *bind.Call, v lua.LValue) core.Query {
	x := Value(c, v)
	switch q := x.(type) {
	case core.Query:
		return q
	case *core.ScalarSelect:
		return q.Query
	case *core.Alias:
		if s, ok := q.Of.(core.Query); ok {
			return s
		}
	}
	refuse(c, QueryRole, x)
	return nil
}

// Statement reads what can be executed.
func Statement(c *bind.Call, v lua.LValue) core.Statement {
	x := Value(c, v)
	if s, ok := x.(core.Statement); ok {
		return s
	}
	if e, ok := x.(core.Expr); ok {
		_ = e
	}
	bind.Fail(exc.ObjectNotExecutableError, "Not an executable object: %s", Describe(c, x))
	return nil
}

// ColumnOf reads a column: of a table, an alias, or bare.
func ColumnOf(c *bind.Call, v lua.LValue) *core.Column {
	x := Value(c, v)
	if e, ok := x.(core.Expr); ok {
		if col, ok := core.Plain(e).(*core.Column); ok {
			return col
		}
	}
	bind.Fail(exc.ArgumentError, "Column object expected, got %s.", Describe(c, x))
	return nil
}

// TypeOf reads a type: one that was made, or a class that stands for its plain
// instance; nil for nil.
func TypeOf(c *bind.Call, v lua.LValue) types.Type {
	if c.IsNull(v) {
		return nil
	}
	switch x := c.ToGo(v).(type) {
	case types.Type:
		return x
	case *types.Class:
		return bind.Must(x.Instance())
	case *decoratorClass:
		return bind.Must(x.make(c, nil, nil))
	default:
		bind.Fail(exc.ArgumentError, "expected a type, such as Integer or String(50), got %s", Describe(c, x))
	}
	return nil
}

// isType reports whether v is a type or a class of types.
func isType(v lua.LValue) bool {
	u, ok := v.(*lua.LUserData)
	if !ok {
		return false
	}
	switch u.Value.(type) {
	case types.Type, *types.Class, *decoratorClass:
		return true
	}
	return false
}
