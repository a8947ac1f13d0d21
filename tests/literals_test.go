package tests

import (
	"context"
	"fmt"
	"math"
	"testing"
	"unicode/utf8"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/types"
)

// literalKinds are the types whose literals are fuzzed: each makes a value out
// of what the fuzzer gives, ok false where there is none.
var literalKinds = []struct {
	name string
	typ  types.Type
	of   func(text string, n int64) (v any, ok bool)
}{
	{"text", types.Text.Plain(), func(text string, _ int64) (any, bool) { return text, storable(text) }},
	{"integer", types.BigInteger.Plain(), func(_ string, n int64) (any, bool) { return n, true }},
	{"float", types.Double.Plain(), func(_ string, n int64) (any, bool) {
		f := math.Float64frombits(uint64(n))
		return f, !math.IsNaN(f) && !math.IsInf(f, 0) && math.Abs(f) > 1e-300
	}},
	{"decimal", types.Lookup("", "Numeric").Must(14, 4), func(_ string, n int64) (any, bool) {
		d, err := types.DecimalFromInt(n % 1e13).Quo(types.DecimalFromInt(10000))
		if err == nil {
			d, err = d.Quantize(4)
		}
		return d, err == nil
	}},
	{"moment", types.Lookup("", "DateTime").Plain(), func(_ string, n int64) (any, bool) { return moment(n), true }},
	{"date", types.Lookup("", "Date").Plain(), func(_ string, n int64) (any, bool) { return moment(n).Date, true }},
	{"time", types.Lookup("", "Time").Plain(), func(_ string, n int64) (any, bool) { return moment(n).Time, true }},
	{"boolean", types.Lookup("", "Boolean").Plain(), func(_ string, n int64) (any, bool) { return n%2 == 0, true }},
	{"json", types.Lookup("", "JSON").Plain(), func(text string, n int64) (any, bool) {
		return types.NewObject(text, []any{text, n % (1 << 53), n%2 == 0, text + text}), storable(text)
	}},
}

// storable reports whether every database can hold the text.
func storable(text string) bool {
	for _, r := range text {
		if r == 0 {
			return false
		}
	}
	return utf8.ValidString(text)
}

// moment is a moment of the years 1000 to 2999, whole seconds.
func moment(n int64) types.DateTime {
	if n < 0 {
		n = -(n + 1)
	}
	part := func(from, count int64) int {
		at := n % count
		n /= count
		return int(from + at)
	}
	dt, err := types.NewDateTime(part(1000, 2000), part(1, 12), part(1, 28), part(0, 24), part(0, 60), part(0, 60), 0)
	if err != nil {
		panic(err)
	}
	return dt
}

// FuzzLiterals: whatever the value, the server reads back the literal of it as
// the same value.
func FuzzLiterals(f *testing.F) {
	for kind := range literalKinds {
		for _, text := range []string{"", "it's", `back\slash`, "50%", "%s", ":x", "$1", "?", "--", "/*", "\n", "é😀", `\'`, `""`} {
			f.Add(uint8(kind), text, int64(len(text))*1_000_000_007)
		}
	}
	all := quotedDatabases(f)
	f.Fuzz(func(t *testing.T, kind uint8, text string, n int64) {
		k := literalKinds[int(kind)%len(literalKinds)]
		v, ok := k.of(text, n)
		if !ok {
			return
		}
		for _, q := range all {
			if got, err := q.literally(k.typ, v); err != nil || !types.Equal(got, v) {
				t.Errorf("%s: %s came back as %s: %v", q.on.Dialect, types.Repr(v), types.Repr(got), err)
			}
		}
	})
}

// literally selects a value that is written out and gives what the type reads.
func (q quoted) literally(typ types.Type, v any) (got any, err error) {
	written, err := compile.Inline(q.dialect, core.NewSelect(core.NewLabel(core.Literal(v, typ), "v")), compile.Options{})
	if err != nil {
		return nil, err
	}
	if err := q.db.QueryRowContext(context.Background(), written).Scan(&got); err != nil {
		return nil, fmt.Errorf("%w in %s", err, written)
	}
	read := q.dialect.Impl(typ).Result
	if read == nil { // by the column's own type, and a literal is text
		read = types.Default(typ).Result
	}
	return read(got)
}
