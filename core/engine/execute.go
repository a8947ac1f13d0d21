package engine

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Execution is one statement on its way through the engine: compiled, with its
// parameters, and what came of it. SQLAlchemy calls it the execution context.
type Execution struct {
	Conn      *Connection
	Statement core.Node         // nil for SQL of the driver's own
	Compiled  *compile.Compiled // likewise
	Options   core.Options
	SQL       string
	// Many: several sets of parameters.
	Many bool

	// Info is for listeners.
	Info map[string]any

	given  bool // compiled by somebody else
	cache  cacheMark
	made   time.Time
	entry  *cached
	values [][]any // by set, in the order of Compiled.Params
	params Params
	wires  []string // texts for the driver of sets whose casts differ from the first's

	rowcount     int64
	lastRowID    int64
	hasLastRowID bool
	returned     [][]any // rows of implicit RETURNING, by set
	returnedMeta *Meta
	keyMeta      *Meta
}

// Execute runs a statement. Options are laid over those of the statement and
// of the connection.
func (c *Connection) Execute(ctx context.Context, stmt core.Node, p Params, over ...core.Options) (*Result, error) {
	switch s := stmt.(type) {
	case *core.Func:
		stmt = core.NewSelect(s).Change(func(q *core.Select) { q.Options = s.Options })
	case *core.NextValue:
		v, err := c.NextValue(ctx, s)
		if err != nil {
			return nil, err
		}
		return NewBufferedResult(NewMeta([]string{"nextval_1"}), [][]any{{v}}), nil
	}
	var own core.Options
	if s, ok := stmt.(core.Statement); ok {
		own = s.ExecutionOptions()
	}
	options := c.optionsOver(own, over)
	changed, p, err := c.beforeExecute(stmt, p, options)
	if err != nil {
		return nil, err
	}
	n, ok := changed.(core.Node)
	if !ok {
		return nil, exc.New(exc.ObjectNotExecutableError, "Not an executable object: %s", types.Repr(changed))
	}
	stmt = n
	x := &Execution{Conn: c, Statement: stmt, Options: options, params: p, Many: p.Len() > 1, rowcount: -1}
	if err := c.compile(x, stmt, Prepare(stmt), nil); err != nil {
		return nil, err
	}
	r, err := c.executeCompiled(ctx, x)
	if err != nil {
		return nil, err
	}
	return r, c.afterExecute(stmt, p, options, r)
}

// optionsOver are the options of an execution: those of the statement, of the
// connection, of the execution itself, the later over the earlier.
func (c *Connection) optionsOver(own core.Options, over []core.Options) core.Options {
	options := own.With(c.options)
	for _, o := range over {
		options = options.With(o)
	}
	return options
}

// Scalar executes and gives the first column of the first row.
func (c *Connection) Scalar(ctx context.Context, stmt core.Node, p Params, over ...core.Options) (any, error) {
	if s, ok := stmt.(*core.NextValue); ok {
		return c.NextValue(ctx, s)
	}
	r, err := c.Execute(ctx, stmt, p, over...)
	if err != nil {
		return nil, err
	}
	return r.Scalar()
}

// Scalars executes and gives the first column of the rows.
func (c *Connection) Scalars(ctx context.Context, stmt core.Node, p Params, over ...core.Options) (*ScalarResult, error) {
	r, err := c.Execute(ctx, stmt, p, over...)
	if err != nil {
		return nil, err
	}
	return r.Scalars()
}

func (c *Connection) beforeExecute(stmt any, p Params, o core.Options) (any, Params, error) {
	err := each(c, func(e *Events) *Hook[beforeExecute] { return &e.BeforeExecute }, func(f beforeExecute) (err error) {
		stmt, p, err = f(c, stmt, p, o)
		return err
	})
	return stmt, p, err
}

func (c *Connection) afterExecute(stmt any, p Params, o core.Options, r *Result) error {
	return each(c, func(e *Events) *Hook[afterExecute] { return &e.AfterExecute }, func(f afterExecute) error { return f(c, stmt, p, o, r) })
}

