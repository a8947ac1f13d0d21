package core

import (
	"reflect"
	"sync"
	"sync/atomic"
)

// Rule writes a construct of SQLAlchemy's own in place of the compiler: what
// compiles() says of its class. Its text may have marks of the writer in it.
type Rule func(n Node, w RuleWriter) string

// RuleWriter is what a Rule writes the parts of its construct with.
type RuleWriter interface {
	DialectName() string
	// Held is another construct as SQL, with marks for its parameters; literal
	// has their values written out.
	Held(n Node, literal bool) string
	// Plain is the construct as it is written without the rule.
	Plain(n Node) string
}

// rules are those of all programs in the process, as in SQLAlchemy.
var rules struct {
	any atomic.Bool // whether there are rules at all
	sync.RWMutex
	of map[reflect.Type]map[string]*Rule
}

// SetRule has constructs of like's type written by r, on one dialect or ("") on
// all. undo takes it back.
func SetRule(like Node, dialect string, r Rule) (undo func()) {
	rules.Lock()
	defer rules.Unlock()
	t := reflect.TypeOf(like)
	if rules.of == nil {
		rules.of = map[reflect.Type]map[string]*Rule{}
	}
	if rules.of[t] == nil {
		rules.of[t] = map[string]*Rule{}
	}
	rules.of[t][dialect] = &r
	rules.any.Store(true)
	return func() {
		rules.Lock()
		defer rules.Unlock()
		if rules.of[t][dialect] == &r {
			delete(rules.of[t], dialect)
		}
	}
}

// RuleOf is the rule for a construct on a dialect, or nil.
func RuleOf(n Node, dialect string) Rule {
	if !rules.any.Load() {
		return nil
	}
	rules.RLock()
	defer rules.RUnlock()
	of := rules.of[reflect.TypeOf(n)]
	for _, d := range []string{dialect, ""} {
		if r := of[d]; r != nil {
			return *r
		}
	}
	return nil
}
