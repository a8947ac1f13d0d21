package corelib

import (
	"strings"
	"sync/atomic"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

// customClass is class("Name", ColumnElement, {…}): a construct of the
// person's own. compiles(Name, f) or compiles(Name, dialect, f) says how it is
// written.
type customClass struct {
	name  string
	kind  string
	body  *lua.LTable
	core  *core.CustomClass
	rules map[string]*bind.Callback // by dialect, "" for all
	base  *customClass
}

var customSerial atomic.Uint64

func newCustomClass(name, kind string, body *lua.LTable, base *customClass) *customClass {
	k := &customClass{name: name, kind: kind, body: body, rules: map[string]*bind.Callback{}, base: base}
	k.core = &core.CustomClass{Name: name, Serial: customSerial.Add(1), Render: k.render}
	return k
}

func (k *customClass) rule(dialect string) *bind.Callback {
	for c := k; c != nil; c = c.base {
		if r := c.rules[dialect]; r != nil {
			return r
		}
		if r := c.rules[""]; r != nil {
			return r
		}
	}
	return nil
}

// customObject is the Lua object behind one construct.
type customObject struct {
	class *customClass
	self  *lua.LTable
}

// name is the name field of the object or of its class, nil for none.
func (o *customObject) name() any {
	for _, v := range []lua.LValue{o.self.RawGetString("name"), o.class.field("name")} {
		if s, ok := v.(lua.LString); ok {
			return string(s)
		}
	}
	return nil
}

func (k *customClass) render(c *core.Custom, w core.Writer) {
	r := k.rule(w.DialectName())
	if name, ok := k.field("name").(lua.LString); r == nil && (ok || k.kind == genericFunctionBase.Name) {
		if !ok {
			name = lua.LString(k.name)
		}
		w.Node(&core.Func{Name: string(name), Args: c.Args, Type: c.Type})
		return
	}
	if r == nil {
		exc.Raise(exc.UnsupportedCompilation, "Compiler can't render element of type %s: no compiles() for it", k.name)
	}
	w.WriteMarked(ruleText(r.Call(c, &customCompiler{w})))
}

// ruleText is the text that a compiles() function gave.
func ruleText(results []lua.LValue, err error) string {
	if err != nil {
		panic(failureOf(err))
	}
	if len(results) > 0 {
		if s, ok := results[0].(lua.LString); ok {
			return string(s)
		}
	}
	return ""
}

func failureOf(err error) error {
	if e := exc.Of(err); e != nil {
		return e
	}
	return &exc.Error{Class: exc.CompileError, Message: err.Error(), Orig: err}
}

var customClassClass = bind.Define[*customClass]("CustomClass", "A class of SQL constructs of your own.").
	Property("__name__", "Its name.", func(k *customClass) any { return k.name }).
	With(func(class *bind.Class) {
		class.Identity = true
		class.Call = bind.Func("construct(*args{!})", "A construct of the class.", "Coalesce(a, b)", func(a *bind.Args) (any, error) {
			k := bind.SelfOf[*customClass](a)
			return k.construct(a)
		})
	})

func (k *customClass) construct(a *bind.Args) (any, error) {
	L := a.L
	self := L.NewTable()
	mt := L.NewTable()
	mt.RawSetString("__index", k.body)
	L.SetMetatable(self, mt)
	n := &core.Custom{Class: k.core, Type: &types.NullType{}, Data: &customObject{k, self}}
	if t := TypeOf(a.Call, k.field("type")); t != nil {
		n.Type = t
	}
	rest := a.Rest()
	if init, ok := a.CallbackOf(k.field("__init__")); ok {
		args := []any{self}
		for _, v := range rest {
			args = append(args, v)
		}
		if _, err := init.Call(args...); err != nil {
			return nil, err
		}
		for _, v := range script.Fields(self) { // expressions among its fields are its parts
			if e, ok := Value(a.Call, v).(core.Expr); ok {
				n.Args = append(n.Args, e)
			}
		}
		if t := TypeOf(a.Call, self.RawGetString("type")); t != nil {
			n.Type = t
		}
		return n, nil
	}
	if k.kind == columnClauseBase.Name && len(rest) > 0 { // a name and a type, as column() takes them
		self.RawSetString("name", rest[0])
		n.Name, n.Column = a.Str(a.L, rest[0]), true
		if len(rest) > 1 {
			n.Type = TypeOf(a.Call, rest[1])
		}
		return n, nil
	}
	n.Name, _ = nameOf(n).(string)
	if n.Name == "" && k.kind == genericFunctionBase.Name {
		n.Name = k.name
	}
	for _, v := range rest {
		x := Bound(a.Call, v, nil)
		if b, ok := x.(*core.Bind); ok && b.Unique && n.Name != "" { // a function's parameters bear its name
			b.Key = n.Name
		}
		n.Args = append(n.Args, x)
	}
	return n, nil
}

func (k *customClass) field(name string) lua.LValue {
	for c := k; c != nil; c = c.base {
		if v := c.body.RawGetString(name); v != lua.LNil {
			return v
		}
	}
	return lua.LNil
}

var customNode = bind.Define[*core.Custom]("CustomElement", "A construct of your own.", ColumnElement.Class, Executable.Class).
	Property("clauses", "Its arguments.", func(c *core.Custom) any {
		return &core.ExprList{Sep: core.CommaOp, Items: c.Args}
	}).
	Property("args", "Its arguments.", func(c *core.Custom) any { return c.Args }).
	With(func(class *bind.Class) {
		class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
			o, ok := self.(*core.Custom).Data.(*customObject)
			if !ok {
				return nil, false, nil
			}
			v := c.L.GetField(o.self, name)
			if v == lua.LNil {
				v = o.class.field(name)
			}
			return v, v != lua.LNil, nil
		}
		class.SetAttr = func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
			o, ok := self.(*core.Custom).Data.(*customObject)
			if ok {
				o.self.RawSetString(name, v)
			}
			return ok, nil
		}
	})

