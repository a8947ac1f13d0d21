package dialect

import (
	"strings"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/dialect/mysql"
	"alchemysh/dialect/postgresql"
	"alchemysh/dialect/sqlite"
)

// makers are the dialects by their name in a URL.
var makers = map[string]func() engine.Dialect{
	"sqlite":     func() engine.Dialect { return sqlite.New() },
	"postgresql": func() engine.Dialect { return postgresql.New() },
	"mysql":      func() engine.Dialect { return mysql.New("mysql") },
	"mariadb":    func() engine.Dialect { return mysql.New("mariadb") },
}

// drivers are the driver names that SQLAlchemy knows, by dialect. All of them
// are served by the one Go driver.
var drivers = map[string][]string{
	"sqlite":     {"pysqlite", "aiosqlite", "pysqlcipher", "pysqlite_numeric"},
	"postgresql": {"psycopg2", "psycopg", "psycopg_async", "asyncpg", "pg8000", "psycopg2cffi"},
	"mysql":      {"mysqldb", "pymysql", "mysqlconnector", "aiomysql", "asyncmy", "mariadbconnector", "cymysql", "pyodbc"},
	"mariadb":    {"mysqldb", "pymysql", "mysqlconnector", "aiomysql", "asyncmy", "mariadbconnector", "cymysql", "pyodbc"},
}

// For makes the dialect that a URL names.
func For(u *engine.URL) (engine.Dialect, error) {
	name, driver := u.BackendName(), u.DriverPart()
	make, ok := makers[name]
	if ok && driver != "" {
		ok = false
		for _, d := range drivers[name] {
			ok = ok || d == driver
		}
	}
	if !ok {
		return nil, exc.New(exc.NoSuchModuleError, "Can't load plugin: sqlalchemy.dialects:%s", strings.ReplaceAll(u.DriverName, "+", "."))
	}
	d := make()
	d.UseDriver(driver)
	return d, nil
}

// CreateEngine makes an engine for the database at a URL.
func CreateEngine(url string, o engine.Options) (*engine.Engine, error) {
	u, err := engine.ParseURL(url)
	if err != nil {
		return nil, err
	}
	return Open(u, o)
}

// Open makes an engine for the database at a URL that was read already.
func Open(u *engine.URL, o engine.Options) (*engine.Engine, error) {
	d, err := For(u)
	if err != nil {
		return nil, err
	}
	return engine.New(u, d, o)
}
