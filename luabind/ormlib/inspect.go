package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// stateOf is inspect(obj): the state of an object.
type stateOf struct{ i *orm.Instance }

// named is a bag of things by name: mapper.attrs, state.attrs.
type named struct {
	keys   []string
	values map[string]any
}

func (n *named) add(key string, v any) {
	if n.values == nil {
		n.values = map[string]any{}
	}
	n.keys = append(n.keys, key)
	n.values[key] = v
}

var namedClass = bind.Define[*named]("ReadOnlyProperties", "Things by name.").
	Method("keys()", "The names.", "inspect(User).attrs:keys()", func(n *named, a *bind.Args) (any, error) { return n.keys, nil }).
	Method("values()", "The things.", "inspect(User).attrs:values()", func(n *named, a *bind.Args) (any, error) {
		out := make([]any, len(n.keys))
		for i, k := range n.keys {
			out[i] = n.values[k]
		}
		return out, nil
	}).
	Method("items()", "Pairs of name and thing.", "inspect(User).attrs:items()", func(n *named, a *bind.Args) (any, error) {
		out := make([]any, len(n.keys))
		for i, k := range n.keys {
			out[i] = []any{k, n.values[k]}
		}
		return out, nil
	}).
	Method("get(key, default=nil)", "The thing of a name.", `inspect(User).attrs:get("id")`, func(n *named, a *bind.Args) (any, error) {
		if v, ok := n.values[a.String("key")]; ok {
			return v, nil
		}
		return a.Lua("default"), nil
	}).
	Method("contains(key)", "Whether there is a thing of that name.", `inspect(User).attrs:contains("id")`, func(n *named, a *bind.Args) (any, error) {
		_, ok := n.values[a.String("key")]
		return ok, nil
	}).
	With(func(c *bind.Class) {
		c.AttrFirst = true
		c.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
			v, ok := self.(*named).values[name]
			return v, ok, nil
		}
		c.AttrNames = func(self any) []string { return self.(*named).keys }
		c.Len = func(_ *bind.Call, self any) (int, error) { return len(self.(*named).keys), nil }
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			n := self.(*named)
			i := 0
			return func() (any, bool, error) {
				if i >= len(n.keys) {
					return nil, false, nil
				}
				i++
				return n.values[n.keys[i-1]], true, nil
			}, nil
		}
	})

// attributeState is one attribute of an inspected object.
type attributeState struct {
	i   *orm.Instance
	key string
}

var attributeStateClass = bind.Define[*attributeState]("AttributeState", "One attribute of an object.").
	Property("key", "Its name.", func(s *attributeState) any { return s.key }).
	Computed("value", "Its value.", func(c *bind.Call, s *attributeState) (any, error) {
		v, err := s.i.Get(s.key)
		return v, err
	}).
	Computed("loaded_value", "Its value, if it is loaded.", func(c *bind.Call, s *attributeState) (any, error) {
		v, ok := s.i.Loaded(s.key)
		if !ok {
			return noValue{}, nil
		}
		return v, nil
	}).
	Computed("history", "What changed.", func(c *bind.Call, s *attributeState) (any, error) {
		h, err := s.i.History(s.key)
		return &h, err
	}).
	Method("load_history()", "What changed, loading what must be known.", "state.attrs.name:load_history()", func(s *attributeState, a *bind.Args) (any, error) {
		h, err := s.i.LoadHistory(s.key)
		return &h, err
	})

// noValue is SQLAlchemy's NO_VALUE.
type noValue struct{}

var noValueClass = bind.Define[noValue]("LoaderCallableStatus", "No value is loaded.").With(func(c *bind.Class) {
	c.Repr = func(*bind.Call, any) (string, error) { return "symbol('NO_VALUE')", nil }
})

