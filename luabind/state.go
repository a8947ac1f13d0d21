package luabind

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/baselib"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/dbapilib"
	"alchemysh/luabind/enginelib"
	"alchemysh/luabind/ormlib"
	"alchemysh/luabind/schemalib"
	"alchemysh/luabind/script"
	"alchemysh/luabind/valuelib"
	"alchemysh/orm"
)

// Options configure a State.
type Options struct {
	Out  io.Writer // print; os.Stdout when nil
	Args []string  // the global arg
	// Safe leaves out what reaches beyond the database: os, io, the loading of
	// files, and any database that Scope().Admit was not told of.
	Safe bool
}

// State is one Lua state in which SQLAlchemy's names stand.
type State struct {
	bind *bind.State
	L    *lua.LState

	loaded map[string]lua.LValue // what require gives for each module of SQLAlchemy
}

// Chunk is a piece of source to run.
type Chunk struct {
	Name string // for messages: "script.lua", "prompt"
	Text string
	// Script says that the chunk is a whole file: its top-level locals are its
	// own. Otherwise they survive to the next chunk.
	Script bool
	Args   []string // the global arg, when not nil
}

// New makes a State.
func New(o Options) *State {
	if o.Out == nil {
		o.Out = os.Stdout
	}
	L := lua.NewState(lua.Options{
		RegistrySize:        1024 * 20,
		RegistryMaxSize:     1024 * 1024 * 8,
		RegistryGrowStep:    1024 * 64, // each step copies what is there
		CallStackSize:       1024,
		MinimizeStackMemory: true,
	})
	s := &State{bind: bind.NewState(L, o.Out), L: L}
	s.libraries()
	if o.Safe {
		makeSafe(L)
		s.requireOwn()
		s.Scope().Confine()
	}
	s.setArgs("", o.Args)
	return s
}

// libraries defines all names, and the modules that hold SQLAlchemy's.
func (s *State) libraries() {
	baselib.Install(s.bind)
	valuelib.Install(s.bind)
	own := s.globals()
	corelib.Install(s.bind)
	enginelib.Install(s.bind)
	dbapilib.Install(s.bind)
	schemalib.Install(s.bind)
	core := s.globals()
	ormlib.Install(s.bind)
	s.modules(own, core)
}

func (s *State) globals() map[string]lua.LValue {
	all := map[string]lua.LValue{}
	for _, name := range s.bind.GlobalNames() {
		all[name] = s.L.GetGlobal(name)
	}
	return all
}

// makeSafe takes away what reaches files, processes and the environment.
func makeSafe(L *lua.LState) {
	for _, name := range []string{"io", "dofile", "loadfile", "module", "require", "package", "debug", "channel", "newproxy", "_printregs"} {
		L.SetGlobal(name, lua.LNil)
	}
	if t, ok := L.GetGlobal("os").(*lua.LTable); ok {
		for _, name := range []string{"execute", "exit", "getenv", "remove", "rename", "setenv", "tmpname"} {
			t.RawSetString(name, lua.LNil)
		}
	}
}

// Bind is the state of the binding, for programs that add names of their own.
func (s *State) Bind() *bind.State { return s.bind }

// Scope is what the engines that Lua makes have in common. Engines that the
// program makes for it take part by engine.Options.
func (s *State) Scope() *engine.Scope { return enginelib.Scope(s.bind) }

// Close frees the state.
func (s *State) Close() {
	s.bind.Close()
	s.L.Close()
}

// setArgs makes the global arg as lua does: the script's name at 0.
func (s *State) setArgs(name string, args []string) {
	t := s.L.NewTable()
	if name != "" {
		t.RawSetInt(0, lua.LString(name))
	}
	for i, a := range args {
		t.RawSetInt(i+1, lua.LString(a))
	}
	s.L.SetGlobal("arg", t)
}

// ErrIncomplete is what Check and Eval give for text that more lines could
// complete (errors.Is).
var ErrIncomplete = script.ErrIncomplete

// SyntaxError is text that Lua cannot read.
type SyntaxError = script.SyntaxError

// Check says whether text is a whole chunk, without running it: nil, an error
// that is ErrIncomplete, or a syntax error.
func (s *State) Check(text string) error {
	_, err := s.load(Chunk{Name: "prompt", Text: text})
	return err
}

