package bind

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Raised is an error as Lua holds it: SQLAlchemy's error, and the place in the
// Lua source where it was raised.
type Raised struct {
	Err   *exc.Error
	Where string // "script.lua:12", "" when unknown
	Stack string // of Go, when a defect of ours was caught

	// Args is what the class was called with, Values what was set on the error.
	Args   []lua.LValue
	Values map[string]lua.LValue
}

// Error reads as the error itself does.
func (r *Raised) Error() string { return r.Err.Error() }

// Unwrap gives the error itself.
func (r *Raised) Unwrap() error { return r.Err }

// Thrown is what Lua code raised with error(v), on its way through Go.
type Thrown struct {
	Value lua.LValue
	Text  string
}

// Error is the text of the value.
func (t *Thrown) Error() string { return t.Text }

// errorValue is the Lua value of a Go error.
func (s *State) errorValue(err error) lua.LValue {
	var thrown *Thrown
	if errors.As(err, &thrown) {
		return thrown.Value
	}
	if r, ok := err.(*Raised); ok {
		return s.wrap(r)
	}
	e := exc.Of(err)
	if e == nil {
		if c, ok := err.(*exc.Class); ok {
			return s.wrap(c)
		}
		e = exc.Wrap(exc.Exception, err)
	}
	return s.wrap(&Raised{Err: e})
}

// raise ends the running Lua function with a Go error. This is the one place
// where errors of Go become errors of Lua.
func (s *State) raise(L *lua.LState, err error) {
	v := s.errorValue(err)
	if u, ok := v.(*lua.LUserData); ok {
		if r, ok := u.Value.(*Raised); ok && r.Where == "" {
			r.Where = strings.TrimSuffix(strings.TrimSpace(L.Where(1)), ":")
		}
	}
	if text, ok := v.(lua.LString); ok {
		L.Error(text, 0) // a position was added when it was thrown
	}
	L.Error(v, 1)
}

// raisePanic turns what a call panicked with into a Lua error.
func (s *State) raisePanic(L *lua.LState, p any) {
	switch p := p.(type) {
	case failure:
		s.raise(L, p.err)
	case *lua.ApiError:
		panic(p)
	case *exc.Error:
		s.raise(L, p)
	case runtime.Error:
		s.defect(L, p.Error())
	case error:
		if exc.Of(p) != nil {
			s.raise(L, p)
		}
		s.defect(L, p.Error())
	default:
		s.defect(L, fmt.Sprint(p))
	}
}

// defect raises an error of our own making, with the Go stack kept aside.
func (s *State) defect(L *lua.LState, text string) {
	s.raise(L, &Raised{
		Err:   exc.New(exc.RuntimeError, "internal error: %s", text),
		Stack: string(debug.Stack()),
	})
}

// Caught is the Go error of a Lua error: SQLAlchemy's own where it was one,
// else a *Thrown that keeps the value.
func (s *State) Caught(L *lua.LState, err error) error {
	var api *lua.ApiError
	if !errors.As(err, &api) {
		return err
	}
	if u, ok := api.Object.(*lua.LUserData); ok {
		if r, ok := u.Value.(*Raised); ok {
			return r
		}
	}
	if api.Object == nil || api.Object == lua.LNil {
		return &Thrown{Value: lua.LString(err.Error()), Text: err.Error()}
	}
	return &Thrown{Value: api.Object, Text: s.explain(s.Str(L, api.Object))}
}

