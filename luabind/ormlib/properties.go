package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// propertyOf is what a field of a class body maps: a property, a column, an
// expression; ok is false for a method or a plain value.
func propertyOf(c *bind.Call, k *Class, name string, v lua.LValue) (any, bool) {
	u, ok := v.(*lua.LUserData)
	if !ok {
		return nil, false
	}
	switch x := u.Value.(type) {
	case *core.Column:
		return x, true
	case *mappedColumn:
		return x.property(), true
	case *orm.ColumnProperty:
		return x, true
	case *orm.Relationship:
		return x, true
	case *orm.Synonym:
		return x, true
	case *orm.Composite:
		return x, true
	case *lateProperty:
		return bind.Must(x.make(c)), true
	case core.Expr:
		if a := orm.AttrOf(x); a != nil {
			return nil, false
		}
		if _, isLabel := x.(*core.Label); isLabel {
			return orm.NewColumnProperty(x), true
		}
	}
	return nil, false
}

// lateProperty is a column_property() whose expression is a function, because
// a class body cannot see its own fields.
type lateProperty struct {
	make func(c *bind.Call) (*orm.ColumnProperty, error)
}

// columnIn is the table column that a mapped value brings, nil if none.
func columnIn(p any) *core.Column {
	switch p := p.(type) {
	case *core.Column:
		return p
	case *orm.ColumnProperty:
		return p.Column()
	}
	return nil
}

// finishProperty does what waits for the mapper: validators, mutable types.
func finishProperty(c *bind.Call, k *Class, name string, v lua.LValue) {
	u, ok := v.(*lua.LUserData)
	if !ok || k.mapper == nil {
		return
	}
	if x, ok := u.Value.(*reconstructor); ok {
		k.mapper.Listen("load", &orm.Listener{Propagate: true, Call: func(args ...any) (any, error) { return x.f.Call1(args[0]) }})
	}
	if x, ok := u.Value.(*validator); ok {
		f := x.f
		k.mapper.Validate(x.names, orm.Validator{
			Call: func(i *orm.Instance, key string, value any, remove bool) (any, error) {
				args := []any{i, key, value}
				if x.includeRemoves {
					args = append(args, remove)
				}
				r, err := f.Call(args...)
				if err != nil || len(r) == 0 {
					return nil, err
				}
				return toAttribute(c, i.Mapper(), key, r[0]), nil
			},
			IncludeRemoves: x.includeRemoves, ExcludeBackrefs: !x.includeBackrefs,
		})
	}
}

// validator is validates("a", "b", f).
type validator struct {
	names           []string
	f               *bind.Callback
	includeRemoves  bool
	includeBackrefs bool
}

var validatorClass = bind.Define[*validator]("validates", "A function that checks or changes values of attributes.").With(func(class *bind.Class) {
	class.Call = bind.Func("validates(fn)", "The function.", `validates("name")(f)`, func(a *bind.Args) (any, error) {
		v := *bind.SelfOf[*validator](a)
		v.f = a.Function("fn")
		return &v, nil
	})
})

var validates = bind.Func("validates(*names, include_removes=false, include_backrefs=true)", "Check or change values that attributes take.",
	`clean = validates("name", function(self, key, value) return value:upper() end)`, func(a *bind.Args) (any, error) {
		v := &validator{includeRemoves: a.Bool("include_removes"), includeBackrefs: a.Bool("include_backrefs")}
		for _, x := range a.Rest() {
			if s, ok := x.(lua.LString); ok {
				v.names = append(v.names, string(s))
				continue
			}
			f, ok := a.CallbackOf(x)
			if !ok {
				return nil, exc.New(exc.ArgumentError, "validates() takes names and a function")
			}
			v.f = f
		}
		return v, nil
	})

// columnProperty is column_property(…) and deferred(…).
func columnProperty(a *bind.Args) (any, error) {
	configure := func(p *orm.ColumnProperty) *orm.ColumnProperty {
		p.Group, p.RaiseLoad = a.String("group"), a.Bool("raiseload")
		if b := a.OptBool("deferred"); b != nil {
			p.Deferred, p.DeferredSet = *b, true
		}
		if a.Accepts("active_history") {
			p.ActiveHistory = a.Bool("active_history")
			p.ExpireOnFlush = a.Bool("expire_on_flush")
		}
		p.Info = map[string]any{}
		return p
	}
	var exprs []core.Expr
	values := append([]lua.LValue{a.Lua("column")}, a.Rest()...)
	if f, ok := values[0].(*lua.LFunction); ok {
		cb, _ := a.CallbackOf(f)
		return &lateProperty{func(c *bind.Call) (*orm.ColumnProperty, error) {
			r, err := cb.Call()
			if err != nil {
				return nil, err
			}
			return configure(orm.NewColumnProperty(columnExpr(c, r[0]))), nil
		}}, nil
	}
	for _, v := range values {
		exprs = append(exprs, columnExpr(a.Call, v))
	}
	return configure(orm.NewColumnProperty(exprs...)), nil
}

