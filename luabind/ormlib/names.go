package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// reconstructor is reconstructor(f): what runs when an object is loaded.
type reconstructor struct{ f *bind.Callback }

func (r *reconstructor) onObject(*bind.Call, lua.LValue, string) (any, error) {
	return r.f.Value(), nil
}

func (r *reconstructor) onClass(*bind.Call, view, string) (any, error) { return r.f.Value(), nil }

func (r *reconstructor) assign(_ *bind.Call, self lua.LValue, name string, _ lua.LValue) error {
	return exc.New(exc.AttributeError, "the method '%s' of '%s' cannot be assigned", name, nameOfClass(self))
}

var reconstructorClass = bind.Define[*reconstructor]("reconstructor", "A method that runs when an object is loaded.").With(func(c *bind.Class) { c.Identity = true })

// mapsOf is the registry of mapper(): one of each state.
type mapsKey struct{}

func imperativeRegistry(s *bind.State) *registry {
	r, ok := s.Kept[mapsKey{}].(*registry)
	if !ok {
		r = newRegistry(s, core.NewMetaData())
		s.Kept[mapsKey{}] = r
	}
	return r
}

// classDecorator is what as_declarative{…} and its kin give: a function of a class.
func classDecorator(a *bind.Args, name string, f func(c *bind.Call, k *Class) (any, error)) any {
	return a.State.Function(bind.Func(name+"(cls)", "The class.", name+"(cls)", func(a *bind.Args) (any, error) {
		k := bind.Get[*Class](a, "cls")
		if k == nil {
			return nil, exc.New(exc.ArgumentError, "%s takes a class", name)
		}
		return f(a.Call, k)
	}))
}

// asBase makes a class the declarative base of a registry.
func asBase(r *registry, k *Class) *Class {
	k.registry, k.abstract = r, true
	return k
}

var nameFunctions = []any{
	bind.Func("reconstructor(fn)", "A method that runs when an object is loaded, as __init__ does when one is made.", `on_load = reconstructor(function(self) self.cache = {} end)`, func(a *bind.Args) (any, error) {
		return &reconstructor{a.Function("fn")}, nil
	}),
	bind.Func("synonym_for(name, map_column=false)", "Another name of an attribute, that a function answers for on objects: synonym_for(name)(function).", `label = synonym_for("name")(function(self) return self.name:upper() end)`, func(a *bind.Args) (any, error) {
		s := &orm.Synonym{Target: a.String("name"), MapColumn: a.Bool("map_column")}
		return a.State.Function(bind.Func("synonym_for(fn)", "The function.", `synonym_for("name")(f)`, func(a *bind.Args) (any, error) {
			s.Descriptor = &accessor{get: a.Function("fn")}
			return s, nil
		})), nil
	}),
	bind.Func("add_mapped_attribute(target, key, attr)", "Add an attribute to a mapped class: User.key = attr.", `add_mapped_attribute(User, "nick", Column(String))`, func(a *bind.Args) (any, error) {
		_, err := setClassAttr(a.Call, bind.Get[*Class](a, "target"), a.String("key"), a.Lua("attr"))
		return nil, err
	}),
	bind.Func("has_inherited_table(cls)", "Whether a base of the class has a table.", "has_inherited_table(User)", func(a *bind.Args) (any, error) {
		for _, b := range bind.Get[*Class](a, "cls").mro()[1:] {
			if b.tableNode() != nil {
				return true, nil
			}
		}
		return false, nil
	}),
	bind.Func("as_declarative(metadata=nil, class_registry{}=nil, type_annotation_map{}=nil, **kw)", "Make a class of one's own the declarative base: as_declarative()(class).", `Base = as_declarative()(class("Base", nil, {}))`, func(a *bind.Args) (any, error) {
		r := newRegistry(a.State, bind.Get[*core.MetaData](a, "metadata"))
		return classDecorator(a, "as_declarative", func(_ *bind.Call, k *Class) (any, error) { return asBase(r, k), nil }), nil
	}),
	bind.Func("declarative_mixin(cls)", "A mixin: the class itself.", "declarative_mixin(class(\"M\", nil, {}))", func(a *bind.Args) (any, error) {
		return a.Lua("cls"), nil
	}),
	bind.Func("mapper(class_, local_table=nil, *, properties{}=nil, **kw)", "Map a class that is kept apart from its table, as SQLAlchemy 1.x spells registry():map_imperatively().", `mapper(class("Person", nil, {}), users)`, func(a *bind.Args) (any, error) {
		return mapImperatively(imperativeRegistry(a.State), a)
	}),
	bind.Func("dynamic_loader(argument, **kw)", `relationship() with lazy = "dynamic".`, `posts = dynamic_loader("Post")`, func(a *bind.Args) (any, error) {
		t := a.L.NewTable()
		for _, k := range a.Keywords() {
			t.RawSetString(k.Name, k.Value)
		}
		t.RawSetString("argument", a.Lua("argument"))
		t.RawSetString("lazy", lua.LString("dynamic"))
		return relationshipFunc.CallWith(a.Call, t)
	}),
	bind.Func("instance_state(instance)", "The state of an object.", "instance_state(user).persistent", func(a *bind.Args) (any, error) {
		return &stateOf{instanceOf(a, "instance")}, nil
	}),
	bind.Func("count_from_0(index, collection)", "Positions from 0, for ordering_list's ordering_func.", `ordering_list("position", {ordering_func = count_from_0})`, func(a *bind.Args) (any, error) {
		return a.Int("index"), nil
	}),
	bind.Func("count_from_1(index, collection)", "Positions from 1, for ordering_list's ordering_func.", `ordering_list("position", {ordering_func = count_from_1})`, func(a *bind.Args) (any, error) {
		return a.Int("index") + 1, nil
	}),
}

