package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/enginelib"
	"alchemysh/orm"
)

func init() {
	corelib.Above.Resolve = func(v any) any {
		switch x := v.(type) {
		case *orm.Entity:
			return x.Node()
		case *orm.Mapper:
			return x.Entity().Node()
		case *orm.Query:
			return bind.Must(x.Statement())
		case *object:
			if e, ok := x.compared(); ok {
				return e
			}
		}
		return v
	}
	corelib.Above.Plain = orm.PlainNode
	corelib.Above.Written = orm.Written
	corelib.Above.FilterBy = filterByOf
	corelib.Above.Assign = assignHybrid
	orm.TextOf = func(n core.Node) string {
		c, err := compile.Compile(compile.Default(), n, compile.Options{})
		if err != nil {
			return err.Error()
		}
		return c.String()
	}
}

// Install defines the names of SQLAlchemy's ORM.
func Install(s *bind.State) {
	s.Register(
		registryClass.Class, dataclassFieldClass.Class, classClass.Class, objectClass.Class, instanceClass.Class,
		bundleClass.Class, comparedAttrClass.Class, attrClass.Class, entityClass.Class, mappedColumnClass.Class, columnPropertyClass.Class, relationshipClass.Class, directionClass.Class, backrefClass.Class,
		synonymClass.Class, compositeClass.Class, validatorClass.Class, declaredAttrClass.Class, accessorClass.Class, boundClass.Class, indexPropertyClass.Class, hybridClass.Class, hybridMethodClass.Class,
		proxyDescriptorClass.Class, proxyAttrClass.Class, proxiedClass.Class, listClass.Class, setClass.Class, keyFuncDictClass.Class, collectionClass.Class, collectionRoleClass.Class, collectionKindClass.Class,
		shardedClass.Class, sessionClass.Class, transactionClass.Class, identitySetClass.Class, identityMapClass.Class, noAutoflushClass.Class,
		makerClass.Class, begunClass.Class, scopedClass.Class, loadClass.Class, loaderCriteriaClass.Class, queryClass.Class,
		stateClass.Class, attributeStateClass.Class, historyClass.Class, noValueClass.Class, namedClass.Class, mapperClass.Class,
		streamClass.Class, executeStateClass.Class, tokenClass.Class, dictClass.Class, bulkContextClass.Class, bulkValuesClass.Class, mutableClass.Class, mutableKindClass.Class,
	)
	s.AddClassMaker(makeClass)
	s.AddInstanceTest(func(v, class any) (is, ok bool) {
		k, ok := class.(*Class)
		if !ok {
			return false, false
		}
		switch x := v.(type) {
		case *object:
			return x.class.derives(k), true
		case *orm.Instance:
			c := classOf(x.Mapper())
			return c != nil && c.derives(k), true
		}
		if own := bind.OwnOf(v); own != nil {
			c, ok := own.Class.Script.(*Class)
			return ok && c.derives(k), true
		}
		return false, true
	})
	enginelib.AddSource(s, ormEvents)
	enginelib.AddInspection(s, func(_ *bind.Call, x any) (any, bool, error) {
		v, ok := inspectORM(x)
		return v, ok, nil
	})
	s.Global(
		registryClass.Class, sessionClass.Class, makerClass.Class, scopedClass.Class, shardedClass.Class, mapperClass.Class, queryClass.Class,
		declarativeBase, activeRecordBase, automapBase, generateRelationship, classnameForTable, nameForScalarRelationship, nameForCollectionRelationship, mappedColumnFunc, validates, declaredAttrClass.Class, accessorClass.Class, classMethod, staticMethod, columnPropertyFunc, deferredFunc, queryExpression,
		synonymFunc, compositeFunc, relationshipFunc, backrefFunc, hybridFunc, hybridMethodFunc, proxyFunc, indexPropertyFunc,
		aliasedFunc, withPolymorphicFunc, withParentFunc, bundleClass.Class, polymorphicUnionFunc,
	)
	s.Global(optionList...)
	s.Global(objectFunctions...)
	s.Global(collectionList...)
	s.Global(listClass.Class, setClass.Class, keyFuncDictClass.Class, collectionNamespace())
	s.SetGlobal("MappedCollection", keyFuncDictClass.Class)
	s.Global(roles...)
	installNames(s)
	installComparators(s)
	s.SetGlobal("ConcreteBase", &Class{Name: "ConcreteBase", abstract: true, body: map[string]lua.LValue{}, kind: concreteBase})
	s.SetGlobal("AbstractConcreteBase", &Class{Name: "AbstractConcreteBase", abstract: true, body: map[string]lua.LValue{}, kind: abstractConcrete})
	installBases(s)
	installDataclasses(s)
	installMutables(s)
}

// optionList and collectionList are made once, for all states.
var (
	optionList     = optionFunctions()
	collectionList = collectionFunctions()
)
