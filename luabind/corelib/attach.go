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
	heard     []*heard
}

// heard is a listener of another event of a schema: before_create and its kin.
type heard struct {
	event  string
	target any // one object, or a class of them
	f      any
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
	if !isSchemaItem(target) {
		return nil, false
	}
	l := &attachment{after, target, tell}
	a.listening = append(a.listening, l)
	return func() { l.tell = nil }, true
}

func isSchemaItem(target any) bool {
	switch t := target.(type) {
	case *bind.Class:
		return t.Derives(schemaItemClass.Class)
	case core.SchemaItem, *core.Table, *core.ForeignKey, *core.Sequence, *core.Default, *core.Identity, *core.Computed:
		return true
	}
	return false
}

// Knows reports whether a class is one of a schema's parts, or MetaData.
func (a *Attachments) Knows(c *bind.Class) bool {
	return c == metadataClass.Class || c.Derives(schemaItemClass.Class)
}

// ListenTo adds a listener of before_create and its kin to a class, or to an
// object that keeps no listeners itself.
func (a *Attachments) ListenTo(event string, target, f any) {
	a.heard = append(a.heard, &heard{event, target, f})
}

// Heard are the listeners to an object's class, or to itself.
func (a *Attachments) Heard(event string, target any) (out []any) {
	for _, l := range a.heard {
		if l.event == event && a.meets(l.target, target) {
			out = append(out, l.f)
		}
	}
	return out
}

// meets reports whether a listener's target is the item, or its class.
func (a *Attachments) meets(target, item any) bool {
	if class, ok := target.(*bind.Class); ok {
		own := a.state.ClassFor(item)
		return own != nil && own.Derives(class)
	}
	return target == item
}

// Attach tells the listeners of an item and of its classes.
func (a *Attachments) Attach(after bool, item, parent any) error {
	for _, l := range a.listening {
		if l.tell == nil || l.after != after || !a.meets(l.target, item) {
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
