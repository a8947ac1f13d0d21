package engine

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"alchemysh/core/exc"
)

// PoolKind is how connections are kept between uses.
type PoolKind uint8

// The kinds of pool, after SQLAlchemy's classes.
const (
	PoolDefault   PoolKind = iota
	QueuePool              // a limited number, kept
	NullPool               // none is kept
	StaticPool             // one for everybody
	SingletonPool          // one per thread: here, one that its users share
	AssertionPool          // one, to one user at a time
)

var poolNames = map[PoolKind]string{QueuePool: "QueuePool", NullPool: "NullPool", StaticPool: "StaticPool", SingletonPool: "SingletonThreadPool", AssertionPool: "AssertionPool"}

// String is SQLAlchemy's name of the class.
func (k PoolKind) String() string { return poolNames[k] }

// PoolKindNamed finds a kind by SQLAlchemy's class name.
func PoolKindNamed(name string) (PoolKind, bool) {
	for k, n := range poolNames {
		if n == name {
			return k, true
		}
	}
	return PoolDefault, false
}

// ResetMode is what happens to a connection that comes back to the pool.
type ResetMode uint8

// The settings of pool_reset_on_return.
const (
	ResetRollback ResetMode = iota
	ResetCommit
	ResetNone
)

// Record is the pool's place for one connection, which may be replaced in it.
type Record struct {
	Conn      *DriverConn
	CreatedAt time.Time
	// Info lives as long as the connection; RecordInfo as long as the place.
	RecordInfo map[string]any
	// NextInfo becomes the Info of the connection that is being made.
	NextInfo map[string]any

	stale bool // soft invalidation: replaced at the next checkout
	fresh bool
}

// Pool hands out connections.
type Pool struct {
	Kind   PoolKind
	Events PoolEvents

	engine   *Engine
	size     int
	overflow int
	timeout  time.Duration
	recycle  time.Duration
	prePing  bool
	lifo     bool
	reset    ResetMode

	mu            sync.Mutex
	idle          []*Record
	out           int // checked out
	made          int // records in existence
	waiting       []chan struct{}
	invalidBefore time.Time
	shared        *Record // of static and singleton pools
	sharedFairy   *Checkout
	disposed      bool
	connectedOnce bool
	initialized   bool
	initMu        sync.Mutex
}

func newPool(e *Engine, kind PoolKind, o *Options) *Pool {
	return &Pool{Kind: kind, engine: e, size: o.PoolSize, overflow: o.MaxOverflow, timeout: o.PoolTimeout,
		recycle: o.PoolRecycle, prePing: o.PoolPrePing, lifo: o.PoolLIFO, reset: o.ResetOnReturn}
}

// ofKind are the listeners to all pools of the pool's kind.
func (p *Pool) ofKind() *PoolEvents {
	if e := p.engine.scope.kinds[p.Kind]; e != nil {
		return e
	}
	return &PoolEvents{}
}

// NewPool makes a pool of its own, whose connections o.Creator opens. Of the
// other options those of pools count.
func NewPool(kind PoolKind, o Options) *Pool {
	e := &Engine{Events: &Events{}, DialectEvents: &DialectEvents{}, scope: o.Scope, config: &o,
		shared: &shared{echoPool: o.EchoPool, out: o.EchoTo}}
	if e.scope == nil {
		e.scope = &Scope{}
	}
	if e.shared.out == nil {
		e.shared.out = standardOutput{}
	}
	e.shared.pool = newPool(e, kind, &o)
	return e.shared.pool
}

// Recreate is an empty pool with the same settings and listeners.
func (p *Pool) Recreate() *Pool { return p.recreate() }

// recreate is an empty pool with the same settings and listeners.
func (p *Pool) recreate() *Pool {
	p.log(EchoOn, "Pool recreating")
	return &Pool{Kind: p.Kind, engine: p.engine, Events: p.Events, size: p.size, overflow: p.overflow, timeout: p.timeout,
		recycle: p.recycle, prePing: p.prePing, lifo: p.lifo, reset: p.reset, initialized: p.initialized}
}