// load compiles a chunk: as an expression whose value is wanted if it is one.
func (s *State) load(c Chunk) (*lua.LFunction, error) {
	if c.Script {
		return s.bind.Door.Load(c.Text, c.Name, script.File)
	}
	text := strings.TrimPrefix(c.Text, "=")
	fn, err := s.bind.Door.Load("return "+text, c.Name, script.Session)
	var wrong *SyntaxError
	if err == nil || errors.As(err, &wrong) && wrong.Whole {
		return fn, err
	}
	return s.bind.Door.Load(c.Text, c.Name, script.Session)
}

// Eval runs a chunk and gives the values it returned, as Go values where they
// have one (a list is a []any, a row what holds it). ctx stops it.
func (s *State) Eval(ctx context.Context, c Chunk) ([]any, error) {
	values, err := s.Run(ctx, c)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = Value{s, v}
	}
	return out, nil
}

// Run is Eval with Lua's own values.
func (s *State) Run(ctx context.Context, c Chunk) ([]lua.LValue, error) {
	if c.Args != nil {
		s.setArgs(c.Name, c.Args)
	}
	if c.Script {
		s.bind.Door.SearchBeside(c.Name)
	}
	fn, err := s.load(c)
	if err != nil {
		return nil, err
	}
	s.bind.SetContext(ctx)
	if ctx.Done() != nil { // a context costs speed: only while something may stop it
		s.L.SetContext(ctx)
		defer s.L.RemoveContext()
	}
	base := s.L.GetTop()
	s.L.Push(fn)
	if c.Script { // ... holds the arguments, as lua does it
		for _, a := range c.Args {
			s.L.Push(lua.LString(a))
		}
	}
	if err := s.L.PCall(s.L.GetTop()-base-1, lua.MultRet, nil); err != nil {
		s.L.SetTop(base)
		return nil, s.failed(ctx, err)
	}
	values := make([]lua.LValue, s.L.GetTop()-base)
	for i := range values {
		values[i] = s.L.Get(base + 1 + i)
	}
	s.L.SetTop(base)
	return values, nil
}

// failed words the error of a chunk.
func (s *State) failed(ctx context.Context, err error) error {
	if stop := context.Cause(ctx); stop != nil {
		if e := exc.Of(err); e == nil || e.Statement == "" {
			return stop
		}
	}
	caught := s.bind.Caught(s.L, err)
	var thrown *bind.Thrown
	if errors.As(caught, &thrown) {
		if raised, ok := bind.Unwrap[*bind.Raised](thrown.Value); ok {
			return raised
		}
	}
	return caught
}

// Value is a value of Lua's on its way to the person.
type Value struct {
	state *State
	lua   lua.LValue
}

// Go is the Go value; v itself where there is none, as of a table in itself.
func (v Value) Go() (held any) {
	defer func() {
		if p := recover(); p != nil {
			held = v
		}
	}()
	return v.state.bind.ToGo(v.lua)
}

// Lua is the value as Lua has it.
func (v Value) Lua() lua.LValue { return v.lua }

// Repr is the shown form.
func (v Value) Repr() (text string) {
	defer func() { // an object's own __repr__ may fail
		if p := recover(); p != nil {
			text = "<" + strings.TrimPrefix(v.state.bind.KindOf(v.lua), "a ") + ">"
		}
	}()
	return v.state.bind.Repr(v.state.L, v.lua)
}

// Get reads a global; ok is false for one that is not defined.
func (s *State) Get(name string) (v any, ok bool) {
	lv := s.global(name)
	if lv == lua.LNil {
		return nil, false
	}
	return Value{s, lv}.Go(), true
}

// Preview gives the statements that a flush of the global session would send;
// ok is false without a session.
func (s *State) Preview() (sent []orm.Sent, ok bool, err error) {
	v, _ := s.Get("session")
	session, ok := v.(*orm.Session)
	if !ok {
		return nil, false, nil
	}
	sent, err = session.Preview()
	return sent, true, err
}

// global finds a session local or a global.
func (s *State) global(name string) lua.LValue {
	if v := s.bind.Door.Locals().RawGetString(name); v != lua.LNil {
		return v
	}
	return s.L.G.Global.RawGetString(name)
}

// Set assigns a global.
func (s *State) Set(name string, v any) {
	if held, ok := v.(Value); ok {
		v = held.lua
	}
	s.bind.SetGlobal(name, v)
}

// Help explains a name such as "select" or "users.insert".
func (s *State) Help(topic string) (string, bool) {
	v := s.lookup(strings.FieldsFunc(strings.TrimSpace(topic), func(r rune) bool { return r == '.' || r == ':' }))
	if v == lua.LNil {
		return "", false
	}
	return s.bind.Help(v), true
}
