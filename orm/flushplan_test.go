package orm_test

import (
	"fmt"
	"strings"
	"testing"

	"alchemysh/orm"
)

func plan(t *testing.T, s *orm.Session) string {
	t.Helper()
	steps, err := s.FlushPlan()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, st := range steps {
		out = append(out, fmt.Sprintf("%s %s %d", st.Verb, st.Table.Name, st.Rows))
	}
	return strings.Join(out, ", ")
}

// TestFlushPlan looks at what a flush would send, and at the lazy loads that a
// session tells of.
func TestFlushPlan(t *testing.T) {
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
	ann, err := author.Construct([]orm.Named{{Key: "name", Value: "ann"}})
	must(err)
	one, err := post.Construct([]orm.Named{{Key: "title", Value: "one"}, {Key: "author", Value: ann}})
	must(err)
	must(s.Add(ann))
	want := func(text string) {
		t.Helper()
		for range 2 { // asking changes nothing
			if got := plan(t, s); got != text {
				t.Errorf("got %q, want %q", got, text)
			}
		}
	}
	want("INSERT author 1, INSERT post 1")
	if !one.Pending() {
		t.Error("planning a flush flushed")
	}
	must(s.Commit())
	want("")
	loads := 0
	s.LazyLoad = func(*orm.Relationship, *orm.Instance) { loads++ }
	if _, err := ann.Get("posts"); err != nil || loads != 1 {
		t.Errorf("%d lazy loads, %v", loads, err)
	}
	must(ann.Set("name", "anna"))
	want("UPDATE author 1")
	must(one.Set("author", nil))
	want("UPDATE author 1, UPDATE post 1")
	must(s.Delete(one))
	want("UPDATE author 1, DELETE post 1")
	must(s.Rollback())
	_, err = ann.Get("posts")
	must(err)
	must(s.Delete(ann))
	want("UPDATE post 1, DELETE author 1")
}
