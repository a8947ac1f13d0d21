package enginelib

import (
	"context"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/dialect"
	"alchemysh/luabind/bind"
)

// mockEngine hands statements to a function instead of a database.
type mockEngine struct {
	url      *engine.URL
	dialect  engine.Dialect
	executor *bind.Callback
}

// Dialect is the dialect of the URL.
func (m *mockEngine) Dialect() compile.Dialect { return m.dialect }

// SQLDialect is the dialect, for compiling.
func (m *mockEngine) SQLDialect() compile.Dialect { return m.dialect }

// ExecuteDDL calls the function.
func (m *mockEngine) ExecuteDDL(_ context.Context, s core.DDLStatement) error {
	_, err := m.executor.Call(s)
	return err
}

var createMockEngine = bind.Func("create_mock_engine(url, executor, **kw)", "An engine that gives every statement to a function: for printing DDL of a database that is not there.",
	`create_mock_engine("postgresql://", function(sql) print(sql) end)`, func(a *bind.Args) (any, error) {
		u, err := urlOf(a.Any("url"))
		if err != nil {
			return nil, err
		}
		d, err := dialect.For(u)
		if err != nil {
			return nil, err
		}
		f, ok := a.CallbackOf(a.Lua("executor"))
		if !ok {
			return nil, exc.New(exc.TypeError, "create_mock_engine(): executor must be a function")
		}
		return &mockEngine{u, d, f}, nil
	})

// MockEngine is the class of engines that only print.
var MockEngine = bind.Define[*mockEngine]("MockConnection", "An engine that gives every statement to a function.").
	Method("execute(statement, *args)", "Give the function a statement.", "mock:execute(CreateTable(t))", func(m *mockEngine, a *bind.Args) (any, error) {
		s, err := statement(a.Call, a.Lua("statement"))
		if err != nil {
			return nil, err
		}
		_, err = m.executor.Call(s)
		return nil, err
	}).
	Property("dialect", "The dialect.", func(m *mockEngine) any { return m.dialect }).
	Property("name", "The dialect's name.", func(m *mockEngine) any { return m.dialect.Name() }).
	With(func(c *bind.Class) { c.Identity = true })
