package postgresql

import (
	"alchemysh/core/compile"
	"alchemysh/core/ddl"
	"alchemysh/core/engine"
)

// Dialect is PostgreSQL.
type Dialect struct {
	driver string // that the URL names
	compile.Base
	ddl.Standard
	// ServerVersion is server_version_num, 0 before the first connection.
	ServerVersion int
	// standardStrings: the server takes a backslash in '…' as it is.
	standardStrings bool
	features        compile.Features
	cancel          *engine.Canceller
}

// New makes the dialect of a current PostgreSQL.
func New() *Dialect {
	return &Dialect{features: compile.Features{
		Style: compile.PyFormat, Wire: compile.Dollar,
		NativeBoolean:        true,
		Subscripts:           true,
		MaxIdentifier:        63,
		DivIsFloorDiv:        true,
		InsertReturning:      true,
		UpdateReturning:      true,
		DeleteReturning:      true,
		InsertManyReturning:  true,
		AutoincrementOrder:   compile.ByCounter,
		UseInsertManyValues:  true,
		ReturningForSingle:   true,
		MultiValuesInsert:    true,
		DefaultValues:        true,
		DefaultValuesClause:  "DEFAULT VALUES",
		EmptyInsert:          true,
		DefaultToken:         "DEFAULT",
		Sequences:            true,
		SequencesOptional:    true,
		NamedTypes:           true,
		OrderByLabel:         true,
		TupleIn:              true,
		ILike:                true,
		ForUpdateTables:      true,
		IsDistinctFrom:       true,
		CTEsBeforeDML:        true,
		NestedCompoundParens: true,
		ExistsBare:           true,
		RowcountSane:         true,
		MultiRowcountSane:    true,
		NativeDecimal:        true,
		LateralNames:         true,
		SharedParameters:     true,
		Upserts:              []string{"postgresql", "sqlite"},
		MaxParams:            32700,
		InsertManyMaxRows:    1000,
		Comments:             true,
		ConstraintComments:   true,
		NativeEnum:           true,
		NativeUUID:           true,
		AlterConstraints:     true,
		Schemas:              true,
		DefaultSchema:        "public",
		Identity:             true,
		ServerSideCursors:    true,
	}}
}

// Name is "postgresql".
func (*Dialect) Name() string { return "postgresql" }

// Features are PostgreSQL's answers.
func (d *Dialect) Features() *compile.Features { return &d.features }

var quoting = compile.Quoting{Open: `"`, Close: `"`, Reserved: reserved}

// Quoting is the standard's, with PostgreSQL's list of words.
func (*Dialect) Quoting() *compile.Quoting { return &quoting }
