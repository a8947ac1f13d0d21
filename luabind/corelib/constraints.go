package corelib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// constraintBase is what all constraints answer to.
var constraintBase = bind.Define[core.Constraint]("Constraint", "A constraint of a table.", schemaItemClass.Class).
	Property("name", "Its name, by the naming convention if it was given none.", func(k core.Constraint) any {
		n, err := core.NameOf(k)
		if err != nil {
			return orNilText(k.Named().Name)
		}
		return orNilText(n.Name)
	}).
	Setter(func(c *bind.Call, k core.Constraint, v lua.LValue) error {
		k.Named().Name, _ = c.ToGo(v).(string)
		return nil
	}).
	Property("table", "Its table.", func(k core.Constraint) any { return tableOfConstraint(k) }).
	Property("columns", "Its columns.", func(k core.Constraint) any { return constraintColumns(k) }).
	Property("c", "Its columns.", func(k core.Constraint) any { return constraintColumns(k) }).
	Property("column_keys", "The keys of its columns.", func(k core.Constraint) any { return constraintColumns(k).keys }).
	Method("contains_column(col)", "Whether a column is one of its own.", "t.primary_key:contains_column(t.c.id)", func(k core.Constraint, a *bind.Args) (any, error) {
		c := ColumnOf(a.Call, a.Lua("col"))
		return slices.ContainsFunc(constraintColumns(k).exprs, func(e core.Expr) bool { return e == core.Expr(c) }), nil
	}).
	Property("deferrable", "Whether it can be deferred.", func(k core.Constraint) any {
		if d := k.Named().Deferrable; d != nil {
			return *d
		}
		return nil
	}).
	Property("initially", "When it is checked.", func(k core.Constraint) any { return orNilText(k.Named().Initially) }).
	Property("comment", "Its comment.", func(k core.Constraint) any { return orNilText(k.Named().Comment) }).
	Property("info", "Anything you keep with it.", func(k core.Constraint) any {
		o := k.Named()
		if o.Info == nil {
			o.Info = map[string]any{}
		}
		return o.Info
	}).
	Property("dialect_kwargs", "Options of single databases.", func(k core.Constraint) any { return dialectKwargs(k.Named().DialectArgs) }).
	Property("kwargs", "Options of single databases.", func(k core.Constraint) any { return dialectKwargs(k.Named().DialectArgs) }).
	Property("dialect_options", "Options of single databases, by database.", func(k core.Constraint) any { return dialectOptions(k.Named().DialectArgs) }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Len = func(_ *bind.Call, self any) (int, error) {
			return len(constraintColumns(self.(core.Constraint)).exprs), nil
		}
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			return iterate(constraintColumns(self.(core.Constraint)).exprs), nil
		}
		c.Item = func(_ *bind.Call, self any, key lua.LValue) (any, error) {
			cols := constraintColumns(self.(core.Constraint))
			if n, ok := key.(lua.LNumber); ok && int(n) >= 1 && int(n) <= len(cols.exprs) {
				return cols.exprs[int(n)-1], nil
			}
			return nil, exc.New(exc.IndexError, "no such column of the constraint")
		}
		c.Repr = func(c *bind.Call, self any) (string, error) { return constraintRepr(c, self.(core.Constraint)), nil }
	})

func tableOfConstraint(k core.Constraint) any {
	var t *core.Table
	switch k := k.(type) {
	case *core.PrimaryKeyConstraint:
		t = k.Table
	case *core.UniqueConstraint:
		t = k.Table
	case *core.ForeignKeyConstraint:
		t = k.Table
	case *core.CheckConstraint:
		t = k.Table
	case *core.ExcludeConstraint:
		t = k.Table
	}
	return pointer(t)
}

func constraintColumns(k core.Constraint) *columns {
	var cols []*core.Column
	switch k := k.(type) {
	case *core.PrimaryKeyConstraint:
		cols = k.Cols
	case *core.UniqueConstraint:
		cols = k.Cols
	case *core.ForeignKeyConstraint:
		cols = k.Cols
	case *core.CheckConstraint:
		if k.X != nil {
			core.Walk(k.X, func(n core.Node) bool {
				if c, ok := n.(*core.Column); ok && c.Table != nil {
					cols = append(cols, c)
				}
				return true
			})
		}
	}
	out := &columns{}
	for _, c := range cols {
		out.keys = append(out.keys, c.Key)
		out.exprs = append(out.exprs, c)
	}
	return out
}

