package enginelib

import (
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// Pool is the class of connection pools.
var Pool = bind.Define[*engine.Pool]("Pool", "The connections of an engine.").
	Method("status()", "What the pool holds, in words.", "engine.pool:status()", func(p *engine.Pool, a *bind.Args) (any, error) { return p.Status(), nil }).
	Method("size()", "How many connections it keeps.", "engine.pool:size()", func(p *engine.Pool, a *bind.Args) (any, error) { return p.Size(), nil }).
	Method("checkedin()", "How many wait in it.", "engine.pool:checkedin()", func(p *engine.Pool, a *bind.Args) (any, error) { return p.CheckedIn(), nil }).
	Method("checkedout()", "How many are in use.", "engine.pool:checkedout()", func(p *engine.Pool, a *bind.Args) (any, error) { return p.CheckedOut(), nil }).
	Method("overflow()", "How many there are beyond its size.", "engine.pool:overflow()", func(p *engine.Pool, a *bind.Args) (any, error) { return p.Overflow(), nil }).
	Property("__class__", "Its kind: QueuePool, NullPool …", func(p *engine.Pool) any { return p.Kind }).
	Property("logging_name", "The name in the log.", func(p *engine.Pool) any { return emptyNil(p.LoggingName()) }).
	Method("connect()", "A connection, from the pool.", "pool:connect()", func(p *engine.Pool, a *bind.Args) (any, error) { return p.Connect(a.Context()) }).
	Method("recreate()", "An empty pool with the same settings.", "pool:recreate()", func(p *engine.Pool, a *bind.Args) (any, error) { return p.Recreate(), nil }).
	Method("timeout()", "How many seconds it waits for a connection.", "pool:timeout()", func(p *engine.Pool, a *bind.Args) (any, error) { return p.Timeout().Seconds(), nil }).
	Method("dispose()", "Close the connections that wait in it.", "engine.pool:dispose()", func(p *engine.Pool, a *bind.Args) (any, error) { p.Dispose(); return nil, nil }).
	With(func(c *bind.Class) { c.Identity = true })

// poolKind is the class of QueuePool, NullPool and their kin.
var poolKind = bind.Define[engine.PoolKind]("type", "A kind of pool, for poolclass=.").Property("__name__", "Its name.", func(k engine.PoolKind) any { return k.String() }).With(func(c *bind.Class) {
	c.Value = true
	c.Call = bind.Func("Pool(creator, *, pool_size=5, max_overflow=10, timeout=30, use_lifo=false, recycle=-1, pre_ping=false, reset_on_return=\"rollback\", echo=false, logging_name=nil)",
		"Make a pool of the connections that a function opens.", `QueuePool(function() return sqlite3.connect("shop.db") end, {pool_size = 3})`, makePool)
	c.Repr = func(_ *bind.Call, self any) (string, error) {
		return "<class 'sqlalchemy.pool." + self.(engine.PoolKind).String() + "'>", nil
	}
})

func makePool(a *bind.Args) (any, error) {
	f, ok := a.CallbackOf(a.Lua("creator"))
	if !ok {
		return nil, exc.New(exc.TypeError, "creator must be a function that gives a connection")
	}
	o := engine.DefaultOptions()
	o.Creator, o.Scope, o.EchoTo = creator(f), Scope(a.State), echoWriter(a.State)
	o.EchoPool, o.PoolName = echoOf(a.Any("echo")), a.String("logging_name")
	o.PoolSize, o.MaxOverflow, o.PoolLIFO, o.PoolPrePing = a.Int("pool_size"), a.Int("max_overflow"), a.Bool("use_lifo"), a.Bool("pre_ping")
	o.PoolTimeout, o.PoolRecycle = seconds(a, "timeout"), seconds(a, "recycle")
	var err error
	if o.ResetOnReturn, err = resetOf(a.Any("reset_on_return")); err != nil {
		return nil, err
	}
	kind, _ := bind.Unwrap[engine.PoolKind](a.Self())
	return engine.NewPool(kind, o), nil
}

func installPools(s *bind.State) {
	for _, name := range []string{"QueuePool", "NullPool", "StaticPool", "SingletonThreadPool", "AssertionPool"} {
		if k, ok := engine.PoolKindNamed(name); ok {
			s.SetGlobal(name, k)
		}
	}
}

// Checkout is the class of raw connections: a connection of the driver in
// somebody's hands.
var Checkout = bind.Define[*engine.Checkout]("_ConnectionFairy", "A connection of the driver, from the pool.").
	Property("is_valid", "Whether it can be used.", func(k *engine.Checkout) any { return k.Valid() }).
	Property("is_detached", "Whether the pool has forgotten it.", func(k *engine.Checkout) any { return k.Detached }).
	Method("detach()", "Take it out of the pool.", "fairy:detach()", func(k *engine.Checkout, a *bind.Args) (any, error) { k.Detach(); return nil, nil }).
	Method("invalidate(e=nil, soft=false)", "Throw it away.", "fairy:invalidate()", func(k *engine.Checkout, a *bind.Args) (any, error) {
		k.Invalidate(nil, a.Bool("soft"))
		return nil, nil
	}).
	With(func(c *bind.Class) { c.Identity = true })
