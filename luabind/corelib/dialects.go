package corelib

import (
	"maps"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// namespaces are sqlite, postgresql, mysql and mariadb.
func installDialects(s *bind.State) {
	s.Register(preparerClass.Class, dialectNameClass.Class, customNode.Class, matchClass.Class)
	for _, name := range []string{"sqlite", "postgresql", "mysql", "mariadb"} {
		n := bind.NewNamespace(name, "What is "+name+"'s own: types, insert() with upsert, dialect().",
			bind.Func("dialect(*, paramstyle=nil, label_length=nil, max_identifier_length=nil, json_serializer=nil, json_deserializer=nil, **kw)", "Its dialect, for compile().", name+".dialect()", func(a *bind.Args) (any, error) {
				d := dialectOf(name).(compile.Dialect)
				return d, d.Features().Configure(DialectSettings(a))
			}),
			upsertInsert(name),
		)
		own := dialectTypes(name)
		for _, class := range slices.Sorted(maps.Keys(own)) {
			n.Set(class, own[class])
		}
		switch name {
		case "postgresql":
			n.Add(postgresqlFunctions()...)
			n.Add(excludeClass.Class)
		case "mysql", "mariadb":
			n.Add(bind.Func("match(*cols, against=nil, in_boolean_mode=false, in_natural_language_mode=false, with_query_expansion=false)", "MATCH (…) AGAINST (…).", `mysql.match(t.c.a, {against = "word"})`, makeMatch))
		}
		s.SetGlobal(name, n)
	}
	s.Global(excludeClass.Class)
	installCompiles(s)
	s.SetGlobal("aggregate_order_by", postgresqlFunctions()[1])
}

// DialectSettings reads the arguments of dialects that create_engine takes too.
func DialectSettings(a *bind.Args) compile.Settings {
	s := compile.Settings{ParamStyle: a.String("paramstyle")}
	if a.Has("label_length") {
		s.LabelLength = a.Int("label_length")
	}
	if a.Has("max_identifier_length") {
		s.MaxIdentifier = a.Int("max_identifier_length")
	}
	if f, ok := a.CallbackOf(a.Lua("json_serializer")); ok {
		s.WriteJSON = func(v any) (string, error) {
			text, err := f.Call1(v)
			if err != nil {
				return "", err
			}
			return types.Str(text), nil
		}
	}
	if f, ok := a.CallbackOf(a.Lua("json_deserializer")); ok {
		s.ReadJSON = func(text string) (any, error) { return f.Call1(text) }
	}
	return s
}

// dialectTypes are the types that a dialect shows: its own and the generic
// upper-case ones.
func dialectTypes(name string) map[string]*types.Class {
	out := map[string]*types.Class{}
	own := name
	if own == "mariadb" {
		own = "mysql"
	}
	for class := range types.Classes("") {
		if c := types.Lookup(name, class); c != nil {
			out[class] = c
		}
	}
	for class, c := range types.Classes(own) {
		out[class] = c
	}
	return out
}

func postgresqlFunctions() []any {
	return []any{
		bind.Func("array(clauses{}, type_=nil)", "An array literal of PostgreSQL, ARRAY[…].", "postgresql.array({1, 2})", func(a *bind.Args) (any, error) {
			arr := &core.Array{}
			item := TypeOf(a.Call, a.Lua("type_"))
			for _, v := range a.List("clauses") {
				e := Bound(a.Call, v, item)
				arr.Items = append(arr.Items, e)
			}
			if item == nil && len(arr.Items) > 0 {
				item = arr.Items[0].ExprType()
			}
			t, err := types.Lookup("postgresql", "ARRAY").New([]any{orNull(item)}, nil)
			arr.Type = t
			return arr, err
		}),
		bind.Func("aggregate_order_by(target, *order_by)", "An argument of an aggregate with its own ORDER BY.", "func.array_agg(postgresql.aggregate_order_by(t.c.a, t.c.b:desc()))", func(a *bind.Args) (any, error) {
			return &core.AggregateOrderBy{X: Bound(a.Call, a.Lua("target"), nil), By: Orderings(a.Call, a.Rest(), OrderRole)}, nil
		}),
		bind.Func("array_agg(*args{!})", "array_agg() that gives PostgreSQL's ARRAY.", "postgresql.array_agg(t.c.a)", func(a *bind.Args) (any, error) {
			args := make([]any, len(a.Rest()))
			for i, v := range a.Rest() {
				args[i] = Value(a.Call, v)
			}
			f := core.NewFunc(nil, "array_agg", nil, args...)
			if t, ok := f.Type.(*types.ARRAY); ok {
				f.Type = types.Lookup("postgresql", "ARRAY").Must(t.Item)
			}
			return f, nil
		}),
		bind.Func("Any(other{}, arrexpr, operator=nil)", "A value compares with any element of an array.", "postgresql.Any(5, t.c.nums)", func(a *bind.Args) (any, error) {
			return quantified(a, core.AnyOp, Expr(a.Call, a.Lua("arrexpr"), ElementRole))
		}),
		bind.Func("All(other{}, arrexpr, operator=nil)", "A value compares with all elements of an array.", "postgresql.All(5, t.c.nums)", func(a *bind.Args) (any, error) {
			return quantified(a, core.AllOp, Expr(a.Call, a.Lua("arrexpr"), ElementRole))
		}),
		bind.Func("CreateEnumType(element, if_not_exists=false)", "CREATE TYPE … AS ENUM.", "postgresql.CreateEnumType(e)", func(a *bind.Args) (any, error) {
			return &core.CreateType{Type: TypeOf(a.Call, a.Lua("element"))}, nil
		}),
		bind.Func("DropEnumType(element, if_exists=false)", "DROP TYPE.", "postgresql.DropEnumType(e)", func(a *bind.Args) (any, error) {
			return &core.DropType{Type: TypeOf(a.Call, a.Lua("element"))}, nil
		}),
		bind.Func("CreateDomainType(element)", "CREATE DOMAIN.", "postgresql.CreateDomainType(d)", func(a *bind.Args) (any, error) {
			return &core.CreateType{Type: TypeOf(a.Call, a.Lua("element"))}, nil
		}),
		bind.Func("DropDomainType(element)", "DROP DOMAIN.", "postgresql.DropDomainType(d)", func(a *bind.Args) (any, error) {
			return &core.DropType{Type: TypeOf(a.Call, a.Lua("element"))}, nil
		}),
		bind.Func(`Range(lower=nil, upper=nil, bounds="[)", empty=false)`, "A range of values.", "postgresql.Range(1, 5)", func(a *bind.Args) (any, error) {
			if a.Bool("empty") {
				return types.Range{Empty: true}, nil
			}
			return types.NewRange(a.Any("lower"), a.Any("upper"), a.String("bounds"))
		}),
		bind.Func("hstore(*args)", "The function hstore().", "postgresql.hstore(a, b)", func(a *bind.Args) (any, error) {
			return MakeFunc(a.Call, []string{"hstore"}, a.Rest(), types.Lookup("postgresql", "HSTORE").Plain()), nil
		}),
		textSearch("to_tsvector", "TSVECTOR"), textSearch("to_tsquery", "TSQUERY"), textSearch("plainto_tsquery", "TSQUERY"),
		textSearch("phraseto_tsquery", "TSQUERY"), textSearch("websearch_to_tsquery", "TSQUERY"), textSearch("ts_headline", "TEXT"),
	}
}

func textSearch(name, typ string) *bind.Function {
	return bind.Func(name+"(*args)", "The function "+name+"(), with a text search configuration.", "postgresql."+name+`("english", t.c.body)`, func(a *bind.Args) (any, error) {
		return MakeFunc(a.Call, []string{name}, a.Rest(), types.Lookup("postgresql", typ).Plain()), nil
	})
}

// upsertInsert is sqlite.insert(t) and its kin: an INSERT that knows upsert.
func upsertInsert(dialect string) *bind.Function {
	kind := dialect
	if kind == "mariadb" {
		kind = "mysql"
	}
	return bind.Func("insert(table)", "INSERT with "+dialect+"'s upsert.", dialect+".insert(users):values{id = 5}", func(a *bind.Args) (any, error) {
		t := target(a, "table")
		name := "excluded"
		if kind == "mysql" {
			name = "new"
		}
		u := &core.Upsert{Kind: kind, Excluded: &core.Alias{Of: t, Kind: core.PlainAlias, Name: core.Name(name)}}
		return &core.Insert{Table: t, Upsert: u}, nil
	})
}

func changeUpsert(s *core.Insert, kinds []string, name string, f func(*core.Upsert)) (any, error) {
	if s.Upsert == nil || !slices.Contains(kinds, s.Upsert.Kind) {
		return nil, exc.New(exc.AttributeError, "Insert.%s: use %s.insert(table), not insert(table)", name, kinds[0])
	}
	if s.Upsert.Stated() {
		clause := "ON CONFLICT clause established"
		if s.Upsert.Kind == "mysql" {
			clause = "ON DUPLICATE KEY clause present"
		}
		return nil, exc.New(exc.InvalidRequestError, "This Insert construct already has an %s", clause)
	}
	u := *s.Upsert
	f(&u)
	return s.Change(func(s *core.Insert) { s.Upsert = &u }), nil
}

// conflictTarget reads constraint=, index_elements= and index_where=.
func conflictTarget(a *bind.Args, u *core.Upsert) {
	switch c := a.ToGo(a.Lua("constraint")).(type) {
	case nil:
	case string:
		u.Constraint = c
	case *core.Index:
		for _, e := range c.Exprs {
			u.Target = append(u.Target, e)
		}
	case core.Constraint:
		if name := c.Named().Name; name != "" {
			u.Constraint = name
		} else {
			for _, e := range constraintColumns(c).exprs {
				u.Target = append(u.Target, e)
			}
		}
	}
	if a.Has("constraint") && a.Has("index_elements") {
		bind.Fail(exc.ValueError, "'constraint' and 'index_elements' are mutually exclusive")
	}
	if a.Has("index_elements") {
		items := []lua.LValue{a.Lua("index_elements")}
		if _, ok := bind.IsList(items[0]); ok {
			items = a.List("index_elements")
		}
		for _, v := range items {
			if s, ok := v.(lua.LString); ok {
				u.Target = append(u.Target, &core.Column{Name: core.Name(s), Key: string(s), Type: &types.NullType{}})
				continue
			}
			u.Target = append(u.Target, Expr(a.Call, v, ElementRole))
		}
	}
	if a.Has("index_where") {
		u.TargetWhere = Expr(a.Call, a.Lua("index_where"), WhereRole)
	}
}

// upserts adds the methods to the class of INSERT.
func upserts() {
	const conflict = "constraint=nil, index_elements{}=nil, index_where=nil"
	both := []string{"postgresql", "sqlite"}
	insertClass.
		Property("excluded", "The row that could not be inserted.", func(s *core.Insert) any { return excludedOf(s) }).
		Property("inserted", "The row that could not be inserted.", func(s *core.Insert) any { return excludedOf(s) }).
		Method("on_conflict_do_nothing("+conflict+")", "ON CONFLICT DO NOTHING.", `sqlite.insert(t):values{id = 5}:on_conflict_do_nothing()`, func(s *core.Insert, a *bind.Args) (any, error) {
			return changeUpsert(s, both, a.Name(), func(u *core.Upsert) {
				u.DoNothing = true
				conflictTarget(a, u)
			})
		}).
		Method("on_conflict_do_update("+conflict+", set_{!}=nil, where=nil)", "ON CONFLICT DO UPDATE.", `s:on_conflict_do_update{index_elements = {"id"}, set_ = {name = s.excluded.name}}`, func(s *core.Insert, a *bind.Args) (any, error) {
			return changeUpsert(s, both, a.Name(), func(u *core.Upsert) {
				u.DoNothing = false
				conflictTarget(a, u)
				if len(u.Target) == 0 && u.Constraint == "" && u.Kind == "postgresql" {
					bind.Fail(exc.ValueError, "Either constraint or index_elements, but not both, must be specified unless DO NOTHING")
				}
				u.Set, u.OrderedSet = setOf(a, s.Table, a.Lua("set_"))
				switch {
				case !a.Has("set_"):
					bind.Fail(exc.ValueError, "set parameter must be a non-empty dictionary or a ColumnCollection such as the `.c.` collection of a Table object")
				case len(u.Set) == 0:
					bind.Fail(exc.ValueError, "set parameter dictionary must not be empty")
				}
				if a.Has("where") {
					u.Where = Expr(a.Call, a.Lua("where"), WhereRole)
				}
			})
		}).
		Method("on_duplicate_key_update(*args{}, **kw)", "ON DUPLICATE KEY UPDATE.", `s:on_duplicate_key_update{name = s.inserted.name}`, func(s *core.Insert, a *bind.Args) (any, error) {
			return changeUpsert(s, []string{"mysql"}, a.Name(), func(u *core.Upsert) {
				u.Set = nil
				switch {
				case len(a.Rest()) > 0 && len(a.Keywords()) > 0:
					bind.Fail(exc.ArgumentError, "Can't pass kwargs and positional arguments simultaneously")
				case len(a.Rest()) > 1:
					bind.Fail(exc.ArgumentError, "Only a single dictionary or list of tuples is accepted positionally.")
				}
				for _, v := range a.Rest() {
					set, ordered := setOf(a, s.Table, v)
					u.Set, u.OrderedSet = append(u.Set, set...), u.OrderedSet || ordered
				}
				for _, k := range a.Keywords() {
					u.Set = append(u.Set, core.Assign(nil, k.Name, assigned(a, k.Value)))
				}
				if len(u.Set) == 0 {
					bind.Fail(exc.ValueError, "update parameter dictionary must not be empty")
				}
			})
		})
}

// excludedOf is stmt.excluded: the row that could not be inserted.
func excludedOf(s *core.Insert) any {
	if s.Upsert == nil {
		bind.Fail(exc.AttributeError, "Insert.excluded: use sqlite.insert(table) or postgresql.insert(table), not insert(table)")
	}
	return columnsOf(s.Upsert.Excluded)
}

// setOf reads set_: a table of values, or a list of pairs whose order counts.
func setOf(a *bind.Args, table core.From, v lua.LValue) (set []core.Assignment, ordered bool) {
	t, ok := v.(*lua.LTable)
	if !ok {
		if cols, ok := bind.Unwrap[*columns](v); ok {
			for i, k := range cols.keys {
				set = append(set, core.Assign(nil, k, cols.exprs[i]))
			}
			return set, false
		}
		if v == lua.LNil {
			return nil, false
		}
		bind.Fail(exc.ValueError, "set_ takes a table of values, got %s", a.KindOf(v))
	}
	if _, list := bind.IsList(t); list && isRowList(t) {
		return pairsOf(a, a.ListOf(t)), true
	}
	return assignments(a, table, t), false
}

// againstModes are the modes of MATCH … AGAINST by the names that match() and
// mysql.match() know them by.
var againstModes = map[string]core.AgainstMode{
	"mysql_boolean_mode": core.AgainstBoolean, "mysql_natural_language": core.AgainstNatural, "mysql_query_expansion": core.AgainstExpansion,
	"in_boolean_mode": core.AgainstBoolean, "in_natural_language_mode": core.AgainstNatural, "with_query_expansion": core.AgainstExpansion,
}

// match is mysql.match(…) until its modifiers are known.
type match struct {
	core.Expr
}

var matchClass = bind.Define[*match]("match", "MATCH (…) AGAINST (…).", ColumnElement.Class).
	Method("in_boolean_mode()", "IN BOOLEAN MODE.", "m:in_boolean_mode()", withMode(core.AgainstBoolean)).
	Method("in_natural_language_mode()", "IN NATURAL LANGUAGE MODE.", "m:in_natural_language_mode()", withMode(core.AgainstNatural)).
	Method("with_query_expansion()", "WITH QUERY EXPANSION.", "m:with_query_expansion()", withMode(core.AgainstExpansion))

func withMode(mode core.AgainstMode) func(*match, *bind.Args) (any, error) {
	return func(m *match, a *bind.Args) (any, error) {
		b := *m.Expr.(*core.Binary)
		b.Modifiers.Against |= mode
		return &match{Expr: &b}, nil
	}
}

// Clause is the expression itself.
func (m *match) Clause() core.Node { return m.Expr }

func makeMatch(a *bind.Args) (any, error) {
	if !a.Has("against") {
		return nil, exc.New(exc.ArgumentError, "match() requires an 'against' expression")
	}
	if len(a.Rest()) == 0 {
		return nil, exc.New(exc.ArgumentError, "columns are required")
	}
	cols := &core.ExprList{Sep: core.CommaOp, Items: Exprs(a.Call, a.Rest(), ElementRole)}
	against := Bound(a.Call, a.Lua("against"), nil)
	e := &core.Binary{Op: core.MatchOp, Left: cols, Right: against, Type: types.Lookup("", "MatchType").Plain()}
	e.Modifiers.Against = core.AgainstGiven
	for _, name := range []string{"in_boolean_mode", "in_natural_language_mode", "with_query_expansion"} {
		if a.Bool(name) {
			e.Modifiers.Against |= againstModes[name]
		}
	}
	return &match{Expr: e}, nil
}
