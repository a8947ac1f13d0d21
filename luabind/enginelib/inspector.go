package enginelib

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
)

// Inspection answers inspect(x) for one kind of x.
type Inspection func(c *bind.Call, x any) (v any, ok bool, err error)

// AddInspection teaches inspect() a kind of value.
func AddInspection(s *bind.State, f Inspection) {
	r := registryOf(s)
	r.inspections = append(r.inspections, f)
}

var inspectFunction = bind.Func("inspect(subject{}, *, raiseerr=true)", "What there is to know of an engine, a connection, a mapped class or an object.",
	"inspect(engine):get_table_names()", func(a *bind.Args) (any, error) {
		subject := a.ToGo(a.Lua("subject"))
		for _, f := range registryOf(a.State).inspections {
			if v, ok, err := f(a.Call, subject); ok || err != nil {
				return v, err
			}
		}
		if !a.Bool("raiseerr") {
			return nil, nil
		}
		return nil, exc.New(exc.NoInspectionAvailable, "No inspection system is available for object of type %s", a.KindOf(a.Lua("subject")))
	})

// bindOf is the engine or connection that a value is or has.
func bindOf(c *bind.Call, v any) (any, bool, error) {
	switch x := v.(type) {
	case *engine.Engine, *engine.Connection:
		return x, true, nil
	case Bound:
		conn, err := x.SQLConnection(c.Context())
		return conn, true, err
	}
	return nil, false, nil
}

func inspectDatabase(c *bind.Call, x any) (any, bool, error) {
	switch x.(type) {
	case *engine.Engine, *engine.Connection:
	default:
		return nil, false, nil
	}
	in, err := inspect.Inspect(c.Context(), x)
	if err != nil {
		return nil, false, err
	}
	in.Warn = Warn(c.State)
	return in, true, nil
}

type recorded interface{ Record() types.Object }

func records[T recorded](list []T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	out := make([]any, len(list))
	for i, r := range list {
		out[i] = bind.Record(r.Record())
	}
	return out, nil
}

func record[T recorded](r T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return bind.Record(r.Record()), nil
}

func commentRecord(text *string) bind.Record {
	if text == nil {
		return bind.Record(types.NewObject("text", nil))
	}
	return bind.Record(types.NewObject("text", *text))
}

// scopeOf reads the arguments of get_multi_*().
func scopeOf(a *bind.Args) inspect.Scope {
	s := inspect.Scope{Schema: a.String("schema"), Kinds: inspect.Tables}
	if a.Has("filter_names") {
		list, _ := a.Any("filter_names").([]any)
		for _, n := range list {
			s.Names = append(s.Names, types.Str(n))
		}
	}
	switch k := a.Any("kind").(type) {
	case inspect.Kind:
		s.Kinds = k
	}
	if l, ok := a.Any("scope").(inspect.Lifetime); ok {
		s.Lifetime = l
	}
	return s
}

// multi is the answer of get_multi_*(): a list of pairs, by (schema, name).
func multi[T any](a *bind.Args, of *inspect.Of[T], err error, show func(T) any) (any, error) {
	if err != nil {
		return nil, err
	}
	var schema any
	if a.Has("schema") {
		schema = a.String("schema")
	}
	pair := engine.NewMeta([]string{"schema", "name"})
	t := a.L.NewTable()
	for _, name := range of.Names() {
		v, _ := of.Get(name)
		t.RawSet(a.FromGo(a.L, engine.NewRow(pair, []any{schema, name})), a.FromGo(a.L, show(v)))
	}
	return t, nil
}

func showRecords[T recorded](list []T) any { v, _ := records(list, nil); return v }

// sortedPair is one table of get_sorted_table_and_fkc_names.
func sortedPair(t inspect.SortedTable) []any {
	keys := make([]any, len(t.Keys))
	for i, k := range t.Keys {
		keys[i] = engine.NewRow(engine.NewMeta(nil), []any{k.Table, emptyNil(k.Name)})
	}
	return []any{emptyNil(t.Name), keys}
}

// Inspector is the class of inspectors of databases.
var Inspector = inspectorClass()

const ofTable = "(table_name, schema=nil, **kw)"

