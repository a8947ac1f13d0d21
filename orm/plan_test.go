package orm_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"alchemysh/core"
	"alchemysh/core/ddl"
	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/orm"
)

// shelf has authors with posts in a database file, for several sessions at once.
type shelf struct {
	author, post *orm.Mapper
	engine       *engine.Engine
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	author, post, s, err := blog()
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	e, err := dialect.CreateEngine("sqlite:///"+t.TempDir()+"/shelf.db", engine.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Dispose() })
	if err := e.Begin(context.Background(), func(c *engine.Connection) error {
		return ddl.CreateAll(context.Background(), c, author.Registry.MetaData, ddl.Options{Checkfirst: true})
	}); err != nil {
		t.Fatal(err)
	}
	sh := &shelf{author, post, e}
	s = sh.session()
	defer s.Close()
	for n := range 5 {
		a := sh.new(t, author, "name", fmt.Sprint("author ", n))
		var posts []any
		for k := range n {
			posts = append(posts, sh.new(t, post, "title", fmt.Sprint("post ", n, ".", k)))
		}
		if err := a.Set("posts", posts); err != nil {
			t.Fatal(err)
		}
		if err := s.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	return sh
}

func (sh *shelf) new(t *testing.T, m *orm.Mapper, key, value string) *orm.Instance {
	t.Helper()
	i, err := m.Construct([]orm.Named{{Key: key, Value: value}})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func (sh *shelf) session() *orm.Session {
	o := orm.DefaultSessionOptions()
	o.Bind = sh.engine
	return orm.NewSession(o)
}

func attr(e *orm.Entity, key string) core.Expr {
	x, err := e.Expr(key)
	if err != nil {
		panic(err)
	}
	return x
}

// posts are the titles of an author's posts.
func posts(i *orm.Instance) ([]string, error) {
	v, err := i.Get("posts")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range v.(*orm.Collection).Items() {
		title, err := p.Get("title")
		if err != nil {
			return nil, err
		}
		out = append(out, title.(string))
	}
	return out, nil
}

func option(lazy string, x core.Expr) core.Keyed {
	l, err := (&orm.Load{}).Strategy(lazy, x, nil, 0, false)
	if err != nil {
		panic(err)
	}
	return l
}

// checkAuthors loads authors below a number in one way and looks at what came.
func (sh *shelf) checkAuthors(s *orm.Session, below int64, lazy string) error {
	e := sh.author.Entity()
	q := core.NewSelect(sh.author.Clause()).Where(core.Le(attr(e, "id"), below)).OrderBy(attr(e, "id"))
	if lazy != "" {
		q = q.Change(func(n *core.Select) { n.Notes = []core.Keyed{option(lazy, attr(e, "posts"))} })
	}
	r, err := s.Execute(q, orm.ExecuteArgs{})
	if err != nil {
		return err
	}
	rows, err := r.Unique(nil).All()
	if err != nil {
		return err
	}
	if int64(len(rows)) != below {
		return fmt.Errorf("%d authors by %q, not %d", len(rows), lazy, below)
	}
	for n, row := range rows {
		titles, err := posts(row.At(0).(*orm.Instance))
		if err != nil {
			return err
		}
		var want []string
		for k := range n {
			want = append(want, fmt.Sprint("post ", n, ".", k))
		}
		if slices.Sort(titles); !slices.Equal(titles, want) {
			return fmt.Errorf("author %d has by %q the posts %v, not %v", n, lazy, titles, want)
		}
	}
	return nil
}

// A plan is made once and executed with the values of each statement, whatever
// loads the relationships.
func TestPlanTakesNewValues(t *testing.T) {
	sh := newShelf(t)
	for _, lazy := range []string{"", "joined", "selectin", "subquery", "immediate"} {
		for _, below := range []int64{3, 5, 2, 4} {
			s := sh.session()
			if err := sh.checkAuthors(s, below, lazy); err != nil {
				t.Error(err)
			}
			_ = s.Close()
		}
	}
}

// Expressions of options, and functions that give criteria, keep no values of an
// earlier execution.
func TestPlanOfCriteria(t *testing.T) {
	sh := newShelf(t)
	e := sh.author.Entity()
	title := attr(sh.post.Entity(), "title")
	wanted := ""
	varying := orm.NewLoaderCriteria(sh.post, func(*orm.Entity) (core.Expr, error) { return core.Eq(title, wanted), nil })
	varying.Varies = true
	for _, wanted = range []string{"post 4.1", "post 4.3", "post 4.0"} {
		and := &orm.Load{}
		and, err := and.Strategy("selectin", attr(e, "posts"), nil, 0, false)
		if err != nil {
			t.Fatal(err)
		}
		narrowed, err := (&orm.Load{}).Strategy("selectin", orm.AttrOf(attr(e, "posts")).AndCriteria(core.Eq(title, wanted)), nil, 0, false)
		if err != nil {
			t.Fatal(err)
		}
		fixed := wanted
		constant := orm.NewLoaderCriteria(sh.post, func(*orm.Entity) (core.Expr, error) { return core.Eq(title, fixed), nil })
		for name, notes := range map[string][]core.Keyed{
			"and_":                         {narrowed},
			"a function, selectin":         {and, varying},
			"a function, lazily":           {varying},
			"a constant criterion, lazily": {constant},
		} {
			s := sh.session()
			q := core.NewSelect(sh.author.Clause()).Where(core.Eq(attr(e, "id"), int64(5))).Change(func(n *core.Select) { n.Notes = notes })
			r, err := s.Execute(q, orm.ExecuteArgs{})
			if err != nil {
				t.Fatal(err)
			}
			rows, err := r.All()
			if err != nil || len(rows) != 1 {
				t.Fatal(rows, err)
			}
			if got, err := posts(rows[0].At(0).(*orm.Instance)); err != nil || !slices.Equal(got, []string{wanted}) {
				t.Errorf("%s: %v, %v, not %s", name, got, err, wanted)
			}
			_ = s.Close()
		}
	}
}

// A class that gets another attribute is not loaded as it was before.
func TestPlanSeesNewAttributes(t *testing.T) {
	sh := newShelf(t)
	s := sh.session()
	defer s.Close()
	if err := sh.checkAuthors(s, 2, ""); err != nil {
		t.Fatal(err)
	}
	s.ExpungeAll()
	if err := sh.author.AddProperty("shout", core.NewLabel(core.NewFunc(nil, "upper", &types.String{}, attr(sh.author.Entity(), "name")), "shout")); err != nil {
		t.Fatal(err)
	}
	r, err := s.Execute(core.NewSelect(sh.author.Clause()).Where(core.Le(attr(sh.author.Entity(), "id"), int64(2))).OrderBy(attr(sh.author.Entity(), "id")), orm.ExecuteArgs{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := r.All()
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := rows[0].At(0).(*orm.Instance).Loaded("shout"); !ok || v != "AUTHOR 0" {
		t.Errorf("the new attribute is %v", v)
	}
}

// Sessions of several goroutines share mappings, plans and compiled statements.
// It says most with -race.
func TestConcurrentSessions(t *testing.T) {
	sh := newShelf(t)
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			for k := range 12 {
				s := sh.session()
				lazy := []string{"", "joined", "selectin", "subquery", "immediate"}[(n+k)%5]
				if err := sh.checkAuthors(s, int64(1+(n*k)%5), lazy); err != nil {
					t.Error(err)
				}
				_ = s.Rollback()
				i, err := s.Get(sh.author.Entity(), int64(1+k%5), orm.GetOptions{})
				if err != nil || i == nil {
					t.Error(i, err)
				} else if _, err := i.Get("name"); err != nil { // expired
					t.Error(err)
				}
				_ = s.Close()
			}
		})
	}
	wait.Wait()
}

