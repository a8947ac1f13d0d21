package corelib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/script"
)

// ClauseElement is the base of everything that compiles to SQL.
var ClauseElement = bind.Define[core.Node]("ClauseElement", "Anything that compiles to SQL.").
	Method("compile(bind=nil, dialect=nil, *, compile_kwargs=nil, column_keys=nil, for_executemany=false, schema_translate_map=nil, render_schema_translate=false)",
		"Compile to SQL, for an engine's database or a dialect.", "stmt:compile{dialect = postgresql.dialect()}", compileNode).
	Method("params(values{!}=nil, **kw)", "A copy with values for its parameters.", "stmt:params{id = 5}", withParams(false)).
	Method("unique_params(values{!}=nil, **kw)", "A copy with values for its parameters, which become unique.", "stmt:unique_params{id = 5}", withParams(true)).
	Method("compare(other)", "Whether it is structurally the same as another.", "a:compare(b)", func(n core.Node, a *bind.Args) (any, error) {
		other, ok := Value(a.Call, a.Lua("other")).(core.Node)
		if !ok {
			return false, nil
		}
		k1, b1, _ := core.Key(n)
		k2, b2, _ := core.Key(other)
		if k1 != k2 || len(b1) != len(b2) {
			return false, nil
		}
		for i := range b1 {
			if !types.Equal(b1[i].Value, b2[i].Value) {
				return false, nil
			}
		}
		return true, nil
	}).
	Method("self_group(against=nil)", "Itself, in parentheses where needed.", "x:self_group()", func(n core.Node, a *bind.Args) (any, error) {
		if e, ok := n.(core.Expr); ok {
			return core.SelfGroup(e), nil
		}
		return n, nil
	}).
	Method("get_children()", "What it is made of.", "stmt:get_children()", func(n core.Node, a *bind.Args) (any, error) {
		var out []any
		core.Walk(n, func(x core.Node) bool {
			if x == n {
				return true
			}
			out = append(out, x)
			return false
		})
		return out, nil
	}).
	Property("__visit_name__", "SQLAlchemy's name of its kind.", func(n core.Node) any { return visitName(n) }).
	With(func(c *bind.Class) {
		c.Str = func(c *bind.Call, self any) (string, error) { return stringify(self.(core.Node)) }
		c.Repr = func(c *bind.Call, self any) (string, error) { return stringify(self.(core.Node)) }
	})

// ColumnElement is the class of expressions.
var ColumnElement = bind.Define[core.Expr]("ColumnElement", "A SQL expression.", Operators.Class, ClauseElement.Class).
	Property("type", "Its type.", func(e core.Expr) any { return e.ExprType() }).
	Property("name", "Its name, if it has one.", func(e core.Expr) any { return nameOf(e) }).
	Property("key", "Its key, if it has one.", func(e core.Expr) any { return nameOf(e) }).
	Property("element", "The expression inside a wrapper.", func(e core.Expr) any { return inner(e) }).
	Property("clauses", "The parts of a list of conditions.", func(e core.Expr) any {
		switch e := core.Plain(e).(type) {
		case *core.BoolList:
			return e.Items
		case *core.ExprList:
			return e.Items
		case *core.Tuple:
			return e.Items
		case *core.Func:
			return e.Args
		case *core.Array:
			return e.Items
		}
		return nil
	}).
	Property("left", "The left side of an operator.", func(e core.Expr) any {
		if b, ok := core.Plain(e).(*core.Binary); ok {
			return b.Left
		}
		return nil
	}).
	Property("right", "The right side of an operator.", func(e core.Expr) any {
		if b, ok := core.Plain(e).(*core.Binary); ok {
			return b.Right
		}
		return nil
	}).
	Property("anon_label", "It, with a numbered name.", func(e core.Expr) any { return core.NewLabel(e, "") }).
	Property("foreign_keys", "The foreign keys of its column.", func(e core.Expr) any {
		if c, ok := core.Plain(e).(*core.Column); ok {
			return c.ForeignKeys()
		}
		return []any{}
	}).
	Property("primary_key", "Whether its column is part of a primary key.", func(e core.Expr) any {
		c, ok := core.Plain(e).(*core.Column)
		return ok && c.PrimaryKey()
	}).
	Property("table", "The table of its column.", func(e core.Expr) any {
		if c, ok := core.Plain(e).(*core.Column); ok && c.Table != nil {
			return c.Table
		}
		return nil
	}).
	Method("shares_lineage(othercolumn)", "Whether it stands for the same column as another.", "a:shares_lineage(b)", func(e core.Expr, a *bind.Args) (any, error) {
		return core.SharesLineage(e, Expr(a.Call, a.Lua("othercolumn"), ElementRole)), nil
	}).
	With(func(c *bind.Class) {
		c.Expression = true
		c.Operate = Operate
		c.Attr = itemAttr
		c.Item = func(c *bind.Call, self any, key lua.LValue) (any, error) { return item(c, self.(core.Expr), key) }
	})

