package types

import (
	"iter"
	"reflect"
)

// Object is a JSON object: names and values in the order they came in. The
// zero value is the empty object.
type Object struct {
	names  []string
	values map[string]any
	bare   bool
}

// EmptyTable is an empty Lua table, which does not say whether it is a list or
// an object. It is an Object, but JSON takes it for a list.
func EmptyTable() Object { return Object{bare: true} }

// NewObject returns the object with these names and values in turn:
// NewObject("a", 1, "b", nil).
func NewObject(pairs ...any) Object {
	var o Object
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// Set stores a value; a name that is there keeps its place. Copies of an
// Object share its values, so Set is only for whoever builds it.
func (o *Object) Set(name string, v any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = v
}

// Get returns the value and whether the name is there.
func (o Object) Get(name string) (any, bool) {
	v, ok := o.values[name]
	return v, ok
}

// is reports whether two are one object, not only equal.
func (o Object) is(p Object) bool {
	return reflect.ValueOf(o.values).Pointer() == reflect.ValueOf(p.values).Pointer() && len(o.names) == len(p.names)
}

// Len is the number of names.
func (o Object) Len() int { return len(o.names) }

// Names are the names in order; the caller does not change them.
func (o Object) Names() []string { return o.names }

// All ranges over names and values in order.
func (o Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, n := range o.names {
			if !yield(n, o.values[n]) {
				return
			}
		}
	}
}

type jsonNull struct{}

// JSONNull is JSON's null as a value to store, where nil may mean SQL's NULL:
// SQLAlchemy's JSON.NULL.
var JSONNull = jsonNull{}
