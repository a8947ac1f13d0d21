// Package core is the vocabulary of the SQL expression language: expressions,
// FROM objects, statements and schema objects, as Go values. It writes no SQL
// (package compile does) and talks to no database (package engine does).
//
// # Nodes
//
// Every piece of a statement is a [Node]. The family is closed: its members are
// structs of this package, listed by their markers in node.go. An [Expr] has a
// value, a [From] gives rows, a [Statement] can be executed, a [Query] is a
// statement that can be nested. Each node shows its fields once, in a method
// `fields`; walking ([Walk]), rewriting ([Replace]) and the cache key ([Key])
// derive from that and from nothing else. To add a node, write the struct, its
// marker, its fields and its case in the compiler; the key's test fails for a
// field that was forgotten.
//
// # Values, not builders
//
// Statements are values. A method gives a changed copy and leaves its receiver
// alone, so that one statement can be the start of several. What is put into an
// expression is shared, never copied: identity matters, because two aliases of
// one table are different things.
//
// # Parentheses
//
// Operators are rows of one table (operator.go). There are no nodes for
// parentheses: the compiler writes them by precedence.
//
// # Names
//
// A [Name] may be anonymous: "a number for this thing, after that base". It is
// resolved when a statement is compiled, in the order in which names are met,
// which makes anon_1, users_1 and id_1 what SQLAlchemy makes of them.
//
// # Misuse
//
// Building something that has no meaning raises: it panics with an *exc.Error,
// as indexing a slice out of range would, so that calls can be chained. Where
// input is not under the program's control, turn it back into an error:
//
//	func parse(in string) (s *core.Select, err error) {
//		defer exc.Catch(&err)
//		…
//	}
//
// # Notes of layers above
//
// [Annotated] and [AnnotatedFrom] let the ORM put its own notes on expressions
// and FROM objects. Core looks through them.
package core
