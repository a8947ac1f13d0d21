package sqlite

// codeNames are SQLite's primary codes from 1 on.
var codeNames = []string{"", "ERROR", "INTERNAL", "PERM", "ABORT", "BUSY", "LOCKED", "NOMEM", "READONLY", "INTERRUPT", "IOERR", "CORRUPT",
	"NOTFOUND", "FULL", "CANTOPEN", "PROTOCOL", "EMPTY", "SCHEMA", "TOOBIG", "CONSTRAINT", "MISMATCH", "MISUSE", "NOLFS", "AUTH", "FORMAT", "RANGE", "NOTADB"}

// constraintNames are the extended codes of CONSTRAINT from 1 on.
var constraintNames = []string{"", "CHECK", "COMMITHOOK", "FOREIGNKEY", "FUNCTION", "NOTNULL", "PRIMARYKEY", "TRIGGER", "UNIQUE", "VTAB", "ROWID", "PINNED", "DATATYPE"}

// codeName is the name of an extended code, of other than constraints the
// primary code's.
func codeName(code int) string {
	primary, extended := code&0xff, code>>8
	if primary <= 0 || primary >= len(codeNames) {
		return ""
	}
	name := "SQLITE_" + codeNames[primary]
	if codeNames[primary] == "CONSTRAINT" && extended > 0 && extended < len(constraintNames) {
		name += "_" + constraintNames[extended]
	}
	return name
}
