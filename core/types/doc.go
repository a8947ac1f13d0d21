// Package types describes column types and the values that go through them.
//
// A Type is a description and nothing else: which of SQLAlchemy's classes, with
// which arguments. It knows no database. Classes that derive from one another
// in SQLAlchemy share one struct here, so that a type switch reads like
// isinstance: BigInteger, SMALLINT and mysql.TINYINT are all *Integer, told
// apart by their Class.
//
//	price := &types.Numeric{Precision: 8, Scale: new(2)} // Numeric(8, 2)
//	name := types.VARCHAR.Must(30)                       // VARCHAR(30)
//	tiny := types.Lookup("mysql", "TINYINT").Plain()     // mysql.TINYINT
//
// Everything a Class needs to know about a type is said once, in the tags of
// the struct's fields and the line in classes.go: its constructor, its repr,
// its attributes and its cache key all derive from there.
//
// An Impl is a type on one database: how values go to the driver, come back
// and stand as literals. Default is the plan that dialects start from; Resolve
// unwraps variants and decorators around it. What Bind returns is what the echo
// shows: the values of this package stay themselves there, and turn into text
// for the driver as driver.Valuers.
//
// The values are exact: Decimal, Date, Time, DateTime, Interval, Object,
// Range. Compare, Equal and HashKey work across all of them; Repr and Str spell
// them as a person would.
package types