// compile finds the statement in the cache, or compiles it. binds are the
// parameters that take the places of the statement's own; nil: these.
func (c *Connection) compile(x *Execution, stmt core.Node, known *Prepared, binds []*core.Bind) error {
	e := c.Engine
	o := compile.Options{ColumnKeys: x.params.keys(), HasColumnKeys: true, Executemany: x.Many}
	if m, ok := x.Options["schema_translate_map"]; ok {
		o.SchemaTranslate = compile.TranslateMap(m, e.Dialect)
	}
	key, cacheable := known.key, known.cacheable
	if binds == nil {
		binds = known.binds
	}
	x.cache = generated
	cache := e.shared.cache
	if v, given := x.Options["compiled_cache"]; given && v == nil || cache == nil {
		x.cache, cache = cachingDisabled, nil
	}
	if ins, ok := stmt.(*core.Insert); ok && len(ins.Rows) > 0 {
		cacheable = false // as SQLAlchemy: the number of rows is in the SQL
	}
	if !cacheable {
		x.cache, cache = noKey, nil
	}
	if cache != nil {
		key = cacheKey(key, &o)
		if hit, ok := cache.Get(key); ok {
			x.cache, x.entry, x.Compiled, x.made = cachedHit, hit, hit.compiled, hit.made
			x.params.binds = binds
			return nil
		}
	}
	o.Key, o.Binds = key, known.binds
	made := time.Now()
	compiled, err := compile.Compile(e.Dialect, stmt, o)
	if err != nil {
		return err
	}
	x.Compiled, x.made, x.entry = compiled, made, &cached{compiled: compiled, made: made}
	if cache != nil {
		cache.Add(key, x.entry)
	}
	x.params.binds = binds
	return nil
}

// cacheKey adds to the statement's key what else its SQL depends on.
func cacheKey(key string, o *compile.Options) string {
	if !o.Executemany && len(o.ColumnKeys) == 0 && len(o.SchemaTranslate) == 0 {
		return key
	}
	var b strings.Builder
	b.Grow(len(key) + 16*len(o.ColumnKeys) + 2)
	b.WriteString(key)
	if o.Executemany {
		b.WriteByte(1)
	}
	for _, k := range o.ColumnKeys {
		b.WriteByte(0)
		b.WriteString(k)
	}
	if len(o.SchemaTranslate) > 0 {
		names := make([]string, 0, len(o.SchemaTranslate))
		for k := range o.SchemaTranslate {
			names = append(names, k)
		}
		slices.Sort(names)
		for _, k := range names {
			b.WriteByte(3)
			b.WriteString(k + "\x00" + o.SchemaTranslate[k])
		}
	}
	return b.String()
}

