package core

import "alchemysh/core/types"

// Func is a function call: func.name(args), with an optional package path.
type Func struct {
	identity
	Package []string
	Name    string
	Quote   Quoting
	Args    []Expr
	Type    types.Type
	// Bare functions are written without parentheses: CURRENT_TIMESTAMP.
	Bare bool
	// Ordinality: WITH ORDINALITY, of a table-valued function.
	Ordinality bool
	// Aggregate order, of aggregate_strings and the like.
	OrderBy []Expr
	Options Options
}

func (f *Func) ExprType() types.Type      { return f.Type }
func (f *Func) ExecutionOptions() Options { return f.Options }
func (f *Func) fields(v visitor) {
	v.self(f)
	v.text(f.Package...)
	v.text(f.Name)
	v.number(int64(f.Quote))
	v.exprs(&f.Args)
	v.typ(f.Type)
	v.flag(f.Bare, f.Ordinality)
	v.exprs(&f.OrderBy)
}

// Frame is the ROWS, RANGE or GROUPS of a window: bounds counted from the
// current row, before it negative; nil is unbounded.
type Frame struct {
	Unit       string // "ROWS", "RANGE", "GROUPS"; "" for none
	Start, End *int64
	// Exclude is the EXCLUDE clause, "" for none.
	Exclude string
}

// Over is a function over a window.
type Over struct {
	identity
	X           Expr
	PartitionBy []Expr
	OrderBy     []Expr
	Frame       Frame
	// The bounds as parameters, in the order in which they are written.
	StartBind, EndBind Expr
}

func (o *Over) ExprType() types.Type { return o.X.ExprType() }
func (o *Over) fields(v visitor) {
	v.self(o)
	v.expr(&o.X)
	v.exprs(&o.PartitionBy)
	v.exprs(&o.OrderBy)
	v.text(o.Frame.Unit, o.Frame.Exclude)
	for _, b := range []*int64{o.Frame.Start, o.Frame.End} {
		switch {
		case b == nil:
			v.number(2)
		case *b < 0:
			v.number(-1)
		case *b > 0:
			v.number(1)
		default:
			v.number(0)
		}
	}
	v.expr(&o.StartBind)
	v.expr(&o.EndBind)
}

// Filter is an aggregate with FILTER (WHERE …).
type Filter struct {
	identity
	X     Expr
	Where Expr
}

func (f *Filter) ExprType() types.Type { return f.X.ExprType() }
func (f *Filter) fields(v visitor)     { v.self(f); v.expr(&f.X); v.expr(&f.Where) }

// WithinGroup is an ordered-set aggregate: f() WITHIN GROUP (ORDER BY …).
type WithinGroup struct {
	identity
	X       Expr
	OrderBy []Expr
}

func (w *WithinGroup) ExprType() types.Type {
	if f, ok := w.X.(*Func); ok && len(w.OrderBy) > 0 {
		switch f.Name { // these return a value of what they order
		case "percentile_cont", "percentile_disc", "mode":
			return w.OrderBy[0].ExprType()
		}
	}
	return w.X.ExprType()
}
func (w *WithinGroup) fields(v visitor) { v.self(w); v.expr(&w.X); v.exprs(&w.OrderBy) }
