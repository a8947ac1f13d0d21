package ormlib

import (
	"sync"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/enginelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

const sessionParams = `bind=nil, *, binds{}=nil, autoflush=true, future=true, expire_on_commit=true, autobegin=true, twophase=false, enable_baked_queries=true, info{}=nil, query_cls=nil, autocommit=false, join_transaction_mode=nil, close_resets_only=nil)`

// bindOf reads where SQL goes: an engine or a connection.
func bindOf(v any) orm.Bind {
	switch x := v.(type) {
	case nil:
		return nil
	case *engine.Engine, *engine.Connection:
		return x
	}
	bind.Fail(exc.ArgumentError, "bind takes an engine or a connection")
	return nil
}

// bindKey is a key of binds: a mapper, or a table.
func bindKey(c *bind.Call, v lua.LValue) any {
	switch x := c.ToGo(v).(type) {
	case *Class:
		if m := x.mapped(); m != nil {
			return m
		}
		return x
	case *orm.Mapper, *core.Table:
		return x
	}
	bind.Fail(exc.ArgumentError, "Not an acceptable bind target: %s", c.Repr(c.L, v))
	return nil
}

// sessionOptions reads the arguments of Session and sessionmaker.
func sessionOptions(a *bind.Args, o *orm.SessionOptions) {
	if a.Given("bind") {
		o.Bind = bindOf(a.Any("bind"))
	}
	flag := func(name string, to *bool) {
		if a.Given(name) {
			*to = a.Bool(name)
		}
	}
	flag("autoflush", &o.Autoflush)
	flag("expire_on_commit", &o.ExpireOnCommit)
	flag("autobegin", &o.Autobegin)
	flag("twophase", &o.TwoPhase)
	if a.Has("close_resets_only") {
		o.ClosePermanently = !a.Bool("close_resets_only")
	}
	if a.Bool("autocommit") {
		bind.Fail(exc.ArgumentError, "autocommit=true is no longer supported")
	}
	if a.Has("join_transaction_mode") {
		o.JoinTransactionMode = a.String("join_transaction_mode")
	}
	if t, ok := a.Lua("binds").(*lua.LTable); ok {
		o.Binds = map[any]orm.Bind{}
		for k, v := range script.Fields(t) {
			key := bindKey(a.Call, k)
			b := bindOf(a.ToGo(v))
			if k, ok := key.(*Class); ok { // a base: all that derive from it
				for _, sub := range k.mappedSubclasses() {
					o.Binds[sub] = b
				}
				continue
			}
			o.Binds[key] = b
		}
	}
	if t, ok := a.Any("info").(types.Object); ok {
		o.Info = map[string]any{}
		for k, v := range t.All() {
			o.Info[k] = v
		}
	}
}

// mappedSubclasses are the mappers of the classes that derive from k.
func (c *Class) mappedSubclasses() []*orm.Mapper {
	var out []*orm.Mapper
	if r := c.registryOf(); r != nil {
		for _, m := range r.Registry.Mappers() {
			if k := classOf(m); k != nil && k.derives(c) {
				out = append(out, m)
			}
		}
	}
	return out
}

// identitySet is session.new, dirty and deleted: a set of objects.
type identitySet struct{ items []*orm.Instance }

var identitySetClass = bind.Define[*identitySet]("IdentitySet", "A set of objects.").
	Method("contains(item)", "Whether an object is in it.", "session.new:contains(user)", func(s *identitySet, a *bind.Args) (any, error) {
		i, _ := bind.Unwrap[*orm.Instance](a.Lua("item"))
		for _, x := range s.items {
			if x == i {
				return true, nil
			}
		}
		return false, nil
	}).
	With(func(c *bind.Class) {
		c.Len = func(_ *bind.Call, self any) (int, error) { return len(self.(*identitySet).items), nil }
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			return each(self.(*identitySet).items), nil
		}
		c.Item = func(_ *bind.Call, self any, key lua.LValue) (any, error) {
			s := self.(*identitySet)
			if n, ok := key.(lua.LNumber); ok && int(n) >= 1 && int(n) <= len(s.items) {
				return s.items[int(n)-1], nil
			}
			return nil, nil
		}
		c.Repr = func(c *bind.Call, self any) (string, error) {
			return "IdentitySet(" + c.ReprGo(self.(*identitySet).items) + ")", nil
		}
	})

