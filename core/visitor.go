package core

import "alchemysh/core/types"

// visitor is shown every field of a node. What it does with them makes a walk,
// a replacement or a cache key. Fields are passed by pointer so that a
// replacement can set them on its copy.
type visitor interface {
	expr(*Expr)
	exprs(*[]Expr)
	from(*From)
	froms(*[]From)
	node(*Node)
	nodes(*[]Node)
	statement(*Statement)
	text(...string)
	name(Name)
	typ(types.Type)
	op(*Operator)
	flag(...bool)
	number(int64)
	// self marks a node whose identity matters: two aliases of one table differ.
	self(any)
	// bind is the value of a parameter: outside the key, collected beside it.
	bind(*Bind)
	// opaque is a value that core does not look into: it must be comparable
	// by its key.
	opaque(Keyed)
	// uncached marks a statement that is compiled anew each time.
	uncached()
}

// Keyed is something from outside core that takes part in a cache key: a
// loader option, an ORM annotation. An empty key is like no other: the statement
// is never the same as another.
type Keyed interface{ CacheKey() string }

// KeyedNodes is a Keyed with nodes in it: they are part of the key as well, and
// their parameters are among the statement's.
type KeyedNodes interface {
	Keyed
	KeyNodes() []Node
}

// list shows a slice of a node type that is neither Expr nor From.
func list[T any](v visitor, items *[]T, each func(*T)) {
	v.number(int64(len(*items)))
	if _, rewriting := v.(*replacer); rewriting { // the slice is the original's
		*items = append([]T(nil), *items...)
	}
	for i := range *items {
		each(&(*items)[i])
	}
}
