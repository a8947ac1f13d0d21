// Package enginelib is SQLAlchemy's engine in Lua: create_engine and URLs,
// connections and transactions, results and rows, events.
package enginelib

import "alchemysh/luabind/bind"

// Install registers the classes and defines their globals.
func Install(s *bind.State) {
	s.Register(URL.Class, Engine.Class, Connection.Class, Transaction.Class, Result.Class, Scalars.Class, Mappings.Class,
		Frozen.Class, Row.Class, Mapping.Class, Pool.Class, Checkout.Class, MockEngine.Class, ExecutionContext.Class, Dialect.Class, resetState.Class, ErrorContext.Class, DefaultContext.Class, poolKind.Class, Record.Class)
	s.Global(createEngine, engineFromConfig, createMockEngine, makeURL, runTransaction, URL.Class, Engine.Class, Connection.Class, Pool.Class)
	installPools(s)
	installEvents(s)
	installInspection(s)
}
