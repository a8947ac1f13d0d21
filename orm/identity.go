package orm

import (
	"slices"
	"strconv"
	"strings"

	"alchemysh/core/types"
)

// Identity is what makes a row one object: the class at the root of the
// hierarchy and the primary key.
type Identity struct {
	Base   *Mapper
	Values []any
	Token  any // of the shard, if there is one
	id     identityKey
}

// identityKey is an Identity as a map key.
type identityKey struct {
	base  *Mapper
	first any
	rest  string
}

// NewIdentity makes the identity of a primary key.
func (m *Mapper) NewIdentity(values []any, token any) *Identity {
	k := &Identity{Base: m.identity, Values: values, Token: token}
	k.id.base = m.identity
	k.id.first = comparable1(values[0])
	if len(values) > 1 || token != nil {
		var b strings.Builder
		for _, v := range values[1:] {
			b.WriteString(keyText(v))
			b.WriteByte(0)
		}
		if token != nil {
			b.WriteByte(1)
			b.WriteString(keyText(token))
		}
		k.id.rest = b.String()
	}
	return k
}

// comparable1 is a value that equals another's exactly if the values are equal.
func comparable1(v any) any {
	switch v := v.(type) {
	case int64, string, bool, nil:
		return v
	case float64:
		if v == float64(int64(v)) {
			return int64(v)
		}
		return v
	}
	return keyText(v)
}

func keyText(v any) string {
	switch v := v.(type) {
	case int64:
		return "i" + strconv.FormatInt(v, 10)
	case string:
		return "s" + v
	case float64:
		if v == float64(int64(v)) {
			return "i" + strconv.FormatInt(int64(v), 10)
		}
	}
	return "r" + types.Repr(v)
}

// Equal reports whether two identities are the same.
func (k *Identity) Equal(o *Identity) bool { return o != nil && k.id == o.id }

// identityMap holds the persistent objects of a session.
type identityMap struct {
	byKey    map[identityKey]*Instance
	order    []*Instance // in order of arrival; with gaps
	modified *instanceSet
}

func newIdentityMap() *identityMap {
	return &identityMap{byKey: map[identityKey]*Instance{}, modified: newInstanceSet()}
}

func (m *identityMap) get(k identityKey) *Instance { return m.byKey[k] }

func (m *identityMap) contains(i *Instance) bool {
	return i.key != nil && m.byKey[i.key.id] == i
}

func (m *identityMap) put(i *Instance) {
	if m.byKey[i.key.id] == i {
		return
	}
	m.byKey[i.key.id] = i
	if len(m.order) > 2*len(m.byKey)+64 {
		m.order = slices.DeleteFunc(m.order, func(x *Instance) bool { return x.key == nil || m.byKey[x.key.id] != x })
	}
	m.order = append(m.order, i)
}

func (m *identityMap) discard(i *Instance) {
	if i.key != nil && m.byKey[i.key.id] == i {
		delete(m.byKey, i.key.id)
	}
	m.modified.remove(i)
}

// all lists the objects in order of arrival.
func (m *identityMap) all() []*Instance {
	out := make([]*Instance, 0, len(m.byKey))
	seen := make(map[*Instance]struct{}, len(m.byKey))
	for _, i := range m.order {
		if _, dup := seen[i]; !dup && i.key != nil && m.byKey[i.key.id] == i {
			seen[i] = struct{}{}
			out = append(out, i)
		}
	}
	return out
}

// instanceSet is a set of objects that remembers the order of addition.
type instanceSet struct {
	at   map[*Instance]int
	list []*Instance
}

func newInstanceSet() *instanceSet { return &instanceSet{at: map[*Instance]int{}} }

func (s *instanceSet) add(i *Instance) {
	if _, ok := s.at[i]; !ok {
		s.at[i] = len(s.list)
		s.list = append(s.list, i)
	}
}

func (s *instanceSet) remove(i *Instance) {
	n, ok := s.at[i]
	if !ok {
		return
	}
	delete(s.at, i)
	s.list[n] = nil
	if len(s.list) > 32 && len(s.list) > 2*len(s.at) {
		kept := s.list[:0]
		for _, x := range s.list {
			if x != nil {
				s.at[x] = len(kept)
				kept = append(kept, x)
			}
		}
		s.list = kept
	}
}

func (s *instanceSet) has(i *Instance) bool { _, ok := s.at[i]; return ok }
func (s *instanceSet) len() int             { return len(s.at) }
func (s *instanceSet) clear()               { s.at, s.list = map[*Instance]int{}, nil }

func (s *instanceSet) items() []*Instance {
	out := make([]*Instance, 0, len(s.at))
	for _, i := range s.list {
		if i != nil {
			out = append(out, i)
		}
	}
	return out
}

// String is the identity as SQLAlchemy shows it.
func (k *Identity) String() string {
	token := "nil"
	if k.Token != nil {
		token = types.Repr(k.Token)
	}
	vals := types.Repr(k.Values)
	vals = "(" + strings.Trim(vals, "{}") + ")"
	if len(k.Values) == 1 {
		vals = strings.TrimSuffix(vals, ")") + ",)"
	}
	return "(<class '" + k.Base.Name + "'>, " + vals + ", " + token + ")"
}
