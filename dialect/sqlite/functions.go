package sqlite

import (
	"database/sql/driver"
	"fmt"
	"math"
	"time"

	"github.com/dlclark/regexp2"
	lru "github.com/hashicorp/golang-lru/v2"
	"modernc.org/sqlite"

	"alchemysh/core/types"
)

// patternsKept bounds the compiled patterns of REGEXP: a statement has one,
// a pattern that comes from a column has many.
const patternsKept = 64

// longestMatch bounds one match: patterns that go back may take for ever.
const longestMatch = 10 * time.Second

// registerFunctions gives connections of drv the functions that SQLAlchemy's
// pysqlite dialect defines on each of its own: without the first, the operator
// REGEXP is an error. Patterns are written as in Python, with look-around and
// back references, which Go's own regexp does not have.
func registerFunctions(drv *sqlite.Driver) error {
	patterns, err := lru.New[string, *regexp2.Regexp](patternsKept)
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
func searched(patterns *lru.Cache[string, *regexp2.Regexp], pattern, text driver.Value) (driver.Value, error) {
	if pattern == nil || text == nil {
		return nil, nil
	}
	written := types.Str(pattern)
	re, ok := patterns.Get(written)
	if !ok {
		var err error
		if re, err = regexp2.Compile(written, regexp2.RE2); err != nil { // RE2: (?P<name>…) too
			return nil, fmt.Errorf("REGEXP: %w", err)
		}
		re.MatchTimeout = longestMatch
		patterns.Add(written, re)
	}
	found, err := re.MatchString(types.Str(text))
	if err != nil {
		return nil, fmt.Errorf("REGEXP: %w", err)
	}
	return found, nil
}
