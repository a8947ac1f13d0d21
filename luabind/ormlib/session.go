package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/enginelib"
	"alchemysh/orm"
)

// pairOf is a tuple of two.
func pairOf(a, b any) any { return engine.NewRow(engine.NewMeta(nil), []any{a, b}) }

func prepare(s *orm.Session, a *bind.Call) *orm.Session {
	s.SetContext(a.State.Context)
	return s
}

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

func sessionSlot(self any) *any { return self.(*orm.Session).Handle() }

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
	Property("_flushing", "Whether a flush is on its way, for a get_bind() of one's own.", func(s *orm.Session) any { return s.Flushing() }).
	Property("bind", "Where SQL goes.", func(s *orm.Session) any { return s.Options().Bind }).
	Setter(func(c *bind.Call, s *orm.Session, v lua.LValue) error {
		s.Options().Bind = bindOf(c.ToGo(v))
		return nil
	}).
	With(func(class *bind.Class) {
		class.Slot = sessionSlot
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
