package corelib

import (
	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

var foreignKeyConstraintClass = bind.Define[*core.ForeignKeyConstraint]("ForeignKeyConstraint", "FOREIGN KEY (…) REFERENCES ….", constraintBase.Class).
	Constructor("ForeignKeyConstraint(columns{}, refcolumns{}, name=nil, onupdate=nil, ondelete=nil, deferrable=nil, initially=nil, use_alter=false, link_to_name=false, match=nil, table=nil, info{}=nil, comment=nil, **kw)",
		"A foreign key of several columns.", `ForeignKeyConstraint({"a", "b"}, {"t.a", "t.b"})`, func(a *bind.Args) (any, error) {
			k := &core.ForeignKeyConstraint{ConstraintOptions: constraintOptions(a),
				ColumnSet: core.ColumnSet{Pending: columnRefs(a, a.List("columns"))}, RefColumns: columnRefs(a, a.List("refcolumns")),
				OnDelete: a.String("ondelete"), OnUpdate: a.String("onupdate"), Match: a.String("match"), UseAlter: a.Bool("use_alter"), LinkToName: a.Bool("link_to_name")}
			if len(k.Pending) != len(k.RefColumns) {
				return nil, exc.New(exc.ArgumentError, "ForeignKeyConstraint number of constrained columns must match the number of referenced columns.")
			}
			if a.Has("table") {
				bind.Get[*core.Table](a, "table").Append(k)
			}
			return k, nil
		}).
	Property("elements", "Its foreign keys, one for each column.", func(k *core.ForeignKeyConstraint) any { return k.Elements }).
	Computed("referred_table", "The table that it refers to.", func(_ *bind.Call, k *core.ForeignKeyConstraint) (any, error) { return k.ReferredTable() }).
	Property("ondelete", "What a DELETE there does.", func(k *core.ForeignKeyConstraint) any { return orNilText(k.OnDelete) }).
	Property("onupdate", "What an UPDATE there does.", func(k *core.ForeignKeyConstraint) any { return orNilText(k.OnUpdate) }).
	Property("match", "MATCH.", func(k *core.ForeignKeyConstraint) any { return orNilText(k.Match) }).
	Property("use_alter", "Whether it is added after the tables.", func(k *core.ForeignKeyConstraint) any { return k.UseAlter })

var foreignKeyClass = bind.Define[*core.ForeignKey]("ForeignKey", "A reference of one column to another.").
	Constructor("ForeignKey(column, use_alter=false, name=nil, onupdate=nil, ondelete=nil, deferrable=nil, initially=nil, link_to_name=false, match=nil, info{}=nil, comment=nil, _constraint=nil, **kw)",
		"A reference to another table's column.", `ForeignKey("users.id")`, func(a *bind.Args) (any, error) {
			fk := &core.ForeignKey{Options: constraintOptions(a), OnDelete: a.String("ondelete"), OnUpdate: a.String("onupdate"),
				Match: a.String("match"), UseAlter: a.Bool("use_alter"), LinkToName: a.Bool("link_to_name")}
			switch x := Value(a.Call, a.Lua("column")).(type) {
			case string:
				fk.Target = x
			case core.Expr:
				c, ok := core.Plain(x).(*core.Column)
				if !ok {
					return nil, exc.New(exc.ArgumentError, "String column name or Column expected, got %s", Describe(a.Call, x))
				}
				fk.Target = c
			default:
				return nil, exc.New(exc.ArgumentError, "String column name or Column expected, got %s", Describe(a.Call, x))
			}
			return fk, nil
		}).
	Property("parent", "The column that refers.", func(k *core.ForeignKey) any { return pointer(k.Parent) }).
	Computed("column", "The column that it refers to.", func(_ *bind.Call, k *core.ForeignKey) (any, error) { return k.Resolve() }).
	Property("target_fullname", "What it refers to, as text.", func(k *core.ForeignKey) any { return k.Spec() }).
	Property("constraint", "The constraint that it is part of.", func(k *core.ForeignKey) any { return pointer(k.Constraint) }).
	Property("name", "The constraint's name.", func(k *core.ForeignKey) any { return orNilText(k.Options.Name) }).
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
