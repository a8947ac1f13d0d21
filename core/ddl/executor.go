package ddl

import (
	"context"

	"alchemysh/core"
	"alchemysh/core/compile"
)

// Executor is what creating and dropping needs of a connection. An engine's
// connection is one; so is a mock that only prints.
type Executor interface {
	Dialect() compile.Dialect
	// ExecuteDDL runs a statement for its effect.
	ExecuteDDL(ctx context.Context, s core.DDLStatement) error
}

// Querier is an Executor that can be asked what is in the database.
type Querier interface {
	Dialect() compile.Dialect
	// Rows runs a statement with parameters by name, and gives its rows.
	Rows(ctx context.Context, s core.Statement, params map[string]any) ([][]any, error)
	// DriverRows hands SQL to the driver as it is: exec_driver_sql.
	DriverRows(ctx context.Context, sql string, args ...any) (columns []string, rows [][]any, err error)
}

// Catalogue answers whether things exist. Dialects implement it; schema is ""
// for the default one.
type Catalogue interface {
	HasTable(ctx context.Context, q Querier, name, schema string) (bool, error)
	HasIndex(ctx context.Context, q Querier, table, index, schema string) (bool, error)
	HasSequence(ctx context.Context, q Querier, name, schema string) (bool, error)
	HasType(ctx context.Context, q Querier, name, schema string) (bool, error)
	HasSchema(ctx context.Context, q Querier, name string) (bool, error)
}