// executeCompiled runs what compile prepared.
func (c *Connection) executeCompiled(ctx context.Context, x *Execution) (*Result, error) {
	if err := x.bind(); err != nil {
		return nil, c.handled(ctx, c.contextError(x, statementError(err, x.Compiled.String(), x.params.text(), c.Engine.HideParameters)))
	}
	if x.Options["no_parameters"] == true && x.params.Len() == 0 {
		x.params = Params{binds: x.params.binds}
	}
	if _, err := c.driver(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := c.deadline(ctx, x.Options)
	defer cancel()
	if err := x.prefetch(ctx); err != nil {
		if e := exc.Of(err); e != nil && e.Statement != "" {
			return nil, err
		}
		return nil, c.handled(ctx, c.contextError(x, statementError(err, x.Compiled.String(), x.params.text(), c.Engine.HideParameters)))
	}
	if err := c.readyToExecute(ctx); err != nil {
		return nil, err
	}
	switch {
	case x.batches():
		return c.insertMany(ctx, x)
	case x.Many:
		return c.executeMany(ctx, x)
	}
	return c.executeOne(ctx, x)
}

// contextError is an error that is not the database's, for handle_error.
func (c *Connection) contextError(x *Execution, err error) *ErrorContext {
	e := exc.Of(err)
	return &ErrorContext{Statement: e.Statement, Execution: x, Original: err, Error: e}
}

// readyToExecute refuses what cannot run now and begins a transaction if there
// is none.
func (c *Connection) readyToExecute(ctx context.Context) error {
	if _, err := c.driver(ctx); err != nil {
		return err
	}
	if err := c.usable(); err != nil {
		return err
	}
	if c.Engine.Legacy {
		return nil
	}
	return c.autobegin(ctx)
}

// noParams reports whether a statement without parameters is given to the
// driver as it is, without even an empty list of them.
func (x *Execution) noParams() bool { return x.Options["no_parameters"] == true }

// instead lets the dialect's listeners execute a statement in its place.
func (c *Connection) instead(cx *CursorExecution) (done bool, err error) {
	which := func(e *DialectEvents) *Hook[DoExecute] {
		switch {
		case cx.Many:
			return &e.DoExecuteMany
		case cx.NoParams:
			return &e.DoExecuteNoParams
		}
		return &e.DoExecute
	}
	for _, f := range heard(which(&c.Engine.scope.Dialect), which(c.Engine.DialectEvents)) {
		if done, err := f(c, cx); done || err != nil {
			if cx.Outcome == nil {
				cx.Outcome = &Outcome{RowCount: -1}
			}
			return done, err
		}
	}
	return false, nil
}

// cursor opens the rows of a statement, be they a listener's.
func (c *Connection) cursor(ctx context.Context, cx *CursorExecution, conn *DriverConn, wire string, args []any) (*Cursor, error) {
	switch done, err := c.instead(cx); {
	case err != nil:
		return nil, err
	case done:
		return conn.cursor(cx.Outcome.rows(), nil), nil
	}
	return conn.Query(ctx, wire, args)
}

// exec runs a statement without rows, or finds that a listener has.
func (c *Connection) exec(ctx context.Context, cx *CursorExecution, conn *DriverConn, wire string, args []any) (driver.Result, error) {
	switch done, err := c.instead(cx); {
	case err != nil:
		return nil, err
	case done:
		return cx.Outcome, nil
	}
	return conn.Exec(ctx, wire, args)
}

// deadline adds the statement's time limit to the context.
func (c *Connection) deadline(ctx context.Context, o core.Options) (context.Context, context.CancelFunc) {
	limit := c.Engine.config.StatementTimeout
	switch v := o["statement_timeout"].(type) {
	case float64:
		limit = time.Duration(v * float64(time.Second))
	case int64:
		limit = time.Duration(v) * time.Second
	case time.Duration:
		limit = v
	}
	if limit <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}

// bind lays the values of every set out in the order of the parameters.
func (x *Execution) bind() error {
	n := x.params.Len()
	if n == 0 {
		v, err := x.Compiled.Values(x.params.binds, nil, 0)
		x.values = [][]any{v}
		return err
	}
	x.values = make([][]any, n)
	if len(x.params.Rows) > 0 {
		return x.bindRows()
	}
	for i, set := range x.params.Sets {
		v, err := x.Compiled.Values(x.params.binds, set, i)
		if err != nil {
			return err
		}
		x.values[i] = v
	}
	return nil
}

// bindRows is bind for rows: where each parameter comes from is found once.
func (x *Execution) bindRows() error {
	ps := x.Compiled.Params
	from := make([]int, len(ps))
	for i := range ps {
		from[i] = -1
		if !ps[i].Bind.Unique {
			from[i] = slices.Index(x.params.Keys, ps[i].Bind.Key)
		}
		if from[i] < 0 {
			from[i] = slices.Index(x.params.Keys, ps[i].Name)
		}
	}
	base, err := x.Compiled.Values(x.params.binds, x.params.Set(0), 0)
	if err != nil {
		return err
	}
	all := make([]any, len(ps)*len(x.params.Rows))
	for i, row := range x.params.Rows {
		v := all[i*len(ps) : (i+1)*len(ps) : (i+1)*len(ps)]
		copy(v, base)
		for j, at := range from {
			if at >= 0 && at < len(row) {
				v[j] = row[at]
			}
		}
		x.values[i] = v
	}
	return nil
}

// convert gives the driver's values of a set, in the order of the arguments.
func convert(r *compile.Rendered, values []any, out []any) error {
	for i := range r.Args {
		a := &r.Args[i]
		v := a.Value(values)
		if a.Impl != nil && a.Impl.Bind != nil && (v != nil || a.Impl.HandlesNull) {
			w, err := a.Impl.Bind(v)
			if err != nil {
				return err
			}
			v = w
		}
		if text, ok := v.(string); ok && !utf8.ValidString(text) {
			return exc.New(exc.DataError, "parameter '%s' is not UTF-8 text: %s; a LargeBinary parameter takes bytes", a.Name, types.QuoteBytes([]byte(text)))
		}
		out[i] = v
	}
	return nil
}

// namesOf are the names of the arguments, for styles that show them.
func (x *Execution) namesOf(r *compile.Rendered) []string {
	if s := x.Conn.Engine.Dialect.Features().Style; s != compile.PyFormat && s != compile.Named {
		return nil
	}
	out := make([]string, len(r.Args))
	for i := range r.Args {
		out[i] = r.Args[i].Name
	}
	return out
}

// text spells the parameters of a cursor execution.
func (cx *CursorExecution) text() string { return cx.parameters(false) }

// echoText spells them as the engine echoes.
func (cx *CursorExecution) echoText() string {
	return cx.parameters(cx.Execution.Conn.Engine.EchoWhole())
}

func (cx *CursorExecution) parameters(whole bool) string {
	r := newParamsRepr(cx.Execution.Conn.Engine.Dialect.Features().Style, nil)
	r.whole = whole
	if cx.Names != nil { // SQL of the driver's own may have names whatever the style
		r.names, r.dict = cx.Names, true
	} else {
		r.dict = r.dict && (len(cx.Sets) == 0 || len(cx.Sets[0]) == 0)
	}
	if cx.Many {
		return r.many(cx.Sets)
	}
	if len(cx.Sets) == 0 {
		return r.one(nil)
	}
	return r.one(cx.Sets[0])
}

// announce tells the listeners and the echo of a statement that is about to run.
func (c *Connection) announce(cx *CursorExecution, mark func() string) error {
	err := each(c, func(e *Events) *Hook[cursorExecute] { return &e.BeforeCursorExecute }, func(f cursorExecute) error { return f(c, cx) })
	if err == nil && c.echoes(EchoOn) {
		c.echoStatement(cx.SQL, mark(), cx.echoText)
	}
	return err
}

func (c *Connection) afterCursor(cx *CursorExecution) error {
	return each(c, func(e *Events) *Hook[cursorExecute] { return &e.AfterCursorExecute }, func(f cursorExecute) error { return f(c, cx) })
}

// executeOne runs a statement with one set of parameters.
func (c *Connection) executeOne(ctx context.Context, x *Execution) (*Result, error) {
	r, err := x.Compiled.RenderAlone(x.values[0])
	if err == nil && r == nil {
		err = exc.New(exc.CompileError, "nothing to execute")
	}
	args := []any{}
	if err == nil {
		args = make([]any, len(r.Args))
		err = convert(r, x.values[0], args)
	}
	if err != nil {
		return nil, c.handled(ctx, c.contextError(x, statementError(err, x.Compiled.String(), x.params.text(), c.Engine.HideParameters)))
	}
	x.SQL = r.SQL
	cx := &CursorExecution{SQL: r.SQL, Sets: [][]any{args}, Names: x.namesOf(r), Execution: x, NoParams: x.noParams() && len(args) == 0}
	if err := c.announce(cx, x.mark); err != nil {
		return nil, err
	}
	wire, sent := r.Wire, r.Sent(args)
	if cx.changed {
		if wire, sent, err = c.driverForm(cx.SQL, cx.Names, cx.Sets[0]); err != nil {
			return nil, err
		}
	}
	return c.run(ctx, x, cx, wire, sent)
}

// run sends one statement to the driver and makes its result.
func (c *Connection) run(ctx context.Context, x *Execution, cx *CursorExecution, wire string, args []any) (*Result, error) {
	conn, err := c.driver(ctx)
	if err != nil {
		return nil, err
	}
	var result *Result
	done, err := c.instead(cx)
	switch {
	case err != nil:
	case done && cx.Outcome.Names != nil:
		result, err = x.read(conn.cursor(cx.Outcome.rows(), nil))
	case done:
		x.affected(cx.Outcome)
		result = newResult(nil, nil, x)
	case x.returnsRows(wire):
		result, err = c.query(ctx, x, cx, conn, wire, args)
	default:
		var dr driver.Result
		if dr, err = conn.Exec(ctx, wire, args); err == nil {
			x.affected(dr)
			result = newResult(nil, nil, x)
		}
	}
	if err != nil {
		return nil, c.failed(ctx, err, cx)
	}
	if err := c.afterCursor(cx); err != nil {
		return nil, err
	}
	result.rowcount = x.rowcount
	if err := c.autocommit(ctx, x, cx.SQL); err != nil {
		return nil, err
	}
	return result, nil
}

// returnsRows decides whether the driver is asked for rows.
func (x *Execution) returnsRows(sql string) bool {
	if x.Compiled == nil {
		return sqlReturnsRows(sql)
	}
	switch x.Compiled.Kind {
	case compile.SelectKind:
		return true
	case compile.DDLKind:
		_, written := x.Statement.(*core.DDL)
		return written && sqlReturnsRows(sql)
	case compile.InsertKind, compile.UpdateKind, compile.DeleteKind:
		d := x.Compiled.DML
		return d != nil && (d.Returning || d.ImplicitReturning)
	}
	return sqlReturnsRows(sql)
}

// affected notes what the driver says of a statement without rows.
func (x *Execution) affected(r driver.Result) {
	if n, err := r.RowsAffected(); err == nil {
		x.counted(n)
	}
	if x.wantsLastRowID() {
		if id, err := r.LastInsertId(); err == nil {
			x.lastRowID, x.hasLastRowID = id, true
		}
	}
}

// counted notes how many rows were changed, unless the driver of SQLAlchemy
// would say -1 of a statement that changes none.
func (x *Execution) counted(n int64) {
	if d := x.Conn.Engine.Dialect; d.Features().CountsAll || n != 0 && d.RowsAffectedOfSelect() || changesRows(x.SQL) {
		x.rowcount = n
	}
}

// changesRows reports whether SQL is of a kind that can change rows.
func changesRows(sql string) bool {
	switch firstWord(sql) {
	case "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "WITH", "COPY", "SELECT":
		return true
	}
	return false
}

func (x *Execution) wantsLastRowID() bool {
	return x.Compiled == nil || x.Compiled.Kind == compile.InsertKind || x.Compiled.PlainText || x.Compiled.Kind == compile.OtherKind
}

// plan is how the rows of the cursor are read.
func (x *Execution) plan(cur *Cursor) *resultPlan {
	d := x.Conn.Engine.Dialect
	if x.Compiled == nil || x.Compiled.Results == nil {
		return newPlan(d, nil, compile.MatchPosition, cur.Names(), cur.Types())
	}
	if p := x.entry.plan.Load(); p != nil && p.suits(cur) {
		return p
	}
	p := newPlan(d, x.Compiled.Results, x.Compiled.Matching, cur.Names(), cur.Types())
	x.entry.plan.Store(p)
	return p
}

// query runs a statement that returns rows.
func (c *Connection) query(ctx context.Context, x *Execution, cx *CursorExecution, conn *DriverConn, wire string, args []any) (*Result, error) {
	if n, ok := x.streams(); ok {
		return c.stream(ctx, x, cx, conn, wire, args, n)
	}
	cur, err := conn.Query(ctx, wire, args)
	if err != nil {
		return nil, err
	}
	return x.read(cur)
}

// read reads the rows of a cursor, and closes it.
func (x *Execution) read(cur *Cursor) (*Result, error) {
	if len(cur.Names()) == 0 { // it has no rows after all
		if _, err := cur.Next(); err != nil {
			_ = cur.Close()
			return nil, err
		}
		if n, ok := cur.Affected(); ok {
			x.counted(n)
		}
		if err := cur.Close(); err != nil {
			return nil, err
		}
		return newResult(nil, nil, x), nil
	}
	p := x.plan(cur)
	b := newBuffer(len(p.convert))
	for {
		row, err := cur.Next()
		if err == nil && row != nil {
			err = p.read(row, b.room())
		}
		if err != nil {
			_ = cur.Close()
			return nil, err
		}
		if row == nil {
			break
		}
	}
	if err := cur.Close(); err != nil {
		return nil, err
	}
	return x.rows(x.describes(p.meta), b), nil
}

// rows is the result of rows that were read; those of an implicit RETURNING are
// kept for the keys.
func (x *Execution) rows(m *Meta, b *buffer) *Result {
	dml := x.dml()
	if dml != nil || x.Conn.Engine.Dialect.RowsAffectedOfSelect() {
		x.rowcount = int64(b.rows)
	}
	if dml != nil && dml.ImplicitReturning && !dml.Returning {
		x.returnedMeta = m
		for {
			row, _ := b.next()
			if row == nil {
				break
			}
			x.returned = append(x.returned, row)
		}
		return newResult(nil, nil, x)
	}
	r := newResult(m, b, x)
	x.logRows(r)
	return r
}

// logRows shows columns and rows, with echo = "debug".
func (x *Execution) logRows(r *Result) {
	c := x.Conn
	if !c.echoes(EchoDebug) {
		return
	}
	keys := make([]any, len(r.meta.keys))
	for i, k := range r.meta.keys {
		keys[i] = k
	}
	c.log("Col " + TupleRepr(keys))
	repr := &paramsRepr{}
	r.state.logRow = func(row []any) { c.log("Row " + repr.one(row)) }
}

func (x *Execution) dml() *compile.DML {
	if x.Compiled == nil {
		return nil
	}
	return x.Compiled.DML
}

// streams reports whether rows are to be fetched as they are asked for, and
// how many at a time.
func (x *Execution) streams() (int, bool) {
	if dml := x.dml(); dml != nil {
		return 0, false
	}
	n := 0
	switch v := x.Options["yield_per"].(type) {
	case int64:
		n = int(v)
	case int:
		n = v
	case float64:
		n = int(v)
	}
	on, _ := x.Options["stream_results"].(bool)
	return n, on || n > 0
}

// autocommit is the commit of 1.x connections after each change outside a
// transaction.
func (c *Connection) autocommit(ctx context.Context, x *Execution, sql string) error {
	if !c.Engine.Legacy || c.transaction != nil {
		return nil
	}
	change := false
	if on, given := x.Options["autocommit"].(bool); given {
		change = on
	} else if x.Compiled != nil && !x.Compiled.PlainText {
		change = x.Compiled.Kind != compile.SelectKind && x.Compiled.Kind != compile.OtherKind
	} else {
		change = sqlChanges(sql)
	}
	if !change {
		return nil
	}
	conn, err := c.driver(ctx)
	if err != nil {
		return err
	}
	c.log("COMMIT")
	if err := conn.Commit(ctx); err != nil {
		return c.failed(ctx, err, nil)
	}
	return nil
}

// command runs a statement of the engine's own, such as SAVEPOINT.
// SQLAlchemy has it as a statement, so before_execute listeners see it.
func (c *Connection) command(ctx context.Context, sql string) error {
	stmt := &core.Text{SQL: sql}
	if _, _, err := c.beforeExecute(stmt, Params{}, c.options); err != nil {
		return err
	}
	if err := c.internal(ctx, sql, noKey); err != nil {
		return err
	}
	return c.afterExecute(stmt, Params{}, c.options, newResult(nil, nil, nil))
}

// literalCommand runs text() with one parameter, which the server is sent as
// part of the SQL: it takes no parameters there.
func (c *Connection) literalCommand(ctx context.Context, sql, name, value, literal string) error {
	stmt, p := core.NewText(sql), Named(map[string]any{name: value})
	if _, _, err := c.beforeExecute(stmt, p, c.options); err != nil {
		return err
	}
	x := &Execution{Conn: c, Statement: stmt, Options: c.options, params: p, rowcount: -1}
	if err := c.compile(x, stmt, Prepare(stmt), nil); err != nil {
		return err
	}
	if err := x.bind(); err != nil {
		return err
	}
	r, err := x.Compiled.RenderOne(x.values[0])
	if err != nil {
		return err
	}
	if err := c.usable(); err != nil {
		return err
	}
	conn, err := c.driver(ctx)
	if err != nil {
		return err
	}
	x.SQL = r.SQL
	cx := &CursorExecution{SQL: r.SQL, Sets: [][]any{{value}}, Names: x.namesOf(r), Execution: x}
	if err := c.announce(cx, x.mark); err != nil {
		return err
	}
	dr, err := conn.Exec(ctx, literal, nil)
	if err != nil {
		return c.failed(ctx, err, cx)
	}
	x.affected(dr)
	if err := c.afterCursor(cx); err != nil {
		return err
	}
	return c.afterExecute(stmt, p, c.options, newResult(nil, nil, x))
}

func (c *Connection) internal(ctx context.Context, sql string, mark cacheMark) error {
	x := &Execution{Conn: c, cache: mark, made: time.Now(), SQL: sql, Options: c.options}
	if err := c.usable(); err != nil && !strings.HasPrefix(sql, "ROLLBACK") {
		return err
	}
	cx := &CursorExecution{SQL: sql, Execution: x, Sets: [][]any{{}}, NoParams: x.noParams()}
	conn, err := c.driver(ctx)
	if err != nil {
		return err
	}
	if err := c.announce(cx, x.mark); err != nil {
		return err
	}
	done, err := c.instead(cx)
	if err == nil && !done {
		_, err = conn.Exec(ctx, sql, nil)
	}
	if err != nil {
		return c.failed(ctx, err, cx)
	}
	return c.afterCursor(cx)
}

// NextValue takes the next value of a sequence.
func (c *Connection) NextValue(ctx context.Context, n *core.NextValue) (any, error) {
	o := compile.Options{}
	if m, ok := c.options["schema_translate_map"]; ok {
		o.SchemaTranslate = compile.TranslateMap(m, c.Engine.Dialect)
	}
	compiled, err := compile.Compile(c.Engine.Dialect, n, o)
	if err != nil {
		return nil, err
	}
	if err := c.readyToExecute(ctx); err != nil {
		return nil, err
	}
	return c.internalScalar(ctx, "select "+compiled.String(), nil, nil, nil, n.ExprType())
}

// internalScalar runs a query for a default, shown as raw SQL.
func (c *Connection) internalScalar(ctx context.Context, sql string, names []string, wire *string, args []any, t types.Type) (any, error) {
	x := &Execution{Conn: c, cache: rawSQL, SQL: sql}
	cx := &CursorExecution{SQL: sql, Execution: x, Sets: [][]any{args}, Names: names}
	if err := c.announce(cx, x.mark); err != nil {
		return nil, err
	}
	conn, err := c.driver(ctx)
	if err != nil {
		return nil, err
	}
	if wire == nil {
		wire = &sql
	}
	v, err := c.firstValue(ctx, cx, conn, *wire, args, t)
	if err != nil {
		return nil, c.failed(ctx, err, cx)
	}
	return v, c.afterCursor(cx)
}

func (c *Connection) firstValue(ctx context.Context, cx *CursorExecution, conn *DriverConn, sql string, args []any, t types.Type) (any, error) {
	cur, err := c.cursor(ctx, cx, conn, sql, args)
	if err != nil {
		return nil, err
	}
	defer cur.Close()
	var columns []compile.ResultColumn
	if t != nil {
		columns = []compile.ResultColumn{{Name: "value", Type: t}}
	}
	p := newPlan(c.Engine.Dialect, columns, compile.MatchPosition, cur.Names(), cur.Types())
	row, err := cur.Next()
	if err != nil || row == nil {
		return nil, err
	}
	out := make([]any, len(row))
	if err := p.read(row, out); err != nil {
		return nil, err
	}
	return out[0], nil
}

// Kind is what the statement does, OtherKind for SQL of the driver's own.
func (x *Execution) Kind() compile.Kind {
	if x.Compiled == nil {
		return compile.OtherKind
	}
	return x.Compiled.Kind
}

// Params are the parameters as they were given.
func (x *Execution) Params() Params { return x.params }

// Rowcount is the number of rows changed so far, -1 if it is not known.
func (x *Execution) Rowcount() int64 { return x.rowcount }

// String names the execution for debugging.
func (x *Execution) String() string { return fmt.Sprintf("<execution of %s>", x.SQL) }
