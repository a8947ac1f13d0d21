package engine

import (
	"context"
	"database/sql/driver"
	"io"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Engine is where connections to one database come from, and what they share:
// the pool, the cache of compiled statements, the listeners, the echo.
type Engine struct {
	URL     *URL
	Dialect Dialect
	Events  *Events
	// DialectEvents are shared by the engines that execution options make.
	DialectEvents *DialectEvents
	Options       core.Options

	HideParameters bool
	LoggingName    string
	// Legacy is future = false: see Options.
	Legacy bool

	scope   *Scope
	parent  *Engine // what execution options made this one from
	shared  *shared
	config  *Options
	level   string // isolation level of new connections
	connect driver.Connector
}

// shared is what an engine has in common with those made from it by
// execution_options().
type shared struct {
	mu       sync.Mutex
	pool     *Pool
	cache    *lru.Cache[string, *cached]
	echo     Echo
	echoPool Echo
	whole    bool // the echo leaves nothing out
	out      io.Writer
	outMu    sync.Mutex
	level    string       // the default isolation level, "" until it is known
	schema   atomic.Int64 // changes of the schema so far
}

// cached is a compiled statement with what executions of it share.
type cached struct {
	compiled *compile.Compiled
	made     time.Time
	plan     atomic.Pointer[resultPlan] // of the last cursor's columns: connections share it
}

// New makes an engine. It connects when it is first used.
func New(u *URL, d Dialect, o Options) (*Engine, error) {
	e := &Engine{URL: u, Dialect: d, Events: &Events{}, DialectEvents: &DialectEvents{}, scope: o.Scope, Options: o.ExecutionOptions, HideParameters: o.HideParameters,
		LoggingName: o.LoggingName, Legacy: o.Legacy, config: &o, level: o.IsolationLevel}
	if e.Options == nil {
		e.Options = core.Options{}
	}
	if e.scope == nil {
		e.scope = &Scope{}
	}
	if o.Existing != nil {
		o.Creator = o.Existing.engine.config.Creator
	}
	if o.Creator == nil {
		if err := e.scope.Check(d, u, o.ConnectArgs); err != nil {
			return nil, err
		}
		c, err := d.Connector(u, o.ConnectArgs)
		if err != nil {
			return nil, err
		}
		e.connect = c
	}
	s := &shared{echo: o.Echo, echoPool: o.EchoPool, out: o.EchoTo}
	if s.out == nil {
		s.out = standardOutput{}
	}
	if o.CacheSize >= 0 {
		size := o.CacheSize
		if size == 0 {
			size = 500
		}
		s.cache, _ = lru.New[string, *cached](size)
	}
	e.shared = s
	kind := o.Pool
	if kind == PoolDefault {
		kind = d.DefaultPool(u)
	}
	if s.pool = o.Existing; s.pool == nil {
		s.pool = newPool(e, kind, &o)
	}
	s.pool.engine = e
	return e, nil
}

// WithOptions is an engine with further execution options, on the same pool.
func (e *Engine) WithOptions(o core.Options) (*Engine, error) {
	n := *e
	n.Events, n.parent = &Events{}, e
	return &n, n.SetOptions(o)
}

// SetOptions lays execution options over the engine's own.
func (e *Engine) SetOptions(o core.Options) error {
	o = core.Options{}.With(o) // listeners may change it
	if err := e.told(func(ev *Events) *Hook[func(*Engine, core.Options) error] { return &ev.SetEngineOption }, o); err != nil {
		return err
	}
	e.Options = e.Options.With(o)
	return nil
}

// Echo is how much is shown.
func (e *Engine) Echo() Echo {
	e.shared.mu.Lock()
	defer e.shared.mu.Unlock()
	return e.shared.echo
}

// SetEcho changes how much is shown, of connections made from now on.
func (e *Engine) SetEcho(level Echo) {
	e.shared.mu.Lock()
	defer e.shared.mu.Unlock()
	e.shared.echo = level
}

// EchoPool is how much is shown of the pool's work.
func (e *Engine) EchoPool() Echo {
	e.shared.mu.Lock()
	defer e.shared.mu.Unlock()
	return e.shared.echoPool
}

// SetEchoPool changes how much is shown of the pool's work.
func (e *Engine) SetEchoPool(level Echo) {
	e.shared.mu.Lock()
	defer e.shared.mu.Unlock()
	e.shared.echoPool = level
}

// EchoWhole says whether the echo shows all of long parameters and statements,
// where SQLAlchemy's leaves out the middle.
func (e *Engine) EchoWhole() bool {
	e.shared.mu.Lock()
	defer e.shared.mu.Unlock()
	return e.shared.whole
}

// SetEchoWhole makes the echo leave nothing out, or shorten again.
func (e *Engine) SetEchoWhole(whole bool) {
	e.shared.mu.Lock()
	defer e.shared.mu.Unlock()
	e.shared.whole = whole
}

// SetEchoTo sends the echo elsewhere.
func (e *Engine) SetEchoTo(w io.Writer) {
	e.shared.outMu.Lock()
	defer e.shared.outMu.Unlock()
	e.shared.out = w
}

// write shows one line of the echo.
func (e *Engine) write(line string) {
	e.shared.outMu.Lock()
	defer e.shared.outMu.Unlock()
	_, _ = io.WriteString(e.shared.out, line+"\n")
}

// Pool is where the connections are.
func (e *Engine) Pool() *Pool {
	e.shared.mu.Lock()
	defer e.shared.mu.Unlock()
	return e.shared.pool
}

// Name is the dialect's.
func (e *Engine) Name() string { return e.Dialect.Name() }

// String is the engine's repr.
func (e *Engine) String() string { return "Engine(" + e.URL.String() + ")" }

// Connect gives a connection. It must be closed.
func (e *Engine) Connect(ctx context.Context) (*Connection, error) {
	k, err := e.checkout(ctx, nil)
	if err != nil {
		return nil, err
	}
	c := &Connection{Engine: e, options: e.Options, checkout: k, mayBegin: true, reconnects: true, echo: e.Echo()}
	c.loggingToken(e.Options)
	if err := e.characterize(ctx, k.conn, e.Options); err != nil {
		c.Close(ctx)
		return nil, e.driverError(err)
	}
	err = c.tell(func(ev *Events) *Hook[func(*Connection) error] { return &ev.EngineConnect })
	if err != nil {
		c.Close(ctx)
		return nil, err
	}
	return c, nil
}

// RawConnection checks out a connection of the driver.
func (e *Engine) RawConnection(ctx context.Context) (*Checkout, error) { return e.checkout(ctx, nil) }

func (e *Engine) checkout(ctx context.Context, c *Connection) (*Checkout, error) {
	k, err := e.Pool().Connect(ctx)
	if err == nil {
		return k, nil
	}
	x := exc.Of(err)
	if x == nil {
		return nil, err
	}
	if x.Orig != nil {
		return nil, e.handleConnectError(x, c)
	}
	return nil, x
}

// Begin calls f with a connection in a transaction, which is committed if f
// succeeds and rolled back if it does not.
func (e *Engine) Begin(ctx context.Context, f func(*Connection) error) (err error) {
	c, err := e.Connect(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := c.Close(ctx); err == nil {
			err = cerr
		}
	}()
	t, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	return t.Within(ctx, func() error { return f(c) })
}

// Execute runs a statement on a connection of its own and commits what it
// changes: connectionless execution, as SQLAlchemy 1.x had it. The rows are
// read before the connection goes back.
func (e *Engine) Execute(ctx context.Context, stmt core.Node, p Params, over ...core.Options) (*Result, error) {
	return e.connectionless(ctx, func(c *Connection) (*Result, error) {
		return c.Execute(ctx, stmt, p, append(over, core.Options{"stream_results": false, "yield_per": int64(0)})...)
	})
}

// ExecDriverSQL is Execute for SQL in the driver's own style.
func (e *Engine) ExecDriverSQL(ctx context.Context, sql string, p Params) (*Result, error) {
	return e.connectionless(ctx, func(c *Connection) (*Result, error) { return c.ExecDriverSQL(ctx, sql, p) })
}

func (e *Engine) connectionless(ctx context.Context, f func(*Connection) (*Result, error)) (*Result, error) {
	own := *e
	own.Legacy = true
	c, err := own.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Close(ctx)
	return f(c)
}

// Dispose closes the connections that nobody uses and starts a new pool.
func (e *Engine) Dispose() error {
	old := e.Pool()
	old.Dispose()
	n := old.recreate()
	e.shared.mu.Lock()
	e.shared.pool = n
	e.shared.mu.Unlock()
	disposed := func(ev *Events) error {
		for _, f := range ev.EngineDisposed.list {
			if err := (*f)(e); err != nil {
				return err
			}
		}
		return nil
	}
	if err := disposed(&e.scope.Events); err != nil {
		return err
	}
	return e.eachEvents(disposed)
}

// told tells the listeners that take an engine and its new options.
func (e *Engine) told(which func(*Events) *Hook[func(*Engine, core.Options) error], o core.Options) error {
	tell := func(ev *Events) error {
		for _, f := range which(ev).list {
			if err := (*f)(e, o); err != nil {
				return err
			}
		}
		return nil
	}
	if err := tell(&e.scope.Events); err != nil {
		return err
	}
	return e.eachEvents(tell)
}

// ClearCache forgets the compiled statements.
func (e *Engine) ClearCache() {
	if e.shared.cache != nil {
		e.shared.cache.Purge()
	}
}

// CacheLen is the number of compiled statements that are kept.
func (e *Engine) CacheLen() int {
	if e.shared.cache == nil {
		return 0
	}
	return e.shared.cache.Len()
}

// open makes a new connection of the driver, for a place of the pool.
func (e *Engine) open(ctx context.Context, r *Record) (*DriverConn, error) {
	c, err := e.opened(ctx, r)
	if err != nil {
		return nil, err
	}
	if e.Dialect == nil { // a pool without an engine learns it from its connections
		e.Dialect = c.Dialect
	}
	c.Dialect, c.schema = e.Dialect, &e.shared.schema
	if e.level != "" {
		if err := e.setIsolation(ctx, c, e.level); err != nil {
			_ = c.Close()
			return nil, e.driverError(err)
		}
	}
	if err := e.noteLevel(ctx, c); err != nil {
		_ = c.Close()
		return nil, e.driverError(err)
	}
	return c, nil
}

// opened is a connection as the creator, a listener or the dialect makes it.
func (e *Engine) opened(ctx context.Context, r *Record) (*DriverConn, error) {
	if e.config.Creator != nil {
		return e.config.Creator(ctx)
	}
	connector := e.connect
	if do := heard(&e.scope.Dialect.DoConnect, &e.DialectEvents.DoConnect); len(do) > 0 {
		args, err := e.Dialect.ConnectArguments(e.URL)
		if err != nil {
			return nil, err
		}
		maps.Copy(args.Named, e.config.ConnectArgs)
		for _, f := range do {
			if c, err := f(e.Dialect, r, args); c != nil || err != nil {
				return c, err
			}
		}
		u := args.url(e.URL)
		if err := e.scope.Check(e.Dialect, u, args.Named); err != nil {
			return nil, err
		}
		if connector, err = e.Dialect.Connector(u, args.Named); err != nil {
			return nil, err
		}
	}
	c, err := connect(ctx, connector, e.Dialect, e.scope)
	if err != nil {
		return nil, e.driverError(err)
	}
	return c, nil
}

// url is the URL of a database that arguments lead to: what stands in Named is
// not in it.
func (a *ConnectArguments) url(of *URL) *URL {
	u := &URL{DriverName: of.DriverName}
	if len(a.Positional) > 0 {
		name := types.Str(a.Positional[0])
		u.Database = &name
	}
	return u
}

// initialize lets the dialect ask the server about itself, with an echo.
func (e *Engine) initialize(ctx context.Context, c *DriverConn) error {
	echo := e.Echo()
	err := e.Dialect.Initialize(ctx, c, func(sql string) ([]any, error) {
		if echo != EchoOff {
			e.write(sql)
			e.write("[raw sql] " + newParamsRepr(e.Dialect.Features().Style, nil).one(nil))
		}
		cur, err := c.Query(ctx, sql, nil)
		if err != nil {
			return nil, err
		}
		defer cur.Close()
		row, err := cur.Next()
		if err != nil || row == nil {
			return nil, err
		}
		out := make([]any, len(row))
		for i, v := range row {
			out[i] = ownValue(v)
		}
		return out, nil
	})
	if err == nil {
		err = c.Rollback(ctx)
	}
	if err != nil {
		return e.driverError(err)
	}
	return nil
}
