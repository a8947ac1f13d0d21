package types

import (
	"reflect"
	"testing"
)

// families are all structs that implement Type but the Decorator, whose
// functions have no key of their own.
func families() []Type {
	seen := map[reflect.Type]bool{}
	var all []Type
	for _, names := range classes {
		for _, c := range names {
			if !seen[c.family] {
				seen[c.family] = true
				all = append(all, reflect.New(c.family).Interface().(Type))
			}
		}
	}
	return all
}

func TestEveryFieldIsPartOfTheKey(t *testing.T) {
	if n := len(families()); n < 24 {
		t.Fatalf("only %d families", n)
	}
	for _, plain := range families() {
		typ := reflect.TypeOf(plain).Elem()
		for i := range typ.NumField() {
			for j, v := range mutants(typ.Field(i)) {
				c := reflect.New(typ)
				c.Elem().Set(reflect.ValueOf(plain).Elem())
				c.Elem().Field(i).Set(v)
				if got := c.Interface().(Type).Key(); got == plain.Key() {
					t.Errorf("%s.%s: mutant %d has the key %q of the original", typ.Name(), typ.Field(i).Name, j, got)
				}
			}
		}
	}
}

func mutants(f reflect.StructField) []reflect.Value {
	var out []reflect.Value
	for _, v := range []any{7, new(0), new(3), "x", true, []string{"a"}, []string{"a", "b"},
		Variants{"mysql": &Integer{}}, Type(&Boolean{}), []Type{&Boolean{}}, VARCHAR} {
		if r := reflect.ValueOf(v); r.Type().AssignableTo(f.Type) && f.Type.Kind() != reflect.Interface {
			out = append(out, r)
		}
	}
	if f.Type == reflect.TypeFor[Type]() {
		out = append(out, reflect.ValueOf(Type(&Boolean{})))
	} else if f.Type.Kind() == reflect.Interface {
		out = append(out, reflect.ValueOf("x"))
	}
	if len(out) == 0 {
		panic("no mutant for " + f.Type.String())
	}
	return out
}

func TestKeysDoNotRunTogether(t *testing.T) {
	pairs := [][2]Type{
		{&Enum{Enums: []string{"a,1:b"}}, &Enum{Enums: []string{"a", "b"}}},
		{&Enum{Enums: []string{"a"}, TypeName: `b|3:1"c`}, &Enum{Enums: []string{"a"}, TypeName: "b", Schema: "c"}},
		{&Numeric{Precision: 1, Scale: new(11)}, &Numeric{Precision: 11, Scale: new(1)}},
		{&ARRAY{Item: &ARRAY{Item: &Integer{}}}, &ARRAY{Item: &Integer{}, Dimensions: new(2)}},
		{&String{}, VARCHAR.Plain()},
		{VARCHAR.Plain(), Lookup("mysql", "VARCHAR").Plain()},
		{&JSON{}, Lookup("postgresql", "JSON").Plain()},
	}
	for _, p := range pairs {
		if p[0].Key() == p[1].Key() {
			t.Errorf("%s and %s share the key %q", p[0], p[1], p[0].Key())
		}
	}
	if a, b := (&String{Length: 5}).Key(), Lookup("", "String").Must(5).Key(); a != b {
		t.Errorf("equal types have the keys %q and %q", a, b)
	}
}

func TestDecoratorKeys(t *testing.T) {
	cached, loose := &Decoration{Name: "A", CacheOK: true}, &Decoration{Name: "A"}
	key := func(d *Decoration, impl Type, args string) string { return NewDecorator(d, impl, args).Key() }
	if a, b := key(cached, &String{}, ""), key(cached, &String{}, ""); a != b {
		t.Error("two instances of a cacheable class differ")
	}
	if key(cached, &String{}, "") == key(cached, &String{}, "1") || key(cached, &String{}, "") == key(cached, TEXT.Plain(), "") {
		t.Error("arguments or impl are not in the key")
	}
	if a, b := key(loose, &String{}, ""), key(loose, &String{}, ""); a == b {
		t.Error("two instances of a class that is not cacheable share a key")
	}
	if key(cached, &String{}, "") == key(&Decoration{Name: "A", CacheOK: true}, &String{}, "") {
		t.Error("two classes of one name share a key")
	}
}
