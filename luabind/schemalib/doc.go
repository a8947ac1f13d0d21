// Package schemalib is what one does with a whole schema, in Lua: differences
// between a MetaData and a database, diagrams, generated code.
package schemalib

import "alchemysh/luabind/bind"

// Install registers the classes and defines their globals.
func Install(s *bind.State) { s.Global(generateCode, createView, dropView, createTableAs) }