var (
	columnClauseBase    = bind.Define[*core.Custom]("ColumnClause", "A column that is in no table: the base of columns of your own.", ColumnElement.Class).Class
	genericFunctionBase = bind.Define[*core.Custom]("GenericFunction", "The base of functions of your own, which func.NAME() then knows.", functionBase.Class).Class
)

// customBases are what a construct of one's own can be derived from.
var customBases = []*bind.Class{ClauseElement.Class, ColumnElement.Class, functionBase.Class, Executable.Class, ddlClass.Class, columnClauseBase, genericFunctionBase}

// makeCustomClass is class("Name", ColumnElement, {…}): a construct whose SQL
// compiles() defines.
func makeCustomClass(c *bind.Call, s *bind.ClassStatement) (any, bool, error) {
	name, body := s.Name, s.Body
	for _, b := range s.Bases {
		base, ok := bind.Unwrap[*bind.Class](b)
		if !ok {
			if k, ok := bind.Unwrap[*customClass](b); ok {
				return newCustomClass(name, k.kind, body, k), true, nil
			}
			continue
		}
		switch base.Name {
		case "ColumnElement", "FunctionElement", "ColumnClause", "ClauseElement", "Executable", "DDLElement", "GenericFunction":
			k := newCustomClass(name, base.Name, body, nil)
			if root, ok := bind.Unwrap[*funcPath](c.L.GetGlobal("func")); ok && base == genericFunctionBase {
				root.generic[strings.ToLower(name)] = k
			}
			return k, true, nil
		}
	}
	return nil, false, nil
}

// clauseListClass is a list of expressions, as the arguments of a construct are.
var clauseListClass = bind.Define[*core.ExprList]("ClauseList", "Expressions with commas or another operator between them.", ColumnElement.Class).
	With(func(c *bind.Class) {
		c.Len = func(_ *bind.Call, self any) (int, error) { return len(self.(*core.ExprList).Items), nil }
		c.Unpack = func(_ *bind.Call, self any) ([]any, error) {
			var out []any
			for _, e := range self.(*core.ExprList).Items {
				out = append(out, e)
			}
			return out, nil
		}
		c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
			items := self.(*core.ExprList).Items
			return func() (any, bool, error) {
				if len(items) == 0 {
					return nil, false, nil
				}
				e := items[0]
				items = items[1:]
				return e, true, nil
			}, nil
		}
	})
