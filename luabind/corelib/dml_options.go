package corelib

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// returning reads returning(…).
func returning(a *bind.Args, d *core.DMLOptions) {
	if d.ReturnDefaults {
		bind.Fail(exc.InvalidRequestError, "return_defaults() is already configured on this statement")
	}
	d.ReturningList = append(slices.Clip(d.ReturningList), Nodes(a.Call, a.Rest())...)
	if a.Accepts("sort_by_parameter_order") {
		d.SortByParameterOrder = a.Bool("sort_by_parameter_order")
	}
}

// sortsInsert refuses sort_by_parameter_order for what is no INSERT.
func sortsInsert(s any, a *bind.Args) {
	if _, insert := s.(*core.Insert); !insert && a.Bool("sort_by_parameter_order") {
		bind.Fail(exc.ArgumentError, "The 'sort_by_parameter_order' argument to %s() only applies to INSERT statements", a.Name())
	}
}

func tableOf(s any) core.From {
	switch s := s.(type) {
	case *core.Insert:
		return s.Table
	case *core.Update:
		return s.Table
	case *core.Delete:
		return s.Table
	}
	return nil
}

// dmlOptions adds to a class what the three statements share.
func dmlOptions[T core.Statement](d bind.Def[T], change func(T, func(*core.DMLOptions)) T) {
	d.Method("returning(*cols, sort_by_parameter_order=false)", "RETURNING columns of the rows.", "stmt:returning(users.c.id)", func(s T, a *bind.Args) (any, error) {
		sortsInsert(s, a)
		return change(s, func(o *core.DMLOptions) { returning(a, o) }), nil
	}).
		Method("return_defaults(*cols, supplemental_cols=nil, sort_by_parameter_order=false)", "Fetch what the database generated.", "stmt:return_defaults()", func(s T, a *bind.Args) (any, error) {
			sortsInsert(s, a)
			return change(s, func(o *core.DMLOptions) {
				o.ReturnDefaults = true
				o.DefaultColumns = append(slices.Clip(o.DefaultColumns), Exprs(a.Call, a.Rest(), ElementRole)...)
				o.SortByParameterOrder = a.Bool("sort_by_parameter_order")
			}), nil
		}).
		Method("prefix_with(*prefixes, dialect=\"*\")", "Text after the keyword.", `stmt:prefix_with("IGNORE", {dialect = "mysql"})`, func(s T, a *bind.Args) (any, error) {
			p := prefixesOf(a)
			return change(s, func(o *core.DMLOptions) { o.Prefixes = append(slices.Clip(o.Prefixes), p...) }), nil
		}).
		Method("with_hint(text, selectable=nil, dialect_name=\"*\")", "A hint on the table.", `stmt:with_hint("WITH (ROWLOCK)", {dialect_name = "mssql"})`, func(s T, a *bind.Args) (any, error) {
			h := core.Hint{On: tableOf(s), Text: a.String("text"), Dialect: a.String("dialect_name")}
			if a.Has("selectable") {
				h.On = From(a.Call, a.Lua("selectable"), FromRole)
			}
			return change(s, func(o *core.DMLOptions) { o.Hints = append(slices.Clip(o.Hints), h) }), nil
		}).
		Method("add_cte(*ctes, nest_here=false)", "Write WITH clauses although nothing refers to them.", "stmt:add_cte(c)", func(s T, a *bind.Args) (any, error) {
			cs := ctesOf(a)
			return change(s, func(o *core.DMLOptions) { o.CTEs = append(slices.Clip(o.CTEs), cs...) }), nil
		}).
		Method("cte(name=nil, recursive=false, nesting=false)", "The statement with RETURNING in a WITH clause.", `stmt:returning(t.c.id):cte("new")`, func(s T, a *bind.Args) (any, error) {
			return makeCTE(a, s), nil
		}).
		Method("inline()", "Compute defaults in the statement, fetch nothing.", "stmt:inline()", func(s T, a *bind.Args) (any, error) {
			return change(s, func(o *core.DMLOptions) { o.Inline = true }), nil
		}).
		Property("entity_description", "What is written to: its name, class and table.", func(s T) any {
			t := tableOf(s)
			if Above.Entity != nil {
				if d := Above.Entity(t); d != nil {
					return d
				}
			}
			name, _ := core.FromName(t)
			return types.NewObject("name", string(name), "table", t)
		}).
		Property("returning_column_descriptions", "What RETURNING gives.", func(s T) any {
			var out []any
			if r, ok := any(s).(core.Returner); ok {
				for _, e := range r.Returned() {
					out = append(out, types.NewObject("name", nameOf(e), "type", e.ExprType(), "expr", e))
				}
			}
			return out
		})
}

// target reads the table of INSERT, UPDATE and DELETE.
func target(a *bind.Args, name string) core.From {
	x := Value(a.Call, a.Lua(name))
	if f, ok := x.(core.From); ok {
		return f
	}
	refuse(a.Call, DMLTableRole, x)
	return nil
}
