// Package compile turns statements into SQL: one compiler, varied by the hooks
// of a [Dialect].
//
// [Compile] walks a statement once and writes a template: text, and the places
// of parameters. Nothing in the template depends on the parameters' values, so
// that a [Compiled] can be shared by all statements with the same core.Key; an
// IN list becomes as many places as it has elements only when [Compiled.Render]
// is given the values.
//
// A template knows no style of parameters either. Rendering it gives both what
// SQLAlchemy shows (?, %(name)s, :name) and what the driver takes (?, $1).
//
// # Dialects
//
// A dialect embeds [Base], which is standard SQL, and overrides what its
// database says differently, one clause at a time. The compiler calls it through
// the interface value that it holds, so that an override is seen everywhere. A
// method that returns a bool reports whether it wrote anything; false means "the
// usual way". Yes-or-no questions are [Features]; names of dialects never appear
// in the compiler.
//
// # Failing
//
// Deep inside, a failure is a panic with an *exc.Error; Compile is the one door
// where it becomes an error.
package compile
