package types

import (
	"reflect"
	"strconv"
)

// identify builds a Key: the class and every field that is not empty, each
// with its place in the struct and its length, so that no two types share one.
func identify(t Type) string {
	name := ClassOf(t).QualifiedName()
	v := reflect.ValueOf(t).Elem()
	var b []byte
	for i := 1; i < v.NumField(); i++ { // field 0 is the Class
		f := v.Field(i)
		if f.IsZero() {
			continue
		}
		if b == nil {
			b = append(make([]byte, 0, 64), name...)
		}
		b = append(b, '|')
		b = strconv.AppendInt(b, int64(i), 10)
		b = appendField(append(b, ':'), f)
	}
	if b == nil {
		return name
	}
	return string(b)
}

// appendField writes a field so that where it ends can be told from its start.
func appendField(b []byte, f reflect.Value) []byte {
	switch f.Kind() {
	case reflect.Int:
		return append(strconv.AppendInt(b, f.Int(), 10), ';')
	case reflect.String:
		return appendText(b, f.String())
	case reflect.Bool:
		return append(b, '1')
	case reflect.Pointer:
		if f.Type().Elem().Kind() == reflect.Int {
			return append(strconv.AppendInt(b, f.Elem().Int(), 10), ';')
		}
	case reflect.Interface:
		if t, ok := f.Interface().(Type); ok {
			return appendText(b, t.Key())
		}
		return appendText(b, HashKey(f.Interface()))
	case reflect.Slice:
		b = append(strconv.AppendInt(b, int64(f.Len()), 10), '[')
		for i := range f.Len() {
			b = appendField(b, f.Index(i))
		}
		return b
	case reflect.Map:
		variants := f.Interface().(Variants)
		b = append(strconv.AppendInt(b, int64(len(variants)), 10), '{')
		for _, dialect := range sortedKeys(variants) {
			b = appendText(appendText(b, dialect), variants[dialect].Key())
		}
		return b
	}
	panic("types: no key for a field of type " + f.Type().String())
}

func appendText(b []byte, s string) []byte {
	return append(append(strconv.AppendInt(b, int64(len(s)), 10), '"'), s...)
}
