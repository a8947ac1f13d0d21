// Package compile turns statements into SQL: one compiler, varied by the hooks
// of a Dialect.
package compile