var historyClass = bind.Define[*orm.History]("History", "What changed of an attribute.").
	Property("added", "What is new.", func(h *orm.History) any { return listOf(h.Added) }).
	Property("unchanged", "What stayed.", func(h *orm.History) any { return listOf(h.Unchanged) }).
	Property("deleted", "What was there.", func(h *orm.History) any { return listOf(h.Deleted) }).
	Method("has_changes()", "Whether anything changed.", "history:has_changes()", func(h *orm.History, a *bind.Args) (any, error) { return h.HasChanges(), nil }).
	Method("empty()", "Whether there is nothing.", "history:empty()", func(h *orm.History, a *bind.Args) (any, error) { return h.Empty(), nil }).
	Method("sum()", "All of it.", "history:sum()", func(h *orm.History, a *bind.Args) (any, error) { return listOf(h.Sum()), nil }).
	Method("non_deleted()", "What is there.", "history:non_deleted()", func(h *orm.History, a *bind.Args) (any, error) { return listOf(h.NonDeleted()), nil }).
	Method("non_added()", "What was there.", "history:non_added()", func(h *orm.History, a *bind.Args) (any, error) { return listOf(h.NonAdded()), nil }).
	With(func(class *bind.Class) {
		class.Unpack = func(_ *bind.Call, self any) ([]any, error) {
			h := self.(*orm.History)
			return []any{listOf(h.Added), listOf(h.Unchanged), listOf(h.Deleted)}, nil
		}
		class.Item = func(_ *bind.Call, self any, key lua.LValue) (any, error) {
			h := self.(*orm.History)
			switch key {
			case lua.LNumber(1):
				return listOf(h.Added), nil
			case lua.LNumber(2):
				return listOf(h.Unchanged), nil
			case lua.LNumber(3):
				return listOf(h.Deleted), nil
			}
			return nil, nil
		}
		class.Repr = func(c *bind.Call, self any) (string, error) {
			h := self.(*orm.History)
			side := func(v []any) string {
				if v == nil { // a tuple there, where the sides of a collection are lists
					return "()"
				}
				return c.ReprGo(v)
			}
			return "History(added=" + side(h.Added) + ", unchanged=" + side(h.Unchanged) + ", deleted=" + side(h.Deleted) + ")", nil
		}
	})

func listOf(v []any) []any {
	if v == nil {
		return []any{}
	}
	return v
}

var stateClass = bind.Define[*stateOf]("InstanceState", "The state of an object.").
	Property("object", "The object.", func(s *stateOf) any { return s.i }).
	Property("mapper", "Its mapper.", func(s *stateOf) any { return s.i.Mapper() }).
	Property("class_", "Its class.", func(s *stateOf) any { return classOf(s.i.Mapper()) }).
	Property("session", "Its session, or nil.", func(s *stateOf) any {
		if x := s.i.Session(); x != nil {
			return x
		}
		return nil
	}).
	Property("transient", "Whether it is in no session and not in the database.", func(s *stateOf) any { return s.i.Transient() }).
	Property("pending", "Whether it waits to be inserted.", func(s *stateOf) any { return s.i.Pending() }).
	Property("persistent", "Whether it is in a session and in the database.", func(s *stateOf) any { return s.i.Persistent() }).
	Property("deleted", "Whether it was deleted in the open transaction.", func(s *stateOf) any { return s.i.Deleted() }).
	Property("detached", "Whether it is in the database but in no session.", func(s *stateOf) any { return s.i.Detached() }).
	Property("was_deleted", "Whether it was deleted.", func(s *stateOf) any { return s.i.WasDeleted() }).
	Property("modified", "Whether anything was set since the last flush.", func(s *stateOf) any { return s.i.Modified() }).
	Property("expired", "Whether it will be loaded anew.", func(s *stateOf) any { return s.i.Expired() }).
	Property("expired_attributes", "The attributes that will be loaded anew.", func(s *stateOf) any { return s.i.ExpiredAttributes() }).
	Property("unloaded", "The attributes that are not loaded.", func(s *stateOf) any { return s.i.Unloaded() }).
	Property("has_identity", "Whether it has a primary key in the database.", func(s *stateOf) any { return s.i.Identity() != nil }).
	Property("identity", "Its primary key, or nil.", func(s *stateOf) any {
		if k := s.i.Identity(); k != nil {
			return engine.NewRow(engine.NewMeta(nil), k.Values)
		}
		return nil
	}).
	Property("key", "Its class and primary key.", func(s *stateOf) any { return identityKey(s.i.Identity()) }).
	Property("identity_token", "The token of its identity, or nil.", func(s *stateOf) any {
		if k := s.i.Identity(); k != nil {
			return k.Token
		}
		return nil
	}).
	Property("is_instance", "Whether it is the state of an object.", func(*stateOf) any { return true }).
	Property("unmodified", "The attributes that have not changed.", func(s *stateOf) any { return s.i.Unmodified() }).
	Property("unloaded_expirable", "The attributes that are not loaded.", func(s *stateOf) any { return s.i.Unloaded() }).
	Property("identity_key", "Its class and primary key.", func(s *stateOf) any { return identityKey(s.i.Identity()) }).
	Property("attrs", "Its attributes, each with its history.", func(s *stateOf) any {
		n := &named{}
		for _, p := range s.i.Mapper().Properties() {
			n.add(p.Key(), &attributeState{s.i, p.Key()})
		}
		return n
	}).
	Property("info", "Anything you keep with it.", func(s *stateOf) any {
		if s.i.Info == nil {
			s.i.Info = map[string]any{}
		}
		return s.i.Info
	}).
	Property("dict", "The values that are loaded.", func(s *stateOf) any {
		out := map[string]any{}
		for _, p := range s.i.Mapper().Properties() {
			if v, ok := s.i.Loaded(p.Key()); ok {
				out[p.Key()] = v
			}
		}
		return out
	}).
	With(func(c *bind.Class) {
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return "<InstanceState of " + self.(*stateOf).i.String() + ">", nil
		}
	})