// Checkout is a connection in somebody's hands.
type Checkout struct {
	Record *Record
	pool   *Pool
	users  int
	// Detached: the pool has forgotten it.
	Detached bool
	conn     *DriverConn
	released bool // the pool has it back
}

// Conn is the driver's connection, nil after invalidation or close.
func (c *Checkout) Conn() *DriverConn { return c.conn }

// Valid reports whether the connection can be used.
func (c *Checkout) Valid() bool { return c.conn != nil && !c.conn.Closed() }

// Connect checks a connection out.
func (p *Pool) Connect(ctx context.Context) (*Checkout, error) {
	if p.Kind == SingletonPool || p.Kind == StaticPool {
		return p.connectShared(ctx)
	}
	r, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	return p.checkout(ctx, r, 2)
}

func (p *Pool) connectShared(ctx context.Context) (*Checkout, error) {
	p.mu.Lock()
	if f := p.sharedFairy; f != nil && f.Valid() && p.Kind == SingletonPool {
		f.users++
		p.mu.Unlock()
		return f, nil
	}
	r := p.shared
	p.mu.Unlock()
	if r == nil {
		r = &Record{}
	}
	c, err := p.checkout(ctx, r, 2)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.shared, p.sharedFairy = r, c
	p.mu.Unlock()
	return c, nil
}

// take finds an idle record or makes one, waiting while there may be no more.
func (p *Pool) take(ctx context.Context) (*Record, error) {
	if p.Kind == NullPool {
		p.mu.Lock()
		p.out++
		p.mu.Unlock()
		return &Record{}, nil
	}
	limit := p.size + p.overflow
	unlimited := p.overflow < 0 || p.size == 0
	if p.Kind == AssertionPool {
		limit, unlimited = 1, false
	}
	var timer *time.Timer
	for {
		p.mu.Lock()
		if n := len(p.idle); n > 0 {
			var r *Record
			if p.lifo {
				r, p.idle = p.idle[n-1], p.idle[:n-1]
			} else {
				r, p.idle = p.idle[0], p.idle[1:]
			}
			p.out++
			p.mu.Unlock()
			return r, nil
		}
		if unlimited || p.made < limit {
			p.made++
			p.out++
			p.mu.Unlock()
			return &Record{}, nil
		}
		if p.Kind == AssertionPool {
			p.mu.Unlock()
			return nil, exc.New(exc.AssertionError, "connection is already checked out")
		}
		wake := make(chan struct{}, 1)
		p.waiting = append(p.waiting, wake)
		p.mu.Unlock()
		if timer == nil {
			timer = time.NewTimer(p.timeout)
			defer timer.Stop()
		}
		select {
		case <-wake:
		case <-timer.C:
			p.giveUp(wake)
			return nil, exc.New(exc.TimeoutError, "QueuePool limit of size %d overflow %d reached, connection timed out, timeout %.2f", p.size, p.overflow, p.timeout.Seconds())
		case <-ctx.Done():
			p.giveUp(wake)
			return nil, ctx.Err()
		}
	}
}

// giveUp leaves the queue, passing on a turn that came too late.
func (p *Pool) giveUp(wake chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, w := range p.waiting {
		if w == wake {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			return
		}
	}
	p.wakeOne()
}

// wakeOne lets the first who waits look again. p.mu is held.
func (p *Pool) wakeOne() {
	if len(p.waiting) > 0 {
		p.waiting[0] <- struct{}{}
		p.waiting = p.waiting[1:]
	}
}

// drop gives a record's place up.
func (p *Pool) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out--
	if p.Kind != NullPool {
		p.made--
	}
	p.wakeOne()
}

