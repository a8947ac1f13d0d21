package engine

import (
	"context"
	"database/sql/driver"
	"fmt"

	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// executeMany runs a statement once for each set of parameters.
func (c *Connection) executeMany(ctx context.Context, x *Execution) (*Result, error) {
	if dml := x.dml(); dml != nil && (dml.Returning || dml.ImplicitReturning) {
		return nil, c.handled(ctx, c.contextError(x, exc.New(exc.InvalidRequestError, "Dialect %s+%s with current server capabilities does not support %s..RETURNING when executemany is used",
			c.Engine.Dialect.Name(), c.Engine.Dialect.DriverName(), verb(x.Compiled.Kind))))
	}
	sets, r, err := x.convertAll()
	if err != nil {
		return nil, c.handled(ctx, c.contextError(x, statementError(err, x.Compiled.String(), x.params.text(), c.Engine.HideParameters)))
	}
	x.SQL = r.SQL
	cx := &CursorExecution{SQL: r.SQL, Sets: sets, Names: x.namesOf(r), Many: true, Execution: x}
	if err := c.announce(cx, x.mark); err != nil {
		return nil, err
	}
	conn, err := c.driver(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.runMany(ctx, conn, x, cx, r); err != nil {
		return nil, c.failed(ctx, err, cx)
	}
	if err := c.afterCursor(cx); err != nil {
		return nil, err
	}
	result := newResult(nil, nil, x)
	result.rowcount = x.rowcount
	return result, c.autocommit(ctx, x, cx.SQL)
}

func verb(k compile.Kind) string {
	switch k {
	case compile.InsertKind:
		return "INSERT"
	case compile.UpdateKind:
		return "UPDATE"
	}
	return "DELETE"
}

// convertAll gives the driver's values of all sets. All sets must have one
// shape: lists of IN as long as the first's.
func (x *Execution) convertAll() ([][]any, *compile.Rendered, error) {
	r, err := x.Compiled.RenderOne(x.values[0])
	if err != nil {
		return nil, nil, err
	}
	n := len(r.Args)
	all := make([]any, n*len(x.values))
	sets := make([][]any, len(x.values))
	expands, casts := x.Compiled.Expands(), x.valueCasts()
	for i, values := range x.values {
		if i > 0 && (expands || len(casts) > 0 && x.recast(casts, values)) {
			other, err := x.Compiled.RenderOne(values)
			if err != nil {
				return nil, nil, err
			}
			if other.SQL != r.SQL {
				return nil, nil, exc.New(exc.InvalidRequestError, "'literal_execute' or 'expanding' parameters can't be used with executemany()")
			}
			if other.Wire != r.Wire {
				if x.wires == nil {
					x.wires = make([]string, len(x.values))
				}
				x.wires[i] = other.Wire
			}
		}
		sets[i] = all[i*n : (i+1)*n : (i+1)*n]
		if err := convert(r, values, sets[i]); err != nil {
			return nil, nil, err
		}
	}
	return sets, r, nil
}

// valueCasts are the parameters whose cast on the wire depends on the value.
func (x *Execution) valueCasts() []int {
	var out []int
	for i := range x.Compiled.Params {
		if x.Compiled.Params[i].Impl.WireCastOf != nil {
			out = append(out, i)
		}
	}
	return out
}

// recast reports whether a set needs other casts than the first.
func (x *Execution) recast(casts []int, values []any) bool {
	for _, i := range casts {
		if f := x.Compiled.Params[i].Impl.WireCastOf; f(values[i]) != f(x.values[0][i]) {
			return true
		}
	}
	return false
}

func (c *Connection) runMany(ctx context.Context, conn *DriverConn, x *Execution, cx *CursorExecution, r *compile.Rendered) error {
	switch done, err := c.instead(cx); {
	case err != nil:
		return err
	case done:
		x.rowcount = cx.Outcome.RowCount
		return nil
	}
	x.rowcount = 0
	if f, ok := c.Engine.Dialect.(FormChecker); ok {
		if err := f.CheckMany(cx.SQL); err != nil {
			return err
		}
	}
	wire, sets := r.Wire, cx.Sets
	if cx.changed {
		var err error
		if wire, sets, err = c.driverForms(cx.SQL, cx.Names, cx.Sets); err != nil {
			return err
		}
	} else if dml := x.dml(); dml != nil && dml.Batchable && c.Engine.Dialect.MergesInserts() {
		return c.runMerged(ctx, conn, x, r, sets)
	}
	count := func(res driver.Result) {
		if n, err := res.RowsAffected(); err == nil {
			x.rowcount += n
		}
	}
	for from := 0; from < len(sets); { // sets of one text in a row go together
		text, to := wire, from+1
		if x.wires != nil {
			if x.wires[from] != "" {
				text = x.wires[from]
			}
			for to < len(sets) && x.wires[to] == x.wires[from] {
				to++
			}
		} else {
			to = len(sets)
		}
		if err := conn.ExecMany(ctx, text, sets[from:to], count); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// runMerged sends an INSERT of many sets as statements of many rows.
func (c *Connection) runMerged(ctx context.Context, conn *DriverConn, x *Execution, one *compile.Rendered, sets [][]any) error {
	page := c.pageSize(x, one)
	for len(sets) > 0 {
		n := min(page, len(sets))
		r, err := x.Compiled.RenderBatch(n, x.values[0])
		if err != nil {
			return err
		}
		// The arguments of the batch are those of the sets, one after the other;
		// those outside the tuple are the same in every set.
		args := make([]any, len(r.Args))
		place := map[string]int{}
		for i, a := range one.Args {
			place[a.Name] = i
		}
		next := make([]int, n)
		for i, a := range r.Args {
			if a.Row < 0 {
				args[i] = sets[0][place[a.Name]]
				continue
			}
			args[i] = sets[a.Row][next[a.Row]]
			next[a.Row]++
		}
		res, err := conn.Exec(ctx, r.Wire, args)
		if err != nil {
			return err
		}
		if k, err := res.RowsAffected(); err == nil {
			x.rowcount += k
		}
		sets = sets[n:]
	}
	return nil
}

// ExecMany runs a statement once for each row of values.
func (c *DriverConn) ExecMany(ctx context.Context, sql string, sets [][]any, done func(driver.Result)) error {
	if err := c.begin(ctx, sql); err != nil {
		return err
	}
	if _, ok := c.Dialect.(Inliner); ok {
		return c.execEach(ctx, sql, sets, done)
	}
	ctx, stop := c.Dialect.Watch(ctx, c)
	defer stop()
	p, err := c.prepare(ctx, sql)
	if err != nil {
		return err
	}
	p.busy = true
	defer p.release()
	for _, values := range sets {
		args, err := c.named(values)
		if err != nil {
			return err
		}
		r, err := execStmt(ctx, p.stmt, args)
		if err != nil {
			return err
		}
		done(r)
	}
	return nil
}

// execEach is ExecMany where values may have to stand in the SQL.
func (c *DriverConn) execEach(ctx context.Context, sql string, sets [][]any, done func(driver.Result)) error {
	for _, values := range sets {
		r, err := c.Exec(ctx, sql, values)
		if err != nil {
			return err
		}
		done(r)
	}
	return nil
}

// batches reports whether the statement runs as INSERTs of many rows each:
// SQLAlchemy's insertmanyvalues.
func (x *Execution) batches() bool {
	dml := x.dml()
	if !x.Many || x.given || dml == nil || x.Compiled.Kind != compile.InsertKind || dml.MultipleValues || dml.FromSelect {
		return false
	}
	f := x.Conn.Engine.Dialect.Features()
	if dml.Returning || dml.ImplicitReturning {
		return f.InsertManyReturning
	}
	if dml.MayReturn && f.InsertManyReturning {
		return true
	}
	return f.UseInsertManyValues && dml.Batchable && !x.Conn.Engine.config.NoInsertMany
}

// pageSize is how many rows one batch has.
func (c *Connection) pageSize(x *Execution, one *compile.Rendered) int {
	page := c.Engine.config.InsertManyPageSize
	switch v := x.Options["insertmanyvalues_page_size"].(type) {
	case int64:
		page = int(v)
	case int:
		page = v
	case float64:
		page = int(v)
	}
	if page < 1 {
		page = 1000
	}
	if limit := c.Engine.Dialect.Features().MaxParams; limit > 0 && len(one.Args) > 0 {
		page = min(page, max(limit/len(one.Args), 1))
	}
	return page
}

// insertMany runs an INSERT in batches.
func (c *Connection) insertMany(ctx context.Context, x *Execution) (*Result, error) {
	dml := x.dml()
	fail := func(err error) (*Result, error) {
		return nil, c.handled(ctx, c.contextError(x, statementError(err, x.Compiled.String(), x.params.text(), c.Engine.HideParameters)))
	}
	one, err := x.Compiled.RenderBatch(1, x.values[0])
	if err != nil {
		return fail(err)
	}
	page := c.pageSize(x, one)
	sorted := dml.SortByParameterOrder && (dml.Returning || dml.ImplicitReturning)
	downgraded := !dml.Batchable || sorted && dml.Order == compile.NoOrder
	if downgraded {
		page = 1
	}
	total := (len(x.values) + page - 1) / page
	conn, err := c.driver(ctx)
	if err != nil {
		return nil, err
	}
	x.rowcount = 0
	var meta *Meta
	var kept [][]any
	rendered, of := one, 1
	if sorted && !downgraded || downgraded {
		rendered, of = nil, 0
	}
	for batch := range total {
		rows := x.values[batch*page : min((batch+1)*page, len(x.values))]
		if of != len(rows) {
			switch {
			case downgraded:
				rendered, err = x.Compiled.Render(rows[0])
			case sorted && dml.Order == compile.ByCounter:
				rendered, err = x.Compiled.RenderOrderedBatch(len(rows), rows[0], c.typeName)
			default:
				rendered, err = x.Compiled.RenderBatch(len(rows), rows[0])
			}
			if err != nil {
				return fail(err)
			}
			of = len(rows)
		}
		args, err := batchArgs(rendered, rows)
		if err != nil {
			return fail(err)
		}
		cx := &CursorExecution{SQL: rendered.SQL, Sets: [][]any{args}, Names: x.namesOf(rendered), Execution: x}
		mark := func() string {
			order, extra := "unordered", ""
			if sorted {
				order = "ordered"
			}
			if downgraded {
				extra = "; batch not supported"
			}
			place := fmt.Sprintf("%d/%d (%s%s)", batch+1, total, order, extra)
			if batch == 0 {
				return x.mark() + " (insertmanyvalues) " + place
			}
			return "insertmanyvalues " + place
		}
		x.SQL = rendered.SQL
		shown := *cx
		shown.SQL = shortenStatement(cx.SQL)
		if err := c.announceBatch(cx, mark); err != nil {
			return nil, err
		}
		got, m, err := c.runBatch(ctx, cx, conn, x, rendered.Wire, args)
		if err != nil {
			return nil, c.failed(ctx, err, cx)
		}
		if sorted && !downgraded {
			if got, err = x.inParameterOrder(rows, got); err != nil {
				return nil, err
			}
		}
		meta, kept = m, append(kept, got...)
		if err := c.afterCursor(cx); err != nil {
			return nil, err
		}
	}
	return c.batchResult(ctx, x, meta, kept)
}

// announceBatch is announce with the long text of a batch shortened.
func (c *Connection) announceBatch(cx *CursorExecution, mark func() string) error {
	err := each(c, func(e *Events) *Hook[cursorExecute] { return &e.BeforeCursorExecute }, func(f cursorExecute) error { return f(c, cx) })
	if err == nil && c.echoes(EchoOn) {
		sql := cx.SQL
		if !c.Engine.EchoWhole() {
			sql = shortenStatement(sql)
		}
		c.echoStatement(sql, mark(), cx.echoText)
	}
	return err
}

// batchArgs are the driver's values of a batch.
func batchArgs(r *compile.Rendered, rows [][]any) ([]any, error) {
	args := make([]any, len(r.Args))
	for i := range r.Args {
		a := &r.Args[i]
		values := rows[max(a.Row, 0)]
		v := a.Value(values)
		if a.Impl != nil && a.Impl.Bind != nil && (v != nil || a.Impl.HandlesNull) {
			w, err := a.Impl.Bind(v)
			if err != nil {
				return nil, err
			}
			v = w
		}
		args[i] = v
	}
	return args, nil
}

// runBatch runs one batch and reads the rows of its RETURNING.
func (c *Connection) runBatch(ctx context.Context, cx *CursorExecution, conn *DriverConn, x *Execution, wire string, args []any) ([][]any, *Meta, error) {
	if dml := x.dml(); !dml.Returning && !dml.ImplicitReturning {
		r, err := c.exec(ctx, cx, conn, wire, args)
		if err == nil {
			if n, err := r.RowsAffected(); err == nil {
				x.rowcount += n
			}
		}
		return nil, nil, err
	}
	cur, err := c.cursor(ctx, cx, conn, wire, args)
	if err != nil {
		return nil, nil, err
	}
	defer cur.Close()
	p := x.plan(cur)
	b := newBuffer(len(p.convert))
	var rows [][]any
	for {
		row, err := cur.Next()
		if err != nil {
			return nil, nil, err
		}
		if row == nil {
			break
		}
		out := b.room()
		if err := p.read(row, out); err != nil {
			return nil, nil, err
		}
		rows = append(rows, out)
	}
	x.rowcount += int64(len(rows))
	return rows, x.describes(p.meta), cur.Close()
}

// batchResult is the result of all batches together.
func (c *Connection) batchResult(ctx context.Context, x *Execution, meta *Meta, rows [][]any) (*Result, error) {
	dml := x.dml()
	var r *Result
	switch {
	case meta == nil:
		r = newResult(nil, nil, x)
	case !dml.Returning:
		x.returnedMeta, x.returned = meta, rows
		r = newResult(nil, nil, x)
	default:
		if n := dml.SentinelExtra; n > 0 { // columns that only put the rows in order
			at := make([]int, len(meta.keys)-n)
			for i := range at {
				at[i] = i
			}
			meta = meta.pick(at)
			for i, row := range rows {
				rows[i] = row[:len(at):len(at)]
			}
		}
		r = newResult(meta, &listSource{rows: rows}, x)
		x.logRows(r)
	}
	r.rowcount = x.rowcount
	return r, c.autocommit(ctx, x, x.SQL)
}

// typeName is the SQL type that a batch's parameter is cast to: text without
// its length, so that too long a value is refused and not cut.
func (c *Connection) typeName(p *compile.Param) (string, error) {
	t := p.Bind.Type
	if s, ok := t.(*types.String); ok && s.Length > 0 {
		t = &types.String{}
	}
	return c.Engine.Dialect.TypeName(t)
}
