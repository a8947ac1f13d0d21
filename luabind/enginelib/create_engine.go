package enginelib

import (
	"context"
	"strconv"
	"strings"
	"time"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
)

var createEngine = bind.Func(
	`create_engine(url, echo=false, *, future=true, echo_pool=false, hide_parameters=false, logging_name=nil, pool_logging_name=nil,
isolation_level=nil, execution_options=nil, query_cache_size=500, poolclass=nil, pool_size=5, max_overflow=10, pool_timeout=30,
pool_recycle=-1, pool_pre_ping=false, pool_use_lifo=false, pool_reset_on_return="rollback", connect_args=nil, creator=nil,
insertmanyvalues_page_size=1000, use_insertmanyvalues=true, skip_autocommit_rollback=false, statement_timeout=nil,
label_length=nil, max_identifier_length=nil, implicit_returning=true, enable_from_linting=true, pool=nil,
json_serializer=nil, json_deserializer=nil, client_encoding=nil, paramstyle=nil,
executemany_mode=nil, executemany_batch_page_size=nil, use_native_hstore=nil, module=nil, _initialize=true, **kw)`,
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
		o.NoInitialize = !a.Bool("_initialize")
		d, err := dialect.For(u)
		if err != nil {
			return nil, err
		}
		if err := fitting(a, d, u, o.Pool); err != nil {
			return nil, err
		}
		if err := d.Features().Configure(corelib.DialectSettings(a)); err != nil {
			return nil, err
		}
		return engine.New(u, d, o)
	})

// dialectClasses are what SQLAlchemy calls the dialects' classes, but for the
// driver.
var dialectClasses = map[string]string{"sqlite": "SQLiteDialect", "postgresql": "PGDialect", "mysql": "MySQLDialect", "mariadb": "MariaDBDialect"}

// fitting refuses arguments that nobody knows, and those of another kind of pool.
func fitting(a *bind.Args, d engine.Dialect, u *engine.URL, kind engine.PoolKind) error {
	if kind == engine.PoolDefault {
		kind = d.DefaultPool(u)
	}
	var unknown []string
	if kind != engine.QueuePool && !a.Has("pool") {
		for _, name := range []string{"pool_size", "max_overflow", "pool_timeout", "pool_use_lifo"} {
			if a.Given(name) && (kind != engine.SingletonPool || name != "pool_size") {
				unknown = append(unknown, "'"+name+"'")
			}
		}
	}
	for _, k := range a.Keywords() {
		unknown = append(unknown, "'"+k.Name+"'")
	}
	if unknown == nil {
		return nil
	}
	return exc.New(exc.TypeError, "Invalid argument(s) %s sent to create_engine(), using configuration %s_%s/%s/Engine.  Please check that the keyword arguments are appropriate for this combination of components.",
		strings.Join(unknown, ","), dialectClasses[d.Name()], d.DriverName(), kind)
}

var engineFromConfig = bind.Func(`engine_from_config(configuration{!}, prefix="sqlalchemy.", **kwargs)`,
	"Make an engine of a table of settings, such as a configuration file has: the names of create_engine's arguments behind a prefix, the values as text.",
	`engine_from_config({["sqlalchemy.url"] = "sqlite://", ["sqlalchemy.echo"] = "true"})`,
	func(a *bind.Args) (any, error) {
		settings, ok := a.Any("configuration").(types.Object)
		if !ok {
			return nil, exc.New(exc.TypeError, "engine_from_config(): configuration must be a table of settings, not %s", a.KindOf(a.Lua("configuration")))
		}
		options := a.L.NewTable()
		var url any
		for name, v := range settings.All() {
			name, ok := strings.CutPrefix(name, a.String("prefix"))
			if !ok {
				continue
			}
			v, err := coerced(name, v)
			if err != nil {
				return nil, err
			}
			if name == "url" {
				url = v
				continue
			}
			options.RawSetString(name, a.State.FromGo(a.L, v))
		}
		for _, k := range a.Keywords() {
			if k.Name == "url" {
				url = a.ToGo(k.Value)
				continue
			}
			options.RawSetString(k.Name, k.Value)
		}
		if url == nil {
			return nil, exc.New(exc.KeyError, "url")
		}
		f, _ := a.CallbackOf(a.State.FromGo(a.L, createEngine))
		return f.Call1(url, options)
	})

// coerced reads a setting that is text as what create_engine takes.
func coerced(name string, v any) (any, error) {
	text, ok := v.(string)
	if !ok {
		return v, nil
	}
	text = strings.TrimSpace(text)
	switch name {
	case "pool_timeout", "pool_recycle", "pool_size", "max_overflow":
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, exc.New(exc.ValueError, "invalid literal for int() with base 10: %s", types.Repr(v))
		}
		return n, nil
	case "echo", "echo_pool", "future":
		switch strings.ToLower(text) {
		case "true", "yes", "on", "y", "t", "1":
			return true, nil
		case "false", "no", "off", "n", "f", "0":
			return false, nil
		case "debug":
			if name != "future" {
				return "debug", nil
			}
		}
		return nil, exc.New(exc.ValueError, "String is not true/false: %s", types.Repr(text))
	}
	return v, nil
}

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
		return DriverConn(v)
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
