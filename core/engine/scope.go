package engine

import (
	"context"
	"database/sql/driver"
	"maps"
	"slices"

	"alchemysh/core/exc"
)

// Scope is what the engines of one program have in common: who listens to all
// of them, and what they may open. Engines that were given none are alone.
type Scope struct {
	Events  Events
	Dialect DialectEvents
	Pool    PoolEvents

	kinds    map[PoolKind]*PoolEvents
	confined bool
	admitted []*URL
}

// PoolOf are the listeners to all pools of one kind.
func (s *Scope) PoolOf(kind PoolKind) *PoolEvents {
	if s.kinds[kind] == nil {
		if s.kinds == nil {
			s.kinds = map[PoolKind]*PoolEvents{}
		}
		s.kinds[kind] = &PoolEvents{}
	}
	return s.kinds[kind]
}

// Confine lets the scope's engines and connections open nothing but the
// databases that were admitted and, in memory, new ones. Code that nobody has
// read can then be run.
func (s *Scope) Confine() { s.confined = true }

// Admit names a database that a confined program may open.
func (s *Scope) Admit(u *URL) { s.admitted = append(s.admitted, u) }

// Confiner is a Dialect whose connections could reach files by SQL, and can be
// kept from it.
type Confiner interface {
	Dialect
	// Confine is called with each new connection of a confined program.
	Confine(ctx context.Context, c *DriverConn) error
	// InMemory reports whether nothing outside the process is opened.
	InMemory(u *URL, args map[string]any) bool
	// SameDatabase reports whether two URLs are of one database.
	SameDatabase(a, b *URL) bool
}

// Check refuses to open what a confined program may not. s may be nil.
func (s *Scope) Check(d Dialect, u *URL, args map[string]any) error {
	if s == nil || !s.confined {
		return nil
	}
	c, files := d.(Confiner)
	switch {
	case files && c.InMemory(u, args):
		return nil
	case slices.ContainsFunc(s.admitted, func(a *URL) bool {
		// Arguments could lead elsewhere than the URL says.
		return len(args) == 0 && a.Equal(u) || files && a.BackendName() == u.BackendName() && c.SameDatabase(a, u)
	}):
		return nil
	}
	return exc.New(exc.OperationalError, "safe mode: %s may not be opened; the database of the session and SQLite in memory may", u)
}

// Confine keeps a new connection of a confined program where it is.
func (s *Scope) confine(ctx context.Context, c *DriverConn) error {
	if s == nil || !s.confined {
		return nil
	}
	if d, ok := c.Dialect.(Confiner); ok {
		return d.Confine(ctx, c)
	}
	return nil
}

// Open opens a connection to the URL's database for a program of the scope.
// s may be nil.
func (s *Scope) Open(ctx context.Context, d Dialect, u *URL, args map[string]any) (*DriverConn, error) {
	if err := s.Check(d, u, args); err != nil {
		return nil, err
	}
	connector, err := d.Connector(u, args)
	if err != nil {
		return nil, err
	}
	return connect(ctx, connector, d, s)
}

// connect opens a connection and prepares it.
func connect(ctx context.Context, connector driver.Connector, d Dialect, s *Scope) (*DriverConn, error) {
	var raw driver.Conn
	var notes map[string]any
	var err error
	if n, ok := connector.(Noter); ok {
		raw, notes, err = n.ConnectNoting(ctx)
	} else {
		raw, err = connector.Connect(ctx)
	}
	if err != nil {
		return nil, err
	}
	c := NewDriverConn(raw, d)
	maps.Copy(c.Notes, notes)
	if err = d.Setup(ctx, c); err == nil {
		err = s.confine(ctx, c)
	}
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}