func inspectorClass() bind.Def[*inspect.Inspector] {
	type in = *inspect.Inspector
	d := bind.Define[in]("Inspector", "What is in a database.")
	names := func(name, doc string, f func(in, context.Context, string) ([]string, error)) {
		d.Method(name+"(schema=nil)", doc, "inspect(engine):"+name+"()", func(i in, a *bind.Args) (any, error) {
			list, err := f(i, a.Context(), a.String("schema"))
			if err != nil {
				return nil, err
			}
			if list == nil {
				list = []string{}
			}
			return list, nil
		})
	}
	names("get_table_names", "The names of the tables.", in.TableNames)
	names("get_view_names", "The names of the views.", in.ViewNames)
	names("get_materialized_view_names", "The names of the materialized views.", in.MaterializedViewNames)
	names("get_sequence_names", "The names of the sequences.", in.SequenceNames)
	names("get_schema_names", "The names of the schemas.", func(i in, ctx context.Context, _ string) ([]string, error) { return i.SchemaNames(ctx) })
	names("get_temp_table_names", "The names of the temporary tables.", func(i in, ctx context.Context, _ string) ([]string, error) { return i.TempTableNames(ctx) })
	names("get_temp_view_names", "The names of the temporary views.", func(i in, ctx context.Context, _ string) ([]string, error) { return i.TempViewNames(ctx) })

	table := func(name, doc string, f func(i in, ctx context.Context, table, schema string) (any, error)) {
		d.Method(name+ofTable, doc, `inspect(engine):`+name+`("users")`, func(i in, a *bind.Args) (any, error) {
			return f(i, a.Context(), a.String("table_name"), a.String("schema"))
		})
	}
	table("get_columns", "The columns of a table or view.", func(i in, ctx context.Context, t, s string) (any, error) { return records(i.Columns(ctx, t, s)) })
	table("get_pk_constraint", "The primary key of a table.", func(i in, ctx context.Context, t, s string) (any, error) { return record(i.PrimaryKey(ctx, t, s)) })
	table("get_foreign_keys", "The foreign keys of a table.", func(i in, ctx context.Context, t, s string) (any, error) {
		return records(i.ForeignKeys(ctx, t, s))
	})
	table("get_indexes", "The indexes of a table.", func(i in, ctx context.Context, t, s string) (any, error) { return records(i.Indexes(ctx, t, s)) })
	table("get_unique_constraints", "The UNIQUE constraints of a table.", func(i in, ctx context.Context, t, s string) (any, error) { return records(i.Uniques(ctx, t, s)) })
	table("get_check_constraints", "The CHECK constraints of a table.", func(i in, ctx context.Context, t, s string) (any, error) { return records(i.Checks(ctx, t, s)) })
	table("get_table_comment", "The comment of a table.", func(i in, ctx context.Context, t, s string) (any, error) {
		text, err := i.Comment(ctx, t, s)
		if err != nil {
			return nil, err
		}
		return commentRecord(text), nil
	})
	table("get_table_options", "The options of a table.", func(i in, ctx context.Context, t, s string) (any, error) {
		o, err := i.TableOptions(ctx, t, s)
		return o, err
	})
	table("has_table", "Whether there is a table or view of that name.", func(i in, ctx context.Context, t, s string) (any, error) { return i.HasTable(ctx, t, s) })

	const many = "(schema=nil, *, filter_names{}=nil, kind=nil, scope=nil)"
	d.Method("get_multi_columns"+many, "The columns of many tables.", "inspect(engine):get_multi_columns()", func(i in, a *bind.Args) (any, error) {
		of, err := i.MultiColumns(a.Context(), scopeOf(a))
		return multi(a, of, err, showRecords[*inspect.Column])
	})
	d.Method("get_multi_pk_constraint"+many, "The primary keys of many tables.", "inspect(engine):get_multi_pk_constraint()", func(i in, a *bind.Args) (any, error) {
		of, err := i.MultiPrimaryKeys(a.Context(), scopeOf(a))
		return multi(a, of, err, func(k *inspect.PrimaryKey) any { return bind.Record(k.Record()) })
	})
	d.Method("get_multi_foreign_keys"+many, "The foreign keys of many tables.", "inspect(engine):get_multi_foreign_keys()", func(i in, a *bind.Args) (any, error) {
		of, err := i.MultiForeignKeys(a.Context(), scopeOf(a))
		return multi(a, of, err, showRecords[*inspect.ForeignKey])
	})
	d.Method("get_multi_indexes"+many, "The indexes of many tables.", "inspect(engine):get_multi_indexes()", func(i in, a *bind.Args) (any, error) {
		of, err := i.MultiIndexes(a.Context(), scopeOf(a))
		return multi(a, of, err, showRecords[*inspect.Index])
	})
	d.Method("get_multi_unique_constraints"+many, "The UNIQUE constraints of many tables.", "inspect(engine):get_multi_unique_constraints()", func(i in, a *bind.Args) (any, error) {
		of, err := i.MultiUniques(a.Context(), scopeOf(a))
		return multi(a, of, err, showRecords[*inspect.Unique])
	})
	d.Method("get_multi_check_constraints"+many, "The CHECK constraints of many tables.", "inspect(engine):get_multi_check_constraints()", func(i in, a *bind.Args) (any, error) {
		of, err := i.MultiChecks(a.Context(), scopeOf(a))
		return multi(a, of, err, showRecords[*inspect.Check])
	})
	d.Method("get_multi_table_comment"+many, "The comments of many tables.", "inspect(engine):get_multi_table_comment()", func(i in, a *bind.Args) (any, error) {
		of, err := i.MultiComments(a.Context(), scopeOf(a))
		return multi(a, of, err, func(text *string) any { return commentRecord(text) })
	})
	d.Method("get_multi_table_options"+many, "The options of many tables.", "inspect(engine):get_multi_table_options()", func(i in, a *bind.Args) (any, error) {
		of, err := i.MultiTableOptions(a.Context(), scopeOf(a))
		return multi(a, of, err, func(o types.Object) any { return o })
	})

	d.Method("get_view_definition(view_name, schema=nil)", "The SQL of a view.", `inspect(engine):get_view_definition("v")`, func(i in, a *bind.Args) (any, error) {
		return i.ViewDefinition(a.Context(), a.String("view_name"), a.String("schema"))
	})
	d.Method("get_enums(schema=nil)", "PostgreSQL's ENUM types.", "inspect(engine):get_enums()", func(i in, a *bind.Args) (any, error) {
		return records(i.Enums(a.Context(), a.String("schema")))
	})
	d.Method("get_domains(schema=nil)", "PostgreSQL's domains.", "inspect(engine):get_domains()", func(i in, a *bind.Args) (any, error) {
		return records(i.Domains(a.Context(), a.String("schema")))
	})
	d.Method("get_sorted_table_and_fkc_names(schema=nil)", "The tables in order of dependency, with their foreign keys.", "inspect(engine):get_sorted_table_and_fkc_names()", func(i in, a *bind.Args) (any, error) {
		list, err := i.SortedTables(a.Context(), a.String("schema"))
		if err != nil {
			return nil, err
		}
		pair := engine.NewMeta([]string{"name", "foreign_keys"})
		out := make([]any, len(list))
		for n, t := range list {
			out[n] = engine.NewRow(pair, sortedPair(t))
		}
		return out, nil
	})
	d.Method("has_index(table_name, index_name, schema=nil)", "Whether a table has the index.", `inspect(engine):has_index("users", "ix_users_name")`, func(i in, a *bind.Args) (any, error) {
		return i.HasIndex(a.Context(), a.String("table_name"), a.String("index_name"), a.String("schema"))
	})
	d.Method("has_schema(schema_name)", "Whether there is a schema.", `inspect(engine):has_schema("public")`, func(i in, a *bind.Args) (any, error) {
		return i.HasSchema(a.Context(), a.String("schema_name"))
	})
	d.Method("has_sequence(sequence_name, schema=nil)", "Whether there is a sequence.", `inspect(engine):has_sequence("s")`, func(i in, a *bind.Args) (any, error) {
		return i.HasSequence(a.Context(), a.String("sequence_name"), a.String("schema"))
	})
	d.Method("has_type(type_name, schema=nil)", "Whether there is a type.", `inspect(engine):has_type("mood")`, func(i in, a *bind.Args) (any, error) {
		return i.HasType(a.Context(), a.String("type_name"), a.String("schema"))
	})
	names("get_foreign_table_names", "PostgreSQL's tables that stand for those of other servers.", in.ForeignTableNames)
	d.Method("get_table_oid(table_name, schema=nil)", "The number by which PostgreSQL's catalogue knows a table.", `inspect(engine):get_table_oid("users")`, func(i in, a *bind.Args) (any, error) {
		return i.TableOID(a.Context(), a.String("table_name"), a.String("schema"))
	})
	d.Method("reflect_table(table, include_columns{}=nil, exclude_columns{}=nil, resolve_fks=true)", "Fill a Table with what the database has.", "insp:reflect_table(users)", func(i in, a *bind.Args) (any, error) {
		o := inspect.ReflectOptions{Unresolved: !a.Bool("resolve_fks"), Include: includedColumns(a)}
		if list, ok := a.Any("exclude_columns").([]any); ok {
			for _, n := range list {
				o.Exclude = append(o.Exclude, types.Str(n))
			}
		}
		return nil, i.Reflect(a.Context(), bind.Get[*core.Table](a, "table"), o)
	})
	d.Method("clear_cache()", "Forget what was read: ask again.", "insp:clear_cache()", func(i in, a *bind.Args) (any, error) { i.ClearCache(); return nil, nil })
	d.Computed("default_schema_name", "The schema of names that name none.", func(c *bind.Call, i in) (any, error) { return i.DefaultSchema(c.Context()) })
	return d
}

