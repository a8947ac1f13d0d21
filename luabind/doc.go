// Package luabind is the shell's language: Lua that speaks SQLAlchemy.
//
// A State is one Lua state with everything defined in it. It runs source, gives
// back the values that the source returned, and proposes how to go on with a
// half-typed line:
//
//	s := luabind.New(luabind.Options{Out: os.Stdout})
//	defer s.Close()
//	values, err := s.Eval(ctx, luabind.Chunk{Name: "prompt", Text: "1 + 1"})
//
// The pieces are packages of their own: script compiles Lua source, bind makes
// Go values appear in Lua, and each …lib package holds the class tables of one
// part of the program: baselib Lua's own library, valuelib the values, corelib
// the SQL expression language.
package luabind
