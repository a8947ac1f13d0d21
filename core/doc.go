// Package core is the vocabulary of the SQL expression language: expressions,
// FROM objects, statements and schema objects, as values. It writes no SQL and
// talks to no database.
package core