func constraintRepr(c *bind.Call, k core.Constraint) string {
	var parts []string
	kind := c.ClassFor(k).Name
	if ck, ok := k.(*core.CheckConstraint); ok {
		parts = append(parts, c.ReprGo(ck.X))
	} else {
		for _, e := range constraintColumns(k).exprs {
			parts = append(parts, c.ReprGo(e))
		}
	}
	if t, ok := tableOfConstraint(k).(*core.Table); ok && kind != "PrimaryKeyConstraint" && !ofColumn(t, k) {
		parts = append(parts, "table="+c.ReprGo(t))
	}
	if name := k.Named().Name; name != "" {
		parts = append(parts, "name="+types.Quote(name))
	}
	return kind + "(" + strings.Join(parts, ", ") + ")"
}

// ofColumn reports whether a constraint was given to a column of the table.
func ofColumn(t *core.Table, k core.Constraint) bool {
	return slices.ContainsFunc(t.Columns().All(), func(c *core.Column) bool {
		return c.Schema != nil && slices.Contains(c.Schema.Constraints, k)
	})
}

const constraintParams = `name=nil, deferrable=nil, initially=nil, info{}=nil, comment=nil, **kw)`

var primaryKeyClass = bind.Define[*core.PrimaryKeyConstraint]("PrimaryKeyConstraint", "PRIMARY KEY (…).", constraintBase.Class).
	Constructor("PrimaryKeyConstraint(*columns, "+constraintParams, "A primary key of several columns, or with a name.", `PrimaryKeyConstraint("a", "b", {name = "pk"})`, func(a *bind.Args) (any, error) {
		k := &core.PrimaryKeyConstraint{ConstraintOptions: constraintOptions(a), ColumnSet: core.ColumnSet{Pending: columnRefs(a, a.Rest())}}
		core.AutoAttach(k, k.Pending)
		return k, nil
	}).
	Property("_autoincrement_column", "The column that numbers itself.", func(k *core.PrimaryKeyConstraint) any {
		if k.Table == nil {
			return nil
		}
		return pointer(k.Table.AutoincrementColumn())
	})

var uniqueClass = bind.Define[*core.UniqueConstraint]("UniqueConstraint", "UNIQUE (…).", constraintBase.Class).
	Constructor("UniqueConstraint(*columns, "+constraintParams, "Several columns are unique together.", `UniqueConstraint("a", "b")`, func(a *bind.Args) (any, error) {
		k := &core.UniqueConstraint{ConstraintOptions: constraintOptions(a), ColumnSet: core.ColumnSet{Pending: columnRefs(a, a.Rest())}}
		core.AutoAttach(k, k.Pending)
		return k, nil
	})

var checkClass = bind.Define[*core.CheckConstraint]("CheckConstraint", "CHECK (…).", constraintBase.Class).
	Constructor("CheckConstraint(sqltext, name=nil, deferrable=nil, initially=nil, table=nil, info{}=nil, _create_rule=nil, comment=nil, **kw)", "A condition that rows must meet.", `CheckConstraint("a > 0")`, func(a *bind.Args) (any, error) {
		k := &core.CheckConstraint{ConstraintOptions: constraintOptions(a)}
		if s, ok := a.Any("sqltext").(string); ok {
			k.X = &core.Text{SQL: s, Type: &types.NullType{}}
		} else {
			k.X = Expr(a.Call, a.Lua("sqltext"), ElementRole)
		}
		if a.Has("table") {
			bind.Get[*core.Table](a, "table").Append(k)
		} else {
			core.AutoAttach(k, core.ColumnsIn(k.X))
		}
		return k, nil
	}).
	Property("sqltext", "The condition.", func(k *core.CheckConstraint) any { return k.X })