func nameOf(e core.Expr) any {
	var anon core.AnonNames
	switch e := core.Plain(e).(type) {
	case *core.Column:
		return anon.Resolve(e.Name)
	case *core.Label:
		return anon.Resolve(e.Name)
	case *core.Func:
		return e.Name
	case *core.Bind:
		return anon.Resolve(e.Name())
	case *core.Custom:
		if o, ok := e.Data.(*customObject); ok {
			return o.name()
		}
	}
	return nil
}

func inner(e core.Expr) any {
	switch e := core.Plain(e).(type) {
	case *core.Label:
		return e.X
	case *core.Unary:
		return e.X
	case *core.Cast:
		return e.X
	case *core.TypeCoerce:
		return e.X
	case *core.AsBool:
		return e.X
	case *core.Quantified:
		return e.X
	case *core.Over:
		return e.X
	case *core.Filter:
		return e.X
	case *core.WithinGroup:
		return e.X
	case *core.ScalarSelect:
		return e.Query
	case *core.Exists:
		return e.Query
	}
	return nil
}

var labelClass = bind.Define[*core.Label]("Label", "An expression with a name.", ColumnElement.Class)

var textClass = bind.Define[*core.Text]("TextClause", "SQL by hand.", Executable.Class, ColumnElement.Class).
	Property("text", "The SQL.", func(t *core.Text) any { return t.SQL }).
	Method("bindparams(*binds, **values)", "Values and types for its parameters.", `text("id = :id"):bindparams{id = 5}`, func(t *core.Text, a *bind.Args) (any, error) {
		n := *t
		n.Binds = append([]core.Expr(nil), t.Binds...)
		set := func(b *core.Bind) error {
			if !slices.ContainsFunc(t.Binds, func(old core.Expr) bool { return old.(*core.Bind).Key == b.Key }) {
				return exc.New(exc.ArgumentError, "This text() construct doesn't define a bound parameter named %s", types.Quote(b.Key))
			}
			for i, old := range n.Binds {
				if o, ok := old.(*core.Bind); ok && o.Key == b.Key {
					n.Binds[i] = b
					return nil
				}
			}
			n.Binds = append(n.Binds, b)
			return nil
		}
		for _, v := range a.Rest() {
			b, ok := Value(a.Call, v).(*core.Bind)
			if !ok {
				return nil, exc.New(exc.ArgumentError, "bindparams() takes bindparam(), got %s", Describe(a.Call, a.ToGo(v)))
			}
			if err := set(b); err != nil {
				return nil, err
			}
		}
		for _, k := range a.Keywords() {
			v := a.ToGo(k.Value)
			b := &core.Bind{Key: k.Name, Value: v, Type: types.Of(v)}
			for _, old := range n.Binds {
				if o, ok := old.(*core.Bind); ok && o.Key == k.Name {
					c := *o
					c.Value, c.Required = v, false
					if c.Type == nil || c.Type.Affinity() == types.Unknown {
						c.Type = b.Type
					}
					b = &c
				}
			}
			if err := set(b); err != nil {
				return nil, err
			}
		}
		return &n, nil
	}).
	Method("columns(*cols, **types)", "Name its columns, so that it can be selected from.", `text("select id from t"):columns{id = Integer}`, func(t *core.Text, a *bind.Args) (any, error) {
		s := &core.TextualSelect{Text: t, Positional: len(a.Rest()) > 0}
		for _, v := range a.Rest() {
			s.Cols = append(s.Cols, Expr(a.Call, v, ElementRole))
		}
		for _, k := range a.Keywords() {
			s.Cols = append(s.Cols, core.NewColumn(k.Name, TypeOf(a.Call, k.Value)))
			s.Positional = false
		}
		return s, nil
	})