// identityMap is session.identity_map.
type identityMap struct{ s *orm.Session }

var identityMapClass = bind.Define[*identityMap]("IdentityMap", "The persistent objects of a session, by identity.").
	Method("items()", "Pairs of identity and object.", "for key, user in session.identity_map:items() do print(key, user) end", func(m *identityMap, a *bind.Args) (any, error) {
		out := []any{}
		for _, i := range m.s.IdentityMap() {
			out = append(out, pairOf(identityKey(i.Identity()), i))
		}
		return out, nil
	}).
	Method("get(key{!}, default=nil)", "The object of an identity.", "session.identity_map:get(identity_key(User, 5))", func(m *identityMap, a *bind.Args) (any, error) {
		if i := m.find(a.Call, a.Lua("key")); i != nil {
			return i, nil
		}
		return a.Lua("default"), nil
	}).
	Method("contains(key{!})", "Whether an object with this identity is in it.", "session.identity_map:contains(identity_key(User, 5))", func(m *identityMap, a *bind.Args) (any, error) {
		return m.find(a.Call, a.Lua("key")) != nil, nil
	}).
	Method("contains_state(state)", "Whether the object of a state is in it.", "session.identity_map:contains_state(inspect(user))", func(m *identityMap, a *bind.Args) (any, error) {
		s := bind.Get[*stateOf](a, "state")
		return s != nil && s.i.Identity() != nil && m.s.Lookup(s.i.Identity()) == s.i, nil
	}).
	Method("values()", "The objects.", "session.identity_map:values()", func(m *identityMap, a *bind.Args) (any, error) { return m.s.IdentityMap(), nil }).
	Method("keys()", "Their identities.", "session.identity_map:keys()", func(m *identityMap, a *bind.Args) (any, error) {
		var out []any
		for _, i := range m.s.IdentityMap() {
			out = append(out, identityKey(i.Identity()))
		}
		return out, nil
	}).
	With(func(c *bind.Class) {
		c.Len = func(_ *bind.Call, self any) (int, error) { return len(self.(*identityMap).s.IdentityMap()), nil }
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			return each(self.(*identityMap).s.IdentityMap()), nil
		}
		c.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) {
			if i := self.(*identityMap).find(c, key); i != nil {
				return i, nil
			}
			return nil, exc.New(exc.KeyError, "%s", c.Repr(c.L, key))
		}
	})

// find looks an object up by the tuple of its identity.
func (m *identityMap) find(c *bind.Call, key lua.LValue) *orm.Instance {
	k, ok := c.ToGo(key).(engine.Row)
	if !ok {
		return nil
	}
	parts := k.Values()
	if len(parts) < 2 {
		return nil
	}
	class, _ := parts[0].(*Class)
	values, _ := parts[1].(engine.Row)
	if class == nil || class.mapped() == nil {
		return nil
	}
	var token any
	if len(parts) > 2 {
		token = parts[2]
	}
	return m.s.Lookup(class.mapped().NewIdentity(values.Values(), token))
}

// pairOf is a tuple of two.
func pairOf(a, b any) any { return engine.NewRow(engine.NewMeta(nil), []any{a, b}) }

// identityKey is the tuple of an identity: class, primary key, token.
func identityKey(k *orm.Identity) any {
	if k == nil {
		return nil
	}
	return engine.NewRow(engine.NewMeta(nil), []any{classOf(k.Base), engine.NewRow(engine.NewMeta(nil), k.Values), k.Token})
}

