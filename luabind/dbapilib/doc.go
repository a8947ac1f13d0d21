// Package dbapilib is the layer below the engine in Lua: the modules sqlite3,
// psycopg2 and pymysql after Python's PEP 249, with what people use of each
// beyond it: sqlite3.Row and functions of one's own, psycopg2's composed SQL and
// dictionary rows, pymysql's cursor classes.
//
//	connection = sqlite3.connect(":memory:")
//	connection.row_factory = sqlite3.Row
//	connection:create_function("half", 1, function(x) return x / 2 end)
//	print(connection:execute("SELECT half(5) AS h"):fetchone().h)
//
// The connection is the engine's own, so engine:raw_connection() and what a
// listener of "connect" is given have all of it too. A connection answers only
// to the names of its own module.
package dbapilib

import "alchemysh/luabind/bind"

// Install registers the classes and defines the modules.
func Install(s *bind.State) {
	s.Register(sqliteConnection.Class, psycopgConnection.Class, pymysqlConnection.Class, Connection.Class,
		sqliteCursor.Class, psycopgCursor.Class, pymysqlCursor.Class, Cursor.Class,
		sqliteRow.Class, composable.Class, rowKind.Class)
	s.Global(sqlite3Module(), psycopg2Module(), pymysqlModule())
}
