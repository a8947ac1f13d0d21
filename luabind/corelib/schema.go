package corelib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// dialectArgs takes the arguments that are one database's: sqlite_autoincrement,
// postgresql_using. Others are unknown.
func dialectArgs(a *bind.Args, keywords []bind.Keyword) map[string]any {
	var out map[string]any
	for _, k := range keywords {
		prefix, _, ok := strings.Cut(k.Name, "_")
		if !ok || !slices.Contains(dialectNames, prefix) {
			bind.Fail(exc.TypeError, "Additional arguments should be named <dialectname>_<argument>, got '%s'%s", k.Name, bind.Suggest(k.Name, a.Parameters()))
		}
		if out == nil {
			out = map[string]any{}
		}
		out[k.Name] = schemaValue(a.Call, k.Value)
	}
	return out
}

// schemaValue is an option of one database: plain, or expressions among it.
func schemaValue(c *bind.Call, v lua.LValue) any {
	if q, ok := bind.Unwrap[*quotedName](v); ok && q.quote != core.QuoteAsNeeded {
		return core.GivenName{Name: q.text, Quote: q.quote}
	}
	x := Value(c, v)
	if o, ok := x.(types.Object); ok {
		m := map[string]any{}
		for k, item := range o.All() {
			m[k] = resolve(item)
		}
		return m
	}
	return x
}

// dialectKwargs are the options of single databases by their full names.
func dialectKwargs(args map[string]any) any {
	if args == nil {
		return map[string]any{}
	}
	return args
}

// dialectOptions are the same by database: {postgresql = {using = "gin"}}.
func dialectOptions(args map[string]any) any {
	out := map[string]any{}
	for _, d := range dialectNames {
		out[d] = map[string]any{}
	}
	for name, v := range args {
		dialect, option, _ := strings.Cut(name, "_")
		m, ok := out[dialect].(map[string]any)
		if !ok {
			m = map[string]any{}
			out[dialect] = m
		}
		m[option] = v
	}
	return out
}

var dialectNames = []string{"sqlite", "postgresql", "mysql", "mariadb", "oracle", "mssql"}

func info(a *bind.Args) map[string]any {
	if !a.Has("info") {
		return nil
	}
	m := map[string]any{}
	if o, ok := a.Any("info").(types.Object); ok {
		for k, v := range o.All() {
			m[k] = v
		}
	}
	return m
}

// constraintOptions reads what all constraints take.
func constraintOptions(a *bind.Args) core.ConstraintOptions {
	o := core.ConstraintOptions{Name: a.String("name"), Initially: a.String("initially"), Deferrable: a.OptBool("deferrable"), Info: info(a)}
	if _, ok := bind.Unwrap[*convName](a.Lua("name")); ok {
		o.Conv = true
	}
	quoteFrom(a, "name", &o.Quote)
	if a.Accepts("comment") {
		o.Comment = a.String("comment")
	}
	o.DialectArgs = dialectArgs(a, a.Keywords())
	return o
}

// names reads columns of a constraint: names, columns, or expressions.
func columnRefs(a *bind.Args, vs []lua.LValue) []any {
	var out []any
	for _, v := range vs {
		if s, ok := v.(lua.LString); ok {
			out = append(out, string(s))
			continue
		}
		x := Value(a.Call, v)
		if t, ok := x.(*core.Text); ok {
			out = append(out, t)
			continue
		}
		e, ok := x.(core.Expr)
		if !ok {
			bind.Fail(exc.ArgumentError, "String column name or column expression for DDL constraint expected, got %s.", Describe(a.Call, x))
		}
		if col, ok := core.Plain(e).(*core.Column); ok {
			out = append(out, col)
			continue
		}
		out = append(out, e)
	}
	return out
}

func orNilText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func pointer[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}

func installSchema(s *bind.State) {
	s.Register(tableMapClass.Class, columnDefaultClass.Class)
	s.Global(schemaItemClass.Class, metadataClass.Class, tableClass.Class, columnClass.Class, primaryKeyClass.Class, uniqueClass.Class, checkClass.Class,
		foreignKeyConstraintClass.Class, foreignKeyClass.Class, indexClass.Class, sequenceClass.Class, identityClass.Class, computedClass.Class, defaultClass.Class)
	s.Global(insertSentinel,
		bind.Func("DefaultClause(arg, for_update=false)", "A server default with its text.", `DefaultClause("5")`, func(a *bind.Args) (any, error) {
			d, _ := serverDefault(a, a.Lua("arg")).(*core.Default)
			return &serverDefaultArg{d, a.Bool("for_update")}, nil
		}),
		bind.Func("ColumnDefault(arg{!}, for_update=false)", "A default as an object.", `ColumnDefault(5)`, func(a *bind.Args) (any, error) {
			return columnDefault(a, a.Lua("arg"), a.Bool("for_update")), nil
		}),
		bind.Func("sort_tables(tables{})", "Tables, each after those it refers to.", "sort_tables({a, b})", func(a *bind.Args) (any, error) {
			var ts []*core.Table
			for _, v := range a.List("tables") {
				t, ok := Value(a.Call, v).(*core.Table)
				if !ok {
					return nil, exc.New(exc.ArgumentError, "sort_tables() takes tables")
				}
				ts = append(ts, t)
			}
			sorted, _ := core.SortTables(ts)
			return sorted, nil
		}),
	)
	installDDL(s)
}
