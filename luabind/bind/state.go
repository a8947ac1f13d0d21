package bind

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"sync"
	"weak"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/script"
)

// State joins one Lua state with the bound classes.
type State struct {
	Main *lua.LState
	Door *script.Door
	Out  io.Writer // where print writes
	// EchoOut is where engines echo SQL; nil: where print writes.
	EchoOut io.Writer
	peeking bool
	// Kept is for the libraries: what they keep with the state, by keys of
	// their own types.
	Kept map[any]any
	// Warn is told what SQLAlchemy warns of; nil: nobody is.
	Warn func(message string)

	ctx     context.Context
	running *lua.LState // the coroutine that called into Go last

	classes   []*Class // in the order of registration
	byType    map[reflect.Type]*Class
	metas     map[*Class]*lua.LTable
	functions map[*Function]*lua.LFunction
	described map[*lua.LFunction]*Function
	operators map[string]*lua.LFunction // metamethods, shared by all classes
	null      *lua.LUserData
	makers    []ClassMaker
	repairs   []func(v any) (any, bool)
	instances []func(v, class any) (is, ok bool)
	closing   []func()

	handles sync.Mutex
	live    map[any]weak.Pointer[lua.LUserData]
}

// ClassStatement is class(name, bases, body, {keyword = …}), Python's class
// statement.
type ClassStatement struct {
	Name     string
	Bases    []lua.LValue
	Body     *lua.LTable
	Keywords []Keyword // class Name(Base, keyword=…)
}

// ClassMaker makes the class that a statement asks for, when one of the bases
// is of its kind.
type ClassMaker func(c *Call, d *ClassStatement) (v any, ok bool, err error)

// NewState makes the State of L. Print goes to out.
func NewState(L *lua.LState, out io.Writer) *State {
	s := &State{
		Main: L, Out: out, running: L,
		Kept:      map[any]any{},
		ctx:       context.Background(),
		byType:    map[reflect.Type]*Class{},
		metas:     map[*Class]*lua.LTable{},
		functions: map[*Function]*lua.LFunction{},
		described: map[*lua.LFunction]*Function{},
		live:      map[any]weak.Pointer[lua.LUserData]{},
	}
	s.operators = s.metamethods()
	s.Register(classClass.Class, namespaceClass.Class, errorClass.Class, excClass.Class, unbornClass.Class, nullClass.Class, integerClass.Class)
	s.AddClassMaker(makeErrorClass)
	s.null = s.FromGo(L, Null{}).(*lua.LUserData)
	s.Door = script.New(L, s)
	return s
}

// Register makes values of the classes' Go types appear as these classes.
func (s *State) Register(classes ...*Class) {
	for _, c := range classes {
		s.classes = append(s.classes, c)
		s.byType[c.typ] = c
	}
	for t, c := range s.byType { // what an interface class answered may change
		if c.typ != t {
			delete(s.byType, t)
		}
	}
}

// AddClassMaker teaches class() a kind of base.
func (s *State) AddClassMaker(m ClassMaker) { s.makers = append(s.makers, m) }

// Context is what the running input may be stopped by.
func (s *State) Context() context.Context { return s.ctx }

// SetContext sets the context of what runs next.
func (s *State) SetContext(ctx context.Context) { s.ctx = ctx }

// Global defines globals: functions, classes and namespaces under their names.
func (s *State) Global(members ...any) {
	for _, m := range members {
		switch m := m.(type) {
		case *Function:
			s.SetGlobal(m.Name, m)
		case *Class:
			s.SetGlobal(m.Name, m)
		case *Namespace:
			s.SetGlobal(m.Name, m)
		default:
			panic(fmt.Sprintf("bind: %T has no name of its own", m))
		}
	}
}

// SetGlobal defines one global.
func (s *State) SetGlobal(name string, v any) {
	s.Main.G.Global.RawSetString(name, s.FromGo(s.Main, v))
}

// Classes lists the classes in the order in which they were registered.
func (s *State) Classes() []*Class { return s.classes }

// ClassFor finds the class of a Go value: that of its own type, else the last
// registered whose interface it has. nil for a value that nobody bound.
func (s *State) ClassFor(v any) *Class {
	if own := OwnOf(v); own != nil {
		return own.Class
	}
	t := reflect.TypeOf(v)
	if c, ok := s.byType[t]; ok {
		if c != nil && c.Variant != nil {
			if own := c.Variant(v); own != nil {
				return own
			}
		}
		return c
	}
	var found *Class
	for i := len(s.classes) - 1; i >= 0; i-- {
		c := s.classes[i]
		if c.typ.Kind() == reflect.Interface && c.typ.NumMethod() > 0 && t.Implements(c.typ) {
			found = c
			break
		}
	}
	s.byType[t] = found
	return found
}

// classOf finds the class of a Lua value, nil for Lua's own.
func (s *State) classOf(v lua.LValue) *Class {
	if u, ok := v.(*lua.LUserData); ok && u.Value != nil {
		return s.ClassFor(u.Value)
	}
	return nil
}

// handle is what the slot of a Go object holds for the binding: Class.Slot.
type handle struct {
	state *State
	value *lua.LUserData
}

// userdata gives the Lua value of a Go value that a class describes.
func (s *State) userdata(v any, c *Class) *lua.LUserData {
	if c.Slot != nil {
		slot := c.Slot(v)
		if have, ok := (*slot).(handle); ok && have.state == s {
			return have.value
		}
		u := &lua.LUserData{Value: v, Metatable: s.meta(c)}
		*slot = handle{s, u}
		return u
	}
	if !inherit(c, func(c *Class) bool { return c.Identity }, func(b bool) bool { return b }) || reflect.TypeOf(v).Kind() != reflect.Pointer {
		return &lua.LUserData{Value: v, Metatable: s.meta(c)}
	}
	s.handles.Lock()
	defer s.handles.Unlock()
	if w, ok := s.live[v]; ok {
		if u := w.Value(); u != nil {
			return u
		}
	}
	// The map's key keeps the Go object alive until its Lua value goes: while
	// a script can still reach the value it can reach the object anyway.
	u := &lua.LUserData{Value: v, Metatable: s.meta(c)}
	s.keep(u, v)
	return u
}

