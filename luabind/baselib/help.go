package baselib

import (
	"alchemysh/luabind/bind"
)

var helpFunc = bind.Func("help(topic{}=nil)", "Explain a function, a class, a method or a value.", "help(select)", func(a *bind.Args) (any, error) {
	text := a.Help(a.Lua("topic"))
	_, err := a.Out.Write([]byte(text + "\n"))
	return nil, err
})
