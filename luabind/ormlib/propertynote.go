package ormlib

import (
	"alchemysh/luabind/bind"
)

// propertyNote is what the binding keeps with a property of a mapper.
type propertyNote struct {
	field    *fieldOptions // of a dataclass that has it as a field
	params   []string      // of a composite: the constructor's, of a value that is itself a dataclass
	compares *Class        // comparator_factory
}

// noteOf reads it of the arguments that properties have in common.
func noteOf(a *bind.Args) *propertyNote {
	n := &propertyNote{field: readFieldOptions(a)}
	if a.Accepts("comparator_factory") {
		n.compares = bind.Get[*Class](a, "comparator_factory")
	}
	return n
}

func noted(v any) *propertyNote {
	n, _ := v.(*propertyNote)
	if n == nil {
		n = &propertyNote{}
	}
	return n
}
