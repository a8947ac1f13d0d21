package core

import "alchemysh/core/types"

// Operator is one row of the operator table: how it is written, how tightly it
// binds and what negates it. The predeclared operators are compared by pointer;
// op() makes new ones.
type Operator struct {
	Name       string // SQLAlchemy's name: "eq", "like_op"
	Symbol     string // as infix text with its blanks, or prefix/postfix for unary ones
	Precedence int
	// Natural: a op (b op c) needs no parentheses.
	Natural bool
	// Comparison: the result is boolean and NULL, true, false stand bare.
	Comparison bool
	// Negation is the operator that NOT turns it into; nil: NOT (…).
	Negation *Operator
	// Eager: the whole expression stands in parentheses beside any other operator.
	Eager bool

	// Custom operators, from op().
	Custom bool
	Result types.Type // nil: by the left side's type
}

const (
	smallest = -100
	largest  = 100
)

// The operators, by SQLAlchemy's names.
var (
	AndOp = &Operator{Name: "and_", Symbol: " AND ", Precedence: 3, Natural: true, Comparison: true}
	OrOp  = &Operator{Name: "or_", Symbol: " OR ", Precedence: 2, Natural: true, Comparison: true}

	AddOp      = &Operator{Name: "add", Symbol: " + ", Precedence: 7, Natural: true}
	SubOp      = &Operator{Name: "sub", Symbol: " - ", Precedence: 7}
	MulOp      = &Operator{Name: "mul", Symbol: " * ", Precedence: 8, Natural: true}
	DivOp      = &Operator{Name: "truediv", Symbol: " / ", Precedence: 8}
	FloorDivOp = &Operator{Name: "floordiv", Symbol: " / ", Precedence: 8}
	ModOp      = &Operator{Name: "mod", Symbol: " % ", Precedence: 8}
	NegOp      = &Operator{Name: "neg", Symbol: "-", Precedence: 8}
	ConcatOp   = &Operator{Name: "concat_op", Symbol: " || ", Precedence: 5, Natural: true}

	BitAndOp    = &Operator{Name: "bitwise_and_op", Symbol: " & ", Precedence: 7}
	BitOrOp     = &Operator{Name: "bitwise_or_op", Symbol: " | ", Precedence: 7}
	BitXorOp    = &Operator{Name: "bitwise_xor_op", Symbol: " ^ ", Precedence: 7}
	BitNotOp    = &Operator{Name: "bitwise_not_op", Symbol: "~", Precedence: 8}
	LeftShiftOp = &Operator{Name: "bitwise_lshift_op", Symbol: " << ", Precedence: 7}
	RightShift  = &Operator{Name: "bitwise_rshift_op", Symbol: " >> ", Precedence: 7}

	EqOp  = &Operator{Name: "eq", Symbol: " = ", Precedence: 5, Comparison: true}
	NeOp  = &Operator{Name: "ne", Symbol: " != ", Precedence: 5, Comparison: true}
	LtOp  = &Operator{Name: "lt", Symbol: " < ", Precedence: 5, Comparison: true}
	LeOp  = &Operator{Name: "le", Symbol: " <= ", Precedence: 5, Comparison: true}
	GtOp  = &Operator{Name: "gt", Symbol: " > ", Precedence: 5, Comparison: true}
	GeOp  = &Operator{Name: "ge", Symbol: " >= ", Precedence: 5, Comparison: true}
	IsOp  = &Operator{Name: "is_", Symbol: " IS ", Precedence: 5, Comparison: true}
	IsNot = &Operator{Name: "is_not", Symbol: " IS NOT ", Precedence: 5, Comparison: true}

	IsDistinctOp    = &Operator{Name: "is_distinct_from", Symbol: " IS DISTINCT FROM ", Precedence: 5, Comparison: true}
	IsNotDistinctOp = &Operator{Name: "is_not_distinct_from", Symbol: " IS NOT DISTINCT FROM ", Precedence: 5, Comparison: true}

	LikeOp     = &Operator{Name: "like_op", Symbol: " LIKE ", Precedence: 5, Comparison: true}
	NotLikeOp  = &Operator{Name: "not_like_op", Symbol: " NOT LIKE ", Precedence: 5, Comparison: true}
	ILikeOp    = &Operator{Name: "ilike_op", Symbol: " ILIKE ", Precedence: 5, Comparison: true}
	NotILikeOp = &Operator{Name: "not_ilike_op", Symbol: " NOT ILIKE ", Precedence: 5, Comparison: true}

	StartsWithOp     = &Operator{Name: "startswith_op", Symbol: " LIKE ", Precedence: smallest, Comparison: true}
	NotStartsWithOp  = &Operator{Name: "not_startswith_op", Symbol: " NOT LIKE ", Precedence: smallest, Comparison: true}
	EndsWithOp       = &Operator{Name: "endswith_op", Symbol: " LIKE ", Precedence: smallest, Comparison: true}
	NotEndsWithOp    = &Operator{Name: "not_endswith_op", Symbol: " NOT LIKE ", Precedence: smallest, Comparison: true}
	ContainsOp       = &Operator{Name: "contains_op", Symbol: " LIKE ", Precedence: smallest, Comparison: true}
	NotContainsOp    = &Operator{Name: "not_contains_op", Symbol: " NOT LIKE ", Precedence: smallest, Comparison: true}
	IStartsWithOp    = &Operator{Name: "istartswith_op", Symbol: " ILIKE ", Precedence: smallest, Comparison: true}
	NotIStartsWithOp = &Operator{Name: "not_istartswith_op", Symbol: " NOT ILIKE ", Precedence: smallest, Comparison: true}
	IEndsWithOp      = &Operator{Name: "iendswith_op", Symbol: " ILIKE ", Precedence: smallest, Comparison: true}
	NotIEndsWithOp   = &Operator{Name: "not_iendswith_op", Symbol: " NOT ILIKE ", Precedence: smallest, Comparison: true}
	IContainsOp      = &Operator{Name: "icontains_op", Symbol: " ILIKE ", Precedence: smallest, Comparison: true}
	NotIContainsOp   = &Operator{Name: "not_icontains_op", Symbol: " NOT ILIKE ", Precedence: smallest, Comparison: true}

	InOp         = &Operator{Name: "in_op", Symbol: " IN ", Precedence: 5, Comparison: true}
	NotInOp      = &Operator{Name: "not_in_op", Symbol: " NOT IN ", Precedence: 5, Comparison: true}
	BetweenOp    = &Operator{Name: "between_op", Symbol: " BETWEEN ", Precedence: 5, Comparison: true}
	NotBetweenOp = &Operator{Name: "not_between_op", Symbol: " NOT BETWEEN ", Precedence: 5, Comparison: true}

	MatchOp          = &Operator{Name: "match_op", Symbol: " MATCH ", Precedence: 5, Comparison: true}
	NotMatchOp       = &Operator{Name: "not_match_op", Symbol: " NOT MATCH ", Precedence: 5, Comparison: true}
	RegexpMatchOp    = &Operator{Name: "regexp_match_op", Symbol: " <regexp> ", Precedence: 5, Comparison: true}
	NotRegexpMatchOp = &Operator{Name: "not_regexp_match_op", Symbol: " <not regexp> ", Precedence: 5, Comparison: true}
	RegexpReplaceOp  = &Operator{Name: "regexp_replace_op", Symbol: " <regexp replace> ", Precedence: 5}

	CollateOp    = &Operator{Name: "collate", Symbol: " COLLATE ", Precedence: 4}
	GetItemOp    = &Operator{Name: "getitem", Symbol: "[", Precedence: 15, Natural: true}
	JSONItemOp   = &Operator{Name: "json_getitem_op", Symbol: " -> ", Precedence: 15, Natural: true}
	JSONPathOp   = &Operator{Name: "json_path_getitem_op", Symbol: " #> ", Precedence: 15, Natural: true}
	FuncAsBinary = &Operator{Name: "function_as_comparison_op", Precedence: 15, Comparison: true}
	CommaOp      = &Operator{Name: "comma_op", Symbol: ", ", Precedence: -1}
	AsOp         = &Operator{Name: "as_", Symbol: " AS ", Precedence: -1}
	ExistsOp     = &Operator{Name: "exists", Symbol: "EXISTS ", Precedence: 0}
	DistinctOp   = &Operator{Name: "distinct_op", Symbol: "DISTINCT ", Precedence: 5}
	NotOp        = &Operator{Name: "inv", Symbol: "NOT ", Precedence: 5}
	IsTrueOp     = &Operator{Name: "is_true", Precedence: 5, Comparison: true}
	IsFalseOp    = &Operator{Name: "is_false", Precedence: 5, Comparison: true}
	AnyOp        = &Operator{Name: "any_op", Symbol: "ANY ", Precedence: 15}
	AllOp        = &Operator{Name: "all_op", Symbol: "ALL ", Precedence: 15}
	DescOp       = &Operator{Name: "desc_op", Symbol: " DESC", Precedence: 3}
	AscOp        = &Operator{Name: "asc_op", Symbol: " ASC", Precedence: 3}
	NullsFirstOp = &Operator{Name: "nulls_first_op", Symbol: " NULLS FIRST", Precedence: smallest}
	NullsLastOp  = &Operator{Name: "nulls_last_op", Symbol: " NULLS LAST", Precedence: smallest}
	FilterOp     = &Operator{Name: "filter_op", Precedence: 6}
	// AsConditionOp stands for a lone criterion in WHERE or ON.
	AsConditionOp = &Operator{Name: "_asbool", Precedence: -10}
)

