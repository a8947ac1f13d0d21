package types

// Type describes what a column or an expression holds. A Type is an immutable
// value that names itself; how a particular database spells it in DDL and
// converts its values is the business of that database's dialect.
type Type interface {
	// Name is SQLAlchemy's class name: "Integer", "VARCHAR", "JSONB".
	Name() string
	// Affinity is the family that decides which operators apply.
	Affinity() Affinity
	// Key tells apart any two types that compile or convert differently. It is
	// part of every statement's cache key.
	Key() string
	// String is the type's repr: "String(length=50)", "INTEGER()".
	String() string
}

// Affinity is a family of types with the same operators.
type Affinity uint8

// The families, after SQLAlchemy's _type_affinity.
const (
	Unknown Affinity = iota // NullType: any operator, no conversion
	IntegerAffinity
	NumericAffinity // Numeric and Float
	StringAffinity
	BooleanAffinity
	DateAffinity
	TimeAffinity
	DateTimeAffinity
	IntervalAffinity
	BinaryAffinity
	JSONAffinity
	ArrayAffinity
	UuidAffinity
	EnumAffinity
	RangeAffinity
	MultirangeAffinity
	HstoreAffinity
	TupleAffinity
	TableValueAffinity
	OtherAffinity // INET, TSVECTOR …: compared, never computed with
)

// Convert turns one value into another: from the person's to the driver's, or
// back. It never sees nil unless its Impl says HandlesNull.
type Convert func(v any) (any, error)

// Impl is a type as one database handles it: a plan of conversions, made once
// per statement and run per row. A nil function passes values through.
type Impl struct {
	Type    Type
	Bind    Convert                     // value → driver
	Result  Convert                     // driver → value
	Literal func(v any) (string, error) // value → SQL text, quoted; nil: no literal form
	// BindCast is rendered after a parameter, as PostgreSQL's "::INTEGER"; "" for none.
	BindCast string
	// WireCast is rendered after a parameter in the text for the driver only,
	// where the server must be told what SQLAlchemy's driver shows by a literal.
	WireCast string
	// WireCastOf is the WireCast of one value, where it depends on that: a
	// parameter without a type, an integer that needs more than 32 bits.
	WireCastOf func(v any) string
	// OnNatural says that Result takes the value as the database's own type of
	// the column has it (the dialect's Natural), not as the driver gave it. A
	// column without a Result is read so too.
	OnNatural bool
	// HandlesNull says that Bind and Result want to see nil too (JSON null, decorators).
	HandlesNull bool
}
