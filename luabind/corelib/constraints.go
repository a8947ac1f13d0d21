package corelib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// constraintBase is what all constraints answer to.
var constraintBase = bind.Define[core.Constraint]("Constraint", "A constraint of a table.").
	Property("name", "Its name.", func(k core.Constraint) any { return orNilText(k.Named().Name) }).
	Setter(func(c *bind.Call, k core.Constraint, v lua.LValue) error {
		k.Named().Name, _ = c.ToGo(v).(string)
		return nil
	}).
	Property("table", "Its table.", func(k core.Constraint) any { return tableOfConstraint(k) }).
	Property("columns", "Its columns.", func(k core.Constraint) any { return constraintColumns(k) }).
	Property("c", "Its columns.", func(k core.Constraint) any { return constraintColumns(k) }).
	Property("column_keys", "The keys of its columns.", func(k core.Constraint) any { return constraintColumns(k).keys }).
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
	Property("dialect_kwargs", "Options of single databases.", func(k core.Constraint) any { return k.Named().DialectArgs }).
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
	if t, ok := tableOfConstraint(k).(*core.Table); ok && kind != "PrimaryKeyConstraint" {
		parts = append(parts, "table="+c.ReprGo(t))
	}
	if name := k.Named().Name; name != "" {
		parts = append(parts, "name="+types.Quote(name))
	}
	return kind + "(" + strings.Join(parts, ", ") + ")"
}

const constraintParams = `name=nil, deferrable=nil, initially=nil, info{}=nil, comment=nil, **kw)`

var primaryKeyClass = bind.Define[*core.PrimaryKeyConstraint]("PrimaryKeyConstraint", "PRIMARY KEY (…).", constraintBase.Class).
	Constructor("PrimaryKeyConstraint(*columns, "+constraintParams, "A primary key of several columns, or with a name.", `PrimaryKeyConstraint("a", "b", {name = "pk"})`, func(a *bind.Args) (any, error) {
		return &core.PrimaryKeyConstraint{ConstraintOptions: constraintOptions(a), ColumnSet: core.ColumnSet{Pending: columnRefs(a, a.Rest())}}, nil
	})

var uniqueClass = bind.Define[*core.UniqueConstraint]("UniqueConstraint", "UNIQUE (…).", constraintBase.Class).
	Constructor("UniqueConstraint(*columns, "+constraintParams, "Several columns are unique together.", `UniqueConstraint("a", "b")`, func(a *bind.Args) (any, error) {
		k := &core.UniqueConstraint{ConstraintOptions: constraintOptions(a), ColumnSet: core.ColumnSet{Pending: columnRefs(a, a.Rest())}}
		if t := tableOfRefs(k.Pending); t != nil {
			t.Append(k)
		}
		return k, nil
	})

// tableOfRefs is the table of columns that were given as objects.
func tableOfRefs(refs []any) *core.Table {
	for _, r := range refs {
		if c, ok := r.(*core.Column); ok {
			t, _ := c.Table.(*core.Table)
			return t
		}
	}
	return nil
}

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
		}
		return k, nil
	}).
	Property("sqltext", "The condition.", func(k *core.CheckConstraint) any { return k.X })

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

