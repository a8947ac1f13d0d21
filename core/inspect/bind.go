package inspect

import (
	"context"

	"alchemysh/core/ddl"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// Using runs f with a connection of bind, an *engine.Engine or an
// *engine.Connection. One of an engine is opened for f alone: committed
// afterwards when f writes, rolled back when it only reads.
func Using(ctx context.Context, bind any, writes bool, f func(*engine.Connection) error) error {
	switch b := bind.(type) {
	case *engine.Connection:
		return f(b)
	case *engine.Engine:
		if writes {
			return b.Begin(ctx, f)
		}
		c, err := b.Connect(ctx)
		if err != nil {
			return err
		}
		err = f(c)
		if cerr := c.Close(ctx); err == nil {
			err = cerr
		}
		return err
	}
	return exc.New(exc.ArgumentError, "expected an Engine or a Connection, got %T", bind)
}

// Inspect makes an Inspector of an *engine.Engine or an *engine.Connection.
func Inspect(ctx context.Context, bind any) (*Inspector, error) {
	switch b := bind.(type) {
	case *engine.Connection:
		in, err := New(b)
		if err == nil {
			in.bound = b.Engine.String()
		}
		return in, err
	case *engine.Engine:
		r, ok := b.Dialect.(Reader)
		if !ok {
			return nil, exc.New(exc.NoInspectionAvailable, "the %s dialect cannot read a database's catalogue", b.Name())
		}
		if err := Using(ctx, b, false, func(*engine.Connection) error { return nil }); err != nil {
			return nil, err
		}
		return &Inspector{reader: r, name: b.Name(), bound: b.String(), cache: map[any]any{}, open: func(ctx context.Context, f func(ddl.Querier) error) error {
			return Using(ctx, b, false, func(c *engine.Connection) error { return f(c) })
		}}, nil
	}
	return nil, exc.New(exc.NoInspectionAvailable, "No inspection system is available for object of type %T", bind)
}
