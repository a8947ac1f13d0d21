package corelib

import (
	"alchemysh/core"
	"alchemysh/luabind/bind"
)

// Attachments are who listens to before_parent_attach and after_parent_attach
// in a state: to one item, or to all items of a class.
type Attachments struct {
	state     *bind.State
	listening []*attachment
}

type attachment struct {
	after  bool
	target any
	tell   func(item, parent any) error
}

type attachmentsKey struct{}

// AttachmentsOf are the listeners of a state, for the MetaData made in it.
func AttachmentsOf(s *bind.State) *Attachments {
	a, ok := s.Kept[attachmentsKey{}].(*Attachments)
	if !ok {
		a = &Attachments{state: s}
		s.Kept[attachmentsKey{}] = a
	}
	return a
}

// Listen adds a listener to an item or to a class of items; ok is false for
// targets that are neither. remove takes it away.
func (a *Attachments) Listen(target any, after bool, tell func(item, parent any) error) (remove func(), ok bool) {
	switch t := target.(type) {
	case *bind.Class:
		if !t.Derives(schemaItemClass.Class) {
			return nil, false
		}
	case core.SchemaItem, *core.Table, *core.ForeignKey, *core.Sequence, *core.Default, *core.Identity, *core.Computed:
	default:
		return nil, false
	}
	l := &attachment{after, target, tell}
	a.listening = append(a.listening, l)
	return func() { l.tell = nil }, true
}

// Attach tells the listeners of an item and of its classes.
func (a *Attachments) Attach(after bool, item, parent any) error {
	for _, l := range a.listening {
		if l.tell == nil || l.after != after {
			continue
		}
		if class, ok := l.target.(*bind.Class); ok {
			if own := a.state.ClassFor(item); own == nil || !own.Derives(class) {
				continue
			}
		} else if l.target != item {
			continue
		}
		if err := l.tell(item, parent); err != nil {
			return err
		}
	}
	return nil
}

// made tells of what a column was made with, which is its own from then on.
func (a *Attachments) made(c *core.Column) error {
	if len(a.listening) == 0 || c.Schema == nil {
		return nil
	}
	var parts []any
	s := c.Schema
	for _, d := range []*core.Default{s.Default, s.OnUpdate, s.ServerDefault, s.ServerOnUpd} {
		switch {
		case d == nil:
		case d.Sequence != nil:
			parts = append(parts, d.Sequence)
		default:
			parts = append(parts, d)
		}
	}
	if s.Identity != nil {
		parts = append(parts, s.Identity)
	}
	if s.Computed != nil {
		parts = append(parts, s.Computed)
	}
	for _, fk := range s.ForeignKeys {
		parts = append(parts, fk)
	}
	for _, p := range parts {
		for _, after := range []bool{false, true} {
			if err := a.Attach(after, p, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// schemaItemClass is the class of all that Table(…) and Column(…) take.
var schemaItemClass = bind.Define[core.SchemaItem]("SchemaItem", "A part of a schema: a table, a column, a constraint.")