// errorClass is what scripts see of an error.
var errorClass = Define[*Raised]("Error", "An error: what SQLAlchemy raises.").
	Property("class", "Its class, such as IntegrityError.", func(r *Raised) any { return r.Err.Class }).
	Property("message", "What went wrong.", func(r *Raised) any { return r.Err.Message }).
	Property("orig", "The driver's error, or what a callback raised.", func(r *Raised) any {
		if r.Err.Orig == nil {
			return nil
		}
		if t := (*Thrown)(nil); errors.As(r.Err.Orig, &t) {
			return t.Value
		}
		if e := exc.Of(r.Err.Orig); e != nil {
			return e
		}
		return r.Err.Orig.Error()
	}).
	Property("statement", "The SQL that was being executed.", func(r *Raised) any { return orNil(r.Err.Statement) }).
	Property("params", "Its parameters.", func(r *Raised) any { return orNil(r.Err.Params) }).
	Property("code", "The key of SQLAlchemy's page on such errors: gkpj of an IntegrityError; of the driver's own error (orig) the database's code.", func(r *Raised) any {
		if r.Err.Driver() {
			return orNil(r.Err.Code)
		}
		return orNil(r.Err.Class.Code())
	}).
	Property("sqlite_errorcode", "SQLite's extended code, as sqlite3 names it; nil of another error.", func(r *Raised) any {
		if r.Err.Detail["sqlite_errorname"] == "" {
			return nil
		}
		n, _ := strconv.ParseInt(r.Err.Code, 10, 64)
		return n
	}).
	Property("sqlite_errorname", "The name of SQLite's extended code: SQLITE_CONSTRAINT_UNIQUE.", func(r *Raised) any { return orNil(r.Err.Detail["sqlite_errorname"]) }).
	Property("pgcode", "PostgreSQL's SQLSTATE, as psycopg2 names it; nil of another error.", func(r *Raised) any {
		if len(r.Err.Code) != 5 {
			return nil
		}
		return r.Err.Code
	}).
	Property("pgerror", "PostgreSQL's message as it came, as psycopg2 has it; nil of another error.", func(r *Raised) any {
		if len(r.Err.Code) != 5 {
			return nil
		}
		text := r.Err.Detail["severity"] + ":  " + r.Err.Message + "\n"
		if d := r.Err.Detail["detail"]; d != "" && !strings.Contains(r.Err.Message, "\nDETAIL:") {
			text += "DETAIL:  " + d + "\n"
		}
		return text
	}).
	Property("diag", "What PostgreSQL says of an error, by psycopg2's names: diag.constraint_name, diag.message_detail.", func(r *Raised) any {
		o := types.NewObject("sqlstate", orNil(r.Err.Code), "message_primary", r.Err.Message)
		for _, field := range [][2]string{{"severity", "severity"}, {"message_detail", "detail"}, {"message_hint", "hint"}, {"statement_position", "position"},
			{"schema_name", "schema"}, {"table_name", "table"}, {"column_name", "column"}, {"constraint_name", "constraint"}, {"datatype_name", "type"}} {
			o.Set(field[0], orNil(r.Err.Detail[field[1]]))
		}
		return Record(o)
	}).
	Property("connection_invalidated", "Whether the connection was lost.", func(r *Raised) any { return r.Err.ConnectionInvalidated }).
	Property("hide_parameters", "Whether the parameters are kept out of the text.", func(r *Raised) any { return r.Err.HideParams }).
	Property("detail", "What the server adds: constraint, table, column, hint.", func(r *Raised) any {
		m := map[string]any{}
		for k, v := range r.Err.Detail {
			m[k] = v
		}
		return m
	}).
	Property("args", "What it was made with, in a list: the message; of pymysql's errors the number first.", func(r *Raised) any {
		if r.Args != nil {
			return r.Args
		}
		if r.Err.Driver() && r.Err.Args != nil {
			return r.Err.Args
		}
		return []any{r.Err.Message}
	}).
	Property("__class__", "Its class, as Python names it.", func(r *Raised) any { return r.Err.Class }).
	Property("where", "The place in the Lua source.", func(r *Raised) any { return orNil(r.Where) }).
	Method("is(cls)", "Whether the error is of a class or of one derived from it.", `err:is(IntegrityError)`, func(r *Raised, a *Args) (any, error) {
		return r.Err.Class.Derives(Get[*exc.Class](a, "cls")), nil
	}).
	With(func(c *Class) {
		c.AttrFirst, c.Attr, c.SetAttr = true, errorAttr, setErrorAttr
		c.Str = func(_ *Call, self any) (string, error) { return self.(*Raised).Error(), nil }
		c.Repr = func(_ *Call, self any) (string, error) {
			r := self.(*Raised)
			return r.Err.Class.Name + "(" + quoteText(r.Err.Message) + ")", nil
		}
	})

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// excClass is the class of error classes, which stand as globals. Calling one
// makes an error to raise with error().
var excClass = Define[*exc.Class]("ErrorClass", "A class of errors; call it with a message to make one.").
	Property("__name__", "Its name.", func(c *exc.Class) any { return c.Name }).
	With(func(c *Class) {
		c.Identity = true
		c.Attr = errorClassAttr
		c.SetAttr = func(c *Call, self any, name string, v lua.LValue) (bool, error) {
			c.errorBodies().set(self.(*exc.Class), name, v)
			return true, nil
		}
		c.Call = Func(`error(*args{!}, orig{!}=nil, statement=nil, params{!}=nil)`, "Make an error of the class.", `error(ValueError("no such thing"))`, makeError)
		c.Repr = func(_ *Call, self any) (string, error) { return self.(*exc.Class).Name, nil }
	})

// Raise ends the running Lua function with a Go error, from a function that is
// not described by a table.
func (s *State) Raise(L *lua.LState, err error) { s.raise(L, err) }
