package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/enginelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// mapperEvents are the events of classes, sessionEvents those of sessions,
// queryEvents those of Query, attributeEvents those of attributes.
var (
	mapperEvents = []string{"init", "init_failure", "load", "refresh", "refresh_flush", "expire", "pickle", "unpickle", "first_init",
		"before_insert", "after_insert", "before_update", "after_update", "before_delete", "after_delete",
		"mapper_configured", "instrument_class", "before_mapper_configured", "before_configured", "after_configured", "class_instrument", "append_result", "translate_row"}
	sessionEvents = []string{"before_flush", "after_flush", "after_flush_postexec", "before_commit", "after_commit", "after_rollback", "after_soft_rollback",
		"after_begin", "before_attach", "after_attach", "after_transaction_create", "after_transaction_end", "after_bulk_update", "after_bulk_delete", "do_orm_execute",
		"transient_to_pending", "pending_to_persistent", "pending_to_transient", "persistent_to_transient", "persistent_to_deleted", "deleted_to_persistent",
		"deleted_to_detached", "persistent_to_detached", "detached_to_persistent", "loaded_as_persistent"}
	queryEvents     = []string{"before_compile", "before_compile_update", "before_compile_delete"}
	attributeEvents = []string{"set", "append", "remove", "bulk_replace", "init_scalar", "init_collection", "dispose_collection", "modified", "append_wo_mutation"}
)

// eventArguments are the names of what listeners get, for named = true.
var eventArguments = map[string][]string{
	"init": {"target", "args", "kwargs"}, "init_failure": {"target", "args", "kwargs"}, "first_init": {"manager", "cls"},
	"load": {"target", "context"}, "refresh": {"target", "context", "attrs"}, "refresh_flush": {"target", "flush_context", "attrs"}, "expire": {"target", "attrs"},
	"before_insert": {"mapper", "connection", "target"}, "after_insert": {"mapper", "connection", "target"},
	"before_update": {"mapper", "connection", "target"}, "after_update": {"mapper", "connection", "target"},
	"before_delete": {"mapper", "connection", "target"}, "after_delete": {"mapper", "connection", "target"},
	"mapper_configured": {"mapper", "class_"}, "instrument_class": {"mapper", "class_"}, "before_mapper_configured": {"mapper", "class_"},

	"set": {"target", "value", "oldvalue", "initiator"}, "append": {"target", "value", "initiator"}, "append_wo_mutation": {"target", "value", "initiator"},
	"remove": {"target", "value", "initiator"}, "bulk_replace": {"target", "values", "initiator"}, "modified": {"target", "initiator"},
	"init_scalar": {"target", "value", "dict_"}, "init_collection": {"target", "collection", "collection_adapter"}, "dispose_collection": {"target", "collection", "collection_adapter"},

	"before_flush": {"session", "flush_context", "instances"}, "after_flush": {"session", "flush_context"}, "after_flush_postexec": {"session", "flush_context"},
	"before_commit": {"session"}, "after_commit": {"session"}, "after_rollback": {"session"}, "after_soft_rollback": {"session", "previous_transaction"},
	"after_begin": {"session", "transaction", "connection"}, "after_transaction_create": {"session", "transaction"}, "after_transaction_end": {"session", "transaction"},
	"after_bulk_update": {"update_context"}, "after_bulk_delete": {"delete_context"}, "do_orm_execute": {"orm_execute_state"}, "before_compile": {"query"},
	"before_compile_update": {"query", "update_context"}, "before_compile_delete": {"query", "delete_context"},
}

// listener is the Go side of a Lua listener.
func listener(l *enginelib.Listening) *orm.Listener {
	if l.Arguments = eventArguments[l.Name]; l.Arguments == nil {
		l.Arguments = []string{"session", "instance"} // the changes of state
	}
	return &orm.Listener{Propagate: l.Propagate, Retval: l.Retval, First: l.Insert, Call: func(args ...any) (any, error) {
		r, err := l.Call(args...)
		if err != nil || len(r) == 0 {
			return nil, err
		}
		return r[0], nil
	}}
}

