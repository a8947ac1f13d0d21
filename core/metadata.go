package core

import (
	"context"
	"sort"
	"strings"

	"alchemysh/core/exc"
)

// MetaData is a catalogue of tables, by their full names.
type MetaData struct {
	Schema           string
	NamingConvention map[string]any // "ix", "uq", "ck", "fk", "pk" → template; further tokens → func
	Info             map[string]any
	tables           map[string]*Table
	order            []*Table
	Sequences        []*Sequence
	Enums            []SchemaType
	Listeners        Listeners
	// Attaching hears of what comes into the tables; nil: nobody does.
	Attaching Attaching
	// Missing, when it is set, looks elsewhere for a table that is asked for by
	// name and not there: a shell's catalogue reflects it. nil: there is none.
	Missing func(ctx context.Context, fullName string) (*Table, error)
}

// SchemaType is a type that CREATE TYPE makes, kept with the metadata.
type SchemaType interface{ SchemaTypeName() (schema, name string) }

// NewMetaData makes an empty catalogue.
func NewMetaData() *MetaData { return &MetaData{tables: map[string]*Table{}} }

// Table finds a table by "name" or "schema.name".
func (m *MetaData) Table(fullName string) (*Table, bool) {
	t, ok := m.tables[fullName]
	return t, ok
}

// Tables are all tables in the order in which they were added.
func (m *MetaData) Tables() []*Table { return m.order }

// TableNames are the full names, in order.
func (m *MetaData) TableNames() []string {
	names := make([]string, len(m.order))
	for i, t := range m.order {
		names[i] = t.FullName()
	}
	return names
}

func (m *MetaData) add(t *Table) {
	m.tables[t.FullName()] = t
	m.order = append(m.order, t)
}

// AddSequence notes a sequence that create_all is to make; one of the same name
// that is there already gives way.
func (m *MetaData) AddSequence(s *Sequence) {
	s.MetaData = m
	for i, old := range m.Sequences {
		if old.FullName() == s.FullName() {
			m.Sequences[i] = s
			return
		}
	}
	m.Sequences = append(m.Sequences, s)
}

// Remove forgets a table.
func (m *MetaData) Remove(t *Table) {
	delete(m.tables, t.FullName())
	for i, x := range m.order {
		if x == t {
			m.order = append(m.order[:i:i], m.order[i+1:]...)
		}
	}
}

// Clear forgets all tables.
func (m *MetaData) Clear() { m.tables, m.order = map[string]*Table{}, nil }

// Sorted are the tables so that each comes after those that its foreign keys
// refer to, by full name where that leaves a choice. Foreign keys that close a
// cycle, and those with use_alter, are left out of the order and returned.
func (m *MetaData) Sorted() ([]*Table, []*ForeignKeyConstraint) { return SortTables(m.order) }

// SortTables is Sorted for any tables.
func SortTables(tables []*Table) (sorted []*Table, deferred []*ForeignKeyConstraint) {
	tables = append([]*Table(nil), tables...)
	sort.SliceStable(tables, func(i, j int) bool { return tables[i].FullName() < tables[j].FullName() })
	in := map[*Table]bool{}
	for _, t := range tables {
		in[t] = true
	}
	type edge struct {
		to *Table
		fk *ForeignKeyConstraint
	}
	needs := map[*Table][]edge{}
	for _, t := range tables {
		for _, fk := range t.ForeignKeyConstraints() {
			if fk.UseAlter {
				deferred = append(deferred, fk)
				continue
			}
			to, err := fk.ReferredTable()
			if err == nil && to != t && in[to] {
				needs[t] = append(needs[t], edge{to, fk})
			}
		}
		for _, dep := range t.ExtraDependencies {
			if dep != t && in[dep] {
				needs[t] = append(needs[t], edge{dep, nil})
			}
		}
	}
	done := map[*Table]bool{}
	for len(sorted) < len(tables) {
		progress := false
		var ready []*Table
	next:
		for _, t := range tables {
			if done[t] {
				continue
			}
			for _, e := range needs[t] {
				if !done[e.to] {
					continue next
				}
			}
			ready = append(ready, t)
		}
		for _, t := range ready {
			done[t], progress = true, true
			sorted = append(sorted, t)
		}
		if progress {
			continue
		}
		// A cycle: the constraints of the tables on it are added afterwards.
		cyclic := cycleMembers(tables, done, func(t *Table) (out []*Table) {
			for _, e := range needs[t] {
				out = append(out, e.to)
			}
			return out
		})
		for _, t := range tables {
			if !cyclic[t] {
				continue
			}
			kept := needs[t][:0:0]
			for _, e := range needs[t] {
				if e.fk != nil && cyclic[e.to] {
					deferred = append(deferred, e.fk)
				} else {
					kept = append(kept, e)
				}
			}
			needs[t] = kept
		}
	}
	return sorted, deferred
}

// cycleMembers are the tables, not done, that can reach themselves.
func cycleMembers(tables []*Table, done map[*Table]bool, next func(*Table) []*Table) map[*Table]bool {
	out := map[*Table]bool{}
	for _, start := range tables {
		if done[start] {
			continue
		}
		seen := map[*Table]bool{}
		var visit func(*Table) bool
		visit = func(t *Table) bool {
			for _, n := range next(t) {
				if n == start {
					return true
				}
				if !done[n] && !seen[n] {
					seen[n] = true
					if visit(n) {
						return true
					}
				}
			}
			return false
		}
		if visit(start) {
			out[start] = true
		}
	}
	return out
}

// resolveTable finds the table that a foreign key's text names.
func (m *MetaData) resolveTable(name string, schema string) (*Table, error) {
	if t, ok := m.tables[name]; ok {
		return t, nil
	}
	if schema != "" && !strings.Contains(name, ".") {
		if t, ok := m.tables[schema+"."+name]; ok {
			return t, nil
		}
	}
	return nil, exc.New(exc.NoReferencedTableError, "could not find table '%s'", name)
}

// Listeners are the functions that wait for events of a schema object, by
// event: "before_create", "after_drop", "column_reflect" …
type Listeners map[string][]any

// Listen adds a listener.
func (l *Listeners) Listen(event string, f any) {
	if *l == nil {
		*l = Listeners{}
	}
	(*l)[event] = append((*l)[event], f)
}
