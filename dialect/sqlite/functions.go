package sqlite

import (
	"database/sql/driver"
	"fmt"
	"math"
	"regexp"

	lru "github.com/hashicorp/golang-lru/v2"
	"modernc.org/sqlite"

	"alchemysh/core/types"
)

// patternsKept bounds the compiled patterns of REGEXP: a statement has one,
// a pattern that comes from a column has many.
const patternsKept = 64

// registerFunctions gives connections of drv the functions that SQLAlchemy's
// pysqlite dialect defines on each of its own: without the first, the operator
// REGEXP is an error. Patterns are those of Go's regexp, which has Python's
// syntax but for look-around and back references.
func registerFunctions(drv *sqlite.Driver) error {
	patterns, err := lru.New[string, *regexp.Regexp](patternsKept)
	if err != nil {
		return err
	}
	if err := drv.RegisterDeterministicScalarFunction("regexp", 2, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		return searched(patterns, args[0], args[1])
	}); err != nil {
		return err
	}
	return drv.RegisterDeterministicScalarFunction("floor", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		if f, ok := args[0].(float64); ok && math.Abs(f) < 1<<63 {
			return int64(math.Floor(f)), nil
		}
		return args[0], nil
	})
}

// searched says whether the pattern is found in a text: NULL in none.
func searched(patterns *lru.Cache[string, *regexp.Regexp], pattern, text driver.Value) (driver.Value, error) {
	if pattern == nil || text == nil {
		return nil, nil
	}
	written := types.Str(pattern)
	re, ok := patterns.Get(written)
	if !ok {
		var err error
		if re, err = regexp.Compile(written); err != nil {
			return nil, fmt.Errorf("REGEXP: %w", err)
		}
		patterns.Add(written, re)
	}
	if re.MatchString(types.Str(text)) {
		return int64(1), nil
	}
	return int64(0), nil
}