// columnExpr reads what a column property is of.
func columnExpr(c *bind.Call, v lua.LValue) core.Expr {
	if m, ok := bind.Unwrap[*mappedColumn](v); ok {
		return m.column
	}
	return corelib.Expr(c, v, corelib.ElementRole)
}

var columnPropertyFunc = bind.Func("column_property(column, *columns, group=nil, deferred=nil, raiseload=false, comparator_factory=nil, active_history=false, expire_on_flush=true, info{}=nil, doc=nil)",
	"Map an attribute to a column or an expression.", "User.full = column_property(User.first .. User.last)", columnProperty)

var deferredFunc = bind.Func("deferred(column, *additional_columns, group=nil, raiseload=false, deferred=true, comparator_factory=nil, info{}=nil, doc=nil)",
	"A column that is loaded when it is first read.", "body = deferred(Column(Text))", columnProperty)

var queryExpression = bind.Func("query_expression(default_expr=nil)", "An attribute that with_expression() gives a value.", "total = query_expression()", func(a *bind.Args) (any, error) {
	p := orm.NewColumnProperty(core.Expr(core.NULL))
	if a.Has("default_expr") {
		p.Default = corelib.Expr(a.Call, a.Lua("default_expr"), corelib.ElementRole)
		p.Columns = []core.Expr{p.Default}
	}
	p.QueryExpression = true
	return p, nil
})

var columnPropertyClass = bind.Define[*orm.ColumnProperty]("ColumnProperty", "A mapped column or expression.").
	Property("key", "Its name.", func(p *orm.ColumnProperty) any { return p.Key() }).
	Property("columns", "Its columns.", func(p *orm.ColumnProperty) any { return p.Columns }).
	Property("expression", "What it is in SQL.", func(p *orm.ColumnProperty) any { return p.Expression() }).
	Property("parent", "Its mapper.", func(p *orm.ColumnProperty) any { return p.Parent() }).
	Property("deferred", "Whether it is loaded when first read.", func(p *orm.ColumnProperty) any { return p.Deferred }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Bases = []*bind.Class{corelib.Operators.Class}
		c.Repr = func(_ *bind.Call, self any) (string, error) { return propertyText(self.(*orm.ColumnProperty)), nil }
	})

func propertyText(p orm.Property) string {
	if m := p.Parent(); m != nil {
		return m.Name + "." + p.Key()
	}
	return p.Key()
}

var synonymFunc = bind.Func("synonym(name, map_column=nil, descriptor=nil, comparator_factory=nil, info{}=nil, doc=nil)", "Another name of an attribute.", `label = synonym("name")`, func(a *bind.Args) (any, error) {
	s := &orm.Synonym{Target: a.String("name"), MapColumn: a.Bool("map_column")}
	if a.Has("descriptor") {
		s.Descriptor = a.Any("descriptor")
	}
	return s, nil
})

var synonymClass = bind.Define[*orm.Synonym]("SynonymProperty", "Another name of an attribute.").
	Property("key", "Its name.", func(p *orm.Synonym) any { return p.Key() }).
	With(func(c *bind.Class) { c.Identity = true })

var compositeFunc = bind.Func("composite(class_, *attrs, group=nil, deferred=false, raiseload=false, comparator_factory=nil, active_history=false, info{}=nil, doc=nil)",
	"A value made of several columns.", `start = composite(Point, "x1", "y1")`, func(a *bind.Args) (any, error) {
		p := &orm.Composite{Group: a.String("group"), Deferred: a.Bool("deferred")}
		for _, v := range a.Rest() {
			switch x := a.ToGo(v).(type) {
			case string:
				p.Attrs = append(p.Attrs, x)
			case *mappedColumn:
				p.Attrs = append(p.Attrs, x.column)
			case *core.Column, *orm.ColumnProperty:
				p.Attrs = append(p.Attrs, x)
			default:
				return nil, exc.New(exc.ArgumentError, "composite() takes columns and names of attributes")
			}
		}
		maker, ok := a.CallbackOf(a.Lua("class_"))
		if !ok {
			return nil, exc.New(exc.ArgumentError, "composite() takes a class or a function first")
		}
		state := a.State
		p.New = func(values []any) (any, error) {
			r, err := maker.Call(values...)
			if err != nil || len(r) == 0 {
				return nil, err
			}
			return state.ToGo(r[0]), nil
		}
		p.Values = func(v any) ([]any, error) { return compositeValues(state, v) }
		return p, nil
	})