// checkout makes the record's connection ready for use.
func (p *Pool) checkout(ctx context.Context, r *Record, attempts int) (c *Checkout, err error) {
	shared := p.Kind == SingletonPool || p.Kind == StaticPool
	defer func() {
		if err != nil && !shared {
			p.drop()
		}
	}()
	if err := p.ensure(ctx, r); err != nil {
		return nil, err
	}
	c = &Checkout{Record: r, pool: p, users: 1, conn: r.Conn}
	for {
		err := p.ready(ctx, r, c)
		if err == nil {
			p.log(EchoDebug, "Connection %s checked out from pool", r.Conn)
			return c, nil
		}
		if e := exc.Of(err); e == nil || !e.Class.Derives(exc.DisconnectionError) {
			if !shared {
				p.closeRecord(r)
			}
			return nil, err
		}
		if attempts--; attempts < 0 {
			p.closeRecord(r)
			return nil, exc.New(exc.InvalidRequestError, "This connection is closed")
		}
		p.log(EchoOn, "Disconnection detected on checkout, will invalidate this connection: %v", err)
		if exc.Of(err).Class == exc.InvalidatePoolError {
			p.invalidateAll()
		}
		p.closeRecord(r)
		if err := p.ensure(ctx, r); err != nil {
			return nil, err
		}
		c.conn = r.Conn
	}
}

// ready pings, where asked for, and tells the listeners.
func (p *Pool) ready(ctx context.Context, r *Record, c *Checkout) error {
	if p.prePing && !r.fresh {
		p.log(EchoDebug, "Pool pre-ping on connection %s", r.Conn)
		if err := p.engine.Dialect.Ping(ctx, r.Conn); err != nil {
			if lost, err := p.engine.pingFailed(err); !lost {
				return err
			}
			p.log(EchoOn, "Pool pre-ping on connection %s failed, will invalidate pool", r.Conn)
			return exc.New(exc.InvalidatePoolError, "%s", err.Error())
		}
		p.log(EchoDebug, "Pool pre-ping on connection %s: OK", r.Conn)
	}
	r.fresh = false
	for _, f := range heard(&p.engine.scope.Pool.Checkout, &p.ofKind().Checkout, &p.Events.Checkout) {
		if err := f(r.Conn, r, c); err != nil {
			return err
		}
	}
	return nil
}

// ensure opens the record's connection, or replaces one that is too old.
func (p *Pool) ensure(ctx context.Context, r *Record) error {
	if r.Conn != nil && !r.Conn.Closed() {
		p.mu.Lock()
		before := p.invalidBefore
		p.mu.Unlock()
		switch {
		case p.recycle >= 0 && time.Since(r.CreatedAt) > p.recycle:
			p.log(EchoOn, "Connection %s exceeded timeout; recycling", r.Conn)
		case r.CreatedAt.Before(before):
			p.log(EchoOn, "Connection %s invalidated due to pool invalidation; recycling", r.Conn)
		case r.stale:
			p.log(EchoOn, "Connection %s invalidated due to local soft invalidation; recycling", r.Conn)
		default:
			return nil
		}
		p.closeRecord(r)
	}
	conn, err := p.engine.open(ctx, r)
	if err != nil {
		p.log(EchoDebug, "Error on connect(): %s", err)
		return err
	}
	maps.Copy(conn.Info, r.NextInfo)
	r.NextInfo = nil
	r.Conn, r.CreatedAt, r.stale, r.fresh = conn, time.Now(), false, true
	if r.RecordInfo == nil {
		r.RecordInfo = map[string]any{}
	}
	p.log(EchoDebug, "Created new connection %s", conn)
	if err := p.firstConnect(ctx, r); err != nil {
		p.closeRecord(r)
		return err
	}
	for _, f := range heard(&p.engine.scope.Pool.Connect, &p.ofKind().Connect, &p.Events.Connect) {
		if err := f(conn, r); err != nil {
			p.closeRecord(r)
			return err
		}
	}
	return nil
}

// firstConnect runs what happens once in the life of the engine.
func (p *Pool) firstConnect(ctx context.Context, r *Record) error {
	p.initMu.Lock()
	defer p.initMu.Unlock()
	if !p.connectedOnce {
		p.connectedOnce = true
		for _, f := range heard(&p.engine.scope.Pool.FirstConnect, &p.ofKind().FirstConnect, &p.Events.FirstConnect) {
			if err := f(r.Conn, r); err != nil {
				return err
			}
		}
	}
	if !p.initialized && p.engine.URL != nil && !p.engine.config.NoInitialize {
		if err := p.engine.initialize(ctx, r.Conn); err != nil {
			return err
		}
		p.initialized = true
	}
	return nil
}