// Each way to load a relationship sends as many statements as it must, and no more.
func TestStatementCounts(t *testing.T) {
	const authors = 1200
	sh := newShelf(t)
	s := sh.session()
	for n := range authors - 5 {
		a := sh.new(t, sh.author, "name", fmt.Sprint("more ", n))
		if err := a.Set("posts", []any{sh.new(t, sh.post, "title", "x")}); err != nil {
			t.Fatal(err)
		}
		if err := s.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	sent := 0
	defer sh.engine.Events.BeforeCursorExecute.Listen(func(*engine.Connection, *engine.CursorExecution) error { sent++; return nil })()
	for _, c := range []struct {
		lazy string
		want int
	}{{"joined", 1}, {"subquery", 2}, {"selectin", 1 + 3}, {"select", 1 + authors}, {"immediate", 1 + authors}} {
		for range 2 { // the plan is made, and found
			sent = 0
			s := sh.session()
			q := core.NewSelect(sh.author.Clause()).Change(func(n *core.Select) { n.Notes = []core.Keyed{option(c.lazy, attr(sh.author.Entity(), "posts"))} })
			r, err := s.Execute(q, orm.ExecuteArgs{})
			if err != nil {
				t.Fatal(err)
			}
			rows, err := r.Unique(nil).All()
			if err != nil || len(rows) != authors {
				t.Fatal(len(rows), err)
			}
			for _, row := range rows {
				if _, err := posts(row.At(0).(*orm.Instance)); err != nil {
					t.Fatal(err)
				}
			}
			if sent != c.want {
				t.Errorf("%s: %d statements, not %d", c.lazy, sent, c.want)
			}
			_ = s.Close()
		}
	}
}