// compositeValues takes a composite value apart by __composite_values__.
func compositeValues(s *bind.State, v any) ([]any, error) {
	o, ok := v.(*object)
	if !ok {
		return nil, exc.New(exc.AttributeError, "a composite value needs __composite_values__")
	}
	f := o.class.method(s, "__composite_values__")
	if f == nil { // as a dataclass: its attributes in the order of assignment
		var out []any
		for _, name := range o.order {
			out = append(out, s.ToGo(o.values[name]))
		}
		return out, nil
	}
	r, err := f.Call(o)
	if err != nil {
		return nil, err
	}
	if len(r) == 1 {
		if t, ok := r[0].(*lua.LTable); ok {
			call := &bind.Call{State: s, L: s.Main}
			var out []any
			for _, item := range call.ListOf(t) {
				out = append(out, s.ToGo(item))
			}
			return out, nil
		}
	}
	out := make([]any, len(r))
	for i, x := range r {
		out[i] = s.ToGo(x)
	}
	return out, nil
}

var compositeClass = bind.Define[*orm.Composite]("CompositeProperty", "A value made of several columns.").
	Property("key", "Its name.", func(p *orm.Composite) any { return p.Key() }).
	With(func(c *bind.Class) { c.Identity = true })

const relationshipParams = `argument=nil, secondary=nil, *, uselist=nil, collection_class=nil, primaryjoin=nil, secondaryjoin=nil, back_populates=nil, order_by{}=nil, backref=nil, overlaps=nil, post_update=false, cascade=nil, viewonly=false, init=nil, repr=nil, default=nil, default_factory=nil, compare=nil, kw_only=nil, lazy="select", passive_deletes=false, passive_updates=true, active_history=false, enable_typechecks=true, foreign_keys{}=nil, remote_side{}=nil, join_depth=nil, comparator_factory=nil, single_parent=false, innerjoin=nil, distinct_target_key=nil, load_on_pending=false, query_class=nil, info{}=nil, omit_join=nil, sync_backref=nil, cascade_backrefs=false, bake_queries=true, _local_remote_pairs{}=nil, _legacy_inactive_history_style=false, doc=nil)`

var relationshipFunc = bind.Func("relationship("+relationshipParams, "Map an attribute to objects of another class.",
	`addresses = relationship("Address", {back_populates = "user"})`, func(a *bind.Args) (any, error) {
		r := orm.NewRelationship(nil)
		return r, readRelationship(a, r)
	})

