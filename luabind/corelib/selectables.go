package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// FromClause is the class of what rows come from.
var FromClause = bind.Define[core.From]("FromClause", "What rows come from: a table, an alias, a join, a subquery.", ClauseElement.Class).
	Property("c", "Its columns.", func(f core.From) any { return columnsOf(f) }).
	Property("columns", "Its columns.", func(f core.From) any { return columnsOf(f) }).
	Property("exported_columns", "Its columns.", func(f core.From) any { return columnsOf(f) }).
	Property("name", "Its name.", func(f core.From) any { return fromName(f) }).
	Property("description", "Its name, for messages.", func(f core.From) any { return core.Describe(f) }).
	Property("foreign_keys", "The foreign keys of its columns.", func(f core.From) any {
		out := []any{}
		for _, c := range f.Columns().All() {
			for _, k := range c.ForeignKeys() {
				out = append(out, k)
			}
		}
		return out
	}).
	Property("primary_key", "The columns of its primary key.", func(f core.From) any {
		cols := &columns{of: f}
		all := f.Columns()
		for i, c := range all.All() {
			if c.PrimaryKey() {
				cols.keys = append(cols.keys, all.Keys()[i])
				cols.exprs = append(cols.exprs, c)
			}
		}
		return cols
	}).
	Property("element", "What it is an alias of.", func(f core.From) any {
		switch f := core.PlainFrom(f).(type) {
		case *core.Alias:
			return f.Of
		case *core.CTE:
			return f.Of
		}
		return nil
	}).
	Property("original", "What it is an alias of.", func(f core.From) any {
		if a, ok := core.PlainFrom(f).(*core.Alias); ok {
			return a.Of
		}
		return nil
	}).
	Method("select(whereclause=nil)", "SELECT all its columns.", "users:select()", func(f core.From, a *bind.Args) (any, error) {
		s := core.NewSelect(f)
		if a.Has("whereclause") {
			s = s.Where(Expr(a.Call, a.Lua("whereclause"), WhereRole))
		}
		return s, nil
	}).
	Method("alias(name=nil, flat=false)", "The same under another name.", `users:alias("u")`, func(f core.From, a *bind.Args) (any, error) {
		return named(a, "name", core.NewAlias(f, a.String("name"))), nil
	}).
	Method("tablesample(sampling, name=nil, seed=nil)", "A sample of its rows: TABLESAMPLE.", "users:tablesample(func.bernoulli(5))", func(f core.From, a *bind.Args) (any, error) {
		return sample(a, f), nil
	}).
	Method("lateral(name=nil)", "A FROM object that may refer to those before it.", `query:lateral("top")`, func(f core.From, a *bind.Args) (any, error) {
		return lateral(a, f), nil
	}).
	Method("join(right, onclause=nil, isouter=false, full=false)", "JOIN; without ON, by the foreign keys.", "users:join(addresses)", func(f core.From, a *bind.Args) (any, error) {
		return join(a, f, a.Bool("isouter")), nil
	}).
	Method("outerjoin(right, onclause=nil, full=false)", "LEFT OUTER JOIN.", "users:outerjoin(addresses)", func(f core.From, a *bind.Args) (any, error) {
		return join(a, f, true), nil
	}).
	Method("corresponding_column(column, require_embedded=false)", "Its column that stands for another.", "alias:corresponding_column(users.c.id)", func(f core.From, a *bind.Args) (any, error) {
		if c, ok := f.Columns().Corresponding(Expr(a.Call, a.Lua("column"), ElementRole)); ok {
			return c, nil
		}
		return nil, nil
	}).
	Method("is_derived_from(fromclause)", "Whether it is, or is made of, another.", "alias:is_derived_from(users)", func(f core.From, a *bind.Args) (any, error) {
		return core.IsDerivedFrom(f, From(a.Call, a.Lua("fromclause"), FromRole)), nil
	}).
	Method("table_valued()", "It, as one column of an expression.", "users:table_valued()", func(f core.From, a *bind.Args) (any, error) {
		return &core.TableValued{Of: f, Type: types.Lookup("", "TableValueType").Plain()}, nil
	}).
	With(func(c *bind.Class) { c.Identity = true })

