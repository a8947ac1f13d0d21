package enginelib

import (
	"iter"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
)

// rowsOf is what results, scalars and mappings share: a way to read items.
type rowsOf[T any] interface {
	FetchOne() (T, bool, error)
	FetchMany(n int) ([]T, error)
	All() ([]T, error)
	Each() iter.Seq2[T, error]
	Partitions(n int) iter.Seq2[[]T, error]
	First() (T, bool, error)
	One() (T, error)
	OneOrNone() (T, bool, error)
	Close() error
	Closed() bool
	Keys() ([]string, error)
}

func maybe[T any](v T, ok bool, err error) (any, error) {
	if err != nil || !ok {
		return nil, err
	}
	return v, nil
}

func listOf[T any](vs []T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	out := make([]any, len(vs))
	for i, v := range vs {
		out[i] = v
	}
	return out, nil
}

// pulled turns a sequence into the steps of a loop.
func pulled[T any](seq iter.Seq2[T, error], convert func(T) any) func() (any, bool, error) {
	next, stop := iter.Pull2(seq)
	return func() (any, bool, error) {
		v, err, ok := next()
		if !ok || err != nil {
			stop()
			return nil, false, err
		}
		return convert(v), true, nil
	}
}

func whole[T any](v T) any { return v }

func asList[T any](vs []T) any {
	out := make([]any, len(vs))
	for i, v := range vs {
		out[i] = v
	}
	return out
}

// readingRows adds the methods that results of rows have, and scalars have not.
func readingRows[R rowsOf[T], T any](d bind.Def[R]) bind.Def[R] {
	return reading(d).
		Method("fetchone()", "The next item, or nil.", "result:fetchone()", func(r R, a *bind.Args) (any, error) { return maybe(r.FetchOne()) }).
		Method("keys()", "The names of the columns.", "result:keys()", func(r R, a *bind.Args) (any, error) { return names(r.Keys()) })
}

// reading adds the methods that every kind of result has.
func reading[R rowsOf[T], T any](d bind.Def[R]) bind.Def[R] {
	return d.
		Method("all()", "All further items, as a list.", "result:all()", func(r R, a *bind.Args) (any, error) { return listOf(r.All()) }).
		Method("fetchall()", "All further items, as a list.", "result:fetchall()", func(r R, a *bind.Args) (any, error) { return listOf(r.All()) }).
		Method("fetchmany(size=nil)", "A list of further items.", "result:fetchmany(10)", func(r R, a *bind.Args) (any, error) { return listOf(r.FetchMany(a.Int("size"))) }).
		Method("first()", "The first item, or nil; closes the result.", "result:first()", func(r R, a *bind.Args) (any, error) { return maybe(r.First()) }).
		Method("one()", "The only item; none or several are an error.", "result:one()", func(r R, a *bind.Args) (any, error) {
			v, err := r.One()
			return v, err
		}).
		Method("one_or_none()", "The only item, or nil; several are an error.", "result:one_or_none()", func(r R, a *bind.Args) (any, error) { return maybe(r.OneOrNone()) }).
		Method("partitions(size=nil)", "Iterate over lists of items.", "for part in result:partitions(100) do print(#part) end", func(r R, a *bind.Args) (any, error) {
			return iterator{pulled(r.Partitions(a.Int("size")), asList[T])}, nil
		}).
		Method("close()", "Close the result.", "result:close()", func(r R, a *bind.Args) (any, error) { return nil, r.Close() }).
		Property("closed", "Whether the result was closed.", func(r R) any { return r.Closed() }).
		With(func(c *bind.Class) {
			c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) {
				return pulled(self.(R).Each(), whole[T]), nil
			}
			c.Exit = func(_ *bind.Call, self any, err error) error {
				if cerr := self.(R).Close(); err == nil {
					return cerr
				}
				return err
			}
		})
}

// iterator is something to loop over.
type iterator struct{ next func() (any, bool, error) }

// Iterator is the class of things that can only be looped over.
var Iterator = bind.Define[iterator]("iterator", "Something to loop over.").With(func(c *bind.Class) {
	c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) { return self.(iterator).next, nil }
})

// keyView is the names of a result's columns.
type keyView []string

// KeyView is the class of lists of column names, as keys() shows them.
var KeyView = bind.Define[keyView]("RMKeyView", "The names of a result's columns.").With(func(c *bind.Class) {
	c.Iterate = func(_ *bind.Call, self any) (func() (any, bool, error), error) { return eachOf(self.(keyView)), nil }
	c.Len = func(_ *bind.Call, self any) (int, error) { return len(self.(keyView)), nil }
	c.Item = func(_ *bind.Call, self any, key lua.LValue) (any, error) {
		i, ok := key.(lua.LNumber)
		if !ok || int(i) < 1 || int(i) > len(self.(keyView)) {
			return nil, nil
		}
		return self.(keyView)[int(i)-1], nil
	}
	c.Repr = func(c *bind.Call, self any) (string, error) {
		return "RMKeyView(" + c.ReprGo([]string(self.(keyView))) + ")", nil
	}
})