// readRelationship reads the arguments of relationship() and backref().
func readRelationship(a *bind.Args, r *orm.Relationship) error {
	arg := func(name string) any {
		v := a.Lua(name)
		if v == lua.LNil {
			return nil
		}
		return lateArgument(a.State, v)
	}
	if a.Accepts("argument") {
		r.Argument = arg("argument")
	}
	r.Secondary, r.PrimaryJoin, r.SecondaryJoin = arg("secondary"), arg("primaryjoin"), arg("secondaryjoin")
	r.ForeignKeys, r.RemoteSide, r.OrderBy = arg("foreign_keys"), arg("remote_side"), arg("order_by")
	if b, ok := a.Lua("order_by").(lua.LBool); ok && !bool(b) {
		r.OrderBy = nil
	}
	r.UseListGiven = a.OptBool("uselist")
	r.BackPopulates = a.String("back_populates")
	r.Overlaps = a.String("overlaps")
	if a.Has("cascade") {
		text := a.String("cascade")
		if b, ok := a.Any("cascade").(bool); ok && !b {
			text = ""
		}
		if _, err := orm.ParseCascade(text); err != nil {
			return err
		}
		r.CascadeText = &text
	}
	switch l := a.Any("lazy").(type) {
	case nil:
		r.Lazy = "noload"
	case bool:
		r.Lazy = "select"
		if !l {
			r.Lazy = "joined"
		}
	case string:
		r.Lazy = l
	}
	r.PostUpdate, r.ViewOnly, r.SingleParent = a.Bool("post_update"), a.Bool("viewonly"), a.Bool("single_parent")
	if s, ok := a.Any("passive_deletes").(string); ok && s == "all" {
		r.PassiveDeletes, r.PassiveAll = true, true
	} else {
		r.PassiveDeletes = a.Bool("passive_deletes")
	}
	r.PassiveUpdates, r.ActiveHistory = a.Bool("passive_updates"), a.Bool("active_history")
	r.NoTypeChecks, r.LoadOnPending, r.CascadeBackrefs = !a.Bool("enable_typechecks"), a.Bool("load_on_pending"), a.Bool("cascade_backrefs")
	r.JoinDepth = a.Int("join_depth")
	r.InnerJoin = a.Any("innerjoin")
	r.DistinctTarget, r.OmitJoin = a.OptBool("distinct_target_key"), a.OptBool("omit_join")
	r.SyncBackref = a.OptBool("sync_backref")
	if r.ViewOnly && r.SyncBackref != nil && *r.SyncBackref {
		return exc.New(exc.ArgumentError, "sync_backref and viewonly cannot both be true")
	}
	if r.CascadeBackrefs {
		return exc.New(exc.ArgumentError, "The 'cascade_backrefs' parameter passed to relationship() may only be set to false.")
	}
	if t, ok := a.Lua("_local_remote_pairs").(*lua.LTable); ok {
		for _, v := range a.ListOf(t) {
			pair, ok := v.(*lua.LTable)
			if !ok || script.Len(pair) != 2 {
				return exc.New(exc.ArgumentError, "_local_remote_pairs takes pairs of columns")
			}
			r.LocalRemote = append(r.LocalRemote, [2]any{lateArgument(a.State, pair.RawGetInt(1)), lateArgument(a.State, pair.RawGetInt(2))})
		}
	}
	if a.Has("collection_class") {
		k, err := collectionClassOf(a, a.Lua("collection_class"))
		if err != nil {
			return err
		}
		r.Collection = k
	}
	if a.Accepts("backref") && a.Has("backref") {
		if r.BackPopulates != "" {
			return exc.New(exc.ArgumentError, "backref and back_populates keyword arguments are mutually exclusive")
		}
		switch b := a.Any("backref").(type) {
		case string:
			r.Backref = &orm.Backref{Name: b}
		case *orm.Backref:
			r.Backref = b
		default:
			return exc.New(exc.ArgumentError, "backref takes a name or backref(name, …)")
		}
	}
	return nil
}

// lateArgument is an argument that configuration resolves: a string stays one,
// a function is called then, a class that is not mapped yet is looked at then.
func lateArgument(s *bind.State, v lua.LValue) any {
	switch x := v.(type) {
	case lua.LString:
		return string(x)
	case *lua.LFunction:
		cb, _ := s.CallbackOf(x)
		return func() (any, error) {
			r, err := cb.Call()
			if err != nil || len(r) == 0 {
				return nil, err
			}
			return late(&bind.Call{State: s, L: s.Main}, r[0]), nil
		}
	}
	return func() (any, error) {
		return late(&bind.Call{State: s, L: s.Main}, v), nil
	}
}

var backrefFunc = bind.Func("backref(name, **kw)", "The other side of a relationship, with arguments of its own.", `backref("user", {lazy = "joined"})`, func(a *bind.Args) (any, error) {
	t := a.L.NewTable()
	for _, k := range a.Keywords() {
		t.RawSetString(k.Name, k.Value)
	}
	v, err := relationshipFunc.CallWith(a.Call, t)
	if err != nil {
		return nil, err
	}
	return &orm.Backref{Name: a.String("name"), Options: v.(*orm.Relationship)}, nil
})

var backrefClass = bind.Define[*orm.Backref]("backref", "The other side of a relationship.")

