package mysql

import (
	"alchemysh/core/compile"
	"alchemysh/core/ddl"
	"alchemysh/core/engine"
)

// Dialect is MySQL or MariaDB, which speak nearly alike.
type Dialect struct {
	driver string // that the URL names
	compile.Base
	ddl.Standard
	// MariaDB: the server is MariaDB, as the URL said or the server itself.
	MariaDB bool
	// ServerVersion is major, minor and patch; zero before the first connection.
	ServerVersion [3]int
	name          string
	features      compile.Features
	quoting       compile.Quoting
	cancel        *engine.Canceller
	initCommand   string
}

// New makes the dialect of a URL's scheme: "mysql", whose server may turn out
// to be MariaDB at the first connection, or "mariadb".
func New(name string) *Dialect {
	d := &Dialect{name: name, features: compile.Features{
		Style: compile.Format, Wire: compile.QMark,
		MaxIdentifier:       255,
		MaxIndexName:        64,
		BooleanWords:        true,
		CountsAll:           true,
		DMLLimit:            true,
		MaxConstraintName:   64,
		MultiValuesInsert:   true,
		DefaultValuesClause: "VALUES ()",
		EmptyInsert:         true,
		DefaultToken:        "DEFAULT",
		OrderByLabel:        true,
		TupleIn:             true,
		ForUpdateTables:     true,
		MultiTableUpdate:    true,
		CTEFollowsInsert:    true,
		QualifySetColumns:   true,
		RowcountSane:        true,
		MultiRowcountSane:   true,
		NativeDecimal:       true,
		LateralNames:        true,
		MaxParams:           65535,
		InsertManyMaxRows:   1000,
		Comments:            true,
		InlineComments:      true,
		NativeEnum:          true,
		AlterConstraints:    true,
		Schemas:             true,
		ServerSideCursors:   true,
		CastInDivision:      true,
		FrameLiterals:       true,
		Upserts:             []string{"mysql"},
	}}
	d.quoting = compile.Quoting{Open: "`", Close: "`", Reserved: reservedMySQL}
	if name == "mariadb" {
		d.IsMariaDB()
	}
	return d
}

// IsMariaDB makes it MariaDB's dialect: what the server said, whatever the
// URL's scheme was.
func (d *Dialect) IsMariaDB() {
	d.MariaDB = true
	d.quoting.Reserved = reservedMariaDB
	d.features.InsertReturning = true
	d.features.DeleteReturning = true
	d.features.InsertManyReturning = true
	d.features.AutoincrementOrder = compile.BySentinel
	d.features.Sequences = true
}

// Name is the URL's scheme: "mysql" or "mariadb".
func (d *Dialect) Name() string { return d.name }

// Features are the server's answers.
func (d *Dialect) Features() *compile.Features { return &d.features }

// Quoting is with backticks.
func (d *Dialect) Quoting() *compile.Quoting { return &d.quoting }