func properties[P orm.Property](list []P) *named {
	n := &named{}
	for _, p := range list {
		n.add(p.Key(), p)
	}
	return n
}

var mapperClass = bind.Define[*orm.Mapper]("Mapper", "What joins a class with a table.").
	Property("class_", "The class.", func(m *orm.Mapper) any { return classOf(m) }).
	Property("entity", "The class.", func(m *orm.Mapper) any { return classOf(m) }).
	Property("mapper", "The mapper itself, as inspection of a class gives one.", func(m *orm.Mapper) any { return m }).
	Property("local_table", "The class's own table.", func(m *orm.Mapper) any { return core.PlainFrom(m.Local) }).
	Property("mapped_table", "What its rows come from.", func(m *orm.Mapper) any { return m.Selectable() }).
	Property("persist_selectable", "What its rows come from.", func(m *orm.Mapper) any { return m.Selectable() }).
	Property("selectable", "What a query selects from.", func(m *orm.Mapper) any { return m.Entity().From() }).
	Property("tables", "The tables that a flush writes.", func(m *orm.Mapper) any { return m.Tables() }).
	Property("primary_key", "The columns of the identity.", func(m *orm.Mapper) any { return m.PrimaryKey() }).
	Property("attrs", "All mapped attributes.", func(m *orm.Mapper) any { check(m.Registry.Configure()); return properties(m.Properties()) }).
	Property("column_attrs", "The mapped columns.", func(m *orm.Mapper) any { return properties(m.ColumnAttrs()) }).
	Property("relationships", "The relationships.", func(m *orm.Mapper) any { check(m.Registry.Configure()); return properties(m.Relationships()) }).
	Property("synonyms", "The synonyms.", func(m *orm.Mapper) any { return only[*orm.Synonym](m) }).
	Property("composites", "The composites.", func(m *orm.Mapper) any { return only[*orm.Composite](m) }).
	Property("columns", "The mapped columns by attribute.", func(m *orm.Mapper) any { return mappedColumns(m) }).
	Property("c", "The mapped columns by attribute.", func(m *orm.Mapper) any { return mappedColumns(m) }).
	Property("all_orm_descriptors", "All attributes, hybrids and proxies too.", func(m *orm.Mapper) any {
		n := properties(m.Properties())
		if k := classOf(m); k != nil {
			for _, b := range k.mro() {
				for _, name := range b.names {
					if d := descriptorOf(b.body[name]); d != nil && n.values[name] == nil {
						n.add(name, d)
					}
				}
			}
		}
		return n
	}).
	Property("inherits", "The mapper that it inherits from.", func(m *orm.Mapper) any {
		if m.Inherits != nil {
			return m.Inherits
		}
		return nil
	}).
	Property("base_mapper", "The mapper at the root of the hierarchy.", func(m *orm.Mapper) any { return m.Base() }).
	Property("single", "Whether it shares its parent's table.", func(m *orm.Mapper) any { return m.Single() }).
	Property("concrete", "Whether it is concrete.", func(m *orm.Mapper) any { return m.Concrete }).
	Property("polymorphic_on", "The discriminator.", func(m *orm.Mapper) any {
		if e := m.PolymorphicColumn(); e != nil {
			return e
		}
		return nil
	}).
	Property("polymorphic_identity", "Its value of the discriminator.", func(m *orm.Mapper) any { return m.PolymorphicIdentity }).
	Property("polymorphic_map", "Mappers by discriminator.", func(m *orm.Mapper) any {
		out := map[string]any{}
		for k, v := range m.PolymorphicIdentities() {
			if s, ok := k.(string); ok {
				out[s] = v
			}
		}
		return out
	}).
	Property("self_and_descendants", "It and those that inherit from it.", func(m *orm.Mapper) any { return m.SelfAndDescendants() }).
	Property("version_id_col", "The version counter.", func(m *orm.Mapper) any {
		if c := m.VersionColumn(); c != nil {
			return c
		}
		return nil
	}).
	Property("registry", "Its family.", func(m *orm.Mapper) any {
		if k := classOf(m); k != nil {
			return k.registryOf()
		}
		return nil
	}).
	Method("get_property(key)", "The attribute of a name.", `mapper:get_property("name")`, func(m *orm.Mapper, a *bind.Args) (any, error) {
		p := m.Property(a.String("key"))
		if p == nil {
			return nil, exc.New(exc.InvalidRequestError, "Mapper '%s' has no property '%s'.  If this property was indicated from other mappers or configure events, ensure registry.configure() has been called.", m, a.String("key"))
		}
		return p, nil
	}).
	Method("has_property(key)", "Whether there is an attribute of that name.", `mapper:has_property("name")`, func(m *orm.Mapper, a *bind.Args) (any, error) {
		return m.Property(a.String("key")) != nil, nil
	}).
	Method("get_property_by_column(column)", "The attribute that a column is mapped to.", "mapper:get_property_by_column(users.c.id)", func(m *orm.Mapper, a *bind.Args) (any, error) {
		col := bind.Get[*core.Column](a, "column")
		for _, p := range m.ColumnAttrs() {
			for _, e := range p.Columns {
				if core.Plain(e) == core.Expr(col) {
					return p, nil
				}
			}
		}
		return nil, exc.New(exc.UnmappedColumnError, "No column %s is configured on mapper %s...", col.Name, m)
	}).
	Method("primary_key_from_instance(instance)", "The primary key of an object.", "mapper:primary_key_from_instance(user)", func(m *orm.Mapper, a *bind.Args) (any, error) {
		i := instanceOf(a, "instance")
		var out []any
		for _, c := range m.PrimaryKey() {
			for _, p := range m.ColumnAttrs() {
				if p.Column() == c {
					v, err := i.Get(p.Key())
					if err != nil {
						return nil, err
					}
					out = append(out, v)
				}
			}
		}
		return out, nil
	}).
	Method("isa(other)", "Whether it is, or inherits from, another.", "mapper:isa(other)", func(m *orm.Mapper, a *bind.Args) (any, error) { return m.IsA(mapperArg(a, "other")), nil }).
	Method("add_property(key, prop)", "Map a further attribute.", `mapper:add_property("shout", column_property(func.upper(users.c.name)))`, func(m *orm.Mapper, a *bind.Args) (any, error) {
		_, err := setClassAttr(a.Call, classOf(m), a.String("key"), a.Lua("prop"))
		return nil, err
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Str = func(_ *bind.Call, self any) (string, error) { return self.(*orm.Mapper).String(), nil }
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return "<Mapper at 0x7f0000000000; " + self.(*orm.Mapper).Name + ">", nil
		}
	})

