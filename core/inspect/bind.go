package inspect

import (
	"context"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/ddl"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// link makes an engine's connection an Executor and Querier.
type link struct{ c *engine.Connection }

// On is a connection as package ddl wants it: to execute DDL, and to be asked
// for its catalogue.
func On(c *engine.Connection) interface {
	ddl.Executor
	ddl.Querier
	Connection() *engine.Connection
} {
	return link{c}
}

// Connection is the engine's connection.
func (l link) Connection() *engine.Connection { return l.c }

func (l link) Dialect() compile.Dialect { return l.c.Engine.Dialect }

func (l link) ExecuteDDL(ctx context.Context, s core.DDLStatement) error {
	r, err := l.c.Execute(ctx, s, engine.Params{})
	if err == nil && r != nil {
		err = r.Close()
	}
	return err
}

func (l link) Rows(ctx context.Context, s core.Statement, params map[string]any) ([][]any, error) {
	p := engine.Params{}
	if params != nil {
		p = engine.Named(params)
	}
	r, err := l.c.Execute(ctx, s, p)
	if err != nil {
		return nil, err
	}
	return cells(r)
}

func (l link) DriverRows(ctx context.Context, sql string, args ...any) ([]string, [][]any, error) {
	p := engine.Params{}
	if len(args) > 0 {
		p = engine.Positional(args...)
	}
	r, err := l.c.ExecDriverSQL(ctx, sql, p)
	if err != nil {
		return nil, nil, err
	}
	rows, err := cells(r)
	return nil, rows, err
}

func cells(r *engine.Result) ([][]any, error) {
	all, err := r.All()
	if err != nil {
		return nil, err
	}
	out := make([][]any, len(all))
	for i, row := range all {
		out[i] = row.Values()
	}
	return out, nil
}

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
		in, err := New(On(b))
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
			return Using(ctx, b, false, func(c *engine.Connection) error { return f(On(c)) })
		}}, nil
	}
	return nil, exc.New(exc.NoInspectionAvailable, "No inspection system is available for object of type %T", bind)
}