var bindClass = bind.Define[*core.Bind]("BindParameter", "A bound parameter.", ColumnElement.Class).
	Property("value", "Its value.", func(b *core.Bind) any {
		if b.Callable != nil {
			return b.Callable()
		}
		return b.Value
	}).
	Property("effective_value", "Its value, computed if need be.", func(b *core.Bind) any {
		if b.Callable != nil {
			return b.Callable()
		}
		return b.Value
	}).
	Method("render_literal_execute()", "A copy whose value is written into the SQL when it is executed.", `bindparam("n"):render_literal_execute()`, func(b *core.Bind, a *bind.Args) (any, error) {
		n := *b
		n.LiteralExecute = true
		return &n, nil
	}).
	Property("required", "Whether a value must be given.", func(b *core.Bind) any { return b.Required }).
	Property("unique", "Whether its name is numbered.", func(b *core.Bind) any { return b.Unique })

var tupleClass = bind.Define[*core.Tuple]("Tuple", "(a, b, c), compared as a whole.", ColumnElement.Class)

var existsClass = bind.Define[*core.Exists]("Exists", "EXISTS (SELECT …).", ColumnElement.Class).
	Method("where(*clauses)", "Add criteria to its query.", "exists():where(a.c.id == b.c.id)", func(e *core.Exists, a *bind.Args) (any, error) {
		return changeExists(e, func(s *core.Select) *core.Select { return s.Where(Exprs(a.Call, a.Rest(), WhereRole)...) })
	}).
	Method("select_from(*froms)", "Add FROM objects to its query.", "exists():select_from(users)", func(e *core.Exists, a *bind.Args) (any, error) {
		return changeExists(e, func(s *core.Select) *core.Select { return s.SelectFrom(froms(a)...) })
	}).
	Method("correlate(*froms)", "What an enclosing query supplies.", "exists():correlate(users)", func(e *core.Exists, a *bind.Args) (any, error) {
		return changeExists(e, func(s *core.Select) *core.Select { return correlate(a, s) })
	}).
	Method("correlate_except(*froms)", "All but these are supplied by an enclosing query.", "exists():correlate_except(users)", func(e *core.Exists, a *bind.Args) (any, error) {
		return changeExists(e, func(s *core.Select) *core.Select { return s.CorrelateExceptOf(froms(a)...) })
	}).
	Method("select(*columns)", "SELECT EXISTS (…).", "exists():where(users.c.id == 5):select()", func(e *core.Exists, a *bind.Args) (any, error) {
		return core.NewSelect(e), nil
	})

func changeExists(e *core.Exists, f func(*core.Select) *core.Select) (any, error) {
	s, ok := e.Query.(*core.Select)
	if !ok {
		return nil, exc.New(exc.InvalidRequestError, "Can only apply this operation to a plain SELECT construct")
	}
	return core.NewExists(Plain(f(s))), nil
}

var scalarSelectClass = bind.Define[*core.ScalarSelect]("ScalarSelect", "A query in the place of one value.", ColumnElement.Class).
	Method("where(*clauses)", "Add criteria to its query.", "q:scalar_subquery():where(a.c.id == b.c.id)", func(s *core.ScalarSelect, a *bind.Args) (any, error) {
		q, ok := s.Query.(*core.Select)
		if !ok {
			return nil, exc.New(exc.InvalidRequestError, "this query takes no WHERE")
		}
		return &core.ScalarSelect{Query: q.Where(Exprs(a.Call, a.Rest(), WhereRole)...), Type: s.Type}, nil
	}).
	Method("correlate(*froms)", "What an enclosing query supplies.", "q:scalar_subquery():correlate(users)", func(s *core.ScalarSelect, a *bind.Args) (any, error) {
		q, ok := s.Query.(*core.Select)
		if !ok {
			return nil, exc.New(exc.InvalidRequestError, "this query cannot be correlated")
		}
		return &core.ScalarSelect{Query: correlate(a, q), Type: s.Type}, nil
	}).
	Method("correlate_except(*froms)", "All but these are supplied by an enclosing query.", "q:scalar_subquery():correlate_except(users)", func(s *core.ScalarSelect, a *bind.Args) (any, error) {
		q, ok := s.Query.(*core.Select)
		if !ok {
			return nil, exc.New(exc.InvalidRequestError, "this query cannot be correlated")
		}
		return &core.ScalarSelect{Query: q.CorrelateExceptOf(froms(a)...), Type: s.Type}, nil
	})