// includedColumns reads include_columns.
func includedColumns(a *bind.Args) (out []string) {
	list, _ := a.Any("include_columns").([]any)
	for _, n := range list {
		out = append(out, types.Str(n))
	}
	return out
}

// reflectOptions are the arguments of a Table that is reflected.
func reflectOptions(a *bind.Args, t *core.Table) inspect.ReflectOptions {
	o := inspect.ReflectOptions{Unresolved: !a.Bool("resolve_fks"), Include: includedColumns(a)}
	if a.Bool("extend_existing") && !a.Bool("autoload_replace") {
		for _, c := range t.Columns().All() {
			o.Exclude = append(o.Exclude, string(c.Name))
		}
	}
	return o
}

// autoload fills a table from the database: Table(…, {autoload_with = engine}).
func autoload(a *bind.Args, t *core.Table, with lua.LValue) error {
	target, ok, err := bindOf(a.Call, a.ToGo(with))
	if err != nil {
		return err
	}
	if in, isInspector := a.ToGo(with).(*inspect.Inspector); isInspector {
		return in.Reflect(a.Context(), t, reflectOptions(a, t))
	}
	if !ok {
		return exc.New(exc.ArgumentError, "autoload_with must be an engine, a connection or an inspector, not %s", a.KindOf(with))
	}
	// One connection for all questions.
	return inspect.Using(a.Context(), target, false, func(c *engine.Connection) error {
		in, err := inspect.Inspect(a.Context(), c)
		if err != nil {
			return err
		}
		in.Warn = Warn(a.State)
		return in.Reflect(a.Context(), t, reflectOptions(a, t))
	})
}

