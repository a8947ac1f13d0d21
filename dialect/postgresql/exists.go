package postgresql

import (
	"context"
	"strings"

	"alchemysh/core/ddl"
	"alchemysh/core/inspect"
)

// The questions whether something exists are worded as SQLAlchemy words them:
// people read them in the echo of create_all.
const (
	inDefaultSchema = "pg_catalog.pg_table_is_visible(pg_catalog.pg_class.oid) AND pg_catalog.pg_namespace.nspname != :nspname_1"
	inNamedSchema   = "pg_catalog.pg_namespace.nspname = :nspname_1"

	hasTable = "SELECT pg_catalog.pg_class.relname \n" +
		"FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_catalog.pg_namespace.oid = pg_catalog.pg_class.relnamespace \n" +
		"WHERE pg_catalog.pg_class.relname = :table_name AND pg_catalog.pg_class.relkind = ANY (ARRAY[:param_1, :param_2, :param_3, :param_4, :param_5]) AND "
	hasSequence = "SELECT pg_catalog.pg_class.relname \n" +
		"FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_catalog.pg_namespace.oid = pg_catalog.pg_class.relnamespace \n" +
		"WHERE pg_catalog.pg_class.relkind = :relkind_1 AND pg_catalog.pg_class.relname = :relname_1 AND "
	hasType = "SELECT pg_catalog.pg_type.typname \n" +
		"FROM pg_catalog.pg_type JOIN pg_catalog.pg_namespace ON pg_catalog.pg_namespace.oid = pg_catalog.pg_type.typnamespace \n" +
		"WHERE pg_catalog.pg_type.typname = :typname_1 AND "
	typeInDefaultSchema = "pg_catalog.pg_type_is_visible(pg_catalog.pg_type.oid) AND pg_catalog.pg_namespace.nspname != :nspname_1"
)

func exists(rows [][]any, err error) (bool, error) { return len(rows) > 0, err }

// HasTable finds tables and views of all kinds.
func (d *Dialect) HasTable(ctx context.Context, q ddl.Querier, name, schema string) (bool, error) {
	where, nsp := inDefaultSchema, "pg_catalog"
	if schema != "" {
		where, nsp = inNamedSchema, schema
	}
	return exists(inspect.Ask(ctx, q, hasTable+where, "table_name", name, "param_1", "r", "param_2", "p", "param_3", "f", "param_4", "v", "param_5", "m", "nspname_1", nsp))
}

// HasSequence finds a sequence.
func (d *Dialect) HasSequence(ctx context.Context, q ddl.Querier, name, schema string) (bool, error) {
	where, nsp := inDefaultSchema, "pg_catalog"
	if schema != "" {
		where, nsp = inNamedSchema, schema
	}
	return exists(inspect.Ask(ctx, q, hasSequence+where, "relkind_1", "S", "relname_1", name, "nspname_1", nsp))
}

// HasType finds an enumeration or a domain.
func (d *Dialect) HasType(ctx context.Context, q ddl.Querier, name, schema string) (bool, error) {
	where, nsp := typeInDefaultSchema, "pg_catalog"
	switch {
	case schema == "*":
		return exists(inspect.Ask(ctx, q, strings.TrimSuffix(hasType, " AND "), "typname_1", name))
	case schema != "":
		where, nsp = inNamedSchema, schema
	}
	return exists(inspect.Ask(ctx, q, hasType+where, "typname_1", name, "nspname_1", nsp))
}

// HasSchema finds a schema.
func (d *Dialect) HasSchema(ctx context.Context, q ddl.Querier, name string) (bool, error) {
	return exists(inspect.Ask(ctx, q, "SELECT pg_catalog.pg_namespace.nspname \nFROM pg_catalog.pg_namespace \nWHERE pg_catalog.pg_namespace.nspname = :nspname_1", "nspname_1", name))
}

// HasIndex looks through the table's indexes.
func (d *Dialect) HasIndex(ctx context.Context, q ddl.Querier, table, index, schema string) (bool, error) {
	all, err := d.Indexes(ctx, q, inspect.Scope{Schema: schema, Names: []string{table}})
	list, _ := all.Get(table)
	for _, x := range list {
		if x.Name == index {
			return true, err
		}
	}
	return false, err
}
