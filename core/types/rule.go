package types

import "sync"

// Rule spells a type of a class in place of the database: what compiles() says
// of the class. plain is what the database itself says of a type.
type Rule func(t Type, dialect string, plain func(Type) (string, error)) (string, error)

// rules are those of all programs in the process, as in SQLAlchemy.
var rules struct {
	sync.RWMutex
	of map[*Class]map[string]*Rule
}

// SetRule has types of a class spelt by r, on one dialect or ("") on all. undo
// takes it back.
func SetRule(c *Class, dialect string, r Rule) (undo func()) {
	rules.Lock()
	defer rules.Unlock()
	if rules.of == nil {
		rules.of = map[*Class]map[string]*Rule{}
	}
	if rules.of[c] == nil {
		rules.of[c] = map[string]*Rule{}
	}
	rules.of[c][dialect] = &r
	return func() {
		rules.Lock()
		defer rules.Unlock()
		if rules.of[c][dialect] == &r {
			delete(rules.of[c], dialect)
		}
	}
}

// ruled spells t by the rule for its class, else as plain does.
func ruled(t Type, dialect string, plain func(Type) (string, error)) (string, error) {
	rules.RLock()
	of := rules.of[ClassOf(t)]
	r := of[dialect]
	if r == nil {
		r = of[""]
	}
	rules.RUnlock()
	if r == nil {
		return plain(t)
	}
	return (*r)(t, dialect, plain)
}