func only[P orm.Property](m *orm.Mapper) *named {
	n := &named{}
	for _, p := range m.Properties() {
		if x, ok := p.(P); ok {
			n.add(p.Key(), x)
		}
	}
	return n
}

func mappedColumns(m *orm.Mapper) *named {
	n := &named{}
	for _, p := range m.ColumnAttrs() {
		if c := p.Column(); c != nil {
			n.add(p.Key(), c)
		}
	}
	return n
}

// inspectORM is inspect() of what the ORM knows; ok is false for the rest.
func inspectORM(v any) (any, bool) {
	switch x := v.(type) {
	case *orm.Instance:
		return &stateOf{x}, true
	case *Class:
		if x.mapper == nil {
			return nil, false
		}
		check(x.mapper.Registry.Configure())
		return x.mapper, true
	case *orm.Mapper, *orm.Entity:
		return x, true
	case *core.Annotated:
		return x, true
	}
	return nil, false
}

var objectFunctions = []any{
	bind.Func("object_session(instance)", "The session of an object, or nil.", "object_session(user)", sessionOf),
	bind.Func("close_all_sessions()", "Close all sessions.", "close_all_sessions()", func(a *bind.Args) (any, error) { return nil, closeAll(a.State) }),
	bind.Func("was_deleted(object)", "Whether an object was deleted.", "was_deleted(user)", func(a *bind.Args) (any, error) {
		return instanceOf(a, "object").WasDeleted(), nil
	}),
	bind.Func("class_mapper(class_, configure=true)", "The mapper of a class.", "class_mapper(User)", func(a *bind.Args) (any, error) { return mapperArg(a, "class_"), nil }),
	bind.Func("object_mapper(instance)", "The mapper of an object.", "object_mapper(user)", func(a *bind.Args) (any, error) { return instanceOf(a, "instance").Mapper(), nil }),
	bind.Func("configure_mappers()", "Resolve what mappings left open.", "configure_mappers()", func(a *bind.Args) (any, error) {
		for _, r := range allRegistries(a.State) {
			if err := r.Registry.Configure(); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}),
	bind.Func("clear_mappers()", "Forget all mappings.", "clear_mappers()", func(a *bind.Args) (any, error) {
		for _, r := range allRegistries(a.State) {
			r.Registry.Dispose()
		}
		return nil, nil
	}),
	bind.Func("make_transient(instance)", "Make an object as if it had never been saved.", "make_transient(user)", func(a *bind.Args) (any, error) {
		return nil, orm.MakeTransient(instanceOf(a, "instance"))
	}),
	bind.Func("make_transient_to_detached(instance)", "Make an object as if it had been loaded and detached.", "make_transient_to_detached(user)", func(a *bind.Args) (any, error) {
		return nil, orm.MakeTransientToDetached(instanceOf(a, "instance"))
	}),
	bind.Func("flag_modified(instance, key)", "Mark an attribute as changed.", `flag_modified(user, "data")`, func(a *bind.Args) (any, error) {
		return nil, flagModified(instanceOf(a, "instance"), a.String("key"))
	}),
	bind.Func("flag_dirty(instance)", "Mark an object as changed.", "flag_dirty(user)", func(a *bind.Args) (any, error) {
		instanceOf(a, "instance").FlagDirty()
		return nil, nil
	}),
	bind.Func("set_attribute(instance, key, value{!})", "Set an attribute.", `set_attribute(user, "name", "ed")`, func(a *bind.Args) (any, error) {
		i := instanceOf(a, "instance")
		_, err := setInstanceAttr(a.Call, i, a.String("key"), a.Lua("value"))
		return nil, err
	}),
	bind.Func("get_attribute(instance, key)", "Read an attribute.", `get_attribute(user, "name")`, func(a *bind.Args) (any, error) {
		i, key := instanceOf(a, "instance"), a.String("key")
		v, err := i.Get(key)
		return fromAttribute(a.Call, i, key, v), err
	}),
	bind.Func("del_attribute(instance, key)", "Delete an attribute.", `del_attribute(user, "name")`, func(a *bind.Args) (any, error) {
		_, err := delInstanceAttr(a.Call, instanceOf(a, "instance"), lua.LString(a.String("key")))
		return nil, err
	}),
	bind.Func("set_committed_value(instance, key, value{!})", "Set an attribute as if it had been loaded.", `set_committed_value(user, "name", "ed")`, func(a *bind.Args) (any, error) {
		i := instanceOf(a, "instance")
		return nil, i.SetCommitted(a.String("key"), toAttribute(a.Call, i.Mapper(), a.String("key"), a.Lua("value")))
	}),
	bind.Func("get_history(instance, key)", "What changed of an attribute.", `get_history(user, "name")`, func(a *bind.Args) (any, error) {
		h, err := instanceOf(a, "instance").History(a.String("key"))
		return &h, err
	}),
	bind.Func("identity_key("+identityKeyParams, "The identity of a primary key.", "identity_key(User, 5)", identityKeyFrom),
}

// sessionOf is object_session().
func sessionOf(a *bind.Args) (any, error) {
	if s := instanceOf(a, "instance").Session(); s != nil {
		return s, nil
	}
	return nil, nil
}

const identityKeyParams = "class_=nil, ident{!}=nil, *, instance=nil, row=nil, identity_token=nil)"

// identityKeyFrom is identity_key(): of a class and a primary key or a row, or
// of an object.
func identityKeyFrom(a *bind.Args) (any, error) {
	if a.Has("instance") {
		return identityKey(instanceOf(a, "instance").CurrentIdentity()), nil
	}
	m := mapperArg(a, "class_")
	if m == nil {
		return nil, exc.New(exc.ArgumentError, "class or instance is required")
	}
	if row, ok := a.Any("row").(engine.Row); ok {
		var values []any
		for _, c := range m.PrimaryKey() {
			v, err := row.Of(c)
			if err != nil {
				return nil, err
			}
			values = append(values, v)
		}
		return identityKey(m.NewIdentity(values, a.Any("identity_token"))), nil
	}
	v := identOf(a, a.Lua("ident"))
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	return identityKey(m.NewIdentity(list, a.Any("identity_token"))), nil
}
