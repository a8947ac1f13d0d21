package core

import "alchemysh/core/types"

// Bind is a bound parameter. A unique one is named by the compiler after its
// base (name_1, name_2 …); another keeps the name that the person gave it.
type Bind struct {
	identity
	Key      string // the given name, or the base of an anonymous one
	Unique   bool
	Value    any
	Callable func() any // computes the value at each execution
	Type     types.Type
	Required bool // no value was given: the execution must
	// Expanding: the value is a list, one parameter for each element (IN).
	Expanding bool
	ExpandOp  *Operator // the IN or NOT IN that an empty list is for
	// LiteralExecute: the value is rendered into the SQL when executed.
	LiteralExecute bool
	Quote          Quoting
	// Column names the parameter of an INSERT or UPDATE after its column.
	Crud bool
}

// ExprType is the parameter's type.
func (b *Bind) ExprType() types.Type { return b.Type }

// Name is the parameter's name, anonymous if it is unique or has none.
func (b *Bind) Name() Name {
	switch {
	case b.Unique:
		return anonymous(b.id(), Name(b.Key))
	case b.Key == "":
		return anonymous(b.id(), "param")
	}
	return Name(b.Key)
}

func (b *Bind) fields(v visitor) {
	if b.Unique || b.Key == "" {
		v.self(b)
	}
	v.text(b.Key)
	v.flag(b.Unique, b.Expanding, b.LiteralExecute, b.Required, b.Crud, b.Callable != nil)
	v.number(int64(b.Quote))
	v.op(b.ExpandOp)
	v.typ(b.Type)
	v.bind(b)
}

// Null is NULL.
type Null struct{ _ byte }

// BoolConst is the constant true or false.
type BoolConst struct{ Value bool }

// The constants: there is one of each.
var (
	NULL  = &Null{}
	True  = &BoolConst{true}
	False = &BoolConst{false}
)

func (*Null) ExprType() types.Type      { return nullType }
func (*BoolConst) ExprType() types.Type { return booleanType }
func (*Null) fields(visitor)            {}
func (b *BoolConst) fields(v visitor)   { v.flag(b.Value) }

// Text is a piece of SQL written by hand; :name in it is a parameter.
type Text struct {
	identity
	SQL     string
	Binds   []Expr // *Bind: those that were given a value or a type
	Type    types.Type
	Options Options
}

func (t *Text) ExprType() types.Type {
	if t.Type == nil {
		return nullType
	}
	return t.Type
}
func (t *Text) ExecutionOptions() Options { return t.Options }
func (t *Text) fields(v visitor)          { v.text(t.SQL); v.exprs(&t.Binds); v.typ(t.Type) }

// Label is an expression AS a name.
type Label struct {
	identity
	Name  Name
	X     Expr
	Type  types.Type // nil: X's
	Quote Quoting
}

func (l *Label) ExprType() types.Type {
	if l.Type != nil {
		return l.Type
	}
	return l.X.ExprType()
}
func (l *Label) fields(v visitor) {
	v.self(l)
	v.name(l.Name)
	v.expr(&l.X)
	v.typ(l.Type)
	v.number(int64(l.Quote))
}

// LabelRef is a label named in ORDER BY, GROUP BY or DISTINCT: by a string
// (Text) that the statement's columns resolve, or by an expression (X) that is
// written as its label if it is one of the statement's columns.
type LabelRef struct {
	Text string
	X    Expr
}

func (l *LabelRef) ExprType() types.Type {
	if l.X != nil {
		return l.X.ExprType()
	}
	return nullType
}
func (l *LabelRef) fields(v visitor) { v.text(l.Text); v.expr(&l.X) }

// Cast is CAST(X AS Type); Try makes it TRY_CAST.
type Cast struct {
	identity
	X    Expr
	Type types.Type
	Try  bool
}

func (c *Cast) ExprType() types.Type { return c.Type }
func (c *Cast) fields(v visitor)     { v.self(c); v.expr(&c.X); v.typ(c.Type); v.flag(c.Try) }