func prepare(s *orm.Session, a *bind.Call) *orm.Session {
	s.SetContext(a.State.Context)
	return s
}

// noAutoflush is session.no_autoflush, a context manager.
type noAutoflush struct {
	s      *orm.Session
	resume func()
}

var noAutoflushClass = bind.Define[*noAutoflush]("no_autoflush", "No autoflush within: with(session.no_autoflush, f).").With(func(c *bind.Class) {
	c.Enter = func(_ *bind.Call, self any) (any, error) {
		n := self.(*noAutoflush)
		n.resume = n.s.SuspendAutoflush()
		return n.s, nil
	}
	c.Exit = func(_ *bind.Call, self any, err error) error {
		self.(*noAutoflush).resume()
		return err
	}
})

// transactionClass is the class of session transactions.
var transactionClass = bind.Define[*orm.Transaction]("SessionTransaction", "A transaction of a session.").
	Method("commit()", "Commit it.", "tx:commit()", func(t *orm.Transaction, a *bind.Args) (any, error) { return nil, t.Commit() }).
	Method("rollback()", "Roll it back.", "tx:rollback()", func(t *orm.Transaction, a *bind.Args) (any, error) { return nil, t.Rollback() }).
	Method("prepare()", "Prepare it for two-phase commit.", "tx:prepare()", func(t *orm.Transaction, a *bind.Args) (any, error) { return nil, t.Prepare() }).
	Property("nested", "Whether it is a savepoint.", func(t *orm.Transaction) any { return t.Nested() }).
	Property("is_active", "Whether it goes on.", func(t *orm.Transaction) any { return t.Active() }).
	Property("session", "Its session.", func(t *orm.Transaction) any { return t.Session() }).
	Property("parent", "The transaction around it.", func(t *orm.Transaction) any {
		if p := t.Parent(); p != nil {
			return p
		}
		return nil
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Enter = func(_ *bind.Call, self any) (any, error) { return self, nil }
		c.Exit = func(_ *bind.Call, self any, err error) error { return self.(*orm.Transaction).Exit(err) }
	})

// mapperArg reads a mapped class as a mapper; nil when it was not given.
func mapperArg(a *bind.Args, name string) *orm.Mapper {
	switch x := a.Any(name).(type) {
	case nil:
		return nil
	case *Class:
		m := x.mapped()
		if m == nil {
			bind.Fail(exc.UnmappedClassError, "Class '%s' is not mapped", x.Name)
		}
		check(m.Registry.Configure())
		return m
	case *orm.Mapper:
		return x
	case *orm.Entity:
		return x.Mapper
	}
	bind.Fail(exc.ArgumentError, "%s(): a mapped class is expected, got %s", a.Name(), a.Repr(a.L, a.Lua(name)))
	return nil
}

// keyNames reads a list of attribute names.
func keyNames(a *bind.Args, name string) []string {
	if !a.Has(name) {
		return nil
	}
	return a.Strings(name)
}

