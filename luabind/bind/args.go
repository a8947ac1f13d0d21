package bind

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/script"
)

// Call is one crossing from Lua to Go: the state and the calling coroutine.
type Call struct {
	*State
	L *lua.LState
}

// Args are the arguments of one call, by name.
type Args struct {
	*Call
	fn       *Function
	self     any
	selfLua  lua.LValue
	values   []lua.LValue // by parameter; a Go nil was not given
	rest     []lua.LValue
	keywords []Keyword
}

// Keyword is one argument that was given by name.
type Keyword struct {
	Name  string
	Value lua.LValue
}

// failure carries an error through readers to the door of the call.
type failure struct{ err error }

// Fail ends the call with an error.
func Fail(class *exc.Class, format string, args ...any) {
	panic(failure{exc.New(class, format, args...)})
}

// Check ends the call when err is not nil.
func Check(err error) {
	if err != nil {
		panic(failure{err})
	}
}

// Must gives v, or ends the call with err.
func Must[T any](v T, err error) T {
	Check(err)
	return v
}

// isPlainTable reports whether v is a table that somebody wrote as such.
func isPlainTable(v lua.LValue) (*lua.LTable, bool) {
	t, ok := v.(*lua.LTable)
	return t, ok && t.Metatable == lua.LNil
}

// read distributes the arguments on L's stack from position first on.
func (a *Args) read(first int) {
	n := a.L.GetTop() - first + 1
	args := make([]lua.LValue, max(n, 0), max(n, 0)+4)
	for i := range args {
		args[i] = a.L.Get(first + i)
	}
	a.readList(args)
}

// readList distributes the arguments of a call: f(a, b, {k = v}), f{a, b, k = v}.
func (a *Args) readList(args []lua.LValue) {
	sig := a.fn.Signature
	n := len(args)
	a.values = make([]lua.LValue, len(sig.Params))

	var named *lua.LTable
	if n == 1 {
		if t, ok := isPlainTable(args[0]); ok && a.isArguments(t) {
			args = args[:0]
			for i := 1; i <= script.Len(t); i++ {
				args = append(args, t.RawGetInt(i))
			}
			named = t
		}
	}
	if named == nil && n > 0 {
		if t, ok := isPlainTable(args[n-1]); ok && a.isKeywords(t, n-1) {
			args, named = args[:n-1], t
		}
	}
	a.distribute(args, named)
}

// distribute gives each parameter its argument.
func (a *Args) distribute(args []lua.LValue, named *lua.LTable) {
	sig := a.fn.Signature
	if a.values == nil {
		a.values = make([]lua.LValue, len(sig.Params))
	}
	for i, v := range args {
		switch {
		case i < sig.positional:
			a.values[i] = v
		case sig.Rest != "":
			a.rest = append(a.rest, v)
		default:
			if v == lua.LNil && allNil(args[i:]) {
				continue
			}
			a.arity(len(args))
		}
	}
	if named != nil {
		a.readKeywords(named)
	}
	for i, p := range sig.Params {
		if p.Required && a.values[i] == nil {
			Fail(exc.TypeError, "%s() missing a required argument: '%s' (%s)%s", sig.Name, p.Name, sig.Usage, a.colonAdvice())
		}
	}
}

func allNil(vs []lua.LValue) bool {
	for _, v := range vs {
		if v != lua.LNil {
			return false
		}
	}
	return true
}

// isArguments reports whether the only argument is the table of f{a, b, k = v}.
func (a *Args) isArguments(t *lua.LTable) bool {
	sig := a.fn.Signature
	if script.Len(t) == 0 {
		return a.isKeywords(t, 0)
	}
	if d := sig.takesData(0); d != NotData {
		// {a, b, k = v} with names that can only be parameters is a call.
		return script.HasFields(t) && a.allParameters(t, d)
	}
	return true
}

// isKeywords reports whether the last argument, at that position, is the
// table of keyword arguments.
func (a *Args) isKeywords(t *lua.LTable, position int) bool {
	sig := a.fn.Signature
	if script.Len(t) > 0 {
		return false
	}
	if d := sig.takesData(position); d != NotData {
		return script.HasFields(t) && a.allParameters(t, d)
	}
	for k := range script.Fields(t) {
		if _, ok := k.(lua.LString); !ok {
			return false
		}
	}
	return len(sig.Params) > 0 || sig.Keywords != ""
}

// allParameters reports whether every key of the table is the name of a
// parameter that may be given in such a table.
func (a *Args) allParameters(t *lua.LTable, d Data) bool {
	for k := range script.Fields(t) {
		name, ok := k.(lua.LString)
		if !ok {
			return false
		}
		i := a.fn.index(string(name))
		if i < 0 || d == StrictData && !a.fn.Params[i].KeywordOnly {
			return false
		}
	}
	return true
}