// TypeCoerce gives X another type for the program, none for the database.
type TypeCoerce struct {
	identity
	X    Expr
	Type types.Type
}

func (c *TypeCoerce) ExprType() types.Type { return c.Type }
func (c *TypeCoerce) fields(v visitor)     { v.self(c); v.expr(&c.X); v.typ(c.Type) }

// When is one branch of a Case.
type When struct{ If, Then Expr }

// Case is CASE [Value] WHEN … THEN … [ELSE …] END.
type Case struct {
	identity
	Value Expr // nil: a searched CASE
	Whens []When
	Else  Expr // nil: none
	Type  types.Type
}

func (c *Case) ExprType() types.Type { return c.Type }
func (c *Case) fields(v visitor) {
	v.self(c)
	v.expr(&c.Value)
	list(v, &c.Whens, func(w *When) { v.expr(&w.If); v.expr(&w.Then) })
	v.expr(&c.Else)
	v.typ(c.Type)
}

// Extract is EXTRACT(Field FROM X).
type Extract struct {
	identity
	Field string
	X     Expr
}

func (*Extract) ExprType() types.Type { return integerType }
func (e *Extract) fields(v visitor)   { v.self(e); v.text(e.Field); v.expr(&e.X) }

// Unary is an operator before X, or, as ordering (DESC, NULLS FIRST) after it.
type Unary struct {
	identity
	Op      *Operator
	Postfix bool
	X       Expr
	Type    types.Type
	// Wraps: in a column list it is named like the column it wraps.
	Wraps bool
}

func (u *Unary) ExprType() types.Type {
	if u.Type == nil {
		return nullType
	}
	return u.Type
}
func (u *Unary) fields(v visitor) {
	v.self(u)
	v.op(u.Op)
	v.flag(u.Postfix, u.Wraps)
	v.expr(&u.X)
	v.typ(u.Type)
}

// AsBool uses X, a boolean column or constant, as a condition: alone where the
// database has booleans, else X = 1 or X = 0.
type AsBool struct {
	identity
	Op *Operator // IsTrueOp or IsFalseOp
	X  Expr
}

func (*AsBool) ExprType() types.Type { return booleanType }
func (a *AsBool) fields(v visitor)   { v.self(a); v.op(a.Op); v.expr(&a.X) }

// Binary is Left Op Right.
type Binary struct {
	identity
	Op          *Operator
	Left, Right Expr
	Type        types.Type
	Modifiers   Modifiers
	// NoNegation: NOT of it is NOT (…), though its operator has a negation.
	NoNegation bool
}

// Modifiers vary an operator: LIKE … ESCAPE, MATCH flags, BETWEEN SYMMETRIC.
type Modifiers struct {
	Escape      string
	HasEscape   bool
	Flags       string
	Symmetric   bool
	Replacement Expr // of regexp_replace
	// Positions of the operands of a function compared as an operator.
	LeftIndex, RightIndex int
	// Against are the modes of MySQL's MATCH … AGAINST.
	Against AgainstMode
}

// AgainstMode is a set of modes of MATCH … AGAINST; the zero value is the
// default, boolean mode.
type AgainstMode uint8

// The modes. AgainstGiven says that they were chosen: alone it is none.
const (
	AgainstGiven AgainstMode = 1 << iota
	AgainstBoolean
	AgainstNatural
	AgainstExpansion
)

func (b *Binary) ExprType() types.Type {
	if b.Type == nil {
		return nullType
	}
	return b.Type
}
func (b *Binary) fields(v visitor) {
	v.self(b)
	v.op(b.Op)
	v.expr(&b.Left)
	v.expr(&b.Right)
	v.typ(b.Type)
	v.text(b.Modifiers.Escape, b.Modifiers.Flags)
	v.flag(b.Modifiers.HasEscape, b.Modifiers.Symmetric, b.NoNegation)
	v.expr(&b.Modifiers.Replacement)
	v.number(int64(b.Modifiers.LeftIndex))
	v.number(int64(b.Modifiers.RightIndex))
	v.number(int64(b.Modifiers.Against))
}