var sessionClass = bind.Define[*orm.Session]("Session", "Objects and the database, kept in step.").
	Constructor("Session("+sessionParams, "Open a session.", "session = Session(engine)", func(a *bind.Args) (any, error) {
		o := orm.DefaultSessionOptions()
		sessionOptions(a, &o)
		s := orm.NewSession(o)
		state := a.State
		s.LazyLoad = func(r *orm.Relationship, i *orm.Instance) {
			if w, ok := lazyWatchers.Load(state); ok {
				w.(LazyWatcher)(s, r, i)
			}
		}
		s.SetContext(a.State.Context)
		remember(state, s)
		return s, keepQueryKind(a, s)
	}).
	Static("object_session(instance)", "The session of an object, or nil.", "Session:object_session(user)", sessionOf).
	Static("identity_key("+identityKeyParams, "The identity of a primary key.", "Session:identity_key(User, 5)", identityKeyFrom).
	Static("close_all()", "Close all sessions.", "Session:close_all()", func(a *bind.Args) (any, error) { return nil, closeAll(a.State) }).
	Method("add(instance, *, _warn=true)", "Put an object into the session.", "session:add(user)", func(s *orm.Session, a *bind.Args) (any, error) {
		return nil, prepare(s, a.Call).Add(instanceOf(a, "instance"))
	}).
	Method("add_all(instances{})", "Put several objects into the session.", "session:add_all({a, b})", func(s *orm.Session, a *bind.Args) (any, error) {
		return nil, prepare(s, a.Call).AddAll(instances(a, a.Lua("instances")))
	}).
	Method("delete(instance)", "Delete an object at the next flush.", "session:delete(user)", func(s *orm.Session, a *bind.Args) (any, error) {
		return nil, prepare(s, a.Call).Delete(instanceOf(a, "instance"))
	}).
	Method("delete_all(instances{})", "Delete several objects at the next flush.", "session:delete_all({a, b})", func(s *orm.Session, a *bind.Args) (any, error) {
		for _, i := range instances(a, a.Lua("instances")) {
			if err := prepare(s, a.Call).Delete(i); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}).
	Method("flush(objects{}=nil)", "Write all changes.", "session:flush()", func(s *orm.Session, a *bind.Args) (any, error) {
		prepare(s, a.Call)
		if a.Has("objects") {
			return nil, s.FlushObjects(instances(a, a.Lua("objects")))
		}
		return nil, s.Flush()
	}).
	Method("commit()", "Flush and commit.", "session:commit()", func(s *orm.Session, a *bind.Args) (any, error) { return nil, prepare(s, a.Call).Commit() }).
	Method("rollback()", "Roll back.", "session:rollback()", func(s *orm.Session, a *bind.Args) (any, error) { return nil, prepare(s, a.Call).Rollback() }).
	Method("prepare()", "Prepare for two-phase commit.", "session:prepare()", func(s *orm.Session, a *bind.Args) (any, error) { return nil, prepare(s, a.Call).Prepare() }).
	Method("begin(nested=false)", "Begin a transaction.", "with(session:begin(), f)", func(s *orm.Session, a *bind.Args) (any, error) {
		if a.Bool("nested") {
			return prepare(s, a.Call).BeginNested()
		}
		return prepare(s, a.Call).Begin()
	}).
	Method("begin_nested()", "Begin a savepoint.", "with(session:begin_nested(), f)", func(s *orm.Session, a *bind.Args) (any, error) { return prepare(s, a.Call).BeginNested() }).
	Method("close()", "Let go of all objects and the connection.", "session:close()", func(s *orm.Session, a *bind.Args) (any, error) { return nil, prepare(s, a.Call).Close() }).
	Method("reset()", "Let go of all objects and the connection.", "session:reset()", func(s *orm.Session, a *bind.Args) (any, error) { return nil, prepare(s, a.Call).Reset() }).
	Method("invalidate()", "Close, and throw the connection away.", "session:invalidate()", func(s *orm.Session, a *bind.Args) (any, error) { return nil, prepare(s, a.Call).Invalidate() }).
	Method("expire(instance, attribute_names{}=nil)", "Load an object anew when it is next read.", "session:expire(user)", func(s *orm.Session, a *bind.Args) (any, error) {
		return nil, prepare(s, a.Call).Expire(instanceOf(a, "instance"), keyNames(a, "attribute_names"))
	}).
	Method("expire_all()", "Load all objects anew when they are next read.", "session:expire_all()", func(s *orm.Session, a *bind.Args) (any, error) { return nil, prepare(s, a.Call).ExpireAll() }).
	Method("expunge(instance)", "Take an object out of the session.", "session:expunge(user)", func(s *orm.Session, a *bind.Args) (any, error) {
		return nil, prepare(s, a.Call).Expunge(instanceOf(a, "instance"))
	}).
	Method("expunge_all()", "Take all objects out of the session.", "session:expunge_all()", func(s *orm.Session, a *bind.Args) (any, error) { return nil, prepare(s, a.Call).ExpungeAll() }).
	Method("is_modified(instance, include_collections=true)", "Whether an object has changes to write.", "session:is_modified(user)", func(s *orm.Session, a *bind.Args) (any, error) {
		return prepare(s, a.Call).IsModified(instanceOf(a, "instance"), !a.Bool("include_collections"))
	}).
	Method("contains(instance)", "Whether an object is in the session.", "session:contains(user)", func(s *orm.Session, a *bind.Args) (any, error) {
		return s.Contains(instanceOf(a, "instance")), nil
	}).
	Method("in_transaction()", "Whether a transaction is open.", "session:in_transaction()", func(s *orm.Session, a *bind.Args) (any, error) { return s.InTransaction(), nil }).
	Method("in_nested_transaction()", "Whether a savepoint is open.", "session:in_nested_transaction()", func(s *orm.Session, a *bind.Args) (any, error) { return s.InNestedTransaction(), nil }).
	Method("get_transaction()", "The transaction, or nil.", "session:get_transaction()", func(s *orm.Session, a *bind.Args) (any, error) {
		if t := s.Transaction(); t != nil {
			return t, nil
		}
		return nil, nil
	}).
	Method("get_nested_transaction()", "The savepoint, or nil.", "session:get_nested_transaction()", func(s *orm.Session, a *bind.Args) (any, error) {
		if t := s.NestedTransaction(); t != nil {
			return t, nil
		}
		return nil, nil
	}).
	Method("connection(bind_arguments{}=nil, execution_options{}=nil)", "The session's connection.", "session:connection()", func(s *orm.Session, a *bind.Args) (any, error) {
		m, b := bindArguments(a)
		return prepare(s, a.Call).Connection(m, nil, b, enginelib.Options(a.Call, a.Lua("execution_options")))
	}).
	Method("get_bind(mapper=nil, *, clause=nil, bind=nil)", "Where statements about a class go.", "session:get_bind(User)", func(s *orm.Session, a *bind.Args) (any, error) {
		var n core.Node
		if a.Has("clause") {
			n, _ = corelib.Value(a.Call, a.Lua("clause")).(core.Node)
		}
		return s.GetBind(mapperArg(a, "mapper"), n)
	}).
	Method("bind_mapper(mapper, bind)", "Send what concerns a class to its own database.", "session:bind_mapper(User, engine)", func(s *orm.Session, a *bind.Args) (any, error) {
		s.BindMapper(mapperArg(a, "mapper"), bindOf(a.Any("bind")))
		return nil, nil
	}).
	Method("bind_table(table, bind)", "Send what concerns a table to its own database.", "session:bind_table(users, engine)", func(s *orm.Session, a *bind.Args) (any, error) {
		s.BindTable(bind.Get[*core.Table](a, "table"), bindOf(a.Any("bind")))
		return nil, nil
	}).
	Property("new", "The objects that the next flush inserts.", func(s *orm.Session) any { return &identitySet{s.New()} }).
	Property("dirty", "The objects that have changed.", func(s *orm.Session) any { return &identitySet{s.Dirty()} }).
	Property("deleted", "The objects that the next flush deletes.", func(s *orm.Session) any { return &identitySet{s.Deleted()} }).
	Property("identity_map", "The persistent objects.", func(s *orm.Session) any { return &identityMap{s} }).
	Property("no_autoflush", "No autoflush within: with(session.no_autoflush, f).", func(s *orm.Session) any { return &noAutoflush{s: s} }).
	Property("is_active", "Whether it can go on.", func(s *orm.Session) any { return s.IsActive() }).
	Property("info", "Anything you keep with it.", func(s *orm.Session) any { return s.Info }).
	Property("autoflush", "Whether queries flush first.", func(s *orm.Session) any { return s.Options().Autoflush }).
	Setter(func(c *bind.Call, s *orm.Session, v lua.LValue) error {
		s.Options().Autoflush = lua.LVAsBool(v)
		return nil
	}).
	Property("expire_on_commit", "Whether a commit expires all objects.", func(s *orm.Session) any { return s.Options().ExpireOnCommit }).
	Setter(func(c *bind.Call, s *orm.Session, v lua.LValue) error {
		s.Options().ExpireOnCommit = lua.LVAsBool(v)
		return nil
	}).
	Property("bind", "Where SQL goes.", func(s *orm.Session) any { return s.Options().Bind }).
	Setter(func(c *bind.Call, s *orm.Session, v lua.LValue) error {
		s.Options().Bind = bindOf(c.ToGo(v))
		return nil
	}).
	With(func(class *bind.Class) {
		class.Slot = func(self any) *any { return self.(*orm.Session).Handle() }
		class.Loud = true
		class.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			return each(self.(*orm.Session).All()), nil
		}
		class.Enter = func(c *bind.Call, self any) (any, error) { return prepare(self.(*orm.Session), c), nil }
		class.Exit = func(c *bind.Call, self any, err error) error {
			if closing := prepare(self.(*orm.Session), c).Close(); closing != nil && err == nil {
				return closing
			}
			return err
		}
		class.Repr = func(*bind.Call, any) (string, error) { return "<Session>", nil }
	})

