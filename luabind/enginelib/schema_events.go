package enginelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
)

// schemaListeners are the listeners of a table or a MetaData.
func schemaListeners(target any) (*core.Listeners, bool) {
	switch t := target.(type) {
	case *core.Table:
		return &t.Listeners, true
	case *core.MetaData:
		return &t.Listeners, true
	}
	return nil, false
}

// schemaListener is how a listener is added to a table, a MetaData, another part
// of a schema that is created and dropped, or to a class of them.
func schemaListener(s *bind.State, target any) (func(event string, f any), bool) {
	if own, ok := schemaListeners(target); ok {
		return own.Listen, true
	}
	all := corelib.AttachmentsOf(s)
	switch t := target.(type) {
	case *core.Index, core.Constraint, *core.Sequence:
	case *bind.Class:
		if !all.Knows(t) {
			return nil, false
		}
	default:
		return nil, false
	}
	return func(event string, f any) { all.ListenTo(event, target, f) }, true
}

// listenTo registers a listener that Table(…, {listeners = …}) names.
func listenTo(a *bind.Args, t *core.Table, event string, fn lua.LValue) error {
	f, ok := a.CallbackOf(fn)
	if !ok {
		return exc.New(exc.TypeError, "Table(): the listener of %s must be a function", event)
	}
	return add(a.Call, &Listening{Target: t, Name: event, F: f})
}

// schemaEvents are those of tables and metadata, what happens around CREATE and
// DROP, and of all parts of a schema, that they come into another.
func schemaEvents(c *bind.Call, l *Listening) (bool, error) {
	if l.Name == "before_parent_attach" || l.Name == "after_parent_attach" {
		l.Arguments = []string{"target", "parent"}
		remove, ok := corelib.AttachmentsOf(c.State).Listen(l.Target, l.Name == "after_parent_attach", func(item, parent any) error { return l.Tell(item, parent) })
		if ok {
			l.removers = append(l.removers, remove)
		}
		return ok, nil
	}
	listen, ok := schemaListener(c.State, l.Target)
	if !ok {
		return false, nil
	}
	switch l.Name {
	case "before_create", "after_create", "before_drop", "after_drop":
		if s, ok := bind.Unwrap[core.DDLStatement](l.F.Value()); ok {
			listen(l.Name, s)
			return true, nil
		}
		listen(l.Name, func(e core.DDLEvent) error {
			var kw types.Object
			kw.Set("checkfirst", e.Checkfirst)
			if e.Tables != nil { // those of a MetaData
				tables := make([]any, len(e.Tables))
				for i, t := range e.Tables {
					tables[i] = t
				}
				kw.Set("tables", tables)
			}
			return l.Tell(e.Target, e.Connection, kw)
		})
		return true, nil
	case "column_reflect":
		listen(l.Name, inspect.ColumnReflected(func(in *inspect.Inspector, t *core.Table, info *types.Object) error {
			shown := c.FromGo(c.L, bind.Record(*info)) // the listener changes this table
			if err := l.Tell(in, t, shown); err != nil {
				return err
			}
			if changed, ok := c.ToGo(shown).(types.Object); ok {
				*info = changed
			}
			return nil
		}))
		return true, nil
	}
	return false, NoSuchEvent(l.Name, c.ReprGo(l.Target))
}