// installNames gives further public names to what is there.
func installNames(s *bind.State) {
	s.Register(reconstructorClass.Class)
	s.Global(nameFunctions...)
	for name, class := range map[string]*bind.Class{
		"InstrumentedAttribute": attrClass.Class, "QueryableAttribute": attrClass.Class,
		"ColumnProperty": columnPropertyClass.Class, "RelationshipProperty": relationshipClass.Class, "Relationship": relationshipClass.Class,
		"RelationshipDirection": directionClass.Class, "SynonymProperty": synonymClass.Class, "CompositeProperty": compositeClass.Class, "InstanceState": stateClass.Class,
		"SessionTransaction": transactionClass.Class, "IdentityMap": identityMapClass.Class, "ORMExecuteState": executeStateClass.Class,
		"History": historyClass.Class, "InstrumentedList": collectionClass.Class, "WriteOnlyCollection": streamClass.Class, "AppenderQuery": streamClass.Class,
		"MappedColumn": mappedColumnClass.Class, "AliasedClass": entityClass.Class,
	} {
		s.SetGlobal(name, class)
	}
	for _, d := range directions {
		s.SetGlobal(d.String(), d)
	}
	s.SetGlobal("NO_VALUE", noValue{})
	s.SetGlobal("NEVER_SET", noValue{})
	attributes := bind.NewNamespace("attributes", "Attributes of objects, by name.")
	for _, list := range [][]any{objectFunctions, nameFunctions} {
		for _, m := range list {
			switch f := m.(*bind.Function); f.Name {
			case "flag_modified", "flag_dirty", "set_attribute", "get_attribute", "del_attribute", "set_committed_value", "get_history", "instance_state":
				attributes.Add(f)
			}
		}
	}
	attributes.Set("NO_VALUE", noValue{})
	attributes.Set("History", historyClass.Class)
	attributes.Set("InstrumentedAttribute", attrClass.Class)
	attributes.Set("QueryableAttribute", attrClass.Class)
	s.Global(attributes)
}