// BoolList is a AND b AND c, or the same with OR.
type BoolList struct {
	identity
	Op    *Operator
	Items []Expr
}

func (*BoolList) ExprType() types.Type { return booleanType }
func (l *BoolList) fields(v visitor)   { v.self(l); v.op(l.Op); v.exprs(&l.Items) }

// ExprList is a, b, c: the bounds of BETWEEN, arguments. Sep is CommaOp or
// another operator; Group puts it in parentheses.
type ExprList struct {
	identity
	Sep   *Operator
	Group bool
	Items []Expr
}

func (l *ExprList) ExprType() types.Type { return nullType }
func (l *ExprList) fields(v visitor)     { v.op(l.Sep); v.flag(l.Group); v.exprs(&l.Items) }

// Tuple is (a, b, c), compared as a whole.
type Tuple struct {
	identity
	Items []Expr
	Type  types.Type
}

func (t *Tuple) ExprType() types.Type { return t.Type }
func (t *Tuple) fields(v visitor)     { v.self(t); v.exprs(&t.Items); v.typ(t.Type) }

// Array is PostgreSQL's ARRAY[a, b, c].
type Array struct {
	identity
	Items []Expr
	Type  types.Type
}

func (a *Array) ExprType() types.Type { return a.Type }
func (a *Array) fields(v visitor)     { v.self(a); v.exprs(&a.Items); v.typ(a.Type) }

// Slice is start:stop inside an array's brackets.
type Slice struct{ Start, Stop, Step Expr }

func (*Slice) ExprType() types.Type { return nullType }
func (s *Slice) fields(v visitor)   { v.expr(&s.Start); v.expr(&s.Stop); v.expr(&s.Step) }

// Collation is the name after COLLATE.
type Collation struct{ Name string }

func (*Collation) ExprType() types.Type { return nullType }
func (c *Collation) fields(v visitor)   { v.text(c.Name) }

// Grouping is an expression in parentheses of its own.
type Grouping struct{ X Expr }

// ExprType is that of the expression.
func (g *Grouping) ExprType() types.Type { return g.X.ExprType() }
func (g *Grouping) fields(v visitor)     { v.expr(&g.X) }

// SelfGroup is e.self_group(): in parentheses where an operator beside it could
// take it apart.
func SelfGroup(e Expr) Expr {
	switch x := Plain(e).(type) {
	case *Binary:
		if x.Op.Binds(nil) {
			return &Grouping{X: e}
		}
	case *BoolList:
		if len(x.Items) > 1 {
			return &Grouping{X: e}
		}
	case *Unary:
		if !x.Postfix && x.Op.Binds(nil) {
			return &Grouping{X: e}
		}
	case *TypeCoerce:
		if in := SelfGroup(x.X); in != x.X {
			n := *x
			n.X = in
			return &n
		}
	}
	return e
}

// ScalarValues is VALUES in the place of a list of values.
type ScalarValues struct {
	Of   From // a *Values
	Type types.Type
}

// NewScalarValues is v.scalar_values(): of the type of its columns.
func NewScalarValues(v *Values) *ScalarValues {
	if len(v.ColumnArgs) == 1 {
		return &ScalarValues{Of: v, Type: v.ColumnArgs[0].ExprType()}
	}
	t := &types.TupleType{}
	for _, c := range v.ColumnArgs {
		t.Types = append(t.Types, c.ExprType())
	}
	return &ScalarValues{Of: v, Type: t}
}

// ExprType is that of the column, or of the tuple of columns.
func (s *ScalarValues) ExprType() types.Type { return s.Type }
func (s *ScalarValues) fields(v visitor) {
	v.from(&s.Of)
	v.typ(s.Type)
}

// ScalarSelect is a query in the place of one value.
type ScalarSelect struct {
	identity
	Query Query
	Type  types.Type
}

func (s *ScalarSelect) ExprType() types.Type { return s.Type }
func (s *ScalarSelect) fields(v visitor) {
	v.self(s)
	query(v, &s.Query)
	v.typ(s.Type)
}

// Exists is EXISTS (query).
type Exists struct {
	identity
	Query Query
}

