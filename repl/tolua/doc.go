// Package tolua writes a SELECT as SQLAlchemy's builder calls in Lua, for
// people who know the SQL and want to learn the other.
//
//	code, err := tolua.Select("select name from users where id = 5", tolua.Options{})
//	// users = metadata.tables.users
//	//
//	// select(users.c.name)
//	//   :where(users.c.id == 5)
//
// It reads the SQL that databases have in common; what it does not know is an
// error that names it, never a guess.
package tolua
