package postgresql

import (
	"context"
	"fmt"
	"strings"

	"alchemysh/core/ddl"
	"alchemysh/core/inspect"
)

// The questions for names and for the text of a view are worded as SQLAlchemy
// words them, in the order of the catalogue as it has them.

const relationInNamespace = " \n" +
	"FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_catalog.pg_namespace.oid = pg_catalog.pg_class.relnamespace \n" +
	"WHERE "

// ofKinds is the condition on pg_class.relkind, and its parameters.
func ofKinds(kinds ...string) (string, []string) {
	marks, params := make([]string, len(kinds)), []string{}
	for i, k := range kinds {
		name := fmt.Sprintf("param_%d", i+1)
		marks[i] = ":" + name
		params = append(params, name, k)
	}
	return "pg_catalog.pg_class.relkind = ANY (ARRAY[" + strings.Join(marks, ", ") + "])", params
}

// inSchema is the condition on the namespace of a relation, and its parameters.
func inSchema(schema string) (string, []string) {
	if schema == "" {
		return " AND " + inDefaultSchema, []string{"nspname_1", "pg_catalog"}
	}
	return " AND " + inNamedSchema, []string{"nspname_1", schema}
}

// SchemaNames are the schemas but the system's own.
func (d *Dialect) SchemaNames(ctx context.Context, q ddl.Querier) ([]string, error) {
	return inspect.FirstColumn(inspect.Ask(ctx, q, "SELECT pg_catalog.pg_namespace.nspname \nFROM pg_catalog.pg_namespace \n"+
		"WHERE pg_catalog.pg_namespace.nspname NOT LIKE :nspname_1 ORDER BY pg_catalog.pg_namespace.nspname", "nspname_1", "pg_%"))
}

// RelationNames are the names of tables or views; those of foreign tables are
// asked for by themselves.
func (d *Dialect) RelationNames(ctx context.Context, q ddl.Querier, s inspect.Scope) ([]string, error) {
	var kinds []string
	if s.Kinds&inspect.Tables != 0 {
		kinds = append(kinds, "r", "p")
	}
	if s.Kinds&inspect.Views != 0 {
		kinds = append(kinds, "v")
	}
	if s.Kinds&inspect.MaterializedViews != 0 {
		kinds = append(kinds, "m")
	}
	return relationNames(ctx, q, s.Schema, s.Lifetime, kinds...)
}

// ForeignTableNames are the tables that stand for those of other servers.
func (d *Dialect) ForeignTableNames(ctx context.Context, q ddl.Querier, schema string) ([]string, error) {
	return relationNames(ctx, q, schema, inspect.AnyLifetime, "f")
}

// SequenceNames are the sequences of a schema.
func (d *Dialect) SequenceNames(ctx context.Context, q ddl.Querier, schema string) ([]string, error) {
	return relationNames(ctx, q, schema, inspect.AnyLifetime, "S")
}

func relationNames(ctx context.Context, q ddl.Querier, schema string, l inspect.Lifetime, kinds ...string) ([]string, error) {
	where, params := ofKinds(kinds...)
	if l != inspect.AnyLifetime {
		op := " != "
		if l == inspect.Temporary {
			op = " = "
		}
		where += " AND pg_catalog.pg_class.relpersistence" + op + ":relpersistence_1"
		params = append(params, "relpersistence_1", "t")
	}
	in, named := inSchema(schema)
	return inspect.FirstColumn(inspect.Ask(ctx, q, "SELECT pg_catalog.pg_class.relname"+relationInNamespace+where+in, append(params, named...)...))
}

// ViewDefinition is the query of a view.
func (d *Dialect) ViewDefinition(ctx context.Context, q ddl.Querier, view, schema string) (string, bool, error) {
	where, params := ofKinds("v", "m")
	in, named := inSchema(schema)
	params = append(append([]string{"relname_1", view}, params...), named...)
	rows, err := inspect.Ask(ctx, q, "SELECT pg_catalog.pg_get_viewdef(pg_catalog.pg_class.oid) AS pg_get_viewdef_1"+relationInNamespace+
		"pg_catalog.pg_class.relname = :relname_1 AND "+where+in, params...)
	if err != nil || len(rows) == 0 {
		return "", false, err
	}
	return inspect.String(rows[0][0]), true, nil
}

// TableOID is the number by which the catalogue knows a relation.
func (d *Dialect) TableOID(ctx context.Context, q ddl.Querier, table, schema string) (int64, bool, error) {
	where, params := ofKinds("r", "p", "f", "v", "m")
	in, named := inSchema(schema)
	params = append(append([]string{"relname_1", table}, params...), named...)
	rows, err := inspect.Ask(ctx, q, "SELECT pg_catalog.pg_class.oid"+relationInNamespace+"pg_catalog.pg_class.relname = :relname_1 AND "+where+in, params...)
	if err != nil || len(rows) == 0 {
		return 0, false, err
	}
	return inspect.Int(rows[0][0]), true, nil
}
