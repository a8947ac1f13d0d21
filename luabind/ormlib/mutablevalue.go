package ormlib

import "alchemysh/core/types"

// holdsTables reports whether values of a type are tables in Lua: documents and
// lists, which a script may change in place.
func holdsTables(t types.Type) bool {
	switch t.(type) {
	case *types.JSON, *types.ARRAY, *types.PickleType, *types.Hstore, *types.Decorator:
		return true
	}
	return false
}