// bulkListener is the listener of bulk_replace: it may change the list that it
// gets.
func bulkListener(c *bind.Call, l *enginelib.Listening) *orm.Listener {
	n, state := listener(l), c.State
	call := n.Call
	n.Retval = true
	n.Call = func(args ...any) (any, error) {
		t := state.Main.NewTable()
		for _, i := range args[1].([]*orm.Instance) {
			t.Append(state.FromGo(state.Main, i))
		}
		if _, err := call(args[0], t, args[2]); err != nil {
			return nil, err
		}
		out := make([]any, 0, t.Len())
		for _, v := range (&bind.Call{State: state, L: state.Main}).ListOf(t) {
			out = append(out, state.ToGo(v))
		}
		return out, nil
	}
	return n
}

// dictClass is the class of the dict_ that listeners of init_scalar get.
var dictClass = bind.Define[*orm.InstanceDict]("InstanceDict", "What an object has in memory, by attribute name.").With(func(class *bind.Class) {
	class.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
		v, _ := self.(*orm.InstanceDict).Get(name)
		return v, true, nil
	}
	class.SetAttr = func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
		d := self.(*orm.InstanceDict)
		return true, d.Set(name, toAttribute(c, d.Object().Mapper(), name, v))
	}
})

// tokenClass is the class of the initiator that listeners of attributes get.
var tokenClass = bind.Define[*orm.EventToken]("AttributeEventToken", "Where a change of an attribute began.").
	Property("key", "The attribute's name.", func(t *orm.EventToken) any { return t.Key }).
	Property("op", "The operation: OP_APPEND, OP_REMOVE, OP_REPLACE, OP_BULK_REPLACE, OP_MODIFIED.", func(t *orm.EventToken) any { return t.Op }).
	Property("impl", "The attribute, by its key.", func(t *orm.EventToken) any { return t }).
	Property("parent", "The mapper of the attribute's class.", func(t *orm.EventToken) any { return t.Parent })

// ormEvents is what can be listened to in the ORM.
func ormEvents(c *bind.Call, l *enginelib.Listening) (bool, error) {
	known := func(names []string) error {
		if !slices.Contains(names, l.Name) {
			return enginelib.NoSuchEvent(l.Name, c.ReprGo(l.Target))
		}
		return nil
	}
	switch t := l.Target.(type) {
	case *Class:
		if b := t.boundTo(); b != nil && b.Derives(sessionClass.Class) {
			if err := known(sessionEvents); err != nil {
				return false, err
			}
			t.sessionEvents.Listen(l.Name, sessionListener(l))
			return true, nil
		}
		if err := known(mapperEvents); err != nil {
			return false, err
		}
		t.listen(l)
	case *orm.Mapper:
		if err := known(mapperEvents); err != nil {
			return false, err
		}
		t.Listen(l.Name, listener(l))
	case *core.Annotated:
		a := orm.AttrOf(t)
		if a == nil {
			return false, nil
		}
		if err := known(attributeEvents); err != nil {
			return false, err
		}
		m := a.Entity.Mapper
		if l.ActiveHistory {
			m.RequireActiveHistory(a.Key)
		}
		n := listener(l)
		if l.Name == "bulk_replace" {
			n = bulkListener(c, l)
		}
		m.ListenAttribute(a.Key, l.Name, n)
	case orm.Property: // by its mapped attribute
		if m := t.Parent(); m != nil {
			x, err := m.Entity().Expr(t.Key())
			if err != nil {
				return false, err
			}
			byAttribute := *l
			byAttribute.Target = x
			return ormEvents(c, &byAttribute)
		}
		return false, nil
	case *orm.Session:
		if err := known(sessionEvents); err != nil {
			return false, err
		}
		t.Events.Listen(l.Name, sessionListener(l))
	case *maker:
		if err := known(sessionEvents); err != nil {
			return false, err
		}
		t.events.Listen(l.Name, sessionListener(l))
	case *scoped:
		if err := known(sessionEvents); err != nil {
			return false, err
		}
		t.maker.events.Listen(l.Name, sessionListener(l))
	case *bind.Class:
		switch t {
		case sessionClass.Class:
			if err := known(sessionEvents); err != nil {
				return false, err
			}
			orm.GlobalSessionEvents.Listen(l.Name, sessionListener(l))
		case mapperClass.Class:
			if err := known(mapperEvents); err != nil {
				return false, err
			}
			orm.GlobalEvents.Listen(l.Name, listener(l))
		case queryClass.Class:
			if err := known(queryEvents); err != nil {
				return false, err
			}
			orm.GlobalQueryEvents.Listen(l.Name, listener(l))
		default:
			return false, nil
		}
	default:
		return false, nil
	}
	return true, nil
}

