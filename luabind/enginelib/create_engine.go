package enginelib

import (
	"context"
	"strings"
	"time"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/luabind/bind"
)

var createEngine = bind.Func(
	`create_engine(url, echo=false, *, future=true, echo_pool=false, hide_parameters=false, logging_name=nil, pool_logging_name=nil,
isolation_level=nil, execution_options=nil, query_cache_size=500, poolclass=nil, pool_size=5, max_overflow=10, pool_timeout=30,
pool_recycle=-1, pool_pre_ping=false, pool_use_lifo=false, pool_reset_on_return="rollback", connect_args=nil, creator=nil,
insertmanyvalues_page_size=1000, use_insertmanyvalues=true, skip_autocommit_rollback=false, statement_timeout=nil,
label_length=nil, max_identifier_length=nil, implicit_returning=true, enable_from_linting=true, pool=nil, convert_unicode=nil,
json_serializer=nil, json_deserializer=nil, client_encoding=nil, native_datetime=nil, plugins=nil, module=nil, paramstyle=nil,
executemany_mode=nil, executemany_batch_page_size=nil, use_native_hstore=nil, encoding=nil, pool_events=nil, logging_token=nil,
check_same_thread=nil, charset=nil)`,
	"Make an engine: where connections to one database come from. It connects when it is first used.",
	`engine = create_engine("sqlite://", {echo = true})`,
	func(a *bind.Args) (any, error) {
		u, err := urlOf(a.Any("url"))
		if err != nil {
			return nil, err
		}
		o := engine.DefaultOptions()
		o.Echo, o.EchoPool = echoOf(a.Any("echo")), echoOf(a.Any("echo_pool"))
		o.EchoTo = echoWriter(a.State)
		o.HideParameters = a.Bool("hide_parameters")
		o.LoggingName, o.PoolName = a.String("logging_name"), a.String("pool_logging_name")
		o.Legacy = !a.Bool("future")
		o.IsolationLevel = a.String("isolation_level")
		o.ExecutionOptions = Options(a.Call, a.Lua("execution_options"))
		if o.CacheSize = a.Int("query_cache_size"); o.CacheSize == 0 {
			o.CacheSize = -1
		}
		if a.Has("poolclass") {
			kind, ok := bind.Unwrap[engine.PoolKind](a.Lua("poolclass"))
			if !ok {
				return nil, exc.New(exc.ArgumentError, "poolclass must be QueuePool, NullPool, StaticPool, SingletonThreadPool or AssertionPool")
			}
			o.Pool = kind
		}
		o.PoolSize, o.MaxOverflow = a.Int("pool_size"), a.Int("max_overflow")
		o.PoolTimeout, o.PoolRecycle = seconds(a, "pool_timeout"), seconds(a, "pool_recycle")
		o.PoolPrePing, o.PoolLIFO = a.Bool("pool_pre_ping"), a.Bool("pool_use_lifo")
		if o.ResetOnReturn, err = resetOf(a.Any("pool_reset_on_return")); err != nil {
			return nil, err
		}
		if a.Has("connect_args") {
			o.ConnectArgs = map[string]any{}
			if args, ok := a.Any("connect_args").(types.Object); ok {
				for k, v := range args.All() {
					o.ConnectArgs[k] = v
				}
			}
		}
		if a.Has("creator") {
			f, ok := a.CallbackOf(a.Lua("creator"))
			if !ok {
				return nil, exc.New(exc.TypeError, "creator must be a function")
			}
			o.Creator = creator(f)
		}
		if a.Has("pool") {
			var ok bool
			if o.Existing, ok = bind.Unwrap[*engine.Pool](a.Lua("pool")); !ok {
				return nil, exc.New(exc.ArgumentError, "pool must be a Pool, not %s", a.KindOf(a.Lua("pool")))
			}
		}
		o.Scope = Scope(a.State)
		o.InsertManyPageSize = a.Int("insertmanyvalues_page_size")
		o.NoInsertMany = !a.Bool("use_insertmanyvalues")
		o.SkipAutocommitRollback = a.Bool("skip_autocommit_rollback")
		o.StatementTimeout = seconds(a, "statement_timeout")
		return dialect.Open(u, o)
	})

// resetOf reads reset_on_return.
func resetOf(v any) (engine.ResetMode, error) {
	switch v {
	case nil, false, "none":
		return engine.ResetNone, nil
	case "rollback", true:
		return engine.ResetRollback, nil
	case "commit":
		return engine.ResetCommit, nil
	}
	return 0, exc.New(exc.ArgumentError, "Invalid value for 'reset_on_return': %s", types.Repr(v))
}

// creator makes connections with a Lua function, which gives one of a DBAPI.
func creator(f *bind.Callback) func(context.Context) (*engine.DriverConn, error) {
	return func(context.Context) (*engine.DriverConn, error) {
		v, err := f.Call1()
		if err != nil {
			return nil, err
		}
		return driverOf(v)
	}
}

func seconds(a *bind.Args, name string) time.Duration {
	if a.Any(name) == nil {
		return 0
	}
	return time.Duration(a.Float(name) * float64(time.Second))
}

// echoOf reads echo=: a boolean or "debug".
func echoOf(v any) engine.Echo {
	switch v := v.(type) {
	case bool:
		if v {
			return engine.EchoOn
		}
	case string:
		if strings.EqualFold(v, "debug") {
			return engine.EchoDebug
		}
		return engine.EchoOn
	}
	return engine.EchoOff
}

func echoValue(e engine.Echo) any {
	switch e {
	case engine.EchoDebug:
		return "debug"
	case engine.EchoOn:
		return true
	}
	return false
}