// bindArguments reads bind_arguments=.
func bindArguments(a *bind.Args) (*orm.Mapper, orm.Bind) {
	t, ok := a.Lua("bind_arguments").(*lua.LTable)
	if !ok {
		return nil, nil
	}
	var m *orm.Mapper
	var b orm.Bind
	switch x := a.ToGo(t.RawGetString("mapper")).(type) {
	case *Class:
		m = x.mapped()
	case *orm.Mapper:
		m = x
	}
	if v := t.RawGetString("bind"); v != lua.LNil {
		b = bindOf(a.ToGo(v))
	}
	return m, b
}

// maker is sessionmaker(…).
type maker struct {
	args    *lua.LTable // as they were given
	events  orm.Events
	session func(c *bind.Call, args *lua.LTable) (*orm.Session, error)
}

// open makes a session with further arguments.
func (m *maker) open(c *bind.Call, over *lua.LTable) (*orm.Session, error) {
	t := c.L.NewTable()
	for _, from := range []*lua.LTable{m.args, over} {
		if from == nil {
			continue
		}
		for i := 1; i <= script.Len(from); i++ {
			t.RawSetInt(i, from.RawGetInt(i))
		}
		for k, v := range script.Fields(from) {
			t.RawSet(k, v)
		}
	}
	if b := t.RawGetInt(1); b != lua.LNil && t.RawGetString("bind") != lua.LNil {
		if t.RawGetInt(1) != lua.LNil {
			t = withoutPositions(c, t)
		}
	}
	if info, over := infoOf(m.args), infoOf(over); info != nil && over != nil { // one over the other, not instead of it
		both := c.L.NewTable()
		for _, from := range []*lua.LTable{info, over} {
			for k, v := range script.Fields(from) {
				both.RawSet(k, v)
			}
		}
		t.RawSetString("info", both)
	}
	s, err := m.session(c, t)
	if err != nil {
		return nil, err
	}
	s.ClassEvents = append(s.ClassEvents, &m.events)
	return s, nil
}

