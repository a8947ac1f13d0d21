package orm

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// Sharding spreads the rows of classes over several databases (shards).
type Sharding struct {
	Names  []string
	Shards map[string]Bind
	// Choose names the shard of an object that is written.
	Choose func(m *Mapper, i *Instance, clause core.Node) (string, error)
	// Identify names the shards where a primary key may be.
	Identify func(m *Mapper, key []any, lazyFrom *Instance) ([]string, error)
	// ExecuteOn names the shards on which a statement runs.
	ExecuteOn func(state *ExecuteState) ([]string, error)
}

func (h *Sharding) names() []string { return h.Names }

// shardOf is the shard that an object is, or will be, in.
func (h *Sharding) shardOf(s *Session, i *Instance) any {
	if i.key != nil && i.key.Token != nil {
		return i.key.Token
	}
	if i.token != nil {
		return i.token
	}
	n := must(h.Choose(i.mapper, i, nil))
	i.token = n
	return n
}

func (h *Sharding) bind(s *Session, m *Mapper, i *Instance) Bind {
	if i != nil {
		return h.named(h.shardOf(s, i).(string))
	}
	if s.shard != "" {
		return h.named(s.shard)
	}
	return h.named(must(h.Choose(m, nil, nil)))
}

func (h *Sharding) named(n string) Bind {
	b := h.Shards[n]
	if b == nil {
		fail(exc.InvalidRequestError, "No shard of the name '%s'", n)
	}
	return b
}

// on runs f with one shard as the place where everything goes.
func (h *Sharding) on(s *Session, name string, f func()) {
	old := s.shard
	s.shard = name
	defer func() { s.shard = old }()
	f()
}

// targets are the shards of a statement.
func (h *Sharding) targets(s *Session, stmt core.Node, a ExecuteArgs) []string {
	if id, ok := a.Options["shard_id"].(string); ok {
		return []string{id}
	}
	st := s.executeState(stmt, a.Params, a.Options)
	return must(h.ExecuteOn(st))
}

// selectEntities runs a select on each of its shards, one after the other.
func (h *Sharding) selectEntities(s *Session, q *core.Select, a ExecuteArgs) *engine.Result {
	if s.shard != "" {
		return nil
	}
	var rows [][]any
	var meta *engine.Meta
	unique := false
	for _, name := range h.targets(s, q, a) {
		h.on(s, name, func() {
			b := a
			b.Bind = h.named(name)
			b.Options = a.Options.With(core.Options{shardToken: name})
			r := s.selectEntities(q, b)
			meta = r.Meta()
			unique = unique || r.MustBeUnique()
			list := must(r.Unique(func(engine.Row) any { return new(int) }).All())
			for _, row := range list {
				rows = append(rows, row.Values())
			}
		})
	}
	out := engine.NewBufferedResult(meta, rows)
	if unique {
		out.RequireUnique("The unique() method must be invoked on this Result, as it contains results that include joined eager loads against collections")
	}
	return out
}

// execute runs a statement without classes on its shards.
func (h *Sharding) execute(s *Session, stmt core.Node, a ExecuteArgs) *engine.Result {
	var last *engine.Result
	if s.shard != "" {
		return nil
	}
	for _, name := range h.targets(s, stmt, a) {
		b := a
		b.Bind = h.named(name)
		last = s.core(stmt, b)
	}
	return last
}

// each runs an inner query on the shard of the object that it is for, or on
// all where it may find something.
func (h *Sharding) each(s *Session, q *core.Select, ctx *loadContext, run func()) {
	switch {
	case s.shard != "":
		if ctx.token == nil {
			ctx.token = s.shard
		}
		run()
	case ctx.lazyFrom != nil && ctx.lazyFrom.key != nil && ctx.lazyFrom.key.Token != nil && ctx.refreshing != nil:
		name := ctx.lazyFrom.key.Token.(string)
		ctx.token = name
		h.on(s, name, run)
	default:
		names := h.Names
		if h.ExecuteOn != nil {
			names = must(h.ExecuteOn(&ExecuteState{Session: s, Statement: q, Mapper: mapperIn(q), Lazy: ctx.lazyFrom, Path: ctx.path}))
		}
		for _, name := range names {
			ctx.token = name
			h.on(s, name, run)
		}
	}
}

// get asks the shards where a key may be until one has it.
func (h *Sharding) get(s *Session, m *Mapper, ident []any, from *Instance, run func() []*Instance, ctx *loadContext) []*Instance {
	names := h.Names
	if h.Identify != nil {
		names = must(h.Identify(m, ident, from))
	}
	if from != nil && from.key != nil && from.key.Token != nil {
		if n := from.key.Token.(string); slices.Contains(names, n) {
			names = append([]string{n}, slices.DeleteFunc(slices.Clone(names), func(x string) bool { return x == n })...)
		}
	}
	for _, name := range names {
		var list []*Instance
		ctx.token = name
		h.on(s, name, func() { list = run() })
		if len(list) > 0 {
			return list
		}
	}
	return nil
}