var excludeClass = bind.Define[*core.ExcludeConstraint]("ExcludeConstraint", "PostgreSQL's EXCLUDE USING ….", constraintBase.Class).
	Constructor("ExcludeConstraint(*elements{}, name=nil, deferrable=nil, initially=nil, using=\"gist\", where=nil, ops{}=nil, info{}=nil, comment=nil, **kw)", "No two rows may compare so.", `postgresql.ExcludeConstraint({t.c.room, "="}, {t.c.during, "&&"})`, func(a *bind.Args) (any, error) {
		k := &core.ExcludeConstraint{ConstraintOptions: constraintOptions(a), Using: a.String("using")}
		if a.Has("where") {
			if s, ok := a.Any("where").(string); ok {
				k.Where = &core.Text{SQL: s, Type: &types.NullType{}}
			} else {
				k.Where = Expr(a.Call, a.Lua("where"), WhereRole)
			}
		}
		ops, _ := a.Any("ops").(types.Object)
		for _, v := range a.Rest() {
			pair := a.ListOf(v)
			if len(pair) != 2 {
				return nil, exc.New(exc.ArgumentError, "ExcludeConstraint takes pairs: {column, operator}")
			}
			e := core.ExcludeElement{Op: a.Str(a.L, pair[1])}
			key := ""
			if s, ok := pair[0].(lua.LString); ok {
				e.Column, key = string(s), string(s)
			} else {
				x := Expr(a.Call, pair[0], ElementRole)
				e.Column = x
				if c, ok := core.Plain(x).(*core.Column); ok {
					key = c.Key
				}
			}
			if class, ok := ops.Get(key); ok {
				e.OpsFor, _ = class.(string)
			}
			k.Elements = append(k.Elements, e)
		}
		return k, nil
	})

var indexClass = bind.Define[*core.Index]("Index", "An index.").
	Constructor("Index(name, *expressions, unique=false, quote=nil, info{}=nil, _table=nil, _column_flag=false, **kw)", "An index of columns or expressions.", `Index("ix_name", users.c.name)`, func(a *bind.Args) (any, error) {
		var items []any
		for _, v := range a.Rest() {
			if s, ok := v.(lua.LString); ok {
				items = append(items, string(s))
				continue
			}
			items = append(items, Expr(a.Call, v, ElementRole))
		}
		x := core.NewIndex(a.String("name"), a.Bool("unique"), items...)
		x.Info = info(a)
		x.DialectArgs = dialectArgs(a, a.Keywords())
		if _, ok := bind.Unwrap[*convName](a.Lua("name")); ok {
			x.Conv = true
		}
		quoteFrom(a, "name", &x.Quote)
		if b := a.OptBool("quote"); b != nil {
			x.Quote = quoting(*b)
		}
		return x, nil
	}).
	Property("name", "Its name.", func(x *core.Index) any { return orNilText(x.Name) }).
	Property("table", "Its table.", func(x *core.Index) any { return pointer(x.Table) }).
	Property("unique", "Whether it is unique.", func(x *core.Index) any { return x.Unique }).
	Property("expressions", "What it is of.", func(x *core.Index) any { return x.Exprs }).
	Property("columns", "Its columns.", func(x *core.Index) any { return indexColumns(x) }).
	Property("c", "Its columns.", func(x *core.Index) any { return indexColumns(x) }).
	Property("dialect_kwargs", "Options of single databases.", func(x *core.Index) any { return x.DialectArgs }).
	Property("info", "Anything you keep with it.", func(x *core.Index) any {
		if x.Info == nil {
			x.Info = map[string]any{}
		}
		return x.Info
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(c *bind.Call, self any) (string, error) {
			x := self.(*core.Index)
			parts := []string{"nil"}
			if x.Name != "" {
				parts[0] = types.Quote(x.Name)
			}
			for _, e := range x.Exprs {
				parts = append(parts, c.ReprGo(e))
			}
			if x.Unique {
				parts = append(parts, "unique=true")
			}
			return "Index(" + strings.Join(parts, ", ") + ")", nil
		}
	})

func indexColumns(x *core.Index) *columns {
	out := &columns{}
	for _, e := range x.Exprs {
		core.Walk(e, func(n core.Node) bool {
			if c, ok := n.(*core.Column); ok {
				out.keys = append(out.keys, c.Key)
				out.exprs = append(out.exprs, c)
			}
			return true
		})
	}
	return out
}

const sequenceOptions = `start=nil, increment=nil, minvalue=nil, maxvalue=nil, nominvalue=nil, nomaxvalue=nil, cycle=nil`