// infoOf is the info= among arguments; nil without one.
func infoOf(args *lua.LTable) *lua.LTable {
	if args == nil {
		return nil
	}
	t, _ := args.RawGetString("info").(*lua.LTable)
	return t
}

func withoutPositions(c *bind.Call, t *lua.LTable) *lua.LTable {
	n := c.L.NewTable()
	for k, v := range script.Fields(t) {
		n.RawSet(k, v)
	}
	return n
}

// openSession makes a plain session of the table of its arguments.
func openSession(c *bind.Call, args *lua.LTable) (*orm.Session, error) {
	v, err := sessionClass.New.CallWith(c, args)
	if err != nil {
		return nil, err
	}
	return v.(*orm.Session), nil
}

// tableOfArgs is the arguments of a call as one table.
func tableOfArgs(a *bind.Args, names ...string) *lua.LTable {
	t := a.L.NewTable()
	for i, v := range a.Rest() {
		t.RawSetInt(i+1, v)
	}
	for _, k := range a.Keywords() {
		t.RawSetString(k.Name, k.Value)
	}
	for _, n := range names {
		if a.Given(n) {
			t.RawSetString(n, a.Lua(n))
		}
	}
	return t
}

var makerClass = bind.Define[*maker]("sessionmaker", "Makes sessions with the same settings.").
	Constructor("sessionmaker(bind=nil, *, class_=nil, **kw)", "Make a maker of sessions.", "Session = sessionmaker(engine)", func(a *bind.Args) (any, error) {
		m := &maker{args: tableOfArgs(a, "bind"), session: openSession}
		if k, ok := a.Any("class_").(*bind.Class); ok && k.Name == "ShardedSession" {
			m.session = openSharded
		}
		return m, nil
	}).
	Method("begin()", "A session in a transaction, for with().", `with(Session:begin(), function(session) session:add(User{name = "mary"}) end)`, func(m *maker, a *bind.Args) (any, error) {
		s, err := m.open(a.Call, nil)
		if err != nil {
			return nil, err
		}
		return &begun{s: s}, nil
	}).
	Method("object_session(instance)", "The session of an object, or nil.", "Session:object_session(user)", func(_ *maker, a *bind.Args) (any, error) { return sessionOf(a) }).
	Method("identity_key("+identityKeyParams, "The identity of a primary key.", "Session:identity_key(User, 5)", func(_ *maker, a *bind.Args) (any, error) { return identityKeyFrom(a) }).
	Method("close_all()", "Close all sessions.", "Session:close_all()", func(_ *maker, a *bind.Args) (any, error) { return nil, closeAll(a.State) }).
	Method("configure(**new_kw)", "Change the settings of later sessions.", "Session:configure{autoflush = false}", func(m *maker, a *bind.Args) (any, error) {
		for _, k := range a.Keywords() {
			m.args.RawSetString(k.Name, k.Value)
		}
		return nil, nil
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Call = bind.Func("Session(*args, **kw)", "Open a session.", "session = Session()", func(a *bind.Args) (any, error) {
			return bind.SelfOf[*maker](a).open(a.Call, tableOfArgs(a))
		})
	})