// whens reads the arguments of case().
func whens(a *bind.Args, vs []lua.LValue, byValue bool) []core.When {
	var out []core.When
	for _, v := range vs {
		t, ok := v.(*lua.LTable)
		if !ok {
			bind.Fail(exc.ArgumentError, "The 'whens' argument to case(), when referring to a sequence of items, is now passed as a series of positional elements, rather than as a list: case({condition, value}, …)")
		}
		if script.Len(t) == 0 { // {FR = "France", IT = "Italy"}: by name, as the contract says
			out = append(out, namedWhens(a, t, byValue)...)
			continue
		}
		if first, nested := t.RawGetInt(1).(*lua.LTable); nested && script.Len(first) == 2 { // the older list of pairs
			out = append(out, whens(a, a.ListOf(t), byValue)...)
			continue
		}
		items := a.ListOf(t)
		if len(items) != 2 {
			bind.Fail(exc.ArgumentError, "case() takes pairs: {condition, value}")
		}
		out = append(out, when(a, items[0], items[1], byValue))
	}
	return out
}

func namedWhens(a *bind.Args, t *lua.LTable, byValue bool) []core.When {
	type pair struct{ k, v lua.LValue }
	var pairs []pair
	for k, v := range script.Fields(t) {
		pairs = append(pairs, pair{k, v})
	}
	sortBy(pairs, func(p pair) string { return a.Str(a.L, p.k) })
	out := make([]core.When, len(pairs))
	for i, p := range pairs {
		out[i] = when(a, p.k, p.v, byValue)
	}
	return out
}

func when(a *bind.Args, cond, then lua.LValue, byValue bool) core.When {
	w := core.When{Then: result(a, then)}
	if byValue {
		w.If = Bound(a.Call, cond, nil)
	} else {
		w.If = Bound(a.Call, cond, nil)
	}
	return w
}

// result is a value that case() gives: an expression or a parameter.
func result(a *bind.Args, v lua.LValue) core.Expr {
	x := Operand(a.Call, v)
	if q, ok := x.(core.Query); ok {
		return scalarSelect(q)
	}
	if e, ok := x.(core.Expr); ok {
		return e
	}
	if x == nil {
		return core.NULL
	}
	return core.Literal(x, nil)
}

func makeCase(a *bind.Args) (any, error) {
	c := &core.Case{}
	if a.Has("value") {
		c.Value = Bound(a.Call, a.Lua("value"), nil)
	}
	list := a.Rest()
	c.Whens = whens(a, list, c.Value != nil)
	if c.Value != nil {
		for i, w := range c.Whens { // values are bound beside the case's value
			if b, ok := w.If.(*core.Bind); ok && b.Unique && b.Key == "param" {
				c.Whens[i].If = beside(c.Value, b.Value, nil)
				if p, ok := c.Whens[i].If.(*core.Bind); ok {
					p.Key = "param"
				}
			}
		}
	}
	if a.Has("else_") {
		c.Else = result(a, a.Lua("else_"))
	}
	c.Type = core.CaseType(c.Whens, c.Else)
	return c, nil
}

func connective(join func(...core.Expr) core.Expr) func(a *bind.Args) (any, error) {
	return func(a *bind.Args) (any, error) {
		var items []core.Expr
		for _, v := range a.Rest() {
			if v == lua.LNil {
				items = append(items, core.NULL)
				continue
			}
			items = append(items, Expr(a.Call, v, WhereRole))
		}
		return join(items...), nil
	}
}

// unary makes a function of a column operator: desc(x), distinct(x).
func unary(signature, doc, example string, f func(core.Expr) core.Expr) *bind.Function {
	return bind.Func(signature, doc, example, func(a *bind.Args) (any, error) {
		v := a.Lua("column")
		if s, ok := v.(lua.LString); ok {
			return f(&core.LabelRef{Text: string(s)}), nil
		}
		return f(Expr(a.Call, v, ElementRole)), nil
	})
}

