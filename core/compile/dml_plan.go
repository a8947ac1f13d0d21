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
	// LastRowID: the key of a single row is asked of the driver.
	LastRowID bool
	// MultipleValues: INSERT … VALUES (…), (…): no single inserted key.
	MultipleValues bool
	// SortByParameterOrder: rows of RETURNING must come in order of parameters.
	SortByParameterOrder bool
	// Batchable: the VALUES tuple can be repeated for many rows (insertmanyvalues).
	Batchable bool
	// SentinelColumns are the columns whose parameters or keys put RETURNING
	// rows in order.
	Sentinels  []*core.Column
	FromSelect bool
	// Upsert: the statement has ON CONFLICT or ON DUPLICATE KEY.
	Upsert bool
	// ColumnParams are the parameters of the VALUES or SET, by column key.
	ColumnParams map[string]int
}

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
