package orm

import (
	"fmt"
	"reflect"
	"testing"
	"unsafe"

	"alchemysh/core"
	"alchemysh/core/types"
)

// Every field of an option, an attribute and an entity must be part of the key
// of a statement that has it, as core's test demands of every node: a forgotten
// one would load one statement's objects in the manner of another's.
func TestPlanKeySeesEveryField(t *testing.T) {
	m := &Mapper{serial: 1, Definition: Definition{Name: "M"}}
	e := &Entity{Mapper: m, serial: 1}
	attr := func() *Attr { return &Attr{Entity: e, Key: "a"} }
	keyOf := func(n core.Keyed) string {
		key, _, ok := core.Key(&core.Select{Notes: []core.Keyed{n}})
		if !ok {
			return fmt.Sprintf("%p", n)
		}
		return key
	}
	load := func(spec loadSpec, e loadElement) *Load {
		e.spec = &spec
		return &Load{elements: []loadElement{e}}
	}
	// What a field can be seen by is another one: an entity by its serial.
	outside := map[string]string{
		"Attr.Prop":              "there is one of the entity and key; a change of the mapping changes all keys",
		"Attr.serial":            "criteria are in the key themselves; in an option the serial is",
		"loadElement.spec":       "a case of its own",
		"loadSpec.serial":        "counts with an expression",
		"loadSpec.expr":          "its serial counts",
		"LoaderCriteria.Mapper":  "the serial counts: criteria are not changed once made",
		"LoaderCriteria.Mappers": "the serial counts", "LoaderCriteria.Criteria": "the serial counts",
		"LoaderCriteria.IncludeAliases": "the serial counts", "LoaderCriteria.NoPropagate": "the serial counts",
	}
	spec := loadSpec{expr: core.True, serial: 1}
	cases := []struct {
		of   any // whose fields change
		note func(of any) core.Keyed
	}{
		{attr(), func(of any) core.Keyed { return of.(*Attr) }},
		{&loadSpec{}, func(of any) core.Keyed { return load(*of.(*loadSpec), loadElement{}) }},
		{&loadElement{path: []*Attr{attr()}}, func(of any) core.Keyed { return load(loadSpec{}, *of.(*loadElement)) }},
		{&LoaderCriteria{serial: 1}, func(of any) core.Keyed { return of.(*LoaderCriteria) }},
	}
	for _, c := range cases {
		base := keyOf(c.note(c.of))
		v := reflect.ValueOf(c.of).Elem()
		for n := range v.NumField() {
			field := v.Type().Field(n)
			if outside[v.Type().Name()+"."+field.Name] != "" {
				continue
			}
			changed := reflect.New(v.Type())
			changed.Elem().Set(v)
			f := changed.Elem().Field(n)
			f = reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
			other := &Entity{Mapper: m, serial: 2}
			switch f.Interface().(type) {
			case bool:
				f.SetBool(!f.Bool())
			case string:
				f.SetString(f.String() + "!")
			case int, uint64:
				f.Set(reflect.ValueOf(7).Convert(f.Type()))
			case *Entity:
				f.Set(reflect.ValueOf(other))
			case []core.Expr:
				f.Set(reflect.ValueOf([]core.Expr{core.True}))
			case []*Attr:
				f.Set(reflect.ValueOf([]*Attr{{Entity: other, Key: "a"}}))
			case []*Mapper:
				f.Set(reflect.ValueOf([]*Mapper{m}))
			case nil: // an interface
				f.Set(reflect.ValueOf(true))
			default:
				t.Errorf("%s.%s: the test does not know how to change a %s", v.Type().Name(), field.Name, f.Type())
				continue
			}
			if keyOf(c.note(changed.Interface())) == base {
				t.Errorf("%s.%s is not part of the key", v.Type().Name(), field.Name)
			}
		}
	}
	again := spec
	again.serial = 2
	if keyOf(load(spec, loadElement{})) == keyOf(load(again, loadElement{})) {
		t.Error("two expressions of options have one key")
	}
	with := func(a *Attr, serial uint64) *Attr {
		a.And, a.serial = []core.Expr{core.True}, serial
		return a
	}
	if keyOf(load(loadSpec{}, loadElement{path: []*Attr{with(attr(), 1)}})) == keyOf(load(loadSpec{}, loadElement{path: []*Attr{with(attr(), 2)}})) {
		t.Error("criteria of two options have one key")
	}
	if _, _, ok := core.Key(&core.Select{Notes: []core.Keyed{&LoaderCriteria{Varies: true}}}); ok {
		t.Error("criteria that vary have a key")
	}
	alias := func(name string) core.Keyed {
		return &fromSelf{alias: core.NewAlias(core.NewTable(name, core.NewMetaData(), "", core.NewColumn("a", &types.Integer{})), "")}
	}
	if keyOf(alias("x")) == keyOf(alias("y")) {
		t.Error("unions of two tables have one key")
	}
}
