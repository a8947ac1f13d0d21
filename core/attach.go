package core

import (
	"slices"

	"alchemysh/core/exc"
)

// Attaching hears of items of a schema that come into what they belong to: a
// column into its table, a table into its MetaData.
type Attaching interface {
	// Attach tells of item before it is in parent, or after.
	Attach(after bool, item, parent any) error
	// Heard are the listeners of another event to all objects of the target's
	// class, and to a target that keeps no listeners itself.
	Heard(event string, target any) []any
}

// ListenersOf are all who wait for an event of a table, a MetaData, an index, a
// constraint or a sequence: those to its class first.
func ListenersOf(event string, target any) []any {
	var m *MetaData
	var own Listeners
	table := func(t *Table) {
		if t != nil {
			m = t.MetaData
		}
	}
	switch t := target.(type) {
	case *Table:
		m, own = t.MetaData, t.Listeners
	case *MetaData:
		m, own = t, t.Listeners
	case *Index:
		table(t.Table)
	case *Sequence:
		m = t.MetaData
		if t.Column != nil && m == nil {
			if of, ok := t.Column.Table.(*Table); ok {
				table(of)
			}
		}
	case *ForeignKeyConstraint:
		table(t.Table)
	case *UniqueConstraint:
		table(t.Table)
	case *CheckConstraint:
		table(t.Table)
	case *PrimaryKeyConstraint:
		table(t.Table)
	}
	if m == nil || m.Attaching == nil {
		return own[event]
	}
	return append(slices.Clone(m.Attaching.Heard(event, target)), own[event]...)
}

// into runs f, which puts item into parent, and tells the MetaData's listeners
// of it before and after.
func (t *Table) into(item, parent any, f func()) {
	t.tell(false, item, parent)
	f()
	t.tell(true, item, parent)
}

func (t *Table) tell(after bool, item, parent any) {
	if t.MetaData == nil || t.MetaData.Attaching == nil {
		return
	}
	if err := t.MetaData.Attaching.Attach(after, item, parent); err != nil {
		if e := exc.Of(err); e != nil {
			panic(e)
		}
		panic(err)
	}
}

// Complete tells that a table that was just made has all that it was made of.
func (t *Table) Complete() { t.tell(true, t, t.MetaData) }
