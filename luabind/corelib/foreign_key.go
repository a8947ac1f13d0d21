package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

var foreignKeyConstraintClass = bind.Define[*core.ForeignKeyConstraint]("ForeignKeyConstraint", "FOREIGN KEY (…) REFERENCES ….", constraintBase.Class).
	Constructor("ForeignKeyConstraint(columns{}, refcolumns{}, name=nil, onupdate=nil, ondelete=nil, deferrable=nil, initially=nil, use_alter=false, link_to_name=false, match=nil, table=nil, info{}=nil, comment=nil, **kw)",
		"A foreign key of several columns.", `ForeignKeyConstraint({"a", "b"}, {"t.a", "t.b"})`, func(a *bind.Args) (any, error) {
			k := &core.ForeignKeyConstraint{ConstraintOptions: constraintOptions(a),
				OnDelete: a.String("ondelete"), OnUpdate: a.String("onupdate"), Match: a.String("match"), UseAlter: a.Bool("use_alter"), LinkToName: a.Bool("link_to_name")}
			refs := columnRefs(a, oneOrMore(a, "columns"))
			if err := core.NewForeignKeyConstraint(refs, foreignRefs(a, oneOrMore(a, "refcolumns")), k); err != nil {
				return nil, err
			}
			core.AutoAttach(k, refs)
			if a.Has("table") {
				bind.Get[*core.Table](a, "table").Append(k)
			}
			return k, nil
		}).
	Property("elements", "Its foreign keys, one for each column.", func(k *core.ForeignKeyConstraint) any { return k.Elements }).
	Computed("referred_table", "The table that it refers to.", func(_ *bind.Call, k *core.ForeignKeyConstraint) (any, error) { return k.ReferredTable() }).
	Property("ondelete", "What a DELETE there does.", func(k *core.ForeignKeyConstraint) any { return orNilText(k.OnDelete) }).
	Property("onupdate", "What an UPDATE there does.", func(k *core.ForeignKeyConstraint) any { return orNilText(k.OnUpdate) }).
	Property("match", "The MATCH clause of the reference, nil without one.", func(k *core.ForeignKeyConstraint) any { return orNilText(k.Match) }).
	Property("use_alter", "Whether it is added after the tables.", func(k *core.ForeignKeyConstraint) any { return k.UseAlter }).
	Property("link_to_name", "Whether it refers to columns by their names, not their keys.", func(k *core.ForeignKeyConstraint) any { return k.LinkToName })

// oneOrMore reads a list, of which a string is the only item.
func oneOrMore(a *bind.Args, name string) []lua.LValue {
	if s, ok := a.Lua(name).(lua.LString); ok {
		return []lua.LValue{s}
	}
	return a.List(name)
}

// foreignRef reads what a foreign key refers to: a name, or a table's column.
func foreignRef(a *bind.Args, v lua.LValue) any {
	x := Value(a.Call, v)
	if s, ok := x.(string); ok {
		return s
	}
	e, ok := x.(core.Expr)
	if ok {
		if c, ok := core.Plain(e).(*core.Column); ok {
			if _, ofTable := c.Table.(*core.Table); c.Table != nil && !ofTable {
				bind.Fail(exc.ArgumentError, "ForeignKey received Column not bound to a Table, got: %s", Describe(a.Call, c.Table))
			}
			return c
		}
	}
	bind.Fail(exc.ArgumentError, "String column name or Column object for DDL foreign key constraint expected, got %s.", described(a.Call, x))
	return nil
}

func foreignRefs(a *bind.Args, vs []lua.LValue) []any {
	out := make([]any, len(vs))
	for i, v := range vs {
		out[i] = foreignRef(a, v)
	}
	return out
}

// described is the repr of what was given in the place of a column.
func described(c *bind.Call, x any) string {
	if b, ok := x.(*core.Bind); ok {
		value := "nil"
		if b.Value != nil {
			value = c.ReprGo(b.Value)
		}
		return "BindParameter(" + types.Quote(b.Key) + ", " + value + ", type_=" + b.ExprType().String() + ")"
	}
	return Describe(c, x)
}

