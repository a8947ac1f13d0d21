// Package dialect finds a database's dialect by the scheme of a URL, and makes
// engines:
//
//	e, err := dialect.CreateEngine("sqlite://", engine.DefaultOptions())
package dialect
