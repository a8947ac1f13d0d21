package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// validator is validates("a", "b", f).
type validator struct {
	names           []string
	f               *bind.Callback
	includeRemoves  bool
	includeBackrefs bool
}

var validatorClass = bind.Define[*validator]("validates", "A function that checks or changes values of attributes.").With(func(class *bind.Class) {
	class.Call = bind.Func("validates(fn)", "The function.", `validates("name")(f)`, func(a *bind.Args) (any, error) {
		v := *bind.SelfOf[*validator](a)
		v.f = a.Function("fn")
		return &v, nil
	})
})

var validates = bind.Func("validates(*names, include_removes=false, include_backrefs=true)", "Check or change values that attributes take.",
	`clean = validates("name", function(self, key, value) return value:upper() end)`, func(a *bind.Args) (any, error) {
		v := &validator{includeRemoves: a.Bool("include_removes"), includeBackrefs: a.Bool("include_backrefs")}
		for _, x := range a.Rest() {
			if s, ok := x.(lua.LString); ok {
				v.names = append(v.names, string(s))
				continue
			}
			f, ok := a.CallbackOf(x)
			if !ok {
				return nil, exc.New(exc.ArgumentError, "validates() takes names and a function")
			}
			v.f = f
		}
		return v, nil
	})
