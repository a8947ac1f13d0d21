package orm

import (
	"fmt"
	"os"
	"slices"

	lru "github.com/hashicorp/golang-lru/v2"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Registry is a family of mapped classes that can name each other: the
// classes of one declarative base, and the MetaData of their tables.
type Registry struct {
	MetaData *core.MetaData
	// Eval evaluates the text of a relationship argument ("Address.id:desc()")
	// for a mapper. The binding layer supplies it; a Go program names classes
	// directly.
	Eval func(m *Mapper, text string) (any, error)
	// Warn receives what SQLAlchemy would issue as a warning.
	Warn func(message string)

	mappers []*Mapper
	byName  map[string][]*Mapper
	fresh   bool // some mapper is not configured yet
	busy    bool // configuration is going on
	failed  error
	plans   *lru.Cache[planKey, *ownQuery]
	// BeforeConfigured and AfterConfigured run around each configuration.
	BeforeConfigured, AfterConfigured []func() error
}

// NewRegistry makes a registry; metadata may be nil.
func NewRegistry(metadata *core.MetaData) *Registry {
	if metadata == nil {
		metadata = core.NewMetaData()
	}
	return &Registry{MetaData: metadata, byName: map[string][]*Mapper{}, plans: newPlans()}
}

// Mappers are the registry's mappers in the order of their definition.
func (r *Registry) Mappers() []*Mapper { return slices.Clone(r.mappers) }

// Lookup finds a mapper by its class's name; ambiguous is true if there are several.
func (r *Registry) Lookup(name string) (m *Mapper, ambiguous bool) {
	ms := r.byName[name]
	if len(ms) == 0 {
		return nil, false
	}
	return ms[len(ms)-1], len(ms) > 1
}

func (r *Registry) add(m *Mapper) {
	r.mappers = append(r.mappers, m)
	r.byName[m.Name] = append(r.byName[m.Name], m)
	r.fresh = true
	mappings.Add(1)
}

// Dispose forgets all mappers.
func (r *Registry) Dispose() {
	r.mappers, r.byName, r.fresh, r.failed = nil, map[string][]*Mapper{}, false, nil
	mappings.Add(1)
	r.plans.Purge()
}

func (r *Registry) warn(format string, args ...any) {
	if r != nil && r.Warn != nil {
		r.Warn(fmt.Sprintf(format, args...))
		return
	}
	if os.Getenv("ALCHEMYSH_ORM_WARNINGS") != "" {
		fmt.Fprintf(os.Stderr, "SAWarning: "+format+"\n", args...)
	}
}

// Configure resolves what the mappers' definitions left open: the targets and
// join conditions of relationships, backrefs. It happens by itself on first use.
func (r *Registry) Configure() (err error) {
	defer catch(&err)
	r.configure()
	return nil
}

func (r *Registry) configure() {
	if !r.fresh || r.busy {
		return
	}
	r.busy = true
	defer func() { r.busy = false }()
	for _, f := range r.BeforeConfigured {
		check(f())
	}
	for i := 0; i < len(r.mappers); i++ { // backrefs and callbacks may add more
		m := r.mappers[i]
		if m.failure != nil {
			fail(exc.InvalidRequestError, "One or more mappers failed to initialize - can't proceed with initialization of other mappers. Triggering mapper: '%s'. Original exception was: %s", m, messageOf(m.failure))
		}
		if m.configured {
			continue
		}
		if err := attempt(m.postConfigure); err != nil {
			m.failure = err
			check(err)
		}
		if !m.configured { // a listener has added a relationship
			check(attempt(m.configureRelationships))
		}
	}
	r.fresh = false
	mappings.Add(1)
	for _, f := range r.AfterConfigured {
		check(f())
	}
}

func messageOf(err error) string {
	if e := exc.Of(err); e != nil {
		return e.Message
	}
	return err.Error()
}