// KindOf names the kind of a Lua value in messages: "a string", "a Table".
func (s *State) KindOf(v lua.LValue) string {
	switch v := v.(type) {
	case *lua.LNilType:
		return "nil"
	case *lua.LUserData:
		if v == s.null {
			return "null"
		}
		if c := s.classOf(v); c != nil {
			return article(c.Name)
		}
		return fmt.Sprintf("a %T", v.Value)
	}
	return "a " + v.Type().String()
}

// typeName names a Go type as Lua knows it.
func typeName[T any](s *State) string {
	t := reflect.TypeFor[T]()
	if c, ok := s.byType[t]; ok && c != nil {
		return c.Name
	}
	for _, c := range s.classes {
		if c.typ == t {
			return c.Name
		}
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// AtClose has f called when the state is closed.
func (s *State) AtClose(f func()) { s.closing = append(s.closing, f) }

// Close undoes what the state did outside of itself.
func (s *State) Close() {
	for _, f := range s.closing {
		f()
	}
}

// Function gives the Lua function of a bound one, the same each time.
func (s *State) Function(f *Function) *lua.LFunction {
	if fn, ok := s.functions[f]; ok {
		return fn
	}
	fn := s.Main.NewFunction(func(L *lua.LState) int { return s.invoke(L, f) })
	fn.Env = s.Main.G.Global
	s.functions[f] = fn
	s.described[fn] = f
	return fn
}

// Described finds the table entry of a Lua function, for help().
func (s *State) Described(fn *lua.LFunction) (*Function, bool) {
	f, ok := s.described[fn]
	return f, ok
}

// invoke is the door of every call from Lua into Go.
func (s *State) invoke(L *lua.LState, f *Function) int {
	before := s.running
	s.running = L
	defer s.leave(L, before)
	c := Call{s, L}
	a := Args{Call: &c, fn: f}
	first := 1
	if f.method {
		u, ok := L.Get(1).(*lua.LUserData)
		if !ok || !f.accept(u.Value) {
			a.notSelf()
		}
		a.self, a.selfLua = u.Value, u
		first = 2
	} else if u, ok := L.Get(1).(*lua.LUserData); ok {
		if n, ok := u.Value.(*Namespace); ok && n.names[f.Name] != nil && f.Owner == n.Name {
			Fail(exc.TypeError, "%s is a namespace: use %s.%s() with a dot", n.Name, n.Name, f.Name)
		}
		if owner, ok := u.Value.(*Class); ok && owner.statics[f.Name] == f {
			first = 2 // date:today() is date.today()
		}
	}
	a.read(first)
	v, err := f.call(&a)
	if err != nil {
		panic(failure{err})
	}
	return s.push(L, v)
}

// notSelf ends the call of a method without its own kind of receiver.
func (a *Args) notSelf() {
	use := a.dotted(a.L, a.fn.Name)
	if use == "" {
		use = "value:" + a.fn.Name + "()"
	}
	Fail(exc.TypeError, "%s is a method: use %s", a.fn.Name, use)
}

// leave restores the running coroutine and turns panics into Lua errors.
func (s *State) leave(L *lua.LState, before *lua.LState) {
	s.running = before
	if p := recover(); p != nil {
		s.raisePanic(L, p)
	}
}

// push pushes the result of a call.
func (s *State) push(L *lua.LState, v any) int {
	if vs, ok := v.(Values); ok {
		for _, v := range vs {
			L.Push(s.FromGo(L, v))
		}
		return len(vs)
	}
	L.Push(s.FromGo(L, v))
	return 1
}

// protect runs f at a crossing that is not a call: a metamethod, a hook.
func (s *State) protect(L *lua.LState, f func(c *Call) error) {
	before := s.running
	s.running = L
	defer s.leave(L, before)
	if err := f(&Call{s, L}); err != nil {
		panic(failure{err})
	}
}

// meta is the metatable of a class, made when first needed.
func (s *State) meta(c *Class) *lua.LTable {
	if mt, ok := s.metas[c]; ok {
		return mt
	}
	mt := &lua.LTable{Metatable: lua.LNil}
	s.metas[c] = mt
	mt.RawSetString("__metatable", lua.LString(c.Name))
	mt.RawSetString("__index", s.indexer(c))
	mt.RawSetString("__newindex", s.assigner(c))
	for name, fn := range s.operators {
		mt.RawSetString(name, fn)
	}
	if !c.hasValue() {
		mt.RawSetString("__eq", lua.LNil)
		mt.RawSetString("__lt", lua.LNil)
		mt.RawSetString("__le", lua.LNil)
	}
	return mt
}

func (c *Class) hasValue() bool {
	return inherit(c, func(c *Class) bool { return c.Value }, func(b bool) bool { return b })
}

// A Converter is a Go value of another package that shows as a plain one.
type Converter func(v any) (any, bool)

// AddConverter adds one to FromGo.
func (s *State) AddConverter(f Converter) { s.repairs = append(s.repairs, f) }

// Describe gives a Lua function the table entry of another, for help().
func (s *State) Describe(fn *lua.LFunction, f *Function) *lua.LFunction {
	s.described[fn] = f
	return fn
}

// Invoke calls a bound function with the arguments on L's stack, as Lua does.
func (s *State) Invoke(L *lua.LState, f *Function) int { return s.invoke(L, f) }
