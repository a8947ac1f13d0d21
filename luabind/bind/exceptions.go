package bind

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/script"
)

// errorBody is what a script says of an exception class of its own, or sets on
// one: methods and plain values.
type errorBody struct{ fields map[string]lua.LValue }

// errorBodies are those of a state, kept with it.
type errorBodies map[*exc.Class]*errorBody

type errorBodiesKey struct{}

func (s *State) errorBodies() errorBodies {
	b, _ := s.Kept[errorBodiesKey{}].(errorBodies)
	if b == nil {
		b = errorBodies{}
		s.Kept[errorBodiesKey{}] = b
	}
	return b
}

// of finds a name in the bodies of k and its bases, nearest first.
func (b errorBodies) of(k *exc.Class, name string) lua.LValue {
	for ; k != nil; k = k.Base {
		if body := b[k]; body != nil {
			if v, ok := body.fields[name]; ok {
				return v
			}
		}
		for _, also := range k.Also {
			if v := b.of(also, name); v != lua.LNil {
				return v
			}
		}
	}
	return lua.LNil
}

func (b errorBodies) set(k *exc.Class, name string, v lua.LValue) {
	if b[k] == nil {
		b[k] = &errorBody{fields: map[string]lua.LValue{}}
	}
	b[k].fields[name] = v
}

// makeErrorClass is class("MyError", Exception, {…}).
func makeErrorClass(c *Call, d *ClassStatement) (any, bool, error) {
	var of []*exc.Class
	for _, b := range d.Bases {
		k, ok := Unwrap[*exc.Class](b)
		if !ok {
			return nil, false, nil
		}
		of = append(of, k)
	}
	if len(of) == 0 {
		return nil, false, nil
	}
	k := &exc.Class{Name: d.Name, Base: of[0], Also: of[1:]}
	bodies := c.errorBodies()
	for key, v := range script.Fields(d.Body) {
		n, ok := key.(lua.LString)
		if !ok {
			return nil, true, exc.New(exc.TypeError, "class(): the fields of a body need names")
		}
		bodies.set(k, string(n), v)
	}
	return k, true, nil
}

// makeError calls an exception class: its __init__ where it has one, else the
// first argument is the message.
func makeError(a *Args) (any, error) {
	k := SelfOf[*exc.Class](a)
	args := a.Rest()
	r := &Raised{Err: exc.New(k, "")}
	bodies := a.errorBodies()
	init, ok := a.CallbackOf(bodies.of(k, "__init__"))
	if !ok {
		r.Err.Statement = a.String("statement")
		if a.Has("params") {
			r.Err.Params = a.Str(a.L, a.Lua("params"))
		}
		if orig, ok := Unwrap[*Raised](a.Lua("orig")); ok {
			r.Err.Orig = orig.Err
		}
		r.setArgs(a.Call, args)
	} else {
		named := a.L.NewTable()
		for _, n := range a.Parameters() {
			if a.Given(n) {
				named.RawSetString(n, a.Lua(n))
			}
		}
		if script.HasFields(named) {
			args = append(args, named)
		}
		self := a.FromGo(a.L, r)
		call := []any{self}
		for _, v := range args {
			call = append(call, v)
		}
		r.Args = args
		if _, err := init.Call(call...); err != nil {
			return nil, err
		}
	}
	if f, ok := a.CallbackOf(bodies.of(k, "__str__")); ok {
		v, err := f.Call(a.FromGo(a.L, r))
		if err != nil {
			return nil, err
		}
		if len(v) > 0 {
			r.Err.Message = a.Str(a.L, v[0])
		}
	}
	return r, nil
}

// setArgs is Python's BaseException.__init__: one argument is the message,
// several are shown as a tuple.
func (r *Raised) setArgs(c *Call, args []lua.LValue) {
	r.Args = args
	switch len(args) {
	case 0:
		r.Err.Message = ""
	case 1:
		r.Err.Message = c.Str(c.L, args[0])
	default:
		shown := make([]string, len(args))
		for i, v := range args {
			shown[i] = c.Repr(c.L, v)
		}
		r.Err.Message = "(" + strings.Join(shown, ", ") + ")"
	}
}

// errorAttr answers for what a script's exception class says, and for what was
// set on the error.
func errorAttr(c *Call, self any, name string) (any, bool, error) {
	r := self.(*Raised)
	if v, ok := r.Values[name]; ok {
		return v, true, nil
	}
	v := c.errorBodies().of(r.Err.Class, name)
	return v, v != lua.LNil && name != "__init__", nil
}

func setErrorAttr(c *Call, self any, name string, v lua.LValue) (bool, error) {
	r := self.(*Raised)
	switch name {
	case "args":
		r.setArgs(c, c.ListOf(v))
	case "message":
		r.Err.Message = c.Str(c.L, v)
	}
	if r.Values == nil {
		r.Values = map[string]lua.LValue{}
	}
	r.Values[name] = v
	return true, nil
}

// errorClassAttr answers for the class: its own fields, and the __init__ that a
// subclass's calls.
func errorClassAttr(c *Call, self any, name string) (any, bool, error) {
	k := self.(*exc.Class)
	if v := c.errorBodies().of(k, name); v != lua.LNil {
		return v, true, nil
	}
	if name == "__init__" {
		return c.L.NewFunction(func(L *lua.LState) int {
			r, ok := Unwrap[*Raised](L.Get(1))
			if !ok {
				c.Raise(L, exc.New(exc.TypeError, "%s.__init__() takes the error first", k.Name))
			}
			var args []lua.LValue
			for i := 2; i <= L.GetTop(); i++ {
				args = append(args, L.Get(i))
			}
			r.setArgs(&Call{State: c.State, L: L}, args)
			return 0
		}), true, nil
	}
	return nil, false, nil
}
