package enginelib

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// Listening is one event.listen(target, name, f).
type Listening struct {
	Target any
	Name   string
	F      *bind.Callback
	// Retval: what the function returns replaces its arguments.
	Retval bool
	Insert bool // before the listeners that are there
	Once   bool
	Named  bool // the function takes one table with the arguments by name
	// Arguments are their names.
	Arguments []string
	// Propagate: of subclasses too; ActiveHistory: the old value is loaded.
	Propagate, ActiveHistory bool

	done  bool
	state *bind.State
	// removers take the listener away from where a Source has put it.
	removers []func()
}

// remove ends the listening.
func (l *Listening) remove() {
	l.done = true
	for _, f := range l.removers {
		f()
	}
	l.removers = nil
}

// Call runs the listener and gives what it returned; a removed one does nothing.
func (l *Listening) Call(args ...any) ([]any, error) {
	if l.done {
		return nil, nil
	}
	if l.Once {
		l.remove()
	}
	if l.Named {
		t := l.state.Main.NewTable()
		for i, name := range l.Arguments {
			if i < len(args) {
				t.RawSetString(name, l.state.FromGo(l.state.Main, args[i]))
			}
		}
		args = []any{t}
	}
	results, err := l.F.Call(args...)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(results))
	for i, r := range results {
		out[i] = l.state.ToGo(r)
	}
	return out, nil
}

// Tell is Call for listeners whose results do not matter.
func (l *Listening) Tell(args ...any) error {
	_, err := l.Call(args...)
	return err
}

// Source is what can be listened to: it adds the listener if the target is of
// its kind. ok is false for another kind; an unknown event name is an error.
type Source func(c *bind.Call, l *Listening) (ok bool, err error)

// registry is what this package keeps with a state: the sources of events and
// who listens, and what its engines have in common.
type registry struct {
	sources     []Source
	listening   []*Listening
	inspections []Inspection
	scope       engine.Scope
}

type registryKey struct{}

func registryOf(s *bind.State) *registry {
	r, ok := s.Kept[registryKey{}].(*registry)
	if !ok {
		r = &registry{}
		s.Kept[registryKey{}] = r
	}
	return r
}

// Scope is what the engines that the state makes have in common.
func Scope(s *bind.State) *engine.Scope { return &registryOf(s).scope }

// AddSource teaches event.listen() a kind of target.
func AddSource(s *bind.State, src Source) {
	r := registryOf(s)
	r.sources = append(r.sources, src)
}

// NoSuchEvent is the error for a name that the target does not have.
func NoSuchEvent(name string, target string) error {
	return exc.New(exc.InvalidRequestError, "No such event '%s' for target '%s'", name, target)
}

// listening reads the arguments of listen() and its kin.
func listening(a *bind.Args, target any) Listening {
	return Listening{Target: target, Name: a.String("identifier"), Retval: a.Bool("retval"), Insert: a.Bool("insert"), Once: a.Bool("once"), Named: a.Bool("named"),
		Propagate: a.Bool("propagate"), ActiveHistory: a.Bool("active_history")}
}

func listen(a *bind.Args) (any, error) {
	if s, ok := a.Any("fn").(core.DDLStatement); ok { // a statement is its own listener
		to, ok := schemaListener(a.State, a.Any("target"))
		if !ok {
			return nil, NoSuchEvent(a.String("identifier"), a.ReprGo(a.Any("target")))
		}
		to(a.String("identifier"), s)
		return nil, nil
	}
	f, ok := a.CallbackOf(a.Lua("fn"))
	if !ok {
		return nil, exc.New(exc.TypeError, "event.%s(): fn must be a function", a.Name())
	}
	l := listening(a, a.Any("target"))
	l.F = f
	return nil, add(a.Call, &l)
}

// add registers a listener; one that listens already does so no second time.
func add(c *bind.Call, l *Listening) error {
	r := registryOf(c.State)
	if r.find(l.Target, l.Name, l.F) >= 0 {
		return nil
	}
	l.state = c.State
	for _, src := range r.sources {
		ok, err := src(c, l)
		if err != nil {
			return err
		}
		if ok {
			r.listening = append(r.listening, l)
			return nil
		}
	}
	return NoSuchEvent(l.Name, c.ReprGo(l.Target))
}

// find is the place of a listener, -1 for none.
func (r *registry) find(target any, name string, f *bind.Callback) int {
	r.listening = slices.DeleteFunc(r.listening, func(l *Listening) bool { return l.done })
	return slices.IndexFunc(r.listening, func(l *Listening) bool {
		return l.Target == target && l.Name == name && l.F.Value() == f.Value()
	})
}

func find(a *bind.Args) (*registry, int) {
	r := registryOf(a.State)
	f, ok := a.CallbackOf(a.Lua("fn"))
	if !ok {
		return r, -1
	}
	return r, r.find(a.Any("target"), a.String("identifier"), f)
}

const listenOptions = "*, retval=false, insert=false, once=false, named=false, propagate=false, raw=false, restore_load_context=false, active_history=false, include_key=false"

// installEvents defines the namespace event.
func installEvents(s *bind.State) {
	s.Register(Iterator.Class, KeyView.Class, EngineBegin.Class, listenerDecorator.Class)
	AddSource(s, engineEvents)
	AddSource(s, schemaEvents)
	s.Global(bind.NewNamespace("event", "Functions that are called when something happens.",
		bind.Func("listen(target, identifier, fn, "+listenOptions+")",
			"Call fn whenever the event happens.", `event.listen(engine, "begin", function(conn) print("begin") end)`, listen),
		bind.Func("listens_for(target, identifier, "+listenOptions+")",
			"What it gives makes a function a listener.", `event.listens_for(engine, "commit")(function(conn) print("commit") end)`,
			func(a *bind.Args) (any, error) { return &decorator{listening(a, a.Any("target"))}, nil }),
		bind.Func("remove(target, identifier, fn)", "Call fn no more.", `event.remove(engine, "begin", f)`, func(a *bind.Args) (any, error) {
			r, i := find(a)
			if i < 0 {
				return nil, exc.New(exc.InvalidRequestError, "No listeners found for event %s / '%s' / that function", a.ReprGo(a.Any("target")), a.String("identifier"))
			}
			r.listening[i].remove()
			return nil, nil
		}),
		bind.Func("contains(target, identifier, fn)", "Whether fn listens.", `event.contains(engine, "begin", f)`, func(a *bind.Args) (any, error) {
			_, i := find(a)
			return i >= 0, nil
		})))
}

// decorator is event.listens_for(), waiting for its function.
type decorator struct{ Listening }

var listenerDecorator = bind.Define[*decorator]("listens_for", "Makes a function a listener.").With(func(c *bind.Class) {
	c.Call = bind.Func("listens_for(fn)", "Make fn a listener.", `event.listens_for(engine, "commit")(f)`, func(a *bind.Args) (any, error) {
		l := bind.SelfOf[*decorator](a).Listening
		f, ok := a.CallbackOf(a.Lua("fn"))
		if !ok {
			return nil, exc.New(exc.TypeError, "event.listens_for(): a function is expected")
		}
		l.F = f
		return a.Lua("fn"), add(a.Call, &l)
	})
})
