package core

import "alchemysh/core/exc"

// Attaching hears of items of a schema that come into what they belong to: a
// column into its table, a table into its MetaData.
type Attaching interface {
	// Attach tells of item before it is in parent, or after.
	Attach(after bool, item, parent any) error
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
