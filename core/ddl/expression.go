package ddl

import (
	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
)

func init() { compile.RegisterDDL(compiled) }

func compiled(d compile.Dialect, s core.Statement, o compile.Options) (*compile.Compiled, error) {
	sql, err := Compile(d, s.(core.DDLStatement), o)
	if err != nil {
		return nil, err
	}
	return compile.NewText(d, compile.DDLKind, s, sql), nil
}

// SQL writes an expression or query with its values as literals.
func (c *Compiler) SQL(n core.Node) string { return c.expression(n, false) }

// Bare is SQL with column names without their table: inside CREATE TABLE and
// CREATE INDEX there is only the one.
func (c *Compiler) Bare(n core.Node) string { return c.expression(n, true) }

func (c *Compiler) expression(n core.Node, bare bool) string {
	sql, err := compile.Inline(c.dialect, n, compile.Options{NoTable: bare, SchemaTranslate: c.options.SchemaTranslate})
	if err == nil {
		return sql
	}
	if e := exc.Of(err); e != nil {
		panic(e)
	}
	exc.Raise(exc.CompileError, "%s", err)
	return ""
}

// schema is a schema's name after schema_translate_map.
func (c *Compiler) schema(name string) string {
	if to, ok := c.options.SchemaTranslate[name]; ok {
		return to
	}
	return name
}

// Options are the options of the compilation.
func (c *Compiler) Options() compile.Options { return c.options }

// Dialect is the database that is written for.
func (c *Compiler) Dialect() compile.Dialect { return c.dialect }