func fromName(f core.From) any {
	name, ok := core.FromName(f)
	if !ok {
		return nil
	}
	var anon core.AnonNames
	return anon.Resolve(name)
}

// named takes the quoting along when the name was a quoted_name.
func named(a *bind.Args, param string, f core.From) core.From {
	switch f := f.(type) {
	case *core.Alias:
		quoteFrom(a, param, &f.Quote)
	case *core.CTE:
		quoteFrom(a, param, &f.Quote)
	}
	return f
}

func sample(a *bind.Args, f core.From) core.From {
	sampling := Operand(a.Call, a.Lua("sampling"))
	e, ok := sampling.(core.Expr)
	if !ok {
		e = &core.Func{Name: "system", Args: []core.Expr{core.Literal(sampling, nil)}, Type: &types.NullType{}}
		e.(*core.Func).Args[0].(*core.Bind).Key = "system"
	}
	var seed core.Expr
	if a.Has("seed") {
		seed = Bound(a.Call, a.Lua("seed"), nil)
	}
	return core.NewTableSample(f, e, a.String("name"), seed)
}

func lateral(a *bind.Args, n core.Node) core.From {
	return core.NewLateral(Plain(n), a.String("name"))
}

func join(a *bind.Args, left core.From, outer bool) core.From {
	right := From(a.Call, a.Lua("right"), JoinRole)
	var on core.Expr
	if a.Has("onclause") {
		on = Expr(a.Call, a.Lua("onclause"), OnRole)
	}
	return core.NewJoin(left, right, on, outer, a.Bool("full"))
}

var joinClass = bind.Define[*core.Join]("Join", "Two FROM objects joined.", FromClause.Class).
	Property("left", "The left side.", func(j *core.Join) any { return j.Left }).
	Property("right", "The right side.", func(j *core.Join) any { return j.Right }).
	Property("onclause", "The condition.", func(j *core.Join) any { return j.On }).
	Property("isouter", "Whether it is an outer join.", func(j *core.Join) any { return j.Outer }).
	Property("full", "Whether it is a full outer join.", func(j *core.Join) any { return j.Full })

var aliasClass = bind.Define[*core.Alias]("Alias", "Something that rows come from, under another name.", FromClause.Class).
	Property("column", "A table-valued function's alias as one column.", func(f *core.Alias) any {
		t := types.Type(&types.NullType{})
		if fn, ok := f.Of.(*core.Func); ok && fn.Type != nil {
			t = fn.Type
		}
		return &core.TableValued{Of: f, Type: t}
	}).
	Method("render_derived(name=nil, with_types=false)", "Write the names of its columns: AS name(a, b).", "g:render_derived{with_types = true}", func(f *core.Alias, a *bind.Args) (any, error) {
		return f.Derived(a.String("name"), a.Bool("with_types")), nil
	}).
	Method("as_scalar()", "Its query in the place of one value.", "sub:as_scalar()", func(f *core.Alias, a *bind.Args) (any, error) {
		if s, ok := aliasAsValue(f); ok {
			return s, nil
		}
		return nil, exc.New(exc.InvalidRequestError, "this alias is not of a query")
	}).
	Alias("scalar_subquery", "as_scalar")

var cteClass = bind.Define[*core.CTE]("CTE", "A query in a WITH clause.", FromClause.Class).
	Method("union(*other)", "The second half of a recursive query, by UNION.", "tree:union(select(nodes.c.id):join(tree, nodes.c.parent_id == tree.c.id))", cteUnion("UNION")).
	Method("union_all(*other)", "The second half of a recursive query, by UNION ALL.", "tree:union_all(select(nodes.c.id):join(tree, nodes.c.parent_id == tree.c.id))", cteUnion("UNION ALL")).
	Method("prefix_with(*prefixes, dialect=\"*\")", "Text before its query: MATERIALIZED.", `c:prefix_with("MATERIALIZED")`, func(c *core.CTE, a *bind.Args) (any, error) {
		n := cteLike(c)
		n.Prefixes = append(n.Prefixes, prefixesOf(a)...)
		return n, nil
	}).
	Method("suffix_with(*suffixes, dialect=\"*\")", "Text after its query.", `c:suffix_with("/* tail */")`, func(c *core.CTE, a *bind.Args) (any, error) {
		n := cteLike(c)
		n.Suffixes = append(n.Suffixes, prefixesOf(a)...)
		return n, nil
	})

