package engine

import (
	"context"

	"alchemysh/core"
	"alchemysh/core/compile"
)

// Dialect is the connection's, as package ddl asks for it.
func (c *Connection) Dialect() compile.Dialect { return c.Engine.Dialect }

// ExecuteDDL runs a statement for its effect.
func (c *Connection) ExecuteDDL(ctx context.Context, s core.DDLStatement) error {
	_, err := c.Execute(ctx, s, Params{})
	return err
}

// Rows runs a statement with parameters by name, and gives its rows.
func (c *Connection) Rows(ctx context.Context, s core.Statement, params map[string]any) ([][]any, error) {
	p := Params{}
	if params != nil {
		p = Named(params)
	}
	r, err := c.Execute(ctx, s, p)
	if err != nil {
		return nil, err
	}
	_, rows, err := r.plain()
	return rows, err
}

// DriverRows hands SQL to the driver as it is.
func (c *Connection) DriverRows(ctx context.Context, sql string, args ...any) (columns []string, rows [][]any, err error) {
	p := Params{}
	if len(args) > 0 {
		p = Positional(args...)
	}
	r, err := c.ExecDriverSQL(ctx, sql, p)
	if err != nil {
		return nil, nil, err
	}
	return r.plain()
}

// plain are the rows as nothing but values.
func (r *Result) plain() (columns []string, rows [][]any, err error) {
	if !r.ReturnsRows() {
		return nil, nil, nil
	}
	for {
		row, ok, err := r.FetchOne()
		if err != nil || !ok {
			return r.meta.keys, rows, err
		}
		rows = append(rows, row.values)
	}
}

// SQLDialect is the engine's dialect, for compiling.
func (e *Engine) SQLDialect() compile.Dialect { return e.Dialect }

// SQLDialect is the connection's dialect, for compiling.
func (c *Connection) SQLDialect() compile.Dialect { return c.Engine.Dialect }