func names(keys []string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return keyView(keys), nil
}

// which reads columns given by position from 1, name or expression.
func which(c *bind.Call, vs []lua.LValue) []any {
	out := make([]any, len(vs))
	for i, v := range vs {
		switch v := v.(type) {
		case lua.LNumber:
			out[i] = int(v) - 1
		case lua.LString:
			out[i] = string(v)
		default:
			x := corelib.Value(c, v)
			if _, ok := x.(core.Expr); !ok {
				bind.Fail(exc.NoSuchColumnError, "Could not locate column in row for column '%s'", c.Repr(c.L, v))
			}
			out[i] = x
		}
	}
	return out
}

// strategy is unique()'s function.
func strategy[T any](a *bind.Args) func(T) any {
	if !a.Has("strategy") {
		return nil
	}
	f, ok := a.CallbackOf(a.Lua("strategy"))
	if !ok {
		bind.Fail(exc.TypeError, "unique(): strategy must be a function")
	}
	return func(v T) any { return bind.Must(f.Call1(v)) }
}

func execution(r *engine.Result) *engine.Execution { return r.Execution() }

// Result is the class of what execute() gives.
var Result = readingRows(bind.Define[*engine.Result]("CursorResult", "The rows of a statement, and what is known of it.")).
	Method("scalars(index=1)", "The values of one column.", "result:scalars()", func(r *engine.Result, a *bind.Args) (any, error) {
		if !a.Given("index") {
			return r.Scalars()
		}
		return r.Scalars(which(a.Call, []lua.LValue{a.Lua("index")})...)
	}).
	Method("scalar()", "The first column of the first row, or nil.", "result:scalar()", func(r *engine.Result, a *bind.Args) (any, error) { return r.Scalar() }).
	Method("scalar_one()", "The first column of the only row.", "result:scalar_one()", func(r *engine.Result, a *bind.Args) (any, error) { return r.ScalarOne() }).
	Method("scalar_one_or_none()", "The first column of the only row, or nil.", "result:scalar_one_or_none()", func(r *engine.Result, a *bind.Args) (any, error) { return r.ScalarOneOrNone() }).
	Method("mappings()", "The rows as mappings.", "result:mappings()", func(r *engine.Result, a *bind.Args) (any, error) { return r.Mappings(), nil }).
	Method("tuples()", "The rows.", "result:tuples()", func(r *engine.Result, a *bind.Args) (any, error) { return r, nil }).
	Method("columns(*columns)", "The rows with only some columns.", "result:columns(2, 1)", func(r *engine.Result, a *bind.Args) (any, error) { return r.Columns(which(a.Call, a.Rest())...) }).
	Method("unique(strategy=nil)", "Leave out rows that were there before.", "result:unique()", func(r *engine.Result, a *bind.Args) (any, error) {
		return r.Unique(strategy[engine.Row](a)), nil
	}).
	Method("yield_per(num)", "Fetch so many rows at a time.", "result:yield_per(100)", func(r *engine.Result, a *bind.Args) (any, error) { return r.YieldPer(a.Int("num")), nil }).
	Method("freeze()", "Keep the rows: calling what it gives replays them.", "frozen = result:freeze()", func(r *engine.Result, a *bind.Args) (any, error) { return r.Freeze() }).
	Method("merge(*others)", "The rows of this result and then of others.", "r1:merge(r2)", func(r *engine.Result, a *bind.Args) (any, error) {
		var others []*engine.Result
		for _, v := range a.Rest() {
			o, ok := bind.Unwrap[*engine.Result](v)
			if !ok {
				return nil, exc.New(exc.ArgumentError, "merge() takes results, not %s", a.KindOf(v))
			}
			others = append(others, o)
		}
		return r.Merge(others...), nil
	}).
	Method("last_inserted_params()", "The parameters of the last row that was inserted.", "result:last_inserted_params()", func(r *engine.Result, a *bind.Args) (any, error) {
		return r.LastInsertedParams()
	}).
	Method("last_updated_params()", "The parameters of the last UPDATE.", "result:last_updated_params()", func(r *engine.Result, a *bind.Args) (any, error) {
		return r.LastUpdatedParams()
	}).
	Method("postfetch_cols()", "Columns whose value the database made.", "result:postfetch_cols()", func(r *engine.Result, a *bind.Args) (any, error) { return listOf(r.PostfetchCols()) }).
	Method("lastrow_has_defaults()", "Whether the database made values of the row that were not fetched.", `conn:execute(users:insert():values{name = "eve"}):lastrow_has_defaults()`, func(r *engine.Result, a *bind.Args) (any, error) {
		cols, err := r.PostfetchCols()
		return len(cols) > 0, err
	}).
	Method("prefetch_cols()", "Columns whose default was computed before.", "result:prefetch_cols()", func(r *engine.Result, a *bind.Args) (any, error) { return listOf(r.PrefetchCols()) }).
	Method("supports_sane_rowcount()", "Whether rowcount can be relied on.", "result:supports_sane_rowcount()", func(r *engine.Result, a *bind.Args) (any, error) {
		return r.SupportsSaneRowcount(), nil
	}).
	Method("supports_sane_multi_rowcount()", "Whether rowcount of an executemany can be relied on.", "result:supports_sane_multi_rowcount()", func(r *engine.Result, a *bind.Args) (any, error) {
		return r.SupportsSaneMultiRowcount(), nil
	}).
	Computed("rowcount", "The number of rows changed.", func(_ *bind.Call, r *engine.Result) (any, error) { return r.Rowcount(), nil }).
	Computed("lastrowid", "The row id that the driver gave.", func(_ *bind.Call, r *engine.Result) (any, error) { return r.LastRowID() }).
	Computed("inserted_primary_key", "The key of the row that was inserted.", func(_ *bind.Call, r *engine.Result) (any, error) {
		row, err := r.InsertedPrimaryKey()
		if err != nil || !row.Valid() {
			return nil, err
		}
		return row, nil
	}).
	Computed("inserted_primary_key_rows", "The keys of the rows that were inserted.", func(_ *bind.Call, r *engine.Result) (any, error) { return listOf(r.InsertedPrimaryKeyRows()) }).
	Computed("returned_defaults", "The values that the database made for the row.", func(_ *bind.Call, r *engine.Result) (any, error) {
		row, err := r.ReturnedDefaults()
		if err != nil || !row.Valid() {
			return nil, err
		}
		return row, nil
	}).
	Computed("returned_defaults_rows", "The values that the database made for the rows.", func(_ *bind.Call, r *engine.Result) (any, error) { return listOf(r.ReturnedDefaultsRows()) }).
	Property("returns_rows", "Whether the statement has rows.", func(r *engine.Result) any { return r.ReturnsRows() }).
	Property("is_insert", "Whether it was an INSERT.", func(r *engine.Result) any { return r.IsInsert() }).
	Property("context", "How the result came about.", func(r *engine.Result) any { return execution(r) })

