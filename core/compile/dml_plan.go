package compile

import "alchemysh/core"

// DML is what executing an INSERT, UPDATE or DELETE needs beyond its SQL.
type DML struct {
	Table *core.Table // nil for a target that is no table

	// Prefetch are columns whose default is computed before the statement
	// runs, once for each row, and stored in a parameter.
	Prefetch []Prefetch
	// Postfetch are columns that the database gave a value that is not known.
	Postfetch []*core.Column
	// PrimaryKey tells, for each primary key column of an INSERT's table, where
	// its value comes from.
	PrimaryKey []KeySource
	// Returning: RETURNING was asked for by the person; its columns are Results.
	Returning bool
	// ImplicitReturning: RETURNING was added to fetch keys and defaults
	// (ReturningColumns, in order); the person sees no rows of it.
	ImplicitReturning bool
	ReturningColumns  []core.Expr
	// MayReturn: keys and defaults were to be fetched by RETURNING. Several rows then
	// go as batches, even if it turns out that there is nothing to fetch.
	MayReturn bool
	// LastRowID: the key of a single row is asked of the driver.
	LastRowID bool
	// MultipleValues: INSERT … VALUES (…), (…): no single inserted key.
	MultipleValues bool
	// SortByParameterOrder: rows of RETURNING must come in order of parameters.
	SortByParameterOrder bool
	// Batchable: the VALUES tuple can be repeated for many rows (insertmanyvalues).
	Batchable bool
	// Order says how a batch keeps the rows of RETURNING in order.
	Order BatchOrder
	// SentinelResults are the places among Results of the columns that put the
	// rows in order; the last SentinelExtra of Results were added for that and
	// are not the person's.
	SentinelResults []int
	SentinelExtra   int
	// SentinelParams are the parameters with the same values, where the client
	// makes them; none where the server counts up.
	SentinelParams []int

	FromSelect bool
	// Upsert: the statement has ON CONFLICT or ON DUPLICATE KEY.
	Upsert bool
	// ColumnParams are the parameters of the VALUES or SET, by column key.
	ColumnParams map[string]int
}

// BatchOrder is how RETURNING of an INSERT of many rows gives them in order.
type BatchOrder uint8

// The ways to keep order.
const (
	NoOrder    BatchOrder = iota // none: one row at a time
	BySentinel                   // RenderBatch, and a column that tells the rows apart
	ByCounter                    // RenderOrderedBatch
)

// Prefetch is one default to compute.
type Prefetch struct {
	Column  *core.Column
	Default *core.Default
	Param   int
}

// KeySource is where a primary key column's value comes from: a parameter
// (Param >= 0), a RETURNING column (Result >= 0), the driver's last row id
// (Auto), else it is not known.
type KeySource struct {
	Column *core.Column
	Param  int
	Result int
	Auto   bool
}