func (a *Args) readKeywords(t *lua.LTable) {
	sig := a.fn.Signature
	for k, v := range script.Fields(t) {
		name, ok := k.(lua.LString)
		if !ok {
			Fail(exc.TypeError, "%s(): keyword arguments need names, got %s", sig.Name, a.Repr(a.L, k))
		}
		i := sig.index(string(name))
		switch {
		case i < 0 && sig.Keywords != "":
			a.keywords = append(a.keywords, Keyword{string(name), v})
		case i < 0:
			Fail(exc.TypeError, "%s() got an unexpected keyword argument '%s'%s", sig.Name, name, Suggest(string(name), sig.names()))
		case a.values[i] != nil && a.values[i] != lua.LNil:
			Fail(exc.TypeError, "%s() got multiple values for argument '%s'", sig.Name, name)
		default:
			a.values[i] = v
		}
	}
}

func (a *Args) arity(given int) {
	s := a.fn.Signature
	plural := "s"
	if s.positional == 1 {
		plural = ""
	}
	Fail(exc.TypeError, "%s() takes at most %d argument%s (%d given): %s%s", s.Name, s.positional, plural, given, s.Usage, a.colonAdvice())
}

// Self is the receiver as Lua sees it.
func (a *Args) Self() lua.LValue { return a.selfLua }

// Name is the name of the function that was called.
func (a *Args) Name() string { return a.fn.Name }

func (a *Args) at(name string) int {
	i := a.fn.index(name)
	if i < 0 {
		panic(fmt.Sprintf("bind: %s has no parameter %q", a.fn.Usage, name))
	}
	return i
}

// Given reports whether the argument was given, be it as nil.
func (a *Args) Given(name string) bool { return a.values[a.at(name)] != nil }

// Has reports whether the argument was given and is not nil.
func (a *Args) Has(name string) bool {
	v := a.values[a.at(name)]
	return v != nil && v != lua.LNil
}

// Lua is the argument as Lua has it; nil when it was not given.
func (a *Args) Lua(name string) lua.LValue {
	if v := a.values[a.at(name)]; v != nil {
		return v
	}
	return lua.LNil
}

// Any is the argument as a Go value, or its default.
func (a *Args) Any(name string) any {
	i := a.at(name)
	if v := a.values[i]; v != nil && v != lua.LNil {
		return a.ToGo(v)
	}
	return a.fn.Params[i].Default
}

// Rest are the arguments after the named ones.
func (a *Args) Rest() []lua.LValue { return a.rest }

// RestAny are the same as Go values.
func (a *Args) RestAny() []any {
	vs := make([]any, len(a.rest))
	for i, v := range a.rest {
		vs[i] = a.ToGo(v)
	}
	return vs
}

// Keywords are the arguments that ** took, in the order of the source.
func (a *Args) Keywords() []Keyword { return a.keywords }

// wrong ends the call: the argument is not what the function takes.
func (a *Args) wrong(name, want string, v any) {
	Fail(exc.TypeError, "%s(): %s must be %s, not %s", a.fn.Name, name, want, a.describe(v))
}

// describe names a value's kind in a message.
func (a *Args) describe(v any) string {
	if lv, ok := v.(lua.LValue); ok {
		return a.KindOf(lv)
	}
	return a.KindOf(a.FromGo(a.L, v))
}

// String is an argument that is text.
func (a *Args) String(name string) string {
	switch v := a.Any(name).(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		if s, ok := v.(fmt.Stringer); ok && isName(v) {
			return s.String()
		}
		a.wrong(name, "a string", v)
	}
	return ""
}

// Name types of the core (quoted names) read as text.
func isName(v any) bool { _, ok := v.(interface{ IsName() }); return ok }

// Bool is an argument that is a truth value.
func (a *Args) Bool(name string) bool {
	switch v := a.Any(name).(type) {
	case nil:
		return false
	case bool:
		return v
	case int64:
		return v != 0
	default:
		a.wrong(name, "a boolean", v)
	}
	return false
}

// OptBool is Bool for an argument that distinguishes nil.
func (a *Args) OptBool(name string) *bool {
	if a.Any(name) == nil {
		return nil
	}
	b := a.Bool(name)
	return &b
}

// Int is an argument that is an integer.
func (a *Args) Int(name string) int {
	switch v := a.Any(name).(type) {
	case nil:
		return 0
	case int64:
		return int(v)
	default:
		a.wrong(name, "an integer", v)
	}
	return 0
}

// OptInt is Int for an argument that distinguishes nil.
func (a *Args) OptInt(name string) *int {
	if a.Any(name) == nil {
		return nil
	}
	n := a.Int(name)
	return &n
}

// Float is an argument that is a number.
func (a *Args) Float(name string) float64 {
	switch v := a.Any(name).(type) {
	case nil:
		return 0
	case int64:
		return float64(v)
	case float64:
		return v
	default:
		a.wrong(name, "a number", v)
	}
	return 0
}

