package enginelib

import (
	"alchemysh/core"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
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

// schemaEvents are those of tables and metadata: what happens around CREATE
// and DROP.
func schemaEvents(c *bind.Call, l *Listening) (bool, error) {
	to, ok := schemaListeners(l.Target)
	if !ok {
		return false, nil
	}
	switch l.Name {
	case "before_create", "after_create", "before_drop", "after_drop":
		if s, ok := bind.Unwrap[core.DDLStatement](l.F.Value()); ok {
			to.Listen(l.Name, s)
			return true, nil
		}
		to.Listen(l.Name, func(e core.DDLEvent) error {
			var kw types.Object
			kw.Set("checkfirst", e.Checkfirst)
			tables := make([]any, len(e.Tables))
			for i, t := range e.Tables {
				tables[i] = t
			}
			kw.Set("tables", tables)
			return l.Tell(e.Target, e.Connection, kw)
		})
		return true, nil
	case "column_reflect":
		to.Listen(l.Name, inspect.ColumnReflected(func(in *inspect.Inspector, t *core.Table, info *types.Object) error {
			shown := c.FromGo(c.L, *info) // the listener changes this table
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
