package engine

import (
	"context"
	"slices"
	"strings"

	"alchemysh/core/exc"
)

// autocommitLevel is the isolation level in which no transaction is begun.
const autocommitLevel = "AUTOCOMMIT"

func normalLevel(level string) string {
	return strings.ToUpper(strings.ReplaceAll(level, "_", " "))
}

// checkLevel refuses a level that the dialect does not have.
func checkLevel(d Dialect, level string) error {
	levels := d.IsolationLevels()
	if level == "" || slices.Contains(levels, normalLevel(level)) {
		return nil
	}
	return exc.New(exc.ArgumentError, "Invalid value '%s' for isolation_level. Valid isolation levels for '%s' are %s", normalLevel(level), d.Name(), strings.Join(levels, ", "))
}

func (e *Engine) setIsolation(ctx context.Context, c *DriverConn, level string) error {
	return SetIsolation(ctx, e.Dialect, c, level)
}

// SetIsolation brings a connection to a level; "" is the server's default.
func SetIsolation(ctx context.Context, d Dialect, c *DriverConn, level string) error {
	if err := checkLevel(d, level); err != nil {
		return err
	}
	level = normalLevel(level)
	if err := d.SetIsolation(ctx, c, level); err != nil {
		return err
	}
	c.Level, c.Autocommit = level, level == autocommitLevel
	return nil
}

// IsolationLevel is the level that the connection's transactions have, or would
// have if it did not commit by itself.
func (c *Connection) IsolationLevel(ctx context.Context) (string, error) {
	conn, err := c.driver(ctx)
	if err != nil {
		return "", err
	}
	level, err := c.Engine.Dialect.Isolation(ctx, conn)
	if err != nil {
		return "", c.Engine.driverError(err)
	}
	return level, nil
}

// DefaultIsolationLevel is the level of connections that were given none.
func (c *Connection) DefaultIsolationLevel(ctx context.Context) (string, error) {
	if _, err := c.driver(ctx); err != nil {
		return "", err
	}
	return c.Engine.defaultLevel(), nil
}

func (e *Engine) defaultLevel() string {
	s := e.shared
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.level
}

// noteLevel finds out the default level with the first connection, which has
// the engine's own if that was given one.
func (e *Engine) noteLevel(ctx context.Context, c *DriverConn) error {
	s := e.shared
	s.mu.Lock()
	known := s.level != "" || e.URL == nil
	s.mu.Unlock()
	if known {
		return nil
	}
	level, err := e.Dialect.Isolation(ctx, c)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.level = level
	s.mu.Unlock()
	return nil
}