func (p *Pool) logInvalidated(how string, conn *DriverConn, cause error) {
	reason := ""
	if e := exc.Of(cause); e != nil {
		reason = fmt.Sprintf(" (reason: %s:%s)", e.Class.Name, e.Message)
	} else if cause != nil {
		reason = fmt.Sprintf(" (reason: Exception:%s)", cause)
	}
	p.log(EchoOn, "%sInvalidate connection %s%s", how, conn, reason)
}

func (p *Pool) closeRecord(r *Record) { p.closing(r, "Closing") }

func (p *Pool) closing(r *Record, how string) {
	conn := r.Conn
	if conn == nil {
		return
	}
	r.Conn = nil
	for _, f := range heard(&p.engine.scope.Pool.Close, &p.ofKind().Close, &p.Events.Close) {
		f(conn, r)
	}
	p.log(EchoDebug, "%s connection %s", how, conn)
	_ = conn.Close()
}

func (p *Pool) invalidateAll() {
	p.mu.Lock()
	p.invalidBefore = time.Now()
	p.mu.Unlock()
}

// Close gives the connection back. With ended, the transaction in it has been
// ended already.
func (c *Checkout) Close(ended bool) {
	p := c.pool
	p.mu.Lock()
	c.users--
	again := c.users > 0
	p.mu.Unlock()
	if again {
		return
	}
	if c.Detached {
		if c.conn != nil {
			_ = p.resetConn(c.conn, c.Record, ResetState{Ended: ended, Terminated: true}) // it is closed in any case
			for _, f := range heard(&p.engine.scope.Pool.CloseDetached, &p.ofKind().CloseDetached, &p.Events.CloseDetached) {
				f(c.conn)
			}
			_ = c.conn.Close()
			c.conn = nil
		}
		return
	}
	p.release(c, ended)
}

// release resets the connection and puts its record back.
func (p *Pool) release(c *Checkout, ended bool) {
	if c.released {
		return
	}
	c.released = true
	r, conn := c.Record, c.conn
	c.conn = nil
	if conn != nil && !conn.Closed() {
		p.log(EchoDebug, "Connection %s being returned to pool", conn)
		if err := p.resetConn(conn, r, ResetState{Ended: ended}); err != nil {
			p.log(EchoOn, "Exception during reset or similar: %v", err)
			p.closeRecord(r)
		}
	}
	for _, f := range heard(&p.engine.scope.Pool.Checkin, &p.ofKind().Checkin, &p.Events.Checkin) {
		f(conn, r)
	}
	switch p.Kind {
	case SingletonPool, StaticPool:
		p.mu.Lock()
		if p.sharedFairy == c {
			p.sharedFairy = nil
		}
		disposed := p.disposed
		p.mu.Unlock()
		if disposed {
			p.closeRecord(r)
		}
		return
	default:
		p.putBack(r)
	}
}

// putBack takes a record back, or closes it if there are enough.
func (p *Pool) putBack(r *Record) {
	if p.Kind == NullPool {
		p.closeRecord(r)
		p.drop()
		return
	}
	p.mu.Lock()
	p.out--
	if !p.disposed && (len(p.idle) < p.size || p.size == 0 || p.Kind == AssertionPool) {
		p.idle = append(p.idle, r)
		p.wakeOne()
		p.mu.Unlock()
		return
	}
	p.made--
	p.wakeOne()
	p.mu.Unlock()
	p.closeRecord(r)
}

// resetConn ends what the last user left open.
func (p *Pool) resetConn(conn *DriverConn, r *Record, state ResetState) error {
	for _, f := range heard(&p.engine.scope.Pool.Reset, &p.ofKind().Reset, &p.Events.Reset) {
		f(conn, r, state)
	}
	ctx := context.Background()
	if state.Ended && p.reset == ResetRollback {
		p.log(EchoDebug, "Connection %s reset, transaction already reset", conn)
	}
	if !state.Ended {
		switch p.reset {
		case ResetRollback:
			p.log(EchoDebug, "Connection %s rollback-on-return", conn)
			if err := conn.Rollback(ctx); err != nil {
				return err
			}
		case ResetCommit:
			p.log(EchoDebug, "Connection %s commit-on-return", conn)
			if err := conn.Commit(ctx); err != nil {
				return err
			}
		}
	}
	return p.engine.uncharacterize(ctx, conn)
}

