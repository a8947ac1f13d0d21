// Package ddl writes the statements that change a schema, and makes and drops
// whole schemas.
//
// Compile spells one statement; alchemysh/core/compile.Compile calls it, so that
// CREATE TABLE compiles as SELECT does. What databases say differently is in
// the Hooks of their dialects.
//
//	t := core.NewTable("t", m, "", id, name)
//	sql, err := ddl.Compile(sqlite.New(), &core.CreateTable{Table: t}, compile.Options{})
//
// CreateAll and DropAll plan and run: which things are there (Catalogue), in
// which order tables must come (Sort), and then one statement after the other
// through an Executor, an engine's connection or a mock that only prints.
package ddl
