package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// maker is sessionmaker(…).
type maker struct {
	args    *lua.LTable // as they were given
	events  orm.Events
	session func(c *bind.Call, args *lua.LTable) (*orm.Session, error)
	own     any
}

// Own is the slot for a script's class that derives from sessionmaker.
func (m *maker) Own() *any { return &m.own }

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

// openDerived makes sessions of a script's class.
func openDerived(k *Class) func(c *bind.Call, args *lua.LTable) (*orm.Session, error) {
	return func(c *bind.Call, args *lua.LTable) (*orm.Session, error) {
		var call []lua.LValue
		if script.Len(args) > 0 || script.HasFields(args) {
			call = append(call, args)
		}
		v, err := construct(c, k, call)
		if err != nil {
			return nil, err
		}
		s, ok := bind.Unwrap[*orm.Session](c.FromGo(c.L, v))
		if !ok {
			return nil, exc.New(exc.ArgumentError, "class_ %s does not derive from Session", k.Name)
		}
		return s, nil
	}
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
		switch k := a.Any("class_").(type) {
		case nil:
		case *bind.Class:
			if k == shardedClass.Class {
				m.session = openSharded
			}
		case *Class:
			m.session = openDerived(k)
		default:
			return nil, exc.New(exc.ArgumentError, "class_ must be Session, or a class that derives from it")
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