// Scalars is the class of the values of one column.
var Scalars = reading(bind.Define[*engine.ScalarResult]("ScalarResult", "The values of one column of a result.")).
	Method("unique(strategy=nil)", "Leave out values that were there before.", "result:unique()", func(r *engine.ScalarResult, a *bind.Args) (any, error) {
		return r.Unique(strategy[any](a)), nil
	}).
	Method("yield_per(num)", "Fetch so many rows at a time.", "result:yield_per(100)", func(r *engine.ScalarResult, a *bind.Args) (any, error) { return r.YieldPer(a.Int("num")), nil })

// Mappings is the class of rows as mappings.
var Mappings = readingRows(bind.Define[*engine.MappingResult]("MappingResult", "The rows of a result as mappings.")).
	Method("unique(strategy=nil)", "Leave out rows that were there before.", "result:unique()", func(r *engine.MappingResult, a *bind.Args) (any, error) {
		return r.Unique(strategy[engine.Mapping](a)), nil
	}).
	Method("columns(*columns)", "The mappings with only some columns.", "result:columns(2, 1)", func(r *engine.MappingResult, a *bind.Args) (any, error) {
		return r.Columns(which(a.Call, a.Rest())...)
	}).
	Method("yield_per(num)", "Fetch so many rows at a time.", "result:yield_per(100)", func(r *engine.MappingResult, a *bind.Args) (any, error) { return r.YieldPer(a.Int("num")), nil })

// Frozen is the class of results that can be replayed.
var Frozen = bind.Define[*engine.Frozen]("FrozenResult", "The rows of a result, kept.").With(func(c *bind.Class) {
	c.Call = bind.Func("FrozenResult()", "A result of the rows that were kept.", "frozen()", func(a *bind.Args) (any, error) {
		f, _ := bind.Unwrap[*engine.Frozen](a.Self())
		return f.Thaw(), nil
	})
})
