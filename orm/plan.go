package orm

import (
	"slices"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"alchemysh/core"
	"alchemysh/core/engine"
)

// loadPlan is a translation that is executed again and again, with other
// parameters each time, by several sessions at once: nothing in it changes.
type loadPlan struct {
	*translation
	prepared *engine.Prepared
	lead     *Mapper
	first    *core.Select                // the statement that was translated, if others have its plan
	rows     atomic.Pointer[engine.Meta] // of what that one selects
	// from has, for each parameter of the plain statement, its place among those
	// of the statement that was translated; -1 for one that the translation brought
	// along. nil: the plain statement's own parameters are to be used.
	from []int
}

// newLoadPlan plans a translation. served are the parameters that differ from
// execution to execution.
func newLoadPlan(tr *translation, lead *Mapper, served []*core.Bind) *loadPlan {
	p := &loadPlan{translation: tr, prepared: engine.Prepare(tr.stmt), lead: lead}
	if served == nil {
		return p
	}
	places := make(map[*core.Bind]int, len(served))
	for n, b := range served {
		if _, known := places[b]; !known {
			places[b] = n
		}
	}
	p.from = make([]int, len(p.prepared.Binds()))
	for n, b := range p.prepared.Binds() {
		at, mine := places[b]
		if !mine {
			at = -1
		}
		p.from[n] = at
	}
	return p
}

// traces reports whether every one of n parameters has a place in the plain
// statement. Where one has none, the translation has made something else of it,
// and whatever that is would keep the value of the first execution.
func (p *loadPlan) traces(served []*core.Bind) bool {
	for n, b := range served {
		if slices.Index(served, b) == n && !slices.Contains(p.from, n) {
			return false
		}
	}
	return true
}

// binds are the parameters of the plain statement for an execution with values
// in the places of the translated statement's.
func (p *loadPlan) binds(values []*core.Bind) []*core.Bind {
	if p.from == nil {
		return nil
	}
	own := p.prepared.Binds()
	out := make([]*core.Bind, len(own))
	for n, at := range p.from {
		if at < 0 {
			out[n] = own[n]
		} else {
			out[n] = values[at]
		}
	}
	return out
}

// planKey tells plans apart.
type planKey struct {
	mapping uint64 // the state of all mappings
	kind    planKind
	stmt    string      // core.Key of a statement
	of      any         // what is loaded: a mapper, a relationship
	base    *Mapper     // whose object it is loaded for
	options *optionNode // of the query that this one serves
	mark    string
	style   core.LabelStyle
	reload  string // the mark that a refresh would have by itself
	whole   bool   // a refresh of the whole object
}

// planKind is what a plan is for.
type planKind uint8

const (
	planSelect  planKind = iota
	planQuery            // a select of the older Query
	planGet              // an object by its key
	planLazy             // objects of a relationship
	planRefresh          // attributes of one object
)

// mappings counts the changes of mappings, in all registries. A plan made of
// mappings that have changed is never found again.
var mappings atomic.Uint64

// plansKept bounds the plans of a registry. It is the size that SQLAlchemy gives
// the cache of an engine, in which it keeps these too.
const plansKept = 500

func newPlans() *lru.Cache[planKey, *ownQuery] {
	c, _ := lru.New[planKey, *ownQuery](plansKept)
	return c
}

// planOf finds or makes the plan of a select of classes. values are its
// parameters, for the execution.
func planOf(q *core.Select, legacy bool) (p *loadPlan, values []*core.Bind) {
	t := &translator{loadSettings: loadSettings{legacy: legacy}, src: q}
	lead := mapperIn(q)
	if lead == nil || lead.Registry.fresh {
		return newLoadPlan(t.run(), lead, nil), nil
	}
	key, values, cacheable := core.Key(q)
	if !cacheable {
		return newLoadPlan(t.run(), lead, nil), nil
	}
	k := planKey{mapping: mappings.Load(), kind: planSelect, stmt: key}
	if legacy {
		k.kind = planQuery
	}
	plans := lead.Registry.plans
	if known, ok := plans.Get(k); ok {
		return known.plan, values
	}
	if values == nil {
		values = []*core.Bind{}
	}
	p = newLoadPlan(t.run(), lead, values)
	p.first = q
	if !p.prepared.Cacheable() || !p.traces(values) {
		return p, values
	}
	plans.Add(k, &ownQuery{plan: p})
	return p, values
}