// cteLike copies a CTE; its columns become its own.
func cteLike(c *core.CTE) *core.CTE {
	return &core.CTE{Of: c.Of, Name: c.Name, Anonymous: c.Anonymous, Quote: c.Quote, Recursive: c.Recursive, Nesting: c.Nesting,
		Restates: c.Restates, AliasOf: c.AliasOf, Prefixes: append([]core.Prefix(nil), c.Prefixes...), Suffixes: append([]core.Prefix(nil), c.Suffixes...)}
}

func cteUnion(keyword string) func(*core.CTE, *bind.Args) (any, error) {
	return func(c *core.CTE, a *bind.Args) (any, error) {
		others := queries(a, a.Rest())
		for i := range others {
			others[i] = Plain(others[i])
		}
		return c.Union(keyword, others...), nil
	}
}

func queries(a *bind.Args, vs []lua.LValue) []core.Query {
	out := make([]core.Query, 0, len(vs))
	for _, v := range vs {
		out = append(out, Query(a.Call, v))
	}
	return out
}

// prefixesOf reads prefix_with() and suffix_with().
func prefixesOf(a *bind.Args) []core.Prefix {
	var out []core.Prefix
	for _, v := range a.Rest() {
		var x core.Expr
		if s, ok := v.(lua.LString); ok {
			x = &core.Text{SQL: string(s), Type: &types.NullType{}}
		} else {
			x = Expr(a.Call, v, ElementRole)
		}
		out = append(out, core.Prefix{X: x, Dialect: a.String("dialect")})
	}
	return out
}

var valuesClass = bind.Define[*core.Values]("Values", "VALUES as a table.", FromClause.Class).
	Method("data(rows{!})", "Add rows.", `values(column("id", Integer)):data({{1}, {2}})`, func(v *core.Values, a *bind.Args) (any, error) {
		var rows [][]any
		for _, r := range a.List("rows") {
			var row []any
			for _, x := range a.ListOf(r) {
				row = append(row, Operand(a.Call, x))
			}
			rows = append(rows, row)
		}
		return v.WithRows(rows), nil
	}).
	Method("cte(name=nil, recursive=false, nesting=false)", "It in a WITH clause.", `v:cte("ids")`, func(v *core.Values, a *bind.Args) (any, error) {
		return makeCTE(a, v), nil
	}).
	Method("scalar_values()", "It in the place of a list of values.", "v:scalar_values()", func(v *core.Values, a *bind.Args) (any, error) {
		return core.NewScalarValues(v), nil
	}).
	Method("lateral(name=nil)", "It with LATERAL.", "v:lateral()", func(v *core.Values, a *bind.Args) (any, error) {
		n := *v
		n.Lateral = true
		if name := a.String("name"); name != "" {
			n.Name, n.Named, n.Anonymous = core.Name(name), true, false
		}
		return &n, nil
	})

func makeCTE(a *bind.Args, s core.Node) *core.CTE {
	c := core.NewCTE(Plain(s), a.String("name"), a.Bool("recursive"), a.Bool("nesting"))
	quoteFrom(a, "name", &c.Quote)
	return c
}

// froms reads the rest of the arguments as FROM objects.
func froms(a *bind.Args) []core.From {
	var out []core.From
	for _, v := range a.Rest() {
		if _, ok := bind.IsList(v); ok {
			for _, x := range a.ListOf(v) {
				out = append(out, From(a.Call, x, FromRole))
			}
			continue
		}
		out = append(out, From(a.Call, v, FromRole))
	}
	return out
}

func correlate(a *bind.Args, s *core.Select) *core.Select {
	if correlatesNothing(a) {
		return s.Correlate()
	}
	return s.Correlate(froms(a)...)
}

// correlatesNothing reports whether correlate() and its kin were given nil or
// false alone.
func correlatesNothing(a *bind.Args) bool {
	rest := a.Rest()
	nothing := len(rest) > 0 && (a.IsNull(rest[0]) || rest[0] == lua.LFalse)
	if nothing && len(rest) > 1 {
		bind.Fail(exc.ArgumentError, "additional FROM objects not accepted when passing nil/false to %s()", a.Name())
	}
	return nothing
}

