package database

import (
	"context"

	"alchemysh/core"
	"alchemysh/core/diagram"
	"alchemysh/core/inspect"
)

// Diagram draws the tables of the default schema.
func (d *Database) Diagram(ctx context.Context, format string) (string, error) {
	in, err := inspect.Inspect(ctx, d.bind())
	if err != nil {
		return "", err
	}
	m := core.NewMetaData()
	if err := in.ReflectAll(ctx, m, inspect.ReflectOptions{}); err != nil {
		return "", err
	}
	return diagram.Draw(m, format)
}
