package enginelib

import (
	"sync"

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
	// Propagate: of subclasses too; ActiveHistory: the old value is loaded.
	Propagate, ActiveHistory bool

	done  bool
	state *bind.State
}

// Call runs the listener and gives what it returned; a removed one does nothing.
func (l *Listening) Call(args ...any) ([]any, error) {
	if l.done {
		return nil, nil
	}
	if l.Once {
		l.done = true
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

// registry are the sources of one state, and who listens.
type registry struct {
	sources     []Source
	listening   []*Listening
	inspections []Inspection
}

var registries sync.Map // *bind.State → *registry

func registryOf(s *bind.State) *registry {
	r, _ := registries.LoadOrStore(s, &registry{})
	return r.(*registry)
}

// AddSource teaches event.listen() a kind of target.
func AddSource(s *bind.State, src Source) {
	r := registryOf(s)
	r.sources = append(r.sources, src)
}

// NoSuchEvent is the error for a name that the target does not have.
func NoSuchEvent(name string, target string) error {
	return exc.New(exc.InvalidRequestError, "No such event '%s' for target '%s'", name, target)
}

func listen(a *bind.Args, once bool) (any, error) {
	if s, ok := a.Any("fn").(core.DDLStatement); ok { // a statement is its own listener
		to, ok := schemaListeners(a.Any("target"))
		if !ok {
			return nil, NoSuchEvent(a.String("identifier"), a.ReprGo(a.Any("target")))
		}
		to.Listen(a.String("identifier"), s)
		return nil, nil
	}
	f, ok := a.CallbackOf(a.Lua("fn"))
	if !ok {
		return nil, exc.New(exc.TypeError, "event.%s(): fn must be a function", a.Name())
	}
	return nil, add(a.Call, &Listening{Target: a.Any("target"), Name: a.String("identifier"), F: f, Retval: a.Bool("retval"), Insert: a.Bool("insert"), Once: once || a.Bool("once"),
		Propagate: a.Bool("propagate"), ActiveHistory: a.Accepts("active_history") && a.Bool("active_history")})
}

func add(c *bind.Call, l *Listening) error {
	r := registryOf(c.State)
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

func find(a *bind.Args) (*registry, int) {
	r := registryOf(a.State)
	f, ok := a.CallbackOf(a.Lua("fn"))
	for i, l := range r.listening {
		if ok && !l.done && l.Target == a.Any("target") && l.Name == a.String("identifier") && l.F.Value() == f.Value() {
			return r, i
		}
	}
	return r, -1
}

// installEvents defines the namespace event.
func installEvents(s *bind.State) {
	s.Register(Iterator.Class, KeyView.Class, EngineBegin.Class, listenerDecorator.Class)
	AddSource(s, engineEvents)
	AddSource(s, schemaEvents)
	s.Global(bind.NewNamespace("event", "Functions that are called when something happens.",
		bind.Func("listen(target, identifier, fn, *, retval=false, insert=false, once=false, named=false, propagate=false, raw=false, restore_load_context=false, active_history=false, include_key=false)",
			"Call fn whenever the event happens.", `event.listen(engine, "begin", function(conn) print("begin") end)`,
			func(a *bind.Args) (any, error) { return listen(a, false) }),
		bind.Func("listens_for(target, identifier, *, retval=false, insert=false, once=false, named=false, propagate=false, raw=false)",
			"What it gives makes a function a listener.", `event.listens_for(engine, "commit")(function(conn) print("commit") end)`,
			func(a *bind.Args) (any, error) {
				return &decorator{Listening{Target: a.Any("target"), Name: a.String("identifier"), Retval: a.Bool("retval"), Insert: a.Bool("insert"), Once: a.Bool("once"), Propagate: a.Bool("propagate")}}, nil
			}),
		bind.Func("remove(target, identifier, fn)", "Call fn no more.", `event.remove(engine, "begin", f)`, func(a *bind.Args) (any, error) {
			r, i := find(a)
			if i < 0 {
				return nil, exc.New(exc.InvalidRequestError, "No listeners found for event %s / '%s' / that function", a.ReprGo(a.Any("target")), a.String("identifier"))
			}
			r.listening[i].done = true
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

// put adds a listener at the end, or at the beginning.
func put[F any](list *[]F, l *Listening, f F) {
	if l.Insert {
		*list = append([]F{f}, *list...)
		return
	}
	*list = append(*list, f)
}

// engineEvents are those of engines, connections and pools, or of all engines
// (the class Engine) and all pools.
func engineEvents(c *bind.Call, l *Listening) (bool, error) {
	var ev *engine.Events
	var pool *engine.PoolEvents
	switch t := l.Target.(type) {
	case *engine.Engine:
		ev, pool = t.Events, &t.Pool().Events
	case *engine.Connection:
		ev = &t.Events
	case *engine.Pool:
		pool = &t.Events
	case *bind.Class:
		switch t {
		case Engine.Class:
			ev, pool = &engine.AllEngines, &engine.AllPools
		case Pool.Class:
			pool = &engine.AllPools
		default:
			return false, nil
		}
	default:
		return false, nil
	}
	if ev != nil && connectionEvent(ev, l) || pool != nil && poolEvent(pool, l) {
		return true, nil
	}
	return false, NoSuchEvent(l.Name, c.ReprGo(l.Target))
}

func connectionEvent(ev *engine.Events, l *Listening) bool {
	plain := func(list *[]func(*engine.Connection) error) {
		put(list, l, func(c *engine.Connection) error { return l.Tell(c) })
	}
	named := func(list *[]func(*engine.Connection, string) error) {
		put(list, l, func(c *engine.Connection, name string) error { return l.Tell(c, name, nil) })
	}
	prepared := func(list *[]func(*engine.Connection, string, bool) error) {
		put(list, l, func(c *engine.Connection, xid string, is bool) error { return l.Tell(c, xid, is) })
	}
	switch l.Name {
	case "before_execute":
		put(&ev.BeforeExecute, l, func(c *engine.Connection, stmt any, p engine.Params, o core.Options) (any, engine.Params, error) {
			many, one := shown(p)
			out, err := l.Call(c, stmt, many, one, map[string]any(o))
			if err == nil && l.Retval && len(out) > 0 {
				stmt = out[0]
			}
			return stmt, p, err
		})
	case "after_execute":
		put(&ev.AfterExecute, l, func(c *engine.Connection, stmt any, p engine.Params, o core.Options, r *engine.Result) error {
			many, one := shown(p)
			return l.Tell(c, stmt, many, one, map[string]any(o), r)
		})
	case "before_cursor_execute":
		put(&ev.BeforeCursorExecute, l, func(c *engine.Connection, x *engine.CursorExecution) error {
			out, err := l.Call(c, x, x.SQL, cursorParams(x), x.Execution, x.Many)
			if err != nil || !l.Retval || len(out) == 0 {
				return err
			}
			sql, _ := out[0].(string)
			sets := x.Sets
			if len(out) > 1 {
				sets = setsOf(out[1], x.Many, sets)
			}
			if sql != "" {
				x.Change(sql, sets)
			}
			return nil
		})
	case "after_cursor_execute":
		put(&ev.AfterCursorExecute, l, func(c *engine.Connection, x *engine.CursorExecution) error {
			return l.Tell(c, x, x.SQL, cursorParams(x), x.Execution, x.Many)
		})
	case "handle_error":
		put(&ev.HandleError, l, func(x *engine.ErrorContext) error {
			_, err := l.Call(x)
			return err
		})
	case "engine_connect":
		plain(&ev.EngineConnect)
	case "begin":
		plain(&ev.Begin)
	case "commit":
		plain(&ev.Commit)
	case "rollback":
		plain(&ev.Rollback)
	case "savepoint":
		named(&ev.Savepoint)
	case "rollback_savepoint":
		named(&ev.RollbackSavepoint)
	case "release_savepoint":
		named(&ev.ReleaseSavepoint)
	case "begin_twophase":
		named(&ev.BeginTwoPhase)
	case "prepare_twophase":
		named(&ev.PrepareTwoPhase)
	case "commit_twophase":
		prepared(&ev.CommitTwoPhase)
	case "rollback_twophase":
		prepared(&ev.RollbackTwoPhase)
	case "engine_disposed":
		put(&ev.EngineDisposed, l, func(e *engine.Engine) error { return l.Tell(e) })
	case "set_connection_execution_options":
		put(&ev.SetConnectionOption, l, func(c *engine.Connection, o core.Options) error { return l.Tell(c, map[string]any(o)) })
	case "set_engine_execution_options":
		put(&ev.SetEngineOption, l, func(e *engine.Engine, o core.Options) error { return l.Tell(e, map[string]any(o)) })
	default:
		return false
	}
	return true
}

func poolEvent(ev *engine.PoolEvents, l *Listening) bool {
	ignore := func(args ...any) { _ = l.Tell(args...) }
	switch l.Name {
	case "connect":
		put(&ev.Connect, l, func(c *engine.DriverConn, r *engine.Record) error { return l.Tell(c, r) })
	case "first_connect":
		put(&ev.FirstConnect, l, func(c *engine.DriverConn, r *engine.Record) error { return l.Tell(c, r) })
	case "checkout":
		put(&ev.Checkout, l, func(c *engine.DriverConn, r *engine.Record, k *engine.Checkout) error { return l.Tell(c, r, k) })
	case "checkin":
		put(&ev.Checkin, l, func(c *engine.DriverConn, r *engine.Record) { ignore(c, r) })
	case "reset":
		put(&ev.Reset, l, func(c *engine.DriverConn, r *engine.Record, ended bool) { ignore(c, r, nil) })
	case "invalidate":
		put(&ev.Invalidate, l, func(c *engine.DriverConn, r *engine.Record, cause error) { ignore(c, r, cause) })
	case "soft_invalidate":
		put(&ev.SoftInvalidate, l, func(c *engine.DriverConn, r *engine.Record, cause error) { ignore(c, r, cause) })
	case "close":
		put(&ev.Close, l, func(c *engine.DriverConn, r *engine.Record) { ignore(c, r) })
	case "detach":
		put(&ev.Detach, l, func(c *engine.DriverConn, r *engine.Record) { ignore(c, r) })
	case "close_detached":
		put(&ev.CloseDetached, l, func(c *engine.DriverConn) { ignore(c) })
	default:
		return false
	}
	return true
}

// shown gives the parameters as listeners see them: a list of many sets, and
// the one set.
func shown(p engine.Params) (many []any, one map[string]any) {
	many, one = []any{}, map[string]any{}
	for i := range p.Len() {
		if p.Many {
			many = append(many, p.Set(i))
		} else {
			one = p.Set(i)
		}
	}
	return many, one
}

// cursorParams are the parameters of a cursor execution: a tuple or a table of
// names, or a list of them.
func cursorParams(x *engine.CursorExecution) any {
	one := func(set []any) any {
		if x.Names != nil {
			m := map[string]any{}
			for i, n := range x.Names {
				if i < len(set) {
					m[n] = set[i]
				}
			}
			return m
		}
		return engine.NewRow(engine.NewMeta(nil), set)
	}
	if !x.Many {
		if len(x.Sets) == 0 {
			return one(nil)
		}
		return one(x.Sets[0])
	}
	list := make([]any, len(x.Sets))
	for i, set := range x.Sets {
		list[i] = one(set)
	}
	return list
}

// setsOf reads what a listener gave back as parameters.
func setsOf(v any, many bool, old [][]any) [][]any {
	row := func(v any) []any {
		switch v := v.(type) {
		case engine.Row:
			return v.Values()
		case []any:
			return v
		}
		return nil
	}
	if !many {
		if r := row(v); r != nil {
			return [][]any{r}
		}
		return old
	}
	list, ok := v.([]any)
	if !ok {
		return old
	}
	var out [][]any
	for _, item := range list {
		out = append(out, row(item))
	}
	return out
}
