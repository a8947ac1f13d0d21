package orm

import (
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// ExecuteState is what do_orm_execute listeners see of an execution.
type ExecuteState struct {
	Session   *Session
	Statement core.Node
	Params    engine.Params
	// Options are the execution options: those of the statement, and over them
	// Local, those given to the execution itself.
	Options, Local core.Options
	Mapper         *Mapper
	Lazy           *Instance // the object that a lazy load is for
	Column         bool      // a load of attributes of one object
	Relation       bool      // a load of a relationship
	// Path is where a load of the ORM's own stands: mapper, relationship, mapper
	// and so on. nil for what was executed by itself.
	Path []any

	run func() (*engine.Result, error)
}

func (s *Session) executeState(stmt core.Node, p engine.Params, local core.Options) *ExecuteState {
	options := local
	if own, ok := stmt.(core.Statement); ok {
		options = own.ExecutionOptions().With(local)
	}
	return &ExecuteState{Session: s, Statement: stmt, Params: p, Options: options, Local: local, Mapper: mapperIn(stmt)}
}

// IsSelect, IsInsert, IsUpdate and IsDelete tell statements apart.
func (e *ExecuteState) IsSelect() bool {
	_, ok := e.Statement.(core.Query)
	return ok
}

// IsInsert reports whether it is an INSERT.
func (e *ExecuteState) IsInsert() bool { _, ok := e.Statement.(*core.Insert); return ok }

// IsUpdate reports whether it is an UPDATE.
func (e *ExecuteState) IsUpdate() bool { _, ok := e.Statement.(*core.Update); return ok }

// IsDelete reports whether it is a DELETE.
func (e *ExecuteState) IsDelete() bool { _, ok := e.Statement.(*core.Delete); return ok }

// IsFromStatement reports whether it is select(…).from_statement(…).
func (e *ExecuteState) IsFromStatement() bool {
	q, ok := e.Statement.(*core.Select)
	return ok && fromStatementOf(q) != nil
}

// Mappers are those of the classes at the top of the statement, each once.
func (e *ExecuteState) Mappers() []*Mapper {
	var out []*Mapper
	add := func(n core.Node) {
		if m := mapperIn(n); m != nil && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	switch q := e.Statement.(type) {
	case *core.Select:
		for _, n := range q.Raw {
			add(n)
		}
	case core.Query:
	default:
		add(q)
	}
	return out
}

// UpdateOptions lays options over those that the execution goes on with.
func (e *ExecuteState) UpdateOptions(o core.Options) { e.Local = e.Local.With(o) }

// Invoke runs the statement now, as it has become.
func (e *ExecuteState) Invoke() (*engine.Result, error) { return e.run() }

// ExecuteArgs are what Execute takes beside the statement.
type ExecuteArgs struct {
	Params  engine.Params
	Options core.Options
	Mapper  *Mapper // bind_arguments
	Bind    Bind
	// Legacy: for a Query, whose results are unique objects.
	Legacy bool
}

// Execute runs a statement. A select of classes gives rows of objects.
func (s *Session) Execute(stmt core.Node, a ExecuteArgs) (r *engine.Result, err error) {
	defer catch(&err)
	return s.execute(stmt, a), nil
}

func (s *Session) execute(stmt core.Node, a ExecuteArgs) *engine.Result {
	if listeners := s.listeners("do_orm_execute"); len(listeners) > 0 {
		st := s.executeState(stmt, a.Params, a.Options)
		if a.Legacy {
			st.Path = []any{}
		}
		return s.executeTold(st, listeners, func() *engine.Result {
			b := a
			b.Params, b.Options = st.Params, st.Local
			return s.dispatch(st.Statement, b)
		})
	}
	return s.dispatch(stmt, a)
}

// executeTold tells listeners of an execution one after the other, until one of
// them gives a result; if none does, run gives it. A listener that invokes the
// statement has those after it told first.
func (s *Session) executeTold(st *ExecuteState, listeners []*Listener, run func() *engine.Result) *engine.Result {
	for n, l := range listeners {
		st.run = func() (r *engine.Result, err error) {
			defer catch(&err)
			return s.executeTold(st, listeners[n+1:], run), nil
		}
		if v, ok := l.call([]any{st}); ok {
			if r, ok := v.(*engine.Result); ok && r != nil {
				return r
			}
		}
	}
	return run()
}

func (s *Session) dispatch(stmt core.Node, a ExecuteArgs) *engine.Result {
	switch q := stmt.(type) {
	case *core.Select:
		if f := fromStatementOf(q); f != nil {
			s.autoflushFor(q.Options, a.Options)
			return s.fromStatement(q, f, a)
		}
		if isORM(q) {
			s.autoflushFor(q.Options, a.Options)
			return s.selectEntities(q, a)
		}
	case *core.CompoundSelect:
		if isORM(q) {
			s.autoflushFor(q.Options, a.Options)
			m := mapperIn(q)
			if a.Mapper == nil {
				a.Mapper = m
			}
			return s.core(plainStatement(q), a)
		}
	case *core.Insert:
		if e := EntityOf(q.Table); e != nil {
			return s.insertEntities(q, e, a)
		}
	case *core.Update:
		if e := EntityOf(q.Table); e != nil {
			return s.updateEntities(q, e, a)
		}
	case *core.Delete:
		if e := EntityOf(q.Table); e != nil {
			return s.deleteEntities(q, e, a)
		}
	}
	return s.core(stmt, a)
}

// core runs what has nothing of the ORM in it.
func (s *Session) core(stmt core.Node, a ExecuteArgs) *engine.Result {
	if s.Sharding != nil && a.Bind == nil {
		if r := s.Sharding.execute(s, stmt, a); r != nil {
			return r
		}
	}
	bind := a.Bind
	if bind == nil {
		bind = s.bind(a.Mapper, stmt, nil)
	}
	conn := s.connection(bind)
	if p, ok := stmt.(core.Statement); ok {
		stmt = plainStatement(p)
	}
	return must(conn.Execute(s.ctx(), stmt, a.Params, a.Options))
}

func (s *Session) autoflushFor(own, over core.Options) {
	if v, ok := own.With(over)["autoflush"].(bool); ok && !v {
		return
	}
	s.autoflush()
}

// selectEntities runs a select of classes.
func (s *Session) selectEntities(q *core.Select, a ExecuteArgs) *engine.Result {
	if s.Sharding != nil && a.Bind == nil {
		if r := s.Sharding.selectEntities(s, q, a); r != nil {
			return r
		}
	}
	options := q.Options.With(a.Options)
	t := &translator{session: s, src: q, legacy: a.Legacy}
	tr := t.run()
	bind := a.Bind
	if bind == nil {
		m := a.Mapper
		if m == nil {
			m = mapperIn(q)
		}
		bind = s.bind(m, q, nil)
	}
	conn := s.connection(bind)
	ctx := newLoadContext(s)
	ctx.source = q
	ctx.populateExisting, _ = options["populate_existing"].(bool)
	ctx.token = a.token()
	cursor := must(conn.Execute(s.ctx(), tr.stmt, a.Params, coreOptions(a.Options)))
	return s.result(tr, ctx, cursor, options)
}

func (a ExecuteArgs) token() any { return a.Options[shardToken] }

const shardToken = "_identity_token"

// coreOptions leaves out what only the ORM understands.
func coreOptions(o core.Options) core.Options {
	if _, ok := o[shardToken]; !ok {
		return o
	}
	n := core.Options{}
	for k, v := range o {
		if k != shardToken {
			n[k] = v
		}
	}
	return n
}

// result turns the rows of a cursor into rows of objects.
func (s *Session) result(tr *translation, ctx *loadContext, cursor *engine.Result, options core.Options) *engine.Result {
	meta := tr.meta(cursor)
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

// eachRow runs a translated query and calls f with the elements of each row.
func (s *Session) eachRow(tr *translation, q *core.Select, ctx *loadContext, f func(row []any)) {
	conn := s.connection(s.bind(mapperIn(q), q, ctx.lazyFrom))
	cursor := must(conn.Execute(s.ctx(), tr.stmt, engine.Params{}, ctx.options))
	rows := must(cursor.All())
	for _, r := range rows {
		row := r.Values()
		out := make([]any, len(tr.elements))
		for n, e := range tr.elements {
			out[n] = e.value(ctx, row)
		}
		f(out)
	}
	ctx.finish()
}

// loadInstances runs a query of one class and gives its objects, each once.
func (s *Session) loadInstances(t *translator, q *core.Select, from *Instance) []*Instance {
	ctx := newLoadContext(s)
	ctx.source = q
	ctx.lazyFrom = from
	return s.loadWith(ctx, t, q)
}

// loadInstancesIn is loadInstances on behalf of another query.
func (s *Session) loadInstancesIn(outer *loadContext, t *translator, q *core.Select, path []any) []*Instance {
	ctx := newLoadContext(s)
	ctx.path = path
	ctx.source = q
	ctx.populateExisting = outer.populateExisting
	ctx.token = outer.token
	ctx.lazyFrom = outer.lazyFrom
	return s.loadWith(ctx, t, q)
}

// announce tells listeners of do_orm_execute of a load of the ORM's own. They
// may change the query.
func (s *Session) announce(ctx *loadContext, t *translator, q *core.Select) *core.Select {
	listeners := s.listeners("do_orm_execute")
	if len(listeners) == 0 {
		return q
	}
	st := s.executeState(q, engine.Params{}, nil)
	st.Column, st.Relation, st.Path = ctx.refreshes, len(ctx.path) > 1, ctx.path
	if st.Path == nil {
		st.Path = []any{}
	}
	if ctx.lazy {
		st.Lazy = ctx.lazyFrom
	}
	for _, l := range listeners {
		l.call([]any{st})
	}
	ctx.options = st.Local
	if changed, ok := st.Statement.(*core.Select); ok && changed != q {
		t.src, q = changed, changed
	}
	return q
}

func (s *Session) loadWith(ctx *loadContext, t *translator, q *core.Select) []*Instance {
	q = s.announce(ctx, t, q)
	tr := t.run()
	var out []*Instance
	seen := map[*Instance]bool{}
	run := func() {
		s.eachRow(tr, q, ctx, func(row []any) {
			if x, ok := row[0].(*Instance); ok && !seen[x] {
				seen[x] = true
				out = append(out, x)
			}
		})
	}
	if s.Sharding != nil {
		s.Sharding.each(s, q, ctx, run)
	} else {
		run()
	}
	return out
}

// loadKeyed runs a query whose rows begin with n key columns and end with an object.
func (s *Session) loadKeyed(outer *loadContext, q *core.Select, node *optionNode, base []*Mapper, path []any, n int, f func(key []any, x *Instance)) {
	t := &translator{session: s, src: q, outer: node, base: base}
	ctx := newLoadContext(s)
	ctx.path = path
	q = s.announce(ctx, t, q)
	tr := t.run()
	ctx.source = q
	ctx.populateExisting = outer.populateExisting
	ctx.token = outer.token
	run := func() {
		s.eachRow(tr, q, ctx, func(row []any) {
			x, _ := row[n].(*Instance)
			f(row[:n], x)
		})
	}
	if s.Sharding != nil {
		s.Sharding.each(s, q, ctx, run)
	} else {
		run()
	}
}

// keyWhere restricts an entity to a primary key.
func keyWhere(e *Entity, ident []any) []core.Expr {
	out := make([]core.Expr, len(ident))
	for n, pk := range e.Mapper.primaryKey {
		c := e.column(pk)
		if ident[n] == nil {
			out[n] = core.Eq(c, nil)
			continue
		}
		out[n] = core.Eq(c, &core.Bind{Key: "pk", Unique: true, Value: ident[n], Type: pk.ExprType()})
	}
	return out
}

// GetOptions are what Get takes beside the key.
type GetOptions struct {
	Options          []core.Keyed
	PopulateExisting bool
	ForUpdate        *core.ForUpdate
	Token            any
	ExecutionOptions core.Options
}

// Get finds an object by its primary key, in memory or in the database; nil if
// there is none. ident are the key's values, by column or, in a map, by name.
func (s *Session) Get(e *Entity, ident any, o GetOptions) (i *Instance, err error) {
	defer catch(&err)
	m := e.Mapper.ready()
	vals := m.keyValues(ident)
	if allNil(vals) {
		return nil, nil
	}
	if pe, ok := o.ExecutionOptions["populate_existing"].(bool); ok && pe {
		o.PopulateExisting = true
	}
	if !o.PopulateExisting && !m.AlwaysRefresh && o.ForUpdate == nil {
		var like *Identity
		if o.Token != nil {
			like = &Identity{Token: o.Token}
		}
		if i, found := s.identityLookupAny(m, vals, like); found != foundNothing {
			return i, nil
		}
	}
	s.autoflush()
	var node *optionNode
	if len(o.Options) > 0 {
		node = newOptionTree(o.Options, []*Entity{e}, nil).at(e)
	}
	return s.loadByKey(m, vals, node, o.ForUpdate, nil, nil, o.PopulateExisting || o.ForUpdate != nil, ""), nil
}

func (s *Session) identityLookupAny(m *Mapper, vals []any, like *Identity) (*Instance, lookup) {
	if s.Sharding == nil || like != nil {
		return s.identityLookup(m, vals, like, passiveOff, "")
	}
	for _, t := range s.Sharding.names() {
		if i, found := s.identityLookup(m, vals, &Identity{Token: t}, passiveOff, ""); found != foundNothing {
			return i, found
		}
	}
	return nil, foundNothing
}

// keyValues reads a primary key: one value, a list, or values by name.
func (m *Mapper) keyValues(ident any) []any {
	switch v := ident.(type) {
	case map[string]any:
		out := make([]any, len(m.primaryKey))
		for n, c := range m.primaryKey {
			p := m.colProps[c]
			x, ok := v[p.key]
			for k, given := range v { // by a synonym
				if sy, is := m.byKey[k].(*Synonym); is && sy.Target == p.key {
					x, ok = given, true
				}
			}
			if !ok {
				names := ""
				for k, pc := range m.primaryKey {
					if k > 0 {
						names += ","
					}
					names += "'" + m.colProps[pc].key + "'"
				}
				fail(exc.InvalidRequestError, "Incorrect names of values in identifier to formulate primary key for session.get(); primary key attribute names are %s (synonym names are also accepted)", names)
			}
			out[n] = x
		}
		return out
	case []any:
		if len(v) != len(m.primaryKey) {
			names := ""
			for k, pc := range m.primaryKey {
				if k > 0 {
					names += ","
				}
				names += "'" + qualified(pc) + "'"
			}
			fail(exc.InvalidRequestError, "Incorrect number of values in identifier to formulate primary key for session.get(); primary key columns are %s", names)
		}
		return v
	case engine.Row:
		return m.keyValues(v.Values())
	}
	return m.keyValues([]any{ident})
}

// loadByKey selects an object by its primary key.
func (s *Session) loadByKey(m *Mapper, ident []any, node *optionNode, lock *core.ForUpdate, from *Instance, along *Relationship, populate bool, mark string) *Instance {
	e := m.Entity()
	q := &core.Select{Raw: []core.Node{e.Node()}, LabelStyle: core.LabelTablename, Criteria: keyWhere(e, ident), Lock: lock}
	ctx := newLoadContext(s)
	ctx.source = q
	ctx.populateExisting = populate
	ctx.lazyFrom, ctx.lazy = from, from != nil
	t := &translator{session: s, src: q, outer: node, mark: mark}
	if from != nil {
		t.base = []*Mapper{from.mapper}
		ctx.path = []any{from.mapper, along}
	}
	var list []*Instance
	if s.Sharding != nil {
		list = s.Sharding.get(s, m, ident, from, func() []*Instance { return s.loadWith(ctx, t, q) }, ctx)
	} else {
		list = s.loadWith(ctx, t, q)
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// loadOn selects attributes of a persistent object.
func (s *Session) loadOn(i *Instance, keys []string, style core.LabelStyle) bool {
	e := i.mapper.Entity()
	q := &core.Select{Raw: []core.Node{e.Node()}, LabelStyle: style, Criteria: keyWhere(e, i.key.Values)}
	return s.loadInto(i, q, keys, nil)
}

// loadInto runs a query whose row refreshes i. keys nil: everything.
func (s *Session) loadInto(i *Instance, q *core.Select, keys []string, node *optionNode) bool {
	t := &translator{session: s, src: q, refresh: i, outer: node}
	if keys != nil {
		t.only = map[string]bool{}
		for _, k := range keys {
			t.only[k] = true
		}
	}
	if node == nil && i.options != nil {
		t.outer = i.options
	}
	ctx := newLoadContext(s)
	ctx.source = q
	ctx.lazyFrom = i
	ctx.refreshes, ctx.path = true, []any{i.mapper}
	ctx.token = i.key.Token
	ctx.populateExisting = keys == nil
	t.mark = "refresh " + strings.Join(keys, " ")
	if s.reloading != nil {
		t.mark, t.fresh = *s.reloading, true
		s.reloading = nil
	}
	return len(s.loadWith(ctx, t, q)) > 0
}

// optimizedGet selects columns of subclass tables without their parents'.
func (m *Mapper) optimizedGet(i *Instance, keys []string) *core.Select {
	if m.Inherits == nil || m.Concrete || m.single && len(m.tables) == 1 {
		return nil
	}
	tables := map[core.From]bool{}
	var cols []core.Node
	for _, k := range keys {
		p, ok := m.byKey[k].(*ColumnProperty)
		if !ok {
			return nil
		}
		for _, e := range p.Columns {
			c, ok := e.(*core.Column)
			if !ok || c.Table == nil {
				return nil
			}
			tables[core.PlainFrom(c.Table)] = true
		}
	}
	if tables[core.PlainFrom(m.base.Local)] {
		return nil
	}
	for _, k := range keys {
		for _, e := range m.byKey[k].(*ColumnProperty).Columns {
			cols = append(cols, e)
		}
	}
	var conds []core.Expr
	chain := m.chain()
	started := false
	for n := len(chain) - 1; n >= 0; n-- {
		sub := chain[n]
		if tables[core.PlainFrom(sub.Local)] {
			started = true
		}
		if !started || sub.single || sub.inherit == nil {
			continue
		}
		missing := false
		cond := core.Replace(sub.inherit, func(x core.Node) core.Node {
			c, ok := x.(*core.Column)
			if !ok {
				return nil
			}
			if tables[core.PlainFrom(c.Table)] || core.PlainFrom(c.Table) == core.PlainFrom(sub.Local) {
				return c
			}
			p := m.colProps[c]
			if p == nil {
				missing = true
				return c
			}
			a := m.attributes[p.key]
			v, changed := i.wasCommitted(a.slot)
			if !changed {
				v = i.at(a.slot)
			}
			if isSymbol(v) || v == nil {
				missing = true
				return c
			}
			return &core.Bind{Key: "param", Unique: true, Value: v, Type: c.ExprType()}
		})
		if missing {
			return nil
		}
		conds = append(conds, cond)
		tables[core.PlainFrom(sub.Local)] = true
	}
	if len(conds) == 0 {
		return nil
	}
	return &core.Select{Raw: cols, Criteria: conds, LabelStyle: core.LabelTablename}
}

// loadFrom reads attributes of i from a select of their columns.
func (s *Session) loadFrom(i *Instance, q *core.Select, keys []string) bool {
	conn := s.connection(s.bind(i.mapper, q, i))
	cursor := must(conn.Execute(s.ctx(), q, engine.Params{}))
	rows := must(cursor.All())
	if len(rows) == 0 {
		return false
	}
	n := 0
	for _, k := range keys {
		p := i.mapper.byKey[k].(*ColumnProperty)
		i.setLoaded(i.mapper.attributes[k], rows[0].At(n))
		n += len(p.Columns)
	}
	if i.mapper.listens("refresh") {
		names := make([]any, len(keys))
		for n, k := range keys {
			names[n] = k
		}
		i.mapper.fire("refresh", i, nil, names)
	}
	return true
}

// Refresh loads an object anew, or some of its attributes.
func (s *Session) Refresh(i *Instance, keys []string, lock *core.ForUpdate) (err error) {
	defer catch(&err)
	if !s.identities.contains(i) {
		fail(exc.InvalidRequestError, "Instance '%s' is not persistent within this Session", i)
	}
	s.expire(i, keys)
	s.autoflush()
	var cols []string
	var rels []string
	if keys != nil {
		for _, k := range keys {
			a := i.attr(k)
			switch {
			case a.rel != nil:
				rels = append(rels, k)
			default:
				if c, ok := a.prop.(*Composite); ok {
					cols = append(cols, c.keys...)
				} else if sy, ok := a.prop.(*Synonym); ok {
					cols = append(cols, sy.Target)
				} else {
					cols = append(cols, k)
				}
			}
		}
		var changed []string
		for _, c := range i.mapper.primaryKey {
			if k := i.mapper.colProps[c].key; !slices.Contains(cols, k) && i.attr(k).history(i, passiveNoInitialize).HasChanges() {
				changed = append(changed, types.Repr(k))
			}
		}
		if len(changed) > 0 {
			fail(exc.InvalidRequestError, "Please flush pending primary key changes on attributes {%s} for mapper %s before proceeding with a refresh", strings.Join(changed, ", "), i.mapper)
		}
		if len(rels) > 0 { // the row is asked for even if it has nothing more to tell
			cols = append(cols, rels...)
			for _, c := range i.mapper.primaryKey {
				cols = appendOnce(cols, i.mapper.colProps[c].key)
			}
		}
	}
	e := i.mapper.Entity()
	q := &core.Select{Raw: []core.Node{e.Node()}, Criteria: keyWhere(e, i.key.Values), Lock: lock}
	if keys == nil || len(cols) > 0 {
		if !s.loadInto(i, q, cols, nil) {
			fail(exc.InvalidRequestError, "Could not refresh instance '%s'", i)
		}
	}
	for _, k := range rels {
		if i.at(i.attr(k).slot) == NoValue {
			i.attr(k).get(i, passiveOff)
		}
	}
	return nil
}

// FromStatement makes a select of classes take its rows from another statement.
func FromStatement(q *core.Select, s core.Node) *core.Select {
	return q.Change(func(n *core.Select) {
		n.Notes = append(slices.Clip(n.Notes), &fromStatement{stmt: s, serial: attrSerial.Add(1)})
	})
}

type fromStatement struct {
	stmt   core.Node
	serial uint64
}

// CacheKey is never the same twice.
func (f *fromStatement) CacheKey() string { return "from statement" }

func fromStatementOf(q *core.Select) *fromStatement {
	for _, n := range q.Notes {
		if f, ok := n.(*fromStatement); ok {
			return f
		}
	}
	return nil
}

// FromStatementOf is the statement that a select takes its rows from; nil if none.
func FromStatementOf(q *core.Select) core.Node {
	if f := fromStatementOf(q); f != nil {
		return f.stmt
	}
	return nil
}

// fromStatement runs a statement and reads objects from its rows by column.
func (s *Session) fromStatement(q *core.Select, f *fromStatement, a ExecuteArgs) *engine.Result {
	bind := a.Bind
	if bind == nil {
		bind = s.bind(mapperIn(q), q, nil)
	}
	conn := s.connection(bind)
	options := q.Options.With(a.Options)
	stmt := f.stmt
	if p, ok := stmt.(core.Statement); ok {
		stmt = plainStatement(p)
	}
	cursor := must(conn.Execute(s.ctx(), stmt, a.Params, coreOptions(options)))
	var plain []core.Keyed
	for _, n := range q.Notes {
		if _, is := n.(*fromStatement); !is {
			plain = append(plain, n)
		}
	}
	src := q.Change(func(n *core.Select) { n.Notes = plain })
	ctx := newLoadContext(s)
	ctx.populateExisting, _ = options["populate_existing"].(bool)
	ctx.source = src
	return s.resultFrom(src, cursor, ctx, options, a.Legacy)
}

// resultFrom reads objects of the classes of src from rows of another
// statement: columns are matched by expression, then by name.
func (s *Session) resultFrom(src *core.Select, cursor *engine.Result, ctx *loadContext, options core.Options, legacy bool) *engine.Result {
	t := &translator{session: s, src: src, legacy: legacy}
	tr := t.run()
	names, _ := cursor.Keys()
	meta := cursor.Meta()
	find := func(e core.Expr) int {
		if n, err := meta.IndexOf(e); err == nil {
			return n
		}
		if c, ok := core.Plain(e).(*core.Column); ok {
			if n := slices.Index(names, string(c.Name)); n >= 0 {
				return n
			}
			if n := slices.Index(names, labelOf(c)); n >= 0 {
				return n
			}
		}
		if l, ok := core.Plain(e).(*core.Label); ok && !l.Name.IsAnonymous() {
			if n := slices.Index(names, string(l.Name)); n >= 0 {
				return n
			}
		}
		return -1
	}
	lost := len(names)
	for _, r := range t.refs {
		cols := t.primary
		if r.secondary {
			cols = t.secondary
		}
		if r.at = find(cols[r.n]); r.at < 0 {
			r.at = lost
		}
	}
	for _, e := range tr.elements {
		if e.loader != nil {
			e.loader.dropMissing(lost)
		} else if e.ref != nil && e.ref.at == lost {
			fail(exc.NoSuchColumnError, "Could not locate column in row for column '%s'", e.name)
		}
	}
	rows := must(cursor.All())
	out := make([][]any, len(rows))
	for n, row := range rows {
		vals := append(slices.Clip(row.Values()), nil)
		o := make([]any, len(tr.elements))
		for k, e := range tr.elements {
			o[k] = e.value(ctx, vals)
		}
		out[n] = o
	}
	ctx.finish()
	return engine.NewBufferedResult(tr.meta(cursor), out)
}

// dropMissing forgets columns that the rows do not have.
func (l *instanceLoader) dropMissing(lost int) {
	for _, r := range l.pk {
		if r.at == lost {
			fail(exc.NoSuchColumnError, "Could not locate column in row for column '%s'", qualified(l.mapper.primaryKey[0]))
		}
	}
	for c, r := range l.cols {
		if r.at == lost {
			delete(l.cols, c)
		}
	}
	if l.discriminator != nil && l.discriminator.at == lost {
		l.discriminator = nil
	}
	for _, f := range l.rels {
		if f.lazy == "joined" && f.nested != nil {
			missing := false
			for _, r := range f.nested.pk {
				missing = missing || r.at == lost
			}
			if missing {
				f.lazy, f.nested = "select", nil
			} else {
				f.nested.dropMissing(lost)
			}
		}
	}
}
