package compile_test

import (
	"fmt"
	"testing"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/types"
)

// fiveTables is a chain of tables, each referring to the one before.
func fiveTables() []*core.Table {
	m := core.NewMetaData()
	var tables []*core.Table
	for i := range 5 {
		col := func(name string) *core.Column {
			c := core.NewColumn(name, &types.Integer{})
			c.Schema = core.NewColumnSchema()
			return c
		}
		id, parent, name := col("id"), col("parent_id"), col("name")
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
	return s.Where(core.Eq(ts[0].C("id"), 5), core.Gt(ts[4].C("name"), "x")).OrderBy(ts[2].C("id"))
}

func BenchmarkFiveJoinUncached(b *testing.B) {
	ts := fiveTables()
	b.ReportAllocs()
	for b.Loop() {
		s := fiveJoin(ts)
		if _, err := compile.Compile(compile.Default(), s, compile.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFiveJoinKey(b *testing.B) {
	ts := fiveTables()
	b.ReportAllocs()
	for b.Loop() {
		s := fiveJoin(ts)
		if _, _, ok := core.Key(s); !ok {
			b.Fatal("no key")
		}
	}
}

func BenchmarkSimpleSelectUncached(b *testing.B) {
	t := fiveTables()[0]
	b.ReportAllocs()
	for b.Loop() {
		s := core.NewSelect(t).Where(core.Eq(t.C("id"), 5), core.Eq(t.C("name"), "x"))
		if _, err := compile.Compile(compile.Default(), s, compile.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
