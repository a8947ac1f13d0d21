package bench

import (
	"fmt"
	"testing"

	"alchemysh/core"
	"alchemysh/core/ddl"
	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/orm"
)

// family are parents with children, mapped; lazy is how the children load.
type family struct {
	engine        *engine.Engine
	parent, child *orm.Mapper
}

func mapped(t types.Type, key bool, foreign string) *core.Column {
	c := core.NewColumn("", t)
	c.Schema = core.NewColumnSchema()
	c.Schema.PrimaryKey = key
	if foreign != "" {
		c.Schema.ForeignKeys = append(c.Schema.ForeignKeys, &core.ForeignKey{Target: foreign})
	}
	return c
}

func newFamily(b *testing.B) *family {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	r := orm.NewRegistry(core.NewMetaData())
	parent, err := r.Declare(orm.Declaration{
		Definition: orm.Definition{Name: "Parent"},
		TableName:  "parent",
		Body: []orm.Named{{Key: "id", Value: mapped(&types.Integer{}, true, "")}, {Key: "name", Value: mapped(&types.String{}, false, "")},
			{Key: "description", Value: mapped(&types.String{}, false, "")}, {Key: "children", Value: orm.NewRelationship("Child")}},
	})
	must(err)
	child, err := r.Declare(orm.Declaration{
		Definition: orm.Definition{Name: "Child"},
		TableName:  "child",
		Body: []orm.Named{{Key: "id", Value: mapped(&types.Integer{}, true, "")}, {Key: "name", Value: mapped(&types.String{}, false, "")},
			{Key: "parent_id", Value: mapped(&types.Integer{}, false, "parent.id")}},
	})
	must(err)
	e, err := dialect.CreateEngine("sqlite:///"+b.TempDir()+"/orm.db", engine.DefaultOptions())
	must(err)
	b.Cleanup(func() { _ = e.Dispose() })
	must(e.Begin(ctx, func(c *engine.Connection) error {
		return ddl.CreateAll(ctx, c, r.MetaData, ddl.Options{Checkfirst: true})
	}))
	must(r.Configure())
	return &family{e, parent, child}
}

func (f *family) session() *orm.Session {
	o := orm.DefaultSessionOptions()
	o.Bind = f.engine
	return orm.NewSession(o)
}

// fill inserts parents, each with as many children.
func (f *family) fill(b *testing.B, parents, children int) {
	b.Helper()
	s := f.session()
	for n := range parents {
		p := f.newParent(b, n)
		kids := make([]any, children)
		for k := range kids {
			c := f.child.New()
			_ = c.Set("name", fmt.Sprint("child ", k))
			kids[k] = c
		}
		if err := p.Set("children", kids); err != nil {
			b.Fatal(err)
		}
		if err := s.Add(p); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Commit(); err != nil {
		b.Fatal(err)
	}
	_ = s.Close()
}

func (f *family) newParent(b *testing.B, n int) *orm.Instance {
	p := f.parent.New()
	_ = p.Set("name", fmt.Sprint("parent ", n))
	_ = p.Set("description", "description")
	return p
}

// BenchmarkORMFlush is SQLAlchemy's bulk_inserts: new objects, one flush.
func BenchmarkORMFlush(b *testing.B) {
	const n = 20_000
	f := newFamily(b)
	for b.Loop() {
		s := f.session()
		for k := range n {
			if err := s.Add(f.newParent(b, k)); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Commit(); err != nil {
			b.Fatal(err)
		}
		_ = s.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/object")
}

// BenchmarkORMSelect is short_selects: one object by a criterion, ORM and cached.
func BenchmarkORMSelect(b *testing.B) {
	f := newFamily(b)
	f.fill(b, 1000, 0)
	id, err := f.parent.Entity().Expr("id")
	if err != nil {
		b.Fatal(err)
	}
	s := f.session()
	k := 0
	b.ReportAllocs()
	for b.Loop() {
		k = k%1000 + 1
		q := core.NewSelect(f.parent.Clause()).Where(core.Eq(id, int64(k)))
		r, err := s.Execute(q, orm.ExecuteArgs{})
		if err != nil {
			b.Fatal(err)
		}
		if rows, err := r.All(); err != nil || len(rows) != 1 {
			b.Fatal(rows, err)
		}
	}
}

// BenchmarkORMLoad is large_resultsets: full objects.
func BenchmarkORMLoad(b *testing.B) {
	const n = 100_000
	f := newFamily(b)
	f.fill(b, n, 0)
	for b.Loop() {
		s := f.session()
		r, err := s.Execute(core.NewSelect(f.parent.Clause()), orm.ExecuteArgs{})
		if err != nil {
			b.Fatal(err)
		}
		if rows, err := r.All(); err != nil || len(rows) != n {
			b.Fatal(len(rows), err)
		}
		_ = s.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/object")
}

// BenchmarkORMChildren loads parents with ten children each, by each strategy.
func BenchmarkORMChildren(b *testing.B) {
	const parents = 2_000
	f := newFamily(b)
	f.fill(b, parents, 10)
	children, err := f.parent.Entity().Expr("children")
	if err != nil {
		b.Fatal(err)
	}
	for _, lazy := range []string{"joined", "selectin", "subquery", "select"} {
		b.Run(lazy, func(b *testing.B) {
			for b.Loop() {
				s := f.session()
				load, err := (*orm.Load)(nil).Strategy(lazy, children, nil, 0, false)
				if err != nil {
					b.Fatal(err)
				}
				r, err := s.Execute(core.NewSelect(f.parent.Clause()).Change(func(q *core.Select) { q.Notes = []core.Keyed{load} }), orm.ExecuteArgs{})
				if err != nil {
					b.Fatal(err)
				}
				r = r.Unique(nil)
				rows, err := r.All()
				if err != nil || len(rows) != parents {
					b.Fatal(len(rows), err)
				}
				n := 0
				for _, row := range rows {
					v, err := row.At(0).(*orm.Instance).Get("children")
					if err != nil {
						b.Fatal(err)
					}
					n += v.(*orm.Collection).Len()
				}
				if n != 10*parents {
					b.Fatal(n)
				}
				_ = s.Close()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/parents, "ns/parent")
		})
	}
}
