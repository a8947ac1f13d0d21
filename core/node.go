package core

import (
	"sync/atomic"

	"alchemysh/core/types"
)

// Node is one piece of a statement. The family is closed: its members are
// declared in this package and nowhere else.
type Node interface {
	// fields shows every field to v, in order. Walking, replacing and the
	// cache key derive from it.
	fields(v visitor)
}

// Expr is a node that has a value: what may stand in a column list or a
// condition.
type Expr interface {
	Node
	ExprType() types.Type
	exprNode()
}

// From is a node that rows come from: what may stand after FROM.
type From interface {
	Node
	// Columns are the columns it offers, `.c` in SQLAlchemy.
	Columns() *Columns
	fromNode()
}

// Statement is a node that can be executed.
type Statement interface {
	Node
	// ExecutionOptions are the options set with execution_options().
	ExecutionOptions() Options
	statementNode()
}

// Query is a statement that returns rows and can be nested: Select,
// CompoundSelect, TextualSelect.
type Query interface {
	Statement
	// Selected are the columns of its rows.
	Selected() []Expr
	queryNode()
}

func (*Column) exprNode()           {}
func (*Bind) exprNode()             {}
func (*Null) exprNode()             {}
func (*BoolConst) exprNode()        {}
func (*Text) exprNode()             {}
func (*Label) exprNode()            {}
func (*LabelRef) exprNode()         {}
func (*Cast) exprNode()             {}
func (*TypeCoerce) exprNode()       {}
func (*Case) exprNode()             {}
func (*Extract) exprNode()          {}
func (*Func) exprNode()             {}
func (*Over) exprNode()             {}
func (*Filter) exprNode()           {}
func (*WithinGroup) exprNode()      {}
func (*Unary) exprNode()            {}
func (*AsBool) exprNode()           {}
func (*Binary) exprNode()           {}
func (*BoolList) exprNode()         {}
func (*ExprList) exprNode()         {}
func (*Tuple) exprNode()            {}
func (*Array) exprNode()            {}
func (*Slice) exprNode()            {}
func (*Collation) exprNode()        {}
func (*ScalarSelect) exprNode()     {}
func (*ScalarValues) exprNode()     {}
func (*Grouping) exprNode()         {}
func (*Exists) exprNode()           {}
func (*Quantified) exprNode()       {}
func (*TableValued) exprNode()      {}
func (*FuncColumn) exprNode()       {}
func (*AggregateOrderBy) exprNode() {}
func (*NextValue) exprNode()        {}
func (*Annotated) exprNode()        {}
func (*Custom) exprNode()           {}

func (*Table) fromNode()         {}
func (*Join) fromNode()          {}
func (*Alias) fromNode()         {}
func (*CTE) fromNode()           {}
func (*Values) fromNode()        {}
func (*AnnotatedFrom) fromNode() {}

func (*Select) statementNode()         {}
func (*CompoundSelect) statementNode() {}
func (*TextualSelect) statementNode()  {}
func (*Text) statementNode()           {}
func (*Func) statementNode()           {}
func (*Insert) statementNode()         {}
func (*Update) statementNode()         {}
func (*Delete) statementNode()         {}
func (*NextValue) statementNode()      {}
func (*Custom) statementNode()         {}

func (*Select) queryNode()         {}
func (*CompoundSelect) queryNode() {}
func (*TextualSelect) queryNode()  {}

// Options are the execution options of a statement, connection or engine.
type Options map[string]any

// With returns the options with others laid over them; neither changes.
func (o Options) With(over Options) Options {
	if len(over) == 0 {
		return o
	}
	n := make(Options, len(o)+len(over))
	for k, v := range o {
		n[k] = v
	}
	for k, v := range over {
		n[k] = v
	}
	return n
}

// identity numbers a node on first use, for anonymous names. Copies keep the
// number: a rewritten node keeps its name.
type identity struct{ n uint64 }

var lastIdentity atomic.Uint64

func (i *identity) id() uint64 {
	if n := atomic.LoadUint64(&i.n); n != 0 {
		return n
	}
	n := lastIdentity.Add(1)
	if atomic.CompareAndSwapUint64(&i.n, 0, n) {
		return n
	}
	return atomic.LoadUint64(&i.n)
}

// serial numbers things in the order of their creation: tables, columns.
func serial() uint64 { return lastIdentity.Add(1) }
