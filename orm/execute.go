package orm

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/engine"
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
	p, values := planOf(q, a.Legacy)
	bind := a.Bind
	if bind == nil {
		m := a.Mapper
		if m == nil {
			m = p.lead
		}
		bind = s.bind(m, q, nil)
	}
	conn := s.connection(bind)
	ctx := newLoadContext(s)
	ctx.source, ctx.served, ctx.values = q, values, values
	ctx.populateExisting, _ = options["populate_existing"].(bool)
	ctx.token = a.token()
	cursor := must(conn.ExecutePrepared(s.ctx(), p.prepared, p.binds(values), q.Options, a.Params, coreOptions(a.Options)))
	return s.result(p.translation, p.meta(cursor, q), ctx, cursor, options)
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
