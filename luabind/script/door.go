package script

import (
	"io"
	"os"
	"strconv"
	"strings"
	"sync"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// Door compiles Lua source for one Lua state.
type Door struct {
	L     *lua.LState
	hooks Hooks

	compare map[use]map[Op]*lua.LFunction
	join    *lua.LFunction
	build   *lua.LFunction
	iterate *lua.LFunction
	loading *lua.LUserData // marks a module that is being loaded
	stop    *lua.LUserData // ends a loop over something that is no Lua iterator

	locals *lua.LTable // session locals' values
	names  map[string]*variable

	mu      sync.Mutex
	sources map[string]string // by chunk name, for messages that quote a line
}

// Mode says how a chunk is read.
type Mode uint8

const (
	// File is a whole program: its locals are Lua's locals.
	File Mode = iota
	// Session is one entry at the prompt: locals at its top level survive.
	Session
)

// New makes the door of L and replaces L's own ways to load source (load,
// loadstring, dofile, loadfile and the file searcher of require) by it.
func New(L *lua.LState, hooks Hooks) *Door {
	d := &Door{
		L:       L,
		hooks:   hooks,
		stop:    &lua.LUserData{Metatable: lua.LNil},
		loading: &lua.LUserData{Metatable: lua.LNil},
		locals:  L.NewTable(),
		names:   map[string]*variable{},
		sources: map[string]string{},
	}
	d.compare = map[use]map[Op]*lua.LFunction{}
	for _, u := range []use{asValue, asTest, asAnd, asOr, asNot} {
		d.compare[u] = map[Op]*lua.LFunction{}
		for _, op := range comparisons {
			d.compare[u][op] = L.NewFunction(d.comparison(u, op))
		}
	}
	d.join = L.NewFunction(d.concatenation)
	d.build = L.NewFunction(build)
	d.iterate = L.NewFunction(d.iterator)
	d.install()
	return d
}

// Load turns source into a function that has not run yet. A failure is a
// *SyntaxError, or ErrIncomplete when more lines could complete the source.
func (d *Door) Load(source, name string, mode Mode) (*lua.LFunction, error) {
	proto, err := d.compileChunk(source, name, mode)
	if err != nil {
		return nil, err
	}
	return d.L.NewFunctionFromProto(proto), nil
}

func (d *Door) compileChunk(source, name string, mode Mode) (_ *lua.FunctionProto, err error) {
	defer func() { // gopher-lua's compiler panics on what it cannot take
		if p := recover(); p != nil {
			err = recovered(p, name)
		}
	}()
	source = skipShebang(source)
	chunk, perr := parse.Parse(strings.NewReader(source), name)
	if perr != nil {
		return nil, explain(perr, source, name)
	}
	w := &rewriter{door: d, resolver: &resolver{
		uses:     map[*ast.IdentExpr]*variable{},
		declared: map[ast.Stmt][]*variable{},
		params:   map[*ast.FunctionExpr][]*variable{},
		assigned: map[string]bool{},
		scope:    &scope{},
	}}
	if mode == Session {
		w.locals = d.names
	}
	w.resolver.stmts(chunk)
	w.settle()
	chunk = w.chunk(chunk)
	if len(w.mistakes) > 0 {
		m := w.mistakes[0]
		return nil, &SyntaxError{Chunk: name, Line: m.line, Message: m.message, Whole: true}
	}
	proto, err := lua.Compile(chunk, name)
	if err != nil {
		return nil, compileError(err, name)
	}
	w.consts.plant(proto)
	if mode == Session {
		for n, v := range w.scope.vars {
			if v.session {
				d.names[n] = v
			}
		}
	}
	d.mu.Lock()
	d.sources[name] = source
	d.mu.Unlock()
	return proto, nil
}

// Line is a line of the latest chunk of that name, "" when there is none.
func (d *Door) Line(chunk string, line int) string {
	d.mu.Lock()
	source := d.sources[chunk]
	d.mu.Unlock()
	for ; line > 1; line-- {
		i := strings.IndexByte(source, '\n')
		if i < 0 {
			return ""
		}
		source = source[i+1:]
	}
	source, _, _ = strings.Cut(source, "\n")
	return source
}

// Locals is the table of session locals, for completion.
func (d *Door) Locals() *lua.LTable { return d.locals }

// skipShebang blanks a first line that begins with #, as lua does.
func skipShebang(source string) string {
	source = strings.TrimPrefix(source, "\ufeff")
	if strings.HasPrefix(source, "#!") {
		return "--" + source
	}
	return source
}

func (d *Door) comparison(u use, op Op) lua.LGFunction {
	return func(L *lua.LState) int {
		a, b := L.Get(1), L.Get(2)
		if isPlain(a) && isPlain(b) {
			L.Push(lua.LBool(PlainCompare(L, op, a, b)))
			return 1
		}
		if u == asTest {
			L.Push(lua.LBool(d.hooks.Test(L, op, a, b)))
			return 1
		}
		v := d.hooks.Compare(L, op, a, b)
		if _, plain := v.(lua.LBool); !plain && u != asValue {
			L.RaiseError("%s", misused(u))
		}
		L.Push(v)
		return 1
	}
}

func misused(u use) string {
	switch u {
	case asAnd:
		return "Lua's `and` cannot combine SQL expressions: use and_(a, b)"
	case asOr:
		return "Lua's `or` cannot combine SQL expressions: use or_(a, b)"
	default:
		return "Lua's `not` cannot negate a SQL expression: use not_(a)"
	}
}

func (d *Door) concatenation(L *lua.LState) int {
	n := L.GetTop()
	size := 0
	for i := 1; i <= n; i++ {
		switch v := L.Get(i).(type) {
		case lua.LString:
			size += len(v)
		case lua.LNumber:
			size += 8
		default:
			operands := make([]lua.LValue, n)
			for i := range operands {
				operands[i] = L.Get(i + 1)
			}
			L.Push(d.hooks.Concat(L, operands))
			return 1
		}
	}
	var b strings.Builder
	b.Grow(size)
	for i := 1; i <= n; i++ {
		switch v := L.Get(i).(type) {
		case lua.LNumber:
			b.WriteString(d.hooks.Number(float64(v)))
		case lua.LString:
			b.WriteString(string(v))
		}
	}
	L.Push(lua.LString(b.String()))
	return 1
}

// install puts the door in the place of L's own loaders.
func (d *Door) install() {
	L := d.L
	L.SetGlobal("loadstring", L.NewFunction(func(L *lua.LState) int {
		s := L.CheckString(1)
		return d.pushLoaded(L, s, L.OptString(2, chunkOf(s)))
	}))
	L.SetGlobal("load", L.NewFunction(func(L *lua.LState) int {
		if s, ok := L.Get(1).(lua.LString); ok { // as later Luas allow
			return d.pushLoaded(L, string(s), L.OptString(2, chunkOf(string(s))))
		}
		f := L.CheckFunction(1)
		name := L.OptString(2, "=(load)")
		var b strings.Builder
		for {
			L.Push(f)
			L.Call(0, 1)
			v := L.Get(-1)
			L.Pop(1)
			s, ok := v.(lua.LString)
			if !ok && v != lua.LNil {
				L.Push(lua.LNil)
				L.Push(lua.LString("reader function must return a string"))
				return 2
			}
			if s == "" {
				break
			}
			b.WriteString(string(s))
		}
		return d.pushLoaded(L, b.String(), name)
	}))
	L.SetGlobal("loadfile", L.NewFunction(func(L *lua.LState) int {
		source, name, err := readSource(L)
		if err != nil {
			L.Push(lua.LNil)
			L.Push(lua.LString(err.Error()))
			return 2
		}
		return d.pushLoaded(L, source, name)
	}))
	L.SetGlobal("dofile", L.NewFunction(func(L *lua.LState) int {
		source, name, err := readSource(L)
		if err != nil {
			L.RaiseError("%s", err.Error())
		}
		fn, err := d.Load(source, name, File)
		if err != nil {
			L.Error(lua.LString(err.Error()), 0)
		}
		top := L.GetTop()
		L.Push(fn)
		L.Call(0, lua.MultRet)
		return L.GetTop() - top
	}))
	d.installRequire()
}

func chunkOf(source string) string {
	line, _, more := strings.Cut(source, "\n")
	if more || len(line) > 60 {
		line = line[:min(len(line), 57)] + "..."
	}
	return `[string "` + line + `"]`
}

func (d *Door) pushLoaded(L *lua.LState, source, name string) int {
	fn, err := d.Load(source, strings.TrimLeft(name, "=@"), File)
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	L.Push(fn)
	return 1
}

func readSource(L *lua.LState) (source, name string, err error) {
	if L.GetTop() == 0 {
		b, err := io.ReadAll(os.Stdin)
		return string(b), "stdin", err
	}
	name = L.CheckString(1)
	b, err := os.ReadFile(name)
	return string(b), name, err
}

func itoa(n int) string { return strconv.Itoa(n) }
