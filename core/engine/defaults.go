package engine

import (
	"context"
	"strings"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// defaultContext is what a default function is told: the row it is for.
type defaultContext struct {
	x   *Execution
	set int
	p   *compile.Prefetch
}

// DefaultContext is the context of a default function as the engine makes it;
// layers above can ask it for more than core knows of.
type DefaultContext interface {
	core.DefaultContext
	Execution() *Execution
	// Parameters are those of all rows of an INSERT … VALUES (…), (…) together,
	// by parameter name.
	Parameters() map[string]any
}

func (d defaultContext) Execution() *Execution { return d.x }

// Row is the number of the set of parameters.
func (d defaultContext) Row() int { return d.set }

// Parameters are the parameters by name.
func (d defaultContext) Parameters() map[string]any { return d.x.parameters(d.set) }

// CurrentParameters are the row's values by column. Of one row among several of
// an INSERT they are those that were given, and that of the default itself.
func (d defaultContext) CurrentParameters() map[string]any {
	all := d.Parameters()
	dml := d.x.Compiled.DML
	if !dml.MultipleValues {
		return all
	}
	name := d.x.Compiled.Params[d.p.Param].Name
	group := strings.TrimPrefix(name, d.p.Column.Key)
	if group == "" {
		group = "_m0"
	}
	out := map[string]any{d.p.Column.Key: all[name]}
	for i := range dml.Prefetch {
		delete(all, d.x.Compiled.Params[dml.Prefetch[i].Param].Name)
	}
	for k, v := range all {
		if column, ok := strings.CutSuffix(k, group); ok {
			out[column] = v
		}
	}
	return out
}

// parameters are the values of a set by name.
func (x *Execution) parameters(set int) map[string]any {
	out := make(map[string]any, len(x.Compiled.Params))
	for i := range x.Compiled.Params {
		out[x.Compiled.Params[i].Name] = x.values[set][i]
	}
	return out
}

// prefetch computes the defaults that are sent as parameters, for every set.
func (x *Execution) prefetch(ctx context.Context) error {
	dml := x.dml()
	if dml == nil || len(dml.Prefetch) == 0 {
		return nil
	}
	for set := range x.values {
		for i := range dml.Prefetch {
			p := &dml.Prefetch[i]
			v, err := x.defaultValue(ctx, p, set)
			if err != nil {
				return err
			}
			x.values[set][p.Param] = v
		}
	}
	return nil
}

func (x *Execution) defaultValue(ctx context.Context, p *compile.Prefetch, set int) (any, error) {
	d := p.Default
	switch {
	case d.Func != nil:
		return d.Func(defaultContext{x, set, p})
	case d.HasValue:
		return d.Value, nil
	case d.Sequence != nil:
		return x.Conn.NextValue(ctx, &core.NextValue{Sequence: d.Sequence})
	case d.SQL != nil:
		return x.Conn.evaluate(ctx, d.SQL, p.Column)
	}
	return nil, exc.New(exc.CompileError, "the default of column '%s' cannot be computed beforehand", p.Column.Name)
}

// evaluate asks the database for the value of an expression.
func (c *Connection) evaluate(ctx context.Context, e core.Expr, column *core.Column) (any, error) {
	if _, untyped := e.ExprType().(*types.NullType); untyped {
		e = &core.TypeCoerce{X: e, Type: column.ExprType()}
	}
	compiled, err := compile.Compile(c.Engine.Dialect, core.NewSelect(e), compile.Options{})
	if err != nil {
		return nil, err
	}
	values, err := compiled.Values(nil, nil, 0)
	if err != nil {
		return nil, err
	}
	r, err := compiled.RenderOne(values)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(r.Args))
	if err := convert(r, values, args); err != nil {
		return nil, err
	}
	x := &Execution{Conn: c}
	return c.internalScalar(ctx, r.SQL, x.namesOf(r), &r.Wire, args, column.ExprType())
}