// boundMethod is a method that is called with another object as its self.
func boundMethod(c *bind.Call, f *bind.Function, self any) lua.LValue {
	return c.L.NewFunction(func(L *lua.LState) int {
		L.Replace(1, c.FromGo(L, self))
		return c.Invoke(L, f)
	})
}

// begun is sessionmaker:begin(): a session whose transaction and itself end
// with the block.
type begun struct {
	s  *orm.Session
	tx *orm.Transaction
}

var begunClass = bind.Define[*begun]("begin", "A session in a transaction, for with().").With(func(class *bind.Class) {
	class.Enter = func(c *bind.Call, self any) (any, error) {
		b := self.(*begun)
		var err error
		b.tx, err = prepare(b.s, c).Begin()
		return b.s, err
	}
	class.Exit = func(c *bind.Call, self any, err error) error {
		b := self.(*begun)
		result := b.tx.Exit(err)
		if closing := prepare(b.s, c).Close(); closing != nil && result == nil {
			return closing
		}
		return result
	}
})

// scoped is scoped_session(maker): one session per coroutine.
type scoped struct {
	maker *maker
	scope *bind.Callback // of scopefunc
	mu    sync.Mutex
	live  map[any]*orm.Session
}

func (s *scoped) key(c *bind.Call) (any, error) {
	if s.scope == nil {
		return c.L, nil
	}
	return s.scope.Call1()
}