var foreignKeyClass = bind.Define[*core.ForeignKey]("ForeignKey", "A reference of one column to another.", schemaItemClass.Class).
	Constructor("ForeignKey(column, use_alter=false, name=nil, onupdate=nil, ondelete=nil, deferrable=nil, initially=nil, link_to_name=false, match=nil, info{}=nil, comment=nil, _constraint=nil, **kw)",
		"A reference to another table's column.", `ForeignKey("users.id")`, func(a *bind.Args) (any, error) {
			fk := &core.ForeignKey{Options: constraintOptions(a), OnDelete: a.String("ondelete"), OnUpdate: a.String("onupdate"),
				Match: a.String("match"), UseAlter: a.Bool("use_alter"), LinkToName: a.Bool("link_to_name")}
			fk.Target = foreignRef(a, a.Lua("column"))
			return fk, nil
		}).
	Property("parent", "The column that refers.", func(k *core.ForeignKey) any { return pointer(k.Parent) }).
	Computed("column", "The column that it refers to.", func(_ *bind.Call, k *core.ForeignKey) (any, error) { return k.Resolve() }).
	Property("target_fullname", "What it refers to, as text.", func(k *core.ForeignKey) any { return k.Spec() }).
	Property("constraint", "The constraint that it is part of.", func(k *core.ForeignKey) any { return pointer(k.Constraint) }).
	Property("name", "The constraint's name.", func(k *core.ForeignKey) any { return orNilText(k.Options.Name) }).
	Property("deferrable", "Whether it can be deferred.", func(k *core.ForeignKey) any {
		if d := k.Options.Deferrable; d != nil {
			return *d
		}
		return nil
	}).
	Property("initially", "When it is checked.", func(k *core.ForeignKey) any { return orNilText(k.Options.Initially) }).
	Property("match", "The MATCH clause of the reference, nil without one.", func(k *core.ForeignKey) any { return orNilText(k.Match) }).
	Property("use_alter", "Whether it is added after the tables.", func(k *core.ForeignKey) any { return k.UseAlter }).
	Property("link_to_name", "Whether it refers to a column by its name, not its key.", func(k *core.ForeignKey) any { return k.LinkToName }).
	Property("comment", "The constraint's comment.", func(k *core.ForeignKey) any { return orNilText(k.Options.Comment) }).
	Property("info", "Anything you keep with it.", func(k *core.ForeignKey) any {
		if k.Options.Info == nil {
			k.Options.Info = map[string]any{}
		}
		return k.Options.Info
	}).
	Property("dialect_kwargs", "Options of single databases.", func(k *core.ForeignKey) any { return dialectKwargs(k.Options.DialectArgs) }).
	Property("dialect_options", "Options of single databases, by database.", func(k *core.ForeignKey) any { return dialectOptions(k.Options.DialectArgs) }).
	Method("get_referent(table)", "The column of a table that it refers to.", "fk:get_referent(users)", func(k *core.ForeignKey, a *bind.Args) (any, error) {
		target, err := k.Resolve()
		if err != nil {
			return nil, err
		}
		if c, ok := bind.Get[core.From](a, "table").Columns().Corresponding(target); ok {
			return c, nil
		}
		return nil, nil
	}).
	Method("copy(schema=nil)", "A copy that is of no column.", "fk:copy()", func(k *core.ForeignKey, a *bind.Args) (any, error) { return k.Copied(), nil }).
	Alias("_copy", "copy").
	Property("ondelete", "What a DELETE there does.", func(k *core.ForeignKey) any { return orNilText(k.OnDelete) }).
	Property("onupdate", "What an UPDATE there does.", func(k *core.ForeignKey) any { return orNilText(k.OnUpdate) }).
	Method("references(table)", "Whether it refers to a table.", "fk:references(users)", func(k *core.ForeignKey, a *bind.Args) (any, error) {
		t, err := k.ReferredTable()
		return err == nil && t == bind.Get[*core.Table](a, "table"), nil
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) { return foreignKeyRepr(self.(*core.ForeignKey)), nil }
	})
