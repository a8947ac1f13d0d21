// Package corelib is SQLAlchemy's expression language in Lua: the class tables
// of package core's nodes, and the functions that make them.
//
// A handful of readers (readers.go) say what may stand where: an expression, a
// FROM object, a column of a select, a type, a statement. Each takes what a
// person would give there and refuses the rest with SQLAlchemy's words. What a
// layer above puts there (a mapped class, its attributes) says what it stands
// for by being a Clauser.
package corelib

import (
	"alchemysh/luabind/bind"
)

// Install registers the classes and defines their globals.
func Install(s *bind.State) {
	s.Register(
		ClauseElement.Class, ColumnElement.Class, FromClause.Class, Executable.Class,
		columnClass.Class, labelClass.Class, functionClass.Class, overClass.Class, filterClass.Class, withinGroupClass.Class,
		textClass.Class, bindClass.Class, existsClass.Class, scalarSelectClass.Class, tupleClass.Class,
		tableClass.Class, joinClass.Class, aliasClass.Class, cteClass.Class, valuesClass.Class,
		selectClass.Class, compoundClass.Class, textualClass.Class, insertClass.Class, updateClass.Class, deleteClass.Class,
		columnsClass.Class, compiledClass.Class, dialectClass.Class, customOpClass.Class, funcPathClass.Class,
		metadataClass.Class, primaryKeyClass.Class, uniqueClass.Class, checkClass.Class, foreignKeyConstraintClass.Class, foreignKeyClass.Class,
		excludeClass.Class, indexClass.Class, sequenceClass.Class, identityClass.Class, computedClass.Class, defaultClass.Class,
		typeClassClass.Class, typeClass.Class, ddlClass.Class, quotedNameClass.Class, convClass.Class, customClassClass.Class, clauseListClass.Class,
	)
	s.AddClassMaker(makeDecoratorClass)
	s.AddClassMaker(makeComparatorClass)
	s.AddClassMaker(makeCustomClass)
	for _, c := range customBases {
		s.SetGlobal(c.Name, c)
	}
	installElements(s)
	installSelectables(s)
	installStatements(s)
	installFunctions(s)
	installSchema(s)
	installTypes(s)
	installDialects(s)
	installVisitors(s)
}
