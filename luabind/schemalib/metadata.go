package schemalib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/diagram"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/enginelib"
)

// inspectorOf is the inspector that v is, or one of the engine or connection
// that v is.
func inspectorOf(a *bind.Args, v lua.LValue) (*inspect.Inspector, error) {
	switch x := a.ToGo(v).(type) {
	case *inspect.Inspector:
		return x, nil
	case *engine.Engine, *engine.Connection:
		return inspect.Inspect(a.Context(), x)
	case enginelib.Bound:
		c, err := x.SQLConnection(a.Context())
		if err != nil {
			return nil, err
		}
		return inspect.Inspect(a.Context(), c)
	}
	return nil, exc.New(exc.ArgumentError, "%s(): expected an engine, a connection or an inspector, got %s", a.Name(), a.KindOf(v))
}

// shown is a record as a table: what is nil is not there.
func shown(o types.Object) types.Object {
	var out types.Object
	for name, v := range o.All() {
		if v != nil {
			out.Set(name, v)
		}
	}
	return out
}

func init() {
	corelib.MetaData.
		Method("diff(bind)", "What would have to change in a database to make it what the MetaData says.", "for c in metadata:diff(engine) do print(c.kind, c.table, c.sql) end", func(m *core.MetaData, a *bind.Args) (any, error) {
			in, err := inspectorOf(a, a.Lua("bind"))
			if err != nil {
				return nil, err
			}
			in.Warn = enginelib.Warn(a.State)
			changes, err := in.Diff(a.Context(), m)
			out := make([]any, len(changes))
			for i, c := range changes {
				out[i] = shown(c.Record())
			}
			return out, err
		}).
		Method(`diagram(format="mermaid")`, "The tables and their foreign keys as a Mermaid or Graphviz source, or as text.", `print(metadata:diagram{format = "text"})`, func(m *core.MetaData, a *bind.Args) (any, error) {
			return diagram.Draw(m, a.String("format"))
		})
}
