package engine

import (
	"context"
	"time"

	"alchemysh/core"
	"alchemysh/core/compile"
)

// ExecuteCompiled runs a statement as somebody has compiled it, past the cache.
// One that was compiled for another database is compiled again.
func (c *Connection) ExecuteCompiled(ctx context.Context, compiled *compile.Compiled, p Params, over ...core.Options) (*Result, error) {
	if compiled.Dialect.Name() != c.Engine.Dialect.Name() {
		return c.Execute(ctx, compiled.Statement, p, over...)
	}
	var own core.Options
	if s, ok := compiled.Statement.(core.Statement); ok {
		own = s.ExecutionOptions()
	}
	options := own.With(c.options)
	for _, o := range over {
		options = options.With(o)
	}
	changed, p, err := c.beforeExecute(compiled, p, options)
	if err != nil {
		return nil, err
	}
	if given, ok := changed.(*compile.Compiled); ok {
		compiled = given
	}
	made := time.Now()
	x := &Execution{Conn: c, Statement: compiled.Statement, Compiled: compiled, Options: options, params: p, Many: p.Len() > 1, rowcount: -1,
		given: true, cache: cachingDisabled, made: made, entry: &cached{compiled: compiled, made: made}}
	r, err := c.executeCompiled(ctx, x)
	if err != nil {
		return nil, err
	}
	return r, c.afterExecute(compiled, p, options, r)
}