// sessionListener gives what do_orm_execute returns to the session.
func sessionListener(l *enginelib.Listening) *orm.Listener {
	n := listener(l)
	if l.Name == "do_orm_execute" {
		n.Retval = true
	}
	return n
}

// listen adds a listener of the class; one that is not mapped keeps it for
// those that derive from it.
func (c *Class) listen(l *enginelib.Listening) {
	if c.mapper != nil {
		c.mapper.Listen(l.Name, listener(l))
		return
	}
	c.pending = append(c.pending, l)
	for _, m := range c.mappedSubclasses() {
		if m.Inherits == nil || !classOf(m.Inherits).derives(c) {
			n := listener(l)
			n.Propagate = true
			m.Listen(l.Name, n)
		}
	}
}

// replayEvents gives a class that has just been mapped the listeners of its
// unmapped bases.
func replayEvents(_ *bind.Call, k *Class) error {
	for _, b := range k.mro() {
		for _, l := range b.pending {
			if b != k && k.mapper.Inherits != nil && classOf(k.mapper.Inherits) != nil && classOf(k.mapper.Inherits).derives(b) {
				continue
			}
			n := listener(l)
			n.Propagate = true
			k.mapper.Listen(l.Name, n)
		}
	}
	return nil
}

// fireInit tells the listeners of "init" of a new object.
func fireInit(c *bind.Call, m *orm.Mapper, i *orm.Instance, args []lua.LValue) ([]lua.LValue, error) {
	var kw *lua.LTable
	rest := []any{}
	for _, v := range args {
		if t, ok := v.(*lua.LTable); ok {
			kw = t
			continue
		}
		rest = append(rest, v)
	}
	given := kw != nil
	if !given {
		kw = c.L.NewTable()
	}
	for x := m; x != nil; x = x.Inherits {
		for _, l := range x.Events["init"] {
			if x != m && !l.Propagate {
				continue
			}
			if _, err := l.Call(i, rest, kw); err != nil {
				return nil, err
			}
		}
	}
	for _, l := range orm.GlobalEvents["init"] {
		if _, err := l.Call(i, rest, kw); err != nil {
			return nil, err
		}
	}
	if !given && script.HasFields(kw) { // what listeners have put there
		args = append(slices.Clip(args), kw)
	}
	return args, nil
}

// bulkContextClass is what listeners of bulk updates and deletes see.
var bulkContextClass = bind.Define[*orm.BulkContext]("BulkUD", "An UPDATE or DELETE by a query.").
	Property("session", "The session.", func(b *orm.BulkContext) any { return b.Session }).
	Property("query", "The query.", func(b *orm.BulkContext) any { return b.Query }).
	Property("mapper", "The mapper of its class.", func(b *orm.BulkContext) any { return b.Mapper }).
	Property("values", "What an UPDATE sets, by attribute; it may be changed.", func(b *orm.BulkContext) any { return &bulkValues{b} }).
	Property("result", "What the database answered.", func(b *orm.BulkContext) any {
		if b.Result == nil {
			return nil
		}
		return b.Result
	}).
	Computed("rowcount", "How many rows it was about.", func(_ *bind.Call, b *orm.BulkContext) (any, error) {
		if b.Result == nil {
			return nil, nil
		}
		return b.Result.Rowcount(), nil
	})

// bulkValues are the values of a bulk UPDATE before it is sent.
type bulkValues struct{ of *orm.BulkContext }

var bulkValuesClass = bind.Define[*bulkValues]("BulkValues", "What a bulk UPDATE sets.").With(func(class *bind.Class) {
	class.Attr = func(_ *bind.Call, self any, name string) (any, bool, error) {
		for _, v := range self.(*bulkValues).of.Values {
			if v.Key == name {
				return v.Value, true, nil
			}
		}
		return nil, true, nil
	}
	class.SetAttr = func(c *bind.Call, self any, name string, v lua.LValue) (bool, error) {
		b := self.(*bulkValues).of
		for n := range b.Values {
			if b.Values[n].Key == name {
				b.Values = slices.Clone(b.Values)
				b.Values[n].Value = corelib.Value(c, v)
				return true, nil
			}
		}
		b.Values = append(slices.Clip(b.Values), core.Assign(nil, name, corelib.Value(c, v)))
		return true, nil
	}
})

