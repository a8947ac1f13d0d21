package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

const relationshipParams = `argument=nil, secondary=nil, *, uselist=nil, collection_class=nil, primaryjoin=nil, secondaryjoin=nil, back_populates=nil, order_by{}=nil, backref=nil, overlaps=nil, post_update=false, cascade=nil, viewonly=false, lazy="select", passive_deletes=false, passive_updates=true, active_history=false, enable_typechecks=true, foreign_keys{}=nil, remote_side{}=nil, join_depth=nil, comparator_factory=nil, single_parent=false, innerjoin=nil, distinct_target_key=nil, load_on_pending=false, query_class=nil, info{}=nil, omit_join=nil, sync_backref=nil, cascade_backrefs=false, bake_queries=true, _local_remote_pairs{}=nil, _legacy_inactive_history_style=false, doc=nil, ` + fieldParams + `)`

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
		r.Note = noteOf(a)
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
	Property("direction", "ONETOMANY, MANYTOONE or MANYTOMANY.", func(r *orm.Relationship) any { return r.Direction() }).
	Property("load_on_pending", "Whether an object that is not stored yet loads it.", func(r *orm.Relationship) any { return r.LoadOnPending }).
	Setter(func(_ *bind.Call, r *orm.Relationship, v lua.LValue) error {
		r.LoadOnPending = lua.LVAsBool(v)
		return nil
	}).
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

// directionClass is SQLAlchemy's enumeration.
var directionClass = bind.Define[orm.Direction]("RelationshipDirection", "Which side of a relationship holds the foreign key: ONETOMANY, MANYTOONE or MANYTOMANY.").
	Property("name", "Its name.", func(d orm.Direction) any { return d.String() }).
	Property("value", "Its number.", func(d orm.Direction) any { return int(d) }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Str = func(_ *bind.Call, self any) (string, error) {
			return "RelationshipDirection." + self.(orm.Direction).String(), nil
		}
		c.Repr = func(_ *bind.Call, self any) (string, error) { return self.(orm.Direction).Repr(), nil }
		c.ClassAttr = func(_ *bind.Call, name string) (any, bool) {
			for _, d := range directions {
				if d.String() == name {
					return d, true
				}
			}
			return nil, false
		}
	})

var directions = []orm.Direction{orm.OneToMany, orm.ManyToOne, orm.ManyToMany}

// columnPairs is a list of pairs of columns.
func columnPairs(pairs [][2]*core.Column) []any {
	out := []any{}
	for _, p := range pairs {
		out = append(out, pairOf(p[0], p[1]))
	}
	return out
}
