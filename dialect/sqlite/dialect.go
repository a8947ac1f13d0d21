package sqlite

import (
	"alchemysh/core/compile"
	"alchemysh/core/ddl"
)

// Dialect is SQLite. Its fields are what a connection told; the zero values
// stand for the SQLite that this program carries.
type Dialect struct {
	driver string // that the URL names
	compile.Base
	ddl.Standard
	features compile.Features
}

// New makes the dialect of the SQLite inside this program.
func New() *Dialect {
	return &Dialect{features: compile.Features{
		DefaultToken: "NULL", // which the key of a new row may be given
		Upserts:      []string{"sqlite", "postgresql"},
		Style:        compile.QMark, Wire: compile.QMark,
		MaxIdentifier:       9999,
		DivIsFloorDiv:       true,
		InsertReturning:     true,
		UpdateReturning:     true,
		DeleteReturning:     true,
		InsertManyReturning: true,
		MultiValuesInsert:   true,
		DefaultValues:       true,
		ReturningBare:       true,
		DefaultValuesClause: "DEFAULT VALUES",
		OrderByLabel:        true,
		TupleIn:             true,
		TupleInValues:       true,
		IsDistinctFrom:      true,
		CTEsBeforeDML:       true,
		ExistsBare:          true,
		RowcountSane:        true,
		MultiRowcountSane:   true,
		LateralNames:        true,
		MaxParams:           32766,
		InsertManyMaxRows:   1000,
		Schemas:             true,
		DefaultSchema:       "main",
	}}
}

// Name is "sqlite".
func (*Dialect) Name() string { return "sqlite" }

// Features are SQLite's answers.
func (d *Dialect) Features() *compile.Features { return &d.features }

var quoting = compile.Quoting{Open: `"`, Close: `"`, Reserved: reserved}

// Quoting is the standard's, with SQLite's own list of words.
func (*Dialect) Quoting() *compile.Quoting { return &quoting }