// reflectAll is metadata:reflect().
func reflectAll(m *core.MetaData, a *bind.Args) (any, error) {
	target, ok, err := bindOf(a.Call, a.Any("bind"))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, exc.New(exc.ArgumentError, "reflect(): expected an engine or a connection, got %s", a.KindOf(a.Lua("bind")))
	}
	o := inspect.ReflectOptions{Schema: a.String("schema"), Views: a.Bool("views"), Extend: a.Bool("extend_existing"), Keep: !a.Bool("autoload_replace"), Unresolved: !a.Bool("resolve_fks")}
	if !a.Has("schema") {
		o.Schema = m.Schema
	}
	switch only := a.Any("only").(type) {
	case []any:
		o.HasOnly = true
		for _, n := range only {
			o.Only = append(o.Only, types.Str(n))
		}
	case *bind.Callback:
		o.OnlyIf = func(name string) (bool, error) {
			v, err := only.Call1(name, m)
			return v != nil && v != false, err
		}
	}
	return nil, inspect.Using(a.Context(), target, false, func(c *engine.Connection) error {
		in, err := inspect.Inspect(a.Context(), c)
		if err != nil {
			return err
		}
		in.Warn = Warn(a.State)
		return in.ReflectAll(a.Context(), m, o)
	})
}

func init() {
	corelib.OnAutoload(autoload)
	corelib.OnListeners(listenTo)
	corelib.MetaData.Method("reflect(bind, schema=nil, views=false, only{}=nil, extend_existing=false, autoload_replace=true, resolve_fks=true, **dialect_kwargs)",
		"Make Tables of what the database has.", "metadata:reflect(engine)", reflectAll)
}

// installInspection defines inspect() and what its methods take.
func installInspection(s *bind.State) {
	s.Register(Inspector.Class, objectKind.Class, objectScope.Class)
	AddInspection(s, inspectDatabase)
	s.Global(inspectFunction)
	kinds := bind.NewNamespace("ObjectKind", "Kinds of relations, for get_multi_columns and its kin.")
	kinds.Set("TABLE", inspect.Tables)
	kinds.Set("VIEW", inspect.Views)
	kinds.Set("MATERIALIZED_VIEW", inspect.MaterializedViews)
	kinds.Set("ANY_VIEW", inspect.Views|inspect.MaterializedViews)
	kinds.Set("ANY", inspect.AnyKind)
	scopes := bind.NewNamespace("ObjectScope", "Lasting or temporary relations.")
	scopes.Set("DEFAULT", inspect.Lasting)
	scopes.Set("TEMPORARY", inspect.Temporary)
	s.Global(kinds, scopes)
}

var (
	objectKind  = bind.Define[inspect.Kind]("ObjectKind", "A kind of relation.")
	objectScope = bind.Define[inspect.Lifetime]("ObjectScope", "Lasting or temporary.")
)
