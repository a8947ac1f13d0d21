package core

import (
	"encoding/binary"
	"strings"

	"alchemysh/core/types"
)

// Key is the structure of a statement as text, and its parameters in order.
// Statements of equal keys compile to the same SQL; the values of the one stand
// in the places of the other's. ok is false for what cannot be cached.
func Key(n Node) (key string, binds []*Bind, ok bool) {
	k := &keyer{ok: true, selves: map[any]int64{}, buf: make([]byte, 0, 256)}
	k.visit(n)
	return string(k.buf), k.binds, k.ok
}

// keyer writes every field in turn, each self-delimiting, so that no two
// structures write the same bytes.
type keyer struct {
	buf    []byte
	binds  []*Bind
	ok     bool
	selves map[any]int64
	marks  map[string]int64
	depth  int
}

// kind is a byte for each type of node.
func kind(n Node) byte {
	switch n.(type) {
	case *Column:
		return 1
	case *Bind:
		return 2
	case *Null:
		return 3
	case *BoolConst:
		return 4
	case *Text:
		return 5
	case *Label:
		return 6
	case *LabelRef:
		return 7
	case *Cast:
		return 8
	case *TypeCoerce:
		return 9
	case *Case:
		return 10
	case *Extract:
		return 11
	case *Func:
		return 12
	case *Over:
		return 13
	case *Filter:
		return 14
	case *WithinGroup:
		return 15
	case *Unary:
		return 16
	case *AsBool:
		return 17
	case *Binary:
		return 18
	case *BoolList:
		return 19
	case *ExprList:
		return 20
	case *Tuple:
		return 21
	case *Array:
		return 22
	case *Slice:
		return 23
	case *Collation:
		return 24
	case *ScalarSelect:
		return 25
	case *ScalarValues:
		return 34
	case *Grouping:
		return 35
	case *Exists:
		return 26
	case *Quantified:
		return 27
	case *TableValued:
		return 28
	case *FuncColumn:
		return 29
	case *AggregateOrderBy:
		return 30
	case *NextValue:
		return 31
	case *Annotated:
		return 32
	case *Custom:
		return 33
	case *Table:
		return 40
	case *Join:
		return 41
	case *Alias:
		return 42
	case *CTE:
		return 43
	case *Values:
		return 44
	case *AnnotatedFrom:
		return 45
	case *Select:
		return 50
	case *CompoundSelect:
		return 51
	case *TextualSelect:
		return 52
	case *Insert:
		return 53
	case *Update:
		return 54
	case *Delete:
		return 55
	}
	return 0
}

func (k *keyer) visit(n Node) {
	b := kind(n)
	k.buf = append(k.buf, b)
	if b == 0 { // DDL and the like: compiled anew each time
		k.ok = false
		return
	}
	if f, isFrom := n.(From); isFrom && b != 40 {
		// The second mention of a FROM object is only its number.
		if i, seen := k.selves[f]; seen {
			k.number(i)
			return
		}
		i := int64(len(k.selves) + 1)
		k.selves[f] = i
		k.number(-i)
	}
	k.depth++
	CheckNesting(k.depth)
	n.fields(k)
	k.depth--
}

func (k *keyer) expr(e *Expr) {
	if *e == nil {
		k.buf = append(k.buf, 255)
		return
	}
	k.visit(*e)
}
func (k *keyer) exprs(es *[]Expr) {
	k.number(int64(len(*es)))
	for i := range *es {
		k.expr(&(*es)[i])
	}
}
func (k *keyer) from(f *From) {
	if *f == nil {
		k.buf = append(k.buf, 255)
		return
	}
	k.visit(*f)
}
func (k *keyer) froms(fs *[]From) {
	k.number(int64(len(*fs)))
	for i := range *fs {
		k.from(&(*fs)[i])
	}
}
func (k *keyer) node(n *Node) {
	if *n == nil {
		k.buf = append(k.buf, 255)
		return
	}
	k.visit(*n)
}
func (k *keyer) nodes(ns *[]Node) {
	k.number(int64(len(*ns)))
	for i := range *ns {
		k.node(&(*ns)[i])
	}
}
func (k *keyer) statement(s *Statement) {
	if *s == nil {
		k.buf = append(k.buf, 255)
		return
	}
	k.visit(*s)
}
func (k *keyer) text(ss ...string) {
	k.number(int64(len(ss)))
	for _, s := range ss {
		k.number(int64(len(s)))
		k.buf = append(k.buf, s...)
	}
}

// name writes an anonymous name by the order in which its parts are met: two
// statements built alike have equal keys though their things are different.
func (k *keyer) name(n Name) {
	if !n.IsAnonymous() {
		k.text(string(n))
		return
	}
	s := string(n)
	for {
		i := strings.IndexByte(s, anonOpen)
		if i < 0 {
			break
		}
		k.text(s[:i])
		end := i + strings.IndexByte(s[i:], anonClose)
		if end < i { // a name that has such a character itself
			break
		}
		mark := s[i+1 : end]
		if k.marks == nil {
			k.marks = map[string]int64{}
		}
		no, ok := k.marks[mark]
		if !ok {
			no = int64(len(k.marks) + 1)
			k.marks[mark] = no
		}
		k.number(no)
		k.text(mark[strings.IndexByte(mark, ' ')+1:])
		s = s[end+1:]
	}
	k.text(s)
}
func (k *keyer) typ(t types.Type) {
	if t == nil {
		k.buf = append(k.buf, 255)
		return
	}
	k.text(t.Key())
}
func (k *keyer) op(o *Operator) {
	if o == nil {
		k.buf = append(k.buf, 255)
		return
	}
	k.text(o.Name)
	if o.Custom {
		k.text(o.Symbol)
		k.number(int64(o.Precedence))
		k.flag(o.Natural, o.Comparison, o.Eager)
	}
}
func (k *keyer) flag(fs ...bool) {
	for _, f := range fs {
		if f {
			k.buf = append(k.buf, 1)
		} else {
			k.buf = append(k.buf, 0)
		}
	}
}
func (k *keyer) number(n int64) { k.buf = binary.AppendVarint(k.buf, n) }

// self numbers nodes in the order of their first mention, so that one node
// that stands twice differs from two that are alike.
func (k *keyer) self(x any) {
	i, seen := k.selves[x]
	if !seen {
		i = int64(len(k.selves) + 1)
		k.selves[x] = i
	}
	k.number(i)
}
func (k *keyer) bind(b *Bind) { k.binds = append(k.binds, b) }
func (k *keyer) uncached()    { k.ok = false }
func (k *keyer) opaque(o Keyed) {
	if o == nil {
		k.buf = append(k.buf, 255)
		return
	}
	text := o.CacheKey()
	if text == "" {
		k.ok = false
	}
	k.text(text)
	if parts, ok := o.(KeyedNodes); ok {
		nodes := parts.KeyNodes()
		k.nodes(&nodes)
	}
}
