package orm_test

import (
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"

	"alchemysh/core"
	"alchemysh/orm"
)

// model is what the rows should be: the names of authors, the titles of posts
// and whose they are.
type model struct {
	authors map[*orm.Instance]string
	titles  map[*orm.Instance]string
	of      map[*orm.Instance]*orm.Instance
}

func (m model) clone() model {
	return model{maps.Clone(m.authors), maps.Clone(m.titles), maps.Clone(m.of)}
}

// rows are the posts with their authors' names, and the authors.
func (m model) rows() []string {
	var out []string
	for a := range m.authors {
		out = append(out, "author "+m.authors[a])
	}
	for p, title := range m.titles {
		out = append(out, fmt.Sprintf("post %s by %q", title, m.authors[m.of[p]]))
	}
	slices.Sort(out)
	return out
}

// TestModel runs random sequences of session operations and compares the
// database with a simple model after every flush.
func TestModel(t *testing.T) {
	for seed := range int64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { runModel(t, rand.New(rand.NewSource(seed)), 120) })
	}
}

func runModel(t *testing.T, r *rand.Rand, steps int) {
	author, post, s, err := blog()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	m := model{map[*orm.Instance]string{}, map[*orm.Instance]string{}, map[*orm.Instance]*orm.Instance{}}
	saved := m.clone()
	pick := func(of map[*orm.Instance]string) *orm.Instance {
		// in the order of their names, so that a seed gives one sequence
		list := slices.SortedFunc(maps.Keys(of), func(a, b *orm.Instance) int { return compareText(of[a], of[b]) })
		if len(list) == 0 {
			return nil
		}
		return list[r.Intn(len(list))]
	}
	query := func(table *core.Table, columns ...string) [][]any {
		q := &core.Select{}
		for _, name := range columns {
			c, _ := table.Columns().Get(name)
			q.Raw = append(q.Raw, c)
		}
		res, err := s.Execute(q, orm.ExecuteArgs{})
		must(err)
		all, err := res.All()
		must(err)
		var out [][]any
		for _, row := range all {
			out = append(out, row.Values())
		}
		return out
	}
	compare := func(step string) {
		t.Helper()
		must(s.Flush())
		names, got := map[any]string{}, []string{}
		for _, row := range query(author.Table(), "id", "name") {
			names[row[0]] = row[1].(string)
			got = append(got, "author "+row[1].(string))
		}
		for _, row := range query(post.Table(), "title", "author_id") {
			got = append(got, fmt.Sprintf("post %s by %q", row[0], names[row[1]]))
		}
		slices.Sort(got)
		if want := m.rows(); !slices.Equal(got, want) {
			t.Fatalf("after %s: the database has\n%v\nthe model\n%v", step, got, want)
		}
	}
	for n := range steps {
		a, p := pick(m.authors), pick(m.titles)
		name := fmt.Sprintf("n%04d", n)
		switch k := r.Intn(14); {
		case k < 2:
			x, err := author.Construct([]orm.Named{{Key: "name", Value: name}})
			must(err)
			must(s.Add(x))
			m.authors[x] = name
		case k < 4:
			x, err := post.Construct([]orm.Named{{Key: "title", Value: name}})
			must(err)
			if a != nil {
				must(x.Set("author", a))
			}
			must(s.Add(x))
			m.titles[x], m.of[x] = name, a
		case k == 4 && a != nil:
			must(a.Set("name", name))
			m.authors[a] = name
		case k == 5 && p != nil:
			must(p.Set("title", name))
			m.titles[p] = name
		case k == 6 && p != nil && a != nil:
			must(p.Set("author", a))
			m.of[p] = a
		case k == 7 && p != nil && a != nil && m.of[p] != a:
			v, err := a.Get("posts")
			must(err)
			must(v.(*orm.Collection).Append(p))
			m.of[p] = a
		case k == 8 && p != nil && m.of[p] != nil:
			v, err := m.of[p].Get("posts")
			must(err)
			must(v.(*orm.Collection).Remove(p))
			m.of[p] = nil
		case k == 9 && p != nil && p.Persistent():
			must(s.Delete(p))
			must(s.Flush())
			delete(m.titles, p)
			delete(m.of, p)
		case k == 10 && a != nil && a.Persistent():
			must(s.Flush()) // an object that was just given to a deleted one keeps its key
			must(s.Delete(a))
			must(s.Flush())
			delete(m.authors, a)
			for x, of := range m.of {
				if of == a {
					m.of[x] = nil
				}
			}
			must(s.ExpireAll()) // as SQLAlchemy's, collections do not follow the rows by themselves
		case k == 11:
			must(s.Flush())
			must(s.ExpireAll())
		case k == 12:
			must(s.Commit())
			saved = m.clone()
		case k == 13 && r.Intn(2) == 0:
			must(s.Rollback())
			m = saved.clone()
		}
		if n%5 == 0 {
			compare(fmt.Sprintf("step %d", n))
		}
	}
	must(s.Commit())
	compare("the end")
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
