package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/types"
)

// fiveTables is a chain of tables, each referring to the one before.
func fiveTables() []*core.Table {
	m := core.NewMetaData()
	var tables []*core.Table
	for i := range 5 {
		column := func(name string) *core.Column {
			c := core.NewColumn(name, &types.Integer{})
			c.Schema = core.NewColumnSchema()
			return c
		}
		id, parent, name := column("id"), column("parent_id"), column("name")
		id.Schema.PrimaryKey = true
		if i > 0 {
			parent.Schema.ForeignKeys = []*core.ForeignKey{{Target: fmt.Sprintf("t%d.id", i-1)}}
		}
		tables = append(tables, core.NewTable(fmt.Sprintf("t%d", i), m, "", id, parent, name))
	}
	return tables
}

func fiveJoin(ts []*core.Table) *core.Select {
	var cols []core.Node
	for _, t := range ts {
		cols = append(cols, t.C("id"), t.C("name"))
	}
	s := core.NewSelect(cols...).SelectFrom(ts[0])
	for _, t := range ts[1:] {
		s = s.Join(core.JoinStep{Target: t})
	}
	return s.Where(core.Eq(ts[0].C("id"), 5), core.Gt(ts[4].C("name"), 7)).OrderBy(ts[2].C("id"))
}

// joinLua is the same in Lua, and joinPython what SQLAlchemy takes for it: the
// shortest of five rounds, in seconds, of building and compiling, and of
// building and making the key by which the cache knows it.
const joinLua = `
m = MetaData()
T = {}
for i = 1, 5 do
  if i == 1 then T[i] = Table("t0", m, Column("id", Integer, {primary_key = true}), Column("parent_id", Integer), Column("name", Integer))
  else T[i] = Table("t" .. (i - 1), m, Column("id", Integer, {primary_key = true}), Column("parent_id", Integer, ForeignKey("t" .. (i - 2) .. ".id")), Column("name", Integer)) end
end
a, b, c, d, e = unpack(T)
function build()
  return select(a.c.id, a.c.name, b.c.id, b.c.name, c.c.id, c.c.name, d.c.id, d.c.name, e.c.id, e.c.name)
    :select_from(a):join(b):join(c):join(d):join(e):where(a.c.id == 5, e.c.name > 7):order_by(c.c.id)
end`

const joinPython = `
import time
from sqlalchemy import *
m = MetaData()
a, b, c, d, e = [Table("t%d" % i, m, Column("id", Integer, primary_key=True),
    Column("parent_id", Integer, *([ForeignKey("t%d.id" % (i - 1))] if i else [])), Column("name", Integer)) for i in range(5)]
def build():
    return (select(a.c.id, a.c.name, b.c.id, b.c.name, c.c.id, c.c.name, d.c.id, d.c.name, e.c.id, e.c.name)
        .select_from(a).join(b).join(c).join(d).join(e).where(a.c.id == 5, e.c.name > 7).order_by(c.c.id))
from sqlalchemy.engine.default import DefaultDialect
dialect = DefaultDialect()
def best(f, n=100):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(n):
            f()
        times.append((time.perf_counter() - start) / n)
    return min(times)
print(best(lambda: build().compile(dialect=dialect)), best(lambda: build()._generate_cache_key()))
`

// BenchmarkFiveJoin builds a join of five tables with ten columns and compiles
// it, or makes its key, which is what a hit of the cache takes. With a Python in
// $ALCHEMYSH_SQLALCHEMY that has SQLAlchemy it gives how many times longer that takes.
func BenchmarkFiveJoin(b *testing.B) {
	var compiled, keyed time.Duration
	if python := os.Getenv("ALCHEMYSH_SQLALCHEMY"); python != "" {
		out, err := exec.Command(python, "-c", joinPython).Output()
		if err != nil {
			b.Fatalf("SQLAlchemy: %v", err)
		}
		var uncached, hit float64
		if _, err := fmt.Sscan(string(out), &uncached, &hit); err != nil {
			b.Fatal(err)
		}
		compiled, keyed = time.Duration(uncached*float64(time.Second)), time.Duration(hit*float64(time.Second))
	}
	beside := func(b *testing.B, theirs time.Duration) {
		if ours := b.Elapsed() / time.Duration(b.N); theirs > 0 && ours > 0 {
			b.ReportMetric(float64(theirs)/float64(ours), "sqlalchemy/ours")
		}
	}
	ts := fiveTables()
	b.Run("go/compile", func(b *testing.B) {
		for b.Loop() {
			if _, err := compile.Compile(compile.Default(), fiveJoin(ts), compile.Options{}); err != nil {
				b.Fatal(err)
			}
		}
		beside(b, compiled)
	})
	b.Run("go/hit", func(b *testing.B) {
		for b.Loop() {
			if _, _, ok := core.Key(fiveJoin(ts)); !ok {
				b.Fatal("no key")
			}
		}
		beside(b, keyed)
	})
	b.Run("lua/compile", func(b *testing.B) {
		lua(b, filepath.Join(b.TempDir(), "none.db"), joinLua, `for i = 1, N do build():compile() end`)
		beside(b, compiled)
	})
	b.Run("lua/build", func(b *testing.B) {
		lua(b, filepath.Join(b.TempDir(), "none.db"), joinLua, `for i = 1, N do build() end`)
	})
}
