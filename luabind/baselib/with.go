package baselib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

var withFunc = bind.Func("with(context{}, f)", "Enter a context, call f with it, and leave it: commit, roll back, close. Gives what f returns.",
	"with(engine:begin(), function(conn) conn:execute(stmt) end)", func(a *bind.Args) (any, error) {
		entered, exit, err := a.EnterContext(a.Lua("context"))
		if err != nil {
			return nil, err
		}
		f := a.Function("f")
		if f == nil {
			return nil, exc.New(exc.TypeError, "with(): the second argument is the function to call")
		}
		results, err := f.Call(entered)
		if left := exit(err); left != nil {
			return nil, left
		}
		if err != nil {
			return nil, err
		}
		values := make(bind.Values, len(results))
		for i, r := range results {
			values[i] = r
		}
		return values, nil
	})

var classFunc = bind.Func("class(name, base{}=nil, body{!}=nil, **kw)", "Define a class: of a declarative base, of several bases, or of none. What Python's class statement takes by name comes last.",
	`User = class("User", Base, { __tablename__ = "users", id = Column(Integer, {primary_key = true}) })`, func(a *bind.Args) (any, error) {
		var bases []lua.LValue
		keywords := a.Keywords()
		base := a.Lua("base")
		if t, ok := base.(*lua.LTable); ok { // {Mixin, Base, keyword = …}
			for i := 1; i <= script.Len(t); i++ {
				bases = append(bases, t.RawGetInt(i))
			}
			for k, v := range script.Fields(t) {
				if name, ok := k.(lua.LString); ok {
					keywords = append(keywords, bind.Keyword{Name: string(name), Value: v})
				}
			}
		} else if base != lua.LNil {
			bases = []lua.LValue{base}
		}
		body, ok := a.Lua("body").(*lua.LTable)
		if !ok {
			if a.Has("body") {
				return nil, exc.New(exc.TypeError, "class(): the body must be a table")
			}
			body = a.L.NewTable()
		}
		return a.MakeClass(&bind.ClassStatement{Name: a.String("name"), Bases: bases, Body: body, Keywords: keywords})
	})
