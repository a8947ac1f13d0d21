package engine

import (
	"context"
	"maps"
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Characterizer is a Dialect with execution options of its own that are
// properties of the driver's connection, as the isolation level is: set outside
// a transaction, and undone when the connection goes back to the pool.
type Characterizer interface {
	// Characteristics are the setters by the options' names; nil undoes.
	Characteristics() map[string]func(ctx context.Context, c *DriverConn, value any) error
}

func (e *Engine) characteristics() map[string]func(context.Context, *DriverConn, any) error {
	if d, ok := e.Dialect.(Characterizer); ok {
		return d.Characteristics()
	}
	return nil
}

// concernsConnection reports whether any of the options is of the driver's
// connection.
func (e *Engine) concernsConnection(o core.Options) bool {
	if _, ok := o["isolation_level"].(string); ok {
		return true
	}
	for name := range e.characteristics() {
		if _, given := o[name]; given {
			return true
		}
	}
	return false
}

// characterize brings a connection to what options say of it.
func (e *Engine) characterize(ctx context.Context, c *DriverConn, o core.Options) error {
	if level, ok := o["isolation_level"].(string); ok {
		if err := e.setIsolation(ctx, c, level); err != nil {
			return err
		}
	}
	for name, set := range e.characteristics() {
		if v, given := o[name]; given {
			if err := set(ctx, c, v); err != nil {
				return err
			}
			if c.characterized == nil {
				c.characterized = map[string]bool{}
			}
			c.characterized[name] = true
		}
	}
	return nil
}

// uncharacterize undoes characterize.
func (e *Engine) uncharacterize(ctx context.Context, c *DriverConn) error {
	for name := range c.characterized {
		if err := e.characteristics()[name](ctx, c, nil); err != nil {
			return err
		}
	}
	c.characterized = nil
	if c.Level == e.level {
		return nil
	}
	level := e.level
	if level == "" {
		level = e.defaultLevel()
	}
	err := e.setIsolation(ctx, c, level)
	c.Level = e.level
	return err
}

// refuseInTransaction refuses to change characteristics of a connection whose
// transaction has begun.
func (c *Connection) refuseInTransaction(o core.Options) error {
	if c.transaction == nil {
		return nil
	}
	var names []string
	for _, k := range slices.Sorted(maps.Keys(o)) {
		if _, is := c.Engine.characteristics()[k]; is || k == "isolation_level" {
			names = append(names, k)
		}
	}
	if names == nil {
		return nil
	}
	return exc.New(exc.InvalidRequestError, "This connection has already initialized a SQLAlchemy Transaction() object via begin() or autobegin; %s may not be altered unless rollback() or commit() is called first.", strings.Join(names, ", "))
}