func (s *scoped) current(c *bind.Call, args *lua.LTable) (*orm.Session, error) {
	k, err := s.key(c)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if have := s.live[k]; have != nil {
		if args != nil && script.HasFields(args) {
			return nil, exc.New(exc.InvalidRequestError, "Scoped session is already present; no new arguments may be specified.")
		}
		return have, nil
	}
	made, err := s.maker.open(c, args)
	if err == nil {
		s.live[k] = made
	}
	return made, err
}

var scopedClass = bind.Define[*scoped]("scoped_session", "One session for each coroutine.").
	Constructor("scoped_session(session_factory, scopefunc=nil)", "One session for each coroutine.", "Session = scoped_session(sessionmaker(engine))", func(a *bind.Args) (any, error) {
		return &scoped{maker: bind.Get[*maker](a, "session_factory"), scope: a.Function("scopefunc"), live: map[any]*orm.Session{}}, nil
	}).
	Method("remove()", "Close the current session and forget it.", "Session:remove()", func(s *scoped, a *bind.Args) (any, error) {
		k, err := s.key(a.Call)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		have := s.live[k]
		delete(s.live, k)
		s.mu.Unlock()
		if have == nil {
			return nil, nil
		}
		return nil, prepare(have, a.Call).Close()
	}).
	Method("configure(**kw)", "Change the settings of later sessions.", "Session:configure{autoflush = false}", func(s *scoped, a *bind.Args) (any, error) {
		for _, k := range a.Keywords() {
			s.maker.args.RawSetString(k.Name, k.Value)
		}
		return nil, nil
	}).
	Method("query_property(query_cls=nil)", "An attribute of classes that is a query of the class, of the current session.", "Base.query = Session:query_property()", func(s *scoped, a *bind.Args) (any, error) {
		k, _ := bind.Unwrap[*queryKind](a.Lua("query_cls"))
		return &queryProperty{s, k}, nil
	}).
	Method("has()", "Whether there is a current session.", "Session.registry:has()", func(s *scoped, a *bind.Args) (any, error) {
		k, err := s.key(a.Call)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.live[k] != nil, nil
	}).
	Property("registry", "What holds the sessions.", func(s *scoped) any { return s }).
	Property("session_factory", "What makes the sessions.", func(s *scoped) any { return s.maker }).
	With(func(class *bind.Class) {
		class.Identity = true
		class.Call = bind.Func("Session(**kw)", "The current session.", "session = Session()", func(a *bind.Args) (any, error) {
			return bind.SelfOf[*scoped](a).current(a.Call, tableOfArgs(a))
		})
		class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
			s, err := self.(*scoped).current(c, nil)
			if err != nil {
				return nil, true, err
			}
			m := sessionClass.Class.Member(name)
			if m == nil {
				return nil, false, nil
			}
			if m.Method != nil { // Scoped:add(x) is the current session's add
				return boundMethod(c, m.Method, s), true, nil
			}
			return c.L.GetField(c.FromGo(c.L, s), name), true, nil
		}
		class.AttrNames = func(any) []string { return sessionClass.Class.Names() }
		class.Iterate = func(c *bind.Call, self any) (func() (any, bool, error), error) {
			s, err := self.(*scoped).current(c, nil)
			if err != nil {
				return nil, err
			}
			return each(s.All()), nil
		}
	})

// LazyWatcher is told of a lazy load that asks the database.
type LazyWatcher func(s *orm.Session, r *orm.Relationship, i *orm.Instance)

var lazyWatchers sync.Map // *bind.State → LazyWatcher

// WatchLazyLoads has f told of every lazy load of the sessions of a state; nil
// ends it. The shell's notice about near-identical selects counts them.
func WatchLazyLoads(s *bind.State, f LazyWatcher) {
	if f == nil {
		lazyWatchers.Delete(s)
		return
	}
	lazyWatchers.Store(s, f)
}
