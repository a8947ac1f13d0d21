package ormlib

import (
	"sync"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// scoped is scoped_session(maker): one session per coroutine.
type scoped struct {
	maker *maker
	scope *bind.Callback // of scopefunc
	mu    sync.Mutex
	live  map[any]*orm.Session
	own   any
}

// Own is the slot for a script's class that derives from scoped_session.
func (s *scoped) Own() *any { return &s.own }

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
		k, _ := bind.Unwrap[*Class](a.Lua("query_cls"))
		if k != nil && k.boundTo() != queryClass.Class {
			return nil, exc.New(exc.ArgumentError, "query_cls must be a class that derives from Query")
		}
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
			if own, ok := c.L.GetField(c.FromGo(c.L, s), name).(*lua.LFunction); ok && bind.OwnOf(s) != nil { // overridden
				return c.L.NewFunction(func(L *lua.LState) int {
					L.Replace(1, c.FromGo(L, s))
					L.Insert(own, 1)
					L.Call(L.GetTop()-1, lua.MultRet)
					return L.GetTop()
				}), true, nil
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
