package engine

import (
	"context"

	"alchemysh/core"
)

// Prepared is a statement together with its cache key. Who executes one
// statement again and again, each time with other parameters, makes it once:
// then neither a statement nor its key is made anew for an execution.
type Prepared struct {
	stmt      core.Node
	key       string
	binds     []*core.Bind
	cacheable bool
}

// Prepare makes the key of a statement.
func Prepare(stmt core.Node) *Prepared {
	p := &Prepared{stmt: stmt}
	p.key, p.binds, p.cacheable = core.Key(stmt)
	return p
}

// Statement is the statement as it was prepared.
func (p *Prepared) Statement() core.Node { return p.stmt }

// Binds are the statement's parameters, in the order of its key.
func (p *Prepared) Binds() []*core.Bind { return p.binds }

// Cacheable reports whether the engine keeps what the statement compiles to.
func (p *Prepared) Cacheable() bool { return p.cacheable }

// With is the statement with other parameters in the places of its own.
func (p *Prepared) With(binds []*core.Bind) core.Node { return core.WithBinds(p.stmt, p.binds, binds) }

// ExecutePrepared executes a prepared statement with the given parameters in the
// places of its own (nil: with these), which is the same as executing
// p.With(binds). own are the options of the statement, params values for named
// parameters.
func (c *Connection) ExecutePrepared(ctx context.Context, p *Prepared, binds []*core.Bind, own core.Options, params Params, over ...core.Options) (*Result, error) {
	if c.executionHeard() { // listeners see the statement, and may give another
		stmt := p.stmt
		if binds != nil {
			stmt = p.With(binds)
		}
		if q, ok := stmt.(*core.Select); ok {
			stmt = q.Change(func(n *core.Select) { n.Options = own })
		}
		return c.Execute(ctx, stmt, params, over...)
	}
	x := &Execution{Conn: c, Statement: p.stmt, Options: c.optionsOver(own, over), params: params, Many: params.Len() > 1, rowcount: -1}
	if err := c.compile(x, p.stmt, p, binds); err != nil {
		return nil, err
	}
	return c.executeCompiled(ctx, x)
}

// executionHeard reports whether anyone listens to statements that are executed.
func (c *Connection) executionHeard() bool {
	heard := false
	_ = c.scopes(func(e *Events) error {
		heard = heard || len(e.BeforeExecute.list) > 0 || len(e.AfterExecute.list) > 0
		return nil
	})
	return heard
}