var relationshipClass = bind.Define[*orm.Relationship]("Relationship", "A mapped relationship.").
	Property("key", "Its name.", func(r *orm.Relationship) any { return r.Key() }).
	Property("parent", "Its mapper.", func(r *orm.Relationship) any { return r.Parent() }).
	Property("mapper", "The mapper of the related objects.", func(r *orm.Relationship) any { return r.Target() }).
	Computed("entity", "The mapper of the related objects.", func(_ *bind.Call, r *orm.Relationship) (any, error) { return r.Target(), nil }).
	Property("argument", "What it was given.", func(r *orm.Relationship) any { return r.Target() }).
	Property("direction", "ONETOMANY, MANYTOONE or MANYTOMANY.", func(r *orm.Relationship) any { return r.Direction().String() }).
	Property("uselist", "Whether it is a collection.", func(r *orm.Relationship) any { r.Target(); return r.UseList }).
	Property("lazy", "How it loads.", func(r *orm.Relationship) any { return r.Lazy }).
	Property("cascade", "What goes along it.", func(r *orm.Relationship) any { return r.Cascades().String() }).
	Setter(func(c *bind.Call, r *orm.Relationship, v lua.LValue) error { return r.SetCascade(c.Str(c.L, v)) }).
	Property("secondary", "The association table.", func(r *orm.Relationship) any {
		if f := r.SecondaryTable(); f != nil {
			return f
		}
		return nil
	}).
	Property("primaryjoin", "The condition.", func(r *orm.Relationship) any { return r.PrimaryJoinExpr() }).
	Property("back_populates", "The other side.", func(r *orm.Relationship) any { return nilText(r.BackPopulates) }).
	Property("viewonly", "Whether it is only read.", func(r *orm.Relationship) any { return r.ViewOnly }).
	Property("secondaryjoin", "The condition between association table and target.", func(r *orm.Relationship) any {
		if e := r.SecondaryJoinExpr(); e != nil {
			return e
		}
		return nil
	}).
	Property("local_remote_pairs", "The columns that the join compares.", func(r *orm.Relationship) any { return columnPairs(r.LocalRemotePairs()) }).
	Property("synchronize_pairs", "The columns that a flush copies.", func(r *orm.Relationship) any {
		pairs, _ := r.SynchronizePairs()
		return columnPairs(pairs)
	}).
	Property("secondary_synchronize_pairs", "The columns that a flush copies to the other half of the association table.", func(r *orm.Relationship) any {
		_, pairs := r.SynchronizePairs()
		return columnPairs(pairs)
	}).
	Property("remote_side", "The columns of the remote side.", func(r *orm.Relationship) any { return r.RemoteColumns() }).
	Property("local_columns", "The columns of the parent's side.", func(r *orm.Relationship) any { return r.LocalColumns() }).
	Property("target", "What the related objects are selected from.", func(r *orm.Relationship) any { return r.Target().Selectable() }).
	Property("order_by", "How a collection is ordered, or false.", func(r *orm.Relationship) any {
		if o := r.Ordering(); len(o) > 0 {
			return o
		}
		return false
	}).
	Property("passive_deletes", "Whether deleting leaves rows that are not loaded to the database.", func(r *orm.Relationship) any {
		if r.PassiveAll {
			return "all"
		}
		return r.PassiveDeletes
	}).
	Property("passive_updates", "Whether the database carries changes of keys on.", func(r *orm.Relationship) any { return r.PassiveUpdates }).
	Property("post_update", "Whether the foreign key is written apart.", func(r *orm.Relationship) any { return r.PostUpdate }).
	Property("single_parent", "Whether an object may have one parent only.", func(r *orm.Relationship) any { return r.SingleParent }).
	Property("sync_backref", "Whether changes go on to the other side; nil: where that makes sense.", func(r *orm.Relationship) any {
		if r.SyncBackref == nil {
			return nil
		}
		return *r.SyncBackref
	}).
	Property("strategy", "What loads it, as far as it is known: use_get.", func(r *orm.Relationship) any {
		n := &named{}
		n.add("use_get", r.UsesGet())
		return n
	}).
	Property("innerjoin", "Whether joined loading uses an inner join.", func(r *orm.Relationship) any { return r.InnerJoin }).
	Property("join_depth", "How deep a relationship to its own class loads eagerly.", func(r *orm.Relationship) any {
		if r.JoinDepth == 0 {
			return nil
		}
		return r.JoinDepth
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) { return propertyText(self.(*orm.Relationship)), nil }
	})

// columnPairs is a list of pairs of columns.
func columnPairs(pairs [][2]*core.Column) []any {
	out := []any{}
	for _, p := range pairs {
		out = append(out, pairOf(p[0], p[1]))
	}
	return out
}

func nilText(s string) any {
	if s == "" {
		return nil
	}
	return s
}