func (*Exists) ExprType() types.Type { return booleanType }
func (e *Exists) fields(v visitor)   { v.self(e); query(v, &e.Query) }

// Quantified is ANY (X) or ALL (X), the right side of a comparison.
type Quantified struct {
	identity
	Op   *Operator // AnyOp, AllOp
	X    Expr
	Type types.Type
}

func (q *Quantified) ExprType() types.Type { return q.Type }
func (q *Quantified) fields(v visitor)     { v.self(q); v.op(q.Op); v.expr(&q.X); v.typ(q.Type) }

// TableValued names a table-valued function's alias, or a table, as one
// column: the `x` of SELECT x FROM f() AS x.
type TableValued struct {
	identity
	Of   From
	Type types.Type
}

func (t *TableValued) ExprType() types.Type { return t.Type }
func (t *TableValued) fields(v visitor)     { v.self(t); v.from(&t.Of); v.typ(t.Type) }

// FuncColumn is one column of a function's composite result: (f()).name.
type FuncColumn struct {
	identity
	Fn   Expr
	Name string
	Type types.Type
}

func (f *FuncColumn) ExprType() types.Type { return f.Type }
func (f *FuncColumn) fields(v visitor)     { v.self(f); v.expr(&f.Fn); v.text(f.Name); v.typ(f.Type) }

// AggregateOrderBy is an argument of an aggregate with its own ORDER BY.
type AggregateOrderBy struct {
	identity
	X  Expr
	By []Expr
}

func (a *AggregateOrderBy) ExprType() types.Type { return a.X.ExprType() }
func (a *AggregateOrderBy) fields(v visitor)     { v.self(a); v.expr(&a.X); v.exprs(&a.By) }

// Annotated carries a note of a layer above (the ORM) on an expression. Core
// looks through it and never at the note.
type Annotated struct {
	X    Expr
	Note Keyed
	// ProxyKey, if set, is the key under which a subquery offers the column.
	ProxyKey string
}

func (a *Annotated) ExprType() types.Type { return a.X.ExprType() }
func (a *Annotated) fields(v visitor)     { v.expr(&a.X); v.text(a.ProxyKey); v.opaque(a.Note) }

// Own is the slot of the note for what a binding layer adds; nil where it has
// none.
func (a *Annotated) Own() *any {
	if n, ok := a.Note.(interface{ Own() *any }); ok {
		return n.Own()
	}
	return nil
}

// Plain looks through annotations.
func Plain(e Expr) Expr {
	for {
		a, ok := e.(*Annotated)
		if !ok {
			return e
		}
		e = a.X
	}
}

// Custom is a construct from outside: `class Foo(ColumnElement)` with its own
// @compiles function.
type Custom struct {
	identity
	Class *CustomClass
	// Name is what it is called in the columns of a select: as a function with a
	// number, or, for a Column, as it is.
	Name   string
	Column bool
	Args   []Expr
	Type   types.Type
	Data   any // the binding layer's object
	Option Options
}

// CustomClass is what constructs of one kind share: a name and how to compile.
type CustomClass struct {
	Name   string
	Serial uint64
	// Render writes the construct.
	Render func(c *Custom, w Writer)
}

func (c *Custom) ExprType() types.Type {
	if c.Type == nil {
		return nullType
	}
	return c.Type
}
func (c *Custom) ExecutionOptions() Options { return c.Option }
func (c *Custom) fields(v visitor) {
	v.self(c)
	v.number(int64(c.Class.Serial))
	v.text(c.Name)
	v.flag(c.Column)
	v.exprs(&c.Args)
	v.typ(c.Type)
}

// query shows a Query field.
func query(v visitor, q *Query) {
	s := Statement(*q)
	if *q == nil {
		s = nil
	}
	v.statement(&s)
	if s == nil {
		*q = nil
	} else if n, ok := s.(Query); ok && n != *q {
		*q = n
	}
}

// Writer is what a custom construct writes itself with.
type Writer interface {
	RuleWriter
	Node(Node)
	// WriteMarked writes text, and what its marks stand for.
	WriteMarked(text string)
}
