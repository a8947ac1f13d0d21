package database

import (
	"context"
	"strings"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
	"alchemysh/repl"
)

// CreateLike makes a table with the columns and the primary key of another
// database's, in the types of this one; what a type here cannot be is text. Keys
// to other tables, defaults and indexes are not made.
func (d *Database) CreateLike(ctx context.Context, from repl.Database, table, as string) (err error) {
	defer exc.Catch(&err)
	source, ok := from.(*Database)
	if !ok {
		return exc.New(exc.NotImplementedError, "the table %s cannot be made like that of such a database", as)
	}
	in, err := inspect.Inspect(ctx, source.bind())
	if err != nil {
		return err
	}
	schema, name := split(table)
	t, err := in.Table(ctx, core.NewMetaData(), name, schema, inspect.ReflectOptions{Unresolved: true})
	if err != nil {
		return err
	}
	var lines, keys []string
	for _, c := range t.Columns().All() {
		line := d.quoted(string(c.Name)) + " " + d.typeLike(c)
		if !c.Schema.Nullable {
			line += " NOT NULL"
		}
		lines = append(lines, line)
		if c.Schema.PrimaryKey {
			keys = append(keys, d.quoted(string(c.Name)))
		}
	}
	if len(keys) > 0 {
		lines = append(lines, "PRIMARY KEY ("+strings.Join(keys, ", ")+")")
	}
	schema, name = split(as)
	as = d.quoted(name)
	if schema != "" {
		as = d.quoted(schema) + "." + as
	}
	r, err := d.Query(ctx, "CREATE TABLE "+as+" ("+strings.Join(lines, ", ")+")", nil)
	if err != nil {
		return err
	}
	return r.Close()
}

// CopySource is what \copy reads: a *core.Table by its name, a core.Query as SQL
// in parentheses.
func (d *Database) CopySource(v any) (string, error) {
	switch v := v.(type) {
	case *core.Table:
		if v.Schema != "" {
			return d.quoted(v.Schema) + "." + d.quoted(v.Name), nil
		}
		return d.quoted(v.Name), nil
	case core.Query:
		sql, err := compile.Inline(d.conn.Engine.Dialect, v, compile.Options{})
		return "(" + sql + ")", err
	}
	return "", exc.New(exc.ArgumentError, "copy_to(): a table, a select() or the text of one is wanted")
}

// roomy are the types of MySQL that hold what those of its generic names would
// cut or round.
var roomy = map[string]string{"DATETIME": "DATETIME(6)", "TIMESTAMP": "DATETIME(6)", "TIME": "TIME(6)", "NUMERIC": "NUMERIC(65, 30)",
	"DECIMAL": "DECIMAL(65, 30)", "FLOAT": "DOUBLE", "TEXT": "LONGTEXT", "BLOB": "LONGBLOB"}

// typeLike is the name of a type that holds what a column of another database
// does.
func (d *Database) typeLike(c *core.Column) string {
	mysql := d.Dialect() == "mysql" || d.Dialect() == "mariadb"
	name := "TEXT"
	if generic, err := types.AsGeneric(c.Type); err == nil && d.holds(generic) {
		if s, ok := generic.(*types.String); ok { // collations are a server's own
			plain := *s
			plain.Collation, generic = "", &plain
		}
		if n, err := d.conn.Engine.Dialect.TypeName(generic); err == nil {
			name = n
		}
	}
	if wide := roomy[name]; mysql && wide != "" {
		name = wide
	}
	if mysql && name == "LONGTEXT" && c.Schema.PrimaryKey { // which no key takes
		name = "VARCHAR(255)"
	}
	return name
}

// holds says that a type keeps here what it does elsewhere: SQLite's numbers have
// 15 digits, and only PostgreSQL has intervals.
func (d *Database) holds(t types.Type) bool {
	switch t := t.(type) {
	case *types.Numeric:
		return d.Dialect() != "sqlite" || t.Precision > 0 && t.Precision <= 15
	case *types.IntervalType:
		return d.Dialect() == "postgresql"
	}
	return true
}

// quoted quotes an identifier.
func (d *Database) quoted(name string) string {
	if d.Dialect() == "mysql" || d.Dialect() == "mariadb" {
		return "`" + strings.ReplaceAll(name, "`", "``") + "`"
	}
	return quote(name)
}

// split parts SCHEMA.NAME, either quoted.
func split(table string) (schema, name string) {
	schema, name, ok := strings.Cut(table, ".")
	if !ok {
		schema, name = "", table
	}
	return strings.Trim(schema, "\"`"), strings.Trim(name, "\"`")
}
