// Package orm maps objects to rows: SQLAlchemy's ORM, on core and core/engine.
//
// # From a class to SQL
//
// A [Registry] knows the classes. [Registry.Declare] takes a declarative body
// and makes the table; [Registry.Map] maps a table that is there. Either gives a
// [Mapper]: the properties of one class ([ColumnProperty], [Relationship],
// [Composite], [Synonym]) and its place in the inheritance tree. What names
// other classes (a relationship's target, its foreign keys) is worked out when
// the mappers are first used, by [Registry.Configure].
//
// An [Entity] is a class as a statement sees it: the class itself, or an alias
// of it ([Aliased]). Its attributes are core expressions with a note of whose
// they are, so that core.NewSelect takes them like columns; the translator
// (translate.go) turns such a statement into one that the compiler knows, and a
// plan that makes objects of its rows.
//
// # From an object to SQL
//
// An [Instance] is one object: its values, what they were, which of them are
// not loaded. There are no Go structs behind it; a binding layer keeps its own
// value in [Instance.Handle]. Reading an attribute that is not loaded loads it.
//
// A [Session] holds objects by identity and writes their changes. Flush sorts
// (unitofwork.go, topological.go) what has to be done by what depends on what,
// and persistence.go writes it, in batches where rows have the same columns.
//
// # Where to read on
//
//   - attribute.go, collection.go, history.go: change, backrefs, what is remembered
//   - joincondition.go: which columns a relationship joins, and in which direction
//   - translate.go, setup.go, loading.go, strategies.go: selecting and loading
//   - unitofwork.go, dependency.go, persistence.go: flushing
//   - dml.go, evaluator.go: UPDATE and DELETE of classes
//
// # Failing
//
// Inside, a failure is a panic with an *exc.Error; every exported function that
// can fail turns it into its error. The classes of errors and their texts are
// SQLAlchemy's.
package orm