// Invalidate throws the connection away; its place makes a new one when it is
// next used. A soft invalidation waits until then.
func (c *Checkout) Invalidate(cause error, soft bool) {
	if c.conn == nil {
		return
	}
	p := c.pool
	if soft {
		for _, f := range heard(&p.engine.scope.Pool.SoftInvalidate, &p.ofKind().SoftInvalidate, &p.Events.SoftInvalidate) {
			f(c.conn, c.Record, cause)
		}
		p.logInvalidated("Soft ", c.conn, cause)
		c.Record.stale = true
		return
	}
	for _, f := range heard(&p.engine.scope.Pool.Invalidate, &p.ofKind().Invalidate, &p.Events.Invalidate) {
		f(c.conn, c.Record, cause)
	}
	p.logInvalidated("", c.conn, cause)
	p.closing(c.Record, "Hard-closing")
	c.conn = nil
	p.mu.Lock()
	c.users = 0
	p.mu.Unlock()
	p.release(c, true)
}

// Detach takes the connection out of the pool's hands: closing it closes it.
func (c *Checkout) Detach() {
	if c.Detached {
		return
	}
	c.Detached = true
	p := c.pool
	for _, f := range heard(&p.engine.scope.Pool.Detach, &p.ofKind().Detach, &p.Events.Detach) {
		f(c.conn, c.Record)
	}
	c.Record.Conn = nil
	switch p.Kind {
	case SingletonPool, StaticPool:
		p.mu.Lock()
		p.shared, p.sharedFairy = nil, nil
		p.mu.Unlock()
	default: // the place stays, for another connection
		p.putBack(&Record{RecordInfo: c.Record.RecordInfo})
	}
}

// Dispose closes the idle connections. Those in use close when they come back.
func (p *Pool) Dispose() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.disposed = nil, true
	p.made -= len(idle)
	shared := p.shared
	p.shared = nil
	p.mu.Unlock()
	for _, r := range idle {
		p.closeRecord(r)
	}
	if shared != nil {
		p.closeRecord(shared)
	}
	if p.Kind == QueuePool {
		p.log(EchoOn, "Pool disposed. %s", p.Status())
	}
}

// Status describes the pool, as SQLAlchemy's does.
func (p *Pool) Status() string {
	switch p.Kind {
	case QueuePool:
		return fmt.Sprintf("Pool size: %d  Connections in pool: %d Current Overflow: %d Current Checked out connections: %d",
			p.Size(), p.CheckedIn(), p.Overflow(), p.CheckedOut())
	case SingletonPool:
		return fmt.Sprintf("SingletonThreadPool id:%p size: %d", p, p.CheckedIn())
	}
	return p.Kind.String()
}

// Size is the number of connections that are kept.
func (p *Pool) Size() int { return p.size }

// Timeout is how long Connect waits for a connection.
func (p *Pool) Timeout() time.Duration { return p.timeout }

// CheckedIn is the number of idle connections.
func (p *Pool) CheckedIn() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shared != nil {
		return 1
	}
	return len(p.idle)
}

// CheckedOut is the number of connections in use.
func (p *Pool) CheckedOut() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sharedFairy != nil {
		return 1
	}
	return p.out
}

// Overflow is how many connections there are beyond the size; less than none
// while the pool is not full.
func (p *Pool) Overflow() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.made - p.size
}

func (p *Pool) log(level Echo, format string, args ...any) {
	if p.engine.EchoPool() < level || p.engine.EchoPool() == EchoOff {
		return
	}
	p.engine.write(fmt.Sprintf(format, args...))
}

// LoggingName is the pool's name in the log, "" for none.
func (p *Pool) LoggingName() string { return p.engine.config.PoolName }
