package core

import (
	"reflect"

	"alchemysh/core/types"
)

// Walk calls f for n and all that it is made of, parents first, until f says
// not to go below a node. A table's columns are not below the table; what an
// alias or subquery is of, is below it.
func Walk(n Node, f func(Node) bool) { (&walker{f: f}).walk(n) }

// walker visits the children. Nodes are never changed: every field is shown by
// pointer, but nothing is written.
type walker struct {
	f     func(Node) bool
	depth int
}

func (w *walker) walk(n Node) {
	if n == nil || !w.f(n) {
		return
	}
	w.depth++
	CheckNesting(w.depth)
	n.fields(w)
	w.depth--
}

func (w *walker) expr(e *Expr) {
	if *e != nil {
		w.walk(*e)
	}
}
func (w *walker) exprs(es *[]Expr) {
	for _, e := range *es {
		if e != nil {
			w.walk(e)
		}
	}
}
func (w *walker) from(f *From) {
	if *f != nil {
		w.walk(*f)
	}
}
func (w *walker) froms(fs *[]From) {
	for _, f := range *fs {
		w.walk(f)
	}
}
func (w *walker) node(n *Node) {
	if *n != nil {
		w.walk(*n)
	}
}
func (w *walker) nodes(ns *[]Node) {
	for _, n := range *ns {
		w.walk(n)
	}
}
func (w *walker) statement(s *Statement) {
	if *s != nil {
		w.walk(*s)
	}
}
func (*walker) text(...string) {}
func (*walker) name(Name)      {}
func (*walker) typ(types.Type) {}
func (*walker) op(*Operator)   {}
func (*walker) flag(...bool)   {}
func (*walker) number(int64)   {}
func (*walker) self(any)       {}
func (*walker) bind(*Bind)     {}
func (*walker) uncached()      {}
func (*walker) opaque(Keyed)   {}

// Replace returns n with every node for which f gives another in its place,
// sharing all that is left alone. f sees parents first; what it gives is not
// looked into. Columns of a FROM object that was rebuilt are those of the new one.
func Replace[N Node](n N, f func(Node) Node) N {
	r := &replacer{f: f, became: map[From]From{}}
	return r.replace(n).(N)
}

// WithBinds is n with the parameters now in the places of those that were.
func WithBinds[N Node](n N, were, now []*Bind) N {
	became := make(map[*Bind]*Bind, len(were))
	for i, b := range were {
		became[b] = now[i]
	}
	return Replace(n, func(n Node) Node {
		if b, ok := n.(*Bind); ok && became[b] != nil {
			return became[b]
		}
		return nil
	})
}

type replacer struct {
	f       func(Node) Node
	became  map[From]From // what each FROM object became
	changed bool
	depth   int
}

func (r *replacer) replace(n Node) Node {
	if f, ok := n.(From); ok {
		if done, ok := r.became[f]; ok {
			if done != f {
				r.changed = true
			}
			return done
		}
	}
	if x := r.f(n); x != nil {
		if x != n {
			r.changed = true
		}
		if f, ok := n.(From); ok {
			if t, ok := x.(From); ok {
				r.became[f] = t
			}
		}
		return x
	}
	if c, ok := n.(*Column); ok {
		return r.column(c)
	}
	if _, ok := n.(*Table); ok {
		return n
	}
	outer := r.changed
	r.changed = false
	copied := shallow(n)
	r.depth++
	CheckNesting(r.depth)
	copied.fields(r)
	r.depth--
	if !r.changed {
		r.changed = outer
		if f, ok := n.(From); ok {
			r.became[f] = f
		}
		return n
	}
	forget(copied)
	if f, ok := n.(From); ok {
		r.became[f] = copied.(From)
	}
	return copied
}

// column follows a column to the rebuilt FROM object that it is of.
func (r *replacer) column(c *Column) Node {
	if c.Table == nil {
		return c
	}
	outer := r.changed
	r.changed = false
	t, _ := r.replace(c.Table).(From)
	if !r.changed {
		r.changed = outer
		return c
	}
	if i := c.Table.Columns().Index(c); i >= 0 && i < t.Columns().Len() {
		return t.Columns().All()[i]
	}
	if n, ok := t.Columns().Corresponding(c); ok {
		return n
	}
	r.changed = outer
	return c
}

// shallow copies the struct that n points to.
func shallow(n Node) Node {
	v := reflect.ValueOf(n)
	c := reflect.New(v.Type().Elem())
	c.Elem().Set(v.Elem())
	return c.Interface().(Node)
}

// forget drops what was computed from the fields of the original.
func forget(n Node) {
	switch n := n.(type) {
	case *Select:
		n.froms = nil
	case *Join:
		n.cols = nil
	case *Alias:
		n.cols = nil
	case *CTE:
		n.cols = nil
	case *Values:
		n.cols = nil
	}
}

func (r *replacer) expr(e *Expr) {
	if *e != nil {
		if x, ok := r.replace(*e).(Expr); ok {
			*e = x
		}
	}
}
func (r *replacer) exprs(es *[]Expr) {
	out := make([]Expr, len(*es))
	copy(out, *es)
	for i := range out {
		r.expr(&out[i])
	}
	*es = out
}
func (r *replacer) from(f *From) {
	if *f != nil {
		if x, ok := r.replace(*f).(From); ok {
			*f = x
		}
	}
}
func (r *replacer) froms(fs *[]From) {
	out := make([]From, len(*fs))
	copy(out, *fs)
	for i := range out {
		r.from(&out[i])
	}
	*fs = out
}
func (r *replacer) node(n *Node) {
	if *n != nil {
		*n = r.replace(*n)
	}
}
func (r *replacer) nodes(ns *[]Node) {
	out := make([]Node, len(*ns))
	copy(out, *ns)
	for i := range out {
		r.node(&out[i])
	}
	*ns = out
}
func (r *replacer) statement(s *Statement) {
	if *s != nil {
		if x, ok := r.replace(*s).(Statement); ok {
			*s = x
		}
	}
}
func (*replacer) text(...string) {}
func (*replacer) name(Name)      {}
func (*replacer) typ(types.Type) {}
func (*replacer) op(*Operator)   {}
func (*replacer) flag(...bool)   {}
func (*replacer) number(int64)   {}
func (*replacer) self(any)       {}
func (*replacer) bind(*Bind)     {}
func (*replacer) uncached()      {}
func (*replacer) opaque(Keyed)   {}