// Strings is an argument that is a list of text; one string is a list of one.
func (a *Args) Strings(name string) []string {
	return a.StringsOf(name, a.Lua(name))
}

// StringsOf reads a list of text from a value.
func (a *Args) StringsOf(name string, v lua.LValue) []string {
	switch v := v.(type) {
	case *lua.LNilType:
		return nil
	case lua.LString:
		return []string{string(v)}
	}
	var names []string
	for _, item := range a.ListOf(v) {
		s, ok := a.ToGo(item).(string)
		if !ok {
			a.wrong(name, "a list of strings", item)
		}
		names = append(names, s)
	}
	return names
}

// List is an argument that is a list (a plain table, or anything iterable).
func (a *Args) List(name string) []lua.LValue { return a.ListOf(a.Lua(name)) }

// Function is an argument that is a Lua function (or something callable); nil
// when it was not given.
func (a *Args) Function(name string) *Callback {
	v := a.Lua(name)
	if v == lua.LNil {
		return nil
	}
	c, ok := a.CallbackOf(v)
	if !ok {
		a.wrong(name, "a function", v)
	}
	return c
}

// Get reads an argument that holds a Go value of type T; the zero T when it
// was not given.
func Get[T any](a *Args, name string) T {
	var zero T
	v := a.Lua(name)
	if v == lua.LNil {
		if a.fn.Params[a.at(name)].Required {
			a.wrong(name, article(typeName[T](a.State)), v)
		}
		return zero
	}
	if t, ok := Unwrap[T](v); ok {
		return t
	}
	a.wrong(name, article(typeName[T](a.State)), v)
	return zero
}

// Unwrap gives the Go value inside a userdata when it is a T.
func Unwrap[T any](v lua.LValue) (T, bool) {
	if u, ok := v.(*lua.LUserData); ok {
		t, ok := u.Value.(T)
		return t, ok
	}
	var zero T
	return zero, false
}

func article(noun string) string {
	if noun != "" && strings.ContainsRune("AEIOUaeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// colonAdvice names the spelling that was meant when the source line calls the
// method with a dot.
func (a *Args) colonAdvice() string {
	if !a.fn.method {
		return ""
	}
	if use := a.dotted(a.L, a.fn.Name); use != "" {
		return "; use " + use
	}
	return ""
}

// Accepts reports whether the function has a parameter of that name, for
// readers that several functions share.
func (a *Args) Accepts(name string) bool { return a.fn.index(name) >= 0 }

// Invoke runs a method with arguments that were read for another.
func (f *Function) Invoke(a *Args, self any) (any, error) {
	b := *a
	b.fn, b.self = f, self
	return f.call(&b)
}

// Parameters are the names of the function's parameters.
func (a *Args) Parameters() []string { return a.fn.names() }

// CallWith calls the function from Go with the table of f{a, b, k = v}.
func (f *Function) CallWith(c *Call, t *lua.LTable) (v any, err error) {
	a := Args{Call: c, fn: f}
	defer caught(&err)
	args := make([]lua.LValue, 0, script.Len(t))
	for i := 1; i <= script.Len(t); i++ {
		args = append(args, t.RawGetInt(i))
	}
	a.distribute(args, t)
	return f.call(&a)
}

// CallOn calls a method from Go on a receiver, with the table of
// f{a, b, k = v}.
func (f *Function) CallOn(c *Call, self lua.LValue, t *lua.LTable) (v any, err error) {
	a := Args{Call: c, fn: f, selfLua: self}
	if u, ok := self.(*lua.LUserData); ok {
		a.self = u.Value
	}
	defer caught(&err)
	args := make([]lua.LValue, 0, script.Len(t))
	for i := 1; i <= script.Len(t); i++ {
		args = append(args, t.RawGetInt(i))
	}
	a.distribute(args, t)
	return f.call(&a)
}

// Try runs what reads values of Lua, outside of a call.
func Try(f func()) (err error) {
	defer caught(&err)
	f()
	return nil
}

// caught, deferred, makes an error of what a reader panicked with.
func caught(err *error) {
	switch p := recover().(type) {
	case nil:
	case failure:
		*err = p.err
	case *exc.Error:
		*err = p
	default:
		panic(p)
	}
}

// Positional are the arguments of the parameters that go by position, as far
// as they were given; Named are those that were given of the others.
func (a *Args) Positional() []lua.LValue {
	var out []lua.LValue
	for i := range a.fn.Params {
		if a.fn.Params[i].KeywordOnly || a.values[i] == nil {
			break
		}
		out = append(out, a.values[i])
	}
	return out
}

// Named are the arguments of the other parameters, by name.
func (a *Args) Named() map[string]lua.LValue {
	out := map[string]lua.LValue{}
	n := len(a.Positional())
	for i := range a.fn.Params {
		if i >= n && a.values[i] != nil {
			out[a.fn.Params[i].Name] = a.values[i]
		}
	}
	return out
}
