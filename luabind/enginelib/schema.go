package enginelib

import (
	"context"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/ddl"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
)

// Bound is a value of a layer above that has a connection or an engine: a
// session.
type Bound interface {
	SQLConnection(ctx context.Context) (*engine.Connection, error)
}

// runDDL runs f on the connection that v is, or on one of the engine that v is,
// in a transaction of its own.
func runDDL(a *bind.Args, v lua.LValue, f func(ctx context.Context, x ddl.Executor, o ddl.Options) error) error {
	ctx := a.Context()
	on := func(c *engine.Connection) error { return f(ctx, c, ddlOptions(a, c)) }
	switch x := a.ToGo(v).(type) {
	case *engine.Connection:
		return on(x)
	case *engine.Engine:
		return x.Begin(ctx, on)
	case *mockEngine:
		return f(ctx, x, ddl.Options{Checkfirst: a.Bool("checkfirst"), Warn: Warn(a.State)})
	case Bound:
		c, err := x.SQLConnection(ctx)
		if err != nil {
			return err
		}
		return on(c)
	case nil:
		return exc.New(exc.UnboundExecutionError, "%s() needs an engine or a connection", a.Name())
	}
	return exc.New(exc.ArgumentError, "%s(): expected an engine or a connection, got %s", a.Name(), a.KindOf(v))
}

// Warn shows what SQLAlchemy warns of.
func Warn(s *bind.State) func(string) {
	return func(message string) {
		if s.Warn != nil {
			s.Warn(message)
		}
	}
}

func ddlOptions(a *bind.Args, c *engine.Connection) ddl.Options {
	o := ddl.Options{Checkfirst: a.Bool("checkfirst"), Warn: Warn(a.State)}
	if m, ok := c.Options()["schema_translate_map"]; ok {
		o.SchemaTranslate = compile.TranslateMap(m, c.Engine.Dialect)
	}
	return o
}

// tablesArg reads tables=.
func tablesArg(a *bind.Args, o *ddl.Options) {
	if !a.Has("tables") {
		return
	}
	o.TablesGiven = true
	for _, v := range a.ListOf(a.Lua("tables")) {
		t, ok := corelib.Value(a.Call, v).(*core.Table)
		if !ok {
			bind.Fail(exc.ArgumentError, "%s(): tables must be Table objects, not %s", a.Name(), a.KindOf(v))
		}
		o.Tables = append(o.Tables, t)
	}
}

func init() {
	corelib.MetaData.
		Method("create_all(bind, tables=nil, checkfirst=true)", "Create the tables that are not there.", "metadata:create_all(engine)", func(m *core.MetaData, a *bind.Args) (any, error) {
			return nil, runDDL(a, a.Lua("bind"), func(ctx context.Context, x ddl.Executor, o ddl.Options) error {
				tablesArg(a, &o)
				return ddl.CreateAll(ctx, x, m, o)
			})
		}).
		Method("drop_all(bind, tables=nil, checkfirst=true)", "Drop the tables that are there.", "metadata:drop_all(engine)", func(m *core.MetaData, a *bind.Args) (any, error) {
			return nil, runDDL(a, a.Lua("bind"), func(ctx context.Context, x ddl.Executor, o ddl.Options) error {
				tablesArg(a, &o)
				return ddl.DropAll(ctx, x, m, o)
			})
		})
	one := func(create, drop string) (string, string) {
		return fmt.Sprintf("create(bind, checkfirst=%s)", create), fmt.Sprintf("drop(bind, checkfirst=%s)", drop)
	}
	create, drop := one("false", "false")
	corelib.Table.
		Method(create, "Create the table.", "users:create(engine)", func(t *core.Table, a *bind.Args) (any, error) {
			return nil, runDDL(a, a.Lua("bind"), func(ctx context.Context, x ddl.Executor, o ddl.Options) error {
				return ddl.Create(ctx, x, t, o)
			})
		}).
		Method(drop, "Drop the table.", "users:drop(engine)", func(t *core.Table, a *bind.Args) (any, error) {
			return nil, runDDL(a, a.Lua("bind"), func(ctx context.Context, x ddl.Executor, o ddl.Options) error {
				return ddl.Drop(ctx, x, t, o)
			})
		})
	corelib.Index.
		Method(create, "Create the index.", "index:create(engine)", func(index *core.Index, a *bind.Args) (any, error) {
			return index, runDDL(a, a.Lua("bind"), func(ctx context.Context, x ddl.Executor, o ddl.Options) error {
				return ddl.CreateIndex(ctx, x, index, o)
			})
		}).
		Method(drop, "Drop the index.", "index:drop(engine)", func(index *core.Index, a *bind.Args) (any, error) {
			return nil, runDDL(a, a.Lua("bind"), func(ctx context.Context, x ddl.Executor, o ddl.Options) error {
				return ddl.DropIndex(ctx, x, index, o)
			})
		})
	create, drop = one("true", "true")
	corelib.Sequence.
		Method(create, "Create the sequence.", "seq:create(engine)", func(s *core.Sequence, a *bind.Args) (any, error) {
			return nil, runDDL(a, a.Lua("bind"), func(ctx context.Context, x ddl.Executor, o ddl.Options) error {
				return ddl.CreateSequence(ctx, x, s, o)
			})
		}).
		Method(drop, "Drop the sequence.", "seq:drop(engine)", func(s *core.Sequence, a *bind.Args) (any, error) {
			return nil, runDDL(a, a.Lua("bind"), func(ctx context.Context, x ddl.Executor, o ddl.Options) error {
				return ddl.DropSequence(ctx, x, s, o)
			})
		})
}
