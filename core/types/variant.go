package types

import (
	"maps"
	"reflect"
	"slices"

	"alchemysh/core/exc"
)

// Variants are the types that stand in for a type on some databases, by the
// dialect's name.
type Variants map[string]Type

func sortedKeys(v Variants) []string { return slices.Sorted(maps.Keys(v)) }

// WithVariant returns t with another type for the named dialects.
func WithVariant(t, variant Type, dialects ...string) (Type, error) {
	if len(dialects) == 0 {
		return nil, exc.New(exc.ArgumentError, "At least one dialect name is required")
	}
	v := reflect.ValueOf(t)
	field := reflect.Value{}
	if v.Kind() == reflect.Pointer {
		field = v.Elem().FieldByName("Variants")
	}
	if !field.IsValid() {
		return nil, exc.New(exc.ArgumentError, "%s takes no variants", t.Name())
	}
	if len(variantsOf(variant)) > 0 {
		return nil, exc.New(exc.ArgumentError, "can't pass a type that already has variants as a dialect-level type to with_variant()")
	}
	old := field.Interface().(Variants)
	now := maps.Clone(old)
	if now == nil {
		now = Variants{}
	}
	for _, d := range dialects {
		if _, ok := old[d]; ok {
			return nil, exc.New(exc.ArgumentError, "Dialect %s is already present in the mapping for this %s", Quote(d), t.String())
		}
		now[d] = variant
	}
	c := reflect.New(v.Elem().Type())
	c.Elem().Set(v.Elem())
	c.Elem().FieldByName("Variants").Set(reflect.ValueOf(now))
	return c.Interface().(Type), nil
}

func variantsOf(t Type) Variants {
	v := reflect.ValueOf(t)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil
	}
	f := v.Elem().FieldByName("Variants")
	if !f.IsValid() {
		return nil
	}
	return f.Interface().(Variants)
}

// Variant is the type that t is on the named dialect: its variant, else t.
func Variant(t Type, dialect string) Type {
	if h, ok := t.(interface{ variants() Variants }); ok {
		if v := h.variants()[dialect]; v != nil {
			return v
		}
		return t
	}
	return t
}
