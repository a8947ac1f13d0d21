package engine

import "database/sql/driver"

// An Aggregate is one use of an aggregate function in a statement.
type Aggregate interface {
	Step(args []driver.Value) error
	Final() (driver.Value, error)
}

// FunctionMaker is a Dialect whose database runs inside this program and calls
// functions of the program's. What is defined belongs to the one connection
// and lasts as long; a second definition replaces the first, nil removes it.
// args is the number of arguments, -1 for any. Functions are called with int64,
// float64, string, []byte and nil, on the goroutine that runs the statement;
// their errors end the statement.
type FunctionMaker interface {
	CreateFunction(c *DriverConn, name string, args int, deterministic bool, f func([]driver.Value) (driver.Value, error)) error
	CreateAggregate(c *DriverConn, name string, args int, begin func() (Aggregate, error)) error
	CreateCollation(c *DriverConn, name string, compare func(a, b string) int) error
}
