package dialect_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"alchemysh/core"
	"alchemysh/core/types"
)

// nasty are the characters that mean something inside a literal somewhere.
var nasty = []rune("'\"\\%:;-/*`$?@#{}[]() \t\n\r\bnt0Zé€😀\u00a0\u2028\ufeff\x01\x1a\x7f")

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(12) {
		b.WriteRune(nasty[r.IntN(len(nasty))])
	}
	return b.String()
}

func randomJSON(r *rand.Rand, depth int) any {
	switch n := r.IntN(8); {
	case n == 0 && depth > 0:
		list := make([]any, r.IntN(4))
		for i := range list {
			list[i] = randomJSON(r, depth-1)
		}
		return list
	case n == 1 && depth > 0:
		o := types.Object{}
		for range r.IntN(4) {
			o.Set(randomText(r), randomJSON(r, depth-1))
		}
		return o
	case n == 2:
		return r.Int64N(1<<53) - 1<<52
	case n == 3:
		return r.IntN(2) == 0
	default:
		return randomText(r)
	}
}

func randomDateTime(r *rand.Rand) types.DateTime {
	dt, err := types.NewDateTime(1000+r.IntN(9000), 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), 0)
	if err != nil {
		panic(err)
	}
	return dt
}

// TestLiteralsReadBack writes random values into SQL as literals: whatever
// characters they have, the server reads back the same value.
func TestLiteralsReadBack(t *testing.T) {
	all := databases(t)
	for _, c := range []struct {
		typ    types.Type
		random func(r *rand.Rand) any
	}{
		{types.Text.Plain(), func(r *rand.Rand) any { return randomText(r) }},
		{types.Lookup("", "Integer").Plain(), func(r *rand.Rand) any { return int64(int32(r.Uint32())) }},
		{types.BigInteger.Plain(), func(r *rand.Rand) any { return int64(r.Uint64()) }},
		{types.Double.Plain(), func(r *rand.Rand) any {
			for {
				if f := math.Float64frombits(r.Uint64()); !math.IsNaN(f) && !math.IsInf(f, 0) && math.Abs(f) > 1e-300 {
					return f
				}
			}
		}},
		{types.Lookup("", "Numeric").Must(12, 4), func(r *rand.Rand) any {
			d, err := types.ParseDecimal(fmt.Sprintf("%d.%04d", r.IntN(2e8)-1e8, r.IntN(1e4)))
			if err != nil {
				panic(err)
			}
			return d
		}},
		{types.Lookup("", "Boolean").Plain(), func(r *rand.Rand) any { return r.IntN(2) == 0 }},
		{types.Lookup("", "DateTime").Plain(), func(r *rand.Rand) any { return randomDateTime(r) }},
		{types.Lookup("", "Date").Plain(), func(r *rand.Rand) any { return randomDateTime(r).Date }},
		{types.Lookup("", "Time").Plain(), func(r *rand.Rand) any { return randomDateTime(r).Time }},
		{types.Lookup("", "JSON").Plain(), func(r *rand.Rand) any { return randomJSON(r, 3) }},
		{types.Lookup("", "Enum").Must("it's", `back\slash`, "per%cent", `"quoted"`, "co:lon"), func(r *rand.Rand) any {
			return []string{"it's", `back\slash`, "per%cent", `"quoted"`, "co:lon"}[r.IntN(5)]
		}},
	} {
		for _, s := range all {
			t.Run(s.name+"/"+c.typ.Name(), func(t *testing.T) {
				typ := c.typ
				if e, ok := typ.(*types.Enum); ok {
					n := *e
					n.NotNative = true
					typ = &n
				}
				ddl, err := s.conn.Dialect().TypeName(typ)
				if err != nil {
					t.Fatal(err)
				}
				table := core.NewTable("t", core.NewMetaData(), "", core.NewColumn("v", typ))
				r := rand.New(rand.NewPCG(1, 2))
				for _, q := range []string{"DROP TABLE IF EXISTS t", "CREATE TABLE t (v " + ddl + " NULL)"} {
					if err := s.exec(q); err != nil {
						t.Fatal(err)
					}
				}
				for range 60 {
					if err := s.exec("DELETE FROM t"); err != nil {
						t.Fatal(err)
					}
					v := c.random(r)
					if err := s.send(table, v, true); err != nil {
						t.Errorf("%s: %v", types.Repr(v), err)
						continue
					}
					if got, _, err := s.fetch(table); err != nil || !types.Equal(got, v) {
						t.Errorf("%s came back as %s: %v", types.Repr(v), types.Repr(got), err)
					}
				}
			})
		}
	}
}

// TestOffsetsAreNotLost: where a database keeps no offset from UTC, a moment
// with one is refused, and one in UTC stored as it is.
func TestOffsetsAreNotLost(t *testing.T) {
	moment, err := types.NewDateTime(2020, 1, 2, 3, 4, 5, 0)
	if err != nil {
		t.Fatal(err)
	}
	utc := moment
	moment.Offset, utc.Offset = types.Offset{Known: true, Seconds: 7200}, types.UTC
	for _, s := range databases(t) {
		table := core.NewTable("t", core.NewMetaData(), "", core.NewColumn("v", types.Lookup("", "DateTime").Plain()))
		ddl, err := s.conn.Dialect().TypeName(table.C("v").Type)
		if err != nil {
			t.Fatal(err)
		}
		for _, literal := range []bool{false, true} {
			for _, q := range []string{"DROP TABLE IF EXISTS t", "CREATE TABLE t (v " + ddl + ")"} {
				if err := s.exec(q); err != nil {
					t.Fatal(err)
				}
			}
			err := s.send(table, moment, literal)
			if s.name == "postgresql" {
				if err != nil {
					t.Error(err)
				}
			} else if err == nil || !strings.Contains(err.Error(), "keeps no offset from UTC") {
				t.Errorf("%s (literal %v): %v", s.name, literal, err)
			}
			if err := s.exec("DELETE FROM t"); err != nil {
				t.Fatal(err)
			}
			if err := s.send(table, utc, literal); err != nil {
				t.Errorf("%s (literal %v): %v", s.name, literal, err)
			}
			want := "2020-01-02 03:04:05"
			if s.name == "postgresql" && !literal { // the time of the session, New York
				want = "2020-01-01 22:04:05"
			}
			if got, _, err := s.fetch(table); err != nil || types.Str(got) != want {
				t.Errorf("%s (literal %v): %s %v", s.name, literal, types.Str(got), err)
			}
		}
	}
}
