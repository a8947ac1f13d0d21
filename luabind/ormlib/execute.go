package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/enginelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

const executeParams = "(statement, params{!}=nil, *, execution_options{}=nil, bind_arguments{}=nil, _parent_execute_state=nil, _add_event=nil)"

// statementOf reads what execute() takes.
func statementOf(a *bind.Args) core.Node {
	switch x := a.ToGo(a.Lua("statement")).(type) {
	case string:
		bind.Fail(exc.ArgumentError, "Textual SQL expression %s should be explicitly declared as text(%s)", types.Quote(x), types.Quote(x))
	case *orm.Query:
		return x.Labelled()
	}
	return corelib.Statement(a.Call, a.Lua("statement"))
}

func execute(s *orm.Session, a *bind.Args) (*engine.Result, error) {
	m, b := bindArguments(a)
	return prepare(s, a.Call).Execute(statementOf(a), orm.ExecuteArgs{
		Params:  ormParams(a),
		Options: enginelib.Options(a.Call, a.Lua("execution_options")),
		Mapper:  m, Bind: b,
	})
}

// ormParams reads parameters; their values may be objects of composite types.
func ormParams(a *bind.Args) engine.Params { return enginelib.Params(a.Call, a.Lua("params")) }

// identOf reads a primary key: a value, a list of values, or a table of names.
func identOf(a *bind.Args, v lua.LValue) any {
	switch x := corelib.Value(a.Call, v).(type) {
	case types.Object:
		m := map[string]any{}
		for k, item := range x.All() {
			m[k] = item
		}
		return m
	case engine.Row:
		return x.Values()
	case *object: // a composite value
		return bind.Must(compositeValues(a.State, x))
	default:
		return x
	}
}

// lockOf reads with_for_update=.
func lockOf(a *bind.Args) *core.ForUpdate {
	switch v := a.Lua("with_for_update").(type) {
	case lua.LBool:
		if bool(v) {
			return &core.ForUpdate{}
		}
	case *lua.LTable:
		l := &core.ForUpdate{}
		for k, x := range script.Fields(v) {
			switch k.String() {
			case "nowait":
				l.NoWait = lua.LVAsBool(x)
			case "read":
				l.Read = lua.LVAsBool(x)
			case "skip_locked":
				l.SkipLocked = lua.LVAsBool(x)
			case "key_share":
				l.KeyShare = lua.LVAsBool(x)
			case "of":
				l.Of = corelib.Nodes(a.Call, []lua.LValue{x})
			}
		}
		return l
	}
	return nil
}

func getObject(s *orm.Session, a *bind.Args) (*orm.Instance, *orm.Entity, error) {
	e := entityArg(a, a.Lua("entity"))
	o := orm.GetOptions{PopulateExisting: a.Bool("populate_existing"), ForUpdate: lockOf(a), Token: a.Any("identity_token"),
		ExecutionOptions: enginelib.Options(a.Call, a.Lua("execution_options"))}
	if a.Has("options") {
		for _, v := range a.List("options") {
			if k, ok := a.ToGo(v).(core.Keyed); ok {
				o.Options = append(o.Options, k)
			}
		}
	}
	i, err := prepare(s, a.Call).Get(e, identOf(a, a.Lua("ident")), o)
	return i, e, err
}

const getParams = "(entity, ident{!}, *, options{}=nil, populate_existing=false, with_for_update{}=nil, identity_token=nil, execution_options{}=nil, bind_arguments{}=nil)"

func init() {
	sessionClass.
		Method("execute"+executeParams, "Run a statement.", "session:execute(select(User))", func(s *orm.Session, a *bind.Args) (any, error) { return execute(s, a) }).
		Method("scalars"+executeParams, "Run a statement; the first column of its rows.", "session:scalars(select(User)):all()", func(s *orm.Session, a *bind.Args) (any, error) {
			r, err := execute(s, a)
			if err != nil {
				return nil, err
			}
			return r.Scalars()
		}).
		Method("scalar"+executeParams, "Run a statement; the first column of its first row.", "session:scalar(select(func.count(User.id)))", func(s *orm.Session, a *bind.Args) (any, error) {
			r, err := execute(s, a)
			if err != nil {
				return nil, err
			}
			return r.Scalar()
		}).
		Method("get"+getParams, "The object of a primary key, or nil.", "session:get(User, 5)", func(s *orm.Session, a *bind.Args) (any, error) {
			i, _, err := getObject(s, a)
			if i == nil {
				return nil, err
			}
			return i, err
		}).
		Method("get_one"+getParams, "The object of a primary key; NoResultFound without one.", "session:get_one(User, 5)", func(s *orm.Session, a *bind.Args) (any, error) {
			i, _, err := getObject(s, a)
			if i == nil && err == nil {
				return nil, exc.New(exc.NoResultFound, "No row was found when one was required")
			}
			return i, err
		}).
		Method("refresh(instance, attribute_names{}=nil, with_for_update{}=nil)", "Load an object anew.", "session:refresh(user)", func(s *orm.Session, a *bind.Args) (any, error) {
			return nil, prepare(s, a.Call).Refresh(instanceOf(a, "instance"), keyNames(a, "attribute_names"), lockOf(a))
		}).
		Method("query(*entities)", "A Query of classes and columns.", "session:query(User):all()", func(s *orm.Session, a *bind.Args) (any, error) {
			return ofSession(a.Call, newQuery(prepare(s, a.Call), a, a.Rest()), a.Rest()...)
		}).
		Method("merge(instance, *, load=true, options{}=nil)", "Copy an object's state onto the session's own.", "user = session:merge(user)", func(s *orm.Session, a *bind.Args) (any, error) {
			return mergeObject(prepare(s, a.Call), instanceOf(a, "instance"), a)
		}).
		Method("bulk_save_objects(objects{}, return_defaults=false, update_changed_only=true, preserve_order=true)", "Write many objects at once.", "session:bulk_save_objects({a, b})", func(s *orm.Session, a *bind.Args) (any, error) {
			return nil, bulkSave(prepare(s, a.Call), instances(a, a.Lua("objects")), a)
		}).
		Method("bulk_insert_mappings(mapper, mappings{}, return_defaults=false, render_nulls=false)", "Insert many rows of a class.", `session:bulk_insert_mappings(User, {{name = "a"}, {name = "b"}})`, func(s *orm.Session, a *bind.Args) (any, error) {
			return nil, bulkMappings(prepare(s, a.Call), a, true)
		}).
		Method("bulk_update_mappings(mapper, mappings{})", "Update many rows of a class by primary key.", `session:bulk_update_mappings(User, {{id = 1, name = "a"}})`, func(s *orm.Session, a *bind.Args) (any, error) {
			return nil, bulkMappings(prepare(s, a.Call), a, false)
		})
}
