package ddl

import (
	"sort"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Ordered is a table with the foreign keys that its CREATE TABLE can contain.
type Ordered struct {
	Table       *core.Table
	ForeignKeys []*core.ForeignKeyConstraint
}

// Sort puts tables after those that their foreign keys refer to, otherwise in
// the given order. The foreign keys that close a cycle, and those with
// use_alter, come back apart, to be added when all tables are there. fixed
// says which foreign keys cannot be put apart; a cycle of such is a
// CircularDependencyError.
func Sort(tables []*core.Table, fixed func(*core.ForeignKeyConstraint) bool) ([]Ordered, []*core.ForeignKeyConstraint, error) {
	g := newGraph(tables)
	var apart []*core.ForeignKeyConstraint
	for _, t := range tables {
		for _, fk := range t.ForeignKeyConstraints() {
			if fk.UseAlter {
				apart = append(apart, fk)
				continue
			}
			to, err := fk.ReferredTable()
			if err != nil {
				return nil, nil, err
			}
			if to != t {
				g.need(t, to)
			}
		}
		for _, to := range t.ExtraDependencies {
			g.need(t, to)
			g.lasting[edge{t, to}] = true
		}
	}
	order, ok := g.order()
	if !ok {
		cyclic := g.cyclic()
		for _, t := range tables {
			if !cyclic[t] {
				continue
			}
			for _, fk := range t.ForeignKeyConstraints() {
				if fk.UseAlter || fixed != nil && fixed(fk) {
					continue
				}
				apart = append(apart, fk)
				if to, _ := fk.ReferredTable(); to != t && !g.lasting[edge{t, to}] {
					g.forget(t, to)
				}
			}
		}
		if order, ok = g.order(); !ok {
			return nil, nil, circular(g.cyclic())
		}
	}
	late := map[*core.ForeignKeyConstraint]bool{}
	for _, fk := range apart {
		late[fk] = true
	}
	sorted := make([]Ordered, len(order))
	for i, t := range order {
		sorted[i].Table = t
		for _, fk := range t.ForeignKeyConstraints() {
			if !late[fk] {
				sorted[i].ForeignKeys = append(sorted[i].ForeignKeys, fk)
			}
		}
	}
	return sorted, apart, nil
}

// CycleError is the error of a cycle that cannot be broken; Tables are on it.
type CycleError struct {
	Tables []string
	cause  *exc.Error
}

// Error is the message of the CircularDependencyError.
func (e *CycleError) Error() string { return e.cause.Error() }

// Unwrap gives the CircularDependencyError.
func (e *CycleError) Unwrap() error { return e.cause }

func circular(cyclic map[*core.Table]bool) error {
	var names []string
	for t := range cyclic {
		names = append(names, t.FullName())
	}
	sort.Strings(names)
	return &CycleError{names, exc.New(exc.CircularDependencyError, "Circular dependency detected. (%s)", strings.Join(names, ", "))}
}

type edge struct{ from, to *core.Table }

// graph is which tables need which.
type graph struct {
	tables  []*core.Table
	member  map[*core.Table]bool
	needs   map[*core.Table]map[*core.Table]bool
	lasting map[edge]bool
}

func newGraph(tables []*core.Table) *graph {
	g := &graph{tables: tables, member: map[*core.Table]bool{}, needs: map[*core.Table]map[*core.Table]bool{}, lasting: map[edge]bool{}}
	for _, t := range tables {
		g.member[t] = true
		g.needs[t] = map[*core.Table]bool{}
	}
	return g
}

func (g *graph) need(t, to *core.Table) {
	if g.member[to] && to != t {
		g.needs[t][to] = true
	}
}

func (g *graph) forget(t, to *core.Table) { delete(g.needs[t], to) }

// order takes, again and again, all tables whose needs are met.
func (g *graph) order() ([]*core.Table, bool) {
	var out []*core.Table
	done := map[*core.Table]bool{}
	todo := g.tables
	for len(todo) > 0 {
		var ready, wait []*core.Table
	next:
		for _, t := range todo {
			for to := range g.needs[t] {
				if !done[to] {
					wait = append(wait, t)
					continue next
				}
			}
			ready = append(ready, t)
		}
		if len(ready) == 0 {
			return nil, false
		}
		for _, t := range ready {
			done[t] = true
		}
		out, todo = append(out, ready...), wait
	}
	return out, true
}

// cyclic are the tables that need themselves, by way of others.
func (g *graph) cyclic() map[*core.Table]bool {
	out := map[*core.Table]bool{}
	for _, start := range g.tables {
		seen := map[*core.Table]bool{}
		stack := []*core.Table{start}
		for len(stack) > 0 && !out[start] {
			t := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for to := range g.needs[t] {
				if to == start {
					out[start] = true
				}
				if !seen[to] {
					seen[to] = true
					stack = append(stack, to)
				}
			}
		}
	}
	return out
}