func readSequence(a *bind.Args, s *core.Sequence) {
	n := func(name string) *int64 {
		if v := a.OptInt(name); v != nil {
			x := int64(*v)
			return &x
		}
		return nil
	}
	s.Start, s.Increment, s.MinValue, s.MaxValue, s.Cache = n("start"), n("increment"), n("minvalue"), n("maxvalue"), n("cache")
	s.NoMinValue, s.NoMaxValue = a.Bool("nominvalue"), a.Bool("nomaxvalue")
	s.Cycle, s.Order = a.OptBool("cycle"), a.OptBool("order")
}

var sequenceClass = bind.Define[*core.Sequence]("Sequence", "A sequence of the database.").
	Constructor("Sequence(name, "+sequenceOptions+", schema=nil, cache=nil, order=nil, data_type=nil, optional=false, quote=nil, metadata=nil, quote_schema=nil, for_update=false, **kw)", "A sequence to number rows by.", `Sequence("user_id_seq")`, func(a *bind.Args) (any, error) {
		s := &core.Sequence{Name: a.String("name"), Schema: a.String("schema"), Optional: a.Bool("optional"), Type: TypeOf(a.Call, a.Lua("data_type"))}
		readSequence(a, s)
		quoteFrom(a, "name", &s.Quote)
		s.DialectArgs = dialectArgs(a, a.Keywords())
		if m := bind.Get[*core.MetaData](a, "metadata"); m != nil {
			if s.Schema == "" {
				s.Schema = m.Schema
			}
			m.AddSequence(s)
		}
		return s, nil
	}).
	Method("next_value()", "Its next value, as an expression.", `Sequence("s"):next_value()`, func(s *core.Sequence, a *bind.Args) (any, error) { return &core.NextValue{Sequence: s}, nil }).
	Property("name", "Its name.", func(s *core.Sequence) any { return s.Name }).
	Property("schema", "Its schema.", func(s *core.Sequence) any { return orNilText(s.Schema) }).
	Property("start", "Where it begins.", func(s *core.Sequence) any { return number(s.Start) }).
	Property("increment", "Its step.", func(s *core.Sequence) any { return number(s.Increment) }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return "Sequence(" + types.Quote(self.(*core.Sequence).Name) + ")", nil
		}
	})

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

var identityClass = bind.Define[*core.Identity]("Identity", "GENERATED … AS IDENTITY.").
	Constructor("Identity(always=false, on_null=nil, "+sequenceOptions+", cache=nil, order=nil, **kw)", "The database numbers the rows.", `Column("id", Integer, Identity(), {primary_key = true})`, func(a *bind.Args) (any, error) {
		i := &core.Identity{Always: a.Bool("always"), OnNull: a.Bool("on_null")}
		readSequence(a, &i.Sequence)
		i.DialectArgs = dialectArgs(a, a.Keywords())
		return i, nil
	}).
	Property("always", "GENERATED ALWAYS.", func(i *core.Identity) any { return i.Always }).
	Property("start", "Where it begins.", func(i *core.Identity) any { return number(i.Start) }).
	Property("increment", "Its step.", func(i *core.Identity) any { return number(i.Increment) })

var computedClass = bind.Define[*core.Computed]("Computed", "GENERATED ALWAYS AS (…).").
	Constructor("Computed(sqltext, persisted=nil)", "The database computes the column.", `Column("area", Integer, Computed("w * h"))`, func(a *bind.Args) (any, error) {
		c := &core.Computed{Persisted: a.OptBool("persisted")}
		if s, ok := a.Any("sqltext").(string); ok {
			c.X = &core.Text{SQL: s, Type: &types.NullType{}}
		} else {
			c.X = Expr(a.Call, a.Lua("sqltext"), ElementRole)
		}
		return c, nil
	}).
	Property("sqltext", "The expression.", func(c *core.Computed) any { return c.X }).
	Property("persisted", "Whether it is stored.", func(c *core.Computed) any {
		if c.Persisted == nil {
			return nil
		}
		return *c.Persisted
	})
