package engine

import (
	"context"
	"database/sql/driver"
	"io"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
)

// Engine is where connections to one database come from, and what they share:
// the pool, the cache of compiled statements, the listeners, the echo.
type Engine struct {
	URL     *URL
	Dialect Dialect
	Events  *Events
	Options core.Options

	HideParameters bool
	LoggingName    string
	// Legacy is future = false: see Options.
	Legacy bool

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
	schema   atomic.Int64 // changes of the schema so far
}

// cached is a compiled statement with what executions of it share.
type cached struct {
	compiled *compile.Compiled
	made     time.Time
	plan     *resultPlan
}

// New makes an engine. It connects when it is first used.
func New(u *URL, d Dialect, o Options) (*Engine, error) {
	e := &Engine{URL: u, Dialect: d, Events: &Events{}, Options: o.ExecutionOptions, HideParameters: o.HideParameters,
		LoggingName: o.LoggingName, Legacy: o.Legacy, config: &o, level: o.IsolationLevel}
	if e.Options == nil {
		e.Options = core.Options{}
	}
	if err := e.checkLevel(e.level); err != nil {
		return nil, err
	}
	if o.Creator == nil {
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
	s.pool = newPool(e, kind, &o)
	return e, nil
}

// WithOptions is an engine with further execution options, on the same pool.
func (e *Engine) WithOptions(o core.Options) (*Engine, error) {
	n := *e
	n.Options = e.Options.With(o)
	events := *e.Events
	n.Events = &events
	if level, ok := o["isolation_level"].(string); ok {
		if err := n.checkLevel(level); err != nil {
			return nil, err
		}
	}
	for _, f := range append(AllEngines.SetEngineOption, n.Events.SetEngineOption...) {
		if err := f(&n, o); err != nil {
			return nil, err
		}
	}
	return &n, nil
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
	if level, ok := e.Options["isolation_level"].(string); ok {
		if err := e.setIsolation(ctx, k.conn, level); err != nil {
			c.Close(ctx)
			return nil, c.Engine.driverError(err)
		}
	}
	err = c.tell(func(ev *Events) []func(*Connection) error { return ev.EngineConnect })
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
	e.shared.mu.Lock()
	old := e.shared.pool
	e.shared.pool = old.recreate()
	e.shared.mu.Unlock()
	old.Dispose()
	for _, f := range append(AllEngines.EngineDisposed, e.Events.EngineDisposed...) {
		if err := f(e); err != nil {
			return err
		}
	}
	return nil
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

// open makes a new connection of the driver, for the pool.
func (e *Engine) open(ctx context.Context) (*DriverConn, error) {
	var raw driver.Conn
	var err error
	if e.config.Creator != nil {
		raw, err = e.config.Creator(ctx)
	} else {
		raw, err = e.connect.Connect(ctx)
	}
	if err != nil {
		return nil, e.driverError(err)
	}
	c := NewDriverConn(raw, e.Dialect)
	c.schema = &e.shared.schema
	if err := e.Dialect.Setup(ctx, c); err != nil {
		_ = c.Close()
		return nil, e.driverError(err)
	}
	if e.level != "" {
		if err := e.setIsolation(ctx, c, e.level); err != nil {
			_ = c.Close()
			return nil, e.driverError(err)
		}
	}
	return c, nil
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