func makeBind(a *bind.Args) (any, error) {
	b := &core.Bind{Key: a.String("key"), Unique: a.Bool("unique"), Expanding: a.Bool("expanding"), LiteralExecute: a.Bool("literal_execute")}
	if a.Bool("quote") {
		b.Quote = core.QuoteAlways
	}
	if b.Key == "" && b.Unique {
		b.Key = "param"
	}
	v := a.Lua("value")
	switch {
	case a.Has("callable_"):
		f := a.Function("callable_")
		b.Callable = func() any { return bind.Must(f.Call1()) }
	case a.Given("value"):
		b.Value = Value(a.Call, v)
		if o, ok := b.Value.(types.Object); ok && b.Expanding && o.Len() == 0 {
			b.Value = []any{}
		}
		if f, ok := v.(*lua.LFunction); ok {
			cb, _ := a.CallbackOf(f)
			b.Value, b.Callable = nil, func() any { return bind.Must(cb.Call1()) }
		}
	default:
		b.Required = true
	}
	if a.Given("required") {
		b.Required = a.Bool("required")
	}
	b.Type = TypeOf(a.Call, a.Lua("type_"))
	if b.Type == nil {
		of := b.Value
		if list, ok := of.([]any); ok && b.Expanding && len(list) > 0 {
			of = list[0]
		}
		b.Type = types.Of(of)
	}
	return b, nil
}

func makeLiteral(a *bind.Args) (any, error) {
	v := Value(a.Call, a.Lua("value"))
	if e, ok := v.(core.Expr); ok {
		return e, nil
	}
	t := TypeOf(a.Call, a.Lua("type_"))
	b := core.Literal(v, t)
	b.LiteralExecute = a.Bool("literal_execute")
	return b, nil
}

func castArgs(a *bind.Args) (core.Expr, types.Type) {
	t := TypeOf(a.Call, a.Lua("type_"))
	if t == nil {
		bind.Fail(exc.ArgumentError, "%s(): a type is needed", a.Name())
	}
	x := Operand(a.Call, a.Lua("expression"))
	switch x := x.(type) {
	case core.Expr:
		if b, ok := x.(*core.Bind); ok && (b.Type == nil || b.Type.Affinity() == types.Unknown) {
			n := *b
			n.Type = t
			return &n, t
		}
		return x, t
	case core.Query:
		return scalarSelect(x), t
	case nil:
		return core.NULL, t
	}
	return core.Literal(x, t), t
}

