package orm

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// result turns the rows of a cursor into rows of objects.
func (s *Session) result(tr *translation, meta *engine.Meta, ctx *loadContext, cursor *engine.Result, options core.Options) *engine.Result {
	build := func(row []any) []any {
		out := make([]any, len(tr.elements))
		for n, e := range tr.elements {
			out[n] = e.value(ctx, row)
		}
		return out
	}
	yield := intOption(options, "yield_per")
	if yield > 0 && tr.unique {
		fail(exc.InvalidRequestError, "Can't use yield_per with eager loaders that require uniquing or row buffering, e.g. joinedload() against collections or subqueryload().  Consider the selectinload() strategy for better flexibility in loading objects.")
	}
	if yield > 0 {
		var chunk [][]any
		done := false
		next := func() (row []any, err error) {
			defer catch(&err)
			for len(chunk) == 0 && !done {
				for len(chunk) < yield {
					r, ok, err := cursor.FetchOne()
					check(err)
					if !ok {
						done = true
						break
					}
					chunk = append(chunk, build(r.Values()))
				}
				ctx.finish()
			}
			if len(chunk) == 0 {
				return nil, nil
			}
			row = chunk[0]
			chunk = chunk[1:]
			return row, nil
		}
		r := engine.NewResult(meta, next, cursor.Close)
		return r.YieldPer(yield)
	}
	// Nothing becomes an object before somebody asks for rows; then all do.
	var rows [][]any
	read := false
	next := func() (row []any, err error) {
		defer catch(&err)
		if !read {
			read = true
			all := must(cursor.All())
			rows = make([][]any, len(all))
			for n, r := range all {
				rows[n] = build(r.Values())
			}
			ctx.finish()
		}
		if len(rows) == 0 {
			return nil, nil
		}
		row, rows = rows[0], rows[1:]
		return row, nil
	}
	r := engine.NewResult(meta, next, cursor.Close)
	if tr.unique {
		r.RequireUnique("The unique() method must be invoked on this Result, as it contains results that include joined eager loads against collections")
	}
	return r
}

func intOption(o core.Options, name string) int {
	switch n := o[name].(type) {
	case int64:
		return int(n)
	case int:
		return n
	}
	return 0
}

// meta describes the rows of the result of q, whose expressions rows can be
// asked for. Statements that select the same things share the description.
func (p *loadPlan) meta(cursor *engine.Result, q *core.Select) *engine.Meta {
	if p.first == nil {
		return p.translation.meta(cursor)
	}
	if sameNodes(q.Raw, p.first.Raw) {
		if m := p.rows.Load(); m != nil {
			return m
		}
		m := p.translation.meta(cursor)
		if !slices.ContainsFunc(p.elements, func(e *element) bool { return e.name == "" }) { // that one's name is the database's
			p.rows.Store(m)
		}
		return m
	}
	t := &translator{}
	var elements []*element
	t.collect(q.Raw, &elements)
	own := *p.translation
	own.elements = make([]*element, len(p.elements))
	for n, e := range p.elements {
		own.elements[n] = &element{name: e.name, ref: e.ref, expr: elements[n].expr}
	}
	return own.meta(cursor)
}

// sameNodes reports whether two lists have the same entities and expressions.
func sameNodes(a, b []core.Node) bool {
	return slices.EqualFunc(a, b, func(x, y core.Node) bool {
		if e := EntityOf(x); e != nil {
			return e == EntityOf(y)
		}
		return x == y
	})
}

// meta describes the rows of the result.
func (tr *translation) meta(cursor *engine.Result) *engine.Meta {
	keys := make([]string, len(tr.elements))
	targets := make([][]core.Expr, len(tr.elements))
	var names []string
	for n, e := range tr.elements {
		keys[n] = e.name
		if e.name == "" && e.ref != nil {
			if names == nil {
				names, _ = cursor.Keys()
			}
			if e.ref.at < len(names) {
				keys[n] = names[e.ref.at]
			}
		}
		if e.expr != nil {
			targets[n] = []core.Expr{e.expr, core.Plain(e.expr)}
		}
	}
	return engine.NewMeta(keys).WithTargets(targets)
}