// executeStateClass is what listeners of do_orm_execute see.
var executeStateClass = bind.Define[*orm.ExecuteState]("ORMExecuteState", "An execution that is about to happen.").
	Property("session", "The session.", func(e *orm.ExecuteState) any { return e.Session }).
	Property("statement", "The statement; it can be replaced.", func(e *orm.ExecuteState) any { return e.Statement }).
	Setter(func(c *bind.Call, e *orm.ExecuteState, v lua.LValue) error {
		e.Statement = corelib.Statement(c, v)
		return nil
	}).
	Property("parameters", "Its parameters.", func(e *orm.ExecuteState) any {
		switch n := e.Params.Len(); {
		case n == 0:
			return nil
		case !e.Params.Many:
			return e.Params.Set(0)
		default:
			sets := make([]any, n)
			for i := range sets {
				sets[i] = e.Params.Set(i)
			}
			return sets
		}
	}).
	Property("is_select", "Whether it is a SELECT.", func(e *orm.ExecuteState) any { return e.IsSelect() }).
	Property("is_insert", "Whether it is an INSERT.", func(e *orm.ExecuteState) any { return e.IsInsert() }).
	Property("is_update", "Whether it is an UPDATE.", func(e *orm.ExecuteState) any { return e.IsUpdate() }).
	Property("is_delete", "Whether it is a DELETE.", func(e *orm.ExecuteState) any { return e.IsDelete() }).
	Property("is_orm_statement", "Whether it names a mapped class.", func(e *orm.ExecuteState) any { return e.Mapper != nil }).
	Property("is_column_load", "Whether it loads single columns of an object.", func(e *orm.ExecuteState) any { return e.Column }).
	Property("is_relationship_load", "Whether it loads a relationship.", func(e *orm.ExecuteState) any { return e.Relation }).
	Property("is_executemany", "Whether there are several sets of parameters.", func(e *orm.ExecuteState) any { return e.Params.Many }).
	Property("is_from_statement", "Whether it is select(…):from_statement(…).", func(e *orm.ExecuteState) any { return e.IsFromStatement() }).
	Property("all_mappers", "The mappers of the classes that it is about.", func(e *orm.ExecuteState) any { return e.Mappers() }).
	Property("user_defined_options", "Options of your own.", func(e *orm.ExecuteState) any { return []any{} }).
	Property("loader_strategy_path", "Where a load of a relationship or column stands, or nil.", func(e *orm.ExecuteState) any {
		if e.Path == nil {
			return nil
		}
		return e.Path
	}).
	Property("lazy_loaded_from", "The state of the object that it loads for, or nil.", func(e *orm.ExecuteState) any {
		if e.Lazy == nil {
			return nil
		}
		return &stateOf{e.Lazy}
	}).
	Property("bind_mapper", "The mapper of its first class.", func(e *orm.ExecuteState) any {
		if e.Mapper == nil {
			return nil
		}
		return e.Mapper
	}).
	Property("execution_options", "Its execution options, those of the statement too.", func(e *orm.ExecuteState) any { return map[string]any(e.Options) }).
	Property("local_execution_options", "The options that were given to execute().", func(e *orm.ExecuteState) any { return map[string]any(e.Local) }).
	Method("update_execution_options(**opts)", "Lay options over its own.", "state:update_execution_options{autoflush = false}", func(e *orm.ExecuteState, a *bind.Args) (any, error) {
		e.UpdateOptions(enginelib.Options(a.Call, keywordTable(a)))
		return nil, nil
	}).
	Method("invoke_statement(statement=nil, params{!}=nil, execution_options{}=nil)", "Run it now.", "return state:invoke_statement()", func(e *orm.ExecuteState, a *bind.Args) (any, error) {
		if a.Has("statement") {
			e.Statement = corelib.Statement(a.Call, a.Lua("statement"))
		}
		if a.Has("params") {
			e.Params = enginelib.Params(a.Call, a.Lua("params"))
		}
		if a.Has("execution_options") {
			e.UpdateOptions(enginelib.Options(a.Call, a.Lua("execution_options")))
		}
		return e.Invoke()
	}).
	With(func(c *bind.Class) { c.Identity = true })