func installElements(s *bind.State) {
	f := bind.Func
	s.Global(
		f("and_(*clauses)", "All of the criteria.", "and_(users.c.id > 5, users.c.id < 9)", connective(core.And)),
		f("or_(*clauses)", "Any of the criteria.", `or_(users.c.name == "a", users.c.name == "b")`, connective(core.Or)),
		f("not_(clause)", "The opposite.", "not_(users.c.id == 5)", func(a *bind.Args) (any, error) { return core.Not(Expr(a.Call, a.Lua("clause"), WhereRole)), nil }),
		f("true_()", "The constant true.", "true_()", func(a *bind.Args) (any, error) { return core.True, nil }),
		f("false_()", "The constant false.", "false_()", func(a *bind.Args) (any, error) { return core.False, nil }),
		f("text(text)", "SQL by hand; :name in it is a parameter.", `text("id = :id"):bindparams{id = 5}`, func(a *bind.Args) (any, error) {
			return core.NewText(a.String("text")), nil
		}),
		f("column(text, type_=nil, *, is_literal=false, _selectable=nil)", "A column that is in no table.", `column("x", Integer)`, func(a *bind.Args) (any, error) {
			c := core.NewColumn(a.String("text"), TypeOf(a.Call, a.Lua("type_")))
			c.Literal = a.Bool("is_literal")
			quoteFrom(a, "text", &c.Quote)
			return c, nil
		}),
		f("literal_column(text, type_=nil)", "SQL text in the place of a column.", `literal_column("1 + 1")`, func(a *bind.Args) (any, error) {
			c := core.NewColumn(a.String("text"), TypeOf(a.Call, a.Lua("type_")))
			c.Literal = true
			return c, nil
		}),
		f("literal(value{!}, type_=nil, *, literal_execute=false)", "A value as a parameter.", `literal(5)`, makeLiteral),
		f("bindparam(key, value{}=nil, type_=nil, unique=false, *, required=nil, quote=nil, callable_=nil, expanding=false, isoutparam=false, literal_execute=false)",
			"A parameter with a name of its own.", `bindparam("who")`, makeBindParam),
		f("outparam(key, type_=nil)", "An output parameter.", `outparam("x")`, func(a *bind.Args) (any, error) {
			return &core.Bind{Key: a.String("key"), Type: orNull(TypeOf(a.Call, a.Lua("type_")))}, nil
		}),
		f("label(name, element, type_=nil)", "An expression with a name.", `label("n", func.count())`, func(a *bind.Args) (any, error) {
			l := core.NewLabel(Expr(a.Call, a.Lua("element"), ElementRole), a.String("name"))
			l.Type = TypeOf(a.Call, a.Lua("type_"))
			return l, nil
		}),
		f("cast(expression{}, type_)", "CAST to a type.", "cast(users.c.id, String)", func(a *bind.Args) (any, error) {
			x, t := castArgs(a)
			return &core.Cast{X: x, Type: t}, nil
		}),
		f("try_cast(expression{}, type_)", "TRY_CAST to a type.", "try_cast(users.c.id, String)", func(a *bind.Args) (any, error) {
			x, t := castArgs(a)
			return &core.Cast{X: x, Type: t, Try: true}, nil
		}),
		f("type_coerce(expression{}, type_)", "Another type for the program, none for the database.", "type_coerce(users.c.data, String)", func(a *bind.Args) (any, error) {
			x, t := castArgs(a)
			if b, ok := x.(*core.Bind); ok {
				n := *b
				n.Type = t
				x = &n
			}
			return &core.TypeCoerce{X: x, Type: t}, nil
		}),
		f("case(*whens{!}, value=nil, else_=nil)", "CASE WHEN … THEN … ELSE … END.", `case({users.c.id > 5, "big"}, {else_ = "small"})`, makeCase),
		f("extract(field, expr)", "EXTRACT(field FROM expression).", `extract("year", users.c.born)`, func(a *bind.Args) (any, error) {
			return &core.Extract{Field: a.String("field"), X: Expr(a.Call, a.Lua("expr"), ElementRole)}, nil
		}),
		f("between(expr{}, lower_bound, upper_bound, symmetric=false)", "Lies between two values.", "between(users.c.id, 1, 5)", func(a *bind.Args) (any, error) {
			return core.Between(Bound(a.Call, a.Lua("expr"), nil), Operand(a.Call, a.Lua("lower_bound")), Operand(a.Call, a.Lua("upper_bound")), a.Bool("symmetric")), nil
		}),
		f("collate(expression{}, collation)", "Compare and sort by a collation.", `collate(users.c.name, "NOCASE")`, func(a *bind.Args) (any, error) {
			return core.Collate(Bound(a.Call, a.Lua("expression"), nil), a.String("collation")), nil
		}),
		f("tuple_(*clauses, types=nil)", "(a, b, c), compared as a whole.", "tuple_(t.c.a, t.c.b):in_({{1, 2}, {3, 4}})", makeTuple),
		f("any_(expr{})", "ANY (…), the right side of a comparison.", "5 == any_(t.c.nums)", func(a *bind.Args) (any, error) {
			return core.Quantify(core.AnyOp, quantifiable(a)), nil
		}),
		f("all_(expr{})", "ALL (…), the right side of a comparison.", "5 == all_(t.c.nums)", func(a *bind.Args) (any, error) {
			return core.Quantify(core.AllOp, quantifiable(a)), nil
		}),
		f("exists(*args)", "EXISTS (SELECT …).", "exists():where(a.c.id == b.c.id)", makeExists),
		f("custom_op(opstring, precedence=0, is_comparison=false, return_type=nil)", "An operator that SQLAlchemy does not know, for operate().", `custom_op("&")`, func(a *bind.Args) (any, error) {
			return &customOp{op: &core.Operator{Name: "custom_op", Symbol: " " + a.String("opstring") + " ", Precedence: a.Int("precedence"), Custom: true,
				Comparison: a.Bool("is_comparison"), Result: TypeOf(a.Call, a.Lua("return_type"))}}, nil
		}),
		f("quoted_name(value, quote=nil)", "A name that is always, or never, quoted.", `quoted_name("Name", true)`, func(a *bind.Args) (any, error) {
			q := &quotedName{text: a.String("value")}
			if b := a.OptBool("quote"); b != nil {
				q.quote = core.QuoteNever
				if *b {
					q.quote = core.QuoteAlways
				}
			}
			return q, nil
		}),
		f("conv(value)", "A constraint's name that no naming convention changes.", `conv("ck_exact")`, func(a *bind.Args) (any, error) {
			return &convName{a.String("value")}, nil
		}),
		unary("desc(column)", "In descending order.", "desc(users.c.name)", core.Desc),
		unary("asc(column)", "In ascending order.", "asc(users.c.name)", core.Asc),
		unary("nulls_first(column)", "NULL before all others.", "nulls_first(users.c.name)", core.NullsFirst),
		unary("nullsfirst(column)", "NULL before all others.", "nullsfirst(users.c.name)", core.NullsFirst),
		unary("nulls_last(column)", "NULL after all others.", "nulls_last(users.c.name)", core.NullsLast),
		unary("nullslast(column)", "NULL after all others.", "nullslast(users.c.name)", core.NullsLast),
		unary("distinct(column)", "DISTINCT, inside an aggregate.", "func.count(distinct(users.c.name))", core.DistinctExpr),
		unary("bitwise_not(column)", "Bitwise not.", "bitwise_not(users.c.flags)", core.BitNot),
	)
	s.NullCall(f("null()", "SQL's NULL.", "null()", func(a *bind.Args) (any, error) { return core.NULL, nil }))
	s.Register(nullNode.Class)
}