func init() {
	for _, pair := range [][2]*Operator{
		{EqOp, NeOp}, {LtOp, GeOp}, {LeOp, GtOp}, {IsOp, IsNot}, {IsDistinctOp, IsNotDistinctOp},
		{LikeOp, NotLikeOp}, {ILikeOp, NotILikeOp}, {InOp, NotInOp}, {BetweenOp, NotBetweenOp},
		{StartsWithOp, NotStartsWithOp}, {EndsWithOp, NotEndsWithOp}, {ContainsOp, NotContainsOp},
		{IStartsWithOp, NotIStartsWithOp}, {IEndsWithOp, NotIEndsWithOp}, {IContainsOp, NotIContainsOp},
		{MatchOp, NotMatchOp}, {RegexpMatchOp, NotRegexpMatchOp}, {IsTrueOp, IsFalseOp},
	} {
		pair[0].Negation, pair[1].Negation = pair[1], pair[0]
	}
}

// mirrors gives the operator for exchanged sides: 5 < x is x > 5.
var mirrors = map[*Operator]*Operator{EqOp: EqOp, NeOp: NeOp, LtOp: GtOp, GtOp: LtOp, LeOp: GeOp, GeOp: LeOp}

// Mirror returns the comparison with its sides exchanged, nil if op has none.
func (o *Operator) Mirror() *Operator { return mirrors[o] }

// Binds reports whether an expression of operator o needs parentheses as an
// operand of against (nil: stands alone).
func (o *Operator) Binds(against *Operator) bool {
	if against == nil {
		return o.Precedence <= largest
	}
	if o == against && o.Natural {
		return false
	}
	if against.Precedence == smallest { // not in SQLAlchemy's table: binds everything
		return true
	}
	return o.Precedence <= against.Precedence
}
