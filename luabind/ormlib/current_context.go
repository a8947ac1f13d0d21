package ormlib

import (
	"context"
	"time"

	"alchemysh/luabind/bind"
)

// currentContext is the context of whatever chunk runs when it is asked. A
// session outlives the chunk that made it, and an attribute that loads belongs
// to the chunk that looks at it.
type currentContext struct{ state *bind.State }

func (c currentContext) now() context.Context {
	if ctx := c.state.Context(); ctx != nil {
		return ctx
	}
	return context.Background()
}

func (c currentContext) Deadline() (time.Time, bool) { return c.now().Deadline() }
func (c currentContext) Done() <-chan struct{}       { return c.now().Done() }
func (c currentContext) Err() error                  { return c.now().Err() }
func (c currentContext) Value(key any) any           { return c.now().Value(key) }