func installSelectables(s *bind.State) {
	f := bind.Func
	s.Global(
		f("join(left, right, onclause=nil, isouter=false, full=false)", "JOIN; without ON, by the foreign keys.", "join(users, addresses)", func(a *bind.Args) (any, error) {
			return join(a, From(a.Call, a.Lua("left"), FromRole), a.Bool("isouter")), nil
		}),
		f("outerjoin(left, right, onclause=nil, full=false)", "LEFT OUTER JOIN.", "outerjoin(users, addresses)", func(a *bind.Args) (any, error) {
			return join(a, From(a.Call, a.Lua("left"), FromRole), true), nil
		}),
		f("alias(selectable, name=nil, flat=false)", "The same under another name.", `alias(users, "u")`, func(a *bind.Args) (any, error) {
			v := Value(a.Call, a.Lua("selectable"))
			if q, ok := v.(core.Query); ok {
				return subquery(q, a.String("name")), nil
			}
			return core.NewAlias(From(a.Call, a.Lua("selectable"), FromRole), a.String("name")), nil
		}),
		f("subquery(alias, *columns)", "A query to select from.", `subquery("s", users.c.id)`, func(a *bind.Args) (any, error) {
			return subquery(core.NewSelect(Nodes(a.Call, a.Rest())...), a.String("alias")), nil
		}),
		f("lateral(selectable, name=nil)", "A FROM object that may refer to those before it.", "lateral(query)", func(a *bind.Args) (any, error) {
			n, ok := Value(a.Call, a.Lua("selectable")).(core.Node)
			if !ok {
				refuse(a.Call, FromRole, a.Any("selectable"))
			}
			return lateral(a, n), nil
		}),
		f("tablesample(selectable, sampling, name=nil, seed=nil)", "A sample of a table's rows.", "tablesample(users, func.bernoulli(5))", func(a *bind.Args) (any, error) {
			return sample(a, From(a.Call, a.Lua("selectable"), FromRole)), nil
		}),
		f("cte(selectable, name=nil, recursive=false, nesting=false)", "A query in a WITH clause.", `cte(query, "c")`, func(a *bind.Args) (any, error) {
			return makeCTE(a, Query(a.Call, a.Lua("selectable"))), nil
		}),
		f("values(*columns, name=nil, literal_binds=false)", "VALUES as a table.", `values(column("id", Integer), {name = "v"}):data({{1}, {2}})`, func(a *bind.Args) (any, error) {
			var cols []*core.Column
			for _, v := range a.Rest() {
				cols = append(cols, ColumnOf(a.Call, v))
			}
			return core.NewValues(cols, a.String("name"), a.Bool("literal_binds")), nil
		}),
		f("lambda_stmt(lmb)", "A statement that a function makes.", "lambda_stmt(function() return select(users) end)", func(a *bind.Args) (any, error) {
			return a.Function("lmb").Call1()
		}),
	)
	s.Main.SetGlobal("Values", s.Main.GetGlobal("values"))
	// table(…) called is SQLAlchemy's table(); table.insert and so on stay Lua's.
	lightweight := f("table(name, *columns, schema=nil)", "A table that is only a name with columns.", `table("users", column("id"))`, func(a *bind.Args) (any, error) {
		var cols []*core.Column
		for _, v := range a.Rest() {
			c := ColumnOf(a.Call, v)
			if c.Table != nil {
				bind.Fail(exc.ArgumentError, "column object '%s' already assigned to table '%s'", c.Key, core.Describe(c.Table))
			}
			cols = append(cols, c)
		}
		t := core.NewLightweightTable(a.String("name"), a.String("schema"), cols...)
		quoteFrom(a, "name", &t.Quote)
		return t, nil
	})
	L := s.Main
	mt := L.NewTable()
	mt.RawSetString("__call", L.NewFunction(func(L *lua.LState) int {
		L.Remove(1)
		return s.Invoke(L, lightweight)
	}))
	L.SetMetatable(L.GetGlobal("table"), mt)
}