var nullNode = bind.Define[*core.Null]("Null", "The NULL keyword.", ColumnElement.Class)

func orNull(t types.Type) types.Type {
	if t == nil {
		return &types.NullType{}
	}
	return t
}

// makeBindParam also reads bindparam("name", Type), as many people write.
func makeBindParam(a *bind.Args) (any, error) {
	return makeBind(a)
}

func quantifiable(a *bind.Args) core.Expr {
	switch x := Value(a.Call, a.Lua("expr")).(type) {
	case core.Expr:
		return x
	case core.Query:
		return scalarSelect(x)
	case []any:
		return core.Literal(x, nil)
	default:
		refuse(a.Call, ElementRole, x)
	}
	return nil
}

func makeTuple(a *bind.Args) (any, error) {
	t := &core.Tuple{}
	tt := &types.TupleType{}
	for i, v := range a.Rest() {
		var given types.Type
		if list := a.List("types"); i < len(list) {
			given = TypeOf(a.Call, list[i])
		}
		e := Bound(a.Call, v, given)
		t.Items = append(t.Items, e)
		tt.Types = append(tt.Types, e.ExprType())
	}
	t.Type = tt
	return t, nil
}

func makeExists(a *bind.Args) (any, error) {
	if len(a.Rest()) == 1 {
		switch q := Value(a.Call, a.Rest()[0]).(type) {
		case core.Query:
			return core.NewExists(Plain(q)), nil
		case *core.ScalarSelect:
			return &core.Exists{Query: q.Query}, nil
		case *core.Alias:
			if inner, ok := q.Of.(core.Query); ok && q.Kind == core.SubqueryAlias {
				return &core.Exists{Query: inner}, nil
			}
		}
	}
	if len(a.Rest()) == 0 {
		return core.NewExists(nil), nil
	}
	return core.NewExists(Plain(core.NewSelect(Nodes(a.Call, a.Rest())...))), nil
}

// quotedName is quoted_name("…", quote).
type quotedName struct {
	text  string
	quote core.Quoting
}

// IsName marks it as readable where a string is wanted.
func (*quotedName) IsName() {}

func (q *quotedName) String() string { return q.text }

var quotedNameClass = bind.Define[*quotedName]("quoted_name", "A name with its quoting.").With(func(c *bind.Class) {
	c.Repr = func(_ *bind.Call, self any) (string, error) { return types.Quote(self.(*quotedName).text), nil }
	c.Str = func(_ *bind.Call, self any) (string, error) { return self.(*quotedName).text, nil }
})

// quoteFrom takes the quoting along with a name that may be a quoted_name.
func quoteFrom(a *bind.Args, name string, into *core.Quoting) {
	if q, ok := bind.Unwrap[*quotedName](a.Lua(name)); ok {
		*into = q.quote
	}
}

// convName is conv("…").
type convName struct{ text string }

// IsName marks it as readable where a string is wanted.
func (*convName) IsName() {}

func (c *convName) String() string { return c.text }

var convClass = bind.Define[*convName]("conv", "A name that no naming convention changes.")
