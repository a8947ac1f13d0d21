package compile

import (
	"alchemysh/core"
	"alchemysh/core/types"
)

// Dialect is what one database says differently. A dialect embeds Base and
// overrides what differs; the compiler calls it through this interface, so
// that an override of one clause is seen everywhere.
//
// The methods that take a *Compiler write to it. Those that return a bool
// report whether they wrote anything; false means "the usual way".
type Dialect interface {
	// Name is SQLAlchemy's: "sqlite", "postgresql", "mysql", "default".
	Name() string
	Features() *Features
	Quoting() *Quoting

	// TypeName is the type in CAST and in DDL.
	TypeName(t types.Type) (string, error)
	// Impl plans the conversions of a type's values.
	Impl(t types.Type) types.Impl

	// Binary writes an operator of two operands.
	Binary(c *Compiler, b *core.Binary) bool
	// Unary writes an operator of one operand.
	Unary(c *Compiler, u *core.Unary) bool
	// Function writes a function call.
	Function(c *Compiler, f *core.Func) bool
	// Cast writes CAST, or only its operand where the database cannot cast so.
	Cast(c *Compiler, x *core.Cast) bool
	// Extract writes EXTRACT.
	Extract(c *Compiler, x *core.Extract) bool
	// Distinct writes what stands between SELECT and the columns.
	Distinct(c *Compiler, s *core.Select)
	// Limit writes LIMIT, OFFSET and FETCH, with the newline before them.
	Limit(c *Compiler, l Limits)
	// Lock writes FOR UPDATE.
	Lock(c *Compiler, l *core.ForUpdate)
	// EmptySet is the inside of IN () without elements.
	EmptySet(p *Param) string
	// Upsert writes ON CONFLICT or ON DUPLICATE KEY UPDATE.
	Upsert(c *Compiler, s *core.Insert)
	// UpdateTables writes the tables after UPDATE and, in From, those of a
	// FROM clause after SET.
	UpdateFrom(c *Compiler, s *core.Update, extra []core.From)
	// DeleteFrom writes what follows the table of a DELETE that uses others.
	DeleteFrom(c *Compiler, s *core.Delete, extra []core.From)
	// TableSample, Values and other FROM objects.
	From(c *Compiler, f core.From) bool
	// Other writes any other expression that the database says differently.
	Other(c *Compiler, e core.Expr) bool
	// Collation writes the name after COLLATE.
	Collation(c *Compiler, name string)
	// FromHint adds a with_hint() to a table's name in FROM.
	FromHint(name, hint string) string
	// DefaultFrom stands for FROM in a SELECT without one: "" or " FROM DUAL".
	DefaultFrom(s *core.Select) string
	// JoinKeyword is the text between the sides of a join.
	JoinKeyword(j *core.Join) string
}

// Limits are the row-limiting parts of a query.
type Limits struct {
	Limit, Offset core.Expr
	Fetch         *core.Fetch
}

// Features answers the compiler's yes-or-no questions about a database.
type Features struct {
	Style ParamStyle // SQLAlchemy's style, in what is shown
	Wire  ParamStyle // the driver's

	NativeBoolean       bool // true and false are literals
	BooleanWords        bool // true and false can be written, though booleans are numbers
	DMLLimit            bool // UPDATE … LIMIT, DELETE … LIMIT
	MaxIdentifier       int  // longest identifier, in bytes
	LabelLength         int  // longest made-up name, 0: as MaxIdentifier
	MaxIndexName        int  // where it differs, 0: as MaxIdentifier
	MaxConstraintName   int
	DivIsFloorDiv       bool // integer / integer is an integer
	InsertReturning     bool
	UpdateReturning     bool
	DeleteReturning     bool
	InsertManyReturning bool // multi-row INSERT … RETURNING batches
	// AutoincrementOrder is how the rows of a batch are put in order by a key
	// that the server counts up.
	AutoincrementOrder   BatchOrder
	UseInsertManyValues  bool // batches without RETURNING too
	ReturningForSingle   bool // a single INSERT fetches its key by RETURNING, not by last row id
	MultiValuesInsert    bool
	DefaultValues        bool   // INSERT … DEFAULT VALUES
	DefaultValuesClause  string // "DEFAULT VALUES", or MySQL's "VALUES ()"
	EmptyInsert          bool
	DefaultToken         string // what stands in VALUES for a column's default, "" for nothing
	Sequences            bool
	SequencesOptional    bool // an optional sequence is not taken from
	ReturningBare        bool // RETURNING names columns without their tables
	NamedTypes           bool // CREATE TYPE
	OrderByLabel         bool // ORDER BY may name a label
	TupleIn              bool
	TupleInValues        bool // (a, b) IN (VALUES (…))
	ILike                bool
	ForUpdateTables      bool
	MultiTableUpdate     bool // UPDATE a, b SET …
	QualifySetColumns    bool // UPDATE … SET a.x = when several tables are updated
	IsDistinctFrom       bool
	CTEsBeforeDML        bool
	CTEFollowsInsert     bool // INSERT INTO … WITH … SELECT
	Subscripts           bool // x[i] of arrays
	NestedCompoundParens bool // (SELECT …) UNION (SELECT …)
	ExistsBare           bool
	RowcountSane         bool
	MultiRowcountSane    bool
	NativeDecimal        bool
	LateralNames         bool
	Upserts              []string // kinds of core.Upsert that it writes
	SharedParameters     bool     // equal expressions of a query must have the same placeholders
	FrameLiterals        bool     // the bounds of a window's frame cannot be placeholders
	MaxParams            int      // in one statement, 0: no limit
	InsertManyMaxRows    int
	StringDialect        bool // the default: prints anything, for people
	Comments             bool
	InlineComments       bool
	NativeEnum           bool
	NativeUUID           bool
	AlterConstraints     bool
	Schemas              bool
	DefaultSchema        string
	Identity             bool
	ServerSideCursors    bool
	CastInDivision       bool
	ConstraintComments   bool
	CountsAll            bool // the driver says 0, not -1, of statements that change no rows

	// WriteJSON and ReadJSON are those of Settings, nil for our own.
	WriteJSON func(v any) (string, error)
	ReadJSON  func(text string) (any, error)
}
