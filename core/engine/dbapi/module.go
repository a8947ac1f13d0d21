package dbapi

// Module is what a DBAPI module says of itself.
type Module struct {
	Name         string
	ParamStyle   string
	ThreadSafety int
	Version      string
}

// APILevel is PEP 249's.
const APILevel = "2.0"

// The modules that lessons use.
var (
	SQLite3  = Module{"sqlite3", "qmark", 3, "2.6.0"}
	Psycopg2 = Module{"psycopg2", "pyformat", 2, "2.9.9 (dt dec pq3 ext lo64)"}
	PyMySQL  = Module{"pymysql", "pyformat", 1, "1.4.6"}
)
