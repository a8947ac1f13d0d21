package luabind

import (
	"strings"

	"alchemysh/luabind/bind"
)

// resultTable names the class of what functions, methods and attributes give,
// where it is always the same: completion after a call and the definitions for
// editors read it.
const resultTable = `
select insert update delete -> Select Insert Update Delete
union union_all intersect intersect_all except_ except_all -> CompoundSelect
text exists aliased create_engine sessionmaker -> TextClause Exists AliasedClass Engine sessionmaker
join outerjoin alias subquery cte values -> Join Join Alias Alias CTE Values
func literal literal_column cast case label and_ or_ not_ -> ColumnElement
joinedload selectinload subqueryload lazyload immediateload raiseload noload contains_eager defer undefer load_only defaultload -> Load
scoped_session declarative_base -> scoped_session Base

Engine:connect Engine:begin Engine:execute Engine:raw_connection -> Connection Connection CursorResult _ConnectionFairy
Engine:execution_options Engine.url Engine.pool Engine.dialect -> Engine URL Pool Dialect
Connection:execute Connection:exec_driver_sql Connection:scalars -> CursorResult CursorResult ScalarResult
Connection:begin Connection:begin_nested Connection:begin_twophase Connection:get_transaction -> Transaction
Connection:execution_options Connection.engine -> Connection Engine
CursorResult:scalars CursorResult:mappings CursorResult:columns CursorResult:unique CursorResult:yield_per CursorResult:tuples -> ScalarResult MappingResult CursorResult CursorResult CursorResult CursorResult
CursorResult:first CursorResult:one CursorResult:one_or_none CursorResult:fetchone CursorResult:freeze -> Row Row Row Row FrozenResult
ScalarResult:unique ScalarResult:yield_per MappingResult:unique MappingResult:yield_per MappingResult:columns -> ScalarResult ScalarResult MappingResult MappingResult MappingResult
MappingResult:first MappingResult:one MappingResult:one_or_none MappingResult:fetchone -> RowMapping

Session:query Session:execute Session:scalars Session:connection Session:get_transaction -> Query CursorResult ScalarResult Connection SessionTransaction
Session:begin Session:begin_nested Session.identity_map Session.new Session.dirty Session.deleted -> SessionTransaction SessionTransaction IdentityMap IdentitySet IdentitySet IdentitySet
Query:subquery Query:cte Query:exists Query:scalar_subquery Query:as_scalar Query:label -> Alias CTE Exists ScalarSelect ScalarSelect Label

Select:subquery Select:alias Select:cte Select:scalar_subquery Select:as_scalar Select:label Select:exists -> Alias Alias CTE ScalarSelect ScalarSelect Label Exists
Select:union Select:union_all Select:intersect Select:intersect_all Select:except_ Select:except_all -> CompoundSelect
CompoundSelect:subquery CompoundSelect:alias CompoundSelect:cte CompoundSelect:scalar_subquery -> Alias Alias CTE ScalarSelect
Select:compile CompoundSelect:compile Insert:compile Update:compile Delete:compile Query:compile -> Compiled
Table:select Table:insert Table:update Table:delete Table:join Table:outerjoin Table:alias -> Select Insert Update Delete Join Join Alias
Table.c Table.columns Alias.c CTE.c Join.c Table.metadata Table.primary_key -> ColumnCollection ColumnCollection ColumnCollection ColumnCollection ColumnCollection MetaData PrimaryKeyConstraint
Column.table Column.type MetaData.tables -> Table TypeEngine FacadeDict
`

// builders are the classes whose other methods give such a value again.
var builders = map[string]bool{"Select": true, "CompoundSelect": true, "Insert": true, "Update": true, "Delete": true,
	"Query": true, "Load": true, "TextClause": true, "Exists": true}

// ends are the methods of builders that end the chain.
var ends = map[string]bool{"all": true, "fetch": true, "first": true, "one": true, "one_or_none": true, "scalar": true, "count": true,
	"get": true, "get_final_froms": true, "get_execution_options": true, "delete": true, "update": true}

// results is resultTable, read.
var results = func() map[string]string {
	m := map[string]string{}
	for line := range strings.SplitSeq(resultTable, "\n") {
		names, classes, ok := strings.Cut(line, " -> ")
		if !ok {
			continue
		}
		given := strings.Fields(classes)
		for i, n := range strings.Fields(names) {
			m[n] = given[min(i, len(given)-1)]
		}
	}
	return m
}()

// resultOf is the class of what a function gives, "" when it is not known: of a
// global by its name, of a method of a class.
func resultOf(class *bind.Class, name string, method bool) string {
	if class == nil {
		return results[name]
	}
	if class.Name == "func" { // func.lower(…)
		return "Function"
	}
	separator := "."
	if method {
		separator = ":"
	}
	if r := results[class.Name+separator+name]; r != "" {
		return r
	}
	if method && builders[class.Name] && !ends[name] {
		return class.Name
	}
	for _, b := range class.Bases {
		if r := resultOf(b, name, method); r != "" {
			return r
		}
	}
	if method && isOperator(class) {
		return "ColumnElement"
	}
	return ""
}

// isOperator says that a class is one of SQL expressions, whose methods give
// expressions.
func isOperator(class *bind.Class) bool { return class.Name == "ColumnOperators" }

// classNamed finds a bound class. Of two of one name the larger is meant: the
// other is the driver's.
func (s *State) classNamed(name string) *bind.Class {
	var found *bind.Class
	for _, c := range s.bind.Classes() {
		if c.Name == name && (found == nil || len(c.Names()) > len(found.Names())) {
			found = c
		}
	}
	return found
}
